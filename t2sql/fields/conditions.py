"""What a text limits the rows to, as conditions of semantic SQL with what each may mean, best first.

A value that stands in several fields gives an alternative each; a name that nobody listed is taken as it was written. Days
are absolute. A condition that is not said is never made.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from t2sql.fields.cues import NEGATED, RATIO
from t2sql.fields.hits import QUOTED, Hit, Words
from t2sql.fields.index import FieldIndex, Key, name_form
from t2sql.fields.linked import Alternative, Bound, Condition, Stretch, ValueFound
from t2sql.fields.roles import (
    date_fields,
    is_date,
    is_flag,
    is_technical,
    is_text,
    label_fields,
    month_value,
    part_field,
    said_of_days,
    words_of_date,
    year_fields,
)
from t2sql.fields.writing import (
    bounded,
    equals,
    literal_for,
    qualified,
    resembles,
    text_literal,
    within_days,
    within_numbers,
)
from t2sql.flow import Span

_CLAUSE = re.compile(r"[，。;；？?！!,]")
_STARTS = re.compile(r"(?:start(?:s|ing)?|begin(?:s|ning)?) with (?:the )?(?:letters? |prefix |word )?$|以$")
_ENDS = re.compile(r"(?:end(?:s|ing)?) (?:with|in) (?:the )?(?:letters? |suffix |word )?$")
_HOLDS = re.compile(
    r"(?:contain(?:s|ing)?|includ(?:es|ing)|ha(?:s|ve|ving)|with|like|包含|含有?)(?: the)?(?: (?:word|letters?|text|string|substring|phrase))?\s*$"
)
_IN_ITS = re.compile(r"\s*(?:in|as|for) (?:the |their |its |his |her )?")
_OF_THEM = re.compile(r" (?:of |called |named |with the name |whose name is |by the name of )?(?:the )?")
_NAMED = re.compile(r"\b(?:named|called|whose name is|by the name of|with the name|name is)\s+$", re.IGNORECASE)
_PROPER = re.compile(r"\b[A-Z][\w’'-]+(?: (?:[A-Z][\w’'-]*|of|de|&))*")
LOOSE = re.compile(r"\bilike\b|wildcard|partial match|case[- ]insensitiv|fuzzy|模糊", re.IGNORECASE)


def conditions_of(
    words: Words,
    hits: Sequence[Hit],
    every: Sequence[Hit],
    dataset: str,
    bounds: Sequence[Bound],
    stretches: Sequence[Stretch],
    index: FieldIndex,
    *,
    original: str = "",
    is_loose: bool = False,
) -> tuple[tuple[Condition, ...], tuple[ValueFound, ...]]:
    """Conditions in the order of the text, and the values that they name."""
    making = _Making(words, hits, every, dataset, index, original, is_loose)
    found = [*making.of_values(), *making.of_literals(), *making.of_flags()]
    found += [*making.of_bounds(bounds), *making.of_stretches(stretches)]
    if RATIO.search(words.folded.text) or _CONTRARY.search(words.folded.text):
        found = [*_apart(found)]
    return tuple(sorted(found, key=lambda c: c.span.start)), tuple(making.values)


_CONTRARY = re.compile(r"\bratio\b|\bcompared? (?:to|with)\b|\bversus\b|\bvs\b|\bdifference between\b|占比|相比|之比")


def _apart(found: Sequence[Condition]) -> Iterator[Condition]:
    """Conditions on one field that a comparison sets against each other are no conditions of all rows."""
    names = [re.split(r" (?:NOT |IN |ILIKE |BETWEEN |[=<>])", c.alternatives[0].sql)[0] for c in found]
    for condition, name in zip(found, names, strict=True):
        is_whole = names.count(name) == 1 and " IN (" not in condition.alternatives[0].sql
        yield (
            condition
            if is_whole
            else replace(
                condition, alternatives=tuple(replace(a, sure=min(a.sure, 0.4)) for a in condition.alternatives)
            )
        )


class _Making:
    def __init__(
        self,
        words: Words,
        hits: Sequence[Hit],
        every: Sequence[Hit],
        dataset: str,
        index: FieldIndex,
        original: str,
        is_loose: bool,
    ) -> None:
        self.words, self.hits, self.every = words, list(hits), list(every)
        self.dataset, self.index, self.original, self.is_loose = dataset, index, original, is_loose
        self.text = words.folded.text
        self.values: list[ValueFound] = []

    # -- values that are stored ---------------------------------------------------------------------------------
    def of_values(self) -> Iterator[Condition]:
        """Stored values; those of one field together."""
        by_field: dict[tuple[Key, bool], list[Hit]] = {}
        for hit in self.hits:
            if hit.value is not None and not self._is_everywhere(hit):
                is_negated = self._is_negated(hit.start)
                by_field.setdefault((hit.key, is_negated), []).append(hit)
        for (key, is_negated), found in by_field.items():
            for hit in found:
                self.values.append(
                    ValueFound(
                        self.words.folded.span(hit.start, hit.end), *key, str(hit.value), "exact", 1.0, is_negated
                    )
                )
            keys = [key, *self._other_keys(found, key)]
            keys = sorted(keys, key=lambda k: not self._is_said_of(found[0].start, k))
            alternatives = []
            for place, other in enumerate(keys):
                stored = [self._stored(hit, other) for hit in found]
                if None not in stored:
                    sure = 0.95 if place == 0 and len(keys) == 1 else 0.9 if place == 0 else 0.5
                    alternatives += self._is_one_of(other, [str(v) for v in stored], is_negated, sure)
            yield Condition(self.words.folded.span(found[0].start, found[-1].end), tuple(alternatives))

    def _is_everywhere(self, hit: Hit) -> bool:
        """全国各省市: no value, but each of them."""
        return hit.value == "全国" and self.text[hit.end : hit.end + 1] in ("各", "每")

    def _is_one_of(self, key: Key, stored: list[str], is_negated: bool, sure: float) -> list[Alternative]:
        item, name = self.index.field(key), qualified(*key)
        exact = Alternative(
            equals(name, [literal_for(item, v) for v in dict.fromkeys(stored)], is_negated=is_negated), key[0], sure
        )
        if not self.is_loose or not is_text(item) or len(set(stored)) > 1:
            return [exact]
        return [Alternative(resembles(name, f"%{stored[0]}%", is_negated=is_negated), key[0], sure), exact]

    def _other_keys(self, found: list[Hit], key: Key) -> list[Key]:
        """Other fields that hold the same, of this dataset, of what it reaches, then of what reaches it."""
        first = found[0]
        same = [h for h in self.every if h.value is not None and (h.start, h.end) == (first.start, first.end)]
        reach = self.index.reach

        def far(other: Key) -> int:
            if other[0] == self.dataset:
                return 0
            return reach[self.dataset].get(other[0], 9)

        others = {h.key for h in same if h.key != key}
        usable = [k for k in others if far(k) < 9 or self.dataset in reach[k[0]]]
        return sorted(usable, key=lambda k: (far(k), k))[:4]

    def _is_said_of(self, start: int, key: Key) -> bool:
        """the state of California: the field is named right before its value."""
        return any(h.key == key and h.is_field and 0 < start - h.end <= 5 and h.sure >= 0.5 for h in self.every)

    def _stored(self, hit: Hit, key: Key) -> str | None:
        """The hit's words as `key` stores them."""
        if key == hit.key:
            return hit.value
        return next(
            (h.value for h in self.every if h.key == key and (h.start, h.end) == (hit.start, hit.end) and h.value), None
        )

    def _is_negated(self, start: int) -> bool:
        return NEGATED.search(self.text[max(0, start - 24) : start]) is not None

    # -- names that nobody listed -------------------------------------------------------------------------------
    def of_literals(self) -> Iterator[Condition]:
        """Texts in quotes, and names after "named", that are no stored value."""
        taken = [(h.start, h.end) for h in self.hits if h.value is not None]
        for match in QUOTED.finditer(self.text):
            inside = (match[1] or match[2] or "").strip()
            if not inside or any(a < match.end() and match.start() < b for a, b in taken):
                continue
            span = self.words.folded.span(match.start(1) if match[1] else match.start(2), match.end() - 1)
            whole = self.words.folded.span(*match.span())
            said = self.original[span.start : span.end].strip() if self.original else inside
            condition = self._literal(match.start(), match.end(), said, whole)
            if condition is not None:
                yield condition
        if self.original:
            yield from self._proper(taken)

    def _literal(self, start: int, end: int, said: str, span: Span) -> Condition | None:
        before = self.text[max(0, start - 40) : start]
        key = self._field_beside(start, end)
        is_negated = self._is_negated(start)
        for pattern, shape in ((_STARTS, "{}%"), (_ENDS, "%{}"), (_HOLDS, "%{}%")):
            if pattern.search(before):
                keys = [key] if key else self._label_keys()
                made = [
                    Alternative(resembles(qualified(*k), shape.format(said), is_negated=is_negated), k[0], 0.85)
                    for k in keys
                ]
                return self._made(made, span, keys, said)
        stored = [h for h in self.every if h.value is not None and start <= h.start and h.end <= end]
        linked = [h for h in stored if self.dataset in self.index.reach[h.key[0]]]
        if linked:
            # What the rows reach only to-many: the compiler keeps those that have one such.
            made = [a for h in linked for a in self._is_one_of(h.key, [str(h.value)], is_negated, 0.7)]
            return self._made(made, span, [h.key for h in linked], said)
        beside = self._beside_table(start, end)
        keys = list(dict.fromkeys([*beside, *([key] if key else []), *self._fragment_keys(said), *self._label_keys()]))[
            :3
        ]
        key = keys[0] if beside else key
        made = []
        for k in keys:
            name = qualified(*k)
            exact = Alternative(
                equals(name, [text_literal(said)], is_negated=is_negated), k[0], 0.6 if k == key else 0.4
            )
            near = Alternative(resembles(name, f"%{said}%", is_negated=is_negated), k[0], 0.6 if k == key else 0.4)
            is_part = k in self._fragment_keys(said)
            made += [near, exact] if self.is_loose or is_part else [exact, near]
        return self._made(made, span, keys, said)

    def _made(self, made: list[Alternative], span: Span, keys: list[Key], said: str) -> Condition | None:
        if not made:
            return None
        self.values.append(ValueFound(span, *keys[0], said, "quoted", made[0].sure))
        return Condition(span, tuple(made))

    def _field_beside(self, start: int, end: int) -> Key | None:
        """The field of words that was named last before a literal."""
        texts = [h for h in self.hits if h.is_field and is_text(self.index.field(h.key))]
        inside = _IN_ITS.match(self.text, end)
        owner = [h for h in texts if inside is not None and h.start == inside.end()]
        if owner:
            return owner[0].key
        named = [h for h in texts if h.end <= start]
        if named and start - named[-1].end <= 40:
            return named[-1].key
        after = [h for h in texts if 0 <= h.start - end <= 2]
        return after[0].key if after else None

    def _beside_table(self, start: int, end: int) -> list[Key]:
        """The labels of the dataset named right beside a literal: the 'Sociology' domain, users with the name 'X'."""
        reach = {self.dataset, *self.index.reach[self.dataset]}
        tables = [h for h in self.every if h.is_dataset and h.sure >= 0.8 and h.key[0] in reach]
        near = [
            h
            for h in tables
            if 0 <= h.start - end <= 2 or (0 < start - h.end <= 16 and _OF_THEM.fullmatch(self.text[h.end : start]))
        ]
        labels = [(h.key[0], f) for h in near[:1] for f in label_fields(self.index.catalog.datasets[h.key[0]])]
        return [(name, item.name) for name, item in labels if is_text(item)]

    def _label_keys(self) -> list[Key]:
        """The fields that tell the things named in the text, the nearest dataset's first."""
        named = [h.key[0] for h in self.hits if h.is_dataset]
        datasets = dict.fromkeys([*named, self.dataset])
        labels = ((name, label_fields(self.index.catalog.datasets[name])) for name in datasets)
        return [(name, item.name) for name, items in labels for item in items if is_text(item)]

    def _fragment_keys(self, said: str) -> list[Key]:
        """Fields with a stored value that holds these words."""
        reach = self.index.reach
        low = said.lower()
        near = [
            k
            for k in self.index.stored
            if k[0] == self.dataset or k[0] in reach[self.dataset] or self.dataset in reach[k[0]]
        ]
        return [key for key in near if any(low in v.lower() for v in self.index.stored[key])]

    def _proper(self, taken: list[tuple[int, int]]) -> Iterator[Condition]:
        """the patient Alice, users named Sarah Williams."""
        covered = [(h.start, h.end) for h in self.hits] + [m.span() for m in QUOTED.finditer(self.text)]
        for match in _PROPER.finditer(self.original):
            start, end = match.span()
            parts = self._fragment_keys(match[0]) if " " in match[0] else []
            if start and parts and not any(a < end and start < b for a, b in [*covered, *taken]):
                made = [Alternative(resembles(qualified(*k), f"%{match[0]}%"), k[0], 0.7) for k in parts[:3]]
                condition = self._made(made, Span(start, end), parts, match[0])
                if condition is not None:
                    yield condition
                continue
            if start == 0 or any(a < end and start < b for a, b in [*covered, *taken]):
                continue
            if not match[0][1:2].islower() or self.index.names.get(name_form(match[0])):
                continue
            before = self.original[:start]
            table = next((h for h in self.hits if h.is_dataset and 0 < start - h.end <= 1), None)
            if not _NAMED.search(before) and table is None:
                continue
            labels = label_fields(self.index.catalog.datasets[table.key[0]]) if table else []
            keys = [(table.key[0], f.name) for f in labels if is_text(f)] if table else self._label_keys()
            if not keys:
                continue
            pieces = match[0].split()
            if len(keys) >= 2 and keys[0][0] == keys[1][0] and len(pieces) == 2:
                both = [equals(qualified(*k), [text_literal(p)]) for k, p in zip(keys, pieces, strict=False)]
                made = [Alternative(" AND ".join(both), keys[0][0], 0.7)]
            else:
                made = [Alternative(equals(qualified(*k), [text_literal(match[0])]), k[0], 0.6) for k in keys[:2]]
                made.append(Alternative(resembles(qualified(*keys[0]), f"%{match[0]}%"), keys[0][0], 0.5))
            condition = self._made(made, Span(start, end), keys, match[0])
            if condition is not None:
                yield condition

    # -- yes or no ----------------------------------------------------------------------------------------------
    def of_flags(self) -> Iterator[Condition]:
        """A field of yes or no that the text says of the rows."""
        seen: set[Key] = set()
        for hit in self.hits:
            if not hit.is_field or hit.sure < 0.7 or hit.key in seen:
                continue
            seen.add(hit.key)
            item = self.index.field(hit.key)
            if not is_flag(item):
                continue
            is_true = not self._is_negated(hit.start)
            value = ("TRUE" if is_true else "FALSE") if item.type == "boolean" else str(int(is_true))
            said = Alternative(equals(qualified(*hit.key), [value]), hit.key[0], 0.6)
            yield Condition(self.words.folded.span(hit.start, hit.end), (said,))

    # -- numbers and days ---------------------------------------------------------------------------------------
    def of_bounds(self, bounds: Sequence[Bound]) -> Iterator[Condition]:
        """Numbers beside a field."""
        for bound in bounds:
            if bound.field is not None:
                sql = bounded(qualified(*bound.field), bound.operator, bound.value, bound.upper)
                yield Condition(bound.span, (Alternative(sql, bound.field[0], 0.85),))

    def of_stretches(self, stretches: Sequence[Stretch]) -> Iterator[Condition]:
        """Days, in the field of days that they are said of."""
        for stretch in stretches:
            found = [self._of_days(key, stretch, sure) for key, sure in self._date_keys(stretch)]
            alternatives = tuple(a for a in found if a is not None)
            if alternatives:
                yield Condition(stretch.span, alternatives)

    def _date_keys(self, stretch: Stretch) -> list[tuple[Key, float]]:
        reach = self.index.reach[self.dataset]
        datasets = [self.dataset, *sorted(reach, key=lambda n: (reach[n], n))]
        at = next((i for i, start in enumerate(self.words.folded.starts) if start >= stretch.span.start), 0)
        found: dict[Key, float] = {}
        said = said_of_days(self.text[max(0, at - 48) : at])
        for name in datasets:
            for item in [
                *date_fields(self.index.catalog.datasets[name]),
                *year_fields(self.index.catalog.datasets[name]),
            ]:
                if said & words_of_date(item) and not is_technical(item):
                    found.setdefault((name, item.name), 0.9 if name == self.dataset else 0.85)
        for hit in self.hits:
            is_near = abs(self.words.folded.starts[hit.start] - stretch.span.start) <= 30
            if hit.is_field and is_near and hit.sure >= 0.75 and is_date(self.index.field(hit.key)):
                if not _CLAUSE.search(self.text[min(hit.end, at) : max(hit.end, at)]):
                    found.setdefault(hit.key, 0.9)
        dates = date_fields(self.index.catalog.datasets[self.dataset])
        for place, item in enumerate(dates):
            found.setdefault((self.dataset, item.name), 0.9 if place == 0 and len(dates) == 1 else 0.75 - 0.1 * place)
        for item in year_fields(self.index.catalog.datasets[self.dataset]):
            found.setdefault((self.dataset, item.name), 0.88 if not dates else 0.5)
        for name in datasets[1:]:
            other = self.index.catalog.datasets[name]
            for item in [*date_fields(other)[:1], *year_fields(other)[:1]]:
                found.setdefault((name, item.name), 0.6 if not found else 0.3)
        plain = {key: sure for key, sure in found.items() if not is_technical(self.index.field(key))}
        return sorted((plain or found).items(), key=lambda pair: -pair[1])[:4]

    def _of_days(self, key: Key, stretch: Stretch, sure: float) -> Alternative | None:
        item, name = self.index.field(key), qualified(*key)
        if is_date(item):
            return Alternative(within_days(name, stretch.first, stretch.last), key[0], sure)
        if stretch.grain == "year":
            first = stretch.first.year if stretch.first else None
            last = stretch.last.year if stretch.last else None
            return Alternative(within_numbers(name, first, last, is_text=is_text(item)), key[0], sure)
        months = part_field(self.index.catalog.datasets[key[0]], "month")
        if stretch.grain == "month" and months is not None and stretch.first and stretch.last:
            if (stretch.first.year, stretch.first.month) != (stretch.last.year, stretch.last.month):
                return None
            month_key = (key[0], months.name)
            stored = month_value(self.index, month_key, stretch.first.month) or str(stretch.first.month)
            month = equals(qualified(*month_key), [literal_for(months, stored)])
            year = within_numbers(name, stretch.first.year, stretch.first.year, is_text=is_text(item))
            return Alternative(f"{year} AND {month}", key[0], sure)
        return None
