"""Which members a dimension has: 深圳分行有哪些支行, "list the products we sell". No figure is asked, so no metric is named."""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.

from __future__ import annotations

import re

from t2sql.catalog import Catalog
from t2sql.flow import Context
from t2sql.reading.bounds import quote

_LISTS = re.compile(
    r"有哪些|有哪几|(?:下辖|下设|管辖|辖|包括|包含|管着?)了?(?:哪些|哪几|什么)|都有哪|列出|列一下|名单|清单|都有什么|有什么"
    r"|\b(?:list|name|show)(?: me)?(?: all)?(?: of)?(?: the| our)? (?=[a-z-]+)|\b(?:which|what) [a-z -]{2,30}(?: are there| do we have| belong| does| exist| (?:report|roll(?:s)?|fall(?:s)?|belong(?:s)?)s?(?: up)? (?:to|under|into)|(?: are| is| sit| come)? (?:under|within|below|in|part of) )",
    re.IGNORECASE,
)


def members_asked(context: Context, catalog: Catalog) -> str:
    """Semantic SQL of the members of the one dimension that is asked for, within the values named; "" where more is asked,
    or where they are nobody's to list (customers).
    """
    c = context
    named = [m for m in c.metrics if m.span]
    held_by = [v.span for v in c.values]
    dimensions = {
        d.name
        for d in c.dimensions
        if d.name in catalog.dimensions
        and not d.grain
        # Region of "in the East China region" is the value's own.
        and not any(d.span and s.start < d.span.end and d.span.start <= s.end + 1 for s in held_by)
    }
    if named or len(dimensions) != 1 or c.periods or c.quantities or c.comparisons or c.grains or c.ungrounded:
        return ""
    dimension = dimensions.pop()
    field = catalog.field_of(catalog.dimensions[dimension])
    if field.is_time or not field.searchable or not _LISTS.search(c.question.text):
        return ""
    held = [v for v in c.values if v.dimension != dimension and not v.is_negated]
    own = catalog.dimensions[dimension].dataset
    if len(held) != len(c.values) or any(catalog.dimensions[v.dimension].dataset != own for v in held):
        return ""
    where: list[str] = []
    for name in dict.fromkeys(v.dimension for v in held):
        members = list(dict.fromkeys(quote(v.value) for v in held if v.dimension == name))
        where.append(f"{name} = {members[0]}" if len(members) == 1 else f"{name} IN ({', '.join(members)})")
    return f"SELECT {dimension} FROM {catalog.name}" + (f" WHERE {' AND '.join(where)}" if where else "")
