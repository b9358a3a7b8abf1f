"""What is loaded: the load calendars of one question's datasets, and the dates that they give.

Rows, filters and rights never reach it, so that an as-of date is one for everybody.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from datetime import date
from functools import cached_property

from t2sql.catalog import Dataset, Grain
from t2sql.compiler.calendar.periods import MONTHS_IN, Period, month_end, period_of
from t2sql.compiler.calendar.readings import Shift, moved
from t2sql.errors import NotComputable
from t2sql.flow import Loads


class Calendars:
    """The loads behind one question. Raises NotComputable where a dataset has none."""

    def __init__(self, datasets: Mapping[str, Dataset], loads: Loads) -> None:
        self.datasets, self.loads = datasets, loads
        self.stocks = sorted(n for n, d in datasets.items() if d.snapshot_grain)
        self._days = {name: loads.dates(name) for name in datasets}
        for name, days in self._days.items():
            if not days:
                raise NotComputable(
                    f"Nothing is loaded for dataset {name!r}.",
                    "Load it, or check its load calendar in model.yml.",
                    zh=(f"{datasets[name].display.zh}还没有加载数据。", "请先加载，或检查 model.yml 中的加载日历。"),
                )
        self._as_of: dict[Period, date | None] = {}
        self._gaps: dict[str, frozenset[date]] = {}
        self.loaded_through = min((days[-1] for days in self._days.values()), default=date.min)
        """The last day that every dataset is loaded for."""

    def first_load(self) -> date:
        """The first day from which every dataset is loaded."""
        return max(days[0] for days in self._days.values())

    def loaded_from(self, dataset: str) -> date:
        """First day that the loads of `dataset` tell about: a load stands for its whole period."""
        return period_of(self._days[dataset][0], self.datasets[dataset].snapshot_grain or "month").first

    def count(self, dataset: str, first: date, last: date) -> int:
        """Loads from `first` to `last`."""
        days = self._days[dataset]
        return bisect_right(days, last) - bisect_left(days, first)

    def is_loaded(self, dataset: str, day: date) -> bool:
        """Whether `day` itself is a load."""
        return bool(self.count(dataset, day, day))

    def coarsest_snapshot(self) -> Grain:
        """The grain of the rarest stock; months where there is none."""
        grains: list[Grain] = [self.datasets[n].snapshot_grain or "month" for n in self.stocks]
        return max(grains or ["month"], key=lambda g: MONTHS_IN.get(g, 0))

    # -- as-of dates ------------------------------------------------------------------------------------------
    @cached_property
    def common(self) -> tuple[date, ...]:
        """Dates on which every stock of the question is loaded."""
        every = [set(self._days[name]) for name in self.stocks]
        return tuple(sorted(set.intersection(*every))) if every else ()

    def as_of(self, period: Period) -> date | None:
        """The latest date inside the period on which all stocks of the question are loaded."""
        if period not in self._as_of:
            self._as_of[period] = _last_inside(self.common, period)
        return self._as_of[period]

    def own_as_of(self, dataset: str, period: Period) -> date | None:
        """The latest load of one dataset inside the period, whatever the others have."""
        return _last_inside(self._days[dataset], period)

    def base_of(self, dataset: str, as_of: date, shift: Shift, grain: Grain) -> date | None:
        """The load of `dataset` that `as_of` is compared with; None where it is not loaded, never an earlier one.

        The close of a month meets the close of the other month, on whatever day either was loaded; any other day, and
        figures by day or week, meet the same day.
        """
        target = moved(as_of, shift)
        if shift == "year_start" or (grain in MONTHS_IN and self._is_close(dataset, as_of)):
            close = self.as_of(period_of(target, "month"))
            if close:
                return close if self.is_loaded(dataset, close) else None
        return target if self.is_loaded(dataset, target) else None

    def _is_close(self, dataset: str, day: date) -> bool:
        """Whether `day` is the last common load of its month, and the month is over or has one load."""
        if self.as_of(period_of(day, "month")) != day:
            return False
        return self._is_over(dataset, day)

    def _is_over(self, dataset: str, day: date) -> bool:
        end = month_end(day)
        return (
            day == end or self._days[dataset][-1] > end or (self.datasets[dataset].snapshot_grain or "day") in MONTHS_IN
        )

    # -- spans ------------------------------------------------------------------------------------------------
    def month_closes(self, dataset: str, first: date, last: date) -> tuple[date, ...]:
        """The last load of each month that is over, where it lies in first..last."""
        days = self._days[dataset]
        inside = days[bisect_left(days, first) : bisect_right(days, last)]
        closes = {(day.year, day.month): day for day in inside}
        return tuple(
            day
            for day in closes.values()
            if self.own_as_of(dataset, period_of(day, "month")) == day and self._is_over(dataset, day)
        )

    def has_gap(self, dataset: str, first: date, last: date) -> bool:
        """Whether rows that add up miss a load in first..last: their sum would be a part that looks whole."""
        if dataset not in self._gaps:
            self._gaps[dataset] = self._find_gaps(dataset)
        return any(first <= month_end(month) and month <= last for month in self._gaps[dataset])

    def _find_gaps(self, dataset: str) -> frozenset[date]:
        """First days of months without a load, for a flow that records its loads.

        A flow may be loaded by quarter: then a load stands for three months.
        """
        if self.datasets[dataset].snapshot_grain or not self.datasets[dataset].load_calendar:
            return frozenset()
        months = sorted({day.year * 12 + day.month - 1 for day in self._days[dataset]})
        steps = [after - before for before, after in itertools.pairwise(months)]
        step = min(steps, default=1)
        missing = {
            month for before, after in itertools.pairwise(months) for month in range(before + 1, after - step + 1)
        }
        return frozenset(date(month // 12, month % 12 + 1, 1) for month in missing)


def _last_inside(days: tuple[date, ...], period: Period) -> date | None:
    index = bisect_right(days, period.last)
    return days[index - 1] if index and days[index - 1] >= period.first else None
