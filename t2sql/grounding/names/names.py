"""Finds the catalog's own names in a question: metrics, dimensions, grains, comparisons, as asked in either language.

Built from a narrowed catalog, so it cannot find what the principal may not know. Decides nothing about meaning beyond names and cues.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from t2sql.catalog import Catalog, Grain
from t2sql.flow import NameMention, Span, ValueMention
from t2sql.grounding.names.called import MadeOf, Named, names_of, parts_of
from t2sql.grounding.names.comparisons import find_cues
from t2sql.grounding.names.entries import contractions, entries_of
from t2sql.grounding.names.functions import function_of
from t2sql.grounding.names.further import with_further
from t2sql.grounding.names.grouped import Said, grouped
from t2sql.grounding.names.grouping_cues import EACH_KIND, KIND, KINDS, LONGEST_NOUN
from t2sql.grounding.names.misprinted_groups import misprinted_groups
from t2sql.grounding.names.misprints import NearNames
from t2sql.grounding.names.paraphrases import Paraphrases
from t2sql.grounding.names.plain import as_read
from t2sql.grounding.names.preferring import with_other_words
from t2sql.grounding.names.scattered import concepts_of_value, find_scattered
from t2sql.grounding.time.grain_words import find_grain_words
from t2sql.grounding.words.lexicon import Hit, Lexicon, loosen
from t2sql.grounding.words.text import Folded, cuts_date, fold, is_cjk
from t2sql.grounding.words.thesaurus import THING
from t2sql.metric_names import datasets_of

# The time of "point-in-time deposits" is no term.
_WITHIN_IDIOM = re.compile(r"\bpoint in $")
CUED, MENTIONED = 1.0, 0.6
# How a figure is worked out; a definition that says so needs not be told.
_WAYS = frozenset("annualised annualized 年化 weighted 加权".split())
_NEARLY = 0.67
# 分行业 is 分 + 行业.
_FALSE_HEAD = re.compile(r"分行业(?!务|绩)")
# cost/income ratio is written with a blank as well.
_SLASH = re.compile(r"(?<=[a-z])/(?=[a-z])")
# Whose loans they are by when: interest on this year's new loans.
_WHEN = re.compile(r"\b(?:this|last) (?:year|quarter|month|half)'?s? ")


class NameIndex:
    """Names of one catalog, folded."""

    def __init__(
        self,
        metrics: Lexicon[str],
        dimensions: Lexicon[str],
        crowded: frozenset[str] = frozenset(),
        said_of_metrics: Iterable[Named] = (),
        said_of_dimensions: Iterable[Named] = (),
        made_of: Iterable[MadeOf] = (),
        definitions: Mapping[str, str] = MappingProxyType({}),
        books: Mapping[str, frozenset[str]] = MappingProxyType({}),
    ) -> None:
        """`crowded`: dimensions of so many members that "all" of them, or "held by" them, never means one row each.
        `said_of_…`: names that are also found in other words. `definitions`: of each metric, folded; `books`: what data it is of.
        """
        self._metrics = metrics
        self._near = NearNames(metrics)
        self._dimensions = dimensions
        self._other_words = Paraphrases(said_of_metrics, made_of)
        self._other_dimensions = Paraphrases(said_of_dimensions, prefers_short=True)
        self._crowded = crowded
        self._definitions = definitions
        ledgers = [of for name, of in books.items() if "ledger" in self._other_words.concepts_of(name)]
        self._on_ledger = frozenset(name for name, of in books.items() if of in ledgers)
        self._kinds = {word.rstrip("s") for name in metrics for word in (name.split() if name.isascii() else [name])}

    @classmethod
    def build(cls, catalog: Catalog) -> NameIndex:
        """Index names, displays and synonyms of every metric and dimension of `catalog`."""
        fields = {d.name: catalog.field_of(d) for d in catalog.dimensions.values()}
        return cls(
            Lexicon([*(entries := list(entries_of(catalog.metrics.values()))), *contractions(entries)]),
            Lexicon(entries_of(catalog.dimensions.values())),
            frozenset(name for name, item in fields.items() if not item.searchable and not item.is_time),
            [named for m in catalog.metrics.values() for named in names_of(m, m.unit)],
            [named for d in catalog.dimensions.values() for named in names_of(d)],
            [made for m in catalog.metrics.values() if (made := parts_of(m))],
            {m.name: fold(m.description).text for m in catalog.metrics.values()},
            {m.name: frozenset(datasets_of(m, catalog)) for m in catalog.metrics.values()},
        )

    def find_metrics(
        self, text: str | Folded, *, is_fuzzy: bool = True, through: Sequence[Span] = ()
    ) -> tuple[NameMention, ...]:
        """Metrics named in `text`, in its order: 1.0 for the very words or the same in several other words, less for a
        near miss, for one other word, and for words that say two metrics (both told, at one place). `through`: stretches
        that may stand in the midst of other words, as a value does.
        """
        folded = fold(text)
        own = self._metrics.longest_hits(_SLASH.sub(" ", folded.text), lambda start: cuts_date(folded.text, start))
        hits = [(h.start, h.end, name, 1.0) for h in own for name in h.things]
        hits = [h for h in hits if not _WITHIN_IDIOM.search(folded.text[: h[0]].replace("-", " "))]
        if is_fuzzy:
            near = self._near.find(folded.text, [(start, end) for start, end, _, _ in hits])
            # A name said word for word gives way only to one that is nearly so.
            near = [n for n in near if n[3] >= _NEARLY or not any(n[0] <= h[0] and h[1] <= n[1] for h in hits)]
            hits = [h for h in hits if not any(start <= h[0] and h[1] <= end for start, end, _, _ in near)] + near
            hits = [h for h in hits if not self._other_words.is_within_another(folded.text, h[0], h[1], h[2])]
            stretches = [(_folded_end(folded, s.start), _folded_end(folded, s.end)) for s in through]
            stretches += [match.span() for match in _WHEN.finditer(folded.text)]
            text_said = as_read(folded.text)
            hits = with_other_words(hits, self._other_words.find(text_said, stretches, [h[:2] for h in hits]))
            halves = self._other_words.find_halves(text_said, [h[:2] for h in hits], is_listed=True) if hits else ()
            hits = with_other_words(hits, halves)
            hits = with_further(folded.text, hits, self._other_words, self.metrics_called)
        return tuple(
            NameMention(folded.span(start, end), "metric", name, score) for start, end, name, score in sorted(hits)
        )

    def explains(self, word: str, found: Iterable[str]) -> bool:
        """Whether a folded word says what one of the metrics or dimensions `found` is made of (投放 of new loans), or how
        its definition says that it is worked out.
        """
        found = list(found)
        if word in _WAYS and any(word in self._definitions.get(name, "") for name in found):
            return True
        said = self._other_words.meanings(word)
        if said == [frozenset(("ledger",))] and any(name in self._on_ledger for name in found):
            return True
        known = [self._other_words.concepts_of(name) | self._other_dimensions.concepts_of(name) for name in found]
        # Whose it is goes without saying: borrowers of a ratio of loans.
        wholes = [whole - {"customer"} or whole for whole in said]
        return any(whole <= concepts for whole in wholes for concepts in known)

    def concepts_of(self, name: str) -> frozenset[str]:
        """Every concept that some name of a metric says."""
        return self._other_words.concepts_of(name)

    def standing_for(self, name: str) -> tuple[str, ...]:
        """What stands of what a metric says was lent out."""
        return self._other_words.instead(name, "disbursal", "balance")

    def things_of(self, name: str) -> tuple[str, ...]:
        """What every name of a metric is of, beside customers."""
        return tuple(sorted(self._other_words.things_of(name) - {"customer"}))

    def counting(self, thing: str) -> tuple[str, ...]:
        """The number of customers of a thing: loan customers of a loan."""
        return self._other_words.saying(frozenset((thing, "customer", "count")))

    def is_everybody(self, name: str) -> bool:
        """Whether a metric counts customers of no particular thing or quality."""
        said = self._other_words.wholes_of(name)
        return any(whole <= {"customer", "count", "retail"} for whole in said)

    def alike(self, name: str, other: str) -> bool:
        """Whether two metrics may be said to be of one thing beside customers: deposits and daily average deposits."""
        shared = self.concepts_of(name) & self.concepts_of(other)
        return any(self._other_words.kind(c) == THING and c != "customer" for c in shared)

    def is_of(self, name: str, thing: str) -> bool:
        """Whether a metric says the thing of another in its own name: loan interest is of loans."""
        said, of = self._other_words.things_of(name), self._other_words.things_of(thing)
        return bool(of) and of < said

    def loses(self, name: str, other: str) -> bool:
        """Whether `other` lacks what qualifies `name`: a number of loans is none of overdue loans."""
        return not self._other_words.qualities_of(name) <= self.concepts_of(other)

    def is_qualified_by(self, name: str, concepts: frozenset[str]) -> bool:
        """Whether all that qualifies a name is among `concepts`."""
        qualities = self._other_words.qualities_of(name)
        return bool(qualities) and qualities <= concepts

    def says_only(self, text: str, concept: str) -> bool:
        """Whether a folded text says one concept and nothing else."""
        return self._other_words.meanings(loosen(text)) == [frozenset((concept,))]

    def metrics_saying(self, concept: str) -> tuple[str, ...]:
        """Metrics that are called by one concept alone."""
        return self._other_words.saying(frozenset((concept,)))

    def measured_by(self, written: str) -> tuple[str, ...]:
        """Metrics of the thing that a dimension's folded name says its members are kinds of."""
        things = [c for c in sorted(self.concepts_of_value((), (written,))) if self._other_words.kind(c) == THING]
        return self.metrics_saying(things[0]) if len(things) == 1 else ()

    def concepts_of_value(self, forms: Iterable[str], dimension: Iterable[str]) -> frozenset[str]:
        """What a value adds to the words around it."""
        return concepts_of_value(forms, dimension, self._other_words)

    def find_scattered(
        self, folded: Folded, taken: Iterable[Span], values: Iterable[tuple[Span, frozenset[str]]]
    ) -> tuple[str, tuple[Span, ...]]:
        """(metric, where its words stand) where values and the stretches `taken` stand between; ("", ()) for none."""
        held = [(_folded_end(folded, s.start), _folded_end(folded, s.end)) for s in taken]
        known = [(_folded_end(folded, s.start), _folded_end(folded, s.end), said) for s, said in values]
        name, places = find_scattered(folded.text, held, known, self._other_words)
        return name, tuple(folded.span(start, end) for start, end in places)

    def is_term(self, word: str) -> bool:
        """Whether banking, or a name here, knows a folded word as saying something."""
        return self._other_words.is_term(word)

    def metrics_called(self, text: str) -> tuple[str, ...]:
        """Metrics whose name, display or synonym is exactly `text`."""
        return self._metrics.get(loosen(" ".join(fold(text).text.split())))

    def find_dimensions(self, text: str | Folded, values: Sequence[ValueMention] = ()) -> tuple[NameMention, ...]:
        """Dimensions named in `text`: 1.0 where it groups by them (各分行, by branch), 0.6 for a mere mention.

        A word before it that only says which kind (各贷款产品, per card product), be it one of `values`, is looked through.
        """
        folded = fold(text)
        loose = loosen(folded.text)
        said = [
            Said(folded.starts.index(v.span.start), _folded_end(folded, v.span.end), v.dimension)
            for v in values
            if v.span.start in folded.starts
        ]
        found = grouped(
            loose, self._dimension_hits(loose), said, self._crowded, lambda start: self._before_kind(loose, start)
        )
        return tuple(
            NameMention(folded.span(start, end), "dimension", name, CUED if is_cued else MENTIONED)
            for start, end, name, is_cued in found
        )

    def _dimension_hits(self, text: str) -> list[Hit[str]]:
        """Names of dimensions in a loose text, word for word or in other words, in its order."""
        hits = [h for h in self._dimensions.all_hits(text) if not _FALSE_HEAD.match(text, h.start)]
        kept: list[Hit[str]] = []
        for hit in sorted(hits, key=lambda h: (h.start - h.end, h.start)):
            if all(hit.end <= other.start or other.end <= hit.start for other in kept):
                kept.append(hit)
        for other in self._other_dimensions.find(text):
            said = text[other.start : other.end]
            if "的" in said or self._metrics.get(said):
                # A dimension's name is one word, and a metric's very name (客户数) is no other word for one.
                continue
            rivals = [h for h in kept if h.start < other.end and other.start < h.end]
            if len(other.names) == 1 and all(h.end - h.start < other.end - other.start for h in rivals):
                kept = [h for h in kept if h not in rivals]
                kept.append(Hit(other.start, other.end, text[other.start : other.end], other.names))
        kept += self._kinds_of_noun(text)
        near = misprinted_groups(text, self._dimensions, self._crowded, self.is_term)
        kept += [n for n in near if all(n.end <= h.start or h.end <= n.start for h in kept)]
        halves = self._other_dimensions.find_halves(text, [(h.start, h.end) for h in kept])
        # The spending of "merchant categories by spending" is the measure.
        whole = [h.things for h in kept]
        groups = (h for h in halves if h.names not in whole or is_cjk(text[h.start]))
        kept += [Hit(h.start, h.end, text[h.start : h.end], h.names) for h in groups]
        return sorted(kept, key=lambda h: h.start)

    def _kinds_of_noun(self, text: str) -> Iterator[Hit[str]]:
        """各类手续费, "each kind of fee": every kind of a noun whose kinds are a dimension (手续费类型)."""
        for match in EACH_KIND.finditer(text):
            following = text[match.end() : match.end() + LONGEST_NOUN]
            nouns = [following[:end] for end in range(len(following), 1, -1)]
            if any(self._dimensions.get(noun) for noun in nouns):
                continue
            called = next((d for noun in nouns for kind in KINDS if (d := self._dimensions.get(noun + kind))), ())
            if len(called) == 1:
                yield Hit(match.start(), match.end(), match[0], called)

    def _before_kind(self, text: str, start: int) -> list[int]:
        """Where the word before `start` begins, if it is one of a metric's name: card in "per card product"."""
        match = KIND.search(text[:start])
        if match and match[0].strip().rstrip("s") in self._kinds:
            return [match.start()]
        return [start - 1] if start and is_cjk(text[start - 1]) and self._other_words.says(text[start - 1]) else []

    def find_grains(self, text: str | Folded) -> tuple[NameMention, ...]:
        """Grains asked as grouping; 0.8 for a month that only a trend implies."""
        folded = fold(text)
        return tuple(
            NameMention(folded.span(w.start, w.end), "grain", w.grain, w.score) for w in find_grain_words(folded.text)
        )

    def find_comparisons(
        self, text: str | Folded, *, is_ratio: bool = False, grain: Grain | None = None
    ) -> tuple[NameMention, ...]:
        """Functions of semantic SQL asked for. `is_ratio`: the metric's unit is a ratio, whose change is told in points.

        `grain`: the asked grain, which decides what 环比 is one step of.
        """
        folded = fold(text)
        found: dict[str, NameMention] = {}
        for cue in find_cues(folded.text):
            if cue.family == "form":
                continue
            name = function_of(cue, folded.text, is_ratio, grain)
            found.setdefault(name, NameMention(folded.span(cue.start, cue.end), "comparison", name, 1.0))
        return tuple(found.values())


def _folded_end(folded: Folded, original: int) -> int:
    return next((i for i, start in enumerate(folded.starts) if start >= original), len(folded.starts))
