"""The latest row of each thing as the rows that a question means."""

# ruff: noqa: E501
# One case a line.
from __future__ import annotations

from datetime import date

import pytest
from drafted_catalog import index, narrowed

from t2sql.compiler import compile_sql
from t2sql.fields import read_question
from t2sql.fields.beside.latest_rows import Latest, of_latest
from t2sql.flow import Loads, Span

TODAY = date(2026, 11, 18)
INDEX = index()
NARROWED = narrowed()
_FIRST = "QUALIFY RANK() OVER (PARTITION BY sale.shop_id ORDER BY sale.sale_date DESC) = 1"
READ = [
    ("How many shops sold Green Tea at their latest sale?",
     f"SELECT COUNT(DISTINCT shop_id) FROM (SELECT shop.shop_id, product.product_name FROM sale {_FIRST}) AS latest_rows WHERE product_name = 'Green Tea'"),
    ("Return the shop name and sale price of each shop's most recent sale.",
     f"SELECT shop_name, sale_price FROM (SELECT shop.shop_name, sale.sale_price FROM sale {_FIRST}) AS latest_rows"),
    ("What is the average sale price by state, taking the latest sale of each shop?",
     f"SELECT state, AVG(sale_price) FROM (SELECT shop.state, sale.sale_price, shop.shop_id FROM sale {_FIRST}) AS latest_rows"
     " WHERE NOT shop_id IS NULL GROUP BY state"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "sql"), READ)
def test_the_latest_row_of_each_is_chosen_before_any_condition(text: str, sql: str) -> None:
    assert read_question(text, "", INDEX, TODAY)[1][0].semantic_sql == sql


@pytest.mark.parametrize(("text", "sql"), READ)
def test_what_is_over_latest_rows_compiles(text: str, sql: str) -> None:
    assert compile_sql(sql, NARROWED, Loads({})).physical.sql


def test_the_last_load_is_of_the_time_that_is_told() -> None:
    """A dataset of snapshots: those of its last day in March, not the latest of each and not all of March."""
    latest = Latest(Span(0, 1), "sale", (), "sale_date")
    asked = (
        "SELECT COUNT(*) FROM sale WHERE sale.sale_price > 5 AND sale.sale_date >= '2026-03-01'"
        " AND sale.sale_date < '2026-04-01'"
    )
    assert of_latest(asked, latest, INDEX) == (
        "SELECT COUNT(*) FROM (SELECT sale.sale_price FROM sale WHERE sale.sale_date >= '2026-03-01' AND"
        " sale.sale_date < '2026-04-01' QUALIFY RANK() OVER (ORDER BY sale.sale_date DESC) = 1) AS latest_rows"
        " WHERE sale_price > 5"
    )
    of_each = Latest(Span(0, 1), "sale", ("shop_id",), "sale_date")
    assert of_latest(asked, of_each, INDEX) == ""


@pytest.mark.parametrize(
    "text",
    [
        "How many sales were there at the latest sale?",  # of all, not of each
        "How many shops sold Green Tea in 2025 at their latest sale?",  # within 2025, or of all?
        "How many shops sold Green Tea at their latest visit?",  # no rows are called so
    ],
)
def test_what_may_mean_other_rows_is_not_read_so(text: str) -> None:
    assert all("QUALIFY" not in reading.semantic_sql for reading in read_question(text, "", INDEX, TODAY)[1])
