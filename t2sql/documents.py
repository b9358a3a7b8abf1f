"""Outcomes as documents: the JSON form that the command line, batches and evaluation share.

A document always has the same keys, whatever the outcome. Figures are the stored ones: decimals stay exact number
literals, and nothing is rounded through a float. No control character of the data reaches a terminal or a file raw.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TextIO

from t2sql.errors import T2sqlError
from t2sql.flow import Answer, Clarification, Defined, Definition, Named, Note, Outcome, Plan, Provenance, Tokens, Topic

CONTROLS = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
Document = Mapping[str, Any]


def outcome_document(outcome: Outcome) -> Document:
    """An outcome under the keys that every outcome has."""
    if isinstance(outcome, Answer):
        plan, result = outcome.plan, outcome.result
        return _document(
            outcome.question.text, "answer", outcome.draft.route, outcome.timings_ms, outcome.tokens,
            confidence=outcome.draft.confidence, explanation=outcome.explanation, rows=result.rows,
            truncated=result.truncated, **plan_keys(plan, outcome.draft.carried or outcome.draft.verified),
        )  # fmt: skip
    if isinstance(outcome, Clarification):
        hint = "\n".join(f"{i}. {r.text}: {r.semantic_sql}" for i, r in enumerate(outcome.readings, 1))
        error = {"code": "clarification", "message": outcome.text, "hint": hint}
        return _document(
            outcome.question.text, "clarification", None, outcome.timings_ms, outcome.tokens,
            explanation=outcome.text, error=error,
        )  # fmt: skip
    if isinstance(outcome, Definition):
        return _document(
            outcome.question.text, "definition", None, outcome.timings_ms, outcome.tokens, explanation=outcome.text,
            definitions=[_defined(term) for term in outcome.terms], topics=[_topic(topic) for topic in outcome.topics],
        )  # fmt: skip
    error = {"code": outcome.code, "message": outcome.text, "hint": outcome.hint}
    return _document(outcome.question.text, "refusal", "refused", outcome.timings_ms, outcome.tokens, error=error)


def failure_document(question: str, error: T2sqlError) -> Document:
    """A question that ended in an error, under the same keys."""
    told = {"code": error.code, "message": error.message, "hint": error.hint}
    return _document(question, "refusal", "refused", {}, Tokens(0, 0, 0), error=told)


def plan_keys(plan: Plan, draft_note: Note | None = None) -> dict[str, Any]:
    """The part of a document that a plan alone gives; first among its notes what is told of the draft."""
    notes = (*((draft_note,) if draft_note else ()), *plan.notes)
    columns = [{"name": c.name, "type": c.type, "unit": c.unit, "metric": c.metric} for c in plan.columns]
    return {
        "semantic_sql": plan.semantic_sql,
        "physical_sql": plan.physical.sql,
        "dialect": plan.physical.dialect,
        "columns": columns,
        "provenance": [_source(item) for item in plan.provenance],
        "notes": [{"code": note.code, "zh": note.zh, "en": note.en} for note in notes],
    }


def _source(item: Provenance) -> dict[str, Any]:
    return {
        "metric": item.metric, "definition": item.definition, "formula": item.formula, "datasets": list(item.datasets),
        "filters": list(item.filters), "as_of": item.as_of,
    }  # fmt: skip


def _defined(term: Defined) -> dict[str, Any]:
    """One name with everything that the catalog says about it."""
    versions = [
        {
            "version": v.version, "effective_from": v.effective_from or None, "effective_to": v.effective_to or None,
            "formula": v.formula, "zh": v.told.zh, "en": v.told.en, "filter": v.filter, "reference": v.reference,
            "note": v.note,
        }
        for v in term.versions
    ]  # fmt: skip
    return {
        **_called(Named(term.name, term.display)), "kind": term.kind, "definition": term.description,
        "unit": term.unit, "owner": term.owner, "datasets": [_called(one) for one in term.datasets],
        "versions": versions, "split_by": [_called(one) for one in term.splits], "values": list(term.values),
        "synonyms": list(term.synonyms), "alike": [_called(one) for one in term.alike],
    }  # fmt: skip


def _topic(topic: Topic) -> dict[str, Any]:
    examples = [{"text": one.text, "semantic_sql": one.semantic_sql} for one in topic.examples]
    return {
        "zh": topic.display.zh, "en": topic.display.en, "metrics": [_called(one) for one in topic.metrics],
        "split_by": [_called(one) for one in topic.splits], "examples": examples,
    }  # fmt: skip


def _called(named: Named) -> dict[str, Any]:
    return {"name": named.name, "zh": named.display.zh, "en": named.display.en}


def _document(
    question: str, outcome: str, route: str | None, timings: Mapping[str, float], tokens: Tokens, **known: Any
) -> Document:
    empty: dict[str, Any] = {
        "question": question, "outcome": outcome, "route": route, "confidence": None, "semantic_sql": None,
        "physical_sql": None, "dialect": None, "columns": [], "rows": [], "truncated": False, "explanation": None,
        "provenance": [], "notes": [], "definitions": [], "topics": [],
        "timings_ms": {key: round(value, 1) for key, value in timings.items()},
        "tokens": {"prompt": tokens.prompt, "cached": tokens.cached, "completion": tokens.completion}, "error": None,
    }  # fmt: skip
    return empty | known


def write_json(document: Any, out: TextIO) -> None:
    """`document` as JSON: decimals as exact number literals, dates as ISO text, control characters escaped."""
    out.write(CONTROLS.sub(lambda m: f"\\u{ord(m[0]):04x}", _json(document)) + "\n")


def json_line(document: Any) -> str:
    """`document` as `write_json` writes it, but on one line."""
    return CONTROLS.sub(lambda m: f"\\u{ord(m[0]):04x}", _compact(document))


def _compact(value: Any) -> str:
    if isinstance(value, Mapping):
        return (
            "{" + ", ".join(f"{json.dumps(str(k), ensure_ascii=False)}: {_compact(v)}" for k, v in value.items()) + "}"
        )
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_compact, value)) + "]"
    return _json(value)


def _json(value: Any, depth: int = 0) -> str:
    """One key or row a line; the standard writer would round decimals through floats."""
    gap = "\n" + " " * (depth + 1)
    if isinstance(value, Mapping) and value:
        items = (f"{json.dumps(str(k), ensure_ascii=False)}: {_json(v, depth + 1)}" for k, v in value.items())
        return "{" + gap + f",{gap}".join(items) + gap[:-1] + "}" if depth == 0 else "{" + ", ".join(items) + "}"
    if isinstance(value, (list, tuple)) and value and isinstance(value[0], (list, tuple, Mapping)):
        return "[" + gap + f",{gap}".join(_json(v, depth + 1) for v in value) + gap[:-1] + "]"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_json(v, depth + 1) for v in value) + "]"
    if isinstance(value, Decimal):
        return f"{value:f}" if value.is_finite() else "null"
    if isinstance(value, float) and not math.isfinite(value):
        return "null"
    if isinstance(value, (date, datetime)):
        return json.dumps(value.isoformat())
    if value is None or isinstance(value, (str, int, float, Mapping)):
        return json.dumps(value, ensure_ascii=False)
    return json.dumps(str(value), ensure_ascii=False)
