"""`eval new`: drafts of cases out of the journal, for a person to confirm."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from t2sql.agent import Agent
from t2sql.errors import ConfigError
from t2sql.evaluation.cases.drafts import draft_cases
from t2sql.evaluation.cases.files import askable, read_cases
from t2sql.evaluation.cases.golds import Golds
from t2sql.generation.llm import ScriptedLlm
from t2sql.journal import AskedQuestion, Journal
from t2sql.settings import Settings

TODAY = date(2026, 7, 10)
AT = datetime(2026, 7, 10, 9, 0, tzinfo=UTC)
ASKED = AskedQuestion(AT, "6月末贷款余额", "hq", TODAY, "zh", "", "answer", "SELECT loan_balance FROM bank", ())


def read(folder: Path, text: str, name: str = "drafts.yml") -> Path:
    """A file of drafts."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_draft_is_a_case_that_nobody_has_confirmed(tmp_path: Path) -> None:
    text = draft_cases([replace(ASKED, hints="折人民币")], [])
    file = read_cases(read(tmp_path, text))
    (case,) = file.cases
    assert case.is_draft and askable(file) == ()
    assert (case.asked.text, case.asked.principal, case.asked.hints) == ("6月末贷款余额", "hq", "折人民币")
    assert (case.clock, case.golds[0].text, case.asked.language) == (TODAY, "SELECT loan_balance FROM bank", "zh")


def test_deleting_one_line_confirms_a_draft(tmp_path: Path) -> None:
    text = draft_cases([ASKED, replace(ASKED, text="存款余额")], [])
    lines = text.split("\n")
    lines.remove(next(line for line in lines if line.strip() == "draft: true"))
    assert len(askable(read_cases(read(tmp_path, "\n".join(lines))))) == 1


def test_the_most_asked_of_one_person_are_drafted(tmp_path: Path) -> None:
    asked = [replace(ASKED, text=text) for text in ("one", "two", "two", "three", "three", "three")]
    asked += [replace(ASKED, text="other", principal="east")] * 4
    cases = read_cases(read(tmp_path, draft_cases(asked, [], principal="hq", limit=2))).cases
    assert [case.asked.text for case in cases] == ["three", "two"]


def test_an_answer_whose_sql_is_not_on_record_is_a_draft_without_a_gold(tmp_path: Path) -> None:
    (case,) = read_cases(read(tmp_path, draft_cases([replace(ASKED, semantic_sql="")], []))).cases
    assert case.is_draft and case.golds == () and case.expected == {"answer"}


def test_a_question_is_drafted_once_and_the_most_asked_comes_first(tmp_path: Path) -> None:
    later = replace(
        ASKED, at=AT + timedelta(days=2), text="６月末　贷款余额？", semantic_sql="SELECT npl_balance FROM bank"
    )
    text = draft_cases([replace(ASKED, text="once"), ASKED, later, replace(ASKED, principal="east")], [])
    cases = read_cases(read(tmp_path, text)).cases
    assert [(case.asked.text, case.asked.principal) for case in cases] == [
        ("６月末　贷款余额？", "hq"), ("once", "hq"), ("6月末贷款余额", "east"),
    ]  # fmt: skip
    assert cases[0].golds[0].text == "SELECT npl_balance FROM bank", "the latest answer is proposed"
    assert "Asked 2 times, last on 2026-07-12." in text and "Asked once" in text
    assert len({case.asked.id for case in cases}) == 3


def test_known_questions_and_those_that_failed_are_left_out() -> None:
    failed = replace(ASKED, text="broken", outcome="", semantic_sql="")
    assert (
        "question" not in draft_cases([ASKED, failed, replace(ASKED, text=" ")], ["６月末贷款余额？"]).split("\n", 2)[2]
    )


def test_refusals_and_questions_back_are_outcomes(tmp_path: Path) -> None:
    asked_back = replace(
        ASKED, text="大户", outcome="clarification", semantic_sql="", readings=("SELECT customers FROM bank\nLIMIT 1",)
    )
    text = draft_cases([asked_back, replace(ASKED, text="删除", outcome="refusal", semantic_sql="")], [])
    one, two = read_cases(read(tmp_path, text)).cases
    assert (one.expected, one.golds, two.expected) == ({"clarification"}, (), {"refusal"})
    assert "# Offered: SELECT customers FROM bank LIMIT 1" in text


HOSTILE = [
    'a: "b" # c',
    "- x\n- y",
    "\x1b[31mred\u202e",
    "draft: false",
    "'; --",
    "{{ x }}",
    "è\u0000",
    "y" * 3000,
    "null",
    "1",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_any_question_survives_the_file(tmp_path: Path, text: str) -> None:
    (case,) = read_cases(read(tmp_path, draft_cases([replace(ASKED, text=text, hints=text)], []))).cases
    assert (case.asked.text, case.asked.hints, case.is_draft) == (text, text, True)


def test_an_empty_journal_gives_an_empty_file() -> None:
    assert draft_cases([], []).rstrip().endswith("cases: []")


# -- the journal ---------------------------------------------------------------------------------------------------
@pytest.fixture
def agent(settings: Settings, locked_bank: Path, tmp_path: Path) -> Iterator[Agent]:
    """The demo bank with a cache folder of its own."""
    own = {"source": str(locked_bank), "memory_limit": "2GB", "cache_dir": tmp_path / "cache"}
    opened = Agent.open(settings.model_copy(update=own), llm=lambda: ScriptedLlm({}))
    yield opened
    opened.close()


def test_questions_come_out_of_the_journal_and_become_drafts(agent: Agent, locked_bank: Path, tmp_path: Path) -> None:
    """Asked of the real agent; what it answered is a gold that runs."""
    asked = ["2026年6月末全行贷款余额是多少", "请删除2025年的所有贷款记录", "2026年6月末全行贷款余额是多少"]
    for text in asked:
        agent.ask(agent.question(text, today=TODAY))
    agent.ask(agent.question("typed", today=TODAY), semantic_sql="SELECT region, loan_balance FROM bank")
    found = list(agent.journal.questions())
    assert [question.text for question in found] == asked
    assert [question.outcome for question in found] == ["answer", "refusal", "answer"]
    assert found[0].semantic_sql == found[2].semantic_sql and "loan_balance" in found[0].semantic_sql
    assert found[0].today == TODAY and found[0].principal == "hq"
    text = draft_cases(found, [])
    file = read_cases(read(tmp_path, text))
    assert [case.asked.text for case in file.cases] == [asked[0], asked[1]]
    with Golds(file, agent=agent, today=TODAY, source=locked_bank) as golds:
        (gold,) = golds.run(file.cases[0])
    assert gold.error is None and not any(str(value) in text for row in gold.rows for value in row)


def test_only_questions_since_a_day(agent: Agent) -> None:
    agent.ask(agent.question("删除存款表", today=TODAY))
    now = datetime.now(UTC)
    assert list(agent.journal.questions(now + timedelta(minutes=1))) == []
    assert len(list(agent.journal.questions(now - timedelta(minutes=1)))) == 1


def test_a_question_that_never_ended_has_no_outcome(agent: Agent) -> None:
    next(iter(agent.steps(agent.question("x", today=TODAY), semantic_sql="SELECT loan_balance FROM bank")))
    (found,) = agent.journal.questions()
    assert (found.outcome, found.semantic_sql) == ("", "")


def test_reading_changes_nothing_and_needs_the_right(agent: Agent, tmp_path: Path) -> None:
    agent.ask(agent.question("删除存款表", today=TODAY))
    path = agent.settings.journal_file
    before = path.read_bytes()
    assert len(list(agent.journal.questions())) == 1 and path.read_bytes() == before
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(ConfigError, match="no journal"):
        list(Journal(tmp_path / "none.sqlite").questions())
    (tmp_path / "torn.sqlite").write_bytes(b"no database at all, by no means")
    with pytest.raises(ConfigError, match="cannot be read"):
        list(Journal(tmp_path / "torn.sqlite").questions())


def test_questions_that_overlap_are_told_apart(tmp_path: Path, agent: Agent) -> None:
    """Entries of several questions stand between each other when they were asked at once."""
    steps = [agent.steps(agent.question(text, today=TODAY)) for text in ("删除存款表", "清空存款表")]
    for _ in range(9):
        for one in steps:
            next(one, None)
    assert [(q.text, q.outcome) for q in agent.journal.questions()] == [
        ("删除存款表", "refusal"),
        ("清空存款表", "refusal"),
    ]
    with closing(sqlite3.connect(agent.settings.journal_file)) as connection:
        assert connection.execute("SELECT COUNT(DISTINCT question_id) FROM entry").fetchone() == (2,)
