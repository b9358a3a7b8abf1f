"""A SELECT list over relations, row by row: expressions, window functions, WHERE, QUALIFY, DISTINCT, order and limit.

Never aggregates: `aggregation` does, under it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlglot import exp

from t2sql.catalog import Catalog
from t2sql.compiler.composing.expressions import Expressions
from t2sql.compiler.composing.over import Overs
from t2sql.compiler.composing.scope import Scope, Typed
from t2sql.compiler.relation import Carried, Names, Relation
from t2sql.compiler.words.conditions import conjuncts
from t2sql.compiler.words.spelling import as_written, check_names_differ
from t2sql.errors import RefusedSyntax
from t2sql.flow import Column, Understood


@dataclass(frozen=True, slots=True)
class Item:
    """One column to show."""

    name: str
    node: exp.Expr
    is_named: bool = False
    """Whether the person named it with AS."""
    column: Column | None = None
    """What it shows, where that is known better than from the expression."""


@dataclass(frozen=True, slots=True)
class Projection:
    """The clauses of a SELECT, as trees over the names of its scope."""

    expressions: tuple[Item, ...]
    where: tuple[exp.Expr, ...] = ()
    qualify: exp.Expr | None = None
    is_distinct: bool = False
    order: tuple[exp.Ordered, ...] = ()
    limit: int | None = None
    offset: int = 0
    told: tuple[str, ...] = ()
    """Conditions in words of semantic SQL, for the explanation."""


def project(scope: Scope, wanted: Projection, names: Names, catalog: Catalog) -> Relation:
    """The relation of a SELECT without aggregates. Raises QueryError."""
    return _Projector(scope, wanted, names, catalog).relation()


class _Projector:
    def __init__(self, scope: Scope, wanted: Projection, names: Names, catalog: Catalog) -> None:
        self.scope, self.wanted, self.names = scope, wanted, names
        self.reader = Expressions(scope, catalog)
        parts = [p for w in wanted.where for p in conjuncts(w)]
        self.where = [self.reader.condition(p) for p in parts]
        self.fixed = frozenset(k for p in parts for k in self.reader.comparing.fixed(p))
        self.overs = Overs(scope, self.reader.read, self.fixed, self.where, catalog)
        self.reader.over = self.overs.over

    def relation(self) -> Relation:
        wanted = self.wanted
        typed = [self.reader.read(item.node) for item in wanted.expressions]
        keys = self.scope.keys - self.fixed
        columns = tuple(_named(t, i) for t, i in zip(typed, wanted.expressions, strict=True))
        check_names_differ(c.column.name for c in columns)
        is_distinct = wanted.is_distinct and not keys <= {c.key for c in columns}
        if is_distinct:
            columns = tuple(replace(c, key=c.column.name, sums=frozenset()) for c in columns)
            keys = frozenset(c.column.name for c in columns)
        outputs = [_output(t.tree, c.column.name) for t, c in zip(typed, columns, strict=True)]
        order = self._order(typed, columns, is_distinct)
        query = exp.select(*outputs)
        if is_distinct and wanted.qualify is None:
            query.set("distinct", exp.Distinct())
        query = self.scope.attach(query)
        for condition in self.where:
            query = query.where(condition, copy=False)
        ctes: tuple[tuple[str, exp.Expr], ...] = ()
        if wanted.qualify is not None:
            ctes, query, order = self._qualified(query, columns, order, is_distinct)
        return self.scope.completed(
            Relation(
                ctes,
                query,
                columns,
                keys,
                tuple(order),
                wanted.limit,
                wanted.offset,
                tuple(self.overs.checks),
                tuple(self.overs.notes),
                understood=Understood(
                    (), (), wanted.told, _told_order(wanted, columns), wanted.limit, False, wanted.offset
                ),
            ),
        )

    def _qualified(
        self, query: exp.Select, columns: tuple[Carried, ...], order: list[exp.Ordered], is_distinct: bool
    ) -> tuple[tuple[tuple[str, exp.Expr], ...], exp.Select, list[exp.Ordered]]:
        """QUALIFY as a CTE that marks the rows to keep, for engines that have no QUALIFY."""
        assert self.wanted.qualify is not None
        kept = exp.Case(
            ifs=[exp.If(this=self.reader.condition(self.wanted.qualify), true=exp.Literal.number(1))],
            default=exp.Literal.number(0),
        )
        mark = "is_kept"
        while mark in {c.column.name.lower() for c in columns}:
            mark = f"{mark}_"
        query = query.select(kept.as_(mark), copy=False)
        name = self.names.new("qualified")
        outer = exp.select(*(exp.column(exp.to_identifier(c.column.name), name) for c in columns)).from_(name)
        if is_distinct:
            outer.set("distinct", exp.Distinct())
        shown = {(e.this if isinstance(e, exp.Alias) else e).sql(): e.alias_or_name for e in query.expressions}
        moved = []
        for number, ordered in enumerate(order):
            by = shown.get(ordered.this.sql(), f"order_{number}")
            if ordered.this.sql() not in shown:
                query = query.select(ordered.this.copy().as_(by), copy=False)
            column = exp.column(exp.to_identifier(by), name)
            moved.append(exp.Ordered(this=column, desc=ordered.args["desc"], nulls_first=False))
        outer = outer.where(exp.column(mark, name).eq(exp.Literal.number(1)))
        return ((name, query),), outer, moved

    def _order(self, typed: list[Typed], columns: tuple[Carried, ...], is_distinct: bool) -> list[exp.Ordered]:
        found: list[exp.Ordered] = []
        taken: set[str] = set()
        shown = {c.column.name.lower(): (t, c) for t, c in zip(typed, columns, strict=True)}
        for item in self.wanted.order:
            tree, is_desc = self._ordering(item, typed, columns, is_distinct), bool(item.args.get("desc"))
            taken.add(tree.sql("duckdb"))
            found.append(exp.Ordered(this=tree, desc=is_desc, nulls_first=False))
        ties = [t.tree for t, c in shown.values() if c.key]
        reached = {c.key for _t, c in shown.values() if c.key}
        if not is_distinct:
            ties += [t.tree for t in self.overs._key_columns() if t.carried.key not in reached]
            reached |= {t.carried.key for t in self.overs._key_columns()}
        if not self.scope.keys - self.fixed <= reached:
            ties += [t.tree for t, c in shown.values() if not c.key and not t.is_constant]
        for tree in ties:
            if tree.sql("duckdb") not in taken:
                taken.add(tree.sql("duckdb"))
                found.append(exp.Ordered(this=tree.copy(), desc=False, nulls_first=False))
        return found

    def _ordering(
        self, item: exp.Ordered, typed: list[Typed], columns: tuple[Carried, ...], is_distinct: bool
    ) -> exp.Expr:
        node = item.this
        place = None
        if isinstance(node, exp.Literal) and node.is_int:
            place = int(node.this) - 1
            if not 0 <= place < len(typed):
                raise RefusedSyntax(f"ORDER BY {node.this}: there is no such column.", "Order by a column's name.")
        elif isinstance(node, exp.Column) and not node.table:
            names = [c.column.name.lower() for c in columns]
            place = names.index(node.name.lower()) if node.name.lower() in names else None
        if place is not None:
            return typed[place].tree.copy()
        tree = self.reader.read(node).tree
        if is_distinct and tree.sql() not in {t.tree.sql() for t in typed}:
            raise RefusedSyntax(
                f"Cannot order by {as_written(node)!r}, which DISTINCT leaves out.", "Add it to SELECT."
            )
        return tree


def _output(tree: exp.Expr, name: str) -> exp.Expr:
    if isinstance(tree, exp.Column) and tree.name == name:
        return tree
    return exp.alias_(tree, exp.to_identifier(name))


def _named(typed: Typed, item: Item) -> Carried:
    """The column as it is shown: a name given with AS is its label too, where it is calculated."""
    carried = typed.carried
    if item.column is not None:
        return replace(carried, column=replace(item.column, name=item.name))
    column = carried.column
    is_calculated = not column.name or (item.is_named and not isinstance(item.node.unnest(), exp.Column))
    label_zh, label_en = column.label_zh, column.label_en
    if is_calculated and (item.is_named or not label_zh):
        label_zh = label_en = item.name
    kind = column.kind
    return replace(carried, column=replace(column, name=item.name, label_zh=label_zh, label_en=label_en, kind=kind))


def _told_order(wanted: Projection, columns: tuple[Carried, ...]) -> str:
    told = []
    for item in wanted.order:
        is_place = isinstance(item.this, exp.Literal) and item.this.is_int
        name = columns[int(item.this.this) - 1].column.name if is_place else as_written(item.this)
        told.append(f"{name}{' DESC' if item.args.get('desc') else ''}")
    return ", ".join(told)
