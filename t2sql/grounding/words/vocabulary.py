"""Tells the words of a question that nothing explains: no finding, no stop word, no name of what was found.

A word is let pass only when a found metric, dimension or value is called by it; any other is told, so that it is asked
back and not ignored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from t2sql.catalog import Catalog, Dimension, Metric
from t2sql.flow import Span
from t2sql.grounding.words.lexicon import loosen
from t2sql.grounding.words.stop_words import ENGLISH, chinese_content
from t2sql.grounding.words.text import Folded, fold
from t2sql.metric_names import made_of

# What stands beside "vs" is one side of a comparison, however common the word.
_VERSUS = re.compile(r"\b(?:vs|versus) (?:the )?([a-z]+)")
_RUN = re.compile(r"[㐀-鿿]+|[a-z][a-z']*")


class Vocabulary:
    """The words of one narrowed catalog, by the thing they name."""

    def __init__(self, catalog: Catalog) -> None:
        self._names: dict[str, tuple[str, ...]] = {}
        things: list[Metric | Dimension] = [*catalog.metrics.values(), *catalog.dimensions.values()]
        for thing in things:
            said = (thing.name, thing.display.zh, thing.display.en, *thing.synonyms)
            self._names[thing.name] = tuple(_key(name) for name in said)
        self._catalog = catalog

    def explains(self, word: str, found: Iterable[str]) -> bool:
        """Whether a name of the things `found`, or of what these are made of, holds the word."""
        words, chinese = self._said_by(found)
        return word.rstrip("s") in words if word.isascii() else word in chinese

    def _said_by(self, found: Iterable[str]) -> tuple[set[str], str]:
        """Words, and the Chinese names a line, of the things `found` and of what these are made of."""
        things = {used for thing in found for used in (thing, *made_of(thing, self._catalog.metrics))}
        names = [name for thing in sorted(things) for name in self._names.get(thing, ())]
        chinese = "\n".join(name for name in names if not name.isascii())
        return {word.rstrip("s") for name in names for word in name.split()}, chinese

    def unexplained(self, folded: Folded, claimed: Iterable[Span], found: Iterable[str]) -> tuple[str, ...]:
        """Content words outside `claimed` spans that no name of the things `found`, or of what these are made of,
        contains; folded, in order, each once.
        """
        spans = list(claimed)
        words, chinese = self._said_by(found)
        letters = [
            "\n" if any(span.start <= start < span.end for span in spans) else letter
            for letter, start in zip(loosen(folded.text), folded.starts, strict=True)
        ]
        left: list[str] = _VERSUS.findall("".join(letters))
        for run in _RUN.findall("".join(letters)):
            if not run[0].isascii():
                left += [piece for piece in chinese_content(run) if piece not in chinese]
            elif run not in ENGLISH and run.rstrip("s") not in words and len(run) > 1:
                left.append(run)
        return tuple(dict.fromkeys(left))


def _key(text: str) -> str:
    return loosen(fold(text).text)
