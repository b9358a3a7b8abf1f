"""Which draft is written, whether the llm is asked for it, and what is never answered. Scripted: no weights."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from t2sql.agent import Agent
from t2sql.catalog import Catalog
from t2sql.flow import Context, Doubt, NameMention
from t2sql.generation.candidates import candidates, choices
from t2sql.generation.drafting import Drafted, write_draft
from t2sql.generation.llm import ScriptedLlm
from t2sql.settings import Settings

TODAY = date(2026, 7, 10)


@pytest.fixture(scope="module")
def agent(settings: Settings, locked_bank: Path) -> Iterator[Agent]:
    """The demo bank."""
    own = {"source": str(locked_bank), "memory_limit": "2GB"}
    opened = Agent.open(settings.model_copy(update=own), llm=lambda: ScriptedLlm({}))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def seen(agent: Agent) -> Catalog:
    """The catalog as head office sees it."""
    return agent.narrow("hq").catalog


def ground(agent: Agent, text: str) -> Context:
    """What is understood of a question."""
    return agent.grounding(agent.narrow("hq")).ground(
        agent.question(text, principal="hq", today=TODAY), agent.loads().last()
    )


@pytest.fixture(scope="module")
def clear(agent: Agent) -> Context:
    """One metric, one value, one period, and nothing else."""
    return ground(agent, "2025年末上海分行的不良率")


@pytest.fixture(scope="module")
def open_choice(clear: Context) -> Context:
    """The same question, where its words may name either of two metrics."""
    named = next(m for m in clear.metrics if m.span)
    either = (replace(named, score=0.8), NameMention(named.span, "metric", "overdue_ratio", 0.8))
    return replace(clear, metrics=either)


def drafted(context: Context, catalog: Catalog, llm: ScriptedLlm, least: float = 0.0) -> Drafted:
    """The draft, which must be there."""
    found = write_draft(context, catalog, lambda: llm, least=least)
    assert found is not None
    return found


def test_one_reading_needs_no_llm(clear: Context, seen: Catalog) -> None:
    """It is composed, and sure."""
    llm = ScriptedLlm({})
    found = drafted(clear, seen, llm, least=0.7)
    assert found.draft.route == "composed"
    assert found.draft.semantic_sql == "SELECT npl_ratio FROM bank WHERE month = '2025-12' AND branch = '上海分行'"
    assert found.is_sure(0.7)
    assert llm.suffixes == []


def test_among_equal_readings_the_llm_is_asked_and_may_agree(open_choice: Context, seen: Catalog) -> None:
    """The likeliest stays the draft; a scripted llm tells no probability, so its agreement is unmeasured."""
    equal = choices(candidates(open_choice, seen))
    assert [c.reading.metrics for c in equal] == [("npl_ratio",), ("overdue_ratio",)]
    llm = ScriptedLlm({"不良率": equal[0].semantic_sql})
    found = drafted(open_choice, seen, llm)
    assert found.draft.route == "generated"
    assert found.draft.semantic_sql == equal[0].semantic_sql
    assert found.draft.confidence is None
    assert found.is_sure(0.7)
    assert len(llm.suffixes) == 1


def test_an_llm_that_disagrees_has_the_question_asked_back(open_choice: Context, seen: Catalog) -> None:
    """It never overrules the likeliest; what it chose is the first to be offered."""
    equal = choices(candidates(open_choice, seen))
    found = drafted(open_choice, seen, ScriptedLlm({"不良率": equal[1].semantic_sql}))
    agreed = drafted(open_choice, seen, ScriptedLlm({"不良率": equal[0].semantic_sql}))
    assert found.draft.semantic_sql == equal[0].semantic_sql
    assert found.others[0].semantic_sql == equal[1].semantic_sql
    assert found.draft.confidence is not None
    assert found.evidence.unsure > agreed.evidence.unsure == 0.0


def test_the_llm_is_not_asked_where_its_choice_would_be_asked_back(open_choice: Context, seen: Catalog) -> None:
    """A word that certainly changes what is asked holds every reading back, so the likeliest is kept."""
    llm = ScriptedLlm({})
    doubtful = replace(open_choice, doubts=(Doubt("涉农", 1.0),), ungrounded=("涉农",))
    found = drafted(doubtful, seen, llm, least=0.7)
    assert not found.is_sure(0.7)
    assert llm.suffixes == []


def test_a_word_that_certainly_matters_is_never_answered(clear: Context, seen: Catalog) -> None:
    """However low the threshold; a word that hardly matters is answered under a low one."""
    for weight, is_answered in ((1.0, False), (0.1, True)):
        found = drafted(replace(clear, doubts=(Doubt("涉农", weight),)), seen, ScriptedLlm({}))
        assert found.is_ruled_out is not is_answered
        assert found.is_sure(0.0) is is_answered


def test_what_was_understood_and_is_not_used_is_never_answered(clear: Context, seen: Catalog) -> None:
    """However likely the rest makes it."""
    found = drafted(clear, seen, ScriptedLlm({}))
    left = replace(found, chosen=replace(found.chosen, left=("上海分行",)))
    assert not found.is_ruled_out
    assert left.is_ruled_out
    assert not left.is_sure(0.0)


def test_each_doubt_lowers_the_confidence(clear: Context, seen: Catalog) -> None:
    """Of the same draft."""
    sure = [
        drafted(
            replace(clear, doubts=tuple(Doubt(f"词{i}", 0.4) for i in range(n))), seen, ScriptedLlm({})
        ).draft.confidence
        for n in range(4)
    ]
    assert all(one is not None for one in sure)
    assert sure == sorted(sure, key=lambda one: -(one or 0.0))
    assert (sure[0] or 0) > (sure[3] or 0)


def test_a_draft_that_failed_is_not_written_again(clear: Context, seen: Catalog) -> None:
    """What is left is another reading or none."""
    first = drafted(clear, seen, ScriptedLlm({}))
    again = write_draft(clear, seen, lambda: ScriptedLlm({}), without=frozenset((first.draft.semantic_sql,)))
    assert again is None or again.draft.semantic_sql != first.draft.semantic_sql
