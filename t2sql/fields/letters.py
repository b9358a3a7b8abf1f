"""Stored values of one letter, where an English text says which column's they are: leases with status A.

A letter by itself is a word more often than a value; it counts only right after its column's name.
"""

from __future__ import annotations

import re

from t2sql.fields.index import Key
from t2sql.fields.words import split_name, spoken, stem

_BEFORE = re.compile(r"(?P<word>[a-z]+)\s*(?:=|:|is)?\s*['\"“‘]?$")
_AFTER = re.compile(
    r"['\"”’]?\s*(?:$|[.,;?!)]|(?:and|or|that|which|who|in|with|by|per|for|on|only|are|were|have|had)\b)"
)


def is_letter_of(folded: str, start: int, end: int, key: Key) -> bool:
    """Whether the letter at [start, end) of a folded text is said to be a value of the field `key`."""
    if not folded[start:end].isalpha():
        return False
    before, after = _BEFORE.search(folded[:start]), _AFTER.match(folded, end)
    last = stem(spoken(split_name(key[1]))[-1])
    return before is not None and after is not None and stem(before["word"]) == last
