"""Finds numbers that bound an answer: thresholds (超过5000万, at least 3%) and limits (前五, top 5, 哪个分行最高).

Never takes durations (5年以上, 90天), dates or codes (R3) for quantities.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from typing import Literal

from t2sql.flow import Quantity
from t2sql.grounding.numbers.amounts import Amount, Unit, find_amounts, is_of_count
from t2sql.grounding.numbers.limits import find_limits
from t2sql.grounding.numbers.orders import find_order
from t2sql.grounding.numbers.signs import find_signs
from t2sql.grounding.words.overlaps import overlaps
from t2sql.grounding.words.text import Folded, fold

Operator = Literal["", ">", ">=", "<", "<=", "=", "between"]

# Tried in this order, so that a negation is read before what it negates.
_BEFORE: tuple[tuple[Operator, str], ...] = (
    ("<=", r"不超过?|[未没](?:有|曾)?超过?|不高于|不大于|不多于|至多|最多为?|最高为?|小于等于|小于或等于|低于或等于|<=|≤|at most|no (?:more|higher|greater|larger|bigger) than|(?:not|[a-z]+n't) (?:more|higher|greater|larger|bigger) than|(?:not|never|[a-z]+n't) exceed(?:s|ed|ing)?|(?:not|[a-z]+n't) (?:above|over)|at or (?:below|under)|up to|(?:a )?max(?:imum)? of|(?:less than|below) or equal to|within|capped at"),
    (">=", r"不低于|不少于|不小于|至少为?|起码|最少为?|最低为?|大于等于|大于或等于|高于或等于|(?<![未没不有能])达到?了?|(?<![未没不])满|>=|≥|at least|no (?:less|lower|fewer|smaller) than|(?:not|[a-z]+n't) (?:less|lower|fewer|smaller) than|(?:not|[a-z]+n't) (?:below|under|short of)|at or (?:above|over)|(?:a )?min(?:imum)? of|(?:greater than|above) or equal to|(?<!not )(?<!n't )(?<!fail to )(?<!fails to )(?<!failed to )(?<!never )reach(?:es|ed|ing)?"),
    (">", r"超过了?|超出|超|大于|高于|多于|突破|高过|(?<![不通经])过|逾|[冲打]?破|>|over|above|tops|more than|greater than|higher than|larger than|bigger than|exceed(?:s|ed|ing)?|surpass(?:es|ed|ing)?|topp(?:ed|ing)|in excess of|upwards? of|beyond|north of"),
    ("<", r"低于|小于|少于|不足|不到|不满|不及|[未没](?:有|能|曾)?(?:达到?|满|到|过)|<|under|below|less than|lower than|fewer than|smaller than|short of|(?:not|never|[a-z]+n't|fail(?:s|ed)? to) reach(?:ed|ing)?"),
    ("=", r"(?<!不)等于|正好|恰好|(?<![<>!])=|exactly|(?<!not )(?<!n't )equal(?:s)?(?: to)?"),
)  # fmt: skip
_AFTER: tuple[tuple[Operator, str], ...] = (
    (">", r"\(?不含(?:本数)?\)?以上|以上\(?不含"),
    ("<", r"\(?不含(?:本数)?\)?以下|以下\(?不含"),
    (">=", r"(?:\(?含(?:本数)?\)?|及|或|和)?以上|(?:或|及)更[多高大]|起(?![点始])|(?:或|及)?之上|\+|(?:or|and) (?:more|above|over|higher|greater|larger|up|upwards?)\b|upwards?\b"),
    ("<=", r"(?:\(?含(?:本数)?\)?|及|或|和)?以[下内]|之[内下]|(?:或|及)更[少低小]|(?:or|and) (?:less|below|under|lower|fewer|smaller)\b"),
)  # fmt: skip
# A word of Latin letters must stand alone; AUM至少 is two words.
_PREFIXES = tuple(
    (
        operator,
        re.compile(
            rf"(?:(?<![a-z])|(?![a-z]))(?:{pattern})\s*(?:的|约|大约|about |roughly )?\s*(?:[¥$]|rmb\s?|cny\s?|人民币)?$"
        ),
    )
    for operator, pattern in _BEFORE
)
_SUFFIXES = tuple((operator, re.compile(rf"\s*(?:{pattern})", re.ASCII)) for operator, pattern in _AFTER)
_JOIN = re.compile(r"\s*(?:到|至|-|–|—|~|和|与|and|to)\s*(?:¥|rmb |cny )?")
_BETWEEN = re.compile(r"(?<!不)(?:介于|在|处于|between|from|range of)\s*(?:¥|rmb |cny )?$")

_NOT_WITHIN = re.compile(r"(?:不在|不介于|不处于|not between|not (?:with)?in(?: the range of)?|outside(?: of)?)\s*$")


def find_quantities(text: str | Folded) -> tuple[Quantity, ...]:
    """Thresholds, limits and orders in `text`, in its order. Values in yuan, fractions (a bp is 0.0001) or plain counts; () when there are none."""
    folded = fold(text)
    limits = find_limits(folded)
    thresholds = _thresholds(folded, [(start, end) for start, end, _ in limits])
    signs = [sign for sign in find_signs(folded) if not any(overlaps(sign.span, t.span) for t in thresholds)]
    found = [*dict.fromkeys(quantity for _, _, quantity in limits), *thresholds, *signs]
    if not limits and (order := find_order(folded)):
        found.append(order)
    return tuple(sorted(found, key=lambda quantity: quantity.span.start))


# 增加多少万元: the unit of what is asked, and no bound.
_ASKED = re.compile(r"多少个?$")


def _thresholds(folded: Folded, taken: list[tuple[int, int]]) -> list[Quantity]:
    text = folded.text
    amounts = [a for a in find_amounts(text) if all(a.end <= start or end <= a.start for start, end in taken)]
    found: list[Quantity] = []
    index = 0
    while index < len(amounts):
        amount = amounts[index]
        following = amounts[index + 1] if index + 1 < len(amounts) else None
        if following and _is_outside(text, amount, following):
            index += 2
            continue
        if following and (pair := _pair(folded, amount, following)):
            found.append(pair)
            index += 2
            continue
        index += 1
        if text[amount.start : amount.end + 1] == "一起" or _ASKED.search(text[: amount.start]):
            continue
        prefix = next(((op, m) for op, pattern in _PREFIXES if (m := pattern.search(text[: amount.start]))), None)
        suffix = next(((op, m) for op, pattern in _SUFFIXES if (m := pattern.match(text, amount.end))), None)
        start = prefix[1].start() if prefix else amount.start
        end = suffix[1].end() if suffix else amount.end
        operator: Operator = prefix[0] if prefix else suffix[0] if suffix else ""
        if not operator and (amount.unit in ("", "count") or not _is_bound(text, amount)):
            continue
        unit: Unit = "" if amount.unit == "CNY" and not amount.has_unit and is_of_count(text[:start]) else amount.unit
        found.append(Quantity(folded.span(start, end), "threshold", operator, amount.value, unit=unit))
    return found


def _is_bound(text: str, amount: Amount) -> bool:
    """Whether an amount bounds something with no word of comparison: 5000万的支行; 3M Shibor is a term."""
    is_letter = bool(re.fullmatch(r"\d[kmbw]", text[amount.end - 2 : amount.end]))
    return amount.has_unit or (amount.is_scaled and not is_letter)


def _is_outside(text: str, low: Amount, high: Amount) -> bool:
    """不在1%到2%之间: what lies outside a range is bounded by neither end."""
    return bool(_JOIN.fullmatch(text[low.end : high.start]) and _NOT_WITHIN.search(text[: low.start]))


def _pair(folded: Folded, low: Amount, high: Amount) -> Quantity | None:
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
