"""Which rows and periods are meant: each of a range, the start and now, a year beside its own half; and what only looks like it."""

# ruff: noqa: E501
# One case a line.
from __future__ import annotations

import pytest
from grounded_words import assert_read, assert_told, grounding_over

from t2sql.catalog import Catalog
from t2sql.grounding import Grounding

COURSES = """
total assets and net assets, year-end 2023 through 2025 | year, total_assets, net_assets WHERE year BETWEEN '2023' AND '2025'
AUM from February to May 2026 | month, aum WHERE month BETWEEN '2026-02' AND '2026-05'
2024年到2025年的贷款余额 | year, loan_balance WHERE year BETWEEN '2024' AND '2025'
impairment 2023-2025 | year, impairment_loss WHERE year BETWEEN '2023' AND '2025'
impairment 2023-2025 in total | impairment_loss WHERE year BETWEEN '2023' AND '2025'
total operating income over the last five quarters | operating_income WHERE quarter BETWEEN '2025-Q2' AND '2026-Q2'
loans by quarter since begin of 2025 | quarter, loan_balance WHERE quarter BETWEEN '2025-Q1' AND '2026-Q2'
"""
THEN_AND_NOW = """
loans at the start of the year | loan_balance WHERE month = '2025-12'
overdue ratio at the beginning of 2026 | overdue_ratio WHERE month = '2025-12'
AUM in September and now | month, aum WHERE month IN ('2026-06', '2025-09')
provision coverage at year-end and now | month, provision_coverage WHERE month IN ('2026-06', '2025-12')
overdue ratio now against end March | month, overdue_ratio WHERE month IN ('2026-06', '2026-03')
现在和年初的贷款余额 | month, loan_balance WHERE month IN ('2026-06', '2025-12')
AUM at December and June with the change | aum, aum - vs_year_start_diff(aum) AS year_start_aum, vs_year_start_diff(aum) WHERE month = '2026-06'
"""
APART = """
2024年和2024年上半年手续费收入 | year AS period_shown, fee_income WHERE year = '2024' UNION ALL SELECT half AS period_shown, fee_income WHERE half = '2024-H1'
fee income in 2024, and in its second half | year AS period_shown, fee_income WHERE year = '2024' UNION ALL SELECT half AS period_shown, fee_income WHERE half = '2024-H2'
"""
ORDERED = """
Which region has the smallest gap between deposits and loans? | region, deposit_balance - loan_balance ORDER BY ABS(deposit_balance - loan_balance) LIMIT 1
regions ranked by AUM, with growth since year end | region, aum, vs_year_start_diff(aum) ORDER BY aum DESC
three worst industries for NPL ratio, counting only credit (unsecured) loans | industry, npl_ratio WHERE collateral = '信用' ORDER BY npl_ratio DESC LIMIT 3
regions where provisions come to less than 150% of NPLs | region, provision_coverage WHERE provision_coverage < 1.5
"""
TOLD = """
Fees dipped in April. Fee income by month in 2026
balances at the start and end of May, deposits
loans at the beginning of the quarter
月初存款余额
card spend at the start of the year
NIM in May: rolling 12 months beside the single month
今年上半年手续费收入，去年呢
overdue ratio gone from below 3% to above 3%, by branch
each product line's share of loans, per region
loans for the top 4 regions over the last 5 months
monthly average card spend, 2025 against 2024
Which region's card spend per customer is the highest
Who is the largest depositor in each region?
the month with the lowest card spend in each year
provision coverage among secured loans
average loans across regions
how much of the deposits are foreign currency at each region, in percent
deposits per branch and segment
"""


@pytest.fixture(scope="module")
def grounding(catalog: Catalog) -> Grounding:
    return grounding_over(catalog, (), ("collateral", "channel", "segment"))


@pytest.mark.parametrize("line", (COURSES + THEN_AND_NOW + APART + ORDERED).replace("\n\n", "\n").strip().splitlines())
def test_the_rows_meant_are_read(grounding: Grounding, catalog: Catalog, line: str) -> None:
    assert_read(grounding, catalog, line)


@pytest.mark.parametrize("text", TOLD.strip().splitlines())
def test_rows_that_nobody_asked_for_are_told(grounding: Grounding, catalog: Catalog, text: str) -> None:
    assert_told(grounding, catalog, text)
