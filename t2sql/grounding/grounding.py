"""Question text -> Context: what the question says, in the words of one narrowed catalog.

Runs the finders, settles who keeps a stretch that several claim, joins metric names with what was found by meaning,
and tells the words that nothing explains. Meaning comes through a callable that is passed in; nothing here opens an
index, a database or an llm.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date

from t2sql.catalog import GRAINS, Catalog, Dimension, Metric
from t2sql.flow import Context, NameMention, Period, Quantity, Question, Span, ValueMention
from t2sql.grounding.calendars import Stretch, is_month_end
from t2sql.grounding.lexicon import loosen
from t2sql.grounding.names import NameIndex
from t2sql.grounding.overlaps import clear_of, covers, not_inside_longer, outside, overlaps
from t2sql.grounding.periods import find_periods
from t2sql.grounding.quantities import find_quantities
from t2sql.grounding.text import Folded, fold
from t2sql.grounding.values import ValueIndex
from t2sql.grounding.vocabulary import Vocabulary

Search = Callable[[str], list[tuple[str, float]]]
CANDIDATES = 8
_RANK_OFFSET = 10
_NAME_WEIGHT = 3.0
_TAIL = 24
_FROM_VALUE = 0.9
# Cosines of the embedder: unrelated texts reach 0.86, the same thing said otherwise 0.93.
_UNLIKE, _ALIKE = 0.80, 1.0
_WORST_OR_BEST = re.compile(r"最[好差优]|\b(?:best|worst|weakest|strongest)\b")
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
        self._vocabulary = Vocabulary(catalog)

    def ground(self, question: Question, last_loaded: date | None) -> Context:
        """Everything `question` mentions. Raises RetrievalError when the search does."""
        folded = fold(question.text)
        said = self._names.find_metrics(folded)
        named = self._without_bare(folded, said)
        periods = find_periods(folded, question.today, last_loaded, self._catalog.fiscal_year_start)
        dimensions = self._names.find_dimensions(folded)
        exact = self._values.find(folded, self._dimensions, is_fuzzy=False)
        named, values = self._metrics_and_values(folded, named, exact)
        periods = not_inside_longer(periods, (*values, *named))
        values = outside(values, periods)
        dimensions = outside(outside(not_inside_longer(dimensions, values), named), periods)
        values = not_inside_longer(values, dimensions)
        values += clear_of(
            self._values.find(
                folded, self._dimensions, [*_spans(values), *_spans(periods), *_spans(named), *_spans(dimensions)]
            ),
            (*values, *named, *periods),
        )
        values = self._by_role(folded, values, (*named, *values))
        grains = clear_of(outside(self._names.find_grains(folded), (*named, *values)), periods)
        quantities = clear_of(find_quantities(folded), (*periods, *values, *named))
        stripped = _without(question.text, [*_spans(periods), *_spans(quantities)])
        metrics = self._fused(named, self._search(stripped or question.text) if stripped.strip() else [])
        top = self._catalog.metrics.get(metrics[0].name) if metrics else None
        grain = next((g for g in GRAINS if grains and g == grains[0].name), periods[0].grain if periods else None)
        comparisons = self._names.find_comparisons(folded, is_ratio=bool(top and top.is_ratio_unit), grain=grain)
        comparisons = _settled(outside(comparisons, (*named, *values)), periods, quantities)
        quantities = tuple(_directed(question.text, q, top) for q in quantities)
        periods = tuple(self._as_loaded(period, named) for period in periods)
        claimed = [*_spans(periods), *_spans(quantities), *_spans(values), *_spans(said)]
        claimed += [*_spans(named), *_spans(dimensions), *_spans(grains), *_spans(comparisons)]
        ungrounded = self._vocabulary.unexplained(folded, claimed)
        return Context(question, periods, quantities, values, metrics, dimensions, grains, comparisons, ungrounded)

    def _without_bare(self, folded: Folded, named: tuple[NameMention, ...]) -> tuple[NameMention, ...]:
        """小微贷款的不良率, NPL ratio of retail loans: a bare noun beside a whole name is no metric.

        A noun joined to the other name (贷款和存款余额) stays one.
        """
        whole = [m for m in named if not self._is_bare(m, folded)]
        if not whole:
            return named
        ends = [(_offset(folded, m.span.start), _offset(folded, m.span.end), m.name) for m in named if m.span]
        pairs = [(a, b) for a in ends for b in ends if _LISTED.fullmatch(folded.text[a[1] : b[0]])]
        joined = {name for pair in pairs for _, _, name in pair}
        return tuple(m for m in named if m in whole or m.name in joined)

    def _is_bare(self, mention: NameMention, folded: Folded) -> bool:
        """Whether it was called by only a part of its display name: 贷款 for 贷款余额, loans for loan balance."""
        assert mention.span
        text = folded.text[_offset(folded, mention.span.start) : _offset(folded, mention.span.end)]
        display = self._catalog.metrics[mention.name].display
        if not text.isascii():
            return len(text) <= 2 and text != _key(display.zh) and text in _key(display.zh)
        words = [word.rstrip("s") for word in loosen(text).split()]
        whole = [word.rstrip("s") for word in _key(display.en).split()]
        return len(words) == 1 and len(whole) > 1 and words[0] in whole

    def _metrics_and_values(
        self, folded: Folded, named: tuple[NameMention, ...], values: tuple[ValueMention, ...]
    ) -> tuple[tuple[NameMention, ...], tuple[ValueMention, ...]]:
        """Longest span wins; a metric that only leans into a value (个人住房贷款余额) stands beside it."""
        values = outside(values, [mention for mention in named if mention.score == 1.0])
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
            v for v in values if not (self._is_line_word(folded, v) and any(_key(v.value) in name for name in said))
        )
        return (*named, *leaning), kept

    def _is_line_word(self, folded: Folded, value: ValueMention) -> bool:
        """Whether a value is said bare, not as an answer to its own dimension's name (产品线为存款)."""
        dimension = self._catalog.dimensions[value.dimension]
        return len(value.value) <= 2 and not any(
            _key(name) in folded.text for name in (dimension.display.zh, dimension.display.en)
        )

    def _leaning(
        self, folded: Folded, values: tuple[ValueMention, ...], named: tuple[NameMention, ...]
    ) -> tuple[NameMention, ...]:
        """房贷余额 is 个人住房贷款 + 余额, and 贷款余额 a metric: names that begin inside the value's stored form."""
        found: list[NameMention] = []
        for value in values:
            tail = folded.text[_offset(folded, value.span.end) :][:_TAIL]
            if not tail.strip() or any(m.span and m.span.start <= value.span.end < m.span.end for m in named):
                continue
            dimension = self._catalog.dimensions[value.dimension]
            for written in (value.value, *self._catalog.field_of(dimension).aliases.get(value.value, ())):
                if mention := self._across(_key(written), tail):
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

    def _by_role(
        self, folded: Folded, values: tuple[ValueMention, ...], claimed: Iterable[NameMention | ValueMention]
    ) -> tuple[ValueMention, ...]:
        """A role's dimension (managing_branch) keeps a value only where the role is said, or nothing else has it."""
        spans = _spans(claimed)
        plain = {(v.span, v.value) for v in values if not self._catalog.dimensions[v.dimension].role}
        return tuple(
            v
            for v in values
            if not (role := self._catalog.dimensions[v.dimension]).role
            or (v.span, v.value) not in plain
            or self._says_role(folded, role, spans)
        )

    def _says_role(self, folded: Folded, dimension: Dimension, claimed: list[Span]) -> bool:
        words = {
            _key(word)
            for r in self._catalog.relationships
            if r.role == dimension.role and r.display
            for word in (r.display.zh, r.display.en)
        }
        for word in (words | {_key(dimension.role)}) - {""}:
            for match in re.finditer(re.escape(word), folded.text):
                if not any(covers(span, folded.span(*match.span())) for span in claimed):
                    return True
        return False

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

    def _as_loaded(self, period: Period, named: tuple[NameMention, ...]) -> Period:
        """A month's last day asked of a book that is stored monthly is that month."""
        day = _day(period.first)
        if period.first != period.last or day is None or not is_month_end(day):
            return period
        facts = [f for m in named for f in self._facts_of(self._catalog.metrics[m.name])]
        if not facts or any(self._catalog.datasets[f].snapshot_grain != "month" for f in facts):
            return period
        return replace(period, grain="month", first=period.first[:7], last=period.first[:7])

    def _facts_of(self, metric: Metric) -> set[str]:
        from t2sql.metric_names import names_used  # parses SQL, so only when a day was asked

        names, fields = names_used(metric, self._catalog.metrics)
        return {dataset for dataset, _ in fields}.union(
            *(self._facts_of(self._catalog.metrics[n]) for n in names if n in self._catalog.metrics)
        )


def _settled(
    comparisons: tuple[NameMention, ...], periods: tuple[Period, ...], quantities: tuple[Quantity, ...]
) -> tuple[NameMention, ...]:
    """年累计 that made a cumulative period, and 排名 that only leads in a limit, ask for nothing more."""
    limits = [q.span for q in quantities if q.kind == "limit"]
    return tuple(
        c
        for c in comparisons
        if not (c.name == "ytd" and any(p.is_cumulative for p in periods))
        and not (
            c.name == "rank" and c.span and any(overlaps(c.span, s) or 0 <= s.start - c.span.end <= 3 for s in limits)
        )
    )


def _directed(text: str, quantity: Quantity, metric: Metric | None) -> Quantity:
    """最差 of a metric where up is bad means the largest, best the smallest."""
    if quantity.kind == "limit" and metric and metric.direction == "down_is_good":
        said = fold(text[max(0, quantity.span.start - 1) : quantity.span.end]).text
        if _WORST_OR_BEST.search(said):
            return replace(quantity, descending=not quantity.descending)
    return quantity


def _likeness(cosine: float) -> float:
    """A cosine spread over 0..0.9, below any name found word for word."""
    return round(0.9 * max(0.0, min(1.0, (cosine - _UNLIKE) / (_ALIKE - _UNLIKE))), 3)


def _names_of(thing: Metric | Dimension) -> set[str]:
    return {_key(name) for name in (thing.name, thing.display.zh, thing.display.en, *thing.synonyms)}


def _key(text: str) -> str:
    return loosen(fold(text).text)


def _spans(things: Iterable[Period | Quantity | ValueMention | NameMention]) -> list[Span]:
    return [thing.span for thing in things if thing.span is not None]


def _offset(folded: Folded, original: int) -> int:
    """Offset in the folded text of an offset in the original."""
    return next((i for i, start in enumerate(folded.starts) if start >= original), len(folded.starts))


def _without(text: str, spans: list[Span]) -> str:
    """`text` with the spans blanked, for a search by meaning."""
    letters = list(text)
    for span in spans:
        letters[span.start : span.end] = " " * (span.end - span.start)
    return " ".join("".join(letters).split())


def _day(literal: str) -> Stretch | None:
    match = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", literal)
    return Stretch("day", int(match[1]), int(match[2]) * 100 + int(match[3])) if match else None
