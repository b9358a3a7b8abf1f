"""README's smallest installation, as files: settings, definitions, rights and a database."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import duckdb

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
FILES = {
    name: text
    for name, text in re.findall(r"`([\w./]+\.(?:toml|yml))`, .*?:\n```\w+\n(.*?)```", README, re.DOTALL)
    if "```" not in text
}
TABLES = """
CREATE TABLE store (store_id INTEGER PRIMARY KEY, city VARCHAR);
CREATE TABLE sale (sale_id INTEGER PRIMARY KEY, store_id INTEGER, sold_on DATE, amount DECIMAL(12,2));
INSERT INTO store VALUES (1, '上海'), (2, '北京');
INSERT INTO sale VALUES
    (1, 1, '2025-03-01', 10.50), (2, 1, '2025-12-31', 4.50), (3, 2, '2025-06-30', 7), (4, 2, '2024-06-30', 9);
"""


def build_shop(folder: Path) -> Path:
    """Write the installation into `folder` and return it."""
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    with duckdb.connect(str(folder / "shop.duckdb")) as connection:
        connection.execute(TABLES)
    return folder


def run_t2sql(*words: str, folder: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """`t2sql WORDS` by this Python in `folder`, with no T2SQL_ variable but those given."""
    plain = {key: value for key, value in os.environ.items() if not key.startswith("T2SQL_")}
    return subprocess.run(
        [sys.executable, "-m", "t2sql.cli", *words],
        cwd=folder,
        env={**plain, "PYTHONPATH": str(ROOT), **environ},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
