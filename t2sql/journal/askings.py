"""How the questions of everybody ended, in short, for those who review. Never for the page of anybody else.

A person's question that a pin, board or link only ran again is left out: nobody asked it again.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from t2sql.errors import AccessDenied
from t2sql.flow import Tokens
from t2sql.journal.entries import OUTCOMES, moment
from t2sql.policy import Principal

End = Literal["answered", "asked_back", "refused", "stopped", "failed", "unfinished"]
_ENDS: Mapping[str, End] = {
    "answer": "answered",
    "definition": "answered",
    "clarification": "asked_back",
    "refusal": "refused",
}
_STOPPED = ("Cancelled", "GeneratorExit")
_ASKED = """
SELECT question_id, at, principal, kind, body FROM entry
WHERE question_id IN (
    SELECT question_id FROM entry WHERE kind = 'question' AND at >= ? AND (? = '' OR at < ?) AND principal <> ''
        AND json_extract(body, '$.origin') IS NULL AND json_extract(body, '$.repeats') IS NULL
        AND json_extract(body, '$.replays') IS NULL
) AND kind NOT IN ('context', 'plan', 'result') ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class Asking:
    """One asking of a person, in short."""

    id: str
    at: datetime
    principal: str
    text: str
    end: End
    """"stopped" by the person; "unfinished" has no end on record: it runs, or its process died."""
    route: str
    """Of the last draft; "definition" for an answer out of the catalog, "" where nothing was drafted."""
    confidence: float | None
    code: str
    """Of a refusal; "" for all else."""
    milliseconds: float | None
    """From asking to the outcome; None where none is on record."""
    tokens: Tokens


def require_review(principal: Principal) -> None:
    """Raise AccessDenied unless this person may review."""
    if "review" not in principal.may:
        raise AccessDenied(
            "Only those who own the definitions may see this.",
            "Ask whoever keeps policies.yml for a role that may review.",
            zh=("只有负责指标定义的人才能查看。", "如需复核权限，请联系 policies.yml 的维护人。"),
        )


def read_askings(connection: sqlite3.Connection, since: datetime | None, until: datetime | None) -> list[Asking]:
    """What people asked in [since, until), aware, in the order asked."""
    found: dict[str, dict[str, tuple[str, str, Mapping[str, Any]]]] = {}
    end = moment(until)
    for question_id, at, principal, kind, body in connection.execute(_ASKED, (moment(since), end, end)):
        if kind == "question":
            found[question_id] = {}
        if question_id in found:
            found[question_id][kind] = (at, principal, json.loads(body))
    return [_asking(name, entries) for name, entries in found.items()]


def _asking(question_id: str, entries: Mapping[str, tuple[str, str, Mapping[str, Any]]]) -> Asking:
    at, principal, question = entries["question"]
    bodies = {kind: body for kind, (_, _, body) in entries.items()}
    outcome = next((kind for kind in OUTCOMES if kind in bodies), "")
    end: End = _ENDS[outcome] if outcome else "unfinished"
    if not outcome and "error" in bodies:
        end = "stopped" if bodies["error"]["type"] in _STOPPED else "failed"
    draft, last = bodies.get("draft", {}), bodies.get(outcome, {})
    return Asking(
        question_id,
        datetime.fromisoformat(at),
        principal,
        question["text"],
        end,
        "definition" if outcome == "definition" else draft.get("route", ""),
        draft.get("confidence"),
        last.get("code", "") if end == "refused" else "",
        last.get("timings_ms", {}).get("total"),
        Tokens(**last.get("tokens", {"prompt": 0, "cached": 0, "completion": 0})),
    )
