"""Lists of years and lists of parts that belong to each other: 2024年和2025年的3月末、6月末, "Q1 of 2024 and 2025".

Each year gets each part. Never spreads a part over a year that may as well stand for itself: 2022年、2023年和2024年上半年.
"""

# ruff: noqa: E501
# A pattern or a call broken over lines is read less well than a long one.

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from t2sql.catalog import Grain
from t2sql.grounding.time.calendars import MONTHS_IN, Clock, Stretch, month_stretch
from t2sql.grounding.time.inherited_years import in_latest_year, in_year
from t2sql.grounding.time.period_atoms import AND, RANGE, Atom

_WHOLE = re.compile(r"全年|年度|full|whole")
_JOINED_ZH = ("和", "与", "跟", "及", "以及", "对比", "比", "and", "&", "vs", "vs.", "versus")
_OF_EACH = re.compile(r"\s*(?:的|里|中)?(?:各年|每年|历年)?(?:的)?\s*")
_EACH_YEAR = re.compile(r"\s*(?:的|里|中|间|之间)?(?:各年|每年|历年)(?:的)?\s*")
_IN_EACH = re.compile(r"\s*(?:of|in|for|over|during|at|,)?\s*(?:each of )?(?:the )?")
_ENDS = re.compile(r"(?:的)?(?P<u>年|季度|季|月)?(?:末|底)|[- ]ends?\b(?! of)")
_ENDS_OF = re.compile(r"\b(?P<u>year|quarter|month)[- ]end (?:of|for|in|over) (?:each of )?(?:the )?$")
_UNITS: dict[str, Grain] = {
    "年": "year", "季度": "quarter", "季": "quarter", "月": "month", "year": "year", "quarter": "quarter", "month": "month",
}  # fmt: skip
_MOST_ENDS = 12


def spread(text: str, atoms: list[Atom], clock: Clock) -> list[Atom]:
    """The atoms with every year given every part that it shares; each keeps the words of the whole list."""
    made: list[Atom] = []
    index = 0
    while index < len(atoms):
        found = (
            _ends_of_window(text, atoms, index, clock)
            or _years_of_window(text, atoms, index, clock)
            or _window_after(text, atoms, index, clock)
            or _range_then_parts(text, atoms, index, clock)
            or _years_then_parts(text, atoms, index, clock)
            or _parts_then_years(text, atoms, index, clock)
        )
        made += found[0] if found else [atoms[index]]
        index += found[1] if found else 1
    return made


_Made = tuple[list[Atom], int]


def _ends_of_window(text: str, atoms: Sequence[Atom], index: int, clock: Clock) -> _Made | None:
    """近三年年末, 近四个季末, "year-end of the last three years": the last so many ends."""
    atom = atoms[index]
    match = _ENDS.match(text, atom.end) or _ENDS_OF.search(text[: atom.start])
    if atom.window is None or match is None or atom.window.grain not in MONTHS_IN:
        return None
    unit = _UNITS.get(match["u"] or "", atom.window.grain)
    step = MONTHS_IN[unit]
    count = atom.window.count * MONTHS_IN[atom.window.grain] // step
    if not 0 < count <= _MOST_ENDS:
        return None
    latest = (clock.last_month() + 1) // step * step - 1
    single = replace(atom, start=min(atom.start, match.start()), end=max(atom.end, match.end()), last=None, window=None)
    ends = [month_stretch(latest - step * back) for back in range(count - 1, -1, -1)]
    return [replace(single, stretch=end) for end in ends], 1


def _years_of_window(text: str, atoms: Sequence[Atom], index: int, clock: Clock) -> _Made | None:
    """近三年一季度: the last so many first quarters."""
    window = atoms[index].window
    if window is None or window.grain != "year" or window.count > _MOST_ENDS or index + 1 >= len(atoms):
        return None
    if not _OF_EACH.fullmatch(text[atoms[index].end : atoms[index + 1].start]):
        return None
    parts, used = _parts(text, atoms, index + 1)
    if not parts or any(part.has_year for part in parts):
        return None
    return _each(_latest_years(parts, window.count, clock), parts, (atoms[index], atoms[index + used]), clock), used + 1


def _window_after(text: str, atoms: Sequence[Atom], index: int, clock: Clock) -> _Made | None:
    """Q1 of the last three years, year-end of each of the past three years."""
    parts, used = _parts(text, atoms, index)
    following = index + used
    if not parts or any(part.has_year for part in parts) or following >= len(atoms):
        return None
    window = atoms[following].window
    if window is None or window.grain != "year" or window.count > _MOST_ENDS:
        return None
    gap = text[atoms[following - 1].end : atoms[following].start]
    if not gap.strip() or not _IN_EACH.fullmatch(gap):
        return None
    return _each(_latest_years(parts, window.count, clock), parts, (atoms[index], atoms[following]), clock), used + 1


def _range_then_parts(text: str, atoms: Sequence[Atom], index: int, clock: Clock) -> _Made | None:
    """2023-2025年每年一季度: from one year to another, and a part of each."""
    first, last = atoms[index], atoms[index + 1] if index + 1 < len(atoms) else None
    if last is None or not (first.is_plain_year and last.is_plain_year and RANGE.fullmatch(_gap(text, atoms, index))):
        return None
    opened, closed = first.stretch.year or 0, last.stretch.year or 0
    if not 0 < closed - opened < _MOST_ENDS or not _EACH_YEAR.fullmatch(_gap(text, atoms, index + 1)):
        return None
    parts, used = _parts(text, atoms, index + 2)
    if not parts or any(part.has_year for part in parts):
        return None
    years = [replace(first.stretch, year=year) for year in range(opened, closed + 1)]
    return _each(years, parts, (first, atoms[index + used + 1]), clock), used + 2


def _years_then_parts(text: str, atoms: Sequence[Atom], index: int, clock: Clock) -> _Made | None:
    """2024年和2025年的3月末、6月末: plain years, the last of which has a part said after it."""
    if index and atoms[index - 1].is_plain_year and AND.fullmatch(_gap(text, atoms, index - 1)):
        return None
    years: list[Atom] = []
    at = index
    while at + 1 < len(atoms) and atoms[at].is_plain_year and AND.fullmatch(_gap(text, atoms, at)):
        years.append(atoms[at])
        at += 1
    if any(y.stretch.year == atoms[at].stretch.year for y in years):
        # 2025年和2025年上半年: a year beside its own half is asked for itself.
        return None
    if not years or atoms[at].year_said != "before" or any(_WHOLE.search(text[y.start : y.end]) for y in years):
        return None
    gaps = [_gap(text, atoms, i).strip() for i in range(index, at)]
    is_of_all = "的" in text[atoms[at].start : atoms[at].end] or text[years[-1].end - 1].isdigit()
    if not is_of_all and (len(years) > 1 or gaps[0] not in _JOINED_ZH):
        return None
    parts, used = _parts(text, atoms, at)
    if not parts or any(part.has_year for part in parts[1:]):
        return None
    return _each([*(y.stretch for y in years), parts[0].stretch], parts, (years[0], atoms[at + used - 1]), clock), (
        at - index + used
    )


def _parts_then_years(text: str, atoms: Sequence[Atom], index: int, clock: Clock) -> _Made | None:
    """March and June of 2024 and 2025: parts, the last of which has a year said after it, and more years."""
    parts, used = _parts(text, atoms, index, until_year=True)
    at = index + used
    if not parts or parts[-1].year_said != "after" or any(part.has_year for part in parts[:-1]):
        return None
    years: list[Atom] = []
    while at < len(atoms) and atoms[at].is_plain_year and AND.fullmatch(_gap(text, atoms, at - 1)):
        years.append(atoms[at])
        at += 1
    if not years or any(_WHOLE.search(text[y.start : y.end]) for y in years):
        return None
    if any(y.stretch.year == parts[-1].stretch.year for y in years):
        return None
    stretches = [parts[-1].stretch, *(y.stretch for y in years)]
    return _each(stretches, parts, (atoms[index], years[-1]), clock), at - index


def _parts(text: str, atoms: Sequence[Atom], index: int, *, until_year: bool = False) -> tuple[list[Atom], int]:
    """The list of parts of a year that starts at `index`, ranges in it as one; and how many atoms it takes.

    It ends before the next part that has a year of its own, with it where `until_year`.
    """
    parts: list[Atom] = []
    at = index
    while at < len(atoms):
        atom = atoms[at]
        is_first = at == index
        if (
            atom.stretch.grain == "year"
            or atom.window
            or atom.only_alone
            or (not is_first and atom.has_year and not until_year)
        ):
            break
        if not is_first and not AND.fullmatch(_gap(text, atoms, at - 1)):
            break
        following = atoms[at + 1] if at + 1 < len(atoms) else None
        if following and RANGE.fullmatch(_gap(text, atoms, at)):
            if atom.stretch.grain != following.stretch.grain or atom.last or following.last or following.has_year:
                return [], 0
            last = replace(following.stretch, year=atom.stretch.year)
            atom = replace(atom, end=following.end, last=last)
            at += 1
        parts.append(atom)
        at += 1
        if until_year and atom.has_year:
            break
    return parts, at - index


def _gap(text: str, atoms: Sequence[Atom], index: int) -> str:
    return text[atoms[index].end : atoms[index + 1].start] if index + 1 < len(atoms) else "\n"


def _latest_years(parts: Sequence[Atom], count: int, clock: Clock) -> list[Stretch]:
    latest = in_latest_year(parts[0], clock).stretch.year
    assert latest is not None
    return [Stretch("year", latest - back) for back in range(count - 1, -1, -1)]


def _each(years: Sequence[Stretch], parts: Sequence[Atom], whole: tuple[Atom, Atom], clock: Clock) -> list[Atom]:
    """Every part of every year; all of them stand where the whole list stands."""
    start, end = whole[0].start, whole[1].end
    return [replace(in_year(part, year, clock), start=start, end=end) for year in years for part in parts]
