"""The audit record: who asked what, what was written, what ran, how it ended. One SQLite file that only its owner may
read.

Each product is on record before the next is made, so physical SQL is there before it runs and a crash leaves its trace.
It keeps no row of a result, and nothing reads it back into a prompt or an error. Questions are read back only to draft
cases that a person confirms, and to a person who goes on with an own question.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any, Literal

from t2sql.errors import ConfigError
from t2sql.flow import Answer, Clarification, Context, Definition, Draft, Plan, Question, Refusal, Result, Step, Turn

WAIT_SECONDS = 10.0
Origin = Literal["person", "batch", "evaluation"]
_TABLE = """
CREATE TABLE IF NOT EXISTS entry (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, question_id TEXT NOT NULL, principal TEXT NOT NULL, kind TEXT NOT NULL,
    body TEXT NOT NULL
)
"""
_QUESTIONS = """
WITH asked AS (
    SELECT question_id, MIN(id) AS first FROM entry WHERE kind = 'question' AND at >= ? GROUP BY question_id
)
SELECT entry.question_id, entry.at, entry.principal, entry.kind, entry.body
FROM asked JOIN entry ON entry.question_id = asked.question_id
WHERE entry.kind NOT IN ('context', 'result') ORDER BY asked.first, entry.id
"""


_OWN = """
SELECT id, question_id, body FROM entry
WHERE kind = 'question' AND principal = ? AND json_extract(body, '$.origin') IS NULL ORDER BY id DESC LIMIT ?
"""
_ENDS = "SELECT question_id, kind, body FROM entry WHERE id >= ? AND kind IN ('draft', 'answer') ORDER BY id"


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """One question out of the record, and how it ended; never a row of its result."""

    at: datetime
    text: str
    principal: str
    today: date
    """The clock that it was asked by."""
    language: str
    hints: str
    outcome: str
    """"answer", "clarification", "definition", "refusal"; "" where it ended in an error or not at all."""
    semantic_sql: str
    """What was answered, normalised; "" unless the outcome is an answer."""
    readings: tuple[str, ...]
    """Semantic SQL that a clarification offered."""


class Journal:
    """Entries of all questions of one installation. Safe to use from several threads and processes."""

    def __init__(self, path: Path, origin: Origin = "person") -> None:
        """`origin`: on whose behalf questions are asked here."""
        self._path, self._origin = path, origin
        self._turn = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    def close(self) -> None:
        """Let the file go; a later entry opens it again."""
        with self._turn:
            self._drop()

    def open(self) -> str:
        """The id under which one question's entries stand together."""
        return uuid.uuid4().hex

    def record(self, question_id: str, principal: str, step: Step | BaseException) -> None:
        """Write one product, or the error that ended the question. Raises ConfigError when it cannot be written."""
        kind, body = _entry(step)
        if kind == "question" and self._origin != "person":
            body = {**body, "origin": self._origin}
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        row = (at, question_id, principal, kind, json.dumps(body, ensure_ascii=False))
        try:
            with self._turn, self._opened() as connection:
                connection.execute(
                    "INSERT INTO entry (at, question_id, principal, kind, body) VALUES (?, ?, ?, ?, ?)", row
                )
        except (sqlite3.Error, OSError) as error:
            raise ConfigError(
                f"The journal {str(self._path)!r} cannot be written: {error}.",
                "Make its folder writable, or set `cache_dir` to one that is: nothing runs that is not on record.",
            ) from error

    def _opened(self) -> sqlite3.Connection:
        """The connection, kept open: opening the file for each entry took four times as long as writing it."""
        if not self._path.exists():
            self._drop()
            self._path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(self._path, os.O_CREAT | os.O_WRONLY, 0o600))
        if self._connection is None:
            opened = sqlite3.connect(self._path, timeout=WAIT_SECONDS, check_same_thread=False)
            # Appends beside the file, and waits for the disk at each commit all the same.
            _insist(opened, "PRAGMA journal_mode = WAL")
            opened.execute("PRAGMA synchronous = FULL")
            _insist(opened, _TABLE)
            self._connection = opened
        return self._connection

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def questions(self, since: datetime | None = None) -> Iterator[AskedQuestion]:
        """Questions in the order they were asked, but for semantic SQL that somebody typed and cases of evaluations;
        `since` is aware.

        Only who may read the file can call it. Raises ConfigError.
        """
        if not self._path.exists():
            raise ConfigError(f"There is no journal {str(self._path)!r}.", "Ask a question first.")
        start = since.astimezone(UTC).isoformat(timespec="milliseconds") if since else ""
        try:
            with closing(sqlite3.connect(f"{self._path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
                rows = connection.execute(_QUESTIONS, (start,))
                for _, entries in groupby(rows, key=lambda row: row[0]):
                    if found := _asked([(at, who, kind, json.loads(body)) for _, at, who, kind, body in entries]):
                        yield found
        except (sqlite3.Error, OSError) as error:
            hint = "Run this as the person who owns the journal."
            raise ConfigError(f"The journal {str(self._path)!r} cannot be read: {error}.", hint) from error

    def turns(self, principal: str, most: int) -> tuple[Turn, ...]:
        """The last questions that `principal` asked as a person, the latest last; () without a journal. Raises
        ConfigError.
        """
        if not self._path.exists():
            return ()
        try:
            with closing(sqlite3.connect(f"{self._path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
                # Cases and batches are nobody's conversation.
                asked = connection.execute(_OWN, (principal, most)).fetchall()[::-1]
                ends = connection.execute(_ENDS, (asked[0][0],)).fetchall() if asked else []
        except (sqlite3.Error, OSError) as error:
            hint = "Run this as the person who owns the journal."
            raise ConfigError(f"The journal {str(self._path)!r} cannot be read: {error}.", hint) from error
        drafts = {name: json.loads(body)["semantic_sql"] for name, kind, body in ends if kind == "draft"}
        answered = {name for name, kind, _ in ends if kind == "answer"}
        return tuple(
            Turn(json.loads(body)["text"], drafts.get(name, "") if name in answered else "") for _, name, body in asked
        )


def _insist(connection: sqlite3.Connection, statement: str) -> None:
    """Run it, though others open the file now too: for a change of its form SQLite does not wait by itself."""
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            connection.execute(statement)
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def _asked(entries: list[tuple[str, str, str, Mapping[str, Any]]]) -> AskedQuestion | None:
    """One question out of its entries; None for semantic SQL that somebody typed, and for a case."""
    by_kind = {kind: body for _, _, kind, body in entries}
    at, principal, _, question = entries[0]
    if by_kind.get("draft", {}).get("route") == "written" or question.get("origin") == "evaluation":
        return None
    outcome = next((kind for kind in ("answer", "clarification", "definition", "refusal") if kind in by_kind), "")
    return AskedQuestion(
        datetime.fromisoformat(at),
        question["text"],
        principal,
        date.fromisoformat(question["today"]),
        question["language"],
        question.get("hints", ""),
        outcome,
        by_kind["plan"]["semantic_sql"] if outcome == "answer" and "plan" in by_kind else "",
        tuple(by_kind["clarification"]["readings"]) if outcome == "clarification" else (),
    )


def _entry(step: Step | BaseException) -> tuple[str, Mapping[str, Any]]:
    """Kind and body of one entry; of a result only its size."""
    if isinstance(step, Question):
        asked = {"text": step.text, "today": step.today.isoformat(), "language": step.language}
        return "question", {**asked, "hints": step.hints} if step.hints else asked
    if isinstance(step, Context):
        return "context", {"metrics": [m.name for m in step.metrics], "ungrounded": step.ungrounded}
    if isinstance(step, Draft):
        return "draft", {"semantic_sql": step.semantic_sql, "route": step.route, "confidence": step.confidence}
    if isinstance(step, Plan):
        return "plan", {"semantic_sql": step.semantic_sql, "physical_sql": step.physical.sql}
    if isinstance(step, Result):
        return "result", {"rows": len(step.rows), "truncated": step.truncated, "milliseconds": step.milliseconds}
    if isinstance(step, Answer):
        return "answer", {"timings_ms": dict(step.timings_ms)}
    if isinstance(step, Clarification):
        return "clarification", {"text": step.text, "readings": [r.semantic_sql for r in step.readings]}
    if isinstance(step, Definition):
        return "definition", {"names": [term.name for term in step.terms], "topics": len(step.topics)}
    if isinstance(step, Refusal):
        return "refusal", {"code": step.code, "text": step.text}
    return "error", {"type": type(step).__name__, "message": str(step)[:2000]}
