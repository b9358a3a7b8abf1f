"""Question text -> Context: what the question says, in the words of one narrowed catalog.

Runs the finders, settles who keeps a stretch that several claim, joins metric names with what was found by meaning,
and tells the words that nothing explains. Meaning comes through a callable that is passed in; nothing here opens an
index, a database or an llm.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import replace
from datetime import date

from t2sql.catalog import GRAINS, Catalog, Dimension, Metric
from t2sql.flow import Context, Doubt, NameMention, Period, Quantity, Question, Span, ValueMention
from t2sql.grounding.names.comparisons import find_cues
from t2sql.grounding.names.names import NameIndex
from t2sql.grounding.names.shortened import ShortNames
from t2sql.grounding.numbers.benchmarks import find_benchmarks
from t2sql.grounding.numbers.counted import BOUNDED, counts_for, counts_of, granted, granting_words, without_noun
from t2sql.grounding.numbers.limits import number_spans
from t2sql.grounding.numbers.quantities import find_quantities
from t2sql.grounding.settling import (
    as_ratios,
    direct,
    key,
    masked,
    offset,
    qualifiers,
    settle_comparisons,
    without_population,
    without_spans,
    without_units,
)
from t2sql.grounding.telling import asked_clauses, summed_up, timeless, untold, unused_exclusions
from t2sql.grounding.time.dated import dated
from t2sql.grounding.time.grain_words import find_grain_words
from t2sql.grounding.time.monthly import as_loaded
from t2sql.grounding.time.periods import find_periods
from t2sql.grounding.values.completing import completions
from t2sql.grounding.values.everyday import without_everyday
from t2sql.grounding.values.roles import in_role
from t2sql.grounding.values.units import one_of_each
from t2sql.grounding.values.unknown_units import unknown_names
from t2sql.grounding.values.values import ValueIndex
from t2sql.grounding.words.lexicon import loosen
from t2sql.grounding.words.overlaps import Placed, clear_of, covers, not_inside_longer, outside, overlaps
from t2sql.grounding.words.text import Folded, fold
from t2sql.grounding.words.vocabulary import Vocabulary
from t2sql.grounding.words.weighing import MATTERS
from t2sql.metric_names import is_stock

Search = Callable[[str], list[tuple[str, float]]]
CANDIDATES = 8
_RANK_OFFSET = 10
_NAME_WEIGHT = 3.0
_TAIL = 24
_FROM_VALUE = 0.9
# Cosines of the embedder: unrelated texts reach 0.86, the same thing said otherwise 0.93.
_UNLIKE, _ALIKE = 0.80, 1.0
# Words that ask for what was lent or paid back, and not for a balance.
_GIVEN = re.compile(
    r"[放发批贷投]了|[放贷发投]出|放[贷款]|发放|投放|收回|还了|还款|\b(?:disburs|originat|grant|repaid|repay|lend|lent)\w*|\b(?:issued?|made?|made) (?=\s|(?:new )?loans)"
)
_HOW_OFTEN = re.compile(r"(?:多少|几)[笔张]")
_HOW_MANY = re.compile(r"多少[笔户张家个]|几[笔户张家个]|\bhow many\b|\bnumber of\b|\bcount of\b|笔数|户数")
_LISTED = re.compile(r"\s*(?:和|、|及|与|以及|/|,|and|&|,\s*and)\s*(?:the )?")


class Grounding:
    """Finds what questions mention, for one narrowed catalog."""

    def __init__(self, catalog: Catalog, values: ValueIndex, names: NameIndex, search: Search) -> None:
        """`values` holds only what the principal may see; `search(text)` gives (name, 0..1) by meaning, best first."""
        self._catalog = catalog
        self._values = values
        self._names = names
        self._search = search
        self._dimensions = frozenset(catalog.dimensions)
        self._vocabulary = Vocabulary(catalog, names)
        self._short = ShortNames(catalog, names)

    @property
    def values(self) -> ValueIndex:
        """The dimension values that are known here."""
        return self._values

    def with_values(self, values: ValueIndex) -> Grounding:
        """This grounding over other values; it finds nothing by meaning."""
        other = copy(self)
        other._values, other._search = values, lambda text: []
        return other

    def ground(self, question: Question, last_loaded: date | None, *, by_meaning: bool = True) -> Context:
        """Everything `question` mentions. Raises RetrievalError when the search does.

        `by_meaning`: also metrics that no word names; a follow-up has those of the question before.
        """
        folded = fold(question.text)
        said = as_ratios(folded, self._names.find_metrics(folded), self._catalog)
        named = self._without_bare(folded, said)
        periods = find_periods(folded, question.today, last_loaded, self._catalog.fiscal_year_start)
        spelt = self._values.find(folded, self._dimensions, is_fuzzy=False)
        exact = without_everyday(self._catalog, folded, spelt, _spans(named))
        dimensions = self._names.find_dimensions(folded, exact)
        rows_of = [d.name for d in dimensions if d.score == 1.0]
        units = without_units(folded, self._catalog, exact, _spans((*named, *exact, *dimensions)), rows_of)
        named, values = self._metrics_and_values(folded, named, units)
        periods = not_inside_longer(periods, (*values, *named))
        values = outside(values, periods)
        counted = [d for d in dimensions if any(m.span == d.span and self._is_counted(m.name) for m in named)]
        rows = [m for m in named if not any(d.span == m.span and d.score == 1.0 for d in counted)]
        dimensions = outside(outside(not_inside_longer(dimensions, _uncued(values, dimensions)), rows), periods)
        values = not_inside_longer(values, dimensions)
        values = self._with_near(folded, values, spelt, dimensions, periods, named)
        values = one_of_each(self._catalog, folded, values, dimensions)
        values = in_role(self._catalog, folded, values, dimensions)
        shared = self._short.shared(folded, values, named)
        named, values = (*(m for m in named if m in rows or m not in said), *shared), outside(values, shared)
        cues = find_cues(folded.text)
        periods, events = dated(folded, periods, named, self._catalog)
        asked = [Placed(folded.span(cue.start, cue.end)) for cue in cues]
        grains = clear_of(outside(self._names.find_grains(folded), (*named, *values)), (*periods, *asked))
        benchmarks = find_benchmarks(folded)
        found_numbers = (*clear_of(find_quantities(folded), benchmarks), *benchmarks)
        counted_by = without_noun(folded, found_numbers, (*named, *dimensions))
        signs = tuple(q for q in counted_by if q.kind == "threshold" and q.value == 0 and not q.unit)
        quantities = clear_of(counted_by, (*periods, *values, *(m for m in named if m.score == 1.0)))
        quantities += tuple(q for q in signs if q not in quantities)
        named = counts_for(folded, counted_by, named, self._names, self._catalog)
        named, people = self._short.people(folded, named, quantities)
        dimensions += people
        claimed = [*_spans(periods), *_spans(quantities), *_spans(values), *_spans(said), *_spans(spelt)]
        claimed += [
            *_spans(named),
            *_spans(dimensions),
            *_spans(grains),
            *timeless(folded, periods, question.today),
            *events,
        ]
        claimed += [folded.span(cue.start, cue.end) for cue in cues]
        claimed += [folded.span(word.start, word.end) for word in find_grain_words(folded.text)]
        forms = [(value.span, self._forms(value)) for value in values]
        named += self._short.find(folded, claimed, forms, named)
        named = not_inside_longer(named, dimensions) or named
        wider = self._short.across(folded, _spans(values))
        named = (*(m for m in named if not any(overlaps(m.span, w.span) for w in wider)), *wider)
        dimensions = outside(dimensions, wider)
        everybody = named
        named = without_population(folded, named, self._catalog)
        qualified = qualifiers(folded, everybody, named, self._catalog)
        if _GIVEN.search(masked(folded, _spans(named))):
            flows = tuple(m for m in named if not is_stock(self._catalog.metrics[m.name], self._catalog))
            given = () if flows else granted(folded, named, self._names)
            named = flows or given
            claimed += granting_words(folded) if given else []
        if _HOW_OFTEN.search(folded.text) and not any(self._is_counted(m.name) for m in named):
            named = counts_of(folded, named, self._names)
        asks_flow = _GIVEN.search(folded.text) or _HOW_MANY.search(folded.text)
        if not named:
            named = self._short.attributes(folded, cues) or (() if asks_flow else self._from_values(values))
        claimed += _spans(named)
        said_names = self._values.find_names(folded, self._dimensions, claimed)
        values, claimed = values + said_names, claimed + _spans(said_names)
        found = {thing.name for thing in (*named, *dimensions)} | {value.dimension for value in values}
        counts = (len({v.span for v in values}), len(dimensions), len(named))
        told = untold(folded, [*claimed, *number_spans(folded)], counts)
        told += unused_exclusions(folded, values) + qualified
        known = {*told, *summed_up(folded, named, grains, periods, self._catalog)}
        told = tuple(dict.fromkeys((*told, *sorted(known), *unknown_names(folded, question.text, claimed))))
        told = tuple(word for word in told if not self._vocabulary.explains(word, found))
        doubts = self._vocabulary.doubts(folded, claimed, found, question.text)
        unknown = tuple(doubt.word for doubt in doubts if doubt.weight >= MATTERS)
        ungrounded = (*told, *(word for word in unknown if not any(word in t for t in told)))
        if not ungrounded and len(named) < 2 and len(clauses := asked_clauses(folded)) > max(1, len(named)):
            ungrounded = clauses[1:]
        is_clear = not by_meaning or not ungrounded and (bool(named) or not (values or dimensions))
        stripped = "" if is_clear else without_spans(question.text, [*_spans(periods), *_spans(quantities)]).strip()
        metrics = self._fused(named, self._meant(stripped, folded) if stripped else [])
        top = self._catalog.metrics.get(metrics[0].name) if metrics else None
        grain = next((g for g in GRAINS if grains and g == grains[0].name), periods[0].grain if periods else None)
        comparisons = self._names.find_comparisons(folded, is_ratio=bool(top and top.is_ratio_unit), grain=grain)
        comparisons = outside(comparisons, (*named, *values))
        comparisons = settle_comparisons(question.text, comparisons, periods, quantities, top)
        quantities = tuple(direct(question.text, q, top) for q in quantities)
        periods = tuple(as_loaded(self._catalog, period, [m.name for m in named]) for period in periods)
        doubts = (
            *(Doubt(word, 1.0, is_known=word in known) for word in told),
            *(d for d in doubts if d.word not in told),
        )
        return Context(
            question, periods, quantities, values, metrics, dimensions, grains, comparisons, ungrounded, doubts
        )

    def _with_near(
        self,
        folded: Folded,
        values: tuple[ValueMention, ...],
        spelt: tuple[ValueMention, ...],
        dimensions: tuple[NameMention, ...],
        periods: tuple[Period, ...],
        named: tuple[NameMention, ...],
    ) -> tuple[ValueMention, ...]:
        """`values` and the misprinted ones beside them; a bare dimension's name (支行), or what a metric's name begins with
        (结构行存款余额), may be the end of one.
        """
        groups = [d for d in dimensions if d.score == 1.0]
        found = self._values.find(folded, self._dimensions, _spans((*periods, *groups)))
        near = tuple(v for v in found if v not in spelt and not any(_cuts(v.span, m.span) for m in named))
        return (*clear_of(values, near), *near)

    def completed(self, context: Context) -> tuple[Context, ...]:
        """What a context with unknown words may mean, the likeliest first; see `completions`."""
        return completions(context, self._values)

    def _forms(self, value: ValueMention) -> tuple[str, ...]:
        """How a value is called: as stored, and by every alias."""
        aliases = self._catalog.field_of(self._catalog.dimensions[value.dimension]).aliases
        return tuple(key(form) for form in (value.value, *aliases.get(value.value, ())))

    def _meant(self, text: str, folded: Folded) -> list[tuple[str, float]]:
        """Found by meaning; counts alone where a count is asked."""
        found = self._search(text)
        return [m for m in found if self._is_counted(m[0])] or found if _HOW_MANY.search(folded.text) else found

    def _is_counted(self, name: str) -> bool:
        metric = self._catalog.metrics.get(name)
        return metric is not None and metric.unit == "count"

    def _from_values(self, values: tuple[ValueMention, ...]) -> tuple[NameMention, ...]:
        """小微企业贷款有多少, "mortgages at year end": what a value is called ends with the name of a metric."""
        found: dict[str, NameMention] = {}
        for value in values:
            for form in self._forms(value):
                for mention in self._names.find_metrics(form, is_fuzzy=False):
                    if (
                        mention.span
                        and mention.span.start > 0
                        and mention.span.end == len(form)
                        and not self._is_counted(mention.name)
                    ):
                        found.setdefault(mention.name, NameMention(value.span, "metric", mention.name, _FROM_VALUE))
        return tuple(found.values()) if len(found) == 1 else ()

    def _without_bare(self, folded: Folded, named: tuple[NameMention, ...]) -> tuple[NameMention, ...]:
        """小微贷款的不良率, NPL ratio of retail loans: a bare noun beside a whole name is no metric.

        A noun joined to the other name (贷款和存款余额) stays one.
        """
        whole = [m for m in named if not self._is_bare(m, folded)]
        if not whole:
            return named
        ends = [(offset(folded, m.span.start), offset(folded, m.span.end), m.name) for m in named if m.span]
        pairs = [(a, b) for a in ends for b in ends if _LISTED.fullmatch(folded.text[a[1] : b[0]])]
        joined = {name for pair in pairs for _, _, name in pair}
        joined |= {name for _, end, name in ends if BOUNDED.match(folded.text[end:])}
        return tuple(m for m in named if m in whole or m.name in joined)

    def _is_bare(self, mention: NameMention, folded: Folded) -> bool:
        """Whether it was called by only a part of its display name: 贷款 for 贷款余额, loans for loan balance."""
        assert mention.span
        text = folded.text[offset(folded, mention.span.start) : offset(folded, mention.span.end)]
        display = self._catalog.metrics[mention.name].display
        if not text.isascii():
            return len(text) <= 2 and text != key(display.zh) and text in key(display.zh)
        words = [word.rstrip("s") for word in loosen(text).split()]
        whole = [word.rstrip("s") for word in key(display.en).split()]
        return len(words) == 1 and len(whole) > 1 and words[0] in whole

    def _metrics_and_values(
        self, folded: Folded, named: tuple[NameMention, ...], values: tuple[ValueMention, ...]
    ) -> tuple[tuple[NameMention, ...], tuple[ValueMention, ...]]:
        """Longest span wins; a metric that only leans into a value (个人住房贷款余额) stands beside it."""
        values = outside(values, [mention for mention in named if mention.score == 1.0])
        misprints = [m for m in named if m.score < 1.0]
        values = tuple(v for v in values if not any(covers(m.span, v.span) and m.span != v.span for m in misprints))
        named = tuple(m for m in named if m.score == 1.0 or not any(overlaps(v.span, m.span) for v in values))
        inside = [
            m
            for m in named
            if m.score == 1.0 and any(v.span.end == m.span.end and covers(v.span, m.span) for v in values if m.span)
        ]
        named = not_inside_longer(named, values)
        leaning = self._leaning(folded, values, named)
        if not named and not leaning:
            # 小微企业贷款有多少: the value's own last word is all that names a metric.
            leaning = tuple(replace(mention, score=_FROM_VALUE) for mention in inside)
        # A value that the metric's own name says already is no condition: 存款 beside deposit_balance.
        said = {name for m in (*named, *leaning) if m.score == 1.0 for name in _names_of(self._catalog.metrics[m.name])}
        kept = tuple(
            v for v in values if not (self._is_line_word(folded, v) and any(key(v.value) in name for name in said))
        )
        return (*named, *leaning), kept

    def _is_line_word(self, folded: Folded, value: ValueMention) -> bool:
        """Whether a value is said bare, not as an answer to its own dimension's name (产品线为存款)."""
        dimension = self._catalog.dimensions[value.dimension]
        return len(value.value) <= 2 and not any(
            key(name) in folded.text for name in (dimension.display.zh, dimension.display.en)
        )

    def _leaning(
        self, folded: Folded, values: tuple[ValueMention, ...], named: tuple[NameMention, ...]
    ) -> tuple[NameMention, ...]:
        """房贷余额 is 个人住房贷款 + 余额, and 贷款余额 a metric: names that begin inside the value's stored form."""
        found: list[NameMention] = []
        for value in values:
            tail = folded.text[offset(folded, value.span.end) :][:_TAIL]
            if not tail.strip() or any(m.span and m.span.start <= value.span.end < m.span.end for m in named):
                continue
            dimension = self._catalog.dimensions[value.dimension]
            for written in (value.value, *self._catalog.field_of(dimension).aliases.get(value.value, ())):
                if mention := self._across(key(written), tail):
                    end = value.span.end + mention[1]
                    found.append(NameMention(Span(value.span.start, end), "metric", mention[0], 1.0))
                    break
        return tuple(found)

    def _across(self, stored: str, tail: str) -> tuple[str, int] | None:
        """(metric, letters of `tail`) whose name begins inside `stored` and ends in `tail`."""
        for mention in self._names.find_metrics(stored + tail, is_fuzzy=False):
            if mention.span and mention.span.start < len(stored) < mention.span.end:
                return mention.name, mention.span.end - len(stored)
        return None

    def _fused(self, named: tuple[NameMention, ...], found: list[tuple[str, float]]) -> tuple[NameMention, ...]:
        """Names and meaning by reciprocal rank, names counting more; at most CANDIDATES."""
        ranked: dict[str, float] = {}
        best: dict[str, NameMention] = {}
        for mention in sorted(named, key=lambda m: -m.score):
            best.setdefault(mention.name, mention)
        in_order = [m.name for m in sorted(best.values(), key=lambda m: (-m.score, m.span.start if m.span else 0))]
        for rank, name in enumerate(in_order):
            ranked[name] = _NAME_WEIGHT * best[name].score / (_RANK_OFFSET + rank)
        meant = [(name, score) for name, score in found if name in self._catalog.metrics]
        for rank, (name, score) in enumerate(meant):
            ranked[name] = ranked.get(name, 0.0) + 1.0 / (_RANK_OFFSET + rank)
            best.setdefault(name, NameMention(None, "metric", name, _likeness(score)))
        return tuple(best[name] for name in sorted(ranked, key=lambda n: -ranked[n])[:CANDIDATES])


def _cuts(value: Span, name: Span | None) -> bool:
    """Whether a value takes more of a metric's name than its beginning."""
    return overlaps(value, name) and not (name and value.start < name.start and value.end < name.end)


def _uncued(values: tuple[ValueMention, ...], dimensions: tuple[NameMention, ...]) -> tuple[ValueMention, ...]:
    """Values that hold no grouping inside them: in "by loan product" the last word groups."""
    cued = [d.span for d in dimensions if d.score == 1.0]
    return tuple(v for v in values if not any(covers(v.span, span) and v.span != span for span in cued))


def _likeness(cosine: float) -> float:
    """A cosine spread over 0..0.9, below any name found word for word."""
    return round(0.9 * max(0.0, min(1.0, (cosine - _UNLIKE) / (_ALIKE - _UNLIKE))), 3)


def _names_of(thing: Metric | Dimension) -> set[str]:
    return {key(name) for name in (thing.name, thing.display.zh, thing.display.en, *thing.synonyms)}


def _spans(things: Iterable[Period | Quantity | ValueMention | NameMention]) -> list[Span]:
    return [thing.span for thing in things if thing.span is not None]
