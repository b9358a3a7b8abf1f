"""README's shop with more sales and one metric that never ends, for batches in processes of their own.

A module of its own, since worker processes import what they are given by name.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import duckdb

from t2sql.evaluation.records import Asked
from t2sql.generation.llm import Llm, ScriptedLlm
from t2sql.settings import Settings, load

from shop import FILES, ROOT, build_shop

ENDLESS = """
      - name: endless
        source: endless
        fields:
          - {name: part, expression: part}
"""
ENDLESS_METRIC = """
      - name: endless_total
        expression: SUM(endless.part)
        t2sql: {unit: count, display: {zh: 无尽合计, en: endless total}}
"""
SALES = """
CREATE TABLE store (store_id INTEGER PRIMARY KEY, city VARCHAR);
CREATE TABLE sale (sale_id INTEGER PRIMARY KEY, store_id INTEGER, sold_on DATE, amount DECIMAL(12,2));
INSERT INTO store VALUES (1, '上海'), (2, '北京');
INSERT INTO sale SELECT i, i % 2 + 1, DATE '2024-01-01' + CAST(i AS INTEGER), i + 0.25 FROM range(731) AS r(i);
CREATE VIEW endless AS SELECT a.i * b.i % 7 AS part FROM range(3000000) AS a(i), range(3000000) AS b(i);
"""
SLOW = "无尽合计"
QUESTIONS = [
    f"{year}年{month}月{city}的销售收入" for year in (2024, 2025) for month in range(1, 13) for city in ("上海", "北京")
]
"""48 questions, no two alike, that need no llm."""


def build_big_shop(folder: Path) -> Path:
    """Write the installation into `folder` and return it; its cache is a folder of its own."""
    with_files = build_shop(folder)
    (folder / "shop.duckdb").unlink()
    with duckdb.connect(str(folder / "shop.duckdb")) as connection:
        connection.execute(SALES)
    model = folder / "metrics" / "shop" / "model.yml"
    text = FILES["metrics/shop/model.yml"].replace("    relationships:", ENDLESS.strip("\n") + "\n    relationships:")
    model.write_text(text.rstrip("\n") + ENDLESS_METRIC, encoding="utf-8")
    settings = folder / "t2sql.toml"
    settings.write_text(FILES["t2sql.toml"] + 'cache_dir = "cache"\ndemo = true\n', encoding="utf-8")
    return with_files


def settings_of(folder: Path) -> Settings:
    """The shop's."""
    return load(folder / "t2sql.toml", environ={})


def no_llm(settings: Settings, *, sequences: int = 1) -> Llm:
    """For questions that need none."""
    return ScriptedLlm({})


def asked(texts: Sequence[str], **keys: str) -> list[Asked]:
    """Questions q1, q2 …"""
    return [Asked(f"q{number}", text, line=number, **keys) for number, text in enumerate(texts, start=1)]


def write_jsonl(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    """One object a line."""
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def start_batch(folder: Path, *words: str, **environ: str) -> subprocess.Popen[str]:
    """`t2sql batch WORDS` in `folder`, in a process group of its own."""
    plain = {key: value for key, value in os.environ.items() if not key.startswith("T2SQL_")}
    return subprocess.Popen(
        [sys.executable, "-m", "t2sql.cli", "batch", *words],
        cwd=folder,
        env={**plain, "PYTHONPATH": str(ROOT), **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def children_of(pid: int) -> set[int]:
    """Processes that `pid` has started and that live."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            after = stat.read_text().rpartition(")")[2].split()
            if int(after[1]) == pid and after[0] != "Z":
                found.add(int(stat.parent.name))
    return found


def is_alive(pid: int) -> bool:
    """Whether a process runs still; one that waits to be buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_for(is_true: Callable[[], bool], what: str, seconds: float = 120.0) -> None:
    """Return when `is_true`; fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.05)


def kept_lines(partial: Path) -> int:
    """Whole records in a file that is being written."""
    return max(0, partial.read_bytes().count(b"\n") - 1) if partial.exists() else 0


def kill_hard(pid: int) -> None:
    """kill -9."""
    os.kill(pid, signal.SIGKILL)


def entries(journal: Path) -> dict[int, str]:
    """Number of each question on record -> its text."""
    if not journal.exists():
        return {}
    with closing(sqlite3.connect(journal, timeout=30)) as opened:
        rows = opened.execute("SELECT id, body FROM entry WHERE kind = 'question'").fetchall()
    return {number: json.loads(body)["text"] for number, body in rows}


def times_asked(folder: Path, text: str) -> int:
    """How often a question of the shop has been begun."""
    return list(entries(folder / "cache" / "journal.sqlite").values()).count(text)
