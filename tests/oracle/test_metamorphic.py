"""What must not change an answer, and what must add up: the product against itself."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from t2sql.catalog import Catalog
from t2sql.compiler import compile_sql
from t2sql.errors import QueryError
from t2sql.flow import Loads
from t2sql.policy import Narrowed
from t2sql.warehouse.duckdb import DuckDbWarehouse

from oracle.asking import knobs, questions
from oracle.product import Product, Refused, Rows
from oracle.questions import Compare, Measure, Question, condition_text, when_text
from oracle.reading import ZONES
from oracle.running import COMMON
from oracle.shape import FACTS, METRICS, dimensions_of, simple_parts, values_of
from oracle.warehouse import Warehouse, build
from row_sets import difference, same

FEW = settings(max_examples=20, derandomize=True, **COMMON)
ADDITIVE = [m for m in METRICS.values() if m.kind != "ratio" and m.fact != "" and m.aggregate in ("SUM", "COUNT")]


def _rows(product: Product, text: str, principal: str = "all") -> Rows:
    """The rows; an example whose question is refused is drawn again."""
    found = product.ask(text, principal)
    assume(not isinstance(found, Refused))
    assert not isinstance(found, Refused)
    return found


def _total(rows: Rows) -> Any:
    """The sum of the last column; None where every number is."""
    there = [row[-1] for row in rows if row[-1] is not None]
    return sum(there) if there else None


def _same_total(parts: Any, whole: Any) -> bool:
    """Equal; no row at all and a total of NULL or 0 are the same."""
    return same(parts or 0, whole or 0)


@pytest.fixture(scope="module")
def connection() -> Any:
    with duckdb.connect() as opened:
        yield opened


def test_a_row_filter_is_the_same_as_deleting_the_rows(connection: duckdb.DuckDBPyConnection) -> None:
    """The load calendars stay as they are, which is why all facts record theirs here."""

    @FEW
    @given(st.data(), st.sampled_from(["north", "two"]))
    def run(data: st.DataObject, principal: str) -> None:
        drawn = replace(data.draw(knobs()), calendars=frozenset(FACTS))
        asked = replace(data.draw(questions(drawn)), principal="all")
        whole = build(drawn)
        filtered = Product(connection, whole).ask(asked.text(), principal)
        deleted = Product(connection, _seen_by(whole, principal)).ask(asked.text(), "all")
        assert isinstance(filtered, Refused) == isinstance(deleted, Refused), (asked.text(), filtered, deleted)
        if not isinstance(filtered, Refused) and not isinstance(deleted, Refused):
            assert difference(filtered, deleted, bool(asked.orders)) == "", asked.text()

    run()


def _seen_by(warehouse: Warehouse, principal: str) -> Warehouse:
    zones = ZONES[principal]
    assert zones is not None
    tables = dict(warehouse.tables)
    tables["units"] = [u for u in tables["units"] if u["zone"] in zones]
    seen = {u["unit_id"] for u in tables["units"]}
    tables["clients"] = [c for c in tables["clients"] if c["home_id"] in seen]
    tables |= {fact: [r for r in tables[fact] if r["unit_id"] in seen] for fact in FACTS}
    return replace(warehouse, tables=tables)


def test_other_words_for_the_same_question_change_nothing(connection: duckdb.DuckDBPyConnection) -> None:
    """Column order, conjunct order, case, aliases, brackets, GROUP BY said again, a comment, a CTE around it."""

    @FEW
    @given(st.data())
    def run(data: st.DataObject) -> None:
        drawn = data.draw(knobs())
        asked = replace(data.draw(questions(drawn)), orders=(), limit=None, group_by=False)
        product = Product(connection, build(drawn))
        rows = _rows(product, asked.text(), asked.principal)
        for text, order in _other_words(asked):
            found = product.ask(text, asked.principal)
            assert not isinstance(found, Refused), (text, found)
            back = [tuple(row[i] for i in order) for row in found]
            assert difference(back, rows, is_ordered=False) == "", text

    run()


def _other_words(asked: Question) -> list[tuple[str, list[int]]]:
    """Each text with the places of the asked columns in it."""
    straight = list(range(len(asked.columns)))
    conjuncts = [when_text(w) for w in asked.when] + [condition_text(c) for c in asked.where]
    where = " AND ".join(f"(({text}))" for text in reversed(conjuncts))
    turned = replace(asked, when=(), where=())
    around = turned.text(extra=where)
    upper = asked.text().split("'")
    return [
        (replace(asked, columns=tuple(reversed(asked.columns))).text(), list(reversed(straight))),
        (around, straight),
        ("'".join(part if i % 2 else part.upper() for i, part in enumerate(upper)), straight),
        (replace(asked, group_by=True).text(), straight),
        (asked.text(is_aliased=True) if not asked.having else asked.text(), straight),
        (asked.text().replace(" FROM small", " /* all of it */\nFROM small AS s") + " -- end", straight),
        (f"WITH t AS ({asked.text(is_aliased=True)}) SELECT * FROM t", straight),
        (f"SELECT * FROM ({asked.text(is_aliased=True)}) AS t", straight),
    ]


@st.composite
def _additive(draw: Any) -> tuple[str, tuple[str, ...]]:
    """A metric that adds up over its dimensions, and two of them."""
    metric = draw(st.sampled_from(ADDITIVE))
    names = sorted(dimensions_of(metric.fact))
    return metric.name, tuple(draw(st.permutations(names))[:2])


def test_parts_add_up_to_the_whole(connection: duckdb.DuckDBPyConnection) -> None:
    """Over one dimension, over two, back to one, and over a partition of values by UNION ALL."""

    @FEW
    @given(knobs(), _additive(), st.sampled_from(["all", "two"]))
    def run(drawn: Any, asked: tuple[str, tuple[str, ...]], principal: str) -> None:
        metric, (one, two) = asked
        product = Product(connection, build(drawn))
        when = f"year = '{drawn.first.year + drawn.months // 14}'"

        def ask(keys: str, condition: str = "") -> Rows:
            select = ", ".join(part for part in (keys, metric) if part)
            return _rows(product, f"SELECT {select} FROM small WHERE {when}{condition}", principal)

        whole = ask("")[0][0]
        by_one, by_both = ask(one), ask(f"{one}, {two}")
        assert _same_total(_total(by_one), whole), (metric, one)
        for name, value in by_one:
            back = _total([row for row in by_both if row[0] == name])
            assert _same_total(back, value), (metric, one, two, name)
        listed = ", ".join(f"'{v}'" for v in values_of(one))
        arms = [f" AND {condition_text(Compare(one, '=', (v,)))}" for v in values_of(one)]
        arms.append(f" AND {one} NOT IN ({listed})")
        stacked = " UNION ALL ".join(f"SELECT {metric} FROM small WHERE {when}{arm}" for arm in arms)
        assert _same_total(_total(_rows(product, stacked, principal)), whole), (metric, one)
        cte = f"WITH t AS (SELECT {one}, {two}, {metric} FROM small WHERE {when}) SELECT SUM({metric}) AS x FROM t"
        assert _same_total(_total(_rows(product, cte, principal)), whole), (metric, one, two)

    run()


def test_months_add_up_to_their_year(connection: duckdb.DuckDBPyConnection) -> None:
    """For flows; and the year to date in December is the year."""

    @FEW
    @given(knobs(), st.sampled_from([m for m in ADDITIVE if not FACTS[m.fact].is_stock]))
    def run(drawn: Any, metric: Any) -> None:
        assume(drawn.months > 12 and drawn.last_day == 31)
        product = Product(connection, build(drawn))
        year = f"year = '{drawn.first.year + (drawn.first.month > 1)}'"
        months = _rows(product, f"SELECT month, {metric.name} FROM small WHERE {year}")
        whole = _rows(product, f"SELECT {metric.name} FROM small WHERE {year}")[0][0]
        assert _same_total(_total(months), whole)
        running = dict(_rows(product, f"SELECT month, ytd({metric.name}) FROM small WHERE {year}"))
        so_far: Any = 0
        for month, value in months:
            so_far += value or 0
            assert _same_total(so_far, running[month]), month

    run()


def test_shares_add_up_to_one(connection: duckdb.DuckDBPyConnection) -> None:
    """In every period whose whole is not 0."""

    @FEW
    @given(knobs(), _additive())
    def run(drawn: Any, asked: tuple[str, tuple[str, ...]]) -> None:
        metric, (one, two) = asked
        product = Product(connection, build(drawn))
        rows = _rows(product, f"SELECT quarter, {one}, {two}, {metric}, share({metric}, {two}) FROM small")
        groups: dict[Any, list[Any]] = {}
        for quarter, first, _second, value, share in rows:
            groups.setdefault((quarter, first), []).append((value, share))
        for group, parts in groups.items():
            whole = sum(value for value, _ in parts if value is not None)
            if whole:
                assert same(sum(share for _, share in parts if share is not None), 1.0), group
            else:
                assert all(share is None for _, share in parts), group

    run()


def test_parts_of_the_bank_add_up(
    catalog: Catalog, head_office: Narrowed, loads: Loads, warehouse: DuckDbWarehouse
) -> None:
    """Every additive metric of the demo bank, over two of the dimensions that it has."""

    def ask(text: str) -> list[tuple[Any, ...]]:
        plan = compile_sql(text, head_office, loads)
        return list(warehouse.run(plan.physical, plan.columns, timeout_seconds=30).rows)

    checked = 0
    for metric in catalog.metrics.values():
        additive = metric.expression.startswith(("SUM(", "COUNT(")) and "DISTINCT" not in metric.expression
        if metric.type != "simple" or not additive:
            continue
        whole = Decimal(str(ask(f"SELECT {metric.name} FROM bank WHERE month = '2026-03'")[0][0] or 0))
        for dimension in ("branch", "segment", "product", "channel"):
            try:
                parts = ask(f"SELECT {dimension}, {metric.name} FROM bank WHERE month = '2026-03'")
            except QueryError:
                continue
            assert _same_total(_total(parts), whole), (metric.name, dimension)
            checked += 1
    assert checked > 40


def test_the_list_of_additive_metrics_is_not_empty() -> None:
    """The tests above draw from it."""
    assert {p.fact for m in ADDITIVE for p in simple_parts(m.name)} == set(FACTS)
    assert Measure("book_sum").text() == "book_sum"
