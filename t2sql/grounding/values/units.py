"""One place, one answer: 上海 is the branch, the city and the province of one name, and no question to ask back.

Names out of one list of things (all of them columns of the units) are settled here; a word that may be a unit or a
customer is left with both, to be asked back.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from t2sql.catalog import Catalog
from t2sql.flow import NameMention, Span, ValueMention
from t2sql.grounding.settling import offset
from t2sql.grounding.values.denials import LISTED
from t2sql.grounding.words.text import Folded

_SAYS_WHICH = re.compile(r"\s*(?:的|名)?(?:为|是|=|:|：|叫|等于|在|of|is|are|named|called|=)?\s*(?:the )?")
_CUED = 0.95
_JOINED = re.compile(r"[\s-]*")
# 成都和昆明两座城市: the count of a list stands between it and what its members are.
_COUNTED = re.compile(
    r"\s*(?:的)?(?:这|那)?(?P<count>[两二三四五六七八九十]|\d{1,2})(?:个|座|家|大|地)?的?|\s*(?:这|那)(?:几|些)(?:个|座|家|大)?的?"
)
_NUMBERS = {"两": "2", **{zh: str(number) for number, zh in enumerate("一二三四五六七八九十", 1)}}


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
    counted = _counted(folded, values, dimensions)
    best: dict[tuple[Span, str], tuple[int, str]] = {}
    for value in values:
        place = (value.span, catalog.dimensions[value.dimension].dataset)
        said = any(name == value.dimension and says_which(folded, value.span, span) for name, span in named)
        said = said or (value.span, value.dimension) in counted
        fit = 2 if said else 1 if value.dimension in grouped else 0
        if place not in best or fit > best[place][0]:
            best[place] = (fit, value.dimension)
    return tuple(v for v in values if best[v.span, catalog.dimensions[v.dimension].dataset][1] == v.dimension)


def _counted(
    folded: Folded, values: tuple[ValueMention, ...], dimensions: tuple[NameMention, ...]
) -> set[tuple[Span, str]]:
    """Values, each with the dimension that the words after their list say it is of: 成都和昆明两座城市, 成都、昆明这两个城市."""
    found: set[tuple[Span, str]] = set()
    for mention in dimensions:
        if not mention.span:
            continue
        run = _run_before(folded, [v.span for v in values if v.dimension == mention.name], mention.span)
        found |= {(span, mention.name) for span in run}
        after = _run_after(folded, [v.span for v in values if v.dimension == mention.name], mention.span)
        found |= {(span, mention.name) for span in after}
    return found


def _run_after(folded: Folded, spans: list[Span], name: Span) -> list[Span]:
    """The list of `spans` that begins right after the dimension's `name`: the cities of Nanjing and Hangzhou, 城市为南京、杭州."""
    ordered = sorted({s for s in spans if s.start >= name.end}, key=lambda s: s.start)
    if not ordered or not _SAYS_WHICH.fullmatch(_between(folded, name, ordered[0])):
        return []
    run = ordered[:1]
    for span in ordered[1:]:
        if not LISTED.fullmatch(_between(folded, run[-1], span)):
            break
        run.append(span)
    return run if len(run) > 1 else []


def _run_before(folded: Folded, spans: list[Span], name: Span) -> list[Span]:
    """The list of `spans` that ends right before the dimension's `name`, with a count between or none; [] for no list."""
    ordered = sorted({s for s in spans if s.end <= name.start}, key=lambda s: -s.start)
    if not ordered:
        return []
    between = _between(folded, ordered[0], name)
    if not (_COUNTED.fullmatch(between) or _JOINED.fullmatch(between)):
        return []
    run = ordered[:1]
    for span in ordered[1:]:
        if not LISTED.fullmatch(_between(folded, span, run[-1])):
            break
        run.append(span)
    return run if len(run) > 1 else []


def count_words(folded: Folded, values: Iterable[ValueMention], dimensions: Iterable[NameMention]) -> list[Span]:
    """The counts between a list and what its members are: 两座 of 成都和昆明两座城市, where the count is right."""
    values = tuple(values)
    found = []
    for mention in dimensions:
        if not mention.span:
            continue
        run = _run_before(folded, [v.span for v in values if v.dimension == mention.name], mention.span)
        if not run:
            continue
        count = _COUNTED.fullmatch(_between(folded, run[0], mention.span))
        if count and (not count["count"] or _NUMBERS.get(count["count"], count["count"]) == str(len(run))):
            found.append(Span(run[0].end, mention.span.start))
    return found


def says_which(folded: Folded, value: Span, name: Span) -> bool:
    """Whether a dimension's name says of which kind the value beside it is: 城市为南京, the city of Nanjing, Nanjing city."""
    if name.end <= value.start:
        return bool(_SAYS_WHICH.fullmatch(_between(folded, name, value)))
    return value.end <= name.start and bool(_JOINED.fullmatch(_between(folded, value, name)))


def _between(folded: Folded, first: Span, second: Span) -> str:
    return folded.text[offset(folded, first.end) : offset(folded, second.start)]


_BELONGS = re.compile(
    r"\s*(?:that |which )?(?:(?:are|is|sit|come|fall) )?(?:located |sitting |based )?(?:under|below|beneath|belonging to|reporting to|attached to|part of|within|of|in)(?: the| our)? |\s*(?:的)?(?:下属|下辖|辖下|辖内|旗下|下面|名下|下设|所辖|所属|管辖|底下)的?"
)


def belonging_words(
    catalog: Catalog, folded: Folded, values: Iterable[ValueMention], dimensions: Iterable[NameMention]
) -> list[Span]:
    """Words that say of which unit other units are: under in "sub-branches under the Hangzhou branch", 下面的."""
    values, found = tuple(values), []
    for mention in dimensions:
        for value in values:
            own, other = catalog.dimensions.get(mention.name), catalog.dimensions[value.dimension]
            if (
                not own
                or not mention.span
                or own.dataset != other.dataset
                or own.name == other.name
                or value.is_negated
            ):
                continue
            first, second = sorted((mention.span, value.span), key=lambda s: s.start)
            if first.end <= second.start and _BELONGS.fullmatch(_between(folded, first, second)):
                found.append(Span(first.end, second.start))
    return found


def with_members(
    catalog: Catalog, folded: Folded, values: Iterable[ValueMention], dimensions: tuple[NameMention, ...]
) -> tuple[NameMention, ...]:
    """`dimensions`, with a grouping where several units of another are named: deposits of sub-branches under Chengdu branch."""
    values, found = tuple(values), []
    for mention in dimensions:
        before = folded.text[: offset(folded, mention.span.end)] if mention.span else ""
        is_several = before.endswith(("branches", "regions"))
        held = is_several and belonging_words(catalog, folded, values, [mention])
        found.append(replace(mention, score=1.0) if held else mention)
    return tuple(found)
