"""How a change is told: in percent, in yuan, in points, beside its base; and the periods that it is read over."""

# ruff: noqa: E501
# One case a line.
from __future__ import annotations

from datetime import date

import pytest

from t2sql.catalog import Catalog
from t2sql.flow import Question
from t2sql.grounding import Grounding, NameIndex, ValueIndex
from t2sql.reading.leftovers import leftovers
from t2sql.reading.readings import readings
from t2sql.screening.refusing import refuse_text

IN_PERCENT = """
By what percentage have deposits grown over the twelve months to 30 June 2026? | yoy(deposit_balance) WHERE month = '2026-06'
By how many percent did net interest income rise in H1 2026 on H1 2025? | yoy(net_interest_income) WHERE half = '2026-H1'
By what percent has deposit balance increased since the start of the year? | vs_year_start(deposit_balance)
By what percentage has the secured loan balance grown since the end of 2025? | vs_year_start(secured_loan_balance) WHERE month = '2026-06'
By what percentage has the loan balance expanded since 31 December 2025? | vs_year_start(loan_balance) WHERE month = '2026-06'
New loans in June 2026, up how many percent on May? | mom(new_loans) WHERE month = '2026-06'
Operating expense in Q1 2026 and how does that compare in % with Q1 2025 | operating_expense, yoy(operating_expense) WHERE quarter = '2026-Q1'
今年上半年净利润跟去年上半年比，增长百分之几 | yoy(net_profit) WHERE half = '2026-H1'
近一年贷款余额增加了百分之几 | yoy(loan_balance) WHERE month = '2026-06'
"""
IN_BOTH = """
Operating income for Q2 2026: by how much is it up on the first quarter, in yuan and in percent? | qoq_diff(operating_income), qoq(operating_income) WHERE quarter = '2026-Q2'
Year-on-year change in deposits at June 2026, both in amount and in percent | yoy_diff(deposit_balance), yoy(deposit_balance) WHERE month = '2026-06'
How much has the NPL balance gone up on last quarter, in yuan and percent? | qoq_diff(npl_balance), qoq(npl_balance)
6月新发放贷款额比5月多了多少，多了百分之几 | mom_diff(new_loans), mom(new_loans) WHERE month = '2026-06'
6月末贷款比年初增长了多少，增长百分之多少 | vs_year_start_diff(loan_balance), vs_year_start(loan_balance) WHERE month = '2026-06'
"""
IN_POINTS = """
Change in NPL ratio by branch vs a year ago, in percentage points, Dec 2025 | branch, yoy_diff(npl_ratio) WHERE month = '2025-12'
By how many percentage points did the cost-to-income ratio move in 2025 year on year? | yoy_diff(cost_to_income) WHERE year = '2025'
How has provision coverage moved in percentage points since year-end? | vs_year_start_diff(provision_coverage)
Has the share of secured loans risen or fallen over the twelve months to June 2026? | yoy_diff(secured_loan_ratio) WHERE month = '2026-06'
"""
BESIDE_ITS_BASE = """
Operating expense by region in H1 2026 next to H1 2025, with the growth rate | region, operating_expense, prior_year(operating_expense), yoy(operating_expense) WHERE half = '2026-H1'
Retail deposits: June 2026, June 2025 and the percentage change | retail_deposit_balance, prior_year(retail_deposit_balance), yoy(retail_deposit_balance) WHERE month = '2026-06'
Interest expense in Q2 2026, same quarter last year, and the growth rate | interest_expense, prior_year(interest_expense), yoy(interest_expense) WHERE quarter = '2026-Q2'
2026年上半年营业收入、去年同期数及增速，分区域 | region, operating_income, prior_year(operating_income), yoy(operating_income) WHERE half = '2026-H1'
2025年各季度营业收入，附季度环比 | quarter, operating_income, qoq(operating_income) WHERE year = '2025'
"""
STEEPEST = """
Which branch has seen the steepest rise in NPL ratio since the start of the year? | branch, vs_year_start_diff(npl_ratio) ORDER BY vs_year_start_diff(npl_ratio) DESC LIMIT 1
Which region has the fastest loan growth year on year at June 2026? | region, yoy(loan_balance) WHERE month = '2026-06' ORDER BY yoy(loan_balance) DESC LIMIT 1
which three branches had the biggest percentage fall in deposits on the month in June 2026 | branch, mom(deposit_balance) WHERE month = '2026-06' ORDER BY mom(deposit_balance) LIMIT 3
"""
OVER = """
Fee expense between 1 Oct 2025 and 31 Mar 2026 | fee_expense WHERE month BETWEEN '2025-10' AND '2026-03'
2025年10月1日至2026年3月31日手续费支出 | fee_expense WHERE month BETWEEN '2025-10' AND '2026-03'
cost-to-income ratio in the 2025 financial year | cost_to_income WHERE year = '2025'
operating income, financial year ended 31 December 2025 | operating_income WHERE year = '2025'
NPL ratio at the last three year-ends | year, npl_ratio WHERE year IN ('2023', '2024', '2025')
loan balance at the last four quarter-ends | quarter, loan_balance WHERE quarter IN ('2025-Q3', '2025-Q4', '2026-Q1', '2026-Q2')
Retail deposits: change since year-end 2025 | vs_year_start_diff(retail_deposit_balance) WHERE month = '2026-06'
Monthly-average deposits (mean of month-ends) in H1 2026 | deposit_balance_avg WHERE half = '2026-H1'
截至5月末，滚动12个月累计新发放贷款 | new_loans_rolling_year WHERE month = '2026-05'
截至3月底，近12个月累计净利润 | net_profit WHERE month BETWEEN '2025-04' AND '2026-03'
二季度手续费净收入环比增加多少万元 | prev_diff(net_fee_income) WHERE quarter = '2026-Q2'
"""
PART_AND_RATIO = """
2026年上半年业务及管理费花了多少，占营业收入多少 | operating_expense, cost_to_income WHERE half = '2026-H1'
2025年手续费净收入占营业收入的比重是多少 | fee_income_share WHERE year = '2025'
"""
TOLD = """
对公存款6月末比5月末多了几个百分点 | 个百分点
retail deposits rose by how many basis points from May to June 2026 | basis points
"""
OF_TODAY = """
The CFO will be asked on the call: NPL ratio at June 2026
I will be presenting this: loan balance by region, June 2026
I'm going to be asked what deposits were at the end of 2025
For the stress-test file: NPL ratio by branch at March 2026
our forecast model needs interest income by quarter 2025
压力测试要用：3月末各分行不良率
"""
AHEAD = """
What will deposits be at the end of 2026?
Where will our NPL ratio be by December?
The CEO will ask what the NPL ratio will be next quarter
run a stress test on the loan book
forecast file: predict deposits for December 2026
帮我做存款压力测试
"""


def _rows(table: str) -> list[tuple[str, ...]]:
    return [tuple(part.strip() for part in line.split(" | ")) for line in table.strip().splitlines()]


def _lines(table: str) -> list[str]:
    return table.strip().splitlines()


@pytest.fixture(scope="module")
def grounding(catalog: Catalog) -> Grounding:
    return Grounding(catalog, ValueIndex.build([]), NameIndex.build(catalog), lambda text: [])


def _made(text: str, grounding: Grounding, catalog: Catalog) -> tuple[str, str]:
    """The first reading without its frame, and the words that it does not use."""
    context = grounding.ground(Question(text, "hq", date(2026, 7, 10), "en"), date(2026, 6, 30))
    first = next(iter(readings(context, catalog)))
    return first.semantic_sql.removeprefix("SELECT ").replace(" FROM bank", "", 1), " ".join(
        leftovers(context, first.semantic_sql, catalog)
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    _rows(IN_PERCENT + IN_BOTH.lstrip() + IN_POINTS.lstrip() + BESIDE_ITS_BASE.lstrip() + STEEPEST.lstrip()),
)
def test_a_change_is_told_as_it_is_asked(text: str, expected: str, grounding: Grounding, catalog: Catalog) -> None:
    assert _made(text, grounding, catalog) == (expected, "")


@pytest.mark.parametrize(("text", "expected"), _rows(OVER + PART_AND_RATIO.lstrip()))
def test_the_period_is_the_one_said(text: str, expected: str, grounding: Grounding, catalog: Catalog) -> None:
    assert _made(text, grounding, catalog) == (expected, "")


@pytest.mark.parametrize(("text", "told"), _rows(TOLD))
def test_an_amount_has_no_points(text: str, told: str, grounding: Grounding, catalog: Catalog) -> None:
    assert told in _made(text, grounding, catalog)[1]


@pytest.mark.parametrize("text", _lines(OF_TODAY))
def test_who_will_be_asked_forecasts_nothing(text: str, catalog: Catalog) -> None:
    assert refuse_text(Question(text, "hq", date(2026, 7, 10), "en"), {}, catalog) is None


@pytest.mark.parametrize("text", _lines(AHEAD))
def test_what_is_still_to_come_is_refused(text: str, catalog: Catalog) -> None:
    assert refuse_text(Question(text, "hq", date(2026, 7, 10), "en"), {}, catalog) is not None
