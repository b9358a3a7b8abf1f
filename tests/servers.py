"""The other engines that physical SQL is proven on: PostgreSQL and MariaDB servers and a Spark session of this process.

Nothing here listens beyond this machine, and nothing outlives the test run.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socketserver
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from needs import needs

DEBIAN_POSTGRES = Path("/usr/lib/postgresql")
_PATIENCE_SECONDS = 60
_UNPRIVILEGED = ("postgres", "nobody")
OWNER = "owner"
CONNECT_PORT = "spark.connect.grpc.binding.port"

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


RUNNING: dict[str, tuple[Callable[[], subprocess.Popen[bytes]], list[subprocess.Popen[bytes]]]] = {}
"""Address of a server -> (how it is started, the process that runs last in the list)."""


def kill(address: object) -> None:
    """End the server at `address` at once, as a power cut does."""
    _start, processes = RUNNING[str(address)]
    # A server of several processes dies with all of them.
    os.killpg(processes[-1].pid, signal.SIGKILL)
    processes[-1].wait()


def start_again(address: object) -> None:
    """Start the server that was killed; returns when it answers."""
    start, processes = RUNNING[str(address)]
    assert processes[-1].poll() is not None
    start()


def free_port() -> int:
    """A port of this machine that nothing listens on."""
    with socketserver.TCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler) as held:
        return int(held.server_address[1])


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
    servers: list[subprocess.Popen[bytes]] = []
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
        address = f"host={folder} user={OWNER}"

        def start() -> subprocess.Popen[bytes]:
            with (folder / "server.log").open("ab") as log:
                started = subprocess.Popen(
                    [programs / "postgres", "-D", data, *words],
                    cwd=folder,
                    env=environ,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    **who,
                )
            servers.append(started)
            _wait_for(address, started, folder / "server.log")
            return started

        start()
        RUNNING[address] = (start, servers)
        yield address
    finally:
        RUNNING.pop(f"host={folder} user={OWNER}", None)
        for server in servers:
            stop(server)
        shutil.rmtree(folder, ignore_errors=True)


def mariadb_programs() -> tuple[str, str] | None:
    """(mariadbd, mariadb-install-db); None where MariaDB is not installed."""
    where = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
    server, make = shutil.which("mariadbd", path=where), shutil.which("mariadb-install-db", path=where)
    return (server, make) if server and make else None


@contextmanager
def running_mariadb() -> Iterator[Path]:
    """A new, empty server on a Unix socket alone; gives the socket's path. The account OWNER may do all, unasked.

    Text is compared byte by byte, trailing spaces too.
    """
    programs = mariadb_programs()
    needs(programs, "MariaDB (mariadbd, mariadb-install-db)")
    assert programs is not None
    folder = Path(tempfile.mkdtemp(prefix="t2sql-my-"))
    user = next((u for u in ("mysql", *_UNPRIVILEGED) if _exists(u)), None) if os.geteuid() == 0 else None
    needs(os.geteuid() != 0 or user, "an unprivileged user for MariaDB")
    who: dict[str, Any] = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}
    environ = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC", "HOME": str(folder)}
    if user:
        shutil.chown(folder, user)
    data, socket = folder / "data", folder / "s"
    make = [programs[1], "--no-defaults", f"--datadir={data}", "--auth-root-authentication-method=normal"]
    made = subprocess.run(
        [*make, "--skip-test-db"], cwd=folder, env=environ, capture_output=True, text=True, check=False, **who
    )
    assert made.returncode == 0, made.stderr
    asked = {
        "datadir": data,
        "socket": socket,
        "pid-file": folder / "pid",
        "skip-networking": 1,
        "character-set-server": "utf8mb4",
        "collation-server": "utf8mb4_nopad_bin",
        "default-time-zone": "+00:00",
        "innodb-buffer-pool-size": "256M",
        "innodb-flush-log-at-trx-commit": 0,
        "innodb-log-file-size": "64M",
        "innodb-flush-method": "nosync",
        "innodb-doublewrite": 0,
        "performance-schema": 0,
        "max-connections": 30,
    }
    servers: list[subprocess.Popen[bytes]] = []
    words = [f"--{key}={value}" for key, value in asked.items()]

    def start() -> subprocess.Popen[bytes]:
        with (folder / "server.log").open("ab") as log:
            started = subprocess.Popen(
                [programs[0], "--no-defaults", *words],
                cwd=folder,
                env=environ,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **who,
            )
        servers.append(started)
        _wait_for_mariadb(socket, started, folder / "server.log")
        return started

    try:
        start()
        RUNNING[str(socket)] = (start, servers)
        yield socket
    finally:
        RUNNING.pop(str(socket), None)
        for server in servers:
            stop(server)
        shutil.rmtree(folder, ignore_errors=True)


def mariadb_connection(socket: Path, database: str | None = None, *, user: str = OWNER) -> Any:
    """A bare connection of the driver."""
    import pymysql

    return pymysql.connect(unix_socket=str(socket), user=user, database=database, charset="utf8mb4", autocommit=True)


@contextmanager
def scratch_mariadb(socket: Path, name: str) -> Iterator[str]:
    """A new database `name` on the server behind `socket`; gives its address as OWNER, and drops it after."""
    with mariadb_connection(socket) as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE `{name}`")
    try:
        yield f"mariadb://{OWNER}@/{name}?unix_socket={socket}"
    finally:
        with mariadb_connection(socket) as connection, connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE `{name}`")


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
    # A million rows of one task, and both that they are compared with, stand in memory at once.
    settings = SPARK_SETTINGS | ({"spark.driver.memory": "4g"} if is_compiled else SPARK_INTERPRETED)
    settings |= {
        # Spark Connect listens for this machine alone, in the same process.
        "spark.plugins": "org.apache.spark.sql.connect.SparkConnectPlugin",
        "spark.connect.grpc.binding.address": "127.0.0.1",
        CONNECT_PORT: str(free_port()),
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


def stop(server: subprocess.Popen[bytes]) -> None:
    if server.poll() is not None:
        return
    server.terminate()
    try:
        server.wait(5)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


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


def _wait_for_mariadb(socket: Path, server: subprocess.Popen[bytes], log: Path) -> None:
    import pymysql

    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            with mariadb_connection(socket, user="root") as connection, connection.cursor() as cursor:
                cursor.execute(f"CREATE USER IF NOT EXISTS '{OWNER}'@'localhost'")
                cursor.execute(f"GRANT ALL PRIVILEGES ON *.* TO '{OWNER}'@'localhost' WITH GRANT OPTION")
            return
        except pymysql.OperationalError:
            assert server.poll() is None and time.monotonic() < deadline, log.read_text(errors="replace")
            time.sleep(0.05)
