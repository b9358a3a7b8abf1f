"""The ends of a question that are not an answer: asked back, refused, failed, stopped. Each says what to do next."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from t2sql.errors import T2sqlError
from t2sql.flow import Clarification, Reading, Refusal
from ui.asking.turns import is_busy
from ui.parts.blocks import draw_line, draw_notice
from ui.parts.plain import to_label
from ui.words import Words

Ask = Callable[[str, str | None], None]
"""Ask a text; with semantic SQL, run that."""


def draw_clarification(found: Clarification, words: Words, key: str, choose: Callable[[Reading], None]) -> None:
    """A question back; a click on a reading runs its semantic SQL."""
    draw_notice("", words("which") if found.readings else "", [found.text])
    if not found.readings:
        draw_line(words("rephrase"), is_quiet=True)
    _draw_readings(found.readings, key, choose)


def draw_refusal(refusal: Refusal, words: Words, key: str, choose: Callable[[Reading], None]) -> None:
    """Why there is no answer, and what to ask instead; a click on what is near runs it."""
    known = words.error(refusal.code)
    title = words("refused") if known == words("failed") else known
    draw_notice("warn", title, [refusal.text, _next(refusal.hint, words)])
    _draw_readings(refusal.readings, key, choose)


def _draw_readings(readings: Sequence[Reading], key: str, choose: Callable[[Reading], None]) -> None:
    for place, reading in enumerate(readings):
        st.button(
            to_label(reading.text), key=f"reading-{key}-{place}", on_click=choose, args=(reading,), width="stretch",
            help=to_label(reading.semantic_sql), wrap=True, disabled=is_busy(),
        )  # fmt: skip


def draw_error(error: T2sqlError, words: Words) -> None:
    """What the installation lacks, and who can mend it how."""
    message, hint = error.told(words.language)
    draw_notice("bad", words.error(error.code), [message, _next(hint, words)], role="alert")


def draw_defect(words: Words) -> None:
    """Something that should not happen; never a trace."""
    draw_notice("bad", words("failed"), [words("unexpected"), words("unexpected_help")], role="alert")


def draw_stopped(words: Words) -> None:
    """Stopped by the person."""
    draw_notice("", words("cancelled"), [words("cancelled_help")])


def _next(hint: str, words: Words) -> str:
    return f"{words('next')}{'：' if words.language == 'zh' else ': '}{hint}" if hint else ""
