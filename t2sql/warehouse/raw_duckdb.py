"""Runs the raw SQL of golds and predictions: one SELECT, read-only, locked down, timed, bounded.

This SQL was written by the authors of cases or by a program under test, and nobody has certified it: it never runs for
a question, and it must reach nothing but the one file.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from t2sql.errors import T2sqlError, WarehouseError
from t2sql.warehouse.duckdb import connect_locked
from t2sql.warehouse.watch import Limits, Watch

if TYPE_CHECKING:
    import duckdb

FIX = "Correct the SQL: it runs on DuckDB, over the tables of the case's database."


@dataclass(frozen=True, slots=True)
class RawRows:
    """All rows of one SELECT, as the engine's own Python values."""

    rows: tuple[tuple[Any, ...], ...]
    width: int
    """Columns; known when there is no row, too."""


class RawDuckDb:
    """One DuckDB file for golds. Opened at the first run; safe to use from several threads."""

    def __init__(self, path: Path, *, memory_limit: str = "2GB", threads: int | None = None) -> None:
        """As `connect_locked` takes them; the same as those of any other connection to the file in this process."""
        self._path, self._memory_limit, self._threads = path, memory_limit, threads
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._turn = threading.Lock()

    def __enter__(self) -> RawDuckDb:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the file go."""
        with self._turn:
            if self._connection is not None:
                self._connection.close()
            self._connection = None

    def run(
        self, sql: str, *, timeout_seconds: float, row_limit: int, cancel: threading.Event | None = None
    ) -> RawRows:
        """Every row of one SELECT.

        Raises QueryTimeout, Cancelled, WarehouseUnavailable, and WarehouseError with the engine's own words: whoever
        wrote the SQL has to mend it. More than `row_limit` rows are an error too.
        """
        import duckdb

        cancels = () if cancel is None else (cancel,)
        limits = Limits(time.monotonic() + timeout_seconds, timeout_seconds, cancels)
        cursor = self._cursor()
        try:
            with Watch(cursor, limits) as watch:
                try:
                    statements = cursor.extract_statements(sql)
                    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
                        raise WarehouseError("Only one SELECT can run here.", "Write one SELECT, WITH included.")
                    cursor.execute(statements[0])
                    rows = cursor.fetchmany(row_limit + 1)
                    width = len(cursor.description or ())
                except (duckdb.Error, MemoryError, RecursionError) as error:
                    raise (watch.stopped or _told(error)) from None
            if watch.stopped:
                raise watch.stopped
        finally:
            cursor.close()
        if len(rows) > row_limit:
            raise WarehouseError(f"More than {row_limit:,} rows came.", "Ask for less, or raise the row limit.")
        return RawRows(tuple(rows), width)

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        with self._turn:
            if self._connection is None:
                self._connection = connect_locked(self._path, memory_limit=self._memory_limit, threads=self._threads)
            return self._connection.cursor()


def _told(error: Exception) -> T2sqlError:
    first = str(error).strip().split("\n")[0][:300]
    return WarehouseError(f"{type(error).__name__}: {first}", FIX)
