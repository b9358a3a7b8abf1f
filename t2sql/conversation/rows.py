"""Edits of what one row stands for: groups, the grain of time, the order and how many rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import cast

from t2sql.catalog import Catalog, Grain
from t2sql.conversation.parsing import read_measure
from t2sql.conversation.said import EXACT, Said, family
from t2sql.conversation.slots import Measure, Order, Slots, Threshold, write
from t2sql.conversation.times import course
from t2sql.errors import NotComputable
from t2sql.flow import Period
from t2sql.reading.rows import told_apart

_UNIT_WORDS = re.compile(r"行|机构|网点|branch|outlet|office|organi[sz]ation", re.IGNORECASE)

# 增长最快的三家 are ordered by the growth where it stands beside the figure.
_GROWING = re.compile(
    r"增|涨|升|降幅|跌|快|慢|变化|占比|\b(?:grow|grew|fast|slow|ris|rose|fall|fell|gain|chang|share|increas|decreas|declin|improv)",
    re.IGNORECASE,
)


def edit_groups(slots: Slots, said: Said, catalog: Catalog) -> Slots:
    """Dimensions that the text groups by: one more, or in the place of those there; 合计 takes them away."""
    if "total" in said.cues.kinds:
        slots = _total(slots, said, catalog)
    if "unfiltered" in said.cues.kinds:
        slots = replace(slots, chosen=(), thresholds=(), others=())
    if said.cues.others:
        return slots
    if "without" in said.cues.kinds and not said.values:
        gone = set(said.mentioned)
        kept = tuple(c for c in slots.chosen if c.dimension not in gone)
        return replace(slots, groups=tuple(g for g in slots.groups if g not in gone), chosen=kept)
    named = said.cued
    if "all" in said.cues.kinds and said.mentioned and not said.values:
        # 全部渠道 takes away what was chosen of them; where nothing else makes a row, each of them is one.
        gone = set().union(*(family(name, catalog) for name in said.mentioned))
        kept = tuple(c for c in slots.chosen if c.dimension not in gone)
        if slots.groups and kept != slots.chosen:
            return replace(slots, chosen=kept)
        named, slots = said.mentioned, replace(slots, chosen=kept)
    if not named and (said.cues.kinds & {"split", "other"} or (said.is_alternative and not said.values)):
        named = said.mentioned
    limited = any(q.kind in ("limit", "order") for q in said.context.quantities)
    if not named and limited and not slots.groups:
        named = said.mentioned[:1]
    new = [name for name in named if name not in slots.groups]
    if not new:
        return slots
    others = not said.is_alternative and not (limited and set(said.cued) - set(slots.groups))
    if slots.groups and others:
        slots = among_the_few(slots, catalog)
    groups = [*(slots.groups if others else ()), *new]
    # 按区域拆开 after one region was chosen asks for all regions.
    alone = {c.dimension for c in slots.chosen if not c.is_negated and len(c.values) == 1 and c.dimension in new}
    alone -= {v.dimension for v in said.values}
    chosen = tuple(c for c in slots.chosen if c.dimension not in alone)
    if "other" in said.cues.kinds and slots.grain and not slots.groups and not said.context.grains:
        # By region instead of by month.
        slots = replace(slots, grain=None)
    return replace(slots, groups=tuple(told_apart(groups, catalog)), chosen=chosen)


def take_others(slots: Slots, said: Said, catalog: Catalog) -> Slots:
    """其他行业呢, "the rest": all but the values chosen before, or but the first few. Raises NotComputable."""
    if not said.cues.others:
        return slots
    if slots.limit and slots.order:
        slots = among_the_few(slots, catalog)
        return replace(slots, others=(*slots.others[:-1], f"NOT {slots.others[-1]}"))
    chosen = [c for c in slots.chosen if not c.is_negated and (c.dimension in said.mentioned or not said.mentioned)]
    if len(chosen) != 1:
        raise NotComputable(
            "It is not clear which others are meant: the question before does not choose some of them.",
            "Say which ones, or what to leave out.",
            zh=("不清楚“其他”指哪些：上一问没有选定其中的某些。", "请说明是哪些，或要排除哪些。"),
        )
    rest = replace(chosen[0], is_negated=True)
    groups = slots.groups if rest.dimension in slots.groups else (*slots.groups, rest.dimension)
    return replace(slots, chosen=tuple(rest if c is chosen[0] else c for c in slots.chosen), groups=groups)


def edit_grain(slots: Slots, said: Said, stated: Callable[[], Sequence[Period]]) -> Slots:
    """按月, 走势: the grain that is shown, over a course of time where a point was asked before.

    `stated`: the periods that the question before was read at when it named none.
    """
    grains = [cast(Grain, g.name) for g in said.context.grains]
    if said.cues.drops_grain and not grains:
        return replace(slots, grain=None)
    if not grains:
        return slots
    if "without" in said.cues.kinds:
        return replace(slots, grain=None)
    # 走势 alone keeps the grain that is there.
    grain = grains[0] if said.context.grains[0].score >= EXACT or slots.grain is None else slots.grain
    if said.context.periods or slots.times:
        return replace(slots, grain=grain)
    periods = slots.periods
    if not periods:
        periods = () if grain == "year" else tuple(stated())
    return replace(slots, grain=grain, periods=course(periods, grain))


def edit_order(slots: Slots, said: Said, catalog: Catalog) -> Slots:
    """前五, "bottom three", 从低到高. Raises NotComputable where there is nothing to put in order."""
    found = next((q for q in said.context.quantities if q.kind in ("limit", "order")), None)
    place = said.cues.place or (int(found.value) if found and found.operator == "=" else 0)
    if found is None and not place and said.order is None:
        return slots
    if not slots.groups and not slots.grain:
        raise NotComputable(
            "There is nothing to put in order: the question before has no groups.",
            "Say of what, for example: the top five branches.",
            zh=("上一问没有分组，无法排名。", "请说明按什么排，例如：前五家分行。"),
        )
    first = slots.measures[0]
    if first.functions[:1] == ("rank",) or _GROWING.search(said.text):
        first = next((m for m in slots.measures if m.functions and m.functions[0] != "rank"), first)
    named = next((m for m in slots.measures if m.metric in said.metrics), None)
    if place:
        is_down = found.descending if found else slots.order is None or slots.order.descending
        return _placed(slots, place, named or first, catalog, descending=is_down)
    if said.order is not None:
        if slots.limit and not (found and found.value):
            slots = among_the_few(slots, catalog)
        is_name = said.order in slots.groups or said.order == slots.grain
        order = Order(said.order, found.descending if found else not is_name)
        return replace(slots, order=order, limit=int(found.value) if found and found.value else None)
    assert found
    order = Order(slots.order.sql if slots.order and not named else (named or first).sql(), found.descending)
    if found.value:
        return replace(slots, order=order, limit=int(found.value))
    if slots.limit and slots.order and slots.order.descending != found.descending:
        return replace(among_the_few(slots, catalog), order=order)
    return replace(slots, order=order)


def _placed(slots: Slots, place: int, first: Measure, catalog: Catalog, *, descending: bool) -> Slots:
    """The row of one place, by what the question before was ordered by. Raises NotComputable from the bottom."""
    if not descending:
        raise NotComputable(
            "A place counted from the bottom is not computed yet.",
            "Ask for the lowest few, for example: the bottom three.",
            zh=("暂不能只取倒数第几名。", "请改问最后几名，例如：后三名。"),
        )
    by = (read_measure(slots.order.sql, catalog) if slots.order else None) or first
    rank = Measure(by.metric, ("rank", *(f for f in by.functions if f != "rank")), by.over)
    thresholds = tuple(t for t in slots.thresholds if "rank" not in t.measure.functions)
    bound = Threshold(rank, f"{rank.sql()} = {place}")
    return replace(slots, thresholds=(*thresholds, bound), order=None, limit=None)


def settle_rows(slots: Slots) -> Slots:
    """One row has no order and no bound that chooses it."""
    if slots.groups or slots.grain:
        return slots
    return replace(slots, order=None, limit=None, thresholds=())


def among_the_few(slots: Slots, catalog: Catalog) -> Slots:
    """The first N rows, turned into a condition that chooses them: the split of the five shows those five.

    Raises NotComputable where more than one thing makes a row.
    """
    if not slots.limit or not slots.order:
        return slots
    if len(slots.groups) != 1 or slots.grain:
        raise NotComputable(
            "The first rows of the question before stand for several things at once and cannot be split.",
            "Ask in full.",
            zh=("上一问的前几行由多个维度组成，无法再拆分。", "请完整地重新提问。"),
        )
    shown = tuple(m for m in slots.measures if m.sql() == slots.order.sql) or slots.measures[:1]
    inner = write(replace(slots, measures=shown), catalog)
    # The list needs the names alone; the figure that orders them stays in its ORDER BY.
    listed = inner.replace(f"SELECT {slots.groups[0]}, {shown[0].sql()} FROM", f"SELECT {slots.groups[0]} FROM", 1)
    chosen = f"{slots.groups[0]} IN ({listed})"
    return replace(slots, others=(*slots.others, chosen), order=None, limit=None)


def _total(slots: Slots, said: Said, catalog: Catalog) -> Slots:
    """合计: no groups. 全行: neither groups nor conditions on units of the bank, where there are any."""
    if not said.cues.is_bank_wide:
        return replace(slots, groups=(), grain=slots.grain if slots.groups else None)
    levels = [h.levels for h in catalog.hierarchies]
    units = {
        d
        for names in levels
        if any(_UNIT_WORDS.search(text) for n in names if n in catalog.dimensions for text in _called(n, catalog))
        for d in names
    }
    # 城市, 省份 and every role of a branch stand in the same table.
    tables = {catalog.dimensions[d].dataset for d in units if d in catalog.dimensions}
    units |= {d.name for d in catalog.dimensions.values() if d.dataset in tables}
    kept = tuple(c for c in slots.chosen if c.dimension not in units)
    groups = tuple(g for g in slots.groups if g not in units)
    if kept == slots.chosen and groups == slots.groups:
        # 全行呢 after one industry can only mean all of them.
        kept, groups = (kept, ()) if groups else ((), ())
    return replace(slots, groups=groups, chosen=kept)


def _called(name: str, catalog: Catalog) -> tuple[str, str]:
    display = catalog.dimensions[name].display
    return display.zh, display.en
