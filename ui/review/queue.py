"""The queue as it was read last, and what was done last: both stay while a reviewer looks at one item."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import streamlit as st

from t2sql.journal.review import Waiting
from ui.frame import Visit
from ui.parts.blocks import draw_notice

SINCE_DAYS = 90
MOST = 200
KEPT = timedelta(seconds=30)
QUEUE, SAID = "review-queue", "review-said"


def read_queue(visit: Visit) -> tuple[Waiting, ...]:
    """What waits. A journal of years is not read at every click. Raises AccessDenied."""
    principal, now = visit.narrowed.principal, datetime.now(UTC)
    known: tuple[str, datetime, tuple[Waiting, ...]] | None = st.session_state.get(QUEUE)
    if known is None or known[0] != principal.name or now - known[1] > KEPT:
        review = visit.desk.agent.journal.review
        found = review.queue(principal, since=now - timedelta(days=SINCE_DAYS), most=MOST)
        known = st.session_state[QUEUE] = (principal.name, now, found)
    return known[2]


def say(text: str) -> None:
    """Have it told above the queue, which has changed by it."""
    st.session_state[SAID] = text
    st.session_state.pop(QUEUE, None)


def forget_said() -> None:
    """The reviewer goes on to something else."""
    st.session_state.pop(SAID, None)


def draw_said() -> None:
    """What was done last."""
    if told := st.session_state.get(SAID):
        draw_notice("", "", [told])
