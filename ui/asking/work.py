"""A question being worked on in a thread of its own, so that the page's script never waits and Stop always works.

It only runs `Agent.steps` and keeps what came; it draws nothing and decides nothing.
"""

from __future__ import annotations

import logging
import threading
import time
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from t2sql.agent import Agent
from t2sql.errors import Cancelled, T2sqlError
from t2sql.flow import Answer, Clarification, Definition, Outcome, Question, Refusal, Step

if TYPE_CHECKING:
    from ui.asking.ahead import Ahead

LOG = logging.getLogger("t2sql.page")


@dataclass(slots=True, eq=False)
class Work:
    """One question of one session, from the click to its end."""

    question: Question
    semantic_sql: str | None
    """Run as it is; None lets the agent write it."""
    is_replayed: bool = False
    """Whether the turns before it are understood anew first, by today's clock."""
    looks_ahead: bool = True
    """Whether follow-ups of its answer are worth finding; not any more when another question has followed."""
    steps: list[Step] = field(default_factory=list)
    """As they came; the thread only appends."""
    error: T2sqlError | None = None
    is_unexpected: bool = False
    """True when it ended in a defect; the log has the trace."""
    is_cancelled: bool = False
    """Stop was pressed: whatever still comes is not shown."""
    told: int = 0
    """How many steps its page has drawn."""
    next_questions: tuple[str, ...] | None = None
    """Follow-ups of the answer that work; None until they are found."""
    seconds: float = 0.0
    """How long it took; 0 while it runs."""
    cancel: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)
    began: float = field(default_factory=time.monotonic)
    _moved: threading.Condition = field(default_factory=threading.Condition)

    def start(self, agent: Agent, ahead: Ahead | None = None) -> None:
        """Begin; returns at once. `ahead` finds what may be asked next, when it has time."""
        args = (agent, ahead)
        threading.Thread(target=self._run, args=args, name="t2sql-question", daemon=True).start()

    def wait(self, seconds: float, seen: int | None = None) -> None:
        """Until it is over or, given how many steps were `seen`, until there are more; but no longer than that."""
        with self._moved:
            self._moved.wait_for(lambda: self.is_over or (seen is not None and len(self.steps) > seen), seconds)

    def stop(self) -> None:
        """Ask for the end, and call it ended for the page: native code may need a moment more. An answer that is there
        stays.
        """
        if not self.is_over and self.outcome is None:
            self.is_cancelled = True
            self.seconds = time.monotonic() - self.began
        self.cancel.set()
        with self._moved:
            self._moved.notify_all()

    def found(self, questions: tuple[str, ...]) -> None:
        """What may be asked next is known now."""
        with self._moved:
            self.next_questions = questions
            self._moved.notify_all()

    def wait_next(self, seconds: float) -> bool:
        """Whether it is known what may be asked next, within that time."""
        with self._moved:
            return self._moved.wait_for(lambda: self.next_questions is not None, seconds)

    def anew(self, name: str) -> Work:
        """The same question, to be begun once more under another name of asking."""
        return Work(replace(self.question, id=name), self.semantic_sql, self.is_replayed, self.looks_ahead)

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come; only what may be asked next is found afterwards."""
        return self.is_cancelled or self.ended.is_set()

    @property
    def elapsed(self) -> float:
        """Seconds since the click, or until the end."""
        return self.seconds or time.monotonic() - self.began

    @property
    def outcome(self) -> Outcome | None:
        """The last step, when it is an end; None while it runs, when stopped and after an error."""
        last = self.steps[-1] if self.steps and not self.is_cancelled else None
        return last if isinstance(last, (Answer, Clarification, Definition, Refusal)) else None

    def _run(self, agent: Agent, ahead: Ahead | None) -> None:
        try:
            with ahead.asking() if ahead else nullcontext():
                self._ask(agent)
        except Cancelled:
            self.is_cancelled = True
        except T2sqlError as error:
            self.error = error
        except Exception:
            LOG.exception("A question ended in a defect.")
            self.is_unexpected = True
        finally:
            self.seconds = self.seconds or time.monotonic() - self.began
            with self._moved:
                self.ended.set()
                self._moved.notify_all()
        if ahead:
            ahead.want(self)

    def _ask(self, agent: Agent) -> None:
        if self.is_replayed:
            self.question = agent.replayed(self.question, cancel=self.cancel)
        for step in agent.steps(self.question, semantic_sql=self.semantic_sql, cancel=self.cancel):
            with self._moved:
                self.steps.append(step)
                self._moved.notify_all()
            if self.cancel.is_set() and self.outcome is None:
                raise Cancelled("Stopped.")
