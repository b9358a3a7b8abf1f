"""The whole product on other engines: a question is grounded, compiled, run and answered as on DuckDB."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from t2sql.agent import Agent
from t2sql.flow import Answer
from t2sql.generation.llm import Llm
from t2sql.settings import Settings

from row_sets import difference

QUESTIONS = [
    "2025年12月各分行的贷款余额",
    "npl ratio by region at the end of 2025",
    "上海分行2025年每月的贷款余额",
]


def _no_llm() -> Llm:
    raise AssertionError("none of these questions needs the llm")


def _answers(source: str, settings: Settings) -> list[Answer]:
    chosen = settings.model_copy(update={"source": source, "memory_limit": "1GB", "warehouse_threads": 2})
    agent = Agent.open(chosen, llm=_no_llm)
    try:
        found = [agent.ask(agent.question(text, today=date(2026, 3, 15))) for text in QUESTIONS]
    finally:
        agent.close()
    assert all(isinstance(answer, Answer) for answer in found), found
    return [answer for answer in found if isinstance(answer, Answer)]


@pytest.fixture(scope="module")
def expected(bank_source: Callable[[str], str], settings: Settings) -> list[Answer]:
    """What the product answers on DuckDB."""
    return _answers(bank_source("duckdb"), settings)


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["postgres", "mariadb", "parquet"])
def test_the_same_answers(
    engine: str, bank_source: Callable[[str], str], settings: Settings, expected: list[Answer]
) -> None:
    """Values are found in the data, loads are read, and the figures are the same."""
    found = _answers(bank_source(engine), settings)
    for ours, theirs in zip(found, expected, strict=True):
        assert ours.plan.semantic_sql == theirs.plan.semantic_sql
        assert ours.explanation == theirs.explanation
        assert difference(ours.result.rows, theirs.result.rows, True) == ""
        assert ours.result.rows
