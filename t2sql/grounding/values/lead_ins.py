"""Values inside a lead-in that only says what the question is for: "Watch-list work: …", "SME away day - …".

Such a word may limit what is asked or not, so that it is taken for no value and told; a lead-in that is nothing but the
limit itself ("SME loans: …", "Shanghai branch - …") keeps it.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterable

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


_TERM = re.compile(
    r" (?:with (?:an? )?(?:term|tenor|maturity|maturities) (?:of )?)?(?P<said>(?:over|under|longer than|shorter than|more than|less than|beyond|above|below|exceeding) (?:\d{1,3}|one|two|three|five|ten) (?:years?|months?|days?))\b(?! (?:ago|old|earlier|before|overdue|past|late|in arrears))"
)


def told_lead_ins(
    folded: Folded, values: tuple[ValueMention, ...], named: Iterable[NameMention]
) -> tuple[tuple[ValueMention, ...], tuple[str, ...]]:
    """`values` less those of a lead-in that is of something else, and what was said for them. `named`: metrics found."""
    lead = _LEAD.match(folded.text)
    if lead is None:
        return values, ()
    end = lead.end("said")
    spans = [m.span for m in named if m.span]
    if any(offset(folded, s.start) < end for s in spans) or not spans:
        return values, ()
    inside = [v for v in values if not v.is_negated and offset(folded, v.span.end) <= end]
    told = []
    for value in inside:
        word = _WORD.match(folded.text[:end], offset(folded, value.span.end))
        if word and not _OF_FIGURES.fullmatch(word["noun"]):
            told.append(value)
    spoken = tuple(dict.fromkeys(folded.text[offset(folded, v.span.start) : offset(folded, v.span.end)] for v in told))
    return tuple(v for v in values if v not in told), spoken


def unread_terms(folded: Folded, named: Iterable[NameMention], claimed: Iterable[Span]) -> tuple[str, ...]:
    """Terms right after a metric's name that nothing holds: deposits over one year, where only loans have a term."""
    held, found = list(claimed), []
    for mention in named:
        match = _TERM.match(folded.text, offset(folded, mention.span.end)) if mention.span else None
        if match and not any(overlaps(folded.span(*match.span("said")), span) for span in held):
            found.append(match["said"])
    return tuple(dict.fromkeys(found))
