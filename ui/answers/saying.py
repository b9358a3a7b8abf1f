"""What is said after something was done with an answer, or could not be done."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from t2sql.errors import T2sqlError
from ui.answers.shown import Shown
from ui.parts.blocks import draw_notice


def attempt(shown: Shown, act: Callable[..., object], *args: object) -> None:
    """Do it; what cannot be done is told where it was asked for."""
    st.session_state.pop(f"said-{shown.key}", None)
    try:
        act(*args)
    except T2sqlError as error:
        say(shown, " ".join(error.told(shown.language)).strip())


def say(shown: Shown, text: str) -> None:
    """Have it told when the answer is drawn next."""
    st.session_state[f"said-{shown.key}"] = text


def draw_said(shown: Shown) -> None:
    """What was said last, if anything."""
    if said := st.session_state.get(f"said-{shown.key}"):
        draw_notice("", "", [said])
