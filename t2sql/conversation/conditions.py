"""Edits of what is left out and kept: values of dimensions, and bounds of measures."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

from t2sql.catalog import Catalog
from t2sql.conversation.pointing import is_against, is_whole
from t2sql.conversation.refusals import nothing_to_join
from t2sql.conversation.said import Said, family
from t2sql.conversation.slots import Chosen, Measure, Slots, Threshold
from t2sql.errors import NotComputable
from t2sql.flow import Quantity, ValueMention
from t2sql.reading.bounds import number


def edit_values(slots: Slots, said: Said, catalog: Catalog) -> Slots:
    """Values that the text names: in the place of others of their dimension, beside them, or taken away."""
    picked = said.values
    for dimension in dict.fromkeys(v.dimension for v in picked):
        kept = tuple(dict.fromkeys(v.value for v in picked if v.dimension == dimension and not v.is_negated))
        away = tuple(dict.fromkeys(v.value for v in picked if v.dimension == dimension and v.is_negated))
        if away:
            slots = _without(slots, dimension, away)
        if kept:
            slots = _with(slots, dimension, kept, said, catalog)
    return slots


def value_choices(slots: Slots, said: Said, catalog: Catalog) -> list[tuple[ValueMention, ...]]:
    """What the words for values may mean: one dimension for each, the one that the question before chose by or grouped
    by, else of its hierarchy; every one of them where none is nearer.
    """
    chosen = {c.dimension for c in slots.chosen}
    near = {d for name in (*chosen, *slots.groups) for d in family(name, catalog)}

    def rank(mention: ValueMention) -> int:
        name = mention.dimension
        return 0 if name in chosen else 1 if name in (*slots.groups, *said.cued) else 2 if name in near else 3

    spans: dict[tuple[int, int], list[ValueMention]] = {}
    for value in said.values:
        spans.setdefault((value.span.start, value.span.end), []).append(value)
    options: list[list[tuple[ValueMention, ...]]] = []
    for mentions in spans.values():
        least = min(map(rank, mentions))
        near_by = [m for m in mentions if rank(m) == least]
        by_dimension = [[m for m in near_by if m.dimension == d] for d in dict.fromkeys(m.dimension for m in near_by)]
        # 中长期 is the name of two values of one dimension, and means both; what is only like two names is one of them.
        options.append(
            [one for same in by_dimension for one in ([tuple(same)] if _are_exact(same) else [(m,) for m in same])]
        )
    return [tuple(m for part in choice for m in part) for choice in itertools.product(*options)]


def _are_exact(mentions: Sequence[ValueMention]) -> bool:
    return all(m.score == 1.0 for m in mentions)


def _without(slots: Slots, dimension: str, away: Sequence[str]) -> Slots:
    """Out of a list, or the whole condition where nothing else was chosen; anything else is left out of all."""
    left: list[Chosen] = []
    is_out = False
    for one in slots.chosen:
        if one.dimension == dimension and not one.is_negated and set(one.values) & set(away):
            is_out = True
            rest = tuple(v for v in one.values if v not in away)
            left += [replace(one, values=rest)] if rest else []
        else:
            left.append(one)
    if not is_out:
        before = next((c for c in left if c.dimension == dimension and c.is_negated), None)
        values = tuple(dict.fromkeys((*(before.values if before else ()), *away)))
        left = [c for c in left if c is not before] + [Chosen(dimension, values, is_negated=True)]
    return replace(slots, chosen=tuple(left))


def _with(slots: Slots, dimension: str, kept: tuple[str, ...], said: Said, catalog: Catalog) -> Slots:
    spans = [v.span for v in said.values if v.dimension == dimension and not v.is_negated]
    before = next((c for c in slots.chosen if c.dimension == dimension and not c.is_negated), None)
    if any(is_against(said.text, s.start, s.end) for s in spans) or ("more" in said.cues.kinds and said.cues.adds):
        out = next((c for c in slots.chosen if c.dimension == dimension and set(c.values) & set(kept)), None)
        if before is None and out is not None:
            rest = tuple(v for v in out.values if v not in kept)
            chosen = tuple(replace(c, values=rest) if c is out else c for c in slots.chosen if c is not out or rest)
            return replace(slots, chosen=chosen)
        if before is None:
            raise nothing_to_join()
        kept = tuple(dict.fromkeys((*before.values, *kept)))
    elif "more" in said.cues.kinds and before is not None:
        kept = tuple(dict.fromkeys((*before.values, *kept)))
    if any(c.name == "share" for c in said.comparisons) and any(is_whole(said.text, s.start, s.end) for s in spans):
        return _of_whole(slots, Chosen(dimension, kept), catalog)
    rivals = family(dimension, catalog)
    left: list[Chosen] = []
    for one in slots.chosen:
        # What is chosen leaves everything else out already.
        if one.dimension not in rivals or (one.is_negated and one.dimension != dimension):
            left.append(one)
    slots = replace(slots, chosen=(*left, Chosen(dimension, kept)))
    if len(kept) == 1 and dimension in slots.groups and "rank" not in _functions(slots):
        return replace(slots, groups=tuple(g for g in slots.groups if g != dimension))
    if len(kept) > 1 and dimension not in slots.groups and "total" not in said.cues.kinds:
        return replace(slots, groups=(*slots.groups, dimension))
    return slots


def _of_whole(slots: Slots, whole: Chosen, catalog: Catalog) -> Slots:
    """占华东多少: what was chosen or grouped before, as a share of the value said. Raises NotComputable where nothing
    before is a part of such a value.
    """
    levels = next((h.levels for h in catalog.hierarchies if whole.dimension in h.levels), ())
    finer = set(levels[levels.index(whole.dimension) + 1 :]) if levels else set()
    parts = {*slots.groups, *(c.dimension for c in slots.chosen if not c.is_negated and len(c.values) == 1)}
    if levels and not parts & finer:
        raise nothing_to_join()
    if not levels and not (parts - {whole.dimension}):
        raise nothing_to_join()
    others = tuple(c for c in slots.chosen if c.dimension != whole.dimension)
    return replace(slots, chosen=(whole, *others))


def edit_thresholds(slots: Slots, said: Said, catalog: Catalog) -> Slots:
    """Bounds that the text gives, each of the first measure shown that its unit fits, in the place of an earlier one.

    Raises NotComputable where nothing is grouped, or nothing fits.
    """
    for quantity in (q for q in said.context.quantities if q.kind == "threshold"):
        fitting = [m for m in _bounded(slots) if _fits(m, quantity, catalog)]
        if not fitting:
            raise NotComputable(
                "The bound fits no figure of the question before.",
                "Give it in the unit of a figure shown, or ask in full.",
                zh=("这个界限与上一问的指标单位不符。", "请按所示指标的单位给出，或完整地重新提问。"),
            )
        if not slots.groups and not slots.grain:
            raise NotComputable(
                "A bound chooses among groups, and nothing is grouped.",
                "Say which ones, for example: branches above 5%.",
                zh=("筛选高低要先有分组，而上一问没有分组。", "请说明是哪些对象，例如：超过5%的分行。"),
            )
        measure = fitting[0]
        bound = Threshold(measure, _bound(measure, quantity))
        others = tuple(t for t in slots.thresholds if t.measure != measure)
        slots = replace(slots, thresholds=(*others, bound))
    return slots


def _bounded(slots: Slots) -> tuple[Measure, ...]:
    """Measures that a bound may be of: those shown, then those bounded before."""
    return tuple(dict.fromkeys((*slots.measures, *(t.measure for t in slots.thresholds))))


def _fits(measure: Measure, quantity: Quantity, catalog: Catalog) -> bool:
    metric = catalog.metrics[measure.metric]
    function = measure.functions[0] if measure.functions else ""
    is_ratio = function in ("yoy", "mom", "qoq", "vs_year_start", "share") or metric.is_ratio_unit
    if quantity.unit in ("ratio", "bp"):
        return is_ratio
    if quantity.unit == "CNY":
        return not is_ratio and metric.unit != "count"
    return quantity.unit == "" or (quantity.unit == "count" and metric.unit == "count")


def _bound(measure: Measure, quantity: Quantity) -> str:
    if quantity.operator == "between":
        return f"{measure.sql()} BETWEEN {number(quantity.value)} AND {number(quantity.upper or 0)}"
    return f"{measure.sql()} {quantity.operator or '>'} {number(quantity.value)}"


def _functions(slots: Slots) -> set[str]:
    return {f for m in slots.measures for f in m.functions}
