"""The questions that the page offers are ones that it can answer, for everybody and in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from t2sql.agent import Agent
from t2sql.catalog import Language
from t2sql.flow import Answer
from t2sql.generation.llm import ScriptedLlm
from t2sql.settings import load
from ui.asking.examples import suggest_questions

from page_setup import write_settings


@pytest.fixture(scope="module")
def agent(page_folder: Path, locked_bank: Path) -> Iterator[Agent]:
    """Over the demo bank, with an llm that fails the test when it is asked: an example leaves nothing to choose."""
    opened = Agent.open(load(write_settings(page_folder, locked_bank)), llm=lambda: ScriptedLlm({}))
    yield opened
    opened.close()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("principal", ["hq", "analyst_east", "officer_southwest", "product_team"])
def test_examples_are_answered(agent: Agent, principal: str, language: Language) -> None:
    questions = suggest_questions(agent.narrow(principal).catalog, agent.loads().last(), language)
    assert len(questions) == 4
    for text in questions:
        outcome = agent.ask(agent.question(text, principal=principal))
        assert isinstance(outcome, Answer), (text, outcome)
        assert outcome.question.language == language
        assert outcome.result.rows, text


def test_nothing_is_offered_where_nothing_is_loaded(agent: Agent) -> None:
    assert suggest_questions(agent.narrow("hq").catalog, None, "zh") == ()


def test_a_catalog_without_metrics_or_levels_offers_what_it_can(agent: Agent) -> None:
    catalog = agent.narrow("hq").catalog
    assert suggest_questions(replace(catalog, metrics={}), date(2026, 6, 30), "zh") == ()
    assert len(suggest_questions(replace(catalog, hierarchies=()), date(2026, 6, 30), "en")) == 4
