"""Tells the words of a question that nothing explains: neither a finding, nor a stop word, nor any name in the catalog.

A word that only occurs inside some name is let pass; a word the catalog has never heard of is told, so that it is asked
back and not ignored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from t2sql.catalog import Catalog, Dimension, Metric
from t2sql.flow import Span
from t2sql.grounding.lexicon import loosen
from t2sql.grounding.stop_words import ENGLISH, chinese_content
from t2sql.grounding.text import Folded, fold

_RUN = re.compile(r"[㐀-鿿]+|[a-z][a-z']*")


class Vocabulary:
    """All words of one narrowed catalog."""

    def __init__(self, catalog: Catalog) -> None:
        names: set[str] = set()
        things: list[Metric | Dimension] = [*catalog.metrics.values(), *catalog.dimensions.values()]
        for thing in things:
            names |= {_key(name) for name in (thing.name, thing.display.zh, thing.display.en, *thing.synonyms)}
        for dataset in catalog.datasets.values():
            names |= {_key(dataset.display.zh), _key(dataset.display.en)}
        self._words = {word.rstrip("s") for name in names for word in name.split()}
        self._chinese = "\n".join(sorted(name for name in names if not name.isascii()))

    def unexplained(self, folded: Folded, claimed: Iterable[Span]) -> tuple[str, ...]:
        """Content words outside `claimed` spans that no name contains, folded, in order, each once."""
        spans = list(claimed)
        letters = [
            "\n" if any(span.start <= start < span.end for span in spans) else letter
            for letter, start in zip(loosen(folded.text), folded.starts, strict=True)
        ]
        left: list[str] = []
        for run in _RUN.findall("".join(letters)):
            if not run[0].isascii():
                left += [piece for piece in chinese_content(run) if piece not in self._chinese]
            elif run not in ENGLISH and run.rstrip("s") not in self._words and len(run) > 1:
                left.append(run)
        return tuple(dict.fromkeys(left))


def _key(text: str) -> str:
    return loosen(fold(text).text)
