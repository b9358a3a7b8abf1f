"""Questions over fields as semantic SQL, and how sure: what is asked, and no column more."""

# ruff: noqa: E501
# One case a line.
from __future__ import annotations

from datetime import date

import pytest
from drafted_catalog import index, narrowed

from t2sql.compiler import compile_sql
from t2sql.fields import read_question
from t2sql.flow import Loads

TODAY = date(2026, 11, 18)
INDEX = index()
NARROWED = narrowed()
SURE = [
    ("列出上海历年的地方财政收入和支出", "SELECT local_revenue, local_spending FROM city_budget WHERE city_budget.province = '上海'"),
    ("每年的地方财政收入", "SELECT end_date, local_revenue FROM city_budget"),
    ("总资产的最大值和最小值", "SELECT MAX(total_assets), MIN(total_assets) FROM bank_sheet"),
    ("总资产的最大值是多少，是哪一年", "SELECT end_date, total_assets FROM bank_sheet ORDER BY total_assets DESC LIMIT 1"),
    ("总资产超过5千万的记录，列出时间和其他资产", "SELECT end_date, other_assets FROM bank_sheet WHERE bank_sheet.total_assets > 50000000"),
    ("地方财政收入排名前三的省市名单", "SELECT province FROM city_budget ORDER BY local_revenue DESC LIMIT 3"),
    ("How many shops are there?", "SELECT COUNT(*) FROM shop"),
    ("How many sales did each shop make?", "SELECT shop.shop_name, COUNT(*) FROM sale GROUP BY shop.shop_name"),
    ("What is the average sale price for each category?", "SELECT product.category, AVG(sale_price) FROM sale GROUP BY product.category"),
    ("What are the names of the shops in Texas?", "SELECT shop_name FROM shop WHERE shop.state = 'TX'"),
    ("What is the list price of Oat Milk?", "SELECT list_price FROM product WHERE product.product_name = 'Oat Milk'"),
    ("Which shop has the largest floor area?", "SELECT shop_name FROM shop ORDER BY floor_area DESC LIMIT 1"),
    ("What are the top 3 shops by total sale price? Return the shop name and total sale price.",
     "SELECT shop.shop_name, SUM(sale_price) FROM sale GROUP BY shop.shop_name ORDER BY SUM(sale_price) DESC LIMIT 3"),
    ("How many sales were made per month?", "SELECT month(sale_date), COUNT(*) FROM sale GROUP BY month(sale_date)"),
    ("What is the floor area of shops opened per year, by state?",
     "SELECT year(opened_on), state, SUM(floor_area) FROM shop GROUP BY year(opened_on), state"),
    ("Which city's shops have the largest floor area?", "SELECT city FROM shop ORDER BY floor_area DESC LIMIT 1"),
    ("What is the ratio of drinks to bakery products?",
     "SELECT COUNT(*) FILTER (WHERE product.category = 'drinks') / COUNT(*) FILTER (WHERE product.category = 'bakery') AS ratio FROM product"),
    ("What percentage of products are drinks?",
     "SELECT COUNT(*) FILTER (WHERE product.category = 'drinks') * 100 / COUNT(*) AS part FROM product"),
    ("What is the total sale price of sales by shops in Texas?", "SELECT SUM(sale_price) FROM sale WHERE shop.state = 'TX'"),
    ("Which shops were opened in 2023?", "SELECT shop_name FROM shop WHERE shop.opened_on >= '2023-01-01' AND shop.opened_on < '2024-01-01'"),
    ("List the shops ordered by floor area from largest to smallest", "SELECT shop_name, floor_area FROM shop ORDER BY floor_area DESC"),
    ("各省市的地方财政收入合计", "SELECT province, SUM(local_revenue) FROM city_budget GROUP BY province"),
    ("列出北京的地方财政收入和支出，超过1亿元的",
     "SELECT local_revenue, local_spending FROM city_budget WHERE city_budget.province = '北京' AND city_budget.local_spending > 100"),
    ("最近一次登记的总资产是多少", "SELECT total_assets FROM bank_sheet ORDER BY end_date DESC LIMIT 1"),
    ("Which shops have sold both Green Tea and Oat Milk?",
     "SELECT shop_name FROM shop WHERE shop.shop_id IN (SELECT sale.shop_id FROM sale"
     " WHERE product.product_name IN ('Green Tea', 'Oat Milk') GROUP BY sale.shop_id"
     " HAVING COUNT(DISTINCT product.product_name) = 2)"),
    ("What are the cheapest products?", "SELECT product_name FROM product ORDER BY list_price"),
    ("How many sales were there in each of the last 3 calendar months?",
     "SELECT month(sale_date), COUNT(*) FROM sale WHERE sale.sale_date >= '2026-08-01' AND sale.sale_date < '2026-11-01' GROUP BY month(sale_date)"),
    ("How many sales were shipped per year?", "SELECT year(shipped_on), COUNT(*) FROM sale GROUP BY year(shipped_on)"),
]  # fmt: skip
UNSURE = [
    "How many sales changed compared with the same month?",
    "shops with at least 3 products",
]


@pytest.mark.parametrize(("text", "sql"), SURE)
def test_a_plain_question_is_read(text: str, sql: str) -> None:
    _linked, found = read_question(text, "", INDEX, TODAY)
    assert found[0].semantic_sql == sql
    assert found[0].sure >= 0.7


@pytest.mark.parametrize(("text", "sql"), SURE)
def test_what_is_read_compiles(text: str, sql: str) -> None:
    assert compile_sql(sql, NARROWED, Loads({})).physical.sql


@pytest.mark.parametrize("text", UNSURE)
def test_what_is_not_plain_is_told_as_unsure(text: str) -> None:
    _linked, found = read_question(text, "", INDEX, TODAY)
    assert all(reading.sure < 0.6 for reading in found)


def test_a_word_that_nothing_explains_makes_a_reading_less_sure() -> None:
    plain = read_question("the floor area of each shop", "", INDEX, TODAY)[1][0]
    odd = read_question("the wibbled floor area of each shop", "", INDEX, TODAY)[1][0]
    assert odd.semantic_sql == plain.semantic_sql
    assert odd.left == ("wibbled",)
    assert odd.sure < plain.sure


def test_a_defined_short_name_is_read_as_what_it_means() -> None:
    _linked, found = read_question("What is the ASP for each shop?", "ASP = average sale price.", INDEX, TODAY)
    assert found[0].semantic_sql == "SELECT shop.shop_name, AVG(sale_price) FROM sale GROUP BY shop.shop_name"


def test_a_text_about_nothing_here_has_no_reading() -> None:
    assert read_question("Will it rain tomorrow?", "", INDEX, TODAY)[1] == ()


@pytest.mark.parametrize(
    ("text", "hints", "sql"),
    [
        ("What is the ALP of drinks?", "ALP = average list price over the products that are not bakery products",
         "SELECT AVG(list_price) FROM product WHERE product.category = 'drinks' AND product.category <> 'bakery'"),
        ("What is the ALP?", "ALP = average list price of products, leaving out bakery products",
         "SELECT AVG(list_price) FROM product WHERE product.category <> 'bakery'"),
        ("What is the GAP of shops?", "GAP = sum of floor area * floor area; a missing floor area counts as 0",
         "SELECT SUM(COALESCE(shop.floor_area, 0) * COALESCE(shop.floor_area, 0)) FROM shop"),
        ("What is the SPL of sales in 2025?", "SPL = sum of sale price and list price over the sales of bakery products",
         "SELECT SUM(sale.sale_price + product.list_price) FILTER(WHERE product.category = 'bakery') FROM sale"
         " WHERE sale.sale_date >= '2025-01-01' AND sale.sale_date < '2026-01-01'"),
    ],
)  # fmt: skip
def test_a_definition_is_read_with_the_rows_that_it_is_over(text: str, hints: str, sql: str) -> None:
    assert read_question(text, hints, INDEX, TODAY)[1][0].semantic_sql.replace("FILTER (", "FILTER(") == sql


def test_rows_of_a_definition_that_nothing_explains_make_it_unsure() -> None:
    found = read_question(
        "What is the ALP?", "ALP = average list price over the products that are thrilling", INDEX, TODAY
    )
    assert found[1][0].sure < 0.8
