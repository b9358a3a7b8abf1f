"""Reads amounts: a number with its scale and unit, as bankers write them (5000万元, 1.5bn RMB, 两成半, 20bp, one quarter).

An amount in a currency that is not the bank's own is none: what it bounds is in yuan.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from t2sql.grounding.numbers.numerals import (
    ARABIC_EXPONENT,
    ARABIC_NUMBER,
    EN_NUMBER,
    ENGLISH_SCALES,
    ZH_NUMBER,
    read_number,
)

Unit = Literal["", "CNY", "ratio", "count", "bp"]
_SCALE = "|".join(sorted(ENGLISH_SCALES, key=len, reverse=True))
_COUNT = r"户|笔|家|个(?!百分点|bp|基点|点)|人(?!民币)|张|名|位|customers?|clients?|accounts?|loans?\b|cards?\b|transactions?|branches|units|outlets|people"
_POINTS = r"points?(?= (?:higher|lower|more|less|worse|better|above|below|up|down|or more)\b)|个?百分点|个点(?!位)|percentage (?:points?|pts)|%[- ]?points?|ppts?(?![a-z])|pps?(?![a-z])|pct(?![a-z])"
_PERCENT = r"%|percent|per ?cent"
_PER_MILLE = r"‰|per ?mill?e?\b|per thousand\b"
_BASIS_POINTS = r"个?(?:bps?(?![a-z])|基点)|basis points?"
_TIMES = r"倍(?!数|率|增)"
_YUAN = r"(?:人民币)?元|块钱?|yuan|rmb\b|cny\b|人民币"
_FRACTIONS = {"third": 3, "quarter": 4, "fifth": 5, "tenth": 10}
_AMOUNT = re.compile(
    rf"(?P<sign>[¥]|\b(?:rmb|cny)\s?)?"
    rf"(?:(?P<of>百分之|千分之|万分之|{ZH_NUMBER}分之)(?P<part>{ARABIC_NUMBER}|{ZH_NUMBER})"
    rf"|(?P<top>(?<![\d/.])[1-9]\d?)/(?P<bottom>[1-9]\d?)(?![\d/])"
    rf"|\b(?:an?|one|(?P<parts>two|three|four))[- ](?P<fraction>third|quarter|fifth|tenth)s?\b|(?P<half>一半|半数|(?<=过)半(?!年|数)|\bhalf\b(?![- ]year| an? ))"
    rf"|(?P<number>(?<![a-z\d.]){ARABIC_EXPONENT}|(?<![第每各]){ZH_NUMBER}|(?<=[过上超破])[万亿]|\b(?:{EN_NUMBER})\b|\b(?:half )?an?(?= (?:thousand|million|billion|trillion)\b))"
    rf"\s?(?P<scale>个?[十百千]?[万亿]+|[千百](?=[户笔家个人张元])|(?<=\d)w(?![a-z\d])|(?:{_SCALE})\b)?"
    rf"\s?(?P<unit>{_POINTS}|{_PERCENT}|{_PER_MILLE}|{_BASIS_POINTS}|{_TIMES}|成(?:[一二三四五六七八九半])?(?![本立为功都交长员果绩人分])"
    rf"|{_YUAN}|{_COUNT})?)",
    re.ASCII,
)
_DURATION = re.compile(
    r"\s?-?(?:个?月|年|天|日|周|个?季|岁|期|小时|分钟|号|点|级|类|档|months?|years?|days?|weeks?|quarters?|hours?|yrs?)"
)
_FOREIGN_BEFORE = re.compile(r"(?:[$€£]|\b(?:usd|eur|hkd|jpy|gbp)\s?|(?:美元|欧元|港元|港币|日元|英镑)\s?)$")
_FOREIGN_AFTER = re.compile(r"\s?(?:美元|欧元|港元|港币|日元|英镑|usd|eur|hkd|jpy|gbp|(?:us )?dollars?|euros?|pounds?)")
# The adjectives of what is counted: 300 corporate customers.
_COUNTED = re.compile(
    r"\s(?:(?!(?:in|of|from|with|by|for|at|to|and|or|on|per|yuan|percent|as|than|but|a|the)\b)[a-z-]+ ){1,2}(?:customers?|clients?|accounts?|cards?|transactions?|outlets|(?P<lent>loans))\b"
)
# What is bounded is itself a count: 客户数超过5万, churned customers over 1k.
_OF_COUNT = re.compile(
    r"(?:数量?|量|[客账商]户|\b(?:customers?|clients?|accounts?|cards?|transactions?|number|count|headcount))(?:的|为|是|都|均|is |are |was |were )?\s*$"
)
# "Over a quarter" is a time, "over a quarter of" a share.
_DURING = re.compile(r"\b(?:over|within|in|during|for)\s$")
# The first tenth of a list is no bound of a share.
_SHARE_OF_ROWS = re.compile(r"(?:前|后|top|bottom)\s?$")


@dataclass(frozen=True, slots=True)
class Amount:
    """One number, scaled to one; offsets into the folded text."""

    start: int
    end: int
    value: float
    unit: Unit
    is_scaled: bool
    """Whether the words say a scale (万, million)."""
    factor: float
    """What the figure was multiplied by."""
    has_unit: bool


def find_amounts(text: str) -> list[Amount]:
    """Amounts in a folded text, in order."""
    return [amount for match in _AMOUNT.finditer(text) if (amount := _amount(match)) is not None]


def is_of_count(text: str) -> bool:
    """Whether `text` ends with a noun that is counted, so that a number after it is of no currency."""
    return _OF_COUNT.search(text) is not None


def _amount(match: re.Match[str]) -> Amount | None:
    text, start = match.string, match.start()
    end = start + len(match[0].rstrip())
    if _SHARE_OF_ROWS.search(text[:start]) and (match["of"] or match["unit"] or match["half"] or match["top"]):
        return None
    if match["number"] is None:
        return _fraction(match, start, end)
    value = read_number("1" + match["number"] if match["number"] in ("万", "亿") else match["number"])
    if match["number"].split(" ")[-1] in ("a", "an"):
        value = 0.5 if match["number"].startswith("half") else 1.0
    if value is None or _FOREIGN_BEFORE.search(text[:start]) or _FOREIGN_AFTER.match(text, end):
        return None
    unit_word, scale_word = (match["unit"] or "").strip(), match["scale"] or ""
    if _DURATION.match(text, end) and unit_word in ("", "个", "人"):
        return None
    if not unit_word and not scale_word and end < len(text) and text[end].isascii() and text[end].isalpha():
        return None
    factor = _scale(scale_word)
    is_scaled = bool(scale_word) or bool(re.search(r"[万亿]", match["number"]))
    unit, share = _unit(unit_word)
    if unit == "ratio" and unit_word.startswith("成"):
        value += {"半": 0.5}.get(unit_word[1:], read_number(unit_word[1:]) or 0) / (1 if unit_word[1:] == "半" else 10)
    factor *= share
    if not unit:
        counted = _COUNTED.match(text, end)
        if counted and not (is_scaled and counted["lent"]):
            unit = "count"
        elif match["sign"] or is_scaled:
            unit = "CNY"
    has_unit = bool(match["sign"]) or unit_word not in ("", "倍")
    return Amount(start, end, round(value * factor, 12), unit, is_scaled, factor, has_unit)


def _scale(word: str) -> float:
    if word == "w":
        return 10_000.0
    return ENGLISH_SCALES.get(word) or (read_number("1" + word.lstrip("个")) or 1.0)


def _unit(word: str) -> tuple[Unit, float]:
    """The unit and what one of it is."""
    if not word:
        return "", 1.0
    for unit, share, pattern in _UNITS:
        if pattern.fullmatch(word):
            return unit, share
    return "count", 1.0


def _fraction(match: re.Match[str], start: int, end: int) -> Amount | None:
    """百分之五, 四分之一, 1/4, two thirds, half."""
    if match["half"]:
        return Amount(start, end, 0.5, "ratio", False, 1.0, False)
    if match["fraction"]:
        if _DURING.search(match.string[:start]) and not match.string.startswith(" of", end):
            return None
        parts = read_number(match["parts"]) or 1.0 if match["parts"] else 1.0
        return Amount(start, end, round(parts / _FRACTIONS[match["fraction"]], 12), "ratio", False, 1.0, False)
    if match["top"]:
        top, bottom = int(match["top"]), int(match["bottom"])
        return Amount(start, end, round(top / bottom, 12), "ratio", False, 1.0, False) if top < bottom else None
    part = read_number(match["part"])
    said = match["of"][:-2]
    whole = {"百": 100.0, "千": 1000.0, "万": 10_000.0}.get(said) or read_number(said)
    if part is None or not whole:
        return None
    return Amount(start, end, round(part / whole, 12), "ratio", False, 1 / whole, True)


_UNITS: tuple[tuple[Unit, float, re.Pattern[str]], ...] = (
    ("ratio", 0.01, re.compile(rf"{_POINTS}|points?|{_PERCENT}")),
    ("ratio", 0.001, re.compile(_PER_MILLE)),
    ("ratio", 0.1, re.compile(r"成.?")),
    ("ratio", 1.0, re.compile(_TIMES)),
    ("bp", 0.0001, re.compile(_BASIS_POINTS)),
    ("CNY", 1.0, re.compile(_YUAN)),
)
