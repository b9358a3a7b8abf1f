"""One question asked of an agent, and its record: every end, a crash too, becomes a record; nothing is raised.

It knows neither processes nor files, so that a worker, a test and a notebook record alike.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from t2sql.agent import Agent
from t2sql.catalog import Language
from t2sql.documents import failure_document, json_line, outcome_document
from t2sql.errors import AccessDenied, Cancelled, QuestionError, T2sqlError
from t2sql.evaluation.records import Asked, Record
from t2sql.flow import Answer, Clarification, Outcome, Refusal, Turn
from t2sql.screening import language_of
from t2sql.wording import label

TIMEOUT, STOPPED, DEFECT, WORKER_DIED = "timeout", "cancelled", "defect", "worker_died"


@dataclass(frozen=True, slots=True)
class Told:
    """What a tally needs of a record, without its rows."""

    id: str
    outcome: str
    """ "answer", "clarification", "definition", "refusal" or "failure"."""
    route: str
    """ "" for a clarification, a definition or a failure."""
    code: str
    """Of the error; "" for an answer."""
    message: str = ""

    @property
    def is_failure(self) -> bool:
        """An error or a time-out, as against a refusal."""
        return self.outcome == "failure"


def record_of(asked: Asked, document: Record, language: Language, principal: str, **known: Any) -> Record:
    """A document with the keys that a record has beside it; `known` overrides them."""
    own = {
        "id": asked.id, "principal": principal, "language": language, "conversation": asked.conversation,
        "hints": asked.hints, "failed": False, "readings": [], "headings": [], "drafted_sql": None,
        "duplicate_of": None,
    }  # fmt: skip
    return {"id": asked.id, **document, **own, **known}


def told(record: Record) -> Told:
    """The few things of `record` that are counted."""
    error = record["error"] or {}
    outcome = "failure" if record["failed"] else record["outcome"]
    route = "" if record["failed"] else record["route"] or ""
    return Told(record["id"], outcome, route, error.get("code", ""), error.get("message", ""))


def outcome_record(asked: Asked, outcome: Outcome) -> Record:
    """The record of a question that ended as questions should."""
    question = outcome.question
    readings = outcome.readings if isinstance(outcome, Clarification | Refusal) else ()
    options = [{"text": r.text, "semantic_sql": r.semantic_sql} for r in readings]
    headings = [label(c, question.language) for c in outcome.plan.columns] if isinstance(outcome, Answer) else []
    return record_of(
        asked, outcome_document(outcome), question.language, question.principal, readings=options, headings=headings,
        drafted_sql=outcome.draft.semantic_sql if isinstance(outcome, Answer) else None,
    )  # fmt: skip


def turn_of(record: Record) -> Turn:
    """What a later turn of the same conversation can follow."""
    return Turn(record["question"], record.get("drafted_sql") or "")


def error_record(asked: Asked, error: T2sqlError, principal: str, language: Language | None = None) -> Record:
    """The record of a question that ended in an error; no rights and no question are refusals, the rest failures."""
    spoken = asked.language or language or language_of(asked.text)
    message, hint = error.told(spoken)
    document = failure_document(asked.text, failure(error.code, message, hint))
    is_refusal = isinstance(error, AccessDenied | QuestionError)
    return record_of(asked, document, spoken, principal, failed=not is_refusal)


def failure(code: str, message: str, hint: str) -> T2sqlError:
    """An error that only a batch knows."""
    error = T2sqlError(message, hint)
    error.code = code
    return error


def timed_out(seconds: float) -> T2sqlError:
    """The end of a question that took longer than the limit of the whole question."""
    return failure(
        TIMEOUT, f"The question took longer than {seconds:g} s and was stopped.", "Ask for less, or raise --timeout."
    )


def ask_within(
    agent: Agent, asked: Asked, *, principal: str, language: Language | None, today: date, timeout_seconds: float,
    before: Sequence[Turn] = (),
) -> Record:  # fmt: skip
    """The record of `asked`, whatever happens. It is cancelled after `timeout_seconds`. `before`: the earlier turns of
    its conversation.
    """
    who, spoken = asked.principal or principal, asked.language or language
    cancel = threading.Event()
    timer = threading.Timer(timeout_seconds, cancel.set)
    timer.daemon = True
    timer.start()
    try:
        question = agent.question(
            asked.text, principal=who, language=spoken, today=today, hints=asked.hints, before=before
        )
        return outcome_record(asked, agent.ask(question, cancel=cancel))
    except Cancelled:
        return error_record(asked, timed_out(timeout_seconds), who, spoken)
    except T2sqlError as error:
        return error_record(asked, error, who, spoken)
    except Exception as error:
        # The trace stays out: it can quote values of the data.
        told = failure(DEFECT, f"Unexpected {type(error).__name__}; this is a defect.", "Report it with the question.")
        return error_record(asked, told, who, spoken)
    finally:
        timer.cancel()


def line_of(record: Record) -> bytes:
    """A record as one line of JSON, ended."""
    return (json_line(record) + "\n").encode("utf-8")
