"""Errors of Spark in our words: by their marks, since what it says can quote values.

Nothing here may put a value of the data, an account or an address into an error.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from t2sql.errors import WarehouseError
from t2sql.warehouse import reaching

NAME = "Spark"
_LACKING = ("TABLE_OR_VIEW_NOT_FOUND", "UNRESOLVED_", "SCHEMA_NOT_FOUND", "FIELD_NOT_FOUND")
_MISFIT = (
    *("CAST_", "DIVIDE_BY_ZERO", "ARITHMETIC_OVERFLOW", "BINARY_ARITHMETIC_OVERFLOW", "NUMERIC_", "DATATYPE_MISMATCH"),
    *("DATETIME_", "INVALID_", "CANNOT_PARSE", "INTERVAL_", "UNION_NOT_SUPPORTED", "INCOMPATIBLE_"),
)
_CANCELLED = ("SPARK_JOB_CANCELLED", "OPERATION_CANCELED", "cancelled job group", "OPERATION_ABANDONED")
_TOO_SMALL = ("OutOfMemoryError", "TaskResultLost", "maxResultSize", "No space left on device")
"""The memory that Spark was given, or its disk: it loses the rows of a task that it cannot hold."""
_LOST = (
    *("INVALID_HANDLE", "SESSION_CHANGED", "SESSION_NOT_FOUND", "SESSION_CLOSED", "StatusCode.UNAVAILABLE"),
    *(
        "Connection refused",
        "RETRIES_EXCEEDED",
        "Answer from Java side is empty",
        "stopped SparkContext",
        "Stream removed",
    ),
)


def mapped(error: Exception) -> WarehouseError:
    """`error` of Spark in words that hold nothing of the data."""
    text = f"{type(error).__name__}: {error}"
    get: Callable[[], str | None] = getattr(error, "getCondition", lambda: None)
    condition = ""
    with suppress(Exception):
        condition = get() or ""
    if any(mark in text for mark in _CANCELLED):
        return reaching.stopped_there()
    if type(error).__name__ in ("Py4JNetworkError", "ConnectionRefusedError") or any(mark in text for mark in _LOST):
        return reaching.lost(NAME)
    if any(mark in text for mark in _TOO_SMALL):
        return reaching.too_large()
    if condition.startswith(_LACKING):
        return reaching.lacking()
    if condition.startswith("INSUFFICIENT_PERMISSIONS"):
        return reaching.not_granted()
    if condition.startswith(_MISFIT) or any(f"[{mark}" in text for mark in _MISFIT):
        return reaching.misfit()
    if condition.startswith("PARSE_"):
        return reaching.written()
    return reaching.other_failure(error)
