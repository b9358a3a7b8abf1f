"""What the rest of a text makes of the names found in it: members of lists, verbs apart from their nouns,
parts and wholes.

Each step is a module of its own; this one only says in which order they come.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from t2sql.grounding.names.again import with_repeated, without_heading
from t2sql.grounding.names.comparisons import without_forms
from t2sql.grounding.names.deeds import with_deeds
from t2sql.grounding.names.listed import with_lists
from t2sql.grounding.names.netted import with_netted
from t2sql.grounding.names.paraphrases import Paraphrases
from t2sql.grounding.names.partly import with_parts
from t2sql.grounding.names.slashed import with_strokes

Found = tuple[int, int, str, float]
_PART = re.compile(r"(?:share|proportion|percentage|fraction|portion|part|per ?cent|%)\b")
_ASKING = re.compile(r"\b(?:what|which|how (?:big|large|high) (?:a|of a)) $")


def with_further(
    text: str, hits: Sequence[Found], names: Paraphrases, called: Callable[[str], tuple[str, ...]]
) -> list[Found]:
    """`hits` (start, end, metric, score) of a folded text, completed; `called`: the metrics that are called just so."""
    plain = without_forms(text)
    found = with_lists(plain, hits, names)
    found = with_deeds(text, found, names)
    found = with_strokes(text, found, names)
    found = with_parts(plain, found, names)
    found = with_netted(plain, found, names)
    found = with_repeated(text, found, names, called)
    found = without_heading(text, found, names)
    return [(_with_asking(text, start), end, name, score) for start, end, name, score in found]


def _with_asking(text: str, start: int) -> int:
    """Where a name begins with what asks for it: "what share of loans …"."""
    asking = _ASKING.search(text[:start]) if _PART.match(text, start) else None
    return asking.start() if asking else start
