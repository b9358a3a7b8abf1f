"""Runs certified SQL on a server: read-only, timed and cancelled there, rows streamed, connected anew after a loss.

What an engine does in its own way stands in its driver. Nothing here may write, keep a connection on which SQL was
stopped, or put a value of the data into an error.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from t2sql.errors import ConfigError, T2sqlError, WarehouseError, WarehouseUnavailable
from t2sql.flow import Certified
from t2sql.warehouse.reaching import Driver, crowded, pooled
from t2sql.warehouse.reading import BATCH_ROWS, Reading, Row, Streamed, batches_of
from t2sql.warehouse.sources import Source
from t2sql.warehouse.watch import Limits, Watch

if TYPE_CHECKING:
    from sqlalchemy import Engine

CANCEL_AGAIN_SECONDS = 0.2
CUT_AFTER_SECONDS = 2.0
"""A server that does not stop by then is left: nobody may wait for it any longer."""


def driver_of(source: Source, render: Callable[[Certified, str], str] | None = None) -> Driver:
    """The driver for `source`. Raises ConfigError for what is no server."""
    if source.kind == "postgres":
        from t2sql.warehouse.postgres import Postgres

        return Postgres()
    if source.kind == "mariadb":
        from t2sql.warehouse.mariadb import MariaDb

        return MariaDb()
    if source.kind == "other":
        from t2sql.warehouse.untested import Untested

        return Untested(source.dialect, render)
    raise ConfigError(f"{source.shown!r} is no server that SQLAlchemy reaches.", "Check `source` in the settings.")


class ServerWarehouse(Streamed):
    """One database on a server. Connected at the first call; safe to use from several threads."""

    def __init__(
        self, source: Source, driver: Driver, *, byte_limit: int = 200_000_000, reread_seconds: float = 600.0
    ) -> None:
        """`reread_seconds`: how long `version` is kept before the server is asked again."""
        super().__init__(byte_limit)
        self.dialect = source.dialect if source.is_tested else "duckdb"
        self._source, self._driver = source, driver
        self._reread_seconds = reread_seconds
        self._engine: Engine | None = None
        self._known: tuple[float, str] = (0.0, "")
        self._turn = threading.Lock()

    def close(self) -> None:
        """Stop what runs and let the connections go."""
        self._closing.set()
        with self._turn:
            if self._engine is not None:
                self._engine.dispose()
            self._engine = None

    def version(self) -> str:
        """Changes at most every `reread_seconds`. Raises WarehouseUnavailable."""
        until, known = self._known
        if not known or time.monotonic() > until:
            with self._connection(Limits(time.monotonic() + 10, 10, (self._closing,))) as held:
                try:
                    self._driver.begin(held.connection, 10)
                    known = self._driver.version(held.connection)
                except Exception as error:
                    raise self._told(error) from None
            # An engine that cannot tell is taken to have changed whenever it is asked.
            self._known = (time.monotonic() + self._reread_seconds, known or str(time.time()))
        return self._known[1]

    def rights(self) -> list[str]:
        """What the account may do beside reading, and settings that change what SQL means, in words.

        Raises WarehouseUnavailable, WarehouseError.
        """
        with self._connection(Limits(time.monotonic() + 10, 10, (self._closing,))) as held:
            try:
                self._driver.begin(held.connection, 10)
                return self._driver.rights(held.connection)
            except Exception as error:
                raise self._told(error) from None

    @contextmanager
    def stream(
        self, certified: Certified, *, timeout_seconds: float, cancel: threading.Event | None = None
    ) -> Iterator[Reading]:
        """As `Streamed.stream` says."""
        limits = self._limits(timeout_seconds, cancel)
        if certified.dialect != self.dialect:
            message = f"This warehouse speaks {self.dialect}, not {certified.dialect!r}."
            raise WarehouseError(message, "Check `source` in the settings.")
        sql = self._driver.text(certified)
        with self._connection(limits) as held:
            connection = held.connection
            work = _Work(self._driver, connection, self._pool())
            with Watch(work, limits) as watch:
                try:
                    self._driver.begin(connection, timeout_seconds)
                    cursor = self._driver.ask(connection, sql)
                    width = len(cursor.description or ())
                except Exception as error:
                    raise self._ended(error, watch, limits) from None
                rows = _Rows(cursor, certified.row_limit + 1)
                yield Reading(width, batches_of(rows, watch, lambda error: self._ended(error, watch, limits)))
                held.is_spent = rows.left > 0
            # An interrupt that came too late to stop anything still means that nobody waits for these rows.
            if watch.stopped:
                raise watch.stopped

    def _ended(self, error: Exception, watch: Watch, limits: Limits) -> T2sqlError:
        """Why the SQL ended with `error`: a limit of ours, which the server may have kept first, or its own reason."""
        if watch.stopped:
            return watch.stopped
        told = self._told(error)
        reached = limits.reached()
        return reached if reached and not isinstance(told, WarehouseUnavailable) else told

    def _told(self, error: Exception) -> WarehouseError:
        if isinstance(error, WarehouseError):
            return error
        return self._driver.mapped(getattr(error, "orig", None) or error)

    def _pool(self) -> Engine:
        with self._turn:
            if self._closing.is_set():
                raise WarehouseUnavailable("The warehouse has been closed.", "Open it again.")
            if self._engine is None:
                self._engine = pooled(self._source, self._driver)
            return self._engine

    @contextmanager
    def _connection(self, limits: Limits) -> Iterator[_Held]:
        """A connection of the pool for one call; one on which anything failed is closed, not given back."""
        from sqlalchemy.exc import TimeoutError as PoolTimeout

        pool = self._pool()
        if reached := limits.reached():
            raise reached
        try:
            held = pool.raw_connection()
        except PoolTimeout:
            raise limits.reached() or crowded(self._driver.name) from None
        except Exception as error:
            raise limits.reached() or self._told(error) from None
        own = _Held(held.driver_connection)
        try:
            yield own
        except BaseException:
            # A cancel may still be on its way to it.
            own.is_spent = True
            raise
        finally:
            with suppress(Exception):
                if own.is_spent:
                    self._driver.cut(own.connection)
                    held.invalidate()
                # Giving it back rolls its transaction back.
                held.close()


@dataclass(slots=True)
class _Held:
    """A connection of the pool, for one call."""

    connection: Any
    is_spent: bool = False
    """True when rows are still on their way that nobody will take: it can be asked nothing else."""


class _Rows:
    """The rows of one cursor, and how many more are wanted."""

    def __init__(self, cursor: Any, most: int) -> None:
        self._cursor, self.left = cursor, most

    def fetch(self) -> list[Row]:
        """The next rows; none are wanted after the last."""
        wanted = min(BATCH_ROWS, self.left)
        batch = self._cursor.fetchmany(wanted)
        self.left = self.left - len(batch) if len(batch) == wanted else 0
        if not self.left:
            self._cursor.close()
        return batch if isinstance(batch, list) else list(batch)


class _Work:
    """What runs on one connection, as Watch stops it: cancelled at the server, and cut off where that does not help."""

    def __init__(self, driver: Driver, connection: Any, engine: Engine) -> None:
        self._driver, self._connection, self._engine = driver, connection, engine
        self._began = 0.0
        self._asked = 0.0

    def interrupt(self) -> None:
        """As `watch.Interruptible` says."""
        now = time.monotonic()
        self._began = self._began or now
        if now - self._asked < CANCEL_AGAIN_SECONDS:
            return
        self._asked = now
        if now - self._began > CUT_AFTER_SECONDS:
            self._driver.cut(self._connection)
            return
        with suppress(Exception):
            self._driver.cancel(self._connection, self._engine)


__all__ = ["ServerWarehouse", "driver_of"]
