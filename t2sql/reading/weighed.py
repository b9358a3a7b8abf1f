"""Readings to offer in a question back, the most probable first: those of near contexts, weighed by what each leaves
unsaid of the question and by what was changed for it.

They are offered and never answered; whoever offers them compiles them first.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from t2sql.catalog import Catalog
from t2sql.flow import Context
from t2sql.reading.leftovers import leftovers
from t2sql.reading.made import made
from t2sql.reading.readings import readings
from t2sql.reading.variations import Explains, Variation, doubted_spans, variations

_MOST_READINGS, _MOST_SINGLE, _MOST_PAIRED, _MOST_MADE_OF = 4, 30, 9, 8
_MOST_VARIED = 2
"""Contexts of which variations are tried."""
_OF_THE_SQL = ("unsaid", "left")
_FIELDS = ("values", "dimensions", "metrics", "quantities", "comparisons", "grains", "periods")


@dataclass(frozen=True, slots=True)
class Weighed:
    """A reading with all that speaks against it."""

    semantic_sql: str
    marks: Mapping[str, float]
    """Kind of mark -> how much of it."""

    @property
    def weight(self) -> float:
        """What speaks against it, added up."""
        return sum(WEIGHTS.get(kind, _ELSE) * much for kind, much in self.marks.items())


WEIGHTS: Mapping[str, float] = {
    "unsaid": 1.2, "left": 1.9, "strangeness": 2.3, "supposed": 1.0, "other": 1.2, "two": 0.9,
    "-metrics far": 0.4, "-metrics near": 0.5, "-values near": 0.4, "-dimensions near": 0.7, "-values far": 1.0,
    "-dimensions far": 1.0, "-grains far": 1.0, "-periods far": 1.0, "+dimensions each": 0.5,
    "+dimensions else": 1.2, "+metrics said": 0.8, "=metrics said": 1.1, "=metrics kin": 1.1,
    "=metrics alike": 1.5, "=metrics near": 1.6, "=metrics near all": 1.1, "-values denied": -0.8,
    "-metrics denied": -0.8, "-dimensions denied": -0.5, "+grains": 0.4, "~periods end": 1.1,
    "~periods year": 1.2, "values>rows near": 1.0, "values>rows far": 1.3, "change": 1.1, "share": 0.8,
    "mean": 0.8,
}  # fmt: skip
"""What each mark weighs: fitted over development questions that were asked back, and rounded. Others weigh `_ELSE`."""
_ELSE = 0.9


def weighed(contexts: Sequence[Context], besides: Context, catalog: Catalog, explains: Explains) -> list[Weighed]:
    """Readings, the lightest first. `contexts`: the one understood, then others that may be meant; `besides`: what
    words of the question name and none of them holds.
    """
    found: dict[str, tuple[Weighed, Context]] = {}

    def take(sql: str, marks: Mapping[str, float], varied: Context) -> None:
        one = Weighed(sql, _added(marks, _unsaid(contexts[0], varied, sql, catalog, explains)))
        if sql not in found or one.weight < found[sql][0].weight:
            found[sql] = one, varied

    for place, base in enumerate(contexts):
        marks = {"supposed": 1.0} if place else {}
        for turn, reading in enumerate(readings(base, catalog)[:_MOST_READINGS]):
            take(reading.semantic_sql, _added(marks, {"other": 1.0} if turn else {}), base)
        singles = sorted(variations(base, besides, catalog, explains), key=_cost) if place < _MOST_VARIED else []
        pairs = (_both(base, one, other) for one, other in itertools.combinations(singles[:_MOST_PAIRED], 2))
        for near in (*singles[:_MOST_SINGLE], *(pair for pair in pairs if pair)):
            own = _added(marks, {"strangeness": near.strangeness}, *({kind: 1.0} for kind in near.kinds))
            for reading in readings(near.context, catalog)[:1]:
                take(reading.semantic_sql, own, near.context)
    likely = sorted(found.values(), key=lambda pair: pair[0].weight)[:_MOST_MADE_OF]
    for one, varied in likely:
        own = {mark: much for mark, much in one.marks.items() if mark not in _OF_THE_SQL}
        for kind, sql in made(contexts[0], one.semantic_sql, catalog):
            take(sql, _added(own, {kind: 1.0}), varied)
    return sorted((one for one, _ in found.values()), key=lambda one: one.weight)


def _added(*marks: Mapping[str, float]) -> dict[str, float]:
    total: dict[str, float] = {}
    for each in marks:
        for kind, much in each.items():
            total[kind] = total.get(kind, 0.0) + much
    return total


def _cost(one: Variation) -> float:
    return sum(WEIGHTS.get(kind, _ELSE) for kind in one.kinds) + WEIGHTS["strangeness"] * one.strangeness


def _both(base: Context, one: Variation, other: Variation) -> Variation | None:
    """Two changes made together; None where they touch the same part of the context."""
    changed = [{f for f in _FIELDS if getattr(v.context, f) is not getattr(base, f)} for v in (one, other)]
    if changed[0] & changed[1]:
        return None
    both = replace(one.context, **{f: getattr(other.context, f) for f in changed[1]})
    return Variation(both, (*one.kinds, *other.kinds, "two"), one.strangeness + other.strangeness)


def _unsaid(context: Context, varied: Context, sql: str, catalog: Catalog, explains: Explains) -> dict[str, float]:
    """How many words of the question neither the reading uses nor its names say, by their weight; and how much of what
    `varied` holds it leaves.
    """
    text = context.question.text.lower()
    names = [n for n in (*catalog.metrics, *catalog.dimensions) if n in sql and re.search(rf"\b{re.escape(n)}\b", sql)]
    spans = [t.span for f in ("values", "dimensions", "metrics") for t in getattr(varied, f) if t.span]
    weights = {d.word.lower(): d.weight for d in context.doubts}
    words = [word.lower() for word in leftovers(context, sql, catalog)]
    words += [text[s.start : s.end] for s in doubted_spans(context)]
    marks = {"unsaid": 0.0, "left": 0.0}
    for word in _apart(words):
        place = text.find(word)
        is_held = any(s.start <= place and place + len(word) <= s.end for s in spans if s.end > s.start)
        if word != text.strip() and not is_held and not explains(word, names):
            marks["unsaid"] += min(1.0, max(weights.get(word, 1.0), 0.3))
    if varied is not context:
        marks["left"] += len(leftovers(varied, sql, catalog))
    return marks


def _apart(words: Iterable[str]) -> list[str]:
    """Words, none within another."""
    kept = list(dict.fromkeys(words))
    return [word for word in kept if not any(word != other and word in other for other in kept)]
