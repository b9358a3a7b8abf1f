"""The command line around an agent: what goes where, which exit code, and that no raw control character gets out."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from t2sql import cli, errors
from t2sql.flow import (
    Answer,
    Certified,
    Clarification,
    Column,
    Draft,
    Note,
    Plan,
    Provenance,
    Question,
    Reading,
    Refusal,
    Result,
    Tokens,
    Turn,
    Understood,
)

ROOT = Path(__file__).parents[1]
KEYS = [
    *("question", "outcome", "route", "confidence", "semantic_sql", "physical_sql", "dialect", "columns", "rows"),
    *("truncated", "explanation", "provenance", "notes", "definitions", "topics", "timings_ms", "tokens", "error"),
]
COLUMNS = (
    Column("branch", "dimension", "text", "", "", "", "分行", "Branch"),
    Column("loan_balance", "metric", "number", "CNY", "loan_balance", "", "贷款余额", "Loan balance"),
    Column("npl_ratio", "metric", "number", "ratio", "npl_ratio", "", "不良贷款率", "NPL ratio"),
)
ROWS = (
    ("上海分行\x1b[2J", Decimal("12345678901234567890.12"), 0.0123),
    (None, Decimal("1.50"), None),
)
UNDERSTOOD = Understood(("2024-12",), ("2024-12-31",), (), "", None, False)
SOURCE = Provenance("npl_ratio", "坏的占全部", "a / b", ("loans",), ("x = 1",), "2024-12-31", "risk", "1", "rules")
PLAN = Plan(
    "SELECT branch, loan_balance, npl_ratio FROM bank WHERE month = '2024-12'",
    Certified("SELECT\n  1", "duckdb", 100),
    *(COLUMNS, (SOURCE,), (Note("gap", "缺一月。", "A month is missing."),), (), UNDERSTOOD),
)


class FakeAgent:
    """Gives what a test puts into it; the interface is the agent's."""

    def __init__(self, ending: Any) -> None:
        self.ending = ending
        self.questions: list[Question] = []
        self.semantic_sql: list[str | None] = []
        self.is_closed = False

    def drift_notes_for(self, principal: str) -> tuple[Any, ...]:
        return ()

    def question(
        self, text: str, *, principal: str, language: Any, today: date, before: tuple[Turn, ...] = (), hints: str = ""
    ) -> Question:
        self.questions.append(Question(text, principal, today, language or "zh", hints, before))
        return self.questions[-1]

    def steps(self, question: Question, *, semantic_sql: str | None, cancel: threading.Event) -> Iterator[Any]:
        self.semantic_sql.append(semantic_sql)
        yield question
        if isinstance(self.ending, BaseException):
            raise self.ending
        if callable(self.ending):
            self.ending(cancel)
        else:
            yield self.outcome(question)

    def outcome(self, question: Question) -> Any:
        if self.ending == "answer":
            draft = Draft(PLAN.semantic_sql, "generated", 0.93)
            result = Result(COLUMNS, ROWS, True, 12.3)
            timings = {"total": 1234.5}
            return Answer(question, draft, PLAN, result, "一句话。", None, None, timings, Tokens(900, 890, 30))
        if self.ending == "clarification":
            return Clarification(question, "哪个期间？", (Reading("上月", "SELECT 1"),), {})
        return Refusal(question, self.ending, "不能回答。", "换个问法。", {})

    def compile(self, semantic_sql: str, *, principal: str, today: date, language: str) -> Plan:
        if isinstance(self.ending, BaseException):
            raise self.ending
        return PLAN

    def close(self) -> None:
        self.is_closed = True


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with settings of a demo, where the command runs."""
    for name in list(os.environ):
        if name.startswith("T2SQL_"):
            monkeypatch.delenv(name)
    text = f'demo = true\nprincipal = "hq"\ncache_dir = "{tmp_path}/cache"\nmetrics = "{tmp_path}/metrics"\n'
    (tmp_path / "t2sql.toml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def agent(demo: Path, monkeypatch: pytest.MonkeyPatch) -> FakeAgent:
    made = FakeAgent("answer")
    monkeypatch.setattr("t2sql.cli_asking._open", lambda settings, speech: made)
    return made


def test_hints_go_with_the_question(agent: FakeAgent) -> None:
    assert cli.main(["ask", "ASP by make", "--hints", "ASP = average sale price"]) == 0
    assert [question.hints for question in agent.questions] == ["ASP = average sale price"]


def test_an_answer_as_json_has_exactly_the_promised_keys(agent: FakeAgent, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["ask", "各分行的不良贷款率", "--json"]) == 0
    out, err = capsys.readouterr()
    document = json.loads(out, parse_float=Decimal)
    assert list(document) == KEYS
    assert document["rows"] == [
        ["上海分行\x1b[2J", Decimal("12345678901234567890.12"), Decimal("0.0123")],
        [None, Decimal("1.50"), None],
    ]
    assert document["columns"][1] == {"name": "loan_balance", "type": "number", "unit": "CNY", "metric": "loan_balance"}
    assert document["provenance"] == [
        {"metric": "npl_ratio", "definition": "坏的占全部", "formula": "a / b", "datasets": ["loans"],
         "filters": ["x = 1"], "as_of": "2024-12-31"}
    ]  # fmt: skip
    assert (document["outcome"], document["route"], document["truncated"]) == ("answer", "generated", True)
    assert document["tokens"] == {"prompt": 900, "cached": 890, "completion": 30}
    assert document["error"] is None
    assert document["notes"] == [{"code": "gap", "zh": "缺一月。", "en": "A month is missing."}]
    assert "\x1b" not in out and "理解问题" in err
    assert agent.is_closed


def test_an_answer_as_text_shows_number_sentence_definition_and_both_sqls(
    agent: FakeAgent, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["ask", "各分行的不良贷款率"]) == 0
    out, _ = capsys.readouterr()
    for text in (
        "上海分行\\x1b[2J",
        "1.23%",
        "1.50 元",
        "（空）",
        "理解为：一句话。",
        "指标：不良贷款率 (npl_ratio)",
        PLAN.semantic_sql,
        "SELECT\n  1",
    ):
        assert text in out
    for text in ("结果被截断", "路径 generated", "置信度 0.93", "读入 900 词元（缓存 890），写出 30", "total 1,234 ms"):
        assert text in out
    assert "\x1b" not in out


def test_exact_shows_every_digit(agent: FakeAgent, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["ask", "x", "--exact", "--language", "en"]) == 0
    assert "CNY 12,345,678,901,234,567,890.12" in capsys.readouterr().out


def test_options_reach_the_agent(agent: FakeAgent) -> None:
    arguments = ["--as", "analyst_east", "--today", "2026-07-10", "--language", "en"]
    assert cli.main(["ask", "npl", *arguments]) == 0
    assert agent.questions == [Question("npl", "analyst_east", date(2026, 7, 10), "en")]
    assert agent.semantic_sql == [None]


def test_without_options_the_settings_and_the_clock_decide(agent: FakeAgent) -> None:
    assert cli.main(["sql", "SELECT npl_ratio FROM bank"]) == 0
    assert agent.questions == [Question("SELECT npl_ratio FROM bank", "hq", date.today(), "zh")]
    assert agent.semantic_sql == ["SELECT npl_ratio FROM bank"]


def test_csv_holds_stored_values(agent: FakeAgent, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["sql", "SELECT 1", "--csv"]) == 0
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert rows == [
        ["branch", "loan_balance", "npl_ratio"],
        ["上海分行\x1b[2J", "12345678901234567890.12", "0.0123"],
        ["", "1.50", ""],
    ]


def test_compile_prints_only_sql_on_stdout(
    agent: FakeAgent, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    agent.narrow = lambda principal: None  # type: ignore[attr-defined]
    monkeypatch.setattr("t2sql.explain.explain", lambda *_: "一句话。")
    assert cli.main(["compile", "SELECT 1"]) == 0
    out, err = capsys.readouterr()
    assert (out, "一句话。" in err) == ("SELECT\n  1\n", True)


ENDS = [
    ("answer", ["ask", "x"], 0),
    ("clarification", ["ask", "x"], 9),
    ("not_computable", ["ask", "x"], 10),
    ("not_computable", ["sql", "x"], 2),
    ("question", ["ask", "x"], 2),
    ("access_denied", ["ask", "x"], 6),
    (errors.QuestionError("too long"), ["ask", "x"], 2),
    (errors.UnknownName("no such"), ["compile", "x"], 2),
    (errors.ConfigError("model.yml:3: bad"), ["ask", "x"], 3),
    (errors.LlmUnavailable("no weights"), ["ask", "x"], 4),
    (errors.RetrievalError("no index"), ["ask", "x"], 4),
    (errors.GenerationError("no end"), ["ask", "x"], 5),
    (errors.AccessDenied("nobody"), ["ask", "x"], 6),
    (errors.CertifyError("refused"), ["sql", "x"], 7),
    (errors.QueryTimeout("slow"), ["sql", "x"], 8),
    (errors.WarehouseUnavailable("gone"), ["ask", "x"], 8),
    (errors.Cancelled("stopped"), ["ask", "x"], 130),
    (KeyboardInterrupt(), ["ask", "x"], 130),
    (RuntimeError("oops\x1b"), ["ask", "x"], 1),
]


@pytest.mark.parametrize(("ending", "arguments", "code"), ENDS, ids=[f"{end!r}-{args[0]}" for end, args, _ in ENDS])
def test_each_end_has_its_exit_code_and_no_trace(
    agent: FakeAgent, capsys: pytest.CaptureFixture[str], ending: Any, arguments: list[str], code: int
) -> None:
    agent.ending = ending
    if ending == "answer" and arguments[0] == "ask":
        assert cli.main(arguments) == 0
        return
    assert cli.main(arguments) == code
    out, err = capsys.readouterr()
    assert code in cli.EXIT_CODES
    assert out == "" and "Traceback" not in err and "\x1b" not in err
    assert err.strip()


@pytest.mark.parametrize(
    ("ending", "outcome", "code"),
    [
        ("clarification", "clarification", "clarification"),
        ("unknown_name", "refusal", "unknown_name"),
        (errors.AccessDenied("nobody", "sign in"), "refusal", "access_denied"),
    ],
)
def test_every_end_as_json_has_the_same_keys(
    agent: FakeAgent, capsys: pytest.CaptureFixture[str], ending: Any, outcome: str, code: str
) -> None:
    agent.ending = ending
    assert cli.main(["ask", "x", "--json"]) != 0
    document = json.loads(capsys.readouterr().out)
    assert list(document) == KEYS
    assert (document["outcome"], document["error"]["code"], document["rows"]) == (outcome, code, [])
    assert set(document["error"]) == {"code", "message", "hint"}


def test_a_clarification_shows_its_readings(agent: FakeAgent, capsys: pytest.CaptureFixture[str]) -> None:
    agent.ending = "clarification"
    cli.main(["ask", "x"])
    err = capsys.readouterr().err
    assert "哪个期间？\n  1. 上月\n     SELECT 1" in err


def test_a_defect_is_one_line_and_its_trace_is_for_those_who_ask(
    agent: FakeAgent, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    agent.ending = RuntimeError("oops")
    assert cli.main(["ask", "x"]) == 1
    assert "Unexpected RuntimeError: oops; this is a defect." in capsys.readouterr().err
    monkeypatch.setenv("T2SQL_DEBUG", "1")
    assert cli.main(["ask", "x"]) == 1
    assert "Traceback (most recent call last)" in capsys.readouterr().err


def test_ctrl_c_sets_the_event_first_and_interrupts_the_second_time(
    agent: FakeAgent, capfd: pytest.CaptureFixture[str]
) -> None:
    seen = []

    def work(cancel: threading.Event) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        seen.append(cancel.wait(2))

    agent.ending = work
    before = signal.getsignal(signal.SIGINT)
    assert cli.main(["ask", "x"]) == 130
    assert seen == [True] and signal.getsignal(signal.SIGINT) is before
    assert "Cancelled." in capfd.readouterr().err

    def stubborn(_cancel: threading.Event) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
        seen.append(False)

    agent.ending = stubborn
    assert cli.main(["ask", "x"]) == 130
    assert seen == [True]


def test_ctrl_c_before_the_agent_is_open_is_told(
    agent: FakeAgent, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("t2sql.cli_asking._open", interrupted)
    assert cli.main(["ask", "x"]) == 130
    assert capsys.readouterr().err.strip() == "Cancelled."


def test_as_works_only_in_a_demo(agent: FakeAgent, demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (demo / "t2sql.toml").write_text("demo = false", encoding="utf-8")
    for arguments in (["ask", "x", "--as", "hq"], ["sql", "x", "--as", "hq"], ["metrics", "list", "--as", "hq"]):
        assert cli.main(arguments) == 6
        assert "--as works only in a demo." in capsys.readouterr().err
    assert agent.questions == []


class Stdin:
    """Standard input with these bytes."""

    def __init__(self, content: bytes) -> None:
        self.buffer = io.BytesIO(content)


@pytest.mark.parametrize(
    ("content", "code", "text"),
    [
        (b"SELECT npl_ratio\nFROM bank", 0, "SELECT npl_ratio\nFROM bank"),
        (b"\xff\xfe", 2, "not UTF-8"),
        (b"x" * 1_000_001, 2, "longer than 1,000,000 bytes"),
    ],
)
def test_a_dash_reads_standard_input(
    agent: FakeAgent, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
    content: bytes, code: int, text: str,
) -> None:  # fmt: skip
    monkeypatch.setattr("sys.stdin", Stdin(content))
    assert cli.main(["sql", "-"]) == code
    assert text == agent.questions[0].text if code == 0 else text in capsys.readouterr().err


USAGE = [
    (["ask"], "Missing argument"),
    (["aks", "x"], "No such command 'aks'"),
    (["ask", "x", "--bogus"], "No such option"),
    (["ask", "x", "--today", "yesterday"], "--today"),
    (["ask", "x", "--language", "fr"], "--language"),
    (["ask", "x", "--timeout", "0"], "--timeout"),
    (["sql", "x", "--json", "--csv"], "exclude each other"),
    (["ask", "\udcff"], "not UTF-8"),
    (["ask", "x", "--\x1b[2J"], "No such option"),
    (["serve", "--port", "0"], "--port"),
    (["demo", "build", "--scale", "0"], "--scale"),
]


@pytest.mark.parametrize(("arguments", "text"), USAGE, ids=[repr(a) for a, _ in USAGE])
def test_wrong_usage_is_told_with_a_way_out(
    agent: FakeAgent, capsys: pytest.CaptureFixture[str], arguments: list[str], text: str
) -> None:
    assert cli.main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == "" and text in err and "→" in err and "\x1b" not in err


def test_broken_settings_are_told_with_their_place(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (demo / "t2sql.toml").write_text("demoo = true", encoding="utf-8")
    assert cli.main(["ask", "x"]) == 3
    assert "t2sql.toml" in capsys.readouterr().err


def test_a_reader_that_goes_away_leaves_no_trace(demo: Path) -> None:
    command = f"{sys.executable} -c 'from t2sql import cli; import sys; sys.exit(cli.main([\"doctor\"]))' | head -c 1"
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(["bash", "-c", command], env=environ, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == "o" and "Traceback" not in done.stderr and "Exception" not in done.stderr
