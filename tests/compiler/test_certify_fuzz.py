"""What certify accepts tells nothing of hidden rows and columns: honest SQL is bent at random and, where it still
passes, must say the same on two banks that differ only in what is hidden.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import duckdb
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from sqlglot import exp, parse_one

from t2sql.compiler.certify import certify
from t2sql.errors import CertifyError

from sql_lines import ACCEPTED, DOTTED, EAST, EAST_BRANCH, GRANTS, REFUSED, ROW_LIMIT, TABLES

# Other figures, names and rows wherever the grants of the case files let nobody look.
OTHERWISE = """
UPDATE loan_snapshot SET balance = balance * 7 + 1, risk_class = '可疑', loan_id = loan_id + 100, product_id = 2,
    snapshot_date = DATE '2020-01-01', overdue_days = 9 WHERE branch_id <> 1;
INSERT INTO loan_snapshot SELECT DATE '2023-12-31', loan_id + 500, branch_id, 7, 9, 5, '关注', 1 FROM loan_snapshot
    WHERE branch_id <> 1;
UPDATE branch SET branch_name = 'other', branch_id = branch_id + 10 WHERE region_name IS NULL;
UPDATE branch SET branch_name = 'another' WHERE region_name <> '华东区';
INSERT INTO loan_snapshot VALUES (DATE '2024-12-31', 77, NULL, 1, 1, 70, '正常', 0);
INSERT INTO branch VALUES (20, '成都分行', '西南区'), (21, '重庆分行', '西南区');
UPDATE customer SET id_no = '9', phone = '7';
UPDATE deposit_snapshot SET balance = 99, customer_id = 5;
INSERT INTO deposit_snapshot VALUES (3, 1), (4, 2);
INSERT INTO "dw.loan" VALUES (1);
"""
TABLE_NAMES = ["loan_snapshot", "branch", "product", "customer", "deposit_snapshot", "dw.loan", "loans", "a", "s"]
COLUMN_NAMES = [
    "balance",
    "branch_id",
    "region_name",
    "branch_name",
    "id_no",
    "phone",
    "product_id",
    "customer_id",
    "k",
]
TEXTS = ["华东区", "华南区", "正常", ""]
LINES = [line.sql for line in ACCEPTED]

Choose = Callable[[list[Any]], Any]


def bank(more: str = "") -> duckdb.DuckDBPyConnection:
    """The small bank on one thread, so that rows come in one order."""
    connection = duckdb.connect(":memory:", config={"threads": 1})
    connection.execute(TABLES + DOTTED + more)
    return connection


ONE, OTHER = bank(), bank(OTHERWISE)


def said(connection: duckdb.DuckDBPyConnection, sql: str) -> list[str] | None:
    """The rows as text in any order; None where the engine stops, whose words reach nobody."""
    try:
        return sorted(map(repr, connection.execute(sql).fetchall()))
    except duckdb.Error:
        return None


def tells_nothing_hidden(sql: str) -> bool:
    """Whether both banks answer alike."""
    left, right = said(ONE, sql), said(OTHER, sql)
    return left is None or right is None or left == right


def swap_table(tree: exp.Expr, choose: Choose) -> None:
    found = list(tree.find_all(exp.Table))
    if found:
        choose(found).set("this", exp.to_identifier(choose(TABLE_NAMES), quoted=True))


def swap_column(tree: exp.Expr, choose: Choose) -> None:
    found = list(tree.find_all(exp.Column))
    if found:
        choose(found).set("this", exp.to_identifier(choose(COLUMN_NAMES)))


def drop_where(tree: exp.Expr, choose: Choose) -> None:
    found = list(tree.find_all(exp.Where))
    if found:
        choose(found).pop()


def loosen_where(tree: exp.Expr, choose: Choose) -> None:
    found = list(tree.find_all(exp.Where))
    if found:
        where = choose(found)
        where.set("this", exp.Or(this=where.this, expression=choose([exp.true(), exp.false(), where.this.copy()])))


def deny_condition(tree: exp.Expr, choose: Choose) -> None:
    found = list(tree.find_all(exp.In, exp.EQ, exp.And))
    if found:
        node = choose(found)
        node.replace(exp.Not(this=exp.Paren(this=node.copy())))


def swap_text(tree: exp.Expr, choose: Choose) -> None:
    found = [node for node in tree.find_all(exp.Literal) if node.is_string]
    if found:
        choose(found).set("this", choose(TEXTS))


def rename_alias(tree: exp.Expr, choose: Choose) -> None:
    found = [*tree.find_all(exp.TableAlias), *tree.find_all(exp.Alias)]
    if found:
        node = choose(found)
        name = exp.to_identifier(choose(TABLE_NAMES + COLUMN_NAMES), quoted=True)
        node.set("this" if isinstance(node, exp.TableAlias) else "alias", name)


def shadow_table(tree: exp.Expr, choose: Choose) -> None:
    cte = exp.select(exp.Literal.number(2).as_("branch_id"), exp.Literal.string("华东区").as_("region_name"))
    if isinstance(tree, exp.Select | exp.SetOperation):
        tree.with_(exp.to_identifier(choose(TABLE_NAMES), quoted=True), as_=cte, copy=False)


def unwrap_source(tree: exp.Expr, choose: Choose) -> None:
    found = [n for n in tree.find_all(exp.Subquery) if isinstance(n.this, exp.Select) and n.this.find(exp.Table)]
    if found:
        node = choose(found)
        table = exp.to_table(node.this.find(exp.Table).name)
        node.replace(exp.alias_(table, node.alias or "s", table=True))


def add_arm(tree: exp.Expr, choose: Choose) -> None:
    found = [n for n in tree.find_all(exp.Subquery) if isinstance(n.this, exp.Select)]
    if found:
        node = choose(found)
        raw = exp.select(*(exp.column(c.alias_or_name) for c in node.this.expressions)).from_(choose(TABLE_NAMES[:4]))
        node.set("this", exp.Union(this=node.this, expression=raw, distinct=False))


def swap_parts(tree: exp.Expr, choose: Choose) -> None:
    kind = choose([exp.Column, exp.Table, exp.Where, exp.Subquery, exp.Select])
    found = list(tree.find_all(kind))
    left, right = choose(found or [tree]), choose(found or [tree])
    if left is not right and left.parent and right.parent:
        left.replace(right.copy())


BENDS = [
    swap_table,
    swap_column,
    drop_where,
    loosen_where,
    deny_condition,
    swap_text,
    rename_alias,
    shadow_table,
    unwrap_source,
    add_arm,
    swap_parts,
]


@settings(max_examples=400, deadline=None)
@given(data=st.data())
def test_bent_sql_tells_nothing_hidden(data: st.DataObject) -> None:
    def choose(some: list[Any]) -> Any:
        return some[data.draw(st.integers(0, len(some) - 1))]

    tree = parse_one(choose(LINES), read="duckdb")
    for _ in range(data.draw(st.integers(1, 3))):
        choose(BENDS)(tree, choose)
    try:
        certified = certify(tree.sql("duckdb"), GRANTS, row_limit=ROW_LIMIT)
    except CertifyError:
        event("refused")
        return
    event("accepted and runs" if said(ONE, certified.sql) is not None else "accepted, and the engine stops")
    assert tells_nothing_hidden(certified.sql), certified.sql


@pytest.mark.parametrize("line", ACCEPTED, ids=str)
def test_honest_sql_tells_nothing_hidden(line: Any) -> None:
    assert said(ONE, line.sql) is not None and tells_nothing_hidden(line.sql)


def test_two_banks_show_what_an_escape_would_tell() -> None:
    escapes = [x.sql for x in REFUSED if x.engine == "duckdb" and x.category == "row-filter escapes"]
    assert sum(not tells_nothing_hidden(sql) for sql in escapes) >= len(escapes) / 2


def filters_of(tree: exp.Expr) -> list[exp.Where]:
    """The WHERE of each source subquery that must hold a row filter."""
    return [
        where
        for where in tree.find_all(exp.Where)
        if "region_name" in where.sql()
        and isinstance(where.parent.args["from_"].this, exp.Table)
        and isinstance(where.parent.parent.parent, exp.From | exp.Join)
    ]


@pytest.mark.parametrize("line", [x for x in ACCEPTED if EAST in x.sql or EAST_BRANCH in x.sql], ids=str)
def test_no_source_may_lose_its_filter(line: Any) -> None:
    tree = parse_one(line.sql, read="duckdb")
    assert filters_of(tree)
    for place in range(len(filters_of(tree))):
        dropped, loosened = tree.copy(), tree.copy()
        filters_of(dropped)[place].pop()
        where = filters_of(loosened)[place]
        where.set("this", exp.or_(where.this, exp.true()))
        for bent in (dropped, loosened):
            with pytest.raises(CertifyError):
                certify(bent.sql("duckdb"), GRANTS, row_limit=ROW_LIMIT)
