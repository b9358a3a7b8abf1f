"""A SELECT FROM the model that holds more than names, split in two: a core of groups and measures, and the expressions
over it.

A CASE or a function over dimensions is a group: it goes into the core, where every fact computes it before it
aggregates. Everything over measures, every window function and every label goes to the outer layer, after grouping.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from sqlglot import exp

from t2sql.catalog import GRAINS, Catalog, Grain
from t2sql.compiler.calendar.coarser import coarser_label
from t2sql.compiler.calendar.periods import is_coarser
from t2sql.compiler.calendar.time_conditions import grain_name, mentions_time
from t2sql.compiler.composing.projection import Item, Projection
from t2sql.compiler.describe import GRAIN_LABELS, written
from t2sql.compiler.request import Computed, Measure, MetricRef, measure_key
from t2sql.compiler.words.clauses import inner_of, limit_of, name_of, offset_of, order_of, written_out
from t2sql.compiler.words.computed import computed_group
from t2sql.compiler.words.conditions import conjuncts
from t2sql.compiler.words.group_by import check_group_by
from t2sql.compiler.words.groups_needed import needs_groups
from t2sql.compiler.words.output_names import check_names
from t2sql.compiler.words.parts import is_part
from t2sql.compiler.words.plain import is_late
from t2sql.compiler.words.spelling import TOLD, as_written, own_nodes
from t2sql.compiler.words.vocabulary import PART, Vocabulary
from t2sql.errors import NotComputable, RefusedSyntax
from t2sql.flow import Column


@dataclass(frozen=True, slots=True)
class Layers:
    """Both halves of one SELECT."""

    core: exp.Select
    """Groups and measures by name, with the conditions that hold before the outer layer."""
    computed: Mapping[str, Computed]
    """Groups of the core that are expressions over dimensions."""
    outer: Projection
    """What was asked, over the columns of the core."""


def split(select: exp.Select, catalog: Catalog) -> Layers:
    """The two halves of `select`. Raises UnknownName, RefusedSyntax or NotComputable."""
    return _Splitter(select, catalog).layers()


class _Splitter:
    def __init__(self, select: exp.Select, catalog: Catalog) -> None:
        self.select, self.catalog = select, catalog
        self.words = Vocabulary(catalog)
        self.core: dict[str, exp.Expr] = {}
        """Columns of the core by name: dimensions, the grain, measures."""
        self.groups: list[str] = []
        """Those that are groups."""
        self.computed: dict[str, Computed] = {}
        self.measures: dict[str, Measure] = {}
        self.aliases = {i.alias.lower(): i for i in select.expressions if isinstance(i, exp.Alias)}
        grains = [g for item in select.expressions if (g := grain_name(inner_of(item)))]
        self.grain: Grain | None = min(grains, key=GRAINS.index, default=None)
        for grain in grains:
            if grain != self.grain and self.grain and not is_coarser(grain, self.grain):
                raise NotComputable(
                    f"A {self.grain} does not lie inside one {grain}.", f"Keep one of {', '.join(sorted(grains))}."
                )

    def layers(self) -> Layers:
        """Both halves."""
        for item in self.select.expressions:
            self._group(item)
        items = tuple(self._item(item) for item in self.select.expressions)
        check_names(self.select, items, self.catalog)
        check_group_by(self.select, self._groups)
        early, late = self._conditions()
        qualify = self.select.args.get("qualify")
        order = tuple(self._ordered(o, items) for o in order_of(self.select))
        outer = Projection(
            items,
            tuple(self._lift(c, "") for c in late),
            self._lift(qualify.this, "") if qualify else None,
            bool(self.select.args.get("distinct")),
            order,
            limit_of(self.select),
            offset_of(self.select),
            tuple(written(c) for c in (*late, *([qualify.this] if qualify else []))),
        )
        if late and not self.groups:
            asked = [*early, *(written_out(c, self.aliases) for c in late)]
            raise needs_groups(asked, self.measures.values(), self.catalog)
        core = exp.select(*self.core.values()).from_(self.catalog.name)
        for condition in early:
            core = core.where(condition.copy(), copy=False)
        if not self.core:
            raise NotComputable("Nothing of the model is asked.", "Name a metric or a dimension.")
        return Layers(core, self.computed, outer)

    # -- groups -----------------------------------------------------------------------------------------------
    def _group(self, item: exp.Expr) -> None:
        """Enter the groups that a SELECT item is."""
        inner = inner_of(item)
        grain = grain_name(inner)
        if grain:
            self._enter(str(self.grain), exp.column(str(self.grain)))
            return
        if isinstance(inner, exp.Column) and (inner.table or inner.name in self.catalog.dimensions):
            self._enter(self.words.dimension(inner).name, inner.copy())
            return
        dated = self.words.dated(inner)
        if dated:
            self._enter(dated.name, exp.alias_(inner.copy(), exp.to_identifier(dated.name)))
        elif self._is_group(inner):
            name = name_of(item)[0]
            self.computed[name] = computed_group(name, inner, self.words)
            self._enter(name, exp.column(exp.to_identifier(name)))

    def _enter(self, name: str, column: exp.Expr) -> None:
        if name not in self.core:
            self.core[name] = column
            self.groups.append(name)

    def _is_group(self, node: exp.Expr) -> bool:
        """Whether an expression is over dimensions alone."""
        nodes = list(own_nodes(node))
        if any(isinstance(n, (exp.Window, exp.Subquery)) or self.words.is_measure(n) for n in nodes):
            return False
        columns = [n for n in nodes if isinstance(n, exp.Column)]
        if isinstance(node, exp.Column) or not columns or any(grain_name(c) for c in columns):
            return False
        return not isinstance(node, exp.AggFunc | exp.Anonymous) and all(
            c.name in self.catalog.dimensions for c in columns
        )

    # -- the outer layer --------------------------------------------------------------------------------------
    def _item(self, item: exp.Expr) -> Item:
        inner, (name, is_named) = inner_of(item), name_of(item)
        if isinstance(inner.this if isinstance(inner, exp.Column) else inner, exp.Star):
            raise RefusedSyntax(
                f"{inner.sql()} is not part of semantic SQL.",
                "Name the metrics and dimensions; a count is a metric of its own.",
            )
        if isinstance(inner, (exp.Literal, exp.Boolean, exp.Null)) and not is_named:
            raise RefusedSyntax(f"{inner.sql()} is a value, not a name.", "Name a metric or a dimension.")
        grain = grain_name(inner)
        if grain and grain != self.grain:
            words = GRAIN_LABELS[grain]
            column = Column(name, "period", "text", "", "", "", words.zh, words.en)
            return Item(name, coarser_label(exp.column(str(self.grain)), str(self.grain), grain), is_named, column)
        if name in self.computed:
            return Item(name, exp.column(exp.to_identifier(name)), is_named)
        return Item(name, self._lift(inner, name), is_named)

    def _lift(self, node: exp.Expr, name: str) -> exp.Expr:
        """`node` over the columns of the core; measures that it names are entered there."""
        holder = exp.Paren(this=node.copy())
        self._lift_children(holder)
        return cast(exp.Expr, holder.this)

    def _lift_children(self, node: exp.Expr) -> None:
        for child in [*node.iter_expressions()]:
            if isinstance(child, (exp.Subquery, exp.Identifier)):
                continue
            if isinstance(child, exp.Window):
                self._lift_window(child)
            elif isinstance(child, exp.Column):
                child.replace(self._column(child))
            elif (dated := self.words.dated(child)) is not None:
                if dated.name not in self.core:
                    raise self._not_grouped(dated.name)
                child.replace(exp.column(exp.to_identifier(dated.name)))
            elif self.words.is_measure(child) or isinstance(child, (exp.AggFunc, exp.Anonymous)):
                child.replace(self._measure(child))
            else:
                self._lift_children(child)

    def _lift_window(self, window: exp.Window) -> None:
        """The arguments, partition and order of a window function; the function itself stays."""
        function = window.this
        if isinstance(function, exp.Rank) and function.expressions:
            raise RefusedSyntax(
                f"{as_written(function)!r} is a comparison of semantic SQL and takes no OVER.",
                "Write rank(metric) alone, or RANK() OVER (ORDER BY metric DESC).",
            )
        self._lift_children(function)
        for part in (*(window.args.get("partition_by") or ()), window.args.get("order")):
            if part is None:
                continue
            holder = exp.Paren(this=part.copy())
            self._lift_children(holder)
            part.replace(holder.this)

    def _measure(self, node: exp.Expr) -> exp.Column:
        if is_part(node, lambda n: self.words.is_measure(n) or n.name in self.measures):
            node.meta[PART] = True
        column = self._entered(node)
        if PART in node.meta:
            column.meta[TOLD] = as_written(node)
        return column

    def _entered(self, node: exp.Expr) -> exp.Column:
        measure = self.words.measure(node)
        key = measure_key(measure)
        if key == node.name:
            self.measures.setdefault(key, measure)
            # By its own name: what it is told as is no name here.
            self.core.setdefault(key, exp.column(exp.to_identifier(key)))
            return exp.column(exp.to_identifier(key))
        if isinstance(measure, MetricRef) and not measure.is_part:
            node = exp.column(exp.to_identifier(key))
            return self._entered(node)
        self.measures.setdefault(key, measure)
        self.core.setdefault(key, exp.alias_(node.copy(), exp.to_identifier(key)))
        return exp.column(exp.to_identifier(key))

    def _column(self, column: exp.Column) -> exp.Expr:
        if self.words.is_measure(column):
            return self._measure(column)
        grain = grain_name(column)
        if grain:
            if self.grain == grain:
                return exp.column(grain)
            if self.grain and is_coarser(grain, self.grain):
                return coarser_label(exp.column(self.grain), self.grain, grain)
            told = f"{grain!r} is used and not selected, so there is one figure for the whole period."
            raise NotComputable(told, f"Add {grain} to SELECT.")
        if not column.table and column.name in self.catalog.dimensions:
            if column.name not in self.core:
                raise self._not_grouped(column.name)
            return column.copy()
        alias = self.aliases.get(column.name.lower()) if not column.table else None
        if alias is not None:
            return self._by_alias(column, alias)
        if not column.table:
            self._measure(column)
        self.words.dimension(column)
        raise AssertionError

    def _by_alias(self, column: exp.Column, item: exp.Alias) -> exp.Expr:
        """What another column of the SELECT stands for."""
        if item.alias in self.computed:
            return exp.column(exp.to_identifier(item.alias))
        inner = item.this
        if any(isinstance(n, exp.Column) and n.name.lower() == column.name.lower() for n in own_nodes(inner)):
            raise RefusedSyntax(f"{column.name!r} stands for itself.", "Give the column another name with AS.")
        lifted = self._lift(inner, "")
        return lifted if isinstance(lifted, exp.Column) else exp.Paren(this=lifted)

    def _not_grouped(self, name: str) -> NotComputable:
        return NotComputable(
            f"{name!r} is used beside a metric and not selected, so it is no group.",
            f"Add {name} to SELECT.",
            zh=(f"{name} 与指标一起使用，但没有分组。", f"请在 SELECT 中加上 {name}。"),
        )

    def _groups(self, item: exp.Expr) -> bool:
        inner, name = inner_of(item), name_of(item)[0]
        return bool(
            grain_name(inner)
            or name in self.computed
            or (isinstance(inner, exp.Column) and inner.name in self.catalog.dimensions)
            or self.words.dated(inner)
        )

    def _conditions(self) -> tuple[list[exp.Expr], list[exp.Expr]]:
        """(for the core, for the outer layer)."""
        early: list[exp.Expr] = []
        late: list[exp.Expr] = []
        aliases = set(self.aliases)
        for key in ("where", "having"):
            clause = self.select.args.get(key)
            for conjunct in conjuncts(clause.this) if clause else []:
                if not is_late(conjunct, aliases, self.catalog):
                    # HAVING on dimensions is refused by name where it stands.
                    if key == "having" and not any(self.words.is_measure(n) for n in own_nodes(conjunct)):
                        raise RefusedSyntax(
                            "HAVING takes conditions on metrics.", "Move conditions on dimensions to WHERE."
                        )
                    early.append(conjunct)
                    continue
                if mentions_time(conjunct):
                    raise NotComputable(
                        f"{as_written(conjunct)!r}: a time condition names periods.",
                        "Write a period literal, as month = '2025-12'; a period may not come from a subquery.",
                        zh=(f"{as_written(conjunct)}：时间条件只能写明期间。", "请写明期间，例如 month = '2025-12'。"),
                    )
                late.append(conjunct)
        return early, late

    def _ordered(self, ordered: exp.Ordered, items: tuple[Item, ...]) -> exp.Ordered:
        node = ordered.this
        names = {i.name.lower() for i in items}
        is_output = isinstance(node, exp.Column) and not node.table and node.name.lower() in names
        copy: exp.Ordered = ordered.copy()
        if isinstance(node, exp.Literal) or is_output:
            return copy
        copy.set("this", self._lift(node, ""))
        return copy
