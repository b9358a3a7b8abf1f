"""A Spark Connect server as a process of its own, so that a test can end it as a power cut does and start it again.

It listens for this machine alone, and nothing of it outlives the test.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from needs import needs
from servers import CONNECT_PORT, RUNNING, SPARK_INTERPRETED, SPARK_SETTINGS, free_port, stop

_CLASS = "org.apache.spark.sql.connect.service.SparkConnectServer"
_PATIENCE_SECONDS = 90


@contextmanager
def running_spark_connect() -> Iterator[str]:
    """A new server without tables; gives its address, `127.0.0.1:PORT`, as `servers.kill` knows it."""
    try:
        import pyspark
    except ImportError:
        pyspark = None
    needs(pyspark, "pyspark")
    needs(shutil.which("java") or os.environ.get("JAVA_HOME"), "Java 17")
    home = Path(str(pyspark.__file__)).parent
    folder = Path(tempfile.mkdtemp(prefix="t2sql-connect-"))
    port = free_port()
    address = f"127.0.0.1:{port}"
    settings = SPARK_SETTINGS | SPARK_INTERPRETED
    settings |= {
        "spark.master": "local[1]",
        "spark.connect.grpc.binding.address": "127.0.0.1",
        CONNECT_PORT: str(port),
        "spark.driver.extraJavaOptions": f"-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Djava.io.tmpdir={folder}",
        "spark.local.dir": str(folder / "local"),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
    }
    words = [word for key, value in settings.items() for word in ("--conf", f"{key}={value}")]
    environ = {"PATH": os.environ.get("PATH", ""), "HOME": str(folder), "SPARK_LOCAL_IP": "127.0.0.1"}
    environ |= {"SPARK_HOME": str(home), "SPARK_CONF_DIR": str(folder)}
    environ |= {"JAVA_HOME": os.environ["JAVA_HOME"]} if "JAVA_HOME" in os.environ else {}
    servers: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        log = folder / "server.log"
        with log.open("ab") as written:
            started = subprocess.Popen(
                [home / "bin" / "spark-submit", "--class", _CLASS, *words, "spark-internal"],
                cwd=folder,
                env=environ,
                stdout=written,
                stderr=written,
                start_new_session=True,
            )
        servers.append(started)
        _wait_for(port, started, log)
        return started

    try:
        start()
        RUNNING[address] = (start, servers)
        yield address
    finally:
        RUNNING.pop(address, None)
        for server in servers:
            stop(server)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            assert server.poll() is None and time.monotonic() < deadline, log.read_text(errors="replace")
            time.sleep(0.1)
