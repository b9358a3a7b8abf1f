"""How numbers, periods and names are written for a person, in Chinese and English.

Only the writing: a value is rounded nowhere but here, so that no total is ever made from shown figures. What comes
from data or from a person passes `visible`, so that no control character reaches a terminal.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from itertools import pairwise
from typing import Any

from t2sql.catalog import Grain, Language
from t2sql.flow import Column

MISSING = "—"
POINTS = "points"
RATIO = "ratio"
CURRENCY = "CNY"
SIGNED = {"yoy", "mom", "qoq"}
SCALES_ZH = ((Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万"))
SCALES_EN = ((Decimal(10) ** 9, "bn"), (Decimal(10) ** 6, "M"), (Decimal(10) ** 3, "K"))
BIDI = re.compile("[\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
NO_CHARACTER = re.compile("[\ufffe\uffff]")
CHINESE = re.compile("[\u4e00-\u9fff]")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_NAMES_AT_MOST = 4
"""Latin letters for each Chinese one, at least, in an English sentence that holds stored names."""
PERIOD = re.compile(r"(FY)?(\d{4})(?:-(?:Q([1-4])|H([12])|W(\d{2})|(\d{2})(?:-(\d{2}))?))?")


def visible(text: str, *, keep_newlines: bool = False) -> str:
    r"""`text` with control, direction-changing and broken characters written out, so that a terminal obeys none.

    >>> visible("a\x1b[31mb")
    'a\\x1b[31mb'
    """
    return "".join(
        c
        if (keep_newlines and c in "\n\t") or not _is_control(c)
        else c.encode("unicode_escape", "surrogatepass").decode("ascii")
        for c in text
    )


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs") or bool(
        BIDI.match(character) or NO_CHARACTER.match(character)
    )


def format_value(value: Any, column: Column, language: Language, *, exact: bool = False) -> str:
    """One cell in words: 12.35 亿元, CNY 1.24 bn, 1.23%, +0.12 个百分点; with `exact` every stored digit.

    `value` is as the warehouse gave it: ratios are fractions, NULL is None.
    """
    if value is None:
        return MISSING if column.kind == "metric" else ("（空）" if language == "zh" else "(none)")
    if isinstance(value, bool):
        return {("zh", True): "是", ("zh", False): "否", ("en", True): "yes", ("en", False): "no"}[language, value]
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (int, float, Decimal)) and (column.kind == "metric" or column.unit):
        return format_number(
            value, column.unit, language, signed=is_signed(column), exact=exact, is_integer=column.type == "integer"
        )
    return visible(str(value))


def is_signed(column: Column) -> bool:
    """Whether a plus sign says something: changes and growth rates."""
    return column.unit == POINTS or column.function in SIGNED or column.function.endswith("_diff")


def format_number(
    value: int | float | Decimal,
    unit: str,
    language: Language,
    *,
    signed: bool = False,
    exact: bool = False,
    is_integer: bool = False,
) -> str:
    """A number of `unit` (CNY, ratio, points, count, CNY/户 …) in words; `exact` shows every digit, unscaled."""
    return _number_words(value, unit, language, signed=signed, exact=exact, is_scaled=not exact, is_integer=is_integer)


def format_threshold(value: int | float | Decimal, unit: str, language: Language) -> str:
    """A number that a person gave: scaled like any other, yet no digit lost (5,000 万元, 3.125%)."""
    return _number_words(value, unit, language, signed=False, exact=True, is_scaled=True, is_integer=False)


def _number_words(
    value: int | float | Decimal,
    unit: str,
    language: Language,
    *,
    signed: bool,
    exact: bool,
    is_scaled: bool,
    is_integer: bool,
) -> str:
    number = value if isinstance(value, Decimal) else Decimal(repr(value) if isinstance(value, float) else value)
    if not number.is_finite():
        return MISSING
    with localcontext() as context:
        context.prec = 60
        if unit == RATIO:
            return _digits(number * 100, 2, signed, exact) + "%"
        if unit == POINTS:
            return _digits(number * 100, 2, signed, exact) + (" 个百分点" if language == "zh" else " pp")
        money, per = unit == CURRENCY or unit.startswith(CURRENCY + "/"), unit.partition("/")[2]
        scale, word = _scale(number, language) if is_scaled and (money or abs(number) >= 10**6) else (Decimal(1), "")
        whole = not money and not word and (is_integer or number == number.to_integral_value())
        digits = _digits(number / scale, 0 if whole else 2, signed, exact)
        per_text = f"/{visible(per)}" if per else ""
        if money and language == "zh":
            return f"{digits} {word}元{per_text}"
        if money:
            return f"{CURRENCY} {digits}{' ' + word if word else ''}{per_text}"
        other = "" if unit in ("", "count") else " " + visible(unit)
        return f"{digits}{' ' + word if word else ''}{other}"


def _scale(number: Decimal, language: Language) -> tuple[Decimal, str]:
    """The largest unit that keeps at least one digit before the point, after rounding to two decimals."""
    for scale, word in SCALES_ZH if language == "zh" else SCALES_EN:
        if (abs(number) / scale).quantize(Decimal("0.01"), ROUND_HALF_UP) >= 1:
            return scale, word
    return Decimal(1), ""


def _digits(number: Decimal, decimals: int, signed: bool, exact: bool) -> str:
    if exact:
        text = f"{number:,f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    else:
        text = f"{number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):,f}"
    if text.startswith("-") and not text.strip("-0.,"):
        text = text[1:]
    return f"+{text}" if signed and not text.startswith("-") and text.strip("0.,") else text


def format_period(label: str, language: Language) -> str:
    """A period literal or a range of two (2024-Q2, 2024-01..2024-06) as people say it; other text unchanged."""
    first, dots, last = label.partition("..")
    if dots:
        return f"{format_period(first, language)}{'至' if language == 'zh' else ' to '}{format_period(last, language)}"
    found = PERIOD.fullmatch(label)
    if not found:
        return visible(label)
    fiscal, year, quarter, half, week, month, day = found.groups()
    if month and not 1 <= int(month) <= 12:
        return visible(label)
    if language == "zh":
        head = f"{year}{'财年' if fiscal else '年'}"
        tail = f"第{'一二三四'[int(quarter) - 1]}季度" if quarter else f"第{int(week)}周" if week else ""
        tail = ("上半年", "下半年")[int(half) - 1] if half else tail
        return head + (f"{int(month)}月" if month else tail) + (f"{int(day)}日" if day else "")
    head = f"{'FY' if fiscal else ''}{year}"
    if month:
        return f"{int(day)} {MONTHS[int(month) - 1]} {head}" if day else f"{MONTHS[int(month) - 1]} {head}"
    part = f"Q{quarter}" if quarter else f"H{half}" if half else f"week {int(week)} of" if week else ""
    return f"{part} {head}" if part else head


def format_periods(labels: Sequence[str], language: Language, limit: int = 4) -> str:
    """Several periods in one phrase: a run without a gap as first to last, else a list, cut after `limit`."""
    if len(labels) > 2 and all(next_period(a) == b for a, b in pairwise(labels)):
        return format_period(f"{labels[0]}..{labels[-1]}", language)
    shown = [format_period(label, language) for label in labels[:limit]]
    if len(labels) > limit:
        shown.append(f"等 {len(labels)} 期" if language == "zh" else f"{len(labels) - limit} more")
        return "、".join(shown[:-1]) + shown[-1] if language == "zh" else join(shown, language)
    return join(shown, language)


def next_period(label: str) -> str:
    """The literal after `label` of the same grain; "" when it is none."""
    found = PERIOD.fullmatch(label)
    if not found:
        return ""
    fiscal, year, quarter, half, week, month, day = found.groups()
    for part, count, form in ((quarter, 4, "Q{}"), (half, 2, "H{}"), (None if day else month, 12, "{:02}")):
        if part:
            index = int(year) * count + int(part)
            return f"{fiscal or ''}{index // count}-{form.format(index % count + 1)}"
    try:
        if week:
            after = date.fromisocalendar(int(year), int(week), 1) + timedelta(weeks=1)
            return f"{after.isocalendar().year}-W{after.isocalendar().week:02}"
        if day:
            return (date(int(year), int(month), int(day)) + timedelta(days=1)).isoformat()
    except ValueError:
        return ""
    return f"{fiscal or ''}{int(year) + 1}"


def join(parts: Sequence[str], language: Language, word: str = "") -> str:
    """Parts as a list in a sentence: a、b和c / a, b and c."""
    last = word or ("和" if language == "zh" else "and")
    if len(parts) < 2:
        return "".join(parts)
    if language == "zh":
        return "、".join(parts[:-1]) + last + parts[-1]
    return ", ".join(parts[:-1]) + f" {last} " + parts[-1]


def in_language(text: str, language: Language) -> str:
    """One half of a text written as "中文 / English"; any other text whole.

    >>> in_language("贷款余额 / loan balance", "en")
    'loan balance'
    """
    zh, slash, en = text.partition(" / ")
    if slash and CHINESE.search(zh) and _is_english(en):
        return zh.strip() if language == "zh" else en.strip()
    return text


def _is_english(text: str) -> bool:
    """Whether it is Latin text, in which a name may stand as stored: the head office's own book is 总行."""
    latin = sum(letter.isascii() and letter.isalpha() for letter in text)
    return latin > _NAMES_AT_MOST * len(CHINESE.findall(text))


def label(column: Column, language: Language) -> str:
    """A column's heading in `language`, its name when it has none."""
    return visible((column.label_zh if language == "zh" else column.label_en) or column.name)


GRAIN_WORDS: dict[Grain, tuple[str, str]] = {
    "day": ("日", "day"), "week": ("周", "week"), "month": ("月", "month"), "quarter": ("季度", "quarter"),
    "half": ("半年", "half-year"), "year": ("年", "year"),
}  # fmt: skip
"""Grain -> its word in Chinese and English."""
WEEKDAY_WORDS: tuple[tuple[str, str], ...] = (
    ("周一", "Monday"), ("周二", "Tuesday"), ("周三", "Wednesday"), ("周四", "Thursday"), ("周五", "Friday"),
    ("周六", "Saturday"), ("周日", "Sunday"),
)  # fmt: skip
"""Days of the week in Chinese and English, from Monday, the first by ISO 8601."""
