"""Words for times that are counted: so far this year, the first three quarters, the last six months, two months ago."""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from datetime import timedelta

from t2sql.catalog import Grain
from t2sql.grounding.numbers.numerals import read_year
from t2sql.grounding.time.calendars import MONTHS_IN, Clock, Stretch, Window, day_stretch, month_stretch
from t2sql.grounding.time.pieces import N, Piece, Reader, Rule, number, relative

GRAINS: dict[str, Grain] = {
    "年": "year", "季": "quarter", "月": "month", "周": "week", "星": "week", "天": "day", "日": "day",
    "y": "year", "q": "quarter", "m": "month", "w": "week", "d": "day", "h": "half",
}  # fmt: skip
_UNIT_ZH = r"(?:年度|年|季度|季|月|周|星期|天|日)"
_UNIT_EN = r"(?:years?|quarters?|months?|mos?|weeks?|days?)"
_WHOLE = r"(?P<w>full|complete|calendar|whole) |(?:consecutive )"


def window(match: re.Match[str], clock: Clock) -> Piece | None:
    """近N个月, last N quarters: whole periods up to the last that is loaded."""
    said = match.groupdict()
    text, unit = (said.get("n") or "one").strip(), said.get("u") or "month"
    grain = GRAINS[unit[0]]
    count = number(text)
    if text in ("半", "half") and grain == "year":
        grain, count = "half", 1
    return _up_to_now(match, clock, Window(count, grain, bool(said.get("w")) and grain == "year"))


def _up_to_now(match: re.Match[str], clock: Clock, counted: Window) -> Piece | None:
    found = counted.stretches(clock)
    return Piece(match.start(), match.end(), found[0], found[1], window=counted) if found else None


def _twelve_months(match: re.Match[str], clock: Clock) -> Piece | None:
    return _up_to_now(match, clock, Window(12, "month"))


def _to_date(match: re.Match[str], clock: Clock) -> Piece:
    last = clock.latest_month()
    if last.year != clock.today.year:
        last = clock.month()
    return Piece(match.start(), match.end(), Stretch("month", last.year, 1), last, is_cumulative=True, only_alone=True)


def _fiscal_to_date(match: re.Match[str], clock: Clock) -> Piece:
    first, last = clock.fiscal_year().months(clock.fiscal_year_start)[0], clock.latest_month()
    first = min(first, last.months()[0])
    return Piece(
        match.start(),
        match.end(),
        month_stretch(first),
        last,
        is_cumulative=clock.fiscal_year_start == 1,
        only_alone=True,
    )


def _parts(grain: Grain) -> Reader:
    """The first N of a year: 前三季度, first nine months."""
    return lambda m, c: Piece(m.start(), m.end(), Stretch(grain, None), is_cumulative=True, parts=number(m["n"]))


def _last_parts(match: re.Match[str], clock: Clock) -> Piece | None:
    """The last N of a year: 最后三个月, 后两个季度."""
    grain, count = GRAINS[match["u"]], number(match["n"])
    whole = 12 // MONTHS_IN[grain]
    if not 0 < count < whole:
        return None
    return Piece(match.start(), match.end(), Stretch(grain, None, whole - count + 1), parts=whole)


def _ago(match: re.Match[str], clock: Clock) -> Piece | None:
    back, unit = number(match["n"]) or int(match["n"] in ("a", "an")), match["u"]
    make: dict[Grain, Stretch] = {
        "month": clock.month(back),
        "quarter": clock.quarter(back),
        "week": clock.week(min(back, 500)),
        "day": day_stretch(clock.today - timedelta(days=back)),
        "year": Stretch("year", clock.today.year - back),
    }
    return Piece(match.start(), match.end(), make[GRAINS[unit[0]]], is_relative=True) if back else None


# fmt: off
RULES: tuple[Rule, ...] = (
    # To date.
    (r"今年以?来|年初至今|年初以来|自?年初起|自?年初到现在|今年(?:截至|截止|到)?(?:至今|目前)(?:为止)?|截[至止]目前(?:今年|本年)|(?:从|自)年初(?:以来|到目前|至目前)|(?:本年度?|今年|当年)累计|(?<![\d一二三四五六七八九十两半])年内|今年内", _to_date),
    (r"\bytd\b|\byear[- ]to[- ]date\b|\bso far this year\b|\bthis year (?:so far|to date)\b|\bsince (?:the )?(?:start|beginning|begin) of (?:the |this )?year\b", _to_date),
    (r"\bfytd\b|\b(?:fiscal|financial) year[- ]to[- ]date\b|\bso far this (?:fiscal|financial) year\b|(?:本|今)?财年(?:以来|至今|累计)", _fiscal_to_date),
    (r"本月以来|月初至今|当月累计|本月累计|\bmtd\b|\bmonth[- ]to[- ]date\b|\bso far this month\b", relative(lambda c: c.month(), only_alone=True)),
    (r"本季度?以来|季初至今|本季度?累计|\bqtd\b|\bquarter[- ]to[- ]date\b|\bso far this quarter\b", relative(lambda c: c.quarter(), only_alone=True)),
    (r"\bwtd\b|\bweek[- ]to[- ]date\b|\bso far this week\b", relative(lambda c: c.week(), only_alone=True)),
    (r"(?<![\d-] )(?<!\d)\b(?:till|until|up to|to) date\b", _to_date),
    # First parts of a year.
    (r"[前头](?P<n>[二三两23])(?:个)?季度?(?!报)|\bfirst (?:two|three|2|3) quarters\b", lambda m, c: Piece(m.start(), m.end(), Stretch("quarter", None), is_cumulative=True, parts=number(m["n"] or m[0].split()[1]))),
    (rf"(?:(?<=年)(?:的)?前|头)(?P<n>{N})个?月(?!期)", _parts("month")),
    (rf"\bfirst (?P<n>{N}) months\b", _parts("month")),
    (r"(?<![\d.,$¥€£])(?<!than )(?<!over )(?<!above )(?<!below )(?<!under )\b(?P<n>[2-9]|1[01])m(?:[ '-]?(?P<y>2\d)|[ '-]?(?:of )?(?P<z>20\d\d))\b", lambda m, c: Piece(m.start(), m.end(), Stretch("month", read_year(m["y"] or m["z"])), is_cumulative=True, parts=int(m["n"]))),
    # So many up to now.
    (rf"(?:最近|近|过去|这|滚动)的?\s*(?P<n>{N})年半(?!期|以[内上下])|\b(?:the )?(?:last|past|previous|trailing) (?P<k>(?:{N})(?= (?:and a half years|years and a half)\b)|(?=year and a half\b))(?: and a half years| years and a half|year and a half)\b", lambda m, c: _up_to_now(m, c, Window(12 * (number(m["n"] or m["k"]) or 1) + 6, "month"))),
    (rf"(?:最近|最新|近|过去|此前|以往|(?<![提目当期])前|滚动|(?<![\d年月度末底、和与及])这(?=[两二三四五六][年个]))的?\s*(?P<n>{N}|半)\s*(?:个)?(?P<w>完整|整|自然)?(?P<u>{_UNIT_ZH})(?!期(?!间)|以[内上下]|初|度|季|报|均)", window),
    (rf"\b(?:the )?(?:last|past|previous|prior|preceding|trailing|recent|latest|most recent|rolling)\s+(?P<n>{N})\s*[- ]?(?:{_WHOLE})?(?P<u>{_UNIT_EN})\b", window),
    (rf"\b(?P<n>{N})[- ]months? (?:rolling|trailing)\b|\brolling[- ](?P<k>{N})[- ]months?\b", lambda m, c: _up_to_now(m, c, Window(number(m["n"] or m["k"]), "month"))),
    (r"\b(?:the )?(?:last|past) (?P<n>half)[- ](?P<u>year)\b", window),
    (r"\b(?:the )?(?:past|trailing|rolling) (?P<u>year|quarter|month|week)\b", window),
    (r"\b(?:the )?(?:latest|most recent) (?P<u>quarter|month|week)\b", window),
    (r"\b(?:ltm|ttm|l12m|t12m|r12m?)\b", _twelve_months),
    # The last so many of a year.
    (rf"\b(?:the )?(?:final|closing) (?P<n>{N}) (?P<u>quarters|months)\b(?= (?:of|in)\b)", window),
    (rf"(?:(?<=年)|(?<=年度))的?(?:最?后|末)(?P<n>{N})个?(?P<u>月|季)度?(?!期)", _last_parts),
    # So long ago.
    (rf"(?P<n>{N})个(?P<u>月|季度)之?前(?!的?\d)", _ago),
    (rf"(?P<n>{N})(?P<u>天|日)之?前(?!的?\d)", _ago),
    (rf"\b(?P<n>{N}|an?) (?P<u>years|quarters?|months?|weeks?|days?) (?:ago|back)\b", _ago),
)
# fmt: on
