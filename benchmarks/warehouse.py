"""What a warehouse adds to its bare driver: time for 10, 10,000 and 1,000,000 rows, and memory when they go to a file.

    .venv/bin/python benchmarks/warehouse.py [--engines duckdb parquet postgres mariadb spark] [--rows 10 10000 1000000]
                                             [--repeat 5]

One table of six columns (whole numbers, an exact decimal, a date, two texts, a NULL here and there), made by the engine
itself; the servers are started by the script, on sockets of this machine. The bare driver runs the same SQL and takes
all rows: `fetchall` of duckdb, psycopg and PyMySQL, `collect` of pyspark. The two are run in turn, and the fastest runs
are compared: what else the machine does only adds. Streaming: a million rows to a CSV file, and the most memory that
this took beside what was there.
"""

from __future__ import annotations

import argparse
import csv
import gc
import resource
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

import duckdb

from t2sql.flow import Certified, Column
from t2sql.settings import Settings
from t2sql.warehouse import open_source
from t2sql.warehouse.sources import parse_source

from servers import mariadb_connection, running_mariadb, running_postgres, running_spark, scratch_mariadb

MOST = 1_000_000
COLUMNS = "id, amount, day, name, note, flag"
Bare = Callable[[str], int]


def made(series: str, number: str, text: str, decimal: str) -> str:
    """SELECT of the million rows in an engine's own words."""
    return (
        f"SELECT {number} AS id, CAST({number} * 1.37 AS {decimal}) AS amount, DATE '2024-02-29' AS day,"
        f" CAST({number} % 97 AS {text}) AS name, CASE WHEN {number} % 10 = 0 THEN NULL ELSE 'a note of some words' END"
        f" AS note, {number} % 7 AS flag FROM {series}"
    )


@contextmanager
def prepared(engine: str, folder: Path) -> Iterator[tuple[Any, Bare]]:
    """(the warehouse, what runs SQL with the bare driver and gives the number of rows)."""
    settings = Settings(memory_limit="4GB", row_limit=MOST, byte_limit=4_000_000_000)
    file = folder / "bench.duckdb"
    if not file.exists():
        with duckdb.connect(str(file)) as connection:
            rows = made(f"range(1, {MOST + 1}) AS r(x)", "x", "VARCHAR", "DECIMAL(18, 2)")
            connection.execute(f"CREATE TABLE bench AS {rows}")
            (folder / "parquet").mkdir()
            connection.execute(f"COPY bench TO '{folder}/parquet/bench.parquet' (FORMAT parquet)")
    with ExitStack() as stack:
        bare: Bare
        if engine in ("duckdb", "parquet"):
            # One process cannot hold one file open both locked down and plainly.
            own = folder / "own.duckdb"
            own.write_bytes(file.read_bytes())
            connection = stack.enter_context(duckdb.connect(str(own), read_only=True))
            if engine == "parquet":
                connection = stack.enter_context(duckdb.connect())
                connection.execute(f"CREATE VIEW bench AS SELECT * FROM '{folder}/parquet/bench.parquet'")
            url = str(file if engine == "duckdb" else folder / "parquet")

            def bare(sql: str) -> int:
                return len(connection.execute(sql).fetchall())

        elif engine == "postgres":
            import psycopg

            address = stack.enter_context(running_postgres())
            opened = stack.enter_context(psycopg.connect(f"{address} dbname=postgres", autocommit=True))
            rows = made(f"generate_series(1, {MOST}) AS g(x)", "x", "TEXT", "DECIMAL(18, 2)")
            opened.execute(f"CREATE TABLE bench AS {rows}".encode())
            parts = dict(part.split("=", 1) for part in address.split())
            url = f"postgresql://{parts['user']}@/postgres?host={parts['host']}"

            def bare(sql: str) -> int:
                return len(opened.execute(sql.encode()).fetchall())

        elif engine == "mariadb":
            socket = stack.enter_context(running_mariadb())
            url = stack.enter_context(scratch_mariadb(socket, "bench"))
            held = stack.enter_context(mariadb_connection(socket, "bench"))
            with held.cursor() as cursor:
                rows = made(f"seq_1_to_{MOST}", "seq", "CHAR", "DECIMAL(18, 2)")
                cursor.execute(f"CREATE TABLE bench AS {rows}")

            def bare(sql: str) -> int:
                with held.cursor() as cursor:
                    cursor.execute(sql)
                    return len(cursor.fetchall())

        else:
            spark = stack.enter_context(running_spark(is_compiled=True))
            spark.read.parquet(str(folder / "parquet" / "bench.parquet")).createOrReplaceTempView("bench")
            url = f"spark://local{folder}/parquet"

            def bare(sql: str) -> int:
                return len(spark.sql(sql).collect())

        yield stack.enter_context(open_source(parse_source(url), settings)), bare  # type: ignore[type-var]


def in_turn(ours: Callable[[], int], theirs: Callable[[], int], repeat: int) -> tuple[float, float]:
    """The fastest runs in seconds, after one of each that does not count."""
    times: tuple[list[float], list[float]] = ([], [])
    assert ours() == theirs()
    for _ in range(repeat):
        for run, kept in zip((ours, theirs), times, strict=True):
            gc.collect()
            began = time.perf_counter()
            run()
            kept.append(time.perf_counter() - began)
    return min(times[0]), min(times[1])


class Peak:
    """The most memory of this process above what it held at the start, looked at every 10 ms."""

    def __init__(self) -> None:
        self.bytes = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Peak:
        gc.collect()
        self._before = _held()
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._done.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._done.wait(0.01):
            self.bytes = max(self.bytes, _held() - self._before)


def _held() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


def main() -> None:
    """Print one line an engine and size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engines", nargs="+", default=["duckdb", "parquet", "postgres", "mariadb", "spark"])
    parser.add_argument("--rows", nargs="+", type=int, default=[10, 10_000, MOST])
    parser.add_argument("--repeat", type=int, default=5)
    asked = parser.parse_args()
    columns = [Column(name, "dimension", "text", "", "", "", name, name) for name in COLUMNS.split(", ")]
    print(f"{'engine':9} {'rows':>9} {'bare ms':>10} {'ours ms':>10} {'more':>8}")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        # Servers run as other accounts.
        folder.chmod(0o755)
        for engine in asked.engines:
            with prepared(engine, folder) as (warehouse, bare):
                for size in asked.rows:
                    sql = f"SELECT {COLUMNS} FROM bench LIMIT {size}"
                    certified = Certified(sql, warehouse.dialect, size)

                    def ours(certified: Certified = certified) -> int:
                        return len(warehouse.run(certified, columns, timeout_seconds=600).rows)

                    def theirs(sql: str = sql) -> int:
                        return bare(sql)

                    mine, driver = in_turn(ours, theirs, asked.repeat)
                    more = f"{(mine / driver - 1) * 100:+.1f} %"
                    print(f"{engine:9} {size:>9,} {driver * 1e3:>10.1f} {mine * 1e3:>10.1f} {more:>8}", flush=True)
                for size in (MOST // 10, MOST):
                    peak, seconds = streamed(warehouse, size, folder / "rows.csv")
                    print(f"{engine:9} {size:>9,} to a file: {seconds:.1f} s, {peak / 1e6:,.0f} MB more", flush=True)


def streamed(warehouse: Any, size: int, file: Path) -> tuple[int, float]:
    """(most bytes of memory more, seconds) while `size` rows go to a CSV file."""
    certified = Certified(f"SELECT {COLUMNS} FROM bench LIMIT {size}", warehouse.dialect, size)
    began = time.perf_counter()
    with Peak() as peak, file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        with warehouse.stream(certified, timeout_seconds=600) as reading:
            for batch in reading.batches:
                writer.writerows(batch)
    return peak.bytes, time.perf_counter() - began


if __name__ == "__main__":
    main()
