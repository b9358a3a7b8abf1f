"""A result as the page's table: every value as stored, shown in words, in the order it came; rows can be filtered.

Rounding is only in what is shown; sorting and copying use the stored value. No total is made here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import streamlit as st

from t2sql.catalog import Language
from t2sql.flow import Answer, Column, Result
from t2sql.takeaway.cells import heading, title
from t2sql.wording import POINTS, RATIO, format_period, format_value, visible
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
    members: Mapping[int, frozenset[str]] = field(default_factory=dict)
    """Place of a column -> the members kept, as shown; absent or empty: all."""


class Prepared:
    """A result as the page shows it, made once and kept while its answer stands: every redraw needs it again."""

    def __init__(self, result: Result, language: Language) -> None:
        self.result, self._language = result, language
        self.texts: dict[int, list[str]] = {
            place: self._words(place) for place, column in enumerate(result.columns) if column.kind != "metric"
        }
        """Place of a grouping column -> each row's cell in words."""
        self.members = {place: list(dict.fromkeys(texts)) for place, texts in self.texts.items()}
        self._frame: Any = None

    def passing(self, wanted: Filter) -> Sequence[int]:
        """Places of the rows that a filter lets through, in their order."""
        chosen = {place: names for place, names in wanted.members.items() if names}
        words = wanted.text.strip().casefold()
        if not chosen and not words:
            return range(len(self.result.rows))
        return [
            row
            for row in range(len(self.result.rows))
            if all(self.texts[place][row] in names for place, names in chosen.items())
            and (not words or any(words in texts[row].casefold() for texts in self.texts.values()))
        ]

    def frame(self, rows: Sequence[int]) -> Any:
        """Very many rows, typed: figures as numbers, which the browser writes (points times 100), the rest in words."""
        import pandas

        if self._frame is None:
            columns = {str(place): self._typed(place) for place in range(len(self.result.columns))}
            self._frame = pandas.DataFrame(columns)
        return self._frame if len(rows) == len(self._frame) else self._frame.iloc[list(rows)]

    def _words(self, place: int) -> list[str]:
        column, known = self.result.columns[place], dict[Any, str]()
        values = [row[place] for row in self.result.rows]
        for value in set(values):
            known[value] = write_cell(value, column, self._language)
        return [known[value] for value in values]

    def _typed(self, place: int) -> Any:
        import pandas

        column = self.result.columns[place]
        values = [row[place] for row in self.result.rows]
        if is_figure(column):
            scale = 100.0 if column.unit == POINTS else 1.0
            return pandas.Series([None if v is None else float(v) * scale for v in values], dtype="float64")
        return pandas.Series(self.texts[place] if place in self.texts else self._words(place), dtype="object")


def draw_table(answer: Answer, words: Words, key: str) -> None:
    """The table with its filters, and how many rows it shows of how many."""
    result, language = answer.result, answer.question.language
    prepared = _prepared(result, language, key)
    rows: Sequence[int] = range(len(result.rows))
    if len(rows) > FILTERED_ROWS:
        rows = prepared.passing(_ask_filter(prepared, language, words, key))
        if len(rows) < len(result.rows):
            draw_line(words("filtered", shown=f"{len(rows):,}", rows=f"{len(result.rows):,}"), is_quiet=True)
    # By the whole result: a filter must not change how a figure is written.
    is_worded = len(result.rows) <= MOST_WORDED_ROWS
    st.dataframe(
        build_table([result.rows[row] for row in rows], result.columns, language)
        if is_worded
        else prepared.frame(rows),
        hide_index=True, column_config=column_settings(result.columns, language, is_worded=is_worded),
        height=table_height(len(rows)), key=f"table-{key}", alt=visible(answer.explanation),
        lazy=True if len(rows) > LAZY_ROWS else None,
    )  # fmt: skip


def _prepared(result: Result, language: Language, key: str) -> Prepared:
    """What was made for this answer before, or made now."""
    place = f"rows-{key}"
    kept: Prepared | None = st.session_state.get(place)
    if kept is None or kept.result is not result:
        kept = st.session_state[place] = Prepared(result, language)
    return kept


def _ask_filter(prepared: Prepared, language: Language, words: Words, key: str) -> Filter:
    """The filter's controls, out of the way until they are wanted."""
    members: dict[int, frozenset[str]] = {}
    with st.popover(words("filter"), icon=":material/filter_list:", key=f"filter-{key}"):
        text = st.text_input(words("filter_text"), key=f"filter-text-{key}", max_chars=200)
        for place, found in prepared.members.items():
            if 1 < len(found) <= MOST_MEMBERS:
                chosen = st.multiselect(
                    to_label(title(prepared.result.columns[place], language)), found, key=f"filter-{key}-{place}",
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


def column_settings(columns: Sequence[Column], language: Language, *, is_worded: bool = True) -> dict[str, Any]:
    """Headings, figures to the right, the first grouping column kept in sight; unless worded, how numbers are
    written.
    """
    wide = len(columns) > 4
    found: dict[str, Any] = {}
    for place, column in enumerate(columns):
        if is_figure(column) and not is_worded:
            form = "percent" if column.unit == RATIO else "%+.4f" if column.unit == POINTS else "localized"
            found[str(place)] = st.column_config.NumberColumn(heading(column, language), format=form, alignment="right")
        else:
            side: Any = "right" if column.kind == "metric" else "left"
            pinned = wide and place == 0 and column.kind != "metric"
            found[str(place)] = st.column_config.Column(title(column, language), alignment=side, pinned=pinned)
    return found


def is_figure(column: Column) -> bool:
    """Whether the column holds numbers of a metric."""
    return column.kind == "metric" and column.type in ("integer", "number")


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
