"""A server under survey, through SQLAlchemy: PostgreSQL, MariaDB and MySQL, and untested whatever else it speaks.

Every connection is read-only from its first moment (see warehouse.reaching). It must never put a server's own words
into an error: they can quote values.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from t2sql.errors import Cancelled, WarehouseError, WarehouseUnavailable
from t2sql.onboarding.introspect import ForeignKey, FoundColumn, FoundTable, NotRead, kind_of
from t2sql.warehouse.reaching import Driver, lacking, misfit, not_granted, open_engine
from t2sql.warehouse.servers import driver_of
from t2sql.warehouse.sources import Source
from t2sql.warehouse.watch import Limits, Watch

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, Inspector

_SYSTEM_SCHEMAS = frozenset({"information_schema", "pg_catalog", "pg_toast", "mysql", "performance_schema", "sys"})
_ESTIMATES = {
    "postgres": "SELECT n.nspname, c.relname, c.reltuples::bigint FROM pg_class c JOIN pg_namespace n"
    " ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'm', 'f')",
    "mysql": "SELECT '', table_name, table_rows FROM information_schema.tables WHERE table_schema = DATABASE()",
}
_LONGEST_SECONDS = 60.0
_OF_A_SURVEY = {
    not_granted().message: "The account may not read it.",
    misfit().message: "A value does not fit its formula.",
    lacking().message: "It reads a table or column that is not there.",
}
"""What is said of a definition, said of a table or view that has none yet."""


class ServerReader:
    """Surveys one database on a server. Close it."""

    def __init__(self, source: Source, *, cancel: threading.Event | None = None) -> None:
        """Nothing is connected yet. Raises ConfigError where no driver is there."""
        self.dialect = source.dialect
        self.shown = source.shown
        self._driver = driver_of(source)
        self._engine = open_engine(source, timeout_seconds=_LONGEST_SECONDS)
        self._cancel = cancel

    def close(self) -> None:
        """Let the connections go."""
        self._engine.dispose()

    def tables(self) -> list[FoundTable]:
        """Every table and view of the database with what it declares. Raises WarehouseUnavailable."""
        from sqlalchemy import inspect

        try:
            with self._engine.connect() as connection:
                inspector = inspect(connection)
                estimates = self._estimates(connection)
                found: list[FoundTable] = []
                for schema in self._schemas(inspector):
                    found += _tables_of(inspector, schema, estimates)
        except WarehouseError:
            raise
        except Exception as error:
            told = self._told(error)
            if isinstance(told, WarehouseUnavailable):
                raise told from None
            message = f"The tables of {self.shown!r} cannot be listed."
            raise WarehouseUnavailable(message, "Grant the account USAGE and SELECT on what it shall see.") from None
        return found

    def rows(self, select: exp.Query, *, timeout_seconds: float) -> list[tuple[Any, ...]]:
        """All rows of `select`. Raises NotRead, Cancelled, WarehouseUnavailable."""
        seconds = min(timeout_seconds, _LONGEST_SECONDS)
        limits = Limits(time.monotonic() + seconds, seconds, (self._cancel,) if self._cancel else ())
        if reached := limits.reached():
            raise reached
        sql = select.sql(dialect=self.dialect)
        work: _Work | None = None
        try:
            with self._engine.connect() as connection:
                work = _Work(self._driver, connection, self._engine)
                with Watch(work, limits) as watch:
                    try:
                        # Without parameters, so that a % in a name stays one.
                        asked = connection.execution_options(no_parameters=True).exec_driver_sql(sql)
                        return [tuple(row) for row in asked.fetchall()]
                    except Exception:
                        if isinstance(watch.stopped, Cancelled):
                            raise watch.stopped from None
                        if watch.stopped:
                            raise NotRead("it took too long") from None
                        raise
        except (NotRead, Cancelled):
            raise
        except Exception as error:
            told = self._told(error)
            if isinstance(told, WarehouseUnavailable):
                raise told from None
            raise NotRead(_OF_A_SURVEY.get(told.message, told.message)) from None

    def sample(self, table: FoundTable, select: exp.Select, rows: int, *, of_rows: int) -> exp.Select:
        """About `rows` rows: by pages on PostgreSQL where the table is large, else the first ones."""
        is_large = of_rows > 4 * rows
        if self.dialect == "postgres" and is_large and not table.is_view:
            spread = select.copy()
            # Pages are uneven, so somewhat more, and then a limit.
            share = min(100.0, max(115.0 * rows / of_rows, 0.001))
            source = spread.find(exp.Table)
            if source is not None:
                by_pages = exp.TableSample(
                    method=exp.var("SYSTEM"), size=exp.Literal.number(f"{share:.6f}"), seed=exp.Literal.number(7)
                )
                source.set("sample", by_pages)
            return spread.limit(rows)
        return select.limit(rows)

    def _schemas(self, inspector: Inspector) -> list[str | None]:
        if self.dialect == "mysql":
            # There a schema is another database.
            return [None]
        names = [name for name in inspector.get_schema_names() if name.lower() not in _SYSTEM_SCHEMAS]
        return [name for name in names if not name.startswith(("pg_", "_"))]

    def _estimates(self, connection: Connection) -> dict[tuple[str, str], int]:
        sql = _ESTIMATES.get(self.dialect)
        if not sql:
            return {}
        found: dict[tuple[str, str], int] = {}
        with suppress(Exception):
            asked = connection.execution_options(no_parameters=True).exec_driver_sql(sql)
            for schema, table, rows in asked.fetchall():
                found[str(schema), str(table)] = int(rows) if rows is not None else -1
        return found

    def _told(self, error: Exception) -> WarehouseError:
        """`error` of SQLAlchemy or of the driver beneath it, in words that hold nothing of the data."""
        return self._driver.mapped(getattr(error, "orig", None) or error)


class _Work:
    """One running statement, for Watch."""

    def __init__(self, driver: Driver, connection: Connection, engine: Engine) -> None:
        self._driver = driver
        self._connection = connection.connection.driver_connection
        self._engine = engine

    def interrupt(self) -> None:
        """Cancel it on the server; nothing when the server does not listen, for the statement has its own limit."""
        with suppress(Exception):
            self._driver.cancel(self._connection, self._engine)


def _tables_of(
    inspector: Inspector, schema: str | None, estimates: Mapping[tuple[str, str], int]
) -> Iterable[FoundTable]:
    """The tables, then the views, of one schema, each by name."""
    from sqlalchemy.engine.reflection import ObjectKind

    every = ObjectKind.ANY
    views = set(inspector.get_view_names(schema))
    with suppress(NotImplementedError):
        views |= set(inspector.get_materialized_view_names(schema))
    columns = inspector.get_multi_columns(schema, kind=every)
    primary = _declared(inspector.get_multi_pk_constraint, schema)
    unique = _declared(inspector.get_multi_unique_constraints, schema)
    foreign = _declared(inspector.get_multi_foreign_keys, schema)
    comments = _declared(inspector.get_multi_table_comment, schema)
    indexes = _declared(inspector.get_multi_indexes, schema)
    found = []
    for key in sorted(columns, key=lambda key: (key[1] in views, key[1])):
        name = key[1]
        uniques = [tuple(one["column_names"]) for one in unique.get(key) or ()]
        for index in indexes.get(key) or ():
            names = index.get("column_names") or ()
            # An index with a condition is unique over some rows only.
            is_partial = any("where" in option for option in index.get("dialect_options", {}))
            if index.get("unique") and names and None not in names and not is_partial:
                uniques.append(tuple(names))
        found.append(
            FoundTable(
                schema=schema or "",
                name=name,
                is_view=name in views,
                comment=(comments.get(key) or {}).get("text") or "",
                estimated_rows=-1 if name in views else estimates.get((schema or "", name), -1),
                columns=tuple(_column(inspector, column) for column in columns[key]),
                primary_key=tuple((primary.get(key) or {}).get("constrained_columns") or ()),
                unique_keys=tuple(dict.fromkeys(uniques)),
                foreign_keys=tuple(
                    ForeignKey(
                        tuple(one["constrained_columns"]),
                        one["referred_schema"] or schema or "",
                        one["referred_table"],
                        tuple(one["referred_columns"]),
                    )
                    for one in foreign.get(key) or ()
                ),
            )
        )
    return found


def _declared(ask: Any, schema: str | None) -> dict[Any, Any]:
    """What an engine declares of its tables; nothing where its dialect cannot tell."""
    with suppress(NotImplementedError):
        return dict(ask(schema))
    return {}


def _column(inspector: Inspector, found: Mapping[str, Any]) -> FoundColumn:
    from sqlalchemy import Enum
    from sqlalchemy.exc import CompileError

    kind = found["type"]
    try:
        written = kind.compile(dialect=inspector.dialect)
    except (CompileError, AttributeError, TypeError):
        written = str(kind)
    written = written.split(" COLLATE ")[0].split(" CHARACTER SET ")[0]
    plain = "text" if isinstance(kind, Enum) else kind_of(written)
    comment = found.get("comment") or ""
    return FoundColumn(found["name"], written, plain, bool(found.get("nullable", True)), comment)
