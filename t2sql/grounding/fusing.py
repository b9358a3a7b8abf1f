"""Metrics found by their names and by meaning, as one list: reciprocal rank fusion, names counting more.

G. V. Cormack, C. L. A. Clarke, S. Buettcher, "Reciprocal Rank Fusion outperforms Condorcet", SIGIR 2009.
"""

from __future__ import annotations

from t2sql.catalog import Catalog
from t2sql.flow import NameMention

CANDIDATES = 8
"""Metrics of one question, at most."""
_RANK_OFFSET = 10
_NAME_WEIGHT = 3.0
# Cosines of the embedder: unrelated texts reach 0.86, the same thing said otherwise 0.93.
_UNLIKE, _ALIKE = 0.80, 1.0


def fused(named: tuple[NameMention, ...], found: list[tuple[str, float]], catalog: Catalog) -> tuple[NameMention, ...]:
    """Names and meaning by reciprocal rank, names counting more; at most CANDIDATES."""
    ranked: dict[str, float] = {}
    best: dict[str, NameMention] = {}
    for mention in sorted(named, key=lambda m: -m.score):
        best.setdefault(mention.name, mention)
    in_order = [m.name for m in sorted(best.values(), key=lambda m: (-m.score, m.span.start if m.span else 0))]
    for rank, name in enumerate(in_order):
        ranked[name] = _NAME_WEIGHT * best[name].score / (_RANK_OFFSET + rank)
    meant = [(name, score) for name, score in found if name in catalog.metrics]
    for rank, (name, score) in enumerate(meant):
        ranked[name] = ranked.get(name, 0.0) + 1.0 / (_RANK_OFFSET + rank)
        best.setdefault(name, NameMention(None, "metric", name, _likeness(score)))
    return tuple(best[name] for name in sorted(ranked, key=lambda n: -ranked[n])[:CANDIDATES])


def _likeness(cosine: float) -> float:
    """A cosine spread over 0..0.9, below any name found word for word."""
    return round(0.9 * max(0.0, min(1.0, (cosine - _UNLIKE) / (_ALIKE - _UNLIKE))), 3)
