"""Numbers that bound a field: 总资产超过5千万, "rating higher than 4". Scaled to one; percentages stay as written.

Which field is bounded is the nearest of numbers beside it; a number that no field stands beside is told without one.
"""

# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from t2sql.fields.chinese import has_chinese
from t2sql.fields.chinese_order import places_in
from t2sql.fields.hits import Hit, Words
from t2sql.fields.index import FieldIndex, Key
from t2sql.fields.linked import Bound
from t2sql.fields.roles import main_number
from t2sql.flow import Quantity, Span
from t2sql.grounding.numbers.numerals import read_integer
from t2sql.grounding.numbers.quantities import find_quantities

_CLAUSE = re.compile(r"[，。;；？?！!]|,(?!\d)")
# 出口同比增长: a rate of growth that is said to rise or to fall.
_RISES = re.compile(r"(?:增长|上升|上涨|为正|正增长|提高)(?!率|速|数据|情况|记录|量|额|值|金额|幅)")
_FALLS = re.compile(r"(?:减少|下降|下跌|为负|负增长|降低)(?!率|速|数据|情况|记录|量|额|值|金额|幅)")
_MENTION_NUMBER = ("integer", "number")
_SYMBOL = re.compile(r"(?P<op>>=|<=|!=|<>|>|<|=)\s*(?P<n>-?\d+(?:,\d{3})*(?:\.\d+)?)")


# What numbers of a column are counted in is no part of a bound: 50岁以上, 超过10万手, 期限大于5年.
_UNMEASURED = re.compile(
    r"[$€£]|(?<=[\d万亿])[岁手股份倍吨](?!额)|(?:(?<=超过|大于|小于|高于|低于|多于|少于|不足|达到|等于)\s*\d{1,3})(?:个月|[年天日])(?!末|底|度|初)|(?<=\d)(?:个月|[年天])(?=(?:及|或)?以[上下]的?)"
)


_FALLEN = re.compile(r"(?:下降|下跌|减少|降低|下滑|回落|缩减|跌幅|降幅)(?:了|幅度)*$")
_CHANGE = re.compile(r"同比|环比|增速|增减|增长|涨跌|变动|变化")
_OTHER_SIDE: dict[str, Literal[">", ">=", "<", "<="]] = {">": "<", ">=": "<=", "<": ">", "<=": ">="}
_END = re.compile(r"最[高大多低小少长短早晚]的")


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"\D", " ", match[0])


def _is_counted(hit: Hit, index: FieldIndex) -> bool:
    return hit.is_dataset or (hit.is_field and not _is_number(hit.key, index) and hit.sure >= 0.8)


def find_bounds(
    words: Words, hits: Sequence[Hit], every: Sequence[Hit], dataset: str, index: FieldIndex
) -> tuple[Bound, ...]:
    """The bounds of a text, in its order."""
    folded = words.folded
    found: list[Bound] = []
    # A sign of a currency is no other unit than the column's own.
    for quantity in find_quantities(replace(folded, text=_UNMEASURED.sub(_blank, folded.text))):
        if quantity.kind != "threshold" or not quantity.operator or quantity.unit == "whole":
            continue
        start = next((i for i, at in enumerate(folded.starts) if at >= quantity.span.start), 0)
        end = next((i + 1 for i, at in enumerate(folded.ends) if at >= quantity.span.end), len(folded.text))
        if any(h.start < end and start < h.end and (h.is_quoted or h.value is not None) for h in hits):
            continue
        if _END.match(folded.text, start):
            # 最高的5次: how many are wanted, and no bound.
            continue
        if not _is_beside(folded.text, start, hits, index) and (
            quantity.unit == "count" or any(folded.text[end : h.start] == " " and _is_counted(h, index) for h in every)
        ):
            # "at least 3 cities": a count of things, and no bound of a column.
            found.append(Bound(quantity.span, quantity.operator, quantity.value, quantity.upper, None))
            continue
        on_it = [h.key for h in hits if h.is_field and h.start < end and start < h.end and _is_number(h.key, index)]
        key = (on_it[0] if on_it else None) or _nearest(folded.text, start, end, hits, index) or _only(dataset, index)
        scale = _scale(_unit_of(key, index), _plain(quantity, quantity.value)) if key else 1.0
        upper = _plain(quantity, quantity.upper) / scale if quantity.upper is not None else None
        value = _plain(quantity, quantity.value) / scale
        if (
            key
            and upper is None
            and _FALLEN.search(folded.text[:start])
            and _CHANGE.search(index.field(key).display.zh)
        ):
            # 同比下降超过30%: below -30.
            found.append(Bound(quantity.span, _OTHER_SIDE.get(quantity.operator, quantity.operator), -value, None, key))
            continue
        found.append(Bound(quantity.span, quantity.operator, value, upper, key))
    signed = _signed(words, hits, index)
    found = [b for b in found if not any(_meet(b.span, s.span) for s in signed)] + signed
    found += [
        *_growing(words, hits, index),
        *_terms(words, hits, dataset, index),
        *_places(words, hits, dataset, index),
        *_equal(words, hits, index),
    ]
    return tuple(sorted(found, key=lambda b: b.span.start))


def _is_beside(text: str, start: int, hits: Sequence[Hit], index: FieldIndex) -> bool:
    """员工人数在500人以上: a column of how many there are."""
    before = [h for h in hits if h.is_field and _is_number(h.key, index) and h.end <= start and h.sure >= 0.75]
    return bool(before) and _TO_BOUND.fullmatch(text[before[-1].end : start]) is not None


_TO_BOUND = re.compile(r"[的是为在均都达也需要应]*")
_SCALES = (("十亿", 1e9), ("亿", 1e8), ("千万", 1e7), ("百万", 1e6), ("十万", 1e5), ("万", 1e4), ("千", 1e3))
_EN_SCALES = (("billion", 1e9), ("million", 1e6), ("thousand", 1e3))


def _scale(unit: str, value: float) -> float:
    """How many ones a column's unit holds (百万元: a million); 1 for a number too small to be said in ones."""
    low = unit.lower()
    found = next((scale for word, scale in (*_SCALES, *_EN_SCALES) if low.startswith(word)), 1.0)
    return found if abs(value) >= found else 1.0


_TOLD_UNIT = re.compile(r"[(（:：](?:单位[:：]?)?(?P<unit>[十百千]?[万亿][一-鿿]{0,3})[)）]?$")


def _unit_of(key: Key, index: FieldIndex) -> str:
    """What a column is counted in: its unit, or what its comment ends with."""
    item = index.field(key)
    told = _TOLD_UNIT.search(item.description.strip())
    return item.unit or (told["unit"] if told else "")


def _plain(quantity: Quantity, value: float) -> float:
    """The number as it was written: 5% as 5."""
    return round(value * 100, 9) if quantity.unit == "ratio" else value


def _nearest(text: str, start: int, end: int, hits: Sequence[Hit], index: FieldIndex) -> Key | None:
    """The field of numbers beside a bound: the last before it in its clause, or else the first after."""
    fields = [h for h in hits if h.is_field and _is_number(h.key, index) and not _is_likely_key(h, index)]
    before = [h for h in fields if h.end <= start]
    if before and not _CLAUSE.search(text[before[-1].end : start]):
        return before[-1].key
    after = [h for h in fields if h.start >= end]
    if after and not _CLAUSE.search(text[end : after[0].start]):
        return after[0].key
    return before[-1].key if before else after[0].key if after else None


def _is_likely_key(hit: Hit, index: FieldIndex) -> bool:
    """A key that a part of its name hits: 订单 says the things, not their numbers."""
    expression = index.field(hit.key).expression
    is_key = expression in index.catalog.datasets[hit.key[0]].primary_key
    # An English text names a key whole, and bounds what stands beside it.
    return is_key and (hit.how != "exact" or (hit.words[-1] == "id" and len(hit.words) > 1))


def _only(dataset: str, index: FieldIndex) -> Key | None:
    """The figure of a dataset that has one."""
    item = main_number(index.catalog.datasets[dataset])
    return (dataset, item.name) if item is not None else None


def _is_number(key: Key, index: FieldIndex) -> bool:
    item = index.field(key)
    return item.type in _MENTION_NUMBER or bool(item.currency_field) or (not item.type and not item.is_dimension)


_SIGN = re.compile(r"(?:连续|均|都|也)?(?:为|是|呈)(?P<sign>正|负)(?:值|数|增长)?(?!式|常|债)")


def _signed(words: Words, hits: Sequence[Hit], index: FieldIndex) -> list[Bound]:
    """净利润为负: each field that is said to be over or under nought."""
    found = []
    for hit in hits:
        if not hit.is_field or not _is_number(hit.key, index):
            continue
        if hit.how == "described" and "".join(hit.words) in ("亏损", "盈利"):
            loss: Literal[">", "<"] = "<" if "亏" in hit.words else ">"
            found.append(Bound(words.folded.span(hit.start, hit.end), loss, 0.0, None, hit.key))
            continue
        match = _SIGN.match(words.folded.text, hit.end)
        if match is not None:
            operator: Literal[">", "<"] = ">" if match["sign"] == "正" else "<"
            found.append(Bound(words.folded.span(match.start(), match.end()), operator, 0.0, None, hit.key))
    return found


_TERM = re.compile(r"(?P<n>\d{1,2}|[一二两三四五六七八九十]{1,2})(?P<unit>年|个?月|天)期")


def _terms(words: Words, hits: Sequence[Hit], dataset: str, index: FieldIndex) -> list[Bound]:
    """5年期债券: a term as long as that, where a column of the same unit holds terms."""
    found = []
    for match in _TERM.finditer(words.folded.text):
        if any(h.start < match.end() and match.start() < h.end and h.sure >= 0.8 for h in hits):
            continue
        for name in (dataset, *index.reach[dataset]):
            fields = index.catalog.datasets[name].fields.values()
            terms = [
                f for f in fields if "期限" in f.display.zh and f.unit in (match["unit"], match["unit"].strip("个"))
            ]
            if len(terms) == 1:
                value = float(read_integer(match["n"]) or 0)
                found.append(Bound(words.folded.span(*match.span()), "=", value, None, (name, terms[0].name)))
                break
    return found


def _places(words: Words, hits: Sequence[Hit], dataset: str, index: FieldIndex) -> list[Bound]:
    """第一大股东, 前十大股东, where a column holds the places."""
    return [
        Bound(words.folded.span(p.start, p.end), "<=" if p.is_top else "=", float(p.number), None, p.key)
        for p in places_in(words.folded.text, hits, dataset, index)
    ]


_EQUAL_IN_ENGLISH = re.compile(
    r" (?:of|is|was|equals|equal to|=) (?:exactly )?(?P<n>\d{1,3}(?:\.\d+)?)(?: ?%| percent)?"
    r"(?=[.,;?!]|$| (?:and|or|in|on|for|at|based|by|when|where|who|that)\b"
    r"(?! (?:more|less|over|above|below|under|fewer|higher|lower)\b))"
)
_EQUAL = re.compile(
    r"\s*(?:等于|恰好?[为是]|[为是=])\s*(?P<n>\d{1,3}(?:\.\d+)?)(?P<unit>%|％)?(?![\d.,%％年月日季号岁元十百千万亿到至~-]|\w?(?:及|或)?以[上下内]|左右)"
)


def _equal(words: Words, hits: Sequence[Hit], index: FieldIndex) -> list[Bound]:
    """风险等级为5, "a discount of 15 percent": one number and no other; longer ones may be codes and years."""
    found: list[Bound] = []
    pattern = _EQUAL if has_chinese(words.folded.text) else _EQUAL_IN_ENGLISH
    for hit in hits:
        match = pattern.match(words.folded.text, hit.end) if hit.is_field and _is_number(hit.key, index) else None
        if match is not None and not any(h.start < match.end() and hit.end < h.end for h in hits if h.value):
            found.append(Bound(words.folded.span(*match.span()), "=", float(match["n"]), None, hit.key))
    return found


def _meet(a: Span, b: Span) -> bool:
    return a.start < b.end and b.start < a.end


def _growing(words: Words, hits: Sequence[Hit], index: FieldIndex) -> list[Bound]:
    """出口同比增长而进口同比减少: a rate of change over or under 0, where more is asked after it."""
    text = words.folded.text
    found = []
    for hit in hits:
        if not hit.is_field or not _is_number(hit.key, index):
            continue
        name = index.field(hit.key).display.zh
        if not re.search(r"同比|环比|增速|增减|增长", name):
            continue
        tail = text[hit.start : hit.end + 4]
        offset = max(hit.end - 2 - hit.start, 0)
        signs: tuple[tuple[Literal[">", "<"], re.Pattern[str]], ...] = ((">", _RISES), ("<", _FALLS))
        for operator, pattern in signs:
            match = pattern.search(tail, offset)
            if match is not None and _goes_on(text[hit.start + match.end() :]):
                found.append(Bound(words.folded.span(hit.start, hit.start + match.end()), operator, 0.0, None, hit.key))
    return found


_CHOSEN = "数据|记录|年份|省份|省市|地区|月份|时候|情况下|公司|企业|机构|产品|债券|股票|基金|客户"
_COUNTED = "名单|数量|家数|个数|有哪些|有几|有多少"
_GOES_ON = re.compile(rf"\s*(?:的(?:{_CHOSEN}|[一-鿿]{{1,4}}(?:{_COUNTED}))|[，,、而且但时]|并且|同时|的是哪)")


def _goes_on(rest: str) -> bool:
    """Whether what follows chooses rows by it: 的数据, 的年份, 而, 且, a comma."""
    return _GOES_ON.match(rest) is not None
