"""Values that a question misprints: 陆家咀支行, 结构行存款, Shanghia branch, platnum card.

Candidates by shared bigrams, then rapidfuzz over a few hundred. A name that is another place's is no misprint: 西藏分行 is
not 西安分行, Nanning not Nanjing.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from heapq import nsmallest

from t2sql.grounding.values.written import KIND, without_kind
from t2sql.grounding.words.stop_words import ENGLISH
from t2sql.grounding.words.text import is_cjk, on_word_edges

_NOUNS = re.compile(r"(?:客户|贷款|存款|余额|业务|理财|融资|贴现)$")
_POOL = 300
_COMMON_BIGRAM = 3000
_LATIN_RUN = re.compile(r"[a-z][a-z']*(?: [a-z][a-z']*){0,3}")
_CJK_RUN = re.compile(r"[㐀-鿿]{3,}")
_LEAST_ALIKE = 70
_LONG_NAME = 7
# These stand beside a name, and in place of none of its letters.
_PARTICLES = frozenset("的了和与及或在是把被从对按各每这那为有")
_SYLLABLES = re.compile(
    r"(?:(?:[bpmfdtnlgkhjqxrzcsyw]|zh|ch|sh)?(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|ai|an|ao|ei|en|er|ia|ie|in|iu|ou|ua|ue|ui|un|uo|a|e|i|o|u|v))+"
)


@dataclass(frozen=True, slots=True)
class Near:
    """A stretch of a folded text that misprints `key`."""

    start: int
    end: int
    key: str
    score: float


class Misprints:
    """The written forms of values that are long enough to be misprinted, by their bigrams."""

    def __init__(self, keys: Iterable[str]) -> None:
        known = set(keys)
        # A word more (companies) makes a key no other name, and many keys crowd out the right one.
        self._keys = [k for k in known if len(k) >= (3 if is_cjk(k[0]) else 5) and k.rpartition(" ")[0] not in known]
        self._keys.sort()
        self._bigrams: dict[str, list[int]] = {}
        for number, key in enumerate(self._keys):
            for bigram in {key[i : i + 2] for i in range(len(key) - 1)}:
                self._bigrams.setdefault(bigram, []).append(number)

    def find(self, text: str, is_open: Callable[[int, int, str], bool]) -> list[Near]:
        """The nearest keys in `text` (folded, loosened) where `is_open(start, end, key)`, none overlapping."""
        from rapidfuzz import fuzz

        found: list[Near] = []
        for pattern in (_CJK_RUN, _LATIN_RUN):
            for run in pattern.finditer(text):
                placed = [
                    near
                    for key in self._candidates(run[0])
                    if (place := fuzz.partial_ratio_alignment(key, run[0], score_cutoff=_LEAST_ALIKE))
                    and (near := _placed(run.start() + place.dest_start, run.start() + place.dest_end, key, text))
                    and is_open(near.start, near.end, key)
                ]
                for near in sorted(placed, key=lambda n: -n.score):
                    if all(near.end <= other.start or other.end <= near.start for other in found):
                        found.append(near)
        return found

    def _candidates(self, run: str) -> list[str]:
        """Keys of which the most bigrams stand in `run`, rare bigrams only: a long one shares a few with any."""
        counts: Counter[int] = Counter()
        for bigram in {run[i : i + 2] for i in range(len(run) - 1)}:
            numbers = self._bigrams.get(bigram, ())
            if len(numbers) <= _COMMON_BIGRAM:
                counts.update(numbers)
        likest = nsmallest(_POOL, counts, key=lambda number: (counts[number] / (1 - len(self._keys[number])), number))
        return [self._keys[number] for number in likest]


def _placed(start: int, end: int, key: str, text: str) -> Near | None:
    """The stretch widened to whole words and the unit's kind, if it is near enough: one letter of a Chinese name, a fifth of an English one."""
    best: Near | None = None
    for first, last in _stretches(start, end, key, text):
        edits = _edits(key, text[first:last]) if on_word_edges(text, first, last) else 0
        if edits and (best is None or last - first == len(key)):
            best = Near(first, last, key, (1 - edits / max(len(key), last - first)) * 0.95)
    return best


def _stretches(start: int, end: int, key: str, text: str) -> Iterable[tuple[int, int]]:
    if is_cjk(key[0]):
        # A letter left out or put in moves one end.
        return {
            (s, e) for s in (start - 1, start, start + 1) for e in (end - 1, end, end + 1) if 0 <= s < e <= len(text)
        }
    said = text[start:end]
    start, end = start + len(said) - len(said.lstrip()), start + len(said.rstrip())
    while start > 0 and text[start - 1].isascii() and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end].isascii() and text[end].isalnum():
        end += 1
    return ((start, end),)


# 到期的贷款 is no misprint of 未到期贷款, nor the other way round.
_DENIES = frozenset("未不非无没")


def _edits(key: str, said: str) -> int:
    """How many letters of `key` are wrong in `said`, where that is few enough and no other name; else 0. A unit's kind does not count."""
    if _DENIES & set(key) != _DENIES & set(said):
        return 0
    from rapidfuzz.distance import OSA

    if key.isascii() and all(word in ENGLISH for word in said.split()):
        # Plain words are what they say: one line is no misprint of on-line.
        return 0
    others = set(said.split()) - set(key.split())
    if key.isascii() and others and others <= ENGLISH:
        # "now overdue" misprints no "not overdue".
        return 0
    stem, said_stem = without_kind(key), without_kind(said)
    if key[len(stem) :] != said[len(said_stem) :]:
        return 0
    core = _NOUNS.sub("", stem)
    edits = OSA.distance(stem, said_stem)
    if not is_cjk(key[0]):
        is_allowed = (
            edits <= max(1, len(stem) // 5) and stem[0] == said_stem[:1] and not _is_other_place(stem, said_stem)
        )
        return edits if len(core) >= 5 and is_allowed else 0
    if (
        _is_part(key, said)
        or _is_other_head(stem, said_stem)
        or (said[0] in _PARTICLES and said[0] != key[0])
        or (said[-1] in _PARTICLES and said[-1] != key[-1])
    ):
        return 0
    if stem != key and len(stem) == len(said_stem) == 2 and stem[0] == said_stem[0] and _sounds_near(stem, said_stem):
        # 杭洲分行: the unit's kind says that a place is meant, and no other sounds so.
        return edits
    shortest = 3 if stem != key or (len(core) >= 2 and sounds_alike(stem, said_stem)) else 4
    return edits if len(core) >= shortest and edits <= (1 if len(stem) < 6 else 2) else 0


def _is_part(key: str, said: str) -> bool:
    """Whether `said` is only how the name begins or ends: 手续费 is no misprint of 卡手续费."""
    return key.startswith(said) or key.endswith(said) or said.startswith(key) or said.endswith(key)


def _is_other_head(stem: str, said: str) -> bool:
    """Whether only the first letter differs and sounds otherwise: 类手续费 is what stands before 手续费, no misprint of 卡手续费."""
    return len(stem) == len(said) and stem[0] != said[0] and stem[1:] == said[1:] and not sounds_alike(stem[0], said[0])


def _is_other_place(stem: str, said: str) -> bool:
    """Whether a name in pinyin was changed to another spelling of Chinese, by a letter put in or put for another."""
    if " " in stem or len(said) < len(stem) or sorted(said) == sorted(stem):
        return False
    if len(stem) >= _LONG_NAME and _spoken(stem) == _spoken(said):
        # Lujiazhui for Lujiazui: many say zh as z, and ng as n.
        return False
    return bool(_SYLLABLES.fullmatch(stem) and _SYLLABLES.fullmatch(said))


def _spoken(name: str) -> str:
    """A name in pinyin as many speakers say it: zh as z, ng as n."""
    return re.sub(r"(?<=[zcs])h|(?<=n)g(?![aeiou])", "", name)


def is_misprinted_kind(kind: str, said: str) -> bool:
    """Whether `said` is a unit's kind with its letters swapped, or one that sounds the same: 行分, 分航 for 分行."""
    return said != kind and bool(KIND.search(kind)) and (said == kind[::-1] or sounds_alike(kind, said))


def sounds_alike(meant: str, said: str) -> bool:
    """Whether two Chinese texts of one length sound the same, tones apart, in one of each letter's readings."""
    return len(meant) == len(said) and all(
        a == b or bool(_sounds(a) & _sounds(b)) for a, b in zip(meant, said, strict=True)
    )


def _sounds_near(meant: str, said: str) -> bool:
    """Whether two Chinese texts sound the same to speakers who say zh as z, and ng as n: 深证 for 深圳."""
    return all(
        {_spoken(s) for s in _sounds(a)} & {_spoken(s) for s in _sounds(b)} or a == b
        for a, b in zip(meant, said, strict=True)
    )


@lru_cache(maxsize=4096)
def _sounds(letter: str) -> frozenset[str]:
    if not is_cjk(letter):
        return frozenset()
    # 0.3 s to load, and most processes never need it.
    from pypinyin import Style, pinyin

    return frozenset(pinyin(letter, style=Style.NORMAL, heteronym=True)[0])
