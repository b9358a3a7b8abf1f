"""A result as the page's table: every value as stored, shown in words, in the order it came; rows can be filtered.

Rounding is only in what is shown; sorting and copying use the stored value. No total is made here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import streamlit as st

from t2sql.catalog import Language
from t2sql.flow import Answer, Column, Result
from t2sql.wording import RATIO, format_period, format_value, label, visible
from ui.parts.blocks import draw_line
from ui.parts.plain import to_label
from ui.words import Words

if TYPE_CHECKING:
    from pandas.io.formats.style import Styler

MOST_WORDED_ROWS = 2_000
"""Rows whose every cell is told in words; beyond, figures stand with separators, as stored."""
LAZY_ROWS = 5_000
"""From here on the browser fetches the rows it shows, and no more."""
FILTERED_ROWS = 12
"""Fewer rows are all in sight: nothing to filter."""
MOST_MEMBERS = 300
ROW_PIXELS = 35
TALLEST_ROWS = 12

Rows = Sequence[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Filter:
    """Which rows to show."""

    text: str = ""
    """Rows with a cell that holds it, whatever the case."""
    members: Mapping[int, frozenset[str]] | None = None
    """Place of a column -> the members kept, as shown; absent or empty: all."""

    def keep(self, rows: Rows, columns: Sequence[Column], language: Language) -> Rows:
        """The rows that pass, in their order."""
        chosen = {place: names for place, names in (self.members or {}).items() if names}
        words = self.text.strip().casefold()
        if not chosen and not words:
            return rows
        texts = [place for place, column in enumerate(columns) if column.kind != "metric"]
        return [
            row
            for row in rows
            if all(write_cell(row[place], columns[place], language) in names for place, names in chosen.items())
            and (not words or any(words in write_cell(row[p], columns[p], language).casefold() for p in texts))
        ]


def draw_table(answer: Answer, words: Words, key: str) -> None:
    """The table with its filters, and how many rows it shows of how many."""
    result, language = answer.result, answer.question.language
    rows: Rows = result.rows
    if len(rows) > FILTERED_ROWS:
        rows = _ask_filter(result, language, words, key).keep(rows, result.columns, language)
        if len(rows) < len(result.rows):
            draw_line(words("filtered", shown=f"{len(rows):,}", rows=f"{len(result.rows):,}"), is_quiet=True)
    is_worded = len(rows) <= MOST_WORDED_ROWS
    st.dataframe(
        build_table(rows, result.columns, language) if is_worded else build_frame(rows, result.columns, language),
        hide_index=True, column_config=column_settings(result.columns, language, is_worded=is_worded),
        height=table_height(len(rows)), key=f"table-{key}", alt=visible(answer.explanation),
        lazy=True if len(rows) > LAZY_ROWS else None,
    )  # fmt: skip


def _ask_filter(result: Result, language: Language, words: Words, key: str) -> Filter:
    """The filter's controls, out of the way until they are wanted."""
    members: dict[int, frozenset[str]] = {}
    with st.popover(words("filter"), icon=":material/filter_list:", key=f"filter-{key}"):
        text = st.text_input(words("filter_text"), key=f"filter-text-{key}", max_chars=200)
        for place, column in enumerate(result.columns):
            if column.kind == "metric":
                continue
            found = dict.fromkeys(write_cell(row[place], column, language) for row in result.rows)
            if 1 < len(found) <= MOST_MEMBERS:
                chosen = st.multiselect(
                    to_label(heading(column, language)), list(found), key=f"filter-{key}-{place}",
                    placeholder=words("filter_all"),
                )  # fmt: skip
                members[place] = frozenset(chosen)
    return Filter(text, members)


def build_table(rows: Rows, columns: Sequence[Column], language: Language) -> Styler:
    """Rows as one column each under "0", "1" …, with each cell's words over its stored value."""
    import pandas

    cells = {str(i): pandas.Series([row[i] for row in rows], dtype="object") for i in range(len(columns))}
    frame = pandas.DataFrame(cells)
    return frame.style.format({str(i): _Writer(column, language) for i, column in enumerate(columns)}, na_rep=None)


def build_frame(rows: Rows, columns: Sequence[Column], language: Language) -> Any:
    """Very many rows, typed: figures as numbers, which the browser writes; the rest in words."""
    import pandas

    def typed(place: int, column: Column) -> Any:
        values = [row[place] for row in rows]
        if column.kind == "metric" and column.type in ("integer", "number"):
            return pandas.Series([None if value is None else float(value) for value in values], dtype="float64")
        return pandas.Series([write_cell(value, column, language) for value in values], dtype="object")

    return pandas.DataFrame({str(i): typed(i, column) for i, column in enumerate(columns)})


def column_settings(columns: Sequence[Column], language: Language, *, is_worded: bool = True) -> dict[str, Any]:
    """Headings, figures to the right, the first grouping column kept in sight; unless worded, how numbers are
    written.
    """
    wide = len(columns) > 4
    found: dict[str, Any] = {}
    for place, column in enumerate(columns):
        title = heading(column, language)
        if column.kind == "metric" and not is_worded:
            form = "percent" if column.unit == RATIO else "localized"
            found[str(place)] = st.column_config.NumberColumn(title, format=form, alignment="right")
        else:
            side: Any = "right" if column.kind == "metric" else "left"
            pinned = wide and place == 0 and column.kind != "metric"
            found[str(place)] = st.column_config.Column(title, alignment=side, pinned=pinned)
    return found


def heading(column: Column, language: Language) -> str:
    """A column's name, with a capital in English."""
    name = label(column, language)
    return name[:1].upper() + name[1:]


def table_height(rows: int) -> int:
    """Pixels for the heading and up to a dozen rows; more scroll."""
    return ROW_PIXELS * (min(max(rows, 1), TALLEST_ROWS) + 1) + 3


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
