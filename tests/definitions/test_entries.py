"""One entry of the catalog: its questions work, its checks name nothing hidden, and it reads in one language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from t2sql.agent import Agent
from t2sql.catalog import Catalog, Language
from t2sql.check import check_metric
from t2sql.definitions import Definitions, tell_rows
from t2sql.flow import Answer
from t2sql.generation.llm import ScriptedLlm
from t2sql.settings import Settings
from t2sql.wording import in_language


@pytest.fixture(scope="module")
def agent(settings: Settings, locked_bank: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agent]:
    folder = tmp_path_factory.mktemp("entries")
    chosen = settings.model_copy(
        update={"source": str(locked_bank), "cache_dir": folder, "demo": True, "memory_limit": "2GB"}
    )
    opened = Agent.open(chosen, llm=lambda: ScriptedLlm({}))
    yield opened
    opened.close()


def definitions(agent: Agent, principal: str) -> Definitions:
    return agent.definitions(agent.narrow(principal), agent.loads())


@pytest.mark.parametrize(("principal", "language"), [("hq", "zh"), ("analyst_east", "en")])
@pytest.mark.parametrize(
    "name", ["npl_ratio", "new_loans_rolling_year", "deposit_daily_avg", "region", "originated_on", "fee_type"]
)
def test_its_questions_are_answered(agent: Agent, name: str, principal: str, language: Language) -> None:
    examples = definitions(agent, principal).examples(name, language)
    assert 2 <= len(examples) <= 4
    for example in examples:
        question = agent.question(example.text, principal=principal, language=language)
        outcome = agent.ask(question, semantic_sql=example.semantic_sql)
        assert isinstance(outcome, Answer), example
        assert outcome.result.rows, example


def test_of_very_many_members_only_the_highest_are_asked_for(agent: Agent) -> None:
    for example in definitions(agent, "hq").examples("customer_no", "en"):
        assert "LIMIT 10" in example.semantic_sql
        assert "10 highest" in example.text


def test_what_is_hidden_is_unknown(agent: Agent) -> None:
    found = definitions(agent, "product_team")
    assert found.define("net_profit") is None
    assert found.define("customer_no") is None
    assert found.examples("net_profit", "zh") == ()
    assert found.define("no_such_name") is None
    assert found.topic("no_such_dataset", "zh") is None


def test_a_topic_is_told_as_among_all_topics(agent: Agent) -> None:
    found = definitions(agent, "hq")
    assert found.topic("loans", "zh") in found.topics("zh")


def test_every_metric_of_the_bank_is_sound(catalog: Catalog) -> None:
    few = [catalog.metrics[name] for name in ("npl_ratio", "early_warning_balance", "nim", "branch_count")]
    assert [check_metric(metric, catalog) for metric in few] == [[]] * len(few)


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("SUM(loans.nothing)", "no field 'nothing'"),
        ("loans.balance", "does not aggregate"),
        ("SUM(loans.balance", "is not an SQL expression"),
    ],
)
def test_what_is_wrong_with_one_metric_is_found(catalog: Catalog, expression: str, said: str) -> None:
    broken = replace(catalog.metrics["loan_balance"], expression=expression)
    found = check_metric(broken, replace(catalog, metrics={**catalog.metrics, "loan_balance": broken}))
    assert any(said in finding.message for finding in found)


def test_limits_of_rows_in_words(agent: Agent) -> None:
    east = agent.narrow("analyst_east")
    assert tell_rows(east.row_rules, east.catalog, "zh") == "区域：华东区"
    assert tell_rows(east.row_rules, east.catalog, "en") == "region: 华东区"
    assert tell_rows((), east.catalog, "en") == ""


def test_an_english_half_may_hold_names_as_stored() -> None:
    text = "总行本部归「总行」。 / The head office's own book is 总行."
    assert in_language(text, "en") == "The head office's own book is 总行."
    assert in_language(text, "zh") == "总行本部归「总行」。"
    assert in_language("存量 / 流量", "en") == "存量 / 流量"
