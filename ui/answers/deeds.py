"""What a person can do with an answer: take it away, keep it, judge it, edit it. Each opens where it stands."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from ui.answers.editing import draw_editing
from ui.answers.judging import draw_judging
from ui.answers.keeping import draw_keeping
from ui.answers.saying import draw_said
from ui.answers.shown import Shown
from ui.answers.taking import draw_taking

_HEIGHT = 220
"""Pixels of what is taken, kept or judged: what is more scrolls inside. A taller place is opened above, and would jump
below and back while its contents come.
"""


def draw_deeds(shown: Shown) -> None:
    """The row of things to do."""
    words, key = shown.words, shown.key
    with st.container(horizontal=True, vertical_alignment="center", key=f"deeds-{key}"):
        _offer("take", ":material/download:", draw_taking, shown)
        if shown.answer.question.id:
            _offer("keep", ":material/keep:", draw_keeping, shown)
            _offer("judge", ":material/thumbs_up_down:", draw_judging, shown)
        edits = st.toggle(words("edit"), key=f"edit-{key}")
    draw_said(shown)
    if edits:
        draw_editing(shown)


def _offer(name: str, icon: str, draw: Callable[[Shown], None], shown: Shown) -> None:
    """Something to open. It is drawn when it is opened first, and from then on, so that what was typed there stays."""
    place = f"{name}-{shown.key}"
    with st.popover(shown.words(name), icon=icon, key=place, on_change="rerun") as popover:
        if popover.open or st.session_state.get(f"opened-{place}"):
            st.session_state[f"opened-{place}"] = True
            draw(shown)
        else:
            # As high as what comes, so that it opens where there is room for it.
            st.container(height=_HEIGHT, border=False)
