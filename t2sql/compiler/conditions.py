"""Conditions in pieces: conjuncts, calls, and values as stored. Trees only; names are resolved elsewhere."""

from __future__ import annotations

from sqlglot import exp

from t2sql.catalog import Catalog
from t2sql.compiler.time_conditions import COMPARE
from t2sql.errors import NotComputable


def stored_values(node: exp.Expr, catalog: Catalog) -> exp.Expr:
    """Aliases of enumerated values become the values as stored."""
    for literal in [*node.find_all(exp.Literal)]:
        holder = literal.find_ancestor(*COMPARE, exp.In)
        column = holder.find(exp.Column) if holder else None
        if column is not None and literal.is_string:
            aliases = catalog.field_of(catalog.dimensions[column.name]).aliases
            if literal.this not in aliases:
                stored = next(
                    (v for v, names in aliases.items() if literal.this.lower() in (n.lower() for n in names)), None
                )
                if stored is not None:
                    literal.replace(exp.Literal.string(stored))
    return node


def plain_condition(node: exp.Expr) -> None:
    """Refuse functions inside conditions: values are compared as they are stored."""
    for call in node.find_all(exp.Func):
        if not isinstance(call, (exp.And, exp.Or, exp.Like, exp.ILike, exp.Cast)):
            raise NotComputable(f"Conditions cannot use {call.sql('duckdb')!r}.", "Compare a name with a value.")


def call_of(node: exp.Expr) -> tuple[str, list[exp.Expr]]:
    """(lower-case name, arguments) of a function call; ("", []) for anything else."""
    if isinstance(node, exp.Anonymous):
        return str(node.this).lower(), list(node.expressions)
    if isinstance(node, exp.Func):
        arguments = [a for a in (node.args.get("this"), *node.args.get("expressions", [])) if isinstance(a, exp.Expr)]
        return node.sql_name().lower(), arguments
    return "", []


def conjuncts(node: exp.Expr) -> list[exp.Expr]:
    """The parts of a condition that AND joins."""
    if isinstance(node, exp.Paren):
        return conjuncts(node.this) if isinstance(node.this, exp.And) else [node]
    if isinstance(node, exp.And):
        return conjuncts(node.left) + conjuncts(node.right)
    return [node]
