"""Figures that the hints define, or that days between two dates make, in the place of the words that name them.

A question whose formulas cannot all be read keeps its words as they are.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from t2sql.fields.beside.durations import durations_of
from t2sql.fields.formula_parts import Formula
from t2sql.fields.formula_words import given_in
from t2sql.fields.formulas import formulas_of
from t2sql.fields.index import FieldIndex
from t2sql.fields.linked import Aggregate, Linked
from t2sql.fields.linking import link
from t2sql.flow import Span

_MEAN = re.compile(r"\b(?:average|mean|avg)(?: of)?(?: the)? $", re.IGNORECASE)
_CHOSEN_FIRST = re.compile(r"\b(?:latest|last|earliest|first|most recent)\b|\baggregat", re.IGNORECASE)
_TOTAL = re.compile(r"\b(?:total|sum)(?: of)?(?: the)? $", re.IGNORECASE)


def with_formulas(linked: Linked, text: str, hints: str, index: FieldIndex, today: date) -> Linked:
    """`linked` with figures in the place of the names for which `hints` give formulas; itself where none is read."""
    if not linked.datasets:
        return linked

    def computed_in(by: Linked) -> list[Formula]:
        given = formulas_of(text, hints, by, index, lambda said: link(said, "", index, today)) if "=" in hints else ()
        # Hints that choose among rows first (the latest payment of each sale) want more than a difference of days.
        is_plain = not given and not _CHOSEN_FIRST.search(hints)
        return [*given, *(durations_of(text, by, index) if is_plain else ())]

    found = computed_in(linked)
    needs = frozenset(name for formula in found for name in formula.datasets)
    if not needs <= {linked.dataset, *index.reach[linked.dataset]}:
        linked = link(text, hints, index, today, needs=needs)
        found = computed_in(linked)
    reach = {linked.dataset, *index.reach[linked.dataset]}
    named = {text[formula.span.start : formula.span.end] for formula in found}
    if any(
        name.isupper() and name not in named and re.search(rf"\b{re.escape(name)}\b", text) for name in given_in(hints)
    ):
        # One that cannot be read beside one that can: not half of it.
        return linked
    made: list[Aggregate] = []
    for formula in found:
        before = text[: formula.span.start]
        wrap = (
            "{}"
            if formula.is_figure
            else "AVG({})"
            if _MEAN.search(before)
            else "SUM({})"
            if _TOTAL.search(before)
            else ""
        )
        if not wrap or not formula.datasets <= reach:
            return linked
        made.append(Aggregate(formula.span, "made", (linked.dataset, wrap.format(formula.sql))))
    if not made:
        return linked
    spans = [a.span for a in made]
    names = {word.lower() for span in spans for word in re.findall(r"\w+", text[span.start : span.end])}

    def is_apart(span: Span, gap: int) -> bool:
        return all(span.end + gap <= s.start or span.start >= s.end for s in spans)

    kept = [a for a in linked.aggregates if is_apart(a.span, 8)]
    computed = " ".join(a.field[1] for a in made if a.field)
    again = {c.span for c in linked.conditions if c.alternatives[0].sql in computed}
    if kept and any(is_apart(span, 0) for span in again):
        # The number of completed bookings, and revenue, which is of completed ones too.
        if "/" in computed:
            return linked
        again = {span for span in again if not is_apart(span, 0)}
    return replace(
        linked,
        conditions=tuple(c for c in linked.conditions if c.span not in again),
        aggregates=tuple(sorted((*kept, *made), key=lambda a: a.span.start)),
        fields=tuple(f for f in linked.fields if is_apart(f.span, 0)),
        left=tuple(word for word in linked.left if word not in names),
    )
