"""The list of everything that one narrowed catalog defines, by topic, and what is found in it by words.

Nothing is compiled, embedded or read from the data here, so that a list of many hundred names costs nothing to open.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from t2sql.catalog import Catalog, Dimension, Display, Metric
from t2sql.definitions.nearest import nearest_metrics
from t2sql.definitions.topics import metrics_by_topic
from t2sql.grounding import fold
from t2sql.grounding.words.lexicon import loosen

Kind = Literal["metric", "dimension", "topic"]
KINDS: tuple[Kind, ...] = ("metric", "dimension", "topic")
_WHOLE, _NAMED = 1000, 100


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list."""

    kind: Kind
    name: str
    """Of a topic: its dataset's name."""
    display: Display
    description: str
    """Both languages, as "中文 / English"."""
    topic: str
    """The dataset that a metric belongs to, or that a dimension is a field of; "" for a topic itself."""
    unit: str
    owner: str


@dataclass(frozen=True, slots=True)
class _Words:
    """What a line is found by, folded."""

    called: tuple[str, ...]
    """Its names: display names in both languages, the name itself, synonyms."""
    told: str
    """Everything else that is written about it."""


class Shelf:
    """What a person may look up, in the order of the definitions: metrics by topic, dimensions, topics."""

    def __init__(self, catalog: Catalog) -> None:
        """`catalog` is narrowed: whatever it holds may be shown."""
        self._catalog = catalog
        topics = metrics_by_topic(catalog)
        self.topics: tuple[str, ...] = tuple(topics)
        """Names of the datasets that metrics stand on."""
        metrics = [_metric(m, name) for name, group in topics.items() for m in group]
        dimensions = [self._dimension(d) for d in sorted(catalog.dimensions.values(), key=lambda d: bool(d.role))]
        self.lines: tuple[Listed, ...] = (*metrics, *dimensions, *map(self._topic, topics))

    def line(self, name: str) -> Listed | None:
        """What is called `name`: a metric or dimension before a topic; None for an unknown or hidden one."""
        return self._by_name.get(name)

    def find(self, text: str) -> tuple[Listed, ...]:
        """Lines that hold every word of `text`: as a whole name, in their names, in what is told of them; each by kind,
        the best first. Of no words, all lines.

        Upper and lower case, full and half width, simplified and traditional characters are alike.
        """
        words = loose(text).split()
        if not words:
            return self.lines
        scored = [(score, line) for line in self.lines if (score := self._score(line, words))]
        found = sorted(
            scored, key=lambda pair: (pair[0] < _WHOLE, pair[0] < _NAMED, KINDS.index(pair[1].kind), -pair[0])
        )
        return tuple(line for _, line in found)

    def nearest(self, text: str) -> tuple[Listed, ...]:
        """Metrics with names much like `text`, for where nothing is found."""
        found = (self.line(name) for name in nearest_metrics(text, self._catalog))
        return tuple(line for line in found if line is not None)

    @cached_property
    def _by_name(self) -> dict[str, Listed]:
        return {line.name: line for line in reversed(self.lines)}

    @cached_property
    def _words(self) -> dict[tuple[Kind, str], _Words]:
        return {(line.kind, line.name): self._words_of(line) for line in self.lines}

    def _words_of(self, line: Listed) -> _Words:
        catalog = self._catalog
        topic = catalog.datasets[line.topic].display if line.topic else None
        more: tuple[str, ...] = ()
        synonyms: tuple[str, ...] = ()
        if line.kind == "metric":
            metric = catalog.metrics[line.name]
            synonyms, more = metric.synonyms, (metric.reference,)
        elif line.kind == "dimension":
            dimension = catalog.dimensions[line.name]
            synonyms = dimension.synonyms
        told = (line.description, line.owner, topic.zh if topic else "", topic.en if topic else "", *more)
        called = tuple(loose(text) for text in (line.display.zh, line.display.en, line.name, *synonyms))
        return _Words(called, " ".join(loose(text) for text in told if text))

    def _score(self, line: Listed, words: list[str]) -> int:
        """0 where a word is missing, under _NAMED where one is only told of it; a whole name counts most, then how one
        begins.
        """
        own, total = self._words[line.kind, line.name], _NAMED
        if " ".join(words) in own.called:
            return _WHOLE
        for word in words:
            if any(name.startswith(word) for name in own.called):
                total += 1
            elif not any(word in name for name in own.called):
                if word not in own.told:
                    return 0
                total = 1 if total >= _NAMED else total
        return total

    def _dimension(self, dimension: Dimension) -> Listed:
        item = self._catalog.field_of(dimension)
        return Listed("dimension", dimension.name, dimension.display, item.description, dimension.dataset, "", "")

    def _topic(self, name: str) -> Listed:
        dataset = self._catalog.datasets[name]
        return Listed("topic", name, dataset.display, dataset.description, "", "", "")


def _metric(metric: Metric, topic: str) -> Listed:
    return Listed("metric", metric.name, metric.display, metric.description, topic, metric.unit, metric.owner)


def loose(text: str) -> str:
    """`text` as it is compared: folded, hyphens and underscores as blanks, single blanks."""
    return " ".join(loosen(fold(text).text).split())
