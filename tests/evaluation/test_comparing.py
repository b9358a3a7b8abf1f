"""What counts as the same result, on small tables that a person can check."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from t2sql.evaluation.judging.cells import comparable
from t2sql.evaluation.judging.comparing import same_rows

Rows = list[tuple[Any, ...]]

EQUAL: list[tuple[str, Any, Any]] = [
    ("an integer and its float", 1, 1.0),
    ("a number and its text", Decimal("12.50"), "12.5"),
    ("a negative number as text", -3, " -3 "),
    ("true and one", True, 1),
    ("a day and its text", date(2025, 12, 31), "2025-12-31"),
    ("midnight and its day", datetime(2025, 12, 31), "2025-12-31"),
    ("midnight as JSON writes it", date(2025, 12, 31), "2025-12-31T00:00:00"),
    ("midnight with a zone", datetime(2025, 12, 31, tzinfo=UTC), "2025-12-31 00:00:00+00"),
    ("a moment as JSON writes it", datetime(2025, 12, 31, 9, 30), "2025-12-31T09:30:00"),
    ("a time of day", time(9, 30), "09:30:00"),
    ("an interval as JSON writes it", timedelta(days=2, hours=1), "2 days, 1:00:00"),
    ("NULL and NaN", None, float("nan")),
    ("NULL and a decimal NaN", None, Decimal("sNaN")),
    ("a list", [1, 2.0], [1.0, Decimal("2")]),
    ("nearly equal numbers", 1_000_000, 1_000_000.5),
    ("a sum that is whole by chance", 5_000_000.0, 5_000_000.000000001),
    ("the same by a decimal", Decimal("5000000.00"), 5_000_000),
    ("more digits than a float has", Decimal("5000000000000000.5"), 5_000_000_000_000_001),
    ("a large sum as an integer and as a float", 2**60 + 1, float(2**60)),
    ("large integers", 6_222_020_200_112_233_445, 6_222_020_200_112_233_445),
    ("two that are next to nothing", 1e-12, -1e-12),
]
UNEQUAL: list[tuple[str, Any, Any]] = [
    ("NULL and zero", None, 0),
    ("NULL and an empty text", None, ""),
    ("NULL and its name", None, "NULL"),
    ("a code with a leading zero", "007", 7),
    ("long numbers that are names", "6222020200112233445", "6222020200112233446"),
    ("an exponent is a text", "1e3", 1000),
    ("texts in other letters", "Shanghai", "shanghai"),
    ("another minute", datetime(2025, 12, 31, 9, 30), "2025-12-31 09:31:00"),
    ("beyond the tolerance", 1_000_000, 1_000_002),
    ("infinity and a number", float("inf"), 5),
    ("a sign", 5, -5),
    ("phones", 13_800_138_000, 13_800_138_001),
    ("phones as texts", "13800138000", "13800138001"),
    ("a phone as text and as a number", "13800138000", 13_800_138_001),
    ("counts over a million", 2_000_000, 2_000_001),
    ("counts by two engines", Decimal("2000000"), 2_000_001.0),
    ("large integers that one float stands for", 6_222_020_200_112_233_445, 6_222_020_200_112_233_446),
]


@pytest.mark.parametrize(("one", "other"), [pytest.param(a, b, id=name) for name, a, b in EQUAL])
def test_equal_values(one: Any, other: Any) -> None:
    assert same_rows([(one,)], 1, [(other,)], 1, 1e-6)
    assert same_rows([(other,)], 1, [(one,)], 1, 1e-6)


@pytest.mark.parametrize(("one", "other"), [pytest.param(a, b, id=name) for name, a, b in UNEQUAL])
def test_unequal_values(one: Any, other: Any) -> None:
    assert not same_rows([(one,)], 1, [(other,)], 1, 1e-6)
    assert not same_rows([(other,)], 1, [(one,)], 1, 1e-6)


SAME: list[tuple[str, Rows, Rows]] = [
    ("rows in another order", [(1, "a"), (2, "b")], [(2, "b"), (1, "a")]),
    ("columns in another order", [("a", 1), ("b", 2)], [(1, "a"), (2, "b")]),
    ("two columns that hold the same values", [(1, 2), (2, 1)], [(2, 1), (1, 2)]),
    ("the same column twice", [(1, 1), (2, 2)], [(2, 2), (1, 1)]),
    ("rows that are alike", [(1, "a"), (1, "a"), (2, "b")], [(1, "a"), (2, "b"), (1, "a")]),
    ("near rows that rounding puts in another order", [(1.0000004, 5), (1.0, 6)], [(1.0, 5), (1.0000004, 6)]),
    ("no rows", [], []),
    ("only NULL", [(None, None)], [(None, None)]),
]
OTHER: list[tuple[str, Rows, Rows]] = [
    ("one row doubled, another lost", [(1, "a"), (1, "a")], [(1, "a"), (2, "b")]),
    ("the right values in the wrong rows", [(1, "a"), (2, "b")], [(1, "b"), (2, "a")]),
    ("the same columns, paired otherwise", [(1, 2), (2, 1)], [(1, 1), (2, 2)]),
    ("one column twice where two were meant", [(1, 1), (2, 2)], [(1, 5), (2, 6)]),
    ("a row more", [(1, "a"), (2, "b")], [(1, "a")]),
    ("a row instead of none", [(None,)], []),
]


@pytest.mark.parametrize(("one", "other"), [pytest.param(a, b, id=name) for name, a, b in SAME])
def test_same_rows(one: Rows, other: Rows) -> None:
    assert same_rows(one, len(one[0]) if one else 2, other, len(other[0]) if other else 2, 1e-6)


@pytest.mark.parametrize(("one", "other"), [pytest.param(a, b, id=name) for name, a, b in OTHER])
def test_other_rows(one: Rows, other: Rows) -> None:
    width = len(one[0])
    assert not same_rows(one, width, other, width, 1e-6)
    assert not same_rows(other, width, one, width, 1e-6)


def test_width_counts_without_rows() -> None:
    """An empty result of other columns is another result."""
    assert not same_rows([], 1, [], 2, 1e-6)


def test_a_tolerance_is_no_chain() -> None:
    """Each is within tolerance of the next, and the ends are not of each other."""
    steps = [1.0, 1.00009, 1.00018]
    assert not same_rows([(steps[0],), (steps[0],)], 1, [(steps[0],), (steps[2],)], 1, 1e-4)
    assert same_rows([(a, "k") for a in steps], 2, [(b, "k") for b in reversed(steps)], 2, 1e-4)


def test_near_columns_do_not_make_near_rows() -> None:
    """Each column is the same, and each row has a near one; but two rows have only the one in the middle."""
    low, middle, high = 1.0, 1.00009, 1.00018
    mine = [(low, low), (middle, middle), (high, high)]
    theirs = [(low, high), (middle, middle), (high, low)]
    assert not same_rows(mine, 2, theirs, 2, 1e-4)
    assert same_rows(mine, 2, [(b, a) for a, b in reversed(mine)], 2, 1e-4)


def test_rows_are_paired_best_not_first_come() -> None:
    """Taking the first row that fits would leave the last with none."""
    mine = [(1.00005, 1.0), (1.0, 1.00005)]
    theirs = [(1.00005, 1.00005), (1.00013, 1.0)]
    assert same_rows(mine, 2, theirs, 2, 1e-4)


ORDERED: list[tuple[str, Rows, tuple[int, ...], bool]] = [
    ("the gold's own order", [("a", 3), ("b", 2), ("c", 2), ("d", 1)], (0, 1, 1, 2), True),
    ("a tie the other way round", [("a", 3), ("c", 2), ("b", 2), ("d", 1)], (0, 1, 1, 2), True),
    ("no tie", [("b", 2), ("a", 3), ("c", 2), ("d", 1)], (0, 1, 1, 2), False),
    ("the tie counts where no key is known", [("a", 3), ("c", 2), ("b", 2), ("d", 1)], (0, 1, 2, 3), False),
    ("backwards", [("d", 1), ("c", 2), ("b", 2), ("a", 3)], (0, 1, 1, 2), False),
]


@pytest.mark.parametrize(
    ("rows", "ties", "is_same"), [pytest.param(r, t, same, id=name) for name, r, t, same in ORDERED]
)
def test_order(rows: Rows, ties: tuple[int, ...], is_same: bool) -> None:
    gold = [("a", 3), ("b", 2), ("c", 2), ("d", 1)]
    assert same_rows(rows, 2, gold, 2, 1e-6, ties) is is_same
    assert same_rows([(n, a) for a, n in rows], 2, gold, 2, 1e-6, ties) is is_same


VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 3), st.sampled_from(["", "a", "A", "1", "2025-01-01"]),
    st.floats(-10, 10, allow_nan=False).map(lambda x: round(x, 2)), st.dates(date(2025, 1, 1), date(2025, 1, 3)),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.data(), st.integers(1, 5), st.integers(0, 12))
def test_any_table_is_itself_in_any_order(data: st.DataObject, width: int, height: int) -> None:
    rows = [tuple(data.draw(VALUES) for _ in range(width)) for _ in range(height)]
    draw = random.Random(height)
    columns = draw.sample(range(width), width)
    mixed = [tuple(row[i] for i in columns) for row in draw.sample(rows, height)]
    assert same_rows(mixed, width, rows, width, 1e-6)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=6), st.lists(st.tuples(VALUES, VALUES), max_size=6))
def test_two_tables_are_the_same_only_as_multisets(one: Rows, other: Rows) -> None:
    """Against the plain definition, for values that lie far apart."""

    def plain(value: Any) -> Any:
        found = comparable(value)
        return found + 0.0 if isinstance(found, float) else found  # no minus before zero

    def bag(rows: Rows, order: tuple[int, ...]) -> list[str]:
        return sorted(repr([plain(row[i]) for i in order]) for row in rows)

    wanted = any(bag(one, (0, 1)) == bag(other, order) for order in ((0, 1), (1, 0)))
    assert same_rows(one, 2, other, 2, 1e-9) is wanted


@pytest.mark.parametrize("balanced", [False, True])
def test_thirty_columns_of_many_rows(balanced: bool) -> None:
    """Columns that no multiset tells apart are still told apart by their rows."""
    draw, height = random.Random(1), 2_000
    columns = []
    for _ in range(30):
        column = [0] * (height // 2) + [1] * (height // 2) if balanced else [draw.randrange(5) for _ in range(height)]
        columns.append(draw.sample(column, height))
    rows = list(zip(*columns, strict=True))
    order = draw.sample(range(30), 30)
    mixed = [tuple(row[i] for i in order) for row in draw.sample(rows, height)]
    assert same_rows(mixed, 30, rows, 30, 1e-6)
    columns[7] = draw.sample(columns[7], height)
    assert not same_rows(mixed, 30, list(zip(*columns, strict=True)), 30, 1e-6)


# -- whole numbers -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("one", "other"), [(2_000_000, 2_000_001), ("13800138000", "13800138001")])
def test_a_tolerance_may_be_for_whole_numbers_too(one: Any, other: Any) -> None:
    assert same_rows([(one,)], 1, [(other,)], 1, 1e-6, exact_whole=False)


NEAR_WHOLES: list[tuple[str, Rows, Rows, bool]] = [
    ("one identifier differs", [(13_800_138_000, 5), (13_800_138_001, 6)], [(13_800_138_000, 5), (13_800_138_002, 6)],
     False),
    ("identifiers exchanged", [(13_800_138_000, 5), (13_800_138_001, 6)], [(13_800_138_000, 6), (13_800_138_001, 5)],
     False),
    ("a fraction that equals the farther one", [(1_000_000,), (1_000_001,)], [(1_000_001,), (1_000_000.7,)], True),
    ("a fraction after both", [(1_000_000,), (1_000_001,)], [(1_000_001,), (1_000_000.0000001 + 0.9,)], True),
    ("one fraction for two", [(1_000_000,), (1_000_002,)], [(1_000_001,), (1_000_000.5,)], False),
    ("identifiers in another order, beside sums", [(10**9 + i, i + 0.5) for i in range(50)],
     [(10**9 + i, i + 0.5000001) for i in reversed(range(50))], True),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "same"), [pytest.param(*rest, id=name) for name, *rest in NEAR_WHOLES])
def test_rows_with_whole_numbers(one: Rows, other: Rows, same: bool) -> None:
    width = len(one[0])
    assert same_rows(one, width, other, width, 1e-6) is same
    assert same_rows(other, width, one, width, 1e-6) is same


NEAR = st.sampled_from([1e6, 1e6 + 0.5, 1e6 + 1, 1e6 + 1.4, 1e6 + 2, 1e6 + 2.5, 1e6 + 3])
SIDE = st.lists(NEAR, min_size=1, max_size=5)


def _is_whole_or_near(a: float, b: float) -> bool:
    return a == b if a.is_integer() and b.is_integer() else abs(a - b) <= 1e-6 * max(a, b)


@settings(deadline=None)
@given(SIDE, SIDE)
def test_near_whole_numbers_are_paired_as_by_every_permutation(one: list[float], other: list[float]) -> None:
    """The verdict of trying every way to pair the values of two columns."""
    wanted = len(one) == len(other) and any(all(map(_is_whole_or_near, one, turned)) for turned in permutations(other))
    assert same_rows([(v,) for v in one], 1, [(v,) for v in other], 1, 1e-6) is wanted


@pytest.mark.parametrize("width", [0, 1, 3])
def test_a_gold_without_rows_and_columns_is_any_result_without_rows(width: int) -> None:
    assert same_rows([], width, [], 0, 1e-6)
    assert not same_rows([(1,)], 1, [], 0, 1e-6)
    assert not same_rows([], width + 1, [], width + 2, 1e-6)
