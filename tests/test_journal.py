"""The audit record: complete, in order, before the fact, without data, for its owner's eyes only."""

from __future__ import annotations

import json
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from t2sql.agent import Agent
from t2sql.errors import AccessDenied, ConfigError
from t2sql.flow import Plan, Turn
from t2sql.generation.llm import ScriptedLlm
from t2sql.journal import Journal
from t2sql.settings import Settings

ROOT = Path(__file__).parent.parent
BY_REGION = "SELECT region, loan_balance FROM bank WHERE month = '2026-06'"


@pytest.fixture
def agent(settings: Settings, locked_bank: Path, tmp_path: Path) -> Iterator[Agent]:
    """The demo bank with a cache folder of its own."""
    own = {"source": str(locked_bank), "memory_limit": "2GB", "cache_dir": tmp_path / "cache"}
    opened = Agent.open(settings.model_copy(update=own), llm=lambda: ScriptedLlm({}))
    yield opened
    opened.close()


def entries(agent: Agent) -> list[tuple[str, dict[str, object]]]:
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


WRITER = """
import sys
from datetime import date
from pathlib import Path
from t2sql.flow import Question, Refusal
from t2sql.journal import Journal

journal = Journal(Path(sys.argv[1]))
for number in range(20):
    question = Question("x", "hq", date(2026, 7, 10), "en")
    journal.record(journal.open(), "hq", Refusal(question, "code", str(number), "", {}))
"""


def test_processes_that_begin_a_journal_at_once_all_write(tmp_path: Path) -> None:
    """The first of them changes the file's form; none may be told that it is locked."""
    path = tmp_path / "journal.sqlite"
    begun = [subprocess.Popen([sys.executable, "-c", WRITER, str(path)], cwd=ROOT) for _ in range(6)]
    assert [one.wait(60) for one in begun] == [0] * 6
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM entry").fetchone() == (120,)


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
