"""Which figures may be put together to a whole: sums and counts of things that no two groups share.

It says no to whatever it does not know: ratios, averages, distinct counts, calculations, rows cut or chosen by their
figure, and members that overlap.
"""

from __future__ import annotations

from t2sql.catalog import Catalog, Metric
from t2sql.flow import Plan, Result
from t2sql.metric_names import columns_in
from t2sql.outline import is_composed, outline
from t2sql.policy import Narrowed

_OVERLAPPING = {"bridge_overlap", "bridge_any", "versions_met"}
"""Notes on figures whose parts do not make the whole."""


def addable(plan: Plan, result: Result, narrowed: Narrowed) -> frozenset[str]:
    """Metrics among the columns whose parts, as shown, may be stacked and told as shares of what is shown.

    None where rows are missing: cut, limited, or chosen by a figure. A balance adds up over groups and never over time:
    `chart_forms` puts nothing together over periods.
    """
    if result.truncated or plan.understood.limit is not None or {n.code for n in plan.notes} & _OVERLAPPING:
        return frozenset()
    if _chooses_by_figure(plan, narrowed.catalog):
        return frozenset()
    metrics = narrowed.catalog.metrics
    shown = {column.metric for column in result.columns if column.kind == "metric"} & set(metrics)
    return frozenset(name for name in shown if adds_up(metrics[name], narrowed.catalog))


def adds_up(metric: Metric, catalog: Catalog) -> bool:
    """Whether a metric's figures for the members of a dimension make the figure for them all."""
    from sqlglot import exp, parse_one

    if metric.type == "ratio":
        return False
    if metric.type == "cumulative":
        below = catalog.metrics.get(metric.expression)
        return below is not None and adds_up(below, catalog)
    tree = parse_one(metric.expression, read="duckdb")
    if metric.type == "derived":
        is_sum = all(isinstance(n, (exp.Add, exp.Sub, exp.Paren, exp.Column, exp.Identifier)) for n in tree.walk())
        parts = [catalog.metrics.get(name) for _table, name in columns_in(metric.expression)]
        return is_sum and all(part is not None and adds_up(part, catalog) for part in parts)
    is_distinct = isinstance(tree, exp.Count) and isinstance(tree.this, exp.Distinct)
    return isinstance(tree, (exp.Sum, exp.Count)) and not is_distinct


def _chooses_by_figure(plan: Plan, catalog: Catalog) -> bool:
    """Whether the rows shown are not all: a condition on a figure, a rank, or several SELECTs."""
    from sqlglot import exp

    tree = outline(plan.semantic_sql)
    if tree is None or is_composed(tree) or not isinstance(tree, exp.Select):
        return True
    if any(tree.args.get(part) for part in ("having", "qualify", "limit", "offset")):
        return True
    where = tree.args.get("where")
    return where is not None and any(c.name.lower() in catalog.metrics for c in where.find_all(exp.Column))
