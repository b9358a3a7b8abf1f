"""Period literals and calendar arithmetic."""

from __future__ import annotations

import doctest
import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from t2sql.catalog import GRAINS, Grain
from t2sql.compiler.calendar import annual, periods, readings, time_conditions
from t2sql.compiler.calendar.periods import (
    MONTHS_IN,
    add_months,
    is_coarser,
    month_end,
    period_of,
    periods_between,
    read_literal,
    whole_period,
)
from t2sql.compiler.words import conditions
from t2sql.errors import QueryError

DAYS = st.dates(date(1950, 1, 1), date(2900, 12, 31))


@pytest.mark.parametrize(
    ("text", "grain", "first", "last"),
    [
        ("2024", "year", "2024-01-01", "2024-12-31"),
        ("2024-H1", "half", "2024-01-01", "2024-06-30"),
        ("2024-H2", "half", "2024-07-01", "2024-12-31"),
        ("2024-Q1", "quarter", "2024-01-01", "2024-03-31"),
        ("2024-Q4", "quarter", "2024-10-01", "2024-12-31"),
        ("2024-02", "month", "2024-02-01", "2024-02-29"),
        ("2023-02", "month", "2023-02-01", "2023-02-28"),
        ("2024-02-29", "day", "2024-02-29", "2024-02-29"),
        ("2024-W01", "week", "2024-01-01", "2024-01-07"),
        ("2020-W53", "week", "2020-12-28", "2021-01-03"),
        ("2026-W01", "week", "2025-12-29", "2026-01-04"),
        (" 2024-12 ", "month", "2024-12-01", "2024-12-31"),
    ],
)
def test_a_literal(text: str, grain: str, first: str, last: str) -> None:
    """Its grain, and both ends."""
    period = read_literal(text)
    assert (period.grain, period.first.isoformat(), period.last.isoformat()) == (grain, first, last)
    assert period.label == text.strip()


@pytest.mark.parametrize(
    "text",
    "2024-13 2024-00 2024-H3 2024-Q0 2024-Q5 2024-W00 2024-W53 2024-02-30 24-12 2024/12 202412 2024-1 2024-w07 2024-q2 "
    "2024-12-31T00:00 0000 1800 9999 ２０２４ 去年 2024年 '' -2024 2024-12-".split(),
)
def test_no_literal(text: str) -> None:
    """Anything else is refused in words, never by a crash."""
    with pytest.raises(QueryError, match="is not a period"):
        read_literal(text)


@pytest.mark.parametrize(
    ("text", "start", "first", "last"),
    [
        ("FY2024", 1, "2024-01-01", "2024-12-31"),
        ("FY2024", 4, "2023-04-01", "2024-03-31"),
        ("FY2024", 7, "2023-07-01", "2024-06-30"),
        ("FY2024-H2", 4, "2023-10-01", "2024-03-31"),
        ("FY2024-Q1", 4, "2023-04-01", "2023-06-30"),
        ("FY2024-Q4", 12, "2024-09-01", "2024-11-30"),
        ("FY2024-Q1", 2, "2023-02-01", "2023-04-30"),
        ("FY2024-07", 1, "2024-07-01", "2024-07-31"),
    ],
)
def test_a_fiscal_literal(text: str, start: int, first: str, last: str) -> None:
    """Named by the calendar year in which its year ends."""
    period = read_literal(text, start)
    assert (period.first.isoformat(), period.last.isoformat(), period.label) == (first, last, text)
    assert whole_period(period.first, period.last, start) is not None


@pytest.mark.parametrize("text", ["FY2024-W07", "FY2024-12-31", "FY2024-07"])
def test_a_fiscal_year_has_quarters_and_halves_alone(text: str) -> None:
    """Which July would FY2024-07 be?"""
    with pytest.raises(QueryError, match="weeks, months and days are the calendar's"):
        read_literal(text, 4)


@given(DAYS, st.integers(1, 12), st.sampled_from(["", "-H1", "-H2", "-Q1", "-Q2", "-Q3", "-Q4"]))
def test_fiscal_parts_fill_their_year(day: date, start: int, part: str) -> None:
    """Quarters and halves lie in their year, and the year has the right length."""
    year = read_literal(f"FY{day.year}", start)
    inside = read_literal(f"FY{day.year}{part}", start)
    assert year.first <= inside.first and inside.last <= year.last
    assert (year.first.month, year.last.year) == (start, day.year)
    assert add_months(year.first, 12) == year.last + timedelta(days=1)


@given(DAYS, st.sampled_from(GRAINS))
def test_a_period_holds_its_day_and_reads_back(day: date, grain: Grain) -> None:
    """The label of a day's period is the literal of that period."""
    period = period_of(day, grain)
    assert period.first <= day <= period.last
    assert read_literal(period.label) == period
    assert whole_period(period.first, period.last) == period or grain == "day"


@given(DAYS, st.integers(0, 900), st.sampled_from(GRAINS))
def test_periods_follow_one_another(first: date, days: int, grain: Grain) -> None:
    """No day between them is left out or counted twice."""
    last = first + timedelta(days=days)
    found = list(periods_between(first, last, grain))
    assert found[0].first <= first and found[-1].last >= last
    assert all(b.first == a.last + timedelta(days=1) for a, b in itertools.pairwise(found))


@given(DAYS, st.integers(-40, 40))
def test_month_ends_stay_month_ends(day: date, months: int) -> None:
    """The end of February stands for the end of any month."""
    moved = add_months(month_end(day), months)
    assert moved == month_end(moved)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months


@given(DAYS, st.integers(-40, 40))
def test_a_day_keeps_its_number_where_it_can(day: date, months: int) -> None:
    """The 31st becomes the 30th, and nothing becomes the month after."""
    moved = add_months(day, months)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day == day.day or moved == month_end(moved)


@pytest.mark.parametrize(
    ("grain", "than", "is_so"),
    [("year", "half", True), ("quarter", "month", True), ("month", "day", True), ("week", "day", True)]
    + [("month", "week", False), ("week", "month", False), ("year", "week", False), ("day", "week", False)]
    + [(grain, grain, False) for grain in GRAINS],
)
def test_coarser(grain: Grain, than: Grain, is_so: bool) -> None:
    """A week splits evenly into days alone."""
    assert is_coarser(grain, than) is is_so


def test_a_range_that_is_a_period() -> None:
    """Only exact ranges are."""
    assert whole_period(date(2024, 1, 1), date(2024, 3, 31)) == read_literal("2024-Q1")
    assert whole_period(date(2024, 1, 1), date(2024, 4, 30)) is None
    assert set(MONTHS_IN) < set(GRAINS)


@pytest.mark.parametrize("module", [annual, periods, readings, time_conditions, conditions])
def test_examples_in_docstrings(module: object) -> None:
    """They say what the code does."""
    failed, tried = doctest.testmod(module)  # type: ignore[arg-type]
    assert tried > 0
    assert failed == 0
