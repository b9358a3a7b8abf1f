"""Whether two drafts over fields compute the same, however each is written: names with or without their table, an order
by place or by name.
"""

from __future__ import annotations

import sqlglot
from sqlglot import exp


def is_alike(one: str, other: str) -> bool:
    """Whether both SELECTs show the same columns of the same rows, in the same order.

    >>> is_alike("SELECT town, COUNT(*) FROM members GROUP BY town", "SELECT members.town, COUNT(*) FROM members")
    True
    """
    return _canonical(one) == _canonical(other)


def _canonical(text: str) -> object:
    tree = sqlglot.parse_one(text, read="duckdb")
    if not isinstance(tree, exp.Select) or tree.args.get("from_") is None:
        return text
    source = tree.args["from_"].this
    if not isinstance(source, exp.Table):
        return text
    for column in tree.find_all(exp.Column):
        if column.find_ancestor(exp.Subquery) is None and column.table == source.name:
            column.set("table", None)
    items = [item.unalias().sql("duckdb") for item in tree.expressions]
    where, order, limit = (tree.args.get(part) for part in ("where", "order", "limit"))
    conditions = frozenset(part.sql("duckdb") for part in where.this.flatten()) if where else frozenset()
    keys = []
    for one in order.expressions if order else ():
        said = one.this.sql("duckdb")
        keys.append(
            (items[int(said) - 1] if said.isdigit() and int(said) <= len(items) else said, bool(one.args.get("desc")))
        )
    distinct = tree.args.get("distinct") is not None
    return source.name, items, conditions, keys, limit.expression.sql() if limit else "", distinct
