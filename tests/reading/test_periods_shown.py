"""Which periods are shown, and how: by each, the best of them, the best of each group, or against the latest figure."""

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

BY_EACH = """
Operating income, last six quarters | quarter, operating_income WHERE quarter BETWEEN '2025-Q1' AND '2026-Q2'
fee income for the past two years | year, fee_income WHERE year BETWEEN '2024' AND '2025'
这三年的手续费收入 | year, fee_income WHERE year BETWEEN '2023' AND '2025'
这两个季度拨备覆盖率 | quarter, provision_coverage WHERE quarter BETWEEN '2026-Q1' AND '2026-Q2'
近六个季度营业收入 | quarter, operating_income WHERE quarter BETWEEN '2025-Q1' AND '2026-Q2'
最近五个季度手续费收入的走势 | quarter, fee_income WHERE quarter BETWEEN '2025-Q2' AND '2026-Q2'
trend in operating income over the past five quarters | quarter, operating_income WHERE quarter BETWEEN '2025-Q2' AND '2026-Q2'
provision coverage 2023 to 2025 | year, provision_coverage WHERE year BETWEEN '2023' AND '2025'
deposits at year end 2023 through 2025 | year, deposit_balance WHERE year BETWEEN '2023' AND '2025'
month-on-month change in deposits for the last six months | month, mom_diff(deposit_balance) WHERE month BETWEEN '2026-01' AND '2026-06'
quarter on quarter deposit growth in 2025 | quarter, qoq(deposit_balance) WHERE year = '2025'
operating expense in each of the last two years | year, operating_expense WHERE year BETWEEN '2024' AND '2025'
"""
IN_ONE = """
total operating income over the last six quarters | operating_income WHERE quarter BETWEEN '2025-Q1' AND '2026-Q2'
How much fee income did we book in the last two years? | fee_income WHERE month BETWEEN '2024-07' AND '2026-06'
近六个季度营业收入合计 | operating_income WHERE quarter BETWEEN '2025-Q1' AND '2026-Q2'
operating income for the last four quarters by branch | branch, operating_income WHERE quarter BETWEEN '2025-Q3' AND '2026-Q2'
card spend over the last nine months | card_spend WHERE month BETWEEN '2025-10' AND '2026-06'
"""
BEST = """
Our strongest quarter of 2025 for fee income | quarter, fee_income WHERE year = '2025' ORDER BY fee_income DESC LIMIT 1
worst two months this year for new customers | month, new_customers WHERE year = '2026' ORDER BY new_customers LIMIT 2
When, in which quarter, did fee income peak last year? | quarter, fee_income WHERE year = '2025' ORDER BY fee_income DESC LIMIT 1
2025年手续费收入最高的两个月 | month, fee_income WHERE year = '2025' ORDER BY fee_income DESC LIMIT 2
the best month of 2025 for each region by card spend | month, region, card_spend WHERE year = '2025' QUALIFY ROW_NUMBER() OVER (PARTITION BY region ORDER BY card_spend DESC) <= 1
2025年各分行手续费收入最高的季度 | quarter, branch, fee_income WHERE year = '2025' QUALIFY ROW_NUMBER() OVER (PARTITION BY branch ORDER BY fee_income DESC) <= 1
top two branches each quarter by fee income in 2025 | quarter, branch, fee_income WHERE year = '2025' QUALIFY ROW_NUMBER() OVER (PARTITION BY quarter ORDER BY fee_income DESC) <= 2
"""
AGAINST = """
How many more customers do we have than at the end of last year? | vs_year_start_diff(customers)
贷款余额比3月末增加了多少 | qoq_diff(loan_balance) WHERE quarter = '2026-Q2'
不良贷款余额和3月末相比 | month, npl_balance WHERE month IN ('2026-06', '2026-03')
fee income Q1 against Q1 the year before | fee_income, prior_year(fee_income) WHERE quarter = '2026-Q1'
deposit growth in Q1 2026 by branch | branch, qoq(deposit_balance) WHERE quarter = '2026-Q1'
change in loan balance over the last three months | qoq_diff(loan_balance) WHERE quarter = '2026-Q2'
"""
TOLD = """
card spend from April 2026 | from
card spend in the first week of May | first week
刷卡金额比4月多了多少 | 比
"""


def _rows(table: str) -> list[tuple[str, ...]]:
    return [tuple(part.strip() for part in line.split(" | ")) for line in table.strip().splitlines()]


@pytest.fixture(scope="module")
def grounding(catalog: Catalog) -> Grounding:
    return Grounding(catalog, ValueIndex.build([]), NameIndex.build(catalog), lambda text: [])


def _made(text: str, grounding: Grounding, catalog: Catalog) -> tuple[str, str]:
    """The first reading without its frame, and the words that it does not use."""
    context = grounding.ground(Question(text, "hq", date(2026, 7, 10), "en"), date(2026, 6, 30))
    first = next(iter(readings(context, catalog)))
    left = leftovers(context, first.semantic_sql, catalog)
    return first.semantic_sql.removeprefix("SELECT ").replace(" FROM bank", "", 1), " ".join(left)


@pytest.mark.parametrize(("text", "expected"), _rows(BY_EACH + IN_ONE.lstrip() + BEST.lstrip() + AGAINST.lstrip()))
def test_periods_are_shown_as_asked(text: str, expected: str, grounding: Grounding, catalog: Catalog) -> None:
    assert _made(text, grounding, catalog) == (expected, "")


@pytest.mark.parametrize(("text", "word"), _rows(TOLD))
def test_a_side_of_a_period_is_told_back(text: str, word: str, grounding: Grounding, catalog: Catalog) -> None:
    context = grounding.ground(Question(text, "hq", date(2026, 7, 10), "en"), date(2026, 6, 30))
    assert word in context.ungrounded
