"""One place, one answer: 上海 is the branch, the city and the province of one name, and no question to ask back.

Names out of one list of things (all of them columns of the units) are settled here; a word that may be a unit or a
customer is left with both, to be asked back.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterable

from t2sql.catalog import Catalog
from t2sql.flow import NameMention, Span, ValueMention
from t2sql.grounding.settling import offset
from t2sql.grounding.words.text import Folded

_SAYS_WHICH = re.compile(r"\s*(?:的|名)?(?:为|是|=|:|：|叫|等于|在|of|is|are|named|called|=)?\s*(?:the )?")
_CUED = 0.95
_JOINED = re.compile(r"[\s-]*")


def one_of_each(
    catalog: Catalog,
    folded: Folded,
    values: tuple[ValueMention, ...],
    dimensions: Iterable[NameMention],
) -> tuple[ValueMention, ...]:
    """`values` with one dimension a span for each list of things: the one that the text names beside it, else the one that
    it groups by (各分行，总行除外), else the first.
    """
    dimensions = tuple(dimensions)
    named = {(d.name, d.span) for d in dimensions if d.span}
    grouped = {d.name for d in dimensions if d.score >= _CUED}
    best: dict[tuple[Span, str], tuple[int, str]] = {}
    for value in values:
        place = (value.span, catalog.dimensions[value.dimension].dataset)
        said = any(name == value.dimension and says_which(folded, value.span, span) for name, span in named)
        fit = 2 if said else 1 if value.dimension in grouped else 0
        if place not in best or fit > best[place][0]:
            best[place] = (fit, value.dimension)
    return tuple(v for v in values if best[v.span, catalog.dimensions[v.dimension].dataset][1] == v.dimension)


def says_which(folded: Folded, value: Span, name: Span) -> bool:
    """Whether a dimension's name says of which kind the value beside it is: 城市为南京, the city of Nanjing, Nanjing city."""
    if name.end <= value.start:
        return bool(_SAYS_WHICH.fullmatch(_between(folded, name, value)))
    return value.end <= name.start and bool(_JOINED.fullmatch(_between(folded, value, name)))


def _between(folded: Folded, first: Span, second: Span) -> str:
    return folded.text[offset(folded, first.end) : offset(folded, second.start)]
