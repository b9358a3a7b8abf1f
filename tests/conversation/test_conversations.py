"""tests/evals/conversations.yml through the whole agent, turn after turn, against SQL over the raw tables; no llm."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from t2sql.agent import Agent
from t2sql.flow import Answer, Certified, Turn

from row_sets import difference

FILE = Path(__file__).parent.parent / "evals" / "conversations.yml"


def conversations() -> dict[str, list[Any]]:
    """Name -> its cases in order."""
    found: dict[str, list[Any]] = {}
    for case in YAML(typ="safe").load(FILE.read_text(encoding="utf-8"))["cases"]:
        found.setdefault(case["conversation"], []).append(case)
    return found


def test_there_are_enough_turns_in_both_languages() -> None:
    talks = conversations().values()
    assert sum(map(len, talks)) >= 60
    assert {case["language"] for talk in talks for case in talk} == {"zh", "en"}


@pytest.mark.parametrize("name", conversations())
def test_every_turn_of_a_conversation_is_right(agent: Agent, name: str) -> None:
    clock = YAML(typ="safe").load(FILE.read_text(encoding="utf-8"))["clock"]
    turns: tuple[Turn, ...] = ()
    for case in conversations()[name]:
        outcome = agent.ask(agent.question(case["question"], today=clock, before=turns))
        assert outcome.outcome == case.get("outcome", "answer"), (case["question"], outcome)
        if isinstance(outcome, Answer):
            golds = case["check_sql"] if isinstance(case["check_sql"], list) else [case["check_sql"]]
            rows = list(outcome.result.rows)
            found = [
                difference(rows, agent.warehouse.rows(Certified(sql, "duckdb", 100_000), timeout_seconds=30), False)
                for sql in golds
            ]
            assert "" in found, (case["question"], outcome.draft.semantic_sql, found)
        turns += (Turn(case["question"], outcome.draft.semantic_sql if isinstance(outcome, Answer) else ""),)
