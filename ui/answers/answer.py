"""An answer: the sentence with its figure, picture and table, notes, what can be done with it, and its proof."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import streamlit as st

from t2sql.catalog import Language
from t2sql.errors import T2sqlError
from t2sql.flow import Answer, Result
from t2sql.headline import tell_headline
from t2sql.proof import tell_confidence, tell_route
from t2sql.takeaway.cells import title
from ui.answers.deeds import draw_deeds
from ui.answers.notes import draw_notes
from ui.answers.picture import choose_form, draw_picture
from ui.answers.proof import draw_proof
from ui.answers.shown import Shown
from ui.answers.tables import draw_table, write_cell
from ui.asking.endings import draw_error
from ui.parts.blocks import draw_figures, draw_headline, draw_line, draw_notice
from ui.parts.plain import to_label

MOST_FIGURES = 4
MOST_SEARCHED = 2_000


def draw_answer(shown: Shown) -> None:
    """The whole answer, in the question's language."""
    answer, words = shown.answer, shown.words
    if headline := tell_headline(answer.plan, answer.result, shown.visit.narrowed, shown.language):
        draw_headline(exact_parts(headline, answer.result, shown.language))
    draw_line(answer.explanation, words("understood"), is_quiet=bool(headline))
    if told := answer.draft.carried or answer.draft.verified:
        draw_line(told.zh if shown.language == "zh" else told.en, is_quiet=True)
    _draw_body(shown)
    draw_notes(shown)
    draw_line(_summary(shown.answer, shown), is_quiet=True)
    _draw_deeds(shown)
    _draw_proof(shown)


def draw_closed(shown: Shown) -> None:
    """An earlier answer: one line, which opens. One whose SQL is being changed stays open."""
    if st.session_state.get(f"edit-{shown.key}"):
        draw_answer(shown)
    else:
        _draw_line(shown)


# Fragments: what is chosen or opened in one draws nothing else anew. One that is drawn by itself has nobody above
# it who would tell an error in words.
@st.fragment
def _draw_line(shown: Shown) -> None:
    answer = shown.answer
    told = tell_headline(answer.plan, answer.result, shown.visit.narrowed, shown.language) or answer.explanation
    with _told(shown), st.expander(
        to_label(told), key=f"older-{shown.key}", type="compact", on_change="rerun"
    ) as line:  # fmt: skip
        if line.open:
            draw_answer(shown)


@st.fragment
def _draw_body(shown: Shown) -> None:
    with _told(shown):
        _draw_result(shown)


@st.fragment
def _draw_deeds(shown: Shown) -> None:
    with _told(shown):
        draw_deeds(shown)


@st.fragment
def _draw_proof(shown: Shown) -> None:
    with _told(shown), st.expander(shown.words("proof"), key=f"proof-{shown.key}", on_change="rerun") as proof:
        if proof.open:
            draw_proof(shown.answer, shown.visit, shown.words)


@contextmanager
def _told(shown: Shown) -> Iterator[None]:
    try:
        yield
    except T2sqlError as error:
        draw_error(error, shown.words)


def exact_parts(headline: str, result: Result, language: Language) -> list[tuple[str, str]]:
    """The headline cut at its figures: each with every stored digit, where only one figure is written so."""
    exact: dict[str, set[str]] = defaultdict(set)
    # Of a part of the rows nobody knows whether another figure is written the same.
    for row in result.rows if len(result.rows) <= MOST_SEARCHED else ():
        for value, column in zip(row, result.columns, strict=True):
            if column.kind == "metric" and value is not None:
                said = write_cell(value, column, language)
                if said in headline:
                    exact[said].add(write_cell(value, column, language, exact=True))
    sure = {said: next(iter(found)) for said, found in exact.items() if len(found) == 1 and {said} != found}
    if not sure:
        return [(headline, "")]
    # The longest first: 11.70 亿元 must not be cut at 1.70 亿元.
    pattern = "|".join(re.escape(said) for said in sorted(sure, key=len, reverse=True))
    return [(part, sure.get(part, "")) for part in re.split(rf"(?<![\d.,])({pattern})", headline) if part]


def draw_next(texts: Sequence[str], shown: Shown, ask: Callable[[str], None]) -> None:
    """Follow-ups that work, to click."""
    if not texts:
        return
    with st.container(horizontal=True, vertical_alignment="center", key=f"next-{shown.key}"):
        draw_line(shown.words("next_questions"), is_quiet=True, is_inline=True)
        for place, text in enumerate(texts):
            st.button(to_label(text), key=f"next-{shown.key}-{place}", on_click=ask, args=(text,))


def _draw_result(shown: Shown) -> None:
    """Figures of one row, else picture and table."""
    answer, words = shown.answer, shown.words
    result = answer.result
    if not result.rows:
        draw_notice("", words("empty"), [words("empty_help")])
        return
    if len(result.rows) == 1:
        _draw_figures(shown)
        if len(result.columns) == 1:
            return
    form = choose_form(shown)
    is_drawn = form not in ("figure", "table")
    places = st.columns([5, 6], gap="medium") if is_drawn and len(result.columns) < 5 else None
    with places[0] if places else st.container():
        draw_table(answer, words, shown.key)
    if is_drawn:
        with places[1] if places else st.container():
            draw_picture(form, shown)


def _draw_figures(shown: Shown) -> None:
    """The figures of the one row, large, each with every stored digit below."""
    result, language = shown.answer.result, shown.language
    cells = list(zip(result.rows[0], result.columns, strict=True))
    figures = []
    for value, column in [c for c in cells if c[1].kind == "metric"][:MOST_FIGURES]:
        said, exact = write_cell(value, column, language), write_cell(value, column, language, exact=True)
        figures.append((title(column, language), said, f"{shown.words('exact')} {exact}" if exact != said else ""))
    if figures:
        draw_figures(figures)


def _summary(answer: Answer, shown: Shown) -> str:
    """One line under the answer: how many rows, how long, how sure."""
    words, rows = shown.words, len(answer.result.rows)
    seconds = answer.timings_ms.get("total", 0.0) / 1000
    parts = [
        words("one_row") if rows == 1 else words("rows", rows=f"{rows:,}"),
        words("seconds", seconds=f"{seconds:.1f}"),
        tell_route(answer.draft, shown.language),
    ]
    if answer.draft.route == "generated":
        colon = "：" if words.language == "zh" else ": "
        parts.append(f"{words('confidence')}{colon}{tell_confidence(answer.draft, shown.language)}")
    return " · ".join(parts)
