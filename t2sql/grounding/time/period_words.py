"""The words of time: patterns that turn pieces of a folded text into years, parts of years and spans. Puts nothing together (that is `periods`).

A pattern that stands earlier claims its letters first, so that amounts (2024万元), loan terms (5年以上) and comparisons (较去年同期) are never years.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from t2sql.catalog import Grain
from t2sql.grounding.names.comparisons import find_cues
from t2sql.grounding.numbers.numerals import EN_WORD, read_integer, read_year
from t2sql.grounding.time.calendars import Clock, Stretch, day_stretch, is_valid, last_full_month, month_stretch

MONTH_NAMES = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_EN_MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
_N = rf"(?:\d{{1,3}}|[一二三四五六七八九十两]{{1,3}}|{EN_WORD})"
_Z = r"[〇零一二三四五六七八九]"
_YEAR = rf"(?:20[0-4]\d|二[〇零]{_Z}{{2}})"
_SHORT = r"(?:20[0-4]\d|[12]\d)"
_M = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_Q = r"[一二三四1-4]"
_LAST = r"(?:last|previous|prior|preceding)"
_AMOUNT = (
    r"(?:%|‰|万|亿|千|百|元|块|笔|户|个|家|人|张|件|名|条|位|倍|bps?\b|k\b|m\b|mn\b|bn\b|b\b|million|billion|thousand|trillion|yuan|rmb|cny|usd|eur|hkd"
    r"|dollars?|days?\b|basis)"
)
_COMPARED = re.compile(
    r"(?:超过|超|大于|高于|多于|低于|小于|少于|不低于|不足|至少|至多|达到|前|后|top|than|above|below|under|exceed\w*|least|most|[><=¥$€£#])\s*$"
)
_MAY = re.compile(
    r"(?:\b(?:against|versus|vs|than|with|over|on|in|of|for|since|from|to|through|thru|until|till|by|and|between|end|during|last|this|early|late|mid)|[-–—~,/])\s*(?:the )?$"
)
_ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}
_ORDINAL = r"(?:first|second|third|fourth|1st|2nd|3rd|4th)"


@dataclass(frozen=True, slots=True)
class Piece:
    """One word of time, offsets into the folded text."""

    start: int
    end: int
    stretch: Stretch | None
    """None: claims its letters and means no period."""
    last: Stretch | None = None
    """For a span: its last stretch."""
    is_cumulative: bool = False
    only_alone: bool = False
    """True: counts from today, and only when no other period is said (年初至今, 当月)."""
    parts: int = 0
    """N of 前N个季度 / first N months: the first N parts of a year still to be said."""
    is_relative: bool = False


Reader = Callable[[re.Match[str], Clock], "Piece | None"]


def _piece(match: re.Match[str], grain: Grain, year: int | None, index: int = 1, fiscal: bool = False) -> Piece | None:
    stretch = Stretch(grain, year, index, fiscal)
    return Piece(match.start(), match.end(), stretch) if is_valid(stretch) else None


def _none(match: re.Match[str], clock: Clock) -> Piece:
    return Piece(match.start(), match.end(), None)


def _number(text: str) -> int:
    return {"半": 0}.get(text) or read_integer(text) or 0


def _trailing(match: re.Match[str], clock: Clock) -> Piece | None:
    """近N个月, last N quarters: whole periods up to the last that is loaded."""
    unit = match["u"]
    text = (match["n"] or "one").strip()
    count = _number(text)
    end = last_full_month(clock.today, clock.last_loaded)
    if unit[0] in "年y" or "half" in unit:
        months = 6 if text == "半" or "half" in unit or "half" in match[0] else 12 * count
    elif unit[0] in "季q":
        last_quarter = (end + 1) // 3 - 1
        quarters = [Stretch("quarter", q // 4, q % 4 + 1) for q in (last_quarter - count + 1, last_quarter)]
        return Piece(match.start(), match.end(), quarters[0], quarters[1]) if count else None
    elif unit[0] in "月m":
        months = count
    else:
        last = clock.last_loaded or clock.today - timedelta(days=1)
        days = count * (7 if unit[0] in "周星w" else 1)
        return (
            Piece(match.start(), match.end(), day_stretch(last - timedelta(days=days - 1)), day_stretch(last))
            if days
            else None
        )
    if not 0 < months <= 600:
        return None
    return Piece(match.start(), match.end(), month_stretch(end - months + 1), month_stretch(end))


def _to_date(match: re.Match[str], clock: Clock) -> Piece:
    last = clock.latest_month()
    if last.year != clock.today.year:
        last = clock.month()
    return Piece(match.start(), match.end(), Stretch("month", last.year, 1), last, is_cumulative=True, only_alone=True)


def _named_month(match: re.Match[str], clock: Clock) -> Piece | None:
    before = match.string[: match.start()]
    if match["m"].rstrip(".") in ("may", "march", "mar") and not match["y"] and not _MAY.search(before):
        return None
    year = read_year(match["y"]) if match["y"] else None
    return _piece(match, "month", year, MONTH_NAMES[match["m"][:3]])


def _named_day(match: re.Match[str], clock: Clock) -> Piece | None:
    return _piece(
        match, "day", read_year(match["y"]) if match["y"] else None, MONTH_NAMES[match["m"][:3]] * 100 + int(match["d"])
    )


def _bare_year(match: re.Match[str], clock: Clock) -> Piece | None:
    return None if _COMPARED.search(match.string[: match.start()]) else _piece(match, "year", int(match["y"]))


def _slashed(match: re.Match[str], clock: Clock) -> Piece | None:
    """31/12/2024 or 12/31/2024; None when both readings are dates."""
    first, second = int(match["a"]), int(match["b"])
    if (first > 12) == (second > 12) and first != second:
        return None
    month, day = (second, first) if first > 12 else (first, second)
    return _piece(match, "day", int(match["y"]), month * 100 + day)


def _last_part(match: re.Match[str], clock: Clock) -> Piece | None:
    """last June, last Q4: the latest one before the current."""
    is_quarter = bool(match["q"])
    index = int(match["q"]) if is_quarter else MONTH_NAMES[match["m"][:3]]
    now = clock.quarter().index if is_quarter else clock.today.month
    return _piece(match, "quarter" if is_quarter else "month", clock.today.year - (index >= now), index)


def _relative(make: Callable[[Clock], Stretch], only_alone: bool = False) -> Reader:
    return lambda match, clock: Piece(match.start(), match.end(), make(clock), only_alone=only_alone, is_relative=True)


def _year(back: int) -> Reader:
    return _relative(lambda clock: Stretch("year", clock.today.year - back))


def _parts(grain: Grain, group: str = "n") -> Reader:
    return lambda m, c: Piece(m.start(), m.end(), Stretch(grain, None), is_cumulative=True, parts=_number(m[group]))


# fmt: off
_RULES: tuple[tuple[str, Reader], ...] = (
    # Not times: terms, comparisons by unit, groupings.
    (rf"(?<![\d.])\d{{1,2}}\s*(?:-|~|至|到)\s*\d{{1,2}}\s*(?:年|years?)(?!末|底|\s*\d{{1,2}}月)|{_N}年(?:期|以[内上下]|及以[上下]|左右)|{_N}个?月(?:期(?![间末])|以[内上下]|及以[上下])|期限\S{{0,3}}{_N}个?[年月]", _none),
    (r"(?:各|每|历|逐|按|分)个?(?:年末|年底|年度|年|月末|月底|月份|月|季末|季度末|季度|季)", _none),
    (rf"(?:截至|截止|到|as of|as at|until|till)\s*(?:今天|今日|today|目前|当前|现在|now)(?!\s*(?:今年|本年))|(?:{_YEAR})\s*{_AMOUNT}", _none),
    # To date.
    (r"今年以?来|年初至今|年初以来|自?年初起|自?年初到现在|今年(?:截至|截止|到)?(?:至今|目前)(?:为止)?|截[至止]目前(?:今年|本年)|(?:从|自)年初(?:以来|到目前|至目前)|(?:本年度?|今年|当年)累计|(?<![\d一二三四五六七八九十两半])年内|今年内", _to_date),
    (r"\bytd\b|\byear[- ]to[- ]date\b|\bso far this year\b|\bthis year (?:so far|to date)\b|\bsince (?:the )?(?:start|beginning) of (?:the |this )?year\b", _to_date),
    (r"本月以来|月初至今|当月累计|本月累计|\bmtd\b|\bmonth[- ]to[- ]date\b", _relative(lambda c: c.month(), only_alone=True)),
    (r"本季度?以来|季初至今|本季度?累计|\bqtd\b|\bquarter[- ]to[- ]date\b", _relative(lambda c: c.quarter(), only_alone=True)),
    # First parts of a year.
    (r"前(?P<n>[二三两23])(?:个)?季度?(?!报)|first (?P<k>two|three|2|3) quarters", lambda m, c: Piece(m.start(), m.end(), Stretch("quarter", None), is_cumulative=True, parts=_number(m["n"] or m["k"]))),
    (rf"(?<=年)(?:的)?前(?P<n>{_N})个?月(?!期)", _parts("month")),
    (rf"\bfirst (?P<n>{_N}) months\b", _parts("month")),
    (r"\b(?P<n>[369])m[ '-]?(?P<y>20\d\d|2\d)\b", lambda m, c: Piece(m.start(), m.end(), Stretch("month", read_year(m["y"])), is_cumulative=True, parts=int(m["n"]))),
    # So many up to now.
    (rf"(?:最近|近|过去|此前|以往|前)的?\s*(?P<n>{_N}|半)\s*(?:个)?(?:完整|自然)?(?P<u>年|季度|季|月|周|星期|天|日)(?!期(?!间)|以[内上下]|初|度|季|报|均)", _trailing),
    (rf"\b(?:the )?(?:last|past|previous|prior|preceding|trailing|recent|latest|most recent|rolling)\s+(?P<n>{_N})\s*[- ]?(?:full |complete |calendar |consecutive )?(?P<u>years?|quarters?|months?|mos?|weeks?|days?)\b", _trailing),
    (r"\b(?:the )?(?:past|trailing|rolling)(?P<n>)\s+(?P<u>year|quarter|month|week)\b|\b(?:last|past) (?P<h>half)[- ]year\b", lambda m, c: _half_or_one(m, c)),
    (r"\b(?:ltm|ttm|l12m|t12m|r12m?)\b", lambda m, c: Piece(m.start(), m.end(), month_stretch(last_full_month(c.today, c.last_loaded) - 11), month_stretch(last_full_month(c.today, c.last_loaded)))),
    (rf"(?P<n>{_N})个月(?:之?前)(?!的?\d)|\b(?P<k>{_N}) months ago\b", lambda m, c: Piece(m.start(), m.end(), c.month(_number(m["n"] or m["k"])), is_relative=True)),
    # Fiscal years.
    (r"\bfy[ '-]?(?P<y>20[0-4]\d|\d\d)[ -]?(?P<g>[qh])(?P<n>[1-4])(?!\d)", lambda m, c: _piece(m, "quarter" if m["g"] == "q" else "half", read_year(m["y"]), int(m["n"]), c.fiscal_year_start != 1)),
    (r"\b(?:fy|fiscal(?: year)?|financial year)[ '-]?(?P<y>20[0-4]\d|\d\d)(?!\d)|(?<!\d)(?P<y2>20[0-4]\d|\d\d)财年", lambda m, c: _piece(m, "year", read_year(m["y"] or m["y2"]), 1, c.fiscal_year_start != 1)),
    # Full dates.
    (r"(?<![\d.])(?P<y>20[0-4]\d)(?P<s>[-/.])(?P<m>0?[1-9]|1[0-2])(?P=s)(?P<d>0?[1-9]|[12]\d|3[01])(?!\d)", lambda m, c: _piece(m, "day", int(m["y"]), int(m["m"]) * 100 + int(m["d"]))),
    (r"(?<![\d.])(?P<y>20[0-4]\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?!\d)", lambda m, c: _piece(m, "day", int(m["y"]), int(m["m"]) * 100 + int(m["d"]))),
    (r"(?<![\d./])(?P<a>0?[1-9]|[12]\d|3[01])/(?P<b>0?[1-9]|[12]\d|3[01])/(?P<y>20[0-4]\d)(?!\d)", _slashed),
    (rf"\b(?P<d>[12]?\d|3[01])(?:st|nd|rd|th)?[ -]?(?:of )?(?P<m>{_EN_MONTH})(?:[ ,'-]*(?P<y>20[0-4]\d))?(?!\d)", _named_day),
    (rf"\b(?P<m>{_EN_MONTH})\s*(?P<d>[12]?\d|3[01])(?:st|nd|rd|th)?,?\s+(?P<y>20[0-4]\d)(?!\d)", _named_day),
    (rf"\b(?P<m>{_EN_MONTH})\s*(?P<d>[12]?\d|3[01])(?:st|nd|rd|th)(?P<y>)\b|\b(?P<m2>{_EN_MONTH})\s+(?P<d2>30|31|1?\d)(?![\d%])", lambda m, c: _named_day(m, c) if m["m"] else _piece(m, "day", None, MONTH_NAMES[m["m2"][:3]] * 100 + int(m["d2"]))),
    # Year and part glued together.
    (r"(?<![\d.])(?P<y>20[0-4]\d)[ -]?w(?P<n>[0-5]?\d)\b|(?<!\d)(?P<y2>20[0-4]\d)年?第(?P<n2>[1-5]?\d)周", lambda m, c: _piece(m, "week", int(m["y"] or m["y2"]), int(m["n"] or m["n2"]))),
    (rf"(?<![\d.])(?P<y>{_SHORT})年?[ -]?(?:第)?q(?P<n>[1-4])(?:季度?)?(?![\da-z])", lambda m, c: _piece(m, "quarter", read_year(m["y"]), int(m["n"]))),
    (r"(?<![\d.a-z])(?:q(?P<n>[1-4])[ '/-]*|(?P<k>[1-4])q[ '-]?)(?P<y>20[0-4]\d|(?<=['/q-])2\d|(?<=[1-4])'?2\d)(?![\d%])", lambda m, c: _piece(m, "quarter", read_year(m["y"].lstrip("'")), int(m["n"] or m["k"]))),
    (rf"(?<![\d.])(?P<y>{_SHORT})年?[ -]?h(?P<n>[12])(?![\da-z])", lambda m, c: _piece(m, "half", read_year(m["y"]), int(m["n"]))),
    (r"(?<![\d.a-z])(?:h(?P<n>[12])[ '/-]*|(?P<k>[12])h[ '-]?)(?P<y>20[0-4]\d|(?<=['/h-])2\d)(?![\d%])", lambda m, c: _piece(m, "half", read_year(m["y"]), int(m["n"] or m["k"]))),
    (r"(?<![\d.])(?P<y>20[0-4]\d)[-/](?P<m>0[1-9]|1[0-2]|[1-9])(?![\d%万亿]|\.\d)|(?<![\d.])(?P<y2>20[0-4]\d)\.(?P<m2>0[1-9]|1[0-2])(?![\d%万亿])|(?<![\d.,])(?P<y3>20[0-4]\d)(?P<m3>0[1-9]|1[0-2])(?!\d|\s*(?:元|万|亿|笔|户))", lambda m, c: _piece(m, "month", int(m["y"] or m["y2"] or m["y3"]), int(m["m"] or m["m2"] or m["m3"]))),
    (r"(?<![\d./])(?P<m>0?[1-9]|1[0-2])/(?P<y>20[0-4]\d)(?!\d)", lambda m, c: _piece(m, "month", int(m["y"]), int(m["m"]))),
    (rf"\b{_LAST} (?:(?P<m>{_EN_MONTH})|q(?P<q>[1-4])\b)", _last_part),
    (rf"\b(?P<m>{_EN_MONTH})(?P<y>)(?=\s*(?:-|–|—|~|to|through|thru|until|till|and|&|,|/)\s*(?:the )?(?:end of )?{_EN_MONTH})", lambda m, c: _piece(m, "month", None, MONTH_NAMES[m["m"][:3]])),
    (rf"\b(?P<m>{_EN_MONTH})(?:[ ,]*(?:of )?|[ ]?['-]|)(?P<y>20[0-4]\d|(?<=['-])\d\d|(?<= )2[1-9])(?![\d%])", _named_month),
    (rf"\b(?P<m>{_EN_MONTH})(?P<y>)", _named_month),
    # Relative to today.
    (r"(?<![今去上本前次同每当\d年〇零一二三四五六七八九十两半])年(?=初(?!至今|以来|起|到现在|到目前))", _year(0)),
    (r"前年(?=\D|$)|\b(?:the )?year before last\b", _year(2)),
    (rf"去年(?:度)?(?:全年)?|上一?个?年度?(?!初)(?:全年)?|上年度?(?:全年)?|\b{_LAST} (?:calendar )?year\b", _year(1)),
    (r"(?:今年度?|本年度?|这一年)(?:全年)?|\b(?:this|current) (?:calendar )?year\b", _year(0)),
    (r"明年|\bnext year\b", _year(-1)),
    (r"当年", _relative(lambda c: Stretch("year", c.today.year), only_alone=True)),
    (r"上上个?月|\bmonth before last\b", _relative(lambda c: c.month(2))),
    (rf"上个?月份?|上一个?月|前一个?月|\b{_LAST} month\b", _relative(lambda c: c.month(1))),
    (r"本月份?|这个?月|\b(?:this|current) month\b", _relative(lambda c: c.month())),
    (r"当月", _relative(lambda c: c.month(), only_alone=True)),
    (r"上上个?季度?|\bquarter before last\b", _relative(lambda c: c.quarter(2))),
    (rf"上一?个?季度?|前一个?季度?|\b{_LAST} quarter\b", _relative(lambda c: c.quarter(1))),
    (r"本季度?|这个?季度?|\b(?:this|current) quarter\b", _relative(lambda c: c.quarter())),
    (r"当季度?", _relative(lambda c: c.quarter(), only_alone=True)),
    (rf"上个半年|\b{_LAST} half(?:[- ]year)?\b", _relative(lambda c: c.half(1))),
    (rf"上一?个?(?:周|星期)(?![一二三四五六日天])|\b{_LAST} week\b", _relative(lambda c: c.week(1))),
    (r"本周|这个?(?:周|星期)|\b(?:this|current) week\b", _relative(lambda c: c.week())),
    (r"昨天|昨日|\byesterday\b", _relative(lambda c: day_stretch(c.today - timedelta(days=1)))),
    (r"前天|前日", _relative(lambda c: day_stretch(c.today - timedelta(days=2)))),
    (r"今天|今日|\btoday\b", _relative(lambda c: day_stretch(c.today))),
    # Years and parts of a year.
    (rf"(?<![\d.])(?P<y>{_YEAR})年(?:度)?(?:全年)?(?!期)", lambda m, c: _piece(m, "year", read_year(m["y"]))),
    (r"(?<![\d.近过超满于限])(?P<y>2\d)年(?:度)?(?:全年)?(?!期(?!间)|以[内上下]|及以|[的]?(?:贷款|按揭|国债)|左右|内)", lambda m, c: _piece(m, "year", read_year(m["y"]))),
    (rf"(?<![\d.])(?P<m>{_M})月(?:份)?(?P<d>[12]\d|3[01]|0?[1-9]|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])[日号]", lambda m, c: _piece(m, "day", None, _number(m["m"]) * 100 + _number(m["d"]))),
    (rf"(?<![\d.个一二三四五六七八九十每各])(?P<m>{_M})月(?:份)?(?!期(?![间末内])|以[内上下]|均|供)", lambda m, c: _piece(m, "month", None, _number(m["m"]))),
    (rf"(?<![\d.一二三四五六七八九十])(?P<m>{_M})(?=\s*(?:(?:-|–|—|~|至|到)\s*{_M}月(?!期|以))|(?:\s*、\s*{_M})*\s*[、和及与]\s*{_M}月(?!期|以))", lambda m, c: _piece(m, "month", None, _number(m["m"]))),
    (rf"第?(?P<n>{_Q})(?=\s*(?:-|–|—|~|至|到|、|和|及)\s*第?{_Q}季)", lambda m, c: _piece(m, "quarter", None, _number(m["n"]))),
    (rf"第?(?P<n>{_Q})个?季度?(?!节)|(?P<f>首)季度?", lambda m, c: _piece(m, "quarter", None, 1 if m["f"] else _number(m["n"]))),
    (r"(?<![a-z\d])q(?P<n>[1-4])(?:季度?)?(?![\da-z])", lambda m, c: _piece(m, "quarter", None, int(m["n"]))),
    (rf"\b(?P<n>{_ORDINAL})[- ](?P<u>quarter|half)\b(?! of (?:the )?(?:customers|loans))", lambda m, c: _piece(m, m["u"], None, _ORDINALS[m["n"]])),  # type: ignore[arg-type]
    (r"(?P<n>[上下])半年(?:度)?", lambda m, c: _piece(m, "half", None, 1 if m["n"] == "上" else 2)),
    (r"(?<![a-z\d])(?:h(?P<n>[12])|(?P<k>[12])h)(?![\da-z])", lambda m, c: _piece(m, "half", None, int(m["n"] or m["k"]))),
    (r"(?<![\d.,])(?P<y>20[0-4]\d)(?![\d]|[.,]\d)", _bare_year),
)
# fmt: on


def _half_or_one(match: re.Match[str], clock: Clock) -> Piece | None:
    end = last_full_month(clock.today, clock.last_loaded)
    if match["h"]:
        return Piece(match.start(), match.end(), month_stretch(end - 5), month_stretch(end))
    return _trailing(match, clock)


_COMPILED: tuple[tuple[re.Pattern[str], Reader], ...] = tuple(
    (re.compile(pattern), reader) for pattern, reader in _RULES
)


def find_pieces(text: str, clock: Clock) -> list[Piece]:
    """Time words of a folded text in order, none overlapping; those that mean no period are left out."""
    return [piece for piece in find_time_words(text, clock) if piece.stretch is not None]


def find_time_words(text: str, clock: Clock) -> list[Piece]:
    """As `find_pieces`, with the words that mean no period."""
    taken = [Piece(cue.start, cue.end, None) for cue in find_cues(text) if cue.family not in ("ytd", "share", "rank")]
    for pattern, reader in _COMPILED:
        for match in pattern.finditer(text):
            if not _is_free(taken, match.start(), match.end()):
                continue
            piece = reader(match, clock)
            if piece is not None:
                taken.append(piece)
    return sorted(taken, key=lambda piece: piece.start)


def _is_free(taken: list[Piece], start: int, end: int) -> bool:
    return end > start and all(end <= piece.start or piece.end <= start for piece in taken)


def bare_year_ends(text: str, taken: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """年末 or year-end with no year beside it, where the text groups by nothing of the kind."""
    for match in re.finditer(r"(?<![各每历逐按较比年])(?:年末|年底|年终)(?!奖)|\b(?:at |as of )?year[- ]end\b", text):
        if all(match.end() <= start or end <= match.start() for start, end in taken):
            yield match.span()
