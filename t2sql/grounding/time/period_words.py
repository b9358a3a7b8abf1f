"""The words of time in a folded text, each found by one rule. Puts nothing together (that is `periods`).

A rule that stands earlier claims its letters first, so that amounts (2024万元), loan terms (5年以上) and comparisons
(较去年同期) are never years.
"""

from __future__ import annotations

import re

from t2sql.grounding.names.comparisons import find_cues
from t2sql.grounding.time import not_periods, relative_words, windows, written_dates, year_parts
from t2sql.grounding.time.calendars import Clock
from t2sql.grounding.time.pieces import Piece, Reader, Rule

RULES: tuple[Rule, ...] = (
    *year_parts.LISTED_YEARS,
    *not_periods.RULES,
    *windows.RULES,
    *year_parts.FISCAL,
    *written_dates.RULES,
    *relative_words.RULES,
    *year_parts.RULES,
)
# ASCII: a Chinese letter beside a Latin one ends the word (YTD各分行).
_COMPILED: tuple[tuple[re.Pattern[str], Reader], ...] = tuple(
    (re.compile(pattern, re.ASCII), reader) for pattern, reader in RULES
)
_NO_TIME = ("ytd", "share", "rank")


def find_pieces(text: str, clock: Clock) -> list[Piece]:
    """Time words of a folded text in order, none overlapping; those that mean no period are left out."""
    return [piece for piece in find_time_words(text, clock) if piece.stretch is not None]


def find_time_words(text: str, clock: Clock) -> list[Piece]:
    """As `find_pieces`, with the words that mean no period."""
    taken = [Piece(cue.start, cue.end, None) for cue in find_cues(text) if cue.family not in _NO_TIME]
    for pattern, reader in _COMPILED:
        for match in pattern.finditer(text):
            if not _is_free(taken, match.start(), match.end()):
                continue
            piece = reader(match, clock)
            if piece is not None:
                taken.append(piece)
    return sorted(taken, key=lambda piece: piece.start)


def _is_free(taken: list[Piece], start: int, end: int) -> bool:
    return end > start and all(end <= piece.start or piece.end <= start for piece in taken)
