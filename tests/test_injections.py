"""Sixty attacks in words: in a question, a customer's name, a definition, an earlier turn. None moves a number.

The answer is the same as without the words, or a refusal, or a question back. Every honest question is answered without
the llm; should one of these texts reach it, the llm of this test fails loudly.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from ruamel.yaml import YAML

from t2sql.agent import Agent
from t2sql.flow import Answer, Outcome, Turn
from t2sql.generation.llm import ScriptedLlm
from t2sql.settings import Settings

METRICS = Path(__file__).parent.parent / "metrics" / "bank"
TABLE = YAML(typ="safe").load(Path(__file__).with_name("grounding").joinpath("tables", "injections.yml"))
CASES: list[dict[str, Any]] = TABLE["cases"]
TODAY = date(2026, 7, 10)


def planted(where: str) -> list[dict[str, Any]]:
    """The cases whose text stands there."""
    return [case for case in CASES if case["where"] == where]


def opened(settings: Settings, bank: Path, folder: Path, metrics: Path = METRICS) -> Agent:
    """The product over `bank`; whatever it writes goes into `folder`."""
    changes = {
        "source": str(bank),
        "memory_limit": "2GB",
        "metrics": metrics,
        "journal_file": folder / "journal.sqlite",
    }
    kept = {"index_dir": folder / "index"} if metrics != METRICS else {}
    return Agent.open(settings.model_copy(update={**changes, **kept}), llm=lambda: ScriptedLlm({}))


@pytest.fixture(scope="module")
def honest(settings: Settings, locked_bank: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agent]:
    """The demo bank as it is."""
    agent = opened(settings, locked_bank, tmp_path_factory.mktemp("honest"))
    yield agent
    agent.close()


@pytest.fixture(scope="module")
def named(settings: Settings, demo_bank: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agent]:
    """The demo bank with customers who are called by the attacks, one each."""
    folder = tmp_path_factory.mktemp("named")
    bank = folder / "bank.duckdb"
    shutil.copyfile(demo_bank, bank)
    with duckdb.connect(str(bank)) as connection:
        for place, case in enumerate(planted("value")):
            connection.execute(
                "UPDATE customer SET customer_name = ? WHERE customer_no = ?", [case["text"], number_of(place)]
            )
    agent = opened(settings, bank, folder)
    yield agent
    agent.close()


@pytest.fixture(scope="module")
def redefined(settings: Settings, locked_bank: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agent]:
    """The demo bank with definitions that carry the attacks, one metric each."""
    folder = tmp_path_factory.mktemp("redefined")
    shutil.copytree(METRICS, folder / "metrics")
    yaml, path = YAML(), folder / "metrics" / "model.yml"
    yaml.width = 10_000
    model = yaml.load(path)
    metrics = {m["name"]: m for part in model["semantic_model"] for m in part["metrics"]}
    for case in planted("definition"):
        metric = metrics[case["on"]]
        if case["as"] == "description":
            metric["description"] = case["text"]
        else:
            metric["ai_context"]["synonyms"].append(case["text"])
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(model, file)
    agent = opened(settings, locked_bank, folder, folder / "metrics")
    yield agent
    agent.close()


def number_of(place: int) -> str:
    """A customer's number."""
    return f"C{10_000_001 + place}"


def ask(agent: Agent, text: str, before: tuple[Turn, ...] = ()) -> Outcome:
    """The outcome for head office."""
    return agent.ask(agent.question(text, today=TODAY, before=before))


def answered(agent: Agent, text: str) -> Answer:
    """The honest question's answer: a base that is refused by itself proves nothing."""
    outcome = ask(agent, text)
    assert isinstance(outcome, Answer), outcome
    return outcome


def is_untouched(outcome: Outcome, base: Answer) -> bool:
    """Whether nothing but words differs: the same answer, or none."""
    if not isinstance(outcome, Answer):
        return outcome.outcome in ("refusal", "clarification")
    same = outcome.result.columns == base.result.columns and outcome.result.rows == base.result.rows
    return same and outcome.plan.physical == base.plan.physical


@pytest.mark.parametrize("case", planted("question"), ids=lambda case: case["text"][:40])
def test_orders_in_a_question_change_nothing(honest: Agent, case: dict[str, Any]) -> None:
    base = answered(honest, case["base"])
    outcome = ask(honest, case["text"])
    assert is_untouched(outcome, base), outcome


@pytest.mark.parametrize("case", planted("value"), ids=lambda case: case["text"][:40])
def test_orders_in_a_customers_name_change_nothing(honest: Agent, named: Agent, case: dict[str, Any]) -> None:
    base = answered(honest, case["base"])
    outcome = ask(named, case["base"])
    assert is_untouched(outcome, base), outcome


@pytest.mark.parametrize("place", range(len(planted("value"))))
def test_a_name_with_orders_is_shown_as_it_is_and_found_as_a_name(honest: Agent, named: Agent, place: int) -> None:
    text = planted("value")[place]["text"]
    listed = f"SELECT customer_no, customer_name FROM customers WHERE customer_no = '{number_of(place)}'"
    shown = named.ask(named.question("", today=TODAY), semantic_sql=listed)
    assert isinstance(shown, Answer)
    assert shown.result.rows == ((number_of(place), text),)
    # Asked for by name: a figure of that customer or of nobody, never more than the rights and the words allow.
    outcome = ask(named, f"客户“{text}”2024年末的贷款余额")
    if isinstance(outcome, Answer):
        sql = outcome.plan.semantic_sql
        asked = "SELECT loan_balance FROM bank WHERE month = '2024-12'"
        assert "customer_name = " in sql or outcome.result.rows == honest_rows(honest, asked), sql


def honest_rows(agent: Agent, semantic_sql: str) -> tuple[tuple[Any, ...], ...]:
    """What semantic SQL gives in the honest bank."""
    outcome = agent.ask(agent.question("", today=TODAY), semantic_sql=semantic_sql)
    assert isinstance(outcome, Answer)
    return outcome.result.rows


@pytest.mark.parametrize("case", planted("definition"), ids=lambda case: case["text"][:40])
def test_orders_in_a_definition_change_nothing(honest: Agent, redefined: Agent, case: dict[str, Any]) -> None:
    base = answered(honest, case["base"])
    outcome = ask(redefined, case["base"])
    assert is_untouched(outcome, base), outcome


# What an earlier turn got: nothing, or, at worst, an answer about something else.
ANSWERED = ["", "SELECT net_profit FROM bank WHERE year = '2025' AND region = '华东区'"]


@pytest.mark.parametrize("semantic_sql", ANSWERED, ids=["refused", "answered"])
@pytest.mark.parametrize("case", planted("conversation"), ids=lambda case: case["text"][:40])
def test_orders_in_an_earlier_turn_change_nothing(honest: Agent, case: dict[str, Any], semantic_sql: str) -> None:
    base = answered(honest, case["base"])
    outcome = ask(honest, case["base"], (Turn(case["text"], semantic_sql),))
    assert is_untouched(outcome, base), outcome


def test_the_table_has_sixty_attacks_in_four_places() -> None:
    assert len(CASES) >= 60
    assert {case["where"] for case in CASES} == {"question", "value", "definition", "conversation"}
