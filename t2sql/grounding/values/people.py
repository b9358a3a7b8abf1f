"""Names of people and companies in what nothing else explains: 客户王一勇, 致雅丰的贷款, "customer 于平".

A person's name is two or three letters that may be part of any sentence (高于平均, 不低于一亿, 周一), so it counts only where
the text says that a name comes, or stands as one. Reads a register; lists nothing.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace

from t2sql.grounding.values.register import Found, NameRegister
from t2sql.grounding.words.lexicon import loosen
from t2sql.grounding.words.stop_words import chinese_content
from t2sql.grounding.words.text import Folded, is_cjk

_CALLED = re.compile(
    r"(?:客户名称|客户姓名|户名|姓名|客户|借款人|存款人|储户|持卡人|持有人|名为|名叫|叫做|\b(?:customers?|clients?|borrowers?|depositors?|holders?|named|called|mr|mrs|ms)\.?)\s*(?:named |called |是|为|叫|:|：|=)?\s*[\"'“”「『《]?$"
)
_IN_QUOTES = re.compile(r"(?P<open>[\"'“「『《])(?P<said>[^\"”」』》]{2,60})[\"'”」』》]")
_QUOTED = re.compile(r"[\"'“「『《]$")
_AFTER = re.compile(r"$|[^㐀-鿿a-z0-9]|的|名下|在|于|有|还|这|和|与|及|截至|到|上|去|今|本|当|近|存|贷|欠|持|买|办|户")
_NEXT = re.compile(r"[的、,，]|[和与及](?=[㐀-鿿]{2,3}(?:的|$))|名下")
_CJK = re.compile(r"[㐀-鿿]+")
_LEAST_SURE = 3


def names_in(folded: Folded, register: NameRegister, taken: Collection[tuple[int, int]]) -> Iterator[Found]:
    """Names of the register in `folded` outside `taken` (spans of the original), none overlapping; offsets are the folded text's."""
    text = loosen(folded.text)
    free = "".join(
        "\n" if any(first <= place < last for first, last in taken) else letter
        for letter, place in zip(text, folded.starts, strict=True)
    )
    end = 0
    for found in register.find(free):
        if found.start >= end and _is_said(text, free, found):
            end = found.end
            yield found
    if register:
        yield from (f for f in _misprinted(free, register) if f.start >= end)


def quoted_names(text: str, register: NameRegister) -> Iterator[Found]:
    """Names of the register that stand whole between quotation marks after the word for a customer, the marks with them:
    客户“不良率”. Whatever else such a name says, it is said as a name.
    """
    for match in _IN_QUOTES.finditer(text):
        if _CALLED.search(text[: match.start()]):
            said = match["said"]
            whole = [f for f in register.find(said) if (f.start, f.end, f.score) == (0, len(said), 1.0)]
            yield from (replace(f, start=match.start(), end=match.end(), is_company=True) for f in whole)


def _is_said(text: str, free: str, found: Found) -> bool:
    said = text[found.start : found.end]
    if found.is_company:
        return found.score >= 1.0 or _begins_content(free, found.start)
    before = text[: found.start]
    is_called = bool(_CALLED.search(before) or _QUOTED.search(before))
    if not is_cjk(said[0]) or chinese_content(said) != [said]:
        return is_called and not is_cjk(said[0])
    if is_called:
        return found.end == len(text) or free[found.end] == "\n" or bool(_AFTER.match(text, found.end))
    is_end = found.end == len(text) or free[found.end] == "\n" or bool(_NEXT.match(text, found.end))
    return len(said) >= _LEAST_SURE and is_end and _begins_content(free, found.start)


def _begins_content(free: str, start: int) -> bool:
    """Whether a stretch begins where a word without content, or anything taken, has ended: 致雅丰 of 看看致雅丰的."""
    return not is_cjk(free[start]) or start in {place for place, _ in _pieces(free)}


def _pieces(free: str) -> Iterator[tuple[int, str]]:
    """(start, piece) of Chinese with content of its own."""
    for run in _CJK.finditer(free):
        place = run.start()
        for piece in chinese_content(run[0]):
            place = free.index(piece, place)
            yield place, piece
            place += len(piece)


def _misprinted(free: str, register: NameRegister) -> Iterator[Found]:
    """Companies' names with one letter wrong."""
    for place, _ in _pieces(free):
        near = register.nearest(free[place:].split("\n")[0])
        if near:
            yield replace(near, start=place, end=place + near.end)
