"""A small warehouse made for calendars: figures that can be counted on one's fingers, gaps, leap days, odd loads.

`move` holds 1 a day for unit A from 2023 on, so that its sum is a number of days, and 10 on each first of the month for
unit B from 2024 on. Balances tell their own date: the day of the month, or 10 × month + 1000 × years after 2023.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import duckdb

from t2sql.catalog import Display
from t2sql.compiler import compile_loads, compile_sql
from t2sql.flow import Load, Loads, Plan
from t2sql.ossie import read_catalog
from t2sql.policy import Narrowed, Principal
from t2sql.probing import grants_of

LOADED_THROUGH = date(2024, 6, 15)
_HEAD = """\
version: 0.1.1
semantic_model:
  - name: small
    t2sql:
      fiscal_year_start: 4
      rates: {source: rate, date_column: day, currency_column: currency, period_end_column: close_rate,
              average_column: mean_rate, reporting_currency: CNY}
    datasets:
      - name: units
        source: unit
        primary_key: [unit_id]
        fields: [{name: unit, expression: unit_name, dimension: {}}]
"""
_DATASET = """\
      - name: {name}
        source: {name}
        primary_key: [day, unit_id]
        t2sql:
          time_dimension: day
          {kind}
          load_calendar: {{source: loaded, key_column: name, key: {name}, date_column: day, rows_column: n}}
        fields:
          - {{name: day, expression: day}}
          - {{name: unit_id, expression: unit_id}}
          - {{name: currency, expression: currency}}
          - {{name: amount, expression: amount, t2sql: {{currency_field: currency}}}}
"""
KINDS = {
    "move": "default: {}",
    "fee": "default: {}",
    "book": "snapshot_grain: day",
    "week_book": "snapshot_grain: week",
    "month_book": "snapshot_grain: month",
    "quarter_book": "snapshot_grain: quarter",
}
METRICS = {
    "moved": ("SUM(move.amount)", "default_period: ytd"),
    "moves": ("COUNT(move.amount)", "unit: count"),
    "movers": ("COUNT(DISTINCT move.unit_id)", "unit: count, default_period: ytd"),
    "largest_move": ("MAX(move.amount)", "default_period: ytd"),
    "smallest_move": ("MIN(move.amount)", "default_period: ytd"),
    "mean_move": ("AVG(move.amount)", "default_period: ytd"),
    "fees": ("SUM(fee.amount)", "default_period: ytd"),
    "net": ("moved - fees", "type: derived, default_period: ytd"),
    "twice_net": ("net + net", "type: derived, default_period: ytd"),
    "net_and_moved": ("(twice_net + moved) / 1", "type: derived, default_period: ytd"),
    "fee_rate": ("", "type: ratio, numerator: fees, denominator: moved, unit: ratio, default_period: ytd"),
    "book_total": ("SUM(book.amount)", ""),
    "book_opening": ("SUM(book.amount)", "window_choice: opening"),
    "book_mean": ("SUM(book.amount)", "window_choice: avg"),
    "book_month_ends": ("SUM(book.amount)", "window_choice: avg, average_over: month_ends"),
    "week_total": ("SUM(week_book.amount)", ""),
    "month_total": ("SUM(month_book.amount)", ""),
    "month_mean": ("SUM(month_book.amount)", "window_choice: avg"),
    "quarter_total": ("SUM(quarter_book.amount)", ""),
    "rate_365": (
        "",
        "type: ratio, numerator: moved, denominator: moved, day_count: 365, unit: ratio, default_period: ytd",
    ),
    "rate_360": (
        "",
        "type: ratio, numerator: moved, denominator: moved, day_count: act/360, unit: ratio, default_period: ytd",
    ),
    "rate_act": (
        "",
        "type: ratio, numerator: moved, denominator: moved, day_count: act/act, unit: ratio, default_period: ytd",
    ),
    "rate_on_opening": (
        "",
        "type: ratio, numerator: moved, denominator: book_opening, day_count: act/365, unit: ratio",
    ),
    "year_rolling": ("moved", "type: cumulative, window: 12 months"),
    "month_rolling": ("moved", "type: cumulative, window: 30 days"),
    "fortnight_rolling": ("moved", "type: cumulative, window: 2 weeks"),
    "two_quarters_rolling": ("moved", "type: cumulative, window: 2 quarters"),
    "movers_rolling": ("movers", "type: cumulative, window: 12 months, unit: count"),
    "rate_rolling": ("rate_act", "type: cumulative, window: 12 months, unit: ratio"),
    "book_rolling": ("book_mean", "type: cumulative, window: 2 months"),
    "ever": ("moved", "type: cumulative"),
    "month_to_date": ("moved", "type: cumulative, grain_to_date: month"),
    "half_to_date": ("moved", "type: cumulative, grain_to_date: half"),
    "year_to_date": ("moved", "type: cumulative, grain_to_date: year"),
    "fees_rolling": ("fees", "type: cumulative, window: 3 months"),
}


def model_text() -> str:
    """The definitions, as model.yml."""
    datasets = "".join(
        _DATASET.format(name=name, kind=kind if not kind.startswith("default") else "sensitivity: ''")
        for name, kind in KINDS.items()
    )
    joins = "".join(
        f"      - {{name: {name}_unit, from: {name}, to: units, from_columns: [unit_id], to_columns: [unit_id]}}\n"
        for name in KINDS
    )
    metrics = "".join(
        f"      - name: {name}\n" + (f"        expression: {text}\n" if text else "") + f"        t2sql: {{{keys}}}\n"
        for name, (text, keys) in METRICS.items()
    )
    return f"{_HEAD}{datasets}    relationships:\n{joins}    metrics:\n{metrics}"


class SmallWarehouse:
    """The warehouse in memory, its catalog and its loads, as somebody who may see all of it."""

    def __init__(self, folder: Path) -> None:
        (folder / "model.yml").write_text(model_text(), encoding="utf-8")
        catalog = read_catalog(folder)
        self.narrowed = Narrowed(catalog, Principal("all", (), Display("", "")), {}, (), grants_of(catalog))
        self.connection = duckdb.connect(":memory:")
        _fill(self.connection)
        self.loads = Loads(
            {
                name: tuple(Load(*row) for row in self.connection.execute(query.sql).fetchall())
                for name, query in compile_loads(catalog).items()
            }
        )

    def plan(self, sql: str) -> Plan:
        """Compiled, not run."""
        return compile_sql(sql, self.narrowed, self.loads)

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """Decimals as floats, rounded, so that they can be written down."""
        plan = self.plan(sql)
        for guard in plan.guards:
            assert not self.connection.execute(guard.physical.sql).fetchall()
        found = self.connection.execute(plan.physical.sql).fetchall()
        return [tuple(v if isinstance(v, (str, type(None))) else round(float(v), 9) for v in row) for row in found]


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=1)


def month_ends(first: date, last: date) -> list[date]:
    """Last days of months."""
    return [day for day in _days(first, last) if (day + timedelta(days=1)).day == 1]


def load_days(name: str) -> list[date]:
    """What the load calendar of a table holds."""
    ends = month_ends(date(2023, 1, 1), date(2024, 5, 31))
    if name == "move":
        return [*ends, LOADED_THROUGH]
    if name == "fee":
        return [*(d for d in ends if d != date(2023, 9, 30)), LOADED_THROUGH]
    if name == "book":
        return [d for d in _days(date(2024, 1, 1), LOADED_THROUGH) if d not in (date(2024, 3, 31), date(2024, 4, 30))]
    if name == "week_book":
        return [d for d in _days(date(2023, 1, 1), date(2024, 5, 31)) if d.isoweekday() == 5]
    if name == "quarter_book":
        return [d for d in ends if d.month % 3 == 0]
    return [date(2023, 5, 30) if d == date(2023, 5, 31) else d for d in ends if d != date(2023, 4, 30)]


def _amount(name: str, day: date) -> int:
    if name in ("book", "week_book"):
        return day.day
    if name == "quarter_book":
        return 10 * (day.month // 3) + 1000 * (day.year - 2023)
    return 10 * day.month + 1000 * (day.year - 2023)


def _fill(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("CREATE TABLE unit (unit_id INTEGER, unit_name VARCHAR)")
    connection.execute("INSERT INTO unit VALUES (1, 'A'), (2, 'B'), (3, 'C')")
    connection.execute("CREATE TABLE loaded (name VARCHAR, day DATE, n BIGINT)")
    connection.execute(
        "CREATE TABLE rate (day DATE, currency VARCHAR, close_rate DECIMAL(9,4), mean_rate DECIMAL(9,4))"
    )
    ends = [date(2022, 12, 31), *month_ends(date(2023, 1, 1), date(2024, 6, 30))]
    # The dollar rises by 1 a year, so that a base at today's rate would be seen; no rate for EUR in February 2024.
    rates = [(d, "USD", 7 + d.year - 2023, 5 + d.year - 2023) for d in ends]
    rates += [(d, "EUR", 8, 8) for d in ends if (d.year, d.month) < (2024, 2)]
    connection.executemany("INSERT INTO rate VALUES (?, ?, ?, ?)", rates)
    for name in KINDS:
        connection.execute(f"CREATE TABLE {name} (day DATE, unit_id INTEGER, currency VARCHAR, amount DECIMAL(12,2))")
        loaded = load_days(name)
        connection.executemany("INSERT INTO loaded VALUES (?, ?, ?)", [(name, d, 100) for d in loaded])
        rows: list[tuple[date, int, str, int]] = []
        if name == "move":
            rows = [(d, 1, "CNY", 1) for d in _days(date(2023, 1, 1), LOADED_THROUGH)]
            rows += [(d, 2, "CNY", 10) for d in _days(date(2024, 1, 1), LOADED_THROUGH) if d.day == 1]
        elif name == "fee":
            rows = [(d, 1, "CNY", 2) for d in _days(date(2023, 1, 1), LOADED_THROUGH) if d.day == 10]
        else:
            rows = [(d, 1, "CNY", _amount(name, d)) for d in loaded]
        if name == "month_book":
            rows += [(d, 2, "CNY", -5 if d.year == 2023 else 5) for d in loaded]
            rows += [(d, 3, "CNY", 0 if d.year == 2023 else 7) for d in loaded]
        if rows:
            connection.executemany(f"INSERT INTO {name} VALUES (?, ?, ?, ?)", rows)
