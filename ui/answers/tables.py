"""A result as the page's table: every value as stored, shown in words, in the order it came.

Rounding is only in what is shown; sorting and copying use the stored value. No total is made here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from t2sql.catalog import Language
from t2sql.flow import Column, Result
from t2sql.wording import format_period, format_value, label

if TYPE_CHECKING:
    from pandas.io.formats.style import Styler

MOST_ROWS = 2_000
"""Rows that the page's table shows; the rest would only make the browser slow."""
ROW_PIXELS = 35
TALLEST_ROWS = 12


def build_table(result: Result, language: Language) -> Styler:
    """The first rows, one column each under "0", "1" …, with each cell's words over its stored value."""
    import pandas

    rows = result.rows[:MOST_ROWS]
    cells = {str(i): pandas.Series([row[i] for row in rows], dtype="object") for i in range(len(result.columns))}
    frame = pandas.DataFrame(cells)
    styler = frame.style.format(
        {str(i): _Writer(column, language) for i, column in enumerate(result.columns)}, na_rep=None
    )
    return styler


def column_settings(columns: tuple[Column, ...], language: Language) -> dict[str, Any]:
    """Headings, and figures to the right."""
    import streamlit as st

    return {
        str(i): st.column_config.Column(
            heading(column, language), alignment="right" if column.kind == "metric" else "left"
        )
        for i, column in enumerate(columns)
    }


def heading(column: Column, language: Language) -> str:
    """A column's name, with a capital in English."""
    name = label(column, language)
    return name[:1].upper() + name[1:]


def table_height(rows: int) -> int:
    """Pixels for the heading and up to a dozen rows; more scroll."""
    return ROW_PIXELS * (min(rows, TALLEST_ROWS) + 1) + 3


def write_cell(value: Any, column: Column, language: Language, *, exact: bool = False) -> str:
    """A cell in words; a period as people say it."""
    if column.kind == "period" and isinstance(value, str):
        return format_period(value, language)
    return format_value(value, column, language, exact=exact)


class _Writer:
    """`write_cell` for one column, as pandas calls it: NULL arrives as None or NaN."""

    def __init__(self, column: Column, language: Language) -> None:
        self._column, self._language = column, language

    def __call__(self, value: Any) -> str:
        is_missing = value is None or value != value
        return write_cell(None if is_missing else value, self._column, self._language)
