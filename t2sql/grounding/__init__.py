"""Question text to what it mentions: times, numbers, values, names.

Imports nothing of retrieval: meaning is passed in.
"""

from __future__ import annotations

from t2sql.grounding.grounding import Grounding
from t2sql.grounding.names.names import NameIndex
from t2sql.grounding.numbers.quantities import find_quantities
from t2sql.grounding.time.periods import find_periods
from t2sql.grounding.values.values import ValueEntry, ValueIndex
from t2sql.grounding.words.text import Folded, fold

__all__ = ["Folded", "Grounding", "NameIndex", "ValueEntry", "ValueIndex", "find_periods", "find_quantities", "fold"]
