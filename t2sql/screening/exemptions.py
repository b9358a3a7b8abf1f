"""What a catalog itself calls so is no reason to refuse: an address that is a dimension, a forecast that is a metric.

Names of the narrowed catalog only, so that what a principal may not see exempts nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from t2sql.catalog import Catalog, Dimension, Metric
from t2sql.grounding.words.lexicon import loosen
from t2sql.grounding.words.text import fold


def is_named(text: str, start: int, end: int, catalog: Catalog, *, in_part: bool = False) -> bool:
    """Whether text[start:end] (folded) stands inside a name of `catalog` that the text holds.

    `in_part`: a name that only holds the words is enough, as "age band" for age.
    """
    loose = loosen(text)
    said = loose[start:end].strip()
    for name in _names(catalog):
        at = loose.find(name)
        while at >= 0:
            if at <= start and end <= at + len(name):
                return True
            at = loose.find(name, at + 1)
        if in_part and said and (said in name.split() if said.isascii() else said in name):
            return True
    return False


def _names(catalog: Catalog) -> Iterator[str]:
    """Names of metrics and dimensions, and the values that a definition lists, folded."""
    things: list[Metric | Dimension] = [*catalog.metrics.values(), *catalog.dimensions.values()]
    for thing in things:
        for written in (thing.display.zh, thing.display.en, *thing.synonyms):
            yield loosen(fold(written).text)
    for dimension in catalog.dimensions.values():
        for value, aliases in catalog.field_of(dimension).aliases.items():
            for written in (value, *aliases):
                yield loosen(fold(written).text)
