"""Warehouses on real servers: limits reach the server, nothing can be written, a lost server is told and found again.

Certificates here are forged on purpose: what holds must hold without `certify`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from t2sql.errors import Cancelled, QueryTimeout, T2sqlError, WarehouseError, WarehouseUnavailable
from t2sql.flow import Certified, Column
from t2sql.settings import Settings
from t2sql.warehouse import open_source
from t2sql.warehouse.sources import parse_source

import servers
from servers import mariadb_connection, running_mariadb, running_postgres, scratch_database, scratch_mariadb
from spark_connect import running_spark_connect

ENGINES = ["postgres", "mariadb", "spark", "spark_connect"]
SERVERS = ["postgres", "mariadb"]
SETTINGS = Settings(memory_limit="1GB")
SECRET = "Zhang San"
RUNAWAY = {
    "postgres": "SELECT COUNT(*) FROM t AS a, t AS b, t AS c, t AS d WHERE a.i + b.i <> c.i + d.i",
    "mariadb": "SELECT COUNT(*) FROM t AS a, t AS b, t AS c, t AS d WHERE a.i + b.i <> c.i + d.i",
    "spark": "SELECT COUNT(*) FROM range(1000000) AS a, range(1000000) AS b WHERE a.id + b.id <> 7",
    "spark_connect": "SELECT COUNT(*) FROM range(1000000) AS a, range(1000000) AS b WHERE a.id + b.id <> 7",
}
DIALECTS = {"postgres": "postgres", "mariadb": "mysql", "spark": "spark", "spark_connect": "spark"}


@dataclass(frozen=True, slots=True)
class Server:
    """One engine with a table `t` of 1,000 rows."""

    warehouse: Any
    dialect: str
    running: Callable[[], int]
    """How much SQL runs there now that is not our own look."""
    bare: Callable[[str], list[tuple[Any, ...]]]
    """Runs SQL as its owner, without any guard."""

    def ask(self, sql: str, *, row_limit: int = 2_000, timeout_seconds: float = 20, cancel: Any = None) -> Any:
        """Rows of `sql` under a forged certificate."""
        certified = Certified(sql, self.dialect, row_limit)
        return self.warehouse.rows(certified, timeout_seconds=timeout_seconds, cancel=cancel)


ROWS = (
    "SELECT {i} AS i, CAST({i} AS DECIMAL(20, 4)) / 100 AS n, DATE '2024-02-29' AS d, CAST({i} AS {text}) AS s,"
    " CAST(9007199254740993 AS {big}) AS big"
)


@pytest.fixture(scope="module")
def server_of(request: pytest.FixtureRequest) -> Iterator[Callable[[str], Server]]:
    """`server_of(engine)`: it with its table; starts none that is not asked."""
    with ExitStack() as stack:
        known: dict[str, Server] = {}

        def server(engine: str) -> Server:
            if engine not in known:
                make = {"postgres": _postgres, "mariadb": _mariadb, "spark": _spark, "spark_connect": _spark}[engine]
                known[engine] = make(stack, request, engine)
            return known[engine]

        yield server


def _postgres(stack: ExitStack, request: pytest.FixtureRequest, _engine: str) -> Server:
    import psycopg

    address = stack.enter_context(scratch_database(request.getfixturevalue("postgres_address"), "served"))
    owner = stack.enter_context(psycopg.connect(address, autocommit=True))

    def bare(sql: str) -> list[tuple[Any, ...]]:
        cursor = owner.execute(sql.encode())
        return cursor.fetchall() if cursor.description else []

    rows = ROWS.format(i="x", text="TEXT", big="BIGINT")
    bare(f"CREATE TABLE t AS {rows} FROM generate_series(1, 1000) AS g(x)")
    bare(f"CREATE TABLE person (id INTEGER, name TEXT); INSERT INTO person VALUES (1, '{SECRET}')")
    asked = "SELECT COUNT(*) FROM pg_stat_activity WHERE application_name = 't2sql' AND state = 'active'"
    warehouse = stack.enter_context(_opened(_postgres_url(address)))
    return Server(warehouse, "postgres", lambda: bare(asked)[0][0], bare)


def _mariadb(stack: ExitStack, request: pytest.FixtureRequest, _engine: str) -> Server:
    socket = request.getfixturevalue("mariadb_socket")
    url = stack.enter_context(scratch_mariadb(socket, "served"))
    owner = stack.enter_context(mariadb_connection(socket, "served"))

    def bare(sql: str) -> list[tuple[Any, ...]]:
        with owner.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())

    bare("SET NAMES utf8mb4 COLLATE utf8mb4_nopad_bin")
    bare(f"CREATE TABLE t AS {ROWS.format(i='seq', text='CHAR', big='SIGNED')} FROM seq_1_to_1000")
    bare("CREATE TABLE person (id INTEGER, name VARCHAR(50))")
    bare(f"INSERT INTO person VALUES (1, '{SECRET}')")
    bare("CREATE PROCEDURE wipe() BEGIN COMMIT; DELETE FROM t; END")
    asked = "SELECT COUNT(*) FROM information_schema.processlist WHERE db = 'served' AND command = 'Query'"
    return Server(stack.enter_context(_opened(url)), "mysql", lambda: bare(asked)[0][0] - 1, bare)


def _spark(stack: ExitStack, request: pytest.FixtureRequest, engine: str) -> Server:
    spark = request.getfixturevalue("spark")
    folder = request.getfixturevalue("tmp_path_factory").mktemp("spark")
    rows = ROWS.format(i="id", text="STRING", big="BIGINT")
    spark.sql(f"{rows} FROM range(1, 1001)").coalesce(1).write.parquet(str(folder / "t"))
    spark.sql("CREATE TABLE IF NOT EXISTS kept USING parquet AS SELECT 1 AS i")
    request.addfinalizer(lambda: spark.sql("DROP TABLE IF EXISTS kept"))
    local = engine == "spark"
    url = f"spark://local{folder}" if local else request.getfixturevalue("bank_source")("spark_connect")
    warehouse = stack.enter_context(_opened(url))
    if not local:
        warehouse._opened().read.parquet(str(folder / "t")).createOrReplaceTempView("t")
    status = spark.sparkContext.statusTracker()
    return Server(
        warehouse,
        "spark",
        lambda: len(status.getActiveJobsIds()),
        lambda sql: [tuple(row) for row in spark.sql(sql).collect()],
    )


def _opened(url: str) -> Any:
    return open_source(parse_source(url), SETTINGS)


def _postgres_url(address: str) -> str:
    parts = dict(part.split("=", 1) for part in address.split())
    return f"postgresql://{parts['user']}@/{parts['dbname']}?host={parts['host']}"


def _settled(look: Callable[[], int]) -> int:
    """What `look` says once it has come to rest."""
    deadline = time.monotonic() + 3
    while (found := look()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


@pytest.mark.parametrize("engine", ENGINES)
def test_types_are_kept(engine: str, server_of: Callable[[str], Server]) -> None:
    """Decimals are exact, whole numbers past 2**53 too, a date is a date and NULL is None."""
    (row,) = server_of(engine).ask("SELECT i, n, d, s, big, NULL AS nothing FROM t WHERE i = 7 LIMIT 5")
    assert row[0] == 7 and row[2:] == (date(2024, 2, 29), "7", 9007199254740993, None)
    assert isinstance(row[1], Decimal) and row[1] == Decimal("0.07")
    assert not isinstance(row[2], datetime)


@pytest.mark.parametrize("engine", ENGINES)
def test_rows_are_cut_at_the_limit(engine: str, server_of: Callable[[str], Server]) -> None:
    """And it is told; where all rows are needed it is an error."""
    server = server_of(engine)
    columns = [Column("i", "dimension", "integer", "", "", "", "i", "i")]
    certified = Certified("SELECT i FROM t ORDER BY i LIMIT 11", server.dialect, 10)
    result = server.warehouse.run(certified, columns, timeout_seconds=20)
    assert result.truncated and [row[0] for row in result.rows] == list(range(1, 11))
    with pytest.raises(WarehouseError, match="all are needed"):
        server.warehouse.rows(certified, timeout_seconds=20)


@pytest.mark.parametrize("engine", ENGINES)
def test_bytes_are_limited(engine: str, server_of: Callable[[str], Server]) -> None:
    """A result of few rows can still be too much to hold."""
    server = server_of(engine)
    whole, server.warehouse._byte_limit = server.warehouse._byte_limit, 1_000_000
    try:
        with pytest.raises(WarehouseError, match="more than 1 MB"):
            server.ask("SELECT LPAD(s, 5000, 'x') AS v FROM t LIMIT 1000")
    finally:
        server.warehouse._byte_limit = whole
    assert len(server.ask("SELECT LPAD(s, 5000, 'x') AS v FROM t LIMIT 1000")) == 1000


@pytest.mark.parametrize("engine", ENGINES)
def test_rows_stream(engine: str, server_of: Callable[[str], Server]) -> None:
    """Batch by batch; one who takes a few leaves nothing behind, and the next question is answered."""
    server = server_of(engine)
    big = "SELECT a.i FROM t AS a CROSS JOIN t AS b LIMIT 100001"
    with server.warehouse.stream(Certified(big, server.dialect, 100_000), timeout_seconds=60) as reading:
        assert reading.width == 1
        assert 0 < len(next(reading.batches)) <= 10_000
    assert _settled(server.running) == 0
    assert server.ask("SELECT COUNT(*) AS n FROM t LIMIT 1") == [(1000,)]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_runaway_is_stopped_on_the_server(engine: str, server_of: Callable[[str], Server]) -> None:
    """Soon after its limit, with nothing left running, and the warehouse goes on."""
    server = server_of(engine)
    server.ask("SELECT COUNT(*) AS n FROM t LIMIT 1")
    with pytest.raises(QueryTimeout, match=r"longer than 0\.5 s"):
        server.ask(RUNAWAY[engine], timeout_seconds=0.5)
    assert _settled(server.running) == 0
    assert server.ask("SELECT COUNT(*) AS n FROM t LIMIT 1") == [(1000,)]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_question_that_is_stopped_stops_there(engine: str, server_of: Callable[[str], Server]) -> None:
    """The same when a person stops it."""
    server, cancel = server_of(engine), threading.Event()
    timer = threading.Timer(0.5, cancel.set)
    timer.start()
    with pytest.raises(Cancelled):
        server.ask(RUNAWAY[engine], timeout_seconds=60, cancel=cancel)
    timer.join()
    assert _settled(server.running) == 0


WRITES = {
    "postgres": [
        "INSERT INTO t (i) VALUES (0)",
        "UPDATE t SET i = 0",
        "DELETE FROM t",
        "DROP TABLE t",
        "TRUNCATE t",
        "CREATE TABLE made AS SELECT 1 AS x",
        "SELECT i INTO made FROM t",
        "WITH gone AS (DELETE FROM t RETURNING i) SELECT i FROM gone",
        "SELECT 1; DELETE FROM t",
        "COMMIT; DELETE FROM t",
        "COPY t TO PROGRAM 'true'",
        "GRANT ALL ON t TO PUBLIC",
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE",
        "SELECT set_config('transaction_read_only', 'off', false) FROM t",
        "DO $$ BEGIN DELETE FROM t; END $$",
        "SELECT i FROM t FOR UPDATE",
    ],
    "mariadb": [
        "INSERT INTO t (i) VALUES (0)",
        "UPDATE t SET i = 0",
        "DELETE FROM t",
        "DROP TABLE t",
        "TRUNCATE t",
        "CREATE TABLE made AS SELECT 1 AS x",
        "REPLACE INTO t (i) VALUES (0)",
        "SELECT i INTO OUTFILE 'made' FROM t",
        "SELECT i FROM t /*! INTO OUTFILE 'made' */",
        "SELECT i FROM t /*M!100000 INTO OUTFILE 'made' */",
        "SELECT 1; DELETE FROM t",
        "COMMIT",
        "CALL wipe()",
        "SET SESSION TRANSACTION READ WRITE",
        "GRANT ALL ON *.* TO nobody",
        "LOAD DATA INFILE 'made' INTO TABLE t",
    ],
    "spark_connect": [
        "INSERT INTO kept VALUES (0)",
        "DROP TABLE kept",
        "CREATE TABLE made USING parquet AS SELECT 1 AS x",
        "WITH a AS (SELECT 1 AS i) INSERT INTO kept SELECT i FROM a",
        "FROM kept INSERT OVERWRITE TABLE kept SELECT i + 1",
        "SELECT 1) AS t; DROP TABLE kept; SELECT * FROM (SELECT 1",
        "TRUNCATE TABLE kept",
        "CREATE OR REPLACE TEMPORARY VIEW t AS SELECT 1 AS i",
        "SET spark.sql.ansi.enabled = false",
    ],
}


@pytest.mark.parametrize(("engine", "sql"), [(engine, sql) for engine, lines in WRITES.items() for sql in lines])
def test_a_write_is_impossible(engine: str, sql: str, server_of: Callable[[str], Server]) -> None:
    """Although the account is the owner's: the session alone keeps it from writing."""
    server = server_of(engine)
    if engine == "postgres" and "set_config" in sql:
        # It says that it cannot; nothing is changed.
        sql = sql + " LIMIT 1"
    with pytest.raises(WarehouseError):
        server.ask(sql)
    if engine == "spark_connect":
        assert server.bare("SELECT i FROM kept") == [(1,)]
        assert "made" not in {row[1] for row in server.bare("SHOW TABLES")}
    else:
        assert server.bare("SELECT COUNT(*), SUM(i) FROM t") == [(1000, 500500)]
        made = "SELECT COUNT(*) FROM information_schema.tables WHERE table_name = 'made'"
        assert server.bare(made) == [(0,)]
    assert server.ask("SELECT COUNT(*) AS n FROM t LIMIT 1") == [(1000,)]


@pytest.mark.parametrize("engine", SERVERS)
def test_an_account_that_may_only_read_is_not_warned_of(engine: str, server_of: Callable[[str], Server]) -> None:
    """And one that may write is."""
    server = server_of(engine)
    assert any("only" in told for told in server.warehouse.rights())
    if engine == "postgres":
        server.bare("CREATE ROLE reader LOGIN")
        server.bare("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader")
        url = server.warehouse._source.address.replace("//owner@", "//reader@")
    else:
        server.bare("CREATE USER reader@localhost")
        server.bare("GRANT SELECT ON served.* TO reader@localhost")
        url = server.warehouse._source.address.replace("//owner@", "//reader@")
    with _opened(url) as reader:
        assert reader.rights() == []
        assert reader.rows(Certified("SELECT COUNT(*) FROM t", server.dialect, 1), timeout_seconds=20) == [(1000,)]


FAILURES = {
    "postgres": {
        "SELECT nothing FROM t": "lacks a table or column",
        "SELECT i FROM nowhere": "lacks a table or column",
        "SELECT CAST(name AS INTEGER) FROM person": "does not fit",
        "SELECT id / 0 FROM person": "does not fit",
        "SELECT name FROM person WHERE name = 1": "does not fit",
    },
    "mariadb": {
        "SELECT nothing FROM t": "lacks a table or column",
        "SELECT i FROM nowhere": "lacks a table or column",
        "SELECT EXP(id * 1000) FROM person": "does not fit",
        "SELECT name FROM person WHERE": "refused",
    },
    "spark": {
        "SELECT nothing FROM t": "lacks a table or column",
        "SELECT i FROM nowhere": "lacks a table or column",
        f"SELECT CAST('{SECRET}' AS INT) FROM t": "does not fit",
        "SELECT i / 0 FROM t": "does not fit",
        "SELECT ((i FROM t": "refused",
    },
}
FAILURES["spark_connect"] = FAILURES["spark"]


@pytest.mark.parametrize(("engine", "sql"), [(engine, sql) for engine in ENGINES for sql in FAILURES[engine]])
def test_errors_are_ours_and_hold_no_data(engine: str, sql: str, server_of: Callable[[str], Server]) -> None:
    """Nor the server's own words."""
    with pytest.raises(WarehouseError, match=FAILURES[engine][sql]) as caught:
        server_of(engine).ask(sql)
    told = f"{caught.value} {caught.value!r}"
    assert SECRET not in told and caught.value.hint
    assert caught.value.__cause__ is None


SLEEPING = {
    "postgres": "SELECT pg_sleep(30)",
    "mariadb": "SELECT SLEEP(30)",
    "spark_connect": RUNAWAY["spark_connect"],
}


ENDLESS = {
    "postgres": "SELECT x FROM generate_series(1, 20000000) AS g(x)",
    "mariadb": "SELECT seq FROM seq_1_to_20000000",
    "spark_connect": "SELECT id FROM range(0, 20000000, 1, 50)",
}


@pytest.mark.parametrize("engine", SLEEPING)
def test_a_server_killed_in_the_middle(engine: str) -> None:
    """Of a query or of its rows: it is told as such, and the next question is answered once the server is back."""
    running: Any = {
        "postgres": running_postgres,
        "mariadb": running_mariadb,
        "spark_connect": running_spark_connect,
    }
    with running[engine]() as address:
        _killed_and_back(engine, address)


def _killed_and_back(engine: str, address: Any) -> None:
    url = {
        "postgres": lambda: _postgres_url(f"{address} dbname=postgres"),
        "mariadb": lambda: f"mariadb://{servers.OWNER}@/mysql?unix_socket={address}",
        "spark_connect": lambda: f"sc://{address}",
    }[engine]()
    one = Certified("SELECT 1 AS x", DIALECTS[engine], 1)
    with _opened(url) as warehouse:
        assert warehouse.rows(one, timeout_seconds=60) == [(1,)]
        began = time.monotonic()
        timer = threading.Timer(0.5, servers.kill, (address,))
        timer.start()
        with pytest.raises(WarehouseUnavailable, match="was lost"):
            warehouse.rows(Certified(SLEEPING[engine], DIALECTS[engine], 1), timeout_seconds=25)
        timer.join()
        # Told when it happens, not when the limit is reached.
        assert time.monotonic() - began < 15
        with pytest.raises(WarehouseUnavailable):
            warehouse.rows(one, timeout_seconds=20)
        servers.start_again(address)
        assert warehouse.rows(one, timeout_seconds=60) == [(1,)]
        many = Certified(ENDLESS[engine], DIALECTS[engine], 20_000_000)
        with warehouse.stream(many, timeout_seconds=60) as reading:
            assert len(next(reading.batches)) == 10_000
            servers.kill(address)
            with pytest.raises(WarehouseUnavailable, match="was lost"):
                list(reading.batches)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://wilhelmina:s3cret@127.0.0.1:1/bank",
        "mariadb://wilhelmina:s3cret@127.0.0.1:1/bank",
        "sc://127.0.0.1:1/;token=s3cret;user_id=wilhelmina",
    ],
)
def test_a_server_that_is_not_there(url: str) -> None:
    """Told without the account or the password."""
    with _opened(url) as warehouse, pytest.raises(WarehouseUnavailable) as caught:
        warehouse.rows(Certified("SELECT 1", warehouse.dialect, 1), timeout_seconds=10)
    told = f"{caught.value} {caught.value!r} {warehouse._source!r}"
    assert "s3cret" not in told and "wilhelmina" not in told


def test_a_closed_warehouse_says_so(server_of: Callable[[str], Server], tmp_path: Path) -> None:
    """On every engine."""
    for engine in ENGINES:
        other = _opened(server_of(engine).warehouse._source.address)
        other.close()
        with pytest.raises(WarehouseUnavailable, match="closed"):
            other.rows(Certified("SELECT 1", DIALECTS[engine], 1), timeout_seconds=5)


def test_another_dialect_is_refused(server_of: Callable[[str], Server]) -> None:
    """SQL certified for one engine means nothing on another."""
    for engine in ENGINES:
        with pytest.raises(T2sqlError, match="speaks"):
            server_of(engine).warehouse.rows(Certified("SELECT 1", "duckdb", 1), timeout_seconds=5)
