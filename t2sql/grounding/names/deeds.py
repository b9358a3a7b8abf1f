"""Customers who came or left, said by a verb apart from the noun: "how many customers did we gain, and how many did we
lose", 新增了多少客户，又流失了多少.

The verb makes another metric of the noun's. Where no name of the catalog says both, nothing is changed and the verb is
told back elsewhere. Never adds a verb to a noun that is no customer: deposits that were lost may be any change of them.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from t2sql.grounding.names.paraphrases import Paraphrases

Found = tuple[int, int, str, float]
SHARED_NOUN = 0.96
_COMING_AND_GOING = ("new", "churn")
_CUSTOMER = "customer"
_CLAUSE = re.compile(r"[,，;；。?？!、]|\band\b|\bbut\b|[又并](?!非)|同时|(?<![从而反])而")
_ASKS = re.compile(r"多少|几[个家户名位]|\bhow many\b")
_HOW_MANY = re.compile(r"了?(?:多少|几)[个家户名位]?")
# Of whom else is told that they were lost: 流失的呢, "what about the churned ones?"
_GONE = re.compile(
    r"(?:那么?|再看看?)?,?(?P<who>流失)了?的?呢?[?？]?|(?:and |what about |how about )?(?:the |those )?(?P<whom>lost|churned)(?: ones)?\s*\??"
)
# A rate of leaving is no count of who left.
_MEASURE = re.compile(r"\s*(?:[率额]|比例|占比|比重|(?:rates?|ratios?|percentage|share)\b)")
# "how many customers did each region gain": the verb ends what was asked of the noun.
_DID = re.compile(
    r"\s*(?:did|do|does|have|has|had|were|was|are|is) (?:(?!not\b|never\b|have\b|keep\b|hold\b)[a-z]+ ){0,3}$"
)


def with_deeds(text: str, hits: Sequence[Found], names: Paraphrases) -> list[Found]:
    """`hits` (start, end, metric, score) of a folded text, each customer count with its verb, and each verb whose noun
    stands in another clause as a name of its own.
    """
    found = list(hits)
    found = _by_card(text, _not_yet_paid(text, found, names), names)
    if not hits and (gone := _GONE.fullmatch(text)):
        called = names.of_concept("churn", (_CUSTOMER, "count"))
        return [(*gone.span("who" if gone["who"] else "whom"), called[0], SHARED_NOUN)] if len(called) == 1 else []
    people = [hit for hit in hits if _CUSTOMER in names.concepts_of(hit[2])]
    if not people:
        return found
    cuts = [0, *(m.end() for m in _CLAUSE.finditer(text)), len(text)]
    for start, end, (concept,) in names.words_for(text, [(concept,) for concept in _COMING_AND_GOING]):
        if any(hit[0] < end and start < hit[1] for hit in found) or _MEASURE.match(text, end):
            continue
        first, last = next((a, b) for a, b in pairwise(cuts) if a <= start < b)
        beside = [hit for hit in found if first <= hit[0] < last]
        if not beside and _ASKS.search(text, first, last):
            called = names.of_concept(concept, (_CUSTOMER, "count"))
            how_many = _HOW_MANY.match(text, end)
            whole = (start, how_many.end() if how_many else end)
            found += [(*whole, called[0], SHARED_NOUN)] if len(called) == 1 else []
        elif len(beside) == 1 and beside[0] in people and _DID.fullmatch(text, beside[0][1], start):
            called = names.with_concept(beside[0][2], concept)
            if len(called) == 1:
                found = [hit for hit in found if hit != beside[0]] + [(*beside[0][:2], called[0], SHARED_NOUN)]
    return found


_BY_CARD = re.compile(
    r"\b(?:spend|spent|spending|spends|paid|pay|bought|buy)\b[^,.;?!]*?(?P<how>\b(?:by|with|on) (?:credit )?cards?\b)(?! (?:tiers?|types?|products?|levels?|grades?|brands?|class|limits?))"
)


def _by_card(text: str, found: list[Found], names: Paraphrases) -> list[Found]:
    """ "what customers spend most on by card": how they pay, which is no row each."""
    spent = [h for h in found if {"card", "spend"} <= names.concepts_of(h[2]) and not text[h[0] :].startswith("card")]
    for match in _BY_CARD.finditer(text):
        own = [h for h in spent if h[0] <= match.start() < h[1]]
        free = all(h[1] <= match.start("how") or match.end("how") <= h[0] for h in found)
        found = [*found, (*match.span("how"), own[0][2], own[0][3])] if own and free else found
    return found


def _not_yet_paid(text: str, found: list[Found], names: Paraphrases) -> list[Found]:
    """ "Of the loans originated in 2023, how much is still outstanding": what was lent, asked for what stands of it."""
    if not names.words_for(text, [("balance", "unpaid")]):
        return found
    kept: list[Found] = []
    for hit in found:
        nouns = [w for w in names.words_for(text, [("loan",)]) if hit[0] <= w[0] and w[1] <= hit[1]]
        stands = names.instead(hit[2], "disbursal", "balance") if nouns else ()
        kept.append((nouns[0][0], nouns[0][1], stands[0], SHARED_NOUN) if len(stands) == 1 else hit)
    return kept
