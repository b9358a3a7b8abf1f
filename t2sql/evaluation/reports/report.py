"""What one evaluation found, as it is written to JSON and read again by `diff` and by gates.

Every figure of a report is computed from `results`; `made_of` says what was measured, so that two reports can be told
to be about the same thing.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from t2sql.evaluation.judging.verdicts import Reason

FORMAT = 1


class Part(BaseModel):
    """A frozen part of a report. A key that another version wrote and this one does not know is passed over."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class MadeOf(Part):
    """What was measured, with what: identities, never names alone."""

    t2sql_version: str
    cases: str = Field(description="name of the cases' file")
    cases_sha256: str
    llm: str = Field(description="name or address")
    llm_sha256: str = Field(description='of the weights; "" for a server that does not tell')
    prompt_sha256: str = Field(description="of every prefix that a question's principal has, in the principals' order")
    grammar_sha256: str = Field(description="of the grammar's writer")
    catalog_fingerprint: str
    data_fingerprint: str
    settings: dict[str, Any] = Field(description="every setting that can move a result; no secrets, no paths")
    clock: str
    principal: str
    seed: int
    machine: str = Field(description="processor, cores, and GPU if one was used")


class CaseResult(Part):
    """One case: what was asked, what came, and whether it was right."""

    id: str
    question: str
    language: str
    category: str
    difficulty: str
    pair: str
    wants_answer: bool = Field(True, description="whether an answer is one of the right outcomes")
    twin: Literal["", "full-width"] = Field(
        "", description="the machine asked the case again, written otherwise: counts in pairs only"
    )
    principal: str
    outcome: Literal["answer", "clarification", "definition", "refusal", "failure"]
    route: str = Field(description='"verified", "composed", "generated", "written", "refused"; "" for a failure')
    confidence: float | None
    is_right: bool
    is_flagged: bool
    is_silent: bool
    reason: Reason
    detail: str
    semantic_sql: str
    physical_sql: str
    gold: str
    told: str = Field(description="explanation of an answer, text of a clarification, refusal or failure")
    options: list[str] = Field(default_factory=list, description="semantic SQL of a clarification's readings")
    offers_right: bool | None = Field(
        default=None,
        description="whether one of the options is right; null where an answer was not wanted, or nothing offered",
    )
    milliseconds: float
    prompt_tokens: int
    completion_tokens: int


class Report(Part):
    """One run of `t2sql eval`."""

    format: int = FORMAT
    made_at: datetime
    made_of: MadeOf
    results: list[CaseResult]
    wall_seconds: float = Field(description="of asking, not of scoring; 0 when the answers came from a file")
    cpu_seconds: float = Field(description="of all processes while asking; 0 when the answers came from a file")
    asked_now: int = Field(
        0, ge=0,
        description="questions that this run asked, twins among them: neither kept from before nor copies of one asked;"
        " 0 when nobody counted them",
    )  # fmt: skip


def is_asked_back(result: CaseResult) -> bool:
    """Whether an answer was wanted and a question back or a refusal came."""
    return result.reason == "refused although answerable"
