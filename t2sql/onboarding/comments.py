"""What a database's comment says of a column or table: its name, its unit, what its codes mean.

Takes text apart and judges nothing else: whether the codes exist in the data is for whoever has a profile.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from t2sql.onboarding.words import is_chinese

_OPEN, _CLOSE = "(（[【", ")）]】"
_BRACKETED = re.compile(rf"[{re.escape(_OPEN)}]([^{re.escape(_OPEN + _CLOSE)}]*)[{re.escape(_CLOSE)}]")
_ENUMERATOR = re.compile(r"^\s*(?:[(（][一二三四五六七八九十\d]{1,3}[)）]|[一二三四五六七八九十\d]{1,3}[、.．])\s*")
_UNIT_WORD = (
    r"(?:千|万|十万|百万|千万|亿|十亿|万亿)?(?:元(?:/\w+)?|人民币|美元|欧元|港元|日元|英镑|人|户|吨|公斤|千克|克|米|公里|平方米|平方公里"
    r"|股|手|个|件|台|辆|天|日|月|年|小时|分钟|秒|次|笔|点|吨/\w+|度|千瓦时|桶|箱)"
)
_UNIT = re.compile(
    rf"(?:单位\s*[:：]?\s*)?(?P<unit>%|‰|{_UNIT_WORD}|百万|千万|亿|万|bps?|BP|CNY|RMB|USD|EUR|GBP|JPY|HKD|kg|km|cm|mm|mg|ml"
    r"|g|m|days?|hours?|minutes?|seconds?|years?|months?|percent)"
)
_PAIR_MARK = r"\s*(?:[-–—:：=＝]{1,2}>?|[ ]?(?:for|means|is|stands for)[ ]|表示|代表|为)\s*"
_PAIR = re.compile(
    rf"(?<![\w.\-])['\"‘“]?(?P<code>[A-Za-z]{{1,4}}\d{{0,3}}|-?\d{{1,4}})['\"’”]?{_PAIR_MARK}['\"‘“]?"
    r"(?P<name>[^,，;；、|\n()（）\[\]]+?)['\"’”]?\s*"
    rf"(?=[,，;；、|\n()（）\[\]]|$|\s+(?:or|and|以及|和)?\s*['\"‘“]?(?:[A-Za-z]{{1,4}}\d{{0,3}}|-?\d{{1,4}})['\"’”]?{_PAIR_MARK})"
)
_GLUED = re.compile(r"(?<![\w.])(?P<code>\d{1,3})\s*[、.]?\s*(?P<name>[㐀-鿿]{1,12})(?=[\s,，;；、|/)）]|\d|$)")
_LISTED = re.compile(
    r"(?:possible|allowed|valid|accepted)?\s*(?:values?|options?)(?:\s+(?:are|is|include))?\s*[:：]\s*(?P<list>[^.。\n]+)"
    r"|(?:取值|可选值|枚举值?|包括)\s*(?:为|有)?\s*[:：]\s*(?P<zh>[^.。\n]+)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(
    r"^(?:in |on |at |by |per |for |from |of |primary key|foreign key|unique|indicates?|whether|this|these|if )"
    r"|^(?:identifies|uniquely|stores?|contains?|e\.?g)"
    r"|\b(?:is|are|was|were|has|have|can|may|must|should|indicates|used)\b",
    re.IGNORECASE,
)
_QUALIFIES = re.compile(r"[不含按折包剔扣其以除仅]|现价|可比价|期末|期初|累计|当期|年化")
MOST_NAME_WORDS = 6
MOST_NAME_CHARACTERS = 24
"""Of a Chinese name; longer text is a sentence."""


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment, taken apart."""

    text: str
    """As it stands in the database, on one line."""
    names: tuple[str, ...]
    """What it calls the thing, the main name first; () for a sentence about it."""
    unit: str
    """As written, 百万元; "" for none."""
    codes: Mapping[str, tuple[str, ...]]
    """Value as stored -> what it stands for."""
    members: tuple[str, ...]
    """Values that it lists as the possible ones."""

    @property
    def is_chinese(self) -> bool:
        """Whether it is written in Chinese."""
        return is_chinese(self.text)


def read_comment(comment: str) -> Remark:
    """A comment as a Remark.

    >>> read_comment("国内生产总值(百万元)").names, read_comment("国内生产总值(百万元)").unit
    (('国内生产总值',), '百万元')
    >>> dict(read_comment("状态：1-上市 2-退市").codes)
    {'1': ('上市',), '2': ('退市',)}
    >>> read_comment("possible values: mg, ml, g").members
    ('mg', 'ml', 'g')
    """
    text = " ".join(comment.split())
    codes = _codes(text)
    members = _members(text)
    head = _ENUMERATOR.sub("", text)
    unit = ""
    for inner in _BRACKETED.findall(head):
        found = _UNIT.fullmatch(inner.strip())
        if found and not unit:
            unit = found["unit"]
            head = re.sub(rf"[{re.escape(_OPEN)}]{re.escape(inner)}[{re.escape(_CLOSE)}]", "", head)
    names = _chinese_names(head, codes) if is_chinese(text) else _english_names(head, codes, members)
    return Remark(text, names, unit, codes, members)


def _codes(text: str) -> dict[str, tuple[str, ...]]:
    """At least two codes with their meanings, or none: one alone is a coincidence."""
    for pattern in (_PAIR, _GLUED):
        found: dict[str, tuple[str, ...]] = {}
        for match in pattern.finditer(text):
            name = match["name"].strip(" '\"‘’“”.。")
            if name and len(name) <= 40 and match["code"] not in found:
                found[match["code"]] = (name,)
        alike = {code.lstrip("-").isdigit() for code in found}
        if len(found) >= 2 and len(alike) == 1:
            return found
    return {}


def _members(text: str) -> tuple[str, ...]:
    match = _LISTED.search(text)
    if match is None:
        return ()
    parts = re.split(r"\s*[,，;；、|/]\s*|\s+(?:or|and)\s+", match["list"] or match["zh"] or "")
    found = [re.sub(r"^(?:or|and)\s+", "", part).strip(" '\"‘’“”()") for part in parts]
    return tuple(part for part in found if part and len(part) <= 40) if len(found) > 1 else ()


def _chinese_names(head: str, codes: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The head of the comment, what it is also called after a slash, and what stands in brackets behind it."""
    if codes:
        head = re.split(r"[:：(（,，\s]|\d", head)[0]
    head = re.split(r"[:：。;；,，\n]", head)[0].strip()
    found: dict[str, None] = {}
    inside = [part.strip() for part in _BRACKETED.findall(head)]
    plain = _BRACKETED.sub("", head).strip(" -—_/")
    for part in [p.strip() for p in plain.split("/")]:
        if part:
            found[part] = None
    for part in inside:
        # (净) and (折合人民币) are part of the name; (广义货币M2) is another one.
        if _QUALIFIES.match(part) or (len(part) <= 3 and is_chinese(part)):
            found[f"{plain.split('/')[0].strip()}({part})"] = None
        elif 1 < len(part) <= 12 and not part.isdigit():
            found[part] = None
    return tuple(name for name in found if len(name) <= MOST_NAME_CHARACTERS)


def _english_names(head: str, codes: Mapping[str, tuple[str, ...]], members: tuple[str, ...]) -> tuple[str, ...]:
    """A phrase of a few words is a name; a sentence is not."""
    plain = _BRACKETED.sub("", head)
    if codes or members or "," in plain or ":" in plain:
        return ()
    plain = re.split(r"[.;\n]", plain)[0].strip()
    words = plain.split()
    is_phrase = 0 < len(words) <= MOST_NAME_WORDS and any(word.islower() and len(word) > 2 for word in words)
    if not is_phrase or _SENTENCE.search(plain) or re.search(r"\bNULL\b|\d\s*-\s*\d|YYYY|HH:", plain):
        return ()
    return (re.sub(r"^(?:the|a|an)\s+", "", plain, flags=re.IGNORECASE),) if plain[0].isalpha() else ()
