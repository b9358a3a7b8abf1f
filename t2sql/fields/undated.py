"""The catalog as rows to list: its dates are fields like any other.

A drafted table has no signed sense of time; a question that lists its fields means all rows that it holds, not the
latest load. Never used for metrics, whose periods and stocks need their dates.
"""

from __future__ import annotations

from dataclasses import replace

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from t2sql.catalog import GRAINS, Catalog


def undated(catalog: Catalog) -> Catalog:
    """`catalog` with no dataset dated, so that SQL over its rows may ask without a period."""
    datasets = {
        name: replace(dataset, time_dimension="", snapshot_grain=None, row_grain=None, load_calendar=None)
        for name, dataset in catalog.datasets.items()
    }
    return replace(catalog, datasets=datasets)


def is_undated(semantic_sql: str, catalog: Catalog) -> bool:
    """Whether `semantic_sql` is over rows of datasets alone, names no period of theirs (month = '2025-06') and adds up
    no balances.
    """
    try:
        tree = sqlglot.parse_one(semantic_sql, read="duckdb")
    except (SqlglotError, RecursionError):
        return False
    ctes = {cte.alias.lower() for cte in tree.find_all(exp.CTE)}
    tables = {table.name.lower() for table in tree.find_all(exp.Table)} - ctes
    known = {name.lower() for name in catalog.datasets}
    if not tables or not tables <= known:
        return False
    if any(not column.table and column.name.lower() in GRAINS for column in tree.find_all(exp.Column)):
        return False
    # Figures over balances need their dates: added up over every load they are none.
    loaded = {name.lower() for name, dataset in catalog.datasets.items() if dataset.snapshot_grain}
    figures = (select for select in tree.find_all(exp.Select) if select.find(exp.AggFunc))
    return not any(table.name.lower() in loaded for select in figures for table in select.find_all(exp.Table))
