"""Ranks, things that have none, and days to the first or last of several, read from English questions."""

# ruff: noqa: E501
# One case a line.
from __future__ import annotations

from datetime import date

import pytest
from drafted_catalog import index

from t2sql.adhoc.accounted import keeps_negation
from t2sql.adhoc.unmet import unmet
from t2sql.fields import read_question
from t2sql.fields.beside.every import EVERY_ASKED, with_every
from t2sql.fields.beside.ranks import rank_said
from t2sql.fields.beside.windows import with_mean, with_running, with_share
from t2sql.fields.deeds import said_as_nouns

TODAY = date(2026, 11, 18)
INDEX = index()


def _read(text: str, hints: str = "") -> str:
    """The best reading, of which nothing is lost."""
    linked, found = read_question(text, hints, INDEX, TODAY)
    assert unmet(linked, hints, found[0].semantic_sql, INDEX) == ()
    assert keeps_negation(text, found[0].semantic_sql)
    assert found[0].sure >= 0.8
    return found[0].semantic_sql


@pytest.mark.parametrize(
    ("meaning", "by", "within", "is_down"),
    [
        ("rank of each shop by its total sale price", "total sale price", "", True),
        ("rank of a shop by floor area, largest first, within its state", "floor area", "state", True),
        ("rank by list price ascending", "list price", "", False),
        ("rank of the product among the products of the same category by list price, the cheapest being rank 1", "list price", "category", False),
        ("a shop's rank within its city by number of sales, with the shops that sell more having a higher rank", "number of sales", "city", True),
        ("shop rank, rank of the shop by floor area (1 = smallest)", "floor area", "", False),
        ("rank of each shop by number of sales To get the price join sale with shop", "number of sales", "", True),
        ("revenue rank", "", "", True),
    ],
)  # fmt: skip
def test_what_a_rank_is_by(meaning: str, by: str, within: str, is_down: bool) -> None:
    said = rank_said("Return the shop name and SRK.", f"SRK = {meaning}")
    assert said is not None
    assert (said[1].by, said[1].within, said[1].is_down) == (by, within, is_down)
    assert len(said[0]) == len("Return the shop name and SRK.")
    assert "SRK" not in said[0]


@pytest.mark.parametrize(
    "meaning",
    [
        "dense rank of each shop by floor area",
        "percent rank of each shop by floor area",
        "rank of each shop by floor area, leaving out franchises",
        "rank of each shop that sold something in 2025 by floor area",
        "total sales",
    ],
)
def test_a_rank_that_says_more_is_not_read(meaning: str) -> None:
    assert rank_said("Return the shop name and SRK.", f"SRK = {meaning}") is None


@pytest.mark.parametrize(
    ("text", "hints", "sql"),
    [
        (
            "Return the shop name, floor area and AR of each shop.",
            "AR = rank of the shop by floor area, largest first",
            "SELECT shop_name, floor_area, RANK() OVER (ORDER BY floor_area DESC) AS ar FROM (SELECT shop_name, floor_area FROM shop) AS listed",
        ),
        (
            "Return the shop name, state, floor area and AR of the shops with an AR of 1 or 2.",
            "AR = rank of the shop by floor area within its state, smallest first",
            "SELECT shop_name, state, floor_area, ar FROM (SELECT shop_name, state, floor_area, RANK() OVER (PARTITION BY state ORDER BY floor_area ASC) AS ar FROM (SELECT shop_name, state, floor_area FROM shop) AS listed) AS ranked WHERE ar IN (1, 2)",
        ),
        (
            "For each shop, return the shop name, number of sales and PR.",
            "PR (price rank) = rank of the shop by total sale price, the highest having rank 1",
            "SELECT shop_name, count_rows, RANK() OVER (ORDER BY sum_sale_price DESC) AS pr FROM (SELECT shop.shop_id, shop.shop_name, COUNT(*) AS count_rows, SUM(sale_price) AS sum_sale_price FROM sale WHERE NOT shop.shop_id IS NULL GROUP BY shop.shop_id, shop.shop_name) AS each_one",
        ),
    ],
)  # fmt: skip
def test_a_rank_stands_beside_or_chooses(text: str, hints: str, sql: str) -> None:
    assert _read(text, hints) == sql


def test_a_rank_of_parts_is_of_their_things() -> None:
    """Products are ranked by all their sales, and not each sale by its own price."""
    hints = "PR = rank of the product by sale price, highest first"
    sql = "SELECT product_name, pr FROM (SELECT product.product_name, RANK()"
    _linked, found = read_question("Return the product name, sale price and PR.", hints, INDEX, TODAY)
    assert all("sale_price DESC" not in reading.semantic_sql or "SUM(" in reading.semantic_sql for reading in found)
    assert all(not reading.semantic_sql.startswith(sql) for reading in found)


@pytest.mark.parametrize(
    ("text", "sql"),
    [
        (
            "How many sales did each shop make in 2026? Include shops without any sale.",
            "SELECT every_one.shop_name, COALESCE(counted.count_rows, 0) AS count_rows FROM (SELECT shop.shop_id, shop.shop_name, COUNT(*) AS all_rows FROM shop GROUP BY shop.shop_id, shop.shop_name) AS every_one LEFT JOIN (SELECT shop.shop_id, COUNT(*) AS count_rows FROM sale WHERE sale.sale_date >= '2026-01-01' AND sale.sale_date < '2027-01-01' GROUP BY shop.shop_id) AS counted ON every_one.shop_id = counted.shop_id",
        ),
        (
            "Total sale price for each state, including states that have no sales",
            "SELECT every_one.state, COALESCE(counted.sum_sale_price, 0) AS sum_sale_price FROM (SELECT shop.state, COUNT(*) AS all_rows FROM shop GROUP BY shop.state) AS every_one LEFT JOIN (SELECT shop.state, SUM(sale_price) AS sum_sale_price FROM sale GROUP BY shop.state) AS counted ON every_one.state = counted.state",
        ),
    ],
)  # fmt: skip
def test_things_that_have_none_are_there_with_nought(text: str, sql: str) -> None:
    assert _read(text) == sql


def test_what_chooses_the_things_chooses_among_all() -> None:
    asked = (
        "SELECT shop.shop_name, COUNT(*) FROM sale WHERE shop.state = 'TX' AND sale_price > 5 GROUP BY shop.shop_name"
    )
    sql = with_every(asked, INDEX.catalog)
    every, counted = sql.split("LEFT JOIN")
    assert "WHERE shop.state = 'TX'" in every
    assert "sale_price > 5" not in every
    assert "shop.state = 'TX' AND sale_price > 5" in counted


@pytest.mark.parametrize(
    "text",
    [
        "Shops not including those without sales",
        "Sales including VAT",
        "Return region and count, regions with none left out.",
        "What is sold in even numbers?",
    ],
)
def test_other_words_add_no_things(text: str) -> None:
    assert EVERY_ASKED.search(text) is None


@pytest.mark.parametrize(
    "semantic_sql",
    [
        "SELECT shop.shop_name, AVG(sale_price) FROM sale GROUP BY shop.shop_name",
        "SELECT shop.shop_name, month(sale_date), COUNT(*) FROM sale GROUP BY shop.shop_name, month(sale_date)",
        "SELECT shop.shop_name, product.category, COUNT(*) FROM sale GROUP BY shop.shop_name, product.category",
        "SELECT shop.shop_name, COUNT(*) FROM sale GROUP BY shop.shop_name HAVING COUNT(*) > 1",
        "SELECT sale_date, COUNT(*) FROM sale GROUP BY sale_date",
    ],
)
def test_other_lists_are_not_filled_up(semantic_sql: str) -> None:
    assert with_every(semantic_sql, INDEX.catalog) == ""


OF_EACH = "SELECT {}(chosen_day - opened_on) FROM (SELECT shop.shop_id, shop.opened_on, {} AS chosen_day FROM sale WHERE NOT shop.shop_id IS NULL GROUP BY shop.shop_id, shop.opened_on) AS of_each"


@pytest.mark.parametrize(
    ("text", "hints", "sql"),
    [
        ("What is the average number of days from a shop's opening date to its first sale date?", "", OF_EACH.format("AVG", "MIN(sale.sale_date)")),
        ("What is the longest time in days between the opening date and the last sale date?", "", OF_EACH.format("MAX", "MAX(sale.sale_date)")),
        (
            "What is the average number of days between the opening date and the sale date?",
            "When measuring days, use the latest sale for each shop.",
            OF_EACH.format("AVG", "MAX(sale.sale_date)"),
        ),
    ],
)  # fmt: skip
def test_days_to_the_first_or_last_of_several(text: str, hints: str, sql: str) -> None:
    assert _read(text, hints) == sql


def test_two_in_a_list_are_no_name() -> None:
    """The number of sales, price …: the comma ends the name."""
    linked, _found = read_question("Return the number of list, price of the product", "", INDEX, TODAY)
    assert all("," not in linked.text[f.span.start : f.span.end] for f in linked.fields)


@pytest.mark.parametrize(
    ("text", "hints", "sql"),
    [
        (
            "How many sales were there per month in 2026, with the running total?", "",
            "SELECT period, figure, SUM(figure) OVER (ORDER BY period) AS running_total FROM (SELECT DATE_TRUNC('MONTH', sale_date) AS period, COUNT(*) AS figure FROM sale WHERE sale.sale_date >= '2026-01-01' AND sale.sale_date < '2027-01-01' GROUP BY DATE_TRUNC('MONTH', sale_date)) AS by_period ORDER BY period",
        ),
        (
            "What percentage of total sale price does each state bring in?", "",
            "SELECT shop.state, SHARE(SUM(sale_price)) * 100 AS share_of_all FROM sale GROUP BY shop.state",
        ),
        (
            "Which products have a list price above twice the average list price? Return product name and list price.", "",
            "SELECT product_name, list_price FROM product QUALIFY list_price > 2 * AVG(list_price) OVER ()",
        ),
        (
            "What are the MSN and MSR for each of the last 3 months, not including the current month?",
            "MSN = per month number of sales, MSR = per month total sale price. Truncate to month.",
            "SELECT DATE_TRUNC('MONTH', sale.sale_date), COUNT(*), SUM(sale_price) FROM sale WHERE sale.sale_date >= '2026-08-01' AND sale.sale_date < '2026-11-01' GROUP BY DATE_TRUNC('MONTH', sale.sale_date)",
        ),
    ],
)  # fmt: skip
def test_what_is_put_around_a_figure_or_rows(text: str, hints: str, sql: str) -> None:
    assert _read(text, hints) == sql


def test_figures_of_periods_that_are_not_all_known_are_not_read() -> None:
    text = "What are the MSN and MXX for each of the last 3 months?"
    _linked, found = read_question(
        text, "MSN = per month number of sales. MXX = per month mood of staff.", INDEX, TODAY
    )
    assert all(reading.sure < 0.8 for reading in found)


def test_short_names_beside_other_figures_or_groups_are_not_all_that_is_asked() -> None:
    hints = "MSN = per month number of sales"
    for text in (
        "What are the MSN and the average sale price for each of the last 3 months?",
        "What is the MSN of each state for each of the last 3 months?",
    ):
        _linked, found = read_question(text, hints, INDEX, TODAY)
        assert all("DATE_TRUNC('MONTH', sale.sale_date), COUNT(*) FROM" not in r.semantic_sql for r in found)


@pytest.mark.parametrize(
    "made",
    [
        with_running("SELECT month(sale_date), AVG(sale_price) FROM sale GROUP BY month(sale_date)"),
        with_running("SELECT month(sale_date), COUNT(DISTINCT shop_id) FROM sale GROUP BY month(sale_date)"),
        with_running("SELECT shop_id, COUNT(*) FROM sale GROUP BY shop_id"),
        with_share("SELECT shop.state, AVG(sale_price) FROM sale GROUP BY shop.state", is_percent=True),
        with_share("SELECT SUM(sale_price) FROM sale", is_percent=True),
        with_share("SELECT shop.state, SUM(sale_price) FROM sale GROUP BY shop.state LIMIT 3", is_percent=True),
        with_mean("SELECT sale_id FROM sale WHERE shop_id = 1", "sale_price", 1, is_above=True),
        with_mean("SELECT sale_price FROM sale", "sale_price", 1, is_above=True),
        with_mean("SELECT COUNT(*) FROM sale", "sale_price", 1, is_above=True),
    ],
)
def test_of_other_selects_none_is_made(made: str) -> None:
    assert made == ""


def test_years_of_a_time_bound_no_number() -> None:
    """Shops opened between 2022 and 2023 have no floor area between the two."""
    linked, _found = read_question("How many shops were opened between 2022 and 2023?", "", INDEX, TODAY)
    assert linked.bounds == ()


def test_a_state_that_the_hints_define_is_not_lost() -> None:
    """Which sales are shady nobody can read here, and all sales are another answer."""
    hints = "A sale is shady if the mood of the clerk was bad"
    linked, found = read_question("How many sales were shady by state?", hints, INDEX, TODAY)
    assert unmet(linked, hints, found[0].semantic_sql, INDEX)


@pytest.mark.parametrize(
    ("text", "sql"),
    [
        (
            "Which state made the most sales in 2026? Return the state and the number.",
            "SELECT shop.state, COUNT(*) FROM sale WHERE sale.sale_date >= '2026-01-01' AND sale.sale_date < '2027-01-01' GROUP BY shop.state ORDER BY COUNT(*) DESC LIMIT 1",
        ),
        (
            "List products with a list price over 5. Return product name and list price, highest list price first.",
            "SELECT product_name, list_price FROM product WHERE product.list_price > 5 ORDER BY list_price DESC",
        ),
    ],
)  # fmt: skip
def test_what_is_told_beside_and_in_which_order(text: str, sql: str) -> None:
    assert read_question(text, "", INDEX, TODAY)[1][0].semantic_sql == sql


@pytest.mark.parametrize(
    ("text", "sql"),
    [
        (
            "How many sales were shipped more than 5 days after the sale date?",
            "SELECT COUNT(*) FROM sale WHERE sale.shipped_on - sale.sale_date > 5",
        ),
        (
            "How many sales were shipped within 2 weeks of the sale date by state?",
            "SELECT shop.state, COUNT(*) FROM sale WHERE sale.shipped_on - sale.sale_date BETWEEN 0 AND 14 GROUP BY shop.state",
        ),
        (
            "What is the latest sale date of each state?",
            "SELECT shop.state, MAX(sale_date) FROM sale GROUP BY shop.state",
        ),
        (
            "What is the share of sales by state?",
            "SELECT shop.state, SHARE(COUNT(*)) AS share_of_all FROM sale GROUP BY shop.state",
        ),
        (
            "What is the percentage of sales in each state?",
            "SELECT shop.state, SHARE(COUNT(*)) * 100 AS share_of_all FROM sale GROUP BY shop.state",
        ),
    ],
)  # fmt: skip
def test_lags_last_days_and_shares(text: str, sql: str) -> None:
    assert read_question(text, "", INDEX, TODAY)[1][0].semantic_sql == sql


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("shops which sold more than 3 times in 2026", "shops with more than 3 sales in 2026"),
        ("shops who have never sold anything", "shops with no sales"),
        ("products never cooked", "products never cooked"),
        ("products not shopped", "products not shopped"),
    ],
)
def test_deeds_are_said_as_the_rows_that_tell_them(text: str, said: str) -> None:
    assert said_as_nouns(text, INDEX) == said


def test_the_most_of_a_price_is_unsure() -> None:
    """Of all sales of a state, or of one of them? Prices do not add up."""
    text = "Which state had the most sale price in 2026? Return the state and sale price."
    assert read_question(text, "", INDEX, TODAY)[1][0].sure < 0.8
