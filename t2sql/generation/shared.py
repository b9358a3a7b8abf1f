"""One llm for several processes of this machine: a host that holds it, and clients that stand where an llm stands.

Weights are loaded once and calls of all processes are decoded together. The two sides talk over a UNIX socket in a
folder of its owner, with a key made for this host. Nothing here may listen on a network, and a client that dies must
leave nothing running.
"""

from __future__ import annotations

import contextlib
import multiprocessing.connection
import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing import AuthenticationError
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any

from t2sql.errors import Cancelled, GenerationError, LlmUnavailable, T2sqlError
from t2sql.generation.llm import Llm, Writing

_POLL_SECONDS = 0.05
_WAITING_CONNECTIONS = 64
_CLOSING_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class LlmAddress:
    """Where a host listens; may be pickled and passed to another process of the same user."""

    path: str
    """The UNIX socket."""
    key: bytes = field(repr=False)
    """What a client must know; made anew for each host."""


class LlmHost:
    """Serves one llm to other processes until it is closed; `load` runs at the first call, once.

    One thread a connection, so that what is asked at the same time is decoded together. An error of ours reaches the
    client as it is; anything else as GenerationError.
    """

    def __init__(self, load: Callable[[], Llm]) -> None:
        self._load = load
        self._llm: Llm | None = None
        self._loading = threading.Lock()
        self._folder = tempfile.TemporaryDirectory(prefix="t2sql-llm-", ignore_cleanup_errors=True)
        key = os.urandom(32)
        path = str(Path(self._folder.name) / "llm")
        self.address = LlmAddress(path, key)
        # Without a key here: the check of the key is a talk, and one slow client must not keep the others waiting.
        self._listener = multiprocessing.connection.Listener(path, "AF_UNIX", backlog=_WAITING_CONNECTIONS)
        self._is_closed = False
        self._open: dict[Connection, threading.Thread] = {}
        self._turn = threading.Lock()
        self._accepting = threading.Thread(target=self._accept, name="llm-host", daemon=True)
        self._accepting.start()

    def __enter__(self) -> LlmHost:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Cancel what runs, end all connections, free the llm. A second call does nothing."""
        with self._turn:
            if self._is_closed:
                return
            self._is_closed = True
        with contextlib.suppress(OSError, EOFError):  # wakes the thread that accepts
            multiprocessing.connection.Client(self.address.path, "AF_UNIX").close()
        self._accepting.join(_CLOSING_SECONDS)
        self._listener.close()
        with self._turn:
            serving = dict(self._open)
        for connection in serving:
            _shut(connection)
        for thread in serving.values():
            thread.join(_CLOSING_SECONDS)
        with self._loading:
            close = getattr(self._llm, "close", None)
            if close is not None:
                close()
            self._llm = None
        self._folder.cleanup()

    def _accept(self) -> None:
        while True:
            try:
                connection = self._listener.accept()
            except OSError:
                return
            with self._turn:
                if self._is_closed:
                    connection.close()
                    return
                thread = threading.Thread(target=self._serve, args=(connection,), name="llm-client", daemon=True)
                self._open[connection] = thread
            thread.start()

    def _serve(self, connection: Connection) -> None:
        """All calls of one connection, one after the other; its end cancels the one that runs."""
        cancel = threading.Event()
        calls: list[threading.Thread] = []
        try:
            multiprocessing.connection.deliver_challenge(connection, self.address.key)
            multiprocessing.connection.answer_challenge(connection, self.address.key)
            while True:
                verb, arguments = connection.recv()
                calls = [threading.Thread(target=self._answer, args=(connection, verb, arguments, cancel), daemon=True)]
                calls[0].start()
        except (OSError, EOFError, AuthenticationError):
            pass
        finally:
            cancel.set()
            for call in calls:
                call.join(_CLOSING_SECONDS)
            with self._turn:
                self._open.pop(connection, None)
            connection.close()

    def _answer(self, connection: Connection, verb: str, arguments: dict[str, Any], cancel: threading.Event) -> None:
        try:
            answer: tuple[str, Any] = ("done", self._do(connection, verb, arguments, cancel))
        except T2sqlError as error:
            answer = ("failed", error)
        except Exception as error:  # a defect of the host is the client's answer, never its silence
            answer = ("failed", GenerationError(f"The llm's process failed: {error!r}", "Run `t2sql doctor`."))
        with contextlib.suppress(OSError, EOFError):
            connection.send(answer)

    def _do(self, connection: Connection, verb: str, arguments: dict[str, Any], cancel: threading.Event) -> Any:
        with self._loading:
            if self._is_closed:
                raise LlmUnavailable(*_GONE)
            if self._llm is None:
                self._llm = self._load()
            llm = self._llm
        match verb:
            case "fingerprint":
                return llm.fingerprint
            case "count":
                return llm.count(**arguments)
            case "write":
                return llm.write(**arguments, cancel=cancel)
            case _:

                def told(share: float) -> None:
                    with contextlib.suppress(OSError):
                        connection.send(("progress", share))

                return llm.prepare(**arguments, progress=told)


_GONE = ("The process that holds the llm has ended.", "Run the same command again.")


class SharedLlm:
    """The llm of an LlmHost, for another process; an Llm like any other, and safe to use from several threads."""

    def __init__(self, address: LlmAddress) -> None:
        self._address = address
        self._idle: list[Connection] = []
        self._turn = threading.Lock()
        self._fingerprint = ""

    @property
    def fingerprint(self) -> str:
        """sha256 of the weights. Loads the llm at the host if nobody has."""
        if not self._fingerprint:
            self._fingerprint = str(self._call("fingerprint"))
        return self._fingerprint

    def write(
        self,
        prefix: str,
        suffix: str,
        grammar: str,
        *,
        max_tokens: int,
        tail: str = "",
        cancel: threading.Event | None = None,
    ) -> Writing:
        written = self._call(
            "write", cancel, prefix=prefix, suffix=suffix, grammar=grammar, max_tokens=max_tokens, tail=tail
        )
        assert isinstance(written, Writing)
        return written

    def count(self, text: str) -> int:
        return int(self._call("count", text=text))

    def ahead(self, cancel: threading.Event) -> int:
        """0: only the host sees who waits."""
        return 0

    def prepare(self, prefix: str, progress: Callable[[float], None] | None = None) -> bool:
        return bool(self._call("prepare", progress=progress, prefix=prefix))

    def close(self) -> None:
        """End the idle connections; the llm stays with its host."""
        with self._turn:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _call(
        self,
        verb: str,
        cancel: threading.Event | None = None,
        progress: Callable[[float], None] | None = None,
        **arguments: Any,
    ) -> Any:
        if cancel is not None and cancel.is_set():
            raise Cancelled("The work was cancelled.")
        with self._connection() as connection:
            connection.send((verb, arguments))
            while True:
                while not connection.poll(_POLL_SECONDS):
                    if cancel is not None and cancel.is_set():
                        raise Cancelled("The work was cancelled.")  # the connection ends, and with it the host's work
                kind, value = connection.recv()
                if kind != "progress":
                    break
                if progress is not None:
                    progress(value)
        if kind == "failed":
            raise value
        return value

    @contextlib.contextmanager
    def _connection(self) -> Iterator[Connection]:
        """A connection for one call; it is kept for the next one only when the call came to its end."""
        with self._turn:
            connection = self._idle.pop() if self._idle else None
        try:
            if connection is None:
                connection = multiprocessing.connection.Client(self._address.path, "AF_UNIX")
                multiprocessing.connection.answer_challenge(connection, self._address.key)
                multiprocessing.connection.deliver_challenge(connection, self._address.key)
            yield connection
        except (OSError, EOFError, AuthenticationError) as error:
            if connection is not None:
                connection.close()
            raise LlmUnavailable(*_GONE) from error
        except BaseException:
            if connection is not None:
                connection.close()
            raise
        with self._turn:
            self._idle.append(connection)


def _shut(connection: Connection) -> None:
    """End a connection that another thread reads: closing alone would leave that thread waiting."""
    import socket

    with contextlib.suppress(OSError), socket.socket(fileno=os.dup(connection.fileno())) as ended:
        ended.shutdown(socket.SHUT_RDWR)
