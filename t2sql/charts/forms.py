"""Which forms a result can take, best first, and what it is made of: keys, periods, groups and figures.

It decides and draws nothing. A form that would tell more than the rows do (parts of a whole that do not add up, a line
over a gap) is not offered as the best, or not at all.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Container, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any, Literal, TypeAlias

from t2sql.flow import Column
from t2sql.wording import POINTS, RATIO, is_signed, next_period

Form = Literal["line", "bar", "stacked", "share", "heat", "figure", "table"]
Rows: TypeAlias = Sequence[Sequence[Any]]
MOST_CATEGORIES = 50
MOST_COLOURS = 12
MOST_BARS_A_GROUP = 6
MOST_BARS = 72
"""In groups that stand together; more would be a picture taller than any page."""
MOST_PERIODS = 400
MOST_COLUMNS = 60
"""Periods that stand side by side as bars or cells."""
MOST_ACROSS = 30
_DIGIT = re.compile(r"\d")
_PLAIN = ("", "ytd", "prev", "prior_year")
"""What may stand over a metric that adds up, and the figures still do."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A result as a picture sees it; all places are indices of `columns`."""

    columns: Sequence[Column]
    rows: Rows
    metrics: tuple[int, ...]
    """Figures that can be drawn: numbers, not all missing, no ranks."""
    periods: tuple[int, ...]
    groups: tuple[int, ...]
    """Dimensions with more than one member."""
    is_one: bool
    """One row: a figure, not a picture."""

    def count(self, place: int) -> int:
        """How many members a column has."""
        return len({row[place] for row in self.rows})

    def is_run(self) -> bool:
        """Whether the periods follow one another, so that a line between them says what was in between."""
        (place,) = self.periods
        known = sorted({str(row[place]) for row in self.rows if row[place] is not None})
        return self.count(place) > 2 and all(next_period(a) in ("", b) for a, b in pairwise(known))

    def figures(self, place: int) -> list[Any]:
        """The figures of one column that are there."""
        return [row[place] for row in self.rows if _is_there(row[place])]


def see(columns: Sequence[Column], rows: Rows) -> Seen | None:
    """What there is to draw; None for what only a table shows: no figures, repeated keys or names, mixed periods."""
    metrics = tuple(
        i
        for i, c in enumerate(columns)
        if c.kind == "metric"
        and c.function != "rank"
        and c.type in ("integer", "number")
        and any(_is_there(row[i]) for row in rows)
    )
    if not metrics or not rows or len({c.name for c in columns}) < len(columns):
        return None
    keys = [i for i, c in enumerate(columns) if c.kind != "metric" and len({row[i] for row in rows}) > 1]
    if len({tuple(row[i] for i in keys) for row in rows}) < len(rows):
        return None
    periods = tuple(i for i in keys if columns[i].kind == "period")
    if any(len({_DIGIT.sub("9", str(row[i])) for row in rows if row[i] is not None}) > 1 for i in periods):
        return None
    return Seen(
        columns, rows, metrics, periods, tuple(i for i in keys if columns[i].kind == "dimension"), len(rows) == 1
    )


def chart_forms(
    columns: Sequence[Column], rows: Rows, additive: Container[str] = (), metric: str = ""
) -> tuple[Form, ...]:
    """Forms that show the rows, best first; "table" is always the last.

    `additive`: metrics that may be added up over the groups shown, as `addable` finds them; only they are stacked or
    shown as shares. `metric`: the column to draw; "" for the first figure.
    """
    seen = see(columns, rows)
    if seen is None:
        return ("table",)
    if seen.is_one:
        return ("figure", "table")
    return (*_forms(seen, drawn(seen, metric)[0], additive), "table")


def _forms(seen: Seen, place: int, additive: Container[str]) -> tuple[Form, ...]:
    """Pictures that show the figure at `place`, best first."""
    if len(seen.periods) == 1 and not seen.groups:
        return _over_time(seen)
    if len(seen.periods) == 1 and len(seen.groups) == 1:
        return _over_time_by_group(seen, place, additive)
    if not seen.periods and len(seen.groups) == 1 and seen.count(seen.groups[0]) <= MOST_CATEGORIES:
        return ("bar", "share") if _sums(seen, place, additive, ()) else ("bar",)
    if not seen.periods and len(seen.groups) == 2:
        return _two_ways(seen, place, additive)
    return ()


def metrics_drawn(
    form: Form, columns: Sequence[Column], rows: Rows, additive: Container[str] = ()
) -> tuple[tuple[str, ...], ...]:
    """Names of the columns that each picture of this form shows together; the first is drawn unless another is chosen.

    Figures of one scale stand together in lines and bars without groups; else each has a picture of its own. Only those
    for which `chart_forms`, with the same `additive`, offers the form; () where there is nothing to draw.
    """
    seen = see(columns, rows)
    if seen is None or form == "table":
        return ()
    if form == "figure":
        return (tuple(columns[i].name for i in seen.metrics),) if seen.is_one else ()
    offered = [i for i in seen.metrics if not seen.is_one and form in _forms(seen, i, additive)]
    if is_single(seen) or form in ("stacked", "share", "heat"):
        return tuple((columns[i].name,) for i in offered)
    scales: dict[tuple[str, bool], list[str]] = defaultdict(list)
    for i in offered:
        scales[scale_of(columns[i])].append(columns[i].name)
    return tuple(
        tuple(names[k : k + MOST_BARS_A_GROUP])
        for names in scales.values()
        for k in range(0, len(names), MOST_BARS_A_GROUP)
    )


def drawn(seen: Seen, metric: str) -> tuple[int, ...]:
    """Places of the figures of one picture: those that share the scale of `metric`, it first."""
    chosen = next((i for i in seen.metrics if seen.columns[i].name == metric), seen.metrics[0])
    if is_single(seen):
        return (chosen,)
    alike = [i for i in seen.metrics if scale_of(seen.columns[i]) == scale_of(seen.columns[chosen])]
    batch = alike.index(chosen) // MOST_BARS_A_GROUP * MOST_BARS_A_GROUP
    together = alike[batch : batch + MOST_BARS_A_GROUP]
    return (chosen, *(i for i in together if i != chosen))


def is_single(seen: Seen) -> bool:
    """Whether colour or place already tells a group, so that one figure only can be drawn."""
    return len(seen.groups) + len(seen.periods) > 1


def scale_of(column: Column) -> tuple[str, bool]:
    """What two figures on one axis must share."""
    return column.unit, is_signed(column)


def by_size(seen: Seen) -> tuple[int, int]:
    """The two groups, the one with fewer members first."""
    inner, outer = sorted(seen.groups, key=seen.count)
    return inner, outer


def _is_there(value: Any) -> bool:
    """Whether there is a figure to draw: no NULL, and nothing without an end."""
    return value is not None and math.isfinite(value)


def _over_time(seen: Seen) -> tuple[Form, ...]:
    count = seen.count(seen.periods[0])
    if count > MOST_PERIODS:
        return ()
    bars: tuple[Form, ...] = ("bar",) if count <= MOST_COLUMNS else ()
    return ("line", *bars) if seen.is_run() or not bars else (*bars, "line")


def _over_time_by_group(seen: Seen, place: int, additive: Container[str]) -> tuple[Form, ...]:
    count, members = seen.count(seen.periods[0]), seen.count(seen.groups[0])
    few = members <= MOST_COLOURS
    bars: list[Form] = ["bar"] if members <= MOST_BARS_A_GROUP and count * members <= MOST_BARS else []
    wholes: list[Form] = []
    if few and count <= MOST_COLUMNS and _sums(seen, place, additive, seen.periods):
        wholes = ["stacked"] if seen.columns[place].unit == RATIO else ["stacked", "share"]
    lines: list[Form] = ["line"] if few and count <= MOST_PERIODS else []
    cells: list[Form] = ["heat"] if count <= MOST_COLUMNS and members <= MOST_CATEGORIES else []
    best = lines + wholes + bars if seen.is_run() else bars + wholes + lines
    return (*best, *cells)


def _two_ways(seen: Seen, place: int, additive: Container[str]) -> tuple[Form, ...]:
    inner, outer = by_size(seen)
    across, down = seen.count(inner), seen.count(outer)
    if down > MOST_CATEGORIES:
        return ()
    bars: list[Form] = ["bar"] if across <= MOST_BARS_A_GROUP and across * down <= MOST_BARS else []
    wholes: list[Form] = []
    if across <= MOST_COLOURS and _sums(seen, place, additive, (outer,)):
        wholes = ["stacked"] if seen.columns[place].unit == RATIO else ["stacked", "share"]
    cells: list[Form] = ["heat"] if across <= MOST_ACROSS else []
    return (*bars, *wholes, *cells)


def _sums(seen: Seen, place: int, additive: Container[str], within: Sequence[int]) -> bool:
    """Whether the figures are parts that may be put together over the groups: all there, none below zero.

    A share is one where the parts of each whole, one for each member of `within`, are seen to make 1.
    """
    column = seen.columns[place]
    values = [row[place] for row in seen.rows]
    if any(not _is_there(value) or value < 0 for value in values) or not any(values):
        return False
    if column.function == "share" and within:
        wholes: Counter[Any] = Counter()
        for row in seen.rows:
            wholes[tuple(row[i] for i in within)] += Decimal(str(row[place]))  # type: ignore[assignment]
        return all(abs(float(whole) - 1) < 1e-6 for whole in wholes.values())
    return column.metric in additive and column.function in _PLAIN and column.unit not in (RATIO, POINTS)
