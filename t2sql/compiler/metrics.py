"""Expands metrics into atoms (one aggregate over one fact, in one reading) and the arithmetic over them.

The arithmetic runs after grouping, over columns named by atom; nothing here knows tables, joins or dates.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from sqlglot import exp

from t2sql.catalog import Catalog, Dataset, Metric
from t2sql.compiler.definitions import parsed
from t2sql.compiler.request import DIFFERENCES, EARLIER, RATES, Compared, Measure, MetricRef
from t2sql.errors import ConfigError, NotComputable

Shift = Literal["year", "quarter", "month", "prev", "year_start"]
SHIFT_OF: Mapping[str, Shift] = {
    "yoy": "year",
    "yoy_diff": "year",
    "prior_year": "year",
    "qoq": "quarter",
    "qoq_diff": "quarter",
    "mom": "month",
    "mom_diff": "month",
    "prev": "prev",
    "prev_diff": "prev",
    "vs_year_start": "year_start",
    "vs_year_start_diff": "year_start",
}
AGGREGATES = (exp.Sum, exp.Count, exp.Avg, exp.Min, exp.Max)


@dataclass(frozen=True, slots=True)
class Reading:
    """Which days an atom reads, relative to the period shown."""

    shift: Shift | None = None
    is_ytd: bool = False

    @property
    def name(self) -> str:
        """A word for CTE names: "now", "year_before", "ytd" …"""
        words = [
            {
                "year": "year_before",
                "quarter": "quarter_before",
                "month": "month_before",
                "prev": "period_before",
                "year_start": "year_start",
                None: "" if self.is_ytd else "now",
            }[self.shift]
        ]
        return "_".join(w for w in ("ytd" if self.is_ytd else "", *words) if w)


@dataclass(frozen=True)
class Atom:
    """One aggregate of one fact dataset, in one reading."""

    metric: Metric
    dataset: Dataset
    reading: Reading
    aggregate: exp.AggFunc = field(compare=False)
    """Over columns `dataset.field`."""
    condition: exp.Expr | None = field(compare=False)

    def __hash__(self) -> int:
        return hash((self.metric.name, self.reading))

    @property
    def key(self) -> str:
        """Its column: "loan_balance" now, "loan_balance__year_before" in another reading."""
        return self.metric.name if self.reading == Reading() else f"{self.metric.name}__{self.reading.name}"

    @property
    def is_distinct(self) -> bool:
        """A count of distinct things, which never adds up."""
        return isinstance(self.aggregate, exp.Count) and isinstance(self.aggregate.this, exp.Distinct)

    @property
    def is_additive(self) -> bool:
        """Whether parts sum to the whole over dimensions."""
        return isinstance(self.aggregate, (exp.Sum, exp.Count)) and not self.is_distinct


class Arithmetic:
    """Turns measures into SQL over atom columns, and remembers the atoms that they need."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.atoms: dict[str, Atom] = {}

    def of(self, measure: Measure, surroundings: Surroundings) -> exp.Expr:
        """`measure` as SQL over atom columns. Raises NotComputable where the number would mean nothing."""
        return self._measure(measure, Reading(), surroundings, False)

    def _measure(self, measure: Measure, reading: Reading, around: Surroundings, zero: bool) -> exp.Expr:
        if isinstance(measure, MetricRef):
            return self._metric(measure.metric, reading, around, zero)
        function, of = measure.function, measure.of
        if function == "ytd":
            self._check_ytd(of)
            return self._measure(of, replace(reading, is_ytd=True), around, zero)
        if function == "rank":
            order = exp.Ordered(this=self._measure(of, reading, around, zero), desc=True, nulls_first=False)
            return exp.Window(
                this=exp.Rank(), partition_by=around.period_columns(), order=exp.Order(expressions=[order])
            )
        if function == "share":
            return self._share(measure, reading, around)
        if function in ("vs_year_start", "vs_year_start_diff"):
            self._check_stock(of, function)
        earlier = replace(reading, shift=SHIFT_OF[function])
        base = self._measure(of, earlier, around, zero=function not in EARLIER)
        if function in EARLIER:
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
        if metric.type == "simple":
            atom = self._atom(metric, reading)
            column = exp.column(exp.to_identifier(atom.key))
            return (
                around.zero_if_loaded(atom, column)
                if zero and isinstance(atom.aggregate, (exp.Sum, exp.Count))
                else column
            )
        if metric.type == "ratio":
            numerator = self._metric(self._named(metric, metric.numerator), reading, around, True)
            denominator = self._metric(self._named(metric, metric.denominator), reading, around, True)
            if metric.day_count:
                around_atom = next(
                    a for a in self.atoms.values() if a.reading == reading and a.metric in self.simple_metrics(metric)
                )
                numerator = around.annualised(numerator, around_atom, metric.day_count)
            return divide(numerator, denominator)
        tree = parsed(metric.expression)
        holder = exp.Paren(this=tree)
        for column in [*holder.find_all(exp.Column)]:
            column.replace(wrap(self._metric(self._named(metric, column.name), reading, around, True)))
        for division in [*holder.find_all(exp.Div)]:
            division.replace(divide(division.this.copy(), division.expression.copy()))
        return holder

    def simple_metrics(self, metric: Metric) -> list[Metric]:
        """The simple metrics that `metric` finally stands on."""
        if metric.type == "simple":
            return [metric]
        names = (
            [metric.numerator, metric.denominator]
            if metric.type == "ratio"
            else [c.name for c in parsed(metric.expression).find_all(exp.Column)]
        )
        return [s for name in names for s in self.simple_metrics(self._named(metric, name))]

    def _named(self, metric: Metric, name: str) -> Metric:
        if name not in self.catalog.metrics:
            raise ConfigError(
                f"{metric.place}: metric {metric.name!r} stands on unknown metric {name!r}.",
                "Correct model.yml and run `t2sql check`.",
            )
        return self.catalog.metrics[name]

    def _atom(self, metric: Metric, reading: Reading) -> Atom:
        aggregate = parsed(metric.expression)
        if not isinstance(aggregate, AGGREGATES):
            raise ConfigError(
                f"{metric.place}: {metric.name!r} must be one SUM, COUNT, AVG, MIN or MAX.",
                "Split it into metrics and a ratio or derived one.",
            )
        condition = parsed(metric.filter) if metric.filter else None
        owners = {c.table for c in aggregate.find_all(exp.Column)}
        if len(owners) != 1 or not owners <= set(self.catalog.datasets):
            raise ConfigError(
                f"{metric.place}: {metric.name!r} must aggregate fields of one dataset.",
                "Write fields as dataset.field.",
            )
        dataset = self.catalog.datasets[owners.pop()]
        if not dataset.time_dimension:
            raise ConfigError(
                f"{metric.place}: dataset {dataset.name!r} has no time_dimension.",
                "Give it one; metrics are always dated.",
            )
        atom = Atom(metric, dataset, reading, aggregate, condition)
        if metric.window_choice == "avg" and not atom.is_additive:
            raise ConfigError(
                f"{metric.place}: only a SUM or COUNT can be averaged over loads.", "Use window_choice: max."
            )
        return self.atoms.setdefault(atom.key, atom)

    # -- what a comparison may stand on -----------------------------------------------------------------------
    def _check_ytd(self, of: Measure) -> None:
        for metric in self._under(of):
            if self._is_period_end(metric):
                raise NotComputable(
                    f"{metric.name!r} is a balance at period end; it does not add up over a year.",
                    "Ask for it at one date, or for its average.",
                    zh=(f"{metric.display.zh}是时点余额，不能按年累计。", "请问某一时点的余额，或问平均余额。"),
                )

    def _check_stock(self, of: Measure, function: str) -> None:
        for metric in self._under(of):
            if not self._is_period_end(metric):
                raise NotComputable(
                    f"{function} compares period-end balances with the last year-end; {metric.name!r} is not one.",
                    "Use yoy, or ytd for a running total.",
                    zh=(f"“较年初”比较的是时点余额，{metric.display.zh}不是时点余额。", "请问同比，或问年初至今累计。"),
                )

    def _under(self, of: Measure) -> list[Metric]:
        return self.simple_metrics(of.metric) if isinstance(of, MetricRef) else self._under(of.of)

    def _is_period_end(self, metric: Metric) -> bool:
        atom = Atom(metric, self._atom_dataset(metric), Reading(), exp.Sum(), None)
        return bool(atom.dataset.snapshot_grain) and metric.window_choice == "max"

    def _atom_dataset(self, metric: Metric) -> Dataset:
        column = parsed(metric.expression).find(exp.Column)
        return self.catalog.datasets[column.table if column else ""]

    def _share(self, measure: Compared, reading: Reading, around: Surroundings) -> exp.Expr:
        for metric in self._under(measure.of):
            if not Atom(metric, self._atom_dataset(metric), reading, _aggregate(metric), None).is_additive:
                raise NotComputable(
                    f"{metric.name!r} does not add up to a whole, so it has no share.",
                    "Ask for the share of an amount or a count.",
                    zh=(f"{metric.display.zh}不能相加，没有占比。", "请问金额或笔数的占比。"),
                )
        top = measure.of.metric if isinstance(measure.of, MetricRef) else None
        if top is None or not _is_sum(top, self.catalog):
            raise NotComputable(
                "A ratio has no share.",
                "Ask for the share of an amount or a count.",
                zh=("比率没有占比。", "请问金额或笔数的占比。"),
            )
        inner = self._measure(measure.of, reading, around, True)
        total = exp.Window(this=exp.Sum(this=inner.copy()), partition_by=around.partition_without(measure.dimensions))
        return divide(inner, total)


@dataclass(frozen=True)
class Surroundings:
    """What arithmetic must know of the request: its grouping columns, and which atoms are loaded for which period."""

    period_columns: Callable[[], list[exp.Expr]]
    partition_without: Callable[[tuple[str, ...]], list[exp.Expr]]
    zero_if_loaded: Callable[[Atom, exp.Expr], exp.Expr]
    annualised: Callable[[exp.Expr, Atom, int], exp.Expr]


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
        this=exp.cast(wrap(numerator), "DOUBLE"),
        expression=exp.Nullif(this=wrap(denominator), expression=exp.Literal.number(0)),
        typed=True,
    )


def _aggregate(metric: Metric) -> exp.AggFunc:
    tree = parsed(metric.expression)
    assert isinstance(tree, AGGREGATES)
    return tree


def _is_sum(metric: Metric, catalog: Catalog) -> bool:
    """Whether a metric is a sum of sums: simple, or derived with + and - alone."""
    if metric.type == "simple":
        return True
    if metric.type == "ratio":
        return False
    tree = parsed(metric.expression)
    return all(isinstance(n, (exp.Add, exp.Sub, exp.Paren, exp.Column, exp.Identifier)) for n in tree.walk()) and all(
        _is_sum(catalog.metrics[c.name], catalog) for c in tree.find_all(exp.Column)
    )
