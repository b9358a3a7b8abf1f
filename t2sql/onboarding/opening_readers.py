"""Opens a source for a survey: read-only, whatever the engine.

The one place of onboarding that knows which reader goes with which kind of source.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from t2sql.errors import ConfigError
from t2sql.onboarding.introspect import Reader
from t2sql.warehouse.sources import Source

_MEMORY = "4GB"


@contextmanager
def open_reader(source: Source, *, cancel: threading.Event | None = None) -> Iterator[Reader]:
    """What surveys `source`, closed at the end. Raises WarehouseUnavailable, ConfigError for an engine without one."""
    if source.kind in ("duckdb", "folder") and source.path is not None:
        from t2sql.onboarding.introspect_duckdb import DuckDbReader
        from t2sql.warehouse.duckdb import connect_locked
        from t2sql.warehouse.folder import connect_folder

        opened = connect_folder if source.kind == "folder" else connect_locked
        connection = opened(source.path, memory_limit=_MEMORY)
        try:
            yield DuckDbReader(connection, shown=source.shown, cancel=cancel)
        finally:
            connection.close()
        return
    if source.kind in ("postgres", "mariadb", "other"):
        from t2sql.onboarding.introspect_server import ServerReader

        server = ServerReader(source, cancel=cancel)
        try:
            yield server
        finally:
            server.close()
        return
    folder = source.shown.removeprefix("spark://local") if source.kind == "spark" else ""
    cure = f"--source {folder}, and name Spark as `source` in the t2sql.toml that is written" if folder else ""
    raise ConfigError(
        f"{source.shown!r} cannot be surveyed: Spark is asked, and not drafted from.",
        f"Draft from {'the folder itself: ' + cure if folder else 'a copy in DuckDB, Parquet or PostgreSQL'}.",
    )
