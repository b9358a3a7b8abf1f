"""Rows while they come from an engine, batch by batch, and the two ways to take them: all, or up to a limit.

What is taken is bounded in rows and in bytes; what only passes through is never held. Nothing here may know an engine.
"""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from operator import itemgetter
from types import TracebackType
from typing import Any, Protocol, Self, TypeAlias

from t2sql.errors import T2sqlError, WarehouseError
from t2sql.flow import Certified, Column, Result
from t2sql.warehouse.watch import Limits, Watch

Row: TypeAlias = tuple[Any, ...]

BATCH_ROWS = 10_000
_FIXED_BYTES = 16
"""What a number, a date or a NULL counts for."""
DEFECT_HINT = "Report this question with its SQL: it is a defect."


@dataclass(frozen=True, slots=True)
class Reading:
    """One SQL that runs, and its rows as they come."""

    width: int
    """Columns."""
    batches: Iterator[list[Row]]
    """At most BATCH_ROWS rows each; raises QueryTimeout, Cancelled, WarehouseUnavailable, WarehouseError."""


class Fetching(Protocol):
    """Rows of one SQL that are fetched a batch at a time."""

    left: int
    """How many more are wanted; 0 after the last."""

    def fetch(self) -> list[Row]:
        """The next rows."""
        ...


def batches_of(rows: Fetching, watch: Watch, ended: Callable[[Exception], T2sqlError]) -> Iterator[list[Row]]:
    """The rows of `rows` until none is left or `watch` has stopped it; `ended` says why a driver's error ended it."""
    while rows.left:
        try:
            batch = rows.fetch()
        except Exception as error:
            raise ended(error) from None
        if batch:
            yield batch
        if watch.stopped:
            raise watch.stopped


@dataclass(slots=True)
class Meter:
    """Counts about how many bytes rows hold: their texts, and a fixed size for anything else."""

    width: int
    bytes: int = 0
    _texts: dict[int, itemgetter[int]] = field(default_factory=dict)

    def add(self, rows: Sequence[Row]) -> None:
        """Count `rows`. A column counts as text from the batch on in whose first or last rows it holds one."""
        if not rows:
            return
        for row in (*rows[:50], rows[-1]):
            for place, value in enumerate(row):
                if place not in self._texts and isinstance(value, str | bytes | list | dict):
                    self._texts[place] = itemgetter(place)
        self.bytes += len(rows) * self.width * _FIXED_BYTES
        for get in self._texts.values():
            self.bytes += sum(map(len, filter(None, map(get, rows))))


def _with_flags(rows: list[Row], columns: Sequence[Column]) -> list[Row]:
    """`rows` with True and False where an engine has 1 and 0 for them."""
    flags = [place for place, column in enumerate(columns) if column.type == "boolean"]
    if not flags or all(isinstance(row[place], bool | None) for row in rows for place in flags):
        return rows
    return [
        tuple(bool(value) if place in flags and value is not None else value for place, value in enumerate(row))
        for row in rows
    ]


class Streamed(ABC):
    """What every warehouse does alike, out of `stream`."""

    dialect: str = "duckdb"
    """What its physical SQL is written in."""

    def __init__(self, byte_limit: int) -> None:
        """`byte_limit`: most bytes of texts and numbers that `run` and `rows` hold."""
        self._byte_limit = byte_limit
        self._closing = threading.Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @abstractmethod
    def close(self) -> None:
        """Let the database go."""

    @abstractmethod
    def version(self) -> str:
        """A text that changes when the data do, as far as the engine can tell without reading them."""

    def rights(self) -> list[str]:
        """What the account may do beside reading, and settings that change what SQL means: one sentence each.

        Raises WarehouseUnavailable, WarehouseError.
        """
        return []

    @abstractmethod
    def stream(
        self, certified: Certified, *, timeout_seconds: float, cancel: threading.Event | None = None
    ) -> AbstractContextManager[Reading]:
        """Rows of `certified` as they come, in constant memory; up to one past its row limit.

        Raises QueryTimeout, Cancelled, WarehouseUnavailable, WarehouseError. Whatever ends it, nothing goes on running.
        """

    def run(
        self,
        certified: Certified,
        columns: Sequence[Column],
        *,
        timeout_seconds: float,
        cancel: threading.Event | None = None,
    ) -> Result:
        """Rows of `certified` under `columns`, cut at its row limit. Decimals stay exact, NULL is None.

        Raises QueryTimeout, Cancelled, WarehouseUnavailable, WarehouseError. Whatever ends it, nothing goes on running.
        """
        began = time.monotonic()
        rows, width = self._fetch(certified, timeout_seconds, cancel)
        if width != len(columns):
            raise WarehouseError(f"The SQL gave {width} columns where {len(columns)} were planned.", DEFECT_HINT)
        is_cut = len(rows) > certified.row_limit
        kept = tuple(_with_flags(rows[: certified.row_limit] if is_cut else rows, columns))
        return Result(tuple(columns), kept, is_cut, (time.monotonic() - began) * 1000)

    def rows(self, certified: Certified, *, timeout_seconds: float, cancel: threading.Event | None = None) -> list[Row]:
        """Every row of `certified`, for lists of values and load calendars.

        Raises what `run` raises, and WarehouseError when the row limit would cut it.
        """
        rows, _ = self._fetch(certified, timeout_seconds, cancel)
        if len(rows) > certified.row_limit:
            message = f"More than {certified.row_limit} rows came where all are needed."
            raise WarehouseError(message, "Raise `row_limit` in the settings.")
        return rows

    def _fetch(
        self, certified: Certified, timeout_seconds: float, cancel: threading.Event | None
    ) -> tuple[list[Row], int]:
        with self.stream(certified, timeout_seconds=timeout_seconds, cancel=cancel) as reading:
            rows: list[Row] = []
            meter = Meter(reading.width)
            for batch in reading.batches:
                meter.add(batch)
                if meter.bytes > self._byte_limit:
                    message = f"The rows hold more than {self._byte_limit / 1e6:,.0f} MB."
                    raise WarehouseError(message, "Ask for fewer columns or rows, or raise `byte_limit`.")
                rows += batch
                if len(rows) > certified.row_limit:
                    break
            return rows, reading.width

    def _limits(self, timeout_seconds: float, cancel: threading.Event | None) -> Limits:
        cancels = (self._closing,) if cancel is None else (self._closing, cancel)
        return Limits(time.monotonic() + timeout_seconds, timeout_seconds, cancels)
