"""A result's rows as a picture's data: plain JSON values, each under the place of its column.

Figures stay floats in the stored unit; nothing is rounded, added or left out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from t2sql.catalog import Language
from t2sql.charts.forms import Rows
from t2sql.charts.scales import key
from t2sql.flow import Column
from t2sql.wording import format_period, format_value, visible

SAID = "t2sql_said_{}"
"""Beside the one row of a figure: column {} in words."""


def chart_records(columns: Sequence[Column], rows: Rows, language: Language = "zh") -> list[dict[str, Any]]:
    """One record a row, in the order of their periods where there are any: column 0 under "c0", and so on; periods and
    NULL members in words.

    A single row holds each figure in words as well, for the form "figure".
    """
    periods = [i for i, column in enumerate(columns) if column.kind == "period"]
    ordered = sorted(rows, key=lambda row: [(row[i] is None, str(row[i])) for i in periods]) if periods else rows
    records = [{key(i): _plain(value, columns[i], language) for i, value in enumerate(row)} for row in ordered]
    if len(records) == 1:
        for i, (column, value) in enumerate(zip(columns, rows[0], strict=True)):
            records[0][SAID.format(i)] = format_value(value, column, language)
    return records


def _plain(value: Any, column: Column, language: Language) -> Any:
    if column.kind == "metric" and value is None:
        return None
    if column.kind == "period" and isinstance(value, (str, date)):
        return format_period(str(value), language)
    if value is None or isinstance(value, bool):
        return format_value(value, column, language)
    if isinstance(value, (float, Decimal)):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, date):
        return value.isoformat()
    return visible(value) if isinstance(value, str) else value
