"""Orders that Chinese says by an adjective of its own: 期限最长, 成立最早, 最晚到期, and the latest of what is recorded.

最高 and 最大 with their numbers are found elsewhere; here stand the ends that are said of days and lengths.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from t2sql.fields.cues import LATEST
from t2sql.fields.hits import Hit, Words
from t2sql.fields.index import FieldIndex, Key
from t2sql.fields.linked import Order
from t2sql.fields.roles import core_of_date, date_fields, is_date, is_number, is_place
from t2sql.grounding.numbers.numerals import read_integer

_END = re.compile(
    r"最(?P<end>[长久短早晚近远老]|年轻|年长)(?!期|的?一[次期条个]|交易日|报告期|[\d一二两三四五六七八九十]+(?:年|个?月|天|日|周|季|期))"
    r"(?:的)?(?:前)?(?P<n>\d{1,3}|[一二两三四五六七八九十])?(?:[只家个名位支种条笔次款项])?"
)
_RISING = frozenset("短早老") | {"年轻"}
_GAP = re.compile(r"(?:的|是|时间|日期|日|年限|为|,|，)*")


def end_of(words: Words, hits: Sequence[Hit], index: FieldIndex, dataset: str) -> Order | None:
    """The order of 期限最长 and the like; None where nothing of that kind is said."""
    text = words.folded.text
    match = _END.search(text)
    if match is None or any(h.start < match.start() + 2 and match.start() < h.end and h.sure >= 0.9 for h in hits):
        return None
    end = match["end"]
    key = _beside(text, match, hits, index, dataset)
    if key is None:
        return None
    is_day = is_date(index.field(key))
    is_up = end in _RISING if not is_day else end in "早久远老长"
    if is_day and end == "年轻":
        is_up = False
    limit = read_integer(match["n"]) if match["n"] else 1
    return Order(words.folded.span(*match.span()), not is_up, limit or 1, key)


def _beside(text: str, match: re.Match[str], hits: Sequence[Hit], index: FieldIndex, dataset: str) -> Key | None:
    """The field of what is long or early: named beside it, or the day of what happens (成立最早)."""
    is_of_days = match["end"] in "早晚近远"
    fits = [
        h
        for h in hits
        if h.is_field and (is_date(index.field(h.key)) or (is_number(index.field(h.key)) and not is_of_days))
    ]
    before = [h for h in fits if h.end <= match.start() and _GAP.fullmatch(text[h.end : match.start()])]
    after = [h for h in fits if 0 <= h.start - match.end() <= 1]
    if match["end"] in "近远" and not before:
        # 最近 alone is these days.
        return None
    if before or after:
        return (before[-1:] or after)[0].key
    names = [dataset, *index.reach[dataset]]
    around = f"{text[max(0, match.start() - 5) : match.start()]} {text[match.end() : match.end() + 5]}"
    for name in names:
        for item in date_fields(index.catalog.datasets[name]):
            if core_of_date(item) and core_of_date(item)[-2:] in around:
                return name, item.name
    dates = date_fields(index.catalog.datasets[dataset])
    return (dataset, dates[0].name) if dates and is_of_days else None


def latest_of(words: Words, hits: Sequence[Hit], index: FieldIndex, dataset: str) -> Order | None:
    """The latest rows: 最新一期, 最近一个交易日; by the dataset's own date, or the one that is named."""
    text = words.folded.text
    match = LATEST.search(text)
    if match is None:
        return None
    over = [h for h in hits if h.start < match.end() and match.start() < h.end]
    if not over:
        # 最新净值日期: the day that is named right after.
        over = [h for h in hits if h.start == match.end() and h.is_field and is_date(index.field(h.key))]
    named = [h for h in over if h.is_field and is_date(index.field(h.key)) and h.key[0] == dataset]
    if over and not named:
        return None
    dates = date_fields(index.catalog.datasets[dataset])
    key = named[0].key if named else (dataset, dates[0].name) if dates else None
    if key is None:
        return None
    return Order(words.folded.span(match.start(), max([match.end(), *(h.end for h in named)])), True, 1, key, True)


_N = r"[一二三四五六七八九十\d]{1,3}"
_PLACE = re.compile(
    rf"(?:排名|名次|位列|排在?)第(?P<a>{_N})[大名位]?(?!的?最|季|产业)|第(?P<b>{_N})[大名位](?!的?最)|前(?P<top>{_N})[大名位](?!的?最)"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A place that a text names, where a column holds the places: 第一大股东, 前十大重仓股."""

    start: int
    end: int
    key: Key
    number: int
    is_top: bool
    """前十大: this place and the ones before."""


def places_in(text: str, hits: Sequence[Hit], dataset: str, index: FieldIndex) -> list[Place]:
    """The places of a folded text; () where no column of `dataset` holds places, or a figure stands before (营业收入前十名)."""
    held = [f for f in index.catalog.datasets[dataset].fields.values() if f.is_named and is_place(f)]
    found = []
    for match in _PLACE.finditer(text) if len(held) == 1 else ():
        number = read_integer(match["a"] or match["b"] or match["top"])
        figures = [h for h in hits if h.is_field and is_number(index.field(h.key)) and not is_place(index.field(h.key))]
        if number and not any(h.end <= match.start() <= h.end + 3 for h in figures):
            found.append(Place(*match.span(), (dataset, held[0].name), number, bool(match["top"])))
    return found
