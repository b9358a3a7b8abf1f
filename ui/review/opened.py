"""The item that a reviewer has open: its re-runs, the SQL in hand, the test. It draws nothing."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from t2sql.flow import Answer
from t2sql.journal.review import Done, Waiting
from t2sql.reviewing.trying import Tested, asked_again
from ui.asking.work import Work
from ui.frame import Visit
from ui.review.queue import forget_said, key_of
from ui.review.task import Task

ITEM = "review-item"


@dataclass(slots=True, eq=False)
class Opened:
    """One item of the queue, looked at by one reviewer."""

    waiting: Waiting
    visit: Visit
    sql: str
    """In hand: the correction, what the reviewer wrote, or what was answered; "" for none."""
    first: Work | None = None
    """What was answered, run under the reviewer's rights."""
    second: Work | None = None
    """What is in hand, where that is another SQL."""
    again: Work | None = None
    """The question asked again as it is."""
    task: Task | None = None
    done: Done = "seen"
    """What was done about it before it is taken out of the queue."""
    tested: Tested | None = None
    """The last test that passed, of the SQL in hand."""

    @property
    def key(self) -> str:
        """Tells this item from others on the page."""
        return key_of(self.waiting)

    @property
    def is_changed(self) -> bool:
        """Whether the SQL in hand is the reviewer's own."""
        judgement = self.waiting.judgement
        given = judgement.semantic_sql if judgement else ""
        return self.sql != (given or self.waiting.past.semantic_sql)

    def run(self, sql: str) -> None:
        """Take `sql` in hand and run it."""
        self.sql, self.tested = sql, None
        _stop(self.second)
        self.second = self._work(sql)

    def ask_again(self) -> None:
        """Ask the question as it is."""
        _stop(self.again)
        self.again = self._work(None)

    def start(self, task: Task) -> None:
        """Begin a deed; one at a time."""
        if self.task is None or self.task.is_over:
            forget_said()
            self.task = task
            task.start()

    def _work(self, sql: str | None) -> Work:
        agent = self.visit.desk.agent
        work = Work(asked_again(agent, self.visit.narrowed, self.waiting.past), sql, looks_ahead=False)
        work.start(agent)
        return work


def open_item(waiting: Waiting, visit: Visit) -> Opened:
    """The item as it was left, or opened now with its SQLs running."""
    found: Opened | None = st.session_state.get(ITEM)
    if found is not None and found.waiting == waiting and found.visit.principal == visit.principal:
        found.visit = visit
        return found
    close_item()
    past, judgement = waiting.past, waiting.judgement
    correction = judgement.semantic_sql if judgement else ""
    found = Opened(waiting, visit, correction or past.semantic_sql)
    if past.semantic_sql:
        found.first = found._work(past.semantic_sql)
    if correction and correction != past.semantic_sql:
        found.second = found._work(correction)
    st.session_state[ITEM] = found
    return found


def close_item() -> None:
    """Stop what still runs for the item that is open, and keep nothing of it."""
    found: Opened | None = st.session_state.pop(ITEM, None)
    if found is None:
        return
    for work in (found.first, found.second, found.again):
        _stop(work)
    # What no widget holds would stay in the session for ever. The list's buttons are of every item.
    for name in [str(name) for name in st.session_state]:
        if found.key in name and name.startswith("review-") and not name.startswith("review-open-"):
            del st.session_state[name]


def _stop(work: Work | None) -> None:
    """Nobody looks at it any more: what it runs is for nothing."""
    if work is not None:
        work.stop()


def answer_of(work: Work | None) -> Answer | None:
    """The answer that it came to, if it did."""
    outcome = work.outcome if work else None
    return outcome if isinstance(outcome, Answer) else None
