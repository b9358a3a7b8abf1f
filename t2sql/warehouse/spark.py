"""Runs certified SQL on Spark: in this process over a folder of files, or on a server by Spark Connect.

Spark has no session that cannot write: what runs is put into the FROM of a SELECT, where its grammar takes nothing
that writes, and files are read by no name but a table's. In this process `certify` is the only other guard.
"""

from __future__ import annotations

import threading
import time
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from t2sql.errors import ConfigError, T2sqlError, WarehouseError, WarehouseUnavailable
from t2sql.flow import Certified
from t2sql.warehouse import reaching
from t2sql.warehouse.folder import files_of
from t2sql.warehouse.reading import BATCH_ROWS, Reading, Row, Streamed, batches_of
from t2sql.warehouse.sources import Source
from t2sql.warehouse.spark_errors import NAME, mapped
from t2sql.warehouse.watch import Limits, Watch

CANCEL_AGAIN_SECONDS = 0.2
MEANING = {
    # Standard SQL: an overflow or a bad cast is an error, not NULL.
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "false",
    "spark.sql.parser.escapedStringLiterals": "false",
    "spark.sql.ansi.doubleQuotedIdentifiers": "false",
    "spark.sql.runSQLOnFiles": "false",
}
"""What SQL means only under these settings, set in a session of our own."""
_LOCAL = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.catalogImplementation": "in-memory",
}


class SparkWarehouse(Streamed):
    """One Spark. Started or connected at the first call; safe to use from several threads."""

    dialect = "spark"

    def __init__(self, source: Source, *, byte_limit: int = 200_000_000, reread_seconds: float = 600.0) -> None:
        """`reread_seconds`: how long data that are no files in a folder are taken to stay as they are."""
        super().__init__(byte_limit)
        self._source = source
        self._folder = _folder_of(source)
        self._reread_seconds = reread_seconds
        self._session: Any = None
        self._own_context: Any = None
        self._stamp = ""
        self._turn = threading.Lock()

    def close(self) -> None:
        """Stop what runs and let Spark go; one that others started goes on."""
        self._closing.set()
        with self._turn:
            self._drop()
            if self._own_context is not None:
                with suppress(Exception):
                    self._own_context.stop()
            self._own_context = None

    def version(self) -> str:
        """Changes when a file does; of tables elsewhere, every `reread_seconds`."""
        if self._folder is not None:
            return _stamps(self._folder)
        return str(int(time.time() / max(1.0, self._reread_seconds)))

    def rights(self) -> list[str]:
        """As `reaching.Driver.rights` says."""
        where = "the account on its server" if self._source.kind == "spark_connect" else "this process"
        return [f"Spark knows no read-only session: what t2sql has certified is all that {where} is asked to run."]

    @contextmanager
    def stream(
        self, certified: Certified, *, timeout_seconds: float, cancel: threading.Event | None = None
    ) -> Iterator[Reading]:
        """As `Streamed.stream` says."""
        limits = self._limits(timeout_seconds, cancel)
        if certified.dialect != "spark":
            message = f"This warehouse speaks spark, not {certified.dialect!r}."
            raise WarehouseError(message, "Check `source` in the settings.")
        if self._closing.is_set():
            raise _closed()
        if reached := limits.reached():
            raise reached
        session = self._opened()
        work = _Work(session)
        try:
            with Watch(work, limits) as watch:
                try:
                    with work.tagged():
                        asked = self._asked(session, certified.sql)
                        width = len(asked.columns)
                except Exception as error:
                    raise self._ended(error, watch, limits) from None
                rows = _Rows(asked, certified.row_limit + 1, work)
                try:
                    yield Reading(width, batches_of(rows, watch, lambda error: self._ended(error, watch, limits)))
                finally:
                    rows.leave()
            if watch.stopped:
                raise watch.stopped
        except WarehouseUnavailable:
            with self._turn:
                if self._session is session:
                    self._drop()
            raise

    def _asked(self, session: Any, sql: str) -> Any:
        # The grammar of FROM takes a SELECT and no command, so nothing that writes can be said here.
        return session.sql(f"SELECT * FROM (\n{sql}\n) AS t2sql_rows")

    def _ended(self, error: Exception, watch: Watch, limits: Limits) -> T2sqlError:
        if watch.stopped:
            return watch.stopped
        told = mapped(error)
        reached = limits.reached()
        return reached if reached and not isinstance(told, WarehouseUnavailable) else told

    def _opened(self) -> Any:
        """The session, with the folder's files as they are now. Raises WarehouseUnavailable, ConfigError."""
        with self._turn:
            if self._closing.is_set():
                raise _closed()
            try:
                if self._session is not None and not _is_alive(self._session):
                    self._drop()
                if self._session is None:
                    # Its remarks on versions and retries are for programmers, and stand in nobody's way here.
                    warnings.filterwarnings("ignore", module=r"pyspark\.")
                    self._session = self._connected() if self._source.kind == "spark_connect" else self._started()
                    for key, value in MEANING.items():
                        if self._session.conf.get(key, None) != value:
                            self._session.conf.set(key, value)
                    self._stamp = ""
                if self._folder is not None and (stamp := _stamps(self._folder)) != self._stamp:
                    _show(self._session, self._folder)
                    self._stamp = stamp
            except WarehouseError:
                self._drop()
                raise
            except ImportError:
                raise ConfigError("Spark needs the package 'pyspark'.", "Install t2sql[spark], and Java 17.") from None
            except Exception as error:
                self._drop()
                told = mapped(error)
                raise (told if isinstance(told, WarehouseUnavailable) else reaching.unreachable(NAME)) from None
            return self._session

    def _started(self) -> Any:
        from pyspark import SparkContext
        from pyspark.sql import SparkSession

        context = SparkContext._active_spark_context
        was_there = context is not None and _is_running(context)
        if context is not None and not was_there:
            # Its Java process is gone, and pyspark would go on asking it.
            SparkContext._active_spark_context = SparkContext._gateway = SparkContext._jvm = None
            SparkSession._instantiatedSession = None
        builder = SparkSession.builder.master("local[*]").appName("t2sql")
        for key, value in {} if was_there else _LOCAL.items():
            builder = builder.config(key, value)
        session = builder.getOrCreate()
        if not was_there:
            self._own_context = session.sparkContext
            session.sparkContext.setLogLevel("OFF")
        return session.newSession()

    def _connected(self) -> Any:
        from pyspark.sql.connect.client.retries import DefaultPolicy
        from pyspark.sql.connect.session import SparkSession

        address = self._source.address
        parts = [f"user_id={quote(self._source.user)}"] if self._source.user else []
        if self._source.password:
            parts.append(f"token={quote(self._source.password.get_secret_value())}")
        if parts:
            address = f"{address}{'' if urlsplit(address).path else '/'};{';'.join(parts)}"
        session = SparkSession.builder.remote(address).create()
        # Its own patience is ten minutes.
        session.client.set_retry_policies([DefaultPolicy(max_retries=2, max_backoff=500)])
        return session

    def _drop(self) -> None:
        session, self._session = self._session, None
        if session is not None and self._source.kind == "spark_connect":
            with suppress(Exception):
                session.stop()


class _Rows:
    """The rows of one SQL, and how many more are wanted."""

    def __init__(self, asked: Any, most: int, work: _Work) -> None:
        self._asked, self._work, self.left = asked, work, most
        self._rows: Iterator[Any] | None = None

    def fetch(self) -> list[Row]:
        """The next rows; none are wanted after the last."""
        with self._work.tagged():
            if self._rows is None:
                self._rows = iter(self._asked.toLocalIterator())
            wanted = min(BATCH_ROWS, self.left)
            batch = list(map(tuple, islice(self._rows, wanted)))
        self.left = self.left - len(batch) if len(batch) == wanted else 0
        return batch

    def leave(self) -> None:
        """Stop what still makes rows that nobody will take."""
        if self.left and self._rows is not None:
            self._work.interrupt()
        self._rows = None


class _Work:
    """What one call runs in Spark, under a name by which another thread stops it."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self._context = getattr(session, "_sc", None)
        self._name = f"t2sql-{uuid.uuid4().hex}"
        self._asked = 0.0

    @contextmanager
    def tagged(self) -> Iterator[None]:
        """What this thread starts meanwhile bears the name."""
        if self._context is None:
            self._session.addTag(self._name)
        else:
            self._context.setJobGroup(self._name, "t2sql", interruptOnCancel=True)
        try:
            yield
        finally:
            with suppress(Exception):
                if self._context is None:
                    self._session.removeTag(self._name)
                else:
                    self._context.setLocalProperty("spark.jobGroup.id", None)

    def interrupt(self) -> None:
        """As `watch.Interruptible` says."""
        if time.monotonic() - self._asked < CANCEL_AGAIN_SECONDS:
            return
        self._asked = time.monotonic()
        with suppress(Exception):
            if self._context is None:
                self._session.interruptTag(self._name)
            else:
                self._context.cancelJobGroup(self._name)


def _closed() -> WarehouseUnavailable:
    return WarehouseUnavailable("The warehouse has been closed.", "Open it again.")


def _folder_of(source: Source) -> Path | None:
    """The folder behind spark://local/FOLDER; None where Spark's own catalog names the tables."""
    path = unquote(urlsplit(source.address).path) if source.kind == "spark" else ""
    return Path(path) if path.strip("/") else None


def _stamps(folder: Path) -> str:
    import hashlib

    found = [(str(file), file.stat()) for _kind, files in files_of(folder).values() for file in files]
    told = "|".join(f"{name} {stat.st_ino} {stat.st_mtime_ns} {stat.st_size}" for name, stat in found)
    return hashlib.sha256(told.encode()).hexdigest()


def _show(session: Any, folder: Path) -> None:
    """Every file, or folder of files, as a view of its name."""
    for name, (kind, files) in files_of(folder).items():
        if kind == "parquet":
            whole = folder / name
            path = [str(whole)] if whole.is_dir() else [str(file) for file in files]
            rows = session.read.parquet(*path)
        else:
            rows = session.read.options(
                header=True, inferSchema=True, multiLine=True, escape='"', sep="\t" if kind == "tsv" else ","
            ).csv([str(file) for file in files])
        rows.createOrReplaceTempView(name)


def _is_alive(session: Any) -> bool:
    """Whether a session that was used before can still be asked."""
    context = getattr(session, "_sc", None)
    if context is not None:
        return _is_running(context)
    with suppress(Exception):
        return bool(session.version)
    return False


def _is_running(context: Any) -> bool:
    with suppress(Exception):
        return context._jsc is not None and not context._jsc.sc().isStopped()
    return False
