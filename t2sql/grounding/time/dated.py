"""Periods that limit a date of the things counted, not the metrics' own time: 明年到期的贷款, "customers who opened before 2020",
去年放的那些贷款现在还剩多少; and rows by such a date: 按放款年份, "by the year they were handed out".

A flow named by the event itself stays what it is: what was granted in May is its own period, unless something else is measured.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from t2sql.catalog import Catalog, Grain
from t2sql.flow import NameMention, Period, Span
from t2sql.grounding.settling import offset
from t2sql.grounding.time.anchors import AS_OF
from t2sql.grounding.time.calendars import FINENESS
from t2sql.grounding.time.events import Event, find_events, is_shared, names_of_date, own_stems
from t2sql.grounding.words.text import Folded
from t2sql.metric_names import datasets_of, is_stock

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
# What asks for what stands of the things, and not for what happened.
_STANDS = re.compile(
    r"还剩|剩余|剩下|剩多少|余额|没还|未还|未收回|还有(?:多少|几)|还在|存量|在册|\bstill\b|\boutstanding\b|\bbalances?\b|\bleft\b|\bremain\w*|\bon (?:the|our) books\b|\bunpaid\b"
)
_NOW = re.compile(r"现在|目前|如今|眼下|当前|\b(?:now|today|currently|these days)\b")
_PRESENT = re.compile(r"今年|本年|本月|当月|本季|this|ytd")
_COMPARED = re.compile(r"[比较和与及、到至]|\b(?:than|and|or|vs|versus|to|against)\b")
_AT_END = re.compile(r"[末底初终]$|\bend\b[^,]*$")
_LISTED = re.compile(r"\s*(?:和|与|及|以及|、|/|&|and|plus)\s*(?:the )?")
_UNITS: dict[str, Grain] = {"年": "year", "季": "quarter", "月": "month", "半": "half", "y": "year", "q": "quarter", "m": "month", "h": "half"}  # fmt: skip
_UNIT_ZH = re.compile(r"(?:日期?|时间|所在)?的?(?:年份|年度|年|半年度?|季度|季|月份|月)(?!末|底|初|均|供|利)")
_UNIT_EN = re.compile(r"[ -](?:date )?(?P<u>years?|quarters?|months?|half[- ]years?)\b|(?P<v>)(?<=vintage)s?\b")
_UNIT_BEFORE_EN = re.compile(
    r"\b(?P<u>year|quarter|month|half[- ]year) (?:of|in which|when|that|they|it|the|their|we|loans?|cards?|customers?|clients?|accounts?|were|was|are|is|first|got|have been|had been|or|\s)*$"
)
_BY_BEFORE = re.compile(
    r"(?:按照?|分|依|以|各个?|每一?个?|逐|不同|根据)(?:其|贷款|信用卡|客户|卡片?|合同)?的?$|\b(?:by|per|each|every|for each|across|split by|grouped by)(?: the| their| its)?(?: (?:loan|card|customer|client|account)s?)?\s*$"
)
_BY_AFTER = re.compile(
    r"(?:来)?(?:看|分|拆|列|统计|汇总|展示|划分|分布|构成|结构|分组)|\s*(?:breakdown|split|distribution|profile|ladder)\b"
)


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
    find_metrics: Callable[[Folded], tuple[NameMention, ...]],
    catalog: Catalog,
) -> Dated:
    """Dates of things in a text, beside its metrics; `find_metrics` names metrics in any text."""
    plain = find_metrics(folded)
    events = find_events(folded.text, catalog)
    if not events:
        return Dated(plain)
    groups, spans, free = _groups(folded, events)
    masked = find_metrics(_without(folded, spans)) if spans else plain
    limits: list[Period] = []
    for event in free:
        beside = [found for p in periods if (found := _beside(folded, p, event))]
        if not beside or any(limit.span == beside[0][0].span for limit in limits):
            continue
        words = beside[0][1]
        is_apart = _has_own_time(folded, periods, events, beside[0][0])
        kept = _measured(folded, event, words, beside[0][0], masked, find_metrics, catalog, is_apart=is_apart)
        if kept is None:
            continue
        masked, spans = kept, [*spans, words]
        limits += [limit for limit, _ in beside] + _listed_before(folded, periods, beside[0][0])
    if not limits and all(m.span is None or is_stock(catalog.metrics[m.name], catalog) for m in masked):
        limits += _range_of_groups(folded, periods, groups)
    return Dated(masked, tuple(limits), groups, tuple(spans))


def limited(periods: Sequence[Period], limits: Sequence[Period]) -> tuple[Period, ...]:
    """`periods`, those that limit a date marked."""
    by_place = {(p.span, p.first, p.last): p for p in limits}
    return tuple(by_place.get((p.span, p.first, p.last), p) for p in periods)


def _measured(
    folded: Folded,
    event: Event,
    words: Span,
    period: Period,
    named: tuple[NameMention, ...],
    find_metrics: Callable[[Folded], tuple[NameMention, ...]],
    catalog: Catalog,
    *,
    is_apart: bool,
) -> tuple[NameMention, ...] | None:
    """The metrics of the text where its event only limits what is measured; None where the event itself is measured."""
    text = folded.text
    flows = {name for name in catalog.metrics if event.dimension in _own_dates(catalog, name)}
    told = [m for m in named if m.span and m.span.start < words.end and words.start < m.span.end]
    happened = [m for m in told if m.name in flows]
    if any(m.name in flows and m not in told for m in named):
        return None
    without = find_metrics(_without(folded, [words]))
    noun = folded.span(*event.owner) if event.owner else None
    rest = [m for m in without if m.span and not (noun and noun.start <= m.span.start and m.span.end <= noun.end)]
    if not flows or not told:
        is_other = bool(rest) or not flows or _stands(text, period, folded)
        return (tuple(rest) or without) if is_other else None
    kept = [m for m in rest if not any(_is_only_longer(m, h, text, folded, catalog) for h in happened)]
    if kept and any(_are_listed(folded, h, kept) for h in happened):
        return None
    if kept:
        return tuple(rest)
    return without if is_apart or _stands(text, period, folded) or period.side == "before" else None


def _has_own_time(folded: Folded, periods: Sequence[Period], events: Sequence[Event], limit: Period) -> bool:
    """2024年开户的客户今年流失了多少: a later period with no event of its own is that of what is measured."""
    for other in periods:
        start = offset(folded, other.span.start)
        apart = folded.text[offset(folded, limit.span.end) : start]
        if other.first[:4] > limit.last[:4] and apart and not _COMPARED.search(apart):
            return not any(_beside(folded, other, event) for event in events)
    return False


def _is_only_longer(one: NameMention, happened: NameMention, text: str, folded: Folded, catalog: Catalog) -> bool:
    """发放的贷款笔数 is a count of what happened; 发放的贷款余额 and "balance of the loans granted" are what stands of it."""
    assert one.span and happened.span
    if not (happened.span.start <= one.span.start and one.span.end <= happened.span.end):
        return False
    said = text[offset(folded, one.span.start) : offset(folded, one.span.end)]
    return not _STANDS.search(said) and not catalog.metrics[one.name].is_ratio_unit


def _are_listed(folded: Folded, happened: NameMention, rest: Sequence[NameMention]) -> bool:
    """发放的贷款和贷款余额: both are asked."""
    for other in rest:
        assert happened.span and other.span
        first, second = sorted((happened.span, other.span), key=lambda s: s.start)
        if _LISTED.fullmatch(folded.text[offset(folded, first.end) : offset(folded, second.start)]):
            return True
    return False


def _stands(text: str, period: Period, folded: Folded) -> bool:
    said = text[offset(folded, period.span.start) : offset(folded, period.span.end)]
    return bool(_STANDS.search(text)) or (bool(_NOW.search(text)) and not _PRESENT.search(said))


def _groups(folded: Folded, events: Sequence[Event]) -> tuple[tuple[NameMention, ...], list[Span], list[Event]]:
    """(dates grouped by, their words, the other events)."""
    text = folded.text
    groups: list[NameMention] = []
    free: list[Event] = []
    for event in events:
        unit = _UNIT_ZH.match(text, event.end) or _UNIT_EN.match(text, event.end)
        before = _UNIT_BEFORE_EN.search(text[: event.start])
        start, end = event.start, event.end
        if unit:
            end = unit.end()
            letter = unit[0].strip(" -的日期时间所在")[:1] or "y"
        elif before and text[event.start : event.end].isascii():
            start, letter = before.start(), before["u"][0]
        else:
            free.append(event)
            continue
        cue = _BY_BEFORE.search(text[:start])
        if not cue and not _BY_AFTER.match(text, end):
            free.append(event)
            continue
        tail = re.match(r"(?: out| up| due| in)\b", text[end:]) if before and not unit else None
        span = folded.span(start, end + (tail.end() if tail else 0))
        groups.append(NameMention(span, "dimension", event.dimension, 1.0, grain=_UNITS.get(letter, "year")))
    return tuple(groups), [g.span for g in groups if g.span], free


def _range_of_groups(folded: Folded, periods: Sequence[Period], groups: Sequence[NameMention]) -> list[Period]:
    """NPL ratio by the year of lending for 2020 to 2025, 按到期月份看2026年: several of the very units shown limit that date."""
    if len(groups) != 1 or len(periods) != 1 or groups[0].grain is None:
        return []
    period, shown = periods[0], groups[0].grain
    text = folded.text[: offset(folded, period.span.end)]
    is_several = period.first != period.last if period.grain == shown else FINENESS[period.grain] < FINENESS[shown]
    if not is_several or _AT_END.search(text) or AS_OF.search(folded.text[: offset(folded, period.span.start)]):
        return []
    return [replace(period, dimension=groups[0].name)]


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


def _without(folded: Folded, spans: Sequence[Span]) -> Folded:
    """`folded` with the spans blanked, offsets kept."""
    letters = [
        " " if any(s.start <= start < s.end for s in spans) else letter
        for letter, start in zip(folded.text, folded.starts, strict=True)
    ]
    return replace(folded, text="".join(letters))


def _own_dates(catalog: Catalog, metric: str) -> set[str]:
    """Date dimensions of the same event as the metric's own time: what was granted in May has no other date of granting."""
    if is_stock(catalog.metrics[metric], catalog):
        return set()
    words = set()
    for name in datasets_of(catalog.metrics[metric], catalog):
        dataset = catalog.datasets[name]
        if dataset.time_dimension and "." not in dataset.time_dimension:
            item = dataset.fields[dataset.time_dimension]
            words |= own_stems((item.display.zh, item.display.en))
    called = catalog.metrics[metric].display
    words |= own_stems((called.zh + "日", called.en))
    return {
        d.name
        for d in catalog.dimensions.values()
        if catalog.field_of(d).is_time
        and any(
            (w in words or any(w in x for x in words))
            and (d.dataset in datasets_of(catalog.metrics[metric], catalog) or not is_shared(w, d, catalog))
            for w in own_stems(names_of_date(d))
        )
    }


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
