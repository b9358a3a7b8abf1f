"""Words that count off again what the text named before: 逾期天数…，每一档; 五级分类…，各类; 风险等级R1到R5，每级.

Only a dimension whose members are called so is meant (级 of 等级, 档 of 天数); where several may be, nothing is.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from dataclasses import replace

from t2sql.catalog import Catalog
from t2sql.flow import NameMention, Span
from t2sql.grounding.settling import offset
from t2sql.grounding.words.overlaps import overlaps
from t2sql.grounding.words.text import Folded

_CUED = 1.0
_AGAIN = re.compile(
    r"(?:各个?|每一?个?|分)(?P<kind>级别?|等级|档次?|挡|段|区间|类别?|种)(?=$|[,，。;；、\s]|的|有|是|为|占|余额|贷款|存款|客户|理财|金额|笔|多少|几|人|户|持有|各|分别|不良|逾期|合计)"
    r"|\b(?:each|every|per)(?: of (?:these|those|the|them))? ?(?P<english>grade|class|level|rating|band|bucket|category)?(?=$|[,.;?!:)]| (?:has|have|had|holds?|is|are|was|were|one)\b)"
)
# What the members of a dimension are called, by a word of its name.
_CALLED = {
    "级": ("等级", "评级", "分级", "五级分类"),
    "档": ("档", "天数", "期限", "账龄", "年龄", "区间", "时段"),
    "类": ("分类", "类型", "类别", "种类", "五级"),
    "种": ("种类", "品种", "类型"),
    "grade": ("等级", "五级", "评级"),
    "rating": ("等级", "评级"),
    "level": ("等级", "评级"),
    "class": ("五级", "分类"),
    "category": ("类别", "类型", "分类"),
    "band": ("档", "期限"),
    "bucket": ("档", "期限"),
}
_SAME = {"挡": "档", "段": "档", "区间": "档", "档次": "档", "等级": "级", "级别": "级", "类别": "类"}
_WITHIN = re.compile(
    r"\b(?:under|within|inside|in|for|below|beneath)(?: each| every)(?: of the)? $|(?:在)?(?:每一?个?|各)$"
)
# Rate type under each product: split by both.
_UNDER = re.compile(r"under|within|inside|below|beneath")
_LEVEL = re.compile(r"(?:拆(?:分|解)?|细(?:分|化)?|分(?:解|列)|展开|具体|下钻|列)(?:到|成|至)(?:各个?|每个?)?$")


def with_each_of_them(
    catalog: Catalog, folded: Folded, dimensions: tuple[NameMention, ...]
) -> tuple[tuple[NameMention, ...], list[Span]]:
    """`dimensions`, the one that a later word counts off as a grouping, and where such words stand; also words of level
    before a grouping (细分到支行).
    """
    spans: list[Span] = []
    for match in _AGAIN.finditer(folded.text):
        kind = match["kind"] or match["english"] or ""
        span = folded.span(*match.span())
        called = _CALLED.get(_SAME.get(kind, kind), ())
        before = [d for d in dimensions if d.span and d.span.end <= span.start and d.name in catalog.dimensions]
        meant = {
            d.name
            for d in before
            if any(word in catalog.dimensions[d.name].display.zh + _said(folded, d) for word in called)
        }
        if len(meant) != 1 or any(overlaps(d.span, span) for d in dimensions):
            continue
        name = meant.pop()
        first = next(d for d in before if d.name == name)
        dimensions = tuple(replace(d, score=_CUED) if d is first else d for d in dimensions)
        spans.append(span)
    for mention in dimensions:
        spans += _within(folded, mention, dimensions)
        if mention.span and mention.score >= _CUED:
            start = offset(folded, mention.span.start)
            if level := _LEVEL.search(folded.text[:start]):
                spans.append(folded.span(level.start(), start))
    return dimensions, spans


def _within(folded: Folded, mention: NameMention, dimensions: tuple[NameMention, ...]) -> list[Span]:
    """Under each industry, after a grouping by industry: the words that only say again by what it is split first."""
    start = offset(folded, mention.span.start) if mention.span else 0
    again = _WITHIN.search(folded.text[:start])
    is_under = again is not None and mention.score >= _CUED and _UNDER.match(again[0])
    said = [
        d
        for d in dimensions
        if d.span and d is not mention and d.score >= _CUED and (d.name == mention.name or is_under)
    ]
    first = folded.span(again.start(), again.end()) if again else None
    return [first] if first and any(d.span and d.span.end <= first.start for d in said) else []


def _said(folded: Folded, mention: NameMention) -> str:
    return folded.text[offset(folded, mention.span.start) : offset(folded, mention.span.end)] if mention.span else ""
