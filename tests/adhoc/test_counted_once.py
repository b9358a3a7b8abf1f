"""Things counted once over the rows that point to them; sums of what is not the rows' own; words that undo."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlglot
from drafted_catalog import index

from t2sql.adhoc.accounted import keeps_negation, loses_limit
from t2sql.adhoc.contrary import of_unnamed
from t2sql.adhoc.counted_once import counted_once
from t2sql.catalog import Display
from t2sql.fields.forms import field_forms

INDEX = index()


@pytest.mark.parametrize(
    ("text", "given", "made"),
    [
        (
            "How many shops sold something?",
            "SELECT COUNT(shop_id) FROM sale",
            "SELECT COUNT(DISTINCT shop_id) FROM sale",
        ),
        (
            "Which states have more than 5 shops with sales?",
            "SELECT shop.state FROM sale GROUP BY shop.state HAVING COUNT(shop_id) > 5",
            "SELECT shop.state FROM sale GROUP BY shop.state HAVING COUNT(DISTINCT shop_id) > 5",
        ),
        ("How many sales were there?", "SELECT COUNT(shop_id) FROM sale", "SELECT COUNT(shop_id) FROM sale"),
        (
            "Which 3 shops made the most sales? Return the shop name and the number.",
            "SELECT shop.shop_name, COUNT(shop_id) FROM sale GROUP BY shop.shop_name",
            "SELECT shop.shop_name, COUNT(shop_id) FROM sale GROUP BY shop.shop_name",
        ),
        (
            "How many shops of each name made sales, and how many sales?",
            "SELECT shop.shop_name, COUNT(shop_id) FROM sale GROUP BY shop.shop_name",
            "SELECT shop.shop_name, COUNT(shop_id) FROM sale GROUP BY shop.shop_name",
        ),
        ("How many shops are there?", "SELECT COUNT(shop_id) FROM shop", "SELECT COUNT(shop_id) FROM shop"),
    ],
)
def test_things_are_counted_once(text: str, given: str, made: str) -> None:
    assert counted_once(given, text, INDEX) == made


@pytest.mark.parametrize(
    ("semantic_sql", "is_multiplied"),
    [
        ("SELECT shop.city, SUM(shop.floor_area) FROM sale GROUP BY shop.city", True),
        ("SELECT SUM(shop.floor_area) FROM sale WHERE sale_date >= '2026-01-01'", True),
        ("SELECT shop.city, SUM(sale_price) FROM sale GROUP BY shop.city", False),
        ("SELECT shop.city, COUNT(*), SUM(product.list_price) FROM sale GROUP BY shop.city", False),
        ("SELECT city, SUM(floor_area) FROM shop GROUP BY city", False),
    ],
)
def test_what_a_thing_has_once_is_not_summed_once_a_row(semantic_sql: str, is_multiplied: bool) -> None:
    tree = sqlglot.parse_one(semantic_sql, read="duckdb")
    assert bool([*of_unnamed(tree, (), INDEX.catalog)]) is is_multiplied
    assert not [*of_unnamed(tree, ("sale",), INDEX.catalog)]


@pytest.mark.parametrize("word", ["unresolved", "unpaid", "undelivered"])
def test_what_is_undone_limits_the_rows(word: str) -> None:
    assert loses_limit(f"How many tickets are still {word}, by trade?", [word], [])


def test_a_no_of_the_question_is_no_row_that_leads_nowhere() -> None:
    """Shops that are not available: that each row has a shop says nothing of it."""
    semantic_sql = (
        "SELECT DISTINCT shop_name FROM (SELECT shop.shop_name, shop.shop_id FROM sale QUALIFY RANK() OVER (ORDER BY"
        " sale.sale_date DESC) = 1) AS latest_rows WHERE NOT shop_id IS NULL"
    )
    assert not keeps_negation("Which shops are not available at the latest sale?", semantic_sql)


def test_a_unit_behind_per_names_no_column() -> None:
    catalog = INDEX.catalog
    shop = catalog.datasets["shop"]
    item = replace(
        shop.fields["floor_area"], name="price_per_kg", expression="price_per_kg", display=Display("", "price per kg")
    )
    names = {words for words, _sure, _how in field_forms(item, shop, frozenset())}
    assert ("kilogram",) not in names
    assert ("price", "per", "kilogram") in names
