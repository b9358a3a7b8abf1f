"""Something slow that a reviewer started, in a thread of its own, so that the page's script never waits."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import streamlit as st

from t2sql.errors import T2sqlError
from ui.asking.work import LOG
from ui.parts.blocks import draw_notice

POLL_SECONDS = 0.5


@dataclass(slots=True, eq=False)
class Task:
    """One deed, from the click to its end."""

    name: str
    """"test", "sign", "synonym", "case", "forward"."""
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
