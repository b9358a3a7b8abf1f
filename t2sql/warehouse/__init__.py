"""Where certified physical SQL runs, one module an engine.

Each takes only `Certified`, so nothing unproven can be handed over by mistake; none may write, or tell a value of the
data in an error.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any, Protocol

from t2sql.flow import Certified, Column, Result
from t2sql.settings import Settings

__all__ = ["Warehouse", "open_warehouse"]


class Warehouse(Protocol):
    """What the agent needs of an engine. Safe to call from several threads."""

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

    def version(self) -> str:
        """A text that changes when the data do, as far as the engine can tell without reading them."""
        ...

    def close(self) -> None:
        """Let the database go; a later call raises WarehouseUnavailable."""
        ...


def open_warehouse(settings: Settings) -> Warehouse:
    """The warehouse that the settings name; its first call says when the file is missing or damaged."""
    from t2sql.warehouse.duckdb import DuckDbWarehouse

    threads = settings.warehouse_threads or None
    return DuckDbWarehouse(settings.database, memory_limit=settings.memory_limit, threads=threads)
