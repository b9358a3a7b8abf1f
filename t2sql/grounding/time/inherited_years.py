"""Years that a part of a year takes from what stands beside it: 2024年一季度和二季度, "June with December last year".

Never lets a year that is said for one part speak for another that it does not stand before, and never puts a part whose year
nobody said into the future.
"""

# ruff: noqa: E501
# A pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from t2sql.grounding.time.calendars import MONTHS_IN, Clock, Stretch, is_valid, latest_begun, latest_over
from t2sql.grounding.time.period_atoms import AND, RANGE, Atom

# 8月份刷卡额多少，今年的: a year after a comma, at the end, is that of the parts before it.
_SAID_APART = re.compile(
    r"(?:[,，(（]\s*(?:我?[要看指是说]|就是|of |for |in )*|[?？。]\s*)\x00\s*的?\s*[)）]?[。.?？!！]?\s*$"
)
_YEAR = 1200  # Of `day_order`.
# What sets one time against another, where "and" would only list both.
_AGAINST = re.compile(
    r"\s*(?:对比|[比较]|相?比于?|相?较于?|,?\s*(?:vs\.?|versus|(?:as )?(?:compared )?(?:with|to|against)|than))\s*(?:the |in |at |on |as at |as of |for )*(?:end of )?(?:the )?\s*"
)
_AND_AT = re.compile(AND.pattern + r"(?:(?:as )?(?:at|in|on|for)\s+)?(?:the )?")


def fill_years(text: str, atoms: list[Atom], clock: Clock) -> list[Atom]:
    """Years inherited: from an earlier stretch, else from a later one it is joined to, else the latest that has begun;
    the latest that is over, where the end or a whole run of months is asked.
    """
    placed: list[Atom] = []
    guessed: set[int] = set()
    for index, atom in enumerate(atoms):
        earlier = next((a for a in reversed(placed) if a.last is None and not a.only_alone), None)
        if atom.is_same and atom.stretch.grain == "year" and earlier and earlier.stretch.grain != "year":
            placed.append(replace(atom, stretch=replace(earlier.stretch, year=atom.stretch.year), ends=earlier.ends))
            continue
        if atom.has_year:
            placed.append(atom)
            continue
        following = atoms[index + 1] if index + 1 < len(atoms) else None
        if following and following.has_year and _opens_range(text, atom, following):
            # Jan-Mar 2025 vs Jan-Mar 2026: each range has its own year.
            opened = (following.stretch.year or 0) - (day_order(atom.stretch) > day_order(following.stretch))
            placed.append(in_year(atom, replace(following.stretch, year=opened), clock))
            continue
        later = next((a for a in atoms[index + 1 :] if a.has_year and a.window is None), None)
        apart = atoms[-1]
        is_first = not earlier and index < len(atoms) - 1 and not any(a.has_year for a in atoms[index:-1])
        if is_first and apart.is_plain_year and _SAID_APART.search(_tail(text, apart)):
            placed.append(in_year(atom, apart.stretch, clock))
            continue
        if earlier:
            year = earlier.stretch.year
            assert year is not None
            latest = in_latest_year(atom, clock).stretch.year
            gap = text[earlier.end : atom.start]
            is_guessed = id(earlier) in guessed and _AND_AT.fullmatch(gap)
            is_against = id(earlier) in guessed and _AGAINST.fullmatch(gap)
            if is_guessed and 2 * (day_order(earlier.stretch) - day_order(atom.stretch)) >= _YEAR:
                # 12月底与6月底: of two years that nobody said, the nearer, and the later of two as near.
                year += latest == year + 1
            elif is_against and latest is not None:
                # June against December: what is set against it has been.
                year = min(year, latest)
            elif id(earlier) in guessed and latest is not None and latest < year and not RANGE.fullmatch(gap):
                # March with the change since December: nobody said a year, and none of it lies ahead.
                year = latest
            elif (earlier.is_relative and earlier.ends and earlier.stretch.grain == "year") or (
                RANGE.fullmatch(text[earlier.end : atom.start]) and day_order(atom.stretch) < day_order(earlier.stretch)
            ):
                year += 1
            placed.append(in_year(atom, replace(earlier.stretch, year=year), clock))
            if is_guessed:
                guessed.add(id(placed[-1]))
        elif later and later.stretch.year is not None and _takes_year(text, atoms[index:], later, clock):
            wraps = RANGE.fullmatch(text[atom.end : later.start]) and day_order(atom.stretch) > day_order(later.stretch)
            year = later.stretch.year - bool(wraps)
            over = in_latest_year(atom, clock).stretch
            over_year = (over.year or 0) - _is_ahead(over, clock)
            if over_year < year and day_order(atom.stretch) > day_order(later.stretch):
                # Q4 against Q1 2026: the Q4 that has been.
                year = over_year
            placed.append(in_year(atom, replace(later.stretch, year=year), clock))
        else:
            placed.append(in_latest_year(atom, clock))
            guessed.add(id(placed[-1]))
    return [atom for atom in placed if is_valid(atom.stretch)]


def _tail(text: str, atom: Atom) -> str:
    """A year that ends the question, with what joins it."""
    return text[max(0, atom.start - 6) : atom.start] + "\x00" + text[atom.end :]


def in_latest_year(atom: Atom, clock: Clock) -> Atom:
    """The atom in the latest year that has it."""
    if atom.last and atom.is_cumulative:
        year = latest_over(atom.last, clock.today).year
    elif atom.ends:
        year = latest_begun(atom.stretch.at_end(), clock.today).year
    else:
        year = latest_begun(atom.stretch, clock.today).year
    return in_year(atom, Stretch("year", year), clock)


def in_year(atom: Atom, year: Stretch, clock: Clock) -> Atom:
    """The atom in the year that `year` lies in."""
    start = clock.fiscal_year_start
    whole = Stretch("year", year.year, 1, year.is_fiscal)
    last = atom.last and atom.last.in_year(whole, start)
    return replace(atom, stretch=atom.stretch.in_year(whole, start), last=last)


def day_order(stretch: Stretch) -> int:
    """Where in its year a stretch starts, in days or so."""
    if stretch.grain == "day":
        return stretch.index
    return {"year": 0, "half": 600, "quarter": 300, "month": 100, "week": 23}[stretch.grain] * (stretch.index - 1) + 100


def _opens_range(text: str, atom: Atom, following: Atom) -> bool:
    """Whether two parts are the ends of one range, the second of which has its year."""
    is_part = atom.stretch.grain != "year" and following.stretch.grain == atom.stretch.grain
    return is_part and not atom.last and bool(RANGE.fullmatch(text[atom.end : following.start]))


def _takes_year(text: str, atoms: Sequence[Atom], later: Atom, clock: Clock) -> bool:
    """Whether the year of `later` is that of the first atom too, which is joined to it: March and June 2025.

    It is not in 6月末和去年12月末, which says the year before its part; nor in "June with June last year"; nor in
    "end June against end December last year", where the latest June is as near.
    """
    atom = atoms[0]
    if not _is_linked(text, atoms, later):
        return False
    if atom.stretch.grain != later.stretch.grain or RANGE.fullmatch(text[atom.end : atoms[1].start]):
        return True
    latest = in_latest_year(atom, clock).stretch
    if latest.year is None or later.stretch.year is None or latest.year <= later.stretch.year:
        return True
    if _is_ahead(latest, clock):
        return True
    if later.year_said == "before" or atom.stretch.index == later.stretch.index:
        return False
    if not _AGAINST.fullmatch(text[atom.end : later.start]) or not _is_closed(atom, later):
        return True
    after = day_order(later.stretch) - day_order(atom.stretch)
    back = (latest.year - later.stretch.year) * _YEAR - after
    # Days are told in hundreds a month: 30 June and 31 December are half a year apart.
    after, back = round(after / 100), round(back / 100)
    return 0 < after < back or (after == back and atom.stretch.grain in ("quarter", "half"))


def _is_ahead(stretch: Stretch, clock: Clock) -> bool:
    """Whether it starts after the last month that is loaded."""
    return stretch.grain in MONTHS_IN and stretch.months()[0] > clock.last_month()


def _is_closed(atom: Atom, later: Atom) -> bool:
    """Whether a year counted from now is said, or both are dates at which a figure stands."""
    return later.is_relative or all(a.ends or a.stretch.grain == "day" for a in (atom, later))


def _is_linked(text: str, atoms: Sequence[Atom], target: Atom) -> bool:
    """Whether only joining words stand between the first atom and `target`."""
    for one, other in pairwise(atoms):
        gap = text[one.end : other.start]
        if not (RANGE.fullmatch(gap) or AND.fullmatch(gap)):
            return False
        if other is target:
            return True
    return False
