"""The periods of a follow-up: steps from those asked before, years that it leaves out, and a range for a course of time.

Everything comes from literals and the words of the text; the clock has its say in the grounding alone.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from t2sql.catalog import Grain
from t2sql.conversation.cues import Shift
from t2sql.conversation.slots import NOWHERE
from t2sql.flow import Period

MONTHS: dict[str, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_COURSE: dict[str, int] = {"month": 12, "quarter": 4, "half": 4, "year": 3, "week": 12, "day": 31}
"""Periods that a course of time shows where only a point was asked."""
_LITERAL = re.compile(r"(FY)?(\d{4})(?:-(?:([QH])(\d)|(\d\d)(?:-(\d\d))?|W(\d\d)))?")
_DATED = re.compile(
    r"\d{4}|\d\d年|[今去本这当近现]|前(?!\d?[一二三四]?[个]?[季月])|上(?!半)|\b(?:this|last|past|current|previous|prior|recent|latest|now|today)\b|\bfy|\bytd|至今|以来|最新|year to date|to date"
)
_YEAR_BACK = re.compile(r"去年|上年|前年|\blast year\b|\bprevious year\b|\bprior year\b")
_DEICTIC_YEAR = re.compile(r"去年|上年|前年|今年|本年|\b(?:last|this|previous|prior|current) year\b")
_STEP_BACK = re.compile(r"上个?月|上个?季度?|上周|\blast (?:month|quarter|week|half)\b")
_ROLLING = re.compile(r"近|最近|过去|\b(?:last|past|previous|recent|trailing)\b")


def shifted(periods: Sequence[Period], shift: Shift, *, is_stock: bool) -> tuple[Period, ...]:
    """`periods` one step of `shift` on; () when there is no such step."""
    found = [_shifted(period, shift, is_stock=is_stock) for period in periods]
    return tuple(p for p in found if p) if all(found) else ()


def followed(
    said: Sequence[Period],
    text: str,
    before: Sequence[Period],
    *,
    is_stock: bool,
    is_course: bool,
    last_loaded: date | None,
) -> tuple[Period, ...]:
    """The periods that `text` means after a question about `before`; `before` is () where that named none.

    `is_course`: it asks to see them one by one, so that a year is meant whole.
    """
    plain = tuple(replace(p, span=NOWHERE) for p in said)
    if not before or len(said) != 1:
        return tuple(_inherited(p, text, q, before, last_loaded) for p, q in zip(plain, said, strict=True))
    period, words = plain[0], text[said[0].span.start : said[0].span.end]
    if period.grain == "year" and period.first == period.last and not period.is_cumulative:
        year = _in_year(before, period.first) if _is_part(before) and not is_course else ()
        is_point = is_stock and all(p.first == p.last for p in before)
        if year and (_DEICTIC_YEAR.search(words) or is_point) and _is_loaded(year, last_loaded):
            plain = year
        if _same(plain, before) and _YEAR_BACK.search(words):
            return shifted(before, Shift("year", -1), is_stock=is_stock)
        return plain
    if _STEP_BACK.search(words) and _same(plain, before):
        return shifted(before, Shift("period", -1), is_stock=is_stock)
    return (_inherited(period, text, said[0], before, last_loaded),)


def is_rolling(said: Sequence[Period], text: str) -> bool:
    """近5个月, "the last four quarters": several periods counted back."""
    if len(said) != 1 or said[0].first == said[0].last or said[0].is_cumulative:
        return False
    return bool(_ROLLING.search(text[said[0].span.start : said[0].span.end]))


def course(periods: Sequence[Period], grain: Grain) -> tuple[Period, ...]:
    """Periods for a course by `grain`: as they are where they hold two or more, else so many up to their end."""
    if len(periods) != 1 or not periods[0].last or _LITERAL.fullmatch(periods[0].last) is None:
        return tuple(periods)
    period = periods[0]
    if grain in MONTHS and period.grain == "day":
        period = Period(NOWHERE, "month", period.first[:7], period.last[:7])
    if grain in MONTHS and period.grain in MONTHS and not period.last.startswith("FY"):
        size = MONTHS[grain]
        first, after = _month(period.first), _month(period.last) + MONTHS[period.grain]
        if after - first >= 2 * size:
            return (period,)
        last = (after - 1) // size * size
        return (Period(NOWHERE, grain, _label(grain, last - (_COURSE[grain] - 1) * size), _label(grain, last)),)
    if grain == period.grain == "day" and period.first == period.last:
        end = date.fromisoformat(period.last)
        return (replace(period, first=(end - timedelta(days=_COURSE["day"] - 1)).isoformat()),)
    return (period,)


def same_grain(periods: Sequence[Period], grain: Grain | None) -> Grain | None:
    """`grain`, or None where a period is finer and the grain could not show it."""
    if grain is None or grain not in MONTHS:
        return grain
    return None if any(MONTHS.get(p.grain, 0) < MONTHS[grain] and not _is_whole(p, grain) for p in periods) else grain


def _shifted(period: Period, shift: Shift, *, is_stock: bool) -> Period | None:
    if period.dimension or _LITERAL.fullmatch(period.first) is None or _LITERAL.fullmatch(period.last) is None:
        return None
    if period.grain in ("day", "week"):
        return _shifted_days(period, shift)
    size, first, after = MONTHS[period.grain], _month(period.first), _month(period.last) + MONTHS[period.grain]
    fiscal = period.first.startswith("FY")
    if shift.unit == "period":
        return _moved(period, shift.count * (after - first))
    if shift.unit not in MONTHS or (fiscal and shift.unit != "year"):
        return None
    unit = MONTHS[shift.unit]
    if unit == 12 or (unit == size and after - first == size):
        return _moved(period, shift.count * unit)
    grain: Grain = shift.unit
    # The quarter before a month is the one before its own quarter; before a year, the one that ends with its start.
    start = first // unit * unit - unit if shift.count < 0 else ((after - 1) // unit + 1) * unit
    if is_stock and period.grain == "month" and first + 1 == after:
        return replace(period, first=_label("month", start + unit - 1), last=_label("month", start + unit - 1))
    return Period(NOWHERE, grain, _label(grain, start), _label(grain, start))


def _shifted_days(period: Period, shift: Shift) -> Period | None:
    if period.grain == "week":
        if shift.unit not in ("week", "period"):
            return None
        return replace(period, first=_week(period.first, shift.count), last=_week(period.last, shift.count))
    try:
        first, last = date.fromisoformat(period.first), date.fromisoformat(period.last)
    except ValueError:
        return None
    if shift.unit in MONTHS:
        months = MONTHS[shift.unit] * shift.count
        return replace(period, first=_day(first, months).isoformat(), last=_day(last, months).isoformat())
    days = 7 if shift.unit == "week" else 1 if shift.unit == "day" else (last - first).days + 1
    step = timedelta(days=days * shift.count)
    return replace(period, first=(first + step).isoformat(), last=(last + step).isoformat())


def _moved(period: Period, months: int) -> Period:
    head = "FY" if period.first.startswith("FY") else ""
    return replace(
        period,
        first=head + _label(period.grain, _month(period.first) + months),
        last=head + _label(period.grain, _month(period.last) + months),
    )


def _inherited(period: Period, text: str, said: Period, before: Sequence[Period], last_loaded: date | None) -> Period:
    """一季度 after a question about 2024 is of 2024; what is not loaded yet stays as the clock has it."""
    if not before or _DATED.search(text[said.span.start : said.span.end]) or period.first[:4] != period.last[:4]:
        return period
    years = {p.last.removeprefix("FY")[:4] for p in before}
    if len(years) != 1 or period.first.startswith("FY") or not period.first[:4].isdigit():
        return period
    year = years.pop()
    moved = replace(period, first=year + period.first[4:], last=year + period.last[4:])
    return moved if _is_loaded((moved,), last_loaded) else period


def _in_year(periods: Sequence[Period], year: str) -> tuple[Period, ...]:
    """`periods` in another year; () where they are not of one year, or are the year whole."""
    if any("FY" in p.first or p.first[:4] != p.last[:4] for p in periods) or len({p.first[:4] for p in periods}) != 1:
        return ()
    if any(p.first.endswith("-02-29") or p.last.endswith("-02-29") for p in periods):
        return ()
    return tuple(replace(p, first=year + p.first[4:], last=year + p.last[4:]) for p in periods)


def _is_part(periods: Sequence[Period]) -> bool:
    return all(p.grain != "year" for p in periods)


def _is_loaded(periods: Sequence[Period], last_loaded: date | None) -> bool:
    """Whether none of them ends after the last load."""
    if last_loaded is None:
        return True
    latest = last_loaded.year * 12 + last_loaded.month
    for period in periods:
        if period.grain == "day":
            if period.last > last_loaded.isoformat():
                return False
        elif period.grain in MONTHS and _month(period.last) + MONTHS[period.grain] > latest:
            return False
    return True


def _same(one: Sequence[Period], other: Sequence[Period]) -> bool:
    return [(p.grain, p.first, p.last) for p in one] == [(p.grain, p.first, p.last) for p in other]


def _is_whole(period: Period, grain: str) -> bool:
    """Whether a period of months fills whole units of a coarser grain."""
    if period.grain not in MONTHS or "FY" in period.first:
        return False
    return (
        _month(period.first) % MONTHS[grain] == 0 and (_month(period.last) + MONTHS[period.grain]) % MONTHS[grain] == 0
    )


def _month(literal: str) -> int:
    """Months since year 0 at which a literal starts."""
    found = _LITERAL.fullmatch(literal)
    assert found, literal
    size = {"Q": 3, "H": 6}.get(found[3] or "", 1)
    return int(found[2]) * 12 + (int(found[4] or found[5] or 1) - 1) * size


def _label(grain: str, month: int) -> str:
    year, index = divmod(month, 12)
    form = {"month": "-{:02d}", "quarter": "-Q{}", "half": "-H{}", "year": ""}[grain]
    return f"{year:04d}" + form.format(index // MONTHS[grain] + 1)


def _day(day: date, months: int) -> date:
    """The same day so many months on; the last of a month stays the last."""
    month = day.year * 12 + day.month - 1 + months
    last = _last_of(month)
    is_last = (day + timedelta(days=1)).month != day.month
    return last if is_last or day.day > last.day else last.replace(day=day.day)


def _last_of(month: int) -> date:
    after = month + 1
    return date(after // 12, after % 12 + 1, 1) - timedelta(days=1)


def _week(literal: str, weeks: int) -> str:
    year, week = literal.split("-W")
    found = (date.fromisocalendar(int(year), int(week), 1) + timedelta(weeks=weeks)).isocalendar()
    return f"{found.year:04d}-W{found.week:02d}"
