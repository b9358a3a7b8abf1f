"""The known metrics nearest to a word that names none: by its letters, then by meaning.

Looks only among the metrics of one narrowed catalog, so that what is hidden is never near anything.
"""

from __future__ import annotations

from collections.abc import Callable

from t2sql.catalog import Catalog
from t2sql.grounding.words.lexicon import loosen
from t2sql.grounding.words.text import fold

Search = Callable[[str], list[tuple[str, float]]]
_ALIKE = 62.0
_MOST = 3


def nearest_metrics(word: str, catalog: Catalog, search: Search | None = None, limit: int = _MOST) -> tuple[str, ...]:
    """Names of the metrics nearest to `word`, best first, at most `limit`.

    `search(text)` gives (name, likeness) by meaning, best first; without it only letters count.
    """
    from rapidfuzz import fuzz

    key = loosen(fold(word).text).strip()
    if not key:
        return ()
    scored: dict[str, float] = {}
    for metric in catalog.metrics.values():
        for written in (metric.display.zh, metric.display.en, *metric.synonyms):
            name = loosen(fold(written).text)
            if name.isascii() != key.isascii():
                continue
            score = float(fuzz.token_sort_ratio(key, name)) if key.isascii() else float(fuzz.ratio(key, name))
            if key in name or name in key:
                score = max(score, 70.0)
            scored[metric.name] = max(scored.get(metric.name, 0.0), score)
    by_letters = [name for name in sorted(scored, key=lambda n: (-scored[n], n)) if scored[name] >= _ALIKE]
    found = dict.fromkeys(by_letters[:limit])
    if search is not None and len(found) < limit:
        found.update(dict.fromkeys(name for name, _ in search(word) if name in catalog.metrics))
    return tuple(found)[:limit]
