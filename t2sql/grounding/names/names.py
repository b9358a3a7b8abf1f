"""Finds the catalog's own names in a question: metrics, dimensions, grains, comparisons, as asked in either language.

Built from a narrowed catalog, so it cannot find what the principal may not know. Decides nothing about meaning beyond names and cues.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence

from t2sql.catalog import Catalog, Dimension, Grain, Metric
from t2sql.flow import NameMention, Span, ValueMention
from t2sql.grounding.names.called import MadeOf, Named, names_of, parts_of
from t2sql.grounding.names.comparisons import Cue, find_cues
from t2sql.grounding.names.deeds import with_deeds
from t2sql.grounding.names.grouping_cues import (
    AGENT,
    CONTRAST,
    CUE_AFTER,
    CUE_BEFORE,
    EACH_AFTER,
    EACH_KIND,
    EVERY,
    JOINED,
    KIND,
    KINDS,
    LONGEST_NOUN,
    LOOSE_CUE,
)
from t2sql.grounding.names.misprints import NearNames
from t2sql.grounding.names.paraphrases import Paraphrase, Paraphrases
from t2sql.grounding.time.grain_words import find_grain_words
from t2sql.grounding.words.lexicon import Hit, Lexicon, loosen
from t2sql.grounding.words.text import Folded, fold, is_cjk, plural

CUED, MENTIONED = 1.0, 0.6
# Said in other words: as good as the name where several words agree, a little less where one does.
SEVERAL_WORDS, ONE_WORD, TWO_MEANINGS = 1.0, 0.96, 0.8
_NEARLY = 0.67
_RATE_WORDS = re.compile(r"增速|增长率|增幅|幅度|变化率|变动率|百分比|rate|%|percent")
_AMOUNT_WORDS = re.compile(
    r"(?:增加|减少|变化|变动|多增|少增|增减|升降|多|少|高|低)了?(?:多少|几|额|量)|净增|变化|变动|增减|增加|减少|多|少|how much|by how many"
)
# 分行业 is 分 + 行业.
_FALSE_HEAD = re.compile(r"分行业(?!务|绩)")
_RISE_ZH = re.compile(r"增长|增速|增幅|涨|growth|grow|grew")


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
    ) -> None:
        """`crowded`: dimensions of so many members that "all" of them, or "held by" them, never means one row each.
        `said_of_…`: names that are also found in other words.
        """
        self._metrics = metrics
        self._near = NearNames(metrics)
        self._dimensions = dimensions
        self._other_words = Paraphrases(said_of_metrics, made_of)
        self._other_dimensions = Paraphrases(said_of_dimensions, prefers_short=True)
        self._crowded = crowded
        self._kinds = {word.rstrip("s") for name in metrics for word in (name.split() if name.isascii() else [name])}

    @classmethod
    def build(cls, catalog: Catalog) -> NameIndex:
        """Index names, displays and synonyms of every metric and dimension of `catalog`."""
        fields = {d.name: catalog.field_of(d) for d in catalog.dimensions.values()}
        return cls(
            Lexicon([*(entries := list(_entries(catalog.metrics.values()))), *_contractions(entries)]),
            Lexicon(_entries(catalog.dimensions.values())),
            frozenset(name for name, item in fields.items() if not item.searchable and not item.is_time),
            [named for m in catalog.metrics.values() for named in names_of(m, m.unit)],
            [named for d in catalog.dimensions.values() for named in names_of(d)],
            [made for m in catalog.metrics.values() if (made := parts_of(m))],
        )

    def find_metrics(
        self, text: str | Folded, *, is_fuzzy: bool = True, through: Sequence[Span] = ()
    ) -> tuple[NameMention, ...]:
        """Metrics named in `text`, in its order: 1.0 for the very words or the same in several other words, less for a
        near miss, for one other word, and for words that say two metrics (both told, at one place). `through`: stretches
        that may stand in the midst of other words, as a value does.
        """
        folded = fold(text)
        hits = [(h.start, h.end, name, 1.0) for h in self._metrics.longest_hits(folded.text) for name in h.things]
        if is_fuzzy:
            near = self._near.find(folded.text, [(start, end) for start, end, _, _ in hits])
            # A name said word for word gives way only to one that is nearly so.
            near = [n for n in near if n[3] >= _NEARLY or not any(n[0] <= h[0] and h[1] <= n[1] for h in hits)]
            hits = [h for h in hits if not any(start <= h[0] and h[1] <= end for start, end, _, _ in near)] + near
            hits = [h for h in hits if not self._other_words.is_within_another(folded.text, h[0], h[1], h[2])]
            stretches = [(_folded_end(folded, s.start), _folded_end(folded, s.end)) for s in through]
            hits = _with_other_words(hits, self._other_words.find(folded.text, stretches, [h[:2] for h in hits]))
            halves = self._other_words.find_halves(folded.text, [h[:2] for h in hits], is_listed=True) if hits else ()
            hits = _with_other_words(hits, halves)
            hits = with_deeds(folded.text, hits, self._other_words)
        return tuple(
            NameMention(folded.span(start, end), "metric", name, score) for start, end, name, score in sorted(hits)
        )

    def explains(self, word: str, found: Iterable[str]) -> bool:
        """Whether a folded word says what one of the metrics or dimensions `found` is made of (投放 of new loans)."""
        said = self._other_words.says(word)
        return bool(said) and any(
            said & (self._other_words.concepts_of(name) | self._other_dimensions.concepts_of(name)) for name in found
        )

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
        ends = {folded.starts.index(v.span.start): v.span.end for v in values if v.span.start in folded.starts}
        found: list[tuple[int, int, str, float]] = []
        is_cued, last_end = False, -1
        for hit in self._dimension_hits(loose):
            joined = last_end >= 0 and JOINED.fullmatch(loose[last_end : hit.start])
            inner = [start for start, end in ends.items() if start < hit.start <= _folded_end(folded, end)]
            inner += [
                start for start, end in ends.items() if start < hit.start and _folded_end(folded, end) + 1 == hit.start
            ]
            openings = [hit.start, *inner, *self._before_kind(loose, hit.start)]
            if set(hit.things) <= self._crowded:
                openings = [o for o in openings if not (EVERY if o == hit.start else LOOSE_CUE).search(loose[:o])]
                openings = [o for o in openings if not AGENT.search(loose[:o])]
            contrast = CONTRAST.search(loose[: hit.start])
            is_cued = not contrast and bool(
                EACH_KIND.fullmatch(hit.key)
                or any(CUE_BEFORE.search(loose[:opening]) for opening in openings)
                or (CUE_AFTER.match(loose, hit.end) and not set(hit.things) <= self._crowded)
                or (joined and is_cued)
            )
            start = contrast.start() if contrast else hit.start
            each = EACH_AFTER.match(loose, hit.end)
            end = each.end() if each else hit.end
            found += [(start, end, name, CUED if is_cued else MENTIONED) for name in hit.things]
            last_end = hit.end
        return tuple(
            NameMention(folded.span(start, end), "dimension", name, score) for start, end, name, score in found
        )

    def _dimension_hits(self, text: str) -> list[Hit[str]]:
        """Names of dimensions in a loose text, word for word or in other words, in its order."""
        hits = [h for h in self._dimensions.all_hits(text) if not _FALSE_HEAD.match(text, h.start)]
        kept: list[Hit[str]] = []
        for hit in sorted(hits, key=lambda h: (h.start - h.end, h.start)):
            if all(hit.end <= other.start or other.end <= hit.start for other in kept):
                kept.append(hit)
        for other in self._other_dimensions.find(text):
            if "的" in text[other.start : other.end]:
                # A dimension's name is one word; what stands around 的 is two things.
                continue
            rivals = [h for h in kept if h.start < other.end and other.start < h.end]
            if len(other.names) == 1 and all(h.end - h.start < other.end - other.start for h in rivals):
                kept = [h for h in kept if h not in rivals]
                kept.append(Hit(other.start, other.end, text[other.start : other.end], other.names))
        kept += self._kinds_of_noun(text)
        for half in self._other_dimensions.find_halves(text, [(h.start, h.end) for h in kept]):
            kept.append(Hit(half.start, half.end, text[half.start : half.end], half.names))
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
            name = _function(cue, folded.text, is_ratio, grain)
            found.setdefault(name, NameMention(folded.span(cue.start, cue.end), "comparison", name, 1.0))
        return tuple(found.values())


def _folded_end(folded: Folded, original: int) -> int:
    return next((i for i, start in enumerate(folded.starts) if start >= original), len(folded.starts))


def _with_other_words(
    hits: list[tuple[int, int, str, float]], others: Iterable[Paraphrase]
) -> list[tuple[int, int, str, float]]:
    """`hits` with what is said in other words: a longer stretch that holds a name replaces it, a shorter one is dropped."""
    kept = list(hits)
    for other in others:
        rivals = [h for h in kept if h[0] < other.end and other.start < h[1]]
        is_longer = all(
            other.start <= h[0] and h[1] <= other.end and h[1] - h[0] < other.end - other.start for h in rivals
        )
        if not is_longer:
            continue
        score = TWO_MEANINGS if len(other.names) > 1 else SEVERAL_WORDS if other.is_several else ONE_WORD
        kept = [h for h in kept if h not in rivals] + [(other.start, other.end, name, score) for name in other.names]
    return kept


def _entries(things: Iterable[Metric | Dimension]) -> Iterable[tuple[str, str]]:
    for thing in things:
        for written in dict.fromkeys((thing.name, thing.display.zh, thing.display.en, *thing.synonyms)):
            yield written, thing.name
            if written.isascii() and written and written[-1].isalpha():
                yield plural(written), thing.name


def _contractions(entries: Sequence[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    """存贷款余额 names both 存款余额 and 贷款余额: two names that differ in their first letter alone."""
    known = {written for written, _ in entries}
    tails: dict[str, dict[str, str]] = {}
    for written, name in entries:
        if len(written) > 1 and is_cjk(written[0]) and is_cjk(written[1]):
            tails.setdefault(written[1:], {})[written[0]] = name
    for tail, heads in tails.items():
        for one, other in itertools.permutations(heads, 2):
            if one + other + tail not in known:
                yield from ((one + other + tail, heads[head]) for head in (one, other))


def _function(cue: Cue, text: str, is_ratio: bool, grain: Grain | None) -> str:
    """The function that a cue asks for, by the metric's unit and the asked grain."""
    if cue.family in ("ytd", "share", "rank", "prior_year"):
        return cue.family
    if cue.family == "mean":
        return f"mean_{cue.grain}"
    words = text[cue.start : cue.end + 6]
    is_rate = bool(_RATE_WORDS.search(words)) if is_ratio else cue.form == "rate"
    is_difference = not is_rate and (is_ratio or cue.form == "difference")
    if not is_rate and not is_difference:
        asks_amount = bool(_AMOUNT_WORDS.search(words)) and not _RISE_ZH.search(words)
        is_difference = asks_amount or (cue.family == "year_start" and not _RISE_ZH.search(words))
    if cue.family == "year":
        return "yoy_diff" if is_difference else "yoy"
    if cue.family == "year_start":
        return "vs_year_start_diff" if is_difference else "vs_year_start"
    step = _step(cue, words, grain)
    if cue.family == "prior" and not is_rate and cue.form != "rate" and not _RISE_ZH.search(words):
        is_difference = True
    if not is_difference:
        return {"month": "mom", "quarter": "qoq"}.get(step or grain or "month", "prev_diff")
    return {"month": "mom_diff", "quarter": "qoq_diff"}.get(step, "prev_diff")


def _step(cue: Cue, words: str, grain: Grain | None) -> str:
    """ "month" or "quarter" when the words say the step themselves."""
    if cue.grain:
        return cue.grain
    if cue.family != "prior":
        return ""
    said = (
        "month"
        if re.search(r"月|month", words[: cue.end - cue.start])
        else "quarter"
        if re.search(r"季|quarter", words[: cue.end - cue.start])
        else ""
    )
    return "" if said == grain else said
