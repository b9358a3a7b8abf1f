"""The audit record: who asked what, what was written, what ran, how it ended. One SQLite file that only its owner may
read.

Each product is on record before the next is made, so physical SQL is there before it runs and a crash leaves its trace.
It keeps no row of a result, and nothing reads it back into a prompt or an error. Questions are read back only to draft
cases that a person confirms, to a person who goes on with, looks up or keeps an own question, to whoever has the link
of one, and to those who own the definitions and review.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any, Literal

from t2sql.errors import ConfigError
from t2sql.flow import Step, Turn
from t2sql.journal.entries import OUTCOMES, as_json, body_of, moment, now
from t2sql.journal.file import JournalFile
from t2sql.journal.history import History
from t2sql.journal.judged import Judged
from t2sql.journal.kept import Kept
from t2sql.journal.review import Review
from t2sql.journal.usage import Usage

Origin = Literal["person", "batch", "evaluation"]
_INSERT = "INSERT INTO entry (at, question_id, principal, kind, body) VALUES (?, ?, ?, ?, ?)"
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
WHERE kind = 'question' AND principal = ? AND json_extract(body, '$.origin') IS NULL
    AND json_extract(body, '$.repeats') IS NULL AND json_extract(body, '$.replays') IS NULL
ORDER BY id DESC LIMIT ?
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
    """Entries of all questions of one installation, and what people keep and say of them. Safe to use from several
    threads and processes.
    """

    def __init__(self, path: Path, origin: Origin = "person") -> None:
        """`origin`: on whose behalf questions are asked here."""
        self._file, self._origin = JournalFile(path), origin
        self.kept = Kept(self._file)
        self.history = History(self._file, self.kept)
        self.judged = Judged(self._file)
        self.review = Review(self._file)
        self.usage = Usage(self._file)

    def close(self) -> None:
        """Let the file go; a later entry opens it again."""
        self._file.close()

    def open(self) -> str:
        """The id under which one question's entries stand together."""
        return uuid.uuid4().hex

    def record(self, question_id: str, principal: str, step: Step | BaseException) -> None:
        """Write one product, or the error that ended the question. Raises ConfigError when it cannot be written."""
        kind, body = body_of(step)
        if kind == "question" and self._origin != "person":
            body = {**body, "origin": self._origin}
        row = (now(), question_id, principal, kind, as_json(body))
        with self._file.writing() as connection:
            connection.execute(_INSERT, row)

    def questions(self, since: datetime | None = None) -> Iterator[AskedQuestion]:
        """Questions in the order they were asked, but for semantic SQL that somebody typed and cases of evaluations;
        `since` is aware.

        Only who may read the file can call it. Raises ConfigError.
        """
        with self._file.reading() as connection:
            if connection is None:
                raise ConfigError(f"There is no journal {str(self._file.path)!r}.", "Ask a question first.")
            rows = connection.execute(_QUESTIONS, (moment(since),))
            for _, entries in groupby(rows, key=lambda row: row[0]):
                if found := _asked([(at, who, kind, json.loads(body)) for _, at, who, kind, body in entries]):
                    yield found

    def turns(self, principal: str, most: int) -> tuple[Turn, ...]:
        """The last questions that `principal` asked as a person, the latest last; () without a journal. Raises
        ConfigError.
        """
        with self._file.reading() as connection:
            if connection is None:
                return ()
            # Cases and batches are nobody's conversation, and a board that is drawn anew asks nothing new.
            asked = connection.execute(_OWN, (principal, most)).fetchall()[::-1]
            ends = connection.execute(_ENDS, (asked[0][0],)).fetchall() if asked else []
        drafts = {name: json.loads(body)["semantic_sql"] for name, kind, body in ends if kind == "draft"}
        answered = {name for name, kind, _ in ends if kind == "answer"}
        return tuple(
            Turn(json.loads(body)["text"], drafts.get(name, "") if name in answered else "") for _, name, body in asked
        )


def _asked(entries: list[tuple[str, str, str, Mapping[str, Any]]]) -> AskedQuestion | None:
    """One question out of its entries; None for semantic SQL that somebody typed, for a case, and for a question that
    was run again.
    """
    by_kind = {kind: body for _, _, kind, body in entries}
    at, principal, _, question = entries[0]
    if by_kind.get("draft", {}).get("route") == "written" or question.get("origin") == "evaluation":
        return None
    if "repeats" in question or "replays" in question:
        return None
    outcome = next((kind for kind in OUTCOMES if kind in by_kind), "")
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
