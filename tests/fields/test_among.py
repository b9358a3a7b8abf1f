"""A part of what is counted beside the whole: "how many of those", "in total and on weekends"."""

# ruff: noqa: E501
# One case a line.
from __future__ import annotations

from datetime import date

import pytest
from drafted_catalog import index

from t2sql.fields import read_question
from t2sql.fields.beside.among import part_said, with_part

TODAY = date(2026, 11, 18)
INDEX = index()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("How many sales were there, and how many of those were shipped in 2023?", "were shipped in 2023"),
        ("How many sales? Out of these, how many were in Texas?", "were in Texas"),
        ("How many shops are there; of them, how many are in Austin?", "are in Austin"),
        ("How many sales were made in total and on weekends in each month?", "on weekends"),
    ],
)
def test_a_part_is_said(text: str, words: str) -> None:
    said = part_said(text)
    assert said is not None
    assert said[1] == words
    assert len(said[0]) == len(text)


@pytest.mark.parametrize(
    "text",
    [
        "How many sales and how many shops are there?",
        "What is the total price of sales in total and on average?",
        "List the shops of which the floor area is known.",
        "How many of those shops are open?",
    ],
)
def test_other_words_say_no_part(text: str) -> None:
    assert part_said(text) is None


@pytest.mark.parametrize(
    ("text", "semantic_sql"),
    [
        (
            "How many sales were there, and how many of those were made on weekends?",
            'SELECT COUNT(*), COUNT(*) FILTER(WHERE ISODOW(sale.sale_date) IN (6, 7)) AS "were made on weekends" FROM sale',
        ),
        (
            "How many sales were there per month in 2025? Out of these, how many were of bakery products? Return the month, the sale count and the bakery count.",
            "SELECT MONTH(sale_date), COUNT(*), COUNT(*) FILTER(WHERE product.category = 'bakery') AS \"were of bakery products\" FROM sale"
            " WHERE sale.sale_date >= '2025-01-01' AND sale.sale_date < '2026-01-01' GROUP BY MONTH(sale_date)",
        ),
        (
            "How many sales were made in total and on weekends in each week of 2025?",
            "SELECT DATE_TRUNC('WEEK', sale_date), COUNT(*), COUNT(*) FILTER(WHERE ISODOW(sale.sale_date) IN (6, 7)) AS \"on weekends\" FROM sale"
            " WHERE sale.sale_date >= '2025-01-01' AND sale.sale_date < '2026-01-01' GROUP BY DATE_TRUNC('WEEK', sale_date)",
        ),
    ],
)
def test_the_part_stands_beside_the_whole(text: str, semantic_sql: str) -> None:
    _linked, found = read_question(text, "", INDEX, TODAY)
    assert found[0].semantic_sql == semantic_sql


def test_a_part_that_nothing_explains_is_not_made_up() -> None:
    _linked, found = read_question("How many sales were there, and how many of those were thrilling?", "", INDEX, TODAY)
    assert not any("FILTER" in reading.semantic_sql for reading in found)


@pytest.mark.parametrize(
    "semantic_sql",
    [
        "SELECT shop_name FROM shop",
        "SELECT SUM(sale_price) FROM sale",
        "SELECT COUNT(*), SUM(sale_price) FROM sale",
        "SELECT shop_id, COUNT(*) FROM sale GROUP BY shop_id ORDER BY COUNT(*) DESC LIMIT 3",
    ],
)
def test_only_a_lone_count_has_a_part(semantic_sql: str) -> None:
    assert with_part(semantic_sql, ["sale.sale_price > 5"], "above five") == ""
