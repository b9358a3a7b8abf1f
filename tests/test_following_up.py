"""Follow-ups that an answer offers: each is understood, compiles for who asks, and asks for something else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from t2sql.agent import Agent
from t2sql.flow import Answer, Turn
from t2sql.generation.llm import ScriptedLlm
from t2sql.settings import Settings

ASKED = (
    "2026年6月各分行的不良贷款率",
    "2026年6月末的不良贷款率是多少",
    "2025年每个季度的新发放贷款额",
    "2026年6月存款余额同比增长多少",
    "上海分行的贷款余额",
    "各区域各产品的贷款余额",
    "贷款余额最高的5个分行",
    "What was the NPL ratio by branch in June 2026?",
    "Deposits by month in 2025",
    "fee income by region this year",
)


@pytest.fixture(scope="module")
def agent(locked_bank: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agent]:
    root = Path(__file__).parents[1]
    settings = Settings(
        metrics=root / "metrics" / "bank", source=str(locked_bank), demo=True, principal="hq", memory_limit="2GB",
        cache_dir=tmp_path_factory.mktemp("following"),
    )  # fmt: skip
    opened = Agent.open(settings, llm=lambda: ScriptedLlm({}))
    yield opened
    opened.close()


@pytest.mark.parametrize("principal", ["hq", "analyst_east", "product_team"])
def test_every_follow_up_offered_is_answered_and_asks_for_something_else(agent: Agent, principal: str) -> None:
    for text in ASKED:
        first = agent.ask(agent.question(text, principal=principal))
        if not isinstance(first, Answer):
            continue
        offered = agent.next_questions(first)
        assert 1 <= len(offered) <= 3, text
        before = (Turn(text, first.draft.semantic_sql),)
        answers = [agent.ask(agent.question(one, principal=principal, before=before)) for one in offered]
        assert all(isinstance(answer, Answer) for answer in answers), (text, offered)
        asked = [answer.plan.semantic_sql for answer in answers if isinstance(answer, Answer)]
        assert len({first.plan.semantic_sql, *asked}) == len(asked) + 1
        assert all(answer.result.rows for answer in answers if isinstance(answer, Answer)), (text, offered)


def test_they_are_in_the_questions_language(agent: Agent) -> None:
    chinese = agent.ask(agent.question("2026年6月各分行的不良贷款率"))
    english = agent.ask(agent.question("What was the NPL ratio by branch in June 2026?"))
    assert isinstance(chinese, Answer)
    assert isinstance(english, Answer)
    assert all(any("一" <= c <= "鿿" for c in text) for text in agent.next_questions(chinese))
    assert any(text.isascii() for text in agent.next_questions(english))


def test_a_level_above_the_one_chosen_is_not_offered(agent: Agent) -> None:
    answer = agent.ask(agent.question("上海分行的贷款余额"))
    assert isinstance(answer, Answer)
    assert not any("区域" in text for text in agent.next_questions(answer))
