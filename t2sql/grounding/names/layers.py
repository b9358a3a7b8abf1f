"""The words that lay out a table of two groupings: 行业一层、担保方式一层, "branches down the side and products across".

Only where the text says such a word of two names does it ask to group by both: one alone may be of anything else.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterable

from t2sql.flow import NameMention, Span
from t2sql.grounding.settling import offset
from t2sql.grounding.words.text import Folded

_CUED = 1.0
_AXIS = r"(?:rows?|columns?|side|top|left|left[- ]hand side|x[- ]axis|y[- ]axis|one axis|other axis|other|horizontal(?: axis)?|vertical(?: axis)?)"
_AFTER = re.compile(
    rf"s? (?:(?:go(?:ing|es)?|run(?:ning|s)?|laid out) )?(?:down(?: the (?:side|left|page|rows?))?|across(?: the (?:top|columns?|page))?|(?:in|on|as|for|along|at)(?: the)? {_AXIS})(?=\s*(?:$|[,.;?!)]|and\b|by\b|with\b|for\b))"
    r"|(?:各?一(?:层|级|维|栏)|[为做作当放成](?:在)?(?:行|列|横轴|纵轴|横向|纵向|表头|左边|左侧|上边|上方)|打横|打竖|横着|竖着)(?:放|排|列|摆)?(?=$|[,，、。;；和与\s])"
)
_BEFORE = re.compile(
    r"\b(?:rows?|columns?|down the side|across the top|across|down)(?: are| is| being|:| =|,)? (?:the |by )?$|(?:横轴|纵轴|横向|纵向|横着|竖着|(?<!分)(?<!支)(?<!全)(?<!本)(?<!我)(?<!银)[行列])(?:是|为|放|按|[:：])$"
)


def with_layers(
    folded: Folded, dimensions: tuple[NameMention, ...], grains: Iterable[NameMention] = ()
) -> tuple[tuple[NameMention, ...], list[Span]]:
    """`dimensions`, as groupings those that the text lays out in a table, and where the words of laying out stand."""
    laid: list[NameMention] = []
    spans: list[Span] = []
    for mention in (*dimensions, *grains):
        if not mention.span:
            continue
        start, end = offset(folded, mention.span.start), offset(folded, mention.span.end)
        after = _AFTER.match(folded.text, end)
        before = None if after else _BEFORE.search(folded.text[:start])
        if found := after or before:
            laid.append(mention)
            spans.append(folded.span(*found.span()))
    if len({mention.name for mention in laid}) < 2:
        return dimensions, []
    cued = tuple(
        NameMention(d.span, d.kind, d.name, _CUED, *( [d.grain] if d.grain else [])) if d in laid else d for d in dimensions
    )
    return cued, spans
