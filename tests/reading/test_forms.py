"""Words that want an answer of a certain form are told where no reading has it, and say nothing where one has."""

# ruff: noqa: E501
# One case a line.
from __future__ import annotations

import pytest
from grounded_words import assert_read, assert_told, ground, grounding_over

from t2sql.catalog import Catalog
from t2sql.grounding import Grounding
from t2sql.reading.changes import says_change
from t2sql.reading.combined import says_combined
from t2sql.reading.leftovers import leftovers
from t2sql.reading.readings import readings

NAMED = (
    ("branch", "上海分行", "Shanghai branch"),
    ("branch", "北京分行", "Beijing branch"),
    ("branch", "杭州分行", "Hangzhou branch"),
    ("region", "总行", "head office"),
    ("region", "华东区", "East China"),
)
TOLD = """
first five branches alphabetically and their loans
按名称排序的前五家分行及贷款余额
card spend by day of week
6月每周末的信用卡消费，星期几最多
how far is Shanghai branch's NPL ratio from the bank-wide figure
存款日均和时点差多少
top corporate client in each region by loans at end Q1
net interest income growth by quarter, 2025
loan increase by month in H1 2026
new loan rate by branch, simple mean across branches
branches ranked in top 5 for both loans and deposits
customers by how long they have been with us
year to date new loans as against the whole of last year
Rank the regions by operating income for the first half of 2026, head office included
各区域营业收入排名，总行也包括在内，上半年
上半年新放贷款里小微占多少
the ratio of time to demand deposits at June end
NPLs recovered this year
loan balance sold in Q2
不良贷款户数前五的支行
Average loan balance over the first half of 2026, and next to it the closing balance at 30 June
Shanghai branch minus Beijing branch deposits
上海分行减北京分行的存款余额
What proportion of card spend is dining, by region?
share of wealth in AUM by segment
NPL ratio in March with the change since December
NPL ratio by region again, but this time by the region that manages the loan, not the one that books it
Top five branches at end June by the loans they manage, not the ones they book
Of the loans originated in 2024, how much is still outstanding at end June 2026 and at what NPL ratio?
Loans versus a quarter ago, all regions please, as at end June
Which branches granted less in new loans in Q2 than in the same quarter last year?
2025全年手续费及佣金收入多少、支出多少、户均又多少
二季度存款的日均、月均和季末时点余额各是多少
Provision coverage below 150% in any quarter of 2025: which branches?
2025年任何一个季度拨备覆盖率低于150%的分行有哪些
Net interest margin less the bank-wide one for each region in H1
6月末存款比年初下降但贷款上升的分行有哪些
For each branch at end June, two columns: the loan balance it books and the loan balance it manages
"""
READ = """
各分行2026年6月末存款同比和不良率同比 | branch, yoy(deposit_balance), yoy_diff(npl_ratio) WHERE month = '2026-06'
2026年6月末存款余额及同比，不良率及同比 | deposit_balance, yoy(deposit_balance), npl_ratio, yoy_diff(npl_ratio) WHERE month = '2026-06'
2026年6月末各区域贷款同比、不良率 | region, yoy(loan_balance), npl_ratio WHERE month = '2026-06'
Loan balance and its change since year start, deposits and their change since year start, end June 2026 | loan_balance, vs_year_start_diff(loan_balance), deposit_balance, vs_year_start_diff(deposit_balance) WHERE month = '2026-06'
2026年6月末较年初，贷款余额增加同时不良率也上升的分行 | branch, vs_year_start_diff(loan_balance), vs_year_start_diff(npl_ratio) WHERE month = '2026-06' AND vs_year_start_diff(loan_balance) > 0 AND vs_year_start_diff(npl_ratio) > 0
Which branches had deposits fall but loans rise since year-end, as of June 2026? | branch, vs_year_start_diff(deposit_balance), vs_year_start_diff(loan_balance) WHERE month = '2026-06' AND vs_year_start_diff(deposit_balance) < 0 AND vs_year_start_diff(loan_balance) > 0
Which branches' loans and deposits both fell since the start of the year, as of June 2026? | branch, vs_year_start_diff(loan_balance), vs_year_start_diff(deposit_balance) WHERE month = '2026-06' AND vs_year_start_diff(loan_balance) < 0 AND vs_year_start_diff(deposit_balance) < 0
Which regions had loans up and NPL ratio down year on year at end June 2026? | region, yoy(loan_balance), yoy_diff(npl_ratio) WHERE month = '2026-06' AND yoy(loan_balance) > 0 AND yoy_diff(npl_ratio) < 0
2026年6月末不良率、逾期率和关注率各是多少 | npl_ratio, overdue_ratio, special_mention_ratio WHERE month = '2026-06'
上海分行贷款是杭州分行的几倍 | loan_balance / (SELECT loan_balance WHERE branch = '杭州分行') AS multiple WHERE branch = '上海分行'
2026年6月北京分行的存款余额比上海分行少多少 | deposit_balance - (SELECT deposit_balance WHERE month = '2026-06' AND branch = '北京分行') AS gap WHERE month = '2026-06' AND branch = '上海分行'
2026年6月末存款是贷款的几倍 | deposit_balance / loan_balance AS multiple WHERE month = '2026-06'
loans managed by Shanghai branch at end June 2026, per booking branch | branch, loan_balance WHERE month = '2026-06' AND managing_branch = '上海分行'
How much do we have in overdue loans, and how much in NPLs at end June 2026? | overdue_balance, npl_balance WHERE month = '2026-06'
weighted average rate on new loans, per month in 2025 | month, new_loan_rate WHERE year = '2025'
2026年二季度放款额同比少了的分行 | branch, yoy_diff(new_loans) WHERE quarter = '2026-Q2' AND yoy_diff(new_loans) < 0
NPL ratio of East China compared with a year ago, June 2026 | npl_ratio, yoy_diff(npl_ratio) WHERE month = '2026-06' AND region = '华东区'
highest NPL ratio by branch, top 3 | branch, npl_ratio ORDER BY npl_ratio DESC LIMIT 3
各区域营业收入排名，上半年 | region, operating_income WHERE half = '2026-H1' ORDER BY operating_income DESC
loan balance by branch, every region except East China | branch, loan_balance WHERE region <> '华东区'
wealth balance at each half-year end from mid 2024 on | half, wealth_balance WHERE half BETWEEN '2024-H1' AND '2026-H1'
理财余额，2024年末以来每季末 | quarter, wealth_balance WHERE quarter BETWEEN '2024-Q4' AND '2026-Q2'
Branches with a worse NPL ratio than the bank as a whole at year-end 2025 | branch, npl_ratio WHERE month = '2025-12' AND npl_ratio > (SELECT npl_ratio WHERE month = '2025-12')
NPL ratio at end June by the region that manages the loan - not the one that books it | managing_region, npl_ratio WHERE month = '2026-06'
loans at end June that Shanghai branch manages but another branch books | loan_balance WHERE month = '2026-06' AND managing_branch = '上海分行' AND branch <> '上海分行'
Wealth balance, YE25 versus YE24 | year, wealth_balance WHERE year IN ('2025', '2024')
loan balance held by corporate customers | loan_balance WHERE customer_type = '对公'
Regions ranked by CASA ratio as of end June, best one first | region, casa_ratio WHERE month = '2026-06' ORDER BY casa_ratio DESC
按管理行口径，6月末贷款余额前五名的分行 | managing_branch, loan_balance WHERE month = '2026-06' ORDER BY loan_balance DESC LIMIT 5
Deposit mix at last year-end, demand versus time, as a percentage of the total | deposit_term, share(deposit_balance) WHERE month = '2025-12' AND deposit_term IN ('活期', '定期')
"""

TWO_ASKED = """
净利润2025年和2024年各是多少，差多少 | net_profit, prior_year(net_profit), yoy_diff(net_profit) WHERE year = '2025'
Net profit 2025 against 2024: both numbers and the gap | net_profit, prior_year(net_profit), yoy_diff(net_profit) WHERE year = '2025'
What was the net interest margin for 2025, and how many percentage points lower than the year before? | nim, yoy_diff(nim) WHERE year = '2025'
2025年新开客户多少户，销户多少户，净增多少 | new_customers, churned_customers, new_customers - churned_customers WHERE year = '2025'
How many customers did we gain in 2025, how many did we lose, and what is the net? | new_customers, churned_customers, new_customers - churned_customers WHERE year = '2025'
"""


@pytest.fixture(scope="module")
def grounding(catalog: Catalog) -> Grounding:
    coded = ("segment", "customer_type", "merchant_category", "product_line", "deposit_term")
    return grounding_over(catalog, NAMED, coded)


@pytest.mark.parametrize("text", TOLD.strip().splitlines())
def test_a_form_that_no_reading_has_is_told(grounding: Grounding, catalog: Catalog, text: str) -> None:
    assert_told(grounding, catalog, text)


@pytest.mark.parametrize("line", READ.strip().splitlines())
def test_what_has_its_form_is_read(grounding: Grounding, catalog: Catalog, line: str) -> None:
    assert_read(grounding, catalog, line)


@pytest.mark.parametrize("line", TWO_ASKED.strip().splitlines())
def test_a_value_and_how_it_differs_are_both_shown(grounding: Grounding, catalog: Catalog, line: str) -> None:
    text, expected = line.split(" | ")
    context = ground(grounding, text)
    first = readings(context, catalog)[0].semantic_sql
    assert first.removeprefix("SELECT ").replace(f" FROM {catalog.name}", "") == expected
    assert leftovers(context, first, catalog) == ()
    assert all(says_change(word, first) or says_combined(word, first) for word in context.ungrounded)


def test_the_part_is_what_stands_within(grounding: Grounding, catalog: Catalog) -> None:
    assert_read(
        grounding,
        catalog,
        "上海分行在华东区贷款余额中的份额 | share(loan_balance, branch) WHERE branch = '上海分行' AND region = '华东区'",
    )


def test_a_base_is_told_though_a_metrics_name_joins_two(grounding: Grounding, catalog: Catalog) -> None:
    assert_read(
        grounding,
        catalog,
        "二季度手续费及佣金净收入环比一季度增长百分之几 | qoq(net_fee_income) WHERE quarter = '2026-Q2'",
    )


@pytest.mark.parametrize(
    "line",
    (
        "Counting from the highest, where does Hangzhou branch rank on NPL ratio at end June? | branch, npl_ratio, rank(npl_ratio) WHERE month = '2026-06' AND branch = '杭州分行'",
        "loan balance per borrower at every quarter end from Q4 2024 up to now | quarter, loan_per_customer WHERE quarter BETWEEN '2024-Q4' AND '2026-Q2'",
        "Impairment loss for the first six months of this year against the same six months last year | impairment_loss, yoy(impairment_loss) WHERE month BETWEEN '2026-01' AND '2026-06'",
        "二季度比一季度少发了多少贷款，哪个分行少得最多 | branch, qoq_diff(new_loans) WHERE quarter = '2026-Q2' ORDER BY qoq_diff(new_loans) LIMIT 1",
    ),
)
def test_what_is_set_against_something_is_read(grounding: Grounding, catalog: Catalog, line: str) -> None:
    assert_read(grounding, catalog, line)


def test_which_grew_faster_is_said_by_two_rates() -> None:
    shown = "SELECT yoy(retail_deposit_balance), yoy(corporate_deposit_balance) FROM bank WHERE month = '2026-06'"
    assert says_change("faster", shown) and says_change("哪个涨得快", shown)
    assert not says_change("faster", "SELECT yoy(deposit_balance) FROM bank WHERE month = '2026-06'")


def test_a_point_is_one_hundredth(grounding: Grounding) -> None:
    context = ground(grounding, "branches with NPL ratios at least 1 point higher than a year ago")
    assert [q.value for q in context.quantities if q.kind == "threshold"] == [0.01]
