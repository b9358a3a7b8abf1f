"""Period literals of semantic SQL and the arithmetic between them. Knows no words."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta

from t2sql.catalog import Grain

FINENESS: dict[Grain, int] = {"year": 0, "half": 1, "quarter": 2, "month": 3, "week": 4, "day": 5}
MONTHS_IN: dict[Grain, int] = {"year": 12, "half": 6, "quarter": 3, "month": 1}


@dataclass(frozen=True, slots=True)
class Stretch:
    """One calendar stretch; `year` None while the text has not said it."""

    grain: Grain
    year: int | None
    index: int = 1
    """Half, quarter, month, ISO week; for a day month * 100 + day; 1 for a year."""
    is_fiscal: bool = False

    def literal(self) -> str:
        """'2024', '2024-H1', '2024-Q2', '2024-12', '2024-W07', '2024-12-31', 'FY2024-Q2'. Needs the year."""
        year = f"{'FY' if self.is_fiscal else ''}{self.year}"
        if self.grain == "year":
            return year
        if self.grain == "day":
            return f"{year}-{self.index // 100:02d}-{self.index % 100:02d}"
        form = {"half": "H{}", "quarter": "Q{}", "month": "{:02d}", "week": "W{:02d}"}[self.grain]
        return f"{year}-{form.format(self.index)}"

    def months(self, fiscal_year_start: int = 1) -> tuple[int, int]:
        """First and last month as counts since year 0, of a stretch of whole months."""
        assert self.year is not None
        length = MONTHS_IN[self.grain]
        first = self.year * 12 + (self.index - 1) * length
        if self.is_fiscal:
            first -= (13 - fiscal_year_start) % 12
        return first, first + length - 1

    def last_day(self) -> date:
        """Its last day. Needs the year; a fiscal stretch is told by its calendar months first."""
        assert self.year is not None
        if self.grain == "week":
            return date.fromisocalendar(self.year, self.index, 7)
        if self.grain == "day":
            return date(self.year, self.index // 100, self.index % 100)
        year, month = divmod(self.months()[1], 12)
        return date(year, month + 1, monthrange(year, month + 1)[1])

    def at_end(self, fiscal_year_start: int = 1) -> Stretch:
        """The month in which it ends; a week or day stays."""
        if self.grain not in MONTHS_IN:
            return self
        if self.year is None:
            return Stretch("month", None, self.index * MONTHS_IN[self.grain])
        return month_stretch(self.months(fiscal_year_start)[1])

    def in_year(self, year: Stretch, fiscal_year_start: int = 1) -> Stretch:
        """The part of that year: a half or quarter of a fiscal year is fiscal, a month or day of it the calendar's."""
        assert year.year is not None
        if not year.is_fiscal or self.grain in ("year", "half", "quarter"):
            return replace(self, year=year.year, is_fiscal=year.is_fiscal)
        month = self.index // 100 if self.grain == "day" else self.index
        return replace(self, year=year.year - (month >= fiscal_year_start > 1))


@dataclass(frozen=True, slots=True)
class Window:
    """So many stretches up to a date."""

    count: int
    grain: Grain
    is_whole: bool = False
    """Whole calendar years (three full years), not months counted back."""

    def stretches(self, clock: Clock, end: date | None = None) -> tuple[Stretch, Stretch] | None:
        """First and last of them, up to `end`, else to the last that is loaded; None when too many or none."""
        if not 0 < self.count <= 600:
            return None
        if self.grain in ("day", "week"):
            days = self.count * (7 if self.grain == "week" else 1)
            last = end or clock.last_day()
            return day_stretch(last - timedelta(days=days - 1)), day_stretch(last)
        month = end.year * 12 + end.month - 1 if end else clock.last_month()
        if (self.grain == "quarter" and end is None) or self.is_whole:
            length = MONTHS_IN[self.grain]
            last_part = (month + 1) // length - 1
            first, last_one = (_part(self.grain, part) for part in (last_part - self.count + 1, last_part))
            return first, last_one
        months = self.count * MONTHS_IN[self.grain]
        return (month_stretch(month - months + 1), month_stretch(month)) if months <= 600 else None


@dataclass(frozen=True, slots=True)
class Clock:
    """What relative words count from."""

    today: date
    last_loaded: date | None
    fiscal_year_start: int = 1

    def month(self, back: int = 0) -> Stretch:
        """The month `back` months ago."""
        return month_stretch(self.today.year * 12 + self.today.month - 1 - back)

    def quarter(self, back: int = 0) -> Stretch:
        """The quarter `back` quarters ago."""
        count = self.today.year * 4 + (self.today.month - 1) // 3 - back
        return Stretch("quarter", count // 4, count % 4 + 1)

    def half(self, back: int = 0) -> Stretch:
        """The half-year `back` halves ago."""
        count = self.today.year * 2 + (self.today.month - 1) // 6 - back
        return Stretch("half", count // 2, count % 2 + 1)

    def week(self, back: int = 0) -> Stretch:
        """The ISO week `back` weeks ago."""
        iso = (self.today - timedelta(weeks=back)).isocalendar()
        return Stretch("week", iso.year, iso.week)

    def fiscal_year(self, back: int = 0) -> Stretch:
        """The fiscal year `back` years ago; it is named after the calendar year in which it ends."""
        start = self.fiscal_year_start
        year = self.today.year + (self.today.month >= start > 1) - back
        return Stretch("year", year, 1, start > 1)

    def last_month(self) -> int:
        """Count of the last month that is loaded to its end, else the last that is over."""
        return last_full_month(self.today, self.last_loaded)

    def last_day(self) -> date:
        """The last day that is loaded, else yesterday."""
        return self.last_loaded or self.today - timedelta(days=1)

    def latest_month(self) -> Stretch:
        """The month of today or of the last load, the earlier of the two."""
        day = min(self.today, self.last_loaded or self.today)
        return Stretch("month", day.year, day.month)


def month_stretch(count: int) -> Stretch:
    """The month `count` months after year 0."""
    return Stretch("month", count // 12, count % 12 + 1)


def _part(grain: Grain, count: int) -> Stretch:
    """The year, half or quarter `count` of them after year 0."""
    parts = 12 // MONTHS_IN[grain]
    return Stretch(grain, count // parts, count % parts + 1)


def day_stretch(day: date) -> Stretch:
    """One day."""
    return Stretch("day", day.year, day.month * 100 + day.day)


def is_month_end(stretch: Stretch) -> bool:
    """Whether a day is the last of its month."""
    if stretch.grain != "day" or stretch.year is None:
        return False
    month, day = divmod(stretch.index, 100)
    return day == monthrange(stretch.year, month)[1]


def is_valid(stretch: Stretch) -> bool:
    """Whether the calendar has it."""
    if stretch.grain == "day":
        month, day = divmod(stretch.index, 100)
        return 1 <= month <= 12 and 1 <= day <= monthrange(stretch.year or 2024, month)[1]
    return 1 <= stretch.index <= {"year": 1, "half": 2, "quarter": 4, "month": 12, "week": 53}[stretch.grain]


def in_one_grain(first: Stretch, last: Stretch) -> tuple[Stretch, Stretch]:
    """Both ends of a range in the finer of their grains, ends included."""
    if first.grain == last.grain:
        return first, last
    finer: Grain = max(first.grain, last.grain, key=lambda grain: FINENESS[grain])
    return _finer(first, finer, is_last=False), _finer(last, finer, is_last=True)


def _finer(stretch: Stretch, grain: Grain, *, is_last: bool) -> Stretch:
    if stretch.grain == grain or stretch.grain not in MONTHS_IN:
        return stretch
    month = month_stretch(stretch.months()[1 if is_last else 0])
    if grain in ("day", "week"):
        assert month.year is not None
        day = monthrange(month.year, month.index)[1] if is_last else 1
        return day_stretch(date(month.year, month.index, day))
    return Stretch(grain, month.year, (month.index - 1) // MONTHS_IN[grain] + 1)


def last_full_month(today: date, last_loaded: date | None) -> int:
    """Count of the last month that is loaded to its end, else the last that is over."""
    day = last_loaded or today.replace(day=1) - timedelta(days=1)
    count = day.year * 12 + day.month - 1
    return count if day.day == monthrange(day.year, day.month)[1] else count - 1


def latest_over(stretch: Stretch, today: date) -> Stretch:
    """A stretch of whole months without a year, put into the latest year in which it is over by `today`."""
    placed = replace(stretch, year=today.year)
    return placed if placed.months()[1] < today.year * 12 + today.month - 1 else replace(stretch, year=today.year - 1)


def latest_begun(stretch: Stretch, today: date) -> Stretch:
    """A stretch without a year, put into the latest year in which it has begun by `today`."""
    placed = replace(stretch, year=today.year)
    if stretch.grain in MONTHS_IN:
        has_begun = placed.months()[0] <= today.year * 12 + today.month - 1
    elif stretch.grain == "day":
        has_begun = placed.index <= today.month * 100 + today.day
    else:
        has_begun = placed.index <= today.isocalendar().week
    return placed if has_begun else replace(stretch, year=today.year - 1)
