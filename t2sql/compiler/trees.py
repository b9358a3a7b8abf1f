"""Small trees that every room builds, made from nodes: sqlglot's own builders read names, types and join words as text
again, which costs as much as compiling.
"""

from __future__ import annotations

from sqlglot import exp


def table(name: str, alias: str = "") -> exp.Table:
    """A table or CTE by its name, with its schema where it has one.

    >>> table("dw.loan", "l").sql("duckdb")
    'dw.loan AS l'
    """
    *schema, own = (exp.to_identifier(part) for part in name.split("."))
    found = exp.Table(this=own)
    for part, identifier in zip(("db", "catalog"), reversed(schema), strict=False):
        found.set(part, identifier)
    if alias:
        found.set("alias", exp.TableAlias(this=exp.to_identifier(alias)))
    return found


def double(value: exp.Expr) -> exp.Cast:
    """CAST(value AS DOUBLE)."""
    return exp.Cast(this=value, to=exp.DataType(this=exp.DType.DOUBLE))


def joined(select: exp.Select, source: exp.Expr, on: exp.Expr, side: str = "") -> exp.Select:
    """`select` itself with one more member; `side`: "LEFT", or "" for an inner join."""
    join = exp.Join(this=source, on=on)
    if side:
        join.set("side", side)
    select.append("joins", join)
    return select
