"""Surveys of real databases: what they declare, what is guessed, what is never kept, and a survey that is stopped."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import duckdb
import pytest

from t2sql.errors import Cancelled
from t2sql.onboarding.introspect_duckdb import DuckDbReader
from t2sql.onboarding.opening_readers import open_reader
from t2sql.onboarding.survey import Survey, from_json, to_json
from t2sql.onboarding.surveying import forget_kept, survey
from t2sql.warehouse.duckdb import connect_locked
from t2sql.warehouse.sources import parse_source

from linked_figures import surveyed
from servers import OWNER, mariadb_connection, scratch_database, scratch_mariadb

SECRETS = ("Wang Xiaoming", "wang@bank.example", "13912345678", "11010519491231002X", "4111111111111111", "hunter2")
# Nothing in the names a1 and a2 says what they hold; four card numbers in five pass the check of their last digit.
PEOPLE = f"""
CREATE TABLE customer (
    customer_id INTEGER, full_name VARCHAR, email VARCHAR, mobile_no VARCHAR, a1 VARCHAR, a2 VARCHAR, password VARCHAR,
    city VARCHAR
);
INSERT INTO customer SELECT i, '{SECRETS[0]}', '{SECRETS[1]}', '{SECRETS[2]}', '{SECRETS[3]}',
    ['{SECRETS[4]}', '5500005555555559', '6011000990139424', '30569309025904000', '3566002020360505',
    '4012888888881881', '5105105105105100'][1 + i % 7], '{SECRETS[5]}', 'City ' || i % 3 FROM range(1, 31) t(i);
UPDATE customer SET a1 = '11010519491231' || lpad(customer_id::VARCHAR, 3, '0') || 'X' WHERE customer_id > 1;
"""
SHOP = """
CREATE TABLE shop (id INTEGER PRIMARY KEY, name VARCHAR, opened DATE);
COMMENT ON TABLE shop IS 'Shops, one a row';
COMMENT ON COLUMN shop.name IS 'What it is called';
INSERT INTO shop SELECT i, 'Shop ' || i, DATE '2020-01-01' + i::INT FROM range(1, 11) t(i);
CREATE TABLE sale (
    id INTEGER PRIMARY KEY, shop_id INTEGER REFERENCES shop (id), sale_date DATE, amount DECIMAL(18, 2), status VARCHAR,
    day_text VARCHAR, month_number INTEGER, tags VARCHAR[], unit_price DOUBLE
);
INSERT INTO sale SELECT i, 1 + i % 10, DATE '2024-01-01' + (i % 300)::INT, i * 1.5, CASE WHEN i % 3 = 0 THEN 'paid' ELSE
    'open' END, strftime(DATE '2024-01-01' + (i % 300)::INT, '%Y%m%d'), 202401 + i % 12, ['a'], 2.5
    FROM range(500) t(i);
CREATE VIEW fails AS SELECT id, CAST(status AS INTEGER) AS broken FROM sale;
CREATE VIEW works AS SELECT shop_id, sum(amount) AS total FROM sale GROUP BY ALL;
"""


def _file(path: Path, sql: str) -> Path:
    with duckdb.connect(str(path)) as connection:
        connection.execute(sql)
    return path


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Survey:
    """A small shop, surveyed."""
    return surveyed(_file(tmp_path_factory.mktemp("shop") / "shop.duckdb", SHOP), use_declared=True)


def test_what_is_declared(shop: Survey) -> None:
    table = shop.table("main.shop")
    assert (table.rows, table.is_counted, table.is_view, table.comment) == (10, True, False, "Shops, one a row")
    assert table.column("name").comment == "What it is called"
    assert table.primary_key is not None
    assert (table.primary_key.columns, table.primary_key.is_declared) == (("id",), True)


def test_profiles(shop: Survey) -> None:
    status = shop.table("main.sale").column("status").profile
    assert status is not None
    assert (status.sampled, status.is_whole, status.nulls, status.distinct) == (500, True, 0, 2)
    assert status.values == (("open", 333), ("paid", 167))
    dated = shop.table("main.sale").column("sale_date").profile
    assert dated is not None
    assert (dated.least, dated.greatest, dated.values) == ("2024-01-01", "2024-10-26", ())


def test_roles(shop: Survey) -> None:
    roles = {column.name: column.role.what for column in shop.table("main.sale").columns}
    assert roles == {
        "id": "key",
        "shop_id": "link",
        "sale_date": "time",
        "amount": "additive",
        "status": "enum",
        "day_text": "time",
        "month_number": "time",
        "tags": "other",
        "unit_price": "rate",
    }


def test_dates_kept_as_text_and_integers(shop: Survey) -> None:
    formats = {c.name: c.date_format.what for c in shop.table("main.sale").columns if c.date_format}
    assert formats == {"day_text": "%Y%m%d", "month_number": "%Y%m"}


def test_the_time_column_and_the_kind(shop: Survey) -> None:
    sale = shop.table("main.sale")
    assert sale.time_column is not None and sale.time_column.what == "sale_date"
    assert (sale.kind.what, shop.table("main.shop").kind.what) == ("fact", "lookup")


def test_a_view_that_fails_stops_nothing_and_is_told(shop: Survey) -> None:
    broken = shop.table("main.fails").column("broken")
    assert broken.profile is None and broken.trouble
    assert shop.table("main.fails").column("id").profile is not None
    assert [note.en for note in shop.notes if "main.fails.broken" in note.en]
    assert shop.table("main.works").rows == 10


def test_a_survey_comes_back_from_json(shop: Survey) -> None:
    assert from_json(Survey, json.loads(json.dumps(to_json(shop)))) == shop


def test_no_value_of_a_person_is_kept_anywhere(tmp_path: Path) -> None:
    path = _file(tmp_path / "people.duckdb", PEOPLE)
    with connect_locked(path, memory_limit="1GB") as connection:
        found = survey(DuckDbReader(connection, shown="people"), kept=tmp_path / "kept")
    personal = {c.name: c.personal.what for c in found.table("main.customer").columns if c.personal}
    assert personal == {
        "full_name": "person_name",
        "email": "email",
        "mobile_no": "phone",
        "a1": "identity",
        "a2": "card",
        "password": "secret",
    }
    kept = "".join(file.read_text() for file in (tmp_path / "kept").rglob("*.json"))
    told = json.dumps(to_json(found)) + kept
    assert [secret for secret in SECRETS if secret in told] == []
    city = found.table("main.customer").column("city")
    assert city.personal is None and city.profile is not None and city.profile.distinct == 3


def test_a_stopped_survey_goes_on_where_it_stopped(tmp_path: Path) -> None:
    path = _file(tmp_path / "shop.duckdb", SHOP)
    cancel = threading.Event()
    seen: list[str] = []

    def stop_at_sale(what: str, share: float) -> None:
        seen.append(what)
        if what == "main.shop":
            cancel.set()

    with connect_locked(path, memory_limit="1GB") as connection:
        reader = DuckDbReader(connection, shown="shop", cancel=cancel)
        with pytest.raises(Cancelled):
            survey(reader, progress=stop_at_sale, cancel=cancel, kept=tmp_path / "kept")
        assert len(list((tmp_path / "kept").rglob("main_sale-*.json"))) == 1
        cancel.clear()
        whole = survey(DuckDbReader(connection, shown="shop"), kept=tmp_path / "kept")
        assert whole == survey(DuckDbReader(connection, shown="shop"))
        forget_kept(reader, tmp_path / "kept")
        assert list((tmp_path / "kept").rglob("*.json")) == []


def test_what_was_kept_of_a_changed_table_is_read_anew(tmp_path: Path) -> None:
    path = _file(tmp_path / "one.duckdb", "CREATE TABLE t (id INTEGER); INSERT INTO t VALUES (1), (2)")
    with connect_locked(path, memory_limit="1GB") as connection:
        survey(DuckDbReader(connection, shown="one"), kept=tmp_path / "kept")
    _file(path, "ALTER TABLE t ADD COLUMN amount DECIMAL(9, 2)")
    with connect_locked(path, memory_limit="1GB") as connection:
        found = survey(DuckDbReader(connection, shown="one"), kept=tmp_path / "kept")
    assert [column.name for column in found.table("main.t").columns] == ["id", "amount"]


def test_progress_goes_from_nothing_to_one(tmp_path: Path) -> None:
    path = _file(tmp_path / "shop.duckdb", SHOP)
    shares: list[float] = []
    with connect_locked(path, memory_limit="1GB") as connection:
        survey(DuckDbReader(connection, shown="shop"), progress=lambda what, share: shares.append(share))
    assert shares == sorted(shares) and (shares[0], shares[-1]) == (0.0, 1.0)


def test_a_large_table_is_sampled_and_its_keys_are_proven_over_all_rows(tmp_path: Path) -> None:
    rows = "CREATE TABLE t AS SELECT CASE WHEN i = 49999 THEN 1 ELSE i END AS id, i % 7 AS grade FROM range(50000) r(i)"
    with connect_locked(_file(tmp_path / "large.duckdb", rows), memory_limit="1GB") as connection:
        found = survey(DuckDbReader(connection, shown="large"), sampled_rows=1000)
    table = found.table("main.t")
    assert table.rows == 50000 and table.primary_key is None
    profile = table.column("grade").profile
    assert profile is not None and (profile.sampled, profile.is_whole) == (1000, False)


def test_a_folder_of_files(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"""
            COPY (SELECT i AS customer_id, 'S' || i % 7 AS segment FROM range(1, 301) t(i))
                TO '{tmp_path / "customers.parquet"}';
            COPY (SELECT i AS order_id, 1 + i % 300 AS customer_id, DATE '2024-01-01' + i::INT AS order_date
                FROM range(1, 1001) t(i)) TO '{tmp_path / "orders.csv"}'""")
    with open_reader(parse_source(str(tmp_path))) as reader:
        found = survey(reader)
    assert {(table.schema, table.name, table.is_view, table.rows) for table in found.tables} == {
        ("", "customers", False, 300),
        ("", "orders", False, 1000),
    }
    (link,) = found.links
    assert (link.many, link.one, link.is_proposal) == ("orders", "customers", False)


POSTGRES = """
CREATE TYPE mood AS ENUM ('calm', 'cross');
CREATE TABLE branch (branch_id int PRIMARY KEY, branch_name text UNIQUE);
CREATE TABLE account (account_id bigint PRIMARY KEY, branch_id int, mood mood, note json, "100% odd:name" text,
    balance numeric(30, 10), as_of_date date);
COMMENT ON TABLE account IS 'Accounts as of a day';
COMMENT ON COLUMN account.balance IS '余额(元)';
INSERT INTO branch SELECT g, 'Branch ' || g FROM generate_series(1, 20) g;
INSERT INTO account SELECT g, 1 + g % 20, 'calm', '{}', 'x', g / 3.0, date '2024-01-01' FROM generate_series(1, 3000) g;
CREATE VIEW fails AS SELECT account_id, 1 / (account_id - 5) AS broken FROM account;
"""


def test_postgres(postgres_address: str) -> None:
    import psycopg

    with scratch_database(postgres_address, "surveyed") as address:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(POSTGRES)
        said = dict(part.split("=", 1) for part in address.split())
        with open_reader(parse_source(f"postgresql://{OWNER}@/surveyed?host={said['host']}")) as reader:
            found = survey(reader)
    _is_the_bank(found, "public.")
    account = found.table("public.account")
    assert account.comment == "Accounts as of a day"
    assert account.column("note").role.what == "other"
    assert [note.en for note in found.notes if "public.fails.broken" in note.en]


MARIADB = (
    "CREATE TABLE branch (branch_id int PRIMARY KEY, branch_name varchar(50) UNIQUE)",
    "CREATE TABLE account (account_id bigint PRIMARY KEY, branch_id int, mood enum('calm', 'cross'),"
    " `100% odd:name` text, balance decimal(30, 10) COMMENT '余额(元)', as_of_date date)",
    "INSERT INTO branch SELECT seq, concat('Branch ', seq) FROM seq_1_to_20",
    "INSERT INTO account SELECT seq, 1 + seq % 20, 'calm', 'x', seq / 3, '2024-01-01' FROM seq_1_to_3000",
)


def test_mariadb(mariadb_socket: Path) -> None:
    with scratch_mariadb(mariadb_socket, "surveyed") as address:
        with mariadb_connection(mariadb_socket, "surveyed") as connection, connection.cursor() as cursor:
            for statement in MARIADB:
                cursor.execute(statement)
        with open_reader(parse_source(address)) as reader:
            found = survey(reader)
    _is_the_bank(found, "")


def _is_the_bank(found: Survey, schema: str) -> None:
    account = found.table(f"{schema}account")
    (link,) = [link for link in found.links if link.many == f"{schema}account"]
    assert (link.many_columns, link.one, link.one_columns) == (("branch_id",), f"{schema}branch", ("branch_id",))
    assert not link.is_declared and not link.is_proposal
    balance = account.column("balance")
    assert (balance.kind, balance.role.what, balance.unit and balance.unit.what) == ("decimal", "stock", "元")
    assert account.column("mood").kind == "text"
    assert account.column("100% odd:name").profile is not None
    assert account.rows == 3000 and account.primary_key is not None
    assert account.time_column is not None and account.time_column.what == "as_of_date"
