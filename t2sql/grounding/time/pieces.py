"""One word of time, and what the rules about such words share: how years, months and numbers are written.

A piece is what one pattern found; nothing here puts two of them together.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from t2sql.catalog import Grain
from t2sql.grounding.numbers.numerals import EN_WORD, read_integer
from t2sql.grounding.time.calendars import Clock, Stretch, Window, is_valid

MONTH_NAMES = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
# The letters after the third may be the usual slips: febuary, septmber, ocotber.
EN_MONTH = r"(?:jan(?:[aur]{2,5}y)?|feb(?:[ruae]{2,5}y)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:[us]{1,3}t)?|sept?(?:[etmb]{2,6}r)?|oct(?:[obe]{2,4}r)?|nov(?:[emb]{2,6}r)?|dec(?:[emb]{2,6}r)?)\b\.?"
N = rf"(?:\d{{1,3}}|[一二三四五六七八九十两]{{1,3}}|{EN_WORD})"
YEAR = r"(?:19[89]\d|20[0-4]\d)"
ZH_YEAR = rf"(?:{YEAR}|(?:二[〇零]|一九)[〇零一二三四五六七八九]{{2}})"
SHORT_YEAR = rf"(?:{YEAR}|[12]\d)"
ZH_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
ZH_DAY = r"(?:[12]\d|3[01]|0?[1-9]|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
LAST = r"(?:last|previous|prior|preceding)"
TO = r"(?:-+|–|—+|~|至|到|to|through|thru|until|till)"
ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}
ORDINAL = r"(?:first|second|third|fourth|1st|2nd|3rd|4th)"


@dataclass(frozen=True, slots=True)
class Piece:
    """One word of time, offsets into the folded text."""

    start: int
    end: int
    stretch: Stretch | None
    """None: claims its letters and means no period."""
    last: Stretch | None = None
    """For a span: its last stretch."""
    is_cumulative: bool = False
    only_alone: bool = False
    """True: counts from today, and only when no other period is said (年初至今, 当月)."""
    parts: int = 0
    """N of 前N个季度 / first N months: the first N parts of a year still to be said."""
    is_relative: bool = False
    window: Window | None = None
    """So many periods up to now (近6个月), which a date beside it moves."""


Reader = Callable[[re.Match[str], Clock], "Piece | None"]
Rule = tuple[str, Reader]


def piece(match: re.Match[str], grain: Grain, year: int | None, index: int = 1, fiscal: bool = False) -> Piece | None:
    """The whole match as one stretch; None when the calendar does not have it."""
    stretch = Stretch(grain, year, index, fiscal)
    return Piece(match.start(), match.end(), stretch) if is_valid(stretch) else None


def none(match: re.Match[str], clock: Clock) -> Piece:
    """The match claimed, and no period."""
    return Piece(match.start(), match.end(), None)


def number(text: str) -> int:
    """A counted number in figures or words; 0 when it is none."""
    return read_integer(text) or 0


def relative(make: Callable[[Clock], Stretch], only_alone: bool = False) -> Reader:
    """A rule for a word that counts from today."""
    return lambda match, clock: Piece(match.start(), match.end(), make(clock), only_alone=only_alone, is_relative=True)
