"""The database moves away from the definitions: what is told, what is switched off, and what goes on answering."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import duckdb
import pytest

from t2sql import cli
from t2sql.agent import Agent
from t2sql.check import check
from t2sql.errors import NotComputable, UnknownName
from t2sql.generation.llm import ScriptedLlm
from t2sql.settings import load
from t2sql.warehouse.duckdb import DuckDbWarehouse

TABLES = """
CREATE TABLE store (store_id INTEGER, city VARCHAR, region VARCHAR);
CREATE TABLE clerk (clerk_id INTEGER, store_id INTEGER, level VARCHAR);
CREATE TABLE sale
  (sale_id INTEGER, store_id INTEGER, clerk_id INTEGER, sold_on DATE, amount DECIMAL(12,2), state VARCHAR);
INSERT INTO store VALUES (1, '上海', 'east'), (2, '北京', 'north');
INSERT INTO clerk VALUES (1, 1, 'A'), (2, 2, 'B');
INSERT INTO sale VALUES
  (1, 1, 1, '2025-03-01', 10.50, 'P'), (2, 1, 2, '2025-12-31', 4.50, 'P'), (3, 2, 1, '2025-06-30', 7, 'R');
"""
MODEL = """\
version: 0.1.1
semantic_model:
  - name: shop
    datasets:
      - name: stores
        source: store
        primary_key: [store_id]
        fields:
          - {name: city, expression: city, dimension: {}}
          - {name: region, expression: region, dimension: {}}
      - name: clerks
        source: clerk
        primary_key: [clerk_id]
        fields:
          - {name: level, expression: level, dimension: {}, t2sql: {type: text}}
      - name: sales
        source: sale
        primary_key: [sale_id]
        t2sql: {time_dimension: sold_on}
        fields:
          - {name: sold_on, expression: sold_on}
          - {name: amount, expression: amount, t2sql: {type: number}}
          - name: state
            expression: state
            dimension: {}
            t2sql: {is_enum: true, members: [P, R]}
    relationships:
      - {name: sales_stores, from: sales, to: stores, from_columns: [store_id], to_columns: [store_id]}
      - {name: sales_clerks, from: sales, to: clerks, from_columns: [clerk_id], to_columns: [clerk_id]}
      - {name: clerks_stores, from: clerks, to: stores, from_columns: [store_id], to_columns: [store_id]}
    metrics:
      - {name: turnover, expression: SUM(sales.amount), t2sql: {default_period: all}}
      - {name: sale_count, expression: COUNT(sales.sold_on), t2sql: {unit: count, default_period: all}}
      - name: refunds
        expression: COUNT(sales.sold_on)
        t2sql: {unit: count, default_period: all, filter: sales.state = 'R'}
"""
POLICIES = """\
roles:
  all: {}
  east:
    rows: {dimension: region, values: [east], open: [clerks]}
  less:
    hide: {dimensions: [region]}
principals:
  joe: {roles: [less]}
  ann: {roles: [all]}
  eve: {roles: [east]}
"""
VERIFIED = """\
verified:
  - id: by-region
    question: {en: turnover by region}
    semantic_sql: SELECT region, turnover FROM shop
    verified_by: Finance
    verified_on: 2026-01-01
  - id: by-city
    question: {en: turnover by city}
    semantic_sql: SELECT city, turnover FROM shop
    verified_by: Finance
    verified_on: 2026-01-01
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A shop's definitions and its database."""
    for name, text in (("model.yml", MODEL), ("policies.yml", POLICIES), ("verified.yml", VERIFIED)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "t2sql.toml").write_text(
        'metrics = "."\nsource = "shop.duckdb"\nprincipal = "ann"\ndemo = true\ncache_dir = "cache"\n', encoding="utf-8"
    )
    change(tmp_path, TABLES)
    return tmp_path


def change(folder: Path, sql: str) -> None:
    """Run SQL on the shop's database."""
    with duckdb.connect(str(folder / "shop.duckdb")) as connection:
        connection.execute(sql)


def told(folder: Path) -> dict[str, str]:
    """`t2sql check --source`: message -> level."""
    with DuckDbWarehouse(folder / "shop.duckdb", memory_limit="500MB", threads=1) as warehouse:
        return {finding.message: finding.level for finding in check(folder, warehouse)}


@contextmanager
def opened(folder: Path) -> Iterator[Agent]:
    """The shop as `ask` and `serve` open it."""
    settings = load(folder / "t2sql.toml", environ={})
    with closing(Agent.open(settings, llm=lambda: ScriptedLlm([]))) as agent:
        yield agent


def answered(agent: Agent, semantic_sql: str, principal: str = "ann") -> list[tuple[object, ...]]:
    """Rows of semantic SQL."""
    plan = agent.compile(semantic_sql, principal=principal)
    return [tuple(row) for row in agent.warehouse.run(plan.physical, plan.columns, timeout_seconds=30).rows]


def test_a_database_that_fits_switches_nothing_off(shop: Path) -> None:
    assert told(shop) == {}
    with opened(shop) as agent:
        assert agent.drift_notes == ()
        assert len(agent.catalog.metrics) == 3


DRIFTS = [
    ("ALTER TABLE store DROP COLUMN region", "table 'store' has no column 'region'.", {"region"}, set()),
    ("DROP TABLE clerk", "dataset 'clerks': table 'clerk' cannot be read.", {"level"}, set()),
    ("ALTER TABLE sale DROP COLUMN amount", "table 'sale' has no column 'amount'.", set(), {"turnover"}),
    (
        "ALTER TABLE sale ALTER COLUMN amount TYPE VARCHAR",
        "field sales.amount is defined as number, and the database no longer holds that.",
        set(),
        {"turnover"},
    ),
    (
        "ALTER TABLE clerk ALTER COLUMN level TYPE INTEGER USING 1",
        "field clerks.level is defined as text, and the database no longer holds that.",
        {"level"},
        set(),
    ),
    (
        "ALTER TABLE clerk ALTER COLUMN level TYPE TIMESTAMP USING NULL",
        "field clerks.level is defined as text, and the database no longer holds that.",
        {"level"},
        set(),
    ),
    (
        "ALTER TABLE sale DROP COLUMN sold_on",
        "table 'sale' has no column 'sold_on'.",
        {"state"},
        {"turnover", "sale_count", "refunds"},
    ),
]


@pytest.mark.parametrize(("sql", "message", "dimensions", "metrics"), DRIFTS, ids=[d[0] for d in DRIFTS])
def test_only_what_is_broken_is_switched_off(
    shop: Path, sql: str, message: str, dimensions: set[str], metrics: set[str]
) -> None:
    change(shop, sql)
    assert told(shop)[message] == "error"
    with opened(shop) as agent:
        assert {"city", "region", "level", "state"} - set(agent.catalog.dimensions) == dimensions
        assert {"turnover", "sale_count", "refunds"} - set(agent.catalog.metrics) == metrics
        assert message in [note.en for note in agent.drift_notes]
        assert all(note.zh for note in agent.drift_notes)
        if "sale_count" in agent.catalog.metrics:
            assert answered(agent, "SELECT sale_count FROM shop") == [(3,)]
        for name in metrics:
            with pytest.raises(UnknownName):
                agent.compile(f"SELECT {name} FROM shop")


def test_text_may_have_a_kind_of_its_own(shop: Path) -> None:
    change(shop, "ALTER TABLE clerk ALTER COLUMN level TYPE UUID USING NULL")
    assert told(shop) == {}


@pytest.mark.parametrize(
    ("sql", "name", "is_told"),
    [
        ("ALTER TABLE store DROP COLUMN region", "region", False),
        ("ALTER TABLE store RENAME COLUMN city TO town", "city", True),
        ("ALTER TABLE sale DROP COLUMN amount", "turnover", True),
        ("ALTER TABLE sale DROP COLUMN store_id", "store_id", True),
        ("INSERT INTO store VALUES (1, '上海', 'east')", "store_id", True),
        ("DROP TABLE clerk", "clerk", True),
    ],
)
def test_nobody_is_told_of_names_that_are_hidden_from_them(shop: Path, sql: str, name: str, is_told: bool) -> None:
    change(shop, sql)
    with opened(shop) as agent:
        whole = agent.drift_notes_for("ann")
        assert whole == agent.drift_notes and any(name in note.en and name in note.zh for note in whole)
        mine = agent.drift_notes_for("joe")
        assert any(name in note.en for note in mine) is is_told and any(name in note.zh for note in mine) is is_told
        assert agent.drift_notes_for("nobody") == ()


def test_a_key_that_repeats_cuts_the_way_and_opens_no_other(shop: Path) -> None:
    change(shop, "INSERT INTO store VALUES (1, '上海', 'east')")
    assert told(shop)["key (store_id) of dataset 'stores' is not unique: values repeat."] == "error"
    with opened(shop) as agent:
        assert answered(agent, "SELECT turnover FROM shop")[0][0] == 22
        assert len(answered(agent, "SELECT level, turnover FROM shop")) == 2
        with pytest.raises(NotComputable, match="not unique"):
            agent.compile("SELECT region, turnover FROM shop")


def test_a_straight_way_that_is_gone_is_not_replaced_by_a_way_around(shop: Path) -> None:
    change(shop, "ALTER TABLE sale DROP COLUMN store_id")
    with opened(shop) as agent:
        # A sale's store is not the store of its clerk.
        with pytest.raises(NotComputable, match="cannot be reached now"):
            agent.compile("SELECT region, turnover FROM shop")
        assert len(answered(agent, "SELECT level, turnover FROM shop")) == 2


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE store DROP COLUMN region",
        "ALTER TABLE sale DROP COLUMN store_id",
        "INSERT INTO store VALUES (1, '上海', 'east')",
    ],
)
def test_a_row_rule_that_cannot_be_followed_shows_nothing(shop: Path, sql: str) -> None:
    with opened(shop) as agent:
        assert answered(agent, "SELECT turnover FROM shop", "eve")[0][0] == 15
    change(shop, sql)
    with opened(shop) as agent, pytest.raises(UnknownName):
        agent.compile("SELECT turnover FROM shop", principal="eve")


def test_verified_questions_that_break_are_named(shop: Path) -> None:
    change(shop, "ALTER TABLE store DROP COLUMN region")
    broken = [message for message in told(shop) if message.startswith("since the database changed")]
    assert len(broken) == 1 and "'by-region'" in broken[0]


def test_new_values_and_conditions_that_find_nothing_are_warnings(shop: Path) -> None:
    change(shop, "UPDATE sale SET state = 'X' WHERE state = 'R'")
    found = told(shop)
    assert found["field sales.state is an enum, and rows hold values that it does not name: 'X'."] == "warning"
    assert found["metric 'refunds': its condition finds no row, so it gives nothing."] == "warning"
    with opened(shop) as agent:
        assert agent.drift_notes == ()


def test_a_database_that_bears_nothing_breaks_no_definition(shop: Path) -> None:
    change(shop, "DROP TABLE sale; DROP TABLE clerk; DROP TABLE store")
    with opened(shop) as agent:
        assert len(agent.catalog.metrics) == 3 and agent.drift_notes == ()


def test_definitions_read_anew_are_compared_anew(shop: Path) -> None:
    with opened(shop) as agent:
        text = MODEL.replace("expression: region,", "expression: area,")
        (shop / "model.yml").write_text(text, encoding="utf-8")
        agent.read_definitions_anew()
        assert "region" not in agent.catalog.dimensions and "city" in agent.catalog.dimensions
        assert agent.drift_notes[0].en == "table 'store' has no column 'area'."


@pytest.mark.parametrize(("principal", "is_told"), [("ann", True), ("joe", False)])
def test_a_batch_tells_it_once_at_its_start(
    shop: Path, principal: str, is_told: bool, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    change(shop, "ALTER TABLE store DROP COLUMN region")
    (shop / "questions.jsonl").write_text('{"question": "turnover by city"}\n', encoding="utf-8")
    monkeypatch.setenv("T2SQL_SETTINGS", str(shop / "t2sql.toml"))
    words = ["batch", str(shop / "questions.jsonl"), "--out", str(shop / "answers.jsonl"), "--as", principal]
    cli.main(words)
    told = capfd.readouterr().err
    assert told.count("! table 'store' has no column 'region'.") == int(is_told)
    assert "1 question" in told
