"""Finds time expressions in a question, in Chinese and English, and tells them as period literals.

Years are inherited along the sentence (2024年一季度和二季度), ranges take both ends, relative words count from the clock
that is passed in. Never takes amounts (2024万元), loan terms (5年以上) or comparisons (去年同期) for periods, and never
asks the machine for the date.

Looked at and left: dateparser (BSD) reads instants, not periods: 2024Q2 becomes April, 上季末 and "last quarter" nothing,
a loan's "5 years" a date; jionlp (Apache-2.0, Chinese only) and recognizers-text-suite (MIT, broken): see `numerals`.
"""

# ruff: noqa: E501
# A pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from t2sql.flow import Period, Span
from t2sql.grounding.names.comparisons import find_cues
from t2sql.grounding.numbers.numerals import read_integer
from t2sql.grounding.time.against_now import with_now
from t2sql.grounding.time.anchors import AS_OF, anchored
from t2sql.grounding.time.bare_ends import bare_ends
from t2sql.grounding.time.calendars import Clock, Stretch, in_one_grain, is_month_end, month_stretch
from t2sql.grounding.time.grain_words import find_grain_words
from t2sql.grounding.time.inherited_years import day_order, fill_years
from t2sql.grounding.time.period_atoms import AND, RANGE, Atom, join_pieces, share_ends
from t2sql.grounding.time.period_words import find_pieces, find_time_words
from t2sql.grounding.time.said_lengths import with_lengths
from t2sql.grounding.time.spreading import spread
from t2sql.grounding.words.text import Folded, fold

_BETWEEN = re.compile(r"\bbetween (?:the )?(?:end of )?$|(?:介于|在)$")
_SINCE_AFTER = re.compile(
    r"(?:以来|至今|起(?!点|始)|开始|到现在|至目前|到目前|到今天)|\s*(?:to date|onwards?|(?:up )?to (?:now|today|the present)|to present|till now|until now|through today)\b"
)
_FROM_ON = re.compile(r"\s*on(?=\s*(?:$|[,.;:?)]|(?:by|per|for|in|at|split|broken)\b))")
_STARTING = re.compile(r"\b(?:starting|beginning|commencing|effective)(?: in| from| with| on)? (?:the )?$")
_UP_TO = re.compile(r"\b(?:up (?:to|until|till)|until|till|through|thru)(?: and including)? (?:the )?$")
_OPENS = re.compile(r"(?:起自|起于|始于|始自|开始于|\b(?:starting|beginning)(?: in| with)? )$")
_CLOSES = re.compile(r"\s*(?:为止|止)")
_TO_DATE = re.compile(r",?\s*(?:ytd|year[- ]to[- ]date|to date)\b")
_THAT_DAY = re.compile(r"\s*(?:的)?(?:当天|当日|那天|那一天|这一?天|日终|终了)")
# Beside a window, in brackets or after 即: the same once more, written out.
_RESTATED = re.compile(r"\s*[(:]?\s*(?:即|也就是|i\.e\.?,?|that is,?|namely)?\s*")
_AND_ITS = re.compile(r"\s*,?\s*(?:and|及其?|以及|和)\s*(?:for |in |of )?(?:its|the|其)?\s*")
_SENTENCE = re.compile(r"[。！!]|\.\s")
_SINCE_BEFORE = re.compile(r"\b(?:since|from)(?: the)?(?: end of)? $")
_CUMULATIVE = re.compile(r"\s*(?:期间)?(?:的)?累计")
# "2024和2025两年", "23、24、25三年": how many were listed.
_HOW_MANY = re.compile(r"(?:这|前后|共)*(?P<n>[两二三四五六])个?(?P<u>年度?|季度|月)(?:份)?(?!期|以|前|后|末|初|底)")
_HOW_MANY_BEFORE = re.compile(
    r"\b(?:the |these )?(?P<n>two|three|four|five) (?:calendar )?(?:years|quarters|months)(?: of|:|,)? $"
)


def find_periods(
    text: str | Folded,
    today: date,
    last_loaded: date | None,
    fiscal_year_start: int = 1,
    *,
    stands_alone: bool = True,
) -> tuple[Period, ...]:
    """Periods that `text` names, in its order, as literals; spans are offsets into `text` itself. () when it names none.

    `stands_alone`: what a date is set against, where no other is said, is the latest; in a follow-up it was said before.
    """
    folded = fold(text)
    clock = Clock(today, last_loaded, fiscal_year_start)
    atoms = join_pieces(folded.text, find_pieces(folded.text, clock), fiscal_year_start)
    atoms = spread(folded.text, share_ends(folded.text, atoms), clock)
    atoms = anchored(folded.text, fill_years(folded.text, atoms, clock), clock)
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
    periods = with_lengths(folded, _restated(folded, atoms, periods))
    periods = _counted(folded, _without_containers(folded.text, _distinct(periods)))
    periods = periods or list(_bare(folded, atoms, clock))
    return tuple(with_now(folded, periods, clock) if stands_alone else periods)


def time_spans(text: str | Folded, today: date) -> tuple[Span, ...]:
    """Where words of time stand, those included that name no period of their own (当月 beside a month)."""
    folded = fold(text)
    return tuple(folded.span(p.start, p.end) for p in find_time_words(folded.text, Clock(today, None)))


def _bare(folded: Folded, atoms: Sequence[Atom], clock: Clock) -> tuple[Period, ...]:
    """年末 or month-end alone; () beside a grain, which asks for each of them."""
    grains = find_grain_words(folded.text)
    taken = [(a.start, a.end) for a in atoms] + [(cue.start, cue.end) for cue in find_cues(folded.text)]
    if grains:
        return ()
    found = (
        Period(folded.span(start, end), "month", at.literal(), at.literal())
        for start, end, at in bare_ends(folded.text, taken, clock)
    )
    return tuple(_distinct(list(found))[:1])


def _without_containers(text: str, periods: list[Period]) -> list[Period]:
    """ "this year … for H1": a year said apart from its own part only places it; said in one list, or in a sentence of its
    own, both are asked.
    """
    years = {p.first: p for p in periods if p.grain == "year" and p.first == p.last}
    parts = [p for p in periods if p.grain != "year" and p.first[:4] == p.last[:4] in years]
    placing = {p.first[:4] for p in parts if not any(_is_apart(text, p, y) for y in years.values())}
    return [p for p in periods if not (p.first in placing and years.get(p.first) is p)]


def _is_apart(text: str, part: Period, year: Period) -> bool:
    gap = _between(text, part, year)
    told = part.span.start < year.span.start and _SENTENCE.search(text[part.span.end - 1 : year.span.start])
    return bool(AND.fullmatch(gap) or _AND_ITS.fullmatch(gap) or told)


def _between(text: str, one: Period, other: Period, folded: Folded | None = None) -> str:
    first, second = sorted((one.span, other.span), key=lambda s: s.start)
    if folded is None:
        return text[first.end : second.start]
    places = [at for at, start in enumerate(folded.starts) if first.end <= start < second.start]
    return text[places[0] : places[-1] + 1] if places else ""


def _restated(folded: Folded, atoms: Sequence[Atom], periods: list[Period]) -> list[Period]:
    """近三年（2023—2025年）: the years written out, with the words of the window."""
    windows = {folded.span(a.start, a.end) for a in atoms if a.window}
    kept: list[Period] = []
    for period in periods:
        before = kept[-1] if kept else None
        gap = _between(folded.text, before, period, folded) if before and before.span in windows else ""
        if before and gap.strip() and _RESTATED.fullmatch(gap) and period.grain in ("year", "quarter", "month"):
            kept[-1] = replace(period, span=Span(before.span.start, period.span.end))
            continue
        kept.append(period)
    return kept


def _counted(folded: Folded, periods: list[Period]) -> list[Period]:
    """The words that only count the listed periods belong to the last of them, or to the first: 2024和2025两年."""
    if len(periods) < 2:
        return periods
    first, last = periods[0], periods[-1]
    starts = {start: at for at, start in enumerate(folded.starts)}
    end = next((at + 1 for at, finish in enumerate(folded.ends) if finish >= last.span.end), len(folded.text))
    if (match := _HOW_MANY.match(folded.text, end)) and read_integer(match["n"]) == len(periods):
        periods = [*periods[:-1], replace(last, span=Span(last.span.start, folded.span(*match.span()).end))]
    before = _HOW_MANY_BEFORE.search(folded.text[: starts.get(first.span.start, 0)])
    if before and read_integer(before["n"]) == len(periods):
        opened = Span(folded.span(*before.span()).start, periods[0].span.end)
        periods = [replace(periods[0], span=opened), *periods[1:]]
    return periods


def _is_range(text: str, atom: Atom, following: Atom) -> bool:
    gap = text[atom.end : following.start]
    if atom.last or following.last or atom.is_same or following.is_same:
        return False
    if RANGE.fullmatch(gap):
        return not re.search(r"(?:compare\w*|relative|prior|up|down)\s*$", text[: atom.start])
    opens = _BETWEEN.search(text[: atom.start])
    closes = opens and ("between" in opens[0] or re.match(r"\s*之间", text[following.end :]))
    return bool(closes) and gap.strip() in ("and", "and the", "和", "与")


def _range(folded: Folded, atom: Atom, following: Atom, clock: Clock) -> Period:
    start = clock.fiscal_year_start
    first = atom.stretch if atom.starts or not atom.ends else atom.stretch.at_end(start)
    if atom.starts and atom.stretch.grain == "year":
        first = month_stretch(atom.stretch.months(start)[0])
    last = following.stretch.at_end(start) if following.ends else following.stretch
    if atom.ends == "before" and atom.stretch.grain == "year" and following.is_plain_year:
        # Year-end 2023 through 2025: the end of each.
        first = atom.stretch
    if first.grain != last.grain or first.is_fiscal != last.is_fiscal:
        first, last = in_one_grain(_calendar(first, start, 0), _calendar(last, start, 1))
    match = _CUMULATIVE.match(folded.text, following.end)
    is_cumulative = bool(match) and first.year == last.year and day_order(first) == 100
    end = match.end() if match and is_cumulative else following.end
    opens, closes = _OPENS.search(folded.text[: atom.start]), _CLOSES.match(folded.text, end)
    begun = opens.start() if opens else atom.start
    return Period(
        folded.span(begun, closes.end() if closes else end), first.grain, first.literal(), last.literal(), is_cumulative
    )


def _calendar(stretch: Stretch, fiscal_year_start: int, side: int) -> Stretch:
    """A fiscal stretch as its first (0) or last (1) month; any other stays."""
    return month_stretch(stretch.months(fiscal_year_start)[side]) if stretch.is_fiscal else stretch


def _single(folded: Folded, atom: Atom, clock: Clock) -> Period:
    text, stretch, end = folded.text, atom.stretch, atom.end
    if stretch.grain == "day" and (that := _THAT_DAY.match(text, end)):
        end = that.end()
    fiscal_start = clock.fiscal_year_start
    if atom.is_plain_year and stretch.year == clock.today.year and (to_date := _TO_DATE.match(text, end)):
        literal = stretch.literal()
        return Period(folded.span(atom.start, to_date.end()), "year", literal, literal, is_cumulative=True)
    if atom.ends:
        stretch = stretch.at_end(fiscal_start)
    elif atom.starts and stretch.grain in ("year", "quarter", "month"):
        stretch = month_stretch(stretch.months(fiscal_start)[0] - 1)
    elif is_month_end(stretch) and AS_OF.search(text[: atom.start]):
        stretch = Stretch("month", stretch.year, stretch.index // 100)
    if atom.last:
        return Period(
            folded.span(atom.start, end), stretch.grain, stretch.literal(), atom.last.literal(), atom.is_cumulative
        )
    return (
        _since(folded, atom, stretch, clock)
        or _up_to(folded, atom, stretch, clock)
        or Period(folded.span(atom.start, end), stretch.grain, stretch.literal(), stretch.literal(), atom.is_cumulative)
    )


def _since(folded: Folded, atom: Atom, stretch: Stretch, clock: Clock) -> Period | None:
    """2024年以来, "since March 2025": from there to the last that is loaded; None where nothing says since."""
    text = folded.text
    since = _SINCE_AFTER.match(text, atom.end)
    if not since and re.search(r"\bfrom (?:the )?$", text[: atom.start]):
        since = _FROM_ON.match(text, atom.end)
    if (
        not since
        and not _STARTING.search(text[: atom.start])
        and not (_SINCE_BEFORE.search(text[: atom.start]) and "since" in text[: atom.start].split()[-4:])
    ):
        return None
    opened = stretch if atom.ends else atom.stretch
    if atom.starts and atom.stretch.grain == "year":
        opened = month_stretch(atom.stretch.months(clock.fiscal_year_start)[0])
    opened, now = in_one_grain(_calendar(opened, clock.fiscal_year_start, 0), clock.latest_month())
    span = folded.span(atom.start, since.end() if since else atom.end)
    if opened.grain == "month" and opened.months() <= now.months():
        return Period(span, "month", opened.literal(), now.literal())
    if opened.grain == "day" and clock.last_loaded:
        return Period(span, "day", opened.literal(), max(clock.last_loaded.isoformat(), opened.literal()))
    return None


def _up_to(folded: Folded, atom: Atom, stretch: Stretch, clock: Clock) -> Period | None:
    """ "up to May", "through Q2": this year's part up to its end; None for another year, whose start nobody said."""
    match = _UP_TO.search(folded.text[: atom.start])
    if (
        match is None
        or stretch.is_fiscal
        or stretch.year != clock.today.year
        or stretch.grain not in ("month", "quarter")
    ):
        return None
    first = replace(stretch, index=1)
    span = folded.span(match.start(), atom.end)
    return Period(span, stretch.grain, first.literal(), stretch.literal(), is_cumulative=first != stretch)


def _distinct(periods: Sequence[Period]) -> list[Period]:
    seen: dict[tuple[str, str, str], Period] = {}
    for period in periods:
        seen.setdefault((period.grain, period.first, period.last), period)
    return list(seen.values())
