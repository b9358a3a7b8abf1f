"""Contexts near the one that was understood: with one thing left out, taken in, turned round or taken for another.

For questions back only: what comes of them is offered, and never answered. Each says what kind of change it is, so that
whoever ranks them knows how probable such a change is.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from t2sql.catalog import Catalog, Metric
from t2sql.flow import Context, NameMention, Period, Quantity, Span, ValueMention
from t2sql.metric_names import made_of
from t2sql.reading.nearby import near_metrics

Explains = Callable[[str, Iterable[str]], bool]
"""explains(word, names): whether a name of one of these things holds the word or says the same."""
_REACH = 4
_CUED = 0.95
_MOST_METRICS = 10
# An amount is told in a currency, which limits nothing.
_TOLD_IN = frozenset(("currency",))
_NOT = re.compile(
    r"[不非未无没]|以外|除|\b(?:not|non|no|without|except|excluding|other than|outside|ex)\b", re.IGNORECASE
)
# What is denied: "rather than bad loans", 不看放款, 没有抵押.
_DENIED = re.compile(
    r"(?:\b(?:not|rather than|instead of|no|without|never|than against|excluding)(?: the| a| any| by)?|不[看要按算问]|没有?|无|而非|不是|别)\s*$",
    re.IGNORECASE,
)
_DENIABLE = ("values", "dimensions", "metrics")
_BELOW = re.compile(r"under|below|less|lower|short of|低|小|少|不足|不到|以下|以内", re.IGNORECASE)
_UPON_EACH = re.compile(
    r"(?:各个?|每一?[个家类种档]?|[按分])$|\b(?:by|per|each|every|across|which|what|with(?: the)?|(?:split|broken)(?: down)? by)(?: (?:the|our|of|these|its|[a-z]+))? $|[一二两三四五六七八九十\d](?:大|个|类|种|档|级)?$|\b(?:two|three|four|five|six|seven|eight|nine|ten) $",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Variation:
    """One context near another."""

    context: Context
    kinds: tuple[str, ...]
    """What was changed: "-values near" leaves a value out that stands beside a doubted word."""
    strangeness: float = 0.0
    """How much of the name of a metric taken in the text does not hold, 0..1."""


def variations(context: Context, besides: Context, catalog: Catalog, explains: Explains) -> list[Variation]:
    """Variations by one change. `besides`: what the words of the text also name, and `context` does not hold."""
    doubted = doubted_spans(context)
    found = [
        *_left_out(context, doubted),
        *_one_of_several(context, doubted),
        *_taken_in(context, besides, catalog, doubted),
        *_other_metrics(context, besides, catalog, explains, doubted),
        *_turned(context, doubted),
        *_rows_for_values(context, doubted),
    ]
    return [Variation(replace(context, **changed), (kind,), strange) for kind, strange, changed in found]


def doubted_spans(context: Context) -> list[Span]:
    """Where the words stand that nothing explains."""
    low = context.question.text.lower()
    words = dict.fromkeys((*context.ungrounded, *(d.word for d in context.doubts if d.weight >= 0.5)))
    places = ((low.find(word.lower()), len(word)) for word in words)
    return [Span(place, place + length) for place, length in places if place >= 0]


def likeness(text: str, metric: Metric) -> float:
    """How much of one of a metric's names stands in `text`, 0..1."""
    from rapidfuzz import fuzz

    words = set(re.findall(r"[a-z0-9+]+", text.lower()))
    words |= {word.rstrip("s") for word in words}

    def of(name: str) -> float:
        if not name.isascii():
            return float(fuzz.partial_ratio(name, text)) / 100
        own = re.findall(r"[a-z0-9+]+", name.lower())
        return sum(word in words or word.rstrip("s") in words for word in own) / max(1, len(own))

    return max(map(of, (metric.display.zh, metric.display.en, *metric.synonyms)))


_Change = tuple[str, float, dict[str, Any]]


def _near(span: Span | None, doubted: Iterable[Span]) -> str:
    near = span is not None and any(s.start - _REACH <= span.end and span.start - _REACH <= s.end for s in doubted)
    return "near" if near else "far"


def _left_out(context: Context, doubted: list[Span]) -> Iterator[_Change]:
    text = context.question.text
    denied = tuple(v for v in context.values if _DENIED.search(text[: v.span.start]))
    if len(denied) > 1:
        yield "-values denied", 0.0, {"values": tuple(v for v in context.values if v not in denied)}
    for kind in ("values", "dimensions", "metrics", "quantities", "comparisons", "grains", "periods"):
        things = getattr(context, kind)
        for span in dict.fromkeys(thing.span for thing in things if thing.span):
            kept = tuple(one for one in things if one.span != span)
            if kind == "metrics" and not any(m.span for m in kept):
                continue
            how = "denied" if kind in _DENIABLE and _DENIED.search(text[: span.start]) else _near(span, doubted)
            yield f"-{kind} {how}", 0.0, {kind: kept}
        if kind in ("values", "dimensions") and len({t.span for t in things}) > 1:
            names = [one.dimension if isinstance(one, ValueMention) else one.name for one in things]
            for name in dict.fromkeys(names):
                kept = tuple(one for one, own in zip(things, names, strict=True) if own != name)
                if len(things) - len(kept) > 1:
                    near = any(_near(one.span, doubted) == "near" for one in things if one not in kept)
                    yield f"-{kind} {'near' if near else 'far'}", 0.0, {kind: kept}


def _one_of_several(context: Context, doubted: list[Span]) -> Iterator[_Change]:
    for period in context.periods if len(context.periods) > 2 else ():
        yield "-periods near", 0.0, {"periods": (period,)}
    for dimension in dict.fromkeys(v.dimension for v in context.values):
        same = [v for v in context.values if v.dimension == dimension]
        rest = tuple(v for v in context.values if v.dimension != dimension)
        for value in same if len({v.span for v in same}) > 2 else ():
            near = any(_near(v.span, doubted) == "near" for v in same if v is not value)
            yield f"-values {'near' if near else 'far'}", 0.0, {"values": (*rest, value)}


def _taken_in(context: Context, besides: Context, catalog: Catalog, doubted: list[Span]) -> Iterator[_Change]:
    text = context.question.text
    for value in besides.values:
        if value.dimension in _TOLD_IN:
            continue
        kind = "doubted" if any(_overlap(value.span, s) for s in doubted) else "else"
        changed: dict[str, Any] = {"values": (*context.values, value)}
        for field in ("metrics", "dimensions"):
            things = getattr(context, field)
            clear = tuple(one for one in things if not (one.span and _overlap(one.span, value.span)))
            if len(clear) < len(things):
                changed[field] = clear
        yield f"+values {kind}", 0.0, changed
    listed = [v for v in besides.values if any(_overlap(v.span, s) for s in doubted)]
    for name in {v.dimension for v in listed}:
        same = tuple(v for v in listed if v.dimension == name)
        if len({v.span for v in same}) == len(same) > 1:
            yield "+values doubted", 0.0, {"values": (*context.values, *same)}
    for grain in besides.grains if not context.grains else ():
        yield "+grains", 0.0, {"grains": (grain,)}
    for dimension in besides.dimensions:
        if dimension.name in {d.name for d in context.dimensions if d.score >= _CUED} or not dimension.span:
            continue
        is_each = _UPON_EACH.search(text[: dimension.span.start])
        near = any(_overlap(dimension.span, s) for s in doubted)
        of = catalog.field_of(catalog.dimensions[dimension.name])
        if not is_each and (of.is_time or (not of.searchable and not near)):
            # A word for the things counted, or for their date, is no row of the answer.
            continue
        shown = (*context.dimensions, replace(dimension, score=1.0))
        yield f"+dimensions {'each' if is_each else 'doubted' if near else 'else'}", 0.0, {"dimensions": shown}


def _other_metrics(
    context: Context, besides: Context, catalog: Catalog, explains: Explains, doubted: list[Span]
) -> Iterator[_Change]:
    """A metric more, or another for one of those named."""
    known, text = catalog.metrics, context.question.text
    named = [m for m in context.metrics if m.span and m.name in known]
    held = {m.name for m in named}
    words = {text[s.start : s.end].lower(): s for s in doubted}
    called = {n: span for word, span in words.items() for n in known if len(word) > 1 and explains(word, [n])}
    said = {m.name: m.span for m in besides.metrics if m.name in known and m.span}
    pool: dict[str, str] = {name: "said" for name in said}
    pool |= {name: "called" for name in called if name not in pool}
    for mention in context.metrics:
        if mention.span is None and mention.name in known:
            pool.setdefault(mention.name, "alike")
    for one in named:
        for other in known:
            if one.name in made_of(other, known) or other in made_of(one.name, known):
                pool.setdefault(other, "kin")
        for other in near_metrics(one.name, catalog):
            pool.setdefault(other, "near")
    likely = {name: likeness(text, known[name]) for name in pool if name not in held}
    for name in sorted(likely, key=lambda n: -likely[n])[:_MOST_METRICS]:
        how, span, strange = pool[name], said.get(name) or called.get(name), 1.0 - likely[name]
        mention = NameMention(span, "metric", name, 1.0)
        if span:
            rest = tuple(m for m in context.metrics if m.span and not _overlap(m.span, span))
            yield f"+metrics {how}", strange, {"metrics": (*rest, mention)}
        if not named:
            yield f"=metrics {how}", strange, {"metrics": (replace(mention, span=span or Span(0, 0)),)}
        for out in named:
            swapped = tuple(
                replace(mention, span=m.span) if m is out else m for m in context.metrics if m.span or m.name != name
            )
            changed: dict[str, Any] = {"metrics": swapped}
            if known[name].is_ratio_unit and any(c.name == "share" for c in context.comparisons):
                # The ratio itself is the share that was asked.
                changed["comparisons"] = tuple(c for c in context.comparisons if c.name != "share")
            yield f"=metrics {how}", strange, changed
        if len(named) > 1:
            yield f"=metrics {how} all", strange, {"metrics": (replace(mention, span=named[0].span),)}


def _turned(context: Context, doubted: list[Span]) -> Iterator[_Change]:
    """A bound the other way round, a value left out instead of kept, a period by its end or its year."""
    text = context.question.text
    for quantity in context.quantities:
        turned = {">": "<", ">=": "<=", "<": ">", "<=": ">="}.get(quantity.operator)
        if quantity.kind == "threshold" and turned:
            near = any(_BELOW.search(text[s.start : s.end]) for s in doubted)
            other: Quantity = replace(quantity, operator=turned)  # type: ignore[arg-type]
            kept = tuple(other if q is quantity else q for q in context.quantities)
            yield f"~quantities {'near' if near else 'far'}", 0.0, {"quantities": kept}
    for value in context.values:
        if _NOT.search(text[max(0, value.span.start - 12) : value.span.end + 6]):
            others = (replace(v, is_negated=not v.is_negated) if v.span == value.span else v for v in context.values)
            yield "~values", 0.0, {"values": tuple(others)}
    for period in context.periods:
        for how, other_period in _wider(period):
            kept_periods = tuple(other_period if p is period else p for p in context.periods)
            yield f"~periods {how}", 0.0, {"periods": kept_periods}


def _wider(period: Period) -> Iterator[tuple[str, Period]]:
    if period.dimension:
        return
    if period.first != period.last:
        yield "end", replace(period, first=period.last, is_cumulative=False)
    if period.grain in ("month", "quarter", "half"):
        year = period.last[:4]
        yield "year", replace(period, grain="year", first=year, last=year, is_cumulative=False)


def _rows_for_values(context: Context, doubted: list[Span]) -> Iterator[_Change]:
    """Rows by a dimension, instead of a condition on it, or where it is only mentioned."""
    shown = {d.name for d in context.dimensions if d.score >= _CUED}
    for dimension in dict.fromkeys(v.dimension for v in context.values):
        same = [v for v in context.values if v.dimension == dimension]
        group = NameMention(same[0].span, "dimension", dimension, 1.0)
        near = any(_near(v.span, doubted) == "near" for v in same)
        rest = tuple(v for v in context.values if v.dimension != dimension)
        dimensions = context.dimensions if dimension in shown else (*context.dimensions, group)
        yield f"values>rows {'near' if near else 'far'}", 0.0, {"dimensions": dimensions, "values": rest}
    for mention in context.dimensions:
        if mention.score < _CUED:
            raised = tuple(replace(d, score=1.0) if d is mention else d for d in context.dimensions)
            yield (
                f"+dimensions {'doubted' if _near(mention.span, doubted) == 'near' else 'else'}",
                0.0,
                {"dimensions": raised},
            )


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
