"""Calendar periods in plain Python: their labels, their ends, and the ones before them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)
MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Days from `first` to `last`, both included. `grain` is "" for a range that is no calendar period."""

    first: date
    last: date
    grain: str = ""

    @property
    def label(self) -> str:
        """The literal of semantic SQL for this period."""
        day = self.first
        if self.grain == "day":
            return day.isoformat()
        if self.grain == "week":
            year, week, _ = day.isocalendar()
            return f"{year}-W{week:02d}"
        if self.grain == "quarter":
            return f"{day.year}-Q{(day.month + 2) // 3}"
        if self.grain == "half":
            return f"{day.year}-H{1 if day.month < 7 else 2}"
        return f"{day.year}-{day.month:02d}" if self.grain == "month" else str(day.year)


def month_last(day: date) -> date:
    """Last day of the month of `day`."""
    return add_months(day.replace(day=1), 1) - ONE_DAY


def add_months(day: date, months: int) -> date:
    """The same day of another month; its last day where it has no such day."""
    number = day.year * 12 + day.month - 1 + months
    for back in range(4):
        try:
            return date(number // 12, number % 12 + 1, day.day - back)
        except ValueError:
            continue
    raise AssertionError(day)


def add_months_by_end(day: date, months: int) -> date:
    """As `add_months`, and a month's last day stays a month's last day."""
    moved = add_months(day, months)
    return month_last(moved) if day == month_last(day) else moved


def span_of(grain: str, day: date) -> Span:
    """The period of `grain` that holds `day`."""
    if grain == "day":
        return Span(day, day, grain)
    if grain == "week":
        monday = day - timedelta(days=day.weekday())
        return Span(monday, monday + timedelta(days=6), grain)
    size = MONTHS[grain]
    first = date(day.year, (day.month - 1) // size * size + 1, 1)
    return Span(first, add_months(first, size) - ONE_DAY, grain)


def spans(grain: str, first: date, last: date) -> Iterator[Span]:
    """The periods of `grain` that touch the days from `first` to `last`, in order."""
    span = span_of(grain, first)
    while span.first <= last:
        yield span
        span = span_of(grain, span.last + ONE_DAY)


def before(span: Span) -> Span:
    """The calendar period before `span`."""
    return span_of(span.grain, span.first - ONE_DAY)


def back(span: Span, months: int) -> Span:
    """`span` so many months earlier; whole months stay whole months."""
    whole = span.first.day == 1 and span.last == month_last(span.last)
    last = month_last(add_months(span.last.replace(day=1), -months)) if whole else add_months(span.last, -months)
    grain = span.grain if span.grain in MONTHS and months % MONTHS[span.grain] == 0 else ""
    return Span(add_months(span.first, -months), last, grain)


def is_whole_months(span: Span) -> bool:
    """Whether `span` starts and ends with months."""
    return span.first.day == 1 and span.last == month_last(span.last)
