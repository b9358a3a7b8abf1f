"""What a built bank holds, in a few characters a table: to prove that two builds are the same."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from t2sql.demo.schema import Table
from t2sql.demo.tables import TABLES
from t2sql.errors import WarehouseUnavailable

if TYPE_CHECKING:
    import duckdb


def fingerprints(path: Path) -> dict[str, str]:
    """Table name -> "rows:hash". The hash covers column names, types and every value, whatever the order of the rows.

    Raises WarehouseUnavailable when the file is missing or is no demo bank.
    """
    import duckdb

    if not path.is_file():
        raise WarehouseUnavailable(f"There is no demo bank at {str(path)!r}.", "Run `t2sql demo build`.")
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            return {table.name: _fingerprint(connection, table) for table in TABLES}
    except duckdb.Error as error:
        raise WarehouseUnavailable(f"{str(path)!r} is not a whole demo bank.", "Run `t2sql demo build`.") from error


def _fingerprint(connection: duckdb.DuckDBPyConnection, table: Table) -> str:
    described = connection.execute(
        "SELECT column_name, data_type, is_nullable FROM information_schema.columns "
        "WHERE table_name = ? ORDER BY ordinal_position",
        [table.name],
    ).fetchall()
    # Names are this package's own constants; md5 stays the same across DuckDB versions, which hash() does not.
    values = ", ".join(f"coalesce({one.name}::VARCHAR, '∅')" for one in table.columns)
    row = connection.execute(
        f"SELECT count(*), coalesce(sum(md5_number_lower(concat_ws('|', {values}))), 0) FROM {table.name}"
    ).fetchone()
    rows, total = row or (0, 0)
    digest = hashlib.sha256(f"{described}{rows}{total}".encode()).hexdigest()
    return f"{rows}:{digest[:24]}"
