"""Question text to what it mentions: times, numbers, values, names.

Imports nothing of retrieval: meaning is passed in.
"""

from __future__ import annotations

from t2sql.grounding.grounding import Grounding
from t2sql.grounding.names import NameIndex
from t2sql.grounding.periods import find_periods
from t2sql.grounding.quantities import find_quantities
from t2sql.grounding.text import Folded, fold
from t2sql.grounding.values import ValueEntry, ValueIndex

__all__ = ["Folded", "Grounding", "NameIndex", "ValueEntry", "ValueIndex", "find_periods", "find_quantities", "fold"]
