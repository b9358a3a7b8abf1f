"""The other engines that physical SQL is proven on: a PostgreSQL server and a Spark session of this process alone.

Nothing here listens on a network, and nothing outlives the test run.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from needs import needs

DEBIAN_POSTGRES = Path("/usr/lib/postgresql")
_PATIENCE_SECONDS = 60
_UNPRIVILEGED = ("postgres", "nobody")
OWNER = "owner"

SPARK_SETTINGS = {
    # Standard SQL: an overflow or a bad cast is an error, not NULL.
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.catalogImplementation": "in-memory",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.default.parallelism": "1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.memory": "1g",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
}
# Compiling each small plan to bytecode takes ten times longer than running it.
SPARK_INTERPRETED = {"spark.sql.codegen.wholeStage": "false", "spark.sql.codegen.factoryMode": "NO_CODEGEN"}


def postgres_programs() -> Path | None:
    """The newest folder that holds initdb and postgres; None where PostgreSQL is not installed."""
    on_path = shutil.which("initdb")
    folders = sorted(DEBIAN_POSTGRES.glob("*/bin"), key=lambda f: int(f.parent.name), reverse=True)
    found = [f for f in ([Path(on_path).parent] if on_path else []) + folders if (f / "postgres").is_file()]
    return found[0] if found else None


@contextmanager
def running_postgres() -> Iterator[str]:
    """A new, empty server on a Unix socket alone; gives its connection string as owner, without a database name.

    Text is compared byte by byte (collation C), and letters beyond ASCII have two cases, as everywhere in this product.
    """
    programs = postgres_programs()
    needs(programs, "PostgreSQL (initdb, postgres)")
    assert programs is not None
    folder = Path(tempfile.mkdtemp(prefix="t2sql-pg-"))
    # PostgreSQL refuses to run as root.
    user = next((u for u in _UNPRIVILEGED if _exists(u)), None) if os.geteuid() == 0 else None
    needs(os.geteuid() != 0 or user, "an unprivileged user for PostgreSQL")
    who: dict[str, Any] = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}
    environ = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}
    if user:
        shutil.chown(folder, user)
    data = folder / "data"
    make = [programs / "initdb", "-D", data, "-U", OWNER, "-A", "trust", "-E", "UTF8", "--no-sync"]
    make += ["--lc-collate=C", "--lc-ctype=C.UTF-8", "--lc-messages=C"]
    server: subprocess.Popen[bytes] | None = None
    try:
        made = subprocess.run(make, cwd=folder, env=environ, capture_output=True, text=True, check=False, **who)
        assert made.returncode == 0, made.stderr
        asked = {
            "listen_addresses": "",
            "unix_socket_directories": str(folder),
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "autovacuum": "off",
            "shared_buffers": "128MB",
            "max_connections": "20",
            "timezone": "UTC",
            "jit": "off",
        }
        words = [word for key, value in asked.items() for word in ("-c", f"{key}={value}")]
        with (folder / "server.log").open("wb") as log:
            server = subprocess.Popen(
                [programs / "postgres", "-D", data, *words], cwd=folder, env=environ, stdout=log, stderr=log, **who
            )
        address = f"host={folder} user={OWNER}"
        _wait_for(address, server, folder / "server.log")
        yield address
    finally:
        if server is not None:
            server.terminate()
            try:
                server.wait(5)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def scratch_database(address: str, name: str) -> Iterator[str]:
    """A new database `name` on the server at `address`; gives its connection string, and drops it after."""
    import psycopg
    from psycopg import sql

    with psycopg.connect(f"{address} dbname=postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    try:
        yield f"{address} dbname={name}"
    finally:
        with psycopg.connect(f"{address} dbname=postgres", autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def running_spark(*, is_compiled: bool = False) -> Iterator[Any]:
    """A SparkSession on one thread of this machine; `is_compiled`: plans become bytecode, as in production."""
    try:
        import pyspark
    except ImportError:
        pyspark = None
    needs(pyspark, "pyspark")
    needs(shutil.which("java") or os.environ.get("JAVA_HOME"), "Java 17")
    from pyspark.sql import SparkSession

    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    # Only its own Python and its own settings, whatever the caller's machine has.
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ.pop("SPARK_HOME", None)
    folder = Path(tempfile.mkdtemp(prefix="t2sql-spark-"))
    java = f"-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Djava.io.tmpdir={folder} -Dderby.system.home={folder}"
    builder = SparkSession.builder.master("local[1]").appName("t2sql tests")
    settings = SPARK_SETTINGS | ({} if is_compiled else SPARK_INTERPRETED)
    settings |= {
        "spark.driver.extraJavaOptions": java,
        "spark.local.dir": str(folder / "local"),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
    }
    for key, value in settings.items():
        builder = builder.config(key, value)
    try:
        session = builder.getOrCreate()
        session.sparkContext.setLogLevel("FATAL")
        try:
            yield session
        finally:
            _stop_spark(session)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _stop_spark(session: Any) -> None:
    """End the session and its Java process, which would otherwise live as long as this one."""
    gateway = session.sparkContext._gateway
    session.stop()
    gateway.shutdown()
    gateway.proc.stdin.close()
    gateway.proc.wait(20)


def _exists(user: str) -> bool:
    try:
        return bool(pwd.getpwnam(user))
    except KeyError:
        return False


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    import psycopg

    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            psycopg.connect(f"{address} dbname=postgres").close()
            return
        except psycopg.OperationalError:
            assert server.poll() is None and time.monotonic() < deadline, log.read_text(errors="replace")
            time.sleep(0.05)
