"""What a definition's SQL text mentions: metric names, dataset fields, physical columns.

Parses with sqlglot and nothing else; never expands or rewrites (that is the compiler's).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import sqlglot
from sqlglot import exp

from t2sql.catalog import Catalog, Metric, Version

MetricFields = tuple[frozenset[str], frozenset[tuple[str, str]]]


def names_used(metric: Metric, metrics: Mapping[str, Metric]) -> MetricFields:
    """(metric names, (dataset, field) pairs) that `metric` is written with, its own text only, in all its versions."""
    texts: tuple[Metric | Version, ...] = (metric, *metric.versions)
    names = {name for one in texts for name in (one.numerator, one.denominator) if name}
    fields: set[tuple[str, str]] = set()
    for text in {text for one in texts for text in (one.expression, one.filter) if text}:
        for dataset, name in columns_in(text):
            (fields.add((dataset, name)) if dataset else names.add(name))
    if metric.time_dimension:
        other, _, day = metric.time_dimension.rpartition(".")
        owners = [other] if other else {dataset for dataset, _name in columns_in(metric.expression) if dataset}
        fields.update((owner, day) for owner in owners)
    return frozenset(names), frozenset(fields)


def made_of(name: str, metrics: Mapping[str, Metric]) -> frozenset[str]:
    """Metrics that a metric is computed from, at any depth; none for an unknown name."""
    found: set[str] = set()
    frontier = {name} & set(metrics)
    while frontier:
        below = {lower for upper in frontier for lower in names_used(metrics[upper], metrics)[0] if lower in metrics}
        frontier = below - found
        found |= below
    return frozenset(found)


def datasets_of(metric: Metric, catalog: Catalog) -> frozenset[str]:
    """Every dataset that a metric reads, through the metrics it is computed from."""
    used = {metric.name, *made_of(metric.name, catalog.metrics)}
    found = {d for name in used for d, _ in names_used(catalog.metrics[name], catalog.metrics)[1]}
    return frozenset(found & set(catalog.datasets))


def is_stock(metric: Metric, catalog: Catalog) -> bool:
    """Whether every dataset that it reads holds balances at dates; what only describes them (products) has no dates."""
    dated = [catalog.datasets[d] for d in datasets_of(metric, catalog) if catalog.datasets[d].time_dimension]
    return bool(dated) and all(dataset.snapshot_grain for dataset in dated)


@lru_cache(maxsize=20_000)
def columns_in(text: str) -> frozenset[tuple[str, str]]:
    """(qualifier, column) pairs in an SQL expression; qualifier "" for a bare name. Raises sqlglot's ParseError."""
    tree = sqlglot.parse_one(text, read="duckdb")
    return frozenset((column.table, column.name) for column in tree.find_all(exp.Column))


def physical_columns(expression: str) -> set[str]:
    """Bare column names in a field's expression."""
    return {name for _table, name in columns_in(expression)}
