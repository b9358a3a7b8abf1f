"""Verdicts: planted differences and their reasons, and every outcome that is none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from t2sql.agent import Agent
from t2sql.documents import failure_document, outcome_document
from t2sql.errors import AccessDenied, Cancelled, ConfigError, QueryTimeout, T2sqlError, WarehouseError
from t2sql.evaluation.cases.files import read_cases
from t2sql.evaluation.cases.golds import GoldRun, Golds
from t2sql.evaluation.cases.nouns import Case, CaseFile, Gold
from t2sql.evaluation.judging.judge import judge
from t2sql.evaluation.records import Asked, Record
from t2sql.settings import Settings

PLANTED = Path(__file__).parent / "planted.yml"
TODAY = date(2026, 7, 10)
BEYOND = ("wrong", "reason", "note")


def planted() -> list[dict[str, Any]]:
    """The planted differences as they stand in the file."""
    cases: list[dict[str, Any]] = YAML(typ="safe").load(PLANTED.read_text(encoding="utf-8"))["cases"]
    return cases


def no_llm() -> Any:
    """Nothing here is written by an llm."""
    raise AssertionError("no llm takes part")


@pytest.fixture(scope="module")
def agent(settings: Settings, locked_bank: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agent]:
    """The demo bank with its definitions, and no llm."""
    kept = tmp_path_factory.mktemp("cache")
    opened = Agent.open(
        settings.model_copy(update={"source": str(locked_bank), "memory_limit": "2GB", "cache_dir": kept}), llm=no_llm
    )
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> CaseFile:
    """The planted cases without what is planted, read as any case file."""
    path = tmp_path_factory.mktemp("cases") / "planted.yml"
    cases = [{key: value for key, value in case.items() if key not in BEYOND} for case in planted()]
    with path.open("w", encoding="utf-8") as out:
        YAML(typ="safe").dump({"clock": TODAY, "cases": cases}, out)
    return read_cases(path)


@pytest.fixture(scope="module")
def golds(agent: Agent, file: CaseFile, locked_bank: Path) -> Iterator[Golds]:
    """Runs the golds of the planted cases."""
    with Golds(file, agent=agent, today=TODAY, source=locked_bank) as opened:
        yield opened


def record_of(agent: Agent, golds: Golds, case: Case, wrong: dict[str, str]) -> Record:
    """What the wrong SQL gives, as the record of an answer."""
    if "sql" in wrong:
        return golds.record_of(case, wrong["sql"])
    question = agent.question(case.asked.text, today=TODAY)
    document = outcome_document(agent.ask(question, semantic_sql=wrong["semantic_sql"]))
    return {**document, "id": case.asked.id, "failed": False}


@pytest.mark.parametrize("index", [pytest.param(i, id=case["id"]) for i, case in enumerate(planted())])
def test_a_planted_difference_is_named(agent: Agent, golds: Golds, file: CaseFile, index: int) -> None:
    """Each gold is right against itself, and each wrong SQL has the reason that a person wrote down first."""
    case, plant = file.cases[index], planted()[index]
    runs = golds.run(case)
    assert [run.error for run in runs] == [None]
    gold = case.golds[0]
    itself = record_of(agent, golds, case, {gold.kind: gold.text})
    assert judge(itself, case, runs).is_right
    verdict = judge(record_of(agent, golds, case, plant["wrong"]), case, runs)
    assert (verdict.is_right, verdict.reason) == (False, plant["reason"]), verdict.detail
    assert verdict.detail and "\n" not in verdict.detail
    assert verdict.is_silent


def test_there_are_enough_planted_differences_of_every_kind() -> None:
    """At least forty, three of each reason that results can show, half with raw SQL as the only gold."""
    reasons = [case["reason"] for case in planted()]
    shown = (
        "wrong metric", "wrong filter", "wrong period", "wrong grouping", "missing rows", "extra rows",
        "missing columns", "extra columns", "wrong order", "wrong unit or scale", "wrong values",
    )  # fmt: skip
    assert len(reasons) >= 40
    assert {reason: reasons.count(reason) >= 3 for reason in shown} == dict.fromkeys(shown, True)
    assert sum("check_sql" in case for case in planted()) * 2 >= len(reasons)


# -- outcomes ------------------------------------------------------------------------------------------------------
ROWS = Gold("rows", rows=((1, "a"),))


def case_of(*golds: Gold, expected: str = "answer") -> Case:
    """A case with one right answer, or with none."""
    words: Any = frozenset(expected.split())
    return Case(Asked("a", "x"), golds, words)


def runs_of(case: Case) -> tuple[GoldRun, ...]:
    """Literal golds as they run."""
    return tuple(GoldRun(gold, gold.rows, len(gold.rows[0]) if gold.rows else 0) for gold in case.golds)


def answer(*rows: tuple[Any, ...], **known: Any) -> Record:
    """The record of an answer with these rows."""
    columns = [{"name": str(i)} for i in range(len(rows[0]))]
    document = failure_document("x", T2sqlError(""))
    return {**document, "outcome": "answer", "columns": columns, "rows": rows, "error": None, "failed": False, **known}


def ended(error: T2sqlError, *, failed: bool = True, outcome: str = "refusal") -> Record:
    """The record of a question that ended without an answer."""
    return {**failure_document("x", error), "outcome": outcome, "failed": failed}


def coded(code: str) -> T2sqlError:
    """An error with a code that only a batch writes."""
    error = T2sqlError("told", "do")
    error.code = code
    return error


ANSWERABLE, FORBIDDEN = case_of(ROWS), case_of(expected="refusal")
EITHER, OPEN = case_of(expected="clarification refusal"), case_of(expected="answer")
REFUSED = ended(T2sqlError("no"), failed=False)
NO_RIGHTS = ended(AccessDenied("no"), failed=False)
UNMEASURED = (
    "access_denied", "llm_unavailable", "config", "host_unfit", "retrieval", "cancelled", "warehouse_unavailable",
)  # fmt: skip
ASKED_BACK = ended(T2sqlError("?"), failed=False, outcome="clarification")
OUTCOMES: list[tuple[str, Record | None, Case, bool, str, bool, bool]] = [
    # name, record, case, right, reason, flagged, silent
    ("right rows", answer(("a", 1.0)), ANSWERABLE, True, "", False, False),
    ("other rows", answer(("b", 1.0)), ANSWERABLE, False, "wrong values", False, True),
    ("refused", REFUSED, ANSWERABLE, False, "refused although answerable", True, False),
    ("asked back", ASKED_BACK, ANSWERABLE, False, "refused although answerable", True, False),
    ("refused as it should", REFUSED, FORBIDDEN, True, "", True, False),
    ("either is right", ASKED_BACK, EITHER, True, "", True, False),
    ("answered", answer((1,)), FORBIDDEN, False, "answered although it should refuse", False, True),
    ("answered instead of either", answer((1,)), EITHER, False, "answered although it should refuse", False, True),
    ("asked back instead of refused", ASKED_BACK, FORBIDDEN, False, "asked back instead of refusing", True, False),
    ("refused instead of asked back", REFUSED, case_of(expected="clarification"), False,
     "refused instead of asking back", True, False),
    ("asked back beside a gold", ASKED_BACK, case_of(ROWS, expected="answer clarification"), True, "", True, False),
    ("any answer is right", answer((1,)), OPEN, True, "", False, False),
    ("too slow", ended(QueryTimeout("slow")), ANSWERABLE, False, "time-out", False, False),
    ("too slow where a refusal is right", ended(QueryTimeout("slow")), FORBIDDEN, False, "time-out", False, False),
    ("SQL error", ended(WarehouseError("bad")), ANSWERABLE, False, "SQL error", False, False),
    *((code, ended(coded(code)), ANSWERABLE, False, "SQL error", False, False) for code in ("certify", "query")),
    *((code, ended(coded(code)), ANSWERABLE, False, "failed", False, False)
      for code in ("generation", "defect", "worker_died")),
    *((code, ended(coded(code)), ANSWERABLE, False, "not asked", False, False) for code in UNMEASURED),
    ("stopped", ended(Cancelled("stop")), ANSWERABLE, False, "not asked", False, False),
    ("no rights", NO_RIGHTS, ANSWERABLE, False, "not asked", False, False),
    ("no rights where only a question back is right", NO_RIGHTS, case_of(expected="clarification"), False, "not asked",
     False, False),
    ("no rights where a refusal is right", NO_RIGHTS, FORBIDDEN, True, "", True, False),
    ("no record", None, ANSWERABLE, False, "not asked", False, False),
]  # fmt: skip


@pytest.mark.parametrize(
    ("record", "case", "right", "reason", "flagged", "silent"),
    [pytest.param(*rest, id=name) for name, *rest in OUTCOMES],
)
def test_outcomes(record: Record | None, case: Case, right: bool, reason: str, flagged: bool, silent: bool) -> None:
    verdict = judge(record, case, runs_of(case))
    found = (verdict.is_right, verdict.reason, verdict.is_flagged, verdict.is_silent)
    assert found == (right, reason, flagged, silent)
    assert bool(verdict.detail) is not right


def test_any_gold_may_match_and_the_nearest_names_the_miss() -> None:
    case = case_of(ROWS, Gold("rows", rows=((7, "z"), (8, "y"))))
    assert judge(answer((8, "y"), (7, "z")), case, runs_of(case)).is_right
    assert judge(answer((8, "y")), case, runs_of(case)).reason == "missing rows"


def test_a_failed_gold_is_passed_over_and_judged_by_none_when_all_fail() -> None:
    case = case_of(ROWS, ROWS)
    first, second = runs_of(case)
    failed = GoldRun(ROWS, error=ConfigError("cases.yml:3: the gold of 'a' fails: x", "Correct the gold."))
    assert judge(answer((1, "a")), case, (failed, second)).is_right
    with pytest.raises(ConfigError, match=r"cases\.yml:3"):
        judge(answer((1, "a")), case, (failed, failed))
    assert not judge(answer((1, "b")), case, (first, failed)).is_right


def test_a_cut_answer_says_so() -> None:
    case = case_of(Gold("rows", rows=((1,), (2,))))
    verdict = judge(answer((1,), truncated=True), case, runs_of(case))
    assert verdict.reason == "missing rows" and "row limit" in verdict.detail


def test_literal_no_rows_match_any_empty_answer() -> None:
    case = case_of(Gold("rows"))
    empty = {**answer((1, "a")), "rows": []}
    assert judge(empty, case, runs_of(case)).is_right
    assert judge(answer((1, "a")), case, runs_of(case)).reason == "extra rows"


def test_an_identifier_off_by_one_is_silently_wrong() -> None:
    case = case_of(Gold("rows", rows=((13_800_138_000, "a"),)))
    verdict = judge(answer((13_800_138_001, "a")), case, runs_of(case))
    assert (verdict.reason, verdict.is_silent) == ("wrong values", True)
    loose = replace(case, exact_whole=False)
    assert judge(answer((13_800_138_001, "a")), loose, runs_of(loose)).is_right
