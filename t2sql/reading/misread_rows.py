"""Rows that a reading shows and nobody asked for: ordered by another figure, cut from a course of time, a share of all
where one of each group was meant, bounds that nothing meets. Told, so that it is asked back.
"""

# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re

from t2sql.catalog import Catalog
from t2sql.flow import Context, Span

_PER_HEAD = re.compile(
    r"\bper (?:customer|client|borrower|depositor|head|cardholder)\b|每个?(?:客户|人)平均|平均每个?(?:客户|人)",
    re.IGNORECASE,
)
_BY_WHAT = re.compile(
    r"\bby (?:the |their |total |overall )?(?P<what>[a-z-]+(?: [a-z]+)?)(?=[,;.?]|$| with\b| and\b| at\b| in\b)",
    re.IGNORECASE,
)
_OF_ALL = re.compile(r"全行|全部|总|整体|\b(?:total|whole|overall|all|bank'?s?|bank-?wide)\b", re.IGNORECASE)
_FIRST_FEW = re.compile(r"(?P<what>[㐀-鿿]{2,6})$")


def misread_rows(context: Context, sql: str, catalog: Catalog) -> list[Span]:
    """The words of `context` that say which rows, where those of `sql` are others."""
    found = _not_of_rows(context, sql, catalog) + _contradictory(context, sql)
    return found if " QUALIFY " in sql else found + _share_of_two(context, sql, catalog)


def _share_of_two(context: Context, sql: str, catalog: Catalog) -> list[Span]:
    """Each segment's share by branch: of the branch or of all? Only words of the whole tell."""
    shown = sql.removeprefix("SELECT ").split(" FROM ", 1)[0].split(", ")
    groups = [name for name in shown if name in catalog.dimensions and not name.endswith("_no")]
    is_bare = re.search(r"share\(\w+\)", sql)
    if not is_bare or len(groups) < 2 or _OF_ALL.search(context.question.text):
        return []
    return [c.span for c in context.comparisons if c.name == "share" and c.span]


def _ranked_by(context: Context, catalog: Catalog) -> list[Span]:
    """Top five by loans, where loans gave way to another name: what the rows are put in order by."""
    c, text = context, context.question.text
    called = {name.lower() for m in catalog.metrics.values() for name in (m.display.zh, m.display.en, *m.synonyms)}
    things = (c.metrics, c.dimensions, c.values, c.periods, c.comparisons, c.grains)
    held = [t.span for part in things for t in part if t.span]
    said = [Span(*match.span("what")) for match in _BY_WHAT.finditer(text)]
    for before in (_FIRST_FEW.search(text[: q.span.start]) for q in c.quantities if q.kind == "limit"):
        said += [Span(start, before.end()) for start in range(before.start(), before.end() - 1)] if before else []
    return [
        s
        for s in said
        if text[s.start : s.end].lower() in called and not any(h.start < s.end and s.start < h.end for h in held)
    ]


def _not_of_rows(context: Context, sql: str, catalog: Catalog) -> list[Span]:
    """The first few of rows that nobody asked for by time, a mean over two periods at once, a figure per head."""
    text, own = context.question.text, [p for p in context.periods if not p.dimension]
    found: list[Span] = []
    is_course = re.match(r"SELECT (?:month|quarter|half|year), [a-z_]+, ", sql)
    if is_course and not context.grains and re.search(r" LIMIT \d+$", sql):
        found += [q.span for q in context.quantities if q.kind == "limit"]
    if " ORDER BY " in sql:
        found += _ranked_by(context, catalog)
    if "AVG(" in sql and len(own) > 1:
        found += [p.span for p in own[1:]]
    if "customer_no" in sql.split(" FROM ", 1)[0]:
        found += [Span(*match.span()) for match in _PER_HEAD.finditer(text)]
    return found


def _contradictory(context: Context, sql: str) -> list[Span]:
    """From below 2% to above 2%: two bounds that nothing meets."""
    below = {m["what"]: float(m["n"]) for m in re.finditer(r"(?P<what>\S+) <=? (?P<n>[\d.]+)", sql)}
    above = {m["what"]: float(m["n"]) for m in re.finditer(r"(?P<what>\S+) >=? (?P<n>[\d.]+)", sql)}
    is_empty = any(below[what] <= above[what] for what in below.keys() & above.keys())
    return [q.span for q in context.quantities if q.kind == "threshold"] if is_empty and " OR " not in sql else []
