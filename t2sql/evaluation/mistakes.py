"""Mistakes of a file that a person wrote, told at once: whoever mends one line should not have to ask for the next."""

from __future__ import annotations

from collections.abc import Sequence

MOST_TOLD, MOST_NAMED = 20, 10


def told_at_once(lines: Sequence[str]) -> str:
    """Mistakes, one a line: the first 20, then how many more there are."""
    more = len(lines) - MOST_TOLD
    return "\n".join([*lines[:MOST_TOLD], *([f"… and {more:,} more."] if more > 0 else [])])


def few(names: Sequence[str]) -> str:
    """Up to ten names, then how many more."""
    rest = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {rest:,} more" if rest > 0 else "")
