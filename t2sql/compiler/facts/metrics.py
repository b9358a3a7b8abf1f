"""Expands metrics into atoms (one aggregate over one fact, in one reading) and the arithmetic over them.

The arithmetic runs after grouping, over columns named by atom; nothing here knows tables, joins or dates.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlglot import exp

from t2sql.catalog import Catalog, Dataset, DayCount, Metric
from t2sql.compiler.calendar.readings import ALL, SHIFT_OF, Reading
from t2sql.compiler.calendar.versions import within
from t2sql.compiler.definitions import columns_named, parsed
from t2sql.compiler.facts.atoms import AGGREGATES, Atom
from t2sql.compiler.request import DIFFERENCES, EARLIER, RATES, Compared, Measure, MetricRef, measure_key
from t2sql.compiler.trees import double
from t2sql.compiler.words.nesting import Parts, check_comparison, check_share
from t2sql.errors import ConfigError

__all__ = ["Arithmetic", "Atom", "Reading", "Surroundings", "divide", "wrap"]


class Arithmetic:
    """Turns measures into SQL over atom columns, and remembers the atoms that they need."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.atoms: dict[str, Atom] = {}
        self._made: dict[tuple[str, Reading], Atom] = {}
        self.lifted: dict[str, exp.Expr] = {}
        """What is ranked and holds a window itself, by column name: no engine nests windows."""
        self.versioned: dict[str, Metric] = {}
        """The metrics passed on the way whose definition has versions."""

    def of(self, measure: Measure, surroundings: Surroundings) -> exp.Expr:
        """`measure` as SQL over atom columns. Raises NotComputable where the number would mean nothing."""
        return self._measure(measure, Reading(), surroundings, False)

    def _measure(self, measure: Measure, reading: Reading, around: Surroundings, zero: bool) -> exp.Expr:
        if isinstance(measure, MetricRef):
            return self._metric(measure.metric, reading, around, zero or measure.is_part)
        function, of = measure.function, measure.of
        check_comparison(function, of, self.parts(self._under(of)))
        if function == "ytd":
            return self._measure(of, replace(reading, since="year"), around, zero)
        if function == "rank":
            ranked = self._measure(of, reading, around, zero)
            if ranked.find(exp.Window):
                key = f"ranked_{measure_key(of)}"
                self.lifted[key] = ranked
                ranked = exp.column(exp.to_identifier(key))
            order = exp.Ordered(this=ranked, desc=True, nulls_first=False)
            return exp.Window(
                this=exp.Rank(), partition_by=around.period_columns(), order=exp.Order(expressions=[order])
            )
        if function == "share":
            return self._share(measure, reading, around)
        earlier = replace(reading, shift=SHIFT_OF[function])
        base = self._measure(of, earlier, around, zero=function not in EARLIER)
        if function in EARLIER:
            if around.is_grouped:
                # Rows are those of the shown period too: a group that is new has no base, and says so.
                self._measure(of, reading, around, zero)
            return base
        now = self._measure(of, reading, around, True)
        if function in DIFFERENCES:
            return exp.Sub(this=wrap(now), expression=wrap(base))
        assert function in RATES
        growth = divide(exp.Sub(this=wrap(now), expression=wrap(base)), base.copy())
        return exp.Case(
            ifs=[exp.If(this=exp.GT(this=wrap(base.copy()), expression=exp.Literal.number(0)), true=growth)]
        )

    def _metric(self, metric: Metric, reading: Reading, around: Surroundings, zero: bool) -> exp.Expr:
        if metric.versions:
            return self._in_force(metric, reading, around, zero)
        if metric.type == "simple":
            atom = self._atom(metric, reading)
            column = exp.column(exp.to_identifier(atom.key))
            return (
                around.zero_if_loaded(atom, column)
                if zero and isinstance(atom.aggregate, (exp.Sum, exp.Count))
                else column
            )
        if metric.type == "cumulative":
            return self._cumulative(metric, reading, around, zero)
        if metric.type == "ratio":
            numerator = self._metric(self._named(metric, metric.numerator), reading, around, True)
            denominator = self._metric(self._named(metric, metric.denominator), reading, around, True)
            if metric.day_count:
                numerator = around.annualised(numerator, self._dated_by(metric, numerator), metric.day_count)
            return divide(numerator, denominator)
        tree = parsed(metric.expression)
        holder = exp.Paren(this=tree)
        for column in [*holder.find_all(exp.Column)]:
            column.replace(wrap(self._metric(self._named(metric, column.name), reading, around, True)))
        for division in [*holder.find_all(exp.Div)]:
            division.replace(divide(division.this.copy(), division.expression.copy()))
        return holder

    def _in_force(self, metric: Metric, reading: Reading, around: Surroundings, zero: bool) -> exp.Expr:
        """Every version, each NULL but for the periods it is in force for; of those, one a period."""
        self.versioned[metric.name] = metric
        parts = [
            self._metric(metric.at(version), limited, around, zero)
            for version in metric.versions
            if (limited := within(metric, version, reading))
        ]
        if not parts:
            return double(exp.Null())
        return exp.Coalesce(this=parts[0], expressions=parts[1:]) if len(parts) > 1 else parts[0]

    def _cumulative(self, metric: Metric, reading: Reading, around: Surroundings, zero: bool) -> exp.Expr:
        """Another metric over a longer window: every part of it is read, averaged and recounted over that window."""
        of = self._named(metric, metric.expression)
        parts = self.parts(of)
        if parts.cumulative or parts.points or (metric.window and metric.grain_to_date):
            raise ConfigError(
                f"{metric.place}: {metric.name!r} cannot sum up {of.name!r}."
                if not (metric.window and metric.grain_to_date)
                else f"{metric.place}: {metric.name!r} has a window and a grain to date.",
                "Name a flow, an average, or a ratio of them; a balance at period end does not add up over time.",
            )
        since = metric.window or metric.grain_to_date or ALL
        return self._metric(of, replace(reading, since=since), around, zero)

    def _dated_by(self, ratio: Metric, numerator: exp.Expr) -> Atom:
        """The atom whose days annualise a ratio: what its numerator adds up."""
        columns = [c.name for c in numerator.find_all(exp.Column)]
        found = next((self.atoms[n] for n in columns if n in self.atoms and not self.atoms[n].is_point), None)
        if found is None:
            raise ConfigError(
                f"{ratio.place}: {ratio.name!r} has a day_count, and its numerator adds up over no days.",
                "Name a flow as its numerator, or remove day_count.",
            )
        return found

    def simple_metrics(self, metric: Metric) -> list[Metric]:
        """The simple metrics that `metric` finally stands on."""
        return list(self.parts(metric).simple)

    def parts(self, metric: Metric) -> Parts:
        """What `metric` is finally made of."""
        simple, cumulative = self._walk(metric)
        points = [m for m in simple.values() if self._is_point(m)]
        return Parts(tuple(simple.values()), tuple(cumulative.values()), tuple(points))

    def _walk(self, metric: Metric) -> tuple[dict[str, Metric], dict[str, Metric]]:
        if metric.type == "simple":
            return {metric.name: metric}, {}
        simple: dict[str, Metric] = {}
        cumulative = {metric.name: metric} if metric.type == "cumulative" else {}
        names = [
            name
            for one in metric.definitions
            for name in (
                [one.numerator, one.denominator]
                if one.type == "ratio"
                else [name for _table, name in columns_named(one.expression)]
            )
        ]
        for name in dict.fromkeys(names):
            below = self._walk(self._named(metric, name))
            simple.update(below[0])
            cumulative.update(below[1])
        return simple, cumulative

    def _named(self, metric: Metric, name: str) -> Metric:
        if name not in self.catalog.metrics:
            raise ConfigError(
                f"{metric.place}: metric {metric.name!r} stands on unknown metric {name!r}.",
                "Correct model.yml and run `t2sql check`.",
            )
        return self.catalog.metrics[name]

    def _atom(self, metric: Metric, reading: Reading) -> Atom:
        if (metric.name, reading) not in self._made:
            self._made[metric.name, reading] = self._new_atom(metric, reading)
        return self._made[metric.name, reading]

    def _new_atom(self, metric: Metric, reading: Reading) -> Atom:
        aggregate = parsed(metric.expression)
        if not isinstance(aggregate, AGGREGATES):
            raise ConfigError(
                f"{metric.place}: {metric.name!r} must be one SUM, COUNT, AVG, MIN or MAX.",
                "Split it into metrics and a ratio or derived one.",
            )
        condition = parsed(metric.filter) if metric.filter else None
        owners = {metric.dataset} if metric.dataset else {table for table, _name in columns_named(metric.expression)}
        if len(owners) != 1 or not owners <= set(self.catalog.datasets):
            raise ConfigError(
                f"{metric.place}: {metric.name!r} must aggregate fields of one dataset.",
                "Write fields as dataset.field.",
            )
        dataset = self.catalog.datasets[owners.pop()]
        if metric.window_choice == "opening":
            reading = replace(reading, stand="opening")
        elif metric.window_choice == "avg" and metric.average_over == "month_ends":
            reading = replace(reading, stand="month_ends")
        atom = Atom(metric, dataset, reading, aggregate, condition)
        if metric.window_choice == "avg" and not atom.is_additive:
            raise ConfigError(
                f"{metric.place}: only a SUM or COUNT can be averaged over loads.", "Use window_choice: max."
            )
        if metric.window_choice != "max" and not dataset.snapshot_grain:
            raise ConfigError(
                f"{metric.place}: {metric.name!r} reads {dataset.name!r}, which holds no balances.",
                "Leave window_choice out, or give the dataset its snapshot_grain.",
            )
        return self.atoms.setdefault(atom.key, atom)

    # -- what a comparison may stand on -----------------------------------------------------------------------
    def _under(self, of: Measure) -> Metric:
        return of.metric if isinstance(of, MetricRef) else self._under(of.of)

    def _is_point(self, metric: Metric) -> bool:
        return Atom(metric, self._atom_dataset(metric), Reading(), exp.Sum(), None).is_point

    def _atom_dataset(self, metric: Metric) -> Dataset:
        owner = next((table for table, _name in columns_named(metric.expression)), "")
        return self.catalog.datasets[metric.dataset or owner]

    def _share(self, measure: Compared, reading: Reading, around: Surroundings) -> exp.Expr:
        simple = self.simple_metrics(self._under(measure.of))
        atoms = [Atom(m, self._atom_dataset(m), reading, _aggregate(m), None) for m in simple]
        check_share(measure.of, [(a.metric, a.is_additive) for a in atoms], self.catalog)
        inner = self._measure(measure.of, reading, around, True)
        total = exp.Window(this=exp.Sum(this=inner.copy()), partition_by=around.partition_without(measure.dimensions))
        return divide(inner, total)


@dataclass(frozen=True)
class Surroundings:
    """What arithmetic must know of the request: its grouping columns, and which atoms are loaded for which period."""

    period_columns: Callable[[], list[exp.Expr]]
    partition_without: Callable[[tuple[str, ...]], list[exp.Expr]]
    zero_if_loaded: Callable[[Atom, exp.Expr], exp.Expr]
    annualised: Callable[[exp.Expr, Atom, DayCount], exp.Expr]
    is_grouped: bool
    """Whether there are rows to choose, by group or period; a total alone is one row."""


def wrap(node: exp.Expr) -> exp.Expr:
    """`node` in parentheses, unless it binds tighter than any operator already."""
    return (
        node
        if isinstance(node, (exp.Column, exp.Func, exp.Literal, exp.Paren, exp.Null))
        and not isinstance(node, exp.Connector)
        else exp.Paren(this=node)
    )


def divide(numerator: exp.Expr, denominator: exp.Expr) -> exp.Expr:
    """numerator / denominator as DOUBLE, NULL where the denominator is 0."""
    return exp.Div(
        this=double(wrap(numerator)),
        expression=exp.Nullif(this=wrap(denominator), expression=exp.Literal.number(0)),
        typed=True,
    )


def _aggregate(metric: Metric) -> exp.AggFunc:
    tree = parsed(metric.expression)
    assert isinstance(tree, AGGREGATES)
    return tree
