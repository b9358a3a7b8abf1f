"""A metric as one formula over dataset fields, for readers who know the core specification and not our extension.

What no formula can say (a balance's date, a rate of exchange, the days of a period) is told in words beside it. The
compiler never reads these formulas.
"""

from __future__ import annotations

from collections.abc import Iterator

import sqlglot
from sqlglot import exp

from t2sql.catalog import Catalog, Metric
from t2sql.errors import ConfigError
from t2sql.metric_names import datasets_of, names_used


def core_formula(metric: Metric, catalog: Catalog) -> str:
    """`metric` over `dataset.field`, as SQL. Raises ConfigError for a metric that stands on itself, or on nothing."""
    return _tree(metric, catalog, (), is_part=False).sql()


def is_as_written(metric: Metric) -> bool:
    """Whether the definition's own expression is its core formula."""
    return metric.type == "simple" and not metric.filter and not metric.versions


def left_out(metric: Metric, catalog: Catalog) -> str:
    """What the core formula leaves out, in words; "" when it is the whole definition."""
    told = list(_left_out(metric, catalog, ()))
    if len(datasets_of(metric, catalog)) > 1:
        told.append("each dataset is aggregated alone before they meet")
    return "; ".join(dict.fromkeys(told))


def same_formula(left: str, right: str) -> bool:
    """Whether two texts are one formula, whatever their spaces, parentheses' layout and case of keywords."""
    try:
        return bool(_parsed(left) == _parsed(right))
    except sqlglot.errors.SqlglotError:
        return left.split() == right.split()


def _tree(metric: Metric, catalog: Catalog, above: tuple[str, ...], *, is_part: bool) -> exp.Expr:
    if metric.name in above:
        raise ConfigError(
            f"{metric.place}: metric {metric.name!r} stands on itself.", "Define one of the metrics without the other."
        )
    above = (*above, metric.name)
    if metric.type == "simple":
        aggregate = _filtered(metric)
        # Inside arithmetic a sum without rows is 0, as the compiler has it.
        is_zero = is_part and isinstance(aggregate, exp.Sum)
        return exp.Coalesce(this=aggregate, expressions=[exp.Literal.number(0)]) if is_zero else aggregate
    if metric.type == "ratio":
        over = [_below(name, metric, catalog, above) for name in (metric.numerator, metric.denominator)]
        return _division(*over)
    holder = exp.Paren(this=_parsed(metric.expression))
    for column in [*holder.find_all(exp.Column)]:
        column.replace(_wrapped(_below(column.name, metric, catalog, above)))
    if metric.type == "derived":
        for division in [*_parsed_divisions(holder)]:
            division.replace(_division(division.this.copy(), division.expression.copy()))
    inner: exp.Expr = holder.this
    return inner.this if isinstance(inner, exp.Paren) and not is_part else inner


def _below(name: str, metric: Metric, catalog: Catalog, above: tuple[str, ...]) -> exp.Expr:
    if name not in catalog.metrics:
        raise ConfigError(
            f"{metric.place}: metric {metric.name!r} stands on unknown metric {name!r}.", "Run `t2sql check`."
        )
    return _tree(catalog.metrics[name], catalog, above, is_part=True)


def _filtered(metric: Metric) -> exp.Expr:
    """SUM(x) under a filter is SUM(CASE WHEN filter THEN x ELSE 0 END)."""
    aggregate = _parsed(metric.expression)
    if not metric.filter or not isinstance(aggregate, exp.AggFunc):
        return aggregate
    inner = aggregate.this
    is_distinct = isinstance(inner, exp.Distinct)
    value = inner.expressions[0] if is_distinct else inner
    value = exp.Literal.number(1) if isinstance(value, exp.Star) else value
    default = exp.Literal.number(0) if isinstance(aggregate, exp.Sum) else None
    chosen = exp.Case(ifs=[exp.If(this=_parsed(metric.filter), true=value.copy())], default=default)
    aggregate.set("this", exp.Distinct(expressions=[chosen]) if is_distinct else chosen)
    return aggregate


def _division(numerator: exp.Expr, denominator: exp.Expr) -> exp.Expr:
    """1.0 * n / NULLIF(d, 0): no engine may cut it to whole numbers."""
    bottom = (
        denominator
        if isinstance(denominator, exp.Nullif)
        else exp.Nullif(this=denominator, expression=exp.Literal.number(0))
    )
    return exp.Div(this=exp.Mul(this=exp.Literal.number("1.0"), expression=_wrapped(numerator)), expression=bottom)


def _parsed_divisions(holder: exp.Expr) -> Iterator[exp.Div]:
    """The divisions that a person wrote, from the innermost out; those of the metrics below are done already."""
    found = [d for d in holder.find_all(exp.Div) if not _is_done(d)]
    yield from reversed(found)


def _is_done(division: exp.Div) -> bool:
    return isinstance(division.expression, exp.Nullif)


def _wrapped(node: exp.Expr) -> exp.Expr:
    return (
        exp.Paren(this=node) if isinstance(node, (exp.Binary, exp.Unary)) and not isinstance(node, exp.Paren) else node
    )


def _left_out(metric: Metric, catalog: Catalog, above: tuple[str, ...]) -> Iterator[str]:
    if metric.name in above:
        return
    if metric.day_count:
        yield f"the numerator is annualised over the days of the period, {metric.day_count}"
    if metric.type == "simple":
        yield from _of_rows(metric, catalog)
    if metric.versions:
        start = metric.versions[-1].effective_from
        yield f"{metric.name} is as version {metric.version} has it, for periods that end on {start} or later"
    if metric.type not in ("simple", "ratio", "derived"):
        yield "it runs over a window of periods"
    below = names_used(metric, catalog.metrics)[0] & set(catalog.metrics) if metric.type != "simple" else ()
    for name in sorted(below):
        yield from _left_out(catalog.metrics[name], catalog, (*above, metric.name))


def _of_rows(metric: Metric, catalog: Catalog) -> Iterator[str]:
    columns = [c for c in _parsed(metric.expression).find_all(exp.Column) if c.table in catalog.datasets]
    for dataset in {c.table: catalog.datasets[c.table] for c in columns}.values():
        if dataset.snapshot_grain and metric.window_choice == "avg":
            yield f"{dataset.name} holds balances: divide by the number of loads in the period"
        elif dataset.snapshot_grain:
            which = "before the period" if metric.window_choice == "opening" else "of the period"
            yield f"{dataset.name} holds balances: read only the last load {which}, never several together"
    rates = catalog.rates
    fields = [catalog.datasets[c.table].fields.get(c.name) for c in columns]
    if rates and any(item and item.currency_field for item in fields):
        yield f"amounts are converted to {rates.reporting_currency} first"


def _parsed(text: str) -> exp.Expr:
    return sqlglot.parse_one(text, read="duckdb")
