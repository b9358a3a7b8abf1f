"""How far a batch is, and how its questions ended: counts only, for progress, a summary and an exit code."""

from __future__ import annotations

import resource
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from t2sql.errors import T2sqlError
from t2sql.evaluation.batch.recording import Told
from t2sql.flow import Note

Ended = Literal["done", "stopped", "lacking"]
"""All asked; somebody stopped it; what every question needs has gone."""


@dataclass(slots=True)
class Tally:
    """Counts of one batch; they grow while it runs."""

    total: int
    """Questions in the file, those kept from before included."""
    resumed: int = 0
    """Kept from before."""
    done: int = 0
    """Ended so far, those kept from before included."""
    copied: int = 0
    """Of those, answered once for a question asked before."""
    outcomes: Counter[str] = field(default_factory=Counter)
    """ "answer", "clarification", "definition", "refusal", "failure" -> questions."""
    routes: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    """Code of the error -> questions that failed."""
    failed_ids: list[str] = field(default_factory=list)
    """Of these questions, as they ended."""
    workers: int = 0
    startup_seconds: float = 0.0
    """Wall time until all workers could ask."""
    wall_seconds: float = 0.0
    """From then to the last record; grows."""
    cpu_seconds: float = 0.0
    """Of this process and all workers while asking, start-up left out; known at the end."""
    ended: Ended = "done"
    error: T2sqlError | None = None
    """What stopped it, when it ended "lacking"."""
    notes: tuple[Note, ...] = ()
    """What is switched off because the database has changed; known when the first worker is ready."""

    def count(self, said: Told, *, is_resumed: bool = False, is_copy: bool = False) -> None:
        """One question has ended."""
        self.done += 1
        self.resumed += is_resumed
        self.copied += is_copy
        self.outcomes[said.outcome] += 1
        if said.route:
            self.routes[said.route] += 1
        if said.is_failure:
            self.failures[said.code] += 1
            self.failed_ids.append(said.id)

    @property
    def failed(self) -> int:
        """Questions that ended in an error or a time-out."""
        return self.outcomes["failure"]

    @property
    def failed_share(self) -> float:
        """Of all questions of the file, 0 to 1."""
        return self.failed / self.total if self.total else 0.0

    @property
    def a_minute(self) -> float:
        """Questions ended a minute in this run, 0.0 before the first."""
        return (self.done - self.resumed) / self.wall_seconds * 60 if self.wall_seconds else 0.0

    @property
    def seconds_left(self) -> float | None:
        """At this rate; None before there is one."""
        return (self.total - self.done) / self.a_minute * 60 if self.a_minute else None


@dataclass(slots=True)
class Stopwatch:
    """Wall and processor time of one batch."""

    began: float = field(default_factory=time.monotonic)
    cpu_before: float = field(default_factory=lambda: _cpu_seconds())
    asking_since: float | None = None
    cpu_starting: float = 0.0
    """What workers took to stand up."""

    def read(self, tally: Tally) -> None:
        """Write the wall times up to now into `tally`."""
        now = time.monotonic()
        tally.startup_seconds = (self.asking_since or now) - self.began
        tally.wall_seconds = now - (self.asking_since or now)

    def end(self, tally: Tally) -> None:
        """Write the processor time into `tally`, when all workers have ended."""
        # A worker's time is known when it has ended.
        tally.cpu_seconds = max(0.0, _cpu_seconds() - self.cpu_before - self.cpu_starting)


def _cpu_seconds() -> float:
    """Of this process and of its children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)
