"""Whether two results hold the same rows: multisets, whatever the names and the order of columns.

SQL text is never looked at. Two whole numbers are equal only when they are the same: identifiers and counts. A number
with a fraction equals any other within a relative tolerance, which is not transitive, so rows are paired one to one
instead of sorted and compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from t2sql.evaluation.judging.cells import NOT_WHOLE, NUMBER, Cells, Floats, Grid, Ints, Row, read_grids

NOTHING = 1e-9
"""Two numbers nearer to zero than this are equal."""
MOST_TRIES = 500
"""Full comparisons of one pair of results before its columns count as not matching."""
MOST_PAIRS = 5_000_000
"""Pairs of rows within tolerance that are weighed at most."""


def same_rows(
    predicted: Sequence[Row],
    width: int,
    gold: Sequence[Row],
    gold_width: int,
    tolerance: float,
    ties: Sequence[int] = (),
    *,
    exact_whole: bool = True,
) -> bool:
    """Whether the columns of a prediction can be put so that both hold the same rows. A gold without rows and columns
    is any result without rows.

    `ties`: for each gold row the number of its place in the order; rows of one number may stand in any order. Without
    it no order counts. `exact_whole`: False where the tolerance is for whole numbers too.
    """
    if not predicted and not gold and not gold_width:
        return True
    if width != gold_width or len(predicted) != len(gold):
        return False
    mine, theirs = read_grids((predicted, width), (gold, gold_width), exact_whole=exact_whole)
    return assign(theirs, mine, tolerance, ties) is not None


def assign(narrow: Grid, wide: Grid, tolerance: float, ties: Sequence[int] = ()) -> tuple[int, ...] | None:
    """For each column of `narrow` the column of `wide` so that both hold the same rows; None when there is none."""
    if narrow.height != wide.height or len(narrow.columns) > len(wide.columns):
        return None
    if not narrow.height:
        return tuple(range(len(narrow.columns)))
    candidates = []
    others = [_sorted(column) for column in wide.columns]
    for j, column in enumerate(map(_sorted, narrow.columns)):
        fitting = [i for i, other in enumerate(others) if _may_equal(column, other, tolerance)]
        candidates.append(sorted(fitting, key=j.__ne__))
    if not all(candidates):
        return None
    places = np.asarray(ties, dtype=np.int64) if len(ties) else np.zeros(narrow.height, dtype=np.int64)
    return _Search(narrow, wide, tolerance, candidates).find(places)


def close(a: Floats, b: Floats, tolerance: float) -> NDArray[np.bool_]:
    """Elementwise: equal within `tolerance` of the larger."""
    larger = np.maximum(np.abs(a), np.abs(b))
    result: NDArray[np.bool_] = (np.abs(a - b) <= tolerance * larger) | (larger < NOTHING)
    return result


def _alike(a: Cells, b: Cells, tolerance: float) -> NDArray[np.bool_]:
    """Elementwise, for cells of one kind: two whole numbers when they are the same, others within the tolerance."""
    result: NDArray[np.bool_] = close(a.numbers, b.numbers, tolerance) & ~_are_other_wholes(a.wholes, b.wholes)
    return result


def _are_other_wholes(a: Ints, b: Ints) -> NDArray[np.bool_]:
    result: NDArray[np.bool_] = (a != b) & (a != NOT_WHOLE) & (b != NOT_WHOLE)
    return result


def same_column(a: Cells, b: Cells, tolerance: float) -> bool:
    """Whether two columns of one height hold the same multiset of values."""
    height = len(a.kinds)
    return assign(Grid((a,), height), Grid((b,), height), tolerance) is not None


def _sorted(column: Cells) -> Cells:
    return column.at(np.lexsort((column.wholes, column.numbers, column.kinds)))


def _may_equal(a: Cells, b: Cells, tolerance: float) -> bool:
    """False where two sorted columns surely differ."""
    if not np.array_equal(a.kinds, b.kinds) or not close(a.numbers, b.numbers, tolerance).all():
        return False
    # Beside numbers with a fraction, a whole number may have another partner than its neighbour here.
    has_fractions = any(((c.kinds == NUMBER) & (c.wholes == NOT_WHOLE)).any() for c in (a, b))
    return has_fractions or not _are_other_wholes(a.wholes, b.wholes).any()


def clusters(a: Cells, b: Cells, tolerance: float) -> tuple[Ints, Ints]:
    """Numbers of the clusters that the cells of two columns fall in: equal cells never fall apart."""
    kinds, numbers = np.concatenate((a.kinds, b.kinds)), np.concatenate((a.numbers, b.numbers))
    wholes = np.concatenate((a.wholes, b.wholes))
    order = np.lexsort((wholes, numbers, kinds))
    kinds, numbers, wholes = kinds[order], numbers[order], wholes[order]
    steps = (kinds[1:] != kinds[:-1]) | ~close(numbers[1:], numbers[:-1], tolerance)
    near = np.concatenate(([0], np.cumsum(steps)))
    # A number with a fraction may equal several whole ones: only clusters without any fall apart by whole number.
    is_whole = np.bincount(near, weights=wholes == NOT_WHOLE) == 0
    steps |= is_whole[near[1:]] & (wholes[1:] != wholes[:-1])
    labels = np.empty(len(order), dtype=np.int64)
    labels[order] = np.concatenate(([0], np.cumsum(steps)))
    return labels[: len(a.kinds)], labels[len(a.kinds) :]


@dataclass(slots=True)
class _Search:
    """One search for an assignment of columns, the column with the fewest candidates first."""

    narrow: Grid
    wide: Grid
    tolerance: float
    candidates: list[list[int]]
    tries: int = 0
    clusters: dict[tuple[int, int], tuple[Ints, Ints]] = field(default_factory=dict)

    def find(self, places: Ints) -> tuple[int, ...] | None:
        order = sorted(range(len(self.candidates)), key=lambda j: len(self.candidates[j]))
        chosen: dict[int, int] = {}
        found = self._go(order, 0, chosen, places, places)
        return tuple(chosen[j] for j in range(len(order))) if found else None

    def _go(self, order: list[int], depth: int, chosen: dict[int, int], mine: Ints, theirs: Ints) -> bool:
        """`mine` and `theirs`: for each row the number of its class by the columns chosen so far."""
        if depth == len(order):
            self.tries += 1
            return self._pairs_up(chosen, mine, theirs)
        j = order[depth]
        tried: list[int] = []
        for i in self.candidates[j]:
            if i in chosen.values() or any(self._is_twin(i, other) for other in tried):
                continue
            if self.tries > MOST_TRIES:
                return False
            tried.append(i)
            a, b = self._clustered(j, i)
            finer = _combined(mine, a, theirs, b)
            if finer is None:
                continue
            chosen[j] = i
            if self._go(order, depth + 1, chosen, *finer):
                return True
            del chosen[j]
        return False

    def _is_twin(self, i: int, other: int) -> bool:
        a, b = self.wide.columns[i], self.wide.columns[other]
        return all(np.array_equal(*both) for both in ((a.kinds, b.kinds), (a.numbers, b.numbers), (a.wholes, b.wholes)))

    def _clustered(self, j: int, i: int) -> tuple[Ints, Ints]:
        if (j, i) not in self.clusters:
            self.clusters[j, i] = clusters(self.narrow.columns[j], self.wide.columns[i], self.tolerance)
        return self.clusters[j, i]

    def _pairs_up(self, chosen: dict[int, int], mine: Ints, theirs: Ints) -> bool:
        """Whether the rows of each class can be paired so that every pair is equal in every number."""
        pairs = [(self.narrow.columns[j], self.wide.columns[i]) for j, i in chosen.items()]
        numeric = [(a, b) for a, b in pairs if (a.kinds == NUMBER).any()]
        left = np.lexsort((*(a.numbers for a, _ in numeric), mine))
        right = np.lexsort((*(b.numbers for _, b in numeric), theirs))
        wrong = np.zeros(len(left), dtype=np.bool_)
        for a, b in numeric:
            wrong |= ~_alike(a.at(left), b.at(right), self.tolerance)
        if not wrong.any():
            return True
        # Rounding can put near rows in another order: weigh the pairs inside the classes that did not fit.
        classes = mine[left]
        for one in np.unique(classes[wrong]):
            at = classes == one
            if not _matched([(a.at(left[at]), b.at(right[at])) for a, b in numeric], self.tolerance):
                return False
        return True


def _combined(mine: Ints, a: Ints, theirs: Ints, b: Ints) -> tuple[Ints, Ints] | None:
    """Classes made finer by one column; None when the two sides no longer hold each class equally often."""
    count = int(max(a.max(), b.max())) + 1
    both = np.concatenate((mine * count + a, theirs * count + b))
    _, labels = np.unique(both, return_inverse=True)
    left, right = labels[: len(mine)], labels[len(mine) :]
    size = int(labels.max()) + 1
    if not np.array_equal(np.bincount(left, minlength=size), np.bincount(right, minlength=size)):
        return None
    return left, right


def _matched(columns: list[tuple[Cells, Cells]], tolerance: float) -> bool:
    """Whether rows, given by columns, can be paired one to one with every pair within tolerance."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import maximum_bipartite_matching

    count = len(columns[0][0].kinds)
    windows = [_window(a.numbers, b.numbers, tolerance) for a, b in columns]
    order, low, high = min(windows, key=lambda w: int((w[2] - w[1]).sum()))
    widths = high - low
    if int(widths.sum()) > MOST_PAIRS:
        return False
    rows = np.repeat(np.arange(count), widths)
    starts = np.repeat(low - np.concatenate(([0], np.cumsum(widths)[:-1])), widths)
    others = order[np.arange(len(rows)) + starts]
    fits = np.ones(len(rows), dtype=np.bool_)
    for a, b in columns:
        fits &= _alike(a.at(rows), b.at(others), tolerance)
    graph = csr_matrix((np.ones(int(fits.sum()), dtype=np.int8), (rows[fits], others[fits])), shape=(count, count))
    return bool((maximum_bipartite_matching(graph, perm_type="column") >= 0).all())


def _window(a: Floats, b: Floats, tolerance: float) -> tuple[Ints, Ints, Ints]:
    """The order of `b`, and for each of `a` the first and last place in it that can be within tolerance."""
    order = np.argsort(b, kind="stable")
    reach = np.abs(a) * tolerance * (1 + 2 * tolerance) + NOTHING
    low = np.searchsorted(b[order], a - reach, side="left")
    high = np.searchsorted(b[order], a + reach, side="right")
    return order.astype(np.int64), low.astype(np.int64), high.astype(np.int64)
