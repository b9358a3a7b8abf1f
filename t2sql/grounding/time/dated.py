"""Periods that limit a date of the things counted, not the metrics' own time: 明年到期的贷款, "customers who opened before 2020".

Words of the event come from the names of the catalog's date dimensions. A flow is never limited so: what was granted in May
is its own period.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Literal

from t2sql.catalog import Catalog, Dimension
from t2sql.flow import NameMention, Period, Span
from t2sql.grounding.settling import key, offset
from t2sql.grounding.words.text import Folded
from t2sql.metric_names import datasets_of, is_stock

Side = Literal["", "before", "after"]
_DATE_ZH = re.compile(r"(?:日期|时间|日)$")
_WHOSE_ZH = re.compile(r"^(?:客户|贷款|合同|信用卡|账户|存款)")
_DATE_EN = frozenset(
    "date dates day time the a of was when start card loan loans customer account deposit contract relationship".split()
)
_OWNERS = frozenset(
    "card cards loan loans customer customers account accounts deposit deposits contract contracts".split()
)
_NEAR = 14
_ENDING = re.compile(r"(?:ation|ing|ity|ion|ed|e)$")
_BEFORE_ZH = re.compile(r"\s*(?:之前|以前|前)")
_AFTER_ZH = re.compile(r"\s*(?:之后|以后|后)")
_GAP_ZH = re.compile(r"\s*(?:份|间|内|之内|期间|就|才|将|要|会|已经?|(?:之|以)?[前后])*\s*")
_LEAD_ZH = re.compile(r"(?:日期?|时间)?(?:在|于|为|是|早于|晚于)?\s*$")
_LEAD_EN = re.compile(
    r"\s*(?:date )?(?:is |was |are |were |falls? |due )?(?P<side>in|on|during|before|after|by|since|until|prior to|later than|earlier than|between|from|within|at)?(?: the)?(?: end of)?\s*$"
)
_SIDES: dict[str, Side] = {"before": "before", "prior to": "before", "earlier than": "before", "after": "after", "later than": "after"}  # fmt: skip


def dated(
    folded: Folded, periods: Sequence[Period], named: Sequence[NameMention], catalog: Catalog
) -> tuple[tuple[Period, ...], list[Span]]:
    """(periods, with those that limit a date marked, where the words of their events stand)."""
    if not periods:
        return tuple(periods), []
    own = {name for m in named for name in _own_dates(catalog, m.name)}
    taken = [m.span for m in named if m.span]
    found: list[Period] = []
    spans: list[Span] = []
    events = [
        (folded.span(*match.span()), name)
        for name, pattern in _events(catalog)
        if name not in own
        for match in pattern.finditer(folded.text)
    ]
    events = _of_whose(folded, events, catalog)
    free = [(s, n) for s, n in events if not any(t.start < s.end and s.start < t.end for t in taken)]
    for period in periods:
        meant = next((m for s, n in free if (m := _beside(folded, period, s, n))), None)
        found.append(meant[0] if meant else period)
        spans += [meant[1]] if meant else []
    return tuple(found), spans


def _of_whose(folded: Folded, events: list[tuple[Span, str]], catalog: Catalog) -> list[tuple[Span, str]]:
    """One date for each place: that of the thing said beside the event (cards opened); none where nothing tells."""
    kept: list[tuple[Span, str]] = []
    for span in dict.fromkeys(span for span, _ in events):
        names = [name for one, name in events if one == span]
        start, end = offset(folded, span.start), offset(folded, span.end)
        near = folded.text[max(0, start - _NEAR) : start] + " " + folded.text[end : end + _NEAR]
        told = [name for name in names if any(word in near for word in _whose(catalog.dimensions[name]))]
        chosen = names if len(names) == 1 else told
        kept += [(span, chosen[0])] if len(chosen) == 1 else []
    return kept


def _whose(dimension: Dimension) -> set[str]:
    """What the date is of: card of "card opening date", 客户 of 客户开户日期."""
    names = [key(n) for n in (dimension.display.zh, dimension.display.en, *dimension.synonyms)]
    found = {match[0] for name in names if (match := _WHOSE_ZH.match(name))}
    return found | {word.rstrip("s") for name in names if name.isascii() for word in name.split() if word in _OWNERS}


def _own_dates(catalog: Catalog, metric: str) -> set[str]:
    """Date dimensions of the same event as the metric's own time: what was granted in May has no other date of granting."""
    if is_stock(catalog.metrics[metric], catalog):
        return set()
    words = set()
    for name in datasets_of(catalog.metrics[metric], catalog):
        dataset = catalog.datasets[name]
        if dataset.time_dimension and "." not in dataset.time_dimension:
            item = dataset.fields[dataset.time_dimension]
            words |= _stems((item.display.zh, item.display.en))
    called = catalog.metrics[metric].display
    words |= _stems((called.zh + "日", called.en))
    return {
        d.name
        for d in catalog.dimensions.values()
        if catalog.field_of(d).is_time
        and any(w in words or any(w in x for x in words) for w in _stems((d.display.zh, d.display.en, *d.synonyms)))
    }


def _beside(folded: Folded, period: Period, event: Span, name: str) -> tuple[Period, Span] | None:
    """The period as a limit of the event's date, where both stand side by side."""
    text = folded.text
    start, end = offset(folded, period.span.start), offset(folded, period.span.end)
    first, last = offset(folded, event.start), offset(folded, event.end)
    if end <= first and not text[first:last].isascii() and _GAP_ZH.fullmatch(text[end:first]):
        side: Side = "before" if _BEFORE_ZH.match(text, end) else "after" if _AFTER_ZH.match(text, end) else ""
        return replace(period, dimension=name, side=side), Span(period.span.end, event.end)
    if last > start:
        return None
    gap = text[last:start]
    if text[first:last].isascii():
        lead = _LEAD_EN.fullmatch(gap)
        return lead and (
            replace(period, dimension=name, side=_SIDES.get(lead["side"] or "", "")),
            Span(event.start, period.span.start),
        )
    if not _LEAD_ZH.fullmatch(gap):
        return None
    side = (
        "before"
        if "早于" in gap or _BEFORE_ZH.match(text, end)
        else "after"
        if "晚于" in gap or _AFTER_ZH.match(text, end)
        else ""
    )
    tail = _BEFORE_ZH.match(text, end) or _AFTER_ZH.match(text, end)
    return replace(period, dimension=name, side=side), Span(
        event.start, folded.ends[tail.end() - 1] if tail else period.span.end
    )


def _events(catalog: Catalog) -> Iterator[tuple[str, re.Pattern[str]]]:
    """(date dimension, pattern of what happens on it), in either language; longer words first."""
    for dimension in catalog.dimensions.values():
        if catalog.field_of(dimension).is_time and not dimension.role:
            words = sorted(_words(dimension), key=lambda w: -len(w))
            if words:
                yield dimension.name, re.compile("|".join(words))


def _words(dimension: Dimension) -> set[str]:
    return {
        rf"(?:\b(?:fall|com|becom)\w* )?\b{re.escape(stem)}(?:at)?(?:e|es|s|ed|ing)?\b"
        if stem.isascii()
        else re.escape(stem)
        for stem in _stems((dimension.display.zh, dimension.display.en, *dimension.synonyms))
    }


def _stems(names: Iterable[str]) -> set[str]:
    """The event in each name of a date: 到期 of 贷款到期日, matur of maturity date."""
    found: set[str] = set()
    for written in names:
        said = key(written)
        if not said.isascii():
            event = _DATE_ZH.sub("", _WHOSE_ZH.sub("", said))
            if len(event) == 2:
                found.add(event)
            continue
        for word in said.split():
            stem = _ENDING.sub("", word)
            if word not in _DATE_EN:
                found.add(stem if len(stem) > 2 else word)
    return found
