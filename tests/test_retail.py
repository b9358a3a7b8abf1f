"""The specification's retail model, imported as it is, answers: dated through a looked-up calendar, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from t2sql.catalog import Catalog
from t2sql.compiler import compile_loads, compile_sql
from t2sql.errors import QueryError
from t2sql.flow import Load, Loads
from t2sql.interchange import import_model
from t2sql.ossie import read_catalog
from t2sql.policy import Policies

from row_sets import difference

MODEL = Path(__file__).parent / "ossie" / "tpcds_semantic_model.yaml"
TABLES = """
CREATE SCHEMA public;
CREATE TABLE public.date_dim (
    d_date_sk INTEGER, d_date DATE, d_year INTEGER, d_quarter_name VARCHAR, d_month_name VARCHAR);
INSERT INTO public.date_dim
SELECT 100 + i, DATE '2001-11-01' + i * INTERVAL 10 DAY,
       year(DATE '2001-11-01' + i * INTERVAL 10 DAY),
       strftime(DATE '2001-11-01' + i * INTERVAL 10 DAY, '%YQ') || quarter(DATE '2001-11-01' + i * INTERVAL 10 DAY),
       monthname(DATE '2001-11-01' + i * INTERVAL 10 DAY)
FROM range(50) AS r(i);
CREATE TABLE public.customer (
    c_customer_sk INTEGER, c_customer_id VARCHAR, c_first_name VARCHAR, c_last_name VARCHAR, c_email_address VARCHAR);
INSERT INTO public.customer VALUES
    (1, 'A', 'Ann', 'Lee', 'a@x'), (2, 'B', 'Bob', NULL, 'b@x'), (3, 'C', 'Cy', 'Fox', 'c@x'),
    (4, 'D', 'Di', 'Roe', 'd@x');
CREATE TABLE public.item (
    i_item_sk INTEGER, i_item_id VARCHAR, i_item_desc VARCHAR, i_brand VARCHAR, i_category VARCHAR,
    i_current_price DECIMAL(7, 2));
INSERT INTO public.item VALUES
    (1, 'i1', 'pen', 'Acme', 'Office', 2), (2, 'i2', 'pad', 'Acme', 'Office', 5), (3, 'i3', 'tea', 'Leaf', 'Food', 4);
CREATE TABLE public.store (
    s_store_sk INTEGER, s_store_id VARCHAR, s_store_name VARCHAR, s_city VARCHAR, s_state VARCHAR,
    s_number_employees INTEGER);
INSERT INTO public.store VALUES
    (1, 's1', 'North', 'Oslo', 'N', 10), (2, 's2', 'South', 'Rome', 'S', 20), (3, 's3', 'Empty', 'Bonn', 'N', 5);
CREATE TABLE public.store_sales (
    ss_sold_date_sk INTEGER, ss_item_sk INTEGER, ss_customer_sk INTEGER, ss_store_sk INTEGER, ss_ticket_number INTEGER,
    ss_quantity INTEGER, ss_sales_price DECIMAL(7, 2), ss_ext_sales_price DECIMAL(7, 2), ss_net_profit DECIMAL(7, 2));
INSERT INTO public.store_sales
SELECT 100 + (i * 7) % 50, 1 + i % 4, CASE WHEN i % 9 <> 0 THEN 1 + i % 3 END, 1 + i % 2, i, 1 + i % 5, 3,
       3 * (1 + i % 5), i % 7 - 2
FROM range(120) AS r(i);
INSERT INTO public.store_sales VALUES (NULL, 1, 1, 1, 900, 1, 3, 1000, 1), (999, 1, 1, 1, 901, 1, 3, 2000, 1);
"""
POLICIES = """
roles: {all: {}, blind: {hide: {dimensions: [d_date]}}}
principals: {me: {roles: [all]}, other: {roles: [blind]}}
"""


class Retail:
    """The imported model over a few hand-made rows."""

    def __init__(self, folder: Path) -> None:
        (folder / "model.yml").write_text(import_model(MODEL).text, encoding="utf-8")
        (folder / "policies.yml").write_text(POLICIES, encoding="utf-8")
        self.folder = folder
        self.catalog: Catalog = read_catalog(folder)
        self.policies = Policies.read(folder, self.catalog)
        self.connection = duckdb.connect(str(folder / "tpcds.duckdb"))
        self.connection.execute(TABLES)
        rows = {name: self.rows(query.sql) for name, query in compile_loads(self.catalog).items()}
        self.loads = Loads({name: tuple(Load(*row) for row in found) for name, found in rows.items()})

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        return self.connection.execute(sql).fetchall()

    def ask(self, sql: str, principal: str = "me") -> list[tuple[object, ...]]:
        narrowed = self.policies.narrow(self.catalog, self.policies.principal(principal))
        return self.rows(compile_sql(sql, narrowed, self.loads).physical.sql)


@pytest.fixture(scope="module")
def retail(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Retail]:
    opened = Retail(tmp_path_factory.mktemp("retail"))
    yield opened
    opened.connection.close()


SALES = "public.store_sales JOIN public.date_dim ON d_date_sk = ss_sold_date_sk"
EMPLOYEES = "(SELECT SUM(s_number_employees) FROM public.store)"
# What is asked, and the same by hand over the raw tables.
ANSWERS = {
    "sales of all time": (
        "SELECT total_sales FROM tpcds_retail_model",
        f"SELECT SUM(ss_ext_sales_price) FROM {SALES}",
    ),
    "sales of one year": (
        "SELECT total_sales, total_profit FROM tpcds_retail_model WHERE year = '2002'",
        f"SELECT SUM(ss_ext_sales_price), SUM(ss_net_profit) FROM {SALES} WHERE year(d_date) = 2002",
    ),
    "sales by month of the looked-up date": (
        "SELECT month, total_sales FROM tpcds_retail_model WHERE year = '2002'",
        f"SELECT strftime(d_date, '%Y-%m'), SUM(ss_ext_sales_price) FROM {SALES} WHERE year(d_date) = 2002 GROUP BY 1",
    ),
    "sales by brand, an item nobody knows under NULL": (
        "SELECT i_brand, sales_by_brand FROM tpcds_retail_model WHERE quarter = '2002-Q1'",
        f"SELECT i_brand, SUM(ss_ext_sales_price) FROM {SALES} LEFT JOIN public.item ON i_item_sk = ss_item_sk"
        " WHERE d_date BETWEEN '2002-01-01' AND '2002-03-31' GROUP BY 1",
    ),
    "by the calendar's own columns": (
        "SELECT d_year, d_quarter_name, total_sales FROM tpcds_retail_model",
        f"SELECT d_year, d_quarter_name, SUM(ss_ext_sales_price) FROM {SALES} GROUP BY 1, 2",
    ),
    "a year of the calendar's own, as a label": (
        "SELECT d_month_name, total_sales FROM tpcds_retail_model WHERE d_year = 2002 AND d_quarter_name = '2002Q1'",
        f"SELECT d_month_name, SUM(ss_ext_sales_price) FROM {SALES} WHERE d_year = 2002 AND d_quarter_name = '2002Q1'"
        " GROUP BY 1",
    ),
    "days of the date itself": (
        "SELECT d_date, total_sales FROM tpcds_retail_model WHERE d_date >= '2002-12-01'",
        f"SELECT d_date, SUM(ss_ext_sales_price) FROM {SALES} WHERE d_date >= '2002-12-01' GROUP BY 1",
    ),
    "rows of the fact itself": (
        "SELECT SUM(ss_quantity), COUNT(*) FROM store_sales WHERE month = '2002-02'",
        f"SELECT SUM(ss_quantity), COUNT(*) FROM {SALES} WHERE d_date BETWEEN '2002-02-01' AND '2002-02-28'",
    ),
    "rows of a table without dates": (
        "SELECT s_store_name, s_number_employees FROM store",
        "SELECT s_store_name, s_number_employees FROM public.store",
    ),
    "growth over the year before": (
        "SELECT s_store_name, yoy(total_sales) FROM tpcds_retail_model WHERE month = '2002-12'",
        "SELECT s_store_name, SUM(CASE WHEN year(d_date) = 2002 THEN ss_ext_sales_price END)::DOUBLE"
        " / SUM(CASE WHEN year(d_date) = 2001 THEN ss_ext_sales_price END) - 1"
        f" FROM {SALES} JOIN public.store ON s_store_sk = ss_store_sk WHERE month(d_date) = 12 GROUP BY 1",
    ),
    "a customer's full name, NULL where a part is": (
        "SELECT customer_full_name, total_profit FROM tpcds_retail_model WHERE s_city = 'Oslo'",
        "SELECT c_first_name || ' ' || c_last_name, SUM(ss_net_profit)"
        f" FROM {SALES} LEFT JOIN public.customer ON c_customer_sk = ss_customer_sk"
        " JOIN public.store ON s_store_sk = ss_store_sk WHERE s_city = 'Oslo' GROUP BY 1",
    ),
    "rows without a date, of all customers": (
        "SELECT count_distinct_customer_c_customer_sk FROM tpcds_retail_model",
        "SELECT COUNT(*) FROM public.customer",
    ),
    "a ratio of dated sales and all customers": (
        "SELECT customer_lifetime_value FROM tpcds_retail_model",
        f"SELECT SUM(ss_ext_sales_price)::DOUBLE / (SELECT COUNT(*) FROM public.customer) FROM {SALES}",
    ),
    "sales per employee: each store's staff once, however many sales": (
        "SELECT store_productivity FROM tpcds_retail_model",
        f"SELECT SUM(ss_ext_sales_price)::DOUBLE / {EMPLOYEES} FROM {SALES}",
    ),
    "sales per employee by state, one without sales as 0": (
        "SELECT s_store_name, store_productivity FROM tpcds_retail_model",
        "SELECT s_store_name, COALESCE((SELECT SUM(ss_ext_sales_price) FROM public.store_sales, public.date_dim"
        " WHERE d_date_sk = ss_sold_date_sk AND ss_store_sk = s_store_sk), 0)::DOUBLE / s_number_employees"
        " FROM public.store",
    ),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_the_imported_model_answers(name: str, retail: Retail) -> None:
    sql, check_sql = ANSWERS[name]
    assert difference(retail.ask(sql), retail.rows(check_sql), False) == ""


REFUSED = {
    "customers have no brand": (
        "SELECT i_brand, customer_lifetime_value FROM tpcds_retail_model",
        "has no 'i_brand'",
    ),
    "customers have no dates to group by": (
        "SELECT month, customer_lifetime_value FROM tpcds_retail_model",
        "Rows of 'customer' have no date",
    ),
    "nor a year to choose": (
        "SELECT store_productivity FROM tpcds_retail_model WHERE year = '2002'",
        "Rows of 'store' have no date",
    ),
    "nor a year to compare with": (
        "SELECT yoy(sum_store_s_number_employees) FROM tpcds_retail_model",
        "Rows of 'store' have no date",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_rows_without_a_date_cannot_say_is_refused(name: str, retail: Retail) -> None:
    sql, words = REFUSED[name]
    with pytest.raises(QueryError, match=words):
        retail.ask(sql)


def test_the_answer_says_that_some_rows_have_no_date(retail: Retail) -> None:
    narrowed = retail.policies.narrow(retail.catalog, retail.policies.principal("me"))
    plan = compile_sql("SELECT customer_lifetime_value FROM tpcds_retail_model", narrowed, retail.loads)
    assert "undated" in [note.code for note in plan.notes]
    again = compile_sql(plan.semantic_sql, narrowed, retail.loads)
    assert retail.rows(again.physical.sql) == retail.rows(plan.physical.sql)


def test_whoever_may_not_see_the_date_sees_no_sales(retail: Retail) -> None:
    """Rows whose date is hidden would be one heap."""
    with pytest.raises(QueryError, match=r"^Unknown metric or dimension 'total_sales'"):
        retail.ask("SELECT total_sales FROM tpcds_retail_model", "other")
    assert retail.ask("SELECT sum_store_s_number_employees FROM tpcds_retail_model", "other") == [(35,)]


def test_check_finds_nothing_wrong_with_it(retail: Retail) -> None:
    from t2sql.check import check
    from t2sql.warehouse.duckdb import DuckDbWarehouse

    assert [f for f in check(retail.folder) if f.level == "error"] == []
    copy = retail.folder / "locked" / "tpcds.duckdb"
    copy.parent.mkdir()
    retail.connection.execute("CHECKPOINT")
    copy.write_bytes((retail.folder / "tpcds.duckdb").read_bytes())
    with DuckDbWarehouse(copy, memory_limit="1GB") as warehouse:
        found = check(retail.folder, warehouse)
    assert [f.message for f in found if f.level == "error"] == []
    assert any("rows of 'tpcds.public.store_sales' point at no row" in f.message for f in found)
