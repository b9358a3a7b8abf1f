"""Whether two results hold the same rows: multisets, whatever the names and the order of columns.

SQL text is never looked at. Numbers are equal within a relative tolerance, which is not transitive, so rows are paired
one to one instead of sorted and compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from t2sql.evaluation.judging.cells import NUMBER, Cells, Floats, Grid, Ints, Row, read_grids

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
) -> bool:
    """Whether the columns of a prediction can be put so that both hold the same rows.

    `ties`: for each gold row the number of its place in the order; rows of one number may stand in any order. Without
    it no order counts.
    """
    if width != gold_width or len(predicted) != len(gold):
        return False
    mine, theirs = read_grids((predicted, width), (gold, gold_width))
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
        fitting = [i for i, other in enumerate(others) if _equal(column, other, tolerance)]
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


def same_column(a: Cells, b: Cells, tolerance: float) -> bool:
    """Whether two columns of one height hold the same multiset of values."""
    return _equal(_sorted(a), _sorted(b), tolerance)


def _sorted(column: Cells) -> Cells:
    order = np.lexsort((column.numbers, column.kinds))
    return Cells(column.kinds[order], column.numbers[order])


def _equal(a: Cells, b: Cells, tolerance: float) -> bool:
    return np.array_equal(a.kinds, b.kinds) and bool(close(a.numbers, b.numbers, tolerance).all())


def clusters(a: Cells, b: Cells, tolerance: float) -> tuple[Ints, Ints]:
    """Numbers of the clusters that the cells of two columns fall in: equal cells never fall apart."""
    kinds, numbers = np.concatenate((a.kinds, b.kinds)), np.concatenate((a.numbers, b.numbers))
    order = np.lexsort((numbers, kinds))
    kinds, numbers = kinds[order], numbers[order]
    steps = (kinds[1:] != kinds[:-1]) | ~close(numbers[1:], numbers[:-1], tolerance)
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
        return bool(np.array_equal(a.kinds, b.kinds) and np.array_equal(a.numbers, b.numbers))

    def _clustered(self, j: int, i: int) -> tuple[Ints, Ints]:
        if (j, i) not in self.clusters:
            self.clusters[j, i] = clusters(self.narrow.columns[j], self.wide.columns[i], self.tolerance)
        return self.clusters[j, i]

    def _pairs_up(self, chosen: dict[int, int], mine: Ints, theirs: Ints) -> bool:
        """Whether the rows of each class can be paired so that every pair is equal in every number."""
        pairs = [(self.narrow.columns[j], self.wide.columns[i]) for j, i in chosen.items()]
        numeric = [(a.numbers, b.numbers) for a, b in pairs if (a.kinds == NUMBER).any()]
        left = np.lexsort((*(a for a, _ in numeric), mine))
        right = np.lexsort((*(b for _, b in numeric), theirs))
        wrong = np.zeros(len(left), dtype=np.bool_)
        for a, b in numeric:
            wrong |= ~close(a[left], b[right], self.tolerance)
        if not wrong.any():
            return True
        # Rounding can put near rows in another order: weigh the pairs inside the classes that did not fit.
        classes = mine[left]
        for one in np.unique(classes[wrong]):
            at = classes == one
            if not _matched([(a[left][at], b[right][at]) for a, b in numeric], self.tolerance):
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


def _matched(columns: list[tuple[Floats, Floats]], tolerance: float) -> bool:
    """Whether rows, given by columns, can be paired one to one with every pair within tolerance."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import maximum_bipartite_matching

    count = len(columns[0][0])
    windows = [_window(a, b, tolerance) for a, b in columns]
    order, low, high = min(windows, key=lambda w: int((w[2] - w[1]).sum()))
    widths = high - low
    if int(widths.sum()) > MOST_PAIRS:
        return False
    rows = np.repeat(np.arange(count), widths)
    starts = np.repeat(low - np.concatenate(([0], np.cumsum(widths)[:-1])), widths)
    others = order[np.arange(len(rows)) + starts]
    fits = np.ones(len(rows), dtype=np.bool_)
    for a, b in columns:
        fits &= close(a[rows], b[others], tolerance)
    graph = csr_matrix((np.ones(int(fits.sum()), dtype=np.int8), (rows[fits], others[fits])), shape=(count, count))
    return bool((maximum_bipartite_matching(graph, perm_type="column") >= 0).all())


def _window(a: Floats, b: Floats, tolerance: float) -> tuple[Ints, Ints, Ints]:
    """The order of `b`, and for each of `a` the first and last place in it that can be within tolerance."""
    order = np.argsort(b, kind="stable")
    reach = np.abs(a) * tolerance * (1 + 2 * tolerance) + NOTHING
    low = np.searchsorted(b[order], a - reach, side="left")
    high = np.searchsorted(b[order], a + reach, side="right")
    return order.astype(np.int64), low.astype(np.int64), high.astype(np.int64)
