"""The first of each group: 每个区域贷款最高的分行, "top three branches in each region". The group is the dimension said with each."""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Sequence

from t2sql.flow import Context, Quantity

_EACH = re.compile(r"(?:各个?|每一?个?|各家|每家|\b(?:each|every|per)\s+)$", re.IGNORECASE)


def outer_group(context: Context, groups: Sequence[str], limit: Quantity | None) -> str | None:
    """The dimension within whose every member rows are ranked; None where all rows are ranked together."""
    if limit is None or limit.kind != "limit" or limit.operator or len(groups) != 2:
        return None
    text = context.question.text
    said = {d.name for d in context.dimensions if d.name in groups and d.span and _EACH.search(text[: d.span.start])}
    return said.pop() if len(said) == 1 else None


def first_of_each(outer: str, order: str) -> str:
    """The QUALIFY clause for an ORDER BY with a limit, "" where the order has none."""
    match = re.fullmatch(r" ORDER BY (?P<by>.+) LIMIT (?P<n>\d+)", order)
    if match is None:
        return ""
    return f" QUALIFY ROW_NUMBER() OVER (PARTITION BY {outer} ORDER BY {match['by']}) <= {match['n']}"
