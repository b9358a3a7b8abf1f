"""Why an answer is not right: one reason a miss, the most fundamental one that there is evidence for.

The order is in docs/cases.md: what values alone prove, then metric, grouping, period, filter, order and cut, then what
only the numbers of rows and columns say. Nothing here calls an answer right.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from t2sql.evaluation.judging.cells import Grid
from t2sql.evaluation.judging.differences import Difference, counted, cut, instead, listed
from t2sql.evaluation.judging.profile_reasons import compare_profiles
from t2sql.evaluation.judging.row_evidence import (
    Shown,
    grids_of,
    has_other_columns,
    holds,
    is_reordered,
    scale_of,
)
from t2sql.evaluation.judging.semantic_parts import Parts, read_parts
from t2sql.evaluation.judging.sql_profile import read_profile
from t2sql.evaluation.judging.verdicts import Reason

NOTHING_KNOWN = 3
"""How far a gold is that shares nothing with the answer, in things that differ."""


@dataclass(frozen=True, slots=True)
class Written:
    """One side of a comparison: rows, and how they were asked for."""

    shown: Shown
    physical_sql: str
    semantic_sql: str = ""
    metrics: frozenset[str] = frozenset()
    """Names in `semantic_sql` that are metrics."""
    as_of: frozenset[str] = frozenset()
    """Days read, as provenance tells them."""


@dataclass(frozen=True, slots=True)
class Miss:
    """Why an answer is wrong against one gold."""

    reason: Reason
    detail: str
    distance: int
    """How many things differ; the gold with the fewest is the one that was meant."""


def find_miss(mine: Written, theirs: Written, tolerance: float, *, is_ordered: bool, exact_whole: bool = True) -> Miss:
    """The reason why `mine` is not `theirs`, which it is known not to be."""
    first, second = grids_of(mine.shown, theirs.shown, exact_whole=exact_whole)
    if proven := _by_values(first, second, tolerance, is_ordered):
        return Miss(proven.reason, proven.detail, 1)
    found = list(_by_sql(mine, theirs, first, second))
    rows = list(_by_rows(mine, theirs, first, second, tolerance))
    ranked = [d for d in found if d.is_proven] + rows + [d for d in found if not d.is_proven]
    if ranked:
        return Miss(ranked[0].reason, ranked[0].detail, 1 + len(ranked))
    return Miss("wrong values", _first_difference(mine.shown, theirs.shown), NOTHING_KNOWN)


def _by_values(mine: Grid, theirs: Grid, tolerance: float, is_ordered: bool) -> Difference | None:
    """What values alone prove."""
    if is_ordered and is_reordered(mine, theirs, tolerance):
        return Difference("wrong order", "the rows are right, in another order")
    if more := has_other_columns(mine, theirs, tolerance):
        reason: Reason = "extra columns" if more > 0 else "missing columns"
        return Difference(reason, f"{counted(len(mine.columns), 'column')} instead of {len(theirs.columns)}")
    if scale := scale_of(mine, theirs, tolerance):
        return Difference("wrong unit or scale", f"a number is {scale:g} times the right one")
    return None


def _by_sql(mine: Written, theirs: Written, first: Grid, second: Grid) -> Iterable[Difference]:
    """What the SQLs say, the most fundamental first: semantic SQL where both have it."""
    metrics = mine.metrics | theirs.metrics
    if mine.semantic_sql and theirs.semantic_sql:
        parts, right = read_parts(mine.semantic_sql, metrics), read_parts(theirs.semantic_sql, metrics)
        if parts and right:
            yield from _by_parts(parts, right, mine, theirs)
            return
    profile, wanted = read_profile(mine.physical_sql), read_profile(theirs.physical_sql)
    if profile and wanted:
        yield from compare_profiles(profile, wanted, mine.shown, theirs.shown, (first, second))


# -- semantic SQL --------------------------------------------------------------------------------------------------
def _by_parts(mine: Parts, right: Parts, asked: Written, wanted: Written) -> Iterable[Difference]:
    more, less = mine.measures - right.measures, right.measures - mine.measures
    if more and less:
        yield instead("wrong metric", more, less)
    if mine.groups != right.groups:
        yield instead("wrong grouping", mine.groups - right.groups, right.groups - mine.groups)
    same_days = bool(asked.as_of) and asked.as_of == wanted.as_of and not (more or less)
    if mine.periods != right.periods and not same_days:
        yield instead("wrong period", mine.periods - right.periods, right.periods - mine.periods)
    if mine.conditions != right.conditions:
        yield instead("wrong filter", mine.conditions - right.conditions, right.conditions - mine.conditions)
    if mine.order != right.order and mine.limit is not None and right.limit is not None:
        yield Difference("wrong order", f"ordered by {listed(mine.order)} instead of {listed(right.order)}")
    if mine.limit != right.limit:
        yield from cut(mine.limit, right.limit, asked.shown, wanted.shown)
    if more and not less:
        yield instead("extra columns", more, less)
    if less and not more:
        yield instead("missing columns", more, less)


# -- rows ----------------------------------------------------------------------------------------------------------
def _by_rows(mine: Written, theirs: Written, first: Grid, second: Grid, tolerance: float) -> Iterable[Difference]:
    if first.height < second.height and holds(second, first, tolerance):
        yield Difference("missing rows", f"{counted(first.height, 'row')} instead of {second.height}")
    elif first.height > second.height and holds(first, second, tolerance):
        yield Difference("extra rows", f"{counted(first.height, 'row')} instead of {second.height}")
    elif mine.shown.width > theirs.shown.width:
        yield Difference("extra columns", f"{mine.shown.width} instead of {theirs.shown.width}", is_proven=False)
    elif mine.shown.width < theirs.shown.width:
        yield Difference("missing columns", f"{mine.shown.width} instead of {theirs.shown.width}", is_proven=False)


def _first_difference(mine: Shown, theirs: Shown) -> str:
    if len(mine.rows) != len(theirs.rows):
        return f"{counted(len(mine.rows), 'row')} instead of {len(theirs.rows)}"
    for row, other in zip(sorted(mine.rows, key=_row), sorted(theirs.rows, key=_row), strict=True):
        if _row(row) != _row(other):
            return f"{_row(row)} instead of {_row(other)}"
    return "the values differ"


def _row(row: Iterable[object]) -> str:
    text = ", ".join("NULL" if value is None else " ".join(str(value).split()) for value in row)
    return f"({text[:80]}{'…' if len(text) > 80 else ''})"
