"""GROUP BY and aggregates over relations, where every SUM is checked against what its column adds up over.

A SELECT with aggregates becomes a grouped relation and a projection over it, so that window functions, QUALIFY and
arithmetic never meet an ungrouped column.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlglot import exp

from t2sql.catalog import Catalog
from t2sql.compiler.composing.aggregates import Aggregates, aggregates_of
from t2sql.compiler.composing.expressions import Expressions
from t2sql.compiler.composing.projection import Item, Projection, project
from t2sql.compiler.composing.scope import Scope, Source
from t2sql.compiler.describe import written
from t2sql.compiler.relation import Carried, Names, Relation
from t2sql.compiler.words.clauses import inner_of, limit_of, name_of, offset_of, order_of
from t2sql.compiler.words.conditions import conjuncts
from t2sql.compiler.words.spelling import as_written, own_nodes
from t2sql.errors import NotComputable, RefusedSyntax
from t2sql.flow import Understood


@dataclass(slots=True)
class _Grouped:
    """One column of the grouped relation."""

    name: str
    tree: exp.Expr
    carried: Carried


class Aggregation:
    """One SELECT with aggregates over a scope."""

    def __init__(self, select: exp.Select, scope: Scope, names: Names, catalog: Catalog, prefix: str) -> None:
        self.select, self.scope, self.names, self.catalog, self.prefix = select, scope, names, catalog, prefix
        self.reader = Expressions(scope, catalog)
        where = select.args.get("where")
        parts = conjuncts(where.this) if where else []
        self.told = tuple(written(p) for p in parts)
        self.where = [self.reader.condition(p) for p in parts]
        self.fixed = frozenset(k for p in parts for k in self.reader.comparing.fixed(p))
        self.groups: dict[str, _Grouped] = {}
        """By the SQL of the group."""
        self.figures: dict[str, _Grouped] = {}
        """By the SQL of the aggregate."""
        self.aggregates = Aggregates(self.reader, scope, self.fixed)

    def relation(self) -> Relation:
        """The whole SELECT as a relation. Raises QueryError."""
        aliases = {i.alias.lower(): i.this for i in self.select.expressions if isinstance(i, exp.Alias)}
        for node, name in self._group_items(aliases):
            self._group(node, name)
        items = tuple(self._item(item) for item in self.select.expressions)
        having, qualify = self.select.args.get("having"), self.select.args.get("qualify")
        late = [self._lifted(part, aliases) for part in (conjuncts(having.this) if having else [])]
        outer = Projection(
            items,
            tuple(late),
            self._lifted(qualify.this, aliases) if qualify else None,
            bool(self.select.args.get("distinct")),
            tuple(self._ordered(o, items, aliases) for o in order_of(self.select)),
            limit_of(self.select),
            offset_of(self.select),
            tuple(
                written(c) for c in (*(conjuncts(having.this) if having else []), *([qualify.this] if qualify else []))
            ),
        )
        grouped = self._grouped()
        source = Source.of("", grouped, self.names, f"{self.prefix}_grouped" if self.prefix else "grouped")
        scope = replace(Scope.over(source, self.scope.inner), value_names=self.scope.value_names)
        return project(scope, outer, self.names, self.catalog)

    def _group_items(self, aliases: dict[str, exp.Expr]) -> list[tuple[exp.Expr, str]]:
        """(expression, name) of every group."""
        group = self.select.args.get("group")
        plain = [
            (inner_of(i), name_of(i)[0])
            for i in self.select.expressions
            if not aggregates_of(i) and not any(isinstance(n, exp.Window) for n in own_nodes(i))
        ]
        if group and any(group.args.get(k) for k in ("rollup", "cube", "grouping_sets")):
            raise RefusedSyntax(
                "ROLLUP is not part of semantic SQL.", "Ask for the parts and the total in two questions."
            )
        if not group or group.args.get("all"):
            return [(n, name) for n, name in plain if any(isinstance(c, exp.Column) for c in own_nodes(n))]
        names = {inner.sql(): name for inner, name in plain}
        found = []
        for item in group.expressions:
            node = item
            if isinstance(item, exp.Literal) and item.is_int:
                place = int(item.this) - 1
                if not 0 <= place < len(self.select.expressions):
                    raise RefusedSyntax(f"GROUP BY {item.this}: there is no such column.", "Group by a column's name.")
                node = inner_of(self.select.expressions[place])
            elif isinstance(item, exp.Column) and not item.table and item.name.lower() in aliases:
                is_column = any(c.column.name.lower() == item.name.lower() for _s, c in self.scope.columns)
                node = item if is_column else aliases[item.name.lower()]
            found.append((node, names.get(node.sql(), name_of(node)[0])))
        return found

    def _group(self, node: exp.Expr, name: str) -> None:
        if aggregates_of(node):
            raise RefusedSyntax(f"{as_written(node)!r}: an aggregate is no group.", "Group by columns.")
        typed = self.reader.read(node)
        carried = typed.carried
        column = (
            replace(carried.column, name=name)
            if carried.column.name
            else replace(carried.column, name=name, kind="dimension", label_zh=name, label_en=name)
        )
        key = carried.key or self._free_key(name)
        self.groups.setdefault(
            self._canonical(node),
            _Grouped(self._free(name), typed.tree, replace(carried, column=column, key=key, sums=frozenset())),
        )

    def _free_key(self, name: str) -> str:
        taken = self.scope.keys | {g.carried.key for g in self.groups.values()}
        while name in taken:
            name = f"{name}'"
        return name

    def _free(self, name: str) -> str:
        taken = {g.name.lower() for g in (*self.groups.values(), *self.figures.values())}
        wanted, number = name, 1
        while wanted.lower() in taken:
            number += 1
            wanted = f"{name}_{number}"
        return wanted

    def _canonical(self, node: exp.Expr) -> str:
        """An expression with its columns named by where they come from, as text to compare by."""
        holder = exp.Paren(this=node.copy())
        for column in [n for n in own_nodes(holder) if isinstance(n, exp.Column)]:
            if not isinstance(column.this, exp.Star):
                column.replace(self.scope.column(column).tree)
        return holder.sql("duckdb")

    # -- expressions over groups and aggregates ----------------------------------------------------------------
    def _item(self, item: exp.Expr) -> Item:
        (name, is_named), inner = name_of(item), inner_of(item)
        if isinstance(inner.this if isinstance(inner, exp.Column) else inner, exp.Star):
            raise RefusedSyntax("* beside aggregates has no meaning.", "Name the groups.")
        return Item(name, self._lifted(inner, {}, name, is_named), is_named)

    def _ordered(self, ordered: exp.Ordered, items: tuple[Item, ...], aliases: dict[str, exp.Expr]) -> exp.Ordered:
        node = ordered.this
        copy: exp.Ordered = ordered.copy()
        names = {i.name.lower() for i in items}
        if not isinstance(node, exp.Literal) and not (
            isinstance(node, exp.Column) and not node.table and node.name.lower() in names
        ):
            copy.set("this", self._lifted(node, aliases))
        return copy

    def _lifted(self, node: exp.Expr, aliases: dict[str, exp.Expr], name: str = "", is_named: bool = False) -> exp.Expr:
        holder = exp.Paren(this=node.copy())
        self._lift(holder, aliases, name if not isinstance(node, exp.Column) else "", is_named)
        inner: exp.Expr = holder.this
        return inner

    def _lift(self, node: exp.Expr, aliases: dict[str, exp.Expr], name: str, is_named: bool) -> None:
        for child in [*node.iter_expressions()]:
            if isinstance(child, (exp.Subquery, exp.Identifier)):
                continue
            if isinstance(child, exp.Column) and self._is_alias(child, aliases):
                child.replace(exp.paren(self._lifted(aliases[child.name.lower()], {}), copy=False))
                continue
            if isinstance(child, exp.Window):
                for part in (*child.this.iter_expressions(), *(child.args.get("partition_by") or ())):
                    self._lift_part(part, aliases)
                if child.args.get("order"):
                    self._lift(child.args["order"], aliases, "", False)
                continue
            if isinstance(child, (exp.Filter, exp.AggFunc)):
                child.replace(self._figure(child, name if isinstance(node, exp.Paren) else "", is_named))
                continue
            if isinstance(child, (exp.Literal, exp.Null, exp.Boolean, exp.DataType)):
                continue
            group = self._group_of(child)
            if group is not None:
                child.replace(exp.column(exp.to_identifier(group.name)))
            elif isinstance(child, exp.Column):
                raise self._not_grouped(child)
            else:
                self._lift(child, aliases, "", False)

    def _is_alias(self, column: exp.Column, aliases: dict[str, exp.Expr]) -> bool:
        """Whether a name means another column of the SELECT; a column of FROM comes first."""
        name = column.name.lower()
        own = any(c.column.name.lower() == name for _s, c in self.scope.columns)
        return not column.table and name in aliases and not own

    def _lift_part(self, part: exp.Expr, aliases: dict[str, exp.Expr]) -> None:
        holder = exp.Paren(this=part.copy())
        self._lift(holder, aliases, "", False)
        part.replace(holder.this)

    def _group_of(self, node: exp.Expr) -> _Grouped | None:
        if aggregates_of(node) or any(isinstance(n, (exp.Window, exp.Subquery)) for n in own_nodes(node)):
            return None
        if not any(isinstance(n, exp.Column) for n in own_nodes(node)):
            return None
        return self.groups.get(self._canonical(node))

    def _not_grouped(self, column: exp.Column) -> NotComputable:
        name = self.scope.column(column).carried.column.name
        return NotComputable(
            f"{name!r} is neither grouped nor aggregated.",
            f"Add {name} to GROUP BY, or take SUM, MIN, MAX, AVG or COUNT of it.",
            zh=(f"{name} 既没有分组，也没有汇总。", f"请在 GROUP BY 里加上 {name}，或对它求和、取最大最小等。"),
        )

    # -- aggregates -------------------------------------------------------------------------------------------
    def _figure(self, node: exp.Expr, name: str, is_named: bool) -> exp.Column:
        key = self._canonical(node)
        if key not in self.figures:
            plain = name or "_".join(
                [
                    node.key if not isinstance(node, exp.Filter) else node.this.key,
                    *(c.name for c in node.find_all(exp.Column)),
                ]
            )
            label = name if is_named else ""
            kept = {g.carried.key for g in self.groups.values()}
            tree, carried = self.aggregates.read(node, label, kept)
            free = self._free(plain)
            carried = replace(carried, column=replace(carried.column, name=free))
            self.figures[key] = _Grouped(free, tree, carried)
        return exp.column(exp.to_identifier(self.figures[key].name))

    # -- the grouped relation ---------------------------------------------------------------------------------
    def _grouped(self) -> Relation:
        columns = [*self.groups.values(), *self.figures.values()]
        if not columns:
            raise RefusedSyntax("Nothing is selected.", "Name a group or an aggregate.")
        query = exp.select(*(exp.alias_(c.tree, exp.to_identifier(c.name)) for c in columns))
        query = self.scope.attach(query)
        for condition in self.where:
            query = query.where(condition, copy=False)
        if self.groups:
            query = query.group_by(*(g.tree.copy() for g in self.groups.values()), copy=False)
        carried = tuple(replace(c.carried, column=replace(c.carried.column, name=c.name)) for c in columns)
        keys = frozenset(g.carried.key for g in self.groups.values())
        own = Relation(
            (),
            query,
            carried,
            keys,
            notes=tuple(self.aggregates.notes),
            understood=Understood((), (), self.told, "", None, False),
        )
        return self.scope.completed(own)
