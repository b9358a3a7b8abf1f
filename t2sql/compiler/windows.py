"""Which loaded days each number reads: the shown periods, their as-of dates, and the earlier windows that comparisons
read.

All calendar decisions are made here, from the load calendars, so that the SQL holds nothing but dates. Rows and
filters never move a window.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from t2sql.catalog import Grain
from t2sql.compiler.metrics import Atom, Reading
from t2sql.compiler.periods import MONTHS_IN, Period, add_months, month_end, period_of, periods_between, whole_period
from t2sql.compiler.request import Request
from t2sql.errors import NotComputable
from t2sql.flow import Load, Loads, Note

FLAGGED_SHARE = 0.8
MOST_TOLD = 6
SHIFT_MONTHS = {"year": 12, "quarter": 3, "month": 1}
MOST_PERIODS = 2_000


@dataclass(frozen=True, slots=True)
class Window:
    """Days one number reads, all loaded."""

    first: date
    last: date
    loads: int
    """Loads inside: the divisor of an average stock; 1 for a stock at its as-of date."""

    @property
    def days(self) -> int:
        """Calendar days, both ends included: the divisor of an annualised rate."""
        return (self.last - self.first).days + 1


class Windows:
    """Shown periods and, for every atom, the window behind each of them."""

    def __init__(self, request: Request, atoms: Iterable[Atom], loads: Loads) -> None:
        self.request, self.loads = request, loads
        self.atoms = list(atoms)
        self.notes: list[Note] = []
        self.datasets = {atom.dataset.name: atom.dataset for atom in self.atoms}
        self.stocks = sorted(n for n, d in self.datasets.items() if d.snapshot_grain)
        for name in self.datasets:
            if not loads.dates(name):
                raise NotComputable(
                    f"Nothing is loaded for dataset {name!r}.", "Load it, or check its load calendar in model.yml."
                )
        self._load_sets = {name: frozenset(loads.dates(name)) for name in self.datasets}
        self._as_of: dict[Period, date | None] = {}
        self.loaded_through = min((loads.dates(n)[-1] for n in self.datasets), default=date.min)
        self.is_default = request.spans is None
        self.periods = self._shown()
        self._check_grain()
        self._check_loaded()
        if self.atoms:
            self._note_unfinished()

    # -- the periods shown ------------------------------------------------------------------------------------
    def _shown(self) -> tuple[Period, ...]:
        grain = self.request.grain
        first_loaded = max((self._loaded_from(n) for n in self.datasets), default=date.min)
        if self.request.spans is None:
            if grain:
                return tuple(periods_between(first_loaded, self.loaded_through, grain))
            return (self._default_period(first_loaded),)
        spans = [
            (max(a, first_loaded) if a.year == 1900 else a, min(b, self.loaded_through) if b.year == 2999 else b)
            for a, b in self.request.spans
        ]
        spans = [(a, b) for a, b in spans if a <= b]
        if not spans:
            raise NotComputable(
                f"Nothing is loaded for that time; the last load is {self.loaded_through}.",
                "Ask for an earlier period.",
                zh=(f"该期间没有加载数据，最近一次加载到 {self.loaded_through}。", "请改问更早的期间。"),
            )
        if grain:
            shown = dict.fromkeys(p for a, b in spans for p in periods_between(a, b, grain))
            if len(shown) > MOST_PERIODS:
                raise NotComputable(
                    f"That is {len(shown)} periods of a {grain}.", "Ask for fewer, or by a coarser grain."
                )
            return tuple(shown)
        first, last = spans[0][0], spans[-1][1]
        whole = whole_period(first, last)
        return (whole or Period(first, last, self.request.literal_grain or "day", f"{first}..{last}"),)

    def _default_period(self, first_loaded: date) -> Period:
        """Stocks alone: the latest as-of date. With a flow: what the flows' default_period says."""
        wishes = {a.metric.default_period for a in self.atoms if a.dataset.name not in self.stocks}
        wishes |= {a.metric.default_period for a in self.atoms if a.metric.window_choice == "avg"}
        wishes -= {"latest"}
        if "" in wishes and any(a.dataset.name not in self.stocks for a in self.atoms):
            names = ", ".join(sorted({a.metric.name for a in self.atoms if a.dataset.name not in self.stocks}))
            raise NotComputable(
                f"{names} adds up over time, and no period was asked.",
                "Say a period, such as year = '2025'.",
                zh=(f"{names} 是按期间累计的指标，问题没有说明期间。", "请加上期间，例如 2025 年。"),
            )
        wishes -= {""}
        if "ytd" in wishes:
            year = period_of(self.loaded_through, "year")
            return whole_period(year.first, self.loaded_through) or Period(
                year.first, self.loaded_through, "month", f"{year.first}..{self.loaded_through}"
            )
        if "all" in wishes:
            return Period(first_loaded, self.loaded_through, "month", f"{first_loaded}..{self.loaded_through}")
        common = self._common_loads
        if not common and self.stocks:
            raise NotComputable(
                "These datasets were never loaded for the same day.",
                "Ask for them in two questions.",
                zh=("这些数据集没有同一天的加载。", "请分成两个问题来问。"),
            )
        return period_of(common[-1] if common else self.loaded_through, self._coarsest_snapshot())

    def _zh(self, dataset: str) -> str:
        return self.datasets[dataset].display.zh

    def _coarsest_snapshot(self) -> Grain:
        grains = [self.datasets[n].snapshot_grain or "month" for n in self.stocks] or ["month"]
        return max(grains, key=lambda g: MONTHS_IN.get(g, 0))

    def _loaded_from(self, dataset: str) -> date:
        first = self.loads.dates(dataset)[0]
        return period_of(first, self.datasets[dataset].snapshot_grain or "month").first

    @cached_property
    def _common_loads(self) -> tuple[date, ...]:
        """Dates on which every stock of the question is loaded."""
        every = [set(self.loads.dates(name)) for name in self.stocks]
        return tuple(sorted(set.intersection(*every))) if every else ()

    def _check_grain(self) -> None:
        """A grain finer than a snapshot, or than rows that stand for whole periods, has no figures of its own."""
        grain = self.request.grain or self.request.literal_grain
        for name, dataset in self.datasets.items():
            finest = dataset.row_grain or dataset.snapshot_grain
            if grain is None or finest not in MONTHS_IN:
                continue
            is_below = MONTHS_IN.get(grain, 0) < MONTHS_IN[finest]
            if is_below and (grain in ("day", "week") or self.request.grain or dataset.row_grain):
                raise NotComputable(
                    f"{name!r} is stored by {finest}; there is no figure by {grain}.",
                    f"Ask by {finest} or coarser.",
                    zh=(f"{self._zh(name)}的数据粒度不够细，没有更短期间的数。", "请按月或更长的期间来问。"),
                )

    def _check_loaded(self) -> None:
        """Periods without any figure are refused; those beside loaded ones are shown as NULL, with a note."""
        if self.atoms and not any(self.loaded(atom) for atom in self.atoms):
            first = max(self.loads.dates(n)[0] for n in self.datasets)
            asked = _few([p.label for p in self.periods])
            if all(atom.reading.shift for atom in self.atoms):
                raise NotComputable(
                    f"There is nothing to compare {', '.join(asked)} with; the first load is {first}.",
                    "Ask for a later period.",
                    zh=(f"{self.periods[0].label} 没有可比的基期，数据从 {first} 开始。", "请改问更晚的期间。"),
                )
            raise NotComputable(
                f"Nothing is loaded for {', '.join(asked)}; the last load is {self.loaded_through}, the first {first}.",
                "Ask for a period between them.",
                zh=(
                    f"{'、'.join(asked)} 没有加载数据，数据从 {first} 到 {self.loaded_through}。",
                    "请改问这之间的期间。",
                ),
            )

    # -- the window behind a number ---------------------------------------------------------------------------
    def of(self, atom: Atom, period: Period) -> Window | None:
        """The days that `atom` reads for the shown `period`; None when they are not loaded."""
        return self._window(atom.dataset.name, atom.metric.window_choice, atom.reading, period)

    def loaded(self, atom: Atom) -> list[tuple[Period, Window]]:
        """The shown periods that `atom` is loaded for, with its windows."""
        pairs = ((p, self.of(atom, p)) for p in self.periods)
        return [(p, w) for p, w in pairs if w is not None]

    def _window(self, dataset: str, choice: str, reading: Reading, period: Period) -> Window | None:
        if self.datasets[dataset].snapshot_grain and choice == "max":
            as_of = self.as_of(period)
            if reading.shift == "prev":
                # The close of the period before, even where this one is not finished.
                target = as_of and self.as_of(self._before(period))
            else:
                target = as_of and self._shifted(as_of, reading)
            return Window(target, target, 1) if target and target in self._load_sets[dataset] else None
        end = min(period.last, self.loaded_through)
        first = period_of(end, "year").first if reading.is_ytd else period.first
        if end < period.first:
            return None
        self._check_overlap(reading, period)
        if reading.shift == "prev":
            grain = self._before(period).grain
            moved_first, moved_end = _one_back(first, grain), _one_back(end, grain)
        else:
            moved_first, moved_end = self._shifted(first, reading), self._shifted(end, reading)
        if moved_first < self._loaded_from(dataset):
            return None
        count = sum(1 for day in self.loads.dates(dataset) if moved_first <= day <= moved_end)
        is_stock = self.datasets[dataset].snapshot_grain
        return Window(moved_first, moved_end, count) if count or not is_stock else None

    def as_of(self, period: Period) -> date | None:
        """The latest date inside the period on which all stocks of the question are loaded."""
        if period not in self._as_of:
            inside = (d for d in self._common_loads if period.first <= d <= period.last)
            self._as_of[period] = max(inside, default=None)
        return self._as_of[period]

    def _before(self, period: Period) -> Period:
        """The period one back at the asked grain."""
        whole = whole_period(period.first, period.last)
        grain = self.request.grain or (whole.grain if whole else None)
        if grain is None or (self.is_default and not self.request.grain and len(self.stocks) < len(self.datasets)):
            raise NotComputable(
                "One period back is not clear for this range.",
                "Ask for one month, quarter, half or year, or add a grain to SELECT.",
                zh=("这个时间范围的“上一期”不明确。", "请问单个月、季度、半年或年，或按月、按季列出。"),
            )
        return period_of(period.first - timedelta(days=1), grain)

    def _shifted(self, day: date, reading: Reading) -> date:
        if reading.shift is None:
            return day
        if reading.shift == "year_start":
            return period_of(day, "year").first - timedelta(days=1)
        return add_months(day, -SHIFT_MONTHS[reading.shift])

    def _check_overlap(self, reading: Reading, period: Period) -> None:
        """A sum or mean over days cannot be compared with days that it holds itself."""
        months = SHIFT_MONTHS.get(reading.shift or "", 0)
        if months and add_months(period.first, months) <= period.last:
            raise NotComputable(
                f"A figure over {period.label} overlaps the {reading.shift} before it.",
                f"Ask by {reading.shift} or finer.",
                zh=(f"{period.label} 与要比较的上一期重叠。", "请改用更短的期间，或改问同比。"),
            )

    # -- what the reader must know ----------------------------------------------------------------------------
    def _note_unfinished(self) -> None:
        flows = [n for n in self.datasets if n not in self.stocks]
        for period in self.periods:
            if not period.first <= self.loaded_through < period.last:
                continue
            if flows:
                self.notes.append(
                    Note(
                        "unfinished",
                        f"{period.label} 尚未结束，数据截至 {self.loaded_through}；比较取相同天数。",
                        f"{period.label} is not finished; figures run to {self.loaded_through}"
                        " and compare with the same span.",
                    )
                )
            elif period.grain in MONTHS_IN and month_end(self.loaded_through) < period.last:
                self.notes.append(
                    Note(
                        "as_of",
                        f"{period.label} 取最近一期 {self.as_of(period)} 的余额。",
                        f"{period.label} shows balances as of {self.as_of(period)}.",
                    )
                )
        present = [a for a in self.atoms if not a.reading.shift] or self.atoms
        missing = [p.label for p in self.periods if all(self.of(a, p) is None for a in present)]
        if missing:
            self.notes.append(
                Note(
                    "not_loaded",
                    f"{'、'.join(_few(missing))} 未加载数据（最近加载 {self.loaded_through}）。",
                    f"Not loaded: {', '.join(_few(missing))} (last load {self.loaded_through}).",
                )
            )
        self.notes.extend(self._thin_loads())

    def _thin_loads(self) -> Iterable[Note]:
        """Loads with under 80 % of the rows of the load before, among those read."""
        for name in self.stocks:
            loads: tuple[Load, ...] = self.loads.by_dataset.get(name, ())
            read = {w.last for a in self.atoms if a.dataset.name == name for p in self.periods if (w := self.of(a, p))}
            for before, load in itertools.pairwise(loads):
                if load.as_of in read and before.rows and load.rows < FLAGGED_SHARE * before.rows:
                    share = f"{load.rows / before.rows:.0%}"
                    yield Note(
                        "thin_load",
                        f"{load.as_of} 的加载行数仅为上期的 {share}，数据可能不全。",
                        f"The load of {load.as_of} has only {share} of the rows before it.",
                    )


def _one_back(day: date, grain: Grain) -> date:
    if grain in ("day", "week"):
        return day - timedelta(days=1 if grain == "day" else 7)
    return add_months(day, -MONTHS_IN[grain])


def _few(labels: list[str]) -> list[str]:
    """The first labels, with a sign that there are more."""
    return labels if len(labels) <= MOST_TOLD else [*labels[: MOST_TOLD - 1], "…", labels[-1]]
