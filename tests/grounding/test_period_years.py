"""Which year a part of a year is of, what only says a range again, dates with two figures for the year, and sides told back."""

# ruff: noqa: E501
# One case a line.
from __future__ import annotations

from datetime import date

import pytest

from t2sql.grounding.time.grain_words import find_grain_words
from t2sql.grounding.time.periods import find_periods
from t2sql.grounding.time.unread_sides import unread_sides
from t2sql.grounding.words.text import fold

YEARS = """
write-offs at end May against end December last year | 2026-05 2025-12
overdue loans, 31 May versus 31 December 2025 | 2026-05-31 2025-12-31
card spend in February vs November last year | 2026-02 2025-11
fee income Q1 vs Q2 last year | 2025-Q1 2025-Q2
net profit H1 compared with H2 last year | 2025-H1 2025-H2
provisions at end April and end April 2025 | 2026-04 2025-04
guarantees in January and August last year | 2025-01 2025-08
5月末与去年12月末的逾期率 | 2026-05 2025-12
二季度对比去年三季度的手续费收入 | 2026-Q2 2025-Q3
4月末比11月末的存款 | 2026-04 2025-11
Q3 vs Q2 2026, new lending | 2025-Q3 2026-Q2
deposits in November, February and May | 2025-11 2026-02 2026-05
fees Feb-Apr 2025 vs Feb-Apr 2026 | 2025-02..2025-04 2026-02..2026-04
from August last year to May this year | 2025-08..2026-05
1 April this year and last | 2026-04-01 2025-04-01
the last two quarters of 2024 | 2024-07..2024-12
final three months of last year | 2025-10..2025-12
2024年最后两个月 | 2024-11..2024-12
new loans 7M 2025 | 2025-01..2025-07
customers won, Feb-May | 2026-02..2026-05
deposits at half-year end 2024 | 2024-06
fee income to date | 2026-01..2026-06
fee income 2024 to date | 2024-01..2026-06
fee income through April | 2026-01..2026-04
card spend starting February 2026 | 2026-02..2026-06
deposits two months back | 2026-05
贷款比2月末多了多少 | 2026-06 2026-02
loan book versus end April | 2026-06 2026-04
拨贷比 2025年9月末 | 2025-09
fee income for the quarter just gone | 2026-Q2
deposits in the last full month | 2026-06
fee income in the nine months to end-May | 2025-09..2026-05
card spend for quarter three of 2024 | 2024-Q3
card spend in '24 | 2024
loan book at the turn of the year | 2025-12
"""
DATES = """
deposits as at 30 Apr 26, all branches | 2026-04
as of 28/02/25 | 2025-02
30.04.26 balances | 2026-04-30
04/30/26 | 2026-04-30
截至25.09.30 | 2025-09
from 01/02/2026 to 28/02/2026 | 2026-02-01..2026-02-28
15-04-2026 | 2026-04-15
30 Sep 25 and 31 Mar 26 | 2025-09-30 2026-03-31
Q1 26 vs Q1 25 | 2026-Q1 2025-Q1
COB 31 May | 2026-05-31
03/04/26 |
"""
AGAIN = """
2025年2月到2026年1月，这一年里的新增客户
2025年4月至2025年9月这半年净利润
2025年二季度到三季度这两个季度的投放
between Feb 2025 and Jan 2026, over those twelve months
May 2025 to April 2026 (12 months), fee income
Jan to Mar 2026, both months inclusive
"""
NOT_AGAIN = """
2025年4月至2025年9月这三个月净利润
2025年4月到2026年6月一年期存款
Jan to June 2026 year on year
"""
SIDES = """
fee income from March 2026 | from
fee income up to March 2025 | up to
fee income every March since 2023 | every
spend in the second week of May | second week
5月上半月刷卡金额 | 上半月
刷卡金额比3月多了多少 | 比
"""
NO_SIDES = """
deposits from last month
fee charges that went through in April 2026
fee income from March to May 2026
up to May this year
"""
GRAINS = """
strongest quarter of 2025 for fees | quarter
worst three months of the year | month
去年投放最多的月份 | month
quarter-wise deposits | quarter
each of the past five years | year
trend over the last six quarters | quarter
2024年一季度到2026年一季度的走势 | quarter
deposits at half-year ends | half
quarter-end balances for 2025 | quarter
best branch this year |
highest month-end balance |
"""


def _rows(block: str) -> list[tuple[str, str]]:
    return [
        (text.strip(), said.strip()) for text, _, said in (line.partition("|") for line in block.strip().splitlines())
    ]


def _periods(text: str) -> str:
    found = find_periods(text, date(2026, 7, 10), date(2026, 6, 30))
    return " ".join(p.first if p.first == p.last else f"{p.first}..{p.last}" for p in found)


@pytest.mark.parametrize(("text", "expected"), _rows(YEARS + DATES.lstrip()))
def test_a_part_is_of_the_year_that_is_meant(text: str, expected: str) -> None:
    assert _periods(text) == expected


@pytest.mark.parametrize("text", AGAIN.strip().splitlines())
def test_a_length_after_its_own_range_belongs_to_it(text: str) -> None:
    (period,) = find_periods(text, date(2026, 7, 10), date(2026, 6, 30))
    said = text[period.span.start : period.span.end]
    assert any(word in said for word in ("年里", "半年", "两个季度", "twelve months", "12 months)", "inclusive"))


@pytest.mark.parametrize("text", NOT_AGAIN.strip().splitlines())
def test_another_length_stays_outside(text: str) -> None:
    period = find_periods(text, date(2026, 7, 10), date(2026, 6, 30))[0]
    said = text[period.span.start : period.span.end]
    assert not any(word in said for word in ("三个月", "一年", "year"))


@pytest.mark.parametrize(("text", "word"), _rows(SIDES))
def test_a_side_that_is_not_read_is_told(text: str, word: str) -> None:
    assert word in unread_sides(fold(text), find_periods(text, date(2026, 7, 10), date(2026, 6, 30)))


@pytest.mark.parametrize("text", NO_SIDES.strip().splitlines())
def test_a_period_that_is_whole_has_no_side(text: str) -> None:
    assert unread_sides(fold(text), find_periods(text, date(2026, 7, 10), date(2026, 6, 30))) == ()


@pytest.mark.parametrize(("text", "grain"), _rows(GRAINS))
def test_which_of_the_periods_is_a_row_each(text: str, grain: str) -> None:
    assert " ".join(word.grain for word in find_grain_words(fold(text).text)) == grain
