"""The DuckDB warehouse against real files: locked down, timed, cancellable, bounded, and the file never changes."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal

import duckdb
import pytest

from t2sql.errors import Cancelled, QueryTimeout, T2sqlError, WarehouseError, WarehouseUnavailable
from t2sql.flow import Certified, Column
from t2sql.warehouse import Warehouse
from t2sql.warehouse.duckdb import DuckDbWarehouse, connect_locked

RUNAWAY = (
    "SELECT COUNT(*) AS n FROM range(1000000) AS a(x), range(1000000) AS b(y), range(1000) AS c(z) WHERE x + y <> z"
)


def certified(sql: str, row_limit: int = 100) -> Certified:
    """A forged certificate: these tests go past `certify` on purpose."""
    return Certified(sql, "duckdb", row_limit)


def columns(*names: str, type: Literal["text", "integer", "number", "date", "boolean"] = "number") -> list[Column]:
    return [Column(name, "dimension", type, "", "", "", name, name) for name in names]


def build(path: Path, rows: int = 10, text: str = "甲") -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE t (i INTEGER, d DECIMAL(18, 2), day DATE, name VARCHAR, ok BOOLEAN)")
        connection.execute(
            "INSERT INTO t SELECT x, x / 100, DATE '2024-12-31', ?, x % 2 = 0 FROM range(?) AS r(x)", [text, rows]
        )


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    build(tmp_path / "bank.duckdb")
    return tmp_path / "bank.duckdb"


@pytest.fixture
def warehouse(path: Path) -> Iterator[DuckDbWarehouse]:
    with DuckDbWarehouse(path, memory_limit="512MB", threads=2) as opened:
        yield opened


def test_rows_come_exact_and_typed(warehouse: DuckDbWarehouse) -> None:
    sql = (
        "SELECT i, d, day, name, ok, CAST(NULL AS DOUBLE) AS nothing, SUM(d) OVER () AS total FROM t ORDER BY i LIMIT 2"
    )
    result = warehouse.run(
        certified(sql), columns("i", "d", "day", "name", "ok", "nothing", "total"), timeout_seconds=10
    )
    total = Decimal("0.45")
    assert result.rows == (
        (0, Decimal("0.00"), date(2024, 12, 31), "甲", True, None, total),
        (1, Decimal("0.01"), date(2024, 12, 31), "甲", False, None, total),
    )
    assert [column.name for column in result.columns][:2] == ["i", "d"]
    assert not result.truncated and result.milliseconds > 0
    assert isinstance(result.rows[0][1], Decimal)


@pytest.mark.parametrize(("limit", "kept", "truncated"), [(9, 9, True), (10, 10, False), (11, 10, False), (1, 1, True)])
def test_row_limit(warehouse: DuckDbWarehouse, limit: int, kept: int, truncated: bool) -> None:
    result = warehouse.run(certified(f"SELECT i FROM t LIMIT {limit + 1}", limit), columns("i"), timeout_seconds=10)
    assert (len(result.rows), result.truncated) == (kept, truncated)


def test_rows_gives_all_or_nothing(warehouse: DuckDbWarehouse) -> None:
    assert warehouse.rows(certified("SELECT i FROM t ORDER BY i LIMIT 3"), timeout_seconds=10) == [(0,), (1,), (2,)]
    with pytest.raises(WarehouseError, match="all are needed"):
        warehouse.rows(certified("SELECT i FROM t", 9), timeout_seconds=10)


def test_fits_the_protocol(warehouse: DuckDbWarehouse) -> None:
    engine: Warehouse = warehouse
    assert engine.rows(certified("SELECT 1"), timeout_seconds=5) == [(1,)]


LOCKED_OUT = [
    "CREATE TABLE u (x INTEGER)",
    "INSERT INTO t SELECT * FROM t",
    "UPDATE t SET i = 1",
    "DELETE FROM t",
    "DROP TABLE t",
    "COPY t TO 'stolen.csv'",
    "COPY (SELECT 1) TO '/dev/stdout'",
    "COPY t FROM 'stolen.csv'",
    "EXPORT DATABASE 'stolen'",
    "ATTACH 'other.duckdb' AS other",
    "ATTACH 'other.duckdb' AS other (READ_ONLY)",
    "INSTALL httpfs",
    "LOAD httpfs",
    "LOAD '/tmp/x.duckdb_extension'",
    "SET enable_external_access = true",
    "SET lock_configuration = false",
    "SET memory_limit = '100GB'",
    "SET GLOBAL temp_directory = '/tmp'",
    "RESET memory_limit",
    "PRAGMA memory_limit = '100GB'",
    "PRAGMA enable_profiling = 'json'",
    "PRAGMA profiling_output = 'stolen.json'",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_text('/etc/hostname')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM glob('/etc/*')",
    "SELECT * FROM read_parquet('https://example.org/x.parquet')",
    "SELECT * FROM sniff_csv('/etc/passwd')",
    "SELECT * FROM leak_in_python",
    "CREATE PERSISTENT SECRET s (TYPE http, BEARER_TOKEN 'x')",
]


@pytest.mark.parametrize("sql", LOCKED_OUT)
def test_the_connection_itself_is_locked(path: Path, sql: str) -> None:
    (path.parent / "stolen.csv").write_text("1,1,2024-01-01,a,true\n")
    before, files = digest(path), sorted(os.listdir(path.parent))
    leak_in_python = duckdb.sql("SELECT 42 AS secret").arrow()
    with connect_locked(path, memory_limit="512MB") as connection, pytest.raises(duckdb.Error):
        connection.execute(sql).fetchall()
    assert leak_in_python is not None
    assert (digest(path), sorted(os.listdir(path.parent))) == (before, files)


@pytest.mark.parametrize(
    "sql",
    [*LOCKED_OUT, "SELECT 1; SELECT 2", "EXPLAIN ANALYZE SELECT 1", "CREATE TEMP TABLE u (x INTEGER)", "", "SELECT ("],
)
def test_a_forged_certificate_is_refused(warehouse: DuckDbWarehouse, path: Path, sql: str) -> None:
    before = digest(path)
    with pytest.raises(WarehouseError) as caught:
        warehouse.run(certified(sql), columns("x"), timeout_seconds=10)
    assert caught.value.hint and "passwd" not in caught.value.message
    assert digest(path) == before
    assert warehouse.rows(certified("SELECT COUNT(*) FROM t"), timeout_seconds=10) == [(10,)]


@pytest.mark.parametrize("timeout_seconds", [0.2, 1.0])
def test_a_runaway_join_stops_in_time(warehouse: DuckDbWarehouse, timeout_seconds: float) -> None:
    threads = threading.active_count()
    began = time.monotonic()
    with pytest.raises(QueryTimeout, match="stopped"):
        warehouse.run(certified(RUNAWAY), columns("n"), timeout_seconds=timeout_seconds)
    assert time.monotonic() - began < timeout_seconds + 0.5
    assert threading.active_count() == threads
    assert warehouse.rows(certified("SELECT 1"), timeout_seconds=5) == [(1,)]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT x FROM range(100000000000) AS r(x) ORDER BY hash(x) LIMIT 5",
        "SELECT COUNT(DISTINCT x % 50000000) AS n FROM range(300000000000) AS r(x)",
        "SELECT SUM(LENGTH(REPEAT('x', 1000))) AS n FROM range(100000000000)",
    ],
)
def test_sorts_and_groups_stop_in_time(warehouse: DuckDbWarehouse, sql: str) -> None:
    began = time.monotonic()
    with pytest.raises(WarehouseError) as caught:
        warehouse.run(certified(sql), columns("n"), timeout_seconds=0.3)
    assert time.monotonic() - began < 0.8 or "memory" in caught.value.message


def test_cancel_stops_within_a_fifth_of_a_second(warehouse: DuckDbWarehouse) -> None:
    warehouse.rows(certified("SELECT 1"), timeout_seconds=5)
    cancel, pressed = threading.Event(), []

    def press() -> None:
        pressed.append(time.monotonic())
        cancel.set()

    timer = threading.Timer(0.3, press)
    timer.start()
    with pytest.raises(Cancelled):
        warehouse.run(certified(RUNAWAY), columns("n"), timeout_seconds=30, cancel=cancel)
    assert time.monotonic() - pressed[0] < 0.2
    assert warehouse.rows(certified("SELECT 1"), timeout_seconds=5) == [(1,)]


def test_cancelled_before_it_began(warehouse: DuckDbWarehouse) -> None:
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(Cancelled):
        warehouse.run(certified("SELECT 1 AS x"), columns("x"), timeout_seconds=5, cancel=cancel)


def test_threads_do_not_disturb_each_other(warehouse: DuckDbWarehouse) -> None:
    def count(n: int) -> tuple[object, ...]:
        return warehouse.run(certified(f"SELECT COUNT(*) + {n} AS n FROM t"), columns("n"), timeout_seconds=10).rows[0]

    def stop() -> str:
        with pytest.raises(QueryTimeout):
            warehouse.run(certified(RUNAWAY), columns("n"), timeout_seconds=0.5)
        return "stopped"

    with ThreadPoolExecutor(4) as pool:
        stopped = pool.submit(stop)
        assert [r[0] for r in pool.map(count, range(20))] == [10 + n for n in range(20)]
        assert stopped.result() == "stopped"


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("SELECT CAST(name AS INTEGER) AS x FROM t", "does not fit"),
        ("SELECT CAST(9999999 AS TINYINT) AS x", "does not fit"),
        ("SELECT missing AS x FROM t", "lacks a table or column"),
        ("SELECT x FROM missing", "lacks a table or column"),
        ("SELECT LIST(x) AS x FROM range(300000000) AS r(x)", "more memory"),
        ("SELECT error('甲乙') AS x", "database"),
        ("SELECT 1 AS a, 2 AS b", "gave 2 columns where 1 were planned"),
    ],
)
def test_errors_tell_what_to_do_and_no_data(warehouse: DuckDbWarehouse, sql: str, message: str) -> None:
    with pytest.raises(WarehouseError) as caught:
        warehouse.run(certified(sql), columns("x"), timeout_seconds=60)
    assert message in caught.value.message and caught.value.hint
    assert "甲" not in str(caught.value) and caught.value.__cause__ is None


def test_another_dialect_is_refused(warehouse: DuckDbWarehouse) -> None:
    with pytest.raises(WarehouseError, match="speaks duckdb"):
        warehouse.rows(Certified("SELECT 1", "postgres", 5), timeout_seconds=5)


@pytest.mark.parametrize("content", [None, b"", b"not a database at all" * 500])
def test_missing_or_damaged_file(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "bank.duckdb"
    if content is not None:
        path.write_bytes(content)
    with DuckDbWarehouse(path, memory_limit="512MB") as warehouse, pytest.raises(WarehouseUnavailable) as caught:
        warehouse.rows(certified("SELECT 1"), timeout_seconds=5)
    assert "t2sql demo build" in caught.value.hint
    assert path.exists() == (content is not None)


def test_truncated_file(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:6000])
    with DuckDbWarehouse(path, memory_limit="512MB") as warehouse, pytest.raises(T2sqlError) as caught:
        warehouse.rows(certified("SELECT COUNT(*) FROM t"), timeout_seconds=5)
    assert isinstance(caught.value, WarehouseError) and caught.value.hint


def test_file_being_written_by_another_program(path: Path) -> None:
    script = f"import duckdb, sys; c = duckdb.connect({str(path)!r}); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None and writer.stdin is not None
        writer.stdout.readline()
        with (
            DuckDbWarehouse(path, memory_limit="512MB") as warehouse,
            pytest.raises(WarehouseUnavailable, match="another program"),
        ):
            warehouse.rows(certified("SELECT 1"), timeout_seconds=5)
        writer.stdin.close()


def test_a_new_build_is_seen_at_the_next_call(warehouse: DuckDbWarehouse, path: Path) -> None:
    assert warehouse.rows(certified("SELECT COUNT(*) FROM t"), timeout_seconds=5) == [(10,)]
    build(path.with_name("new.duckdb"), rows=3)
    path.with_name("new.duckdb").replace(path)
    assert warehouse.rows(certified("SELECT COUNT(*) FROM t"), timeout_seconds=5) == [(3,)]
    path.unlink()
    with pytest.raises(WarehouseUnavailable, match="does not exist"):
        warehouse.rows(certified("SELECT COUNT(*) FROM t"), timeout_seconds=5)
    build(path, rows=4)
    assert warehouse.rows(certified("SELECT COUNT(*) FROM t"), timeout_seconds=5) == [(4,)]


def test_a_new_build_waits_for_what_still_runs(warehouse: DuckDbWarehouse, path: Path) -> None:
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(lambda: warehouse.run(certified(RUNAWAY), columns("n"), timeout_seconds=1))
        time.sleep(0.3)
        build(path.with_name("new.duckdb"), rows=3)
        path.with_name("new.duckdb").replace(path)
        with pytest.raises(QueryTimeout):
            warehouse.rows(certified("SELECT COUNT(*) FROM t"), timeout_seconds=0.1)
        assert warehouse.rows(certified("SELECT COUNT(*) FROM t"), timeout_seconds=5) == [(3,)]
        with pytest.raises(QueryTimeout):
            running.result()


def test_closed_is_closed(path: Path) -> None:
    warehouse = DuckDbWarehouse(path, memory_limit="512MB")
    warehouse.rows(certified("SELECT 1"), timeout_seconds=5)
    warehouse.close()
    warehouse.close()
    with pytest.raises(WarehouseUnavailable, match="closed"):
        warehouse.rows(certified("SELECT 1"), timeout_seconds=5)
    with duckdb.connect(str(path)) as writer:
        writer.execute("INSERT INTO t SELECT * FROM t")


def test_close_stops_what_runs(path: Path) -> None:
    warehouse = DuckDbWarehouse(path, memory_limit="512MB")
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(lambda: warehouse.run(certified(RUNAWAY), columns("n"), timeout_seconds=20))
        time.sleep(0.4)
        began = time.monotonic()
        warehouse.close()
        assert time.monotonic() - began < 1
        with pytest.raises(Cancelled):
            running.result()


def test_importing_the_warehouse_loads_no_engine() -> None:
    code = "import sys, t2sql.warehouse, t2sql.warehouse.duckdb; assert 'duckdb' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
