"""When what every question needs has gone: its database, its llm, the index."""

from __future__ import annotations

import time
from dataclasses import dataclass

from t2sql.errors import T2sqlError
from t2sql.evaluation.batch.record_files import ASKED_AGAIN
from t2sql.evaluation.batch.recording import Told

MOST_LACKING = 20
"""Failures in a row, by what the installation lacks, after which asking more is useless."""


@dataclass(slots=True)
class Lack:
    """Failures in a row by what the installation lacks.

    Several questions are asked at once, so the row is broken only by one that was sent after it began: a slow question
    that still had what it needed says nothing about what is there now.
    """

    in_a_row: int = 0
    since: float = 0.0
    """When the first of them ended, on the monotonic clock."""

    error: T2sqlError | None = None
    """Why asking more is useless, once it is."""

    def after(self, said: Told, sent_at: float) -> T2sqlError | None:
        """`error`, now that a question sent at `sent_at` has ended."""
        if said.is_failure and said.code in ASKED_AGAIN:
            self.since = self.since if self.in_a_row else time.monotonic()
            self.in_a_row += 1
            if self.in_a_row >= MOST_LACKING:
                cure = f"Mend it, then go on with --resume: {MOST_LACKING} failed in a row."
                self.error = ASKED_AGAIN[said.code](said.message, cure)
        elif sent_at >= self.since:
            self.in_a_row = 0
        return self.error
