"""The one SQLite file of the journal: who may read it, how it waits for its turn, and the tables in it.

Opened for writing only to write. Nothing here knows what an entry means.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from t2sql.errors import ConfigError

WAIT_SECONDS = 60.0
"""How long a writer waits for others, processes and threads alike: a busy disk can hold each of them for seconds."""
_PAUSE_SECONDS = 0.01
_TABLES = (
    """
    CREATE TABLE IF NOT EXISTS entry (
        id INTEGER PRIMARY KEY, at TEXT NOT NULL, question_id TEXT NOT NULL, principal TEXT NOT NULL,
        kind TEXT NOT NULL, body TEXT NOT NULL
    )
    """,
    "CREATE INDEX IF NOT EXISTS entry_question ON entry (question_id)",
    "CREATE INDEX IF NOT EXISTS entry_asked_by ON entry (principal, id) WHERE kind = 'question'",
    "CREATE INDEX IF NOT EXISTS entry_asked_at ON entry (at) WHERE kind = 'question'",
    """
    CREATE TABLE IF NOT EXISTS pin (
        id INTEGER PRIMARY KEY, principal TEXT NOT NULL, question_id TEXT NOT NULL, UNIQUE (principal, question_id)
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS board (
        place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, principal TEXT NOT NULL, name TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS item (
        board_id TEXT NOT NULL, question_id TEXT NOT NULL, mode TEXT NOT NULL, place INTEGER NOT NULL,
        PRIMARY KEY (board_id, question_id)
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS judgement (
        id TEXT PRIMARY KEY, question_id TEXT NOT NULL, principal TEXT NOT NULL, at TEXT NOT NULL,
        verdict TEXT NOT NULL, reason TEXT NOT NULL, text TEXT NOT NULL, should_be TEXT NOT NULL,
        semantic_sql TEXT NOT NULL, state TEXT NOT NULL, decided_by TEXT NOT NULL, decided_at TEXT NOT NULL,
        note TEXT NOT NULL, UNIQUE (question_id, principal)
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS approval (
        id INTEGER PRIMARY KEY, judgement_id TEXT NOT NULL, principal TEXT NOT NULL, at TEXT NOT NULL,
        note TEXT NOT NULL, UNIQUE (judgement_id, principal)
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS settled (
        asked TEXT PRIMARY KEY, principal TEXT NOT NULL, at TEXT NOT NULL, done TEXT NOT NULL, note TEXT NOT NULL
    )
    """,
)
_HAS_TABLE = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"


class JournalFile:
    """The file, for all parts of the journal. Safe to use from several threads and processes."""

    def __init__(self, path: Path, wait_seconds: float = WAIT_SECONDS) -> None:
        self.path = path
        self._wait_seconds = wait_seconds
        self._turn = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    def close(self) -> None:
        """Let the file go; a later writing opens it again."""
        with self._turn:
            self._drop()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction, alone from its first read on; an error inside takes all of it back.

        Raises ConfigError when the file cannot be written.
        """
        with self._turn:
            try:
                connection = self._opened()
                # Begun as a writer: one that turns from reader to writer is told "locked" at once, and never waits.
                self._patiently(connection, "BEGIN IMMEDIATE")
            except (sqlite3.Error, OSError) as error:
                raise self._unwritable(error) from error
            try:
                yield connection
                connection.execute("COMMIT")
            except sqlite3.Error as error:
                raise self._unwritable(error) from error
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    @contextmanager
    def reading(self, table: str = "entry") -> Iterator[sqlite3.Connection | None]:
        """A connection that cannot write; None without a journal, or where it is older than `table`.

        Raises ConfigError when the file cannot be read.
        """
        if not self.path.exists():
            yield None
            return
        try:
            address = f"{self.path.resolve().as_uri()}?mode=ro"
            with closing(sqlite3.connect(address, uri=True, timeout=self._wait_seconds)) as connection:
                yield connection if connection.execute(_HAS_TABLE, (table,)).fetchone() else None
        except (sqlite3.Error, OSError) as error:
            hint = "Run this as the person who owns the journal."
            raise ConfigError(f"The journal {str(self.path)!r} cannot be read: {error}.", hint) from error

    def _opened(self) -> sqlite3.Connection:
        """The connection, kept open: opening the file for each entry took four times as long as writing it."""
        if not self.path.exists():
            self._drop()
            self.path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(self.path, os.O_CREAT | os.O_WRONLY, 0o600))
        if self._connection is None:
            opened = sqlite3.connect(
                self.path, timeout=self._wait_seconds, isolation_level=None, check_same_thread=False
            )
            try:
                # Appends beside the file, and waits for the disk at each commit all the same.
                self._patiently(opened, "PRAGMA journal_mode = WAL")
                opened.execute("PRAGMA synchronous = FULL")
                for table in _TABLES:
                    self._patiently(opened, table)
            except BaseException:
                opened.close()
                raise
            self._connection = opened
        return self._connection

    def _patiently(self, connection: sqlite3.Connection, statement: str) -> None:
        """Run it, though others use the file: for a change of its form SQLite does not wait by itself."""
        deadline = time.monotonic() + self._wait_seconds
        while True:
            try:
                connection.execute(statement).fetchall()
                return
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > deadline:
                    raise
                time.sleep(_PAUSE_SECONDS)

    def _unwritable(self, error: Exception) -> ConfigError:
        return ConfigError(
            f"The journal {str(self.path)!r} cannot be written: {error}.",
            "Make its folder writable, or set `cache_dir` to one that is: nothing runs that is not on record.",
        )

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None
