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
# R3 and above: one end of what is counted off, and all beyond it.
_ABOVE = re.compile(
    r"\s*(?:级|类|档)?\s*(?:[(（]含[)）])?(?:及|和|或|及其|或者)?(?:以上|之上|更高)(?:的?(?:级别|等级|风险等级))?|\s*\+(?!\s*\d)|,? (?:and|or) (?:above|higher|up|upwards|over|riskier)\b|,? upwards?\b"
)
_BELOW = re.compile(
    r"\s*(?:级|类|档)?\s*(?:[(（]含[)）])?(?:及|和|或|及其|或者)?(?:以下|之下|更低)(?:的?(?:级别|等级|风险等级))?|,? (?:and|or) (?:below|lower|under|less|down)\b|,? downwards?\b"
)
_OPENS_ABOVE = re.compile(r"(?:不低于|至少|at least |no lower than |not below |from )$")
_OPENS_BELOW = re.compile(r"(?:不高于|不超过|至多|at most |no higher than |not above |up to )$")
_FROM_ABOVE = re.compile(r"\s+(?:and |or )?(?:up|upwards?|on|onwards?)\b")
_FIRST_NUMBER = re.compile(r"(?P<stem>[a-z]?)(?P<number>\d+)", re.IGNORECASE)
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


def open_ended(text: str, hit: Place, members: Callable[[str], Collection[str]]) -> Place:
    """R3及以上, "R4 or higher", 不低于R3: with all beyond that end; any other place as it is."""
    start, end, targets = hit
    if len(targets) != 1 or not (own := _FIRST_NUMBER.match(targets[0].value)):
        return hit
    above, below = _ABOVE.match(text, end), _BELOW.match(text, end)
    opens_above, opens_below = _OPENS_ABOVE.search(text[:start]), _OPENS_BELOW.search(text[:start])
    if opens_above and opens_above[0] == "from ":
        above, opens_above = _FROM_ABOVE.match(text, end), None
    if opens_above or above:
        rising = True
    elif opens_below or below:
        rising = False
    else:
        return hit
    edge = opens_above if rising else opens_below
    after = above if rising else below
    known = [(value, _FIRST_NUMBER.match(value)) for value in members(targets[0].dimension)]
    numbers = {value: int(match["number"]) for value, match in known if match and match["stem"] == own["stem"]}
    if len(set(numbers.values())) < len(numbers):
        return hit
    if len(numbers) < len(known) and not (rising and not own["stem"]):
        # Whether what bears no number (not overdue) is below, nobody says.
        return hit
    end_of = int(own["number"])
    beyond = sorted(value for value, number in numbers.items() if (number >= end_of if rising else number <= end_of))
    first, last = edge.start() if edge else start, after.end() if after else end
    return first, last, [Target(targets[0].dimension, value, EXACT) for value in beyond]


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
