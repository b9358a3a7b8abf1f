"""Any other engine that SQLAlchemy speaks: SQL proven for DuckDB, written in the engine's own words, untested.

Nobody has run these engines in a test: the account must be one that may only read. Nothing here may claim more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sqlglot.dialects.dialect import Dialect

from t2sql.errors import ConfigError, WarehouseError, did_you_mean
from t2sql.flow import Certified
from t2sql.warehouse import reaching
from t2sql.warehouse.one_select import check_one_select
from t2sql.warehouse.sources import CHECK, SCHEMES

if TYPE_CHECKING:
    from sqlalchemy import Engine

UNTESTED = "No test has run this engine: only its account keeps t2sql from writing, so give it one that may only read."


class Untested:
    """One engine of `reaching.Driver`; what it cannot do, it does not say that it does."""

    name = "database"
    drivername = ""
    arguments: Mapping[str, Any] = MappingProxyType({})

    def __init__(self, dialect: str, render: Callable[[Certified, str], str] | None) -> None:
        """`dialect`: as sqlglot calls it. `render`: writes SQL certified for DuckDB in it; None: nothing runs.

        Raises ConfigError for a dialect that sqlglot has not.
        """
        if Dialect.get(dialect) is None:
            near = did_you_mean(dialect, SCHEMES)
            raise ConfigError(f"No SQL can be written for {dialect!r}.{near}", CHECK)
        self._dialect, self._render = dialect, render

    def settle(self, connection: Any) -> None:
        """Read-only where the driver has a word for it."""
        with suppress(Exception):
            connection.execute("PRAGMA query_only = on" if self._dialect == "sqlite" else "SET TRANSACTION READ ONLY")

    def limit(self, connection: Any, timeout_seconds: float) -> None:
        """Nothing that all engines know."""

    def begin(self, connection: Any, timeout_seconds: float) -> None:
        """Nothing that all engines know."""

    def ask(self, connection: Any, sql: str) -> Any:
        """As `Driver.ask` says."""
        cursor = connection.cursor()
        cursor.execute(sql)
        return cursor

    def cancel(self, connection: Any, engine: Engine) -> None:
        """By the name that the driver has for it, where it has one."""
        stop = getattr(connection, "interrupt", None) or getattr(connection, "cancel", None)
        if stop is not None:
            stop()

    def cut(self, connection: Any) -> None:
        """Nothing that all drivers know."""
        with suppress(Exception):
            self.cancel(connection, None)  # type: ignore[arg-type]

    def text(self, certified: Certified) -> str:
        """As `Driver.text` says."""
        if self._render is None:
            raise WarehouseError("SQL for an untested engine cannot be written here.", "Open it with a renderer.")
        sql = self._render(certified, self._dialect)
        check_one_select(sql, self._dialect)
        return sql

    def version(self, connection: Any) -> str:
        """Nothing that all engines know."""
        return ""

    def rights(self, connection: Any) -> list[str]:
        """As `Driver.rights` says."""
        return [UNTESTED]

    def mapped(self, error: Exception) -> WarehouseError:
        """By the classes that every driver of Python has (PEP 249)."""
        kinds = [kind.__name__ for kind in type(error).__mro__]
        if "ProgrammingError" in kinds or "no such" in str(error).lower():
            return reaching.lacking()
        if "DataError" in kinds:
            return reaching.misfit()
        if "InterfaceError" in kinds or "OperationalError" in kinds or isinstance(error, OSError):
            return reaching.lost(self.name)
        return reaching.other_failure(error)
