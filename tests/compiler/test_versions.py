"""Versions of definitions on a few hand-made rows: which is taken, what is told, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from t2sql.check import check
from t2sql.compiler import compile_loads, compile_sql
from t2sql.errors import ConfigError, QueryError
from t2sql.flow import Load, Loads, Plan
from t2sql.interchange import export_model, import_model
from t2sql.ossie import read_catalog
from t2sql.policy import Policies

MODEL = """\
version: 0.1.1
semantic_model:
  - name: shop
    datasets:
      - name: sales
        source: sale
        primary_key: [sale_id]
        fields:
          - {name: kind, expression: kind, dimension: {}}
          - {name: sold_on, expression: sold_on}
          - {name: amount, expression: amount}
          - {name: cost, expression: cost}
        t2sql: {time_dimension: sold_on}
      - name: people
        source: person
        primary_key: [person_id]
        fields:
          - {name: person_id, expression: person_id}
          - {name: town, expression: town, dimension: {}}
    metrics:
      - name: net
        expression: SUM(sales.amount)
        t2sql:
          default_period: all
          display: {zh: 净额, en: net amount}
          versions:
            - {version: '1', effective_from: '2024-02-01', effective_to: '2024-03-31', note: 全部 / all of it}
            - {version: '2', effective_from: '2024-05-01', effective_to: '2024-06-30', filter: "sales.kind <> 'b'"}
            - version: 3.0-b
              effective_from: '2024-07-01'
              expression: SUM(sales.amount - sales.cost)
              reference: memo
      - {name: gross, expression: SUM(sales.amount), t2sql: {default_period: all}}
      - {name: cost, expression: SUM(sales.cost), t2sql: {default_period: all}}
      - name: margin
        t2sql:
          type: ratio
          numerator: net
          denominator: gross
          default_period: all
          versions:
            - {version: '1', effective_from: '2024-02-01', effective_to: '2024-05-31'}
            - {version: '2', effective_from: '2024-06-01', denominator: cost}
      - name: twice
        expression: net * 2
        t2sql:
          type: derived
          default_period: all
          versions:
            - {version: '1', effective_from: '2024-01-01', effective_to: '2024-06-30'}
            - {version: '2', effective_from: '2024-07-01', expression: net * 2 + gross}
      - {name: net_to_date, expression: net, t2sql: {type: cumulative, grain_to_date: year, default_period: ytd}}
      - name: heads
        expression: COUNT(people.person_id)
        t2sql:
          versions:
            - {version: '1', effective_from: '2020-01-01', effective_to: '2023-12-31'}
            - {version: '2', effective_from: '2024-01-01', filter: "people.town = 'x'"}
"""
TABLES = """
CREATE TABLE sale (sale_id INTEGER, kind VARCHAR, sold_on DATE, amount INTEGER, cost INTEGER);
INSERT INTO sale SELECT i, ['a', 'b', NULL][1 + i % 3], DATE '2024-01-01' + i::INTEGER, i % 11, i % 4
FROM range(240) AS r(i);
CREATE TABLE person AS SELECT * FROM (VALUES (1, 'x'), (2, 'y'), (3, 'x')) AS p(person_id, town);
"""
POLICIES = "roles: {all: {}}\nprincipals: {me: {roles: [all]}}\n"


class Shop:
    """A catalog of versions over 240 days of 2024."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "model.yml").write_text(MODEL, encoding="utf-8")
        (folder / "policies.yml").write_text(POLICIES, encoding="utf-8")
        self.folder = folder
        self.catalog = read_catalog(folder)
        policies = Policies.read(folder, self.catalog)
        self.narrowed = policies.narrow(self.catalog, policies.principal("me"))
        self.connection = duckdb.connect()
        self.connection.execute(TABLES)
        rows = {name: self.rows(query.sql) for name, query in compile_loads(self.catalog).items()}
        self.loads = Loads({name: tuple(Load(*row) for row in found) for name, found in rows.items()})
        self.sales = self.rows("SELECT kind, sold_on, amount, cost FROM sale")

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql).fetchall()

    def plan(self, sql: str) -> Plan:
        return compile_sql(sql, self.narrowed, self.loads)

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        return self.rows(self.plan(sql).physical.sql)

    def net(self, month: int, version: int, kind: str | None = "any") -> int | None:
        """What version 1, 2 or 3 gives for a month; for rows of one kind unless "any"."""
        rows = [r for r in self.sales if r[1].month == month and kind in ("any", r[0])]
        if version == 2:
            rows = [r for r in rows if r[0] is not None and r[0] != "b"]
        return sum(r[2] - (r[3] if version == 3 else 0) for r in rows)

    def total(self, month: int, column: int) -> int:
        return sum(r[column] for r in self.sales if r[1].month == month)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return Shop(tmp_path_factory.mktemp("versions"))


def codes(plan: Plan) -> list[str]:
    return [note.code for note in plan.notes]


def test_each_month_takes_the_version_of_its_last_day(shop: Shop) -> None:
    expected = [("2024-01", None), ("2024-02", shop.net(2, 1)), ("2024-03", shop.net(3, 1)), ("2024-04", None)]
    expected += [("2024-05", shop.net(5, 2)), ("2024-06", shop.net(6, 2)), ("2024-07", shop.net(7, 3))]
    found = {
        m: n for m, n, _g in shop.ask("SELECT month, net, gross FROM shop WHERE month BETWEEN '2024-01' AND '2024-07'")
    }
    assert found == dict(expected)


def test_a_longer_period_takes_the_version_of_its_end(shop: Shop) -> None:
    whole = sum(shop.net(month, 2) or 0 for month in (4, 5, 6))
    assert shop.ask("SELECT net FROM shop WHERE quarter = '2024-Q2'") == [(whole,)]


def test_an_unfinished_period_ends_with_its_last_load(shop: Shop) -> None:
    assert shop.ask("SELECT net FROM shop WHERE quarter = '2024-Q3'") == [(shop.net(7, 3) + shop.net(8, 3),)]


def test_groups_are_of_one_version_each_period(shop: Shop) -> None:
    found = {
        (m, k): v for m, k, v in shop.ask("SELECT month, kind, net FROM shop WHERE month IN ('2024-03', '2024-05')")
    }
    assert found[("2024-03", "b")] == shop.net(3, 1, "b")
    assert found[("2024-03", None)] == shop.net(3, 1, None)
    assert found[("2024-05", "a")] == shop.net(5, 2, "a")
    assert ("2024-05", "b") not in found


def test_a_ratio_may_change_its_parts(shop: Shop) -> None:
    found = dict(shop.ask("SELECT month, margin FROM shop WHERE month BETWEEN '2024-03' AND '2024-07'"))
    assert found["2024-03"] == pytest.approx(shop.net(3, 1) / shop.total(3, 2))
    assert found["2024-04"] is None
    assert found["2024-05"] == pytest.approx(shop.net(5, 2) / shop.total(5, 2))
    assert found["2024-06"] == pytest.approx(shop.net(6, 2) / shop.total(6, 3))
    assert found["2024-07"] == pytest.approx(shop.net(7, 3) / shop.total(7, 3))


def test_versions_stand_on_versions(shop: Shop) -> None:
    found = dict(shop.ask("SELECT month, twice FROM shop WHERE month IN ('2024-03', '2024-06', '2024-08')"))
    assert found["2024-03"] == 2 * shop.net(3, 1)
    assert found["2024-06"] == 2 * shop.net(6, 2)
    assert found["2024-08"] == 2 * shop.net(8, 3) + shop.total(8, 2)


def test_a_base_takes_the_version_of_its_own_end(shop: Shop) -> None:
    assert shop.ask("SELECT mom_diff(net) FROM shop WHERE month = '2024-07'") == [(shop.net(7, 3) - shop.net(6, 2),)]
    assert shop.ask("SELECT mom_diff(net) FROM shop WHERE month = '2024-05'") == [(None,)]


def test_a_window_takes_the_version_of_its_end(shop: Shop) -> None:
    expected = sum(shop.net(month, 2) or 0 for month in range(1, 7))
    assert shop.ask("SELECT net_to_date FROM shop WHERE month = '2024-06'") == [(expected,)]
    assert shop.ask("SELECT ytd(net) FROM shop WHERE month = '2024-06'") == [(expected,)]


def test_rows_without_a_date_take_the_last_version(shop: Shop) -> None:
    assert shop.ask("SELECT heads FROM shop") == [(2,)]


def test_the_answer_says_when_two_versions_meet(shop: Shop) -> None:
    plan = shop.plan("SELECT month, net FROM shop WHERE month BETWEEN '2024-02' AND '2024-06'")
    note = next(n for n in plan.notes if n.code == "versions_met")
    assert "2024-05-01 起按版本 2" in note.zh and "版本 1（全部）" in note.zh
    assert "version 2 from 2024-05-01" in note.en and "version 1 before (all of it)" in note.en
    assert plan.provenance[0].version == "1, 2"
    assert plan.provenance[0].filters == ("v1: none; v2: sales.kind <> 'b'",)
    assert plan.provenance[0].formula == "v1: SUM(sales.amount); v2: SUM(sales.amount) WHERE sales.kind <> 'b'"


def test_an_old_version_alone_is_told_and_the_last_is_not(shop: Shop) -> None:
    old = shop.plan("SELECT net FROM shop WHERE month = '2024-03'")
    assert "version_then" in codes(old) and old.provenance[0].version == "1"
    new = shop.plan("SELECT net FROM shop WHERE month = '2024-07'")
    assert not {"version_then", "versions_met"} & set(codes(new))
    assert (new.provenance[0].version, new.provenance[0].reference) == ("3.0-b", "memo")


def test_a_base_of_another_version_is_told(shop: Shop) -> None:
    assert "versions_met" in codes(shop.plan("SELECT mom_diff(net) FROM shop WHERE month = '2024-07'"))


def test_months_without_a_definition_are_empty_and_told(shop: Shop) -> None:
    plan = shop.plan("SELECT month, net FROM shop WHERE month BETWEEN '2024-03' AND '2024-05'")
    note = next(n for n in plan.notes if n.code == "not_defined")
    assert "2024-04" in note.en and "2024-03" not in note.en
    assert "not_loaded" not in codes(plan)


@pytest.mark.parametrize("month", ["2024-01", "2024-04"])
def test_a_period_without_a_definition_is_refused(shop: Shop, month: str) -> None:
    with pytest.raises(QueryError, match=f"'net' is not defined for {month}"):
        shop.plan(f"SELECT net FROM shop WHERE month = '{month}'")


def test_months_of_several_versions_are_never_summed(shop: Shop) -> None:
    with pytest.raises(QueryError, match="a metric whose definition has changed"):
        shop.plan("WITH m AS (SELECT month, net FROM shop) SELECT SUM(net) AS total FROM m")


def test_versions_travel(shop: Shop, tmp_path: Path) -> None:
    strict = tmp_path / "strict.yaml"
    strict.write_text(export_model(shop.folder), encoding="utf-8")
    back = import_model(strict)
    assert back.catalog.fingerprint == shop.catalog.fingerprint
    assert back.catalog.metrics["net"].versions == shop.catalog.metrics["net"].versions
    assert "SUM(sales.amount - sales.cost)" in strict.read_text(encoding="utf-8")
    assert "net is as version 3.0-b has it" in strict.read_text(encoding="utf-8")


def test_check_finds_nothing_wrong(shop: Shop) -> None:
    assert [f.message for f in check(shop.folder) if f.level == "error"] == []


# What is wrong, what is replaced, by what, the words.
MISTAKES: list[tuple[str, str, str, str]] = [
    ("overlap", "effective_to: '2024-03-31'", "effective_to: '2024-05-01'", "version '1' is in force until 2024-05-01"),
    ("open end before another", ", effective_to: '2024-06-30', filter", ", filter", "in force until further notice"),
    (
        "out of order",
        "effective_from: '2024-07-01'\n              expression: SUM",
        "effective_from: '2024-01-01'\n              expression: SUM",
        "3.0-b",
    ),
    ("ends before it starts", "effective_to: '2024-03-31'", "effective_to: '2024-01-31'", "ends before it starts"),
    (
        "two of one name",
        "version: '2', effective_from: '2024-05-01'",
        "version: '1', effective_from: '2024-05-01'",
        "two versions",
    ),
    (
        "version outside too",
        "display: {zh: 净额",
        "version: '9'\n          display: {zh: 净额",
        "has versions and a version",
    ),
    ("not a date", "'2024-02-01', effective_to: '2024-03-31'", "soon, effective_to: '2024-03-31'", "valid date"),
    ("unknown part", "denominator: cost}", "denominator: costs}", "unknown metric 'costs'"),
    ("unknown key", "note: 全部 / all of it", "notes: x", "unknown key 'notes'. Did you mean 'note'"),
    (
        "cumulative",
        "grain_to_date: year,",
        "versions: [{version: '1', effective_from: '2024-01-01'}],",
        "cumulative and has versions",
    ),
]


@pytest.mark.parametrize(("_what", "old", "new", "words"), MISTAKES, ids=[m[0] for m in MISTAKES])
def test_a_mistake_is_told_with_its_line(_what: str, old: str, new: str, words: str, tmp_path: Path) -> None:
    assert old in MODEL
    (tmp_path / "model.yml").write_text(MODEL.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read_catalog(tmp_path)
    assert words in caught.value.message and ".yml:" in caught.value.message and caught.value.hint


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "expression: SUM(sales.amount - sales.cost)",
            "expression: COUNT(sales.amount)",
            "aggregate in different ways",
        ),
        ("expression: SUM(sales.amount - sales.cost)", "expression: SUM(sales.amont)", "has no field 'amont'"),
        ("filter: \"sales.kind <> 'b'\"", 'filter: "SUM(sales.cost) > 1"', "a filter is about one row"),
    ],
)
def test_check_reads_every_version(old: str, new: str, words: str, tmp_path: Path) -> None:
    assert old in MODEL
    (tmp_path / "model.yml").write_text(MODEL.replace(old, new, 1), encoding="utf-8")
    (tmp_path / "policies.yml").write_text(POLICIES, encoding="utf-8")
    assert [f for f in check(tmp_path) if words in f.message]


def test_a_field_of_an_old_version_that_is_hidden_hides_the_metric(tmp_path: Path) -> None:
    """The number of last year would show what it was made of."""
    text = MODEL.replace("{name: cost, expression: cost}", "{name: cost, expression: cost, t2sql: {sensitivity: cost}}")
    (tmp_path / "model.yml").write_text(text, encoding="utf-8")
    (tmp_path / "policies.yml").write_text(
        POLICIES.replace("all: {}", "all: {hide: {sensitivity: [cost]}}"), encoding="utf-8"
    )
    catalog = read_catalog(tmp_path)
    policies = Policies.read(tmp_path, catalog)
    seen = policies.narrow(catalog, policies.principal("me")).catalog
    assert set(seen.metrics) == {"gross", "heads"}
