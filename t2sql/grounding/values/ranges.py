"""Values from one to another: R1到R5, R2-R4, "R1 through R3" mean all between, and no two ends.

Only values that are counted off (R1, R2, R3) have an order here. Any other "from A to B" is told: nothing says what lies
between.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence

from t2sql.flow import Span, ValueMention
from t2sql.grounding.settling import offset
from t2sql.grounding.values.lists import Place
from t2sql.grounding.values.written import EXACT, Target
from t2sql.grounding.words.overlaps import overlaps
from t2sql.grounding.words.text import Folded

_TO = re.compile(
    r"\s*(?:级|类|档)?\s*(?:一直到|直到|到|至|[-–—~～]+|\b(?:up )?to\b|\bthrough(?: to)?\b|\bthru\b)\s*(?:the )?"
)
_WRITTEN_TO = re.compile(r"\s*(?:一直到|直到|到|至|~|～)\s*|\s+(?:up to|to|through|thru)\s+(?:the )?")
_UNREAD = re.compile(r"(?:\d+|[一二两三四五六七八九十]+)(?:年|天|个月)[内外](?!到期|还|新)|(?P<paper>信用证|信用社)")
_COUNTED_OFF = re.compile(r"(?P<stem>[^\d]*)(?P<number>\d+)")


def spanned(text: str, hits: Sequence[Place], members: Callable[[str], Collection[str]]) -> list[Place]:
    """`hits` with the two ends of a range as one place of all between. `members`: the values of a dimension."""
    kept: list[Place] = []
    for hit in sorted(hits, key=lambda hit: hit[0]):
        between = _all_between(text, kept[-1], hit, members) if kept else []
        if between:
            kept[-1] = (kept[-1][0], hit[1], between)
        else:
            kept.append(hit)
    return kept


def is_range(said: str) -> bool:
    """Whether the words of one place are those of a range."""
    return bool(re.search(r"(?:到|至|[-–—~～]|\bto\b|\bthrough\b|\bthru\b)", said))


def without_whole(
    folded: Folded,
    values: tuple[ValueMention, ...],
    grouped: Collection[str],
    members: Callable[[str], Collection[str]],
) -> tuple[ValueMention, ...]:
    """`values` less a range of all members that a dimension grouped by has: 按风险等级（R1-R5）."""

    def is_whole(value: ValueMention) -> bool:
        said = folded.text[offset(folded, value.span.start) : offset(folded, value.span.end)]
        same = {v.value for v in values if v.span == value.span and v.dimension == value.dimension}
        return len(same) > 1 and is_range(said) and same == set(members(value.dimension))

    return tuple(v for v in values if v.is_negated or v.dimension not in grouped or not is_whole(v))


def unread_ranges(folded: Folded, values: Collection[ValueMention]) -> tuple[str, ...]:
    """从普卡到白金卡: two values of one dimension with a word of range between, which nothing here can count off."""
    found = []
    for one in values:
        for other in values:
            if one.dimension == other.dimension and one.value != other.value and one.span.end < other.span.start:
                start, end = offset(folded, one.span.end), offset(folded, other.span.start)
                if _WRITTEN_TO.fullmatch(folded.text[start:end]):
                    found.append(folded.text[offset(folded, one.span.start) : offset(folded, other.span.end)])
    return tuple(dict.fromkeys(found))


def unread_bounds(folded: Folded, kept: Collection[Span]) -> tuple[str, ...]:
    """1年内 that is neither a band nor a time here, and words that only begin like a value: 信用证."""
    found = []
    for match in _UNREAD.finditer(folded.text):
        span = folded.span(*match.span())
        if not any(overlaps(span, other) for other in kept) or match["paper"]:
            found.append(match[0])
    return tuple(dict.fromkeys(found))


def _all_between(text: str, first: Place, last: Place, members: Callable[[str], Collection[str]]) -> list[Target]:
    if not _TO.fullmatch(text[first[1] : last[0]]):
        return []
    for one in first[2]:
        for other in last[2]:
            low, high = _COUNTED_OFF.fullmatch(one.value), _COUNTED_OFF.fullmatch(other.value)
            if one.dimension != other.dimension or not low or not high or low["stem"] != high["stem"]:
                continue
            numbers = range(int(low["number"]), int(high["number"]) + 1)
            counted = {f"{low['stem']}{number}" for number in numbers}
            if len(numbers) > 1 and counted <= set(members(one.dimension)):
                return [Target(one.dimension, value, EXACT) for value in sorted(counted)]
    return []
