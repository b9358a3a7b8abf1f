"""The words of semantic SQL with their places, also of a text that is not finished. Reads letters only: no names, no
grammar.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

_WORD = re.compile(
    r"""(?P<comment>--[^\n]*|/\*.*?(?:\*/|\Z))|(?P<value>'(?:[^']|'')*')|(?P<name>"(?:[^"]|"")*")"""
    r"""|(?P<open>['"])|(?P<number>\d+(?:\.\d+)?)|(?P<word>\w+)|(?P<mark><>|!=|>=|<=|\|\||\S)""",
    re.DOTALL,
)
Kind = Literal["value", "name", "number", "word", "mark"]


@dataclass(frozen=True, slots=True)
class Word:
    """One word, mark or quoted stretch of a text."""

    text: str
    """As written, quotes included."""
    kind: Kind
    start: int
    end: int

    @property
    def is_value(self) -> bool:
        """Whether it stands in single quotes."""
        return self.kind == "value"

    @property
    def is_quoted(self) -> bool:
        """Whether it stands in quotes of either kind."""
        return self.kind in ("value", "name")

    @property
    def is_name(self) -> bool:
        """Whether it may name something."""
        return self.kind in ("word", "name")

    @property
    def value(self) -> str:
        """What a quoted word says; others as written."""
        if not self.is_quoted:
            return self.text
        quote = self.text[0]
        return self.text[1:-1].replace(quote * 2, quote)

    def is_same(self, other: Word) -> bool:
        """Whether both mean the same word: values letter by letter, names however they are written."""
        if self.is_value or other.is_value:
            return self.kind == other.kind and self.value == other.value
        return self.value.lower() == other.value.lower()


def read_words(text: str) -> tuple[tuple[Word, ...], int | None]:
    """The words in order, comments left out, and the place of a quote that is never closed (None: all are)."""
    found: list[Word] = []
    place = 0
    while match := _WORD.search(text, place):
        kind = match.lastgroup
        if kind == "open":
            return tuple(found), match.start()
        if kind != "comment":
            found.append(Word(match[0], kind, match.start(), match.end()))  # type: ignore[arg-type]
        place = match.end()
    return tuple(found), None
