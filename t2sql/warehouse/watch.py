"""When running SQL must stop, and the thread that stops it.

It must know no engine: whatever has `interrupt()` can be watched.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol

from t2sql.errors import Cancelled, QueryTimeout, T2sqlError

POLL_SECONDS = 0.02


class Interruptible(Protocol):
    """Work in an engine that another thread can stop."""

    def interrupt(self) -> None:
        """Make the running call end with an error; no effect when nothing runs."""
        ...


@dataclass(frozen=True, slots=True)
class Limits:
    """What ends one call early."""

    deadline: float
    """On the monotonic clock."""
    timeout_seconds: float
    """What the deadline was made of, for telling."""
    cancels: tuple[threading.Event, ...]

    def reached(self) -> T2sqlError | None:
        """The error to end with now; None while there is time and nobody has cancelled."""
        if any(event.is_set() for event in self.cancels):
            return Cancelled("The question was stopped.", "Ask again when you are ready.")
        if time.monotonic() > self.deadline:
            message = f"The SQL ran longer than {self.timeout_seconds:g} s and was stopped."
            return QueryTimeout(message, "Ask for fewer periods or groups, or raise `timeout_seconds` in the settings.")
        return None


class Watch:
    """Interrupts the work when a limit is reached, again and again until it has ended; joins its thread on leaving."""

    def __init__(self, work: Interruptible, limits: Limits) -> None:
        self.stopped: T2sqlError | None = None
        """Why the work was interrupted; None when it was not."""
        self._work = work
        self._limits = limits
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look, name="t2sql-watch", daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._done.wait(POLL_SECONDS):
            self.stopped = self.stopped or self._limits.reached()
            if self.stopped:
                # Repeated: an interrupt that falls before the engine has begun is lost.
                self._work.interrupt()
