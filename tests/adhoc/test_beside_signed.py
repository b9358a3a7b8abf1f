"""A catalog of which one metric is signed: what is signed comes first, and fields answer what no signed metric does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from t2sql import settings as settings_room
from t2sql.agent import Agent
from t2sql.flow import Answer, Clarification, Refusal
from t2sql.generation.llm import ScriptedLlm

TODAY = date(2026, 11, 18)
SIGNED = """version: '1'
          owner: Lending desk
          filter: loans.fine > 2"""


@pytest.fixture
def library(drafted: Path, tmp_path: Path) -> Iterator[Agent]:
    """The drafted library, its fines signed: only those above 2 are counted."""
    folder = tmp_path / "signed"
    folder.mkdir()
    for name in ("policies.yml", "t2sql.toml"):
        (folder / name).write_text((drafted / name).read_text("utf-8"), "utf-8")
    text = (drafted / "model.yml").read_text("utf-8")
    start, end = text.index("- name: total_fine"), text.index("- name: average_fine")
    fine = text[start:end].replace("version: draft", SIGNED).replace("总fine, fine总额", "罚金总额, fines collected")
    (folder / "model.yml").write_text(text[:start] + fine + text[end:], "utf-8")
    chosen = settings_room.load(folder / "t2sql.toml", environ={}).model_copy(update={"cache_dir": tmp_path})
    agent = Agent.open(chosen, llm=lambda: ScriptedLlm({}))
    yield agent
    agent.close()


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("total fine by town", [("Leeds", 2.5), ("York", 4.0)]),
        ("Which fines collected in 2026?", [(2.5,)]),
        ("2026年罚金总额", [(2.5,)]),
    ],
)
def test_what_a_signed_metric_answers_is_answered_by_it(
    library: Agent, text: str, rows: list[tuple[object, ...]]
) -> None:
    answer = library.ask(library.question(text, today=TODAY))
    assert isinstance(answer, Answer), answer
    assert sorted(tuple(v if isinstance(v, str) else float(v) for v in row) for row in answer.result.rows) == rows  # type: ignore[arg-type]
    assert "total_fine" in answer.plan.semantic_sql


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("List the titles of all books in the genre 'poetry'.", [("Lanterns",)]),
        ("Which members live in York? Return first name.", [("Ben",), ("Cleo",)]),
    ],
)
def test_what_no_signed_metric_answers_is_answered_over_fields(
    library: Agent, text: str, rows: list[tuple[object, ...]]
) -> None:
    answer = library.ask(library.question(text, today=TODAY))
    assert isinstance(answer, Answer), answer
    assert sorted(answer.result.rows) == rows
    assert any(note.code == "of_fields" for note in answer.plan.notes)


def test_without_the_setting_no_field_is_listed(library: Agent) -> None:
    library.settings = library.settings.model_copy(update={"ad_hoc": False})
    outcome = library.ask(library.question("List the titles of all books in the genre 'poetry'.", today=TODAY))
    assert isinstance(outcome, (Refusal, Clarification))


def test_what_is_outside_stays_outside(library: Agent) -> None:
    outcome = library.ask(library.question("What is the weather today?", today=TODAY))
    assert isinstance(outcome, Refusal) and outcome.code == "outside"
