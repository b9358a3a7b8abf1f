"""Windows that end at a said date instead of now: 截至2026年3月的近6个月, "twelve months to March", "the quarter ended 30 June"."""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from t2sql.catalog import Grain
from t2sql.grounding.numbers.numerals import EN_WORD
from t2sql.grounding.time.calendars import MONTHS_IN, Clock, Stretch, Window, day_stretch
from t2sql.grounding.time.period_atoms import RANGE, Atom
from t2sql.grounding.time.pieces import N, number
from t2sql.grounding.time.windows import GRAINS

# Up to when: the word before the anchor.
AS_OF = re.compile(r"(?:截至到?|截止到?|到|至|as of|as at|at)\s*(?:the )?$")
_TO_ANCHOR = re.compile(
    r"\s*[(,]?\s*(?:up )?(?:to|ended|ending|until|till|through|as of|as at|at|截至到?|截止到?)?\s*(?:the )?(?:end of )?"
)
_IN_YEAR = re.compile(r"\s*(?:of|in)\s*(?:the )?(?:year )?")
_OF_ANCHOR = re.compile(r"\s*(?:为止)?,?\s*的?(?:前|之前)?\s*")
_COUNTED_AFTER = re.compile(
    rf"(?:为止)?,?的?(?:前|之前)?(?:连续|滚动)?(?:(?P<n>{N})个?(?P<u>月|季度)|(?P<y>{N}|半)年)(?!期|以|末|底|初|度|报)"
)
_COUNTED_BEFORE = re.compile(
    rf"\b(?:the )?(?:(?:(?:full|financial|fiscal|calendar|reporting) )?(?P<u>year|half|quarter|month|week)(?:[- ]year)?|(?P<n>\d{{1,2}}|{EN_WORD})[- ](?P<k>months?|quarters?|weeks?|years?)(?: period)?)[- ](?:ended|ending|to)\s*(?:the )?(?:end of )?$"
)


_WEEK_OF = re.compile(r"\b(?:the )?week (?:of|beginning|starting|commencing|from)(?: the)? $")


def anchored(text: str, atoms: Sequence[Atom], clock: Clock) -> list[Atom]:
    """The atoms, with each window beside a date ended there and the date taken into it. Years are filled already."""
    made: list[Atom] = []
    index = 0
    while index < len(atoms):
        atom, following = atoms[index], atoms[index + 1] if index + 1 < len(atoms) else None
        found = None
        if following:
            gap = text[atom.end : following.start]
            is_until = AS_OF.search(text[: atom.start]) is not None
            if _is_listed(text, atoms, index + 1):
                # 近三年（2023—2025年）: what is written out ends no window.
                found = None
            elif atom.window and _is_anchor(following) and _ends_window(following, gap):
                found = _ended(atom.window, following, atom.start, following.end, clock)
            elif following.window and is_until and _is_anchor(atom) and _OF_ANCHOR.fullmatch(gap):
                found = _ended(following.window, atom, atom.start, following.end, clock)
        if found:
            made.append(found)
            index += 2
            continue
        before = atoms[index - 1] if index else None
        made.append((not _ends_range(text, before, atom) and _counted(text, atom, clock)) or atom)
        index += 1
    return made


def _ends_range(text: str, before: Atom | None, atom: Atom) -> bool:
    """Whether the atom only closes a range: "last year to June" after July, 2025年6月 of 2024年7月至2025年6月,一年间."""
    if before is None or before.window or before.last:
        return False
    return before.stretch.grain == atom.stretch.grain and bool(RANGE.fullmatch(text[before.end : atom.start]))


def _ends_window(anchor: Atom, gap: str) -> bool:
    """ "six months to March", "last three months of 2025"."""
    return bool(_TO_ANCHOR.fullmatch(gap) or (anchor.is_plain_year and _IN_YEAR.fullmatch(gap)))


def _is_listed(text: str, atoms: Sequence[Atom], index: int) -> bool:
    """Whether the atom opens a range or a list."""
    if index + 1 >= len(atoms) or atoms[index].window or atoms[index + 1].window:
        return False
    gap = text[atoms[index].end : atoms[index + 1].start]
    return bool(RANGE.fullmatch(gap)) or gap.strip() in ("、", "和", "及", "与")


def _is_anchor(atom: Atom) -> bool:
    return atom.last is None and atom.window is None and not atom.only_alone and not atom.starts


def _counted(text: str, atom: Atom, clock: Clock) -> Atom | None:
    """A count that is no window by itself: "nine months to September 2025", 截至2025年6月的12个月."""
    if not _is_anchor(atom):
        return None
    if atom.stretch.grain == "day" and (match := _WEEK_OF.search(text[: atom.start])):
        week = atom.stretch.last_day().isocalendar()
        return replace(atom, start=match.start(), stretch=Stretch("week", week.year, week.week))
    if (match := _COUNTED_BEFORE.search(text[: atom.start])) and (atom.stretch.grain in ("day", "month", "quarter")):
        grain: Grain = GRAINS[(match["u"] or match["k"])[0]]
        count = 1 if match["u"] else number(match["n"])
        return _ended(Window(count, grain, bool(match["u"])), atom, match.start(), atom.end, clock)
    if AS_OF.search(text[: atom.start]) and (match := _COUNTED_AFTER.match(text, atom.end)):
        counted = Window(number(match["n"]), GRAINS[match["u"][0]]) if match["u"] else _years(match["y"])
        return _ended(counted, atom, atom.start, match.end(), clock)
    return None


def _years(said: str) -> Window:
    return Window(1, "half") if said == "半" else Window(number(said), "year")


def _ended(window: Window, anchor: Atom, start: int, end: int, clock: Clock) -> Atom | None:
    day = anchor.stretch.at_end(clock.fiscal_year_start).last_day()
    single = replace(anchor, start=start, end=end, ends="", starts=False, last=None, window=None)
    if window.grain == "week" and window.count == 1:
        week = day.isocalendar()
        if day.isoweekday() >= 5:
            return replace(single, stretch=Stretch("week", week.year, week.week))
        return replace(single, stretch=day_stretch(day - timedelta(days=6)), last=day_stretch(day))
    found = replace(window, is_whole=False).stretches(clock, day)
    if found is None:
        return None
    first, last = found
    if window.is_whole and first.grain == "month":
        # The quarter ended 30 June is a quarter; the year ended 30 June is twelve months.
        length = MONTHS_IN[window.grain]
        if last.index % length == 0:
            return replace(single, stretch=Stretch(window.grain, last.year, last.index // length))
    return replace(single, stretch=first, last=last if last != first else None)
