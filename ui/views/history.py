"""The page of past questions: one's own, to search, to run again, to pin."""

from __future__ import annotations

from functools import partial

import streamlit as st

from t2sql.errors import T2sqlError
from t2sql.journal import Past
from ui.asking.again import As, ask_again
from ui.asking.endings import draw_error
from ui.asking.turns import is_busy
from ui.frame import Visit, go_to
from ui.parts.blocks import draw_line, draw_notice
from ui.parts.clock import tell_moment
from ui.words import Words

A_PAGE = 30
SHOWN_CHARACTERS = 300


def draw(visit: Visit) -> None:
    """The search and what it finds, the latest first."""
    words, principal = visit.words, visit.principal
    with st.container(horizontal=True, vertical_alignment="bottom"):
        wanted = st.text_input(words("history_search"), key="history-words", max_chars=200, icon=":material/search:")
        only_pinned = st.toggle(words("history_pinned"), key="history-pinned")
    shown = st.session_state.setdefault("history-shown", A_PAGE)
    found = visit.desk.agent.journal.history.search(principal, wanted, only_pinned=only_pinned, most=shown + 1)
    if not found:
        draw_notice("", words("history_none" if not (wanted or only_pinned) else "history_not_found"), [])
    for past in found[:shown]:
        _draw_past(past, visit)
    if len(found) > shown:
        st.button(words("history_more"), on_click=_show_more, icon=":material/expand_more:")


def _draw_past(past: Past, visit: Visit) -> None:
    words = visit.words
    with st.container(border=True, key=f"past-{past.id}"):
        draw_line(past.text if len(past.text) <= SHOWN_CHARACTERS else f"{past.text[:SHOWN_CHARACTERS]}…")
        draw_line(_told(past, words), is_quiet=True)
        with st.container(horizontal=True):
            choices: tuple[tuple[As, str], ...] = (("asked", ":material/replay:"), ("today", ":material/update:"))
            for as_of, icon in choices if past.semantic_sql else choices[1:]:
                title = words(f"again_{as_of}")
                if st.button(title, key=f"{as_of}-{past.id}", icon=icon, disabled=is_busy(), type="tertiary"):
                    ask_again(visit, past, as_of)
                    go_to("ask")
            kept = visit.desk.agent.journal.kept
            act = partial(kept.unpin, visit.principal, past.pinned) if past.pinned else partial(
                kept.pin, visit.principal, past.id
            )  # fmt: skip
            if st.button(
                words("unpin" if past.pinned else "pin"), key=f"keep-{past.id}", icon=":material/push_pin:",
                type="secondary" if past.pinned else "tertiary",
            ):  # fmt: skip
                try:
                    act()
                except T2sqlError as error:
                    draw_error(error, words)
                else:
                    st.rerun()


def _told(past: Past, words: Words) -> str:
    """When, how it ended, how many rows, in one line."""
    parts = [tell_moment(past.at), words(f"ended_{past.outcome or 'error'}")]
    if past.rows is not None:
        parts.append(words("one_row") if past.rows == 1 else words("rows", rows=f"{past.rows:,}"))
    if past.route == "written":
        # One question may stand here several times: what was run tells them apart.
        parts.append(words("by_sql", sql=" ".join(past.drafted.split())[:SHOWN_CHARACTERS]))
    if past.before:
        parts.append(words("followed", text=past.before[-1].text[:60]))
    return " · ".join(parts)


def _show_more() -> None:
    st.session_state["history-shown"] += A_PAGE
