"""Years said of a deed that has its date elsewhere, and days less numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import sqlglot
from drafted_catalog import index

from t2sql.adhoc.misdated import misdated
from t2sql.fields.linked import Alternative, Condition
from t2sql.fields.linking import link
from t2sql.flow import Span

INDEX = index()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("How many products were shipped in 2025?", ["shipped in 2025"]),
        ("How many products are there in 2025?", []),
        ("How many products were cooked in 2025?", []),
    ],
)
def test_a_year_is_that_of_its_deed(text: str, said: list[str]) -> None:
    linked = link(text, "", INDEX, date(2026, 11, 18))
    at = text.index("in 2025")
    condition = Condition(Span(at, at + 7), (Alternative("product.list_price = 2025", "product", 0.9),))
    tree = sqlglot.parse_one("SELECT COUNT(*) FROM product", read="duckdb")
    assert [*misdated(replace(linked, conditions=(condition,)), tree, INDEX)] == said


@pytest.mark.parametrize(
    ("semantic_sql", "is_told"),
    [
        ("SELECT AVG(sale_price - sale_date) FROM sale", True),
        ("SELECT AVG(shipped_on - sale_date) FROM sale", False),
        ("SELECT AVG(sale_price - product.list_price) FROM sale", False),
        ("SELECT AVG(sale_price - 5) FROM sale", False),
    ],
)
def test_days_and_numbers_have_no_difference(semantic_sql: str, is_told: bool) -> None:
    linked = link("the average", "", INDEX, date(2026, 11, 18))
    assert bool([*misdated(linked, sqlglot.parse_one(semantic_sql, read="duckdb"), INDEX)]) is is_told
