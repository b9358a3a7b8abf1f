"""The queue as it was read last, and what was done last: both stay while a reviewer looks at one item."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

import streamlit as st

from t2sql.journal.review import Waiting
from ui.frame import Visit
from ui.parts.blocks import draw_notice
from ui.review.task import change_read, forget_read, read_aside

SINCE_DAYS = 90
MOST = 200
QUEUE, SAID = "review-queue", "review-said"


def key_of(waiting: Waiting) -> str:
    """Of the judgement, or of the asking."""
    return waiting.judgement.id if waiting.judgement else waiting.past.id


def read_queue(visit: Visit) -> tuple[Waiting, ...] | None:
    """What waits; None while that is read, which is told."""
    review, principal = visit.desk.agent.journal.review, visit.narrowed.principal
    since = datetime.now(UTC) - timedelta(days=SINCE_DAYS)
    return read_aside(QUEUE, visit, partial(review.queue, principal, since=since, most=MOST))


def read_anew() -> None:
    """Read it again at the next look."""
    forget_read(QUEUE)


def say(text: str, gone: Waiting | None = None) -> None:
    """Have it told above the queue, which is `gone` one shorter; without, it is read again."""
    st.session_state[SAID] = text
    if gone is None:
        read_anew()
    else:
        change_read(QUEUE, lambda queue: tuple(one for one in queue if key_of(one) != key_of(gone)))


def forget_said() -> None:
    """The reviewer goes on to something else."""
    st.session_state.pop(SAID, None)


def draw_said() -> None:
    """What was done last."""
    if told := st.session_state.get(SAID):
        draw_notice("", "", [told])
