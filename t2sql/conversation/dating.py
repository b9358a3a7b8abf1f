"""The period of a follow-up: in the place of the one asked before, a step from it, or beside it to compare."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from t2sql.catalog import Catalog
from t2sql.conversation.pointing import asks_how_much, is_against
from t2sql.conversation.refusals import cannot_continue
from t2sql.conversation.rows import among_the_few
from t2sql.conversation.said import Said
from t2sql.conversation.slots import NOWHERE, Slots
from t2sql.conversation.times import followed, is_rolling, same_grain, shifted
from t2sql.flow import Period
from t2sql.metric_names import is_stock

_WHOLE_YEAR = re.compile(r"全年|整年|\b(?:full|whole|entire) year\b")


def edit_time(
    slots: Slots, said: Said, catalog: Catalog, last_loaded: date | None, stated: Callable[[], tuple[Period, ...]]
) -> Slots:
    """A new period in the place of the old, at the same grain where that can show it. Raises NotComputable."""
    stock = all(is_stock(catalog.metrics[name], catalog) for name in slots.metrics)
    if said.cues.shift:
        if slots.times:
            raise cannot_continue()
        periods = shifted(slots.periods or stated(), said.cues.shift, is_stock=stock)
        if not periods:
            raise cannot_continue()
        return replace(slots, periods=periods, grain=same_grain(periods, slots.grain))
    if compared := compared_periods(slots, said, last_loaded, catalog, stated):
        return _set_beside(slots, said, compared, catalog)
    found = said.context.periods
    if not found:
        return slots
    is_course = bool(said.context.grains) or bool(_WHOLE_YEAR.search(said.text))
    periods = followed(found, said.text, slots.periods, is_stock=stock, is_course=is_course, last_loaded=last_loaded)
    was_list = len(slots.periods) > 1 and all(p.first == p.last for p in slots.periods)
    grain = None if was_list and len(periods) == 1 else same_grain(periods, slots.grain)
    if grain is None and is_rolling(found, said.text) and stock:
        grain = periods[0].grain
    return replace(slots, periods=periods, times=(), grain=grain)


def compared_periods(
    slots: Slots, said: Said, last_loaded: date | None, catalog: Catalog, stated: Callable[[], tuple[Period, ...]]
) -> tuple[Period, Period] | None:
    """The period asked before and the one that the text compares it with; None where it compares with none.

    Raises NotComputable where the two are not alike.
    """
    found = said.context.periods
    if len(found) != 1 or not is_against(said.text, found[0].span.start, found[0].span.end):
        return None
    base = slots.periods or stated()
    stock = all(is_stock(catalog.metrics[name], catalog) for name in slots.metrics)
    other = followed(found, said.text, base, is_stock=stock, is_course=False, last_loaded=last_loaded)
    if slots.times or len(base) != 1 or len(other) != 1 or other[0].grain != base[0].grain or slots.grain:
        raise cannot_continue()
    if any(p.first != p.last or p.is_cumulative for p in (*base, *other)) or other[0].first == base[0].first:
        raise cannot_continue()
    return base[0], other[0]


def _set_beside(slots: Slots, said: Said, compared: tuple[Period, Period], catalog: Catalog) -> Slots:
    """The figures of both periods; the first few stay those of the question before."""
    if asks_how_much(said.text):
        raise cannot_continue()
    slots = among_the_few(slots, catalog)
    periods = tuple(replace(p, span=NOWHERE) for p in sorted(compared, key=lambda p: p.first))
    return replace(slots, periods=periods, grain=compared[0].grain, order=None)
