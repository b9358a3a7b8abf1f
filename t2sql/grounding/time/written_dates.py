"""Dates as they are written out: 2025-06-30, 30 June 2025, 6月30日, 1 to 15 June, 2025.06, 2Q25, W07, 2024-25."""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re

from t2sql.catalog import Grain
from t2sql.grounding.numbers.numerals import read_year
from t2sql.grounding.time.calendars import Clock, Stretch, is_valid
from t2sql.grounding.time.pieces import (
    EN_MONTH,
    LAST,
    MONTH_NAMES,
    SHORT_YEAR,
    TO,
    YEAR,
    ZH_DAY,
    ZH_MONTH,
    Piece,
    Reader,
    Rule,
    number,
    piece,
)

_DD = r"(?:3[01]|[12]\d|0?[1-9])"
_TH = r"(?:st|nd|rd|th)?"
# Before May and March that are months, not a verb: a preposition, a list, an article.
_MAY = re.compile(
    r"(?:\b(?:eom|eoq|cob|eod|wise|each|every|against|versus|vs|than|with|over|on|in|of|for|since|from|to|through|thru|until|till|by|and|between|end|during|last|this|early|late|mid|the|at|our|its)|[-–—~,/:;])\s*(?:the )?$|^$"
)
# After May and March that open a sentence and are verbs: May we see …
_VERB = re.compile(
    r"\s*(?:i|we|you|he|she|it|they|the|there|this|that|these|those|be|our|your|my|all|one|also|not|have|has|see|know|ask|get|need|want)\b|\s*$"
)


_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def _day(match: re.Match[str], year: int | None, month: int, day: int, last: int | None = None) -> Piece | None:
    """One day, or the days up to `last` of its month."""
    first = Stretch("day", year, month * 100 + day)
    end = Stretch("day", year, month * 100 + last) if last else None
    if not is_valid(first) or (end and not (is_valid(end) and first.index <= end.index)):
        return None
    return Piece(match.start(), match.end(), first, end)


def _figures(match: re.Match[str], clock: Clock) -> Piece | None:
    return _day(match, int(match["y"]), int(match["m"]), int(match["d"]))


def _slashed(match: re.Match[str], clock: Clock) -> Piece | None:
    """31/12/2024, 12/31/2024, 31.03.26, 26.06.30: None when several readings are dates and no other date tells them apart."""
    first, second, third = match["a"], match["b"], match["y"]
    years = {int(third): (first, second)} if len(third) == 4 else {}
    orders: set[tuple[int, int, int]] = set()
    for year, (one, other) in years.items() or _short_years(first, second, third, clock):
        orders |= {(year, int(month), int(day)) for month, day in ((other, one), (one, other))}
    dates = sorted(order for order in orders if is_valid(Stretch("day", order[0], order[1] * 100 + order[2])))
    if len(third) == 2 and _is_year(first, clock) and (not dates or _CHINESE.search(match.string)):
        # 25.06.26 leads with the year in Chinese, with the day elsewhere.
        dates = [(2000 + int(first), int(second), int(third))]
    if len(dates) == 2 and (order := _order_elsewhere(match)):
        month_and_day = (int(second), int(first)) if order == "day" else (int(first), int(second))
        dates = [date for date in dates if date[1:] == month_and_day]
    return _day(match, *dates[0]) if len(dates) == 1 else None


def _short_years(first: str, second: str, third: str, clock: Clock) -> list[tuple[int, tuple[str, str]]]:
    return [(2000 + int(third), (first, second))] if _is_year(third, clock) else []


def _is_year(figures: str, clock: Clock) -> bool:
    """Whether two figures are a year within a bank's memory."""
    return len(figures) == 2 and 15 <= int(figures) <= clock.today.year % 100 + 1


def _order_elsewhere(match: re.Match[str]) -> str:
    """ "day" or "month", whichever leads in the other dates so written; "" when none tells, or both do."""
    leads = set()
    for other in re.finditer(rf"(?<![\d./-])({_DD})([/.-])({_DD})\2(?:20)?\d\d(?!\d)", match.string, re.ASCII):
        if int(other[1]) > 12 >= int(other[3]):
            leads.add("day")
        elif int(other[3]) > 12 >= int(other[1]):
            leads.add("month")
    return leads.pop() if len(leads) == 1 else ""


def _english(match: re.Match[str], clock: Clock) -> Piece | None:
    said = match.groupdict()
    last = int(said["e"]) if said.get("e") else None
    year = read_year(said["y"]) if said.get("y") else None
    return _day(match, year, MONTH_NAMES[match["m"][:3]], int(match["d"]), last)


def _chinese(match: re.Match[str], clock: Clock) -> Piece | None:
    last = match.groupdict().get("e")
    return _day(match, None, number(match["m"]), number(match["d"]), number(last) if last else None)


def _third_of_month(match: re.Match[str], clock: Clock) -> Piece | None:
    """6月上旬: its first, second or last ten days; February's are told to the 28th."""
    month = number(match["m"])
    first, last = {"上": (1, 10), "中": (11, 20), "下": (21, 28 if month == 2 else 30 + (month in (1, 3, 5, 7, 8, 10, 12)))}[match["k"]]  # fmt: skip
    return _day(match, None, month, first, last)


def _months(match: re.Match[str], clock: Clock) -> Piece | None:
    return piece(match, "month", int(match["y"]), int(match["m"]))


def _named_month(match: re.Match[str], clock: Clock) -> Piece | None:
    year = read_year(match["y"]) if match.groupdict().get("y") else None
    if year is None and match["m"].rstrip(".") in ("may", "march"):
        before, after = match.string[: match.start()], match.string[match.end() :]
        closes = re.search(rf"{EN_MONTH}\s*[-–—~/]\s*$", before, re.ASCII)
        is_end = re.match(r"[- ]end\b", after)
        if not closes and not is_end and (not _MAY.search(before) or (_opens(before) and _VERB.match(after))):
            return None
    return piece(match, "month", year, MONTH_NAMES[match["m"][:3]])


def _opens(before: str) -> bool:
    """Whether a sentence begins here, where May may be the verb."""
    return not before.strip() or before.rstrip()[-1:] in ",;:" or bool(re.search(r"(?:^|\s)[-–—]+\s*$", before))


def _last_part(match: re.Match[str], clock: Clock) -> Piece | None:
    """last June, last Q4: the latest one before the current."""
    is_quarter = bool(match["q"])
    index = int(match["q"]) if is_quarter else MONTH_NAMES[match["m"][:3]]
    now = clock.quarter().index if is_quarter else clock.today.month
    return piece(match, "quarter" if is_quarter else "month", clock.today.year - (index >= now), index)


def _this_part(match: re.Match[str], clock: Clock) -> Piece | None:
    """this June, this Q2: of the current year."""
    if match["q"]:
        return piece(match, "quarter", clock.today.year, int(match["q"]))
    return piece(match, "month", clock.today.year, MONTH_NAMES[match["m"][:3]])


def _part_of_year(grain: Grain) -> Reader:
    return lambda m, c: piece(m, grain, read_year(m["y"].lstrip("'")), int(m["n"] or m["k"]))


def _years(match: re.Match[str], clock: Clock) -> Piece | None:
    """2024-25, FY24/25 without the FY: two years that follow each other, or more."""
    first, last = int(match["y"]), int(match["y"]) // 100 * 100 + int(match["z"])
    if int(match["z"]) <= 12 or last <= first:
        return None
    return Piece(match.start(), match.end(), Stretch("year", first), Stretch("year", last))


# After two figures that count something and are no year: 31 March 26 branches.
_COUNTED = (
    r"\s*(?:branch|customer|sub-|loan|region|product|card|account|outlet|million|billion|of the|st\b|nd\b|rd\b|th\b)"
)
_BESIDE_QUARTER = r"(?=\s*(?:$|[,.;:?)/–-]|(?:vs|versus|and|to|by|for|against|compared|over|in|at|with|from|than|per|was|were|is|are)\b))"


# fmt: off
RULES: tuple[Rule, ...] = (
    # Days.
    (rf"(?<![\d.])(?P<y>{YEAR})(?P<s>[-/.])(?P<m>0?[1-9]|1[0-2])(?P=s)(?P<d>{_DD})(?!\d)", _figures),
    (rf"(?<![\d.])(?P<y>{YEAR})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?!\d)", _figures),
    (rf"(?<![\d./-])(?P<a>{_DD}|[2-9]\d)(?P<s>[/.-])(?P<b>{_DD})(?P=s)(?P<y>{YEAR}|\d\d)(?![\d%万亿]|[./-]\d)", _slashed),
    (rf"(?<![\d.])\b(?P<d>{_DD}){_TH}[ -]?(?:of )?(?P<m>{EN_MONTH})[ -]?['’]?(?P<y>2\d)(?![\d%]|[.,]\d|{_COUNTED}|[ -]?(?:of )?{EN_MONTH})", _english),
    (rf"\b(?P<d>{_DD}){_TH}\s*{TO}\s*(?:the )?(?P<e>{_DD}){_TH}[ -]?(?:of )?(?P<m>{EN_MONTH})(?:[ ,'-]*(?P<y>{YEAR}))?(?!\d)", _english),
    (rf"\b(?P<m>{EN_MONTH})\s*(?P<d>{_DD}){_TH}\s*{TO}\s*(?P<e>{_DD}){_TH}(?!\d)(?:,?\s+(?P<y>{YEAR}))?(?!\d)", _english),
    (rf"(?<=between )(?P<m>{EN_MONTH})\s*(?P<d>{_DD}){_TH} and (?:the )?(?P<e>{_DD}){_TH}(?!\d)(?:,?\s+(?P<y>{YEAR}))?(?!\d)", _english),
    (rf"(?<![\d.])\b(?P<d>{_DD}){_TH}(?=(?:\s*(?:,|and|&|,\s*and)\s*(?:the )?{_DD}{_TH})+[ -]?(?:of )?(?P<m>{EN_MONTH})(?:[ ,'-]*(?P<y>{YEAR}))?(?!\d))", _english),
    (rf"\b(?P<d>{_DD}){_TH}[ -]?(?:of )?(?P<m>{EN_MONTH})(?:[ ,'-]*(?P<y>{YEAR}))?(?!\d)", _english),
    (rf"\b(?P<m>{EN_MONTH})\s*(?P<d>{_DD}){_TH},?\s+(?P<y>{YEAR})(?!\d)", _english),
    (rf"\b(?P<m>{EN_MONTH})\s*(?P<d>{_DD})(?:st|nd|rd|th)\b|\b(?P<m2>{EN_MONTH})\s+(?P<d2>30|31|1?\d)(?![\d%])", lambda m, c: _day(m, None, MONTH_NAMES[(m["m"] or m["m2"])[:3]], int(m["d"] or m["d2"]))),
    (rf"(?<![\d.])(?P<m>{ZH_MONTH})月(?:份)?(?P<d>{ZH_DAY})[日号]?\s*{TO}\s*(?P<e>{ZH_DAY})[日号]", _chinese),
    (rf"(?<![\d.])(?P<m>{ZH_MONTH})月(?:份)?(?P<d>{ZH_DAY})[日号]", _chinese),
    (rf"(?<![\d.])(?P<m>{ZH_MONTH})月(?:份)?的?(?P<k>[上中下])旬", _third_of_month),
    # Weeks.
    (rf"(?<![\d.])(?P<y>{YEAR})[ -]?w(?P<n>[0-5]?\d)\b|(?<!\d)(?P<y2>{YEAR})年?的?第(?P<n2>[1-5]?\d)周", lambda m, c: piece(m, "week", int(m["y"] or m["y2"]), int(m["n"] or m["n2"]))),
    (r"第(?P<n>[1-5]?\d|[一二三四五]?十?[一二三四五六七八九]|[二三四五]?十)周(?!年|岁)|\b(?:week|wk)[ -]?(?:no\.? ?)?(?P<k>[1-5]?\d)\b(?!\s*(?:of|in) (?!20|19|last|this|the year))", lambda m, c: piece(m, "week", None, number(m["n"] or m["k"]))),
    # Year and part glued together.
    (rf"(?<![\d.])(?P<y>{SHORT_YEAR})年?[ -]?(?:第)?q(?P<n>[1-4])(?:季度?)?(?![\da-z])(?P<k>)", _part_of_year("quarter")),
    (rf"(?<![\d.a-z])(?:q(?P<n>[1-4])[ '/-]*|(?P<k>[1-4])q[ '-]?)(?P<y>{YEAR}|(?<=['/q-])2\d|(?<=[1-4])'?2\d)(?![\d%])", _part_of_year("quarter")),
    (rf"(?<![\d.a-z])(?:q(?P<n>[1-4])|(?P<k>[1-4])q) (?P<y>2\d){_BESIDE_QUARTER}", _part_of_year("quarter")),
    (rf"(?<![\d.a-z])(?:h(?P<n>[12])|(?P<k>[12])h) (?P<y>2\d){_BESIDE_QUARTER}", _part_of_year("half")),
    (rf"(?<![\d.])(?P<y>{SHORT_YEAR})年?[ -]?h(?P<n>[12])(?![\da-z])(?P<k>)", _part_of_year("half")),
    (rf"(?<![\d.a-z])(?:h(?P<n>[12])[ '/-]*|(?P<k>[12])h[ '-]?)(?P<y>{YEAR}|(?<=['/h-])2\d)(?![\d%])", _part_of_year("half")),
    (rf"(?<![\d.])(?P<y>{YEAR})[-/](?P<m>0[1-9]|1[0-2]|[1-9])(?![\d%万亿]|\.\d)", _months),
    (rf"(?<![\d.])(?P<y>{YEAR})\.(?P<m>0[1-9]|1[0-2]|[1-9])(?![\d%‰万亿元倍])", _months),
    (rf"(?<![\d.,])(?P<y>{YEAR})(?P<m>0[1-9]|1[0-2])(?!\d|\s*(?:元|万|亿|笔|户))", _months),
    (rf"(?<![\d./])(?P<m>0?[1-9]|1[0-2])/(?P<y>{YEAR})(?!\d)", _months),
    (rf"(?<![\d.])(?P<y>{YEAR})\s?[-–/]\s?(?P<z>[1-4]\d)(?![\d%万亿]|[-/.]\d)", _years),
    # Months by name.
    (rf"\b{LAST} (?:(?P<m>{EN_MONTH})|q(?P<q>[1-4])\b)", _last_part),
    (rf"\b(?:this|current) (?:(?P<m>{EN_MONTH})|q(?P<q>[1-4])\b)", _this_part),
    (rf"\b(?P<m>{EN_MONTH})(?=\s*(?:{TO}|and|&|,|/)\s*(?:the )?(?:end of )?{EN_MONTH})", _named_month),
    (rf"\b(?P<m>{EN_MONTH})(?:[ ,]*(?:of )?|[ ]?['-]|)(?P<y>{YEAR}|(?<=['-])\d\d|(?<= )2[1-9])(?![\d%])", _named_month),
    (rf"\b(?P<m>{EN_MONTH})", _named_month),
)
# fmt: on
