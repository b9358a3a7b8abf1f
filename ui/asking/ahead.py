"""What may be asked after an answer, found for all sessions by one thread, while nobody waits for an answer.

A follow-up is offered only when it has been seen to work, which costs as much as a few answers: that must never make
another person's question slower, so a finder waits for its turn and skips what nobody looks at any more.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from t2sql.agent import Agent
from t2sql.flow import Answer
from ui.asking.work import LOG, Work

PATIENCE_SECONDS = 2.0
"""An answer that takes long is the llm's or the database's time, not this machine's."""


class Ahead:
    """Finds follow-ups, one answer after another."""

    def __init__(self, agent: Agent) -> None:
        self._agent = agent
        self._wanted: queue.SimpleQueue[Work] = queue.SimpleQueue()
        self._changed = threading.Condition()
        self._asking = 0
        self._is_finding = False

    @property
    def is_held(self) -> bool:
        """Whether it waits, as somebody's question is worked on."""
        return self._asking > 0

    @contextmanager
    def asking(self) -> Iterator[None]:
        """While somebody's question is worked on."""
        with self._changed:
            self._asking += 1
        try:
            yield
        finally:
            with self._changed:
                self._asking -= 1
                self._changed.notify_all()

    def want(self, work: Work) -> None:
        """Find the follow-ups of `work` when there is time; returns at once."""
        if not isinstance(work.outcome, Answer) or not work.looks_ahead:
            work.found(())
            return
        with self._changed:
            self._wanted.put(work)
            if not self._is_finding:
                self._is_finding = True
                threading.Thread(target=self._find_all, name="t2sql-ahead", daemon=True).start()

    def _find_all(self) -> None:
        while True:
            with self._changed:
                if self._wanted.empty():
                    self._is_finding = False
                    return
                self._changed.wait_for(lambda: not self._asking, PATIENCE_SECONDS)
                work = self._wanted.get()
            work.found(self._find(work))

    def _find(self, work: Work) -> tuple[str, ...]:
        outcome = work.outcome
        try:
            if work.looks_ahead and isinstance(outcome, Answer):
                return self._agent.next_questions(outcome)
        except Exception:
            LOG.exception("No follow-up could be found.")
        return ()
