"""Readings fuller than the likeliest: with one more metric or one more dimension, where words that nothing explains are
called so. For questions back only: they are offered, and never answered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from t2sql.catalog import Catalog, Dimension, Metric

_MOST = 3
"""Metrics tried for one word."""
_EACH = r"(?:各|每一?[个家]?|[按分]|\b(?:by|per|each|every|which|what)(?: the| our| of the)? )"
_BEFORE = re.compile(
    r"(?:[、,，;；+]|[和与及跟]|以及|\b(?:and|vs\.?|versus|plus|alongside|next to|with)) ?"
    r"(?:(?:how much|how many|what|in|the|their|its|of|we|have|新开?|有?多少) ?){0,4}$"
)
_AFTER = re.compile(r"(?:[、]|[和与及跟]|以及| (?:and|vs\.?|versus|plus|alongside)\b| ?[&+])")
_PLAIN = re.compile(r"SELECT (?P<columns>.+?) FROM (?P<rest>(?!\().*)", re.DOTALL)


def fuller(
    text: str,
    likeliest: str,
    words: Iterable[str],
    catalog: Catalog,
    explains: Callable[[str, Iterable[str]], bool],
    likeness: Callable[[str, Metric], float],
) -> Iterator[str]:
    """Semantic SQL: `likeliest` with what `words`, which it leaves of `text`, may name besides."""
    match = _PLAIN.fullmatch(likeliest)
    if match is None or "UNION" in likeliest:
        return
    columns, rest = match["columns"], match["rest"]
    groups = [d for d in catalog.dimensions.values() if not d.role and not _holds(likeliest, d.name) and _said(d, text)]
    by = [f"SELECT {d.name}, {columns} FROM {rest}" for d in groups[:2]]
    yield from by
    for word in (w for w in words if _is_listed(w, text)):
        called = [m for m in catalog.metrics.values() if not _holds(likeliest, m.name) and explains(word, [m.name])]
        called.sort(key=lambda metric: -likeness(text, metric))
        for metric in called[:_MOST]:
            yield f"SELECT {columns}, {metric.name} FROM {rest}"
            if len(groups) == 1:
                yield f"SELECT {groups[0].name}, {columns}, {metric.name} FROM {rest}"


def _holds(sql: str, name: str) -> bool:
    return re.search(rf"\b{re.escape(name)}\b", sql) is not None


def _said(dimension: Dimension, text: str) -> bool:
    """Whether `text` asks for each of a dimension, by its whole name."""
    names = (dimension.display.zh, dimension.display.en.lower(), *(name.lower() for name in dimension.synonyms))
    low = text.lower()
    return any(
        re.search(rf"{_EACH}{re.escape(n)}(?:e?s)?{'(?![a-z])' * n.isascii()}", low) for n in names if len(n) > 1
    )


def _is_listed(word: str, text: str) -> bool:
    """Whether a word stands in a list with something else that is asked."""
    low = text.lower()
    place = low.find(word)
    return place >= 0 and bool(_BEFORE.search(low[:place]) or _AFTER.match(low[place + len(word) :]))
