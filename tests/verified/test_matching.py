"""Which questions a checked question answers, with which slots; and which near misses it leaves to the other routes."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from t2sql.agent import Agent
from t2sql.errors import QueryError
from t2sql.flow import Draft
from t2sql.verified import VerifiedQuestions
from t2sql.verified.entries import Entry, read_verified

CLOCK = date(2026, 7, 15)
TABLES = Path(__file__).parent / "tables"
FIRST = YAML(typ="safe").load((TABLES / "asked.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def entries() -> tuple[Entry, ...]:
    """The checked questions of the tables."""
    return read_verified(TABLES)


def find(
    agent: Agent, entries: tuple[Entry, ...], text: str, *, principal: str = "hq", hints: str = ""
) -> Draft | None:
    """What the checked questions make of `text`."""
    narrowed = agent.narrow(principal)
    question = agent.question(text, principal=principal, today=CLOCK, hints=hints)
    context = agent.grounding(narrowed).ground(question, agent.loads().last(), by_meaning=False)
    signed = VerifiedQuestions(entries, narrowed.catalog, agent.grounding(narrowed))
    return signed.find(context, lambda sql: agent.compile(sql, principal=principal, today=CLOCK))


@pytest.mark.parametrize("case", FIRST["answered"], ids=lambda case: case["text"])
def test_answered(agent: Agent, entries: tuple[Entry, ...], case: dict[str, Any]) -> None:
    """The entry's semantic SQL, with the asked slots and nothing else changed."""
    draft = find(agent, entries, case["text"])
    assert draft is not None
    assert draft.route == "verified"
    assert draft.confidence == 1.0
    assert draft.verified is not None
    assert case["id"] in draft.verified.en
    assert case["id"] in draft.verified.zh
    assert " ".join(draft.semantic_sql.split()) == " ".join(case["sql"].split())


@pytest.mark.parametrize("text", FIRST["left"])
def test_left_to_other_routes(agent: Agent, entries: tuple[Entry, ...], text: str) -> None:
    """A word, a slot or a direction more or less is another question."""
    assert find(agent, entries, text) is None


def test_what_a_person_added_may_change_the_meaning(agent: Agent, entries: tuple[Entry, ...]) -> None:
    """With a hint nothing is taken as checked."""
    text = FIRST["answered"][0]["text"]
    assert find(agent, entries, text, hints="不良率按逾期90天以上算") is None


def test_a_name_that_is_hidden_hides_the_entry(agent: Agent, entries: tuple[Entry, ...]) -> None:
    """The product team sees no costs: for it the entry is not there, as the compiler would say."""
    text = "2024年从营业收入到净利润的分解"
    draft = find(agent, entries, text)
    assert draft is not None
    with pytest.raises(QueryError):
        agent.compile(draft.semantic_sql, principal="product_team", today=CLOCK)
    assert find(agent, entries, text, principal="product_team") is None


def test_a_reader_asks_with_his_own_value(agent: Agent, entries: tuple[Entry, ...]) -> None:
    """The entry was signed with a branch that an officer of the southwest never sees; he may ask with his."""
    draft = find(agent, entries, "2025年成都分行手续费交易金额逐月累计", principal="officer_southwest")
    assert draft is not None
    assert "'成都分行'" in draft.semantic_sql
    assert "上海" not in draft.semantic_sql
    assert find(agent, entries, "2025年上海分行手续费交易金额逐月累计", principal="officer_southwest") is None


def test_the_answer_says_who_signed(agent: Agent) -> None:
    """Through the whole agent: route, note and rows, in one run without an llm."""
    question = agent.question("2024年从营业收入到净利润的分解", today=CLOCK)
    outcome = agent.ask(question)
    assert outcome.outcome == "answer"
    assert outcome.draft.route == "verified"
    assert outcome.draft.verified is not None
    assert "计划财务部" in outcome.draft.verified.zh
    assert "2026-07-01" in outcome.draft.verified.en
    assert len(outcome.result.rows) == 1
    assert outcome.plan.understood.periods == ("2024",)
