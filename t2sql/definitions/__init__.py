"""Questions about definitions: what a name means, who owns it, since when, and what can be asked at all.

Answered from a narrowed catalog alone: nothing here writes SQL, asks the llm or reads data.
"""

from __future__ import annotations

from t2sql.definitions.definitions import Definitions
from t2sql.definitions.nearest import nearest_metrics
from t2sql.definitions.shelf import Listed, Shelf
from t2sql.definitions.telling import tell_rows, tell_term, tell_topic, title
from t2sql.definitions.terms import has_dimension, splits_of
from t2sql.definitions.timing import tell_load, tell_time

__all__ = [
    "Definitions",
    "Listed",
    "Shelf",
    "has_dimension",
    "nearest_metrics",
    "splits_of",
    "tell_load",
    "tell_rows",
    "tell_term",
    "tell_time",
    "tell_topic",
    "title",
]
