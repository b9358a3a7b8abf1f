"""Finds the names of one narrowed catalog in a text, and writes the text with each name as one mask.

Metrics and dimensions by every name they have, and values that a definition lists, which stand for their dimension. It
reads no data.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from t2sql.catalog import Catalog, Dimension, Metric
from t2sql.definitions.cues import NAME
from t2sql.definitions.speech import SPEECH, SPEECH_ZH
from t2sql.grounding import NameIndex, fold
from t2sql.grounding.time.periods import time_spans
from t2sql.grounding.words.lexicon import Lexicon, loosen
from t2sql.grounding.words.text import plural

Kind = Literal["metric", "dimension", "value"]
_RANK = {"metric": 0, "dimension": 1, "value": 2}
# The last letter of a Chinese name tells what kind of measure it is.
_MEASURES = frozenset("率数额比量度值差")


@dataclass(frozen=True, slots=True)
class Mention:
    """One name in the text, with offsets into it and into the masked text."""

    start: int
    end: int
    kind: Kind
    names: tuple[str, ...]
    """What is called so; several where the catalog gives one name to several things. A value gives its dimensions."""
    masked_at: int = 0
    """Where its mask stands."""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Masked:
    """A folded text in which each name is one mask."""

    text: str
    mentions: tuple[Mention, ...]
    is_dated: bool


class Masks:
    """The names of one narrowed catalog, ready to be found."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._metrics: Lexicon[str] = Lexicon(_names(catalog.metrics.values()))
        self._dimensions: Lexicon[str] = Lexicon(_names(catalog.dimensions.values()))
        self._values: Lexicon[str] = Lexicon(_value_names(catalog))
        self._stems: Lexicon[str] = Lexicon(
            (_stemmed(written), name)
            for name, metric in catalog.metrics.items()
            for written in (metric.display.en, *metric.synonyms)
            if written.isascii()
        )

    @cached_property
    def _index(self) -> NameIndex:
        """Names with their misprints and other words; most questions never need it."""
        return NameIndex.build(self._catalog)

    def mask(self, text: str, today: date, *, is_literal: bool = False) -> Masked:
        """`text` folded, each name in it one mask and each time expression a blank.

        `is_literal`: only names as they are written, which is quick; else misprints and other words too.
        """
        folded = fold(text)
        found: list[tuple[int, int, Kind, str]] = [
            (h.start, h.end, "metric", n) for h in self._metrics.longest_hits(folded.text) for n in h.things
        ]
        for m in () if is_literal else self._index.find_metrics(folded):
            if m.span is None:
                continue
            start, end = folded.starts.index(m.span.start), folded.ends.index(m.span.end) + 1
            if all(end <= s or e <= start for s, e, _, _ in found) and self._is_name(m.name, folded.text, start, end):
                found.append((start, end, "metric", m.name))
        if folded.text.isascii():
            found += [(s, e, "metric", n) for s, e, n in self._stemmed_hits(folded.text)]
        found += [
            (h.start, h.end, "dimension", n) for h in self._dimensions.longest_hits(folded.text) for n in h.things
        ]
        found += [(h.start, h.end, "value", n) for h in self._values.longest_hits(folded.text) for n in h.things]
        kept: list[tuple[int, int, Kind, list[str]]] = []
        for start, end, kind, name in sorted(found, key=lambda f: (f[0] - f[1], _RANK[f[2]], f[0])):
            same = next((k for k in kept if k[:3] == (start, end, kind)), None)
            if same is not None:
                same[3].append(name)
            elif all(end <= k[0] or k[1] <= start for k in kept):
                kept.append((start, end, kind, [name]))
        times = [(folded.starts.index(s.start), folded.ends.index(s.end) + 1) for s in time_spans(folded, today)]
        times = [t for t in times if all(t[1] <= k[0] or k[1] <= t[0] for k in kept)]
        pieces: list[str] = []
        mentions: list[Mention] = []
        at, length = 0, 0
        marks = sorted([(k[0], k[1], k) for k in kept] + [(s, e, None) for s, e in times], key=lambda m: m[:2])
        for start, end, name_found in marks:
            if start < at:
                continue
            pieces.append(folded.text[at:start])
            length += start - at
            if name_found is None:
                pieces.append(" ")
            else:
                said = folded.text[start:end]
                mentions.append(Mention(start, end, name_found[2], tuple(dict.fromkeys(name_found[3])), length, said))
                pieces.append(NAME)
            length += 1
            at = end
        pieces.append(folded.text[at:])
        return Masked("".join(pieces), tuple(mentions), bool(times))

    def _is_name(self, name: str, text: str, start: int, end: int) -> bool:
        """Whether what is nearly a name, or one in other words, is meant as one: 流失率 is none of 流失数, and
        words of asking are part of none.
        """
        metric, said = self._catalog.metrics[name], text[start:end]
        if SPEECH_ZH.search(said) or SPEECH & set(re.findall(r"[a-z]+", said)):
            return False
        kinds = {written[-1:] for written in (metric.display.zh, *metric.synonyms)}
        return {text[end - 1 : end], text[end : end + 1]} & _MEASURES <= kinds

    def _stemmed_hits(self, text: str) -> Iterator[tuple[int, int, str]]:
        """A churned customer, an NPL: English names in the other number."""
        words = [(m.start(), m.end(), stem(m[0])) for m in re.finditer(r"[a-z0-9+&]+", loosen(text))]
        joined = " ".join(word for _, _, word in words)
        starts = {0: 0}
        place = 0
        for index, (_, _, word) in enumerate(words):
            starts[place] = index
            place += len(word) + 1
        for hit in self._stems.longest_hits(joined):
            first = starts.get(hit.start)
            if first is None:
                continue
            last = first + len(hit.key.split()) - 1
            yield from ((words[first][0], words[last][1], name) for name in hit.things)


def stem(word: str) -> str:
    """A word without its English plural."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _stemmed(text: str) -> str:
    return " ".join(stem(word) for word in re.findall(r"[a-z0-9+&]+", loosen(fold(text).text)))


def _names(things: Iterable[Metric | Dimension]) -> Iterator[tuple[str, str]]:
    for thing in things:
        for written in (thing.name, thing.display.zh, thing.display.en, *thing.synonyms):
            yield written, thing.name
            if written.isascii() and written[-1:].isalpha():
                yield plural(written), thing.name


def _value_names(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """Values that a definition lists, with their aliases: they tell nothing of the data."""
    for dimension in catalog.dimensions.values():
        if dimension.role:
            continue
        for value, aliases in catalog.field_of(dimension).aliases.items():
            for written in (value, *aliases):
                yield written, dimension.name
