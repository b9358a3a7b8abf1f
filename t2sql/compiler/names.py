"""Resolves every name of a parsed SELECT against the narrowed catalog: metrics, dimensions, grains, comparison
functions, periods.

Never touches physical names, and never suggests a name outside the narrowed catalog.
"""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from sqlglot import exp

from t2sql.catalog import GRAINS, Catalog, Dimension, Grain
from t2sql.compiler.conditions import call_of, conjuncts, plain_condition, stored_values
from t2sql.compiler.periods import is_coarser
from t2sql.compiler.request import (
    COMPARISONS,
    Compared,
    Measure,
    MetricRef,
    Order,
    Output,
    Request,
    functions_of,
    measure_key,
)
from t2sql.compiler.time_conditions import (
    COMPARE,
    Spans,
    TimeReader,
    compare_date,
    grain_name,
    intersect,
    mentions_time,
    merge,
)
from t2sql.errors import NotComputable, RefusedSyntax, UnknownName, did_you_mean


def resolve(text: str, tree: exp.Select, catalog: Catalog) -> Request:
    """The Request that `tree` asks for. Raises UnknownName, RefusedSyntax or NotComputable."""
    return _Resolver(text, tree, catalog).resolve()


class _Resolver:
    def __init__(self, text: str, tree: exp.Select, catalog: Catalog) -> None:
        self.text, self.tree, self.catalog = text, tree, catalog
        self.measures: dict[str, Measure] = {}
        self.time = TimeReader()

    def resolve(self) -> Request:
        self._from()
        outputs = [self._output(item) for item in self.tree.expressions]
        if not outputs:
            raise RefusedSyntax("Nothing is selected.", "Name at least one metric or dimension.")
        names = [o.name for o in outputs]
        if len(set(names)) < len(names):
            raise RefusedSyntax(
                "A column is selected twice.", "Remove the repeated column, or give it another name with AS."
            )
        dimensions = tuple({o.dimension.name: o.dimension for o in outputs if o.dimension}.values())
        grains = {o.grain for o in outputs if o.kind == "period"}
        if len(grains) > 1:
            raise NotComputable(
                "Two time grains in one SELECT are not supported yet.",
                f"Keep one of {', '.join(sorted(str(g) for g in grains))}.",
            )
        self.grain: Grain | None = next(iter(grains), None)
        self.grouped = {d.name for d in dimensions}
        self._group_by()
        before: list[exp.Expr] = []
        after: list[exp.Expr] = []
        spans: Spans | None = None
        where, having = self.tree.args.get("where"), self.tree.args.get("having")
        for clause, is_having in ((where, False), (having, True)):
            for conjunct in conjuncts(clause.this) if clause else []:
                if mentions_time(conjunct):
                    asked = self.time.spans(conjunct)
                    spans = asked if spans is None else intersect(spans, asked)
                elif self._mentions_measure(conjunct):
                    after.append(self._after(conjunct))
                elif is_having:
                    raise RefusedSyntax(
                        "HAVING takes conditions on metrics.", "Move conditions on dimensions to WHERE."
                    )
                else:
                    before.append(self._before(conjunct))
        if spans is not None and not spans:
            raise NotComputable(
                "The time conditions exclude each other, so no period is left.", "Ask for one period or one range."
            )
        if spans is not None:
            spans = merge(spans)
            if len(spans) > 1 and not self.grain:
                raise NotComputable(
                    "Separate periods cannot be one number.",
                    f"Add {self.time.literal_grain or 'month'} to SELECT to see each, or ask for one range.",
                )
        if (
            self.grain
            and self.time.literal_grain
            and self.time.literal_grain != self.grain
            and not is_coarser(self.time.literal_grain, self.grain)
        ):
            raise NotComputable(
                f"A {self.time.literal_grain} cannot limit results by {self.grain}.",
                f"Select {self.time.literal_grain}, or give the period as a {self.grain}.",
            )
        order = tuple(
            self._order(item, outputs)
            for item in (self.tree.args.get("order") or exp.Order(expressions=[])).expressions
        )
        for output in outputs:
            if output.measure:
                self.measures.setdefault(measure_key(output.measure), output.measure)
        if after and not dimensions and not self.grain:
            raise NotComputable(
                "A condition on a metric needs groups to choose among.", "Add a dimension or a grain to SELECT."
            )
        return Request(
            self.text,
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
        if not isinstance(table, exp.Table) or table.args.get("db"):
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
        if isinstance(inner, exp.Star):
            raise RefusedSyntax("SELECT * is not part of semantic SQL.", "Name the metrics and dimensions.")
        grain = grain_name(inner)
        if grain:
            return Output("period", alias or grain, grain=grain)
        if isinstance(inner, exp.Column) and inner.name in self.catalog.dimensions:
            return Output("dimension", alias or inner.name, dimension=self._dimension(inner))
        dated = self._dated(inner)
        if dated:
            return Output("dimension", alias or dated.name, dimension=dated)
        measure = self._measure(inner)
        return Output("metric", alias or inner.sql("duckdb").lower(), measure=measure)

    def _group_by(self) -> None:
        group = self.tree.args.get("group")
        if not group:
            return
        named = {grain_name(e) or e.name for e in group.expressions if not (isinstance(e, exp.Literal) and e.is_int)}
        wanted = self.grouped | ({self.grain} if self.grain else set())
        if any(group.args.get(k) for k in ("rollup", "cube", "grouping_sets", "all")) or named - wanted:
            raise RefusedSyntax(
                "GROUP BY may only repeat the dimensions and grain of the SELECT.",
                "Leave GROUP BY out; grouping follows the SELECT.",
            )

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
            if isinstance(inner, exp.Column) and inner.name == output.name:
                return Order(output, descending)
        output = self._output(inner)
        if output.kind == "dimension" and output.dimension and output.dimension.name not in self.grouped:
            raise NotComputable(f"Cannot order by {output.name!r}, which is not selected.", "Add it to SELECT.")
        if output.kind == "period" and output.grain != self.grain:
            raise NotComputable(f"Cannot order by {output.name!r}, which is not selected.", "Add it to SELECT.")
        if output.measure:
            self.measures.setdefault(measure_key(output.measure), output.measure)
        return Order(output, descending)

    # -- names ------------------------------------------------------------------------------------------------
    def _dimension(self, column: exp.Column) -> Dimension:
        if column.table:
            raise UnknownName(f"Unknown name {column.sql()!r}.", "Names in semantic SQL stand alone, without a prefix.")
        return self.catalog.dimensions[column.name]

    def _dated(self, node: exp.Expr) -> Dimension | None:
        """grain(date dimension), as a dimension of its own; None for anything else."""
        name, arguments = call_of(node)
        if name not in GRAINS or len(arguments) != 1 or not isinstance(arguments[0], exp.Column):
            return None
        column = arguments[0]
        if column.name not in self.catalog.dimensions or not self.catalog.field_of(self._dimension(column)).is_time:
            raise UnknownName(
                f"{name}() needs a date dimension, not {column.name!r}.",
                f"The metrics' own time is written {name}, without brackets.",
            )
        if name == "week":
            raise NotComputable("Weeks of a date dimension are not supported yet.", "Use day or month.")
        return replace(self._dimension(column), name=f"{name}({column.name})", grain=cast(Grain, name))

    def _measure(self, node: exp.Expr) -> Measure:
        if isinstance(node, exp.Paren):
            return self._measure(node.this)
        if isinstance(node, exp.Column) and not node.table:
            if node.name in self.catalog.metrics:
                return MetricRef(self.catalog.metrics[node.name])
            known = [*self.catalog.metrics, *self.catalog.dimensions]
            raise UnknownName(
                f"Unknown metric or dimension {node.name!r} in {self.catalog.name!r}.{did_you_mean(node.name, known)}",
                f"Use a name of the catalog, or define {node.name!r} in model.yml and run `t2sql check`.",
            )
        name, arguments = call_of(node)
        if name == "measure" and len(arguments) == 1:
            return self._measure(arguments[0])
        if name not in COMPARISONS:
            raise UnknownName(
                f"{name or node.sql()!r} is not a function of semantic SQL.{did_you_mean(name, COMPARISONS)}",
                "Metrics carry their own formula: name the metric alone, or use " + ", ".join(COMPARISONS) + ".",
            )
        if not arguments:
            raise RefusedSyntax(f"{name} needs a metric.", f"Write {name}(metric).")
        dimensions = []
        for extra in arguments[1:]:
            if name != "share" or not isinstance(extra, exp.Column) or extra.name not in self.catalog.dimensions:
                raise RefusedSyntax(
                    f"{name} takes one metric{' and dimensions' if name == 'share' else ''}.", f"Write {name}(metric)."
                )
            dimensions.append(extra.name)
        of = self._measure(arguments[0])
        self._nesting(name, of)
        return Compared(name, of, tuple(dimensions))

    def _nesting(self, function: str, of: Measure) -> None:
        inner = functions_of(of)
        if not inner or function == "rank":
            return
        if function in ("share", "ytd") or len(inner) > 1 or inner[0] not in ("ytd", "share"):
            raise NotComputable(
                f"{function} of {inner[0]} has no agreed meaning.",
                "Compare the metric itself, its ytd or its share; rank anything.",
            )

    # -- conditions -------------------------------------------------------------------------------------------
    def _mentions_measure(self, node: exp.Expr) -> bool:
        if any(call_of(f)[0] in COMPARISONS or call_of(f)[0] == "measure" for f in node.find_all(exp.Func)):
            return True
        return any(c.name in self.catalog.metrics for c in node.find_all(exp.Column) if not c.table)

    def _before(self, node: exp.Expr) -> exp.Expr:
        holder = exp.Paren(this=node.copy())
        for part in [*holder.find_all(*COMPARE, exp.Between, exp.In)]:
            dated = self._dated(part.this)
            if dated and dated.grain:
                part.replace(compare_date(part, next(part.this.find_all(exp.Column)), dated.grain))
        node = holder.this
        for column in node.find_all(exp.Column):
            if column.table or column.name not in self.catalog.dimensions:
                raise UnknownName(
                    f"Unknown dimension {column.sql()!r} in {self.catalog.name!r}."
                    + did_you_mean(column.name, self.catalog.dimensions),
                    "Use a dimension of the catalog.",
                )
        plain_condition(node)
        return stored_values(node, self.catalog)

    def _after(self, node: exp.Expr) -> exp.Expr:
        """The condition with measures as columns named by their key; other columns must be grouped dimensions."""
        copy = exp.Paren(this=node.copy())
        calls = [f for f in copy.find_all(exp.Func) if call_of(f)[0] in COMPARISONS or call_of(f)[0] == "measure"]
        for call in calls:
            if not call.find_ancestor(exp.Func) or call.find_ancestor(exp.Func) not in calls:
                self._replace(call)
        for column in [*copy.find_all(exp.Column)]:
            if column.name in self.catalog.metrics and not column.table:
                self._replace(column)
            elif column.name not in self.measures and column.name not in self.grouped:
                raise NotComputable(
                    f"A condition on {column.name!r} together with a metric needs {column.name!r} in SELECT.",
                    f"Add {column.name!r} to SELECT, or split the condition.",
                )
        plain_condition(copy)
        return copy

    def _replace(self, node: exp.Expr) -> None:
        measure = self._measure(node)
        key = measure_key(measure)
        self.measures.setdefault(key, measure)
        node.replace(exp.column(exp.to_identifier(key, quoted=True)))
