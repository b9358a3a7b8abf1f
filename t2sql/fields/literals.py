"""Names in a text that no list of values holds: in quotes, after "named", or written with a capital beside their table.

Taken as they were written, and less sure than a value that is stored. Never looks at data beyond the index.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from t2sql.fields.cues import NEGATED
from t2sql.fields.forms import name_form
from t2sql.fields.hits import QUOTED, Hit, Words
from t2sql.fields.index import FieldIndex, Key
from t2sql.fields.linked import Alternative, Condition, ValueFound
from t2sql.fields.roles import is_text, label_fields
from t2sql.fields.writing import equals, literal_for, qualified, resembles, text_literal
from t2sql.flow import Span

_STARTS = re.compile(r"(?:start(?:s|ing)?|begin(?:s|ning)?) with (?:the )?(?:letters? |prefix |word )?$|以$")
_ENDS = re.compile(r"(?:end(?:s|ing)?) (?:with|in) (?:the )?(?:letters? |suffix |word )?$")
_HOLDS = re.compile(
    r"(?:contain(?:s|ing)?|includ(?:es|ing)|ha(?:s|ve|ving)|with|like|包含|含有?)(?: the)?(?: (?:word|letters?|text|string|substring|phrase))?\s*$"
)
_IN_ITS = re.compile(r"\s*(?:in|as|for) (?:the |their |its |his |her )?")
_OF_THEM = re.compile(r" (?:of |called |named |with the name |whose name is |by the name of )?(?:the )?")
_NAMED = re.compile(r"\b(?:named|called|whose name is|by the name of|with the name|name is)\s+$", re.IGNORECASE)
_PROPER = re.compile(r"\b[A-Z][\w’'-]+(?: (?:[A-Z][\w’'-]*|of|de|&))*")


class Surroundings:
    """What stands around a condition in one text."""

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

    def _is_one_of(self, key: Key, stored: list[str], is_negated: bool, sure: float) -> list[Alternative]:
        item, name = self.index.field(key), qualified(*key)
        exact = Alternative(
            equals(name, [literal_for(item, v) for v in dict.fromkeys(stored)], is_negated=is_negated), key[0], sure
        )
        if not self.is_loose or not is_text(item) or len(set(stored)) > 1:
            return [exact]
        return [Alternative(resembles(name, f"%{stored[0]}%", is_negated=is_negated), key[0], sure), exact]

    def _is_negated(self, start: int) -> bool:
        return NEGATED.search(self.text[max(0, start - 24) : start]) is not None

    def _made(self, made: list[Alternative], span: Span, keys: list[Key], said: str) -> Condition | None:
        if not made:
            return None
        self.values.append(ValueFound(span, *keys[0], said, "quoted", made[0].sure))
        return Condition(span, tuple(made))


class Literals(Surroundings):
    """Conditions by names that nobody listed."""

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
