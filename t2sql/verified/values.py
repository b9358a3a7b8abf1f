"""The values of a reader, and a few more: those that a checked question's own semantic SQL names.

Only checked questions are read with it, never what a reader asks, so that no value becomes known by asking.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from t2sql.flow import Span, ValueMention
from t2sql.grounding import ValueEntry, ValueIndex
from t2sql.grounding.words.text import Folded


class MoreValues(ValueIndex):
    """An index over another one and over `entries`. Signed words hold no misprints, so nothing fuzzy is found."""

    def __init__(self, known: ValueIndex, entries: Iterable[ValueEntry]) -> None:
        self._known, self._more = known, ValueIndex.build(entries)

    def __len__(self) -> int:
        return len(self._known) + len(self._more)

    def find(
        self,
        text: str | Folded,
        allowed_dimensions: Collection[str],
        skip: Collection[Span] = (),
        *,
        is_fuzzy: bool = True,
    ) -> tuple[ValueMention, ...]:
        """As ValueIndex.find; where both know a stretch, the longer finding stands, and the reader's of two alike."""
        found = self._known.find(text, allowed_dimensions, skip, is_fuzzy=False)
        more = self._more.find(text, allowed_dimensions, skip, is_fuzzy=False)
        kept = tuple(m for m in found if not any(_is_inside(m, n) for n in more))
        added = tuple(n for n in more if all(n.span.end <= m.span.start or m.span.end <= n.span.start for m in kept))
        return tuple(sorted((*kept, *added), key=lambda m: (m.span.start, m.span.end)))

    def find_names(
        self, folded: Folded, allowed_dimensions: Collection[str], claimed: Collection[Span]
    ) -> tuple[ValueMention, ...]:
        """As ValueIndex.find_names, of the reader's values."""
        return self._known.find_names(folded, allowed_dimensions, claimed)

    def nearest(self, said: str, dimension: str, most: int, least: float = 50.0) -> tuple[str, ...]:
        """As ValueIndex.nearest, of the reader's values."""
        return self._known.nearest(said, dimension, most, least)


def _is_inside(mention: ValueMention, other: ValueMention) -> bool:
    """Whether `mention` is a shorter stretch within the other."""
    inner, outer = mention.span, other.span
    return outer.start <= inner.start and inner.end <= outer.end and inner != outer
