"""What a question says as a number, an order, a comparison, a value or a grouping, and a reading does not use.

The last look before a reading is taken: whatever is left over must be asked back, never passed over.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import itertools
import re

from t2sql.catalog import Catalog
from t2sql.flow import Context, Quantity, Span
from t2sql.metric_names import datasets_of, is_stock, made_of
from t2sql.reading.accounting import (
    crossing_periods,
    groupless_bounds,
    only_of,
    unjoined_metrics,
    unused_metrics,
    unused_periods,
)
from t2sql.reading.bounds import number, quote
from t2sql.reading.combined import TOGETHER, says_combined
from t2sql.reading.forms import misformed
from t2sql.reading.groups import unused_mentions
from t2sql.reading.misread_rows import misread_rows
from t2sql.reading.movement import MOVES, movement, movements
from t2sql.reading.rows import roles_asked
from t2sql.reading.units import other_units
from t2sql.reading.unmeasured import unmeasured

_CUED = 0.95
# The first within each group, and a date that limits something other than the metric's own time: nothing here does either.
_PER_GROUP = re.compile(
    r"(?:每[一个]?个?|各个?)[^，,。]{1,8}?(?:里|中|内|下)?[^，,。]{0,10}最[高低大小多少好差快慢]|"
    r"\b(?:top|best|worst|highest|lowest|largest|smallest|biggest|leading)\b[^,.]{0,40}\b(?:in|for|of|within|from) (?:each|every)\b|"
    r"\b(?:top|bottom|best|worst)[- ](?:\d+|two|three|four|five|ten) [a-z-]+ per (?!customer|client|borrower|depositor|loan|card|transaction)[a-z]+|"
    r"\b(?:in|for|within) (?:each|every)\b[^,.]{0,40}\b(?:top|best|worst|highest|lowest|largest|smallest|biggest|most|least)\b",
    re.IGNORECASE,
)
_DATED_ELSEWHERE = re.compile(
    r"\b(?:opened|joined|granted|originated|matur\w+|settled|registered|issued|closed|disbursed)\b[^,.]{0,12}?\b(?:before|after|since|until)\b|"
    r"(?:开户|开卡|放款|发放|到期|结清|注册|开立)[^，。]{0,4}(?:在|于)?[^，。]{0,12}(?:之前|之后|以前|以后|前|后)的",
    re.IGNORECASE,
)
# A change asked of each period, which the figures themselves are not.
_INCREMENT = re.compile(
    r"新增|增量|增速|增幅|增长率|净增|净减|\b(?:growth rates?|increments?|net (?:increase|change|adds?)|cagr)\b",
    re.IGNORECASE,
)
# "How many customers did we gain" is what the new ones are; of those who stand it is a change.
_WON_OR_LOST = re.compile(r"gain(?:s|ed|ing)?|los(?:e|es|ing)|lost", re.IGNORECASE)
_SHOWS_CHANGE = re.compile(r"\b(?:yoy|mom|qoq|prev|prior_year|vs_year_start)(?:_diff)?\(| AS change_of_")
# What came or went is no balance.
_FLOWED = re.compile(
    r"\b(?:that|which|who|have|has|had|deposits|customers|money|balances) (?:have |has |had )?(?:just )?(?:left|flowed|come in|came in|moved in|moved out|walked|gone out|went out)\b|\b(?:left|leaving) (?:us|the bank|in|during|since|last|this|over)\b|\bwithdr(?:a?w\w*)\b|流(?:出|入|失)|提走|取走|转走|走掉",
    re.IGNORECASE,
)
_PERCENT = re.compile(
    r"百分之(?:几|多少)|\b(?:how many|what|by) (?:per ?cent|percentage|%)|\bin (?:per ?cent|%)", re.IGNORECASE
)
_GROWTH_RATE = re.compile(r"增速|增长率|增幅|涨幅|降幅|\bgrowth rate\b|\brate of growth\b", re.IGNORECASE)
# A figure asked in percent that an amount is not.
_IN_PERCENT = re.compile(
    r"\b(?:in|as|by|what|how many) (?:an? )?(?:per ?cent(?:age)?s?|%)(?: points?| terms)?(?! ?\w)|百分之(?:几|多少)|[以按用]百分比|个?百分点|\b(?:percentage|basis) points?\b",
    re.IGNORECASE,
)
# A share or a rate asked by its sign alone: "mix, % of each".
_BARE_PERCENT = re.compile(r"(?<![\d.])(?<!\d )[%％]|\bper ?cent(?:age)?s?\b(?! ?points?)", re.IGNORECASE)
_IN_POINTS = re.compile(r"个?百分点|个?基点|\b(?:percentage|basis) points?\b", re.IGNORECASE)
_ARITHMETIC = re.compile(
    r"之差|之和|之比|相差|差多少|差几|[多少高低]多少|差额|差值|加上|减去|除以|(?<![增追附参添])加(?=[^，,。]{1,10}$)|(?<![增缩削])减(?=[^，,。]{1,10}$)|\b(?:minus|plus|difference between|difference(?= in [a-z -]{1,40} between\b)|divided by|less)\b",
    re.IGNORECASE,
)
# A share of each group's own total is another share than a group's of all.
_SHARE_OF_EACH = re.compile(
    r"\b(?:share|proportion|percentage|part|fraction|%) of (?:each|every)\b|占(?:其|各自|该|每)", re.IGNORECASE
)
_OPENS = re.compile(r"初|\b(?:start|beginning|begin|opening)\b", re.IGNORECASE)
_OR = re.compile(r"或者?|\bor\b|\beither\b", re.IGNORECASE)


def leftovers(context: Context, semantic_sql: str, catalog: Catalog) -> tuple[str, ...]:
    """The words of `context` that `semantic_sql` does not use, in the order of the text; () when it uses all."""
    left: list[Span] = []
    left += [q.span for q in context.quantities if not _uses_quantity(semantic_sql, q)]
    left += [v.span for v in context.values if not _uses_value(context, semantic_sql, v.span)]
    roles = roles_asked(context, catalog)
    cued = [d for d in context.dimensions if d.score >= _CUED]
    left += [d.span for d in cued if d.span and not _names(semantic_sql, roles.get(d.name, d.name))]
    left += unused_mentions(context, semantic_sql, catalog)
    left += [c.span for c in context.comparisons if c.span and not _calls(semantic_sql, c.name)]
    text = context.question.text
    moved = movement(context, catalog)
    own = [p for p in context.periods if not p.dimension]
    if len(own) > 1 and "(" not in semantic_sql.split(" FROM ", 1)[0] and not _shows_ratio(semantic_sql, catalog):
        # Two dates side by side answer no "by what percent".
        left += [Span(*match.span()) for match in _PERCENT.finditer(text)]
    if "prev_diff(" in semantic_sql and not any(
        m.is_ratio_unit for m in catalog.metrics.values() if _names(semantic_sql, m.name)
    ):
        # The difference to the period before is no rate of growth.
        left += [Span(*match.span()) for match in _GROWTH_RATE.finditer(text)]
    if moved and not re.search(r"\) [<>]=? |ORDER BY [a-z_]+\(", semantic_sql):
        place = text.find(moved[1])
        left.append(Span(place, place + len(moved[1])))
    left += [span for way, span in movements(context, catalog).values() if f") {way} 0" not in semantic_sql]
    left += _alternatives(context, semantic_sql) + _changes(context, semantic_sql, catalog)
    if " QUALIFY " not in semantic_sql:
        left += [Span(*match.span()) for match in _SHARE_OF_EACH.finditer(text) if "share(" in semantic_sql]
    if not any(p.dimension for p in context.periods):
        left += [Span(*match.span()) for match in _DATED_ELSEWHERE.finditer(text)]
    left += _combined(context, semantic_sql)
    if "share(" not in semantic_sql and not any(catalog.metrics[m.name].is_ratio_unit for m in context.metrics):
        left += [Span(*match.span()) for match in _IN_POINTS.finditer(text)]
    left += other_units(text, semantic_sql, catalog) + unmeasured(context, semantic_sql, catalog)
    if not _shows_stock(semantic_sql, catalog):
        # What a month turned over has no opening.
        left += [
            p.span
            for p in own
            if p.grain == "month" and p.first == p.last and _OPENS.search(text[p.span.start : p.span.end])
        ]
    left += misread_rows(context, semantic_sql, catalog) + only_of(context, catalog)
    left += crossing_periods(context, semantic_sql)
    left += unused_periods(context, semantic_sql) + unused_metrics(context, semantic_sql, catalog)
    left += groupless_bounds(context, semantic_sql, catalog) + unjoined_metrics(context, semantic_sql, catalog)
    left += _against_definition(context, semantic_sql, catalog) + _side_by_side(text, semantic_sql, catalog)
    left += misformed(context, semantic_sql, catalog)
    if re.search(r" LIMIT \d+$", semantic_sql):
        left += [Span(*match.span()) for match in _PER_GROUP.finditer(text)]
    if not left and _is_guess(context) and _names_any(semantic_sql, catalog):
        return (text.strip(),)
    inner = {s for s in left if any(o != s and o.start <= s.start and s.end <= o.end for o in left)}
    kept = sorted(set(left) - inner, key=lambda s: s.start)
    return tuple(dict.fromkeys(text[s.start : s.end].strip() for s in kept))


def _is_guess(context: Context) -> bool:
    """Whether no metric is named: one that is only alike in meaning is offered, never answered."""
    return all(m.span is None for m in context.metrics)


def _changes(context: Context, sql: str, catalog: Catalog) -> list[Span]:
    """Words of change, where the reading shows neither a change nor a course of periods."""
    if _SHOWS_CHANGE.search(sql):
        return []
    is_course = bool(re.match(r"SELECT (?:day|week|month|quarter|half|year)\b", sql))
    pattern = _INCREMENT if is_course else MOVES
    is_stock_shown = _shows_stock(sql, catalog)
    found = [
        Span(*match.span())
        for match in pattern.finditer(context.question.text)
        if (is_stock_shown or not _WON_OR_LOST.fullmatch(match[0])) and not says_combined(match[0], sql)
    ]
    if (
        not is_course
        and "share(" not in sql
        and " / " not in sql.split(" FROM ", 1)[0]
        and not any(catalog.metrics[m.name].is_ratio_unit for m in context.metrics if m.span)
    ):
        found += [
            Span(*m.span()) for pattern in (_IN_PERCENT, _BARE_PERCENT) for m in pattern.finditer(context.question.text)
        ]
    if is_stock_shown:
        found += [Span(*match.span()) for match in _FLOWED.finditer(context.question.text)]
    c = context
    taken = [
        t.span for part in (c.metrics, c.values, c.dimensions, c.periods, c.quantities, c.comparisons) for t in part
    ]
    return [s for s in found if not any(t and t.start < s.end and s.start < t.end for t in taken)]


def _shows_stock(sql: str, catalog: Catalog) -> bool:
    return any(is_stock(m, catalog) for m in catalog.metrics.values() if _names(sql, m.name))


def _combined(context: Context, sql: str) -> list[Span]:
    """Words that ask for one figure made of several, where the reading shows the several: 之差, 加, minus, 合计 of the top three."""
    shown = sql.removeprefix("SELECT ").split(" FROM ", 1)[0]
    several = len({m.span for m in context.metrics if m.span}) > 1 or len({v.span for v in context.values}) > 1
    is_cut = " LIMIT " in sql or " QUALIFY " in sql or any(q.kind == "threshold" for q in context.quantities)
    found: list[Span] = []
    if (several or len(context.periods) > 1) and not re.search(r"[-+/(]", shown):
        found += [Span(*match.span()) for match in _ARITHMETIC.finditer(context.question.text)]
    if is_cut and " SUM(" not in sql:
        found += [Span(*match.span()) for match in TOGETHER.finditer(context.question.text)]
    c = context
    taken = [
        t.span for part in (c.metrics, c.values, c.dimensions, c.periods, c.quantities, c.comparisons) for t in part
    ]
    return [s for s in found if not any(t and t.start < s.end and s.start < t.end for t in taken)]


def _alternatives(context: Context, sql: str) -> list[Span]:
    """The 或 between two thresholds, where the reading asks for both."""
    bounds = [q.span for q in context.quantities if q.kind == "threshold"]
    found: list[Span] = []
    for one, other in itertools.pairwise(bounds):
        said = _OR.search(context.question.text[one.end : other.start])
        if said and " OR " not in sql:
            found.append(Span(one.end + said.start(), one.end + said.end()))
    return found


def _against_definition(context: Context, sql: str, catalog: Catalog) -> list[Span]:
    """Values that a metric's own filter rules out, and words that name another metric's book than those shown."""
    shown = [name for name in catalog.metrics if _names(sql, name)]
    simple = {m for name in shown for m in (name, *made_of(name, catalog.metrics)) if catalog.metrics[m].filter}
    books = {book for name in shown for book in datasets_of(catalog.metrics[name], catalog)}
    found: list[Span] = []
    for value in context.values:
        if quote(value.value) not in sql:
            continue
        item = catalog.field_of(catalog.dimensions[value.dimension])
        fields = {
            item.name,
            *(f.name for d in catalog.datasets.values() for f in d.fields.values() if f.conforms_to == value.dimension),
        }
        filters = [catalog.metrics[m].filter for m in simple]
        limited = [text for text in filters if any(re.search(rf"\.{re.escape(f)}\b", text) for f in fields)]
        said = context.question.text[value.span.start : value.span.end].lower()
        called = [
            m
            for m in catalog.metrics.values()
            if said in (m.display.zh, m.display.en.lower(), *(s.lower() for s in m.synonyms))
        ]
        other = called and not any(datasets_of(m, catalog) & books for m in called)
        if other or any(quote(value.value) not in text for text in limited):
            found.append(value.span)
    return found


def _side_by_side(text: str, sql: str, catalog: Catalog) -> list[Span]:
    """男女, 线上线下: two values of one dimension run together, where the reading neither names both nor groups by it."""
    found: list[Span] = []
    for dimension in catalog.dimensions.values():
        aliases = catalog.field_of(dimension).aliases
        said = [(value, name) for value, names in aliases.items() for name in (value, *names) if name in text]
        for (one, first), (other, second) in itertools.permutations(said, 2):
            place = text.find(first + second) if one != other and not first.isascii() else -1
            is_used = _names(sql, dimension.name) and (
                "SELECT " + dimension.name in sql or f", {dimension.name}" in sql
            )
            if place >= 0 and not is_used and not (quote(one) in sql and quote(other) in sql):
                found.append(Span(place, place + len(first + second)))
    return found


def _uses_quantity(sql: str, quantity: Quantity) -> bool:
    if quantity.unit == "whole":
        return " (SELECT " in sql
    if quantity.kind == "threshold":
        found = rf"(?<![\d.]){re.escape(number(quantity.value))}(?![\d.])"
        return bool(re.search(found, sql)) and (
            quantity.upper is None or bool(re.search(re.escape(number(quantity.upper)), sql))
        )
    if quantity.kind == "order":
        return " ORDER BY " in sql or "rank(" in sql
    if quantity.operator == "=":
        return quantity.descending and bool(re.search(rf"rank\([^)]*\)+ = {int(quantity.value)}\b", sql))
    return f" LIMIT {int(quantity.value)}" in sql or f") <= {int(quantity.value)}" in sql


def _uses_value(context: Context, sql: str, span: Span) -> bool:
    """Whether any of the values that this stretch may mean is a condition."""
    return any(quote(v.value) in sql for v in context.values if v.span == span)


def _shows_ratio(sql: str, catalog: Catalog) -> bool:
    return any(m.is_ratio_unit and _names(sql, m.name) for m in catalog.metrics.values())


def _names_any(sql: str, catalog: Catalog) -> bool:
    """Whether any metric is shown; a list of members shows none."""
    return any(_names(sql, name) for name in catalog.metrics)


def _names(sql: str, name: str) -> bool:
    return name in sql and bool(re.search(rf"\b{re.escape(name)}\b", sql))


def _calls(sql: str, name: str) -> bool:
    """Whether the function, or its like (a difference for a rate), is called; what two shown periods say needs none."""
    stem = name.removesuffix("_diff")
    if name == "ytd" or (name == "share" and " / " in sql.split(" FROM ", 1)[0]):
        return True
    if name.startswith("mean_"):
        return "AVG(" in sql
    if re.search(rf"\b{re.escape(stem)}(?:_diff)?\(", sql):
        return True
    if stem in ("prev", "prior_year"):
        return bool(
            re.search(
                r"\b(?:mom|qoq|yoy|prev|prior_year|vs_year_start)(?:_diff)?\(|\b(?:day|week|month|quarter|half|year) IN \(| OR ",
                sql,
            )
        )
    return False
