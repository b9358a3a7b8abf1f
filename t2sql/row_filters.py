"""Row rules as SQL conditions over one table's own columns, so that a filter can stand inside the table's subquery.

Builds trees and renders once; never decides whom a rule is for (that is `policy`'s).
"""

from __future__ import annotations

from collections.abc import Iterable

from t2sql.catalog import Catalog, Dimension
from t2sql.paths import joins_to


def row_predicate(catalog: Catalog, dataset: str, dimension: Dimension, values: Iterable[str]) -> str | None:
    """`key IN (SELECT key FROM next WHERE …)` along the one path from `dataset` to `dimension`; None without a path."""
    from sqlglot import exp, parse_one

    path = joins_to(catalog, dataset, dimension)
    if path is None or any(len(step.from_columns) != 1 for step in path):
        return None
    column = parse_one(catalog.field_of(dimension).expression, read="duckdb")
    condition: exp.Expression = exp.In(this=column, expressions=[exp.Literal.string(v) for v in values])
    for step in reversed(path):
        # By its parts, since a name may hold a space.
        table, schema, database = (*reversed(catalog.datasets[step.to_dataset].source.split(".")), None, None)[:3]
        source = exp.table_(table or "", db=schema, catalog=database)
        inner = exp.select(exp.to_identifier(step.to_columns[0])).from_(source).where(condition)
        condition = exp.In(this=exp.column(step.from_columns[0]), query=exp.Subquery(this=inner))
    return condition.sql("duckdb")
