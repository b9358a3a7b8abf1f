"""Asking again what is in the record: from a link, from the history, on a board. Always under the reader's own rights.

"asked" runs the semantic SQL that was answered, with its dates; "today" understands the words anew.
"""

from __future__ import annotations

from typing import Literal

import streamlit as st

from t2sql.journal import Past
from ui.asking.turns import add, is_busy
from ui.asking.work import Work
from ui.desk import Desk
from ui.frame import Visit
from ui.parts.blocks import draw_notice

As = Literal["asked", "today"]


def work_again(desk: Desk, principal: str, past: Past, as_of: As, *, looks_ahead: bool = True) -> Work:
    """The work that runs `past` again; not begun."""
    agent = desk.agent
    # What was never answered has only its words; what was chosen or typed as SQL has no others.
    is_worded = not past.semantic_sql or (as_of == "today" and past.route != "written")
    question = agent.question(
        past.text, principal=principal if desk.is_demo else "", language=past.language, hints=past.hints,
        before=past.before if is_worded else (), repeats=past.id,
        today=past.today if as_of == "asked" else None,
    )  # fmt: skip
    if is_worded:
        return Work(question, None, bool(question.before), looks_ahead)
    return Work(question, past.drafted if as_of == "today" else past.semantic_sql, looks_ahead=looks_ahead)


def ask_again(visit: Visit, past: Past, as_of: As) -> None:
    """Begin it as the conversation's next turn."""
    if not is_busy():
        add(visit.desk, visit.principal, work_again(visit.desk, visit.principal, past, as_of))


def open_link(visit: Visit) -> None:
    """Ask what the address names, once for each visit of it."""
    name = st.query_params.get("answer", "")
    as_of: As = "today" if st.query_params.get("as") == "today" else "asked"
    opened = (name, as_of, visit.principal)
    if not name:
        return
    if st.session_state.get("opened") != opened:
        st.session_state["opened"] = opened
        past = visit.desk.agent.journal.history.find(name)
        st.session_state["opened_nothing"] = past is None
        if past:
            ask_again(visit, past, as_of)
    if st.session_state.get("opened_nothing"):
        draw_notice("warn", visit.words("link_unknown"), [visit.words("link_unknown_help")])
