"""Nouns that only say what another name is about: the loan of "loan product", the borrowers that loans are of, the people
that are asked for where people and loans could both be counted.

Takes away a metric where another one stays, and never the last one.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from t2sql.catalog import Catalog
from t2sql.flow import NameMention, Period
from t2sql.grounding.names.names import NameIndex
from t2sql.grounding.settling import offset
from t2sql.grounding.words.text import Folded

_PEOPLE = re.compile(
    r"\b(?:how many|number of) (?:[a-z-]+ ){0,4}?(?:customers?|clients?|borrowers?|depositors?|people|companies|firms|businesses|households|individuals|enterprises)\b"
)
_WHOM = re.compile(r"\b(?:for|to|of|by|from|among|with) (?:(?!and\b|or\b)[a-z-]+ ){0,3}$")
_COUNTS = re.compile(r"\b(?:number|count|how many|total)\b")
_HELD_ZH = re.compile(r"(?:客户|客群|储户)(?:们)?(?:持有|名下|手里|手上|手中|购买|买|拥有|持)的[^数户个多少]{2,6}")
_SHARE = re.compile(r"\b(?:share|portion|proportion|percentage|fraction|part|per ?cent|%) of (?:the |our |all )?")
_RATE = re.compile(r"\b(?:rates?|interest|pric\w+|yields?|coupons?)\b|利率|定价")
_COUNT_ZH = re.compile(r"^的?(?:户|客户|人)?数|多少[户人个位]|几[户人个位]|户数|人数")
_NOUN = re.compile(r"(?:loan|deposit|card)s?")


def without_kinds(
    folded: Folded, named: tuple[NameMention, ...], dimensions: Sequence[NameMention], catalog: Catalog
) -> tuple[NameMention, ...]:
    """ "Which loan product had the most new lending": a bare noun that belongs to a dimension's name is no metric."""
    starts = {offset(folded, d.span.start) for d in dimensions if d.span}
    kinds = [
        m
        for m in named
        if m.span
        and offset(folded, m.span.end) + 1 in starts
        and _NOUN.fullmatch(_said(folded, m))
        and _is_money(m, catalog)
    ]
    others = [m for m in named if m not in kinds]
    return tuple(others) if others else named


def without_whom(
    folded: Folded, named: tuple[NameMention, ...], said: Sequence[NameMention], catalog: Catalog, names: NameIndex
) -> tuple[NameMention, ...]:
    """ "Loans per collateral type for SME borrowers": the count of whom the loans are of gives way to the loans, be they
    among `named` or only in `said`.
    """
    kept = list(named)
    for people in named:
        if not people.span or _is_money(people, catalog) or not _said(folded, people).isascii():
            continue
        start = offset(folded, people.span.start)
        if _COUNTS.search(folded.text) or not _WHOM.search(folded.text[:start]):
            continue
        rest = [m for m in kept if m is not people and _is_money(m, catalog)]
        things = rest or [
            m for m in said if m.span and m.score == 1.0 and m.span.end <= people.span.start and _is_money(m, catalog)
        ]
        if things and all(people.name in _owners(m, names) for m in things):
            kept = [m for m in kept if m is not people]
            kept += [] if rest else things[:1]
    return tuple(kept)


def _owners(mention: NameMention, names: NameIndex) -> list[str]:
    return [name for thing in names.things_of(mention.name) for name in names.counting(thing)]


def without_period_words(
    folded: Folded, named: tuple[NameMention, ...], periods: Sequence[Period], names: NameIndex
) -> tuple[NameMention, ...]:
    """最近三个月日均存款: the month belongs to the period, and a daily average is no monthly one."""
    kept: list[NameMention] = []
    for mention in named:
        ends = [
            p.span.end
            for p in periods
            if mention.span and p.span.start < mention.span.start < p.span.end < mention.span.end
        ]
        is_unclear = any(m.span == mention.span and m.name != mention.name for m in named)
        if ends and is_unclear and mention.span:
            start, end = offset(folded, ends[0]), offset(folded, mention.span.end)
            own = names.find_metrics(folded.text[start:end], is_fuzzy=False)
            if len(own) == 1:
                again = NameMention(folded.span(start, end), "metric", own[0].name, 1.0)
                kept += [] if again in kept else [again]
                continue
        kept.append(mention)
    return tuple(kept)


def without_rates(
    folded: Folded, named: tuple[NameMention, ...], catalog: Catalog, names: NameIndex
) -> tuple[NameMention, ...]:
    """ "What portion of SME lending …": a share of what is lent is no rate of interest; what it is a share of stays."""
    kept: list[NameMention] = []
    for mention in named:
        said = _said(folded, mention) if mention.span else ""
        share = _SHARE.search(said)
        if (
            not share
            or _RATE.search(said)
            or "利率" not in catalog.metrics[mention.name].display.zh
            or not mention.span
        ):
            kept.append(mention)
            continue
        start = offset(folded, mention.span.start) + share.end()
        for other in names.find_metrics(said[share.end() :]):
            if other.span:
                kept.append(replace(other, span=folded.span(start + other.span.start, start + other.span.end)))
    return tuple(kept)


def held_by_people(
    folded: Folded, named: tuple[NameMention, ...], catalog: Catalog, names: NameIndex
) -> tuple[NameMention, ...]:
    """客户持有的理财: what they hold is asked, and not how many they are."""
    kept = []
    for mention in named:
        if mention.span and not _is_money(mention, catalog) and _HELD_ZH.fullmatch(_said(folded, mention)):
            after = folded.text[offset(folded, mention.span.end) :]
            own = [n for thing in names.things_of(mention.name) for n in names.metrics_saying(thing)]
            if len(own) == 1 and not _COUNT_ZH.search(after):
                mention = replace(mention, name=own[0])
        kept.append(mention)
    return tuple(kept)


def people_first(
    folded: Folded, named: tuple[NameMention, ...], catalog: Catalog, names: NameIndex
) -> tuple[NameMention, ...]:
    """ "How many medium-sized customers have loans": two counts in the same words are the people's."""
    if not _PEOPLE.search(folded.text):
        return named
    people = [m for m in named if m.span and (m.name in _owners(m, names) or names.is_everybody(m.name))]
    kept = tuple(m for m in named if m in people or not any(m.span == p.span for p in people) or _is_money(m, catalog))
    return kept


def _is_money(mention: NameMention, catalog: Catalog) -> bool:
    return catalog.metrics[mention.name].unit != "count"


def _said(folded: Folded, mention: NameMention) -> str:
    assert mention.span
    return folded.text[offset(folded, mention.span.start) : offset(folded, mention.span.end)]
