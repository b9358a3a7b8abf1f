"""Columns into DuckDB, in the order given. Amounts travel as whole cents and never as floats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from t2sql.demo.draws import Ints
from t2sql.demo.schema import Table

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Coded:
    """A text column as numbers into a short list."""

    codes: Ints
    """Index into names, -1 for NULL."""
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """A column of Python values, None for NULL."""

    values: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Gaps:
    """Whole numbers, some of them NULL."""

    values: Ints
    is_null: npt.NDArray[np.bool_]


ColumnValues = Coded | Words | Gaps | npt.NDArray[Any]
Columns = Mapping[str, ColumnValues]
"""Column name -> values: decimals as whole units of their last digit, dates as datetime64[D] with NaT for NULL."""


def words(values: Sequence[object]) -> Words:
    """A column of Python values."""
    return Words(tuple(values))


def write(connection: duckdb.DuckDBPyConnection, table: Table, columns: Columns) -> int:
    """Append rows to a table in their order; the number of rows. Raises KeyError on a missing column."""
    import pyarrow as pa

    arrow = pa.table({one.name: _arrow(columns[one.name], one.type) for one in table.columns})
    connection.register("rows_to_write", arrow)
    # The table's name is one of this package's own constants.
    connection.execute(f"INSERT INTO {table.name} SELECT * FROM rows_to_write")
    connection.unregister("rows_to_write")
    return int(arrow.num_rows)


def _arrow(values: ColumnValues, type_: str) -> pa.Array:
    import pyarrow as pa

    if isinstance(values, Words):
        plain = pa.array(values.values)
        return plain.cast(_arrow_type(type_)) if not type_.startswith("DECIMAL") else plain
    if isinstance(values, Coded):
        codes = pa.array(values.codes.astype(np.int32), mask=values.codes < 0)
        return pa.DictionaryArray.from_arrays(codes, pa.array(values.names, pa.string()))
    if isinstance(values, Gaps):
        return pa.array(values.values, mask=values.is_null).cast(_arrow_type(type_))
    if type_.startswith("DECIMAL"):
        return _decimals(values, type_)
    return pa.array(values).cast(_arrow_type(type_))


def _decimals(units: Ints, type_: str) -> pa.Array:
    import pyarrow as pa

    precision, scale = (int(part) for part in type_.removeprefix("DECIMAL(").removesuffix(")").split(","))
    halves = np.empty((len(units), 2), dtype=np.int64)
    halves[:, 0] = units
    halves[:, 1] = units >> 63
    return pa.Array.from_buffers(pa.decimal128(precision, scale), len(units), [None, pa.py_buffer(halves)])


def _arrow_type(type_: str) -> pa.DataType:
    import pyarrow as pa

    return {
        "INTEGER": pa.int32(),
        "BIGINT": pa.int64(),
        "DATE": pa.date32(),
        "VARCHAR": pa.string(),
        "BOOLEAN": pa.bool_(),
        "TIMESTAMP": pa.timestamp("us"),
    }[type_]
