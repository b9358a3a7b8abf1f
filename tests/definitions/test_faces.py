"""A definition through every face: document, command line, journal, batch record, evaluation."""

from __future__ import annotations

import io
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from t2sql.agent import Agent
from t2sql.cli_answers import print_definition
from t2sql.documents import outcome_document, write_json
from t2sql.evaluation.batch.recording import ask_within, told
from t2sql.evaluation.cases.files import read_cases
from t2sql.evaluation.cases.shapes import CaseShape
from t2sql.evaluation.judging.judge import judge
from t2sql.evaluation.records import Asked
from t2sql.flow import Definition
from t2sql.generation.llm import ScriptedLlm
from t2sql.settings import Settings

TODAY = date(2026, 7, 10)


@pytest.fixture(scope="module")
def agent(settings: Settings, locked_bank: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agent]:
    """An agent over the demo bank whose llm must not be asked."""
    own = {"source": str(locked_bank), "memory_limit": "2GB", "cache_dir": tmp_path_factory.mktemp("faces")}
    opened = Agent.open(settings.model_copy(update=own), llm=lambda: ScriptedLlm({}))
    yield opened
    opened.close()


def defined(agent: Agent, text: str) -> Definition:
    """The definition that a question ends in."""
    outcome = agent.ask(agent.question(text, today=TODAY))
    assert isinstance(outcome, Definition)
    return outcome


def document(agent: Agent, text: str) -> Any:
    """The outcome as its JSON is read back."""
    out = io.StringIO()
    write_json(outcome_document(defined(agent, text)), out)
    return json.loads(out.getvalue())


def test_a_document_holds_formula_unit_owner_dates_and_no_sql(agent: Agent) -> None:
    found = document(agent, "预警贷款余额的口径是什么")
    assert (found["outcome"], found["route"], found["semantic_sql"], found["rows"]) == ("definition", None, None, [])
    assert found["error"] is None
    [term] = found["definitions"]
    assert (term["name"], term["kind"], term["unit"], term["owner"]) == (
        "early_warning_balance", "metric", "CNY", "风险管理部",
    )  # fmt: skip
    assert [(v["effective_from"], v["effective_to"]) for v in term["versions"]] == [
        ("2023-01-01", "2024-12-31"),
        ("2025-01-01", None),
    ]
    assert {"name": "branch", "zh": "分行", "en": "branch"} in term["split_by"]
    assert found["topics"] == []


def test_a_document_of_topics_holds_examples_with_their_semantic_sql(agent: Agent) -> None:
    found = document(agent, "What can I ask?")
    assert found["definitions"] == []
    assert all(example["semantic_sql"].startswith("SELECT ") for t in found["topics"] for example in t["examples"])
    assert {metric["name"] for topic in found["topics"] for metric in topic["metrics"]} == set(
        agent.narrow("hq").catalog.metrics
    )


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("不良率怎么算", ["公式：不良贷款余额 ÷ 贷款余额 [npl_balance / loan_balance]", "风险管理部"]),
        ("What can I ask?", ["month-end deposits", "For example: Loan balance in June 2026"]),
    ],
)  # fmt: skip
def test_the_command_line_prints_it(
    agent: Agent, capsys: pytest.CaptureFixture[str], text: str, lines: list[str]
) -> None:
    print_definition(defined(agent, text))
    printed = capsys.readouterr().out
    for line in lines:
        assert line in printed


def test_the_journal_keeps_the_names_shown(agent: Agent) -> None:
    defined(agent, "存贷比怎么算")
    with closing(sqlite3.connect(agent.settings.cache_dir / "journal.sqlite")) as connection:
        rows = connection.execute("SELECT body FROM entry WHERE kind = 'definition' ORDER BY id").fetchall()
    assert json.loads(rows[-1][0])["names"] == ["loan_to_deposit"]
    assert "definition" in {question.outcome for question in agent.journal.questions()}


def test_in_a_batch_it_is_no_failure(agent: Agent) -> None:
    asked = Asked("1", "拨备覆盖率怎么算")
    record = ask_within(agent, asked, principal="", language=None, today=TODAY, timeout_seconds=60)
    assert (told(record).outcome, told(record).is_failure) == ("definition", False)


CASES = """
cases:
- {id: one, question: q, definition: npl_ratio}
- {id: two, question: q, definition: [npl_ratio, nim]}
- {id: all, question: q, topics: true}
- {id: figure, question: q, outcome: answer}
- {id: either, question: q, outcome: [definition, refusal]}
"""


@pytest.mark.parametrize(
    ("case", "outcome", "shown", "topics", "right", "reason"),
    [
        ("one", "definition", ["npl_ratio"], 0, True, ""),
        ("one", "definition", ["nim"], 0, False, "wrong definition"),
        ("one", "definition", ["npl_ratio", "nim"], 0, False, "wrong definition"),
        ("one", "definition", [], 15, False, "wrong definition"),
        ("one", "answer", [], 0, False, "not defined"),
        ("one", "refusal", [], 0, False, "not defined"),
        ("two", "definition", ["nim", "npl_ratio"], 0, True, ""),
        ("two", "definition", ["npl_ratio"], 0, False, "wrong definition"),
        ("all", "definition", [], 15, True, ""),
        ("all", "definition", ["npl_ratio"], 0, False, "wrong definition"),
        ("figure", "definition", ["npl_ratio"], 0, False, "defined instead of answering"),
        ("either", "definition", ["npl_ratio"], 0, True, ""),
    ],
)
def test_a_definition_is_right_when_exactly_the_names_are_shown(
    case: str, outcome: str, shown: list[str], topics: int, right: bool, reason: str, tmp_path: Path
) -> None:
    path = tmp_path / "cases.yml"
    path.write_text(CASES, encoding="utf-8")
    [asked] = [one for one in read_cases(path).cases if one.asked.id == case]
    record = {
        "id": case, "outcome": outcome, "failed": False, "columns": [], "rows": [], "error": None,
        "definitions": [{"name": name} for name in shown], "topics": [{}] * topics,
    }  # fmt: skip
    verdict = judge(record, asked, ())
    assert (verdict.is_right, verdict.reason) == (right, reason)


@pytest.mark.parametrize(
    "keys",
    [
        {"definition": "nim", "outcome": "answer"},
        {"definition": "nim", "topics": True},
        {"topics": True, "gold": {"sql": "SELECT 1"}},
        {"definition": ""},
    ],
)
def test_a_case_says_one_thing_that_is_meant(keys: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        CaseShape.model_validate({"question": "q", **keys})


@pytest.mark.parametrize("text", ["区域有哪些取值", "归属区域有哪些取值", "What is a region?"])
def test_values_that_nobody_may_see_are_not_listed(agent: Agent, text: str) -> None:
    """Row rules limit what a definition tells, too."""
    found = agent.ask(agent.question(text, principal="officer_southwest"))
    assert isinstance(found, Definition)
    told = str(found)
    assert "西南区" in told and not any(other in told for other in ("华东", "华南", "华北", "华中"))


def test_who_may_see_all_is_told_all(agent: Agent) -> None:
    found = agent.ask(agent.question("区域有哪些取值", principal="hq"))
    assert isinstance(found, Definition) and {"华东区", "西南区"} <= set(found.terms[0].values)
