"""MariaDB and MySQL through PyMySQL: read-only by session, rows as they are sent, killed by a second connection.

PyMySQL sends one statement at a time. What is no SELECT is refused before it is sent, and by the transaction after.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping
from contextlib import closing, suppress
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from t2sql.errors import WarehouseError
from t2sql.flow import Certified
from t2sql.warehouse import reaching
from t2sql.warehouse.one_select import check_one_select
from t2sql.warehouse.reaching import CONNECT_SECONDS

if TYPE_CHECKING:
    from sqlalchemy import Engine

_UNREACHABLE = frozenset({2002, 2003, 2005, 1053})
_LOST = frozenset({0, 2006, 2013, 2014, 2055, 1927, 1152, 1153, 1158, 1159, 1160, 1161})
_TURNED_AWAY = frozenset({1044, 1045, 1049, 1130, 1698, 1820, 1862, 4151})
_CROWDED = frozenset({1040, 1203, 1226})
_LACKING = frozenset({1054, 1109, 1146, 1051, 1356})
_NOT_GRANTED = frozenset({1142, 1143, 1227, 1370})
_MISFIT = frozenset({1264, 1265, 1292, 1366, 1367, 1406, 1411, 1441, 1690, 1916, 1267, 1270, 1271})
_TOO_LARGE = frozenset({1021, 1037, 1038, 1041, 1104, 1114, 1206, 1226, 3})
_STOPPED = frozenset({1317, 1969, 3024, 1028})
_WROTE = frozenset({1792, 1290, 1064, 1836})
# Text of other modes reads quotes and backslashes in another way; none of them may stand.
_SETTLED = (
    "SET NAMES utf8mb4 COLLATE utf8mb4_bin",
    "SET SESSION TRANSACTION READ ONLY",
    "SET SESSION sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'",
    "SET SESSION group_concat_max_len = 1048576",
)
_VERSION = (
    "SELECT CONCAT_WS('-', COUNT(*), MAX(update_time), MAX(create_time)) FROM information_schema.tables"
    " WHERE table_schema = DATABASE()"
)
_COLLATED = (
    "SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE()"
    " AND collation_name IS NOT NULL AND collation_name NOT LIKE '%\\_bin'"
)
_WRITING = ("INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "ALTER", "ALL PRIVILEGES", "FILE", "EXECUTE", "SUPER")


class MariaDb:
    """One engine of `reaching.Driver`."""

    name = "MariaDB/MySQL"
    drivername = "mysql+pymysql"
    arguments: Mapping[str, Any] = MappingProxyType(
        {"connect_timeout": CONNECT_SECONDS, "charset": "utf8mb4", "local_infile": False}
    )

    def settle(self, connection: Any) -> None:
        """As `Driver.settle` says."""
        with connection.cursor() as cursor:
            for statement in _SETTLED:
                cursor.execute(statement)
            # Texts that the SQL itself makes are compared as the database's own are, where those are binary too.
            collation = str(_value(connection, "SELECT @@collation_database"))
            if collation.startswith("utf8mb4_") and collation.endswith("_bin"):
                cursor.execute("SET SESSION collation_connection = @@collation_database")
            if _is_mariadb(connection):
                # Without it a join of two results, which have no index, compares every row with every row.
                cursor.execute("SET SESSION join_cache_level = 8, join_buffer_size = 16777216")
            else:
                # MySQL keeps what it tells of tables for a day.
                cursor.execute("SET SESSION information_schema_stats_expiry = 0")

    def limit(self, connection: Any, timeout_seconds: float) -> None:
        """End each later statement of `connection` after `timeout_seconds`."""
        seconds, milliseconds = f"{timeout_seconds:.3f}", int(timeout_seconds * 1000)
        name = f"max_statement_time = {seconds}" if _is_mariadb(connection) else f"max_execution_time = {milliseconds}"
        with connection.cursor() as cursor:
            cursor.execute(f"SET SESSION {name}")

    def begin(self, connection: Any, timeout_seconds: float) -> None:
        """As `Driver.begin` says. The server ends by itself what our own cancel does not reach."""
        self.limit(connection, timeout_seconds + 0.5)
        with connection.cursor() as cursor:
            cursor.execute("START TRANSACTION READ ONLY")

    def ask(self, connection: Any, sql: str) -> Any:
        """As `Driver.ask` says."""
        from pymysql.cursors import SSCursor

        cursor = connection.cursor(SSCursor)
        cursor.execute(sql)
        return cursor

    def cancel(self, connection: Any, engine: Engine) -> None:
        """As `Driver.cancel` says."""
        arguments, named = engine.dialect.create_connect_args(engine.url)
        named = {**named, **self.arguments, "connect_timeout": 1}
        with closing(engine.dialect.connect(*arguments, **named)) as aside, closing(aside.cursor()) as cursor:
            cursor.execute(f"KILL QUERY {int(connection.thread_id())}")

    def cut(self, connection: Any) -> None:
        """As `Driver.cut` says."""
        with suppress(Exception):
            connection._sock.shutdown(socket.SHUT_RDWR)
        with suppress(Exception):
            # Else the driver would read the rest of the rows when the cursor is let go.
            connection._result.unbuffered_active = False

    def text(self, certified: Certified) -> str:
        """As `Driver.text` says."""
        check_one_select(certified.sql, "mysql")
        return certified.sql

    def version(self, connection: Any) -> str:
        """As `Driver.version` says."""
        return str(_value(connection, _VERSION))

    def rights(self, connection: Any) -> list[str]:
        """As `Driver.rights` says."""
        found = []
        with connection.cursor() as cursor:
            cursor.execute("SHOW GRANTS")
            grants = [str(row[0]).partition(" ON ")[0].upper() for row in cursor.fetchall()]
        if any(word in grant for grant in grants for word in _WRITING):
            found.append("The account may do more than read; give t2sql one that may only SELECT.")
        if count := _value(connection, _COLLATED):
            told = f"{count} text columns have a collation without regard to case or accents"
            found.append(f"{told}: texts that differ in them alone are one. Use utf8mb4_bin.")
        return found

    def mapped(self, error: Exception) -> WarehouseError:
        """As `Driver.mapped` says."""
        import pymysql

        code = error.args[0] if error.args and isinstance(error.args[0], int) else None
        if code is None:
            if isinstance(error, OSError | pymysql.err.InterfaceError):
                return reaching.lost(self.name)
            return reaching.other_failure(error)
        for codes, make in (
            (_UNREACHABLE, lambda: reaching.unreachable(self.name)),
            (_LOST, lambda: reaching.lost(self.name)),
            (_TURNED_AWAY, lambda: reaching.turned_away(self.name)),
            (_CROWDED, lambda: reaching.crowded(self.name)),
            (_LACKING, reaching.lacking),
            (_NOT_GRANTED, reaching.not_granted),
            (_MISFIT, reaching.misfit),
            (_TOO_LARGE, reaching.too_large),
            (_STOPPED, reaching.stopped_there),
            (_WROTE, reaching.written),
        ):
            if code in codes:
                return make()
        return reaching.other_failure(error)


def _is_mariadb(connection: Any) -> bool:
    return "mariadb" in str(connection.get_server_info()).lower()


def _value(connection: Any, sql: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]
