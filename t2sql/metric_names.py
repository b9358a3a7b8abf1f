"""What a definition's SQL text mentions: metric names, dataset fields, physical columns.

Parses with sqlglot and nothing else; never expands or rewrites (that is the compiler's).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import sqlglot
from sqlglot import exp

from t2sql.catalog import Metric

MetricFields = tuple[frozenset[str], frozenset[tuple[str, str]]]


def names_used(metric: Metric, metrics: Mapping[str, Metric]) -> MetricFields:
    """(metric names, (dataset, field) pairs) that `metric` is written with, its own text only."""
    names = {name for name in (metric.numerator, metric.denominator) if name}
    fields: set[tuple[str, str]] = set()
    for text in (metric.expression, metric.filter):
        if text:
            for dataset, name in columns_in(text):
                (fields.add((dataset, name)) if dataset else names.add(name))
    return frozenset(names), frozenset(fields)


@lru_cache(maxsize=20_000)
def columns_in(text: str) -> frozenset[tuple[str, str]]:
    """(qualifier, column) pairs in an SQL expression; qualifier "" for a bare name. Raises sqlglot's ParseError."""
    tree = sqlglot.parse_one(text, read="duckdb")
    return frozenset((column.table, column.name) for column in tree.find_all(exp.Column))


def physical_columns(expression: str) -> set[str]:
    """Bare column names in a field's expression."""
    return {name for _table, name in columns_in(expression)}
