"""A question's readings as semantic SQL: orders, changes, shares, thresholds, and what is asked of the few."""

# ruff: noqa: E501
# One case a line.
from __future__ import annotations

from datetime import date

import pytest

from t2sql.catalog import Catalog
from t2sql.flow import Question
from t2sql.grounding import Grounding, NameIndex, ValueEntry, ValueIndex
from t2sql.reading.composing import Reading
from t2sql.reading.leftovers import leftovers
from t2sql.reading.readings import readings

NAMED = (
    ("branch", "上海分行", "Shanghai Branch"),
    ("branch", "苏州分行", "Suzhou Branch"),
    ("city", "上海", "Shanghai"),
    ("city", "苏州", "Suzhou"),
    ("region", "华东区", "East China"),
    ("region", "总行", "Head Office"),
    ("branch", "总行", "Head Office"),
)
CODED = ("industry", "segment", "customer_type", "product", "product_line", "product_type", "currency", "rate_type",
         "collateral", "merchant_category", "loan_term_band", "deposit_term")  # fmt: skip

CASES = """
理财及代销保有量有多少户 | wealth_customers
哪几家分行的不良率高于全行水平？ | branch, npl_ratio WHERE npl_ratio > (SELECT npl_ratio)
branches whose NPL ratio was below the bank average at the end of 2025 | branch, npl_ratio WHERE month = '2025-12' AND npl_ratio < (SELECT npl_ratio WHERE month = '2025-12')
现有贷款里明年到期的余额多大 | loan_balance WHERE year(matures_on) = '2027'
loans maturing in 2027 by branch | branch, loan_balance WHERE year(matures_on) = '2027'
2020年以前开户的客户的存款余额 | deposit_balance WHERE year(customer_opened_on) < '2020'
今年发放了多少贷款 | new_loans WHERE year = '2026'
每个区域贷款余额最高的分行 | region, branch, loan_balance QUALIFY ROW_NUMBER() OVER (PARTITION BY region ORDER BY loan_balance DESC) <= 1
top three branches in each region by deposits | branch, region, deposit_balance QUALIFY ROW_NUMBER() OVER (PARTITION BY region ORDER BY deposit_balance DESC) <= 3
各分行不良率最低的两个产品 | branch, product, npl_ratio QUALIFY ROW_NUMBER() OVER (PARTITION BY branch ORDER BY npl_ratio) <= 2
6月新发放贷款额比5月多放了多少钱 | mom_diff(new_loans) WHERE month = '2026-06'
2023年末和2024年末的存款余额 | year, deposit_balance WHERE year IN ('2023', '2024')
最近四个季末的不良贷款余额 | quarter, npl_balance WHERE quarter IN ('2025-Q3', '2025-Q4', '2026-Q1', '2026-Q2')
贷款余额按担保方式分，余额和占比 | collateral, loan_balance, share(loan_balance)
NPL ratio by region together with its change on the same quarter a year earlier | region, npl_ratio, yoy_diff(npl_ratio)
各币种的存款余额，连同环比增速 | currency, deposit_balance, mom(deposit_balance)
各分行净利润外加同比 | branch, net_profit, yoy(net_profit)
Loans, deposits and LDR per region at last year-end | region, loan_balance, deposit_balance, loan_to_deposit WHERE month = '2025-12'
各大区五级分类的贷款余额 | region, risk_class, loan_balance
逾期率同比上升超过20bp的分行 | branch, yoy_diff(overdue_ratio) WHERE yoy_diff(overdue_ratio) > 0.002
Rank the regions by deposit balance, largest first | region, deposit_balance ORDER BY deposit_balance DESC
各分行不良率排名 | branch, npl_ratio ORDER BY npl_ratio DESC
各分行存款余额从低到高 | branch, deposit_balance ORDER BY deposit_balance
List branches by NPL ratio in descending order | branch, npl_ratio ORDER BY npl_ratio DESC
不良率最高的三个分行 | branch, npl_ratio ORDER BY npl_ratio DESC LIMIT 3
各分行不良率第几名 | branch, npl_ratio, rank(npl_ratio)
6月末存款余额比5月末多了多少 | mom_diff(deposit_balance) WHERE month = '2026-06'
increase in loan balance from Q1 2026 to Q2 2026 | qoq_diff(loan_balance) WHERE quarter = '2026-Q2'
2025年净利润比2024年增加了多少 | yoy_diff(net_profit) WHERE year = '2025'
今年6月末存款比去年12月末增加多少 | vs_year_start_diff(deposit_balance) WHERE month = '2026-06'
By how much did card spend rise in June against May? | mom_diff(card_spend) WHERE month = '2026-06'
Change in provision coverage since the start of the year | vs_year_start_diff(provision_coverage)
今年存款增长最多的五家支行 | sub_branch, vs_year_start_diff(deposit_balance) WHERE year = '2026' ORDER BY vs_year_start_diff(deposit_balance) DESC LIMIT 5
较年初不良率下降最多的三个行业 | industry, vs_year_start_diff(npl_ratio) ORDER BY vs_year_start_diff(npl_ratio) LIMIT 3
不良率较年初上升的分行 | branch, vs_year_start_diff(npl_ratio) WHERE vs_year_start_diff(npl_ratio) > 0
loans at the end of June 2026 versus end of 2025 | month, loan_balance WHERE month IN ('2026-06', '2025-12')
loan interest received in Q2, percentage change on the previous quarter | qoq(loan_interest_received) WHERE quarter = '2026-Q2'
苏州分行的贷款里，固定利率的占多少 | share(loan_balance, rate_type) WHERE branch = '苏州分行' AND rate_type = '固定'
mortgages as a percentage of all loans in Suzhou Branch | share(loan_balance, product) WHERE product = '个人住房贷款' AND branch = '苏州分行'
what percentage of card spend in June went on travel | share(card_spend, merchant_category) WHERE month = '2026-06' AND merchant_category = '出行'
华东区贷款占全行贷款的比例 | share(loan_balance, region) WHERE region = '华东区'
华东区贷款余额，各分行占比 | branch, share(loan_balance) WHERE region = '华东区'
share of USD deposits in total deposits | share(deposit_balance, currency) WHERE currency = 'USD'
美元存款折成人民币是多少 | deposit_balance WHERE currency = 'USD'
人民币存款余额 | deposit_balance WHERE currency = 'CNY'
total deposits in RMB | deposit_balance
RMB deposits by branch | branch, deposit_balance WHERE currency = 'CNY'
branches with loan balance over CNY 100 million | branch, loan_balance WHERE loan_balance > 100000000
Ratio of 90+ days overdue loans to NPLs, by region | region, overdue_90_to_npl
新增客户数超过100户的分行和它们的新增客户数 | branch, new_customers WHERE new_customers > 100
不良率最低的5家分行的拨备覆盖率 | branch, provision_coverage ORDER BY npl_ratio LIMIT 5
top 5 branches by loan balance and their NPL ratio | branch, loan_balance, npl_ratio ORDER BY loan_balance DESC LIMIT 5
贷款余额超过1亿元且不良率低于1%的分行 | branch, loan_balance, npl_ratio WHERE loan_balance > 100000000 AND npl_ratio < 0.01
贷款期限各档的笔数和余额 | loan_term_band, loan_count, loan_balance
balance of our floating-rate mortgages | loan_balance WHERE rate_type = '浮动' AND product = '个人住房贷款'
how many active platinum cards | active_cards WHERE product = '白金卡'
前十大贷款客户 | customer_no, customer_name, loan_balance ORDER BY loan_balance DESC LIMIT 10
Ten biggest corporate customers by deposits | customer_no, customer_name, deposit_balance WHERE customer_type = '对公' ORDER BY deposit_balance DESC LIMIT 10
NPL ratio of real estate borrowers | npl_ratio WHERE industry = '房地产业'
credit limit usage per card product | product, card_limit_usage
截至6月末存贷款余额 | deposit_balance, loan_balance WHERE month = '2026-06'
不量率超过2%的分行 | branch, npl_ratio WHERE npl_ratio > 0.02
存款余颌 | deposit_balance
retail depsoits | retail_deposit_balance
不良贷款余额、不良率以及拨备复盖率 | npl_balance, npl_ratio, provision_coverage
Loan growth rate year on year by region | region, yoy(loan_balance)
quarterly NIM since the beginning of 2025 | quarter, nim WHERE quarter BETWEEN '2025-Q1' AND '2026-Q2'
上海、苏州两家分行的存款余额 | branch, deposit_balance WHERE branch IN ('上海分行', '苏州分行')
除总行外各区域的成本收入比 | region, cost_to_income WHERE region <> '总行'
Which customers hold more than 50 million yuan in deposits? | customer_no, customer_name, deposit_balance WHERE deposit_balance > 50000000
Compare retail and corporate deposits | retail_deposit_balance, corporate_deposit_balance
活期和定期存款 | demand_deposit_balance, time_deposit_balance
二季度末与一季度末相比，各分行不良率的变化 | branch, qoq_diff(npl_ratio) WHERE quarter = '2026-Q2'
customers by segment | segment, customers
this year's net profit in Q1 | net_profit WHERE quarter = '2026-Q1'
哪个贷款产品余额最大 | product, loan_balance ORDER BY loan_balance DESC LIMIT 1
每个存款产品的余额 | product, deposit_balance
3个贷款产品余额最大的 | product, loan_balance ORDER BY loan_balance DESC LIMIT 3
个贷余额 | loan_balance WHERE product_type = '个人贷款'
5个不良率最高的分行 | branch, npl_ratio ORDER BY npl_ratio DESC LIMIT 5
两个存款最少的区域 | region, deposit_balance ORDER BY deposit_balance LIMIT 2
three branches with the lowest deposits | branch, deposit_balance ORDER BY deposit_balance LIMIT 3
不良率最低的前三名分行 | branch, npl_ratio ORDER BY npl_ratio LIMIT 3
top 3 branches with the lowest NPL ratio | branch, npl_ratio ORDER BY npl_ratio LIMIT 3
branches with fewer than 300 customers | branch, customers WHERE customers < 300
which branches have over 1000 customers | branch, customers WHERE customers > 1000
branches with more than 500 loans | branch, loan_count WHERE loan_count > 500
2025年净利润是负的分行有哪些 | branch, net_profit WHERE year = '2025' AND net_profit < 0
哪些分行亏损 | branch, net_profit WHERE net_profit < 0
which branches made a loss in 2025 | branch, net_profit WHERE year = '2025' AND net_profit < 0
哪些分行存款余额同比下降 | branch, yoy(deposit_balance) WHERE yoy(deposit_balance) < 0
which branches' deposits declined year on year | branch, yoy(deposit_balance) WHERE yoy(deposit_balance) < 0
存款余额第二大的分行 | branch, deposit_balance WHERE rank(deposit_balance) = 2
the third largest branch by deposits | branch, deposit_balance WHERE rank(deposit_balance) = 3
苏州分行存款排名 | branch, deposit_balance, rank(deposit_balance) WHERE branch = '苏州分行'
苏州分行不良率排第几 | branch, npl_ratio, rank(npl_ratio) WHERE branch = '苏州分行'
各行业贷款余额，按不良率从高到低 | industry, loan_balance, npl_ratio ORDER BY npl_ratio DESC
Loan balance by region sorted by NPL ratio | region, loan_balance, npl_ratio ORDER BY npl_ratio DESC
各分行贷款余额和不良率，按贷款余额排序 | branch, loan_balance, npl_ratio ORDER BY loan_balance DESC
2025年发了多少贷款 | new_loans WHERE year = '2025'
2025年放了多少款 | new_loans WHERE year = '2025'
how much did we lend in 2025 | new_loans WHERE year = '2025'
how many loans did we grant in 2025 | new_loan_count WHERE year = '2025'
贷款多少笔 | loan_count
how many loans do we have | loan_count
中长期贷款余额 | loan_balance WHERE loan_term_band IN ('1-5年', '5年以上')
按管理分行口径，各分行贷款余额 | managing_branch, loan_balance
管理分行口径下苏州分行的贷款余额 | loan_balance WHERE managing_branch = '苏州分行'
近三年各年手续费收入 | year, fee_income WHERE year BETWEEN '2023' AND '2025'
不良率低于1%且存款超过10亿元的分行 | branch, npl_ratio, deposit_balance WHERE npl_ratio < 0.01 AND deposit_balance > 1000000000
每户平均贷款余额 | loan_per_customer
存款最多的3个支行和它们的不良率 | sub_branch, deposit_balance, npl_ratio ORDER BY deposit_balance DESC LIMIT 3
各分行净利润是正还是负 | branch, net_profit
"""


# What no reading does is told: words -> what is asked back.
UNDONE = """
What share of each region's deposits are retail deposits | share of each deposits are retail deposits
不良率连续三个月上升的分行 | 连续三个月上升
2025年12个月存款余额加起来是多少 | 加起来
2025年各月贷款余额合计 | 合计
2025年一季度和二季度净利润合计 | 合计
贷款余额的中位数 | 中位数
人均存款 | 人均
存款余额翻倍的分行 | 翻倍
贷款余额不是最大的分行 | 不是最大
倒数第二的分行不良率 | 倒数第二
没有不良贷款的分行 | 没有
存款比苏州分行多的分行 | 比 多的分行
branches with more deposits than Suzhou Branch | than
存款余额最高和最低的分行 | 最高
highest and lowest NPL ratio by branch | highest
两年期存款余额 | 两年 两年期
average NPL ratio by branch | average
NPL ratio for three consecutive quarters | for three consecutive
哪个存款最多 | 最多
存款余额下降的分行 | 下降
不良率高于2%或逾期率高于3%的分行 | 或
branches with NPL ratio above 2% or overdue ratio above 3% | or
贷款余额前10%的客户 | 10%
个人客户和对公客户各有多少，存款各多少 | 存款各多少
"""


@pytest.fixture(scope="module")
def grounding(catalog: Catalog) -> Grounding:
    entries = [ValueEntry(dimension, value, (alias,)) for dimension, value, alias in NAMED]
    for name in CODED:
        aliases = catalog.field_of(catalog.dimensions[name]).aliases
        entries += [ValueEntry(name, value, tuple(others)) for value, others in aliases.items()]
    entries.append(ValueEntry("product", "白金卡", ("platinum card", "platinum cards")))
    return Grounding(catalog, ValueIndex.build(entries), NameIndex.build(catalog), lambda text: [])


def read(grounding: Grounding, catalog: Catalog, text: str) -> list[Reading]:
    context = grounding.ground(Question(text, "hq", date(2026, 7, 10), "zh"), date(2026, 6, 30))
    assert context.ungrounded == ()
    return readings(context, catalog)


@pytest.mark.parametrize("line", CASES.strip().splitlines())
def test_the_likeliest_reading_is_what_was_asked(grounding: Grounding, catalog: Catalog, line: str) -> None:
    text, _, expected = line.partition(" | ")
    first = [r.semantic_sql for r in read(grounding, catalog, text) if r.rank == 0]
    said = [sql.removeprefix("SELECT ").replace(f" FROM {catalog.name}", "") for sql in first]
    assert said == [expected]


def test_one_place_has_one_reading(grounding: Grounding, catalog: Catalog) -> None:
    found = read(grounding, catalog, "除总行外各区域的成本收入比")
    assert ["region <> '总行'" in r.semantic_sql for r in found] == [True]


@pytest.mark.parametrize("line", UNDONE.strip().splitlines())
def test_what_no_reading_uses_is_told(grounding: Grounding, catalog: Catalog, line: str) -> None:
    text, _, expected = line.partition(" | ")
    context = grounding.ground(Question(text, "hq", date(2026, 7, 10), "zh"), date(2026, 6, 30))
    left = [leftovers(context, r.semantic_sql, catalog) for r in readings(context, catalog) if r.rank == 0]
    assert " ".join(context.ungrounded) == expected or [" ".join(words) for words in left] == [expected]
