"""Which days a number reads, relative to the period shown: as words of a request, and as plain date arithmetic.

Knows no dataset and no load.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, cast

from t2sql.catalog import Grain
from t2sql.compiler.calendar.periods import MONTHS_IN, add_months, period_of

Shift = Literal["year", "quarter", "month", "prev", "year_start"]
Stand = Literal["", "opening", "month_ends"]
SHIFT_OF: Mapping[str, Shift] = {
    "yoy": "year",
    "yoy_diff": "year",
    "prior_year": "year",
    "qoq": "quarter",
    "qoq_diff": "quarter",
    "mom": "month",
    "mom_diff": "month",
    "prev": "prev",
    "prev_diff": "prev",
    "vs_year_start": "year_start",
    "vs_year_start_diff": "year_start",
}
SHIFT_MONTHS: Mapping[str, int] = {"year": 12, "quarter": 3, "month": 1}
ALL = "all"
_SHIFT_WORDS = {
    "year": "year_before",
    "quarter": "quarter_before",
    "month": "month_before",
    "prev": "period_before",
    "year_start": "year_start",
}
_SINCE_WORDS = {"year": "ytd", "half": "htd", "quarter": "qtd", "month": "mtd", ALL: "since_start"}


@dataclass(frozen=True, slots=True)
class Within:
    """The days in which one version of a definition, or of several that stand on one another, is in force."""

    first: date
    last: date
    word: str
    """For names: "v2"."""
    of: tuple[str, ...]
    """The metrics whose versions these are, the outermost first."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Which days an atom reads, relative to the period shown."""

    shift: Shift | None = None
    """How far back the whole reading is moved."""
    since: str = ""
    """Where it begins: "" with the period, "year" (or month, quarter, half) to date, "12 months" before its end, or
    "all", with the first load.
    """
    stand: Stand = ""
    """For a stock: at the close of the period before, or at each month's close instead of every load."""
    within: Within | None = None
    """Only what is read up to one of these days; None for a definition that has one version."""

    @property
    def is_to_date(self) -> bool:
        """From the start of a year, half, quarter or month to the period's end."""
        return self.since in MONTHS_IN

    @property
    def is_rolling(self) -> bool:
        """A window that ends with the period and never starts anew: the last 12 months, or all there is."""
        return bool(self.since) and not self.is_to_date

    @property
    def name(self) -> str:
        """A word for CTE names: "now", "year_before", "ytd", "last_12_months_year_before" …"""
        since = _SINCE_WORDS.get(self.since) or (f"last_{self.since.replace(' ', '_')}" if self.since else "")
        words = [self.stand, since, _SHIFT_WORDS[self.shift] if self.shift else ""]
        words.append(self.within.word if self.within else "")
        return "_".join(word for word in words if word) or "now"


def first_day(since: str, end: date, period_first: date) -> date:
    """The first day of a window that ends on `end`. Not for "all", which only the loads know.

    >>> first_day("12 months", date(2024, 2, 29), date(2024, 2, 1))
    datetime.date(2023, 3, 1)
    """
    if not since:
        return period_first
    if since in MONTHS_IN:
        return period_of(end, cast(Grain, since)).first
    number, unit = since.split()
    unit = unit.removesuffix("s")
    if unit in ("day", "week"):
        return end - timedelta(days=int(number) * (7 if unit == "week" else 1) - 1)
    return add_months(end, -int(number) * MONTHS_IN[unit]) + timedelta(days=1)


def moved(day: date, shift: Shift | None) -> date:
    """`day` moved back by a year, a quarter or a month; to the last year-end for "year_start"."""
    if shift is None:
        return day
    if shift == "year_start":
        return period_of(day, "year").first - timedelta(days=1)
    return add_months(day, -SHIFT_MONTHS[shift])


def one_back(day: date, grain: Grain) -> date:
    """`day` moved back by one period of `grain`."""
    if grain in ("day", "week"):
        return day - timedelta(days=1 if grain == "day" else 7)
    return add_months(day, -MONTHS_IN[grain])
