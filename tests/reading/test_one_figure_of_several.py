"""One figure made of several, rows that are counted, members that are listed, and what a reading must account for."""

# ruff: noqa: E501
# One case a line.
from __future__ import annotations

import pytest
from grounded_words import assert_told, ground, grounding_over

from t2sql.catalog import Catalog
from t2sql.grounding import Grounding
from t2sql.reading.changes import says_change
from t2sql.reading.combined import says_combined
from t2sql.reading.leftovers import leftovers
from t2sql.reading.readings import readings

READ = """
比2023年末，存款增加了多少 | WITH earlier AS (SELECT deposit_balance FROM bank WHERE month = '2023-12'), later AS (SELECT deposit_balance FROM bank WHERE month = '2026-06') SELECT later.deposit_balance - earlier.deposit_balance AS change_of_deposit_balance FROM later CROSS JOIN earlier
各分行贷款余额2026年6月末比2023年末增加了多少 | WITH earlier AS (SELECT branch, loan_balance FROM bank WHERE month = '2023-12'), later AS (SELECT branch, loan_balance FROM bank WHERE month = '2026-06') SELECT later.branch, later.loan_balance - earlier.loan_balance AS change_of_loan_balance FROM later LEFT JOIN earlier ON later.branch = earlier.branch
Net interest margin for 2025 and for H1 2026 | SELECT year AS period_shown, nim FROM bank WHERE year = '2025' UNION ALL SELECT half AS period_shown, nim FROM bank WHERE half = '2026-H1'
2024年、2025年和2026年上半年的净利润分别是多少 | SELECT year AS period_shown, net_profit FROM bank WHERE year = '2024' UNION ALL SELECT year AS period_shown, net_profit FROM bank WHERE year = '2025' UNION ALL SELECT half AS period_shown, net_profit FROM bank WHERE half = '2026-H1'
贷款超过5亿的分行有多少家 | WITH counted AS (SELECT branch, loan_balance FROM bank WHERE loan_balance > 500000000) SELECT COUNT(*) AS count_of_branch FROM counted
How many regions have a loan-to-deposit ratio below 70%? | WITH counted AS (SELECT region, loan_to_deposit FROM bank WHERE loan_to_deposit < 0.7) SELECT COUNT(*) AS count_of_region FROM counted
存款较年初下降的分行有几家 | WITH counted AS (SELECT branch, vs_year_start_diff(deposit_balance) FROM bank WHERE vs_year_start_diff(deposit_balance) < 0) SELECT COUNT(*) AS count_of_branch FROM counted
How many branches saw card spend rise year on year in 2025? | WITH counted AS (SELECT branch, yoy(card_spend) FROM bank WHERE year = '2025' AND yoy(card_spend) > 0) SELECT COUNT(*) AS count_of_branch FROM counted
How many branches in each region have an NPL ratio above 3%? | WITH counted AS (SELECT branch, region, npl_ratio FROM bank WHERE npl_ratio > 0.03) SELECT region, COUNT(*) AS count_of_branch FROM counted GROUP BY region
各区域关注类贷款占比同比变化了几个百分点 | SELECT region, yoy_diff(special_mention_ratio) FROM bank
贷款最多的三个行业加起来有多少 | WITH listed AS (SELECT industry, loan_balance FROM bank ORDER BY loan_balance DESC LIMIT 3) SELECT SUM(loan_balance) AS total_loan_balance FROM listed
the top four branches by deposits combined | WITH listed AS (SELECT branch, deposit_balance FROM bank ORDER BY deposit_balance DESC LIMIT 4) SELECT SUM(deposit_balance) AS total_deposit_balance FROM listed
存款前三的分行一共有多少存款 | WITH listed AS (SELECT branch, deposit_balance FROM bank ORDER BY deposit_balance DESC LIMIT 3) SELECT SUM(deposit_balance) AS total_deposit_balance FROM listed
the total deposits of the top five branches | WITH listed AS (SELECT branch, deposit_balance FROM bank ORDER BY deposit_balance DESC LIMIT 5) SELECT SUM(deposit_balance) AS total_deposit_balance FROM listed
Top 5 branches by total deposits | SELECT branch, deposit_balance FROM bank ORDER BY deposit_balance DESC LIMIT 5
Which three regions have the largest total loans? | SELECT region, loan_balance FROM bank ORDER BY loan_balance DESC LIMIT 3
各分行存款减去贷款是多少 | SELECT branch, deposit_balance - loan_balance FROM bank
the gap between deposits and loans at the end of 2025 | SELECT deposit_balance - loan_balance FROM bank WHERE month = '2025-12'
2026年6月末逾期贷款比2023年末多了多少 | WITH earlier AS (SELECT overdue_balance FROM bank WHERE month = '2023-12'), later AS (SELECT overdue_balance FROM bank WHERE month = '2026-06') SELECT later.overdue_balance - earlier.overdue_balance AS change_of_overdue_balance FROM later CROSS JOIN earlier
By how much did each region's deposits grow from December 2023 to June 2026? | WITH earlier AS (SELECT region, deposit_balance FROM bank WHERE month = '2023-12'), later AS (SELECT region, deposit_balance FROM bank WHERE month = '2026-06') SELECT later.region, later.deposit_balance - earlier.deposit_balance AS change_of_deposit_balance FROM later LEFT JOIN earlier ON later.region = earlier.region
贷款余额现在多少？比年初增加了多少？ | SELECT loan_balance, vs_year_start_diff(loan_balance) FROM bank
2025年四季度手续费收入环比增速和同比增速 | SELECT qoq(fee_income), yoy(fee_income) FROM bank WHERE quarter = '2025-Q4'
存款余额较年初增加了多少，增幅多少 | SELECT vs_year_start_diff(deposit_balance), vs_year_start(deposit_balance) FROM bank
各分行存款、贷款的同比增速 | SELECT branch, yoy(deposit_balance), yoy(loan_balance) FROM bank
AUM同比增速及户均AUM | SELECT yoy(aum), aum_per_customer FROM bank
operating expense for 2025 and how it grew vs 2024 | SELECT operating_expense, yoy(operating_expense) FROM bank WHERE year = '2025'
贷款客户数跟户均贷款 | SELECT loan_customers, loan_per_customer FROM bank
by region: deposit customers, deposits per customer, deposits | SELECT region, deposit_customers, deposit_per_customer, deposit_balance FROM bank
华东区有哪些分行 | SELECT branch FROM bank WHERE region = '华东区'
What regions do we have? | SELECT region FROM bank
2025年哪些月份的净息差高于全年水平 | SELECT month, nim FROM bank WHERE year = '2025' AND nim > (SELECT nim FROM bank WHERE year = '2025')
"""
TOLD = """
how many loans still carry a balance
固定利率新发放贷款不良率
贷款客户有多少不良率
不良率超过2%吗
存款最多的三家分行的平均不良率
2025年手续费收入环比增速
存款合计最高的三家分行
不良率超过1%的分行有几家，分别是哪些
How many industries in each region have an NPL ratio above 3%?
"""
NAMED = (("region", "华东区", "East China"), ("branch", "上海分行", "Shanghai Branch"))
CODED = ("industry", "segment", "customer_type", "product", "currency", "rate_type", "collateral", "loan_term_band")


@pytest.fixture(scope="module")
def grounding(catalog: Catalog) -> Grounding:
    return grounding_over(catalog, NAMED, CODED)


@pytest.mark.parametrize("line", READ.strip().splitlines())
def test_it_is_read_as_one_figure(grounding: Grounding, catalog: Catalog, line: str) -> None:
    text, _, expected = line.partition(" | ")
    context = ground(grounding, text)
    first = readings(context, catalog)[0]
    assert first.semantic_sql == expected
    assert leftovers(context, expected, catalog) == ()
    assert [
        word for word in context.ungrounded if not says_combined(word, expected) and not says_change(word, expected)
    ] == []


@pytest.mark.parametrize("text", TOLD.strip().splitlines())
def test_what_a_reading_cannot_account_for_is_told(grounding: Grounding, catalog: Catalog, text: str) -> None:
    assert_told(grounding, catalog, text)


@pytest.mark.parametrize(
    ("word", "sql", "is_said"),
    [
        ("加起来", "WITH listed AS (SELECT branch, x FROM bank) SELECT SUM(x) AS total_x FROM listed", True),
        ("加起来", "SELECT branch, x FROM bank", False),
        ("差额", "SELECT a - b FROM bank", True),
        ("差额", "SELECT a, b FROM bank", False),
        ("金融", "SELECT a - b FROM bank", False),
    ],
)
def test_a_word_is_said_only_by_sql_that_does_it(word: str, sql: str, *, is_said: bool) -> None:
    assert says_combined(word, sql) is is_said
