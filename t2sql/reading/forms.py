"""Words that want an answer of a certain form, whatever else was found: two figures to compare, the first of each group, a
row a month, an order by name. A finished reading either has that form or the words are told back.

An independent second look: it reads the question as it was typed and the semantic SQL as it stands, and nothing of how one
became the other. It never says how a reading should be instead.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re

from t2sql.catalog import Catalog
from t2sql.flow import Context, Span
from t2sql.reading.asks import unasked_figures, unlisted_figures
from t2sql.reading.form_words import wanted_forms
from t2sql.reading.shown import Shown, shown_by

_ANOTHER = re.compile(
    r"\b(?:another|a different|some other) |别的|另外?(?:一[家个])?(?:的)?|其[他它](?:的)?", re.IGNORECASE
)
_LIMITED_TO = re.compile(r"\b(?P<dimension>\w+) = '(?!\d{4}\b)")


_DONE = re.compile(
    r" (?:that (?:were|was|have been) |which were |we )?(?P<deed>recovered|collected|written[- ]off|charged[- ]off|sold|transferred|restructured|cured|repaid|cleared|disposed of|securiti[sz]ed|renewed|rolled over|extended|withdrawn|lost)\b",
    re.IGNORECASE,
)
_ORDERS = re.compile(
    r"按|以|依|根据|\b(?:by|in terms of|measured|with|most|highest|largest|biggest|lowest|smallest|best|worst|fewest|least|top)\b",
    re.IGNORECASE,
)
_RATIO_OF = re.compile(r"\bratio of (?:the |our )?(?P<part>[a-z-]+)(?: [a-z-]+)? to\b", re.IGNORECASE)
_SHARE_OF_IN = re.compile(
    r"\b(?:share|proportion|percentage|weight) of (?:the |our |its |their )?(?P<part>(?!each\b|every\b|total\b)[a-z]+(?: [a-z]+)?) (?:in|within) (?!each\b|every\b|q[1-4]\b|h[12]\b|20\d\d|(?:the )?(?:first|last|second|third|fourth)\b|[a-z]+ 20\d\d)",
    re.IGNORECASE,
)
_FOR_EACH = re.compile(
    r"\b(?:per|each|every|for each|(?<!ed )(?<!en )(?<!eld )(?<!old )(?<!ent )by)(?: [a-z]+)? $", re.IGNORECASE
)
_BUT = re.compile(r" (?:except|but|other than|apart from|outside|excluding)\b", re.IGNORECASE)
_PART_OF = re.compile(r"占(?:了)?(?:多少|几成|百分之|多大)|\b(?:share|proportion|fraction) of\b", re.IGNORECASE)
_CALLED_PART = re.compile(r"占|比例|比重|份额|比率|使用率|\b(?:share|ratio|proportion|fraction)\b")
_KEPT_AFTER = re.compile(
    r"\s*(?:is |are |was |were )?(?:also |too )?includ(?:ed|ing)\b|也?(?:包括|包含|计入|算)(?:在内|进)", re.IGNORECASE
)
_KEPT_BEFORE = re.compile(
    r"(?:\b(?:including|includes?|incl\.?)(?: the)?\s*|(?<!不)(?:包括|包含|(?<![不包])含|连同))$", re.IGNORECASE
)


def misformed(context: Context, semantic_sql: str, catalog: Catalog) -> list[Span]:
    """Where words stand whose form `semantic_sql` has not."""
    text, shown = context.question.text, shown_by(semantic_sql, catalog)
    if not shown.figures:
        return []
    named = [m.span for part in (context.metrics, context.values) for m in part if m.span]
    found = [
        span
        for span in wanted_forms(text, shown)
        if not any(n.start <= span.start and span.end <= n.end for n in named)
    ]
    found += _ungrouped(context, shown) + _other_parts(context, catalog) + _mixed_periods(context, shown)
    found += _done_to(context, catalog) + _ordered_by_hidden(context, shown) + _other_ratio(context, shown, catalog)
    found += (
        _part_lost(context, shown)
        + unasked_figures(context, shown)
        + unlisted_figures(context, shown)
        + _another(context, shown, catalog)
    )
    return found + _kept_and_limited(context, semantic_sql) + _one_of_one(context, semantic_sql, shown)


def _ungrouped(context: Context, shown: Shown) -> list[Span]:
    """ "Per booking branch", where the rows are not branches."""
    text = context.question.text
    held = [v.span for v in context.values]
    return [
        Span(d.span.start, d.span.end)
        for d in context.dimensions
        if d.span
        and not re.search(rf"\b(?:[a-z]+_)?{d.name}\b(?! (?:=|<>|IN|NOT IN) )", shown.sql)
        and _FOR_EACH.search(text[: d.span.start])
        and not _BUT.match(text[d.span.end :])
        and not any(h.start < d.span.end and d.span.start < h.end for h in held)
    ]


def _other_parts(context: Context, catalog: Catalog) -> list[Span]:
    """新放贷款里小微占多少, read as one name of a metric that is no part of anything."""
    text, found = context.question.text, []
    for mention in context.metrics:
        metric = catalog.metrics.get(mention.name)
        if metric and mention.span and (said := _PART_OF.search(text[mention.span.start : mention.span.end])):
            names = " ".join((metric.display.zh, metric.display.en, *metric.synonyms)).lower()
            if not _CALLED_PART.search(names) or any(
                mention.span.start <= v.span.start and v.span.end <= mention.span.start + said.end()
                for v in context.values
            ):
                found.append(mention.span)
    return found


def _done_to(context: Context, catalog: Catalog) -> list[Span]:
    """ "NPLs recovered", "loans sold": another measure than what stands, unless the metric is called so."""
    text, found = context.question.text, []
    for mention in context.metrics:
        metric = catalog.metrics.get(mention.name)
        said = _DONE.match(text[mention.span.end :]) if metric and mention.span else None
        names = " ".join((metric.display.en, *metric.synonyms)).lower() if metric else ""
        if said and mention.span and said["deed"].lower()[:5] not in names:
            found.append(Span(mention.span.end + said.start("deed"), mention.span.end + said.end()))
    return found


def _ordered_by_hidden(context: Context, shown: Shown) -> list[Span]:
    """不良贷款户数前五: rows in the order of a figure that is not shown, where nothing says that it is what orders them."""
    text, ordered = context.question.text, re.search(r" ORDER BY (\w+)", shown.sql)
    if ordered is None or re.search(rf"\b{ordered[1]}\b", shown.columns):
        return []
    return [
        m.span
        for m in context.metrics
        if m.span and m.name == ordered[1] and not _ORDERS.search(text[max(0, m.span.start - 24) : m.span.start])
    ]


def _other_ratio(context: Context, shown: Shown, catalog: Catalog) -> list[Span]:
    """ "The ratio of time to demand deposits", read as a ratio that is called by none of these words."""
    metric = catalog.metrics.get(shown.columns.split(", ")[-1])
    match = _RATIO_OF.search(context.question.text)
    if match is None or metric is None:
        return []
    names = " ".join((metric.display.en, *metric.synonyms)).lower()
    return [] if match["part"].lower().rstrip("s") in names else [Span(*match.span())]


def _another(context: Context, shown: Shown, catalog: Catalog) -> list[Span]:
    """ "But another branch books", 别的分行: rows that some member is left out of, where nothing is."""
    if re.search(r" <> | NOT IN ", shown.sql):
        return []
    text, found = context.question.text, []
    for dimension in catalog.dimensions.values():
        names = (dimension.display.zh, dimension.display.en, *dimension.synonyms)
        for match in _ANOTHER.finditer(text):
            rest = text[match.end() :].lower()
            if any(rest.startswith(name.lower()) for name in names if len(name) > 1):
                found.append(Span(*match.span()))
    return found


def _part_lost(context: Context, shown: Shown) -> list[Span]:
    """ "The share of wealth in AUM", where the share is that of each row in all."""
    held = [named.span for named in (*context.dimensions, *context.metrics) if named.span]
    if not re.search(r"\bshare\(\w+\)", shown.columns):
        return []
    said = (Span(*match.span("part")) for match in _SHARE_OF_IN.finditer(context.question.text))
    return [s for s in said if not any(h.start < s.end and s.start < h.end for h in held)]


def _mixed_periods(context: Context, shown: Shown) -> list[Span]:
    """The average over one period and the balance at another, where each row shows both of both."""
    own = [p.span for p in context.periods if not p.dimension]
    return own[1:] if "UNION ALL" in shown.sql and shown.figures > 1 and len(own) > 1 else []


def _kept_and_limited(context: Context, sql: str) -> list[Span]:
    """ "Head office included" keeps it among the rows; a condition on it alone shows nothing else."""
    text = context.question.text
    limited = {match["dimension"] for match in _LIMITED_TO.finditer(sql)}
    return [
        value.span
        for value in context.values
        if value.dimension in limited
        and not value.is_negated
        and (_KEPT_AFTER.match(text[value.span.end :]) or _KEPT_BEFORE.search(text[: value.span.start]))
    ]


def _one_of_one(context: Context, sql: str, shown: Shown) -> list[Span]:
    """The first of rows of which there is only one: where Hangzhou ranks is no first row of Hangzhou."""
    limited = {match["dimension"] for match in _LIMITED_TO.finditer(sql)}
    groups = [name for name in shown.columns.split(", ") if name.isidentifier()]
    is_one = shown.groups == 1 and bool(groups) and groups[0] in limited
    return [q.span for q in context.quantities if q.kind == "limit"] if is_one and " LIMIT " in sql else []
