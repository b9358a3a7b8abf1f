"""What kind of value fields and figures hold (text, number, date, boolean), as far as the definitions say.

Never guesses: "" stands for what nobody said.
"""

from __future__ import annotations

from typing import Literal

from sqlglot import exp

from t2sql.catalog import AD_HOC, Catalog, Field, Metric
from t2sql.compiler.definitions import parsed

Kind = Literal["", "text", "number", "date", "boolean"]


def is_text(item: Field) -> bool:
    """Whether a field is known to hold texts: names that people write, not codes that may be numbers."""
    return item.type == "text" or bool(item.aliases or item.alias_expressions)


def kind_of_field(item: Field) -> Kind:
    """text, number, date, boolean; "" where nobody said."""
    if item.is_time:
        return "" if item.type == "text" else "date"
    if item.currency_field or item.type == "integer":
        return "number"
    return item.type or ("text" if is_text(item) else "")


def extreme_kind(item: Field) -> Literal["", "text", "date"]:
    """date or text, for a field whose first and last values are days or names; else ""."""
    kind = kind_of_field(item)
    if kind == "date" or kind == "text":
        return kind
    return "text" if item.is_dimension and not kind and not item.is_time else ""


def figure_kind(metric: Metric, catalog: Catalog) -> Literal["", "text", "date"]:
    """date or text for the first or last of days or names, asked ad hoc; "" for a figure that is a number."""
    if metric.version != AD_HOC or metric.type != "simple":
        return ""
    call = parsed(metric.expression)
    column = call.this if isinstance(call, (exp.Min, exp.Max)) else None
    if not isinstance(column, exp.Column) or column.table not in catalog.datasets:
        return ""
    item = catalog.datasets[column.table].fields.get(column.name)
    return extreme_kind(item) if item is not None else ""
