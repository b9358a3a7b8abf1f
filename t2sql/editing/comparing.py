"""What an edit of semantic SQL changed in its result: columns, rows and figures.

Rows meet by their keys (dimensions and periods); where the keys differ, rows are not set against each other. Compares
what it is handed and runs nothing; a cut result is told as cut.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from t2sql.flow import Column, Result
from t2sql.wording import POINTS, RATIO

MOST_LISTED = 200
_NO_CHANGE = 1e-12
Key: TypeAlias = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class ChangedFigure:
    """One figure that both results have and that differs."""

    key: Key
    """Values of `Comparison.keys`, in their order."""
    column: Column
    """As the second result has it."""
    first: Any
    second: Any
    """As stored; None for no figure."""

    @property
    def difference(self) -> float | None:
        """Second less first, in the figure's own unit; None where one is missing or no number."""
        first, second = _number(self.first), _number(self.second)
        return None if first is None or second is None else float(second - first)

    @property
    def relative(self) -> float | None:
        """The difference over the size of the first; None for ratios and points, and over nothing."""
        first, difference = _number(self.first), self.difference
        if self.column.unit in (RATIO, POINTS) or difference is None or not first:
            return None
        return difference / abs(float(first))


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a second result differs from a first."""

    columns_added: tuple[Column, ...]
    columns_removed: tuple[Column, ...]
    keys: tuple[Column, ...]
    """Columns that rows meet by, as the second result has them; () where there are none."""
    are_rows_matched: bool
    """False where the two are grouped differently, so that no row stands for a row of the other."""
    rows: tuple[int, int]
    """How many rows the first and the second have."""
    added: tuple[Key, ...]
    removed: tuple[Key, ...]
    changed: tuple[ChangedFigure, ...]
    """Each at most 200, in the order of the result that has them."""
    counts: tuple[int, int, int]
    """How many were added, removed and changed in all."""
    unchanged: int
    """Figures that are equal in both."""
    largest: ChangedFigure | None
    """Of the first column that changed, the change that is furthest from none; None where none can be measured."""
    is_reordered: bool
    """Whether rows that both have stand in another order."""
    is_cut: bool
    """Whether the row limit cut one of them, so that what is missing may only be cut off."""

    @property
    def is_same(self) -> bool:
        """Whether nothing at all differs, order included."""
        return (
            not (self.columns_added or self.columns_removed or any(self.counts) or self.is_reordered)
            and self.are_rows_matched
        )


def compare_results(first: Result, second: Result) -> Comparison:
    """How `second` differs from `first`."""
    pairs = _paired(first.columns, second.columns)
    removed_columns = tuple(c for i, c in enumerate(first.columns) if i not in {a for a, _ in pairs})
    added_columns = tuple(c for i, c in enumerate(second.columns) if i not in {b for _, b in pairs})
    keys = [(a, b) for a, b in pairs if second.columns[b].kind != "metric"]
    figures = [(a, b) for a, b in pairs if second.columns[b].kind == "metric"]
    are_matched = all(column.kind == "metric" for column in (*removed_columns, *added_columns))
    nothing = Comparison(
        added_columns, removed_columns, tuple(second.columns[b] for _, b in keys), are_matched,
        (len(first.rows), len(second.rows)), (), (), (), (0, 0, 0), 0, None, False, first.truncated or second.truncated,
    )  # fmt: skip
    return _with_rows(nothing, first, second, keys, figures) if are_matched else nothing


def _paired(first: Sequence[Column], second: Sequence[Column]) -> list[tuple[int, int]]:
    """Places of the columns that are the same in both: by name, or by the figure that they show."""
    found: list[tuple[int, int]] = []
    taken: set[int] = set()
    for is_same in (_has_same_name, _shows_same):
        for a, one in enumerate(first):
            if any(a == known for known, _ in found):
                continue
            b = next((b for b, other in enumerate(second) if b not in taken and is_same(one, other)), None)
            if b is not None:
                found.append((a, b))
                taken.add(b)
    return sorted(found, key=lambda pair: pair[1])


def _has_same_name(one: Column, other: Column) -> bool:
    same = (one.kind, one.metric, one.function, one.unit) == (other.kind, other.metric, other.function, other.unit)
    return one.name == other.name and same


def _shows_same(one: Column, other: Column) -> bool:
    """Whether both show one signed figure, though under another name."""
    return bool(one.metric) and (one.metric, one.function, one.unit) == (other.metric, other.function, other.unit)


def _with_rows(
    found: Comparison, first: Result, second: Result, keys: list[tuple[int, int]], figures: list[tuple[int, int]]
) -> Comparison:
    old = dict(zip(_keys(first.rows, [a for a, _ in keys]), first.rows, strict=True))
    new = dict(zip(_keys(second.rows, [b for _, b in keys]), second.rows, strict=True))
    added = [key for key in new if key not in old]
    removed = [key for key in old if key not in new]
    changed: list[ChangedFigure] = []
    counted = unchanged = 0
    largest: ChangedFigure | None = None
    for key, row in new.items():
        if key in old:
            for a, b in figures:
                if _is_equal(old[key][a], row[b]):
                    unchanged += 1
                    continue
                counted += 1
                change = ChangedFigure(key[:-1], second.columns[b], old[key][a], row[b])
                largest = _further(largest, change)
                if len(changed) < MOST_LISTED:
                    changed.append(change)
    both = [key for key in old if key in new]
    return Comparison(
        found.columns_added, found.columns_removed, found.keys, True, found.rows,
        tuple(key[:-1] for key in added[:MOST_LISTED]), tuple(key[:-1] for key in removed[:MOST_LISTED]),
        tuple(changed), (len(added), len(removed), counted), unchanged, largest,
        both != [key for key in new if key in old], found.is_cut,
    )  # fmt: skip


def _further(known: ChangedFigure | None, change: ChangedFigure) -> ChangedFigure | None:
    """The larger of two changes of one column."""
    if change.difference is None:
        return known
    if known is None or known.difference is None:
        return change
    is_larger = change.column == known.column and abs(change.difference) > abs(known.difference)
    return change if is_larger else known


def _keys(rows: Iterable[Sequence[Any]], places: Sequence[int]) -> list[Key]:
    """Each row's key, ending with which one of that key it is: rows that are alike are told apart by their order."""
    seen: Counter[Key] = Counter()
    found = []
    for row in rows:
        key = tuple(row[place] for place in places)
        found.append((*key, seen[key]))
        seen[key] += 1
    return found


def _is_equal(one: Any, other: Any) -> bool:
    """Whether two figures are the same but for the last digits of floating point."""
    if one == other or (one != one and other != other):
        return True
    a, b = _number(one), _number(other)
    if a is None or b is None:
        return False
    return abs(a - b) <= Decimal(_NO_CHANGE) * max(abs(a), abs(b))


def _number(value: Any) -> Decimal | None:
    """A finite number; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return None
    number = value if isinstance(value, Decimal) else Decimal(repr(value))
    return number if number.is_finite() else None
