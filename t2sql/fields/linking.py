"""Links a question to the fields, values, numbers and dates of a catalog, without the llm.

One dataset is found whose rows, with what they reach many-to-one, explain most of what is said; everything else is read
in its light. What is not said is never added, and what nothing explains is told in `left`.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from t2sql.fields.asked import asked_aggregates, asked_groups, asked_order
from t2sql.fields.bounds import find_bounds
from t2sql.fields.chinese import has_chinese
from t2sql.fields.chinese_order import latest_of
from t2sql.fields.conditions import LOOSE, conditions_of
from t2sql.fields.cues import ANY, DISTINCT, figure_cues
from t2sql.fields.dates import find_stretches
from t2sql.fields.definitions import defined_in
from t2sql.fields.existing import both_of, clauses_of, condition_of, taken_out
from t2sql.fields.hits import REACHED, Hit, Words, name_hits, value_hits, weight, words_of
from t2sql.fields.index import FieldIndex
from t2sql.fields.linked import Bound, Condition, DatasetFound, FieldFound, Linked, Stretch, ValueFound
from t2sql.fields.roles import date_fields, happens_on_a_day, said_of_days, words_of_date
from t2sql.fields.settling import Explained, explain, with_near
from t2sql.fields.stated import stated_in
from t2sql.fields.unexplained import left_words
from t2sql.fields.weekdays import weekdays_in
from t2sql.grounding.words.text import Folded

_MOST_TRIED = 8
_MOST_WEIGHED = 40
_MOST_TOLD = 24
# How somebody would do it, and no part of what is asked: by doing a left join from cars to sales.
_METHOD = re.compile(
    r",? by (?:doing|using|performing|joining)\b[^.?!,]*\bjoin[^.?!,]*|,? by joining\b[^.?!,]*", re.IGNORECASE
)
_SCHEMA_PART = re.compile(r"\b(?:in|from) the (?:database|dataset|data)\b|数据库")


def link(text: str, hints: str, index: FieldIndex, today: date, *, needs: Collection[str] = ()) -> Linked:
    """What `text` says of the catalog that `index` holds; `hints` are what the person added, "" for none.

    Names of `hints` are no part of the question; they only help to choose the dataset. `today` is the clock.
    `needs`: datasets that the chosen one must reach, where any does.
    """
    if not has_chinese(text):
        found = _with_states(text, hints, index, today, needs) or _with_clauses(text, hints, index, today, needs)
        if found is not None:
            return found
    if (limited := _with_weekdays(text, hints, index, today, needs)) is not None:
        return limited
    words = words_of(text)
    names, values = name_hits(words, index), value_hits(words, index)
    # 债券的发行人 is no table called 债券发行人.
    names = [hit for hit in names if not (hit.is_dataset and "的" in words.folded.text[hit.start : hit.end])]
    stretches = _without_values(words, values, find_stretches(words.folded, today))
    values = [hit for hit in values if hit.is_quoted or not _is_time(words, hit, stretches)]
    values = [hit for hit in values if not _is_verb(hit, names, index)]
    values = [hit for hit in values if not _is_deed(words, hit, stretches, index)]
    meant = " . ".join(defined_in(hints, text).values())
    tried = _tried(words, [*names, *values], index, hints, meant)
    tried = [e for e in tried if {*needs} <= {e.dataset, *index.reach[e.dataset]}] or tried
    if not tried:
        return Linked(text, (), (), (), (), (), (), False, (), stretches, (), (), None, False, left_words(words, []))
    linked = _Settled(text, words, tried, [*names, *values], stretches, index, hints).linked()
    both = None if has_chinese(text) else both_of(text, linked, words, names, index)
    if both is None:
        return linked
    span, condition = both
    blanked = text[: span.start] + " " * (span.end - span.start) + text[span.end :]
    rest = link(blanked, hints, index, today, needs=needs)
    if condition.alternatives[0].dataset not in {rest.dataset, *index.reach.get(rest.dataset, ())}:
        return linked
    return replace(rest, conditions=(*rest.conditions, condition))


def _with_states(text: str, hints: str, index: FieldIndex, today: date, needs: Collection[str]) -> Linked | None:
    """`text` with what its states mean and its exclusions as conditions; None where it has none."""
    stated = stated_in(text, hints, index, today, lambda said: link(said, "", index, today))
    if stated is None:
        return None
    linked = link(stated.text, stated.hints, index, today, needs=needs)
    added = stated.added(linked, index)
    if added is None:
        return None
    conditions = sorted((*linked.conditions, *added), key=lambda c: c.span.start)
    return replace(linked, conditions=tuple(conditions))


def _with_weekdays(text: str, hints: str, index: FieldIndex, today: date, needs: Collection[str]) -> Linked | None:
    """`text` with its days of the week as a condition; None where it has none, or no date that they are said of."""
    said = weekdays_in(text)
    if said is None:
        return None
    blanked = text[: said.span.start] + " " * (said.span.end - said.span.start) + text[said.span.end :]
    return said.added_to(link(blanked, hints, index, today, needs=needs), index)


def _with_clauses(text: str, hints: str, index: FieldIndex, today: date, needs: Collection[str]) -> Linked | None:
    """`text` without what it says of how many rows a thing has, which becomes conditions; None where it says nothing so."""
    text = _METHOD.sub(lambda told: " " * len(told[0]), text)
    words = words_of(text)
    made = {
        clause: condition
        for clause in clauses_of(text, words, name_hits(words, index), index)
        if (condition := condition_of(clause, index, lambda said: link(said, hints, index, today))) is not None
    }
    if not made:
        return None
    linked = link(taken_out(text, [*made]), hints, index, today, needs=needs)
    reach = {linked.dataset, *index.reach.get(linked.dataset, ())}
    if not {clause.one for clause in made} <= reach:
        return None
    conditions = sorted((*linked.conditions, *made.values()), key=lambda c: c.span.start)
    return replace(linked, conditions=tuple(conditions))


def _is_either(folded: Folded, conditions: Sequence[Condition]) -> bool:
    """Whether an "or" stands between conditions, and not inside one (500 or more)."""
    places = (folded.span(found.start(), found.end()).start for found in ANY.finditer(folded.text))
    return any(not any(c.span.start <= at < c.span.end for c in conditions) for at in places)


def _without_values(words: Words, values: Sequence[Hit], stretches: tuple[Stretch, ...]) -> tuple[Stretch, ...]:
    """The days that are no piece of a quoted value: "本年累计"."""
    quoted = [words.folded.span(h.start, h.end) for h in values if h.is_quoted and has_chinese(words.folded.text)]
    return tuple(
        s
        for s in stretches
        if not any(
            q.start <= s.span.start and s.span.end <= q.end and q.end - q.start > s.span.end - s.span.start
            for q in quoted
        )
    )


def _is_time(words: Words, hit: Hit, stretches: Sequence[Stretch]) -> bool:
    """A value that is only a piece of a date (2024, April)."""
    span = words.folded.span(hit.start, hit.end)
    return any(s.span.start <= span.start and span.end <= s.span.end for s in stretches)


def _is_verb(hit: Hit, names: Sequence[Hit], index: FieldIndex) -> bool:
    """上市日期, 在上海上市的公司: a state that is also what happens on a day, and no word of the state's own field beside it."""
    said = "".join(hit.words)
    if hit.is_quoted or not has_chinese(said):
        return False
    is_named = any(n.key == hit.key and 0 <= hit.start - n.end <= 3 for n in names)
    return not is_named and happens_on_a_day(said, index.catalog.datasets[hit.key[0]])


_WHEN = re.compile(r" (?:in|on|before|after|during|between|since|from|until|over|within|by)\b")


def _is_deed(words: Words, hit: Hit, stretches: Sequence[Stretch], index: FieldIndex) -> bool:
    """bills issued in 2026: what was done on a day, and no state called issued, where a column has that day."""
    text = words.folded.text
    if hit.is_quoted or len(hit.words) > 1 or not hit.words[0].endswith("ed") or not _WHEN.match(text, hit.end):
        return False
    at = words.folded.span(hit.start, hit.end).end
    is_dated = any(0 < stretch.span.start - at <= 12 or stretch.span.start == at + 1 for stretch in stretches)
    deed = said_of_days(hit.words[0])
    return is_dated and any(deed & words_of_date(item) for item in date_fields(index.catalog.datasets[hit.key[0]]))


def _likeliest(starts: Sequence[str], hits: Sequence[Hit], index: FieldIndex) -> list[str]:
    """The datasets that could explain most, were no two names on one stretch."""
    own: dict[str, float] = {}
    for hit in hits:
        own[hit.key[0]] = own.get(hit.key[0], 0.0) + weight(hit) * hit.sure * (1.15 if hit.is_dataset else 1.0)
    most = {n: own.get(n, 0.0) + sum(own.get(far, 0.0) * REACHED for far in index.reach[n]) for n in starts}
    kept = set(sorted(starts, key=lambda n: (-most[n], -own.get(n, 0.0)))[:_MOST_WEIGHED])
    return [name for name in starts if name in kept]


def _more(meant: Words, hits: Sequence[Hit], dataset: str, index: FieldIndex) -> float:
    """How much of what the short names mean the rows of a dataset explain."""
    return 0.6 * explain(meant, hits, dataset, index).score if hits else 0.0


def _tried(words: Words, hits: Sequence[Hit], index: FieldIndex, hints: str, meant: str) -> list[Explained]:
    """What the most promising datasets explain, best first."""
    defined = words_of(meant)
    behind = name_hits(defined, index) if meant else []
    named = {hit.key[0] for hit in [*hits, *behind]}
    starts = [name for name in index.catalog.datasets if name in named or named & index.reach[name].keys()]
    if len(starts) > _MOST_WEIGHED:
        starts = _likeliest(starts, [*hits, *behind], index)
    exact = {name: explain(words, hits, name, index) for name in starts}
    found = sorted(exact.values(), key=lambda e: -e.score - _more(defined, behind, e.dataset, index))
    rest = [Explained(name, (), 0.0) for name in index.catalog.datasets if name not in starts]
    tried = [*found[:_MOST_TRIED], *rest[: _MOST_TRIED if not found else 4 if len(rest) > 40 else len(rest)]]
    taken = [(cue.start, cue.end) for cue in figure_cues(words.folded)]
    near = [with_near(words, e, index, taken) for e in tried]
    if behind:
        near = [replace(e, score=e.score + _more(defined, behind, e.dataset, index)) for e in near]
    said = hints.lower()
    return sorted(
        (e for e in near if e.score > 0),
        key=lambda e: (-round(e.score, 3), e.dataset.lower() not in said, len({h.key[0] for h in e.hits}), e.dataset),
    )


class _Settled:
    """One text read in the light of its best dataset."""

    def __init__(
        self,
        text: str,
        words: Words,
        tried: list[Explained],
        every: list[Hit],
        stretches: tuple[Stretch, ...],
        index: FieldIndex,
        hints: str,
    ) -> None:
        self.hints = hints
        self.text, self.words, self.tried, self.index = text, words, tried, index
        self.every, self.stretches = every, stretches
        self.best = tried[0]
        self.hits = list(self.best.hits)

    def _is_years(self, bound: Bound) -> bool:
        """Whether a number is a year of a time that the text tells, and bounds no field that it names."""
        is_time = any(s.span.start < bound.span.end and bound.span.start < s.span.end for s in self.stretches)
        named = {hit.key for hit in self.hits if hit.is_field}
        return is_time and 1900 <= bound.value <= 2100 and bound.field is not None and bound.field not in named

    def linked(self) -> Linked:
        folded = self.words.folded
        found = find_bounds(self.words, self.hits, self.every, self.best.dataset, self.index)
        bounds = tuple(bound for bound in found if not self._is_years(bound))
        cues = figure_cues(folded)
        conditions, values = conditions_of(
            self.words,
            self.hits,
            self.every,
            self.best.dataset,
            bounds,
            self.stretches,
            self.index,
            original=self.text,
            is_loose=LOOSE.search(f"{self.hints} {self.text}") is not None,
        )
        aggregates = asked_aggregates(self.words, self.hits, cues, self.best.dataset, self.index)
        groups = asked_groups(self.words, self.hits, self.best.dataset, self.index)
        order = asked_order(self.words, self.hits, self.index, self.best.dataset, self.stretches)
        latest = latest_of(self.words, self.hits, self.index, self.best.dataset) if has_chinese(self.text) else None
        spans = [latest.span] if latest else []
        spans += [folded.span(h.start, h.end) for h in self.hits]
        spans += [c.span for c in conditions] + [b.span for b in bounds] + [s.span for s in self.stretches]
        spans += [folded.span(c.start, c.end) for c in cues] + ([order.span] if order else [])
        return Linked(
            self.text,
            tuple(self._datasets()),
            tuple(DatasetFound(h.key[0], h.sure, folded.span(h.start, h.end)) for h in self.hits if h.is_dataset),
            tuple(self._found(h) for h in self.hits if h.is_field),
            tuple(self._others()),
            values,
            conditions,
            len(conditions) == 2 and _is_either(folded, conditions),
            bounds,
            self.stretches,
            aggregates,
            groups,
            order,
            DISTINCT.search(folded.text) is not None,
            left_words(self.words, spans),
            latest,
        )

    def _datasets(self) -> list[DatasetFound]:
        found = []
        for explained in self.tried:
            hit = next((h for h in explained.hits if h.is_dataset and h.key[0] == explained.dataset), None)
            span = self.words.folded.span(hit.start, hit.end) if hit else None
            found.append(DatasetFound(explained.dataset, round(explained.score, 3), span))
        return found[:_MOST_TRIED]

    def _others(self) -> list[FieldFound]:
        known = {h.key for h in self.hits}
        others = [h for h in self.every if h.is_field and h.key not in known]
        others = sorted(others, key=lambda h: (-len(h.words), -h.sure))
        for explained in self.tried[1:4]:
            others += [h for h in explained.hits if h.is_field and h.key not in known]
        told: dict[object, Hit] = {}
        for hit in others:
            told.setdefault(hit.key, hit)
        return [self._found(hit) for hit in [*told.values()][:_MOST_TOLD]]

    def _found(self, hit: Hit) -> FieldFound:
        return FieldFound(self.words.folded.span(hit.start, hit.end), *hit.key, hit.how, round(hit.sure, 3))


__all__ = ["ValueFound", "link"]
