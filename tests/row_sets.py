"""Compares two results as people would: multisets of rows unless the order was asked, numbers within a tolerance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

RELATIVE = 1e-6


def difference(rows: Sequence[Sequence[Any]], expected: Sequence[Sequence[Any]], is_ordered: bool) -> str:
    """ "" when both hold the same rows; else the first that differs."""
    if len(rows) != len(expected):
        return f"{len(rows)} rows instead of {len(expected)}: {rows[:3]} … against {expected[:3]} …"
    left, right = (rows, expected) if is_ordered else (sorted(rows, key=_sort_key), sorted(expected, key=_sort_key))
    for index, (row, wanted) in enumerate(zip(left, right, strict=True)):
        if len(row) != len(wanted) or not all(same(a, b) for a, b in zip(row, wanted, strict=True)):
            return f"row {index}: {tuple(row)} instead of {tuple(wanted)}"
    return ""


def same(a: Any, b: Any) -> bool:
    """Equal values; numbers within a relative 1e-6."""
    if isinstance(a, (int, float, Decimal)) and isinstance(b, (int, float, Decimal)) and not isinstance(a, bool):
        return math.isclose(float(a), float(b), rel_tol=RELATIVE, abs_tol=1e-9)
    return bool(a == b)


def _sort_key(row: Sequence[Any]) -> tuple[Any, ...]:
    return tuple((value is None, _rounded(value)) for value in row)


def _rounded(value: Any) -> Any:
    if isinstance(value, (int, float, Decimal)):
        return ("", float(f"{float(value):.5g}"))
    return (str(value) if isinstance(value, (str, date)) else "", 0.0)
