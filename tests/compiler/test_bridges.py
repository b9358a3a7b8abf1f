"""Many to many over declared bridges, against brute force in plain Python over hand-made rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from t2sql.catalog import Catalog
from t2sql.check import check
from t2sql.check_source import check_source
from t2sql.compiler import compile_loads, compile_sql
from t2sql.errors import NotComputable, QueryError
from t2sql.flow import Load, Loads, Plan
from t2sql.ossie import read_catalog
from t2sql.policy import Narrowed, Policies
from t2sql.warehouse.duckdb import DuckDbWarehouse

from row_sets import difference

MODEL = """
version: 0.1.1
semantic_model:
  - name: small
    datasets:
      - name: contracts
        source: contract
        primary_key: [loan_id]
        fields:
          - {name: purpose, expression: purpose, dimension: {}}
      - name: loans
        source: loan_book
        primary_key: [as_of, loan_id]
        t2sql: {time_dimension: as_of, snapshot_grain: month}
        fields:
          - {name: as_of, expression: as_of}
          - {name: loan_id, expression: loan_id}
          - {name: balance, expression: balance}
          - {name: unit, expression: unit, dimension: {}}
      - name: parties
        source: party
        primary_key: [loan_id, person_id]
        fields:
          - {name: share, expression: share}
          - {name: part, expression: part, dimension: {}}
      - name: people
        source: person
        primary_key: [person_id]
        fields:
          - {name: segment, expression: segment, dimension: {}, t2sql: {alias_expressions: [segment_en]}}
          - {name: city, expression: city, dimension: {}}
      - name: sponsors
        source: sponsor
        primary_key: [loan_id, programme_id]
      - name: programmes
        source: programme
        primary_key: [programme_id]
        fields:
          - {name: programme, expression: programme_name, dimension: {}}
          - {name: kind, expression: kind, dimension: {}}
      - name: taggings
        source: tagging
        primary_key: [loan_id, tag_id]
      - name: tags
        source: tag
        primary_key: [tag_id]
        fields:
          - {name: tag, expression: tag_name, dimension: {}}
    relationships:
      - {name: loan_contract, from: loans, to: contracts, from_columns: [loan_id], to_columns: [loan_id]}
      - name: party_contract
        from: parties
        to: contracts
        from_columns: [loan_id]
        to_columns: [loan_id]
        t2sql: {bridge: true, weight: share}
      - {name: party_person, from: parties, to: people, from_columns: [person_id], to_columns: [person_id]}
      - name: sponsor_loan
        from: sponsors
        to: loans
        from_columns: [loan_id]
        to_columns: [loan_id]
        t2sql: {bridge: true}
      - name: sponsor_programme
        from: sponsors
        to: programmes
        from_columns: [programme_id]
        to_columns: [programme_id]
      - {name: tagging_contract, from: taggings, to: contracts, from_columns: [loan_id], to_columns: [loan_id]}
      - {name: tagging_tag, from: taggings, to: tags, from_columns: [tag_id], to_columns: [tag_id]}
    metrics:
      - {name: total, expression: SUM(loans.balance)}
      - {name: loan_count, expression: COUNT(loans.loan_id), t2sql: {unit: count}}
      - {name: mean, expression: AVG(loans.balance)}
      - {name: biggest, expression: MAX(loans.balance)}
      - {name: distinct_loans, expression: COUNT(DISTINCT loans.loan_id), t2sql: {unit: count}}
      - {name: big_total, expression: SUM(loans.balance), t2sql: {filter: loans.balance > 150}}
      - {name: big_part, t2sql: {type: ratio, numerator: big_total, denominator: total, unit: ratio}}
"""
POLICIES = """
roles:
  all: {}
  north:
    rows: {dimension: unit, values: [北], open: [contracts, parties, people, sponsors, programmes, taggings, tags]}
principals:
  whole: {roles: [all]}
  north: {roles: [north]}
"""
DAYS = (date(2025, 1, 31), date(2025, 2, 28))
LOANS = [
    # (loan, unit, balance in January, in February); None: no row
    (1, "北", 100, 110),
    (2, "北", 200, 200),
    (3, "南", 300, 280),
    (4, "南", 70, None),
    (5, None, 50, 60),
    (6, "南", 900, 900),
]
CONTRACTS = {1: "房", 2: "车", 3: "房", 4: None, 6: "车"}
PEOPLE = {11: ("私行", "甲"), 12: ("大众", "甲"), 13: ("私行", "乙"), 14: (None, "乙")}
PARTIES = [
    # (loan, person, share, part)
    (1, 11, "0.5", "主"),
    (1, 12, "0.5", "共"),
    (2, 11, "0.6", "主"),
    (2, 13, "0.4", "共"),
    (3, 12, "0.25", "主"),
    (3, 13, "0.25", "共"),
    (3, 14, "0.5", "共"),
    (5, 11, "1", "主"),
    (6, 99, "1", "主"),
]
PROGRAMMES = {21: ("绿色", "政策"), 22: ("普惠", "政策"), 23: ("出口", "商业")}
SPONSORS = [(1, 21), (1, 22), (2, 21), (3, 22), (3, 23), (3, 21), (6, 23)]


def segment_of(person: int) -> str | None:
    return PEOPLE.get(person, (None, None))[0]


def members(loan: int) -> list[tuple[float, int | None, str | None]]:
    """(part, person, part's word) of a loan; its whole amount for nobody where it has no contract or no parties."""
    found = [(float(s), p, w) for n, p, s, w in PARTIES if n == loan and loan in CONTRACTS]
    # Loan 5 has parties and no contract: its key alone leads to them, as no contract row is needed.
    found = found or [(float(s), p, w) for n, p, s, w in PARTIES if n == loan]
    return found or [(1.0, None, None)]


def february() -> list[tuple[int, str | None, float]]:
    return [(loan, unit, float(later)) for loan, unit, _first, later in LOANS if later is not None]


class World:
    """The small bank, asked as one person."""

    def __init__(self, folder: Path, parties: Iterable[tuple[Any, ...]] = PARTIES) -> None:
        self.folder = folder
        (folder / "model.yml").write_text(MODEL, encoding="utf-8")
        (folder / "policies.yml").write_text(POLICIES, encoding="utf-8")
        self.file = folder / "small.duckdb"
        with duckdb.connect(str(self.file)) as made:
            made.execute("CREATE TABLE contract (loan_id INTEGER, purpose VARCHAR)")
            made.execute("CREATE TABLE loan_book (as_of DATE, loan_id INTEGER, unit VARCHAR, balance DECIMAL(18,2))")
            made.execute("CREATE TABLE party (loan_id INTEGER, person_id INTEGER, share DECIMAL(9,6), part VARCHAR)")
            made.execute("CREATE TABLE person (person_id INTEGER, segment VARCHAR, segment_en VARCHAR, city VARCHAR)")
            made.execute("CREATE TABLE sponsor (loan_id INTEGER, programme_id INTEGER)")
            made.execute("CREATE TABLE programme (programme_id INTEGER, programme_name VARCHAR, kind VARCHAR)")
            made.execute("CREATE TABLE tagging (loan_id INTEGER, tag_id INTEGER)")
            made.execute("CREATE TABLE tag (tag_id INTEGER, tag_name VARCHAR)")
            made.executemany("INSERT INTO contract VALUES (?, ?)", list(CONTRACTS.items()))
            for loan, unit, *balances in LOANS:
                for day, balance in zip(DAYS, balances, strict=True):
                    if balance is not None:
                        made.execute("INSERT INTO loan_book VALUES (?, ?, ?, ?)", [day, loan, unit, balance])
            made.executemany("INSERT INTO party VALUES (?, ?, ?, ?)", list(parties))
            english = {"私行": "private", "大众": "mass"}
            for person, (segment, city) in PEOPLE.items():
                made.execute(
                    "INSERT INTO person VALUES (?, ?, ?, ?)", [person, segment, english.get(segment or ""), city]
                )
            made.executemany("INSERT INTO sponsor VALUES (?, ?)", SPONSORS)
            made.executemany("INSERT INTO programme VALUES (?, ?, ?)", [(k, *v) for k, v in PROGRAMMES.items()])
            made.execute("INSERT INTO tagging VALUES (1, 1), (1, 2)")
            made.execute("INSERT INTO tag VALUES (1, 'x'), (2, 'y')")
        self.catalog: Catalog = read_catalog(folder)
        self.policies = Policies.read(folder, self.catalog)
        self.connection = duckdb.connect(str(self.file), read_only=True)
        self.loads = Loads(
            {
                name: tuple(Load(*row) for row in self.connection.execute(query.sql).fetchall())
                for name, query in compile_loads(self.catalog).items()
            }
        )

    def narrowed(self, who: str = "whole") -> Narrowed:
        return self.policies.narrow(self.catalog, self.policies.principal(who))

    def plan(self, sql: str, who: str = "whole") -> Plan:
        return compile_sql(sql, self.narrowed(who), self.loads)

    def ask(self, sql: str, who: str = "whole") -> list[tuple[Any, ...]]:
        plan = self.plan(sql, who)
        for guard in plan.guards:
            assert self.connection.execute(guard.physical.sql).fetchall() == []
        return self.connection.execute(plan.physical.sql).fetchall()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("bridges"))


def weighted(group: Callable[[int | None, str | None], Any]) -> dict[Any, float]:
    """Balances of February, each divided among its members."""
    sums: dict[Any, float] = defaultdict(float)
    for loan, _unit, balance in february():
        for part, person, word in members(loan):
            sums[group(person, word)] += part * balance
    return sums


def test_parts_go_to_their_members_and_sum_to_the_whole(world: World) -> None:
    rows = world.ask("SELECT segment, total FROM small WHERE month = '2025-02'")
    expected = list(weighted(lambda person, _word: segment_of(person or 0)).items())
    assert difference(rows, expected, False) == ""
    assert difference([(sum(float(r[1]) for r in rows),)], world.ask("SELECT total FROM small"), False) == ""


def test_a_bridges_own_dimension_divides_too(world: World) -> None:
    rows = world.ask("SELECT part, total FROM small WHERE month = '2025-02'")
    assert difference(rows, list(weighted(lambda _person, word: word).items()), False) == ""


def test_a_condition_takes_the_members_parts(world: World) -> None:
    rows = world.ask("SELECT total FROM small WHERE month = '2025-02' AND segment = '私行'")
    assert difference(rows, [(weighted(lambda p, _w: segment_of(p or 0))["私行"],)], False) == ""


def test_a_condition_by_another_name_takes_the_same_parts(world: World) -> None:
    assert world.ask("SELECT total FROM small WHERE segment = 'private'") == world.ask(
        "SELECT total FROM small WHERE segment = '私行'"
    )


def test_a_condition_and_its_opposite_sum_to_the_whole(world: World) -> None:
    one = world.ask("SELECT total FROM small WHERE segment = '私行'")[0][0]
    other = world.ask("SELECT total FROM small WHERE segment <> '私行'")[0][0]
    assert float(one) + float(other) == pytest.approx(float(world.ask("SELECT total FROM small")[0][0]))


def test_counts_and_means_are_divided_and_distinct_and_largest_are_not(world: World) -> None:
    rows = world.ask("SELECT segment, loan_count, mean, biggest, distinct_loans FROM small WHERE month = '2025-02'")
    seen: dict[Any, list[tuple[int, float, float]]] = defaultdict(list)
    for loan, _unit, balance in february():
        for part, person, _word in members(loan):
            seen[segment_of(person or 0)].append((loan, part, balance))
    expected = []
    for group, found in seen.items():
        parts = sum(part for _l, part, _b in found)
        whole = sum(part * b for _l, part, b in found)
        expected.append((group, parts, whole / parts, max(b for _l, _p, b in found), len({n for n, _p, _b in found})))
    assert difference(rows, expected, False) == ""


def test_a_ratio_is_taken_of_the_parts(world: World) -> None:
    rows = world.ask("SELECT segment, big_part FROM small WHERE month = '2025-02'")
    big: dict[Any, float] = defaultdict(float)
    for loan, _unit, balance in february():
        for part, person, _word in members(loan):
            big[segment_of(person or 0)] += part * balance if balance > 150 else 0.0
    totals = weighted(lambda p, _w: segment_of(p or 0))
    assert difference(rows, [(group, big[group] / total) for group, total in totals.items()], False) == ""


def test_two_dimensions_of_one_bridge_and_one_of_the_fact(world: World) -> None:
    rows = world.ask("SELECT unit, segment, city, total FROM small WHERE month = '2025-02'")
    sums: dict[Any, float] = defaultdict(float)
    for loan, unit, balance in february():
        for part, person, _word in members(loan):
            segment, city = PEOPLE.get(person or 0, (None, None))
            sums[unit, segment, city] += part * balance
    assert difference(rows, [(*key, value) for key, value in sums.items()], False) == ""


def test_periods_and_changes_hold_over_a_bridge(world: World) -> None:
    rows = world.ask("SELECT segment, prev_diff(total) FROM small WHERE month = '2025-02'")
    then: dict[Any, float] = defaultdict(float)
    for loan, _unit, first, _later in LOANS:
        for part, person, _word in members(loan):
            then[segment_of(person or 0)] += part * (first or 0)
    now = weighted(lambda p, _w: segment_of(p or 0))
    assert difference(rows, [(group, now[group] - then[group]) for group in {*now, *then}], False) == ""


def test_a_row_rule_divides_only_what_may_be_seen(world: World) -> None:
    rows = world.ask("SELECT segment, total FROM small WHERE month = '2025-02'", "north")
    sums: dict[Any, float] = defaultdict(float)
    for loan, unit, balance in february():
        for part, person, _word in members(loan) if unit == "北" else ():
            sums[segment_of(person or 0)] += part * balance
    assert difference(rows, list(sums.items()), False) == ""


def sponsored(loan: int) -> list[tuple[str, str]]:
    return [PROGRAMMES[p] for n, p in SPONSORS if n == loan]


def test_without_weights_a_row_counts_once_in_each_of_its_groups(world: World) -> None:
    rows = world.ask("SELECT kind, total, loan_count FROM small WHERE month = '2025-02'")
    sums: dict[Any, list[float]] = defaultdict(list)
    for loan, _unit, balance in february():
        for kind in {kind for _name, kind in sponsored(loan)} or {None}:
            sums[kind].append(balance)
    assert difference(rows, [(kind, sum(found), len(found)) for kind, found in sums.items()], False) == ""


def test_without_weights_a_condition_keeps_each_row_once(world: World) -> None:
    rows = world.ask("SELECT total, loan_count FROM small WHERE month = '2025-02' AND kind = '政策'")
    found = [b for loan, _unit, b in february() if any(kind == "政策" for _n, kind in sponsored(loan))]
    assert difference(rows, [(sum(found), len(found))], False) == ""


def test_without_weights_two_conditions_are_about_one_member(world: World) -> None:
    rows = world.ask("SELECT total FROM small WHERE month = '2025-02' AND kind = '商业' AND programme = '绿色'")
    assert rows == [(None,)]


def test_without_weights_a_condition_beside_a_grouping_chooses_members(world: World) -> None:
    rows = world.ask("SELECT programme, total FROM small WHERE month = '2025-02' AND kind = '政策'")
    sums: dict[Any, float] = defaultdict(float)
    for loan, _unit, balance in february():
        for name in {name for name, kind in sponsored(loan) if kind == "政策"}:
            sums[name] += balance
    assert difference(rows, list(sums.items()), False) == ""


def test_what_is_told(world: World) -> None:
    def codes(sql: str) -> set[str]:
        return {note.code for note in world.plan(sql).notes}

    assert "bridge_parts" in codes("SELECT segment, total FROM small")
    assert "bridge_overlap" in codes("SELECT kind, total FROM small")
    assert "bridge_any" in codes("SELECT total FROM small WHERE kind = '政策'")


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("SELECT kind, share(total) FROM small", "overlap"),
        ("SELECT total FROM small WHERE kind <> '政策'", "opposite is not clear"),
        ("SELECT total FROM small WHERE kind = '政策' OR unit = '北'", "mixes a row's own values"),
        ("SELECT segment, kind, total FROM small", "two bridges"),
        ("SELECT tag, total FROM small", "many to many, over 'taggings', which is not declared"),
        ("SELECT total FROM small WHERE tag = 'x'", "many to many, over 'taggings', which is not declared"),
        ("WITH t AS (SELECT kind, total FROM small) SELECT SUM(total) FROM t", "total"),
        ("SELECT CASE WHEN kind = '政策' THEN 'a' ELSE 'b' END AS g, total FROM small", "could count twice"),
    ],
)
def test_what_would_count_rows_twice_is_refused(world: World, sql: str, message: str) -> None:
    with pytest.raises(NotComputable, match=message):
        world.plan(sql)


def test_parts_that_add_up_may_be_summed_again(world: World) -> None:
    rows = world.ask("WITH t AS (SELECT segment, total FROM small) SELECT SUM(total) FROM t")
    assert difference(rows, world.ask("SELECT total FROM small"), False) == ""


def test_computed_groups_divide_by_the_parts(world: World) -> None:
    rows = world.ask("SELECT CASE WHEN segment = '私行' THEN 'a' ELSE 'b' END AS g, total FROM small")
    expected = list(weighted(lambda p, _w: "a" if segment_of(p or 0) == "私行" else "b").items())
    assert difference(rows, expected, False) == ""


def test_hidden_weights_leave_no_bridge(world: World) -> None:
    narrowed = world.narrowed()
    parties = narrowed.catalog.datasets["parties"]
    fields = {name: item for name, item in parties.fields.items() if name != "share"}
    datasets = {**narrowed.catalog.datasets, "parties": replace(parties, fields=fields)}
    hidden = replace(narrowed, catalog=replace(narrowed.catalog, datasets=datasets))
    with pytest.raises(NotComputable, match="has no 'segment'"):
        compile_sql("SELECT segment, total FROM small", hidden, world.loads)


def test_aggregates_over_fields_are_divided_too(world: World) -> None:
    rows = world.ask("SELECT segment, SUM(balance), COUNT(*) FROM loans WHERE month = '2025-02'")
    signed = world.ask("SELECT segment, total, loan_count FROM small WHERE month = '2025-02'")
    assert difference(rows, signed, False) == ""


def test_rows_are_chosen_by_members_and_stand_once(world: World) -> None:
    rows = world.ask("SELECT loan_id, balance FROM loans WHERE month = '2025-02' AND segment = '私行'")
    expected = [
        (loan, balance)
        for loan, _unit, balance in february()
        if any(segment_of(person or 0) == "私行" for _p, person, _w in members(loan))
    ]
    assert difference(rows, expected, False) == ""


def test_rows_cannot_show_many_members(world: World) -> None:
    with pytest.raises(QueryError, match="many values for one row"):
        world.plan("SELECT loan_id, segment FROM loans")


def test_parts_that_are_no_whole_refuse_the_answer(tmp_path: Path) -> None:
    short = World(tmp_path, [*PARTIES[:-1], (6, 11, "0.9", "主")])
    plan = short.plan("SELECT segment, total FROM small")
    found = [guard for guard in plan.guards if short.connection.execute(guard.physical.sql).fetchall()]
    assert len(found) == 1
    assert "do not sum to 1" in found[0].message


def test_check_proves_the_parts(tmp_path: Path) -> None:
    short = World(tmp_path, [*PARTIES[:-1], (6, 11, "0.9", "主")])
    short.connection.close()
    with DuckDbWarehouse(short.file, memory_limit="1GB") as warehouse:
        found = check_source(short.catalog, warehouse, timeout_seconds=30)
    assert ["sum to 1" in f.message for f in found if f.level == "error"] == [True]


def test_check_accepts_a_sound_bridge(world: World) -> None:
    assert [f for f in check(world.folder) if f.level == "error"] == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("weight: share}", "weight: shares}", "unknown weight .* 'shares'"),
        ("t2sql: {bridge: true}", "t2sql: {weight: x}", "unknown weight|no key"),
        ("t2sql: {bridge: true}", "t2sql: {bridge: true, role: r}", "is a bridge and has a role"),
        ("        t2sql: {bridge: true}\n", "", "which is no key of 'loans'"),
    ],
)
def test_a_bridge_that_cannot_be_one_is_told(tmp_path: Path, old: str, new: str, message: str) -> None:
    (tmp_path / "model.yml").write_text(MODEL.replace(old, new), encoding="utf-8")
    with pytest.raises(Exception, match=message):
        read_catalog(tmp_path)
