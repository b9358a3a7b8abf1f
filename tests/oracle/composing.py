"""Hypothesis strategies for composition: a random SELECT, and something random over it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from oracle.asking import questions, rows_where, whens
from oracle.composed import (
    AD_HOC,
    AdHoc,
    Calculated,
    Chosen,
    Composed,
    Detail,
    Outer,
    Ranked,
    Stacked,
    Whole,
)
from oracle.questions import GRAINS, Exceeds, Measure, Question
from oracle.reading import measures_in
from oracle.shape import FACTS, METRICS, dimensions_of, facts_of
from oracle.warehouse import Knobs

FORMS = ("whole", "outer", "outer", "outer", "stacked", "ranked", "chosen", "calculated", "ad hoc", "ad hoc", "detail")
DETAIL = {
    "books": ("book_id", "as_of", "client_id", "risk"),
    "days": ("day_id", "as_of", "amount"),
    "moves": ("move_id", "moved_on", "client_id", "channel", "amount"),
    "calls": ("call_id", "called_on", "client_id"),
}


@st.composite
def composed(draw: Any, knobs: Knobs) -> Composed:
    """One question with a SELECT inside, or over a dataset's rows."""
    form = draw(st.sampled_from(FORMS))
    if form == "detail":
        return draw(_detail(knobs))
    if form == "ad hoc":
        return draw(_ad_hoc(knobs))
    inner = draw(questions(knobs, is_inner=True))
    if form in ("ranked", "calculated", "chosen"):
        inner = replace(inner, orders=(), limit=None, group_by=False)
    keys = [c for c in inner.columns if isinstance(c, str)]
    measure = draw(st.sampled_from(inner.measures))
    if form == "outer":
        by = tuple(k for k in keys if draw(st.booleans()))
        aggregate = draw(st.sampled_from(["SUM", "SUM", "SUM", "MIN", "MAX", "AVG", "COUNT", "COUNT(*)"]))
        return Outer(inner, by, aggregate, measure, draw(st.booleans()))
    if form == "stacked":
        plain = replace(inner, orders=(), limit=None)
        where = (*plain.where, draw(rows_where(_shared(inner))))
        return Stacked(plain, replace(plain, where=where))
    if form == "ranked" and keys and not inner.having:
        return Ranked(
            inner, tuple(k for k in keys if draw(st.booleans())), measure, draw(st.sampled_from([None, 1, 2]))
        )
    if form == "calculated":
        right = draw(st.sampled_from([*inner.measures, 2, 100]))
        return Calculated(inner, measure, draw(st.sampled_from("+-*/")), right)
    if form == "chosen" and inner.dimensions:
        dimension = draw(st.sampled_from(inner.dimensions))
        outer = draw(questions(knobs, is_inner=True))
        if dimension in _shared(outer) and not outer.having:
            outer = replace(outer, principal=inner.principal, orders=(), limit=None, group_by=False)
            chosen = replace(inner, columns=(dimension, *inner.measures[:1]))
            if not measures_in((*chosen.where, *chosen.having)):
                over = Exceeds(chosen.measures[0], draw(st.sampled_from([">", "<="])), draw(st.integers(-1, 10)))
                chosen = replace(chosen, having=(over,))
            return Chosen(outer, dimension, chosen, draw(st.booleans()))
    return Whole(inner)


def _shared(question: Question) -> tuple[str, ...]:
    """The dimensions that all its facts have."""
    facts = frozenset().union(*(facts_of(m.metric) for m in question.measures))
    return tuple(sorted(frozenset.intersection(*(dimensions_of(f) for f in facts))))


@st.composite
def _ad_hoc(draw: Any, knobs: Knobs) -> AdHoc:
    fact = METRICS[draw(st.sampled_from(sorted(AD_HOC)))].fact
    near = [m for m in AD_HOC if METRICS[m].fact == fact]
    metrics = draw(st.lists(st.sampled_from(near), min_size=1, max_size=2, unique=True))
    dimensions = draw(st.lists(st.sampled_from(sorted(dimensions_of(fact))), max_size=2, unique=True))
    grain = draw(st.sampled_from(["", "", "month", "quarter", "year"]))
    columns = (*([grain] if grain else []), *dimensions, *(Measure(m) for m in metrics))
    when = draw(whens(grain, knobs, False))
    where = tuple(draw(st.lists(rows_where(tuple(sorted(dimensions_of(fact)))), max_size=1)))
    return AdHoc(Question(columns, when, where, principal=draw(st.sampled_from(["all", "all", "two"]))), fact)


@st.composite
def _detail(draw: Any, knobs: Knobs) -> Detail:
    fact = draw(st.sampled_from(sorted(DETAIL)))
    names = [*DETAIL[fact], *sorted(dimensions_of(fact))]
    columns = tuple(draw(st.lists(st.sampled_from(names), min_size=1, max_size=4, unique=True)))
    when = draw(whens("", knobs, False)) if not FACTS[fact].is_stock or draw(st.booleans()) else ()
    where = tuple(draw(st.lists(rows_where(tuple(sorted(dimensions_of(fact)))), max_size=1)))
    assert not set(columns) & set(GRAINS)
    return Detail(Question(columns, when, where, principal=draw(st.sampled_from(["all", "all", "two"]))), fact)
