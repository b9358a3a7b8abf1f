"""Reads one number written in digits, Chinese numerals or English words; callers bring the exact piece.

Looked at and left: cn2an (MIT) refuses 三点五亿 and 百分之三, which bankers write; jionlp (Apache-2.0) is 16 MB and
pulls `requests` and a segmenter; recognizers-text-suite (MIT, 2019) no longer imports beside current packages.
"""

from __future__ import annotations

import re

DIGITS = {
    "〇": 0, "零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
    "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9,
}  # fmt: skip
PLACES = {"十": 10, "拾": 10, "廿": 20, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
SCALES = {"万": 10_000, "亿": 100_000_000}
ENGLISH = {
    "a": 1, "one": 1, "single": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "twenty-four": 24, "thirty": 30, "forty": 40,
    "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100,
}  # fmt: skip
ENGLISH_SCALES = {
    "k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "mm": 1e6, "mil": 1e6, "mio": 1e6, "mln": 1e6, "million": 1e6,
    "millions": 1e6,
    "b": 1e9, "bn": 1e9, "bil": 1e9, "bln": 1e9, "billion": 1e9, "billions": 1e9, "tn": 1e12, "trn": 1e12,
    "trillion": 1e12,
}  # fmt: skip

ZH_CHARACTERS = "〇零一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟廿"
ZH_NUMBER = rf"[{ZH_CHARACTERS}]+(?:点[〇零一二三四五六七八九]+)?[万亿]*"
ARABIC_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
ARABIC_EXPONENT = rf"{ARABIC_NUMBER}(?:e\+?\d{{1,2}}(?![\da-z]))?"
EN_WORD = "|".join(sorted((word for word in ENGLISH if word != "a"), key=len, reverse=True))
EN_NUMBER = rf"(?:(?:an? )?(?:{EN_WORD}))(?:[ -](?:and )?(?:{EN_WORD}))*"


def read_number(text: str) -> float | None:
    """The value of `1,500`, `3.5亿`, `1e9`, `三点五亿`, `一千五百万`, `两百`, `two hundred`; None when it is none."""
    text = text.strip()
    if not text:
        return None
    if text in ENGLISH:
        return float(ENGLISH[text])
    if text[0].isascii() and text[0].isalpha():
        return _english(text)
    mixed = re.fullmatch(rf"({ARABIC_EXPONENT})\s*([十百千万亿]*)", text)
    if mixed:
        value = float(mixed[1].replace(",", ""))
        for letter in mixed[2]:
            value *= PLACES.get(letter) or SCALES[letter]
        return value
    return _chinese(text)


def read_integer(text: str) -> int | None:
    """As `read_number`, None when it is no whole number."""
    value = read_number(text)
    return int(value) if value is not None and value == int(value) else None


def read_year(text: str) -> int | None:
    """`2024`, `24`, `二〇二四`, `二零二四` as a year of this century; None when it is none."""
    digits = "".join(str(DIGITS[letter]) if letter in DIGITS else letter for letter in text)
    if not digits.isdigit() or len(digits) not in (2, 4):
        return None
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _english(text: str) -> float | None:
    """`two hundred and fifty`, `twenty-five`, `a hundred`; scales (million) are the caller's."""
    total = 0
    for word in re.split(r"[ -](?:and )?", text):
        if word not in ENGLISH:
            return None
        total = max(total, 1) * 100 if word == "hundred" else total + ENGLISH[word]
    return float(total)


def _chinese(text: str) -> float | None:
    whole, _, decimals = text.partition("点")
    scale = 1.0
    if decimals:
        while decimals and decimals[-1] in SCALES:
            scale, decimals = scale * SCALES[decimals[-1]], decimals[:-1]
        if not decimals or any(letter not in DIGITS for letter in decimals):
            return None
    value = _whole(whole)
    if value is None:
        return None
    return (value + float("0." + "".join(str(DIGITS[d]) for d in decimals)) if decimals else float(value)) * scale


def _whole(text: str) -> int | None:
    if len(text) > 1 and all(letter in DIGITS for letter in text):
        return int("".join(str(DIGITS[letter]) for letter in text))
    total = section = 0
    digit: int | None = None
    unit = 10
    for letter in text:
        if letter in DIGITS:
            digit = DIGITS[letter]
            if letter in "〇零":
                unit = 10
        elif letter in PLACES:
            place = PLACES[letter]
            section += place * (1 if digit is None else digit)
            digit, unit = None, place
        elif letter in SCALES:
            scale = SCALES[letter]
            section += digit or 0
            if not section and not total:
                return None
            total = (total + section) * scale if scale > 10_000 else total + section * scale
            section, digit, unit = 0, None, scale
        else:
            return None
    # 一万二 means 12,000: a last digit right after a unit stands one place below it.
    tail = (digit or 0) * (
        unit // 10 if unit > 10 and text[-1] in DIGITS and len(text) > 1 and text[-2] not in "〇零" else 1
    )
    return total + section + tail if text else None
