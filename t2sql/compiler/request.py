"""The two states of semantic SQL: what was asked by name (Request) and what its parts are. Nouns only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from sqlglot import exp

from t2sql.catalog import Dimension, Grain, Metric

RATES = ("yoy", "mom", "qoq", "vs_year_start")
DIFFERENCES = ("yoy_diff", "mom_diff", "qoq_diff", "prev_diff", "vs_year_start_diff")
EARLIER = ("prev", "prior_year")
COMPARISONS = (*RATES, *DIFFERENCES, *EARLIER, "ytd", "share", "rank")


@dataclass(frozen=True, slots=True)
class MetricRef:
    """A metric by name."""

    metric: Metric
    is_part: bool = False
    """Part of a calculation with other metrics: no rows for a group count as 0, as inside a derived metric."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison function over a metric."""

    function: str
    of: Measure
    dimensions: tuple[str, ...] = ()
    """The second and later arguments of share."""


Measure: TypeAlias = MetricRef | Compared


@dataclass(frozen=True, slots=True)
class Computed:
    """A group made of dimensions (CASE, UPPER …): taken inside every fact, before anything is aggregated."""

    name: str
    expression: exp.Expr
    """Over flat dimension names, values as stored."""
    type: Literal["text", "integer", "number"] = "text"
    grain: None = None


Group: TypeAlias = Dimension | Computed


def metric_of(measure: Measure) -> Metric:
    """The metric under any functions."""
    return measure.metric if isinstance(measure, MetricRef) else metric_of(measure.of)


def functions_of(measure: Measure) -> tuple[str, ...]:
    """Functions from the outside in."""
    return () if isinstance(measure, MetricRef) else (measure.function, *functions_of(measure.of))


@dataclass(frozen=True, slots=True)
class Output:
    """One column of the SELECT list, in order."""

    kind: Literal["dimension", "period", "metric"]
    name: str
    """Column name in the result."""
    dimension: Group | None = None
    grain: Grain | None = None
    measure: Measure | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """One ORDER BY item, by output or by a measure that is not shown."""

    output: Output
    descending: bool


@dataclass(frozen=True, slots=True)
class Request:
    """Semantic SQL with every name resolved."""

    outputs: tuple[Output, ...]
    dimensions: tuple[Group, ...]
    """Grouping dimensions, in order."""
    grain: Grain | None
    """Grouping grain."""
    spans: tuple[tuple[date, date], ...] | None
    """Asked days as disjoint ascending spans; None when no period was asked."""
    literal_grain: Grain | None
    """Finest grain among the asked literals."""
    conditions: tuple[exp.Expr, ...]
    """On dimensions, before aggregation. Columns are named by flat dimension names."""
    after: tuple[exp.Expr, ...]
    """On measures (and grouped dimensions), after facts meet. Measures stand as columns named `measure_key`."""
    measures: tuple[tuple[str, Measure], ...]
    """Measures by key: those shown, ordered by, or conditioned on."""
    order: tuple[Order, ...]
    limit: int | None


def measure_key(measure: Measure) -> str:
    """A column name for a measure: `npl_ratio`, `yoy_diff_npl_ratio`, `share_branch_loan_balance`."""
    if isinstance(measure, MetricRef):
        return measure.metric.name + ("_or_zero" if measure.is_part else "")
    return "_".join([measure.function, *measure.dimensions, measure_key(measure.of)])
