"""Every name of a catalog as the concepts it is made of: which names say some concepts, and what a name says.

Knows names and concepts, never a text to be read; `paraphrases` finds the names in one.
"""

# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from t2sql.grounding.names.called import MadeOf, Named
from t2sql.grounding.names.phrasing import RATIOS, canonical, is_covered, own_words, simpler
from t2sql.grounding.words.lexicon import loosen
from t2sql.grounding.words.text import fold
from t2sql.grounding.words.thesaurus import LIGHT, MEASURE, QUALITY, THING, Said, Thesaurus, Token

# What comes after is not what the phrase is about.
_AFTERTHOUGHT = re.compile(
    r"\b(?:of|in|on|for|from|to|over|with|that|which|who|having|have|has|had|hold|holds|holding|held|keep|keeps|keeping|own|was|were|is|are|did|we|bought|buy|purchased|invested)\b|持有|购?买[了过的]?|有(?!的|多少)"
)
# What is held is asked for, and not who holds it: 客户持有多少理财, 手里有多少理财.
_HELD = re.compile(r"(?:持有|购?买|手[里上中]有|手头有|配置|名下有)(?:了|的)?(?:多少|几)(?!.?客户)")


class Sayings:
    """What every name of a catalog says, and by what is said, which names."""

    def __init__(self, named: Iterable[Named], made_of: Iterable[MadeOf] = ()) -> None:
        entries = [(loosen(" ".join(fold(n.written).text.split())), n) for n in named]
        self.thesaurus = Thesaurus(own_words([written for written, _ in entries]))
        self._names: dict[tuple[frozenset[str], str], dict[str, None]] = {}
        self._concepts: dict[str, set[str]] = {}
        self._scripts: dict[tuple[frozenset[str], str], set[bool]] = {}
        self._called_first: set[tuple[frozenset[str], str]] = set()
        self._money = {n.name for _, n in entries if n.is_money}
        self._said: dict[str, dict[frozenset[str], None]] = {}
        self._of_two: set[str] = set()
        for written, entry in entries:
            self._add(written, entry)
        for whole in made_of:
            self._of_two |= {whole.name} if whole.relation == "ratio" else set()
            for one, other in itertools.product(self._said.get(whole.first, ()), self._said.get(whole.second, ())):
                concepts = canonical([*one, *other, whole.relation])
                self._names.setdefault((concepts, self._measure(concepts)), {})[whole.name] = None
        self._whole: dict[frozenset[str], dict[str, None]] = {}
        for (concepts, _), named_so in self._names.items():
            self._whole.setdefault(concepts, {}).update(named_so)

    def _add(self, written: str, entry: Named) -> None:
        tokens = self.thesaurus.tokens(written)
        if not tokens or not is_covered(written, tokens):
            return
        for said in choices(tokens):
            concepts = canonical(concept for part in said for concept in part)
            if entry.is_ratio and not concepts & RATIOS:
                concepts |= {"ratio"}
            self._concepts.setdefault(entry.name, set()).update(concepts)
            self._said.setdefault(entry.name, {})[concepts] = None
            if entry.is_display:
                self._called_first.add((concepts, entry.name))
            self._scripts.setdefault((concepts, entry.name), set()).add(written.isascii())
            for whole in {concepts, concepts - {"amount"} if len(concepts) > 2 else concepts}:
                self._names.setdefault((whole, self._head(written, tokens, said, whole)), {})[entry.name] = None

    def is_ratio(self, name: str) -> bool:
        """Whether a metric is one thing over another."""
        return any(whole & RATIOS for whole in self.wholes_of(name))

    def concepts_of(self, name: str) -> frozenset[str]:
        """Every concept that some name of a metric or dimension says."""
        return frozenset(self._concepts.get(name, ()))

    def things_of(self, name: str) -> frozenset[str]:
        """What every name of a metric is of: the concepts that are things and stand in all of them."""
        wholes = self.wholes_of(name)
        shared = frozenset.intersection(*wholes) if wholes else frozenset()
        return frozenset(c for c in shared if self.kind(c) == THING)

    def qualities_of(self, name: str) -> frozenset[str]:
        """What every name of a metric says of what kind its thing is."""
        wholes = self.wholes_of(name)
        shared = frozenset.intersection(*wholes) if wholes else frozenset()
        return frozenset(c for c in shared if self.kind(c) == QUALITY)

    def says(self, word: str) -> frozenset[str]:
        """Every concept that a folded word may say; empty for a word that banking does not know."""
        return self.thesaurus.says(word)

    def meanings(self, word: str) -> list[frozenset[str]]:
        """What a folded word may say, each meaning whole; of a longer piece, what each of its words may say."""
        whole = self.thesaurus.meanings(word)
        return [frozenset(said) for said in whole]

    def wholes_of(self, name: str) -> tuple[frozenset[str], ...]:
        """The concepts of each of a name's names."""
        return tuple(self._said.get(name, ()))

    def saying(self, concepts: frozenset[str]) -> tuple[str, ...]:
        """Names that say exactly these concepts, or these without what may go unsaid."""
        for fewer, only_money in simpler(concepts):
            found = tuple(n for n in self._whole.get(fewer, ()) if n in self._money or not only_money)
            if found:
                return found
        return ()

    def saying_at_least(self, concepts: frozenset[str], known: frozenset[str]) -> dict[str, int]:
        """Names that say all of `concepts` and beside them only what is `known`, with how much more."""
        for fewer, only_money in simpler(concepts):
            found: dict[str, int] = {}
            for whole, names in self._whole.items():
                if fewer <= whole <= fewer | known:
                    for name in names:
                        if name in self._money or not only_money:
                            found[name] = min(found.get(name, 99), len(whole - fewer))
            if found:
                return found
        return {}

    def kind(self, concept: str) -> str:
        """thing, light, measure or quality."""
        return self.thesaurus.kind(concept)

    def instead(self, name: str, concept: str, other: str) -> tuple[str, ...]:
        """What a name is called with another concept in the place of one of its own: loan balance of new loans."""
        wholes = {canonical((said - {concept}) | {other}) for said in self._said.get(name, ()) if concept in said}
        return tuple(found for found, said in self._said.items() if found != name and not wholes.isdisjoint(said))

    def with_concept(self, name: str, concept: str) -> tuple[str, ...]:
        """What a name is called with one concept more: churned customers of customers; () when nothing is."""
        wholes = {canonical((*said, concept)) for said in self._said.get(name, ())} - set(self._said.get(name, ()))
        return tuple(other for other, said in self._said.items() if other != name and not wholes.isdisjoint(said))

    def of_concept(self, concept: str, known: Collection[str]) -> tuple[str, ...]:
        """Names that say `concept` and beside it only what is `known`."""
        return tuple(
            name
            for name, wholes in self._said.items()
            if any(concept in whole and len(whole) > 1 and whole <= {concept, *known} for whole in wholes)
        )

    def _head(self, text: str, tokens: Sequence[Token], said: Sequence[Said], concepts: frozenset[str]) -> str:
        """Which of `concepts` the phrase is about: the last that is no quality and says more than how much of it."""
        if measure := self._measure(concepts):
            return measure
        held = _HELD.search(text, tokens[0].start, tokens[-1].end)
        if held and any(token.start >= held.end() for token in tokens):
            tokens, said = tokens[-1:], said[-1:]
        cuts = [0, *(m.start() for m in _AFTERTHOUGHT.finditer(text) if m.start() > tokens[0].start), len(text)]
        for begin, end in itertools.pairwise(cuts):
            heads = [
                concept
                for token, part in zip(tokens, said, strict=True)
                if begin <= token.start < end
                for concept in part
                if concept in concepts and self.thesaurus.kind(concept) not in (QUALITY, LIGHT)
            ]
            if heads:
                return heads[-1]
        # What several words say at once is said by none of them alone.
        return next((c for c in concepts if len(concepts) == 1 and self.kind(c) not in (QUALITY, LIGHT)), "")

    def _measure(self, concepts: frozenset[str]) -> str:
        return " ".join(sorted(c for c in concepts if self.thesaurus.kind(c) == MEASURE))


def choices(tokens: Sequence[Token]) -> Iterator[tuple[Said, ...]]:
    """Each way to take some words that may say several things."""
    yield from itertools.islice(itertools.product(*(token.said for token in tokens)), 24)
