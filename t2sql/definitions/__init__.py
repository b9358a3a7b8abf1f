"""Questions about definitions: what a name means, who owns it, since when, and what can be asked at all.

Answered from a narrowed catalog alone: nothing here writes SQL, asks the llm or reads data.
"""

from __future__ import annotations

from t2sql.definitions.definitions import Definitions
from t2sql.definitions.nearest import nearest_metrics
from t2sql.definitions.telling import tell_term, tell_topic, title
from t2sql.definitions.terms import has_dimension, splits_of

__all__ = ["Definitions", "has_dimension", "nearest_metrics", "splits_of", "tell_term", "tell_topic", "title"]
