"""Members that are meant as one: "all branches together", "across all regions combined", 所有分行加起来.

They say the whole bank and group by nothing, so that they are blanked before a grouping is looked for.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from t2sql.flow import NameMention
from t2sql.grounding.settling import offset
from t2sql.grounding.words.text import Folded

_TOGETHER = r"(?:together|combined|taken together|put together|added (?:up|together)|summed(?: up)?|lumped together|rolled up|pooled|as a whole|in total|in aggregate|all told|altogether)"
_OPENING = re.compile(
    r"(?:\b(?:for|over|across|of|in|from|at|with) )?\b(?:all|every one)(?: of)?(?: the| our| its)*(?: (?:\d{1,3}|two|three|four|five|six|seven|eight|nine|ten))? $|\bcombined (?:across|over|for) (?:all )?(?:the |our )?$"
)
_CLOSING = re.compile(rf"s?,? {_TOGETHER}\b(?! with\b)")
_COMBINED = re.compile(r"(?:e?s)?\b")
_SUMMED = r"(?:加起来|加在一起|加到一起|合在一起|合起来|加总(?:起来)?|汇总起来|汇总在一起|相加|全部?加起来|总共加起来)"
_OPENING_ZH = re.compile(r"(?:把|将)?(?:所有|全部|全体|各个?|每个?)的?(?:家|个)?$")
_CLOSING_ZH = re.compile(rf"的?(?:都|全)?{_SUMMED}的?|(?:合计|总计|共计|总共|一共)的?")
_SAYS = re.compile(rf"\b{_TOGETHER}\b|\bcombined\b|{_SUMMED}|合计|总计|共计|总共|一共")
_EACH = re.compile(r"[各每]")


def without_wholes(folded: Folded, dimensions: Callable[[Folded], Iterable[NameMention]]) -> Folded:
    """`folded` of the same length, blank where all the members of a dimension are meant as one. `dimensions` finds the names."""
    if not _SAYS.search(folded.text):
        return folded
    text = folded.text
    letters = list(text)
    for mention in dimensions(folded):
        if not mention.span:
            continue
        start, end = offset(folded, mention.span.start), offset(folded, mention.span.end)
        opening = _OPENING.search(text[:start]) or _OPENING_ZH.search(text[:start])
        if opening is None:
            continue
        if opening[0].startswith("combined"):
            last = _COMBINED.match(text, end)
        elif opening[0][-1:] == " ":
            last = _CLOSING.match(text, end)
        else:
            last = _CLOSING_ZH.match(text, end)
            if last and _EACH.search(opening[0]) and not re.search(_SUMMED, last[0]):
                # 各分行合计 may be the figure of each.
                continue
        if last:
            letters[opening.start() : last.end()] = " " * (last.end() - opening.start())
    return replace(folded, text="".join(letters))
