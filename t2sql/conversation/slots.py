"""Semantic SQL in the parts that a follow-up can change, and back to text. Nouns only, and one way to write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import sqlglot
from sqlglot import exp

from t2sql.catalog import Catalog, Grain
from t2sql.flow import Period, Span
from t2sql.reading.time_conditions import time_condition

NOWHERE = Span(0, 0)
"""Span of a period that stands in no question."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A metric, or comparisons of it: rank(yoy(x)) is functions ("rank", "yoy") of x."""

    metric: str
    functions: tuple[str, ...] = ()
    """Outermost first."""
    over: tuple[str, ...] = ()
    """Further arguments of the innermost function: the dimensions of a share."""

    def sql(self) -> str:
        """As semantic SQL writes it."""
        node: exp.Expr = exp.column(self.metric)
        for place, function in enumerate(reversed(self.functions)):
            others = [exp.column(name) for name in self.over] if place == 0 else []
            node = exp.Anonymous(this=function, expressions=[node, *others])
        return node.sql("duckdb", normalize_functions="lower")


@dataclass(frozen=True, slots=True)
class Chosen:
    """Values that a dimension must have, or must not."""

    dimension: str
    values: tuple[str, ...]
    is_negated: bool = False


@dataclass(frozen=True, slots=True)
class Threshold:
    """A condition on one measure."""

    measure: Measure
    sql: str
    """The whole condition."""

    def of(self, measure: Measure) -> Threshold:
        """The same bounds for another measure."""
        node = sqlglot.parse_one(self.sql, read="duckdb")
        for inner in list(node.find_all(exp.Func, exp.Column)):
            if _measure_text(inner) == self.measure.sql():
                inner.replace(sqlglot.parse_one(measure.sql(), read="duckdb"))
                break
        return Threshold(measure, node.sql("duckdb", normalize_functions="lower"))


@dataclass(frozen=True, slots=True)
class Order:
    """What rows are sorted by."""

    sql: str
    """A measure, a dimension or a grain."""
    descending: bool


@dataclass(frozen=True, slots=True)
class Slots:
    """One semantic SQL in its parts."""

    measures: tuple[Measure, ...]
    groups: tuple[str, ...] = ()
    grain: Grain | None = None
    periods: tuple[Period, ...] = ()
    """() where the SQL names no period."""
    times: tuple[str, ...] = ()
    """Time conditions that are no plain periods, as they are written."""
    chosen: tuple[Chosen, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    others: tuple[str, ...] = ()
    """Conditions of any other kind, as they are written."""
    order: Order | None = None
    limit: int | None = None

    @property
    def is_dated(self) -> bool:
        """Whether it names a period."""
        return bool(self.periods or self.times)

    @property
    def metrics(self) -> tuple[str, ...]:
        """Names of the metrics shown, each once."""
        return tuple(dict.fromkeys(m.metric for m in self.measures))

    def names(self) -> Iterator[str]:
        """Every metric and dimension that it needs."""
        for measure in (*self.measures, *(t.measure for t in self.thresholds)):
            yield measure.metric
            yield from measure.over
        yield from self.groups
        yield from (c.dimension for c in self.chosen)


def write(slots: Slots, catalog: Catalog) -> str:
    """Slots as semantic SQL: what is shown, conditions on time, values, measures, order, limit."""
    time = time_condition(slots.periods, slots.grain)
    grain = slots.grain or time.grain
    where = [time.sql] * bool(time.sql) + list(slots.times)
    where += [condition(one) for one in slots.chosen]
    where += [*slots.others, *(t.sql for t in slots.thresholds)]
    columns = [*([grain] if grain else []), *slots.groups, *(m.sql() for m in slots.measures)]
    select = sqlglot.select(*columns, dialect="duckdb").from_(catalog.name)
    if where:
        select = select.where(*where, dialect="duckdb")
    if slots.order:
        key = sqlglot.parse_one(slots.order.sql, read="duckdb")
        select = select.order_by(exp.Ordered(this=key, desc=slots.order.descending or None, nulls_first=False))
    if slots.limit is not None:
        select = select.limit(slots.limit)
    return _plain_order(select.sql("duckdb", normalize_functions="lower"))


def condition(chosen: Chosen) -> str:
    """Values of a dimension as a condition of semantic SQL."""
    column = exp.column(chosen.dimension)
    if len(chosen.values) == 1:
        value = exp.Literal.string(chosen.values[0])
        node: exp.Expr = (
            exp.NEQ(this=column, expression=value) if chosen.is_negated else exp.EQ(this=column, expression=value)
        )
    else:
        node = exp.In(this=column, expressions=[exp.Literal.string(v) for v in chosen.values])
        if chosen.is_negated:
            node = exp.Not(this=node)
    return node.sql("duckdb", normalize_functions="lower")


def _measure_text(node: exp.Expr) -> str:
    return re.sub(r"\s+", " ", node.sql("duckdb", normalize_functions="lower")).lower()


def _plain_order(sql: str) -> str:
    """NULLS LAST is the order of semantic SQL anyway."""
    return re.sub(r" NULLS (?:FIRST|LAST)", "", sql)
