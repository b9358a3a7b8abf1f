"""The words that lay out a table of two groupings: 行业一层、担保方式一层, "branches down the side and products across".

Only where the text says such a word of two names does it ask to group by both: one alone may be of anything else.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from t2sql.flow import NameMention, Span
from t2sql.grounding.settling import offset
from t2sql.grounding.words.text import Folded

_CUED = 1.0
_AXIS = r"(?:rows?|columns?|side|top|left|left[- ]hand side|x[- ]axis|y[- ]axis|one axis|other axis|other|horizontal(?: axis)?|vertical(?: axis)?)"
_AFTER = re.compile(
    rf"s? (?:(?:go(?:ing|es)?|run(?:ning|s)?|laid out) )?(?:down(?: the (?:side|left|page|rows?))?|across(?: the (?:top|columns?|page))?|(?:in|on|as|for|along|at)(?: the)? {_AXIS})(?=\s*(?:$|[,.;?!)]|and\b|by\b|with\b|for\b))"
    r"|(?:各?一(?:层|级|维|栏)|[为做作当放成](?:在)?(?:行|列|横轴|纵轴|横向|纵向|表头|左边|左侧|上边|上方)|打横|打竖|横着|竖着)(?:放|排|列|摆)?(?=$|[,，、。;；和与\s])"
)
# What such a table is called.
_TABLE = re.compile(
    r"\b(?:cross[- ]?tab(?:ulat(?:e|ion|ed))?s?|(?:two[- ]way|2[- ]?d|pivot) tables?|pivot|matrix)(?: table)?(?: of|:| for| showing)?(?= |$)|交叉表|透视表|二维表|矩阵"
)
_TIMES = re.compile(r"乘以?")
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
    several = len({d.name for d in dimensions if d.score >= _CUED} | {m.name for m in laid}) > 1
    times = [folded.span(*m.span()) for m in _TABLE.finditer(folded.text)] if several else []
    times += [span for mention in dimensions for span in _multiplied(folded, mention, dimensions)]
    if len({mention.name for mention in laid}) < 2:
        return dimensions, times
    return tuple(replace(d, score=_CUED) if d in laid else d for d in dimensions), spans + times


def _multiplied(folded: Folded, mention: NameMention, dimensions: Iterable[NameMention]) -> list[Span]:
    """乘 of 客群乘分行: the word between two groupings."""
    if not mention.span:
        return []
    match = _TIMES.match(folded.text, offset(folded, mention.span.end))
    if not match or not any(d.span and offset(folded, d.span.start) == match.end() for d in dimensions):
        return []
    return [folded.span(*match.span())]
