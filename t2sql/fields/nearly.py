"""Names that a text nearly says: in another order, with a letter wrong, in part (hired for hire_date).

One dataset at a time; how near is told as sureness. Never replaces what a text says exactly.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from rapidfuzz import fuzz

from t2sql.fields.chinese import normal
from t2sql.fields.cues import LISTING
from t2sql.fields.hits import QUOTED, Hit, Words
from t2sql.fields.index import FieldIndex
from t2sql.fields.roles import main_number
from t2sql.fields.unexplained import ALSO_PLAIN
from t2sql.fields.words import PARTICLES, Token, form, stem
from t2sql.grounding.words.stop_words import ENGLISH, placed_content
from t2sql.grounding.words.text import is_cjk

_LEAST_FUZZY = 0.62
_STEM = 5
_BREAKS = frozenset("和或、是有在按中年月日")
_LEAST_WINDOW = 0.72
_TAIL = re.compile(r"(?:的?(?:总?金额|总额|额|总量|数量|比率|比例|同比|环比|增速|余额|名称))")


def with_windows(
    words: Words, hits: list[Hit], dataset: str, index: FieldIndex, taken: Sequence[tuple[int, int]]
) -> list[Hit]:
    """Chinese names that a stretch of the text nearly says, its letters in another order or one of them another."""
    kept = [t for t in words.names if t.text not in PARTICLES]
    firm = [(h.start, h.end) for h in hits if h.sure > 0.8 or h.value is not None]
    firm += [m.span() for pattern in (QUOTED, LISTING) for m in pattern.finditer(words.folded.text)]
    is_open = [
        len(t.text) == 1
        and is_cjk(t.text)
        and t.text not in _BREAKS
        and not any(a < t.end and t.start < b for a, b in firm)
        for t in kept
    ]
    names = [(n, t) for n, t in index.names_of(dataset) if len(n) >= 3 and is_cjk(n[0][0])]
    runs = _open_runs(is_open)
    found: list[tuple[float, Hit]] = []
    for name, target in names if runs else ():
        letters = Counter(name)
        for begin, end in runs:
            places = [i for i in range(begin, end) if kept[i].text in letters]
            for first in places:
                for last in places:
                    length = last - first + 1
                    if not max(3, len(name) - 3) <= length <= len(name) + 1:
                        continue
                    said = tuple(t.text for t in kept[first : last + 1])
                    near = _alike(said, name, letters)
                    if near < _LEAST_WINDOW:
                        continue
                    sure = near * target.sure * 0.9
                    hit = Hit(kept[first].start, kept[last].end, target.key, "fuzzy", sure, said)
                    found.append((near**3 * (length + len(name)), hit))
    found += [(len(hit.words) * 2.0, hit) for hit in _of_table(kept, is_open, dataset, index)]
    for _worth, hit in sorted(found, key=lambda pair: -pair[0]):
        over = [h for h in hits if h.start < hit.end and hit.start < h.end]
        if all(h.sure <= 0.8 and h.value is None and h.how != "fuzzy" and len(h.words) < len(hit.words) for h in over):
            hits = [h for h in hits if h not in over] + [hit]
    return sorted(hits, key=lambda h: (h.start, h.end))


def _open_runs(is_open: Sequence[bool]) -> list[tuple[int, int]]:
    """Stretches of three open places and more."""
    found: list[tuple[int, int]] = []
    start = 0
    for place in range(len(is_open) + 1):
        if place == len(is_open) or not is_open[place]:
            if place - start >= 3:
                found.append((start, place))
            start = place + 1
    return found


def _of_table(kept: Sequence[Token], is_open: Sequence[bool], dataset: str, index: FieldIndex) -> list[Hit]:
    """A stretch that is part of a table's long name, in its order, or all of it but a letter: 金融机构信贷收支."""
    name = form(normal(index.catalog.datasets[dataset].display.zh)[0])
    found: list[Hit] = []
    if len(name) < 5 or not is_cjk(name[0][0]):
        return found
    for length in range(min(len(name) + 1, len(kept)), 3, -1):
        for first in range(len(kept) - length + 1):
            if not all(is_open[first : first + length]):
                continue
            said = tuple(t.text for t in kept[first : first + length])
            is_near = length >= len(name) - 1 and said[0] == name[0] and fuzz.ratio("".join(said), "".join(name)) >= 80
            if _is_within(said, name) or is_near:
                found.append(Hit(kept[first].start, kept[first + length - 1].end, (dataset, ""), "fuzzy", 0.8, said))
        if found:
            break
    return found


def _alike(said: tuple[str, ...], name: tuple[str, ...], letters: Counter[str]) -> float:
    """0 to 1: how alike two runs of letters are, in any order."""
    shared = sum((Counter(said) & letters).values())
    if shared < 3 and shared < len(name):
        return 0.0
    dice = 2 * shared / (len(said) + len(name))
    return dice if dice >= _LEAST_WINDOW else 0.0


def pieces(text: str, covered: Sequence[tuple[int, int]]) -> list[tuple[int, str]]:
    """(start, content words together) of what nothing covers."""
    open_ = [True] * len(text)
    for start, end in covered:
        open_[start:end] = [False] * (end - start)
    found: list[tuple[int, str]] = []
    for match in re.finditer(r"[㐀-鿿]+|[a-z]+", text):
        at = match.start()
        for run in re.finditer("1+", "".join("1" if open_[i] else "0" for i in range(*match.span()))):
            piece = text[at + run.start() : at + run.end()]
            if is_cjk(piece[0]):
                found += [_with_tail(text, at + run.start() + offset, said) for offset, said in placed_content(piece)]
            elif piece == match[0] and not {piece, stem(piece)} & (ENGLISH | ALSO_PLAIN) and len(piece) >= _STEM:
                found.append((at, piece))
    return found


def _with_tail(text: str, start: int, said: str) -> tuple[int, str]:
    """A piece with what columns' names end with and questions say of everything: 进口 in 进口金额."""
    match = _TAIL.match(text, start + len(said))
    return start, said + (match[0] if match else "")


def near_chinese(start: int, piece: str, dataset_name: str, index: FieldIndex) -> Hit | None:
    said = form(normal(piece)[0])
    if len(said) < 2:
        return None
    own = index.catalog.datasets[dataset_name].display.zh
    whole = tuple(letter for letter in said if letter != "额" or letter in own)
    is_figure = said[-1] in "额量值" and not Counter(whole) - Counter(form(normal(own)[0]))
    if len(said) >= 3 and (is_figure or _is_within(whole, form(normal(own)[0]))):
        main = main_number(index.catalog.datasets[dataset_name])
        key = (dataset_name, main.name if main is not None and said[-1] in "额量值" else "")
        return Hit(start, start + len(piece), key, "fuzzy", 0.8, said)
    dataset = index.catalog.datasets[dataset_name]
    table = Counter(dataset.display.zh)
    best: Hit | None = None
    for words, target in index.own_names.get(dataset_name, ()):
        if len(words) < (2 if target.key[1] else 4) or not is_cjk(words[0][0]):
            # 发行 is no 发行人: a short name of a thing is said whole.
            continue
        if not target.key[1] and not _is_within(said, words) and fuzz.ratio("".join(said), "".join(words)) < 75:
            continue
        near = _likeness(said, words, Counter() if not target.key[1] else table)
        sure = near * target.sure * 0.9
        if near >= _LEAST_FUZZY and (best is None or sure > best.sure):
            best = Hit(start, start + len(piece), target.key, "fuzzy", sure, said)
    return best


def _likeness(said: tuple[str, ...], words: tuple[str, ...], table: Counter[str]) -> float:
    """0 to 1: how much of the name is said, and how little else; the table's own words are nothing else."""
    both = Counter(said) & Counter(words)
    shared = sum(both.values())
    if shared < 2:
        return 0.0
    rest = Counter(said) - both - table
    recall, precision = shared / len(words), shared / (shared + sum(rest.values()))
    inside = 2 * recall * precision / (recall + precision) if recall >= 0.6 else 0.0
    # A table's name is long; part of it in its order is enough.
    is_part = len(said) >= 4 and _is_within(said, words)
    return max(
        inside,
        0.8 if is_part and not table else 0.0,
        fuzz.ratio("".join(said), "".join(words)) / 100 if recall >= 0.5 and len(said) > 2 else 0.0,
    )


def _is_within(said: tuple[str, ...], words: tuple[str, ...]) -> bool:
    """Whether `said` stands in `words` in its order, with others between."""
    rest = iter(words)
    return all(word in rest for word in said)


def near_english(start: int, piece: str, dataset_name: str, index: FieldIndex) -> Hit | None:
    """hired for hire_date: one word of a name that begins alike."""
    reach = {dataset_name, *index.reach[dataset_name]}
    best: Hit | None = None
    for words, word in index.beginnings.get(piece[:2], ()):
        shared = next(
            (i for i, (a, b) in enumerate(zip(word, piece, strict=False)) if a != b), min(len(word), len(piece))
        )
        is_alike = shared >= max(4, len(word) - 2) and len(piece) - shared <= 4
        is_typo = len(piece) >= 6 and fuzz.ratio(word, piece) >= 88
        if not is_alike and not is_typo:
            continue
        for target in index.names.get(words, ()):
            sure = 0.55 * target.sure * (1.0 if len(words) == 1 else 0.8)
            sure = sure if target.key[1] else sure * 0.9
            if target.key[0] in reach and (best is None or sure > best.sure):
                best = Hit(start, start + len(piece), target.key, "fuzzy", sure, (piece,))
    return best
