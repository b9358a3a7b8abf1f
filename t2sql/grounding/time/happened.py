"""What is measured where an event is said: what happened (发放的贷款, new loans) or what stands of it (… 现在还剩多少).

The words of the event name a flow; where something else is measured, or what stands is asked, they only limit a date.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from t2sql.catalog import Catalog
from t2sql.flow import NameMention, Period, Span
from t2sql.grounding.settling import offset
from t2sql.grounding.time.events import Event, is_shared, names_of_date, own_stems
from t2sql.grounding.words.text import Folded, fold
from t2sql.metric_names import datasets_of, is_stock

FindMetrics = Callable[[Folded], tuple[NameMention, ...]]
# What asks for what stands of the things, and not for what happened.
_STANDS = re.compile(
    r"不良|逾期|关注|透支|欠|还剩|剩余|剩下|剩多少|余额|没还|未还|未收回|还有(?:多少|几)|还在|存量|在册|\bstill\b|\boutstanding\b|\bbalances?\b|\bleft\b|\bremain\w*|\bon (?:the|our) books\b|\bunpaid\b"
)
_NOW = re.compile(r"现在|目前|如今|眼下|当前|\b(?:now|today|currently|these days)\b")
_PRESENT = re.compile(r"今年|本年|本月|当月|本季|this|ytd")
_LISTED = re.compile(r"\s*(?:和|与|及|以及|、|/|&|and|plus)\s*(?:the )?")


def measured(
    folded: Folded,
    event: Event,
    words: Span,
    period: Period,
    named: tuple[NameMention, ...],
    find_metrics: FindMetrics,
    catalog: Catalog,
    *,
    is_apart: bool,
) -> tuple[NameMention, ...] | None:
    """The metrics of the text where its event only limits what is measured; None where the event itself is measured."""
    text = folded.text
    flows = {name for name in catalog.metrics if event.dimension in own_dates(catalog, name)}
    told = [m for m in named if m.span and m.span.start < words.end and words.start < m.span.end]
    happened = [m for m in told if m.name in flows]
    if any(m.name in flows and m not in told for m in named):
        return None
    bare = find_metrics(without(folded, [words]))
    noun = folded.span(*event.owner) if event.owner else None
    rest = [m for m in bare if m.span and not (noun and noun.start <= m.span.start and m.span.end <= noun.end)]
    if not flows or not told:
        others = [m for m in rest if not _is_of_noun(m, noun, text, folded, catalog)]
        is_other = bool(others) or not flows or is_apart or _stands(text, period, folded)
        return (tuple(rest) or bare) if is_other else None
    kept = [m for m in rest if not any(_is_only_longer(m, h, text, folded, catalog) for h in happened)]
    kept = [m for m in kept if not _is_of_noun(m, noun, text, folded, catalog)]
    if kept and any(_are_listed(folded, h, kept) for h in happened):
        return None
    if kept:
        return tuple(rest)
    return bare if is_apart or _stands(text, period, folded) or period.side == "before" else None


def as_flow(
    folded: Folded,
    event: Event,
    named: tuple[NameMention, ...],
    find_metrics: FindMetrics,
    catalog: Catalog,
) -> tuple[tuple[NameMention, ...], list[Span]]:
    """发放的固定利率贷款笔数: what happened, where a word stands between the event and its noun; () words where it is named so."""
    flows = {name for name in catalog.metrics if event.dimension in own_dates(catalog, name)}
    if not flows or event.owner is None:
        return named, []
    noun = folded.span(*event.owner)
    said_so = [m for m in named if m.name in flows and m.span]
    if any(m.span.start < noun.end and noun.start < m.span.end for m in said_so if m.span):
        return named, []
    text = folded.text
    nouns = [m for m in named if m.span and _is_of_noun(m, noun, text, folded, catalog)]
    said = text[event.owner[0] : max([event.owner[1], *(offset(folded, m.span.end) for m in nouns if m.span)])]
    is_english = text[event.start : event.end].isascii()
    stems = sorted(
        s for s in own_stems(names_of_date(catalog.dimensions[event.dimension])) if s.isascii() == is_english
    )
    joined = [
        fold(f"{said} {text[event.start : event.end]}") if is_english else fold(f"{word}的{said}") for word in stems
    ]
    called = {m.name for words in joined for m in find_metrics(words) if m.name in flows}
    if len(called) != 1:
        return named, []
    whole = Span(noun.start, max([noun.end, *(m.span.end for m in nouns if m.span)]))
    flow = NameMention(whole, "metric", called.pop(), 1.0)
    return (*(m for m in named if m not in nouns and m not in said_so), flow), [folded.span(event.start, event.end)]


def _is_of_noun(one: NameMention, noun: Span | None, text: str, folded: Folded, catalog: Catalog) -> bool:
    """贷款金额 after 发放的: an amount or a count of the very things, and nothing else measured of them."""
    if noun is None or one.span is None or not (one.span.start <= noun.start < one.span.end):
        return False
    said = text[offset(folded, noun.start) : offset(folded, one.span.end)]
    before = text[offset(folded, one.span.start) : offset(folded, noun.start)]
    return not before.strip() and not _STANDS.search(said) and not catalog.metrics[one.name].is_ratio_unit


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


def without(folded: Folded, spans: Sequence[Span]) -> Folded:
    """`folded` with the spans blanked, offsets kept."""
    letters = [
        " " if any(s.start <= start < s.end for s in spans) else letter
        for letter, start in zip(folded.text, folded.starts, strict=True)
    ]
    return replace(folded, text="".join(letters))


def own_dates(catalog: Catalog, metric: str) -> set[str]:
    """Date dimensions of the same event as the metric's own time: what was granted in May has no other date of granting."""
    if is_stock(catalog.metrics[metric], catalog):
        return set()
    words: set[str] = set()
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
