"""Resolves every name of a parsed SELECT against the narrowed catalog: metrics, dimensions, grains, comparison functions, periods.

Never touches physical names, and never suggests a name outside the narrowed catalog.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import cast

from sqlglot import exp

from t2sql.catalog import GRAINS, Catalog, Dimension, Grain
from t2sql.compiler.periods import Period, is_coarser, read_literal
from t2sql.compiler.request import COMPARISONS, Compared, Measure, MetricRef, Order, Output, Request, functions_of, measure_key
from t2sql.errors import NotComputable, RefusedSyntax, UnknownName, did_you_mean

FAR_PAST, FAR_FUTURE = date(1900, 1, 1), date(2999, 12, 31)
_COMPARE = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE)
_MIRROR = {exp.GT: exp.LT, exp.GTE: exp.LTE, exp.LT: exp.GT, exp.LTE: exp.GTE, exp.EQ: exp.EQ, exp.NEQ: exp.NEQ}
Spans = list[tuple[date, date]]


def resolve(text: str, tree: exp.Select, catalog: Catalog) -> Request:
    """The Request that `tree` asks for. Raises UnknownName, RefusedSyntax or NotComputable."""
    return _Resolver(text, tree, catalog).resolve()


class _Resolver:
    def __init__(self, text: str, tree: exp.Select, catalog: Catalog) -> None:
        self.text, self.tree, self.catalog = text, tree, catalog
        self.measures: dict[str, Measure] = {}
        self.literal_grain: Grain | None = None

    def resolve(self) -> Request:
        self._from()
        outputs = [self._output(item) for item in self.tree.expressions]
        if not outputs:
            raise RefusedSyntax("Nothing is selected.", "Name at least one metric or dimension.")
        names = [o.name for o in outputs]
        if len(set(names)) < len(names):
            raise RefusedSyntax("A column is selected twice.", "Remove the repeated column, or give it another name with AS.")
        dimensions = tuple({o.dimension.name: o.dimension for o in outputs if o.dimension}.values())
        grains = {o.grain for o in outputs if o.kind == "period"}
        if len(grains) > 1:
            raise NotComputable("Two time grains in one SELECT are not supported yet.", f"Keep one of {', '.join(sorted(str(g) for g in grains))}.")
        self.grain = cast("Grain | None", next(iter(grains), None))
        self.grouped = {d.name for d in dimensions}
        self._group_by()
        before: list[exp.Expression] = []
        after: list[exp.Expression] = []
        spans: Spans | None = None
        where, having = self.tree.args.get("where"), self.tree.args.get("having")
        for clause, is_having in ((where, False), (having, True)):
            for conjunct in _conjuncts(clause.this) if clause else []:
                if self._mentions_time(conjunct):
                    asked = self._time(conjunct)
                    spans = asked if spans is None else _intersect(spans, asked)
                elif self._mentions_measure(conjunct):
                    after.append(self._after(conjunct))
                elif is_having:
                    raise RefusedSyntax("HAVING takes conditions on metrics.", "Move conditions on dimensions to WHERE.")
                else:
                    before.append(self._before(conjunct))
        if spans is not None and not spans:
            raise NotComputable("The time conditions exclude each other, so no period is left.", "Ask for one period or one range.")
        if spans is not None:
            spans = _merge(spans)
            if len(spans) > 1 and not self.grain:
                raise NotComputable(
                    "Separate periods cannot be one number.", f"Add {self.literal_grain or 'month'} to SELECT to see each, or ask for one range."
                )
        if self.grain and self.literal_grain and self.literal_grain != self.grain and not is_coarser(self.literal_grain, self.grain):
            raise NotComputable(
                f"A {self.literal_grain} cannot limit results by {self.grain}.", f"Select {self.literal_grain}, or give the period as a {self.grain}."
            )
        order = tuple(self._order(item, outputs) for item in (self.tree.args.get("order") or exp.Order(expressions=[])).expressions)
        for output in outputs:
            if output.measure:
                self.measures.setdefault(measure_key(output.measure), output.measure)
        if after and not dimensions and not self.grain:
            raise NotComputable("A condition on a metric needs groups to choose among.", "Add a dimension or a grain to SELECT.")
        return Request(
            self.text, tuple(outputs), dimensions, self.grain, tuple(spans) if spans is not None else None, self.literal_grain,
            tuple(before), tuple(after), tuple(self.measures.items()), order, self._limit(),
        )  # fmt: skip

    # -- clauses -------------------------------------------------------------------------------------------------------------------------
    def _from(self) -> None:
        clause = self.tree.args.get("from_") or self.tree.args.get("from")
        table = clause.this if clause else None
        if not isinstance(table, exp.Table) or table.args.get("db"):
            raise RefusedSyntax("FROM must name the model.", f"Write FROM {self.catalog.name}.")
        name = table.name
        if name in self.catalog.datasets and name != self.catalog.name:
            raise NotComputable(f"Rows of dataset {name!r} are not shown yet.", f"Ask for metrics FROM {self.catalog.name}.")
        if name != self.catalog.name:
            raise UnknownName(f"Unknown model {name!r}.", f"Write FROM {self.catalog.name}.")

    def _output(self, item: exp.Expression) -> Output:
        alias = item.alias if isinstance(item, exp.Alias) else ""
        inner = item.this if isinstance(item, exp.Alias) else item
        if isinstance(inner, exp.Star):
            raise RefusedSyntax("SELECT * is not part of semantic SQL.", "Name the metrics and dimensions.")
        grain = self._grain_name(inner)
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
        named = {self._grain_name(e) or e.name for e in group.expressions if not (isinstance(e, exp.Literal) and e.is_int)}
        wanted = self.grouped | ({self.grain} if self.grain else set())
        if any(group.args.get(k) for k in ("rollup", "cube", "grouping_sets", "all")) or named - wanted:
            raise RefusedSyntax("GROUP BY may only repeat the dimensions and grain of the SELECT.", "Leave GROUP BY out; grouping follows the SELECT.")

    def _limit(self) -> int | None:
        limit = self.tree.args.get("limit")
        if limit is None:
            return None
        value = limit.expression
        if not isinstance(value, exp.Literal) or not value.is_int or int(value.this) < 1:
            raise RefusedSyntax("LIMIT must be a whole number from 1.", "Write LIMIT 10.")
        return int(value.this)

    def _order(self, item: exp.Expression, outputs: list[Output]) -> Order:
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

    # -- names ---------------------------------------------------------------------------------------------------------------------------
    def _dimension(self, column: exp.Column) -> Dimension:
        if column.table:
            raise UnknownName(f"Unknown name {column.sql()!r}.", "Names in semantic SQL stand alone, without a prefix.")
        return self.catalog.dimensions[column.name]

    def _dated(self, node: exp.Expression) -> Dimension | None:
        """grain(date dimension), as a dimension of its own; None for anything else."""
        name, arguments = _call(node)
        if name not in GRAINS or len(arguments) != 1 or not isinstance(arguments[0], exp.Column):
            return None
        column = arguments[0]
        if column.name not in self.catalog.dimensions or not self.catalog.field_of(self._dimension(column)).is_time:
            raise UnknownName(f"{name}() needs a date dimension, not {column.name!r}.", f"The metrics' own time is written {name}, without brackets.")
        if name == "week":
            raise NotComputable("Weeks of a date dimension are not supported yet.", "Use day or month.")
        return replace(self._dimension(column), name=f"{name}({column.name})", grain=cast(Grain, name))

    def _dated_condition(self, node: exp.Expression) -> exp.Expression:
        """`quarter(matures_on) = '2026-Q4'` as a comparison of the date itself with the days of the period."""
        subject = node.this
        name = _call(subject)[0]
        column = subject.args["this"] if not isinstance(subject, exp.Anonymous) else subject.expressions[0]

        def period(literal: exp.Expression) -> Period:
            found = read_literal(str(literal.this)) if isinstance(literal, exp.Literal) else None
            if found is None or (found.grain != name and not is_coarser(found.grain, cast(Grain, name))):
                raise RefusedSyntax(f"{literal.sql('duckdb')!r} is not a {name}.", "Write a period literal such as '2024-12'.")
            return found

        def between(first: date, last: date) -> exp.Expression:
            return exp.Between(this=column.copy(), low=_day(first), high=_day(last))

        if isinstance(node, exp.Between):
            return between(period(node.args["low"]).first, period(node.args["high"]).last)
        if isinstance(node, exp.In):
            return exp.paren(exp.or_(*(between(p.first, p.last) for p in map(period, node.expressions))), copy=False)
        found = period(node.expression)
        if isinstance(node, exp.EQ):
            return between(found.first, found.last)
        edge = {exp.GT: found.last, exp.GTE: found.first, exp.LT: found.first, exp.LTE: found.last}.get(type(node))
        if edge is None:
            raise NotComputable(f"{node.sql('duckdb')!r} cannot be computed.", "Use =, <, <=, >, >=, BETWEEN or IN.")
        return type(node)(this=column.copy(), expression=_day(edge))

    def _grain_name(self, node: exp.Expression) -> Grain | None:
        if isinstance(node, exp.Column) and not node.table and node.name.lower() in GRAINS:
            return cast(Grain, node.name.lower())
        return None

    def _measure(self, node: exp.Expression) -> Measure:
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
        name, arguments = _call(node)
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
                raise RefusedSyntax(f"{name} takes one metric{' and dimensions' if name == 'share' else ''}.", f"Write {name}(metric).")
            dimensions.append(extra.name)
        of = self._measure(arguments[0])
        self._nesting(name, of)
        return Compared(name, of, tuple(dimensions))

    def _nesting(self, function: str, of: Measure) -> None:
        inner = functions_of(of)
        if not inner or function == "rank":
            return
        if function in ("share", "ytd") or len(inner) > 1 or inner[0] not in ("ytd", "share"):
            raise NotComputable(f"{function} of {inner[0]} has no agreed meaning.", "Compare the metric itself, its ytd or its share; rank anything.")

    # -- conditions ----------------------------------------------------------------------------------------------------------------------
    def _mentions_time(self, node: exp.Expression) -> bool:
        return any(self._grain_name(column) for column in node.find_all(exp.Column))

    def _mentions_measure(self, node: exp.Expression) -> bool:
        if any(_call(f)[0] in COMPARISONS or _call(f)[0] == "measure" for f in node.find_all(exp.Func)):
            return True
        return any(c.name in self.catalog.metrics for c in node.find_all(exp.Column) if not c.table)

    def _time(self, node: exp.Expression) -> Spans:
        """Spans of days that a condition on grains leaves."""
        if isinstance(node, exp.Paren):
            return self._time(node.this)
        if isinstance(node, exp.Or) and all(self._mentions_time(side) for side in (node.left, node.right)):
            return _merge(self._time(node.left) + self._time(node.right))
        if isinstance(node, exp.And):
            return _intersect(self._time(node.left), self._time(node.right))
        if isinstance(node, exp.Between) and self._grain_name(node.this):
            low, high = self._literal(node.this, node.args["low"]), self._literal(node.this, node.args["high"])
            return [(low.first, high.last)] if low.first <= high.last else []
        if isinstance(node, exp.In) and self._grain_name(node.this) and not node.args.get("query"):
            return _merge([(p.first, p.last) for p in (self._literal(node.this, e) for e in node.expressions)])
        if isinstance(node, _COMPARE) and not isinstance(node, exp.NEQ):
            left, right, kind = node.left, node.right, type(node)
            if self._grain_name(right):
                left, right, kind = right, left, _MIRROR[kind]
            if self._grain_name(left):
                period = self._literal(left, right)
                return {
                    exp.EQ: [(period.first, period.last)],
                    exp.GTE: [(period.first, FAR_FUTURE)],
                    exp.LTE: [(FAR_PAST, period.last)],
                    exp.GT: [(date.fromordinal(period.last.toordinal() + 1), FAR_FUTURE)],
                    exp.LT: [(FAR_PAST, date.fromordinal(period.first.toordinal() - 1))],
                }[kind]
        raise NotComputable(
            f"The time condition {node.sql('duckdb')!r} cannot be computed.", "Use =, <, <=, >, >=, BETWEEN or IN with period literals, joined by AND."
        )

    def _literal(self, grain: exp.Expression, node: exp.Expression) -> Period:
        if not isinstance(node, exp.Literal):
            raise RefusedSyntax(f"{node.sql('duckdb')!r} is not a period.", "Write a literal such as '2024-12'.")
        period, asked = read_literal(str(node.this)), cast(Grain, self._grain_name(grain))
        if period.grain != asked and not is_coarser(period.grain, asked):
            raise NotComputable(f"{node.this!r} is finer than {asked}.", f"Write {period.grain} = '{node.this}'.")
        if self.literal_grain is None or is_coarser(self.literal_grain, period.grain):
            self.literal_grain = period.grain
        return period

    def _before(self, node: exp.Expression) -> exp.Expression:
        holder = exp.Paren(this=node.copy())
        for part in [*holder.find_all(*_COMPARE, exp.Between, exp.In)]:
            if self._dated(part.this):
                part.replace(self._dated_condition(part))
        node = holder.this
        for column in node.find_all(exp.Column):
            if column.table or column.name not in self.catalog.dimensions:
                raise UnknownName(
                    f"Unknown dimension {column.sql()!r} in {self.catalog.name!r}.{did_you_mean(column.name, self.catalog.dimensions)}",
                    "Use a dimension of the catalog.",
                )
        _plain_condition(node)
        return self._stored_values(node)

    def _stored_values(self, node: exp.Expression) -> exp.Expression:
        """Aliases of enumerated values become the values as stored."""
        for literal in [*node.find_all(exp.Literal)]:
            holder = literal.find_ancestor(*_COMPARE, exp.In)
            column = holder.find(exp.Column) if holder else None
            if column is not None and literal.is_string:
                aliases = self.catalog.field_of(self.catalog.dimensions[column.name]).aliases
                if literal.this not in aliases:
                    stored = next((v for v, names in aliases.items() if literal.this.lower() in (n.lower() for n in names)), None)
                    if stored is not None:
                        literal.replace(exp.Literal.string(stored))
        return node

    def _after(self, node: exp.Expression) -> exp.Expression:
        """The condition with measures as columns named by their key; other columns must be grouped dimensions."""
        copy = exp.Paren(this=node.copy())
        calls = [f for f in copy.find_all(exp.Func) if _call(f)[0] in COMPARISONS or _call(f)[0] == "measure"]
        for call in calls:
            if not call.find_ancestor(exp.Func) or call.find_ancestor(exp.Func) not in calls:
                self._replace(call)
        for column in [*copy.find_all(exp.Column)]:
            if column.name in self.catalog.metrics and not column.table:
                self._replace(column)
            elif column.name not in self.measures and column.name not in self.grouped:
                raise NotComputable(
                    f"A condition on {column.name!r} together with a metric needs {column.name!r} in SELECT.", f"Add {column.name!r} to SELECT, or split the condition."
                )
        _plain_condition(copy)
        return copy

    def _replace(self, node: exp.Expression) -> None:
        measure = self._measure(node)
        key = measure_key(measure)
        self.measures.setdefault(key, measure)
        node.replace(exp.column(exp.to_identifier(key, quoted=True)))


def _plain_condition(node: exp.Expression) -> None:
    """Refuse functions inside conditions: values are compared as they are stored."""
    for call in node.find_all(exp.Func):
        if not isinstance(call, (exp.And, exp.Or, exp.Like, exp.ILike, exp.Cast)):
            raise NotComputable(f"Conditions cannot use {call.sql('duckdb')!r}.", "Compare a name with a value.")


def _call(node: exp.Expression) -> tuple[str, list[exp.Expression]]:
    """(lower-case name, arguments) of a function call; ("", []) for anything else."""
    if isinstance(node, exp.Anonymous):
        return str(node.this).lower(), list(node.expressions)
    if isinstance(node, exp.Func):
        arguments = [a for a in (node.args.get("this"), *node.args.get("expressions", [])) if isinstance(a, exp.Expression)]
        return node.sql_name().lower(), arguments
    return "", []


def _conjuncts(node: exp.Expression) -> list[exp.Expression]:
    if isinstance(node, exp.Paren):
        return _conjuncts(node.this) if isinstance(node.this, exp.And) else [node]
    if isinstance(node, exp.And):
        return _conjuncts(node.left) + _conjuncts(node.right)
    return [node]


def _day(day: date) -> exp.Expression:
    return exp.cast(exp.Literal.string(day.isoformat()), "DATE")


def _merge(spans: Spans) -> Spans:
    merged: Spans = []
    for first, last in sorted(spans):
        if merged and first.toordinal() <= merged[-1][1].toordinal() + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return merged


def _intersect(left: Spans, right: Spans) -> Spans:
    return [(max(a, c), min(b, d)) for a, b in left for c, d in right if max(a, c) <= min(b, d)]
