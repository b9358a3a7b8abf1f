"""The readings of a question that may be answered, asked back or chosen among, the likeliest first.

A metric that is named is never outvoted by one that is only alike: what is alike is offered, not answered. Where
nothing is named, the metrics found by meaning are the choice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from t2sql.catalog import Catalog
from t2sql.flow import Context
from t2sql.reading.composing import Reading, exact_metrics
from t2sql.reading.leftovers import leftovers
from t2sql.reading.readings import readings

MOST_CHOICES = 8
"""Readings that the llm chooses among."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A reading with what it leaves of the question."""

    reading: Reading
    left: tuple[str, ...]
    """Words of the question that it does not use."""
    is_alike: bool = False
    """By a metric near in meaning, beside one that is named: to be offered, never answered."""

    @property
    def semantic_sql(self) -> str:
        """What it asks."""
        return self.reading.semantic_sql


def candidates(context: Context, catalog: Catalog, *, pool: Sequence[str] | None = None) -> list[Candidate]:
    """Candidates of `context`, likeliest first; [] when no metric was found. `pool`: by these metrics alone."""
    named = exact_metrics(context)
    found = [Candidate(r, leftovers(context, r.semantic_sql, catalog)) for r in readings(context, catalog, pool=pool)]
    found.sort(key=lambda c: (bool(c.left), c.reading.rank))
    if not named or pool is not None:
        return found
    known = {m.name for m in named}
    shown = {c.semantic_sql for c in found}
    for mention in context.metrics:
        if mention.name in known:
            continue
        for reading in readings(context, catalog, pool=[mention.name])[:1]:
            if reading.semantic_sql not in shown:
                left = leftovers(context, reading.semantic_sql, catalog)
                found.append(Candidate(reading, left, is_alike=True))
    return found


def choices(found: list[Candidate]) -> list[Candidate]:
    """The best of their kind, among which nothing but a judgement can choose."""
    answerable = [c for c in found if not c.is_alike]
    if not answerable:
        return []
    best = answerable[0]
    return [c for c in answerable if (bool(c.left), c.reading.rank) == (bool(best.left), best.reading.rank)][
        :MOST_CHOICES
    ]
