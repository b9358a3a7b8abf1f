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

    def months(self) -> tuple[int, int]:
        """First and last month as counts since year 0, of a stretch of whole months."""
        assert self.year is not None
        length = MONTHS_IN[self.grain]
        first = self.year * 12 + (self.index - 1) * length
        return first, first + length - 1

    def at_end(self, fiscal_year_start: int = 1) -> Stretch:
        """The month in which it ends; a week or day stays."""
        if self.grain not in MONTHS_IN:
            return self
        last = (self.index * MONTHS_IN[self.grain]) if self.grain != "year" else 12
        if self.is_fiscal and self.year is not None:
            return month_stretch(self.year * 12 + last - 1 - (13 - fiscal_year_start) % 12)
        return Stretch("month", self.year, last)


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

    def latest_month(self) -> Stretch:
        """The month of today or of the last load, the earlier of the two."""
        day = min(self.today, self.last_loaded or self.today)
        return Stretch("month", day.year, day.month)


def month_stretch(count: int) -> Stretch:
    """The month `count` months after year 0."""
    return Stretch("month", count // 12, count % 12 + 1)


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
