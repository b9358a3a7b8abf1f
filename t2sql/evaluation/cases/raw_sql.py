"""Raw SQL of golds and predictions, read as a tree: one SELECT, with the clock stopped at the case's day.

Text is never edited: where nothing has to change, SQL runs as its author wrote it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from t2sql.errors import RefusedSyntax

NOON = "12:00:00"
"""A stopped clock stands at noon: it is the same day on both sides of most borders."""
NOW_FUNCTIONS = frozenset({"now", "get_current_timestamp", "transaction_timestamp"})
TIME_FUNCTIONS = frozenset({"current_localtime"})
KEY = "_order_key_"


@dataclass(frozen=True, slots=True)
class RawSql:
    """One SELECT over raw tables, ready to run."""

    text: str
    tree: exp.Query
    """With the clock stopped."""


def read_raw(sql: str, day: date) -> RawSql:
    """`sql` with current_date, today(), now() and their like as `day`. Raises RefusedSyntax."""
    text = sql.strip().rstrip(";").strip()
    try:
        trees = [tree for tree in sqlglot.parse(text, read="duckdb") if tree is not None]
    except (SqlglotError, RecursionError) as error:
        first = str(error).split("\n")[0]
        raise RefusedSyntax(f"The SQL cannot be read: {first}", "Correct the SQL; it is DuckDB's.") from None
    if len(trees) != 1 or not isinstance(trees[0], exp.Query):
        raise RefusedSyntax("That is not one SELECT.", "Write one SELECT; WITH may stand before it.")
    stopped = _stopped(trees[0], day)
    return RawSql(text if stopped is trees[0] else stopped.sql("duckdb"), stopped)


def _stopped(tree: exp.Query, day: date) -> exp.Query:
    """The tree itself where it reads no clock, else a copy that reads `day`."""
    if not any(_instead(node, day) for node in tree.walk()):
        return tree
    changed = tree.transform(lambda node: _instead(node, day) or node)
    assert isinstance(changed, exp.Query)
    return changed


def _instead(node: exp.Expr, day: date) -> exp.Expr | None:
    """What stands for a reading of the clock; None for anything else."""
    name = node.name.lower() if isinstance(node, exp.Anonymous) else ""
    if isinstance(node, exp.CurrentDate):
        return exp.cast(exp.Literal.string(day.isoformat()), "DATE")
    if isinstance(node, (exp.CurrentTimestamp, exp.Localtimestamp)) or name in NOW_FUNCTIONS:
        return exp.cast(exp.Literal.string(f"{day.isoformat()} {NOON}"), "TIMESTAMP")
    if isinstance(node, (exp.CurrentTime, exp.Localtime)) or name in TIME_FUNCTIONS:
        return exp.cast(exp.Literal.string(NOON), "TIME")
    if name == "age" and len(node.expressions) == 1:
        today = exp.cast(exp.Literal.string(day.isoformat()), "TIMESTAMP")
        return exp.Anonymous(this="age", expressions=[today, node.expressions[0].copy()])
    return None


@dataclass(frozen=True, slots=True)
class OrderKeys:
    """Where the values stand that a SELECT's rows are ordered by."""

    positions: tuple[int, ...]
    """Columns of the result, from 0; () where the SELECT has no order that can be read off its columns."""
    keyed: str
    """SQL with the keys that are not shown as further columns at the end; "" where none is hidden."""


def order_keys(tree: exp.Query) -> OrderKeys:
    """What the outermost ORDER BY names, found by position, by alias, or by the same expression."""
    order = tree.args.get("order")
    if order is None:
        return OrderKeys((), "")
    shown = list(tree.selects)
    can_hide = isinstance(tree, exp.Select) and not tree.args.get("distinct") and not _groups_all(tree)
    has_star = any(column.is_star for column in shown)
    found: list[int] = []
    hidden: list[exp.Expr] = []
    for item in order.expressions:
        position = None if has_star else _position(item.this, shown)
        if position is None:
            if not can_hide or item.this.is_int or (isinstance(item.this, exp.Var)):
                return OrderKeys((), "")
            position = -1
            hidden.append(item.this)
        found.append(position)
    if not hidden:
        return OrderKeys(tuple(found), "")
    wider = tree.copy()
    assert isinstance(wider, exp.Select)
    for index, key in enumerate(hidden):
        wider = wider.select(key.copy().as_(f"{KEY}{index}"), copy=False)
    places = iter(range(-len(hidden), 0))
    return OrderKeys(tuple(next(places) if p == -1 else p for p in found), wider.sql("duckdb"))


def _position(key: exp.Expr, shown: Sequence[exp.Expr]) -> int | None:
    if isinstance(key, exp.Literal) and key.is_int:
        number = int(key.name) - 1
        return number if 0 <= number < len(shown) else None
    plain = isinstance(key, exp.Column) and not key.table
    for index, column in enumerate(shown):
        if plain and column.alias_or_name.lower() == key.name.lower():
            return index
    for index, column in enumerate(shown):
        if column.unalias() == key:
            return index
    return None


def _groups_all(tree: exp.Select) -> bool:
    group = tree.args.get("group")
    return bool(group and group.args.get("all"))


def key_values(rows: Sequence[Sequence[Any]], positions: Sequence[int]) -> list[tuple[Any, ...]]:
    """The order keys of each row; [] where there are none."""
    return [tuple(row[p] for p in positions) for row in rows] if positions else []
