"""Answers out of a file: records and plain predictions, every mistake with its line, and golds that stop a run."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from t2sql.errors import ConfigError
from t2sql.evaluation.cases.files import read_cases
from t2sql.evaluation.cases.golds import Golds
from t2sql.evaluation.cases.predictions import read_answers
from t2sql.evaluation.evaluate import check_golds, chosen_cases, find_results
from t2sql.evaluation.judging.judge import judge
from t2sql.evaluation.records import Record

DAY = date(2026, 11, 18)
CASES = """\
- {id: a, question: how many, check_sql: SELECT 3}
- {id: 2, question: how much, check_sql: SELECT 5.5}
- {id: c, question: which, principal: chief, gold: [{sql: SELECT 1}, {sql: SELECT nothing FROM nowhere}]}
"""
RECORD = {
    "id": "a", "question": "how many", "principal": "boss", "outcome": "answer", "failed": False, "confidence": 0.9,
    "columns": [{"name": "n"}], "rows": [[3]], "truncated": False, "error": None,
}  # fmt: skip
Reader = Callable[[str], dict[str, Record]]


@pytest.fixture
def golds(tmp_path: Path) -> Iterator[Golds]:
    """The golds of three cases over an empty database."""
    database = tmp_path / "empty.duckdb"
    duckdb.connect(str(database)).close()
    path = tmp_path / "cases.yml"
    path.write_text(CASES, encoding="utf-8")
    with Golds(read_cases(path), agent=None, today=DAY, source=database) as opened:
        yield opened


@pytest.fixture
def read(golds: Golds, tmp_path: Path) -> Reader:
    """Reads answers, asked by `boss` where a case names nobody."""

    def answers(text: str) -> dict[str, Record]:
        path = tmp_path / "answers.jsonl"
        path.write_text(text, encoding="utf-8")
        return read_answers(path, chosen_cases(golds.file.cases, principal="boss"), golds)

    return answers


def line(**known: Any) -> str:
    """One record of an answer, some keys of it changed."""
    return json.dumps({**RECORD, **known}) + "\n"


def test_records_and_plain_predictions(read: Reader, golds: Golds) -> None:
    found = read(line(question=" how many ") + '\n{"id": 2, "sql": "SELECT 5.5"}\n{"id": "other", "sql": "SELECT 1"}\n')
    assert list(found) == ["a", "2"]
    assert (found["a"]["rows"], found["a"]["confidence"]) == ([[3]], Decimal("0.9"))
    for case in golds.file.cases[:2]:
        assert judge(found[case.asked.id], case, golds.run(case)).is_right


def test_answers_to_no_case_are_told(golds: Golds, tmp_path: Path) -> None:
    path, told = tmp_path / "answers.jsonl", []
    other = "".join(line(id=name, question="x") for name in ("stray", "a~full-width", "stray~full-width"))
    # A case that is not asked this time is a case all the same.
    path.write_text(line() + line(id=2, question="how much") + other, encoding="utf-8")
    asked = chosen_cases(golds.file.cases[:1], principal="boss")
    assert list(read_answers(path, asked, golds, told.append)) == ["a"]
    assert told == [f"{path}: no case of cases.yml has these ids, which are passed over: stray, stray~full-width."]


def test_a_case_without_an_answer_has_its_questions_language(golds: Golds) -> None:
    cases = chosen_cases(golds.file.cases[:2], principal="boss")
    cases = (cases[0], replace(cases[1], asked=replace(cases[1].asked, text="贷款余额")))
    found = list(find_results(cases, golds, lambda name: None))
    assert [(one.reason, one.language) for one in found] == [("not asked", "en"), ("not asked", "zh")]


@pytest.mark.parametrize("sql", ["", "  ", None])
def test_no_sql_is_a_failure(read: Reader, golds: Golds, sql: str | None) -> None:
    found = read(json.dumps({"id": "a", "sql": sql}))
    assert found["a"]["failed"] and found["a"]["error"]["message"] == "no SQL"
    case = golds.file.cases[0]
    assert judge(found["a"], case, golds.run(case)).reason == "SQL error"


WRONG = [
    ("no JSON", "no\n", "JSON"),
    ("no object", "[1]\n", "JSON"),
    ("no id", '{"sql": "SELECT 1"}\n', "no id"),
    ("an id that is no name", '{"id": null, "sql": "SELECT 1"}\n', "no id"),
    ("neither of the two", '{"id": "c"}\n', "neither a record"),
    ("SQL that is no text", '{"id": "c", "sql": 5}\n', "neither a record"),
    ("an id twice", line(), "stands at line 1"),
    ("another outcome", line(id="c", outcome="right"), "none of answer, clarification, definition, refusal"),
    ("an outcome that is no text", line(id="c", outcome=["answer"]), "none of answer"),
    ("an answer without rows", line(id="c", rows=None), "columns and rows"),
    ("an answer without columns", line(id="c", columns=5), "columns and rows"),
    ("a row too wide", line(id="c", rows=[[1, 2]]), "as wide as"),
    ("a row that is no list", line(id="c", rows=["x"]), "as wide as"),
    ("a confidence in words", line(id="c", confidence="high"), "'high' is neither"),
    ("a confidence that is no number", line(id="c", confidence=float("nan")), "neither null nor"),
    ("a confidence that is true", line(id="c", confidence=True), "neither null nor"),
    ("an error that is no object", line(id="c", error="bad"), "error is not an object"),
    ("sources that are none", line(id="c", provenance=[{"metric": "x"}]), "provenance is not a list"),
    ("another question", line(id="2", question="how many"), "not that of the case '2'"),
    ("another principal", line(id="c", question="which"), "'boss', and the case 'c' is asked by 'chief'"),
]


@pytest.mark.parametrize(("text", "told"), [pytest.param(*rest, id=name) for name, *rest in WRONG])
def test_a_mistake_is_told_with_its_line(read: Reader, tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ConfigError) as raised:
        read(line() + "\n" + text)
    assert raised.value.message.startswith(f"{tmp_path / 'answers.jsonl'}:3: ") and told in raised.value.message
    assert "\n" not in raised.value.message and raised.value.hint


def test_every_mistake_is_told_at_once(read: Reader) -> None:
    with pytest.raises(ConfigError) as raised:
        read("no\n" * 23)
    assert [one.split(":")[-2] for one in raised.value.message.split("\n")[:20]] == [str(n) for n in range(1, 21)]
    assert raised.value.message.endswith("… and 3 more.")


def test_answers_to_no_case_are_refused(read: Reader) -> None:
    with pytest.raises(ConfigError, match="no answer is to a case"):
        read('{"id": "other", "sql": "SELECT 1"}')


def test_one_broken_gold_of_several_stops_the_run(golds: Golds) -> None:
    """Before any question is asked, with its place; the cases whose golds all run do not."""
    cases = golds.file.cases
    check_golds(cases[:2], golds)
    with pytest.raises(ConfigError) as raised:
        check_golds(cases, golds)
    assert "cases.yml:3: the gold of 'c' fails" in raised.value.message
    assert raised.value.message.count("fails") == 1
