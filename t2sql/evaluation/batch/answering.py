"""Asks many questions at once, and has each record kept the moment it is there.

One failure never stops the rest; a worker that dies is replaced, and what it was at is asked once more, alone. Only
what every question needs (definitions that can be read, a database that is there) ends a batch early.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from t2sql.agent import MOST_TURNS
from t2sql.errors import ConfigError, T2sqlError
from t2sql.evaluation.batch.asking import Asking, made_of
from t2sql.evaluation.batch.lacking import Lack
from t2sql.evaluation.batch.queue import Queue, Turn
from t2sql.evaluation.batch.record_files import RecordFile
from t2sql.evaluation.batch.recording import WORKER_DIED, Told, error_record, failure, line_of, timed_out, told, turn_of
from t2sql.evaluation.batch.tally import Stopwatch, Tally
from t2sql.evaluation.batch.workers import (
    LEAVING_SECONDS,
    Died,
    Done,
    Post,
    Ready,
    Unfit,
    Worker,
    cores,
    reports,
    shared_out,
)
from t2sql.evaluation.records import Asked
from t2sql.flow import Turn as EarlierTurn

if TYPE_CHECKING:
    from t2sql.generation.shared import LlmAddress

__all__ = ["MOST_SEQUENCES", "Asking", "Tally", "answer_all", "made_of"]

MOST_WORKERS, MOST_SEQUENCES = 16, 5
WORTH_A_WORKER = 8
"""Questions for which another worker is worth its start."""
MOST_ATTEMPTS = 2
GRACE_SECONDS = 20.0
"""After its time limit a question is cancelled; a worker that has not ended it by then is stuck."""
LOOK_SECONDS = 0.2
STANDING_UP_SECONDS = 600.0
"""Most that a worker may take to be ready, the building of an index on a slow machine included."""


def answer_all(
    asked: Sequence[Asked],
    kept: RecordFile,
    how: Asking,
    *,
    progress: Callable[[Tally], None] | None = None,
    stop: threading.Event | None = None,
) -> Tally:
    """Ask all of `asked` that `kept` has not, and keep their records. Blocks; `progress` hears the growing tally.

    `stop` set: what is in flight has 5 s to end, and the rest stays unasked. Raises ConfigError, HostUnfit … when no
    worker can stand up, QuestionError when a record cannot be written.
    """
    with _shared_llm(how) as address:
        return _Batch(asked, kept, how, address, progress, stop or threading.Event()).run()


@contextmanager
def _shared_llm(how: Asking) -> Iterator[LlmAddress | None]:
    """Where workers reach the one llm of this machine; None when they call a server themselves."""
    if how.settings.llm.startswith(("http://", "https://")):
        yield None
        return
    from t2sql.generation.shared import LlmHost

    with LlmHost(lambda: how.load_llm(how.settings, sequences=min(MOST_SEQUENCES, how.at_once))) as host:
        yield host.address


class _Batch:
    """One run over the questions of a file."""

    def __init__(
        self, asked: Sequence[Asked], kept: RecordFile, how: Asking, address: LlmAddress | None,
        progress: Callable[[Tally], None] | None, stop: threading.Event,
    ) -> None:  # fmt: skip
        self._kept, self._how, self._tell, self._stop = kept, how, progress, stop
        self._asked = asked
        todo = [one for one in asked if one.id not in kept]
        self._queue = Queue(asked, how.clock, how.clocks, how.who, kept)
        self._size = max(1, min(cores(), how.at_once, MOST_WORKERS, -(-len(todo) // WORTH_A_WORKER)))
        self._threads = -(-how.at_once // self._size)
        self._post = Post(
            how.agent, shared_out(how.settings, self._size), how.load_llm, address, how.who, how.language,
            how.timeout_seconds, self._threads, how.origin,
        )  # fmt: skip
        self._workers: list[Worker] = []
        self._turns: dict[int, Turn] = {}
        self._alone: set[Worker] = set()
        self._tally = Tally(len(asked), workers=self._size)
        self._watch = Stopwatch()
        self._catalog: str | None = None
        self._lack = Lack()
        self._stillborn = 0

    def run(self) -> Tally:
        """Until everything is asked, or it must stop."""
        for one in self._asked:
            if one.id in self._kept:
                self._tally.count(self._kept.told(one.id), is_resumed=True)
        for name in self._queue.waiting_copies:
            self._copy(name)
        try:
            self._ask_all()
            for worker in self._workers:
                worker.leave()
            self._workers, leaving = [], self._workers
            for worker in leaving:
                worker.gone(LEAVING_SECONDS)
        finally:
            for worker in self._workers:
                worker.kill()
        self._watch.end(self._tally)
        return self._tally

    def _ask_all(self) -> None:
        deadline: float | None = None
        while self._turns or (deadline is None and len(self._queue)):
            if deadline is None and (self._stop.is_set() or self._lack.error):
                self._tally.ended = "stopped" if self._stop.is_set() else "lacking"
                deadline = time.monotonic() + LEAVING_SECONDS
            if deadline is not None and time.monotonic() > deadline:
                break
            if deadline is None:
                self._fill()
            for worker, report in list(reports(self._workers, LOOK_SECONDS)):
                self._take(worker, report)
            self._watch.read(self._tally)
            if self._tell:
                self._tell(self._tally)
            self._end_stuck()
        if deadline is not None and self._workers:
            # Whatever still runs is not waited for.
            for worker in self._workers:
                worker.kill()
            self._workers = []

    def _fill(self) -> None:
        """As many workers as there is work for, each with as much as it takes."""
        while len(self._workers) < self._size and len(self._queue):
            self._workers.append(Worker(self._post))
        if self._watch.asking_since is None:
            if not all(worker.catalog for worker in self._workers):
                return
            self._watch.asking_since = time.monotonic()
        for worker in self._workers:
            while worker.catalog and worker not in self._alone and len(worker.sent) < self._threads:
                if len(self._turns) >= self._how.at_once:
                    return
                turn = self._queue.next(worker, is_idle=not worker.sent)
                if turn is None:
                    break
                if turn.attempts:
                    self._alone.add(worker)
                turn.attempts += 1
                turn.sent_at = time.monotonic()
                self._turns[turn.number] = turn
                worker.send(turn.number, turn.asked, turn.today, self._before(turn))

    def _before(self, turn: Turn) -> tuple[EarlierTurn, ...]:
        """The turns of the same conversation and person that have their records, also those of a batch gone on with."""
        asked = turn.asked
        if not asked.conversation:
            return ()
        earlier = [
            one.id
            for one in self._asked[: turn.number]
            if (one.conversation, one.principal) == (asked.conversation, asked.principal) and one.id in self._kept
        ]
        return tuple(turn_of(self._kept.record(name)) for name in earlier[-MOST_TURNS:])

    def _take(self, worker: Worker, report: Ready | Unfit | Done | Died) -> None:
        if isinstance(report, Done):
            self._alone.discard(worker)
            self._end(self._turns.pop(report.number), worker, report.line, report.said)
        elif isinstance(report, Ready):
            self._welcome(report)
        elif isinstance(report, Unfit):
            raise report.error()
        else:
            self._bury(worker)

    def _welcome(self, report: Ready) -> None:
        self._stillborn = 0
        self._watch.cpu_starting += report.cpu_seconds
        self._catalog = self._catalog or report.catalog
        self._tally.notes = report.notes
        if report.catalog != self._catalog:
            raise ConfigError(
                "The definitions were changed while the batch ran.",
                "Put them back and go on with --resume, or delete what is kept and begin anew.",
            )

    def _bury(self, worker: Worker, *, guilty: int | None = None) -> None:
        """`worker` has died, or is killed for question `guilty`, which has taken far too long."""
        self._workers.remove(worker)
        self._alone.discard(worker)
        was_ready, numbers = worker.catalog is not None, list(worker.sent)
        worker.kill()
        self._queue.forget(worker)
        self._stillborn += not was_ready
        if self._stillborn > MOST_ATTEMPTS * self._size:
            raise ConfigError(
                "Workers die before they can ask.", "Run `t2sql doctor`, or ask with a smaller --concurrency."
            )
        for number in numbers:
            turn = self._turns.pop(number)
            if number == guilty:
                self._end_failed(turn, timed_out(self._how.timeout_seconds))
            elif turn.attempts >= MOST_ATTEMPTS:
                cure = "Ask it alone with `t2sql ask`; the machine may lack memory."
                self._end_failed(turn, failure(WORKER_DIED, "The process that asked it died twice.", cure))
            else:
                self._queue.again(turn)

    def _end_stuck(self) -> None:
        """Kill workers whose question does not heed its time limit, or that never stand up."""
        for worker in list(self._workers):
            if worker.catalog is None and worker.age > STANDING_UP_SECONDS:
                self._bury(worker)
        latest = time.monotonic() - self._how.timeout_seconds - GRACE_SECONDS
        for worker in list(self._workers):
            late = [number for number, sent in worker.sent.items() if sent < latest]
            if late:
                self._bury(worker, guilty=late[0])

    def _end_failed(self, turn: Turn, error: T2sqlError) -> None:
        record = error_record(turn.asked, error, turn.asked.principal or self._how.who, self._how.language)
        self._end(turn, None, line_of(record), told(record))

    def _end(self, turn: Turn, worker: Worker | None, line: bytes, said: Told) -> None:
        """Keep a record, and count it."""
        self._kept.keep(line, said)
        self._tally.count(said)
        self._tally.error = self._lack.after(said, turn.sent_at)
        for name in self._queue.ended(turn, worker):
            self._copy(name)

    def _copy(self, name: str) -> None:
        self._kept.copy(name, self._queue.original_of[name])
        self._tally.count(self._kept.told(name), is_copy=True)
