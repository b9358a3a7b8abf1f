"""Names of a catalog said in other words: "bad debt rate", 今年投了多少贷款, "loans in arrears", 每网点揽了多少存款.

A name is found where the text says each of its concepts, nothing else of its own between them, and is about the same
head: deposits of customers are deposits, customers with deposits are customers. Never guesses: a measure that stands
right beside and is not part of the name (churn *rate*) forbids it.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from t2sql.grounding.names.called import MadeOf, Named
from t2sql.grounding.names.phrasing import (
    against,
    canonical,
    is_gap,
    is_set_against,
    is_topic,
    simpler,
)
from t2sql.grounding.names.sayings import Sayings, choices
from t2sql.grounding.words.lexicon import loosen
from t2sql.grounding.words.text import is_cjk
from t2sql.grounding.words.thesaurus import LIGHT, MEASURE, QUALITY, THING, Said, Token

MOST_TOKENS = 7
_LISTED = re.compile(r"(?:[、,]|和|与|及|以及|\band\b) ?(?:the )?$")
# A part of something is a share of it, not the ratio that bears its name, unless what it is a part of is said too.
_PART_OF = re.compile(
    r"\b(?:share|percentage|proportion|fraction|per ?cent|%) of\b|[中里内]的?(?:占比|比例|比重|百分比)"
)
_IN_PARTS = re.compile(r"(?:占(?:全部|所有|总)?|\bas an? )$")
_OF_NUMBER = re.compile(r"\d ?$")
_PER_CENT = frozenset(("%", "percent", "per cent"))
_GROUPING = re.compile(r"(?:[按分各](?!行$)|每一?个|按照|\b(?:by|per|each|every|across|and by)) ?$")
# Measures of what is grouped by, which cut no metric's name off.
_OF_GROUPS = frozenset(("type", "grade", "band", "name", "date"))


@dataclass(frozen=True, slots=True)
class Paraphrase:
    """A name found in other words; offsets into the folded text."""

    start: int
    end: int
    names: tuple[str, ...]
    """More than one where the words say several equally well."""
    is_several: bool
    """Whether two concepts or more say it."""


class Paraphrases(Sayings):
    """Every name of a catalog as the concepts it is made of, found in texts."""

    def __init__(self, named: Iterable[Named], made_of: Iterable[MadeOf] = (), *, prefers_short: bool = False) -> None:
        """`prefers_short`: of two stretches that say the same, whether the shorter one is the name."""
        super().__init__(named, made_of)
        self._longer = 1 if prefers_short else -1

    def tokens(self, text: str) -> list[Token]:
        """What a folded text says, in its order."""
        return self.thesaurus.tokens(loosen(text))

    def is_term(self, word: str) -> bool:
        """Whether a folded word, or a part of a Chinese one, says something."""
        return bool(self.thesaurus.tokens(word))

    def find(
        self, text: str, through: Sequence[tuple[int, int]] = (), exact: Sequence[tuple[int, int]] = ()
    ) -> tuple[Paraphrase, ...]:
        """Names in a folded text, none overlapping: those that say most first, then the closest. `through`: stretches
        that may stand between (a value, a period). `exact`: names said word for word, which no comma joins to anything.
        """
        text = loosen(text)
        tokens = self.thesaurus.tokens(text)
        found: list[tuple[int, int, int, int, tuple[str, ...]]] = []
        for first in range(len(tokens)):
            set_against = 0
            if (
                _OF_NUMBER.search(text[: tokens[first].start])
                and text[tokens[first].start : tokens[first].end] in _PER_CENT
            ):
                # "under 200% on provision coverage": the sign belongs to its number.
                continue
            for last in range(first, min(first + MOST_TOKENS, len(tokens))):
                window = tokens[first : last + 1]
                joined = last == first or is_gap(text, tokens[last - 1].end, tokens[last].start, through)
                against_other = not joined and is_set_against(text, window)
                set_against += against_other
                if not joined and not against_other and not is_topic(text, window, exact):
                    break
                if any(self._qualifies(text, *pair) for pair in itertools.pairwise(tokens[first : last + 2])):
                    continue
                if self._is_cut(tokens, first, last, text) or self._is_part(window, text):
                    continue
                names, size = self._called(text, window)
                if set_against:
                    names = tuple(name for name in names if name in self._of_two)
                if names:
                    found.append(
                        (-size, self._longer * len(window), window[-1].end - window[0].start, window[0].start, names)
                    )
        kept: list[Paraphrase] = []
        for size, _, length, start, names in sorted(found):
            if all(start + length <= k.start or k.end <= start for k in kept):
                kept.append(Paraphrase(start, start + length, names, size < -1))
        return tuple(sorted(kept, key=lambda k: k.start))

    def find_halves(
        self, text: str, taken: Sequence[tuple[int, int]], *, is_listed: bool = False
    ) -> tuple[Paraphrase, ...]:
        """Words that ask for a grouping and are only the half of its name, whose other half the text says elsewhere: by term
        of loans, 分类型 after fees; with `is_listed` those that end a list of measures: 放款金额、笔均. Outside `taken`; only
        where one name fits.
        """
        cue = _LISTED if is_listed else _GROUPING
        text = loosen(text)
        tokens = self.thesaurus.tokens(text)
        known = frozenset(concept for token in tokens for said in token.said for concept in said)
        found: list[Paraphrase] = []
        for token in tokens:
            is_free = all(token.end <= start or end <= token.start for start, end in taken)
            if is_listed and ("per_outlet",) in token.said:
                # "in Suzhou and Ningbo, per branch" makes a row of each, and no average.
                continue
            if not is_free or not cue.search(text[: token.start]) or (is_listed and not self._is_measure(token)):
                continue
            sizes: dict[str, int] = {}
            for name, wholes in self._said.items():
                for whole, part in itertools.product(wholes, token.said):
                    if set(part) < whole and whole - set(part) <= known:
                        sizes[name] = max(sizes.get(name, 0), len(whole))
            fullest = [name for name, size in sizes.items() if size == max(sizes.values())]
            if len(fullest) == 1:
                found.append(Paraphrase(token.start, token.end, tuple(fullest), False))
        return tuple(found)

    def words_for(self, text: str, saying: Collection[Said]) -> list[tuple[int, int, Said]]:
        """(start, end, what it says) of the words of a folded text that may say one of `saying`."""
        tokens = self.thesaurus.tokens(loosen(text))
        return [(t.start, t.end, said) for t in tokens for said in t.said if said in saying]

    def _called(self, text: str, window: Sequence[Token]) -> tuple[tuple[str, ...], int]:
        """(names, how many concepts they say)."""
        found: dict[str, None] = {}
        size = 0
        for said in choices(window):
            concepts = canonical(
                [*(c for part in said for c in part), *against(text, window, lambda t: THING in self._kinds_of(t))]
            )
            called: dict[str, None] = {}
            for fewer, only_money in simpler(concepts):
                head = self._head(text, window, said, fewer)
                whole = self._names.get((fewer, head), {})
                called = {n: None for n in whole if n in self._money or not only_money}
                if called:
                    break
            else:
                # Three things said at once leave little to what the phrase is about; deeds alone are about nothing.
                least = 3 if any(self.thesaurus.kind(c) == THING for c in concepts) else 2
                wholes = ((self._whole.get(s, {}), money) for s, money in simpler(concepts) if len(s) >= least)
                likely = next((w for w, money in wholes if len(w) == 1 and (not money or w.keys() <= self._money)), {})
                called = dict(likely)
            if len(called) > 1:
                called = {n: None for n in called if (concepts, n) in self._called_first} or called
            found |= called
            size = max(size, len(concepts) if called else 0)
        if len(found) > 1 and any(c in ("amount", "balance") for c in concepts):
            found = {name: None for name in found if name in self._money} or found
        if size == 1:
            # One word is too little to be taken for a word of the other language.
            is_ascii = text[window[0].start : window[-1].end].isascii()
            concepts = next(iter(canonical(c for part in said for c in part) for said in choices(window)))
            is_thing = all(self.thesaurus.kind(c) == THING for c in concepts)
            found = {
                n: None
                for n in found
                if is_ascii in self._scripts.get((concepts, n), ()) or (is_thing and n in self._money)
            }
        return (tuple(found), size) if size > 1 or len(found) == 1 else ((), 0)

    def _is_cut(self, tokens: Sequence[Token], first: int, last: int, text: str) -> bool:
        """Whether a measure or a count touches the window from outside."""
        beside = []
        if first and not text[tokens[first - 1].end : tokens[first].start].strip():
            # 固定利率贷款: a Chinese measure is of what stands before it.
            before = {concept for said in tokens[first - 1].said for concept in said}
            if not is_cjk(text[tokens[first].start - 1]) or before & {"count", "average"}:
                beside.append(tokens[first - 1])
        if last + 1 < len(tokens) and not text[tokens[last].end : tokens[last + 1].start].strip():
            beside.append(tokens[last + 1])
        if text[tokens[last].start : tokens[last].end] == "占":
            return True
        return any(self._measures(token) for token in beside)

    def _qualifies(self, text: str, one: Token, other: Token) -> bool:
        """Whether a rate says of what kind the thing right after it is: 固定利率贷款 is no rate."""
        is_rate = one.end == other.start and is_cjk(text[other.start]) and any("rate" in said for said in one.said)
        return is_rate and THING in self._kinds_of(other)

    def _is_part(self, window: Sequence[Token], text: str) -> bool:
        """Whether the window tells a part of its own noun: 占不良的比例, "share of deposits"."""
        if not any(("ratio",) in token.said for token in window):
            return False
        start, end = window[0].start, window[-1].end
        if text[start] == "占":
            return True
        things = [t for t in window if self._kinds_of(t) & {THING, QUALITY}]
        if part := _PART_OF.search(text, start, end):
            after = [t for t in things if t.start >= part.end()]
            if part.start() > start or len(after) < 2:
                return part.start() == start
            first, second = (self._kinds_of(t) for t in after[:2])
            return first == {QUALITY} or (QUALITY not in second and text[after[0].end : after[1].start] == " ")
        return bool(_IN_PARTS.search(text[:start]))

    def _is_measure(self, token: Token) -> bool:
        concepts = {concept for said in token.said for concept in said}
        return self._kinds_of(token) <= {LIGHT, MEASURE} and not concepts <= {"amount", "balance", "total"}

    def _kinds_of(self, token: Token) -> set[str]:
        return {self.thesaurus.kind(concept) for said in token.said for concept in said}

    def is_within_another(self, text: str, start: int, end: int, name: str) -> bool:
        """Whether text[start:end], found as a name, is only a part of a term that says something else: 净利 in 净利差."""
        known = self.concepts_of(name)
        return any(
            t.start <= start
            and end <= t.end
            and end - start < t.end - t.start
            and not any(set(s) & known for s in t.said)
            for t in self.thesaurus.tokens(loosen(text))
        )

    def _measures(self, token: Token) -> bool:
        concepts = [concept for said in token.said for concept in said]
        return any(
            (self.thesaurus.kind(c) == MEASURE and c not in _OF_GROUPS) or c in ("count", "average") for c in concepts
        )
