"""What the journal writes of each step, and what a finished question looks like when it is read back.

Of a result only its size is kept, and of an unexpected error only its kind: neither may carry a row into the file.
"""

from __future__ import annotations

import json
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from t2sql.catalog import Language
from t2sql.errors import T2sqlError
from t2sql.flow import (
    Answer,
    Clarification,
    Context,
    Definition,
    Draft,
    Plan,
    Question,
    Refusal,
    Result,
    Step,
    Tokens,
    Turn,
)

OUTCOMES = ("answer", "clarification", "definition", "refusal")
_LONGEST_ERROR = 2000
_MOST_REPEATS = 8
"""How far back what ran again is followed to what was asked first."""
_STEPS = """
SELECT question_id, at, principal, kind, body FROM entry
WHERE question_id IN (SELECT value FROM json_each(?)) AND kind <> 'context' ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class Past:
    """One asking out of the record, and how it ended; never a row of its result."""

    id: str
    """Name of this asking: in links, pins and boards."""
    at: datetime
    """When it was asked, in UTC."""
    text: str
    principal: str
    today: date
    """The clock that it was asked by."""
    language: Language
    hints: str
    before: tuple[Turn, ...]
    """The turns that it changed; () for a question that stands alone, whatever was asked before it."""
    outcome: str
    """"answer", "clarification", "definition", "refusal"; "" where it ended in an error or not at all."""
    drafted: str
    """Semantic SQL as first drafted, with no period that nobody named; "" where none was."""
    semantic_sql: str
    """As it ran, normalised, its period stated; "" unless the outcome is an answer."""
    route: str
    """Of that draft; "" where none was."""
    confidence: float | None
    """0 to 1; None: not measured."""
    milliseconds: float | None
    """From asking to the outcome; None where it has none, or none was written."""
    rows: int | None
    """Of the result; None unless the outcome is an answer."""
    pinned: str = ""
    """Id of the asking of this question that its reader has pinned; "" for none, and always "" for a reader unknown."""


def now() -> str:
    """This moment as the journal writes it; such texts sort as their times do."""
    return moment(datetime.now(UTC))


def moment(at: datetime | None) -> str:
    """`at` (aware) as the journal writes it; "" for None, which is before everything."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds") if at else ""


def as_json(body: Any) -> str:
    """`body` as text that any database takes: halves of characters are written out."""
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "backslashreplace").decode("utf-8")


def plain(text: str) -> str:
    """A text without case, width and doubled blanks, to compare it by."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def body_of(step: Step | BaseException) -> tuple[str, Mapping[str, Any]]:
    """Kind and body of one entry."""
    if isinstance(step, Question):
        asked = {"text": step.text, "today": step.today.isoformat(), "language": step.language}
        before = [{"text": turn.text, "semantic_sql": turn.semantic_sql} for turn in step.before]
        kept = {"hints": step.hints, "before": before, "repeats": step.repeats, "replays": step.is_replayed}
        return "question", {**asked, **{name: value for name, value in kept.items() if value}}
    if isinstance(step, Context):
        return "context", {"metrics": [m.name for m in step.metrics], "ungrounded": step.ungrounded}
    if isinstance(step, Draft):
        return "draft", {"semantic_sql": step.semantic_sql, "route": step.route, "confidence": step.confidence}
    if isinstance(step, Plan):
        return "plan", {"semantic_sql": step.semantic_sql, "physical_sql": step.physical.sql}
    if isinstance(step, Result):
        return "result", {"rows": len(step.rows), "truncated": step.truncated, "milliseconds": step.milliseconds}
    if isinstance(step, (Answer, Clarification, Definition, Refusal)):
        return step.outcome, {**_told(step), **_spent(step.timings_ms, step.tokens)}
    error: dict[str, Any] = {"type": type(step).__name__}
    return "error", {**error, "message": str(step)[:_LONGEST_ERROR] if isinstance(step, T2sqlError) else ""}


def _told(end: Answer | Clarification | Definition | Refusal) -> Mapping[str, Any]:
    if isinstance(end, Clarification):
        return {"text": end.text, "readings": [r.semantic_sql for r in end.readings]}
    if isinstance(end, Definition):
        return {"names": [term.name for term in end.terms], "topics": len(end.topics)}
    if isinstance(end, Refusal):
        return {"code": end.code, "text": end.text}
    return {}


def _spent(timings_ms: Mapping[str, float], tokens: Tokens) -> Mapping[str, Any]:
    used = {"prompt": tokens.prompt, "cached": tokens.cached, "completion": tokens.completion}
    return {"timings_ms": dict(timings_ms), **({"tokens": used} if any(used.values()) else {})}


def read_pasts(
    connection: sqlite3.Connection, question_ids: Iterable[str], depth: int = _MOST_REPEATS
) -> Iterator[Past]:
    """What people asked under these ids, in the order given; what is not there, or was asked by none, is left out.

    What ran again the SQL of an asking before tells the words and the draft of that one, so that it can be understood
    anew as that one can.
    """
    wanted = list(question_ids)
    found: dict[str, dict[str, tuple[str, str, Mapping[str, Any]]]] = {}
    for question_id, at, principal, kind, body in connection.execute(_STEPS, (as_json(wanted),)):
        if kind == "question":
            # The last asking counts, should one name have served for two.
            found[question_id] = {}
        if question_id in found:
            found[question_id][kind] = (at, principal, json.loads(body))
    pasts = {name: past for name, entries in found.items() if (past := _past(name, entries))}
    again = {name: found[name]["question"][2].get("repeats", "") for name in pasts if pasts[name].route == "written"}
    roots = {past.id: past for past in read_pasts(connection, set(again.values()) - {""}, depth - 1)} if depth else {}
    for name in wanted:
        if past := pasts.get(name):
            yield _as_first(past, roots.get(again.get(name, "")))


def _as_first(past: Past, first: Past | None) -> Past:
    """`past` with the draft of `first`, where it ran the SQL of that one unchanged; without turns where that one stood
    alone.
    """
    if first is None or first.text != past.text:
        return past
    if not first.before:
        past = replace(past, before=())
    if past.drafted not in (first.semantic_sql, first.drafted):
        return past
    return replace(past, drafted=first.drafted, route=first.route, confidence=first.confidence)


def _turns(question: Mapping[str, Any]) -> tuple[Turn, ...]:
    return tuple(Turn(turn["text"], turn["semantic_sql"]) for turn in question.get("before", ()))


def _stands_alone(bodies: Mapping[str, Mapping[str, Any]], outcome: str) -> bool:
    """Whether the record shows that the words were read by themselves: a question is grounded only when the turns
    before had no part in it.
    """
    return "ground" in bodies.get(outcome, {}).get("timings_ms", ())


def _past(question_id: str, entries: Mapping[str, tuple[str, str, Mapping[str, Any]]]) -> Past | None:
    at, principal, question = entries["question"]
    if not principal or "origin" in question or "replays" in question:
        return None
    bodies = {kind: body for kind, (_, _, body) in entries.items()}
    outcome = next((kind for kind in OUTCOMES if kind in bodies), "")
    draft = bodies.get("draft", {})
    is_answer = outcome == "answer"
    return Past(
        question_id,
        datetime.fromisoformat(at),
        question["text"],
        principal,
        date.fromisoformat(question["today"]),
        question["language"],
        question.get("hints", ""),
        () if _stands_alone(bodies, outcome) else _turns(question),
        outcome,
        draft.get("semantic_sql", ""),
        bodies["plan"]["semantic_sql"] if is_answer and "plan" in bodies else "",
        draft.get("route", ""),
        draft.get("confidence"),
        bodies.get(outcome, {}).get("timings_ms", {}).get("total"),
        bodies["result"]["rows"] if is_answer and "result" in bodies else None,
    )
