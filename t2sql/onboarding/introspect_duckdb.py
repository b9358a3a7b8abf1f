"""A DuckDB connection under survey: a file opened read-only and locked, or a folder that the warehouse has registered.

It must never open a second file, and never put a value of the data into an error.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from t2sql.errors import Cancelled, WarehouseUnavailable
from t2sql.onboarding.introspect import ForeignKey, FoundColumn, FoundTable, NotRead, kind_of
from t2sql.warehouse.watch import Limits, Watch

if TYPE_CHECKING:
    import duckdb

_TABLES = """
SELECT database_name, schema_name, table_name, FALSE, coalesce(comment, ''), estimated_size
FROM duckdb_tables() WHERE NOT internal
UNION ALL SELECT database_name, schema_name, view_name, TRUE, coalesce(comment, ''), -1
FROM duckdb_views() WHERE NOT internal ORDER BY ALL
"""
_COLUMNS = """
SELECT database_name, schema_name, table_name, column_name, data_type, is_nullable, coalesce(comment, '')
FROM duckdb_columns() WHERE NOT internal ORDER BY database_name, schema_name, table_name, column_index
"""
_CONSTRAINTS = """
SELECT database_name, schema_name, table_name, constraint_type, constraint_column_names, referenced_table,
    referenced_column_names
FROM duckdb_constraints() WHERE constraint_type IN ('PRIMARY KEY', 'UNIQUE', 'FOREIGN KEY')
"""


class DuckDbReader:
    """Surveys what one connection sees; the caller closes it."""

    dialect = "duckdb"

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, *, shown: str, cancel: threading.Event | None = None
    ) -> None:
        """`shown`: the source as people see it, without credentials."""
        self.shown = shown
        self._connection = connection
        self._cancel = cancel

    def tables(self) -> list[FoundTable]:
        """Every table and view with its columns, comments and constraints. Raises WarehouseUnavailable."""
        import duckdb

        try:
            tables = self._connection.execute(_TABLES).fetchall()
            columns: dict[tuple[str, ...], list[FoundColumn]] = {}
            for database, schema, table, name, kind, is_nullable, comment in self._connection.execute(
                _COLUMNS
            ).fetchall():
                found = FoundColumn(name, kind, kind_of(kind), bool(is_nullable), comment)
                columns.setdefault((database, schema, table), []).append(found)
            constraints = self._connection.execute(_CONSTRAINTS).fetchall()
        except duckdb.Error as error:
            message = f"The tables of {self.shown!r} cannot be listed ({type(error).__name__})."
            raise WarehouseUnavailable(message, "Check that the file is whole and of this version of DuckDB.") from None
        keys: dict[tuple[str, ...], dict[str, list[Any]]] = {}
        for database, schema, table, kind, names, other, other_names in constraints:
            held = keys.setdefault((database, schema, table), {})
            held.setdefault(kind, []).append((tuple(names), schema, other, tuple(other_names or ())))
        found_tables = []
        for database, schema, name, is_registered, comment, estimate in tables:
            here = (database, schema, name)
            # A registered file counts as a table, and has no schema.
            is_file = database == "temp"
            is_view = is_registered and not is_file
            held = keys.get(here, {})
            primary = held.get("PRIMARY KEY", [])
            found_tables.append(
                FoundTable(
                    schema="" if is_file else schema,
                    name=name,
                    is_view=is_view,
                    comment=comment,
                    estimated_rows=-1 if is_view else int(estimate),
                    columns=tuple(columns.get(here, ())),
                    primary_key=primary[0][0] if primary else (),
                    unique_keys=tuple(key[0] for key in held.get("UNIQUE", [])),
                    foreign_keys=tuple(ForeignKey(*key) for key in held.get("FOREIGN KEY", [])),
                )
            )
        return found_tables

    def rows(self, select: exp.Query, *, timeout_seconds: float) -> list[tuple[Any, ...]]:
        """All rows of `select`. Raises NotRead, Cancelled."""
        import duckdb

        cancels = (self._cancel,) if self._cancel else ()
        limits = Limits(time.monotonic() + timeout_seconds, timeout_seconds, cancels)
        if reached := limits.reached():
            raise reached
        with Watch(self._connection, limits) as watch:
            try:
                return self._connection.execute(select.sql(dialect="duckdb")).fetchall()
            except (duckdb.Error, MemoryError) as error:
                # From None: a library's message can quote values of the data.
                if isinstance(watch.stopped, Cancelled):
                    raise watch.stopped from None
                why = "it took too long" if watch.stopped else type(error).__name__
                raise NotRead(f"DuckDB could not read it ({why}).") from None

    def sample(self, table: FoundTable, select: exp.Select, rows: int, *, of_rows: int) -> exp.Select:
        """A reservoir of `rows` rows with a fixed seed; the whole table where it has no more."""
        if 0 <= of_rows <= rows:
            return select
        if table.is_view:
            return select.limit(rows)
        spread = select.copy()
        spread.set(
            "sample",
            exp.TableSample(method=exp.var("RESERVOIR"), size=exp.Literal.number(rows), seed=exp.Literal.number(7)),
        )
        return spread
