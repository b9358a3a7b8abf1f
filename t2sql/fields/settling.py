"""What the rows of one dataset would explain of a text: its names, its values, names nearly said and names said together.

地方财政收入和支出 names two columns, 最高和最低比率 too; 工业生产总值 nearly names 工业总产值. Works for one dataset at a
time, so that the caller can compare; never looks at data.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from t2sql.fields.chinese import has_chinese, normal
from t2sql.fields.cues import LISTING
from t2sql.fields.hits import QUOTED, Hit, Words, chosen, score, weight
from t2sql.fields.index import FieldIndex
from t2sql.fields.roles import main_number
from t2sql.fields.unexplained import ALSO_PLAIN
from t2sql.fields.words import PARTICLES, Token, form, stem
from t2sql.grounding.words.stop_words import ENGLISH, placed_content
from t2sql.grounding.words.text import is_cjk

_AND = frozenset("和与及、或/,，") | {"and", "or"}
_CLAUSE_END = re.compile(r"[，,。;；？?！!]")
_IN_TABLE = re.compile(r"\s*(?:数据|记录|信息|报表|汇总)?(?:表)?(?:之?中|里面?|内)|\s*(?:表|数据表)")
_LEAST_FUZZY = 0.62
_STEM = 5


@dataclass(frozen=True, slots=True)
class Explained:
    """One dataset's view of the text."""

    dataset: str
    hits: tuple[Hit, ...]
    score: float


def explain(
    words: Words, hits: Sequence[Hit], dataset: str, index: FieldIndex, taken: Iterable[tuple[int, int]] = ()
) -> Explained:
    """What the rows of `dataset` explain by exact names and values, and by names said together."""
    kept = chosen(hits, dataset, index)
    kept = _same_names(words, kept, hits, dataset)
    kept = _apart(words, kept, dataset, index)
    kept = _with_partners(words, kept, dataset, index)
    return Explained(dataset, tuple(kept), score(kept, dataset, index))


def with_near(words: Words, found: Explained, index: FieldIndex, taken: Iterable[tuple[int, int]]) -> Explained:
    """`found` with names that the rest of the text nearly says. `taken`: stretches that something else explains."""
    taken = [*taken]
    hits = _with_windows(words, list(found.hits), found.dataset, index, taken)
    covered = [(h.start, h.end) for h in hits] + taken
    for start, piece in _pieces(words.folded.text, covered):
        hit = (
            _near_chinese(start, piece, found, index)
            if has_chinese(piece)
            else _near_english(start, piece, found, index)
        )
        if hit is not None:
            hits.append(hit)
    hits = _with_partners(words, sorted(hits, key=lambda h: (h.start, h.end)), found.dataset, index)
    return Explained(found.dataset, tuple(hits), score(hits, found.dataset, index))


def _with_windows(
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
    found: list[tuple[float, Hit]] = []
    for name, target in names:
        letters = Counter(name)
        for length in range(max(3, len(name) - 3), len(name) + 2):
            for first in range(len(kept) - length + 1):
                if not all(is_open[first : first + length]):
                    continue
                said = tuple(t.text for t in kept[first : first + length])
                if said[0] not in letters or said[-1] not in letters:
                    continue
                near = _alike(said, name, letters)
                if near >= _LEAST_WINDOW:
                    hit = Hit(
                        kept[first].start,
                        kept[first + length - 1].end,
                        target.key,
                        "fuzzy",
                        near * target.sure * 0.9,
                        said,
                    )
                    found.append((near**3 * (length + len(name)), hit))
    found += [(len(hit.words) * 2.0, hit) for hit in _of_table(kept, is_open, dataset, index)]
    for _worth, hit in sorted(found, key=lambda pair: -pair[0]):
        over = [h for h in hits if h.start < hit.end and hit.start < h.end]
        if all(h.sure <= 0.8 and h.value is None and h.how != "fuzzy" and len(h.words) < len(hit.words) for h in over):
            hits = [h for h in hits if h not in over] + [hit]
    return sorted(hits, key=lambda h: (h.start, h.end))


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


_BREAKS = frozenset("和或、是有在按中年月日")
_LEAST_WINDOW = 0.72


def _alike(said: tuple[str, ...], name: tuple[str, ...], letters: Counter[str]) -> float:
    """0 to 1: how alike two runs of letters are, in any order."""
    shared = sum((Counter(said) & letters).values())
    if shared < 3 and shared < len(name):
        return 0.0
    dice = 2 * shared / (len(said) + len(name))
    return dice if dice >= _LEAST_WINDOW else 0.0


def _pieces(text: str, covered: Sequence[tuple[int, int]]) -> list[tuple[int, str]]:
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


_TAIL = re.compile(r"(?:的?(?:总?金额|总额|额|总量|数量|比率|比例|同比|环比|增速|余额|名称))")


def _with_tail(text: str, start: int, said: str) -> tuple[int, str]:
    """A piece with what columns' names end with and questions say of everything: 进口 in 进口金额."""
    match = _TAIL.match(text, start + len(said))
    return start, said + (match[0] if match else "")


def _near_chinese(start: int, piece: str, found: Explained, index: FieldIndex) -> Hit | None:
    said = form(normal(piece)[0])
    if len(said) < 2:
        return None
    own = index.catalog.datasets[found.dataset].display.zh
    if len(said) >= 3 and not Counter(said) - Counter(form(normal(own)[0])) - Counter("额"):
        main = main_number(index.catalog.datasets[found.dataset])
        key = (found.dataset, main.name if main is not None and said[-1] in "额量值" else "")
        return Hit(start, start + len(piece), key, "fuzzy", 0.8, said)
    dataset = index.catalog.datasets[found.dataset]
    table = Counter(dataset.display.zh)
    best: Hit | None = None
    for words, targets in index.names.items():
        if len(words) < 2 or not is_cjk(words[0][0]):
            continue
        targets = [t for t in targets if t.key[0] == found.dataset]
        if not targets:
            continue
        near = _likeness(said, words, Counter() if not targets[0].key[1] else table)
        sure = near * targets[0].sure * 0.9
        if near >= _LEAST_FUZZY and (best is None or sure > best.sure):
            best = Hit(start, start + len(piece), targets[0].key, "fuzzy", sure, said)
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


def _near_english(start: int, piece: str, found: Explained, index: FieldIndex) -> Hit | None:
    """hired for hire_date: one word of a name that begins alike."""
    reach = {found.dataset, *index.reach[found.dataset]}
    best: Hit | None = None
    for words, targets in index.names.items():
        for word in words[:2] if len(words) <= 2 else ():
            if len(word) < 4 or not word.isascii():
                continue
            shared = next(
                (i for i, (a, b) in enumerate(zip(word, piece, strict=False)) if a != b), min(len(word), len(piece))
            )
            is_alike = shared >= max(4, len(word) - 2) and len(piece) - shared <= 4
            is_typo = len(piece) >= 6 and fuzz.ratio(word, piece) >= 88
            if not is_alike and not is_typo:
                continue
            for target in targets:
                sure = 0.55 * target.sure * (1.0 if len(words) == 1 else 0.8)
                sure = sure if target.key[1] else sure * 0.9
                if target.key[0] in reach and (best is None or sure > best.sure):
                    best = Hit(start, start + len(piece), target.key, "fuzzy", sure, (piece,))
    return best


def _same_names(words: Words, kept: list[Hit], hits: Sequence[Hit], dataset: str) -> list[Hit]:
    """社会消费品零售总额 may be a table or its column: the table where it is said of columns named before it."""
    text = words.folded.text
    settled: list[Hit] = []
    for hit in kept:
        twins = [
            h for h in hits if (h.start, h.end) == (hit.start, hit.end) and h.key[0] == dataset and h.value is None
        ]
        field = next((h for h in twins if h.is_field and h.sure >= 0.75), None)
        table = next((h for h in twins if h.is_dataset and h.sure >= 0.75), None)
        if field is None or table is None or hit.value is not None:
            settled.append(hit)
            continue
        begin = max((m.end() for m in _CLAUSE_END.finditer(text, 0, hit.start)), default=0)
        before = [k for k in kept if k.is_field and begin <= k.start and k.end <= hit.start and k.sure >= 0.75]
        gap = text[before[-1].end : hit.start] if before else ""
        is_said_of = bool(before) and not any(word in gap for word in ("和", "与", "及", "、", "以及", "and"))
        settled.append(table if is_said_of or _IN_TABLE.match(text, hit.end) else field)
    return settled


_EACH = re.compile(r".{0,4}?(?:分别|各是|各有|各为|各自)")


def _apart(words: Words, kept: list[Hit], dataset: str, index: FieldIndex) -> list[Hit]:
    """货币和准货币分别是多少 asks for both, though a column is called 货币和准货币."""
    found: list[Hit] = []
    for hit in kept:
        parts = "".join(hit.words).split("和") if hit.is_field and "和" in hit.words else []
        if len(parts) != 2 or not _EACH.match(words.folded.text, hit.end):
            found.append(hit)
            continue
        each = [
            next((t for t in index.names.get(tuple(part), ()) if t.key[0] == dataset and t.key[1]), None)
            for part in parts
        ]
        if None in each:
            found.append(hit)
            continue
        middle = words.folded.text.find("和", hit.start, hit.end)
        edges = ((hit.start, middle), (middle + 1, hit.end))
        found += [
            Hit(a, b, t.key, t.how, t.sure, tuple(part))
            for (a, b), t, part in zip(edges, each, parts, strict=True)
            if t is not None
        ]
    return found


def _with_partners(words: Words, kept: list[Hit], dataset: str, index: FieldIndex) -> list[Hit]:
    """Names said together that share their beginning or end: 地方财政收入和支出, first and last name."""
    places = [t for t in words.names if t.text not in PARTICLES]
    found = list(kept)
    for hit in kept:
        if not hit.is_field or len(hit.words) < 2:
            continue
        covered = [(h.start, h.end) for h in found if h.sure > 0.8 or h.value is not None]
        left = next((i for i, t in enumerate(places) if t.start >= hit.start), 0)
        right = next((i for i, t in enumerate(places) if t.start >= hit.end), len(places))
        if left >= 2 and places[left - 1].text in _AND:
            found = _over(
                found, _partner(places[max(0, left - 7) : left - 1], hit, covered, dataset, index, is_before=True)
            )
        if right < len(places) - 1 and places[right].text in _AND:
            found = _over(found, _partner(places[right + 1 : right + 7], hit, covered, dataset, index, is_before=False))
    return sorted(found, key=lambda h: (h.start, h.end))


def _over(found: list[Hit], more: list[Hit]) -> list[Hit]:
    """`found` with `more` in the place of the lesser hits where they stand."""
    return [h for h in found if all(h.end <= m.start or h.start >= m.end for m in more)] + more


def _partner(
    near: Sequence[object],
    hit: Hit,
    covered: list[tuple[int, int]],
    dataset: str,
    index: FieldIndex,
    *,
    is_before: bool,
) -> list[Hit]:
    spots = [t for t in near if hasattr(t, "start")]
    for length in range(len(spots), 0, -1):
        run = spots[-length:] if is_before else spots[:length]
        start, end = run[0].start, run[-1].end  # type: ignore[attr-defined]
        if any(a < end and start < b for a, b in covered):
            continue
        said = tuple(t.text for t in run)  # type: ignore[attr-defined]
        for cut in range(1, len(hit.words)):
            whole = (*said, *hit.words[cut:]) if is_before else (*hit.words[: len(hit.words) - cut], *said)
            for target in index.names.get(whole, ()):
                if (
                    target.key[0] in {dataset, hit.key[0]}
                    and target.key[1]
                    and target.key != hit.key
                    and target.sure >= 0.8
                ):
                    return [Hit(start, end, target.key, "exact", target.sure, said)]
    return []


def quality(hit: Hit) -> float:
    """What a hit explains, weighed by how sure it is."""
    return weight(hit) * hit.sure


def moved(hit: Hit, start: int, end: int) -> Hit:
    """The hit on another stretch."""
    return replace(hit, start=start, end=end)
