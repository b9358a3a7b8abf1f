"""Something slow that a reviewer started, in a thread of its own, so that the page's script never waits."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar, cast

import streamlit as st

from t2sql.errors import T2sqlError
from ui.asking.endings import draw_defect, draw_error
from ui.asking.work import LOG
from ui.frame import Visit
from ui.parts.blocks import draw_notice

POLL_SECONDS = 0.5
AT_ONCE_SECONDS = 0.3
"""What is read within it is not announced: the page would only flicker."""
KEPT = timedelta(minutes=2)
T = TypeVar("T")


@dataclass(slots=True, eq=False)
class Task:
    """One deed, from the click to its end."""

    name: str
    """"test", "sign", "synonym", "case", "forward"; "read" for what is only looked up."""
    act: Callable[[], object]
    result: object = None
    error: T2sqlError | None = None
    is_unexpected: bool = False
    """True when it ended in a defect; the log has the trace."""
    ended: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        """Begin; returns at once."""
        threading.Thread(target=self._run, name="t2sql-review", daemon=True).start()

    @property
    def is_over(self) -> bool:
        """Whether it has come to an end."""
        return self.ended.is_set()

    def _run(self) -> None:
        try:
            self.result = self.act()
        except T2sqlError as error:
            self.error = error
        except Exception:
            LOG.exception("A deed of review ended in a defect.")
            self.is_unexpected = True
        finally:
            self.ended.set()


@st.fragment(run_every=POLL_SECONDS)
def follow_task(task: Task, told: str) -> None:
    """Say what is being done until it is over; then the page draws what came of it."""
    if task.is_over:
        st.rerun()
    draw_notice("", "", [told])


@dataclass(slots=True, eq=False)
class _Reading:
    """What one visitor had read, and when."""

    wanted: tuple[str, object]
    task: Task
    at: datetime


def read_aside(place: str, visit: Visit, act: Callable[[], T], what: object = "") -> T | None:
    """What `act` reads, kept for a while under `place` and `what`; None while it is read or when it failed, as is then
    told. A journal of years takes seconds.
    """
    now, wanted = datetime.now(UTC), (visit.principal, what)
    known: _Reading | None = st.session_state.get(place)
    if known is None or known.wanted != wanted or (known.task.is_over and now - known.at > KEPT):
        known = st.session_state[place] = _Reading(wanted, Task("read", act), now)
        known.task.start()
    if not known.task.ended.wait(AT_ONCE_SECONDS):
        follow_task(known.task, visit.words("review_doing_read"))
        return None
    if known.task.error:
        draw_error(known.task.error, visit.words)
        return None
    if known.task.is_unexpected:
        draw_defect(visit.words)
        return None
    return cast(T, known.task.result)


def change_read(place: str, change: Callable[[Any], object]) -> None:
    """Change what is kept under `place`, where it is there."""
    known: _Reading | None = st.session_state.get(place)
    if known is not None and known.task.is_over:
        known.task.result = change(known.task.result)


def forget_read(place: str) -> None:
    """Read it again at the next look."""
    st.session_state.pop(place, None)
