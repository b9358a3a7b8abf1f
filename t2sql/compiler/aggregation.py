"""GROUP BY and aggregates over relations, where every SUM is checked against what its column adds up over.

A SELECT with aggregates becomes a grouped relation and a projection over it, so that window functions, QUALIFY and
arithmetic never meet an ungrouped column.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlglot import exp

from t2sql.catalog import Catalog
from t2sql.compiler.additivity import AVERAGE, DISTINCT, EXTREME, check_sum
from t2sql.compiler.arithmetic import check_numbers
from t2sql.compiler.clauses import inner_of, limit_of, name_of, offset_of, order_of
from t2sql.compiler.conditions import conjuncts
from t2sql.compiler.describe import written
from t2sql.compiler.expressions import Expressions
from t2sql.compiler.over import average_note
from t2sql.compiler.projection import Item, Projection, project
from t2sql.compiler.relation import Carried, Names, Relation
from t2sql.compiler.scope import NO_COLUMN, Scope, Source, Typed
from t2sql.compiler.spelling import as_written, own_nodes
from t2sql.errors import NotComputable, RefusedSyntax
from t2sql.flow import Note, Understood

_AGGREGATES = (exp.Sum, exp.Count, exp.Avg, exp.Min, exp.Max, exp.Median)
_LABELS: dict[type[exp.Expr], tuple[str, str]] = {
    exp.Avg: ("平均{}", "average of {}"),
    exp.Median: ("{}中位数", "median of {}"),
    exp.Min: ("最小{}", "smallest {}"),
    exp.Max: ("最大{}", "largest {}"),
}


def aggregates_of(node: exp.Expr) -> list[exp.Expr]:
    """Aggregate calls that are not window functions, outermost first; a FILTER stands for the aggregate under it."""
    found: list[exp.Expr] = []
    stack = [node]
    while stack:
        one = stack.pop(0)
        if isinstance(one, exp.Subquery):
            continue
        if isinstance(one, exp.Window):
            # Only inside its arguments: SUM(SUM(x)) OVER ().
            stack += [*one.this.iter_expressions(), *(one.args.get("partition_by") or ())]
            stack += [one.args["order"]] if one.args.get("order") else []
        elif isinstance(one, exp.Filter) or isinstance(one, exp.AggFunc):
            found.append(one)
        else:
            stack += one.iter_expressions()
    return found


def is_aggregated(select: exp.Select) -> bool:
    """Whether a SELECT groups or aggregates."""
    parts = [*select.expressions, *(select.args.get(k) for k in ("having", "qualify", "order"))]
    return bool(select.args.get("group")) or any(p is not None and aggregates_of(p) for p in parts)


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
        self.notes: list[Note] = []

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
            tuple(written(c) for c in (*(conjuncts(having.this) if having else []), *([qualify.this] if qualify else []))),
        )
        grouped = self._grouped()
        source = Source.of("", grouped, self.names, f"{self.prefix}_grouped" if self.prefix else "grouped")
        return project(Scope.over(source, self.scope.inner), outer, self.names, self.catalog)

    def _group_items(self, aliases: dict[str, exp.Expr]) -> list[tuple[exp.Expr, str]]:
        """(expression, name) of every group."""
        group = self.select.args.get("group")
        plain = [
            (inner_of(i), name_of(i)[0])
            for i in self.select.expressions
            if not aggregates_of(i) and not any(isinstance(n, exp.Window) for n in own_nodes(i))
        ]
        if group and any(group.args.get(k) for k in ("rollup", "cube", "grouping_sets")):
            raise RefusedSyntax("ROLLUP is not part of semantic SQL.", "Ask for the parts and the total in two questions.")
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
        column = replace(carried.column, name=name) if carried.column.name else replace(carried.column, name=name, kind="dimension", label_zh=name, label_en=name)
        key = carried.key or self._free_key(name)
        self.groups.setdefault(self._canonical(node), _Grouped(self._free(name), typed.tree, replace(carried, column=column, key=key, sums=frozenset())))

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
        if not isinstance(node, exp.Literal) and not (isinstance(node, exp.Column) and not node.table and node.name.lower() in names):
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
            if isinstance(child, exp.Column) and not child.table and child.name.lower() in aliases:
                if not any(c.column.name.lower() == child.name.lower() for _s, c in self.scope.columns):
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
            plain = name or "_".join([node.key if not isinstance(node, exp.Filter) else node.this.key, *(c.name for c in node.find_all(exp.Column))])
            label = name if is_named else ""
            tree, carried = self._aggregate(node, label)
            free = self._free(plain)
            carried = replace(carried, column=replace(carried.column, name=free))
            self.figures[key] = _Grouped(free, tree, carried)
        return exp.column(exp.to_identifier(self.figures[key].name))

    def _aggregate(self, node: exp.Expr, label: str) -> tuple[exp.Expr, Carried]:
        condition = node.expression.this if isinstance(node, exp.Filter) else None
        call = node.this if isinstance(node, exp.Filter) else node
        if not isinstance(call, _AGGREGATES):
            raise RefusedSyntax(
                f"{as_written(call)!r} is not an aggregate of semantic SQL.", "Use SUM, COUNT, AVG, MIN, MAX or MEDIAN."
            )
        inner = call.this
        if isinstance(call, exp.Count):
            return self._count(call, inner, condition, label)
        if isinstance(inner, exp.Distinct):
            raise RefusedSyntax(f"{as_written(call)!r}: DISTINCT is for COUNT.", "Leave DISTINCT out.")
        if condition is not None:
            inner = exp.Case(ifs=[exp.If(this=condition.copy(), true=inner.copy())])
        value = self.reader.read(inner)
        shown = as_written(call.this)
        kept = {g.carried.key for g in self.groups.values()}
        dropped = self.scope.keys - kept - self.fixed
        carried = value.carried
        if not isinstance(call, (exp.Min, exp.Max)):
            check_numbers(call, value)
        if isinstance(call, exp.Sum):
            check_sum(carried, shown, dropped, kept, self.catalog.name)
            derived = kept - self.scope.keys
            column = self._labelled(carried, label, "{}", "{}")
            return exp.Sum(this=value.tree), replace(carried, column=column, key="", sums=(carried.sums & kept) | derived)
        if isinstance(call, (exp.Avg, exp.Median)):
            self.notes.append(average_note(shown))
            carried = replace(carried, column=replace(carried.column, type="number"))
        column = self._labelled(carried, label, *_LABELS[type(call)])
        why = AVERAGE if isinstance(call, (exp.Avg, exp.Median)) else EXTREME
        return call.__class__(this=value.tree), replace(carried, column=column, key="", sums=frozenset(), why=why, periods=())

    def _labelled(self, carried: Carried, label: str, zh: str, en: str):  # type: ignore[no-untyped-def]
        column = carried.column
        if label or not column.label_zh:
            return replace(column, label_zh=label, label_en=label)
        return replace(column, label_zh=zh.format(column.label_zh), label_en=en.format(column.label_en))

    def _count(self, call: exp.Expr, inner: exp.Expr, condition: exp.Expr | None, label: str) -> tuple[exp.Expr, Carried]:
        keys = frozenset(g.carried.key for g in self.groups.values())
        column = replace(NO_COLUMN, type="integer", unit="count", label_zh=label or "行数", label_en=label or "rows")
        if isinstance(inner, exp.Distinct):
            if len(inner.expressions) != 1:
                raise RefusedSyntax("COUNT(DISTINCT …) takes one column.", "Count the members of one column.")
            value = self.reader.read(inner.expressions[0])
            if value.carried.column.kind == "metric":
                raise NotComputable(
                    f"{as_written(inner.expressions[0])!r} is a figure; how many different ones there are says nothing.",
                    "Count a group, as COUNT(DISTINCT branch).",
                )
            tree = value.tree if condition is None else exp.Case(ifs=[exp.If(this=self.reader.condition(condition), true=value.tree)])
            shown = value.carried.column
            column = replace(column, label_zh=label or f"{shown.label_zh}数", label_en=label or f"number of {shown.label_en}")
            return exp.Count(this=exp.Distinct(expressions=[tree])), Carried(column, unit="count", why=DISTINCT)
        is_rows = isinstance(inner, (exp.Star, exp.Literal))
        tree = exp.Star() if is_rows else self.reader.read(inner).tree
        if condition is not None:
            one = exp.Literal.number(1) if is_rows else tree
            tree = exp.Case(ifs=[exp.If(this=self.reader.condition(condition), true=one)])
        return exp.Count(this=tree), Carried(column, keys, unit="count")

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
            (), query, carried, keys, notes=tuple(self.notes), understood=Understood((), (), self.told, "", None, False)
        )
        return self.scope.completed(own)
