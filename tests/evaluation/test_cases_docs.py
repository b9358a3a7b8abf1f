"""docs/cases.md says what the code does: its example is read, its keys and reasons are all there are."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

from t2sql.evaluation.cases.files import read_cases
from t2sql.evaluation.cases.shapes import CaseShape
from t2sql.evaluation.judging.verdicts import Reason

PAGE = (Path(__file__).parent.parent.parent / "docs" / "cases.md").read_text(encoding="utf-8")


def section(name: str) -> str:
    """The text of one section."""
    return PAGE.split(f"\n## {name}\n")[1].split("\n## ")[0]


def test_the_example_is_read(tmp_path: Path) -> None:
    path = tmp_path / "cases.yml"
    found = re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert found
    path.write_text(found[1], encoding="utf-8")
    file = read_cases(path)
    assert [case.asked.id for case in file.cases] == ["zh-1", "en-1", "zh-2"]
    assert file.cases[0].pair == file.cases[1].pair != ""


def test_every_key_is_described_and_none_else() -> None:
    rows = [line.split("|")[1] for line in section("Our layout").split("\n") if line.startswith("| `")]
    described = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert described == {field.alias or name for name, field in CaseShape.model_fields.items()}


def test_every_reason_is_described_and_none_else() -> None:
    rows = [line.split("|") for line in section("Reasons").split("\n") if re.match(r"\| \d", line)]
    assert {row[2].strip() for row in rows} == set(get_args(Reason)) - {""}
