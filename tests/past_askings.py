"""Questions put on record as an agent would, step by step, without asking anybody; and when they were asked."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

from t2sql.catalog import Display
from t2sql.errors import Cancelled, T2sqlError, WarehouseUnavailable
from t2sql.flow import (
    Answer,
    Certified,
    Clarification,
    Column,
    Definition,
    Draft,
    Plan,
    Question,
    Reading,
    Refusal,
    Result,
    Route,
    Tokens,
    Turn,
    Understood,
)
from t2sql.journal import Journal, Origin
from t2sql.policy import Principal

REVIEWER = Principal("owner", ("definitions",), Display("指标负责人", "Definitions owner"), frozenset({"review"}))
SECOND = Principal("second", ("definitions",), Display("复核人", "Second"), frozenset({"review"}))
ANALYST = Principal("hq", ("head_office",), Display("总行分析师", "Head office analyst"))
DRAFTED = "SELECT branch, npl_ratio FROM bank"
RAN = "SELECT branch, npl_ratio FROM bank WHERE month = '2026-06'"
TODAY = date(2026, 7, 10)
NO_TOKENS = Tokens(0, 0, 0)
End = Literal["answer", "clarification", "definition", "refusal", "error", "stopped", ""]


@dataclass
class Record:
    """A journal that questions are put into."""

    path: Path
    journal: Journal = field(init=False)

    def __post_init__(self) -> None:
        self.journal = Journal(self.path)

    def ask(
        self,
        text: str,
        end: End = "answer",
        *,
        principal: str = "hq",
        route: Route = "composed",
        confidence: float | None = None,
        drafted: str = DRAFTED,
        code: str = "no_metric",
        milliseconds: float = 100.0,
        tokens: Tokens = NO_TOKENS,
        before: tuple[Turn, ...] = (),
        hints: str = "",
        repeats: str = "",
        is_replayed: bool = False,
        at: datetime | None = None,
        origin: Origin = "person",
    ) -> str:
        """Put one on record; its id. `at`: when it was asked, aware; None for now."""
        name = self.journal.open()
        question = Question(text, principal, TODAY, "zh", hints, before, name, repeats, is_replayed)
        journal = Journal(self.path, origin) if origin != "person" else self.journal
        for step in _steps(question, end, Draft(drafted, route, confidence), code, {"total": milliseconds}, tokens):
            journal.record(name, principal, step)
        if journal is not self.journal:
            journal.close()
        if at:
            self.date(name, at)
        return name

    def date(self, question_id: str, at: datetime) -> None:
        """As if it had been asked then."""
        with closing(sqlite3.connect(self.path)) as connection, connection:
            told = at.astimezone(UTC).isoformat(timespec="milliseconds")
            connection.execute("UPDATE entry SET at = ? WHERE question_id = ?", (told, question_id))


def _steps(
    question: Question, end: End, draft: Draft, code: str, times: dict[str, float], tokens: Tokens
) -> list[Question | Draft | Plan | Result | Answer | Clarification | Definition | Refusal | T2sqlError]:
    if end == "clarification":
        return [question, Clarification(question, "哪一个？", (Reading("各分行", DRAFTED),), times, tokens=tokens)]
    if end == "definition":
        return [question, Definition(question, "…", (), (), times, tokens)]
    if end == "refusal":
        refusal = Refusal(question, code, "没有", "", times, tokens=tokens)
        return [question, draft, refusal] if draft.route == "written" else [question, refusal]
    if end == "error":
        return [question, draft, WarehouseUnavailable("The database is gone.")]
    if end == "stopped":
        return [question, draft, Cancelled("Stopped.")]
    if not end:
        return [question, draft]
    column = Column("branch", "dimension", "text", "", "", "", "分行", "branch")
    plan = Plan(RAN, Certified("SELECT 1", "duckdb", 10), (column,), (), (), (), Understood((), (), (), "", None, True))
    result = Result((column,), (("上海分行",), ("北京分行",)), False, 3.0)
    return [question, draft, plan, result, Answer(question, draft, plan, result, "…", None, None, times, tokens)]
