"""Rows that a reading shows and nobody asked for: ordered by another figure, cut from a course of time, a share of all
where one of each group was meant, bounds that nothing meets. Told, so that it is asked back.
"""

# ruff: noqa: E501
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
# Months in which the charge was higher than a year before: those alone, and not every month's change.
_ONLY_WHERE = re.compile(
    r"\b(?:in which|where|when|whose|that|which) [^.;?]{0,60}?\b(?P<bound>(?:higher|lower|greater|larger|smaller|better|worse|less|fewer|more)\b[^.;?,]{0,40}?\bthan)\b",
    re.IGNORECASE,
)
# What was put on, set against another time: no change of the balance itself.
_PUT_ON = re.compile(r"(?:新增|净增)(?:的|了)?$")
_FIRST_FEW = re.compile(r"(?P<what>[㐀-鿿]{2,6})$")


def misread_rows(context: Context, sql: str, catalog: Catalog) -> list[Span]:
    """The words of `context` that say which rows, where those of `sql` are others."""
    found = _put_on(context, sql)
    found += _not_of_rows(context, sql, catalog) + _contradictory(context, sql) + _past_bounds(context, sql)
    return found if " QUALIFY " in sql else found + _share_of_two(context, sql, catalog)


def _put_on(context: Context, sql: str) -> list[Span]:
    """二季度新增贷款比上年同期增加多少: how the new compares, which the change of what stands is not."""
    compared = any(
        c.name.removesuffix("_diff") in ("yoy", "qoq", "mom", "prev", "prior_year") for c in context.comparisons
    )
    if not compared or not re.search(r"\b(?:yoy|qoq|mom|prev)(?:_diff)?\(\w*balance", sql):
        return []
    text = context.question.text
    before = (_PUT_ON.search(text[: m.span.start]) for m in context.metrics if m.span)
    return [Span(*match.span()) for match in before if match]


def _past_bounds(context: Context, sql: str) -> list[Span]:
    """A bound by the figure of another time, which no condition of `sql` is, on rows of which only some are asked."""
    if not context.comparisons or not (context.dimensions or context.grains) or re.search(r" [<>]=? | ORDER BY ", sql):
        return []
    return [Span(*match.span("bound")) for match in _ONLY_WHERE.finditer(context.question.text)]


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
