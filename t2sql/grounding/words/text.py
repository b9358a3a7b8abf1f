"""One written form for everything that is compared: NFKC, lower case, simplified Chinese, no invisible characters.

Every folded character remembers where it came from, so that a finding is told in offsets of the text as asked.
Never changes the question itself.

Simplified from traditional: opencc-python-reimplemented (Apache-2.0, pure Python). Its phrase tables handle 乾/干 and
瞭/了, and every rule in them keeps the length, which the offset map needs; a conversion that would not is dropped.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from t2sql.flow import Span

DROPPED = frozenset(("Cc", "Cf", "Cs", "Co", "Cn"))
WHITE = frozenset("\t\n\r\v\f")
_HAN = "\u3400-\u9fff\uf900-\ufaff"
# What a chat template writes between turns means nothing in a question, and nothing to the llm.
_TEMPLATE = re.compile(r"<\|[^|<>]{0,40}\|>|</?s>|\[/?INST\]|<</?SYS>>", re.IGNORECASE)
# Blanks that set Chinese apart from Chinese or from figures mean nothing: 2024 年 末.
_LOOSE = re.compile(rf"(?<=[{_HAN}])\s+(?=[{_HAN}0-9])|(?<=[0-9])\s+(?=[{_HAN}])")


_COUNTERS = frozenset(("个", "家", "户", "笔", "名", "位", "条", "张", "种", "类", "项", "款"))
_COUNTING = re.compile(r"(?:[哪每几各多两这那某逐数]|[\d一二三四五六七八九十百千万亿])$")
_DATED = re.compile(r"[\d一二三四五六七八九十]$|[上本当去今前某][半个]?$|上个$")
# 各个人客户 holds 个人: a counter that is the first letter of a word for people is no counter.
_PERSONAL = re.compile(r"个[人体]|户均|户数|家[庭居]|名[称单]|类[型别]|种类|项目|款项|笔[数均]")


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text with the way back."""

    text: str
    starts: tuple[int, ...]
    """Offset in the original of each folded character's source."""
    ends: tuple[int, ...]
    """Offset in the original just after it."""

    def span(self, start: int, end: int) -> Span:
        """The original's span for folded [start, end)."""
        if start >= end:
            return Span(self.starts[start], self.starts[start]) if start < len(self.starts) else Span(0, 0)
        return Span(self.starts[start], self.ends[end - 1])


def fold(text: str | Folded) -> Folded:
    """`text` folded; one already folded comes back as it is."""
    if isinstance(text, Folded):
        return text
    if text.isascii() and text.isprintable() and "  " not in text and not _TEMPLATE.search(text):
        return Folded(text.lower(), tuple(range(len(text))), tuple(range(1, len(text) + 1)))
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    blanks = {match.start() + i for match in _LOOSE.finditer(text) for i in range(len(match[0]))}
    blanks |= {offset for match in _TEMPLATE.finditer(text) for offset in range(match.start() + 1, match.end())}
    openings = {match.start() for match in _TEMPLATE.finditer(text)}
    for offset, character in enumerate(text):
        if offset in blanks:
            continue
        character = " " if offset in openings else character
        if character in WHITE or character == " ":
            if letters and letters[-1] == " ":
                continue
            character = " "
        elif unicodedata.category(character) in DROPPED:
            continue
        for letter in unicodedata.normalize("NFKC", character).casefold():
            letters.append(letter)
            starts.append(offset)
            ends.append(offset + 1)
    return Folded(_simplified("".join(letters)), tuple(starts), tuple(ends))


def without(folded: Folded, pattern: re.Pattern[str]) -> Folded:
    """`folded` as if what `pattern` finds had not been written."""
    gone = {place for match in pattern.finditer(folded.text) for place in range(*match.span())}
    if not gone:
        return folded
    kept = [place for place in range(len(folded.text)) if place not in gone]
    return Folded(
        "".join(folded.text[place] for place in kept),
        tuple(folded.starts[place] for place in kept),
        tuple(folded.ends[place] for place in kept),
    )


def is_cjk(character: str) -> bool:
    """Whether it is a Chinese character (the ideograph blocks in use)."""
    return "㐀" <= character <= "鿿" or "豈" <= character <= "﫿"


def on_word_edges(text: str, start: int, end: int) -> bool:
    """Whether text[start:end] cuts no Latin word or number in two. Chinese beside Latin is an edge."""
    return not (start and _joins(text[start - 1], text[start])) and not (
        end < len(text) and _joins(text[end - 1], text[end])
    )


def cuts_counting_word(text: str, start: int) -> bool:
    """Whether text[start:] begins inside 哪个, 每户, 3个, 两家: the 个 of 哪个贷款 belongs to the asking word, not to 个贷."""
    if not start or text[start : start + 1] not in _COUNTERS or _PERSONAL.match(text, start):
        return False
    return bool(_COUNTING.search(text[:start]))


def cuts_date(text: str, start: int) -> bool:
    """Whether text[start:] begins with the 月 of 5月日均 or the 年 of 2025年均: the end of a date and no average."""
    return text[start : start + 1] in ("年", "月", "季", "日") and bool(_DATED.search(text[:start]))


def plural(word: str) -> str:
    """The English plural, well enough to be looked up by."""
    lower = word.lower()
    if lower.endswith(("s", "x", "ch", "sh")):
        return word + "es"
    if lower.endswith("y") and len(lower) > 1 and lower[-2] not in "aeiou":
        return word[:-1] + "ies"
    return word + "s"


def _joins(left: str, right: str) -> bool:
    return (
        left.isascii() and right.isascii() and left.isalnum() and right.isalnum() and left.isdigit() == right.isdigit()
    )


def _simplified(text: str) -> str:
    if text.isascii():
        return text
    simple: str = _converter().convert(text)
    return simple if len(simple) == len(text) else text


@lru_cache(maxsize=1)
def _converter() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")
