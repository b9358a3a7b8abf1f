"""Days that a question limits, counted from the clock that is passed in: 2000年以前, 最近三年, "the last 6 months".

The calendar's way of an ad hoc question: 近五年 is this calendar year and the four before; "past 30 days" begins 30 days
ago; "the last 6 months, not including the current" are whole months. Never asks the machine for the date.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from t2sql.catalog import Grain
from t2sql.fields.linked import Stretch
from t2sql.fields.report_periods import report_dates
from t2sql.flow import Period, Span
from t2sql.grounding.numbers.numerals import read_integer
from t2sql.grounding.time.periods import find_periods
from t2sql.grounding.words.overlaps import overlaps
from t2sql.grounding.words.text import Folded

_N = r"(?P<n>\d{1,3}|[一二两三四五六七八九十]{1,3})"
_EN_N = r"(?P<n>\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|twelve|couple of)"
_YEAR = r"(?P<y>(?:19|20)\d\d)"
_ZH_SPAN = re.compile(
    rf"(?:最近|近|过去|这|近来|前|往前)(?:的)?{_N}个?(?P<unit>年|个?月|季度|周|天|日)(?:以?来|间|内|里|之内|以内)?(?!以前|之前|前|\s*[(（](?:19|20)\d\d)"
)
_ZH_AGO = re.compile(rf"(?<![近去这\d]){_N}年(?:以前|之前|前)")
_ZH_BEFORE = re.compile(rf"{_YEAR}年?(?:以前|之前|前(?![一二两三四五六七八九十\d]{{1,2}}个?(?:季度|月)))")
_ZH_PARTS = re.compile(
    rf"(?:{_YEAR}年?|(?P<word>去年|前年|今年|本年度?))的?前(?P<n>[一二两三四五六七八九十]{{1,2}}|\d{{1,2}})个?(?P<unit>季度|月)"
)
_ZH_SIDE = re.compile(rf"(?P<no>不)?(?P<side>[早先晚迟])于{_YEAR}年?(?![\d-]|\s*(?:1[0-2]|[1-9])月)")
_ZH_SINCE = re.compile(rf"(?:自|从)?{_YEAR}年?(?:以来|以后|之后|后|至今|到现在|起|开始|到今天|到目前)")
_ZH_YEAR = re.compile(
    r"(?P<word>大前年|前年|去年|上一年|上年度|上年(?!同)|今年|本年度?|当年|本年)(?:的|里|全年)?"
    r"(?:第?(?P<q>[一二三四1-4])季度?|(?P<h>[上下])半年|(?P<m>1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月份?)?"
)
_YEARS_BACK = {"大前年": 3, "前年": 2, "去年": 1, "上一年": 1, "上年度": 1, "上年": 1}
_WHOLE = r"(?P<whole>[^.?;]{0,12}?\(?(?:not including|excluding|exclude|does not include|without)[^.?;)]{0,30}(?:current|this) (?:week|month|quarter|year|calendar \w+)\)?)?"
_TODAY = re.compile(
    r"[\s,(]*(?:inclusive of|including|up to(?: and including)?|until|through|from|as of)?(?: and)?(?: of)? ?(?:today|now|current date|the current date)(?:['’]s date)?(?: included| inclusive)?\)?"
)
_EN_SPAN = re.compile(
    rf"\b(?:in |over |during |within |from )?(?:the )?(?:last|past|previous|prior|recent|most recent) (?:{_EN_N} )?(?P<calendar>(?:calendar |full |whole |complete |iso )*)(?P<unit>day|week|month|quarter|year)(?P<s>s?)\b{_WHOLE}"
)
_EN_NEXT = re.compile(
    rf"\b(?:within |in |over |during )?(?:the )?(?:next|coming|following) {_EN_N} (?P<unit>day|week|month|year)s?\b"
)
_EN_THIS = re.compile(r"\b(?:in |during )?(?:this|the current|current) (?P<unit>month|week|quarter|year)\b")
_EN_AGO = re.compile(
    rf"\b(?:(?P<side>more than|over|at least|longer than|earlier than|less than|fewer than|under|within|at most) )?{_EN_N} (?P<unit>day|week|month|year)s?(?P<more> or more| or longer)? ago\b"
)
_EN_SIDE = re.compile(
    r"\b(?P<side>before|prior to|earlier than|until|after|since|later than|from|on or after|on or before|by)(?: the)?(?: end of| start of| year)?\s*$"
)
_EN_ONWARD = re.compile(r"^\s*(?:onwards?|and (?:later|after|onwards)|or later|to date|until now)\b")
_OPEN = re.compile(r"\b(?:since|from|onwards?)\b|以来|至今|起|以后|之后")
_STARTS = ("since", "from", "on or after")


def find_stretches(folded: Folded, today: date) -> tuple[Stretch, ...]:
    """Stretches of days that a folded text names, in its order; () for none."""
    text = folded.text
    found: list[Stretch] = [*report_dates(folded, today)]

    def add(match: re.Match[str], first: date | None, last: date | None, grain: Grain) -> None:
        stretch = Stretch(folded.span(*match.span()), first, last, grain)
        if not any(overlaps(stretch.span, s.span) for s in found):
            found.append(stretch)

    for match in _ZH_SIDE.finditer(text):
        year, is_not = int(match["y"]), bool(match["no"])
        if (match["side"] in "早先") != is_not:
            add(match, None, date(year if is_not else year - 1, 12, 31), "year")
        else:
            add(match, date(year if is_not else year + 1, 1, 1), None, "year")
    for match in _ZH_PARTS.finditer(text):
        year = int(match["y"]) if match["y"] else today.year - _YEARS_BACK.get(match["word"], 0)
        months = (read_integer(match["n"]) or 0) * (3 if match["unit"] == "季度" else 1)
        if 1 <= months <= 12:
            add(match, date(year, 1, 1), date(year, months, monthrange(year, months)[1]), "quarter")
    for match in _ZH_BEFORE.finditer(text):
        add(match, None, date(int(match["y"]) - 1, 12, 31), "year")
    for match in _ZH_SINCE.finditer(text):
        is_after = re.search(r"之后|(?<!以)后$", match[0]) is not None and "以后" not in match[0]
        add(match, date(int(match["y"]) + is_after, 1, 1), None, "year")
    for match in _ZH_SPAN.finditer(text):
        count = read_integer(match["n"]) or 0
        if count:
            first, last, grain = _back(
                today, count, _UNITS[match["unit"].strip("个")], is_whole=False, is_calendar_year=True
            )
            add(match, first, last, grain)
    for match in _ZH_AGO.finditer(text):
        count = read_integer(match["n"]) or 0
        add(match, None, date(today.year - count - 1, 12, 31), "year")
    for match in _ZH_YEAR.finditer(text):
        add(match, *_within(match, today.year - _YEARS_BACK.get(match["word"], 0)))
    for match in _EN_SPAN.finditer(text):
        if not match["n"] and match["s"]:
            continue
        said = "two" if match["n"] == "couple of" else match["n"]
        is_whole = bool(match["whole"] or match["calendar"] or not said)
        first, last, grain = _back(today, read_integer(said) or 1 if said else 1, match["unit"], is_whole=is_whole)
        add(match, first, last, grain)
        beside = _TODAY.match(text, match.end())
        if beside is not None and found:
            said_too = Span(found[-1].span.start, folded.span(match.start(), beside.end()).end)
            found[-1] = Stretch(said_too, first, last, grain)
    for match in _EN_AGO.finditer(text):
        if match["side"] or match["more"]:
            add(match, *_ago(match, today))
    for match in _EN_NEXT.finditer(text):
        count, unit = read_integer("two" if match["n"] == "couple of" else match["n"]) or 1, match["unit"]
        days = {"day": count, "week": 7 * count}.get(unit)
        last = today + timedelta(days) if days else _earlier(today, -count * (12 if unit == "year" else 1))
        add(match, today, last, unit)  # type: ignore[arg-type]
    for match in _EN_THIS.finditer(text):
        unit = match["unit"]
        add(match, _start(today, unit), None, unit)  # type: ignore[arg-type]
    for period in find_periods(folded, today, None):
        if not period.dimension and not any(overlaps(period.span, s.span) for s in found):
            found.append(_with_side(folded, period, today))
    return tuple(sorted(found, key=lambda s: s.span.start))


_UNITS = {"年": "year", "月": "month", "季度": "quarter", "周": "week", "天": "day", "日": "day"}


def _start(day: date, unit: str) -> date:
    """The first day of the week, month, quarter or year that holds `day`."""
    if unit == "week":
        return day - timedelta(days=day.weekday())
    if unit == "month":
        return day.replace(day=1)
    if unit == "quarter":
        return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return date(day.year, 1, 1) if unit == "year" else day


def _earlier(day: date, months: int) -> date:
    """The same day so many months before, or the last of that month."""
    index = day.year * 12 + day.month - 1 - months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def _back(
    today: date, count: int, unit: str, *, is_whole: bool, is_calendar_year: bool = False
) -> tuple[date, date | None, Grain]:
    """First and last day of the last so many units."""
    grain: Grain = unit  # type: ignore[assignment]
    if is_calendar_year and unit == "year":
        return date(today.year - count + 1, 1, 1), None, grain
    if unit in ("day", "week"):
        days = count * (7 if unit == "week" else 1)
        if is_whole:
            end = _start(today, unit)
            return end - timedelta(days=days), end - timedelta(days=1), grain
        return today - timedelta(days=days), None, "day"
    months = count * _MONTHS[unit]
    if is_whole:
        end = _start(today, unit)
        return _earlier(end, months), end - timedelta(days=1), grain
    return _earlier(today, months), None, "day"


def _ago(match: re.Match[str], today: date) -> tuple[date | None, date | None, Grain]:
    """More than 10 days ago: until the day before the tenth; less than that: since the day after it."""
    count = read_integer("two" if match["n"] == "couple of" else match["n"]) or 1
    days = {"day": count, "week": 7 * count}.get(match["unit"])
    then = today - timedelta(days) if days else _earlier(today, count * _MONTHS[match["unit"]])
    side = match["side"] or "at least"
    if side in ("less than", "fewer than", "under"):
        return then + timedelta(days=1), None, "day"
    if side in ("within", "at most"):
        return then, None, "day"
    return None, then if side == "at least" else then - timedelta(days=1), "day"


def _within(match: re.Match[str], year: int) -> tuple[date, date, Grain]:
    """A year, or the part of it that a match names."""
    if match["q"]:
        quarter = read_integer(match["q"]) or 1
        return date(year, quarter * 3 - 2, 1), date(year, quarter * 3, monthrange(year, quarter * 3)[1]), "quarter"
    if match["h"]:
        return (
            (date(year, 1, 1), date(year, 6, 30), "half")
            if match["h"] == "上"
            else (date(year, 7, 1), date(year, 12, 31), "half")
        )
    month = read_integer(match["m"]) if match["m"] else None
    if month:
        return date(year, month, 1), date(year, month, monthrange(year, month)[1]), "month"
    return date(year, 1, 1), date(year, 12, 31), "year"


def _with_side(folded: Folded, period: Period, today: date) -> Stretch:
    """A period as days, open where a word beside it says before or after."""
    first, last = _days(period.first)[0], _days(period.last)[1]
    at = next((i for i, start in enumerate(folded.starts) if start >= period.span.start), 0)
    end = next((i + 1 for i, finish in enumerate(folded.ends) if finish >= period.span.end), len(folded.text))
    match = _EN_SIDE.search(folded.text[:at])
    if last >= today and _OPEN.search(folded.text[max(0, at - 10) : end]):
        return Stretch(period.span, first, None, period.grain)
    onward = _EN_ONWARD.match(folded.text[end:])
    if onward and period.first == period.last:
        return Stretch(folded.span(at, end + onward.end()), first, None, period.grain)
    if match is None or period.first != period.last:
        return Stretch(period.span, first, last, period.grain)
    span = folded.span(match.start(), end)
    side = match["side"]
    if side in _STARTS:
        return Stretch(span, first, None, period.grain)
    if side in ("after", "later than"):
        return Stretch(span, last + timedelta(days=1), None, period.grain)
    if side in ("until", "by", "on or before"):
        return Stretch(span, None, last, period.grain)
    return Stretch(span, None, first - timedelta(days=1), period.grain)


def _days(literal: str) -> tuple[date, date]:
    """First and last day of a period literal."""
    if match := re.fullmatch(r"(\d{4})-Q([1-4])", literal):
        year, month = int(match[1]), int(match[2]) * 3
        return date(year, month - 2, 1), date(year, month, monthrange(year, month)[1])
    if match := re.fullmatch(r"(\d{4})-H([12])", literal):
        year = int(match[1])
        return (date(year, 1, 1), date(year, 6, 30)) if match[2] == "1" else (date(year, 7, 1), date(year, 12, 31))
    if match := re.fullmatch(r"(\d{4})-W(\d\d)", literal):
        monday = date.fromisocalendar(int(match[1]), int(match[2]), 1)
        return monday, monday + timedelta(days=6)
    parts = [int(part) for part in re.findall(r"\d+", literal)]
    if len(parts) >= 3:
        return date(*parts[:3]), date(*parts[:3])
    if len(parts) == 2:
        return date(parts[0], parts[1], 1), date(parts[0], parts[1], monthrange(*parts[:2])[1])
    return date(parts[0], 1, 1), date(parts[0], 12, 31)
