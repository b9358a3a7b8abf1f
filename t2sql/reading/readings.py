"""The readings of a question: every semantic SQL that fits what was grounded. The grammar allows these and nothing
else.

What code could ground is fixed in each reading; what stays open (which metric, which measure a threshold or an order
is about) becomes alternatives for the llm to choose among. One reading needs no llm.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace

from t2sql.catalog import Catalog
from t2sql.flow import Context, NameMention
from t2sql.reading.composing import Composer, Reading
from t2sql.reading.counting import as_listing, counted
from t2sql.reading.members import members_asked
from t2sql.reading.periods_apart import one_below_the_other, periods_apart
from t2sql.reading.two_members import two_members

MOST_READINGS = 120
MOST_WAYS = 6
"""Of taking words that name several metrics."""


def readings(context: Context, catalog: Catalog, *, pool: Sequence[str] | None = None) -> list[Reading]:
    """Readings of `context`, likeliest first, at most 120. `pool` overrides the metrics to choose among. Empty when
    no metric was found.
    """
    found: dict[str, Reading] = {}
    listing = as_listing(context, catalog) if pool is None else None
    if listing:
        return [replace(one, semantic_sql=counted(listing, one.semantic_sql)) for one in readings(listing, catalog)]
    if pool is None and (members := members_asked(context, catalog)):
        return [Reading(members, ())]
    if pool is None and (against := two_members(context, lambda one: _first(one, catalog))):
        return [Reading(against, ())]
    if apart := periods_apart(context):
        others = tuple(p for p in context.periods if p not in apart)
        parts = [readings(replace(context, periods=(p, *others)), catalog, pool=pool)[:1] for p in apart]
        said = one_below_the_other([one.semantic_sql for part in parts for one in part], apart)
        if said:
            return [replace(parts[0][0], semantic_sql=said)]
    for one in _by_name(context) if pool is None else (context,):
        for reading in Composer(one, catalog, pool).compose():
            found.setdefault(reading.semantic_sql, reading)
            if len(found) >= MOST_READINGS:
                return list(found.values())
    return list(found.values())


def _first(context: Context, catalog: Catalog) -> str:
    found = readings(context, catalog)
    return found[0].semantic_sql if found else ""


def _by_name(context: Context) -> Iterator[Context]:
    """`context` once for each way to take words that may name two metrics."""
    said: dict[tuple[int, int, str], list[NameMention]] = {}
    for mention in context.metrics:
        if mention.span:
            # Two names at their full score are both meant (存贷款余额); less than that is one or the other.
            place = (mention.span.start, mention.span.end, mention.name if mention.score >= 1.0 else "")
            said.setdefault(place, []).append(mention)
    if all(len(mentions) == 1 for mentions in said.values()):
        yield context
        return
    found = tuple(m for m in context.metrics if m.span is None)
    for choice in itertools.islice(itertools.product(*said.values()), MOST_WAYS):
        yield replace(context, metrics=(*choice, *found))
