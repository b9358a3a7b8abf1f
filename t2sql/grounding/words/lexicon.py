"""Where words of a fixed list stand in a text: one dictionary of folded keys, asked for fitting substrings.

A question has some hundred characters, so a few thousand look-ups find all of a million keys in a millisecond or two,
with no automaton and no C extension (pyahocorasick has wheels and would do too). Never ranks: callers do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from t2sql.grounding.words.text import cuts_counting_word, fold, on_word_edges

T = TypeVar("T")
# One length each, so that offsets stay: loan-to-deposit and loan_to_deposit are loan to deposit.
_JOINERS = str.maketrans({"-": " ", "_": " ", "’": "'", "–": " ", "—": " "})


def loosen(folded: str) -> str:
    """A folded text with hyphens and underscores as blanks, of the same length."""
    return folded.translate(_JOINERS)


@dataclass(frozen=True, slots=True)
class Hit(Generic[T]):
    """One key found; offsets into the folded text."""

    start: int
    end: int
    key: str
    things: tuple[T, ...]


class Lexicon(Generic[T]):
    """Folded keys with what they stand for."""

    def __init__(self, entries: Iterable[tuple[str, T]]) -> None:
        """`entries`: (key as written, thing); keys are folded here, one key may stand for several things."""
        found: dict[str, T | list[T]] = {}
        for written, thing in entries:
            key = loosen(" ".join(fold(written).text.split()))
            if not key:
                continue
            known = found.get(key)
            if known is None:
                found[key] = thing
            elif isinstance(known, list):
                if thing not in known:
                    known.append(thing)
            elif known != thing:
                found[key] = [known, thing]
        self._things = found
        lengths: dict[str, set[int]] = {}
        for key in found:
            lengths.setdefault(key[:2], set()).add(len(key))
        self._lengths = {opening: tuple(sorted(some, reverse=True)) for opening, some in lengths.items()}

    def __len__(self) -> int:
        return len(self._things)

    def __iter__(self) -> Iterator[str]:
        """All folded keys."""
        return iter(self._things)

    def get(self, key: str) -> tuple[T, ...]:
        """What a folded key stands for; () for an unknown one."""
        known = self._things.get(key)
        return () if known is None else tuple(known) if isinstance(known, list) else (known,)

    def all_hits(self, folded: str) -> list[Hit[T]]:
        """Every key in a folded text, overlapping ones too, that cuts no Latin word."""
        text = loosen(folded)
        hits: list[Hit[T]] = []
        for start in range(len(text)):
            if cuts_counting_word(text, start):
                continue
            for opening in {text[start : start + 2], text[start]}:
                for length in self._lengths.get(opening, ()):
                    key = text[start : start + length]
                    if len(key) == length and key in self._things and on_word_edges(text, start, start + length):
                        hits.append(Hit(start, start + length, key, self.get(key)))
        return hits

    def longest_hits(self, folded: str, is_barred: Callable[[int], bool] | None = None) -> list[Hit[T]]:
        """Keys in a folded text, none overlapping: longer ones first, then earlier ones; in order of place. None begins
        where `is_barred` says so.
        """
        kept: list[Hit[T]] = []
        for hit in sorted(self.all_hits(folded), key=lambda h: (h.start - h.end, h.start)):
            if is_barred and is_barred(hit.start):
                continue
            if all(hit.end <= other.start or other.end <= hit.start for other in kept):
                kept.append(hit)
        return sorted(kept, key=lambda h: h.start)
