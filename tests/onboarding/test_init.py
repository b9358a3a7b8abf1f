"""`t2sql init` over real databases: what it writes is whole, fits the data, and keeps what people decided."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import jsonschema
import pytest
from ruamel.yaml import YAML

from t2sql import cli
from t2sql.check import check
from t2sql.errors import Cancelled, ConfigError
from t2sql.interchange import export_model, import_model
from t2sql.onboarding.initiating import KEPT, Outcome, initiate
from t2sql.onboarding.writing import MARK
from t2sql.ossie import read_catalog
from t2sql.policy import Policies
from t2sql.warehouse.duckdb import DuckDbWarehouse
from t2sql.warehouse.sources import parse_source

from devsets import FOLDER

SETTINGS = {"metrics": ".", "principal": "owner"}
DATABASES = sorted((FOLDER / "db").glob("*.duckdb"))

SHOP = """
CREATE TABLE customers (id INTEGER PRIMARY KEY, full_name VARCHAR, city VARCHAR, status INTEGER,
  joined_on DATE NOT NULL);
COMMENT ON TABLE customers IS '客户表';
COMMENT ON COLUMN customers.status IS '客户状态：1-正常 2-冻结 3-销户';
COMMENT ON COLUMN customers.city IS '所在城市';
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers(id), city VARCHAR,
  amount DECIMAL(18, 2) NOT NULL, discount_rate DOUBLE, year INTEGER, ordered_at TIMESTAMP NOT NULL);
COMMENT ON COLUMN orders.amount IS '订单金额(万元)';
INSERT INTO customers SELECT i, 'name ' || i, 'city ' || (i % 7), 1 + i % 3, DATE '2024-01-01' + i::INT
  FROM range(300) t(i);
INSERT INTO orders SELECT i, i % 300, 'city ' || (i % 7), i * 1.5, 0.1, 2024, TIMESTAMP '2025-01-01' + INTERVAL (i) HOUR
  FROM range(2000) t(i);
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A small database that declares its keys."""
    file = tmp_path / "shop.duckdb"
    change(file, SHOP)
    return file


def change(file: Path, sql: str) -> None:
    """Run SQL on a database file."""
    with duckdb.connect(str(file)) as connection:
        connection.execute(sql)


def drafted(file: Path, folder: Path) -> Outcome:
    """`t2sql init` without its face."""
    return initiate(parse_source(str(file)), folder, settings=SETTINGS)


def model(folder: Path) -> Any:
    """The one semantic model in a folder."""
    return YAML(typ="safe").load((folder / "model.yml").read_text(encoding="utf-8"))["semantic_model"][0]


def named(parts: list[Any], name: str) -> Any:
    """The part called so."""
    return next(part for part in parts if part["name"] == name)


def edited(folder: Path) -> Iterator[Any]:
    """model.yml to change, with its comments; written back after."""
    yaml = YAML(typ="rt")
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    tree = yaml.load((folder / "model.yml").read_text(encoding="utf-8"))
    yield tree["semantic_model"][0]
    with (folder / "model.yml").open("w", encoding="utf-8") as file:
        yaml.dump(tree, file)


def sized(path: Path) -> Any:
    """A database as a parameter; the one of 274 columns takes longer than ten seconds."""
    return pytest.param(path, id=path.stem, marks=[pytest.mark.slow] if path.stat().st_size > 4_000_000 else [])


@pytest.mark.parametrize("database", [sized(path) for path in DATABASES])
def test_every_database_gets_a_catalog_that_fits_it(database: Path, tmp_path: Path) -> None:
    folder = tmp_path / "drafted"
    drafted(database, folder)
    with DuckDbWarehouse(database, memory_limit="1GB") as warehouse:
        found = check(folder, warehouse)
    assert [f"{f.place} {f.message}" for f in found if f.level == "error"] == []
    catalog = read_catalog(folder)
    with duckdb.connect(str(database), read_only=True) as connection:
        columns = connection.execute(
            "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal"
        ).fetchall()
    there = {
        (d.source, f.expression.removeprefix("CAST(").removesuffix(" AS DATE)").strip('"'))
        for d in catalog.datasets.values()
        for f in d.fields.values()
    }
    assert {(table, column) for table, column in columns} <= there, "every column can be asked for"


def test_a_catalog_is_drafted_from_names_comments_keys_and_values(shop: Path, tmp_path: Path) -> None:
    folder = tmp_path / "catalog"
    outcome = drafted(shop, folder)
    assert (outcome.is_new, outcome.datasets, outcome.relationships) == (True, 2, 1)
    customers, orders = (named(model(folder)["datasets"], name) for name in ("customers", "orders"))
    assert customers["t2sql"]["display"] == {"zh": "客户表", "en": "customers"}
    assert customers["primary_key"] == ["id"]
    status = named(customers["fields"], "status")
    assert status["t2sql"]["aliases"] == {"1": ["正常"], "2": ["冻结"], "3": ["销户"]}
    assert named(customers["fields"], "city")["t2sql"]["flat_name"] == "customer_city"
    amount = named(orders["fields"], "amount")["t2sql"]
    assert (amount["display"]["zh"], amount["unit"], amount["type"]) == ("订单金额", "万元", "number")
    assert named(orders["fields"], "order_year")["expression"] == "year", "a grain's word names no field"
    assert named(orders["fields"], "ordered_at")["expression"] == "CAST(ordered_at AS DATE)"
    assert named(orders["fields"], "ordered_at_exact")["expression"] == "ordered_at"
    metrics = {m["name"]: m["expression"] for m in model(folder)["metrics"]}
    assert metrics["order_count"] == "COUNT(orders.id)"
    assert metrics["total_amount"] == "SUM(orders.amount)"
    assert metrics["average_discount_rate"] == "AVG(orders.discount_rate)"
    assert "total_discount_rate" not in metrics, "a rate is never summed"
    assert not any("year" in expression for expression in metrics.values()), "a year is never summed"


def test_what_looks_personal_is_marked_and_hidden_from_analysts(shop: Path, tmp_path: Path) -> None:
    folder = tmp_path / "catalog"
    drafted(shop, folder)
    catalog = read_catalog(folder)
    item = catalog.datasets["customers"].fields["full_name"]
    assert (item.sensitivity, item.searchable) == ("personal", False)
    policies = Policies.read(folder, catalog)
    seen = {name: policies.narrow(catalog, policies.principal(name)).catalog for name in ("owner", "analyst")}
    assert "full_name" in seen["owner"].datasets["customers"].fields
    assert "full_name" not in seen["analyst"].datasets["customers"].fields
    assert "name 1" not in "".join(p.read_text(encoding="utf-8") for p in folder.iterdir() if p.is_file())


def test_every_guess_has_its_reason_in_both_languages(shop: Path, tmp_path: Path) -> None:
    folder = tmp_path / "catalog"
    outcome = drafted(shop, folder)
    tree = model(folder)
    parts = [*tree["datasets"], *tree["metrics"], *tree["relationships"]]
    parts += [field for dataset in tree["datasets"] for field in dataset["fields"]]
    guesses = [part["t2sql"]["guess"] for part in parts if "guess" in part.get("t2sql", {})]
    assert len(guesses) == outcome.guesses > 3
    assert all(guess["reason"]["zh"] and guess["reason"]["en"] and 0 < guess["score"] <= 1 for guess in guesses)
    declared = named(tree["relationships"], "orders_customers")
    assert "guess" not in declared.get("t2sql", {}), "what the database declares is no guess"


def test_a_run_without_a_change_changes_nothing(shop: Path, tmp_path: Path) -> None:
    folder = tmp_path / "catalog"
    drafted(shop, folder)
    first = (folder / "model.yml").read_bytes()
    again = drafted(shop, folder)
    assert (folder / "model.yml").read_bytes() == first
    assert not again.is_new and again.changes == ()


def test_a_run_again_keeps_what_a_person_changed(shop: Path, tmp_path: Path) -> None:
    folder = tmp_path / "catalog"
    drafted(shop, folder)
    for tree in edited(folder):
        orders = named(tree["datasets"], "orders")
        named(orders["fields"], "amount")["t2sql"]["display"]["zh"] = "成交额"
        orders["fields"].remove(named(orders["fields"], "discount_rate"))
        tree["metrics"].remove(named(tree["metrics"], "average_amount"))
        del named(tree["metrics"], "order_count")["t2sql"]["guess"]
        tree["metrics"].append(
            {
                "name": "big_orders",
                "expression": "COUNT(orders.id)",
                "t2sql": {"filter": "orders.amount > 1000", "unit": "count", "default_period": "all"},
            }
        )
    text = (folder / "model.yml").read_text(encoding="utf-8")
    (folder / "model.yml").write_text(
        text.replace("  - name: orders\n", "  # The till's own orders.\n      - name: orders\n"), encoding="utf-8"
    )
    change(shop, "ALTER TABLE orders ADD COLUMN channel VARCHAR; ALTER TABLE customers ALTER COLUMN status TYPE BIGINT")
    outcome = drafted(shop, folder)
    tree = model(folder)
    orders = named(tree["datasets"], "orders")
    fields = [field["name"] for field in orders["fields"]]
    assert named(orders["fields"], "amount")["t2sql"]["display"]["zh"] == "成交额"
    assert "discount_rate" not in fields and "channel" in fields
    metrics = {m["name"]: m for m in tree["metrics"]}
    assert "average_amount" not in metrics and "average_discount_rate" not in metrics
    assert "guess" not in metrics["order_count"]["t2sql"] and "big_orders" in metrics
    assert "# The till's own orders." in (folder / "model.yml").read_text(encoding="utf-8")
    assert [change.what for change in outcome.changes] == [
        "type of main.customers.status",
        "column main.orders.channel",
    ]
    assert [f for f in check(folder) if f.level == "error"] == []


def test_what_the_database_dropped_goes_unless_a_person_wrote_it(shop: Path, tmp_path: Path) -> None:
    folder = tmp_path / "catalog"
    drafted(shop, folder)
    for tree in edited(folder):
        tree["metrics"].append(
            {"name": "typical_rate", "expression": "AVG(orders.discount_rate)", "t2sql": {"unit": "ratio"}}
        )
    change(shop, "ALTER TABLE orders DROP COLUMN discount_rate")
    outcome = drafted(shop, folder)
    metrics = [m["name"] for m in model(folder)["metrics"]]
    assert "average_discount_rate" not in metrics and "typical_rate" in metrics
    told = {change.what: change.kind for change in outcome.changes}
    assert told == {"column main.orders.discount_rate": "dropped", "metric typical_rate": "kept"}


def test_a_new_table_takes_no_name_from_what_is_there(shop: Path, tmp_path: Path) -> None:
    folder = tmp_path / "catalog"
    drafted(shop, folder)
    before = read_catalog(folder)
    change(
        shop,
        "CREATE TABLE aaa AS SELECT i AS id, i * 2 AS amount, 1 + i % 3 AS status, 'x' AS joined_on FROM range(9) t(i)",
    )
    drafted(shop, folder)
    after = read_catalog(folder)
    assert "aaa" in after.datasets
    assert set(before.dimensions) <= set(after.dimensions)
    assert {n: m.expression for n, m in before.metrics.items()}.items() <= {
        n: m.expression for n, m in after.metrics.items()
    }.items()


def test_definitions_that_somebody_wrote_are_never_overwritten(shop: Path, tmp_path: Path) -> None:
    folder = tmp_path / "catalog"
    folder.mkdir()
    (folder / "model.yml").write_text("mine: true\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="did not draft"):
        drafted(shop, folder)
    assert (folder / "model.yml").read_text(encoding="utf-8") == "mine: true\n"
    assert [path.name for path in folder.iterdir()] == ["model.yml"]


def test_a_stopped_run_leaves_no_catalog_and_goes_on_later(shop: Path, tmp_path: Path) -> None:
    folder, cancel = tmp_path / "catalog", threading.Event()
    seen: list[str] = []

    def stop(what: str, _share: float) -> None:
        seen.append(what)
        if len(seen) == 3:
            cancel.set()

    with pytest.raises(Cancelled):
        initiate(parse_source(str(shop)), folder, settings=SETTINGS, progress=stop, cancel=cancel)
    assert not (folder / "model.yml").exists() and not (folder / MARK).exists()
    assert drafted(shop, folder).datasets == 2
    assert not (folder / KEPT).exists()


def test_a_database_without_tables_says_so(tmp_path: Path) -> None:
    change(tmp_path / "empty.duckdb", "SELECT 1")
    with pytest.raises(ConfigError, match="no table") as caught:
        drafted(tmp_path / "empty.duckdb", tmp_path / "catalog")
    assert caught.value.zh is not None and not (tmp_path / "catalog" / "model.yml").exists()


def test_names_that_sql_or_the_catalog_cannot_say_get_others(tmp_path: Path) -> None:
    file, folder = tmp_path / "odd.duckdb", tmp_path / "目录"
    change(
        file,
        """
        CREATE SCHEMA crm;
        CREATE TABLE crm."Order" ("OrderId" INTEGER PRIMARY KEY, "order" VARCHAR, "Select" DOUBLE, month VARCHAR);
        CREATE TABLE crm.customer (id INTEGER PRIMARY KEY, "2nd phone" VARCHAR, photo BLOB);
        CREATE TABLE customer (id INTEGER PRIMARY KEY, balance DECIMAL(18, 2));
        CREATE TABLE 贷款台账 (借据号 VARCHAR PRIMARY KEY, "余额(万元)" DECIMAL(18, 2), 放款日期 DATE NOT NULL);
        CREATE TABLE "two words" (a INTEGER);
        CREATE TABLE "dotted.name" (a INTEGER);
        """,
    )
    outcome = drafted(file, folder)
    catalog = read_catalog(folder)
    assert set(catalog.datasets) == {"crm_order", "crm_customer", "customer", "dai_kuan_tai_zhang", "two_words"}
    loans = catalog.datasets["dai_kuan_tai_zhang"]
    assert loans.display.zh == "贷款台账"
    assert loans.fields["余额_万元"].display.zh == "余额" and loans.fields["余额_万元"].unit == "万元"
    assert "photo" not in catalog.datasets["crm_customer"].fields, "what cannot be compared is no field"
    assert any("dotted.name" in note.en for note in outcome.notes)
    with DuckDbWarehouse(file, memory_limit="1GB") as warehouse:
        assert [f.message for f in check(folder, warehouse) if f.level == "error"] == []


@pytest.mark.parametrize(
    ("table", "day", "figures", "grain"),
    [
        ("shop_daily", "day DATE", ["turnover"], None),
        ("shop_daily", "day DATE", ["turnover", "closing_balance"], None),
        ("shop_daily", "day DATE", ["closing_balance"], "day"),
        ("shop_daily", "as_of_date DATE", ["amount"], "day"),
        ("shop_balances", "day DATE", ["amount"], "day"),
        ("stock_snapshot", "day INTEGER", ["pieces"], "day"),
    ],
)
def test_what_happened_on_a_day_is_added_up_and_what_stood_on_it_is_not(
    table: str, day: str, figures: list[str], grain: str | None, tmp_path: Path
) -> None:
    """Either has one row a shop and day; more rows than a sample holds must not change it."""
    file, folder = tmp_path / "shops.duckdb", tmp_path / "catalog"
    date = "CAST(strftime(d, '%Y%m%d') AS INTEGER)" if "INTEGER" in day else "d"
    columns = ", ".join(f"{name} DECIMAL(18, 2)" for name in figures)
    change(
        file,
        f"CREATE TABLE {table} (shop_id INTEGER, {day}, {columns}, PRIMARY KEY (shop_id, {day.split()[0]}));"
        f" INSERT INTO {table} SELECT s, {date}, {', '.join('s * 10' for _ in figures)} FROM range(40) AS a(s),"
        " (SELECT CAST(DATE '2024-01-01' + CAST(i AS INTEGER) AS DATE) AS d FROM range(300) AS b(i))",
    )
    drafted(file, folder)
    catalog = read_catalog(folder)
    (dataset,) = catalog.datasets.values()
    assert dataset.time_dimension and dataset.snapshot_grain == grain
    for metric in catalog.metrics.values():
        assert "balance" not in metric.expression or grain, "a balance is not added up over days"


def test_the_command_drafts_and_says_what_comes_next(
    shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(["init", "--source", str(shop), "--out", "metrics/shop"]) == 0
    out, err = capfd.readouterr()
    assert out == "metrics/shop/model.yml\n"
    assert "2 datasets, 1 relationship" in err and "t2sql check metrics/shop" in err
    assert "password" not in (tmp_path / "metrics/shop/t2sql.toml").read_text(encoding="utf-8")
    assert json.loads((tmp_path / "metrics/shop" / MARK).read_text(encoding="utf-8"))["shape"] == 1
    monkeypatch.setenv("T2SQL_SETTINGS", "metrics/shop/t2sql.toml")
    assert cli.main(["check", "metrics/shop"]) == 0
    assert cli.main(["init", "--source", str(tmp_path / "nothing.duckdb"), "--out", "metrics/none"]) == 8
    assert not (tmp_path / "metrics/none/model.yml").exists()
    assert "nothing.duckdb" in capfd.readouterr().err


def test_a_drafted_catalog_goes_out_as_strict_ossie_and_comes_back_with_its_guesses(shop: Path, tmp_path: Path) -> None:
    folder, again = tmp_path / "catalog", tmp_path / "again"
    drafted(shop, folder)
    text = export_model(folder)
    schema = json.loads((Path(__file__).parent.parent / "ossie" / "osi-schema-0.1.1.json").read_text(encoding="utf-8"))
    jsonschema.validate(YAML(typ="safe").load(text), schema)
    (tmp_path / "strict.yml").write_text(text, encoding="utf-8")
    imported = import_model(tmp_path / "strict.yml")
    again.mkdir()
    (again / "model.yml").write_text(imported.text, encoding="utf-8")
    assert read_catalog(again).fingerprint == read_catalog(folder).fingerprint
    assert imported.text.count("guess:") == model_guesses(folder)


def model_guesses(folder: Path) -> int:
    """How many guesses model.yml marks."""
    return (folder / "model.yml").read_text(encoding="utf-8").count("guess:")
