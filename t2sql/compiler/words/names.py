"""Resolves a parsed SELECT against the narrowed catalog: outputs, groups, conditions, periods and order.

What a single name means is `vocabulary`'s; nothing here touches physical names.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from t2sql.catalog import Catalog, Grain
from t2sql.compiler.calendar.periods import is_coarser
from t2sql.compiler.calendar.time_conditions import (
    COMPARE,
    Spans,
    TimeReader,
    compare_date,
    grain_name,
    intersect,
    mentions_time,
    merge,
)
from t2sql.compiler.describe import unit_of
from t2sql.compiler.request import Computed, Measure, MetricRef, Order, Output, Request, measure_key
from t2sql.compiler.words.conditions import (
    CONDITIONS,
    check_condition,
    conjuncts,
    counted_days,
    stored_values,
)
from t2sql.compiler.words.field_kinds import figure_kind
from t2sql.compiler.words.groups_needed import needs_groups
from t2sql.compiler.words.spelling import as_written, check_names_differ, heading, own_columns, own_nodes
from t2sql.compiler.words.vocabulary import Vocabulary
from t2sql.errors import NotComputable, RefusedSyntax, UnknownName


def resolve(tree: exp.Select, catalog: Catalog, computed: Mapping[str, Computed] | None = None) -> Request:
    """The Request that `tree`, spelled as the catalog spells, asks for; names in `computed` are groups as well.

    Raises UnknownName, RefusedSyntax or NotComputable.
    """
    return _Resolver(tree, catalog, computed or {}).resolve()


class _Resolver:
    def __init__(self, tree: exp.Select, catalog: Catalog, computed: Mapping[str, Computed]) -> None:
        self.tree, self.catalog, self.computed = tree, catalog, computed
        self.words = Vocabulary(catalog)
        self.measures: dict[str, Measure] = {}
        self.time = TimeReader(catalog.fiscal_year_start)

    def resolve(self) -> Request:
        self._from()
        outputs = [self._output(item) for item in self.tree.expressions]
        self._check_outputs(outputs)
        dimensions = tuple({o.dimension.name: o.dimension for o in outputs if o.dimension}.values())
        self.grain: Grain | None = next((o.grain for o in outputs if o.grain), None)
        self.grouped = {d.name for d in dimensions}
        self._group_by(len(outputs))
        before, after, spans = self._conditions()
        if spans is not None:
            spans = self._periods(spans)
        order = tuple(
            self._order(item, outputs)
            for item in (self.tree.args.get("order") or exp.Order(expressions=[])).expressions
        )
        for output in outputs:
            if output.measure:
                self.measures.setdefault(measure_key(output.measure), output.measure)
        if after and not dimensions and not self.grain:
            raise needs_groups(self._asked(), tuple(self.measures.values()), self.catalog)
        if not self.measures and (self.grain or spans is not None):
            raise NotComputable(
                "Dimensions alone have no period: they are listed as they are today.",
                "Add a metric, or leave the period out.",
            )
        return Request(
            tuple(outputs),
            dimensions,
            self.grain,
            tuple(spans) if spans is not None else None,
            self.time.literal_grain,
            tuple(before),
            tuple(after),
            tuple(self.measures.items()),
            order,
            self._limit(),
        )

    # -- clauses ----------------------------------------------------------------------------------------------
    def _from(self) -> None:
        clause = self.tree.args.get("from_") or self.tree.args.get("from")
        table = clause.this if clause else None
        if not isinstance(table, exp.Table) or table.args.get("db") or not isinstance(table.this, exp.Identifier):
            raise RefusedSyntax("FROM must name the model.", f"Write FROM {self.catalog.name}.")
        name = table.name
        if name in self.catalog.datasets and name != self.catalog.name:
            raise NotComputable(
                f"Rows of dataset {name!r} are not shown yet.", f"Ask for metrics FROM {self.catalog.name}."
            )
        if name != self.catalog.name:
            raise UnknownName(f"Unknown model {name!r}.", f"Write FROM {self.catalog.name}.")

    def _output(self, item: exp.Expr) -> Output:
        alias = item.alias if isinstance(item, exp.Alias) else ""
        inner = item.this if isinstance(item, exp.Alias) else item
        if isinstance(inner.this if isinstance(inner, exp.Column) else inner, exp.Star):
            raise RefusedSyntax(
                f"{inner.sql()} is not part of semantic SQL.",
                "Name the metrics and dimensions; a count is a metric of its own.",
            )
        grain = grain_name(inner)
        if grain:
            return Output("period", alias or grain, grain=grain)
        if isinstance(inner, exp.Column) and not inner.table and inner.name in self.computed:
            return Output("dimension", alias or inner.name, dimension=self.computed[inner.name])
        if isinstance(inner, exp.Column) and (inner.table or inner.name in self.catalog.dimensions):
            return Output("dimension", alias or inner.name, dimension=self.words.dimension(inner))
        dated = self.words.dated(inner)
        if dated:
            return Output("dimension", alias or dated.name, dimension=dated)
        measure = self.words.measure(inner)
        return Output("metric", alias or heading(inner), measure=measure)

    def _check_outputs(self, outputs: list[Output]) -> None:
        if not outputs:
            raise RefusedSyntax("Nothing is selected.", "Name at least one metric or dimension.")
        check_names_differ([o.name for o in outputs])
        for item in self.tree.expressions:
            alias = item.alias.lower() if isinstance(item, exp.Alias) else ""
            means_itself = isinstance(item.this, exp.Column) and item.this.name == alias
            if alias and not means_itself and self._is_taken(alias):
                raise RefusedSyntax(
                    f"{item.alias!r} already means something else, so it cannot name a column.",
                    "Choose another name after AS, or none.",
                )
        grains = sorted({str(o.grain) for o in outputs if o.kind == "period"})
        if len(grains) > 1:
            raise NotComputable(
                "Two time grains in one SELECT are not supported yet.", f"Keep one of {', '.join(grains)}."
            )

    def _is_taken(self, name: str) -> bool:
        return bool(name in self.catalog.metrics or name in self.catalog.dimensions or grain_name(exp.column(name)))

    def _group_by(self, outputs: int) -> None:
        group = self.tree.args.get("group")
        if not group or group.args.get("all"):
            return
        hint = "Leave GROUP BY out; grouping follows the SELECT."
        named: set[str] = set()
        is_by_position = False
        for item in group.expressions:
            if isinstance(item, exp.Literal) and item.is_int:
                is_by_position = True
                if not 1 <= int(item.this) <= outputs:
                    raise RefusedSyntax(f"GROUP BY {item.this}: there is no such column.", hint)
            elif isinstance(item, exp.Column):
                named.add(grain_name(item) or item.name)
            else:
                dated = self.words.dated(item)
                named.add(dated.name if dated else item.sql("duckdb"))
        wanted = self.grouped | ({self.grain} if self.grain else set())
        if any(group.args.get(k) for k in ("rollup", "cube", "grouping_sets")) or named - wanted:
            raise RefusedSyntax("GROUP BY may only repeat the dimensions and grain of the SELECT.", hint)
        if not is_by_position and wanted - named:
            raise RefusedSyntax(f"GROUP BY leaves out {', '.join(sorted(wanted - named))}, which is selected.", hint)

    def _limit(self) -> int | None:
        limit = self.tree.args.get("limit")
        if limit is None:
            return None
        value = limit.expression
        if not isinstance(value, exp.Literal) or not value.is_int or int(value.this) < 1:
            raise RefusedSyntax("LIMIT must be a whole number from 1.", "Write LIMIT 10.")
        return int(value.this)

    def _order(self, item: exp.Expr, outputs: list[Output]) -> Order:
        inner = item.this if isinstance(item, exp.Ordered) else item
        descending = bool(item.args.get("desc"))
        if isinstance(inner, exp.Literal) and inner.is_int:
            position = int(inner.this)
            if not 1 <= position <= len(outputs):
                raise RefusedSyntax(f"ORDER BY {position}: there is no such column.", "Order by a column's name.")
            return Order(outputs[position - 1], descending)
        for output in outputs:
            if isinstance(inner, exp.Column) and not inner.table and inner.name.lower() == output.name.lower():
                return Order(output, descending)
        output = self._output(inner)
        is_missing_group = output.dimension is not None and output.dimension.name not in self.grouped
        if is_missing_group or (output.kind == "period" and output.grain != self.grain):
            raise NotComputable(f"Cannot order by {output.name!r}, which is not selected.", "Add it to SELECT.")
        if output.measure:
            self.measures.setdefault(measure_key(output.measure), output.measure)
        return Order(output, descending)

    def _asked(self) -> list[exp.Expr]:
        clauses = [c for key in ("where", "having") if (c := self.tree.args.get(key))]
        return [part for clause in clauses for part in conjuncts(clause.this)]

    # -- conditions -------------------------------------------------------------------------------------------
    def _conditions(self) -> tuple[list[exp.Expr], list[exp.Expr], Spans | None]:
        """(on dimensions, on metrics, days asked) of WHERE and HAVING."""
        before: list[exp.Expr] = []
        after: list[exp.Expr] = []
        spans: Spans | None = None
        for key in ("where", "having"):
            clause = self.tree.args.get(key)
            for conjunct in conjuncts(clause.this) if clause else []:
                if mentions_time(conjunct):
                    asked = self.time.spans(conjunct)
                    spans = asked if spans is None else intersect(spans, asked)
                elif any(self.words.is_measure(node) for node in own_nodes(conjunct)):
                    after.append(self._after(conjunct))
                elif key == "having":
                    raise RefusedSyntax(
                        "HAVING takes conditions on metrics.", "Move conditions on dimensions to WHERE."
                    )
                else:
                    before.append(self._before(conjunct))
        return before, after, spans

    def _periods(self, spans: Spans) -> Spans:
        """Asked days, checked against the grain."""
        if not spans:
            raise NotComputable(
                "The time conditions exclude each other, so no period is left.", "Ask for one period or one range."
            )
        spans = merge(spans)
        if len(spans) > 1 and not self.grain:
            raise NotComputable(
                "Separate periods cannot be one number.",
                f"Add {self.time.literal_grain or 'month'} to SELECT to see each, or ask for one range.",
            )
        for grain in self.time.literal_grains:
            if self.grain and grain != self.grain and not is_coarser(grain, self.grain):
                raise NotComputable(
                    f"A {grain} cannot limit results by {self.grain}.",
                    f"Select {grain}, or give the period as a {self.grain}.",
                )
        return spans

    def _before(self, node: exp.Expr) -> exp.Expr:
        holder = exp.Paren(this=node.copy())
        for part in [*holder.find_all(*CONDITIONS)]:
            sides = [side for side in (part.this, part.args.get("expression")) if isinstance(side, exp.Expr)]
            dated = next((d for side in sides if (d := self.words.dated(side))), None)
            if dated and dated.grain:
                column = next(part.find_all(exp.Column))
                part.replace(compare_date(part, column, dated.grain, self.catalog.fiscal_year_start))
        node = stored_values(holder.this, self.catalog)
        for column in own_columns(node):
            self.words.dimension(column)
        check_condition(node, self.catalog)
        return counted_days(node, self.catalog)

    def _kind(self, measure: Measure) -> str:
        """number, or date or text for the first or last of days or names."""
        return (isinstance(measure, MetricRef) and figure_kind(measure.metric, self.catalog)) or "number"

    def _after(self, node: exp.Expr) -> exp.Expr:
        """The condition with measures as columns named by their key; other columns must be grouped dimensions."""
        copy = exp.Paren(this=node.copy())
        keys: set[str] = set()
        while found := next((n for n in own_nodes(copy) if self.words.is_measure(n) and n.name not in keys), None):
            measure = self.words.measure(found)
            key = measure_key(measure)
            keys.add(key)
            self.measures.setdefault(key, measure)
            found.replace(exp.column(exp.to_identifier(key)))
        for column in own_columns(copy):
            if column.name not in keys and self.words.dimension(column).name not in self.grouped:
                raise NotComputable(
                    f"A condition on {column.name!r} together with a metric needs {column.name!r} in SELECT.",
                    f"Add {column.name!r} to SELECT, or split the condition.",
                )
        node = stored_values(copy.this, self.catalog)
        kinds = {key: self._kind(self.measures[key]) for key in keys}
        check_condition(node, self.catalog, kinds)
        for part in node.find_all(*COMPARE):
            sides = [s.name for s in (part.this, part.expression) if isinstance(s, exp.Column) and s.name in keys]
            units = {unit_of(self.measures[name]) for name in sides}
            if len(units) > 1 and units != {"ratio", "points"}:
                raise NotComputable(
                    f"{as_written(part)!r} compares {' with '.join(sorted(units))}.", "Compare figures of one unit."
                )
        return node
