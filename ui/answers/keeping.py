"""Keeping an answer: its link, a pin, a place on a board."""

from __future__ import annotations

from functools import partial
from urllib.parse import urlsplit, urlunsplit

import streamlit as st

from ui.answers.saying import attempt, say
from ui.answers.shown import Shown
from ui.parts.blocks import draw_line


def draw_keeping(shown: Shown) -> None:
    """A link, a pin, a board."""
    words, key, visit = shown.words, shown.key, shown.visit
    kept, name = visit.desk.agent.journal.kept, shown.answer.question.id
    draw_line(words("link_help"), is_quiet=True)
    mode = st.segmented_control(
        words("link"), ("asked", "today"), default="asked", key=f"link-mode-{key}", required=True,
        format_func=lambda one: words(f"link_{one}"), label_visibility="collapsed",
    )  # fmt: skip
    st.code(link_to(name, is_today=mode == "today"), language=None, wrap_lines=True)
    pinned = visit.desk.agent.journal.history.pin_of(visit.principal, name)
    act = partial(attempt, shown, kept.unpin if pinned else kept.pin, visit.principal, pinned or name)
    st.button(words("unpin" if pinned else "pin"), key=f"pin-{key}", on_click=act, icon=":material/push_pin:")
    boards = {board.id: board.name for board in kept.boards(visit.principal)}
    with st.form(f"board-{key}", border=False):
        chosen = st.selectbox(
            words("board"), [*boards, ""], key=f"board-choice-{key}",
            format_func=lambda one: boards.get(one, words("board_new")),
        )  # fmt: skip
        new = st.text_input(words("board_name"), key=f"board-name-{key}", max_chars=60)
        if st.form_submit_button(words("board_put")):
            attempt(shown, _put, shown, chosen, new)
            st.rerun()


def _put(shown: Shown, board: str, new: str) -> None:
    kept, principal = shown.visit.desk.agent.journal.kept, shown.visit.principal
    kept.put(principal, board or kept.add_board(principal, new).id, shown.answer.question.id)
    say(shown, shown.words("board_done"))


def link_to(question_id: str, *, is_today: bool = False) -> str:
    """The address that asks this again, under the rights of whoever opens it."""
    found = urlsplit(st.context.url or "")
    query = f"answer={question_id}" + ("&as=today" if is_today else "")
    return urlunsplit((found.scheme, found.netloc, "/", query, ""))
