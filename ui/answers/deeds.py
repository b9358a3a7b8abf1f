"""What a person can do with an answer: take it away, keep it, judge it, edit it. Each opens where it stands."""

from __future__ import annotations

import streamlit as st

from ui.answers.editing import draw_editing
from ui.answers.judging import draw_judging
from ui.answers.keeping import draw_keeping
from ui.answers.saying import draw_said
from ui.answers.shown import Shown
from ui.answers.taking import draw_taking


def draw_deeds(shown: Shown) -> None:
    """The row of things to do."""
    words, key = shown.words, shown.key
    with st.container(horizontal=True, vertical_alignment="center", key=f"deeds-{key}"):
        with st.popover(words("take"), icon=":material/download:", key=f"take-{key}"):
            draw_taking(shown)
        if shown.answer.question.id:
            with st.popover(words("keep"), icon=":material/keep:", key=f"keep-{key}"):
                draw_keeping(shown)
            with st.popover(words("judge"), icon=":material/thumbs_up_down:", key=f"judge-{key}"):
                draw_judging(shown)
        edits = st.toggle(words("edit"), key=f"edit-{key}")
    draw_said(shown)
    if edits:
        draw_editing(shown)
