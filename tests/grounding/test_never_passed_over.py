"""Words that look like who asks or what for, and limit what is asked: a place, a trade, a denial. They are used or told."""

# ruff: noqa: E501
# One case a line.
from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from t2sql.agent import Agent
from t2sql.flow import Answer
from t2sql.generation.llm import ScriptedLlm
from t2sql.settings import Settings

TODAY = date(2026, 7, 10)
TOLD = """
2025年末存款余额（零售条线）
拉萨：2025年末存款余额是多少？
Aquaculture: deposits at the end of 2025
2025年末存款余额，不管房地产业
Deposits at end of 2025, just counting exporters.
Our exporters, deposits at end of 2025?
deposits of the farmers we serve at end of 2025
number of loans overdue more than 90 days
depositors and average deposit per depositor
"""
USED = """
Shanghai needs its deposit balance at end of 2025. | SELECT deposit_balance FROM bank WHERE month = '2025-12' AND branch = '上海分行'
What were deposits at end of 2025 for the Shenzhen office? | SELECT deposit_balance FROM bank WHERE month = '2025-12' AND branch = '深圳分行'
2025年末存款余额（不含公司业务部） | SELECT deposit_balance FROM bank WHERE month = '2025-12' AND customer_type <> '对公'
上海分行和深圳分行有哪些支行 | SELECT sub_branch FROM bank WHERE branch IN ('上海分行', '深圳分行')
风险管理部例会用：2025年末存款余额 | SELECT deposit_balance FROM bank WHERE month = '2025-12'
Liquidity review: deposits at end of 2025 | SELECT deposit_balance FROM bank WHERE month = '2025-12'
Which branches' deposits exceed their loans? | SELECT branch, deposit_balance, loan_balance FROM bank WHERE deposit_balance > loan_balance
"""


@pytest.fixture(scope="module")
def agent(settings: Settings, locked_bank: Path) -> Iterator[Agent]:
    """The demo bank, with an llm that must not be needed."""
    own = {"source": str(locked_bank), "memory_limit": "2GB"}
    opened = Agent.open(settings.model_copy(update=own), llm=lambda: ScriptedLlm({}))
    yield opened
    opened.close()


@pytest.mark.parametrize("text", TOLD.strip().splitlines())
def test_it_is_never_answered_for_all(agent: Agent, text: str) -> None:
    assert agent.ask(agent.question(text, today=TODAY)).outcome in ("clarification", "refusal")


@pytest.mark.parametrize("line", USED.strip().splitlines())
def test_it_is_used_or_harmless(agent: Agent, line: str) -> None:
    text, sql = line.split(" | ")
    outcome = agent.ask(agent.question(text, today=TODAY))
    assert isinstance(outcome, Answer), outcome
    assert outcome.draft.semantic_sql == sql
