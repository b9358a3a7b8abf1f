"""Names of very many things (customers, their numbers), found by the whole name or by how it begins; a million in memory.

One sorted text with offsets: a name is looked up by bisection at every place of the question, so that time grows with the
question and not with the names. Holds only what the caller hands it, which is what the principal may see; nothing is
listed, embedded or written to disk.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from sys import getsizeof

from t2sql.grounding.words.lexicon import loosen
from t2sql.grounding.words.text import fold, is_cjk, on_word_edges

# What a company's name ends with and people leave out.
LEGAL_FORM = re.compile(
    r"(?:股份有限公司|有限责任公司|集团有限公司|有限公司|集团公司|总公司|分公司|公司|集团|合作社|事务所)$|"
    r",? (?:co ?\.?,? ?ltd\.?|company limited|limited|ltd\.?|inc\.?|llc|plc|corp\.?|corporation|gmbh|company|group)$"
)
MOST_ALIKE = 3
_LEAST_BEGINNING = 3
_LEAST_WORD = 4
_MOST_LETTERS = 60
_POOL = 400
_SEPARATOR = "\n"


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of a folded text that names something, and what it may name."""

    start: int
    end: int
    values: tuple[str, ...]
    """As stored; several where the stretch is only how they begin, at most MOST_ALIKE."""
    score: float
    """1.0 the whole name, 0.9 without its legal form, 0.85 how it begins, less for a misprint."""
    is_company: bool
    """Whether the name says by its legal form, or by its figures, that it is nothing but a name."""


class NameRegister:
    """The values of one dimension that has very many."""

    def __init__(self, names: Iterable[str], shared: Collection[str] = frozenset()) -> None:
        """`names` as stored, in any order; `shared` those that several things bear."""
        stored = list(dict.fromkeys(name for name in names if name.strip()))
        folded = _folded(stored)
        order = sorted(range(len(stored)), key=folded.__getitem__)
        self._keys = _Texts(folded[i] for i in order)
        # Most names are stored as they fold; only the others are kept a second time.
        self._shared = frozenset(shared)
        self._stored = {rank: stored[i] for rank, i in enumerate(order) if stored[i] != folded[i]}

    def __len__(self) -> int:
        return len(self._keys)

    @property
    def held_bytes(self) -> int:
        """Memory that the names take."""
        return self._keys.held_bytes + sum(getsizeof(name) + 100 for name in (*self._stored.values(), *self._shared))

    def find(self, folded: str) -> list[Found]:
        """Names said in a folded text, whole or by how they begin, the longest at each place; overlapping ones too."""
        text = loosen(folded)
        found: list[Found] = []
        for start in range(len(text)):
            if not text[start].isspace() and _begins_word(text, start) and (hit := self._at(text, start)):
                found.append(hit)
        return found

    def is_shared(self, name: str) -> bool:
        """Whether several things bear a name that was found."""
        return name in self._shared

    def beginning(self, folded: str) -> tuple[str, ...]:
        """Names that begin with a folded text, as stored; () where there are more than MOST_ALIKE."""
        first, last = self._range(loosen(folded))
        return tuple(self._name(rank) for rank in range(first, last)) if last - first <= MOST_ALIKE else ()

    def nearest(self, folded: str) -> Found | None:
        """The one company's name, begun right and misprinted by a letter, with which a folded text begins; None for none or several."""
        from rapidfuzz.distance import OSA

        text = loosen(folded)[:_MOST_LETTERS]
        best: list[tuple[int, int, int]] = []
        for length in (4, 3, 2):
            first, last = self._range(text[:length])
            if last - first > _POOL or length > len(text):
                break
            for rank in range(first, last):
                key = self._keys[rank]
                if len(key) < 6 or not LEGAL_FORM.search(key):
                    continue
                for said in {text[: len(key) + extra] for extra in (-1, 0, 1)}:
                    if OSA.distance(key, said, score_cutoff=1) == 1:
                        best.append((len(said) - len(key), rank, len(said)))
            if best:
                break
        ranks = {rank for _, rank, _ in best}
        if len(ranks) != 1:
            return None
        end = min(best, key=lambda b: abs(b[0]))[2]
        return Found(0, end, (self._name(best[0][1]),), 0.8, True)

    def _at(self, text: str, start: int) -> Found | None:
        rest = text[start : start + _MOST_LETTERS]
        place = self._keys.place(rest)
        reach = max(
            (_shared(self._keys[rank], rest) for rank in (place - 1, place) if 0 <= rank < len(self._keys)), default=0
        )
        for length in range(reach, 1, -1):
            if not on_word_edges(text, start, start + length) or rest[length - 1] == " ":
                continue
            said = rest[:length]
            first, last = self._range(said)
            is_name = first < last and self._keys[first] == said
            if is_name:
                whole = bisect_right(range(last), said, lo=first, key=self._keys.__getitem__)
                return Found(
                    start, start + length, tuple(self._name(r) for r in range(first, whole)), 1.0, _is_company(said)
                )
            if last - first > MOST_ALIKE or length < (_LEAST_BEGINNING if is_cjk(said[0]) else _LEAST_WORD):
                continue
            names = [self._keys[rank] for rank in range(first, last)]
            if not all(LEGAL_FORM.search(name) for name in names):
                continue
            short = [rank for rank in range(first, last) if LEGAL_FORM.sub("", self._keys[rank]) == said]
            if short:
                return Found(start, start + length, tuple(map(self._name, short)), 0.9, True)
            return Found(start, start + length, tuple(map(self._name, range(first, last))), 0.85, True)
        return None

    def _range(self, opening: str) -> tuple[int, int]:
        """Ranks of the names that begin with `opening`."""
        first = self._keys.place(opening)
        return first, self._keys.place(opening + "\U0010ffff", first)

    def _name(self, rank: int) -> str:
        return self._stored.get(rank) or self._keys[rank]


class _Texts:
    """Sorted texts in one text: a million names of ten letters are 24 MB, as a list they would be 110."""

    def __init__(self, texts: Iterable[str]) -> None:
        pieces = list(texts)
        self._text = "".join(pieces)
        self._ends = array("I")
        end = 0
        for piece in pieces:
            end += len(piece)
            self._ends.append(end)

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, rank: int) -> str:
        return self._text[self._ends[rank - 1] if rank else 0 : self._ends[rank]]

    @property
    def held_bytes(self) -> int:
        """Memory that they take."""
        return getsizeof(self._text) + getsizeof(self._ends)

    def place(self, text: str, first: int = 0) -> int:
        """Rank of the first text that is not before `text`."""
        return bisect_left(range(len(self)), text, lo=first, key=self.__getitem__)


def _begins_word(text: str, start: int) -> bool:
    """Whether a place is inside no Latin word or number."""
    return not (start and all(c.isascii() and c.isalnum() for c in text[start - 1 : start + 1]))


def _shared(name: str, text: str) -> int:
    """How many letters both begin with."""
    length = 0
    for one, other in zip(name, text, strict=False):
        if one != other:
            break
        length += 1
    return length


def _is_company(name: str) -> bool:
    """Whether nothing but a name is written so: with a legal form, or in letters and figures like a number of a customer."""
    return bool(LEGAL_FORM.search(name)) or bool(re.fullmatch(r"[a-z]{0,4}\d{5,}[a-z0-9]*", name))


def _folded(names: list[str]) -> list[str]:
    """`names` as they are looked up by. All at once where that is the same: name by name takes a minute a million."""
    whole = _SEPARATOR.join(" ".join(name.split()) if not name.isalnum() else name for name in names)
    plain = unicodedata.normalize("NFKC", whole).casefold()
    odd = {letter for letter in set(plain) if fold(letter).text != letter and letter != _SEPARATOR}
    found = loosen(plain).split(_SEPARATOR)
    if len(found) != len(names):
        return [_key(name) for name in names]
    if odd:
        pattern = re.compile("[" + re.escape("".join(odd)) + "]")
        found = [_key(name) if pattern.search(text) else text for name, text in zip(names, found, strict=True)]
    return found


def _key(name: str) -> str:
    return loosen(" ".join(fold(name).text.split())) or name


def written_names(rows: Iterable[tuple[object, ...]]) -> Iterator[str]:
    """The names in rows of one column; NULL is none."""
    return (str(row[0]) for row in rows if row[0] is not None)
