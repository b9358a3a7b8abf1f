"""The parts of semantic SQL that a miss is named by: metrics, groups, periods, other conditions, order and limit.

Both texts are as the compiler writes them back, so names are spelled alike and the period is stated.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

GRAINS = frozenset({"day", "week", "month", "quarter", "half", "year"})
WRAPPERS = (
    exp.Round, exp.Cast, exp.Coalesce, exp.Nullif, exp.Abs, exp.Case, exp.If, exp.Floor, exp.Ceil, exp.Greatest,
    exp.Least, exp.Connector,
)  # fmt: skip
"""Functions that leave the metric what it is."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Semantic SQL in parts, each in words of semantic SQL."""

    measures: frozenset[str]
    """Metrics with their comparisons: `npl_ratio`, `yoy_diff(npl_ratio)`."""
    groups: frozenset[str]
    """Dimensions and grains that are shown or grouped by."""
    periods: frozenset[str]
    """Conditions on grains."""
    conditions: frozenset[str]
    """All other conditions."""
    order: tuple[str, ...]
    limit: int | None


def read_parts(semantic_sql: str, metrics: Collection[str]) -> Parts | None:
    """The parts of semantic SQL; `metrics`: the names in it that are metrics. None where it cannot be read."""
    try:
        tree = sqlglot.parse_one(semantic_sql, read="duckdb")
    except (SqlglotError, RecursionError):
        return None
    if not isinstance(tree, exp.Query):
        return None
    measures: set[str] = set()
    groups: set[str] = set()
    periods: set[str] = set()
    conditions: set[str] = set()
    for select in tree.find_all(exp.Select):
        group = select.args.get("group")
        for shown in (*select.selects, *(group.expressions if group else [])):
            found = _measures(shown, metrics)
            measures |= found
            if not found:
                groups.add(_text(shown.unalias()))
        for clause in ("where", "having", "qualify"):
            if (stated := select.args.get(clause)) is not None:
                for one in stated.this.flatten() if isinstance(stated.this, exp.And) else [stated.this]:
                    (periods if _is_period(one) else conditions).add(_condition(one))
    order, limit = tree.args.get("order"), tree.args.get("limit")
    return Parts(
        frozenset(measures),
        frozenset(groups),
        frozenset(periods),
        frozenset(conditions),
        tuple(_ordered(item) for item in order.expressions) if order else (),
        int(limit.expression.name) if isinstance(limit, exp.Limit) and limit.expression.is_int else None,
    )


def _measures(shown: exp.Expr, metrics: Collection[str]) -> set[str]:
    """Every metric of a column, with the functions that change what it is."""
    found = set()
    for column in shown.find_all(exp.Column):
        if column.name.lower() in metrics:
            outermost: exp.Expr = column
            above = column.parent
            while isinstance(above, exp.Func) and not isinstance(above, WRAPPERS):
                outermost, above = above, above.parent
            found.add(_text(outermost))
    return found


def _is_period(condition: exp.Expr) -> bool:
    names = {column.name.lower() for column in condition.find_all(exp.Column)}
    return bool(names) and names <= GRAINS


def _condition(condition: exp.Expr) -> str:
    """A condition written in one way: members of a list in order, one member as an equation."""
    plain = condition.unnest()
    if isinstance(plain, exp.In) and plain.expressions:
        members = sorted(_text(member) for member in plain.expressions)
        return f"{_text(plain.this)} = {members[0]}" if len(members) == 1 else f"{_text(plain.this)} IN {members}"
    return _text(plain)


def _ordered(item: exp.Expr) -> str:
    return f"{_text(item.this)} {'DESC' if item.args.get('desc') else 'ASC'}"


def _text(node: exp.Expr) -> str:
    copy = node.copy()
    for column in copy.find_all(exp.Column):
        column.set("table", None)
    return str(copy.sql("duckdb", normalize=True, comments=False))
