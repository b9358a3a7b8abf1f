"""How many columns a question asks for, of what kind, in which order: read by code."""

from __future__ import annotations

import pytest

from t2sql.adhoc.asked import shape_of
from t2sql.adhoc.told import definitions_of, in_full
from t2sql.fields.index import FieldIndex


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Return the title, the number of pages and the price of each book.", ["column", "column", "column"]),
        ("Which towns borrow most? Return town and number of loans.", ["column", "count"]),
        ("Give me the first and last name of members who owe a fine.", ["column", "column"]),
        ("Return genre, average price and total fine.", ["column", "avg", "sum"]),
        ("Show the month, the number of loans and the number of distinct members.", ["period", "count", "count"]),
        ("Return each member's first name, number of loans and rank.", ["column", "count", "rank"]),
        ("How many books are there?", []),
        ("Return the town, number of order lines and total fine.", ["column", "count", "sum"]),
        ("Return the month (first day of the month), number of loans and total fine.", ["period", "count", "sum"]),
        ("Return town and number of loans, all genres together.", ["column", "count"]),
        ("Return the title and the number of days since the lent date.", ["column", "formula"]),
    ],
)
def test_a_list_is_as_many_columns_as_it_names(index: FieldIndex, text: str, kinds: list[str]) -> None:
    assert [column.kind for column in shape_of(text, "", index).columns] == kinds


def test_a_named_field_is_that_field(index: FieldIndex) -> None:
    first, second = shape_of("Return the title and the town of members.", "", index).columns
    assert first.texts == ("books.title",) and second.texts == ("members.town",)


def test_an_average_of_a_named_field_is_no_other(index: FieldIndex) -> None:
    (_genre, mean) = shape_of("Return genre and average price.", "", index).columns
    assert mean.texts == ("AVG(books.price)",)


@pytest.mark.parametrize(
    ("text", "limit", "ascending", "keys"),
    [
        ("Top 3 towns by number of loans. Return town and number of loans.", 3, False, (2,)),
        ("Bottom 2 genres by average price. Return genre and average price.", 2, True, (2,)),
        ("Return town and number of loans, ordered by number of loans from most to least.", 0, False, (2,)),
        ("Loans in the last 30 days. Return loan id and fine.", 0, None, ()),
        ("Which genre has the highest total fine?", 1, False, ()),
    ],
)
def test_order_and_limit(
    index: FieldIndex, text: str, limit: int, ascending: bool | None, keys: tuple[int, ...]
) -> None:
    shape = shape_of(text, "", index)
    assert (shape.limit, shape.is_ascending, shape.keys) == (limit, ascending, keys)


def test_one_figure_is_one_column(index: FieldIndex) -> None:
    assert shape_of("How many members joined in 2025?", "", index).is_one_figure == "count"
    assert shape_of("What is the average fine?", "", index).is_one_figure == "avg"
    assert shape_of("How many loans were there per town?", "", index).is_one_figure is None


def test_abbreviations_are_read_as_what_hints_say() -> None:
    hints = "ALF = average loan fine. RR (return rate) = returned loans / all loans * 100"
    assert definitions_of(hints) == {"ALF": "average loan fine", "RR": "return rate = returned loans / all loans * 100"}
    assert in_full("What is the ALF by town?", hints) == "What is the average loan fine by town?"
    assert in_full("What is the RR?", hints) == "What is the RR?", "a formula is no name"


def test_a_formula_of_the_hints_may_be_calculated_and_nothing_else(index: FieldIndex) -> None:
    hints = "RR = returned loans / all loans * 100"
    assert shape_of("What is the RR by town?", hints, index).may_calculate
    assert not shape_of("What is the fine by town?", hints, index).may_calculate


def test_a_hint_with_signs_of_patterns_is_plain_text() -> None:
    assert in_full("What is the AC?", r"AC = \1 \g<name> loans") == r"What is the \1 \g<name> loans?"
