"""Calendar arithmetic on period literals ('2024', '2024-H1', '2024-Q2', '2024-12', '2024-W07', '2024-12-31', 'FY2024',
'FY2024-Q2'). Knows no dataset and no load.

A fiscal year is named by the calendar year in which it ends: with a start in April, FY2024 is 2023-04 to 2024-03.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from t2sql.catalog import GRAINS, Grain
from t2sql.errors import NotComputable, RefusedSyntax

FIRST_YEAR, LAST_YEAR = 1901, 2998
MONTHS_IN = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_LITERAL = re.compile(
    r"(?P<fiscal>FY)?(?P<year>\d{4})(?:-(?:H(?P<half>[12])|Q(?P<quarter>[1-4])|W(?P<week>\d{2})|(?P<month>\d{2})(?:-(?P<day>\d{2}))?))?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A span of whole days, both ends included."""

    first: date
    last: date
    grain: Grain
    label: str


def read_literal(text: str, fiscal_year_start: int = 1) -> Period:
    """The period that a literal names. Raises RefusedSyntax for any other text, NotComputable for a fiscal day, week or
    month, which has no agreed meaning.

    >>> str(read_literal("FY2024-Q1", fiscal_year_start=4).last)
    '2023-06-30'
    """
    match = _LITERAL.fullmatch(text.strip())
    try:
        if not match:
            raise ValueError
        year = int(match["year"])
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise ValueError
        if match["fiscal"]:
            return _fiscal(match, fiscal_year_start)
        if match["day"]:
            return period_of(date(year, int(match["month"]), int(match["day"])), "day")
        if match["week"]:
            return period_of(date.fromisocalendar(year, int(match["week"]), 1), "week")
        if match["month"]:
            return period_of(date(year, int(match["month"]), 1), "month")
        if match["quarter"]:
            return period_of(date(year, 3 * int(match["quarter"]), 1), "quarter")
        if match["half"]:
            return period_of(date(year, 6 * int(match["half"]), 1), "half")
        return period_of(date(year, 1, 1), "year")
    except ValueError:
        raise RefusedSyntax(
            f"{text!r} is not a period.",
            "Write '2024', '2024-H1', '2024-Q2', '2024-12', '2024-W07', '2024-12-31' or 'FY2024-Q2'.",
            zh=(f"{text!r} 不是期间。", "请写成 '2024'、'2024-H1'、'2024-Q2'、'2024-12'、'2024-W07' 或 '2024-12-31'。"),
        ) from None


def _fiscal(match: re.Match[str], start: int) -> Period:
    if match["week"] or match["day"] or (match["month"] and start != 1):
        raise NotComputable(
            f"{match[0]!r}: a fiscal year has quarters and halves; its weeks, months and days are the calendar's.",
            "Write the calendar period, such as '2024-07'.",
            zh=(f"{match[0]!r}：财年只分季度和半年，周、月、日按日历。", "请写日历期间，例如 '2024-07'。"),
        )
    part, index = next(((p, int(match[p])) for p in ("half", "quarter", "month") if match[p]), ("year", 1))
    size = MONTHS_IN[part]
    year_first = date(int(match["year"]) - (start != 1), start, 1)
    first = add_months(year_first, (index - 1) * size)
    return Period(first, month_end(add_months(first, size - 1)), cast(Grain, part), match[0])


def fits(period: Period, grain: Grain) -> bool:
    """Whether the period holds whole periods of `grain`. A fiscal quarter from February fits months alone.

    >>> fits(read_literal("FY2024", 4), "quarter"), fits(read_literal("FY2024", 4), "year")
    (True, False)
    """
    return period_of(period.first, grain).first == period.first and period_of(period.last, grain).last == period.last


def period_of(day: date, grain: Grain) -> Period:
    """The period of `grain` that `day` lies in.

    >>> period_of(date(2024, 2, 10), "quarter").label
    '2024-Q1'
    """
    if grain == "day":
        return Period(day, day, grain, day.isoformat())
    if grain == "week":
        year, week, weekday = day.isocalendar()
        monday = day - timedelta(days=weekday - 1)
        return Period(monday, monday + timedelta(days=6), grain, f"{year:04d}-W{week:02d}")
    size = MONTHS_IN[grain]
    start = (day.month - 1) // size * size + 1
    first, last = date(day.year, start, 1), month_end(date(day.year, start + size - 1, 1))
    number = (start - 1) // size + 1
    label = {"month": f"-{start:02d}", "quarter": f"-Q{number}", "half": f"-H{number}", "year": ""}[grain]
    return Period(first, last, grain, f"{day.year:04d}{label}")


def periods_between(first: date, last: date, grain: Grain) -> Iterator[Period]:
    """Periods of `grain` that touch first..last, in order."""
    day = first
    while day <= last:
        period = period_of(day, grain)
        yield period
        day = period.last + timedelta(days=1)


def is_coarser(grain: Grain, than: Grain) -> bool:
    """Whether one period of `grain` holds several of `than`. A week never splits evenly, so it is coarser than days
    only.
    """
    if "week" in (grain, than):
        return grain == "week" and than == "day"
    return GRAINS.index(grain) > GRAINS.index(than)


def week_before_by_year(week: Period) -> Period | None:
    """The ISO week of the same number a year before; None for a 53rd week whose year before has none.

    >>> week_before_by_year(period_of(date(2026, 3, 4), "week")).label
    '2025-W10'
    """
    year, number, _weekday = week.first.isocalendar()
    try:
        return period_of(date.fromisocalendar(year - 1, number, 1), "week")
    except ValueError:
        return None


def month_end(day: date) -> date:
    """The last day of the day's month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def add_months(day: date, months: int) -> date:
    """`day` moved by whole months; a month-end stays a month-end, any other day is cut to the month's length.

    >>> add_months(date(2025, 2, 28), -12)
    datetime.date(2024, 2, 29)
    """
    index = day.year * 12 + day.month - 1 + months
    target = date(index // 12, index % 12 + 1, 1)
    end = month_end(target)
    return end if day == month_end(day) else target.replace(day=min(day.day, end.day))


def whole_period(first: date, last: date, fiscal_year_start: int = 1) -> Period | None:
    """The period that is exactly first..last, one of the fiscal year where the calendar has none; None when there is
    none.
    """
    candidates = [period_of(first, grain) for grain in GRAINS]
    if fiscal_year_start != 1:
        year = last.year + (last.month >= fiscal_year_start)
        names = [f"FY{year}", *(f"FY{year}-H{n}" for n in (1, 2)), *(f"FY{year}-Q{n}" for n in (1, 2, 3, 4))]
        candidates += [read_literal(name, fiscal_year_start) for name in names]
    return next((p for p in candidates if (p.first, p.last) == (first, last)), None)
