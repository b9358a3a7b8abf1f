"""Parts of names that Chinese says without quotation marks: 简称中含有地铁的债券, 名称以中国开头的公司.

Only right after a field of words; quoted ones are found with the other literals.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from t2sql.fields.chinese import bare_name
from t2sql.fields.hits import Hit, Words
from t2sql.fields.index import FieldIndex
from t2sql.fields.linked import Alternative, Condition
from t2sql.fields.roles import is_number, is_text
from t2sql.fields.writing import equals, literal_for, qualified, resembles

_SAID = r"(?P<said>[^的，,。、；;？?“”\"'《》()（）\s]{1,12}?)"
_HOLDS = re.compile(
    rf"(?:之?中|里面?|内)?(?P<no>不)?(?:包含有?|含有|带有|含|出现了?)(?:关键[词字])?(?!多少|哪|几|什么){_SAID}"
    r"(?:(?:这?[一二两三四几]个?字|字样|字眼)的?|(?=的)|(?=[，,。；;？?]|$))"
)
_ENDS = re.compile(
    rf"(?:之?中|里面?)?(?:是|为)?以{_SAID}(?P<end>开头|打头|起头|开始|结尾|收尾)|(?:开头|打头)(?:是|为){_SAID.replace('said', 'first')}(?=[的，,。]|$)"
)


_BESIDE = re.compile(
    r"(?:均|都|也)?(?P<op>不低于|不高于|不超过|高于|大于|超过|多于|低于|小于|少于|等于)(?:了|其|当日的?|当天的?)?"
)
_SIGNS = {
    "不低于": ">=",
    "不高于": "<=",
    "不超过": "<=",
    "高于": ">",
    "大于": ">",
    "超过": ">",
    "多于": ">",
    "等于": "=",
}


_SAME_PERIOD = re.compile(
    r"(?:均|都|也)?(?P<op>不低于|不高于|高于|大于|超过|低于|小于|少于|不及)(?:了)?(?:上年|去年)?同期(?!的?\d)"
)


_TOLD = re.compile(
    r"\s*(?:等于|[为是=:：])\s*[“\"]?(?P<said>[a-z\d]{1,6}[+-]?)[”\"]?(?=[级类档的，,。；;？?、和且并]|$)"
)
_LETTER = re.compile(r"(?<![a-z\d])(?P<said>[a-z]{1,3}[+-]?)(?=级|类|档)")
_GRADED = ("等级", "级别", "评级", "信用级", "类别", "分类", "档次", "分级", "层级")


def letters(words: Words, hits: Sequence[Hit], dataset: str, index: FieldIndex) -> Iterator[Condition]:
    """客户等级为A, A级客户: values too short to be found by themselves, beside their field or its kind of word."""
    text = words.folded.text
    reach = {dataset, *index.reach[dataset]}
    read = [(h.start, h.end) for h in hits if h.value is not None]
    told = [(hit.key, match) for hit in hits if hit.is_field and (match := _TOLD.match(text, hit.end))]
    graded = [key for key in index.stored if key[0] in reach and index.field(key).display.zh.endswith(_GRADED)]
    for match in _LETTER.finditer(text):
        held = [key for key in graded if match["said"] in {v.lower() for v in index.stored[key]}]
        told += [(held[0], match)] if len(held) == 1 else []
    for key, match in told:
        if is_number(index.field(key)) or any(a < match.end() and match.start("said") < b for a, b in read):
            continue
        stored = next((v for v in index.stored.get(key, ()) if v.lower() == match["said"]), "")
        if stored and not text.startswith(("以上", "以下", "及以"), match.end() + 1):
            read.append(match.span())
            sql = equals(qualified(*key), [literal_for(index.field(key), stored)])
            yield Condition(words.folded.span(*match.span()), (Alternative(sql, key[0], 0.9),))


_PART = re.compile(r"的?\s*(?:[\d一二两三四五六七八九]|百分之|一半)")
_NOT_YET = re.compile(r"(?:还|尚)?(?:没有?|未)(?:被|有)?")


def opposites(words: Words, hits: Sequence[Hit], dataset: str, index: FieldIndex) -> Iterator[Condition]:
    """还没违约 where 已违约 is a state: every other state."""
    text = words.folded.text
    if not _NOT_YET.search(text):
        return
    reach = {dataset, *index.reach[dataset]}
    done = {
        said[1:]: (key, value)
        for key, stored in index.stored.items()
        if key[0] in reach
        for value in stored
        for said in (value, *index.field(key).aliases.get(value, ()))
        if said.startswith("已") and len(said) > 2
    }
    for match in _NOT_YET.finditer(text):
        said = next((word for word in done if text.startswith(word, match.end())), "")
        end = match.end() + len(said)
        if said and not any(h.value is not None and h.start < end and match.start() < h.end for h in hits):
            key, value = done[said]
            sql = equals(qualified(*key), [literal_for(index.field(key), value)], is_negated=True)
            yield Condition(words.folded.span(match.start(), end), (Alternative(sql, key[0], 0.8),))


def compared(words: Words, hits: Sequence[Hit], index: FieldIndex) -> Iterator[Condition]:
    """收盘价高于开盘价: two columns of one row compared."""
    text = words.folded.text
    numbers = [h for h in hits if h.is_field and is_number(index.field(h.key)) and h.sure >= 0.7]
    for one in numbers:
        match = _SAME_PERIOD.match(text, one.end)
        fields = index.catalog.datasets[one.key[0]].fields.values()
        name = bare_name(index.field(one.key).display.zh)
        before = [
            f for f in fields if "同期" in f.display.zh and bare_name(f.display.zh).endswith(name) and is_number(f)
        ]
        if match is not None and len(before) == 1:
            sql = f"{qualified(*one.key)} {_SIGNS.get(match['op'], '<')} {qualified(one.key[0], before[0].name)}"
            yield Condition(words.folded.span(one.start, match.end()), (Alternative(sql, one.key[0], 0.85),))
    for one, other in pairwise(numbers):
        if _PART.match(text, other.end):
            # 大于收入的70%: a part of it, which is not compared here.
            continue
        match = _BESIDE.fullmatch(text[one.end : other.start])
        if match is not None and one.key[0] == other.key[0] and one.key != other.key:
            sql = f"{qualified(*one.key)} {_SIGNS.get(match['op'], '<')} {qualified(*other.key)}"
            yield Condition(words.folded.span(one.start, other.end), (Alternative(sql, one.key[0], 0.85),))


def fragments(words: Words, hits: Sequence[Hit], index: FieldIndex) -> Iterator[Condition]:
    """Conditions by parts of names."""
    text = words.folded.text
    for hit in hits:
        if not hit.is_field or not is_text(index.field(hit.key)):
            continue
        holds, ends = _HOLDS.match(text, hit.end), _ENDS.match(text, hit.end)
        match = holds or ends
        if match is None or any(h.start < match.end() and match.start() < h.end and h.value for h in hits):
            continue
        if holds is not None:
            pattern, is_negated = f"%{holds['said']}%", bool(holds["no"])
        else:
            said = match["said"] or match["first"]
            pattern, is_negated = (f"%{said}" if (match["end"] or "") in ("结尾", "收尾") else f"{said}%"), False
        sql = resembles(qualified(*hit.key), pattern, is_negated=is_negated)
        yield Condition(words.folded.span(match.start(), match.end()), (Alternative(sql, hit.key[0], 0.85),))
