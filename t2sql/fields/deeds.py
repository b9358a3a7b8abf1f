"""Deeds said by verbs as the rows that tell them: guests who have never booked are guests with no bookings.

English only. A verb counts only where exactly one dataset is called by it.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re

from t2sql.fields.index import FieldIndex
from t2sql.fields.words import split_name

_VERB = r"(?P<verb>[a-z]{3,}ed|paid|bought|sold)"
_NEVER = re.compile(
    rf"\b(?:(?:who|that|which) )?(?:(?:have|has|had) )?(?:never|not yet|not|n['’]t) (?:yet |ever )?{_VERB}(?: anything| any| at all| yet)*(?=[,.;?!]|$| (?:in|since|during|before|after|from)\b)",
    re.IGNORECASE,
)
_OFTEN = re.compile(
    rf"\b(?:(?:who|that|which) )?(?:(?:have|has|had) )?{_VERB} (?P<many>(?:more than|at least|at most|fewer than|less than|exactly|over) (?:\d+|one|two|three|four|five|ten)|(?:\d+|two|three|four|five|ten) or more) times\b",
    re.IGNORECASE,
)
_ONCE = {"paid": "pay", "bought": "purchas", "sold": "sale"}


def said_as_nouns(text: str, index: FieldIndex) -> str:
    """`text` with verbs of datasets' names as those names.

    >>> said_as_nouns("guests who booked more than 3 times", index)
    'guests with more than 3 bookings'
    """
    text = _NEVER.sub(lambda found: _noun(found, "with no {}", index), text)
    return _OFTEN.sub(lambda found: _noun(found, f"with {found['many']} {{}}", index), text)


def _noun(found: re.Match[str], form: str, index: FieldIndex) -> str:
    verb = found["verb"].lower()
    base = _ONCE.get(verb) or verb.removesuffix("ed")
    deed = re.compile(rf"{re.escape(base)}(?:e?s|ings?|als?|ments?|at?ions?|y|ies|e)?")
    names = {name: split_name(name) for name in index.catalog.datasets}
    # Shippers are no shipments.
    named = [name for name, parts in names.items() if len(parts) == 1 and deed.fullmatch(parts[0])]
    if len(named) != 1 or len(base) < 3:
        return found[0]
    noun = named[0] if named[0].endswith("s") else f"{named[0]}s"
    return form.format(noun)
