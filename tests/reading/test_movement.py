"""Rising, falling and moving: who did, who did the most, in which direction; and words of it that nothing may pass over."""

# ruff: noqa: E501
# One case a line.
from __future__ import annotations

import pytest
from grounded_words import assert_read, assert_told, grounding_over

from t2sql.catalog import Catalog
from t2sql.grounding import Grounding

READ = """
which branches saw loan balances shrink in Q2 2026 | branch, qoq_diff(loan_balance) WHERE quarter = '2026-Q2' AND qoq_diff(loan_balance) < 0
regions with rising deposits in 2025 | region, vs_year_start_diff(deposit_balance) WHERE year = '2025' AND vs_year_start_diff(deposit_balance) > 0
which industries got their overdue ratio down, i.e. improved it, in Q1 2026 | industry, qoq_diff(overdue_ratio) WHERE quarter = '2026-Q1' AND qoq_diff(overdue_ratio) < 0
which regions improved their provision coverage this year | region, vs_year_start_diff(provision_coverage) WHERE year = '2026' AND vs_year_start_diff(provision_coverage) > 0
哪些行业一季度贷款减少了 | industry, qoq_diff(loan_balance) WHERE quarter = '2026-Q1' AND qoq_diff(loan_balance) < 0
今年逾期率下降的分行 | branch, vs_year_start_diff(overdue_ratio) WHERE year = '2026' AND vs_year_start_diff(overdue_ratio) < 0
Which region reduced its overdue ratio the most in Q1 2026? | region, qoq_diff(overdue_ratio) WHERE quarter = '2026-Q1' ORDER BY qoq_diff(overdue_ratio) LIMIT 1
most improved region by overdue ratio this year | region, vs_year_start_diff(overdue_ratio) WHERE year = '2026' ORDER BY vs_year_start_diff(overdue_ratio) LIMIT 1
which branch's provision coverage deteriorated the most this year | branch, vs_year_start_diff(provision_coverage) WHERE year = '2026' ORDER BY vs_year_start_diff(provision_coverage) LIMIT 1
Which industry's loans moved the most in Q2 2026 | industry, qoq_diff(loan_balance) WHERE quarter = '2026-Q2' ORDER BY ABS(qoq_diff(loan_balance)) DESC LIMIT 1
一季度存款变动最大的两个区域 | region, qoq_diff(deposit_balance) WHERE quarter = '2026-Q1' ORDER BY ABS(qoq_diff(deposit_balance)) DESC LIMIT 2
regions where lending grew by more than 4% this year | region, vs_year_start(loan_balance) WHERE year = '2026' AND vs_year_start(loan_balance) > 0.04
loan balance, up or down since June last year | yoy_diff(loan_balance) WHERE month = '2026-06'
"""
TOLD = """
deposits that walked in Q1 2026
which segments bled deposits this year
average monthly movement in loans
which branches had over a fifth of the growth in loans
Is the overdue ratio deteriorating?
which branches lost loans but gained deposits in Q2 2026
各分行存款萎缩情况
存款流出最多的分行
"""
SHARES = """
how has each region's share of deposits moved since the start of the year | region, vs_year_start_diff(share(deposit_balance))
各区域贷款占比较年初变化 | region, vs_year_start_diff(share(loan_balance))
share of loans by collateral against a year ago | collateral, share(loan_balance), yoy_diff(share(loan_balance))
which region's share of deposits fell the most this year | region, vs_year_start_diff(share(deposit_balance)) WHERE year = '2026' ORDER BY vs_year_start_diff(share(deposit_balance)) LIMIT 1
industries holding more than 12% of loans | industry, share(loan_balance) WHERE share(loan_balance) > 0.12
card spend mix, % of each channel | channel, share(card_spend)
"""
SET_AGAINST = """
AUM now versus a year ago | aum, yoy(aum)
overdue ratio compared with the start of the year by region | region, overdue_ratio, vs_year_start_diff(overdue_ratio)
贷款余额与去年同期相比 | loan_balance, yoy(loan_balance)
存款同比 | yoy(deposit_balance)
growth of loans and deposits on a year ago | yoy(loan_balance), yoy(deposit_balance)
How much has AUM grown since the start of the year, in percent? | vs_year_start(aum)
6月存款环比增长多少（%） | mom(deposit_balance) WHERE month = '2026-06'
"""


@pytest.fixture(scope="module")
def grounding(catalog: Catalog) -> Grounding:
    return grounding_over(catalog, (), ("collateral", "channel", "segment"))


@pytest.mark.parametrize(
    "line", [*READ.strip().splitlines(), *SHARES.strip().splitlines(), *SET_AGAINST.strip().splitlines()]
)
def test_a_movement_is_read(grounding: Grounding, catalog: Catalog, line: str) -> None:
    assert_read(grounding, catalog, line)


@pytest.mark.parametrize("text", TOLD.strip().splitlines())
def test_a_movement_that_no_reading_shows_is_told(grounding: Grounding, catalog: Catalog, text: str) -> None:
    assert_told(grounding, catalog, text)
