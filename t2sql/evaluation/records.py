"""What a batch reads and writes: a question in a file, and the record of how it ended.

A record is a JSON document with the keys of `t2sql ask --json` and those of `extra_keys`. Files of records are what
`batch` writes and what `eval` scores, so a record never depends on the process that made it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from t2sql.catalog import Language
from t2sql.generation.prompt import MOST_HINT_CHARACTERS

Record: TypeAlias = Mapping[str, Any]
"""The document of one outcome, plus `id`, `principal`, `language`, `conversation`, `hints`, `failed`, `readings`,
`headings` (of the columns, in the answer's language), `drafted_sql` (semantic SQL as it was drafted), `duplicate_of`;
rows as JSON gives them: Decimal for numbers with a point, ISO text for dates."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a file."""

    id: str
    """Unique in its file; the line's number where the file gives none."""
    text: str
    principal: str = ""
    """Who asks; "" is the batch's own principal."""
    hints: str = ""
    """What a person added: a definition, a formula, a note. Part of what the llm reads."""
    conversation: str = ""
    """Questions with the same text here are asked one after the other, in the file's order; "" stands alone."""
    language: Language | None = None
    """None: the question's own."""
    line: int = 0
    """Line or row of the file, from 1; 0 where there is none."""


def too_long(hints: str) -> str:
    """What is wrong with hints of which the llm would read only a part, "" where it reads them whole."""
    length = len(" ".join(hints.split()))
    if length <= MOST_HINT_CHARACTERS:
        return ""
    return f"the hints have {length:,} characters, of which {MOST_HINT_CHARACTERS} are read"
