"""Runs certified SQL on a DuckDB file: read-only, locked down, timed, bounded, cancellable.

It must never write, open a second file, reach the network, or put a value of the data into an error.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from t2sql.errors import WarehouseError, WarehouseUnavailable
from t2sql.flow import Certified
from t2sql.warehouse.reading import BATCH_ROWS, DEFECT_HINT, Reading, Streamed
from t2sql.warehouse.watch import POLL_SECONDS, Limits, Watch

if TYPE_CHECKING:
    import duckdb

LOCKED = {
    "access_mode": "read_only",
    "allow_community_extensions": "false",
    "allow_persistent_secrets": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "enable_external_access": "false",
    "lock_configuration": "true",
    "python_enable_replacements": "false",
    "temp_directory": "",
}
BUILD_HINT = "Check --source or `source` in the settings; `t2sql demo build` builds the demo bank."


def connect_locked(path: Path, *, memory_limit: str, threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """A read-only connection to `path` that reaches nothing else, and whose settings nobody can change.

    `memory_limit`: as DuckDB writes it, "2GB". `threads`: None for DuckDB's own choice. Raises WarehouseUnavailable.
    """
    import duckdb

    if not path.is_file():
        raise WarehouseUnavailable(f"The database {path.name!r} does not exist.", BUILD_HINT)
    config = closed_config(memory_limit, threads)
    try:
        connection = duckdb.connect(str(path), read_only=True, config=config)
    except duckdb.Error as error:
        message = f"The database {path.name!r} cannot be opened: {_why_closed(error)}."
        raise WarehouseUnavailable(message, BUILD_HINT) from error
    # DuckDB shares one instance per path and process: when it is locked already these two fail, and the proof decides.
    with suppress(duckdb.Error):
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
    found = dict(connection.execute("SELECT name, value FROM duckdb_settings()").fetchall())
    if any(found.get(name) != value for name, value in LOCKED.items()):
        connection.close()
        raise WarehouseUnavailable(
            f"The database {path.name!r} cannot be locked down.", "Close what else uses it here."
        )
    return connection


def closed_config(memory_limit: str, threads: int | None) -> dict[str, str | bool | int | float | list[str]]:
    """What a connection opens with so that it loads, keeps and reaches nothing of its own accord."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory_limit,
        "temp_directory": "",
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
        "allow_unsigned_extensions": False,
        "allow_persistent_secrets": False,
        "python_enable_replacements": False,
        "python_scan_all_frames": False,
    }
    if threads is not None:
        config["threads"] = threads
    return config


def _why_closed(error: Exception) -> str:
    text = str(error).lower()
    if "lock" in text and "could not set" in text:
        return "another program is writing to it"
    if "different configuration" in text:
        return "this program already has it open in another way"
    return "it is damaged, not a DuckDB file, or of another version"


class DuckDbWarehouse(Streamed):
    """One DuckDB file. Opened at the first call, and again after a new build has taken its place."""

    dialect = "duckdb"

    def __init__(
        self, path: Path, *, memory_limit: str, threads: int | None = None, byte_limit: int = 200_000_000
    ) -> None:
        """`memory_limit`: as DuckDB writes it, "2GB". `threads`: None for DuckDB's own choice."""
        super().__init__(byte_limit)
        self._path = path
        self._memory_limit = memory_limit
        self._threads = threads
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._stamp: tuple[int | str, ...] = ()
        self._running = 0
        self._turn = threading.Condition()

    def version(self) -> str:
        """Changes when the file does."""
        return "-".join(map(str, self._now()))

    def close(self) -> None:
        """Stop what runs and let the file go."""
        self._closing.set()
        with self._turn:
            self._turn.wait_for(lambda: self._running == 0, timeout=5)
            self._drop()

    @contextmanager
    def stream(
        self, certified: Certified, *, timeout_seconds: float, cancel: threading.Event | None = None
    ) -> Iterator[Reading]:
        """As `Streamed.stream` says."""
        import duckdb

        limits = self._limits(timeout_seconds, cancel)
        if certified.dialect != "duckdb":
            message = f"This warehouse speaks duckdb, not {certified.dialect!r}."
            raise WarehouseError(message, "Check `source` in the settings.")
        with self._cursor(limits) as cursor, Watch(cursor, limits) as watch:
            try:
                statements = cursor.extract_statements(certified.sql)
                if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
                    raise WarehouseError("Only one SELECT can run here.", DEFECT_HINT)
                self._prepare(cursor, certified.sql)
                cursor.execute(statements[0])
            except (duckdb.Error, MemoryError) as error:
                # From None: a library's message can quote values of the data.
                raise (watch.stopped or _mapped(error)) from None
            yield Reading(len(cursor.description or ()), _batches(cursor, certified.row_limit + 1, watch))
        # An interrupt that came too late to stop anything still means that nobody waits for these rows.
        if watch.stopped:
            raise watch.stopped

    def _prepare(self, cursor: duckdb.DuckDBPyConnection, sql: str) -> None:
        """What `cursor` needs before it can run `sql`: nothing, for a file."""

    def _open(self) -> duckdb.DuckDBPyConnection:
        return connect_locked(self._path, memory_limit=self._memory_limit, threads=self._threads)

    @contextmanager
    def _cursor(self, limits: Limits) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor of its own on the file as it is now; waits for others to finish when the file has been replaced."""
        with self._turn:
            if self._closing.is_set():
                raise WarehouseUnavailable("The warehouse has been closed.", "Open it again.")
            while (stamp := self._now()) != self._stamp and self._running:
                # DuckDB shares one instance per path, so the old file must be let go before the new one opens.
                if reached := limits.reached():
                    raise reached
                self._turn.wait(POLL_SECONDS)
            if reached := limits.reached():
                raise reached
            if self._connection is None or stamp != self._stamp:
                self._drop()
                self._connection = self._open()
                self._stamp = stamp
            cursor = self._connection.cursor()
            self._running += 1
        try:
            yield cursor
        finally:
            cursor.close()
            with self._turn:
                self._running -= 1
                self._turn.notify_all()

    def _now(self) -> tuple[int | str, ...]:
        try:
            found = self._path.stat()
        except OSError:
            return ()
        return (found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size)

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None
        self._stamp = ()


def _batches(cursor: duckdb.DuckDBPyConnection, most: int, watch: Watch) -> Iterator[list[tuple[Any, ...]]]:
    import duckdb

    left = most
    while left > 0:
        try:
            batch = cursor.fetchmany(min(BATCH_ROWS, left))
        except (duckdb.Error, MemoryError) as error:
            raise (watch.stopped or _mapped(error)) from None
        if not batch:
            return
        left -= len(batch)
        yield batch
        if watch.stopped:
            raise watch.stopped


def _mapped(error: Exception) -> WarehouseError:
    """`error` of DuckDB in words that hold nothing of the data."""
    import duckdb

    if isinstance(error, duckdb.OutOfMemoryException | MemoryError):
        hint = "Ask for fewer periods or groups, or raise `memory_limit` in the settings."
        return WarehouseError("The SQL needs more memory than it may use.", hint)
    if isinstance(error, duckdb.CatalogException | duckdb.BinderException):
        hint = "Run `t2sql check --source`."
        return WarehouseError("The database lacks a table or column that a definition names.", hint)
    if isinstance(error, duckdb.PermissionException):
        return WarehouseError("The database refused what the SQL does.", DEFECT_HINT)
    if isinstance(error, duckdb.ConversionException | duckdb.OutOfRangeException | duckdb.InvalidInputException):
        hint = "Check the types that the definition expects with `t2sql check --source`."
        return WarehouseError("A value in the database does not fit the formula.", hint)
    if isinstance(error, duckdb.IOException | duckdb.InternalException | duckdb.FatalException):
        return WarehouseUnavailable("The database file could not be read.", BUILD_HINT)
    return WarehouseError(f"The database refused the SQL ({type(error).__name__}).", DEFECT_HINT)
