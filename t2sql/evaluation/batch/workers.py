"""Processes that ask: each opens an agent of its own, and asks some questions at a time on threads.

One question is mostly Python, so threads alone gain little. A worker holds no state that another needs: it may be
killed at any moment, and it ends by itself when the process that started it is gone.
"""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING, Any, cast

from t2sql.agent import Agent
from t2sql.catalog import Language
from t2sql.errors import T2sqlError
from t2sql.evaluation.batch.recording import Told, ask_within, line_of, told
from t2sql.evaluation.records import Asked
from t2sql.flow import Note, Turn
from t2sql.generation.llm import Llm
from t2sql.journal import Journal, Origin
from t2sql.settings import Settings

if TYPE_CHECKING:
    from t2sql.generation.shared import LlmAddress

LEAVING_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Post:
    """What a worker is given to stand up with; it travels to another process."""

    agent: type[Agent]
    settings: Settings
    load_llm: Callable[..., Llm]
    """`load_llm(settings)`, for an llm that answers elsewhere."""
    llm: LlmAddress | None
    """Of the llm that all workers share; None: each calls `load_llm`."""
    principal: str
    language: Language | None
    timeout_seconds: float
    threads: int
    origin: Origin


@dataclass(frozen=True, slots=True)
class Ready:
    """A worker that can ask now."""

    catalog: str
    """Fingerprint of the definitions it has read."""
    cpu_seconds: float
    """What standing up has cost."""
    notes: tuple[Note, ...] = ()
    """What the database no longer bears, as the batch's principal may know it."""


@dataclass(frozen=True, slots=True)
class Unfit:
    """A worker that cannot: what it was refused."""

    kind: type[T2sqlError]
    message: str
    hint: str

    def error(self) -> T2sqlError:
        """The refusal as it was raised there."""
        return self.kind(self.message, self.hint)


@dataclass(frozen=True, slots=True)
class Done:
    """A question that has ended."""

    number: int
    said: Told
    line: bytes
    """Its record."""


@dataclass(frozen=True, slots=True)
class Died:
    """A worker that is no more; nobody knows why."""


Report = Ready | Unfit | Done | Died


def cores() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def shared_out(settings: Settings, workers: int) -> Settings:
    """Settings of one worker of several: its share of DuckDB's memory and threads."""
    ((number, unit),) = re.findall(r"([\d.]+)\s?(\w+)", settings.memory_limit)
    threads = max(1, (settings.warehouse_threads or cores()) // workers)
    share = f"{float(number) / workers:.3f}{unit}"
    return settings.model_copy(update={"memory_limit": share, "warehouse_threads": threads})


class Worker:
    """One process, seen from the one that started it."""

    def __init__(self, post: Post) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, there = context.Pipe()
        self._process = context.Process(target=work, args=(there, post), name="t2sql-worker", daemon=True)
        # Ctrl-C reaches every process of a terminal; only the one that started the others may act on it. The tracker
        # unblocks the signal when it starts, so it must run before.
        resource_tracker.ensure_running()
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            self._process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        # Its end must be its own: the pipe breaks when it dies.
        there.close()
        self.catalog: str | None = None
        """Fingerprint of its definitions; None before it is ready."""
        self.sent: dict[int, float] = {}
        """Number of each question it is at -> when it was sent, on the monotonic clock."""
        self._born = time.monotonic()

    @property
    def pid(self) -> int | None:
        """Of the process."""
        return self._process.pid

    @property
    def age(self) -> float:
        """Seconds since it was started."""
        return time.monotonic() - self._born

    def send(self, number: int, asked: Asked, today: date, before: tuple[Turn, ...] = ()) -> None:
        """Have it ask; a worker that has died is told by `hear`. `before`: earlier turns of the conversation."""
        self.sent[number] = time.monotonic()
        with suppress(OSError):
            self.connection.send((number, asked, today, before))

    def hear(self) -> Report:
        """Its next report; waits for it."""
        try:
            report: Report = self.connection.recv()
        except (EOFError, OSError):
            return Died()
        if isinstance(report, Done):
            self.sent.pop(report.number, None)
        elif isinstance(report, Ready):
            self.catalog = report.catalog
        return report

    def kill(self) -> None:
        """End it now."""
        self._process.kill()
        self._process.join()
        self.connection.close()

    def leave(self) -> None:
        """Tell it to end when it has nothing more to do."""
        with suppress(OSError):
            self.connection.send(None)

    def gone(self, seconds: float) -> None:
        """Wait for its end, up to `seconds`, then make it."""
        self._process.join(seconds)
        self.kill()


def reports(workers: list[Worker], seconds: float) -> Iterator[tuple[Worker, Report]]:
    """One report of each worker that has one, within `seconds`."""
    by_connection = {worker.connection: worker for worker in workers}
    for connection in wait(by_connection, seconds):
        worker = by_connection[cast("Connection[Any, Any]", connection)]
        yield worker, worker.hear()


def work(connection: Connection[Any, Any], post: Post) -> None:
    """The life of a worker: stand up, ask what comes, end at None or when nobody is there any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    turn = threading.Lock()

    def report(what: Report) -> None:
        try:
            with turn:
                connection.send(what)
        except OSError:
            os._exit(1)

    def ask(number: int, asked: Asked, today: date, before: tuple[Turn, ...]) -> None:
        record = ask_within(
            agent, asked, principal=post.principal, language=post.language, today=today,
            timeout_seconds=post.timeout_seconds, before=before,
        )  # fmt: skip
        report(Done(number, told(record), line_of(record)))

    try:
        agent = _stand_up(post)
    except T2sqlError as error:
        return report(Unfit(type(error), error.message, error.hint))
    report(Ready(agent.definitions_fingerprint, time.process_time(), agent.drift_notes_for(post.principal)))
    with ThreadPoolExecutor(post.threads) as pool:
        while True:
            try:
                asked = connection.recv()
            except (EOFError, OSError):
                # Whoever wanted the answers has died: what runs here must not outlive it.
                os._exit(1)
            if asked is None:
                break
            pool.submit(ask, *asked)
    agent.close()


def _stand_up(post: Post) -> Agent:
    """An agent with what most questions need. Raises ConfigError for definitions that cannot be read."""

    def llm() -> Llm:
        if post.llm is None:
            return post.load_llm(post.settings)
        from t2sql.generation.shared import SharedLlm

        return SharedLlm(post.llm)

    agent = post.agent.open(post.settings, llm=llm)
    agent.journal = Journal(post.settings.journal_file, post.origin)
    # What is missing is told by each question that needs it.
    with suppress(T2sqlError):
        agent.grounding(agent.narrow(post.principal))
        agent.index()
    return agent
