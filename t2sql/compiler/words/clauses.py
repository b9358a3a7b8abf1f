"""LIMIT, OFFSET and the names of columns, read alike in every SELECT. Knows no catalog and no relation."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from t2sql.compiler.words.spelling import heading, own_nodes
from t2sql.errors import RefusedSyntax

MOST_OFFSET = 1_000_000


def limit_of(query: exp.Expr) -> int | None:
    """The LIMIT of a SELECT or set operation; None without one. Raises RefusedSyntax."""
    limit = query.args.get("limit")
    if limit is None:
        return None
    value = limit.expression
    if not isinstance(value, exp.Literal) or not value.is_int or int(value.this) < 1:
        raise RefusedSyntax("LIMIT must be a whole number from 1.", "Write LIMIT 10.")
    return int(value.this)


def offset_of(query: exp.Expr) -> int:
    """The OFFSET of a SELECT or set operation; 0 without one. Raises RefusedSyntax."""
    offset = query.args.get("offset")
    if offset is None:
        return 0
    value = offset.expression
    if not isinstance(value, exp.Literal) or not value.is_int or int(value.this) > MOST_OFFSET:
        raise RefusedSyntax("OFFSET must be a whole number.", "Write LIMIT 10 OFFSET 10.")
    if query.args.get("order") is None:
        raise RefusedSyntax("OFFSET needs an ORDER BY, or the rows left out are any.", "Write ORDER BY name.")
    return int(value.this)


def order_of(query: exp.Expr) -> tuple[exp.Ordered, ...]:
    """The ORDER BY items."""
    order = query.args.get("order")
    items = order.expressions if order else []
    return tuple(i if isinstance(i, exp.Ordered) else exp.Ordered(this=i) for i in items)


def name_of(item: exp.Expr) -> tuple[str, bool]:
    """(column name of a SELECT item, whether AS gave it)."""
    if isinstance(item, exp.Alias):
        return item.alias, True
    return (item.name if isinstance(item, exp.Column) else heading(item)), False


def inner_of(item: exp.Expr) -> exp.Expr:
    """A SELECT item without its alias."""
    inner: exp.Expr = item.this if isinstance(item, exp.Alias) else item
    return inner


def written_out(node: exp.Expr, aliases: Mapping[str, exp.Expr]) -> exp.Expr:
    """An expression with its aliases (in lower case -> the SELECT item) as what they stand for."""
    holder = exp.Paren(this=node.copy())
    for column in [n for n in own_nodes(holder) if isinstance(n, exp.Column) and not n.table]:
        item = aliases.get(column.name.lower())
        if item is not None:
            column.replace(exp.paren(inner_of(item).copy(), copy=False))
    inner: exp.Expr = holder.this
    return inner
