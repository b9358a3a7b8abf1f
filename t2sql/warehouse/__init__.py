"""Where certified physical SQL runs, one module an engine.

Each takes only `Certified`, so nothing unproven can be handed over by mistake; none may write, or tell a value of the
data in an error.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from t2sql.flow import Certified, Column, Result
from t2sql.settings import Settings
from t2sql.warehouse.reading import Reading
from t2sql.warehouse.sources import Source, source_of

__all__ = ["Reading", "Source", "Warehouse", "open_source", "open_warehouse", "source_of"]


class Warehouse(Protocol):
    """What the agent needs of an engine. Safe to call from several threads."""

    dialect: str
    """What SQL must be compiled for to run here: "duckdb", "postgres", "mysql" or "spark"."""

    def run(
        self,
        certified: Certified,
        columns: Sequence[Column],
        *,
        timeout_seconds: float,
        cancel: threading.Event | None = None,
    ) -> Result:
        """Rows of `certified`, at most its row limit.

        Raises QueryTimeout, Cancelled, WarehouseUnavailable, WarehouseError.
        """
        ...

    def rows(
        self, certified: Certified, *, timeout_seconds: float, cancel: threading.Event | None = None
    ) -> list[tuple[Any, ...]]:
        """Every row of `certified`. Raises WarehouseError, too, when the row limit would cut it."""
        ...

    def stream(
        self, certified: Certified, *, timeout_seconds: float, cancel: threading.Event | None = None
    ) -> AbstractContextManager[Reading]:
        """Rows of `certified` as they come, in constant memory; up to one past its row limit. Raises as `run`."""
        ...

    def version(self) -> str:
        """A text that changes when the data do, as far as the engine can tell without reading them."""
        ...

    def rights(self) -> list[str]:
        """What the account may do beside reading, and settings that change what SQL means: one sentence each.

        Raises WarehouseUnavailable, WarehouseError.
        """
        ...

    def close(self) -> None:
        """Let the database go; a later call raises WarehouseUnavailable."""
        ...


def open_warehouse(settings: Settings, render: Callable[[Certified, str], str] | None = None) -> Warehouse:
    """The warehouse that the settings name; its first call says when the database is missing or damaged.

    `render`: writes SQL certified for DuckDB in another dialect, for engines that no test has run; None: they are
    refused. Raises ConfigError.
    """
    return open_source(source_of(settings), settings, render)


def open_source(source: Source, settings: Settings, render: Callable[[Certified, str], str] | None = None) -> Warehouse:
    """The warehouse of `source`, with the limits that the settings name. Raises ConfigError."""
    threads = settings.warehouse_threads or None
    if source.path is not None:
        from t2sql.warehouse.duckdb import DuckDbWarehouse
        from t2sql.warehouse.folder import FolderWarehouse

        opened = FolderWarehouse if source.kind == "folder" else DuckDbWarehouse
        return opened(source.path, memory_limit=settings.memory_limit, threads=threads, byte_limit=settings.byte_limit)
    if source.dialect == "spark":
        from t2sql.warehouse.spark import SparkWarehouse

        return SparkWarehouse(source, byte_limit=settings.byte_limit, reread_seconds=settings.source_reread_seconds)
    from t2sql.warehouse.servers import ServerWarehouse, driver_of

    return ServerWarehouse(
        source,
        driver_of(source, render),
        byte_limit=settings.byte_limit,
        reread_seconds=settings.source_reread_seconds,
    )
