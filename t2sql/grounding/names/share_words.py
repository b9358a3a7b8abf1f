"""Words that belong to a share and name nothing: "what percentage does each one make up", 各占百分之几."""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterable

from t2sql.flow import Span
from t2sql.grounding.names.comparisons import Cue
from t2sql.grounding.words.text import Folded

_WORDS = re.compile(
    r"\b(?:does|do|did|is|are|was|were|that|which|will|has|have)?\s*\b(?:each(?: and every)? (?:one|of (?:them|these|those))|every one(?: of them)?|each)\b(?= (?:of the \w+ )?(?:mak|made|account|represent|contribut|constitut|tak|hold|ha[sv]|bring|compris))"
    r"|\b(?:mak(?:e|es|ing)|made) up\b|\baccount(?:s|ed|ing)? for\b|\b(?:represent|constitut|compris)(?:e?s|ed|ing|e)?\b"
)


def share_words(folded: Folded, cues: Iterable[Cue]) -> list[Span]:
    """Where such words stand in a text that asks for a share."""
    if not any(cue.family == "share" for cue in cues):
        return []
    return [folded.span(*match.span()) for match in _WORDS.finditer(folded.text)]
