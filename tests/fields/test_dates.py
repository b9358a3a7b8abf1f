"""Days that a question limits, counted from a clock that is passed in."""

from __future__ import annotations

from datetime import date

import pytest

from t2sql.fields.dates import find_stretches
from t2sql.grounding.words.text import fold

TODAY = date(2026, 11, 18)


def day(text: str) -> date | None:
    """2026-11-18; "" is an open end."""
    return date.fromisoformat(text) if text else None


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2000年以前的收入", "", "1999-12-31"), ("2005年以后", "2005-01-01", ""), ("2008年至今", "2008-01-01", ""),
        ("最近三年的收入", "2024-01-01", ""), ("这5年来", "2022-01-01", ""), ("10年前", "", "2015-12-31"),
        ("去年第四季度", "2025-10-01", "2025-12-31"), ("前年北京市", "2024-01-01", "2024-12-31"),
        ("去年上半年", "2025-01-01", "2025-06-30"), ("今年", "2026-01-01", "2026-12-31"),
        ("in the past 30 days", "2026-10-19", ""), ("the last 30 days inclusive of today", "2026-10-19", ""),
        ("in the last 6 months, not including the current month", "2026-05-01", "2026-10-31"),
        ("the past 6 calendar months", "2026-05-01", "2026-10-31"),
        ("in each of the last 8 calendar weeks (excluding the current week)", "2026-09-21", "2026-11-15"),
        ("in the past 3 months", "2026-08-18", ""), ("last month", "2026-10-01", "2026-10-31"),
        ("in the first quarter of 2023", "2023-01-01", "2023-03-31"), ("before 2015", "", "2014-12-31"),
        ("since March 2020", "2020-03-01", ""), ("after 2015", "2016-01-01", ""),
        ("more than 10 days ago", "", "2026-11-07"), ("at least two weeks ago", "", "2026-11-04"),
        ("less than 3 months ago", "2026-08-19", ""), ("10 days or more ago", "", "2026-11-08"),
        ("within the next 90 days", "2026-11-18", "2027-02-16"), ("the next 2 months", "2026-11-18", "2027-01-18"),
        ("between 2022 and 2023", "2022-01-01", "2023-12-31"), ("posted in April 2021", "2021-04-01", "2021-04-30"),
    ],
)  # fmt: skip
def test_a_stretch_of_days(text: str, first: str, last: str) -> None:
    found = find_stretches(fold(text), TODAY)
    assert [(s.first, s.last) for s in found] == [(day(first), day(last))]


@pytest.mark.parametrize("text", ["上年同期的指数", "总资产超过2000万", "top 5 shops", "a rating above 4"])
def test_what_is_no_time(text: str) -> None:
    assert find_stretches(fold(text), TODAY) == ()


def test_the_stretch_stands_where_it_was_said() -> None:
    text = "show sales made in the past 30 days, inclusive of today's date, by shop"
    stretch = find_stretches(fold(text), TODAY)[0]
    assert text[stretch.span.start : stretch.span.end] == "in the past 30 days, inclusive of today's date"
