"""Finds numbers that bound an answer: thresholds (超过5000万, at least 3%) and limits (前五, top 5, 哪个分行最高).

Never takes durations (5年以上, 90天), dates or codes (R3) for quantities.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from t2sql.flow import Quantity, Span
from t2sql.grounding.numbers.numerals import (
    ARABIC_NUMBER,
    EN_WORD,
    ENGLISH_SCALES,
    ZH_NUMBER,
    read_integer,
    read_number,
)
from t2sql.grounding.numbers.orders import find_order, is_directed
from t2sql.grounding.numbers.signs import find_signs
from t2sql.grounding.words.text import Folded, fold

Operator = Literal["", ">", ">=", "<", "<=", "=", "between"]
Unit = Literal["", "CNY", "ratio", "count", "bp"]

_SCALE = "|".join(sorted(ENGLISH_SCALES, key=len, reverse=True))
_COUNT = r"户|笔|家|个(?!百分点|bp|基点)|人(?!民币)|张|名|位|customers?|clients?|accounts?|loans?\b|cards?\b|transactions?|branches|units|outlets|people"
_AMOUNT = re.compile(
    rf"(?P<sign>[¥]|\b(?:rmb|cny)\s?)?"
    rf"(?:(?P<of>百分之|千分之|万分之|{ZH_NUMBER}分之)(?P<part>{ARABIC_NUMBER}|{ZH_NUMBER})"
    rf"|(?P<number>(?<![a-z\d.]){ARABIC_NUMBER}|(?<![第每各]){ZH_NUMBER}|\b(?:{EN_WORD})\b)"
    rf"\s?(?P<scale>[千百]?[万亿]+|[千百](?=[户笔家个人张元])|(?:{_SCALE})\b)?"
    rf"\s?(?P<unit>个?百分点|percentage points?|ppts?(?![a-z])|pps?(?![a-z])|%|‰|percent|per ?cent|个?(?:bps?(?![a-z])|基点)|basis points?|成(?![本立为功都交长员果绩人分])"
    rf"|(?:人民币)?元|块钱?|yuan|rmb\b|cny\b|人民币|{_COUNT})?)"
)
_DURATION = re.compile(
    r"\s?-?(?:个?月|年|天|日|周|个?季|岁|期|小时|分钟|号|点|级|类|档|months?|years?|days?|weeks?|quarters?|hours?|yrs?)"
)
_BEFORE: tuple[tuple[Operator, str], ...] = (
    ("<=", r"不超过|不超|不高于|不大于|不多于|至多|最多为?|小于等于|小于或等于|低于或等于|<=|≤|at most|no (?:more|higher|greater) than|not (?:more|higher|greater) than|not exceeding|up to|(?:a )?max(?:imum)? of|less than or equal to|within|capped at"),
    (">=", r"不低于|不少于|不小于|至少为?|起码|最少为?|最低为?|大于等于|大于或等于|高于或等于|达到了?|达|满|>=|≥|at least|no (?:less|lower|fewer) than|not (?:less|lower|fewer) than|(?:a )?min(?:imum)? of|greater than or equal to|reach(?:es|ed|ing)?"),
    (">", r"超过了?|超出|超|大于|高于|多于|突破|高过|>|over|above|more than|greater than|higher than|larger than|bigger than|exceed(?:s|ed|ing)?|beyond|north of"),
    ("<", r"低于|小于|少于|不足|不到|未达到?|没到|<|under|below|less than|lower than|fewer than|smaller than|short of"),
    ("=", r"等于|正好|恰好|=|exactly|equal(?:s)?(?: to)?"),
)  # fmt: skip
_AFTER: tuple[tuple[Operator, str], ...] = (
    (">=", r"(?:及|或|和)?以上|(?:或|及)更[多高]|起(?![点始])|(?:或|及)?之上|\+|(?:or|and) (?:more|above|over|higher|greater|up)\b"),
    ("<=", r"(?:及|或|和)?以[下内]|之[内下]|(?:或|及)更[少低]|(?:or|and) (?:less|below|under|lower|fewer)\b"),
)  # fmt: skip
_PREFIXES = tuple(
    (
        operator,
        re.compile(rf"(?<![a-z])(?:{pattern})\s*(?:的|约|大约|about |roughly )?\s*(?:[¥$]|rmb\s?|cny\s?|人民币)?$"),
    )
    for operator, pattern in _BEFORE
)
_SUFFIXES = tuple((operator, re.compile(rf"\s*(?:{pattern})")) for operator, pattern in _AFTER)
_JOIN = re.compile(r"\s*(?:到|至|-|–|—|~|和|与|and|to)\s*(?:¥|rmb |cny )?")
_BETWEEN = re.compile(r"(?:介于|在|处于|between|from|range of)\s*(?:¥|rmb |cny )?$")

_N = rf"(?P<n>\d{{1,3}}|[一二两三四五六七八九十]{{1,3}}|(?:{EN_WORD}))"
_HIGH = r"最[高大多好强优快]|居首|领先"
_LOW = r"最[低小少差弱慢]|垫底"
_EN_HIGH = r"highest|largest|biggest|greatest|(?<!at )most(?! recent)|best|strongest|fastest(?:[- ]growing)?"
_EN_LOW = r"lowest|smallest|(?<!at )least|fewest|worst|weakest|slowest(?:[- ]growing)?"
_COUNTED = r"(?:名|个|位|家|大|强|户|笔|条|支|项|种|只)"
_NOT_TIME = r"(?!\s*(?:个?季|个?月|年|天|周|日|期|半年|%|‰|万|亿|quarters?|months?|years?|weeks?|days?|percent))"
# (largest first, pattern); a pattern without n means one.
_LIMITS: tuple[tuple[bool, str], ...] = (
    (True, rf"(?<![目之以此提先当])前\s*{_N}(?!\d){_NOT_TIME}{_COUNTED}?{_NOT_TIME}"),
    (True, rf"\btop[- ]?{_N}\b{_NOT_TIME}|\btop{_N.replace('<n>', '<k>')}\b"),
    (False, rf"(?:后|倒数|末|最后)\s*{_N}(?!\d){_NOT_TIME}{_COUNTED}|倒数\s*第?{_N.replace('<n>', '<k>')}(?!\d)"),
    (False, rf"\b(?:bottom|last)[- ]?{_N}\b{_NOT_TIME}"),
    (True, rf"(?:{_HIGH})的?\s*(?:前)?{_N}(?!\d){_NOT_TIME}{_COUNTED}"),
    (False, rf"(?:{_LOW})的?\s*(?:前|后)?{_N}(?!\d){_NOT_TIME}{_COUNTED}"),
    (True, rf"\b(?:{_EN_HIGH})[- ]{_N}\b{_NOT_TIME}|\b{_N.replace('<n>', '<k>')} (?:{_EN_HIGH})\b"),
    (False, rf"\b(?:{_EN_LOW})[- ]{_N}\b{_NOT_TIME}|\b{_N.replace('<n>', '<k>')} (?:{_EN_LOW})\b"),
    (True, rf"\bfirst {_N}\b(?= (?:branches|regions|products|industries|customers|segments|outlets|sub))"),
)  # fmt: skip
_COMPILED_LIMITS = tuple((descending, re.compile(pattern)) for descending, pattern in _LIMITS)
_ASKED_N = re.compile(
    rf"(?:哪|which |what |(?<![a-z\d])the |list |show |give me )\s*{_N}(?!\d){_NOT_TIME}\s?(?:{_COUNTED}|branches|regions|products|industries|customers|segments|sub-?branches|outlets)"
)
# 5个不良率最高的分行, "three branches with the lowest deposits": a count of the rows, said before the superlative.
_COUNT_BEFORE = re.compile(
    rf"(?<![第前后每各几\d.,年月季超过满足于到达至有])(?P<n>\d{{1,3}}|[一二两三四五六七八九十]{{1,3}})(?!个?(?:百分点|基点|bp|季|月|年|交易日|工作日|自然))(?:个|家|名|位|大|种|类|只|条)(?!均|月|季)"
    rf"|(?<!than )(?<!least )(?<!most )(?<!over )(?<!exactly )\b{_N.replace('<n>', '<k>')} (?:\w+ )?(?:branches|regions|products|industries|customers|segments|sub-?branches|outlets|cities|provinces|currencies|channels)\b"
)
_ORDINALS = "second third fourth fifth sixth seventh eighth ninth tenth".split()
_NTH = rf"(?P<n>\d{{1,3}}(?:st|nd|rd|th)|{'|'.join(_ORDINALS)})"
# 第二大, 排名第三, "the second largest": one row of a rank; only from the top, for a rank counts from there.
_ORDINAL = re.compile(
    rf"(?:排(?:名|行|在)?|位列|位居|居|列)?第(?P<z>[二三四五六七八九十]{{1,3}}|\d{{1,3}})(?:[名位]?(?:最?[高大多好强]))|(?:排(?:名|行|在)?|位列|位居|居)第(?P<y>[二三四五六七八九十]{{1,3}}|[2-9]|\d{{2,3}})(?:[名位])?|(?<!倒数)第(?P<w>[二三四五六七八九十]{{1,3}}|[2-9])名"
    rf"|\b{_NTH}[- ](?:{_EN_HIGH})\b|\brank(?:s|ed|ing)? (?:at )?(?:number |no\.? ?)?{_NTH.replace('<n>', '<k>')}\b"
)
_SUPERLATIVE_HIGH = re.compile(
    rf"{_HIGH}|排名?第一|第一名|排在第一|(?<!倒数)第一(?:[大高多]|的(?!个|步)|$)|\b(?:{_EN_HIGH})\b|\brank(?:s|ed)? (?:first|no\.? ?1|number one)\b|\btop (?=branch\b|region\b|product\b|industry\b|customer\b|segment\b)"
)
_SUPERLATIVE_LOW = re.compile(rf"{_LOW}|倒数第一|最后一名|\b(?:{_EN_LOW})\b")
_MANY = re.compile(
    r"哪些|哪几|\b(?:which|what) (?:\w+ )?(?:branches|regions|products|industries|customers|segments|outlets|sub-?branches|units|currencies|channels|months|quarters|years)\b"
)
_NO_LIMIT = re.compile(
    r"最[高大低小多少]\s*(?:到|至|值|额|限额|授信|为|不)|从最|历史最|(?:highest|largest|lowest|smallest) to |to (?:highest|largest|lowest|smallest)|sort\w* |order(?:ed)? "
)


@dataclass(frozen=True, slots=True)
class _Amount:
    start: int
    end: int
    value: float
    unit: Unit
    is_scaled: bool
    factor: float
    has_unit: bool


def find_quantities(text: str | Folded) -> tuple[Quantity, ...]:
    """Thresholds, limits and orders in `text`, in its order. Values in yuan, fractions (a bp is 0.0001) or plain counts; () when there are none."""
    folded = fold(text)
    limits = _ordinals(folded) or _limits(folded)
    taken = [(start, end) for start, end, _ in limits]
    found = [*dict.fromkeys(quantity for _, _, quantity in limits), *_thresholds(folded, taken), *find_signs(folded)]
    if not limits and (order := find_order(folded)):
        found.append(order)
    return tuple(sorted(found, key=lambda quantity: quantity.span.start))


def number_spans(folded: Folded) -> list[Span]:
    """Where the words stand that a limit is made of: its count, and the superlative beside it (最低的前三名)."""
    found = _ordinals(folded) or _limits(folded)
    spans = [folded.span(start, end) for start, end, _ in found]
    if not any(p.search(folded.text[a:b]) for a, b, _ in found for p in (_SUPERLATIVE_LOW, _SUPERLATIVE_HIGH)):
        for pattern in {_SUPERLATIVE_HIGH if q.descending else _SUPERLATIVE_LOW for _, _, q in found}:
            spans += [folded.span(*match.span()) for match in [pattern.search(folded.text)] if match]
    return spans


def _ordinals(folded: Folded) -> list[tuple[int, int, Quantity]]:
    """第二大, "third highest": a limit with operator "=", one place of the rank from the top."""
    match = _ORDINAL.search(folded.text)
    if match is None:
        return []
    said = next(group for group in match.groups() if group)
    place = _ORDINALS.index(said) + 2 if said in _ORDINALS else read_integer(re.sub(r"(?:st|nd|rd|th)$", "", said))
    if not place or place < 2 or re.search(r"倒数$|后$", folded.text[: match.start()]):
        return []
    span = folded.span(*match.span())
    return [(*match.span(), Quantity(span, "limit", "=", float(place), unit="count"))]


def _limits(folded: Folded) -> list[tuple[int, int, Quantity]]:
    text = folded.text
    found: list[tuple[int, int, Quantity]] = []
    is_low = bool(_SUPERLATIVE_LOW.search(text)) and not re.search(rf"{_HIGH}|\b(?:{_EN_HIGH})\b", text)
    for descending, pattern in _COMPILED_LIMITS:
        descending = descending and not is_low
        for match in pattern.finditer(text):
            groups = match.groupdict()
            count = read_integer(groups.get("n") or groups.get("k") or "")
            if count and all(match.end() <= start or end <= match.start() for start, end, _ in found):
                span = folded.span(*match.span())
                found.append(
                    (*match.span(), Quantity(span, "limit", "", float(count), unit="count", descending=descending))
                )
    if found or _NO_LIMIT.search(text) or is_directed(text):
        return found
    low = _SUPERLATIVE_LOW.search(text)
    high = _SUPERLATIVE_HIGH.search(text)
    for superlative, descending in ((low, False), (high, True)):
        if superlative is None or re.match(r"\s*(?:\d|[一二两三四五六七八九十])", text[superlative.end() :]):
            continue
        asked = _ASKED_N.search(text) or _COUNT_BEFORE.search(text)
        if asked is None and _MANY.search(text):
            span = folded.span(*superlative.span())
            return [(*superlative.span(), Quantity(span, "order", "", 0.0, descending=descending))]
        count = read_integer(_said_count(asked)) if asked else 1
        quantity = Quantity(
            folded.span(*superlative.span()), "limit", "", float(count or 1), unit="count", descending=descending
        )
        found.append((*superlative.span(), quantity))
        if asked:
            found.append((*asked.span(), quantity))
        break
    return found


def _said_count(match: re.Match[str]) -> str:
    groups = match.groupdict()
    return groups.get("n") or groups.get("k") or ""


def _thresholds(folded: Folded, taken: list[tuple[int, int]]) -> list[Quantity]:
    text = folded.text
    amounts = [a for a in _amounts(text) if all(a.end <= start or end <= a.start for start, end in taken)]
    found: list[Quantity] = []
    index = 0
    while index < len(amounts):
        amount = amounts[index]
        following = amounts[index + 1] if index + 1 < len(amounts) else None
        if following and (pair := _pair(folded, amount, following)):
            found.append(pair)
            index += 2
            continue
        index += 1
        prefix = next(((op, m) for op, pattern in _PREFIXES if (m := pattern.search(text[: amount.start]))), None)
        suffix = next(((op, m) for op, pattern in _SUFFIXES if (m := pattern.match(text, amount.end))), None)
        start = prefix[1].start() if prefix else amount.start
        end = suffix[1].end() if suffix else amount.end
        operator: Operator = prefix[0] if prefix else suffix[0] if suffix else ""
        if not operator and (amount.unit in ("", "count") or not (amount.has_unit or amount.is_scaled)):
            continue
        found.append(Quantity(folded.span(start, end), "threshold", operator, amount.value, unit=amount.unit))
    return found


def _pair(folded: Folded, low: _Amount, high: _Amount) -> Quantity | None:
    """Two amounts joined into a range, if they bound something."""
    text = folded.text
    gap = text[low.end : high.start]
    if not _JOIN.fullmatch(gap):
        return None
    before = _BETWEEN.search(text[: low.start])
    after = re.match(r"\s?(?:之间|区间|范围)", text[high.end :])
    if not (
        before
        or after
        or (high.has_unit and gap.strip() not in ("和", "与", "and"))
        or (high.is_scaled and gap.strip() not in ("和", "与", "and"))
    ):
        return None
    first = low.value if low.has_unit or low.is_scaled else low.value * high.factor
    start = before.start() if before else low.start
    end = high.end + after.end() if after else high.end
    unit = high.unit or low.unit
    return Quantity(
        folded.span(start, end), "threshold", "between", min(first, high.value), max(first, high.value), unit
    )


def _amounts(text: str) -> list[_Amount]:
    found: list[_Amount] = []
    for match in _AMOUNT.finditer(text):
        amount = _amount(match)
        if amount is not None:
            found.append(amount)
    return found


def _amount(match: re.Match[str]) -> _Amount | None:
    text, start = match.string, match.start()
    end = start + len(match[0].rstrip())
    if match["of"]:
        part = read_number(match["part"])
        whole = {"百": 100.0, "千": 1000.0, "万": 10_000.0}.get(match["of"][:-2]) or read_number(match["of"][:-2])
        return (
            None
            if part is None or not whole
            else _Amount(start, end, round(part / whole, 12), "ratio", False, 1 / whole, True)
        )
    value = read_number(match["number"])
    if value is None:
        return None
    unit_word, scale_word = (match["unit"] or "").strip(), match["scale"] or ""
    if _DURATION.match(text, end) and unit_word in ("", "个", "人"):
        return None
    if unit_word == "个" and _DURATION.match(text, end):
        return None
    if unit_word in ("年", "月") or (
        not unit_word and end < len(text) and text[end].isascii() and text[end].isalpha() and not scale_word
    ):
        return None
    factor = 1.0
    if scale_word:
        factor = ENGLISH_SCALES.get(scale_word) or (read_number("1" + scale_word) or 1.0)
    is_scaled = bool(scale_word) or bool(re.search(r"[万亿]", match["number"]))
    unit: Unit = ""
    if re.fullmatch(r"个?百分点|percentage points?|ppts?|pps?|%|percent|per ?cent", unit_word):
        unit, factor = "ratio", factor / 100
    elif unit_word == "‰":
        unit, factor = "ratio", factor / 1000
    elif unit_word == "成":
        unit, factor = "ratio", factor / 10
    elif re.fullmatch(r"个?(?:bps?|基点)|basis points?", unit_word):
        unit, factor = "bp", factor / 10_000
    elif match["sign"] or re.fullmatch(r"(?:人民币)?元|块钱?|yuan|rmb|cny|人民币", unit_word):
        unit = "CNY"
    elif unit_word:
        unit = "count"
    elif is_scaled and text[max(0, start - 1) : start] != "$":
        unit = "CNY"
    return _Amount(start, end, round(value * factor, 12), unit, is_scaled, factor, bool(unit_word or match["sign"]))
