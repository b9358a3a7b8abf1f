"""PostgreSQL through psycopg: read-only by session, rows through a cursor of the server, cancelled there.

The cursor's own form (DECLARE … FOR one SELECT, in the extended protocol) takes nothing but one SELECT.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from t2sql.errors import WarehouseError
from t2sql.flow import Certified
from t2sql.warehouse import reaching
from t2sql.warehouse.reaching import CONNECT_SECONDS

if TYPE_CHECKING:
    from sqlalchemy import Engine

CURSOR = "t2sql_rows"
_UNREACHABLE = ("57P03",)
_LOST = ("57P01", "57P02")
_TURNED_AWAY = ("28", "3D")
_LACKING = ("42P01", "42703", "3F000")
_MISFIT = ("22", "42804", "42883", "42846")
_TOO_LARGE = ("53100", "53200", "53400", "54")
_WROTE = ("25006", "42601", "0A000", "42P11")
_SETTLED = (
    "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY;"
    "SET client_encoding = 'UTF8'; SET standard_conforming_strings = on; SET transform_null_equals = off;"
    "SET DateStyle = 'ISO, MDY'; SET extra_float_digits = 1; SET cursor_tuple_fraction = 1"
)
# Any of them changes with a write that is committed; a table that was emptied or rewritten has a new file.
_VERSION = (
    "SELECT (SELECT concat_ws('-', count(*), sum(n_tup_ins), sum(n_tup_upd), sum(n_tup_del)) FROM pg_stat_user_tables),"
    " (SELECT sum(relfilenode::bigint) FROM pg_class WHERE relkind = 'r' AND oid >= 16384), pg_postmaster_start_time()"
)
_WRITABLE = (
    "SELECT count(*) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace"
    " WHERE c.relkind IN ('r', 'p') AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'"
    " AND has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')"
)
_MUST_BE = {
    "SELECT datcollate FROM pg_database WHERE datname = current_database()": (
        ("C", "POSIX"),
        "The database sorts text by a language's rules, not byte by byte: names come in another order.",
    ),
    "SHOW server_encoding": (("UTF8",), "The database's texts are not UTF8."),
}


class Postgres:
    """One engine of `reaching.Driver`."""

    name = "PostgreSQL"
    drivername = "postgresql+psycopg"
    arguments: Mapping[str, Any] = MappingProxyType(
        {
            "connect_timeout": CONNECT_SECONDS,
            "application_name": "t2sql",
            "keepalives_idle": 30,
            "keepalives_interval": 10,
            "keepalives_count": 3,
            "tcp_user_timeout": 60_000,
        }
    )

    def settle(self, connection: Any) -> None:
        """As `Driver.settle` says."""
        from psycopg.types.string import TextLoader

        connection.autocommit = True
        connection.execute(_SETTLED)
        # A server that can tell when nobody waits any longer stops by itself.
        with suppress(Exception):
            connection.execute("SET client_connection_check_interval = '2s'")
        connection.autocommit = False
        connection.read_only = True
        for kind in ("json", "jsonb", "inet", "cidr"):
            connection.adapters.register_loader(kind, TextLoader)

    def limit(self, connection: Any, timeout_seconds: float) -> None:
        """End each later statement of `connection` after `timeout_seconds`."""
        connection.autocommit = True
        connection.execute(f"SET statement_timeout = {int(timeout_seconds * 1000)}")
        connection.autocommit = False

    def begin(self, connection: Any, timeout_seconds: float) -> None:
        """As `Driver.begin` says. The server ends by itself what our own cancel does not reach."""
        milliseconds = int(timeout_seconds * 1000) + 500
        connection.execute(f"SET TRANSACTION READ ONLY; SET LOCAL statement_timeout = {milliseconds}")

    def ask(self, connection: Any, sql: str) -> Any:
        """As `Driver.ask` says."""
        cursor = connection.cursor(name=CURSOR, scrollable=False)
        cursor.execute(sql)
        return cursor

    def cancel(self, connection: Any, engine: Engine) -> None:
        """As `Driver.cancel` says."""
        connection.cancel_safe(timeout=1.0)

    def cut(self, connection: Any) -> None:
        """As `Driver.cut` says."""
        with suppress(Exception), socket.socket(fileno=_copy(connection.fileno())) as held:
            held.shutdown(socket.SHUT_RDWR)

    def text(self, certified: Certified) -> str:
        """As `Driver.text` says; the cursor's form lets one SELECT through and nothing else."""
        return certified.sql

    def version(self, connection: Any) -> str:
        """As `Driver.version` says; counters that lag a second behind."""
        return "|".join(map(str, connection.execute(_VERSION).fetchone()))

    def rights(self, connection: Any) -> list[str]:
        """As `Driver.rights` says."""
        found = []
        (count,) = connection.execute(_WRITABLE).fetchone()
        if count:
            found.append(f"The account may write to {count} tables; give t2sql one that may only read.")
        for asked, (allowed, told) in _MUST_BE.items():
            if connection.execute(asked).fetchone()[0] not in allowed:
                found.append(told)
        return found

    def mapped(self, error: Exception) -> WarehouseError:
        """As `Driver.mapped` says."""
        import psycopg

        state = getattr(error, "sqlstate", None) or ""
        if not state:
            is_lost = isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
            if not is_lost:
                return reaching.misfit() if isinstance(error, psycopg.DataError) else reaching.other_failure(error)
            text = str(error).lower()
            if "authentication" in text or "password" in text or "does not exist" in text or "pg_hba" in text:
                return reaching.turned_away(self.name)
            is_closed = "server closed" in text or "lost" in text or "terminating" in text or "is closed" in text
            return reaching.lost(self.name) if is_closed else reaching.unreachable(self.name)
        if state == "53300":
            return reaching.crowded(self.name)
        if state == "42501":
            return reaching.not_granted()
        if state == "57014":
            return reaching.stopped_there()
        for states, make in (
            (_UNREACHABLE, lambda: reaching.unreachable(self.name)),
            ((*_LOST, "08"), lambda: reaching.lost(self.name)),
            (_TURNED_AWAY, lambda: reaching.turned_away(self.name)),
            (_LACKING, reaching.lacking),
            (_MISFIT, reaching.misfit),
            (_TOO_LARGE, reaching.too_large),
            (_WROTE, reaching.written),
        ):
            if state.startswith(states):
                return make()
        return reaching.other_failure(error)


def _copy(descriptor: int) -> int:
    import os

    return os.dup(descriptor)
