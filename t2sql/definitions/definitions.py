"""Answers questions about definitions out of one narrowed catalog: what a name means, who owns it, what can be asked.

No SQL, no llm, no row of data. What the principal may not see is not in the catalog, so that it is as unknown as a name
that nobody defined.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from t2sql.catalog import Catalog, Language
from t2sql.definitions.cues import Cue, find_cue, is_likely
from t2sql.definitions.examples import Compiles, dimension_examples, metric_examples
from t2sql.definitions.masking import Masked, Mention
from t2sql.definitions.nearest import Search, nearest_metrics
from t2sql.definitions.subjects import Subjects
from t2sql.definitions.telling import answer, answer_topics
from t2sql.definitions.terms import datasets_in_order, define_dimension, define_metric
from t2sql.definitions.topics import find_topic, find_topics
from t2sql.flow import Defined, Definition, Question, Reading, Refusal, Topic
from t2sql.grounding import fold
from t2sql.reading.nearby import near_metrics
from t2sql.wording import join, visible

_MOST_TERMS = 6
_INCLUDES = re.compile(r"包[含括]|\binclude")
_MAY_ASK = re.compile(r"可以|能|\bcan\b")
_SHORTEST = 2


class Definitions:
    """The definitions of one narrowed catalog. Safe to use from several threads."""

    def __init__(self, catalog: Catalog, last: date | None, compiles: Compiles, search: Search | None = None) -> None:
        """`last`: the last loaded day. `compiles(semantic_sql)` is asked once for each example. `search` finds metrics
        by meaning, where letters find too few.
        """
        self._catalog, self._last, self._compiles, self._search = catalog, last, compiles, search
        self._subjects = Subjects(catalog)
        self._topics: dict[Language, tuple[Topic, ...]] = {}
        self._examples: dict[tuple[str, Language], tuple[Reading, ...]] = {}

    def answer(self, question: Question, timings: Mapping[str, float]) -> Definition | Refusal | None:
        """What a question about definitions asks, or that it asks about nothing known; None when it asks for a figure.

        Raises RetrievalError when the search by meaning does.
        """
        if not is_likely(fold(question.text).text):
            return None
        # Names in other words take time to find, and most questions ask for a figure whatever their names.
        masked = self._subjects.mask(question.text, question.today, is_literal=True)
        if find_cue(masked.text, is_dated=masked.is_dated) is None:
            return None
        masked = self._subjects.mask(question.text, question.today)
        cue = find_cue(masked.text, is_dated=masked.is_dated)
        if cue is None:
            return None
        if cue.aspect == "topics":
            return self._what_to_ask(question, masked, timings)
        asked = self._subjects.asked(masked, cue)
        if cue.aspect == "values" and not any(self._lists(name) for m in asked for name in m.names):
            if _INCLUDES.search(masked.text):
                cue = replace(cue, aspect="inclusion")
                asked = self._subjects.asked(masked, cue)
            elif not _MAY_ASK.search(masked.text):
                # Members that only the data know are a figure's business.
                return None
        terms, word = self._narrower(masked, asked, cue), ""
        if not terms:
            word = self._subjects.unknown(masked, asked)
            if cue.aspect == "difference" and not word:
                word = self._subjects.other_side(masked, asked)
            found = () if asked else self._subjects.beginning_with(word or self._subjects.loosely(masked))
            terms = tuple(map(self._metric, found)) if found else () if word else self._terms(asked)
        if terms:
            aspect = "versions" if cue.aspect == "difference" and len(terms) == 1 else cue.aspect
            return Definition(question, answer(terms, aspect, question.language), terms, (), timings)
        return self._unknown(question, word, timings) if len(word) >= _SHORTEST else None

    def topics(self, language: Language) -> tuple[Topic, ...]:
        """What can be asked, by topic; found once a language."""
        if language not in self._topics:
            self._topics[language] = find_topics(self._catalog, self._last, language, self._compiles)
        return self._topics[language]

    def topic(self, dataset: str, language: Language) -> Topic | None:
        """What can be asked of one dataset; None where no metric stands on it."""
        return find_topic(dataset, self._catalog, self._last, language, self._compiles)

    def define(self, name: str) -> Defined | None:
        """Everything known about a metric or dimension; None for an unknown or hidden one."""
        if name in self._catalog.metrics:
            return self._metric(name)
        dimension = self._catalog.dimensions.get(name)
        return define_dimension(dimension, self._catalog) if dimension else None

    def examples(self, name: str, language: Language) -> tuple[Reading, ...]:
        """Up to four questions about a metric or dimension that work, found once a language; () for an unknown one, or
        with nothing loaded.
        """
        key = (name, language)
        if key not in self._examples:
            self._examples[key] = self._find_examples(name, language)
        return self._examples[key]

    def _find_examples(self, name: str, language: Language) -> tuple[Reading, ...]:
        metric, dimension = self._catalog.metrics.get(name), self._catalog.dimensions.get(name)
        if self._last is not None and metric is not None:
            return metric_examples(metric, self._catalog, self._last, language, self._compiles)
        if self._last is not None and dimension is not None:
            return dimension_examples(dimension, self._catalog, self._last, language, self._compiles)
        return ()

    def _lists(self, name: str) -> bool:
        """Whether the definition of a dimension names its values."""
        dimension = self._catalog.dimensions.get(name)
        return dimension is not None and bool(self._catalog.field_of(dimension).aliases)

    def _narrower(self, masked: Masked, asked: Sequence[Mention], cue: Cue) -> tuple[Defined, ...]:
        """When is a loan considered overdue: overdue loans, and not loans."""
        if cue.aspect not in ("meaning", "formula"):
            return ()
        return tuple(map(self._metric, self._subjects.narrower(masked, asked)))

    def _terms(self, asked: Sequence[Mention]) -> tuple[Defined, ...]:
        names = dict.fromkeys((m.kind, name) for m in asked for name in m.names)
        metrics = [name for kind, name in names if kind == "metric"]
        if metrics:
            return tuple(self._metric(name) for name in metrics[:_MOST_TERMS])
        dimensions = dict.fromkeys(name for kind, name in names if kind != "metric")
        return tuple(
            define_dimension(self._catalog.dimensions[n], self._catalog) for n in list(dimensions)[:_MOST_TERMS]
        )

    def _metric(self, name: str) -> Defined:
        metric = self._catalog.metrics[name]
        own = datasets_in_order(metric, self._catalog)[:1]
        near = (self._catalog.metrics[other] for other in near_metrics(name, self._catalog))
        # What is called alike but counts other rows is hardly taken for it.
        alike = tuple(m.name for m in near if datasets_in_order(m, self._catalog)[:1] == own)
        return define_metric(metric, self._catalog, alike)

    def _what_to_ask(self, question: Question, masked: Masked, timings: Mapping[str, float]) -> Definition:
        """All topics, or those that the question says a word of: a metric, an owner, what names begin with."""
        topics = self.topics(question.language)
        named = {name for m in masked.mentions if m.kind == "metric" for name in m.names}
        text = fold(question.text).text
        for word in (*(m.said for m in masked.mentions), self._subjects.unknown(masked, ())):
            named |= set(self._subjects.beginning_with(word, limit=len(self._catalog.metrics)))
        owners = {m.owner for m in self._catalog.metrics.values() if m.owner and fold(m.owner).text in text}
        if owners:
            owned = {m.name for m in self._catalog.metrics.values() if m.owner in owners}
            topics = tuple(kept for topic in topics if (kept := _of(topic, owned)).metrics)
        elif named:
            topics = tuple(kept for topic in topics if (kept := _of(topic, named)).metrics) or topics
        metrics = sum(len(topic.metrics) for topic in topics)
        return Definition(question, answer_topics(topics, metrics, question.language), (), topics, timings)

    def _unknown(self, question: Question, word: str, timings: Mapping[str, float]) -> Refusal:
        zh = question.language == "zh"
        near = nearest_metrics(word, self._catalog, self._search)
        called = [visible(self._catalog.metrics[name].display.to(question.language)) for name in near]
        text = (
            f"没有名为“{visible(word)}”的指标或维度。"
            if zh
            else f"No metric or dimension here is called “{visible(word)}”."
        )
        listed = join(called, question.language)
        if not called:
            hint = "请问“我能问什么”，查看全部指标。" if zh else "Ask “What can I ask?” for all metrics."
        else:
            hint = f"相近的指标：{listed}。" if zh else f"The nearest metrics: {listed}."
        return Refusal(question, "no_metric", text, hint, timings)


def _of(topic: Topic, names: set[str]) -> Topic:
    """The part of a topic that is about `names`."""
    metrics = tuple(m for m in topic.metrics if m.name in names)
    examples = tuple(e for e in topic.examples if any(f"{m.name} FROM" in e.semantic_sql for m in metrics))
    return Topic(topic.display, metrics, topic.splits, examples)
