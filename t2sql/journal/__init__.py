"""The journal: the audit record, and what people keep, judge and review of their own questions. One SQLite file."""

from __future__ import annotations

from t2sql.journal.askings import require_review
from t2sql.journal.entries import Past
from t2sql.journal.file import WAIT_SECONDS
from t2sql.journal.history import History
from t2sql.journal.judged import REASONS, Judged, Judgement
from t2sql.journal.kept import Board, Item, Kept
from t2sql.journal.record import AskedQuestion, Journal, Origin
from t2sql.journal.review import Acceptance, Review, Waiting
from t2sql.journal.usage import Unanswered, Usage, UsedRoute

__all__ = [
    "REASONS",
    "WAIT_SECONDS",
    "Acceptance",
    "AskedQuestion",
    "Board",
    "History",
    "Item",
    "Journal",
    "Judged",
    "Judgement",
    "Kept",
    "Origin",
    "Past",
    "Review",
    "Unanswered",
    "Usage",
    "UsedRoute",
    "Waiting",
    "require_review",
]
