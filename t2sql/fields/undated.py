"""The catalog as rows to list: its dates are fields like any other.

A drafted table has no signed sense of time; a question that lists its fields means all rows that it holds, not the
latest load. Never used for metrics, whose periods and stocks need their dates.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from t2sql.catalog import GRAINS, Catalog, Dataset


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
    loaded = {name.lower(): dataset for name, dataset in catalog.datasets.items() if dataset.snapshot_grain}
    figures = [select for select in tree.find_all(exp.Select) if select.find(exp.AggFunc)]
    asked = (
        (loaded.get(table.name.lower()), select, table) for select in figures for table in select.find_all(exp.Table)
    )
    return all(
        dataset is None or _is_of_one_load(select, dataset) or _is_latest_of_each(table.parent_select, dataset)
        for dataset, select, table in asked
    )


_DAYS = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}


def _is_of_one_load(select: exp.Select, dataset: Dataset) -> bool:
    """Whether figures are of the rows of one load, by the days that `select` says; or are extremes of rows."""
    calls = [*select.find_all(exp.AggFunc)]
    if all(isinstance(call, (exp.Max, exp.Min)) for call in calls):
        return True
    where = select.args.get("where")
    days: dict[type[exp.Expr], str] = {}
    for part in where.find_all(exp.GTE, exp.LT) if where is not None and not where.find(exp.Or) else ():
        column, literal = part.this, part.expression
        if isinstance(column, exp.Column) and isinstance(literal, exp.Literal) and _is_own_day(column, dataset):
            days[type(part)] = literal.this
    try:
        first, end = (date.fromisoformat(days[kind]) for kind in (exp.GTE, exp.LT))
    except (KeyError, ValueError):
        return False
    return (end - first).days <= _DAYS.get(dataset.snapshot_grain or "", 0)


def _is_latest_of_each(rows: exp.Select | None, dataset: Dataset) -> bool:
    """Whether `rows` lists the latest row of each thing, or the last load: what has one row a thing adds up."""
    qualify = rows.args.get("qualify") if rows is not None else None
    chosen = qualify.this if qualify is not None else None
    window = chosen.this if isinstance(chosen, exp.EQ) and chosen.expression.sql() == "1" else None
    if rows is None or not isinstance(window, exp.Window) or rows.args.get("group") or rows.args.get("joins"):
        return False
    if not all(isinstance(item.unalias(), exp.Column) for item in rows.expressions):
        return False
    order = window.args.get("order")
    days = order.expressions if order is not None else []
    return (
        isinstance(window.this, (exp.Rank, exp.RowNumber))
        and len(days) == 1
        and bool(days[0].args.get("desc"))
        and isinstance(days[0].this, exp.Column)
        and _is_own_day(days[0].this, dataset)
    )


def _is_own_day(column: exp.Column, dataset: Dataset) -> bool:
    item = dataset.fields.get(column.name)
    is_own = not column.table or column.table.lower() == dataset.name.lower()
    return is_own and item is not None and dataset.time_dimension in (item.name, item.expression)
