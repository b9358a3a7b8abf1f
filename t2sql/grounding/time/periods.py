# ruff: noqa: E501
"""Finds time expressions in a question, in Chinese and English, and tells them as period literals.

Years are inherited along the sentence (2024年一季度和二季度), ranges take both ends, relative words count from the clock
that is passed in. Never takes amounts (2024万元), loan terms (5年以上) or comparisons (去年同期) for periods, and never
asks the machine for the date.

Looked at and left: dateparser (BSD) reads instants, not periods: 2024Q2 becomes April, 上季末 and "last quarter" nothing,
a loan's "5 years" a date; jionlp (Apache-2.0, Chinese only) and recognizers-text-suite (MIT, broken): see `numerals`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from t2sql.catalog import Grain
from t2sql.flow import Period, Span
from t2sql.grounding.names.comparisons import find_cues
from t2sql.grounding.numbers.numerals import EN_WORD, read_integer
from t2sql.grounding.time.calendars import Clock, Stretch, in_one_grain, is_month_end, month_stretch
from t2sql.grounding.time.period_atoms import AND, RANGE, Atom, day_order, fill_years, join_pieces, share_ends
from t2sql.grounding.time.period_words import bare_year_ends, find_pieces, find_time_words
from t2sql.grounding.words.text import Folded, fold

_BETWEEN = re.compile(r"\bbetween (?:the )?(?:end of )?$|(?:介于|在)$")
_SINCE_AFTER = re.compile(
    r"(?:以来|至今|起(?!点|始)|开始|到现在|至目前|到目前|到今天)|\s*(?:to date|onwards?|to now|to present|till now|until now|through today)\b"
)
_SINCE_BEFORE = re.compile(r"\b(?:since|from)(?: the)?(?: end of)? $")
_CUMULATIVE = re.compile(r"\s*(?:期间)?(?:的)?累计")
_AS_OF = re.compile(r"(?:截至|截止|截止到|截至到|as of|as at|at)\s*(?:the )?$")
_ENDED = re.compile(
    rf"\b(?:(?P<u>year|half|quarter)(?:[- ]year)?|(?P<n>\d{{1,2}}|{EN_WORD}) months)[- ](?:ended|ending|to)\s*(?:the )?$"
)


def find_periods(
    text: str | Folded, today: date, last_loaded: date | None, fiscal_year_start: int = 1
) -> tuple[Period, ...]:
    """Periods that `text` names, in its order, as literals; spans are offsets into `text` itself. () when it names none."""
    folded = fold(text)
    clock = Clock(today, last_loaded, fiscal_year_start)
    atoms = share_ends(folded.text, join_pieces(folded.text, find_pieces(folded.text, clock)))
    atoms = fill_years(folded.text, atoms, today)
    if any(not atom.only_alone for atom in atoms):
        atoms = [atom for atom in atoms if not atom.only_alone]
    periods: list[Period] = []
    index = 0
    while index < len(atoms):
        atom, following = atoms[index], atoms[index + 1] if index + 1 < len(atoms) else None
        if following and _is_range(folded.text, atom, following):
            periods.append(_range(folded, atom, following, clock))
            index += 2
            continue
        periods.append(_single(folded, atom, clock))
        index += 1
    taken = [(a.start, a.end) for a in atoms] + [(cue.start, cue.end) for cue in find_cues(folded.text)]
    for start, end in bare_year_ends(folded.text, taken):
        if not periods:
            year_end = f"{today.year - 1}-12"
            periods.append(Period(folded.span(start, end), "month", year_end, year_end))
    return tuple(_without_containers(folded.text, _distinct(periods)))


def _without_containers(text: str, periods: list[Period]) -> list[Period]:
    """ "this year … for H1": a year said apart from its own part only places it; said in one list both are asked."""
    years = {p.first: p for p in periods if p.grain == "year" and p.first == p.last}
    parts = [p for p in periods if p.grain != "year" and p.first[:4] == p.last[:4] in years]
    placing = {p.first[:4] for p in parts if not any(AND.fullmatch(_between(text, p, y)) for y in years.values())}
    return [p for p in periods if not (p.first in placing and years.get(p.first) is p)]


def _between(text: str, one: Period, other: Period) -> str:
    first, second = sorted((one.span, other.span), key=lambda s: s.start)
    return text[first.end : second.start]


def time_spans(text: str | Folded, today: date) -> tuple[Span, ...]:
    """Where words of time stand, those included that name no period of their own (当月 beside a month)."""
    folded = fold(text)
    return tuple(folded.span(p.start, p.end) for p in find_time_words(folded.text, Clock(today, None)))


def _is_range(text: str, atom: Atom, following: Atom) -> bool:
    gap = text[atom.end : following.start]
    if atom.last or following.last or atom.is_same or following.is_same:
        return False
    if RANGE.fullmatch(gap):
        return not re.search(r"(?:compare\w*|relative|prior|up|down)\s*$", text[: atom.start])
    return bool(
        gap.strip() in ("and", "和", "与") and _BETWEEN.search(text[: atom.start]) and "between" in text[: atom.start]
    )


def _range(folded: Folded, atom: Atom, following: Atom, clock: Clock) -> Period:
    first = atom.stretch if atom.starts or not atom.ends else atom.stretch.at_end(clock.fiscal_year_start)
    if atom.starts and atom.stretch.grain == "year":
        first = Stretch("month", atom.stretch.year, 1)
    last = following.stretch.at_end(clock.fiscal_year_start) if following.ends else following.stretch
    if first.is_fiscal == last.is_fiscal and not first.is_fiscal:
        first, last = in_one_grain(first, last)
    match = _CUMULATIVE.match(folded.text, following.end)
    is_cumulative = bool(match) and first.year == last.year and day_order(first) == 100
    end = match.end() if match and is_cumulative else following.end
    return Period(folded.span(atom.start, end), first.grain, first.literal(), last.literal(), is_cumulative)


def _ended(folded: Folded, atom: Atom) -> Period | None:
    """The quarter ended 30 June 2025, nine months to September 2025."""
    match = _ENDED.search(folded.text[: atom.start])
    stretch = atom.stretch
    if not match or stretch.year is None or stretch.grain not in ("day", "month"):
        return None
    month = stretch.year * 12 + (stretch.index // 100 if stretch.grain == "day" else stretch.index) - 1
    count = {"year": 12, "half": 6, "quarter": 3}[match["u"]] if match["u"] else read_integer(match["n"]) or 0
    first, last = month_stretch(month - max(count, 1) + 1), month_stretch(month)
    if match["u"] and (month + 1) % count == 0:
        grain: Grain = match["u"]  # type: ignore[assignment]
        first = last = Stretch(grain, last.year, last.index // count)
    return Period(folded.span(match.start(), atom.end), first.grain, first.literal(), last.literal())


def _single(folded: Folded, atom: Atom, clock: Clock) -> Period:
    if ended := _ended(folded, atom):
        return ended
    text, stretch, end = folded.text, atom.stretch, atom.end
    if atom.ends:
        stretch = stretch.at_end(clock.fiscal_year_start)
    elif atom.starts and stretch.grain in ("year", "quarter", "month"):
        stretch = month_stretch(stretch.months()[0] - 1)
    elif is_month_end(stretch) and _AS_OF.search(text[: atom.start]):
        stretch = stretch.at_end() if stretch.grain != "day" else Stretch("month", stretch.year, stretch.index // 100)
    if atom.last:
        return Period(
            folded.span(atom.start, end), stretch.grain, stretch.literal(), atom.last.literal(), atom.is_cumulative
        )
    since = _SINCE_AFTER.match(text, end)
    if since or (_SINCE_BEFORE.search(text[: atom.start]) and "since" in text[: atom.start].split()[-4:]):
        first = Stretch("month", atom.stretch.year, 1) if atom.starts and atom.stretch.grain == "year" else atom.stretch
        if atom.ends:
            first = stretch
        opened, now = in_one_grain(first, clock.latest_month())
        if not opened.is_fiscal and opened.grain == "month" and opened.months() <= now.months():
            return Period(
                folded.span(atom.start, since.end() if since else end), "month", opened.literal(), now.literal()
            )
        if opened.grain == "day" and clock.last_loaded:
            last = clock.last_loaded.isoformat()
            return Period(
                folded.span(atom.start, since.end() if since else end),
                "day",
                opened.literal(),
                max(last, opened.literal()),
            )
    return Period(folded.span(atom.start, end), stretch.grain, stretch.literal(), stretch.literal(), atom.is_cumulative)


def _distinct(periods: Sequence[Period]) -> list[Period]:
    seen: dict[tuple[str, str, str], Period] = {}
    for period in periods:
        seen.setdefault((period.grain, period.first, period.last), period)
    return list(seen.values())
