# ruff: noqa: E501
"""Puts words of time together: a year and its part, 末 and "end of" beside them, years inherited along the sentence.

Knows no ranges and makes no periods (that is `periods`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from t2sql.grounding.time.calendars import Stretch, is_valid, latest_begun
from t2sql.grounding.time.period_words import Piece

_BESIDE = re.compile(r"\s*(?:的|,)?\s*(?:(?:of|in|for)(?: the)?)?(?:[- ]?end(?: of)?)?\s*|\s*'s\s*")
_ENDS_AFTER = re.compile(
    r"\s*(?:的)?(?:年末|年底|年终|月末|月底|季末|季度末|期末|末|底)|(?:'s)?[- ](?:year|month|quarter|half|period)?[- ]?end\b(?! of)|[- ]?ye\b"
)
_ENDS_BEFORE = re.compile(
    r"(?:\bend[- ](?:of )?(?:the )?|\b(?P<unit>year|month|quarter|half)[- ]end(?: of)? |\bye ?|\bclose of )$"
)
_STARTS_AFTER = re.compile(r"(?:的)?(?:年初|月初|初)(?!至今|以来)")
_STARTS_BEFORE = re.compile(r"\b(?:start|beginning) of (?:the )?$")
RANGE = re.compile(r"\s*(?:到|至|-|–|—|~|--|to|through|thru|until|till|up to)\s*(?:the |次年|翌年|第二年)?\s*")
AND = re.compile(
    r"\s*(?:、|,|和|与|及|以及|跟|、和|,?\s*and|or|或|&|/|\+|对比|比|vs\.?|versus|与|,\s*and|(?:compared )?(?:with|to|against))\s*(?:the )?\s*"
)
_SAME = re.compile(r"同期|同月|同季")


@dataclass(frozen=True, slots=True)
class Atom:
    """One finished stretch, or span, that may still lack its year."""

    start: int
    end: int
    stretch: Stretch
    last: Stretch | None
    is_cumulative: bool
    only_alone: bool
    ends: bool
    starts: bool
    is_relative: bool
    is_same: bool = False

    @property
    def has_year(self) -> bool:
        return self.stretch.year is not None


def join_pieces(text: str, pieces: Sequence[Piece]) -> list[Atom]:
    """Year and part brought together in either order, with 末 and "end of" beside them."""
    atoms: list[Atom] = []
    index = 0
    while index < len(pieces):
        piece = pieces[index]
        after = pieces[index + 1] if index + 1 < len(pieces) else None
        stretch, end, parts, ends = piece.stretch, piece.end, piece.parts, False
        assert stretch is not None
        is_cumulative, is_relative = piece.is_cumulative, piece.is_relative
        if (
            after
            and after.stretch
            and piece.last is None
            and after.last is None
            and _BESIDE.fullmatch(text[end : after.start])
        ):
            year, part = _year_and_part(piece, after, pieces[index + 2] if index + 2 < len(pieces) else None, text)
            if year and part and part.stretch and year.stretch:
                ends = "end" in text[end : after.start]
                stretch = replace(part.stretch, year=year.stretch.year, is_fiscal=year.stretch.is_fiscal)
                parts, is_cumulative, is_relative = part.parts, part.is_cumulative, year.is_relative
                end = after.end
                index += 1
            elif after.only_alone:
                end = after.end
                index += 1
        last = piece.last or (replace(stretch, index=parts) if parts else None)
        start = piece.start
        if (before := _ENDS_BEFORE.search(text[:start])) and not _ends_parts(before, stretch):
            start, ends = before.start(), True
        starts = False
        if before := _STARTS_BEFORE.search(text[:start]):
            start, starts = before.start(), True
        if piece.last is None and (match := _ENDS_AFTER.match(text, end)):
            end, ends = match.end(), True
        elif piece.last is None and (match := _STARTS_AFTER.match(text, end)):
            end, starts = match.end(), True
        same = _SAME.match(text, end)
        if is_valid(stretch):
            atoms.append(
                Atom(start, end, stretch, last, is_cumulative, piece.only_alone, ends, starts, is_relative, bool(same))
            )
        index += 1
    return atoms


def _ends_parts(before: re.Match[str], stretch: Stretch) -> bool:
    """Whether "quarter-end of" stands before a whole year, which has several."""
    return stretch.grain == "year" and before["unit"] in ("month", "quarter", "half")


def _year_and_part(piece: Piece, after: Piece, beyond: Piece | None, text: str) -> tuple[Piece | None, Piece | None]:
    assert piece.stretch and after.stretch
    if piece.only_alone or after.only_alone:
        return None, None
    if piece.stretch.grain == "year" and after.stretch.grain != "year" and after.stretch.year is None:
        return piece, after
    if after.stretch.grain == "year" and piece.stretch.grain != "year" and piece.stretch.year is None:
        # 一季度、2025年二季度: a year that has its own part after it is not the part's before it.
        own = beyond and beyond.stretch and beyond.stretch.year is None and beyond.stretch.grain != "year"
        if (
            own
            and beyond
            and _BESIDE.fullmatch(text[after.end : beyond.start])
            and text[after.end : beyond.start].strip() in ("", "的")
        ):
            return None, None
        return after, piece
    return None, None


def share_ends(text: str, atoms: list[Atom]) -> list[Atom]:
    """3、6、9月末 and 2023年、2024年末: the 末 of a list's last member is everybody's."""
    shared = list(atoms)
    is_shared = False
    for index in range(len(atoms) - 2, -1, -1):
        atom, following = shared[index], shared[index + 1]
        is_shared = is_shared or (following.ends and text[following.end - 1] in "末底终")
        is_shared = is_shared and text[atom.end : following.start].strip() in ("、", "和", "与", "及", "以及", "/")
        if is_shared and atom.last is None and atom.stretch.grain == following.stretch.grain:
            shared[index] = replace(atom, ends=True)
    return shared


def fill_years(text: str, atoms: list[Atom], today: date) -> list[Atom]:
    """Years inherited: from an earlier stretch, else from a later one it is joined to, else the latest that has begun."""
    placed: list[Atom] = []
    for index, atom in enumerate(atoms):
        earlier = next((a for a in reversed(placed) if a.last is None and not a.only_alone), None)
        if atom.is_same and atom.stretch.grain == "year" and earlier and earlier.stretch.grain != "year":
            placed.append(replace(atom, stretch=replace(earlier.stretch, year=atom.stretch.year), ends=earlier.ends))
            continue
        if atom.has_year:
            placed.append(atom)
            continue
        later = next((a for a in atoms[index + 1 :] if a.has_year), None)
        if earlier:
            year = earlier.stretch.year
            assert year is not None
            if (earlier.is_relative and earlier.ends and earlier.stretch.grain == "year") or (
                RANGE.fullmatch(text[earlier.end : atom.start]) and day_order(atom.stretch) < day_order(earlier.stretch)
            ):
                year += 1
            placed.append(_in_year(atom, year, earlier.stretch.is_fiscal))
        elif later and later.stretch.year is not None and _is_linked(text, atoms[index:], later):
            wraps = RANGE.fullmatch(text[atom.end : later.start]) and day_order(atom.stretch) > day_order(later.stretch)
            placed.append(_in_year(atom, later.stretch.year - bool(wraps), later.stretch.is_fiscal))
        else:
            year = latest_begun(atom.stretch, today).year
            assert year is not None
            placed.append(_in_year(atom, year, False))
    return [atom for atom in placed if is_valid(atom.stretch)]


def _in_year(atom: Atom, year: int, fiscal: bool) -> Atom:
    stretch = replace(atom.stretch, year=year, is_fiscal=fiscal and atom.stretch.grain != "day")
    return replace(atom, stretch=stretch, last=replace(atom.last, year=year) if atom.last else None)


def day_order(stretch: Stretch) -> int:
    """Where in its year a stretch starts, in days or so."""
    if stretch.grain == "day":
        return stretch.index
    return {"year": 0, "half": 600, "quarter": 300, "month": 100, "week": 23}[stretch.grain] * (stretch.index - 1) + 100


def _is_linked(text: str, atoms: Sequence[Atom], target: Atom) -> bool:
    """Whether only joining words stand between the first atom and `target`."""
    for one, other in pairwise(atoms):
        gap = text[one.end : other.start]
        if not (RANGE.fullmatch(gap) or AND.fullmatch(gap)):
            return False
        if other is target:
            return True
    return False
