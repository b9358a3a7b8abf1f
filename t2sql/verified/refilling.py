"""A checked question's semantic SQL for the slots of another one, changed in the tree and never in text.

A slot that does not fit its place (a value of another dimension, a period of another length where the length is part of
the meaning) gives no semantic SQL at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from sqlglot import exp

from t2sql.catalog import Grain
from t2sql.compiler.calendar.periods import periods_between
from t2sql.flow import Period, Quantity, ValueMention
from t2sql.verified.spots import days_of
from t2sql.verified.templates import NumberSlot, PeriodSlot, Template, ValueSlot
from t2sql.verified.wording import Said


def refill(template: Template, said: Said, fiscal_year_start: int) -> str | None:
    """The semantic SQL that answers what was `said` in a template's words; None where a slot does not fit."""
    if said.key != template.said.key:
        return None
    values = _values(template, said)
    if values is None or not _periods_fit(template, said.periods, fiscal_year_start):
        return None
    tree = template.tree.copy()
    nodes = list(tree.walk())
    if not template.is_pinned:
        for slot, period in zip(template.periods, said.periods, strict=True):
            _write_period(nodes, slot, period)
    for value, name in values:
        for place in value.nodes:
            nodes[place].replace(exp.Literal.string(name))
    numbers = (*zip(template.limits, said.limits, strict=True), *zip(template.thresholds, said.thresholds, strict=True))
    for number, quantity in numbers:
        _write_number(nodes, number, quantity)
    return tree.sql("duckdb", normalize_functions=False)


def _values(template: Template, said: Said) -> list[tuple[ValueSlot, str]] | None:
    """Each slot with its new value; by dimension, and by place where two slots are of one dimension."""
    kinds = [(slot.dimension, slot.is_negated) for slot in template.values]
    if len(set(kinds)) < len(kinds):
        if said.placed != template.said.placed:
            return None
        pairs = list(zip(template.values, said.values, strict=True))
    else:
        pairs = [(slot, mentions) for mentions in said.values for slot in template.values if _fits(slot, mentions)]
        if len(pairs) != len(template.values) or len({id(slot) for slot, _ in pairs}) != len(pairs):
            return None
    if not all(_fits(slot, mentions) for slot, mentions in pairs):
        return None
    return [(slot, m.value) for slot, mentions in pairs for m in mentions if m.dimension == slot.dimension]


def _fits(slot: ValueSlot, mentions: Sequence[ValueMention]) -> bool:
    """A word that may be of more dimensions than the signed one is not told apart here."""
    dimensions = {m.dimension for m in mentions}
    is_same_side = mentions[0].is_negated == slot.is_negated
    return is_same_side and slot.dimension in dimensions and dimensions <= slot.options


def _periods_fit(template: Template, asked: Sequence[Period], fiscal_year_start: int) -> bool:
    signed = [slot.period for slot in template.periods]
    if len(signed) != len(asked):
        return False
    days = [days_of(p.first, p.last, fiscal_year_start) for p in asked]
    if None in days or len(set(days)) < len(days):
        return False
    if template.is_pinned:
        return days == [days_of(p.first, p.last, fiscal_year_start) for p in signed]
    lengths = [_length(p, fiscal_year_start) for p in asked]
    if lengths == [_length(p, fiscal_year_start) for p in signed]:
        return True
    # Two periods are compared: whatever their length, it is one.
    return template.is_free and all(a == b for a, b in pairwise(lengths))


def _length(period: Period, fiscal_year_start: int) -> tuple[Grain, int, bool]:
    days = days_of(period.first, period.last, fiscal_year_start)
    number = sum(1 for _ in periods_between(*days, period.grain)) if days else 0
    return period.grain, number, period.is_cumulative


def _write_period(nodes: Sequence[exp.Expr], slot: PeriodSlot, period: Period) -> None:
    first, last = exp.Literal.string(period.first), exp.Literal.string(period.last)
    for places, is_member in slot.spots:
        if is_member:
            nodes[places[0]].replace(first.copy())
            continue
        column = nodes[places[0]].this.copy()
        column.this.set("this", period.grain)
        if len(places) == 2:
            nodes[places[0]].replace(exp.GTE(this=column.copy(), expression=first.copy()))
            nodes[places[1]].replace(exp.LTE(this=column, expression=last.copy()))
        elif period.first == period.last:
            nodes[places[0]].replace(exp.EQ(this=column, expression=first.copy()))
        else:
            nodes[places[0]].replace(exp.Between(this=column, low=first.copy(), high=last.copy()))


def _write_number(nodes: Sequence[exp.Expr], slot: NumberSlot, quantity: Quantity) -> None:
    for place, scale, is_upper in slot.nodes:
        number = quantity.upper if is_upper and quantity.upper is not None else quantity.value
        said = Decimal(repr(number)) * Decimal(repr(scale))
        literal: exp.Expr = exp.Literal.number(f"{abs(said).normalize():f}")
        nodes[place].replace(exp.Neg(this=literal) if said < 0 else literal)
