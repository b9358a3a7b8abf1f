"""Years and parts of a year that may still lack it: FY24, 2024年, 三季度, H1, first quarter, 3月, mid-year."""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re

from t2sql.catalog import Grain
from t2sql.grounding.numbers.numerals import read_year
from t2sql.grounding.time.calendars import Clock, Stretch
from t2sql.grounding.time.pieces import (
    ORDINAL,
    ORDINALS,
    TO,
    YEAR,
    ZH_MONTH,
    ZH_YEAR,
    Piece,
    Reader,
    Rule,
    number,
    piece,
)

_Q = r"[一二三四1-4]"
_AND_ZH = r"(?:、|,|和|及|与|以及)"
_LISTED = rf"\s*(?:{TO}|{_AND_ZH})\s*"
_COMPARED = re.compile(
    r"(?:超过|超|大于|高于|多于|低于|小于|少于|不低于|不足|至少|至多|达到|前|后|top|than|above|below|under|exceed\w*|least|most|[><=¥$€£#])\s*$"
)
# What a year is that has two figures and no word beside it that says so.
_NO_TERM = r"(?!期(?!间)|以[内上下]|及以|[的]?(?:贷款|按揭|国债)|左右|内)"
_YEARS_BEFORE = re.compile(
    r"(?<!\d)20\d\d年?(?:\s*(?:,\s*and|,|and|&|、|和|与|及|/)\s*\d\d年?)*\s*(?:,\s*and|,|and|&|、|和|与|及|/)\s*$"
)
_IN_YEAR = r"(?= of (?:the year|last year|this year|20|19|fy))"


def _year(match: re.Match[str], clock: Clock) -> Piece | None:
    return piece(match, "year", read_year(match["y"]))


def _short_year(match: re.Match[str], clock: Clock) -> Piece | None:
    """One of a list or range of years in two figures (23、24、25三年), if it lies within a bank's memory; 10-20年 is a term."""
    year, following = int(match["y"]), int(match["z"] or 1)
    is_term = year % 5 == following % 5 == 0
    return _year(match, clock) if 10 <= year <= clock.today.year % 100 + 1 and not is_term else None


def _listed_year(match: re.Match[str], clock: Clock) -> Piece | None:
    """24 and 25 of "2023, 24 and 25": two figures in a list that a whole year opens, each later than the one before."""
    listed = _YEARS_BEFORE.search(match.string[: match.start()])
    if listed is None:
        return None
    years = [int(figures[-2:]) for figures in re.findall(r"\d+", listed[0])]
    rises = [*years, int(match["y"])]
    return _year(match, clock) if rises == sorted(set(rises)) and rises[-1] <= clock.today.year % 100 + 1 else None


def _bare_year(match: re.Match[str], clock: Clock) -> Piece | None:
    return None if _COMPARED.search(match.string[: match.start()]) else _year(match, clock)


def _fiscal_year(match: re.Match[str], clock: Clock) -> Piece | None:
    return piece(match, "year", read_year(match["y"]), 1, clock.fiscal_year_start != 1)


def _fiscal_years(match: re.Match[str], clock: Clock) -> Piece | None:
    """FY24-25: two years; where the fiscal year spans two calendar years, the one that does."""
    first, last = read_year(match["y"]), read_year(match["z"])
    if first is None or last is None or last <= first:
        return None
    if clock.fiscal_year_start != 1 and last == first + 1:
        return piece(match, "year", last, 1, fiscal=True)
    fiscal = clock.fiscal_year_start != 1
    return Piece(match.start(), match.end(), Stretch("year", first, 1, fiscal), Stretch("year", last, 1, fiscal))


def _fiscal_part(match: re.Match[str], clock: Clock) -> Piece | None:
    grain: Grain = "quarter" if match["g"] == "q" else "half"
    return piece(match, grain, read_year(match["y"]), int(match["n"]), clock.fiscal_year_start != 1)


def _part(grain: Grain, index: int = 0) -> Reader:
    """The part that `n` or `k` counts, or always the same one."""
    return lambda m, c: piece(m, grain, None, index or number(m["n"] or m.groupdict().get("k") or ""))


def _ordinal(match: re.Match[str], clock: Clock) -> Piece | None:
    grain: Grain = "quarter" if match["u"] == "quarter" else "half"
    return piece(match, grain, None, ORDINALS[match["n"]])


# fmt: off
# Before the terms of loans, which 23-25年 would else be.
LISTED_YEARS: tuple[Rule, ...] = (
    (rf"(?<![\d.])(?P<y>\d\d)(?={_LISTED}(?P<z>\d\d)(?:{_LISTED}\d\d)*(?:年度?{_NO_TERM}|这?[两二三四五六]年(?!期)))", _short_year),
    (r"(?<=[、,和与及到至~–-])(?P<y>\d\d)(?P<z>)(?=这?[两二三四五六]年(?!期))", _short_year),
    (r"(?<![\d.])(?P<y>[12]\d)(?=\s*(?:,|;|and\b|&|、|和|与|及|/|年|$|[.:?)](?!\d)|by\b|for\b|in\b|per\b))", _listed_year),
)

RULES: tuple[Rule, ...] = (
    # Years.
    (rf"(?<![\d.])(?P<y>{ZH_YEAR})年(?:度)?(?:全年)?(?!期)", _year),
    (rf"(?<![\d.近过超满于限])(?P<y>2\d)年(?:度)?(?:全年)?{_NO_TERM}", _year),
    # Months.
    (rf"(?<![\d.个一二三四五六七八九十每各])(?P<n>{ZH_MONTH})月(?:份)?(?!期(?![间末内])|以[内上下]|均|供)", _part("month")),
    (rf"(?<![\d.一二三四五六七八九十])(?P<n>{ZH_MONTH})(?=\s*{TO}\s*{ZH_MONTH}月(?!期|以)|(?:\s*、\s*{ZH_MONTH})*\s*[、和及与]\s*{ZH_MONTH}(?:月(?!期|以)|[两三四五六]个?月(?!期|以)))", _part("month")),
    (rf"(?<=[、和及与])(?P<n>{ZH_MONTH})(?=[两三四五六]个?月(?!期|以))", _part("month")),
    (r"十一(?=二月)|(?<=十一)二月", lambda m, c: piece(m, "month", None, 11 + (m[0][-1] == "月"))),
    (r"(?<![\d.一二三四五六七八九十])(?:一(?=二月)|二(?=三月)|三(?=四月)|四(?=五月)|五(?=六月)|六(?=七月)|七(?=八月)|八(?=九月))", lambda m, c: piece(m, "month", None, number(m[0]))),
    (r"(?:(?<=一)二|(?<=二)三|(?<=三)四|(?<=四)五|(?<=五)六|(?<=六)七|(?<=七)八|(?<=八)九)(?=月)月(?:份)?(?!期(?![间末内])|以[内上下]|均|供)", lambda m, c: piece(m, "month", None, number(m[0][0]))),
    (rf"(?:(?<![全每整半\d一二三四五六七八九十两])年中(?![间期国小央西东])|(?<=\d年)中(?=,|、|$|末|底|和|与|时|较|比|{TO}))|\bmid[- ](?={YEAR}|year|fy)(?:year\b)?|\b(?:the )?middle of (?=(?:the )?(?:year|{YEAR}|last year|this year)\b)", _part("month", 6)),
    (rf"(?:(?<=\bat )|(?<=\bas at )|(?<=\bas of ))(?:the )?half[- ]?year(?:[- ]end)?\b(?=\s*(?:$|[,.;?]|(?:of |in )?(?:the year |fy ?)?{YEAR}|(?:of )?(?:this|last) year|by |for ))", _part("month", 6)),
    (rf"(?<=年)的?(?:最后一?个?|末)月(?!末|底)|\b(?:last|final|closing) month\b{_IN_YEAR}", _part("month", 12)),
    (rf"(?<=年)的?(?:第一个|首)月|\bfirst month\b{_IN_YEAR}", _part("month", 1)),
    # Quarters.
    (rf"第?(?P<n>{_Q})(?={_LISTED}第?{_Q}(?:{_LISTED}第?{_Q})*季)", _part("quarter")),
    (r"(?<![\d.一二三四五六七八九十])(?P<n>[一二三])(?=[二三四]{1,3}季)", _part("quarter")),
    (r"(?<=[一二三])(?P<n>[二三])(?=[三四]{1,2}季)", _part("quarter")),
    (rf"(?<=年)的?(?:最后一?个?|末)季度?(?!末)|\b(?:last|final|closing) quarter\b{_IN_YEAR}", _part("quarter", 4)),
    (rf"(?:第(?P<n>{_Q})个|第?(?P<k>{_Q}))季度?(?!节)", _part("quarter")),
    (rf"首季度?|\bfirst quarter\b{_IN_YEAR}", _part("quarter", 1)),
    (r"(?<![a-z\d])q(?P<n>[1-4])(?:季度?)?(?![\da-z])", _part("quarter")),
    (r"(?<![a-z\d.,])(?P<n>[1-4])q(?= (?:this|last|of|in|20\d\d))", _part("quarter")),
    (r"\b(?:quarter|qtr)[ -]?(?:no\.? ?)?(?P<n>[1-4]|one|two|three|four)\b(?!\s*(?:branch|of the (?!year)|time|hundred|thousand|per ?cent|%))", _part("quarter")),
    # Halves.
    (rf"\b(?:last|latter|back) half\b{_IN_YEAR}", _part("half", 2)),
    (rf"\b(?P<n>{ORDINAL})[- ](?P<u>quarter|half)\b(?! of (?:the )?(?:customers|loans))", _ordinal),
    (r"上(?=[、,和及与/]?\s*下半年)", _part("half", 1)),
    (r"上半年(?:度)?", _part("half", 1)),
    (r"下半年(?:度)?", _part("half", 2)),
    (r"(?<![a-z\d])(?:h(?P<n>[12])|(?P<k>[12])h)(?![\da-z])", _part("half")),
    (r"(?:(?<=\bof )|(?<=\bin )|(?<=\bfor ))['’](?P<y>2\d)(?!\d)", _year),
    (rf"(?<![\d.])(?<!\d,)(?P<y>{YEAR})(?![\d]|[.,]\d)", _bare_year),
)

FISCAL: tuple[Rule, ...] = (
    (rf"\bye[ '-]?(?P<y>{YEAR}|2\d)\b", lambda m, c: piece(m, "month", read_year(m["y"]), 12)),
    (rf"\bfy[ '-]?(?P<y>{YEAR}|\d\d)\s?[-–/]\s?(?:fy)?(?P<z>\d\d)(?![\d%])", _fiscal_years),
    (rf"\bfy[ '-]?(?P<y>{YEAR}|\d\d)[ -]?(?P<g>[qh])(?P<n>[1-4])(?!\d)", _fiscal_part),
    (rf"\b(?:fy|fiscal(?: year)?|financial year)[ '-]?(?P<y>{YEAR}|\d\d)(?!\d)", _fiscal_year),
    (rf"(?<![\d.])(?P<y>{YEAR}|(?<=')\d\d)(?:[ -](?:financial|fiscal|reporting|accounting)[ -]year|[ -]?fy)\b", _fiscal_year),
    (rf"(?<!\d)(?P<y>{YEAR}|\d\d)(?:年)?财(?:政)?年度?|(?<!\d)(?P<k>{YEAR})(?:年)?会计年度", lambda m, c: piece(m, "year", read_year(m["y"] or m["k"]), 1, c.fiscal_year_start != 1)),
)
# fmt: on
