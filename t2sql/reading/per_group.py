"""The first of each group: 每个区域贷款最高的分行, "top three branches in each region". The group is the dimension said with each."""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Sequence

from t2sql.flow import Context, Quantity

# A grain of which each is asked is no row to rank: every month of each branch.
_EVERY = re.compile(
    r"[每各逐按分]|^(?:月度|季度|年度)|\b(?:each|every|per|by|monthly|quarterly|yearly|annual(?:ly)?|wise|trend)\b",
    re.IGNORECASE,
)
# The top three of each month.
_EACH_OF_TIME = re.compile(r"[每各逐]|\b(?:each|every|per)\b", re.IGNORECASE)
_EACH = re.compile(r"(?:各个?|每一?个?|各家|每家|\b(?:each|every|per)\s+)$", re.IGNORECASE)


def outer_group(context: Context, groups: Sequence[str], limit: Quantity | None) -> str | None:
    """The dimension within whose every member rows are ranked; None where all rows are ranked together."""
    if limit is None or limit.kind != "limit" or limit.operator:
        return None
    text = context.question.text
    said = {
        d.name
        for d in context.dimensions
        if d.name in groups and d.span and _EACH.search(_before(context, d.span.start))
    }
    grains = [(g.name, text[g.span.start : g.span.end]) for g in context.grains if g.span]
    if not grains:
        return said.pop() if len(said) == 1 and len(groups) == 2 else None
    (name, words), *more = grains
    if more or len(groups) != 1:
        return None
    if said:
        # Each branch's best month: unless every month of it is asked.
        return None if _EVERY.search(words) else said.pop()
    return name if _EACH_OF_TIME.search(words) else None


def _before(context: Context, place: int) -> str:
    """What stands before a place, less a value right before it: each of "each East China branch"."""
    text = context.question.text
    beside = [v.span for v in context.values if v.span.end <= place and text[v.span.end : place].strip() in ("", "的")]
    return text[: beside[0].start if beside else place]


def first_of_each(outer: str, order: str) -> str:
    """The QUALIFY clause for an ORDER BY with a limit, "" where the order has none."""
    match = re.fullmatch(r" ORDER BY (?P<by>.+) LIMIT (?P<n>\d+)", order)
    if match is None:
        return ""
    return f" QUALIFY ROW_NUMBER() OVER (PARTITION BY {outer} ORDER BY {match['by']}) <= {match['n']}"
