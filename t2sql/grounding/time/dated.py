"""Periods that limit a date of the things counted, not the metrics' own time: 明年到期的贷款, "customers who opened before 2020",
去年放的那些贷款现在还剩多少; and rows by such a date: 按放款年份, "by the year they were handed out".

A flow named by the event itself stays what it is: what was granted in May is its own period, unless something else is measured.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from t2sql.catalog import Catalog
from t2sql.flow import NameMention, Period, Span
from t2sql.grounding.settling import offset
from t2sql.grounding.time.date_rows import date_groups, range_of_groups
from t2sql.grounding.time.events import Event, find_events
from t2sql.grounding.time.happened import FindMetrics, as_flow, measured, own_dates, without
from t2sql.grounding.words.text import Folded
from t2sql.metric_names import is_stock

Side = Literal["", "before", "after", "from", "to"]
_BEFORE_ZH = re.compile(r"\s*(?:(?:之|以)前|前)")
_AFTER_ZH = re.compile(r"\s*(?:(?:之|以)后|后)")
_FROM_ZH = re.compile(r"\s*(?:以来|起|开始)")
_GAP_ZH = re.compile(
    r"\s*(?:份|间|内|之内|以内|里|里头|当中|中|度|全年|期间|就|才|将|要|会|来|新|已经?|由?(?:我行|我们|咱们?|咱行|本行|行里)|一共|总共|所|以来|起|开始|(?:之|以)?[前后])*\s*"
)
_LEAD_ZH = re.compile(r"(?:日期?|时间)?(?:在|于|为|是|早于|晚于|介于)?\s*$")
_LEAD_EN = re.compile(
    r"(?:\s+(?:us|our bank|the bank|our branch(?:es)?|with us|with the bank|with our bank|to us|by us|by the bank|at the bank|here|out|up|on board|an account|accounts|their accounts?|their first account|dates?))*"
    r"\s*(?:is |was |are |were |falls? |fell |due )?(?P<side>in|on|during|before|after|by|since|until|prior to|later than|earlier than|between|from|within|at|over|throughout|back in|sometime in)?(?: the)?(?: (?:end of|course of|year))?\s*$"
)
_SIDES: dict[str, Side] = {"before": "before", "prior to": "before", "earlier than": "before", "after": "after", "later than": "after", "by": "to", "until": "to"}  # fmt: skip
_ON_EN = re.compile(r"\s*(?:on|onwards?|or later|and later)\b")
_WHO_EN = re.compile(
    r"(?:\b(?:that|which|who)\s+)?(?:\b(?:were|was|are|is|got|have been|had been|has been|have|had|we|first|newly)\s+)*$"
)
_THOSE_ZH = re.compile(r"(?:出去?)?的?(?:那|这)?(?:些|批|部分|几)?")
_COMPARED = re.compile(r"[比较和与及、到至]|\b(?:than|and|or|vs|versus|to|against)\b")
_LISTED = re.compile(r"\s*(?:和|与|及|以及|、|/|&|and|plus)\s*(?:the )?")


@dataclass(frozen=True, slots=True)
class Dated:
    """What was said of dates of things."""

    named: tuple[NameMention, ...]
    """Metrics of the text, named without the words of the events."""
    limits: tuple[Period, ...] = ()
    """Periods that limit a date, each where the plain period stands."""
    groups: tuple[NameMention, ...] = ()
    """Dates grouped by, each with its grain."""
    spans: tuple[Span, ...] = ()
    """The words of the events."""


def find_dated(
    folded: Folded,
    periods: Sequence[Period],
    find_metrics: FindMetrics,
    catalog: Catalog,
) -> Dated:
    """Dates of things in a text, beside its metrics; `find_metrics` names metrics in any text."""
    plain = find_metrics(folded)
    events = find_events(folded.text, catalog)
    if not events:
        return Dated(plain)
    groups, spans, free = date_groups(folded, events)
    masked = find_metrics(without(folded, spans)) if spans else plain
    limits: list[Period] = []
    for event in free:
        beside = [found for p in periods if (found := _beside(folded, p, event))]
        # 去年发放今年逾期: where one stands before the event, one after it is of what follows.
        before = [found for found in beside if offset(folded, found[0].span.end) <= event.start]
        beside = before or beside
        if not beside or any(limit.span == beside[0][0].span for limit in limits):
            continue
        words = beside[0][1]
        is_apart = _has_own_time(folded, periods, events, beside[0][0])
        kept = measured(folded, event, words, beside[0][0], masked, find_metrics, catalog, is_apart=is_apart)
        if kept is None:
            masked, of_flow = as_flow(folded, event, masked, find_metrics, catalog)
            spans += of_flow
            continue
        masked, spans = kept, [*spans, words]
        limits += [limit for limit, _ in beside] + _listed_before(folded, periods, beside[0][0])
    if not limits and all(m.span is None or is_stock(catalog.metrics[m.name], catalog) for m in masked):
        limits += range_of_groups(folded, periods, groups)
    return Dated(masked, tuple(limits), groups, tuple(spans))


def limited(
    periods: Sequence[Period], limits: Sequence[Period], named: Sequence[NameMention], catalog: Catalog
) -> tuple[Period, ...]:
    """`periods`, those that limit a date marked; none where what is `named` in the end is a flow of that very event."""
    own = {name for m in named for name in own_dates(catalog, m.name)}
    by_place = {(p.span, p.first, p.last): p for p in limits if p.dimension not in own}
    return tuple(by_place.get((p.span, p.first, p.last), p) for p in periods)


def without_own(periods: Sequence[Period], named: Sequence[NameMention], catalog: Catalog) -> tuple[Period, ...]:
    """`periods`, those that limit the date of an event which `named` measures itself back on the metrics' own time."""
    own = {name for m in named for name in own_dates(catalog, m.name)}
    return tuple(replace(p, dimension="", side="") if p.dimension in own and not p.side else p for p in periods)


def _has_own_time(folded: Folded, periods: Sequence[Period], events: Sequence[Event], limit: Period) -> bool:
    """2024年开户的客户今年流失了多少: a later period with no event of its own is that of what is measured."""
    for other in periods:
        start = offset(folded, other.span.start)
        apart = folded.text[offset(folded, limit.span.end) : start]
        if other.first[:4] > limit.last[:4] and apart and not _COMPARED.search(apart):
            return not any(_beside(folded, other, event) for event in events)
    return False


def _listed_before(folded: Folded, periods: Sequence[Period], limit: Period) -> list[Period]:
    """2023年和2024年放的贷款: the periods listed with the one beside the event."""
    found: list[Period] = []
    at = limit
    for period in sorted((p for p in periods if p.span.end <= limit.span.start), key=lambda p: -p.span.start):
        gap = folded.text[offset(folded, period.span.end) : offset(folded, at.span.start)]
        if period.grain != limit.grain or not _LISTED.fullmatch(gap):
            break
        at = replace(period, dimension=limit.dimension)
        found.append(at)
    return found


def _beside(folded: Folded, period: Period, event: Event) -> tuple[Period, Span] | None:
    """The period as a limit of the event's date where both stand side by side, and the words of the event."""
    text = folded.text
    start, end = offset(folded, period.span.start), offset(folded, period.span.end)
    first, last = event.start, event.end
    is_english = text[first:last].isascii()
    limit = replace(period, dimension=event.dimension)
    if end <= first and not is_english and _GAP_ZH.fullmatch(text[end:first]):
        those = _THOSE_ZH.match(text, last)
        words = folded.span(end, those.end() if those else last)
        return replace(limit, side=_side_zh(text, end)), words
    if end <= first and is_english and text[end:first] in ("-", " ", "'s "):
        return limit, folded.span(first, last)
    if last > start:
        return None
    gap = text[last:start]
    if is_english:
        lead = _LEAD_EN.fullmatch(gap)
        who = _WHO_EN.search(text[:first])
        words = folded.span(who.start() if who else first, start)
        is_open = lead and lead["side"] == "from" and _ON_EN.match(text, end)
        side_en: Side = "from" if is_open else _SIDES.get((lead and lead["side"]) or "", "")
        return (replace(limit, side=side_en), words) if lead else None
    if not _LEAD_ZH.fullmatch(gap) or event.is_loose:
        return None
    side: Side = "before" if "早于" in gap else "after" if "晚于" in gap else _side_zh(text, end)
    tail = _BEFORE_ZH.match(text, end) or _AFTER_ZH.match(text, end) or _FROM_ZH.match(text, end)
    return replace(limit, side=side), folded.span(first, tail.end() if tail else end)


def _side_zh(text: str, end: int) -> Side:
    if _BEFORE_ZH.match(text, end):
        # 2027年底前 takes the year's last day in.
        return "to" if text[end - 1 : end] in ("底", "末") else "before"
    if _AFTER_ZH.match(text, end):
        return "after"
    return "from" if _FROM_ZH.match(text, end) else ""
