"""docs/batch.md: its file and its commands work as printed, and it names every column and option."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from t2sql.evaluation.batch.answer_fields import FIELDS
from t2sql.evaluation.batch.intake import COLUMNS

from shop import ROOT, run_t2sql

DOCS = (ROOT / "docs" / "batch.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"```bash\n(.*?)```", DOCS, re.DOTALL)[0].splitlines()
QUESTIONS = re.findall(r"`questions\.jsonl`:\n```json\n(.*?)```", DOCS, re.DOTALL)[0]
EXTRA = ("failed", "readings", "duplicate_of", "value", "row_count")


@pytest.mark.slow
def test_the_examples_run(demo_bank: Path, tmp_path: Path) -> None:
    (tmp_path / "questions.jsonl").write_text(QUESTIONS, encoding="utf-8")
    assert len(COMMANDS) == 3
    for command in COMMANDS:
        words = shlex.split(command)
        assert words[0] == "t2sql"
        environ = {"T2SQL_SETTINGS": str(ROOT / "t2sql.toml"), "T2SQL_SOURCE": str(demo_bank)}
        done = run_t2sql(*words[1:], folder=tmp_path, **environ)
        assert done.returncode == 0, done.stderr
    records = [json.loads(line) for line in (tmp_path / "answers.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [record["outcome"] for record in records] == ["answer"] * 4
    assert records[3]["duplicate_of"] == "dep-1" and records[3]["rows"] == records[0]["rows"]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "again.csv", "answers.jsonl", "answers.xlsx", "questions.jsonl",
    ]  # fmt: skip


@pytest.mark.parametrize("name", sorted({*COLUMNS, *EXTRA}))
def test_every_column_is_described(name: str) -> None:
    assert name in DOCS and (name in COLUMNS or name in [field.name for field in FIELDS])
