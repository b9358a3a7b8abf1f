"""A ragged tree of units, stored flattened: own books, units on an upper level, and units that were merged."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import duckdb
import pytest

from t2sql.check import check
from t2sql.compiler import compile_loads, compile_sql
from t2sql.errors import ConfigError
from t2sql.flow import Load, Loads
from t2sql.ossie import read_catalog
from t2sql.policy import Policies
from t2sql.warehouse.duckdb import DuckDbWarehouse

MODEL = """\
version: 0.1.1
semantic_model:
  - name: group
    t2sql: {hierarchies: [{name: units, levels: [region, branch, outlet]}]}
    datasets:
      - name: units
        source: unit
        primary_key: [unit_id]
        fields:
          - {name: region, expression: region, dimension: {}}
          - {name: branch, expression: "COALESCE(branch, region)", dimension: {}}
          - {name: outlet, expression: "COALESCE(outlet, branch, region)", dimension: {}}
          - {name: outlet_as_stored, expression: outlet, dimension: {}}
      - name: books
        source: book
        primary_key: [day, unit_id]
        fields:
          - {name: day, expression: day}
          - {name: balance, expression: balance}
        t2sql: {time_dimension: day, snapshot_grain: month}
    relationships:
      - {name: book_unit, from: books, to: units, from_columns: [unit_id], to_columns: [unit_id]}
      - name: unit_successor
        from: units
        to: units
        from_columns: [merged_into]
        to_columns: [unit_id]
        t2sql: {restate: successor, role: successor}
    metrics:
      - {name: total, expression: SUM(books.balance)}
"""
# id, region, branch, outlet, merged into. 1 is the top's own book, 2 a region's, 4 a branch's; 3 hangs on a region.
UNITS: list[tuple[int, str, str | None, str | None, int | None]] = [
    (1, "Top", None, None, None),
    (2, "East", None, None, None),
    (3, "East", None, "Fair", None),
    (4, "East", "Coast", None, None),
    (5, "East", "Coast", "Pier", None),
    (6, "East", "Coast", "Dock", 5),
    (7, "West", "Hill", "Peak", None),
    (8, "West", "Hill", "Dale", 7),
]
BOOKS = [(day, unit[0], unit[0] * 10 + n) for n, day in enumerate(["2024-01-31", "2024-02-29"]) for unit in UNITS]
POLICIES = "roles: {all: {}}\nprincipals: {me: {roles: [all]}}\n"


def build(folder: Path, merged: dict[int, int] | None = None, unknown: int = 0) -> Path:
    """Definitions and a database in `folder`. `merged`: more mergers; `unknown`: a unit that is not listed."""
    (folder / "model.yml").write_text(MODEL, encoding="utf-8")
    (folder / "policies.yml").write_text(POLICIES, encoding="utf-8")
    with duckdb.connect(str(folder / "group.duckdb")) as connection:
        connection.execute(
            "CREATE TABLE unit (unit_id INTEGER, region VARCHAR, branch VARCHAR, outlet VARCHAR, merged_into INTEGER);"
            "CREATE TABLE book (day DATE, unit_id INTEGER, balance INTEGER)"
        )
        for unit in UNITS:
            connection.execute(
                "INSERT INTO unit VALUES (?, ?, ?, ?, ?)", [*unit[:4], (merged or {}).get(unit[0], unit[4])]
            )
        connection.executemany("INSERT INTO book VALUES (?, ?, ?)", BOOKS)
        if unknown:
            connection.execute("INSERT INTO book VALUES ('2024-02-29', ?, 1000)", [unknown])
    return folder


def ask(folder: Path, sql: str) -> dict[Any, Any]:
    """First column -> last column."""
    catalog = read_catalog(folder)
    policies = Policies.read(folder, catalog)
    with duckdb.connect(str(folder / "group.duckdb"), read_only=True) as connection:
        rows = {n: connection.execute(q.sql).fetchall() for n, q in compile_loads(catalog).items()}
        loads = Loads({name: tuple(Load(*row) for row in found) for name, found in rows.items()})
        plan = compile_sql(sql, policies.narrow(catalog, policies.principal("me")), loads)
        return {row[0]: row[-1] for row in connection.execute(plan.physical.sql).fetchall()}


def by(name: Any, day: str = "2024-02-29") -> dict[Any, int]:
    """Balances of `day` by hand: unit -> the group it belongs to."""
    sums: dict[Any, int] = defaultdict(int)
    units = {unit[0]: unit for unit in UNITS}
    for when, unit, balance in BOOKS:
        if when == day:
            sums[name(units[unit])] += balance
    return dict(sums)


def test_a_value_at_a_level_includes_its_descendants(tmp_path: Path) -> None:
    build(tmp_path)
    assert ask(tmp_path, "SELECT region, total FROM group") == by(lambda u: u[1])
    whole = sum(by(lambda u: u[1]).values())
    assert sum(ask(tmp_path, "SELECT outlet, total FROM group").values()) == whole


def test_what_hangs_on_an_upper_level_is_a_leaf_of_its_own_below(tmp_path: Path) -> None:
    build(tmp_path)
    assert ask(tmp_path, "SELECT branch, total FROM group") == by(lambda u: u[2] or u[1])
    assert ask(tmp_path, "SELECT outlet, total FROM group") == by(lambda u: u[3] or u[2] or u[1])


def test_a_condition_on_a_level_takes_its_own_book_along(tmp_path: Path) -> None:
    build(tmp_path)
    found = ask(tmp_path, "SELECT outlet, total FROM group WHERE branch = 'Coast'")
    assert found == {k: v for k, v in by(lambda u: u[3] or u[2] or u[1]).items() if k in ("Coast", "Pier", "Dock")}


def test_levels_as_stored_keep_own_books_under_null(tmp_path: Path) -> None:
    """Whoever does not write the COALESCE sees one group without a name, and loses nothing."""
    build(tmp_path)
    assert ask(tmp_path, "SELECT outlet_as_stored, total FROM group") == by(lambda u: u[3])


def test_a_unit_that_is_not_listed_is_shown_under_null(tmp_path: Path) -> None:
    build(tmp_path, unknown=99)
    assert ask(tmp_path, "SELECT outlet, total FROM group")[None] == 1000
    assert ask(tmp_path, "SELECT successor_outlet, total FROM group")[None] == 1000


def test_history_is_shown_under_the_successor(tmp_path: Path) -> None:
    build(tmp_path)
    names = {unit[0]: unit[3] or unit[2] or unit[1] for unit in UNITS}
    for day in ("2024-01-31", "2024-02-29"):
        found = ask(tmp_path, f"SELECT successor_outlet, total FROM group WHERE month = '{day[:7]}'")
        assert found == by(lambda u: names[u[4] or u[0]], day)
        assert "Dock" not in found and "Dale" not in found


def test_the_plain_dimension_stays_as_it_was(tmp_path: Path) -> None:
    build(tmp_path)
    assert {"Dock", "Dale"} <= set(ask(tmp_path, "SELECT outlet, total FROM group"))


def test_a_successor_that_was_merged_too_is_found_by_check(tmp_path: Path) -> None:
    folder = build(tmp_path, merged={5: 7})
    with DuckDbWarehouse(folder / "group.duckdb", memory_limit="500MB") as warehouse:
        found = [f for f in check(folder, warehouse) if f.level == "error"]
    assert len(found) == 1 and "1 rows of 'unit' lead to one that was merged too" in found[0].message
    assert found[0].place.endswith("model.yml:23") and "last successor" in found[0].hint


def test_check_finds_nothing_wrong_with_plain_mergers(tmp_path: Path) -> None:
    folder = build(tmp_path)
    with DuckDbWarehouse(folder / "group.duckdb", memory_limit="500MB") as warehouse:
        assert check(folder, warehouse) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [("restate: successor, role: successor", "restate: successor"), ("        from: units\n", "        from: books\n")],
)
def test_what_restates_leads_to_itself_and_has_a_role(old: str, new: str, tmp_path: Path) -> None:
    (tmp_path / "model.yml").write_text(MODEL.replace(old, new), encoding="utf-8")
    with pytest.raises(ConfigError, match="restates, so it leads from a dataset to itself and has a role"):
        read_catalog(tmp_path)
