"""Rows by a date of the things counted: 按放款年份, 到期年度分布, "by the year they were handed out"."""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from t2sql.catalog import Grain
from t2sql.flow import NameMention, Period, Span
from t2sql.grounding.settling import offset
from t2sql.grounding.time.anchors import AS_OF
from t2sql.grounding.time.calendars import FINENESS
from t2sql.grounding.time.events import Event
from t2sql.grounding.words.text import Folded

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
_AT_END = re.compile(r"[末底初终]$|\bend\b[^,]*$")


def date_groups(folded: Folded, events: Sequence[Event]) -> tuple[tuple[NameMention, ...], list[Span], list[Event]]:
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


def range_of_groups(folded: Folded, periods: Sequence[Period], groups: Sequence[NameMention]) -> list[Period]:
    """NPL ratio by the year of lending for 2020 to 2025, 按到期月份看2026年: several of the very units shown limit that date."""
    if len(groups) != 1 or len(periods) != 1 or groups[0].grain is None:
        return []
    period, shown = periods[0], groups[0].grain
    text = folded.text[: offset(folded, period.span.end)]
    is_several = period.first != period.last if period.grain == shown else FINENESS[period.grain] < FINENESS[shown]
    if not is_several or _AT_END.search(text) or AS_OF.search(folded.text[: offset(folded, period.span.start)]):
        return []
    return [replace(period, dimension=groups[0].name)]
