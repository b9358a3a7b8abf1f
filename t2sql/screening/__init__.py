"""Decides what to say when a question should not, or cannot yet, be answered with a number. Words only; it never
writes SQL.
"""

from __future__ import annotations

from t2sql.screening.asking_back import ask_back
from t2sql.screening.languages import is_served, language_of
from t2sql.screening.refusing import LONGEST_QUESTION, refuse_text
from t2sql.screening.result_notes import NO_FIGURE, NOTHING_FOUND, is_empty, is_nought, notes_on
from t2sql.screening.unknown import refuse_incompatible, refuse_off_topic, refuse_unknown

__all__ = [
    "LONGEST_QUESTION",
    "NOTHING_FOUND",
    "NO_FIGURE",
    "ask_back",
    "is_empty",
    "is_nought",
    "is_served",
    "language_of",
    "notes_on",
    "refuse_incompatible",
    "refuse_off_topic",
    "refuse_text",
    "refuse_unknown",
]
