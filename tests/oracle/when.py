"""Which periods a question shows, from its time conditions and the loads: decisions 2 to 5."""

from __future__ import annotations

from datetime import date

from oracle.questions import Measure, Question, When
from oracle.reading import Undefined
from oracle.shape import FACTS, METRICS, simple_parts
from oracle.spans import ONE_DAY, Span, span_of, spans
from oracle.warehouse import Warehouse

FAR = date(9000, 1, 1)
LONG_AGO = date(1000, 1, 1)


def literal(text: str) -> Span:
    """The days of a period literal."""
    if len(text) == 10:
        return span_of("day", date.fromisoformat(text))
    if "W" in text:
        return span_of("week", date.fromisocalendar(int(text[:4]), int(text[6:]), 1))
    year, _, part = text.partition("-")
    if not part:
        return span_of("year", date(int(year), 1, 1))
    if part[0] == "Q":
        return span_of("quarter", date(int(year), 3 * int(part[1]), 1))
    if part[0] == "H":
        return span_of("half", date(int(year), 6 * int(part[1]), 1))
    return span_of("month", date(int(year), int(part), 1))


def _days_of(when: When) -> list[Span]:
    found = [literal(text) for text in when.literals]
    first, last = found[0], found[-1]
    return {
        "=": [first],
        "IN": sorted(found),
        "BETWEEN": [Span(first.first, last.last)],
        ">=": [Span(first.first, FAR)],
        ">": [Span(first.last + ONE_DAY, FAR)],
        "<=": [Span(LONG_AGO, first.last)],
        "<": [Span(LONG_AGO, first.first - ONE_DAY)],
    }[when.operator]


def _asked(whens: tuple[When, ...]) -> list[Span]:
    """The days that all conditions leave, as ranges that do not touch."""
    left = [Span(LONG_AGO, FAR)]
    for when in whens:
        parts = [
            Span(max(a.first, b.first), min(a.last, b.last))
            for a in left
            for b in _days_of(when)
            if a.first <= b.last and b.first <= a.last
        ]
        left = []
        for part in sorted(parts):
            if left and part.first <= left[-1].last + ONE_DAY:
                left[-1] = Span(left[-1].first, max(left[-1].last, part.last))
            else:
                left.append(part)
    if not left or any(s.first > s.last for s in left):
        raise Undefined("no period is left")
    return left


def loads_in(warehouse: Warehouse, fact: str, span: Span) -> list[date]:
    """The loads of `fact` within `span`."""
    return [day for day in warehouse.loads(fact) if span.first <= day <= span.last]


def covers_from(warehouse: Warehouse, fact: str) -> date:
    """The first day that a flow or average covers: a first load stands for its month; in a daily book, for its day."""
    first = warehouse.loads(fact)[0]
    return first if FACTS[fact].kind == "day_stock" else first.replace(day=1)


def is_loaded(warehouse: Warehouse, fact: str, span: Span, is_average: bool = False) -> bool:
    """Whether a period holds anything of `fact`: a load of a stock; for a flow, days up to its last load.

    Reading: a flow's period that starts before the first load is not loaded; a part of it would pass for the whole.
    """
    loads = warehouse.loads(fact)
    if FACTS[fact].is_stock and not is_average:
        return bool(loads_in(warehouse, fact, span))
    return covers_from(warehouse, fact) <= span.first <= loads[-1]


def shown_periods(warehouse: Warehouse, question: Question, measures: list[Measure]) -> list[Span]:
    """The periods of the answer, in order. Raises Undefined where there are none, or where they are not clear."""
    parts = {(p.fact, p.is_average) for m in measures for p in simple_parts(m.metric)}
    facts = sorted({fact for fact, _ in parts})
    if any(not warehouse.loads(fact) for fact in facts):
        raise Undefined("a fact was never loaded")
    grain = question.grain
    if not question.when and not grain:
        return [_default(warehouse, facts, measures)]
    asked = _asked(question.when) if question.when else [Span(LONG_AGO, FAR)]
    first = min(_starts(warehouse, fact) for fact in facts)
    last = max(warehouse.loads(fact)[-1] for fact in facts)
    if not grain:
        return [_one(warehouse, question, asked, parts)]
    _refuse_too_fine(facts, grain)
    found = []
    for part in asked:
        for end in (part.first, part.last + ONE_DAY):
            if LONG_AGO < end < FAR and span_of(grain, end).first != end:
                raise Undefined("a period is cut")
        low, high = max(part.first, span_of(grain, first).first), min(part.last, last)
        found += [s for s in spans(grain, low, high) if low <= high]
    shown = [s for s in found if any(is_loaded(warehouse, fact, s, is_average) for fact, is_average in parts)]
    if not shown:
        raise Undefined("nothing is loaded")
    return shown


def _starts(warehouse: Warehouse, fact: str) -> date:
    return warehouse.loads(fact)[0] if FACTS[fact].is_stock else covers_from(warehouse, fact)


def _refuse_too_fine(facts: list[str], grain: str) -> None:
    if grain in ("day", "week") and any(FACTS[f].kind in ("month_stock", "month_flow") for f in facts):
        raise Undefined("finer than the snapshot")


def _one(warehouse: Warehouse, question: Question, asked: list[Span], parts: set[tuple[str, bool]]) -> Span:
    facts = sorted({fact for fact, _ in parts})
    if len(asked) > 1:
        raise Undefined("separate periods")
    for when in question.when:
        _refuse_too_fine(facts, when.grain)
    span = asked[0]
    if span.first == LONG_AGO:
        span = Span(min(_starts(warehouse, fact) for fact in facts), span.last)
    if span.last == FAR:
        span = Span(span.first, max(warehouse.loads(fact)[-1] for fact in facts))
    elif len(question.when) == 1 and question.when[0].operator == "=":
        span = literal(question.when[0].literals[0])
    if not any(is_loaded(warehouse, fact, span, is_average) for fact, is_average in parts):
        raise Undefined("nothing is loaded")
    return span


def _default(warehouse: Warehouse, facts: list[str], measures: list[Measure]) -> Span:
    """Decision 4. Where measures have different defaults, nothing says which periods stand side by side."""
    kinds = set()
    for measure in measures:
        metric = METRICS[measure.metric]
        stocks = [p for p in simple_parts(metric.name) if FACTS[p.fact].is_stock and not p.is_average]
        whole = len(stocks) == len(simple_parts(metric.name))
        kinds.add("latest" if whole else metric.default)
    if len(kinds) != 1 or kinds == {""}:
        raise Undefined("no default period")
    kind = kinds.pop()
    common = set.intersection(*(set(warehouse.loads(fact)) for fact in facts))
    if kind == "latest":
        if not common:
            raise Undefined("no date common to all")
        if any(m.functions for m in measures) and len({FACTS[f].kind for f in facts}) > 1:
            raise Undefined("one period back of a day or of a month")
        grain = "month" if all(FACTS[f].kind == "month_stock" for f in facts) else "day"
        return span_of(grain, max(common))
    lasts = {warehouse.loads(fact)[-1] for fact in facts}
    if len(lasts) > 1:
        raise Undefined("the facts end on different days")
    last = lasts.pop()
    return Span(date(last.year, 1, 1) if kind == "ytd" else min(_starts(warehouse, f) for f in facts), last)
