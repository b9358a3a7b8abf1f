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
_WITH_THEIR = re.compile(
    r"\s*,?\s*\b(?:with|and|plus|alongside|along with|together with) (?:their|its)(?: own)? |\s*(?:及|以及|和|与)其\s*"
)
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
    found = without_heading(text, _apart(text, found, called), names)
    return [(_with_asking(text, start), end, name, score) for start, end, name, score in found]


def _apart(text: str, hits: Sequence[Found], called: Callable[[str], tuple[str, ...]]) -> list[Found]:
    """ "Overdue ratio with their loan balance": two whole names and no single one said in other words."""
    found: list[Found] = []
    for hit in hits:
        start, end, _, score = hit
        joint = _WITH_THEIR.search(text, start, end)
        one, other = (called(text[start : joint.start()]), called(text[joint.end() : end])) if joint else ((), ())
        if joint and len(one) == len(other) == 1 and one != other:
            found += [(start, joint.start(), one[0], score), (joint.end(), end, other[0], score)]
        else:
            found.append(hit)
    return found


def _with_asking(text: str, start: int) -> int:
    """Where a name begins with what asks for it: "what share of loans …"."""
    asking = _ASKING.search(text[:start]) if _PART.match(text, start) else None
    return asking.start() if asking else start
