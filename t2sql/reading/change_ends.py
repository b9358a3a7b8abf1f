"""Where a change begins and ends: since the year opened, over the twelve months to June, from one quarter to the next.

Tells the function of semantic SQL whose two ends those are; whether a change is asked at all is told in changes.py.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from t2sql.flow import Period

STEP = {"month": 1, "quarter": 3, "half": 6, "year": 12}
COURSE = re.compile(
    r"走势|趋势|逐(?!家|笔|户|个)|[各每]个?(?:[日天周月年期]|季|半年|会计)|\btrend|\bover time|\bcourse\b|\bseries\b",
    re.IGNORECASE,
)
_NET = re.compile(
    r"净[增减流]|\bnet (?:gain|loss|increase|decrease|change|inflow|outflow|adds?|additions?)\b", re.IGNORECASE
)
_YEAR_START = re.compile(
    r"(?:从|自)?(?:今|本|20\d\d)?年初|(?:from |between )?(?:the )?(?:start|beginning) of (?:the |this )?year"
)
_SINCE = re.compile(r"\bsince\s*(?:the )?(?:end of )?$", re.IGNORECASE)
_SAYS_MONTH = re.compile(r"[a-z]{3}|月|\d-\d|末|底", re.IGNORECASE)
# "June last year" says no unit but the month.
_WHICH_YEAR = re.compile(r"\b(?:last|this|previous|prior) year(?![- ]end)|去年|今年|本年|上年", re.IGNORECASE)
_SAYS_UNIT = re.compile(r"\bq\d|quarter|\bh\d|half|季|半年|year(?![- ]end)", re.IGNORECASE)


def since(periods: Sequence[Period], text: str) -> list[Period]:
    """ "since year-end 2025", "since the end of March": a balance's figure then, and its latest."""
    if len(periods) != 1 or periods[0].grain != "month" or periods[0].first == periods[0].last:
        return []
    period = periods[0]
    said = text[period.span.start : period.span.end]
    before = _SINCE.search(text[: period.span.start])
    named = _SAYS_MONTH.search(said) and not _SAYS_UNIT.search(_WHICH_YEAR.sub("", said))
    if not before or not named or period.is_cumulative or COURSE.search(text):
        return []
    return [replace(period, last=period.first), replace(period, first=period.last)]


def from_year_start(period: Period, text: str) -> Period | None:
    """从年初到6月末: the year opened with the balance of the last year-end; the later end, or None for another range."""
    said = _YEAR_START.match(text[period.span.start : period.span.end].lower())
    is_of_one_year = period.first[:4] == period.last[:4] and period.first != period.last
    is_range = said and is_of_one_year and period.grain == "month" and not period.is_cumulative
    return replace(period, first=period.last) if is_range and not COURSE.search(text) else None


def between(earlier: Period, later: Period, *, is_stock: bool) -> tuple[str, Period] | None:
    step = STEP[later.grain]
    apart = months_of(later) - months_of(earlier)
    if (
        is_stock
        and apart != step
        and earlier.last[5:] in ("12", "Q4")
        and earlier.last[:4] == str(int(later.last[:4]) - 1)
    ):
        return "vs_year_start", later
    if apart == 12:
        return "yoy", later
    if apart == step:
        return {"month": "mom", "quarter": "qoq"}.get(later.grain, "prev"), later
    return None


def within(period: Period, stock: bool, text: str) -> tuple[str, Period] | None:
    """A balance's change over a said period counts from the end of the one before; a flow's from a year before."""
    if not stock:
        if _NET.search(text):
            # New less lost is no change of what is new.
            return None
        return ("yoy", period) if period.first == period.last or period.is_cumulative else None
    if period.first != period.last and period.grain == "month" and not period.is_cumulative:
        # "over the twelve months to June": from the end of the June before.
        at = replace(period, first=period.last)
        length = months_of(at) - months_of(period) + 1
        if length == 3 and months_of(at) % 3 == 2:
            return "qoq", quarter_of(at)
        if length == 6 and months_of(at) % 12 == 5:
            return "vs_year_start", at
        return {12: ("yoy", at), 1: ("mom", at)}.get(length)
    if period.first == period.last and period.grain in ("month", "quarter"):
        return {"month": "mom", "quarter": "qoq"}[period.grain], period
    if period.first == period.last and (period.grain == "year" or period.first.endswith("-H1")):
        return "vs_year_start", period
    if period.is_cumulative and period.grain == "month":
        return "vs_year_start", replace(period, first=period.last, is_cumulative=False)
    return ("prev", period) if period.first == period.last and period.grain == "half" else None


def months_of(period: Period) -> int:
    """Months since year 0 at which it starts."""
    year, _, part = period.first.partition("-")
    return int(year) * 12 + (int(part.lstrip("HQ") or 1) - 1 if part else 0) * STEP[period.grain]


def quarter_of(period: Period) -> Period:
    """The quarter that a month ends."""
    literal = f"{period.first[:4]}-Q{int(period.first[5:]) // 3}"
    return replace(period, grain="quarter", first=literal, last=literal)
