"""Values of one sort of business said with a measure of another: deposits of a mortgage, card spend of an SME loan.

No row has both, so that the figure would be nothing. Tells the value; takes nothing away and adds nothing.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from t2sql.flow import NameMention, ValueMention
from t2sql.grounding.beside import NamesBesideValues
from t2sql.grounding.names.names import NameIndex
from t2sql.grounding.settling import offset
from t2sql.grounding.words.text import Folded

# What a product is a kind of, and a balance is of.
_SORTS = frozenset(("loan", "deposit", "card", "wealth"))
_CUSTOMERS = re.compile(
    r"(?:对公|公司|企业|单位|个人|零售)(?!率)|(?:corporate|business|company|retail|personal|household)\b"
)
_JOINED = re.compile(r"\s*(?:和|与|及|以及|跟|、|/|,? ?\b(?:and|vs\.?|versus)\b|&) ?")


def of_other_things(
    folded: Folded,
    named: Iterable[NameMention],
    values: Iterable[ValueMention],
    names: NameIndex,
    beside: NamesBesideValues,
) -> tuple[str, ...]:
    """Words of values that are a kind of what no metric here is of, while one is of another sort."""
    of_metrics = [_SORTS & (set(names.things_of(m.name)) or names.concepts_of(m.name)) for m in named if m.span]
    found = []
    for value in values:
        # By what is stored: an alias of a kind of customer may end in what they hold.
        sorts = _SORTS & names.concepts_of_value(beside.forms(value)[:1], ())
        if len(sorts) == 1 and any(of and not of & sorts for of in of_metrics):
            found.append(folded.text[offset(folded, value.span.start) : offset(folded, value.span.end)])
    return tuple(dict.fromkeys(found))


def shared_kind(folded: Folded, named: Iterable[NameMention]) -> tuple[str, ...]:
    """贷款 of 对公存款和贷款: the kind of customer that the first name of a list says may be said of the next as well."""
    placed = sorted((m for m in named if m.span), key=lambda m: m.span.start if m.span else 0)
    found = []
    for one, other in pairwise(placed):
        assert one.span and other.span
        first, end = offset(folded, one.span.start), offset(folded, one.span.end)
        start = offset(folded, other.span.start)
        said = folded.text[start : offset(folded, other.span.end)]
        is_whole = _CUSTOMERS.match(said) or (said.isascii() and " " in said.strip())
        if _CUSTOMERS.match(folded.text, first, end) and _JOINED.fullmatch(folded.text[end:start]) and not is_whole:
            found.append(said)
    return tuple(found)
