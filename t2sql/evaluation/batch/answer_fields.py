"""The columns of answers in CSV and XLSX: which, in which order, and what stands in a cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from t2sql.documents import json_line
from t2sql.evaluation.records import Record
from t2sql.takeaway.cells import Cell
from t2sql.wording import visible


@dataclass(frozen=True, slots=True)
class Field:
    """One column of answers in CSV and XLSX."""

    name: str
    of: Callable[[Record], Any]
    """What stands there; lists and mappings are written as JSON."""


def _key(name: str) -> Field:
    return Field(name, lambda record: record[name])


def _error(name: str) -> Field:
    return Field(f"error_{name}", lambda record: (record["error"] or {}).get(name))


def value_of(record: Record) -> Any:
    """The figure of an answer that is one figure: one row, and one column beside the groups'; else None."""
    rows, figures = record["rows"], _figures(record)
    return rows[0][figures[0]] if len(rows) == 1 and len(figures) == 1 else None


def figure_column(record: Record) -> Mapping[str, Any]:
    """The column of an answer's figure, or the first of several. Raises IndexError where there is no column."""
    column: Mapping[str, Any] = record["columns"][_figures(record)[0]]
    return column


def _figures(record: Record) -> list[int]:
    """Places of the columns that are metrics; of all where none is."""
    columns = record["columns"]
    return [i for i, column in enumerate(columns) if column["metric"]] or list(range(len(columns)))


FIELDS = (
    *map(_key, ("id", "question", "principal", "language", "conversation", "hints", "outcome", "failed", "route")),
    *map(_key, ("confidence", "explanation")),
    Field("value", value_of),
    Field("row_count", lambda record: len(record["rows"])),
    *map(_key, ("truncated", "columns")),
    Field("headings", lambda record: record.get("headings", [])),
    *map(_key, ("rows", "semantic_sql", "physical_sql", "dialect", "provenance", "notes")),
    *map(_key, ("readings",)),
    *map(_error, ("code", "message", "hint")),
    *map(_key, ("duplicate_of", "timings_ms", "tokens")),
)
"""Columns of an answers' table, left to right."""


def plain(value: Any) -> Cell:
    """A cell's value: text without control characters, numbers and truth as they are, all else as JSON."""
    if value is None or isinstance(value, bool | int | float | Decimal):
        return value
    return visible(value if isinstance(value, str) else json_line(value), keep_newlines=True)
