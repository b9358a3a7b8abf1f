"""Question text -> Context: what the question says, in the words of one narrowed catalog.

Runs the finders, settles who keeps a stretch that several claim, joins metric names with what was found by meaning,
and tells the words that nothing explains. Meaning comes through a callable that is passed in; nothing here opens an
index, a database or an llm.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import replace
from datetime import date

from t2sql.catalog import GRAINS, Catalog
from t2sql.flow import Context, NameMention, Period, Question, ValueMention
from t2sql.grounding.beside import NamesBesideValues
from t2sql.grounding.besides import besides
from t2sql.grounding.doubting import Doubting
from t2sql.grounding.findings import Findings, spans_of
from t2sql.grounding.frames import Frames
from t2sql.grounding.fusing import fused
from t2sql.grounding.names.comparisons import find_cues, outside_names, without_times
from t2sql.grounding.names.each_of_them import with_each_of_them
from t2sql.grounding.names.layers import with_layers
from t2sql.grounding.names.names import NameIndex
from t2sql.grounding.names.part_of_whole import as_part_of_whole
from t2sql.grounding.names.share_words import share_words
from t2sql.grounding.names.shortened import ShortNames
from t2sql.grounding.names.wholes import without_wholes
from t2sql.grounding.numbers.benchmarks import directed, find_benchmarks
from t2sql.grounding.numbers.counted import (
    counts_for,
    without_noun,
)
from t2sql.grounding.numbers.quantities import find_quantities
from t2sql.grounding.ratios import as_ratios
from t2sql.grounding.settling import (
    direct,
    offset,
    settle_comparisons,
    without_spans,
    without_units,
)
from t2sql.grounding.settling_names import HOW_MANY, SettlingNames, is_counted
from t2sql.grounding.siblings import without_members
from t2sql.grounding.supposing import supposed
from t2sql.grounding.telling import (
    timeless,
)
from t2sql.grounding.time.dated import find_dated, limited
from t2sql.grounding.time.grain_words import find_grain_words
from t2sql.grounding.time.monthly import as_loaded, daily_rows
from t2sql.grounding.time.periods import find_periods
from t2sql.grounding.values.completing import completions
from t2sql.grounding.values.denials import counting_words, denying_words
from t2sql.grounding.values.everyday import without_everyday, without_examples
from t2sql.grounding.values.lead_ins import told_lead_ins, unread_terms
from t2sql.grounding.values.leaning import cuts, uncued
from t2sql.grounding.values.listing import only_examples, split_by_values, without_member_names
from t2sql.grounding.values.misplaced import without_misplaced
from t2sql.grounding.values.own_words import (
    denied_of_whole,
    is_own_word,
    needless_denials,
    torn_pairs,
    without_own_words,
)
from t2sql.grounding.values.places import PLACES
from t2sql.grounding.values.ranges import without_whole
from t2sql.grounding.values.roles import in_role, role_words, with_relative_roles
from t2sql.grounding.values.run_together import beside_whole, joined_apart, run_together
from t2sql.grounding.values.units import belonging_words, count_words, one_of_each, with_members
from t2sql.grounding.values.values import ValueIndex
from t2sql.grounding.words.overlaps import Placed, clear_of, covers, not_inside_longer, outside, overlaps
from t2sql.grounding.words.text import Folded, fold

Search = Callable[[str], list[tuple[str, float]]]


class Grounding:
    """Finds what questions mention, for one narrowed catalog."""

    def __init__(self, catalog: Catalog, values: ValueIndex, names: NameIndex, search: Search) -> None:
        """`values` holds only what the principal may see; `search(text)` gives (name, 0..1) by meaning, best first."""
        self._catalog = catalog
        self._values = values
        self._names = names
        self._search = search
        self._dimensions = frozenset(catalog.dimensions)
        self._places = {d.dataset for d in catalog.dimensions.values() if d.name in PLACES}
        self._frames = Frames(catalog, names)
        self._doubting = Doubting(catalog, names)
        self._short = ShortNames(catalog, names)
        self._beside = NamesBesideValues(catalog, names)
        self._settling = SettlingNames(catalog, names, self._short, self._beside)

    @property
    def values(self) -> ValueIndex:
        """The dimension values that are known here."""
        return self._values

    def with_values(self, values: ValueIndex) -> Grounding:
        """This grounding over other values; it finds nothing by meaning."""
        other = copy(self)
        other._values, other._search = values, lambda text: []
        return other

    def ground(
        self, question: Question, last_loaded: date | None, *, by_meaning: bool = True, follows: bool = False
    ) -> Context:
        """Everything `question` mentions. Raises RetrievalError when the search does.

        `by_meaning`: also metrics that no word names. `follows`: the metrics, and what a date is set against, may be
        those of the question before.
        """
        found = self._found(question, last_loaded, follows=follows)
        found.follows = follows
        self._settle_numbers(found)
        self._settling.settle(found, self._values)
        stands_alone = not (found.values or found.grains or any(d.score == 1.0 for d in found.dimensions))
        found.named, parts = as_part_of_whole(self._catalog, found.cues, found.named, stands_alone=stands_alone)
        found.values += parts
        self._doubting.tell(found, self._values)
        return self._context(found, by_meaning=by_meaning and not follows)

    def _found(self, question: Question, last_loaded: date | None, *, follows: bool) -> Findings:
        """Names, values and periods, each with the words that are its own."""
        folded = self._frames.without(fold(question.text), self._values, self._dimensions)
        folded = replace(folded, text=without_times(folded.text))
        folded = without_wholes(folded, self._names.find_dimensions)
        year_start = self._catalog.fiscal_year_start
        periods = find_periods(folded, question.today, last_loaded, year_start, stands_alone=not follows)
        dates = find_dated(folded, periods, self._names.find_metrics, self._catalog)
        said = as_ratios(folded, dates.named, self._catalog)
        named = self._beside.without_bare(folded, said)
        spelt = self._values.find(folded, self._dimensions, is_fuzzy=False)
        named = without_members(named, spelt)
        exact = without_everyday(self._catalog, folded, spelt, spans_of(named))
        dimensions = self._names.find_dimensions(folded, exact)
        dimensions = with_relative_roles(self._catalog, folded, dimensions)
        dimensions = without_member_names(folded, (*spelt, *said), dimensions)
        dimensions, _ = with_each_of_them(self._catalog, folded, dimensions)
        dimensions, laid = with_layers(folded, dimensions, self._names.find_grains(folded))
        rows_of = [d.name for d in dimensions if d.score == 1.0]
        units = without_units(folded, self._catalog, exact, spans_of((*named, *exact, *dimensions)), rows_of)
        units += tuple(v for v in exact if v.is_negated and v not in units)
        named, values = self._beside.settled(folded, named, units)
        periods = not_inside_longer(periods, (*values, *named))
        values = outside(values, periods)
        counted = [d for d in dimensions if any(m.span == d.span and is_counted(self._catalog, m.name) for m in named)]
        rows = [m for m in named if not any(d.span == m.span and d.score == 1.0 for d in counted)]
        dimensions = outside(outside(not_inside_longer(dimensions, uncued(values, dimensions)), rows), periods)
        values = not_inside_longer(values, dimensions)
        values = self._with_near(folded, values, spelt, dimensions, periods, named)
        values = one_of_each(self._catalog, folded, values, dimensions)
        dimensions = with_members(self._catalog, folded, values, dimensions)
        dimensions = split_by_values(self._catalog, folded, spelt, dimensions)
        listed = values
        values, dimensions = only_examples(folded, values, dimensions)
        values = without_examples(folded, values, {d.name for d in dimensions if d.score == 1.0})
        values = without_whole(folded, values, {d.name for d in dimensions if d.score == 1.0}, self._values.members)
        spelt += tuple(value for value in listed if value not in values)
        values = in_role(self._catalog, folded, values, dimensions)
        values, misplaced = without_misplaced(self._catalog, folded, values, spelt, self._places)
        every, values = values, without_own_words(self._catalog, folded, self._beside.without_own(values, named), named)
        again = tuple(value for value in every if value not in values)
        again += tuple(v for v in spelt if v not in values and is_own_word(self._catalog, folded, v, named))
        dimensions = tuple(d for d in dimensions if not any(covers(v.span, d.span) for v in again))
        spelt += again
        shared = self._short.shared(folded, every, named)
        named, values = (*(m for m in named if m in rows or m not in said), *shared), outside(values, shared)
        cues = find_cues(folded.text)
        found = Findings(question, folded, cues, said, spelt, named, values, periods, dimensions, dates)
        found.claimed += laid
        found.values, led = told_lead_ins(folded, values, named)
        led += unread_terms(folded, named, spans_of((*values, *periods))) + run_together(self._catalog, folded, values)
        led += denied_of_whole(folded, values) + beside_whole(folded, values)
        led += joined_apart(folded, values)
        found.misplaced = led + misplaced + torn_pairs(folded, spelt, values, named)
        return found

    def _settle_numbers(self, found: Findings) -> None:
        """Dates of the things counted, grains, bounds and limits; the noun of a count is a metric."""
        folded = found.folded
        found.periods, events = (
            limited(found.periods, found.dates.limits, found.named, self._catalog),
            found.dates.spans,
        )
        of_things = [
            d for d in found.dimensions if not self._catalog.field_of(self._catalog.dimensions[d.name]).is_time
        ]
        found.dimensions = (*outside(tuple(of_things), found.dates.groups), *found.dates.groups)
        spans = [(offset(folded, m.span.start), offset(folded, m.span.end)) for m in found.named if m.span]
        asked = [Placed(folded.span(cue.start, cue.end)) for cue in outside_names(found.cues, spans)]
        said = self._names.find_grains(folded)
        grains = outside(said, (*found.named, *found.values)) + daily_rows(
            self._catalog, said, found.named, found.periods
        )
        found.grains = clear_of(grains, (*found.periods, *asked, *found.dates.groups))
        benchmarks = find_benchmarks(folded)
        numbers = (*clear_of(find_quantities(folded), benchmarks), *benchmarks)
        counted_by = without_noun(folded, numbers, (*found.named, *found.dimensions))
        signs = tuple(q for q in counted_by if q.kind == "threshold" and q.value == 0 and not q.unit)
        whole = [m for m in found.named if m.score == 1.0]
        quantities = clear_of(counted_by, (*found.periods, *found.values, *whole))
        # 对公、零售两块: counts the values, and is no amount.
        counting = counting_words(folded, found.values)
        quantities = tuple(q for q in quantities if not any(overlaps(q.span, s) for s in counting))
        found.quantities = (*quantities, *(q for q in signs if q not in quantities))
        named = counts_for(folded, counted_by, found.named, self._names, self._catalog)
        found.named, people = self._short.people(folded, named, found.quantities)
        found.dimensions += people
        found.claim(found.periods, found.quantities, found.values, found.said, found.spelt)
        found.claim(found.named, found.dimensions, found.grains, asked)
        denied = (*found.values, *needless_denials(found.spelt, found.values))
        found.claimed += denying_words(folded, denied) + counting_words(folded, found.values)
        found.claimed += with_each_of_them(self._catalog, folded, found.dimensions)[1]
        found.claimed += share_words(folded, found.cues)
        found.claimed += count_words(folded, found.values, found.dimensions)
        found.claimed += belonging_words(self._catalog, folded, found.values, found.dimensions)
        found.claimed += role_words(self._catalog, folded, found.values, found.dimensions)
        found.claimed += [*timeless(folded, found.periods, found.question.today), *events]
        found.claimed += [folded.span(word.start, word.end) for word in find_grain_words(folded.text)]

    def _context(self, found: Findings, *, by_meaning: bool) -> Context:
        """The findings, with metrics by meaning where the words leave it open, and what is compared."""
        question, named, text = found.question, found.named, found.question.text
        is_clear = not found.ungrounded and (bool(named) or not (found.values or found.dimensions))
        meant: list[tuple[str, float]] = []
        if by_meaning and not is_clear:
            stripped = without_spans(text, spans_of((*found.periods, *found.quantities))).strip()
            meant = self._meant(stripped, found.folded) if stripped else []
        metrics = fused(named, meant, self._catalog)
        top = self._catalog.metrics.get(metrics[0].name) if metrics else None
        asked = found.grains[0].name if found.grains else ""
        grain = next((g for g in GRAINS if g == asked), found.periods[0].grain if found.periods else None)
        comparisons = self._names.find_comparisons(found.folded, is_ratio=bool(top and top.is_ratio_unit), grain=grain)
        comparisons = outside(comparisons, (*named, *found.values))
        return Context(
            question=question,
            periods=tuple(as_loaded(self._catalog, period, [m.name for m in named], text) for period in found.periods),
            quantities=tuple(directed(direct(text, q, top), top) for q in found.quantities),
            values=found.values,
            metrics=metrics,
            dimensions=found.dimensions,
            grains=found.grains,
            comparisons=settle_comparisons(text, comparisons, found.periods, found.quantities, top),
            ungrounded=found.ungrounded,
            doubts=found.doubts,
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
        found = self._values.find(folded, self._dimensions, spans_of((*periods, *groups)))
        near = tuple(v for v in found if v not in spelt and not any(cuts(v.span, m.span) for m in named))
        return (*clear_of(values, near), *near)

    def completed(self, context: Context) -> tuple[Context, ...]:
        """What a context with unknown words may mean, the likeliest first; see `completions`."""
        return completions(context, self._values)

    def supposed(self, context: Context) -> Context:
        """A context with unknown words taken for what they are most like; see `supposed`."""
        return supposed(context, self._catalog)

    def besides(self, context: Context) -> Context:
        """What the words of `context` name and it does not hold; see `besides`."""
        return besides(context, self._values, self._names, self._dimensions)

    def explains(self, word: str, names: Iterable[str]) -> bool:
        """Whether a name of one of these metrics or dimensions holds the word or says the same."""
        return self._doubting.explains(word, names)

    def _meant(self, text: str, folded: Folded) -> list[tuple[str, float]]:
        """Found by meaning; counts alone where a count is asked."""
        found = self._search(text)
        return [m for m in found if is_counted(self._catalog, m[0])] or found if HOW_MANY.search(folded.text) else found
