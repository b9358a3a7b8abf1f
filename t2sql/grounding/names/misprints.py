"""Names that a question misprints: 拨备复盖率, 不量率, "loan balnce". Told with a lower score, never when two are equally near."""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterator

from t2sql.grounding.words.lexicon import Lexicon, loosen
from t2sql.grounding.words.text import is_cjk, plural

_WORD = re.compile(r"[a-z0-9][a-z0-9']*")
_CLOSE, _SAME = 32, 4
# A letter of the same sound is half a misprint: 不良律 is 不良率 rather than 不良 and a letter more.
_SOUNDS_ALIKE = 0.5
# A way of asking is no name to be misprinted; what stands before 均 says of what the average is.
_ASKING = re.compile(r"多少|几|how many|how much")
_PER_WHAT = re.compile(r"[㐀-鿿]均")
_STOP = re.compile(r"[\s,.;:!?、。()\[\]{}<>\"“”《》/]")
# Nobody writes one of these for another letter: 客户的存款 is no 户均存款, and 客户流失率 no 客户流失数.
_NEVER_SLIPS = frozenset("的了是和与及或在有把被比占率数额量均净新增毛外存贷收支活定公个")


# 网点存款 is no slip for 每网点存款.
_EACH = frozenset("每均平")


class NearNames:
    """The names of one lexicon, laid out so that only those are compared that may be near."""

    def __init__(self, lexicon: Lexicon[str]) -> None:
        self._lexicon = lexicon
        keys = [key for key in lexicon if not _ASKING.match(key)]
        self._chinese = [(key, frozenset(key)) for key in keys if any(map(is_cjk, key))]
        self._english = [(key.split(), key) for key in keys if not any(map(is_cjk, key))]
        self._initials = [frozenset(word[0] for word in words) for words, _ in self._english]

    def find(self, text: str, taken: list[tuple[int, int]]) -> list[tuple[int, int, str, float]]:
        """(start, end, name, score) of near misses in what exact names leave over: one letter of five or more Chinese ones,
        one that sounds alike or is no bank word's of three or four, one in an English word of five. Two names equally near
        are none.
        """
        loose = loosen(text)
        found: list[tuple[float, int, int, str]] = []
        for key, near in self._near(loose):
            if all(near[1] <= start or end <= near[0] or _may_cover(near, (start, end)) for start, end in taken):
                score = 0.9 * (1 - near[2] / len(key))
                found.extend((score, near[0], near[1], name) for name in self._lexicon.get(key))
        kept: list[tuple[int, int, str, float]] = []
        for score, start, end, name in sorted(found, key=lambda f: (-f[0], f[1] - f[2], f[1])):
            rivals = {n for s, b, e, n in found if s == score and b < end and start < e}
            if len(rivals) == 1 and all(end <= s or e <= start for s, e, _, _ in kept):
                kept.append((start, end, name, score))
        return kept

    def _near(self, text: str) -> Iterator[tuple[str, tuple[int, int, float]]]:
        """(key, (start, end, edits)) of every name that the text has nearly."""
        letters = frozenset(text)
        if any(map(is_cjk, text)):
            for key, own in self._chinese:
                # A letter that is wrong is one that the text may lack: two in a name of eight, else one.
                if len(own - letters) <= (1 if len(key) < 8 else 2) and (near := _near_chinese(key, text)):
                    yield key, near
        words = [(match.start(), match.end(), match[0]) for match in _WORD.finditer(text)]
        initials = {word[0] for _, _, word in words}
        for (key_words, key), own in zip(self._english, self._initials, strict=True):
            if own <= initials and (near := _near_words(key_words, words)):
                yield key, near


def _may_cover(near: tuple[int, int, float], exact: tuple[int, int]) -> bool:
    """NPL in NPL rato, 不良 in 不良贷佘余额: a short name inside a long one that is misprinted elsewhere."""
    is_within = near[0] <= exact[0] and exact[1] <= near[1]
    return is_within and (exact[1] - exact[0] <= (near[1] - near[0]) // 2 or near[2] < 1)


def _near_chinese(key: str, text: str) -> tuple[int, int, float] | None:
    """(start, end, edits) of the best place for a Chinese name, if it is near enough."""
    from rapidfuzz import fuzz
    from rapidfuzz.distance import Levenshtein

    if len(key) < 3:
        return None
    if len(key) < 5:
        return _one_letter_off(key, text)
    near = fuzz.partial_ratio_alignment(key, text, score_cutoff=75)
    if near is None:
        return None
    said = text[near.dest_start : near.dest_end]
    tail = text[near.dest_end : near.dest_end + 1]
    if tail and said == key[:-1] and tail != key[-1] and is_cjk(tail) and _sounds_the_same(key[-1], tail):
        return near.dest_start, near.dest_end + 1, _SOUNDS_ALIKE
    if len(said) < len(key) and text[near.dest_end : near.dest_end + 1] in _NEVER_SLIPS:
        return None
    if _STOP.search(said) and not _STOP.search(key):
        return None
    edits = Levenshtein.distance(key, said)
    if (set(key) ^ set(said)) & _EACH:
        return None
    if set(_PER_WHAT.findall(said)) - set(_PER_WHAT.findall(key)) or (set(said) - set(key)) & _NEVER_SLIPS:
        return None
    if not 0 < edits <= (1 if len(key) < 8 else 2):
        return None
    wrong = [(a, b) for a, b in zip(key, said, strict=False) if a != b]
    is_slip = len(said) == len(key) and len(wrong) == edits and all(_sounds_the_same(*pair) for pair in wrong)
    return near.dest_start, near.dest_end, edits * _SOUNDS_ALIKE if is_slip else edits


def _one_letter_off(key: str, text: str) -> tuple[int, int, float] | None:
    for start in range(len(text) - len(key) + 1):
        said = text[start : start + len(key)]
        wrong = [(a, b) for a, b in zip(key, said, strict=True) if a != b]
        slips = {b for a, b in wrong if not _sounds_the_same(a, b)}
        if set(_PER_WHAT.findall(said)) - set(_PER_WHAT.findall(key)) or slips & _NEVER_SLIPS:
            continue
        if len(wrong) == 1 and is_cjk(wrong[0][1]) and is_likely_slip(*wrong[0]):
            # 消费多少 for 消费额: what asks how much is not torn.
            is_torn = said[-1] == "多" and text.startswith("少", start + len(key))
            return start, start + len(key) + is_torn, _SOUNDS_ALIKE if _sounds_the_same(*wrong[0]) else 1
    return None


def is_likely_slip(meant: str, said: str) -> bool:
    """Whether one Chinese letter may be a slip for another: it sounds about alike, or is too rare for a word of its own.

    The first plane of GB 2312 (3,755 common letters) is ordered by sound, so what sounds alike stands close by there.
    """
    meant_place, said_place = _place(meant), _place(said)
    if meant_place is None:
        return False
    return said_place is None or abs(meant_place - said_place) <= _CLOSE


def _sounds_the_same(meant: str, said: str) -> bool:
    """不量率 for 不良率: of one sound, whatever the letter means elsewhere."""
    places = _place(meant), _place(said)
    return places[0] is not None and places[1] is not None and abs(places[0] - places[1]) <= _SAME


def _place(letter: str) -> int | None:
    """Where a letter stands in the first plane of GB 2312; None for the rarer ones."""
    try:
        row, cell = letter.encode("gb2312")
    except (UnicodeEncodeError, ValueError):
        return None
    return (row - 0xB0) * 94 + cell - 0xA1 if 0xB0 <= row <= 0xD7 else None


def _near_words(key: list[str], words: list[tuple[int, int, str]]) -> tuple[int, int, int] | None:
    """(start, end, edits) where the text has the key's words, each nearly."""
    from rapidfuzz.distance import OSA

    for first in range(len(words) - len(key) + 1):
        total = 0
        for word, (_, _, said) in zip(key, words[first:], strict=False):
            allowed = 0 if len(word) < 5 or word[0] != said[0] else 1 if len(word) < 11 else 2
            edits = OSA.distance(word, said, score_cutoff=allowed)
            if _is_derived(word, said):
                total = -1
                break
            if edits > allowed or said == plural(word) or word == plural(said):
                total = -1
                break
            total += edits
        if total > 0:
            return words[first][0], words[first + len(key) - 1][1], total
    return None


def _is_derived(word: str, said: str) -> bool:
    """Whether a word is another made of a name's own: wealthy clients have no wealth products."""
    return said.startswith(word) and said[len(word) :] in ("y", "ly", "al", "ful")
