"""The questions that the page offers are ones that it can answer, for everybody and in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from t2sql.agent import Agent
from t2sql.catalog import Language
from t2sql.flow import Answer, Definition, Turn
from t2sql.generation.llm import ScriptedLlm
from t2sql.settings import load
from ui.asking.examples import suggest_questions
from ui.asking.ways import FOLLOW_UPS, ways_of_asking

from page_setup import write_settings


@pytest.fixture(scope="module")
def agent(page_folder: Path, locked_bank: Path) -> Iterator[Agent]:
    """Over the demo bank, with an llm that fails the test when it is asked: an example leaves nothing to choose."""
    opened = Agent.open(load(write_settings(page_folder, locked_bank)), llm=lambda: ScriptedLlm({}))
    yield opened
    opened.close()


EVERYBODY = ["hq", "analyst_east", "officer_southwest", "product_team", "definitions_owner"]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("principal", EVERYBODY)
def test_examples_are_answered(agent: Agent, principal: str, language: Language) -> None:
    questions = suggest_questions(agent.narrow(principal).catalog, agent.loads().last(), language)
    assert len(questions) == 6
    for text in questions[:-1]:
        outcome = agent.ask(agent.question(text, principal=principal))
        assert isinstance(outcome, Answer), (text, outcome)
        assert outcome.question.language == language
        assert outcome.result.rows, text
    assert isinstance(agent.ask(agent.question(questions[-1], principal=principal)), Definition)


def test_examples_are_of_six_kinds(agent: Agent) -> None:
    questions = suggest_questions(agent.narrow("hq").catalog, agent.loads().last(), "zh")
    drafted = [agent.ask(agent.question(text, principal="hq")) for text in questions[:-1]]
    sqls = [outcome.draft.semantic_sql for outcome in drafted if isinstance(outcome, Answer)]
    marks = ("SELECT branch, npl_ratio", "LIMIT 5", "SELECT quarter, region", "share(", "yoy(")
    assert [mark in sql for mark, sql in zip(marks, sqls, strict=True)] == [True] * len(marks)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("principal", ["hq", "officer_southwest", "product_team"])
def test_every_way_of_asking_that_the_guide_shows_works(agent: Agent, principal: str, language: Language) -> None:
    ways = ways_of_asking(agent.narrow(principal).catalog, agent.loads().last(), language)
    assert len({way.kind for way in ways}) == 8
    for way in ways:
        outcome = agent.ask(agent.question(way.text, principal=principal, language=language))
        assert isinstance(outcome, Definition if way.kind in ("meaning", "topics") else Answer), way


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_follow_ups_that_the_guide_shows_follow(agent: Agent, language: Language) -> None:
    ways = ways_of_asking(agent.narrow("hq").catalog, agent.loads().last(), language)
    first = next(way.text for way in ways if way.kind == "group")
    answer = agent.ask(agent.question(first, principal="hq"))
    assert isinstance(answer, Answer)
    before = (Turn(first, answer.draft.semantic_sql),)
    for follow in FOLLOW_UPS:
        text = follow[0 if language == "zh" else 1]
        outcome = agent.ask(agent.question(text, principal="hq", language=language, before=before))
        assert isinstance(outcome, Answer), text
        assert "npl_ratio" in outcome.draft.semantic_sql
        assert outcome.draft.semantic_sql != answer.draft.semantic_sql


def test_nothing_is_offered_where_nothing_is_loaded(agent: Agent) -> None:
    assert suggest_questions(agent.narrow("hq").catalog, None, "zh") == ()


def test_a_catalog_without_metrics_or_levels_offers_what_it_can(agent: Agent) -> None:
    catalog = agent.narrow("hq").catalog
    assert suggest_questions(replace(catalog, metrics={}), date(2026, 6, 30), "zh") == ()
    assert len(suggest_questions(replace(catalog, hierarchies=()), date(2026, 6, 30), "en")) == 6
