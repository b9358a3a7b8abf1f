"""The refusal of a condition on a metric where there is one row only, with the form that works."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sqlglot import exp

from t2sql.catalog import Catalog, Dimension, Metric
from t2sql.compiler.definitions import parsed
from t2sql.compiler.request import Measure, metric_of
from t2sql.compiler.words.spelling import as_written
from t2sql.errors import NotComputable
from t2sql.paths import joins_to


def needs_groups(conditions: Sequence[exp.Expr], measures: Iterable[Measure], catalog: Catalog) -> NotComputable:
    """The refusal of `conditions` on a metric where there is one row only, with the form that works."""
    column = next(iter(_shared_dimension(measures, catalog)), "")
    hint = "Add a dimension or a grain to SELECT."
    if column:
        hint = (
            f"Add {column} to SELECT, or choose first: WHERE {column} IN (SELECT {column} FROM {catalog.name} WHERE …)."
        )
        if conditions and not any(c.find(exp.Subquery) for c in conditions):
            told = " AND ".join(as_written(c) for c in conditions)
            hint = (
                f"Add {column} to SELECT, or choose first: "
                f"WHERE {column} IN (SELECT {column} FROM {catalog.name} WHERE {told})."
            )
    return NotComputable(
        "A condition on a metric needs groups to choose among.",
        hint,
        zh=("对指标的条件需要先有分组可选。", f"请按维度分组，或写成：{hint.partition('first: ')[2] or hint}"),
    )


def _shared_dimension(measures: Iterable[Measure], catalog: Catalog) -> Iterator[str]:
    """Dimensions that every fact under `measures` has, levels of a hierarchy from the second on first."""
    owners = {d for m in measures for d in _datasets(metric_of(m), catalog)}
    levels = [name for h in catalog.hierarchies for name in (*h.levels[1:], *h.levels[:1])]
    for name in dict.fromkeys((*levels, *catalog.dimensions)):
        dimension = catalog.dimensions.get(name)
        if dimension and all(_has(catalog, owner, dimension) for owner in owners):
            yield name


def _has(catalog: Catalog, dataset: str, dimension: Dimension) -> bool:
    try:
        return joins_to(catalog, dataset, dimension) is not None
    except NotComputable:
        return False


def _datasets(metric: Metric, catalog: Catalog) -> set[str]:
    if metric.dataset:
        return {metric.dataset}
    if metric.type == "ratio":
        names = [metric.numerator, metric.denominator]
    else:
        columns = [*parsed(metric.expression).find_all(exp.Column)]
        owners = {c.table for c in columns if c.table}
        if owners:
            return owners
        names = [c.name for c in columns]
    return {d for name in names if name in catalog.metrics for d in _datasets(catalog.metrics[name], catalog)}
