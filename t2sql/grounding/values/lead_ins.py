"""Values inside a lead-in that only says what the question is for: "Watch-list work: …", "SME away day - …".

Such a word may limit what is asked or not, so that it is taken for no value and told; a lead-in that is nothing but the
limit itself ("SME loans: …", "Shanghai branch - …") keeps it.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from t2sql.flow import NameMention, Span, ValueMention
from t2sql.grounding.settling import offset
from t2sql.grounding.words.overlaps import overlaps
from t2sql.grounding.words.text import Folded

_LEAD = re.compile(r"^(?P<said>[^,.;:?!()\d]{3,60}?)(?::| [-–—]) +(?=\S)")
_WORD = re.compile(r"\s*\b(?P<noun>[a-z][a-z'-]*)\b(?:\s+[a-z'-]+){0,2}\s*$")
# Still the thing that the figures are of.
_OF_FIGURES = re.compile(
    r"(?:customer|client|loan|deposit|balance|spend|spending|card|channel|rate|fee|product|account|borrower|depositor|sector|industry|credit|lending|book|"
    r"transaction|purchase|segment|class|category|companies|company|firm|corporate|portfolio|merchant|payment|volume|branch|branches|region|outlet|only|alone|"
    r"business|holder|cardholder|people|household|exposure|line|side|figures?|numbers?|part|area|and|or|by|in|at|of|for|vs|versus|to|with|from|on|please|first|again|rated|bucket|band|level|grade)s?"
)
# Who wants the figure, or what it is wanted for, is called after a value and may not be limited to it: the SME team
# needs …, for the real estate review, I am seeing the property developers tomorrow.
_ASKER = re.compile(
    r"(?:[ '-]+[a-z]+)?[ '-]*\b(?:team|desk|guys|people|folks|heads?|managers?|directors?|boss|committee|department|dept|unit|division|office|colleagues|leads?|chief|president|rms?) (?:(?:has|have|had|is|are|was|just|also|now|both|all) )*(?:wants?|wanted|needs?|needed|asks?|asked|asking|would like|requests?|requested|requires?|wonders?|wondering|after|chas(?:es|ing|ed))\b"
    r"|(?:业务)?(?:部门?|条线|团队|事业部|中心|组|同事|老总)(?:想|要|问|说|让|需要|催)"
)
_OCCASION = re.compile(
    r"(?:[ -]+(?!by\b|of\b|and\b|or\b|in\b|at\b|for\b|per\b)[a-z]+)? (?:committee|team|review|meeting|deck|pack|paper|memo|lunch|dinner|visit|trip|roadshow|call|campaign|pitch|workshop|offsite|conference|seminar)\b(?! (?:of|in|on) (?:the )?(?:loans?|deposits?))|\S{0,4}(?:开会|出差|调研|座谈|考察|路演)"
)
_FOR = re.compile(
    r"(?:\b(?:for|in|before|ahead of|at|to|have|has|got) (?:an? |the |our |my |their |this |tomorrow's |today's |next week's )?|(?:去|到|在|和|跟|与))$"
)
_MEETS = re.compile(
    r"(?:\b(?:seeing|visiting|meeting(?: with)?|pitching(?: to)?|lunch(?:ing)? with|dinner with|(?:call|session|drinks) with|my (?:manager|boss|colleague|director)s? (?:in|at|from)) (?:the |some |an? |our )?|(?:要跑|要见|要去见|拜访|走访|去见|约了))$"
)
_TERM = re.compile(
    r" (?:with (?:an? )?(?:term|tenor|maturity|maturities) (?:of )?)?(?P<said>(?:over|under|longer than|shorter than|more than|less than|beyond|above|below|exceeding) (?:\d{1,3}|one|two|three|five|ten) (?:years?|months?|days?))\b(?! (?:ago|old|earlier|before|overdue|past|late|in arrears))"
)


def told_lead_ins(
    folded: Folded, values: tuple[ValueMention, ...], named: Iterable[NameMention]
) -> tuple[tuple[ValueMention, ...], tuple[str, ...]]:
    """`values` less those of a lead-in that is of something else, and what was said for them. `named`: metrics found."""
    spans = [m.span for m in named if m.span]
    told = _of_occasions(folded, values, spans) + _of_leads(folded, values, spans)
    spoken = tuple(dict.fromkeys(folded.text[offset(folded, v.span.start) : offset(folded, v.span.end)] for v in told))
    return tuple(v for v in values if v not in told), spoken


def _of_leads(folded: Folded, values: Iterable[ValueMention], named: Sequence[Span]) -> list[ValueMention]:
    """Values within a lead-in before all names."""
    lead = _LEAD.match(folded.text)
    if lead is None or not named or any(offset(folded, s.start) < lead.end("said") for s in named):
        return []
    end = lead.end("said")
    told = []
    for value in values:
        word = _WORD.match(folded.text[:end], offset(folded, value.span.end))
        is_inside = not value.is_negated and offset(folded, value.span.end) <= end
        if is_inside and word and not _OF_FIGURES.fullmatch(word["noun"]):
            told.append(value)
    return told


def _of_occasions(folded: Folded, values: Iterable[ValueMention], named: Sequence[Span]) -> list[ValueMention]:
    """Values that whoever asks, or a meeting, is called after."""
    told = []
    for value in values:
        start, end = offset(folded, value.span.start), offset(folded, value.span.end)
        before = folded.text[:start]
        if value.is_negated or not named or any(overlaps(value.span, span) for span in named):
            continue
        is_for = _FOR.search(before) and _OCCASION.match(folded.text, end)
        is_met = _MEETS.search(before) and any(offset(folded, s.start) > end for s in named)
        if _ASKER.match(folded.text, end) or is_for or is_met:
            told.append(value)
    return told


def unread_terms(folded: Folded, named: Iterable[NameMention], claimed: Iterable[Span]) -> tuple[str, ...]:
    """Terms right after a metric's name that nothing holds: deposits over one year, where only loans have a term."""
    held, found = list(claimed), []
    for mention in named:
        match = _TERM.match(folded.text, offset(folded, mention.span.end)) if mention.span else None
        if match and not any(overlaps(folded.span(*match.span("said")), span) for span in held):
            found.append(match["said"])
    return tuple(dict.fromkeys(found))
