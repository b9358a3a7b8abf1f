"""How one record compares with its case: right or not, flagged or silent, and the one reason for a miss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Reason = Literal[
    "",
    "wrong metric",
    "wrong filter",
    "wrong period",
    "wrong grouping",
    "missing rows",
    "extra rows",
    "missing columns",
    "extra columns",
    "wrong order",
    "wrong unit or scale",
    "wrong values",
    "refused although answerable",
    "answered although it should refuse",
    "asked back instead of refusing",
    "refused instead of asking back",
    "defined instead of answering",
    "not defined",
    "wrong definition",
    "SQL error",
    "time-out",
    "failed",
    "not asked",
]
"""Why a record is not right, in the words of reports. "wrong values": the numbers differ and nothing tells why."""

FAILURES: frozenset[Reason] = frozenset({"SQL error", "time-out", "failed", "not asked"})
"""Reasons of questions that ended in no outcome at all."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judgement on one record."""

    id: str
    is_right: bool
    reason: Reason
    """"" when right."""
    detail: str
    """One line of evidence for a person: what differs, first place only; "" when right."""
    is_flagged: bool
    """The outcome was a clarification, a definition or a refusal. A low-confidence label on an answer is no flag."""
    gold: str
    """The gold that matched, else the first, as SQL; "" where none or literal."""

    @property
    def is_silent(self) -> bool:
        """A wrong answer that looked like a right one."""
        return not self.is_right and not self.is_flagged and self.reason not in FAILURES
