"""What a phrase says, whatever words it is said in: a text in concepts of `equivalents`, and where each stands.

Knows words, never a catalog: whoever reads names in it passes the names' own words along. Never decides what is meant;
a word that may say two things is told with both.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from t2sql.grounding.words.equivalents import DEEDS, MEASURES, THINGS
from t2sql.grounding.words.lexicon import Hit, Lexicon
from t2sql.grounding.words.text import is_cjk, plural
from t2sql.grounding.words.verbs import forms_of

Said = tuple[str, ...]
"""Concepts that one phrase says at once, in order; the last is what it is."""

THING, LIGHT, MEASURE, QUALITY = "thing", "light", "measure", "quality"
# Single Chinese letters say something only in their place: 率 after a word, 总 before one, 放 before 了.
_AFTER_A_WORD = frozenset("率数额量均户档笔日")
_BEFORE_A_WORD = frozenset("总净毛")
_AFTER_A_CUE = frozenset("区省市")
_CUES = frozenset("各每分按")
_BEFORE_AN_ENDING = frozenset("放投贷发揽收刷花提还")
_ENDINGS = frozenset("了出的过给掉回上进多得")
# 多少 counts what comes in ones, and of anything else asks how much.
_COUNTED = frozenset(("customer", "outlet", "branch", "card", "txn", "merchant", "product", "industry"))
_HOW_MANY = frozenset(("多少", "几个", "几家"))
# 贷款均超过10亿: all of them, and no average.
_EACH_IS = frozenset("超高低大小为有在已不是未达上下增可能会须需摊衡匀价")
_NOT_ASKING = frozenset("那这哪前后第十好")
_HAS = re.compile(r"(?:一共|总共|共|现在|目前)?有$")
_NOTHING_MORE = re.compile(r"[个户家名位张]?(?:$|[\s,.;?!了呢啊])")
# Words of which a single letter is none: the 数 of 数据.
_NO_CONCEPT = (
    *"数据 数字 数值 数目 放心 放在 放到 还有 还是 还要 还没 还会 发生 发展 发现 发给 发到 发我 发送 收盘 还款日 收益 收紧 提高 提升 提供".split(),
    *"提示 花名 日期 日报 率先 户口 总行 总共 增长率 增速 变化率 变动率 增幅 降幅 汇率 频率 效率 概率".split(),
    *("growth rate", "growth rates", "rate of growth", "rate of change", "rate of increase", "rate of decline"),
    *("written off", "write off", "write offs", "wrote off", "writing off"),
    *("change rate", "percentage change", "percent change", "percentage point", "percentage points", "exchange rate"),
)


@dataclass(frozen=True, slots=True)
class Token:
    """A phrase that says something; offsets into the folded text."""

    start: int
    end: int
    said: tuple[Said, ...]
    """Each of the things it may say."""


class Thesaurus:
    """Phrases by what they say."""

    def __init__(self, own: Iterable[tuple[str, Said]] = ()) -> None:
        """`own`: words of the names at hand that banking at large does not know."""
        entries, self._kinds = _general()
        self._phrases: Lexicon[Said] = Lexicon([*entries, *own])

    def kind(self, concept: str) -> str:
        """thing, light (how much of it), measure (of what sort) or quality; a name's own word is a thing."""
        return self._kinds.get(concept, THING)

    def tokens(self, text: str) -> list[Token]:
        """What a folded text says, in its order, longer phrases first, none overlapping."""
        hits: list[Hit[Said]] = []
        found = [h for h in self._phrases.all_hits(text) if len(h.key) > 1 or not is_cjk(h.key)]
        found = [h for h in found if not (h.key == "分类" and text[h.end : h.end + 1] in ("型", "别"))]
        for hit in sorted(found, key=lambda h: (h.start - h.end, h.start)):
            if all(hit.end <= other.start or other.end <= hit.start for other in hits):
                hits.append(hit)
        taken = {place for hit in hits for place in range(hit.start, hit.end)}
        letters = [Hit(at, at + 1, text[at], said) for at, said in self._letters(text) if at not in taken]
        hits = sorted([*hits, *letters], key=lambda h: h.start)
        starts, ends = {h.start for h in hits}, {h.end for h in hits}
        kept = [h for h in hits if len(h.key) > 1 or not is_cjk(h.key) or _in_place(h, text, starts, ends)]
        opens = {h.start: h.things for h in kept}
        closes = {h.end: h.things for h in kept}
        kept = [h for h in kept if h.key not in _HOW_MANY or _counts(h, text, opens, closes)]
        return [Token(h.start, h.end, h.things) for h in kept if h.things != ((),)]

    def _letters(self, text: str) -> Iterator[tuple[int, tuple[Said, ...]]]:
        for at, letter in enumerate(text):
            if is_cjk(letter) and (said := self._phrases.get(letter)):
                yield at, said

    def meanings(self, word: str) -> tuple[Said, ...]:
        """Each of the things that a folded word or phrase may say."""
        return tuple(said for said in self._phrases.get(word) if said)

    def says(self, word: str) -> frozenset[str]:
        """Every concept that a folded word or phrase may say."""
        return frozenset(concept for said in self._phrases.get(word) for concept in said)


def _counts(hit: Hit[Said], text: str, opens: dict[int, tuple[Said, ...]], closes: dict[int, tuple[Said, ...]]) -> bool:
    """Whether 多少 counts what comes in ones: what follows, or what stands before where nothing does (客户有多少)."""
    if hit.key != "多少" and text[hit.start - 1 : hit.start] in _NOT_ASKING:
        return False
    if hit.end in opens:
        return any(said[-1:] and said[-1] in _COUNTED for said in opens[hit.end])
    has = _HAS.search(text[: hit.start])
    before = closes.get(has.start(), ()) if has and _NOTHING_MORE.match(text, hit.end) else ()
    return any(said[-1:] and said[-1] in _COUNTED for said in before)


def _in_place(hit: Hit[Said], text: str, starts: set[int], ends: set[int]) -> bool:
    if hit.key == "均" and text[hit.end : hit.end + 1] in _EACH_IS:
        return False
    if hit.key in _AFTER_A_WORD:
        return hit.start in ends
    if hit.key in _AFTER_A_CUE:
        return text[hit.start - 1 : hit.start] in _CUES and hit.start > 0
    if hit.key in _BEFORE_A_WORD:
        return hit.end in starts
    return hit.key not in _BEFORE_AN_ENDING or text[hit.end : hit.end + 1] in _ENDINGS or not text[hit.end :]


@lru_cache(maxsize=1)
def _general() -> tuple[tuple[tuple[str, Said], ...], dict[str, str]]:
    """(phrase, what it says) of all of banking, and the kind of each concept."""
    entries: list[tuple[str, Said]] = [(word, ()) for word in _NO_CONCEPT]
    kinds: dict[str, str] = {}
    for line in "\n".join((THINGS, DEEDS, MEASURES)).strip().splitlines():
        if not line.strip():
            continue
        concepts, kind, chinese, english = (part.strip() for part in line.split("|"))
        said = tuple(concepts.split("+"))
        if len(said) == 1:
            kinds[said[0]] = kind
        entries += [(word, said) for word in chinese.split()]
        for phrase in english.split(","):
            entries += [(form, said) for form in _forms(phrase.strip(), kind)]
    return tuple(entries), kinds


def _forms(phrase: str, kind: str) -> set[str]:
    if phrase.startswith("~"):
        verb, _, rest = phrase[1:].partition(" ")
        return {f"{form} {rest}".strip() for form in forms_of(verb)}
    is_noun = kind in (THING, LIGHT, MEASURE) and phrase[-1:].isalpha() and not phrase.endswith(" of")
    return {phrase, plural(phrase)} if is_noun else {phrase}
