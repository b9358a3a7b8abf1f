"""Which loaded days each number reads: the shown periods, their as-of dates, and the earlier windows that comparisons
read.

All calendar decisions are made here and in `calendars`, from the load calendars, so that the SQL holds nothing but
dates. Rows and filters never move a window.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from t2sql.catalog import Grain
from t2sql.compiler.calendar.calendars import Calendars
from t2sql.compiler.calendar.periods import Period, add_months, period_of, week_before_by_year, whole_period
from t2sql.compiler.calendar.readings import ALL, SHIFT_MONTHS, Reading, first_day, moved, one_back
from t2sql.compiler.calendar.shown import check_grain, shown_periods
from t2sql.compiler.calendar.time_notes import few, notes_on_time
from t2sql.compiler.calendar.undated import ALWAYS, check_undated, notes_on_undated
from t2sql.compiler.calendar.versions import refuse_undefined
from t2sql.compiler.facts.atoms import Atom
from t2sql.compiler.request import EARLIER, Request, functions_of
from t2sql.errors import NotComputable
from t2sql.flow import Loads, Note


@dataclass(frozen=True, slots=True)
class Window:
    """Days one number reads, all loaded."""

    first: date
    last: date
    loads: int
    """Loads inside: the divisor of an average stock; 1 for a stock at its as-of date."""

    @property
    def days(self) -> int:
        """Calendar days, both ends included."""
        return (self.last - self.first).days + 1


class Windows:
    """Shown periods and, for every atom, the window behind each of them."""

    def __init__(self, request: Request, atoms: Iterable[Atom], loads: Loads, fiscal_year_start: int = 1) -> None:
        self.request, self.loads, self.fiscal_year_start = request, loads, fiscal_year_start
        every = list(atoms)
        self.undated = {a.dataset.name: a.dataset for a in every if not a.dataset.time_dimension}
        """Datasets whose rows have no date: they are read whole, and never by period."""
        self.atoms = [a for a in every if a.dataset.name not in self.undated]
        self.datasets = {atom.dataset.name: atom.dataset for atom in self.atoms}
        if self.undated:
            check_undated(request, every, self.undated.values())
        self.calendars = Calendars(self.datasets, loads)
        self.stocks, self.loaded_through = self.calendars.stocks, self.calendars.loaded_through
        self.is_default = request.spans is None
        self._windows: dict[tuple[Atom, Period], Window | None] = {}
        self._loaded: dict[Atom, list[tuple[Period, Window]]] = {}
        self.outside: set[tuple[Atom, Period]] = set()
        """Loaded, and not read: another version of the definition is in force, or none."""
        self.periods = (
            (ALWAYS,)
            if every and not self.atoms
            else shown_periods(request, self.atoms, self.calendars, fiscal_year_start)
        )
        check_grain(request, self.calendars)
        self._check_loaded()
        self.notes: list[Note] = notes_on_time(self) if self.atoms else []
        self.notes += notes_on_undated(self)

    def as_of(self, period: Period) -> date | None:
        """The latest date inside the period on which all stocks of the question are loaded."""
        return self.calendars.as_of(period)

    def balance_dates(self, period: Period) -> list[date]:
        """The dates of the balances shown for the period: its as-of date, or where it opens."""
        points = [a for a in self.atoms if a.is_point and not a.reading.shift]
        read = {window.last for atom in points if (window := self.of(atom, period))}
        as_of = self.as_of(period)
        return sorted(read) or ([as_of] if as_of else [])

    def of(self, atom: Atom, period: Period) -> Window | None:
        """The days that `atom` reads for the shown `period`; None when they are not loaded."""
        if (atom, period) not in self._windows:
            if atom.dataset.name in self.undated:
                found: Window | None = Window(ALWAYS.first, ALWAYS.last, 1)
            else:
                found = self._point(atom, period) if atom.is_point else self._span(atom, period)
            limit = atom.reading.within
            if found and limit and not limit.first <= found.last <= limit.last:
                self.outside.add((atom, period))
                found = None
            self._windows[atom, period] = found
        return self._windows[atom, period]

    def loaded(self, atom: Atom) -> list[tuple[Period, Window]]:
        """The shown periods that `atom` is loaded for, each with its window."""
        if atom not in self._loaded:
            pairs = ((p, self.of(atom, p)) for p in self.periods)
            self._loaded[atom] = [(p, w) for p, w in pairs if w is not None]
        return self._loaded[atom]

    def read(self, atom: Atom) -> list[tuple[Period, Window]]:
        """The days that rows are read from: as `loaded`, but each month-end of an average by itself."""
        if atom.reading.stand != "month_ends":
            return self.loaded(atom)
        return [
            (period, Window(day, day, window.loads))
            for period, window in self.loaded(atom)
            for day in self.calendars.month_closes(atom.dataset.name, window.first, window.last)
        ]

    # -- the window behind a number ---------------------------------------------------------------------------
    def _point(self, atom: Atom, period: Period) -> Window | None:
        """A stock on one date."""
        reading, dataset = atom.reading, atom.dataset.name
        shown = period
        if reading.stand == "opening":
            if period.first > self.loaded_through:
                return None
            shown = self._ended_before(period)
        as_of = self.as_of(shown)
        if as_of and reading.shift == "prev":
            # The close of the period before, even where this one is not finished, or another column lacks it.
            before = self._ended_before(shown) if reading.stand == "opening" else self._before(shown)
            as_of = self.as_of(before) or self.calendars.own_as_of(dataset, before)
        elif as_of and reading.shift == "year" and shown.grain == "week":
            base = week_before_by_year(shown)
            as_of = self.as_of(base) if base else None
        elif as_of and reading.shift:
            as_of = self.calendars.base_of(dataset, as_of, reading.shift, shown.grain)
        if as_of is None or not self.calendars.is_loaded(dataset, as_of):
            return None
        return Window(as_of, as_of, 1)

    def _span(self, atom: Atom, period: Period) -> Window | None:
        """Days that add up, or are averaged."""
        reading, dataset = atom.reading, atom.dataset.name
        end = min(period.last, self.loaded_through)
        if end < period.first:
            return None
        self._check_overlap(reading, period)
        self._check_to_date(reading, period)
        if reading.shift == "prev":
            grain = self._before(period).grain
            start, end = one_back(period.first, grain), one_back(end, grain)
        elif reading.shift == "year" and period.grain == "week":
            base = week_before_by_year(period)
            if base is None:
                return None
            start, end = base.first, base.first + (end - period.first)
        else:
            start, end = moved(period.first, reading.shift), moved(end, reading.shift)
        loaded_from = self.calendars.loaded_from(dataset)
        first = loaded_from if reading.since == ALL else first_day(reading.since, end, start)
        if first < loaded_from or end < first or self.calendars.has_gap(dataset, first, end):
            return None
        count = (
            len(self.calendars.month_closes(dataset, first, end))
            if reading.stand == "month_ends"
            else self.calendars.count(dataset, first, end)
        )
        return Window(first, end, count) if count or not atom.dataset.snapshot_grain else None

    def _before(self, period: Period) -> Period:
        """The period one back at the asked grain."""
        grain = self._grain_of(period)
        by_chance = any(not a.dataset.snapshot_grain and not a.reading.is_rolling for a in self.atoms)
        if grain is None or (self.is_default and not self.request.grain and by_chance):
            raise NotComputable(
                "One period back is not clear for this range.",
                "Ask for one month, quarter, half or year, or add a grain to SELECT.",
                zh=("这个时间范围的“上一期”不明确。", "请问单个月、季度、半年或年，或按月、按季列出。"),
            )
        return period_of(period.first - timedelta(days=1), grain)

    def _ended_before(self, period: Period) -> Period:
        """The period whose close opens this one; for an odd range one of the grain it was asked in."""
        grain = self._grain_of(period) or self.request.literal_grain or self.calendars.coarsest_snapshot()
        return period_of(period.first - timedelta(days=1), grain)

    def _grain_of(self, period: Period) -> Grain | None:
        whole = whole_period(period.first, period.last)
        return self.request.grain or (whole.grain if whole else None)

    def _check_overlap(self, reading: Reading, period: Period) -> None:
        """A sum or mean over days cannot be compared with days that it holds itself, unless it slides."""
        months = SHIFT_MONTHS.get(reading.shift or "", 0)
        if months and not reading.is_rolling and add_months(period.first, months) <= period.last:
            raise NotComputable(
                f"A figure over {period.label} overlaps the {reading.shift} before it.",
                f"Ask by {reading.shift} or finer.",
                zh=(f"{period.label} 与要比较的上一期重叠。", "请改用更短的期间，或改问同比。"),
            )

    def _check_to_date(self, reading: Reading, period: Period) -> None:
        """A figure to date over several of its years would show the last of them alone."""
        end = min(period.last, self.loaded_through)
        if reading.is_to_date and period.first < first_day(reading.since, end, period.first):
            raise NotComputable(
                f"{period.label} is longer than one {reading.since}, so its {reading.since} to date is not clear.",
                f"Ask by {reading.since} or finer.",
                zh=(f"{period.label} 长于累计的期间，累计数不明确。", "请按更短的期间来问。"),
            )

    def _check_loaded(self) -> None:
        """Periods without any figure are refused; those beside loaded ones are shown as NULL, with a note."""
        earlier = [f for _key, measure in self.request.measures if (f := functions_of(measure)) and f[0] in EARLIER]
        only_bases = bool(earlier) and len(earlier) == len(self.request.measures)
        # What is shown beside a base, for its groups alone, is no figure that was asked.
        asked = [atom for atom in self.atoms if atom.reading.shift] if only_bases else self.atoms
        if not asked or any(self.loaded(atom) for atom in asked):
            return
        refuse_undefined(self)
        first = self.calendars.first_load()
        labels = few([p.label for p in self.periods])
        if all(atom.reading.shift for atom in asked):
            raise NotComputable(
                f"There is nothing to compare {', '.join(labels)} with; the first load is {first}.",
                "Ask for a later period.",
                zh=(f"{self.periods[0].label} 没有可比的基期，数据从 {first} 开始。", "请改问更晚的期间。"),
            )
        raise NotComputable(
            f"Nothing is loaded for {', '.join(labels)}; the last load is {self.loaded_through}, the first {first}.",
            "Ask for a period between them.",
            zh=(
                f"{'、'.join(labels)} 没有加载数据，数据从 {first} 到 {self.loaded_through}。",
                "请改问这之间的期间。",
            ),
        )
