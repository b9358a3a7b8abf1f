"""What counts as the same result, on small tables that a person can check."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
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
