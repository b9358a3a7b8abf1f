"""The clauses of a SELECT without aggregates over relations, ready for `projection`: stars and aliases written out."""

from __future__ import annotations

from sqlglot import exp

from t2sql.compiler.composing.projection import Item, Projection
from t2sql.compiler.composing.scope import Scope
from t2sql.compiler.describe import written
from t2sql.compiler.words.clauses import inner_of, limit_of, name_of, offset_of, order_of
from t2sql.compiler.words.conditions import conjuncts
from t2sql.compiler.words.spelling import as_written, own_nodes
from t2sql.errors import RefusedSyntax, UnknownName


def projection_of(select: exp.Select, scope: Scope) -> Projection:
    """The clauses of `select`. Raises RefusedSyntax or UnknownName."""
    where, qualify = select.args.get("where"), select.args.get("qualify")
    if select.args.get("having"):
        raise RefusedSyntax("HAVING needs groups.", "Move the condition to WHERE.")
    parts = conjuncts(where.this) if where else []
    aliases = {i.alias.lower(): i.this for i in select.expressions if isinstance(i, exp.Alias)}
    told = [*parts, *([qualify.this] if qualify else [])]
    return Projection(
        tuple(item for expression in select.expressions for item in _items(expression, scope)),
        tuple(parts),
        _meant(qualify.this, aliases, scope) if qualify else None,
        bool(select.args.get("distinct")),
        order_of(select),
        limit_of(select),
        offset_of(select),
        tuple(written(part) for part in told),
    )


def _items(item: exp.Expr, scope: Scope) -> list[Item]:
    inner = inner_of(item)
    is_all = isinstance(inner, exp.Star)
    if is_all or (isinstance(inner, exp.Column) and isinstance(inner.this, exp.Star)):
        star = inner if is_all else inner.this
        if any(star.args.values()):
            raise RefusedSyntax(
                f"{as_written(inner)!r} is not part of semantic SQL.", "Name the columns that are wanted."
            )
        table = inner.table.lower() if isinstance(inner, exp.Column) else ""
        found: dict[str, Item] = {}
        for source, carried in scope.columns:
            name = carried.column.name
            if (table and source.alias.lower() != table) or (
                not table and name.lower() in scope.merged and name.lower() in found
            ):
                continue
            node = (
                exp.column(exp.to_identifier(name), source.alias)
                if source.alias
                else exp.column(exp.to_identifier(name))
            )
            if name.lower() in found:
                raise RefusedSyntax(
                    f"* shows {name!r} twice.", "Name the columns, and give one of them another name with AS."
                )
            found[name.lower()] = Item(name, node)
        if not found:
            raise UnknownName(f"Unknown name {as_written(inner)!r}.", "Write * alone, or an alias of FROM before it.")
        return list(found.values())
    name, is_named = name_of(item)
    return [Item(name, inner, is_named)]


def _meant(node: exp.Expr, aliases: dict[str, exp.Expr], scope: Scope) -> exp.Expr:
    """QUALIFY with the columns of the SELECT list written out."""
    holder = exp.Paren(this=node.copy())
    columns = {c.column.name.lower() for _s, c in scope.columns}
    for column in [n for n in own_nodes(holder) if isinstance(n, exp.Column)]:
        if not column.table and column.name.lower() in aliases and column.name.lower() not in columns:
            column.replace(exp.paren(aliases[column.name.lower()].copy(), copy=False))
    inner: exp.Expr = holder.this
    return inner
