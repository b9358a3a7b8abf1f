"""Many questions on other engines than a DuckDB file: the same answers, by the command and in its worker processes."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from t2sql import cli
from t2sql.settings import Settings

from row_sets import difference
from shop import run_t2sql

QUESTIONS = ["2025年12月各分行的贷款余额", "npl ratio by region at the end of 2025"]


def _batch(source: str, settings: Settings, folder: Path) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own: its workers begin with what its `__main__` is."""
    folder.mkdir()
    lines = [json.dumps({"id": str(place), "question": text}) for place, text in enumerate(QUESTIONS)]
    (folder / "questions.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "t2sql.toml").write_text(
        f'metrics = "{settings.metrics}"\nprincipal = "hq"\ncache_dir = "{settings.cache_dir}"\n', encoding="utf-8"
    )
    return run_t2sql(
        "batch", "questions.jsonl", "--out", "answers.jsonl", "--clock", "2026-03-15", "--source", source, folder=folder
    )


def _answered(source: str, settings: Settings, folder: Path) -> list[dict[str, Any]]:
    made = _batch(source, settings, folder)
    assert made.returncode == 0, made.stderr
    return [json.loads(line) for line in (folder / "answers.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["parquet", "postgres"])
def test_a_batch_asks_any_source(
    engine: str, bank_source: Callable[[str], str], settings: Settings, tmp_path: Path
) -> None:
    """The address is given on the command line, and the answers are those of the DuckDB file."""
    expected = _answered(bank_source("duckdb"), settings, tmp_path / "duckdb")
    found = _answered(bank_source(engine), settings, tmp_path / engine)
    for mine, theirs in zip(found, expected, strict=True):
        assert mine["outcome"] == "answer" and mine["semantic_sql"] == theirs["semantic_sql"]
        assert mine["rows"] and difference(mine["rows"], theirs["rows"], True) == ""


def test_a_database_that_is_not_there(settings: Settings, tmp_path: Path) -> None:
    """A file is missed before anything is asked; each question misses a server, and nothing tells its account."""
    missed = _batch(str(tmp_path / "none.duckdb"), settings, tmp_path / "file")
    assert missed.returncode == 8 and "'none.duckdb' does not exist" in missed.stderr
    unreached = _batch("postgresql://ann:s3cret@127.0.0.1:1/bank", settings, tmp_path / "server")
    told = unreached.stdout + unreached.stderr
    assert unreached.returncode != 0 and "2 warehouse_unavailable" in told
    written = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "server").glob("answers*"))
    assert written.count("cannot be reached") >= 2
    assert not {"s3cret", "ann@"} & {word for word in ("s3cret", "ann@") if word in told + written}


def test_golds_say_what_they_need(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Evaluation compares with SQL that its authors wrote for DuckDB."""
    (tmp_path / "t2sql.toml").write_text(f'metrics = "{settings.metrics}"\nprincipal = "hq"\n', encoding="utf-8")
    monkeypatch.setenv("T2SQL_SETTINGS", str(tmp_path / "t2sql.toml"))
    assert cli.main(["eval", "check", "tests/evals/bank_first.yml", "--source", "postgresql://ann@db/bank"]) != 0
    told = capfd.readouterr().err
    assert "Golds run on a DuckDB file" in told and "postgresql://db/bank" in told and "ann@" not in told
