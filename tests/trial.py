"""Puts a damaged compiler on trial: a copy of t2sql with one text changed, judged by the case files."""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from ruamel.yaml import YAML

import t2sql
from t2sql.compiler import compile_loads, compile_sql
from t2sql.flow import Load, Loads
from t2sql.ossie import read_catalog
from t2sql.policy import Policies

PACKAGE = Path(t2sql.__file__).parent
TESTS = Path(__file__).parent
LONGEST_SECONDS = 240.0
HAND_MADE = (
    "compiler/test_time_figures.py",
    "compiler/test_aggregates.py",
    "compiler/test_bridges.py",
    "oracle/test_counterexamples.py",
)
"""Tests over small databases of rows written by hand, asked where the bank's cases see nothing."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a trial ended."""

    is_killed: bool
    by: str
    """The case that told, and what it saw; "" for a survivor."""


class Trial:
    """The baseline of the healthy compiler, computed once, and trials against it."""

    def __init__(self, database: Path, folder: Path) -> None:
        self.database, self.folder = database, folder
        self.baseline = folder / "baseline.pickle"
        self.baseline.write_bytes(pickle.dumps(_healthy(database)))

    def judge(self, module: str, text: str) -> Verdict:
        """The verdict on t2sql with `module` (a path inside the package) holding `text`."""
        with tempfile.TemporaryDirectory(dir=self.folder) as name:
            copy = Path(name) / "t2sql"
            shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
            (copy / module).write_text(text, encoding="utf-8")
            command = [sys.executable, str(Path(__file__).parent / "mutation" / "judge.py"), name, str(self.baseline)]
            try:
                done = subprocess.run(
                    [*command, str(self.database)],
                    capture_output=True,
                    text=True,
                    check=False,
                    timeout=LONGEST_SECONDS,
                    env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": ""},
                )
            except subprocess.TimeoutExpired:
                return Verdict(True, f"no end after {LONGEST_SECONDS:g} s")
            if done.returncode == 0:
                return self._by_hand_made_rows(name)
        lines = (done.stdout or done.stderr).strip().splitlines()
        return Verdict(True, lines[-1] if lines else f"exit {done.returncode}")

    def _by_hand_made_rows(self, folder: str) -> Verdict:
        """The verdict of the small databases, whose rows show what the bank's happen not to."""
        command = [sys.executable, "-P", "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-o", "addopts="]
        command += ["--import-mode=importlib", *(str(TESTS / path) for path in HAND_MADE)]
        environ = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": folder}
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, env=environ, timeout=LONGEST_SECONDS
        )
        failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
        return Verdict(done.returncode != 0, failed[0] if failed else "")


def _healthy(database: Path) -> dict[str, Any]:
    metrics = TESTS.parent / "metrics" / "bank"
    catalog = read_catalog(metrics)
    policies = Policies.read(metrics, catalog)
    cases = []
    with duckdb.connect(str(database), read_only=True, config={"threads": 2}) as connection:
        rows = {name: connection.execute(q.sql).fetchall() for name, q in compile_loads(catalog).items()}
        loads = Loads({name: tuple(Load(*row) for row in found) for name, found in rows.items()})
        for path in sorted((TESTS / "cases").rglob("*.yml")):
            for case in YAML(typ="safe").load(path.read_text(encoding="utf-8")):
                known: dict[str, Any] = {}
                if "check_sql" in case:
                    narrowed = policies.narrow(catalog, policies.principal(case.get("as", "hq")))
                    plan = compile_sql(case["sql"], narrowed, loads)
                    known = {
                        "sql": plan.physical.sql,
                        "guards": [guard.physical.sql for guard in plan.guards],
                        "rows": connection.execute(case["check_sql"]).fetchall(),
                    }
                cases.append((dict(case), known))
    return {"loads": loads, "cases": cases}
