"""Words that ask for another measure than a reading shows: how much, where it counts; what percentage of the branches, where
it lists them; how far a target is met, which nothing here knows.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re

from t2sql.catalog import Catalog
from t2sql.flow import Context, Span

_HOW_MUCH = re.compile(
    r"\bhow much\b(?! (?:of|more|less|higher|lower|bigger|smaller)\b)|多少(?:钱|金额|元|万|亿)", re.IGNORECASE
)
_PART_BEFORE = re.compile(
    r"\b(?:percentage|proportion|share|fraction|per ?cent|%) of (?:the |our |all |these |all the )?(?:[a-z]+ ){0,2}$",
    re.IGNORECASE,
)
_PART_AFTER = re.compile(r"^(?:的?数量?)?(?:占(?:比|多少|几成|百分之几)|的?(?:比例|比重))")
# One name that runs over two measures: "loan balance with number of loans".
_TWO_MEASURES = re.compile(
    r"\b(?:balance|amount|volume|value)s?,? (?:with|and|plus|alongside) (?:the )?(?:number|count)\b", re.IGNORECASE
)
# "What fraction of mortgages was past due": the value is the whole and no part of one.
_IS_PART = re.compile(r"[a-z' ]{0,24}?\b(?:is|are|was|were|went|has|have)\b", re.IGNORECASE)
_SAYS_PART = re.compile(r" (?:is|are|was|were|in) ", re.IGNORECASE)
# A mean over branches, where the metric is one over days or months.
_MEAN_ACROSS = re.compile(
    r"\b(?:average|mean|avg)\b[^,.;]{0,30}\b(?:across|among|amongst|over) (?:the |all |our |all our )?(?:branches|outlets|regions|sub-branches|customers|products|industries|segments)\b|\b(?:average|mean|avg|typical) (?:branch|outlet|region|customer)\b",
    re.IGNORECASE,
)
_TARGETS = re.compile(r"(?:完成|达成|达标|执行|实现|兑现)(?:率|进度|比例|情况)")


def unmeasured(context: Context, sql: str, catalog: Catalog) -> list[Span]:
    """Where such words stand that `sql` does nothing for."""
    text = context.question.text
    shown = sql.removeprefix("SELECT ").split(" FROM ", 1)[0]
    measures = [
        m for name, m in catalog.metrics.items() if name in shown and re.search(rf"\b{re.escape(name)}\b", shown)
    ]
    found: list[Span] = []
    if measures and "(" not in shown and all(metric.unit == "count" for metric in measures):
        found += [Span(*match.span()) for match in _HOW_MUCH.finditer(text)]
    if "share(" not in sql and any(q.kind == "threshold" for q in context.quantities):
        for span in (d.span for d in context.dimensions if d.span):
            if before := _PART_BEFORE.search(text[: span.start]):
                found.append(Span(before.start(), span.end))
            elif after := _PART_AFTER.match(text[span.end :]):
                found.append(Span(span.start, span.end + after.end()))
    for value in context.values:
        is_part = re.search(rf"share\(\w+, {re.escape(value.dimension)}\)", shown)
        if is_part and _PART_BEFORE.search(text[: value.span.start]) and _IS_PART.match(text[value.span.end :]):
            found.append(value.span)
    spans = [m.span for m in context.metrics if m.span]
    if "share(" in shown:
        # "How much of Shenzhen's deposits are in foreign currency": the name holds the whole and its part.
        found += [s for s in spans if _SAYS_PART.search(text[s.start : s.end])]
    if any(metric.window_choice == "avg" for metric in measures):
        found += [Span(*m.span()) for m in _MEAN_ACROSS.finditer(text)]
    found += [span for span in spans if _TWO_MEASURES.search(text[span.start : span.end])]
    names = [name for metric in measures for name in (metric.display.zh, *metric.synonyms)]
    found += [Span(*m.span()) for m in _TARGETS.finditer(text) if not any(m[0] in name for name in names)]
    return found
