"""Copies of a DuckDB bank in PostgreSQL, MariaDB and Spark: the same rows, types and NULLs in each."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import duckdb

_TYPES = {t: t for t in ("INTEGER", "BIGINT", "BOOLEAN", "DATE", "TIMESTAMP")}
_TYPES |= {"VARCHAR": "TEXT", "DOUBLE": "DOUBLE PRECISION"}
_NULL = r"\N"
_CHUNK = 1 << 20


def copy_to_postgres(bank: Path, address: str, folder: Path) -> None:
    """Every table of the DuckDB file `bank`, in the database at `address`; CSV files pass through `folder`."""
    import psycopg

    with (
        duckdb.connect(str(bank), read_only=True) as source,
        psycopg.connect(address) as target,
        target.cursor() as cursor,
    ):
        for table, columns in _tables(source).items():
            declared = ", ".join(f'"{name}" {_postgres_type(kind)}' for name, kind in columns)
            cursor.execute(f"CREATE TABLE {table} ({declared})")  # type: ignore[arg-type]
            file = folder / f"{table}.csv"
            source.execute(f"COPY {table} TO '{file}' (FORMAT csv, HEADER false, NULLSTR '{_NULL}')")
            with (
                file.open("rb") as rows,
                cursor.copy(f"COPY {table} FROM STDIN (FORMAT csv, NULL '{_NULL}')") as copy,  # type: ignore[arg-type]
            ):
                while chunk := rows.read(_CHUNK):
                    copy.write(chunk)
            file.unlink()
        cursor.execute("ANALYZE")


def copy_to_mariadb(bank: Path, socket: Path, database: str, folder: Path) -> None:
    """Every table of the DuckDB file `bank`, in `database` of the server behind `socket`."""
    import pymysql

    from servers import OWNER

    with (
        duckdb.connect(str(bank), read_only=True) as source,
        pymysql.connect(unix_socket=str(socket), user=OWNER, database=database, local_infile=True) as target,
        target.cursor() as cursor,
    ):
        cursor.execute("SET SESSION sql_mode = 'STRICT_ALL_TABLES'")
        for table, columns in _tables(source).items():
            declared = ", ".join(f"`{name}` {_mariadb_type(kind)}" for name, kind in columns)
            cursor.execute(f"CREATE TABLE `{table}` ({declared})")
            file = folder / f"{table}.csv"
            # A flag is a number there.
            shown = ", ".join(f'CAST("{n}" AS INTEGER)' if kind == "BOOLEAN" else f'"{n}"' for n, kind in columns)
            source.execute(f"COPY (SELECT {shown} FROM {table}) TO '{file}' (FORMAT csv, HEADER false, NULLSTR 'NULL')")
            cursor.execute(
                f"LOAD DATA LOCAL INFILE '{file}' INTO TABLE `{table}` CHARACTER SET utf8mb4"
                " FIELDS TERMINATED BY ',' OPTIONALLY ENCLOSED BY '\"' ESCAPED BY '' LINES TERMINATED BY '\n'"
            )
            file.unlink()
            cursor.execute(f"ANALYZE TABLE `{table}`")


def copy_to_parquet(bank: Path, folder: Path) -> None:
    """Every table of the DuckDB file `bank` as a Parquet file of its name in `folder`."""
    with duckdb.connect(str(bank), read_only=True) as source:
        for table in _tables(source):
            source.execute(f"COPY {table} TO '{folder / table}.parquet' (FORMAT parquet)")


def show_in_spark(folder: Path, spark: Any) -> None:
    """Every Parquet file in `folder` as a temporary view of its name."""
    for file in folder.glob("*.parquet"):
        spark.read.parquet(str(file)).createOrReplaceTempView(file.stem)


def _tables(source: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    columns = "information_schema.columns ORDER BY table_name, ordinal_position"
    asked = f"SELECT table_name, column_name, data_type FROM {columns}"
    for table, column, kind in source.execute(asked).fetchall():
        found.setdefault(table, []).append((column, kind))
    return found


def _mariadb_type(kind: str) -> str:
    # A text without a length can be no key of a quick sort.
    known = _TYPES | {"VARCHAR": "VARCHAR(255)", "DOUBLE": "DOUBLE", "TIMESTAMP": "DATETIME(6)"}
    return kind if kind.startswith("DECIMAL(") else known[kind]


def _postgres_type(kind: str) -> str:
    if kind in _TYPES:
        return _TYPES[kind]
    if match := re.fullmatch(r"DECIMAL\((\d+),(\d+)\)", kind):
        return f"NUMERIC({match[1]},{match[2]})"
    raise ValueError(f"no PostgreSQL type for {kind}")
