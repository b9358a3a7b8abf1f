"""The audit record: complete, in order, before the fact, without data, for its owner's eyes only."""

from __future__ import annotations

import json
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from t2sql.agent import Agent
from t2sql.errors import AccessDenied, ConfigError
from t2sql.flow import Answer, Plan, Tokens, Turn
from t2sql.generation.llm import ScriptedLlm
from t2sql.journal import Journal
from t2sql.settings import Settings

BY_REGION = "SELECT region, loan_balance FROM bank WHERE month = '2026-06'"


@pytest.fixture
def agent(settings: Settings, locked_bank: Path, tmp_path: Path) -> Iterator[Agent]:
    """The demo bank with a cache folder of its own."""
    own = {"source": str(locked_bank), "memory_limit": "2GB", "cache_dir": tmp_path / "cache"}
    opened = Agent.open(settings.model_copy(update=own), llm=lambda: ScriptedLlm({}))
    yield opened
    opened.close()


def entries(agent: Agent) -> list[tuple[str, dict[str, Any]]]:
    """(kind, body) of every entry, oldest first."""
    with closing(sqlite3.connect(agent.settings.cache_dir / "journal.sqlite")) as connection:
        rows = connection.execute("SELECT kind, body FROM entry ORDER BY id").fetchall()
    return [(kind, json.loads(body)) for kind, body in rows]


def test_every_step_is_on_record_and_no_row_is(agent: Agent) -> None:
    answer = agent.ask(agent.question("x"), semantic_sql=BY_REGION)
    assert answer.outcome == "answer"
    kinds = [kind for kind, _body in entries(agent)]
    assert kinds == ["question", "draft", "plan", "result", "answer"]
    told = json.dumps(entries(agent), ensure_ascii=False)
    assert "SUM(" in told and not any(str(row[1]) in told for row in answer.result.rows)


def test_a_plan_is_on_record_before_it_runs(agent: Agent) -> None:
    for step in agent.steps(agent.question("x"), semantic_sql=BY_REGION):
        if isinstance(step, Plan):
            break
    assert [kind for kind, _body in entries(agent)][:3] == ["question", "draft", "plan"]
    assert "result" not in [kind for kind, _body in entries(agent)]


def test_refusals_and_errors_are_on_record(agent: Agent) -> None:
    agent.ask(agent.question("x"), semantic_sql="SELECT nothing_known FROM bank")
    with pytest.raises(AccessDenied):
        agent.ask(agent.question("x", principal="nobody"), semantic_sql=BY_REGION)
    kinds = [kind for kind, _body in entries(agent)]
    assert kinds == ["question", "draft", "refusal", "question", "error"]


def test_what_the_llm_read_and_wrote_stands_with_the_end(agent: Agent) -> None:
    answer = agent.ask(agent.question("x"), semantic_sql=BY_REGION)
    assert isinstance(answer, Answer)
    agent.journal.record("used", "hq", replace(answer, tokens=Tokens(900, 850, 31)))
    ends = [body for kind, body in entries(agent) if kind == "answer"]
    assert "tokens" not in ends[0], "nothing was written by the llm"
    assert ends[1]["tokens"] == {"prompt": 900, "cached": 850, "completion": 31}


def test_questions_back_and_refusals_say_how_long_they_took(agent: Agent) -> None:
    agent.ask(agent.question("x"), semantic_sql="SELECT nothing_known FROM bank")
    agent.ask(agent.question("不良贷款率是怎么定义的"))
    for kind in ("refusal", "definition"):
        (body,) = [body for name, body in entries(agent) if name == kind]
        assert body["timings_ms"]["total"] > 0


def test_a_defect_leaves_its_kind_and_no_text(agent: Agent) -> None:
    """Its text may carry values out of rows."""
    agent.journal.record("broken", "hq", ZeroDivisionError("customer Li Lei has 0"))
    assert entries(agent) == [("error", {"type": "ZeroDivisionError", "message": ""})]


def test_a_question_is_on_record_under_its_own_name(agent: Agent) -> None:
    first, second = agent.question("x"), agent.question("x")
    assert first == second and first.id != second.id, "the same question, asked twice"
    for question in (first, second, replace(first, id="")):
        agent.ask(question, semantic_sql=BY_REGION)
    with closing(sqlite3.connect(agent.settings.journal_file)) as connection:
        names = [row[0] for row in connection.execute("SELECT DISTINCT question_id FROM entry ORDER BY id")]
    assert names[:2] == [first.id, second.id] and len(names) == 3 and len(names[2]) == 32


def test_what_was_asked_before_is_on_record(agent: Agent) -> None:
    agent.ask(agent.question("x"), semantic_sql=BY_REGION)
    before = (Turn("2026年6月末各区域贷款余额", BY_REGION), Turn("y", ""))
    agent.ask(agent.question("那存款呢", before=before))
    first, second = [body for kind, body in entries(agent) if kind == "question"]
    assert "before" not in first
    assert second["before"] == [{"text": turn.text, "semantic_sql": turn.semantic_sql} for turn in before]


def test_half_a_character_does_not_keep_a_question_off_the_record(agent: Agent) -> None:
    agent.journal.record("half", "hq", replace(agent.question("贷款\udce5余额"), id="half"))
    past = agent.journal.history.find("half")
    assert past is not None and past.text == "贷款\udce5余额"


def test_only_its_owner_may_read_it(agent: Agent) -> None:
    agent.ask(agent.question("x"), semantic_sql=BY_REGION)
    path = agent.settings.cache_dir / "journal.sqlite"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_nothing_runs_that_cannot_be_recorded(settings: Settings, locked_bank: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where a folder should be", encoding="utf-8")
    own = {"source": str(locked_bank), "memory_limit": "2GB", "cache_dir": tmp_path / "cache"}
    agent = Agent.open(settings.model_copy(update=own), llm=lambda: ScriptedLlm({}))
    with pytest.raises(ConfigError, match="journal"):
        agent.ask(agent.question("x"), semantic_sql=BY_REGION)
    agent.close()


def test_a_person_reads_back_own_turns_and_nobody_elses(agent: Agent) -> None:
    assert agent.journal.turns("hq", 6) == ()
    agent.ask(agent.question("2026年6月末各区域贷款余额"), semantic_sql=BY_REGION)
    agent.ask(agent.question("x"), semantic_sql="SELECT nothing_known FROM bank")
    agent.ask(agent.question("y", principal="analyst_east"), semantic_sql=BY_REGION)
    assert agent.journal.turns("hq", 6) == (Turn("2026年6月末各区域贷款余额", BY_REGION), Turn("x", ""))
    assert agent.journal.turns("hq", 1) == (Turn("x", ""),)


def test_turns_of_a_batch_are_nobodys_conversation(agent: Agent) -> None:
    agent.journal = Journal(agent.settings.journal_file, "batch")
    agent.ask(agent.question("x"), semantic_sql=BY_REGION)
    assert agent.journal.turns("hq", 6) == ()


def test_what_only_ran_again_is_no_turn_and_no_draft_of_a_case(agent: Agent) -> None:
    first = agent.question("不良贷款率是怎么定义的")
    agent.ask(first)
    agent.ask(agent.question("不良贷款率是怎么定义的", repeats=first.id))
    assert len(agent.journal.turns("hq", 6)) == 1
    assert len(list(agent.journal.questions())) == 1
