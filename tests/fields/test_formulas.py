"""Formulas of the hints: what is a formula and what a remark beside it, and over which rows it is."""

# ruff: noqa: E501
# One case a line.
from __future__ import annotations

from datetime import date

import pytest
from drafted_catalog import index

from t2sql.fields import read_question
from t2sql.fields.formula_words import divided, writings_of
from t2sql.fields.writing import expression_of

TODAY = date(2026, 11, 18)
INDEX = index()


@pytest.mark.parametrize(
    ("said", "formula", "remark"),
    [
        ("sum of a / sum of b", "sum of a / sum of b", ""),
        ("payment volume, the sum of amounts", "the sum of amounts", ""),
        ("average of a - b, completed ones only", "average of a - b", "completed ones"),
        ("sum of a / sum of b over closed claims only", "sum of a / sum of b", "closed claims"),
        ("revenue a booking: total price / number of bookings", "total price / number of bookings", ""),
    ],
)
def test_a_formula_and_its_remark(said: str, formula: str, remark: str) -> None:
    assert [*writings_of(said)] == [(formula, remark)]


def test_words_alone_are_no_formula() -> None:
    assert [*writings_of("net sales, shipped ones")] == []


@pytest.mark.parametrize(
    ("said", "signed"),
    [
        ("cancelled orders as a percentage of all orders", "cancelled orders / all orders * 100"),
        ("the ratio of late loans to all loans", "late loans / all loans"),
        ("returns as a share of sales", "returns / sales"),
        ("sum of a / sum of b", "sum of a / sum of b"),
    ],
)
def test_ratios_in_words_have_a_sign(said: str, signed: str) -> None:
    assert divided(said) == signed


@pytest.mark.parametrize(
    ("text", "hints", "figure"),
    [
        ("What is the SV for each state?", "SV = sales volume, the sum of sale prices", "SUM(sale.sale_price)"),
        ("What is the AMP for each state?", "AMP = mean markup: average of sale_price - list_price", "AVG(sale.sale_price - product.list_price)"),
        ("What is the DTS for each state?", "DTS (days to ship) = average of shipped_on - sale_date, sales of drinks only", "AVG(sale.shipped_on - sale.sale_date) FILTER (WHERE product.category = 'drinks')"),
        ("What is the DRS by state?", "DRS = sales of drinks as a percentage of all sales", "COUNT(*) FILTER (WHERE product.category = 'drinks') / COUNT(*) * 100"),
    ],
)  # fmt: skip
def test_a_formula_is_over_the_rows_that_its_remark_tells(text: str, hints: str, figure: str) -> None:
    _linked, found = read_question(text, hints, INDEX, TODAY)
    assert figure in found[0].semantic_sql
    assert found[0].sure >= 0.8


def test_a_remark_that_is_not_understood_leaves_the_formula_unread() -> None:
    """Sales of regulars: nothing says who they are, and an average of all would be another figure."""
    hints = "DTS = average of shipped_on - sale_date, sales to regulars only"
    _linked, found = read_question("What is the DTS for each state?", hints, INDEX, TODAY)
    assert all(reading.sure < 0.8 for reading in found)


def test_a_table_called_like_a_command_is_a_table() -> None:
    assert expression_of("copy.price > 3 AND copy.bought >= '2026-01-01'").key == "and"
