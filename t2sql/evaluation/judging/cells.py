"""Values of results in a form that can be compared, whether they come from an engine or out of a file of records.

A number is a number however it is written, a date is a date, and NULL is only NULL. What is equal is decided here and
in `comparing.py`, nowhere else.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Row: TypeAlias = Sequence[Any]

NULL, NUMBER = -1, 0
NOT_WHOLE = -(2**63)
LARGEST = 2**53
"""From here on not every whole number is a float."""
LONGEST_NUMBER = 15
"""Characters of a text that may be read as a number: longer ones are identifiers, which a float would blur."""
PLAIN_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
STAMP = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]([0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?)(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)?"
)


@dataclass(frozen=True, slots=True)
class Cells:
    """One column of a result."""

    kinds: Ints
    """NULL, NUMBER, or the number of a text, from 1."""
    numbers: Floats
    """0 where the cell is no number."""
    wholes: Ints
    """The whole number itself; from LARGEST on, one of its own for each; NOT_WHOLE where only a tolerance can tell."""

    def at(self, places: NDArray[Any]) -> Cells:
        """Some cells of the column, by index or by mask."""
        return Cells(self.kinds[places], self.numbers[places], self.wholes[places])


@dataclass(frozen=True, slots=True)
class Grid:
    """A result by columns. Two grids can be compared only when they were made together."""

    columns: tuple[Cells, ...]
    height: int


def read_grids(*results: tuple[Sequence[Row], int], exact_whole: bool = True) -> tuple[Grid, ...]:
    """Results, each as (rows, columns), as grids that can be compared with each other.

    `exact_whole`: a whole number equals no other whole number, however near; else a tolerance is for these too.
    """
    texts: dict[str, int] = {}
    large: dict[int, int] = {}
    return tuple(_grid(rows, width, texts, large, exact_whole) for rows, width in results)


def _grid(rows: Sequence[Row], width: int, texts: dict[str, int], large: dict[int, int], exact_whole: bool) -> Grid:
    columns = []
    for index in range(width):
        kinds = np.zeros(len(rows), dtype=np.int64)
        numbers = np.zeros(len(rows), dtype=np.float64)
        blurred: dict[int, int] = {}
        for at, row in enumerate(rows):
            given = row[index]
            value = given if type(given) is float and math.isfinite(given) else comparable(given)
            if value is None:
                kinds[at] = NULL
            elif isinstance(value, float):
                numbers[at] = value
                if isinstance(given, int) and abs(given) >= LARGEST:
                    blurred[at] = LARGEST + large.setdefault(given, len(large))
                elif isinstance(given, Decimal) and value.is_integer() and given != value:
                    blurred[at] = NOT_WHOLE
            else:
                kinds[at] = texts.setdefault(value, len(texts) + 1)
        wholes = np.full(len(rows), NOT_WHOLE, dtype=np.int64)
        if exact_whole:
            is_whole = (kinds == NUMBER) & (np.abs(numbers) < LARGEST) & (numbers == np.trunc(numbers))
            wholes[is_whole] = numbers[is_whole].astype(np.int64)
            wholes[list(blurred)] = list(blurred.values())
        columns.append(Cells(kinds, numbers, wholes))
    return Grid(tuple(columns), len(rows))


def comparable(value: Any) -> float | str | None:
    """A value as it is compared: None for NULL and for what is no finite number, a float for numbers and booleans.

    >>> comparable(Decimal("1.50")), comparable("1.5"), comparable(True), comparable("007")
    (1.5, 1.5, 1.0, '007')
    >>> comparable(datetime(2025, 12, 31)), comparable("2025-12-31T00:00:00"), comparable(date(2025, 12, 31))
    ('2025-12-31', '2025-12-31', '2025-12-31')
    """
    if value is None:
        return None
    if isinstance(value, str):
        return _of_text(value.strip())
    if isinstance(value, (bool, int, float, Decimal)):
        return _of_number(value)
    if isinstance(value, datetime):
        return _of_time(value.replace(tzinfo=None))
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, (Mapping, list, tuple)):
        return json.dumps(_plain(value), sort_keys=True, ensure_ascii=False, default=str)
    return str(value).strip()


def _of_number(value: bool | int | float | Decimal) -> float | str | None:
    try:
        number = float(value)
    except OverflowError:
        return str(value)
    except ValueError:  # a signalling NaN
        return None
    return number if math.isfinite(number) else None


def _of_text(text: str) -> float | str:
    if len(text) <= LONGEST_NUMBER and PLAIN_NUMBER.fullmatch(text):
        return float(text)
    if (found := STAMP.fullmatch(text)) is None:
        return text
    try:
        return _of_time(datetime.fromisoformat(f"{found[1]} {found[2]}"))
    except ValueError:
        return text


def _of_time(value: datetime) -> str:
    """Midnight is the day itself."""
    return value.date().isoformat() if value.time() == time(0) else value.isoformat(sep=" ")


def _plain(value: Any) -> Any:
    """A nested value with one kind of number and of date."""
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return comparable(value)
