"""Finds dimension values in a question: 华东, 小微, Shanghai, 沪分行, 陆家嘴支行, also mistyped, and customers by name.

Holds values as stored with their aliases and answers with substrings of the question, longest first; very many names
stand in registers. Never sees a database: the caller hands only entries that the principal may see. Nothing is embedded.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from t2sql.flow import Span, ValueMention
from t2sql.grounding.values.denials import denied
from t2sql.grounding.values.lists import Place as _Found
from t2sql.grounding.values.lists import bounded, completed, of_one_kind, partners, run_on
from t2sql.grounding.values.misprints import Misprints, is_misprinted_kind
from t2sql.grounding.values.people import names_in, quoted_names
from t2sql.grounding.values.places import letters
from t2sql.grounding.values.ranges import open_ended, spanned
from t2sql.grounding.values.register import NameRegister
from t2sql.grounding.values.written import KIND, SHORT, Target, ValueEntry, without_kind, written_forms
from t2sql.grounding.words.lexicon import Lexicon, loosen
from t2sql.grounding.words.stop_words import content_before
from t2sql.grounding.words.text import Folded, fold, is_cjk

__all__ = ["ValueEntry", "ValueIndex"]
_LEAST_BEGINNING = 3
_MISPRINTED = 85.0
_PART_SCORE, _BEGINNING_SCORE = 0.85, 0.85
# Words of which a value is only a part, and which are none themselves: 保证金 is no 保证.
_LONGER = re.compile(
    r"男女(?:客户|性|士)?|保证金|信用证|信用社|信用评级|信用等级|正常化|(?:抵押|质押)[物品权率]|个人所得税|其他应[收付]"
)
_SIZES = frozenset("大中小微")
_UNIT = re.compile(r"[㐀-鿿]*(?:分行|支行)")


class ValueIndex:
    """Values of all searchable dimensions, looked up by what people write."""

    def __init__(self, lexicon: Lexicon[Target], registers: Mapping[str, NameRegister]) -> None:
        self._lexicon, self._registers = lexicon, registers
        self._misprints = Misprints(lexicon)
        members: dict[str, set[str]] = {}
        for key in lexicon:
            for target in lexicon.get(key):
                members.setdefault(target.dimension, set()).add(target.value)
        self._members = {dimension: frozenset(found) for dimension, found in members.items()}
        self._units = [key for key in lexicon if is_cjk(key[0]) and without_kind(key) != key]

    @classmethod
    def build(cls, entries: Iterable[ValueEntry], registers: Mapping[str, NameRegister] | None = None) -> ValueIndex:
        """Index values, aliases and the short forms of unit names. `registers`: dimension -> its very many values."""
        return cls(Lexicon(written_forms(entries)), registers or {})

    def __len__(self) -> int:
        return len(self._lexicon) + sum(map(len, self._registers.values()))

    def find(
        self,
        text: str | Folded,
        allowed_dimensions: Collection[str],
        skip: Collection[Span] = (),
        *,
        is_fuzzy: bool = True,
    ) -> tuple[ValueMention, ...]:
        """Values named in `text`, in its order; spans in `skip` are left alone.

        One word that is a value of two dimensions gives a mention of each, what is stored so before what an alias calls
        so. Score 1.0 for the value or an alias, 0.9 for a unit's name without its kind, less for a near miss.
        """
        folded = fold(text)
        skipped = [(span.start, span.end) for span in skip]
        hits: list[_Found] = []
        for start, end, targets in sorted(self._said(folded.text), key=lambda h: (h[0] - h[1], h[0])):
            targets = [target for target in targets if target.dimension in allowed_dimensions]
            if targets and _is_clear(start, end, hits) and _is_outside(folded, start, end, skipped):
                hits.append((start, end, _best(targets)))
        hits = [open_ended(folded.text, hit, self.members) for hit in hits]
        listed = completed(loosen(folded.text), hits, self._lexicon.get)
        listed = run_on(loosen(folded.text), bounded(loosen(folded.text), listed, self._lexicon.get), self._lexicon.get)
        listed = partners(loosen(folded.text), listed, self._beginning)
        hits = [h for h in listed if h in hits or _is_outside(folded, h[0], h[1], skipped)]
        hits = spanned(folded.text, hits, self.members)
        hits = [self._with_kind(folded.text, hit) for hit in hits]
        hits = [self._also_registered(folded.text, hit, allowed_dimensions) for hit in hits]
        if is_fuzzy:
            hits = self._with_near(folded, allowed_dimensions, hits, skipped)
        return self._mentions(
            folded, of_one_kind(loosen(folded.text), sorted(hits, key=lambda hit: hit[0]), self._alike)
        )

    def find_names(
        self, folded: Folded, allowed_dimensions: Collection[str], claimed: Collection[Span]
    ) -> tuple[ValueMention, ...]:
        """Names of people and companies in what nothing has `claimed`: 客户王一勇, 致雅丰 for the companies called so."""
        taken = [(span.start, span.end) for span in claimed]
        hits: list[_Found] = []
        for dimension, register in self._registers.items():
            if dimension in allowed_dimensions:
                for found in names_in(folded, register, taken):
                    targets = [Target(dimension, value, found.score) for value in found.values]
                    hits.append((found.start, found.end, targets))
        return self._mentions(folded, sorted(hits, key=lambda hit: hit[0]))

    def nearest(self, said: str, dimension: str, most: int, least: float = 50.0) -> tuple[str, ...]:
        """Values of `dimension` called most like `said`, the likest first; () when none is at all alike."""
        from rapidfuzz import fuzz

        best: dict[str, float] = {}
        wanted = loosen(fold(said).text)
        for key in self._lexicon:
            for target in self._lexicon.get(key):
                if target.dimension == dimension and is_cjk(key[0]) == is_cjk(wanted[0]):
                    score = fuzz.ratio(wanted, without_kind(key))
                    best[target.value] = max(best.get(target.value, 0.0), score)
        ordered = sorted((v for v in best if best[v] >= least), key=lambda v: (-best[v], v))
        return tuple(ordered[:most])

    def partly(self, said: str, most: int) -> list[Target]:
        """Values of which a written form holds `said`, begins like it, is misprinted so or is shortened to it (深分); [] where
        more than `most` are.
        """
        from rapidfuzz import fuzz

        wanted = loosen(fold(said).text).strip()
        found: dict[tuple[str, str], Target] = {}
        for key in self._lexicon if len(wanted) >= (2 if is_cjk(wanted[:1] or "a") else 4) else ():
            if is_cjk(wanted[0]):
                rest = iter(key)
                is_like = wanted in key or (key[0] == wanted[0] and all(letter in rest for letter in wanted))
            else:
                words = key.split()
                is_like = any(word.startswith(wanted) or fuzz.ratio(word, wanted) >= _MISPRINTED for word in words)
            if is_like:
                found |= {(t.dimension, t.value): replace(t, score=_PART_SCORE) for t in self._lexicon.get(key)}
        return list(found.values()) if len(found) <= most else []

    def members(self, dimension: str) -> frozenset[str]:
        """Every value of `dimension` that is known here."""
        return self._members.get(dimension, frozenset())

    def _mentions(self, folded: Folded, hits: list[_Found]) -> tuple[ValueMention, ...]:
        """The hits, in order of place, as mentions."""
        are_denied = denied(folded.text, [(start, end) for start, end, _ in hits])
        return tuple(
            ValueMention(folded.span(start, end), t.dimension, t.value, t.score, is_denied, self._is_shared(t))
            for (start, end, targets), is_denied in zip(hits, are_denied, strict=True)
            for t in targets
        )

    def _is_shared(self, target: Target) -> bool:
        register = self._registers.get(target.dimension)
        return register is not None and register.is_shared(target.value)

    def _said(self, text: str) -> Iterator[_Found]:
        """Everything in a folded text that is a value's written form, overlapping ones too."""
        longer = [m.span() for m in _LONGER.finditer(text) if not self._lexicon.get(m[0])]
        words = [h for h in self._lexicon.all_hits(text) if not any(a <= h.start and h.end <= b for a, b in longer)]
        yield from ((hit.start, hit.end, list(hit.things)) for hit in words)
        for letter in letters(text, lambda name: bool(self._lexicon.get(name))):
            # 京 of 南京三家 is a letter of that name, and no place of its own.
            if not any(hit.start < letter.start < hit.end for hit in words):
                yield letter.start, letter.end, list(self._lexicon.get(letter.written))
        for dimension, register in self._registers.items():
            for found in (*quoted_names(loosen(text), register), *register.find(text)):
                if found.is_company and found.score >= SHORT:
                    yield found.start, found.end, [Target(dimension, v, found.score) for v in found.values]
        yield from self._parts(text)

    def _parts(self, text: str) -> Iterator[_Found]:
        """园区支行 for 工业园区支行: the end of one unit's name alone."""
        for unit in _UNIT.finditer(text):
            said = content_before(unit[0])
            stem = without_kind(said)
            if len(stem) >= 2 and not self._lexicon.get(said):
                keys = [key for key in self._units if key.endswith(said)]
                if len(keys) == 1:
                    targets = [replace(t, score=_PART_SCORE) for t in self._lexicon.get(keys[0])]
                    yield unit.end() - len(said), unit.end(), targets

    def _with_kind(self, text: str, hit: _Found) -> _Found:
        """上海分航, 厦门行分: a short form and its kind, misprinted."""
        start, end, targets = hit
        for target in targets:
            kind = KIND.search(target.value)
            if (
                target.score == SHORT
                and kind
                and len(kind[0]) > 1
                and is_misprinted_kind(kind[0], text[end : end + len(kind[0])])
            ):
                whole = end + len(kind[0])
                same = [t for t in targets if t.value.endswith(kind[0])]
                return start, whole, [replace(t, score=_PART_SCORE) for t in same]
        return hit

    def _beginning(self, word: str) -> list[Target]:
        """Values of which a written form begins with an English word."""
        return [
            replace(t, score=SHORT)
            for key in self._lexicon
            if key.startswith(word + " ")
            for t in self._lexicon.get(key)
        ]

    def _alike(self, word: str) -> list[Target]:
        """Values of which a written form is an English word and more letters."""
        return [t for key in self._lexicon if key.startswith(word) and " " not in key for t in self._lexicon.get(key)]

    def _also_registered(self, text: str, hit: _Found, allowed: Collection[str]) -> _Found:
        """陆家嘴 is a unit's short name, and how a few customers' names begin; 上海分行 may be a customer's whole name too."""
        start, end, targets = hit
        said = loosen(text[start:end])
        more: list[Target] = []
        for dimension, register in self._registers.items():
            if dimension not in allowed or any(t.dimension == dimension for t in targets):
                continue
            if (
                len(said) >= _LEAST_BEGINNING
                and is_cjk(said[0])
                and all(t.score == SHORT for t in targets)
                and len(targets) == 1
            ):
                more += [Target(dimension, value, _BEGINNING_SCORE) for value in register.beginning(said)]
            elif KIND.search(said):
                more += [
                    Target(dimension, v, f.score)
                    for f in register.find(said)
                    if (f.start, f.end, f.score) == (0, len(said), 1.0)
                    for v in f.values
                ]
        return start, end, targets + more

    def _with_near(
        self, folded: Folded, allowed: Collection[str], hits: list[_Found], skipped: list[tuple[int, int]]
    ) -> list[_Found]:
        """`hits` and mistyped values in what they leave; a misprinted name may cover a short one inside it."""

        def is_open(start: int, end: int, key: str) -> bool:
            inner = [h for h in hits if h[0] < end and start < h[1]]
            is_free = all(start <= h[0] and h[1] <= end and h[1] - h[0] <= (end - start) // 2 for h in inner)
            # 中小企业 is no misprint of 小微企业.
            are_alike = {c for c in folded.text[start:end] if c in _SIZES} == {c for c in key if c in _SIZES}
            return (
                is_free
                and are_alike
                and _is_outside(folded, start, end, skipped)
                and any(t.dimension in allowed for t in self._lexicon.get(key))
            )

        for near in self._misprints.find(loosen(folded.text), is_open):
            targets = [
                replace(t, score=round(near.score * t.score, 3))
                for t in self._lexicon.get(near.key)
                if t.dimension in allowed
            ]
            hits = [hit for hit in hits if hit[1] <= near.start or near.end <= hit[0]]
            hits.append((near.start, near.end, _best(targets)))
        return hits


def _is_clear(start: int, end: int, hits: Iterable[_Found]) -> bool:
    return all(end <= first or last <= start for first, last, _ in hits)


def _is_outside(folded: Folded, start: int, end: int, spans: Iterable[tuple[int, int]]) -> bool:
    span = folded.span(start, end)
    return all(span.end <= first or last <= span.start for first, last in spans)


def _best(targets: list[Target]) -> list[Target]:
    """One target a dimension and value; within a dimension a full name hides other units' short forms."""
    top: dict[str, float] = {}
    for target in targets:
        top[target.dimension] = max(top.get(target.dimension, 0.0), target.score)
    kept = dict.fromkeys((t.dimension, t.value) for t in targets if t.score == top[t.dimension])
    stored = {(t.dimension, t.value) for t in targets if t.score == top[t.dimension] and not t.is_alias}
    best = [Target(d, v, top[d], (d, v) not in stored) for d, v in kept]
    return sorted(best, key=lambda target: target.is_alias)
