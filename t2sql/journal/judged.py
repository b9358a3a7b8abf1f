"""What people say of the answers they got: right or wrong, why, and the semantic SQL that it should have been.

A judgement is the judge's own until it is decided. Nothing here decides, and nothing here tries a correction: whoever
takes one from a person compiles it first, under that person's rights.
"""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from t2sql.catalog import Display
from t2sql.errors import NotKept
from t2sql.journal.entries import as_json, now
from t2sql.journal.file import JournalFile
from t2sql.journal.kept import require_own

Verdict = Literal["right", "wrong"]
Reason = Literal["", "metric", "period", "condition", "grouping", "figure", "picture", "wording", "other"]
State = Literal["open", "approved_once", "accepted", "declined"]
REASONS: Mapping[Reason, Display] = {
    "metric": Display("指标不对", "Another measure was meant"),
    "period": Display("时间不对", "Another period was meant"),
    "condition": Display("条件或取值不对", "A condition or a value is wrong"),
    "grouping": Display("分组或排序不对", "The grouping or the order is wrong"),
    "figure": Display("口径对但数字不对", "The question is understood, the figure is wrong"),
    "picture": Display("图表不合适", "The chart does not fit"),
    "wording": Display("说明看不懂", "The explanation is not clear"),
    "other": Display("其他", "Something else"),
}
"""Why an answer is wrong, in words to choose from."""
LONGEST_TEXT, LONGEST_SQL = 2_000, 20_000
READ_JUDGEMENTS = """
SELECT judgement.id, question_id, principal, at, verdict, reason, text, should_be, semantic_sql, state, decided_by,
    decided_at, note, (
        SELECT json_group_array(principal) FROM (
            SELECT principal FROM approval WHERE judgement_id = judgement.id ORDER BY approval.id
        )
    )
FROM judgement
"""
_OF = READ_JUDGEMENTS + "WHERE question_id = ? AND principal = ?"
_OF_THESE = READ_JUDGEMENTS + "WHERE principal = ? AND question_id IN (SELECT value FROM json_each(?))"
_WRITE = """
INSERT INTO judgement VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', '', '', '')
ON CONFLICT (question_id, principal) DO UPDATE SET at = excluded.at, verdict = excluded.verdict,
    reason = excluded.reason, text = excluded.text, should_be = excluded.should_be,
    semantic_sql = excluded.semantic_sql, state = 'open', decided_by = '', decided_at = '', note = ''
"""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one person says of one answer, and what became of it."""

    id: str
    question_id: str
    principal: str
    at: datetime
    """When it was given or last changed, in UTC."""
    verdict: Verdict
    reason: Reason
    """"" for none given."""
    text: str
    """The reason in the person's own words; "" for none."""
    should_be: str
    """What the answer should be, in the person's own words; "" for none."""
    semantic_sql: str
    """The correction; "" for none."""
    state: State
    decided_by: str
    """Who accepted or declined it; "" while it is open."""
    decided_at: datetime | None
    note: str
    """What who decided it says of it; "" for nothing."""
    approved_by: tuple[str, ...]
    """Who has approved it so far, in order."""

    @property
    def is_decided(self) -> bool:
        """Whether it can be changed no more."""
        return self.state in ("accepted", "declined")


class Judged:
    """Own judgements. Every call names the person, and reaches nothing of another's."""

    def __init__(self, file: JournalFile) -> None:
        self._file = file

    def give(
        self,
        principal: str,
        question_id: str,
        verdict: Verdict,
        *,
        reason: Reason = "",
        text: str = "",
        should_be: str = "",
        semantic_sql: str = "",
    ) -> Judgement:
        """Judge an own question, or change what was said of it; who has approved the former is to look again.

        Raises NotKept for a question that is not the person's, for one decided, and for too long a text.
        """
        text, should_be, semantic_sql = text.strip(), should_be.strip(), semantic_sql.strip()
        if verdict == "right":
            reason, should_be, semantic_sql = "", "", ""
        if max(len(text), len(should_be)) > LONGEST_TEXT or len(semantic_sql) > LONGEST_SQL:
            raise NotKept(
                f"The text is longer than {LONGEST_TEXT} characters, or the SQL than {LONGEST_SQL}.",
                "Shorten it.",
                zh=(f"文字超过 {LONGEST_TEXT} 个字符，或 SQL 超过 {LONGEST_SQL} 个字符。", "请缩短。"),
            )
        with self._file.writing() as connection:
            require_own(connection, principal, question_id)
            before = _open_one(connection, question_id, principal)
            name = before.id if before else uuid.uuid4().hex
            said = (verdict, reason, text, should_be, semantic_sql)
            connection.execute(_WRITE, (name, question_id, principal, now(), *(_whole(part) for part in said)))
            connection.execute("DELETE FROM approval WHERE judgement_id = ?", (name,))
            return judgement_of(connection.execute(_OF, (question_id, principal)).fetchone())

    def of(self, principal: str, question_ids: Iterable[str]) -> Mapping[str, Judgement]:
        """Question id -> the person's own judgement, for those judged."""
        with self._file.reading("judgement") as connection:
            if connection is None:
                return {}
            rows = connection.execute(_OF_THESE, (principal, as_json(list(question_ids)))).fetchall()
        return {found.question_id: found for found in map(judgement_of, rows)}


def judgement_of(row: tuple[Any, ...]) -> Judgement:
    """A row of READ_JUDGEMENTS."""
    name, question_id, principal, at, *said, decided_at, note, approvals = row
    verdict, reason, text, should_be, semantic_sql, state, decided_by = said
    return Judgement(
        name,
        question_id,
        principal,
        datetime.fromisoformat(at),
        verdict,
        reason,
        text,
        should_be,
        semantic_sql,
        state,
        decided_by,
        datetime.fromisoformat(decided_at) if decided_at else None,
        note,
        tuple(json.loads(approvals)),
    )


def _open_one(connection: sqlite3.Connection, question_id: str, principal: str) -> Judgement | None:
    """The judgement as it is, if any. Raises NotKept for one decided."""
    row = connection.execute(_OF, (question_id, principal)).fetchone()
    found = judgement_of(row) if row else None
    if found and found.is_decided:
        raise NotKept(
            "What you said of this answer has been decided.",
            "Ask the question again, and judge that answer.",
            zh=("对这个回答的反馈已有结论。", "请重新提问，再评价新的回答。"),
        )
    return found


def _whole(text: str) -> str:
    """`text` as any database takes it."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
