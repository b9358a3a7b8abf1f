"""Puts words of time together: a year and its part, 末 and "end of" beside them.

Knows no ranges and no lists of years and parts (that is `spreading`), fills in no year (that is `inherited_years`), and makes no
periods (that is `periods`).
"""

# ruff: noqa: E501
# A pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from t2sql.grounding.time.calendars import Stretch, Window, is_valid
from t2sql.grounding.time.pieces import Piece

_BESIDE = re.compile(r"\s*(?:的|,)?\s*(?:(?:of|in|for)(?: the)?)?(?:[- ]?end(?: of)?)?\s*|\s*'s\s*|-")
_ENDS_AFTER = re.compile(
    r"\s*(?:的)?(?:年末|年底|年终|月末|月底|季末|季度末|期末|末|底)|(?:'s)?[- ](?:year|month|quarter|half|period)?[- ]?end\b(?! of)|[- ]?ye\b"
)
# 末 mistyped as 未, which no noun follows so.
_SLIP_AFTER = re.compile(r"未(?=不良|关注|逾期|贷款|存款|各|余额|$|,)")
_ENDS_BEFORE = re.compile(
    r"(?:\bend[- ](?:of )?(?:the )?|\b(?P<unit>year|month|quarter|half)[- ]end(?: of)? |\b(?:fye|ye|eoy|eoq|eom) ?|\bclose of |\blast day of (?:the )?)$"
)
# The close of a day: its figures are those of the day.
_AT_CLOSE = re.compile(r"\b(?:cob|eod|close of (?:business|play)|end of (?:the )?day)(?: on| at)?,? ?(?:the )?$")
_STARTS_AFTER = re.compile(r"(?:的)?(?:年初|月初|初)(?!至今|以来)")
_STARTS_BEFORE = re.compile(r"\b(?:start|beginning|begin|opening) of (?:the )?$")
RANGE = re.compile(
    r"\s*(?:(?:起|开始)?\s*[,、]?\s*(?:一直到|直到|直至|止于|截至到?|截止到?|到|至)|-+|–|—+|~|to|through|thru|until|till|up to|,?\s*ending(?: in| with)?)\s*(?:the |次年|翌年|第二年)?\s*"
)
AND = re.compile(
    r"\s*(?:、|,|和|与|及|以及|跟|、和|,?\s*and|or|或|&|/|\+|对比|比|vs\.?|versus|,\s*and|(?:compared )?(?:with|to|against))\s*(?:the )?\s*"
)
_ONE_LIST = ("、", "和", "与", "及", "以及", "/", ",", "and", "&", ", and")
_SAME = re.compile(r"同期|同月|同季")


Side = Literal["", "before", "after"]


@dataclass(frozen=True, slots=True)
class Atom:
    """One finished stretch, or span, that may still lack its year."""

    start: int
    end: int
    stretch: Stretch
    last: Stretch | None
    is_cumulative: bool
    only_alone: bool
    ends: Side
    """Where the word stands that says its end is meant: year-end 2024, 2024年末."""
    starts: bool
    is_relative: bool
    is_same: bool = False
    window: Window | None = None
    year_said: Side = ""
    """Where the year of a part stands in the text: 2025年3月, March 2025."""

    @property
    def has_year(self) -> bool:
        return self.stretch.year is not None

    @property
    def is_plain_year(self) -> bool:
        """A whole year and nothing about it."""
        return (
            self.stretch.grain == "year"
            and self.last is None
            and not (self.ends or self.starts or self.only_alone or self.is_same)
        )


def join_pieces(text: str, pieces: Sequence[Piece], fiscal_year_start: int = 1) -> list[Atom]:
    """Year and part brought together in either order, with 末 and "end of" beside them."""
    atoms: list[Atom] = []
    index = 0
    while index < len(pieces):
        piece = pieces[index]
        after = pieces[index + 1] if index + 1 < len(pieces) else None
        stretch, last, end, parts = piece.stretch, piece.last, piece.end, piece.parts
        assert stretch is not None
        ends: Side = ""
        year_said = _year_inside(text, piece)
        is_cumulative, is_relative = piece.is_cumulative, piece.is_relative
        if (
            after
            and after.stretch
            and not (piece.window or after.window)
            and _BESIDE.fullmatch(text[end : after.start])
        ):
            year, part = _year_and_part(piece, after, pieces[index + 2] if index + 2 < len(pieces) else None, text)
            if year and part and part.stretch and year.stretch:
                ends = "after" if "end" in text[end : after.start] else ""
                stretch = part.stretch.in_year(year.stretch, fiscal_year_start)
                last = part.last and part.last.in_year(year.stretch, fiscal_year_start)
                parts, is_cumulative, is_relative = part.parts, part.is_cumulative, year.is_relative
                year_said = "before" if year is piece else "after"
                end = after.end
                index += 1
            elif after.only_alone and piece.last is None and after.last is None:
                end = after.end
                index += 1
        last = replace(stretch, index=parts) if parts else last
        start, starts = piece.start, False
        before = None if piece.window else _ENDS_BEFORE.search(text[:start])
        if before and not _ends_parts(before, stretch):
            start, ends = before.start(), "before"
        if before := _AT_CLOSE.search(text[:start]):
            start = before.start()
        if before := _STARTS_BEFORE.search(text[:start]):
            start, starts = before.start(), True
        if last is None and (match := _ENDS_AFTER.match(text, end) or _SLIP_AFTER.match(text, end)):
            end, ends = match.end(), "after"
        elif last is None and (match := _STARTS_AFTER.match(text, end)):
            end, starts = match.end(), True
        same = bool(_SAME.match(text, end))
        if is_valid(stretch):
            atoms.append(
                Atom(start, end, stretch, last, is_cumulative, piece.only_alone, ends, starts, is_relative, same, piece.window, year_said)
            )  # fmt: skip
        index += 1
    return atoms


def _year_inside(text: str, piece: Piece) -> Side:
    """Where the year stands in a part that was written with it: June 2024, 2024Q1."""
    if piece.stretch is None or piece.stretch.year is None or piece.stretch.grain not in ("month", "quarter", "half"):
        return ""
    said = text[piece.start : piece.end]
    year = str(piece.stretch.year)
    return "before" if said.startswith(year) else "after" if said.endswith(year) else ""


def _ends_parts(before: re.Match[str], stretch: Stretch) -> bool:
    """Whether "quarter-end of" stands before a year, or month-end before a quarter, which has several."""
    units = {"year": ("month", "quarter", "half"), "half": ("month", "quarter"), "quarter": ("month",)}
    return before["unit"] in units.get(stretch.grain, ())


def _year_and_part(piece: Piece, after: Piece, beyond: Piece | None, text: str) -> tuple[Piece | None, Piece | None]:
    assert piece.stretch and after.stretch
    if piece.only_alone or after.only_alone:
        return None, None
    if _is_year(piece) and _lacks_year(after):
        return piece, after
    if _is_year(after) and _lacks_year(piece):
        # 一季度、2025年二季度: a year that has its own part after it is not the part's before it.
        gap = text[after.end : beyond.start] if beyond else ""
        if beyond and _lacks_year(beyond) and _BESIDE.fullmatch(gap) and gap.strip() in ("", "的"):
            return None, None
        return after, piece
    return None, None


def _is_year(piece: Piece) -> bool:
    return piece.stretch is not None and piece.stretch.grain == "year" and piece.last is None and not piece.parts


def _lacks_year(piece: Piece) -> bool:
    return piece.stretch is not None and piece.stretch.year is None and piece.stretch.grain != "year"


def share_ends(text: str, atoms: list[Atom]) -> list[Atom]:
    """3、6、9月末 and "end of 2024 and 2025": the 末 of a list's last member, or the "end of" before its first, is everybody's."""
    shared = list(atoms)
    is_shared = False
    for index in range(len(atoms) - 2, -1, -1):
        atom, following = shared[index], shared[index + 1]
        is_shared = is_shared or following.ends == "after"
        is_shared = is_shared and text[atom.end : following.start].strip() in _ONE_LIST
        if is_shared and atom.last is None and atom.stretch.grain == following.stretch.grain:
            shared[index] = replace(atom, ends="after")
    for index in range(len(atoms) - 1):
        atom, following = shared[index], shared[index + 1]
        is_listed = text[atom.end : following.start].strip() in _ONE_LIST
        if is_listed and atom.ends == "before" and atom.stretch.grain == "year" and following.is_plain_year:
            shared[index + 1] = replace(following, ends="before")
    return shared
