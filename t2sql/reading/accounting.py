"""Whether a reading accounts for every period and every metric that the question names.

A finding that some rule has set aside must be used by the reading or be a part of what it uses; else it is told back.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from itertools import combinations, pairwise

from t2sql.catalog import GRAINS, Catalog
from t2sql.flow import Context, NameMention, Period, Span
from t2sql.metric_names import made_of

_COMPARES = re.compile(r"\b(?:yoy|qoq|mom|prev|prior_year|vs_year_start|ytd)(?:_diff)?\(")
_LITERAL = re.compile(r"(?P<year>\d{4})(?:-(?P<part>[HQ])?(?P<number>\d{1,2}))?(?:-\d\d)?")
_YEAR = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?![\d.,]*\d|\s?(?:万|亿|千|百|元|户|笔|个|家|天|million|billion|days))")
_JOINS = re.compile(
    r"[;；、。?？&+/]|(?:多少|几\S?)[^,，]{0,4}[,，]|^\s*(?:gross|in all|alone|itself)?\s*[,，]\s*(?:the |its |their |其)?$|next to|beside|alongside|及|以及|和|与|跟|并|且|加上|同时|又|还|或|\b(?:and|plus|with|versus|vs|alongside|but|against|then|also|or)\b",
    re.IGNORECASE,
)
_SET_AGAINST = re.compile(r"[比较]|\b(?:vs\.?|versus|against|compared|than|ago)\b", re.IGNORECASE)
_CLAUSE = re.compile(r"[,，:：]")
_ASKS = re.compile(r"多少|几[笔张户家个名位]|^how (?:many|much)\b", re.IGNORECASE)
# "customers with both loans and deposits" are those who have the two.
_BOTH = re.compile(
    r"\s*(?:with|having|holding|who (?:have|hold|own)|that (?:have|hold|own)) (?:both|neither|no|either)\b",
    re.IGNORECASE,
)
# "wealth balance with customers rated R4": whose it is, and no number of them.
_WITH_WHOM = re.compile(r"\b(?:with|by|to|from|of|for|at)\s+(?:our |the |all |all our )?$", re.IGNORECASE)
_AMONG = re.compile(r"\s*(?:among|amongst|within|across|for|of|on) (?:the |our |all |all our )?", re.IGNORECASE)
_COUNTS = re.compile(r"数|量|多少|几|\b(?:number|count|total|how many)\b", re.IGNORECASE)
_CARRIES = re.compile(
    r"(?:(?:还|仍|尚|只)?有|持有|存在|带)\S{0,3}$|\b(?:ha[sd]|have|having|carry(?:ing)?|carried|carries|hold(?:ing|s)?|held|show(?:ing|s|ed)?) (?:an? |any |some |the |their |positive |non-?zero )*$",
    re.IGNORECASE,
)


def unused_periods(context: Context, sql: str) -> list[Span]:
    """Periods and years of the text of which `sql` holds no literal; the base of a comparison needs none."""
    if _COMPARES.search(sql):
        return []
    text = context.question.text
    found = [p.span for p in context.periods if p.first[:4] not in sql and p.last[:4] not in sql]
    taken = [thing.span for part in (context.values, context.quantities, context.periods) for thing in part]
    for match in _YEAR.finditer(text):
        inside = any(s.start <= match.start() < s.end for s in taken)
        if match[0] not in sql and not inside:
            found.append(Span(*match.span()))
    return found


def crossing_periods(context: Context, sql: str) -> list[Span]:
    """A period that another one partly covers: "trailing twelve months … over 2025" is neither of the two, nor both. Each may be
    shown in a row of its own, unless one is set against the other.
    """
    if " OR " not in sql and not (" UNION " in sql and _SET_AGAINST.search(context.question.text)):
        return []
    own = [p for p in context.periods if not p.dimension]
    found: list[Span] = []
    if context.comparisons and len({p.grain for p in own}) > 1:
        # Deposits today against a month ago and a year ago: no one change is over both.
        found += [p.span for p in own[1:]]
    for one, other in combinations(own, 2):
        a, b = _months(one), _months(other)
        if a and b and a[0] <= b[1] and b[0] <= a[1] and a != b:
            found.append(one.span)
    return found


def _months(period: Period) -> tuple[int, int] | None:
    """Its first and last month, counted from year 0; None where it is stated in weeks."""
    ends = []
    for literal, side in ((period.first, 0), (period.last, 1)):
        match = _LITERAL.fullmatch(literal)
        if match is None:
            return None
        size = {"H": 6, "Q": 3}.get(match["part"] or "", 1 if match["number"] else 12)
        place = (int(match["number"] or 1) - 1) * size
        ends.append(int(match["year"]) * 12 + place + side * (size - 1))
    return ends[0], ends[1]


def unused_metrics(context: Context, sql: str, catalog: Catalog) -> list[Span]:
    """Metrics named in words that `sql` neither holds nor is made of."""
    known = catalog.metrics
    used = {name for name in known if name in sql and re.search(rf"\b{re.escape(name)}\b", sql)}
    used |= {part for name in used for part in made_of(name, known)}
    if "COUNT(*)" in sql:
        used |= {name for name in known if known[name].unit == "count"}
    named = [(m.name, m.span) for m in context.metrics if m.span]
    kept = [span for name, span in named if name in used]
    return [
        span
        for name, span in named
        if name not in used and not any(k.start < span.end and span.start < k.end for k in kept)
    ]


def groupless_bounds(context: Context, sql: str, catalog: Catalog) -> list[Span]:
    """Bounds on a figure that stands alone: what is above 2 % must be one of several, a branch or a month."""
    shown = sql.removeprefix("SELECT ").split(" FROM ", 1)[0]
    if any(re.search(rf"\b{re.escape(name)}\b", shown) for name in (*catalog.dimensions, *GRAINS)):
        return []
    return [q.span for q in context.quantities if q.kind == "threshold" and "WITH " not in sql]


def unjoined_metrics(context: Context, sql: str, catalog: Catalog) -> list[Span]:
    """Metrics that a reading shows side by side, where nothing in the text joins them: "loans that still carry a balance"."""
    shown = sql.removeprefix("SELECT ").split(" FROM ", 1)[0]
    text = context.question.text
    ordered = sorted(
        _shown_once(context, shown, catalog), key=lambda m: (m.span.start, m.span.end) if m.span else (0, 0)
    )
    found: list[Span] = []
    for one, other in pairwise(ordered):
        assert one.span and other.span
        between = text[one.span.end : other.span.start]
        if any(sign in shown for sign in (" + ", " - ", " / ")) or _are_compared(one.name, other.name, sql):
            break
        if other.span.start < one.span.end:
            continue
        units = {catalog.metrics[m.name].unit for m in (one, other)}
        is_run_on = (not between and len(units) > 1) or (between == " " and text[one.span.end - 1].isascii())
        is_run_on = is_run_on or bool("count" in units and _BOTH.match(between))
        is_bare = not _COUNTS.search(text[other.span.start : other.span.end])
        is_of = is_bare and catalog.metrics[other.name].unit == "count" and _WITH_WHOM.search(between)
        is_run_on = is_run_on or bool(is_of)
        if not is_run_on and _CLAUSE.search(between) and _ASKS.search(text[other.span.start : other.span.end]):
            # A clause that asks how many is a question of its own.
            continue
        if is_run_on or _CARRIES.search(between) or (between.strip() and not _JOINS.search(between)):
            found.append(other.span)
    return found


def _are_compared(one: str, other: str, sql: str) -> bool:
    """Whether one metric bounds the other: branches whose deposits exceed their loans."""
    return any(f"{one} {sign} {other}" in sql for sign in "<>")


def only_of(context: Context, catalog: Catalog) -> list[Span]:
    """NPL ratio among secured loans: a metric that limits another one, which no condition does."""
    text, named = context.question.text, [m for m in context.metrics if m.span and m.name in catalog.metrics]
    return [
        other.span
        for one in named
        for other in named
        if one.span
        and other.span
        and catalog.metrics[other.name].filter
        and other.name not in made_of(one.name, catalog.metrics)
        and _AMONG.fullmatch(text[one.span.end : other.span.start])
    ]


def _shown_once(context: Context, shown: str, catalog: Catalog) -> list[NameMention]:
    """The named metrics in a SELECT, each with its first mention."""
    seen: dict[str, NameMention] = {}
    for mention in context.metrics:
        if mention.span and mention.name in catalog.metrics and re.search(rf"\b{re.escape(mention.name)}\b", shown):
            seen.setdefault(mention.name, mention)
    return list(seen.values())
