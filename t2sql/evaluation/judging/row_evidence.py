"""What two results that differ have in common: rows in another order, a column more, another scale, fewer rows.

Looks at values alone. What the SQL says is for `semantic_parts.py` and `sql_profile.py`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from t2sql.evaluation.judging.cells import NOT_WHOLE, NULL, NUMBER, Cells, Grid, Ints, Row, read_grids
from t2sql.evaluation.judging.comparing import assign, clusters

FACTORS = (1e2, 1e3, 1e4, 1e6, 1e8, 1e-2, 1e-3, 1e-4, 1e-6, 1e-8)
"""Percent, thousand, 万, million, 亿, and back."""
ROUNDED = 2e-3
"""Whoever changes a unit rounds as well: relative difference that is still the same figure in another unit."""
MOST_TRIES = 2_000
MOST_CELLS = 1_000_000
"""Larger results are not searched for another scale or for fewer rows."""
LABELS = {
    "year": re.compile("[0-9]{4}"), "half": re.compile("[0-9]{4}-H[12]"), "quarter": re.compile("[0-9]{4}-?Q[1-4]"),
    "month": re.compile("[0-9]{4}-[0-9]{2}"), "week": re.compile("[0-9]{4}-W[0-9]{2}"),
    "day": re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """A result as it is looked at here."""

    rows: Sequence[Row]
    width: int


def is_reordered(mine: Grid, theirs: Grid, tolerance: float) -> bool:
    """The same rows, in whatever order."""
    return len(mine.columns) == len(theirs.columns) and assign(theirs, mine, tolerance) is not None


def has_other_columns(mine: Grid, theirs: Grid, tolerance: float) -> int:
    """How many columns the first has beyond the second, whose rows are otherwise the same; 0 where that is not so."""
    more = len(mine.columns) - len(theirs.columns)
    narrow, wide = (theirs, mine) if more > 0 else (mine, theirs)
    return more if more and narrow.columns and assign(narrow, wide, tolerance) is not None else 0


def scale_of(mine: Grid, theirs: Grid, tolerance: float) -> float:
    """The factor by which some number column of the first is too large or too small; 0 where nothing else fits."""
    width = len(theirs.columns)
    if len(mine.columns) < width or mine.height != theirs.height or not 0 < mine.height * width <= MOST_CELLS:
        return 0.0
    scales = (1.0, *FACTORS)
    wide, origin = [], []
    for scale in scales:
        for index, column in enumerate(mine.columns):
            if scale == 1.0 or ((column.kinds == NUMBER) & (column.numbers != 0)).any():
                # Rounding is allowed here, so no number has to be exact.
                wholes = np.full_like(column.wholes, NOT_WHOLE)
                wide.append(Cells(column.kinds, column.numbers / scale, wholes))
                origin.append((index, scale))
    found = assign(theirs, Grid(tuple(wide), mine.height), max(tolerance, ROUNDED))
    if found is None or len({origin[i][0] for i in found}) < len(found):
        return 0.0
    return next((origin[i][1] for i in found if origin[i][1] != 1.0), 0.0)


def holds(large: Grid, small: Grid, tolerance: float) -> bool:
    """Whether every row of `small` is a row of `large`, counted as often."""
    width = len(small.columns)
    if not width and not small.height:
        return True
    if len(large.columns) != width or large.height < small.height or large.height * width > MOST_CELLS:
        return False
    if not small.height:
        return True
    pairs: dict[tuple[int, int], tuple[Ints, Ints]] = {}
    tries = 0

    def fits(j: int, used: tuple[int, ...], mine: Ints, theirs: Ints) -> bool:
        nonlocal tries
        tries += 1
        if j == width:
            return True
        for i in sorted(set(range(width)) - set(used), key=lambda i: i != j):
            if tries > MOST_TRIES:
                return False
            if (j, i) not in pairs:
                pairs[j, i] = clusters(small.columns[j], large.columns[i], tolerance)
            finer = _combined(mine, theirs, *pairs[j, i])
            if finer is not None and fits(j + 1, (*used, i), *finer):
                return True
        return False

    return fits(0, (), np.zeros(small.height, dtype=np.int64), np.zeros(large.height, dtype=np.int64))


def _combined(mine: Ints, theirs: Ints, a: Ints, b: Ints) -> tuple[Ints, Ints] | None:
    """Finer classes; None when the first holds one more often than the second."""
    count = int(max(a.max(), b.max())) + 1
    _, labels = np.unique(np.concatenate((mine * count + a, theirs * count + b)), return_inverse=True)
    left, right = labels[: len(mine)], labels[len(mine) :]
    size = int(labels.max()) + 1
    enough = (np.bincount(left, minlength=size) <= np.bincount(right, minlength=size)).all()
    return (left, right) if enough else None


def grids_of(mine: Shown, theirs: Shown, *, exact_whole: bool = True) -> tuple[Grid, Grid]:
    """Both results as grids that can be compared; `exact_whole` as in `read_grids`."""
    first, second = read_grids((mine.rows, mine.width), (theirs.rows, theirs.width), exact_whole=exact_whole)
    return first, second


def labels_of(shown: Shown, index: int) -> tuple[str, frozenset[str]]:
    """What kind of period the texts of a column are labels of, and the labels; ("", …) where they are none."""
    values = [row[index] for row in shown.rows if row[index] is not None]
    if not all(isinstance(value, (str, date)) for value in values):
        return "", frozenset()
    texts = {str(value)[:10] for value in values}
    for kind, pattern in LABELS.items():
        if texts and all(pattern.fullmatch(text) for text in texts):
            return kind, frozenset(texts)
    return "", frozenset()


def text_share(mine: Grid, theirs: Grid, i: int, j: int) -> float:
    """The share of the texts of one column that stand in another: of the column that has fewer."""
    first = {int(k) for k in mine.columns[i].kinds if k not in (NULL, NUMBER)}
    second = {int(k) for k in theirs.columns[j].kinds if k not in (NULL, NUMBER)}
    least = min(len(first), len(second))
    return len(first & second) / least if least else 0.0
