"""The conversation of one session: its questions in order, and how a new one is begun.

It keeps and begins; it draws nothing. What one principal asked is never handed to another.
"""

from __future__ import annotations

import re
from collections.abc import MutableSequence
from dataclasses import dataclass
from typing import cast

import streamlit as st

from t2sql.catalog import Language
from t2sql.flow import Answer
from t2sql.flow import Turn as EarlierTurn
from t2sql.screening.rules import SQL
from ui.asking.work import Work
from ui.desk import Desk

MOST_TURNS = 20
MOST_AT_ONCE = 3
KEPT = ("edited", "editor", "opened-judge", "opened-keep", "opened-take", "rows", "said", "taken")
"""What the parts of an answer keep in the session, under these words and its number."""
# A Chinese character or two English words; less does not say which language a person speaks.
SENTENCE = re.compile(r"[\u3400-\u9fff]|[A-Za-z]{2,}\W+[A-Za-z]{2,}")


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of this session."""

    number: int
    principal: str
    work: Work


def turns_of(principal: str) -> list[Turn]:
    """What `principal` asked in this session, in order; the oldest leave."""
    return [turn for turn in _turns() if turn.principal == principal]


def begin(
    desk: Desk, principal: str, text: str, semantic_sql: str | None = None, language: Language | None = None
) -> None:
    """Begin a question; a few may run at once, so that the input stays open and keeps the cursor."""
    if is_busy():
        return
    agent = desk.agent
    if agent.settings.language == "auto" and language is None and _is_wordless(text):
        language = st.session_state["language"]
    asker = principal if desk.is_demo else ""
    question = agent.question(text, principal=asker, language=language, before=earlier(principal))
    add(desk, principal, Work(question, semantic_sql))


def _is_wordless(text: str) -> bool:
    """Whether a text is of no language: a name or a number alone, or SQL."""
    return not SENTENCE.search(text) or bool(SQL.search(text))


def add(desk: Desk, principal: str, work: Work) -> None:
    """Begin `work` as the conversation's next turn."""
    number = st.session_state["asked"] = st.session_state.get("asked", 0) + 1
    turns = _turns()
    for turn in turns:
        # Nobody sees them any more.
        turn.work.looks_ahead = False
    turns.append(Turn(number, principal, work))
    for left in turns_of(principal)[:-MOST_TURNS]:
        turns.remove(left)
        _forget(left.number)
    work.start(desk.agent, desk.ahead)


def earlier(principal: str) -> tuple[EarlierTurn, ...]:
    """What a question of `principal` can follow: the turns since a new question was begun."""
    since = st.session_state.get("fresh_after", 0)
    found = []
    for turn in turns_of(principal):
        if turn.number > since:
            outcome = turn.work.outcome
            drafted = outcome.draft.semantic_sql if isinstance(outcome, Answer) else ""
            found.append(EarlierTurn(turn.work.question.text, drafted))
    return tuple(found)


def begin_anew() -> None:
    """The next question follows none of those above."""
    st.session_state["fresh_after"] = st.session_state.get("asked", 0)


def _forget(number: int) -> None:
    """What was kept for an answer that has left the page."""
    for kept in KEPT:
        for key in (f"{kept}-{number}", f"{kept}-edited-{number}", f"{kept}-{number}-typed"):
            st.session_state.pop(key, None)


def is_busy() -> bool:
    """Whether as many questions run as one session may."""
    return sum(not turn.work.is_over for turn in _turns()) >= MOST_AT_ONCE


def _turns() -> MutableSequence[Turn]:
    return cast("MutableSequence[Turn]", st.session_state.setdefault("turns", []))
