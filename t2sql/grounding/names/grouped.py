"""Which of the dimensions named in a text it groups by: 按行业, by branch, 产品类型×客户类型, 五级分类…分布.

Knows the words around a name; a name that is only said with its own value (Shanghai branch) never groups.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from t2sql.grounding.names.grouping_cues import (
    AGENT,
    BOTH,
    CONTRAST,
    COUNTED_KIND,
    COUNTS,
    CROSSED,
    CROSSED_AFTER,
    CUE_AFTER,
    CUE_BEFORE,
    CUE_LATER,
    EACH_AFTER,
    EACH_KIND,
    EVERY,
    EVERY_BUT,
    HEADS,
    HEADS_LIST,
    HOW_MANY,
    JOINED,
    LOOSE_CUE,
    OF_PEOPLE,
    OF_WHOM,
    PAIR,
    PAIR_AFTER,
    QUALIFIES,
    SPREAD,
    SPREAD_OVER,
    TITLE,
    WHOSE,
)
from t2sql.grounding.words.lexicon import Hit


@dataclass(frozen=True, slots=True)
class Said:
    """A value in the text and the dimension that it is of; offsets of the loose text."""

    start: int
    end: int
    dimension: str


def grouped(
    text: str,
    hits: Sequence[Hit[str]],
    values: Sequence[Said],
    crowded: Collection[str],
    before_kind: Callable[[int], list[int]],
) -> Iterator[tuple[int, int, str, bool]]:
    """(start, end, dimension, whether the text groups by it) for each name in `hits`, in order of place. `crowded`: dimensions
    of very many members; `before_kind`: where the word that only says which kind begins before a place.
    """
    kept: list[tuple[Hit[str], int]] = []
    opening = -1
    for hit, following in itertools.zip_longest(hits, hits[1:]):
        is_crowded = set(hit.things) <= set(crowded)
        if following and is_crowded and QUALIFIES.fullmatch(text[hit.end : following.start]):
            # 客户归属区域 is the region, of customers.
            opening = hit.start
            continue
        whose = WHOSE.search(text[: hit.start]) if OF_PEOPLE.search(hit.key) else None
        kept.append((hit, whose.start() if whose else opening))
        opening = -1
    cued: list[bool] = []
    for place, (hit, opening) in enumerate(kept):
        before = kept[place - 1][0] if place else None
        is_pair = before is not None and bool(PAIR.search(before.key)) and before.end == hit.start
        counting = COUNTED_KIND.search(text[: hit.start])
        if counting and counting.start() >= (before.end if before else 0):
            # five-tier risk class is the risk class.
            opening = counting.start()
            kept[place] = (hit, opening)
        first = opening if before and opening >= before.end else hit.start
        is_joined = before is not None and not is_pair and bool(JOINED.fullmatch(text[before.end : first]))
        cued.append(
            not CONTRAST.search(text[: hit.start])
            and not _is_of_value(hit, values)
            and not (COUNTS.search(hit.key) and set(hit.things) <= set(crowded))
            and not HOW_MANY.search(hit.key)
            and (_is_cued(text, hit, opening, values, crowded, before_kind) or (is_joined and cued[-1]))
        )
    named = [hit for hit, _ in kept]
    for place, hit in enumerate(named):
        around = f"{text[: hit.start]}\n{text[hit.end :]}"
        is_but = any(m.start("said") == hit.start for m in EVERY_BUT.finditer(around))
        cued[place] = cued[place] and not (is_but and sum(cued) > 1)
    _cross(text, named, cued, [set(h.things) <= set(crowded) or _touches_value(h, values) for h in named])
    for (hit, opening), is_cued in zip(kept, cued, strict=True):
        contrast = CONTRAST.search(text[: hit.start])
        each = EACH_AFTER.match(text, hit.end) or (OF_WHOM.match(text, hit.end) if OF_PEOPLE.search(hit.key) else None)
        first = opening if 0 <= opening < hit.start else hit.start
        for name in hit.things:
            yield contrast.start() if contrast else first, each.end() if each else hit.end, name, is_cued


def _is_cued(
    text: str,
    hit: Hit[str],
    opening: int,
    values: Sequence[Said],
    crowded: Collection[str],
    before_kind: Callable[[int], list[int]],
) -> bool:
    inner = [v.start for v in values if v.start < hit.start <= v.end]
    inner += [v.start for v in values if v.start < hit.start and v.end + 1 == hit.start]
    openings = [hit.start, *inner, *before_kind(hit.start), *([opening] if opening >= 0 else [])]
    is_crowded = set(hit.things) <= set(crowded)
    if is_crowded:
        openings = [o for o in openings if not (EVERY if o == hit.start else LOOSE_CUE).search(text[:o])]
        openings = [o for o in openings if not AGENT.search(text[:o])]
    cues = [cue for o in openings if (cue := CUE_BEFORE.search(text[:o]))]
    # 以下 of R2以下客户 is a part of the value.
    if EACH_KIND.fullmatch(hit.key) or any(not any(v.start < c.start() < v.end for v in values) for c in cues):
        return True
    if is_crowded:
        return False
    if SPREAD.search(text) and any(SPREAD_OVER.search(text[:o]) for o in openings):
        return True
    if HEADS.search(text[: hit.start]) and HEADS_LIST.match(text, hit.end):
        return not _touches_value(hit, values)
    if TITLE.match(text, hit.end) and not text[: hit.start].strip():
        return not any(v.dimension in hit.things for v in values)
    if PAIR.search(hit.key) and PAIR_AFTER.match(text, hit.end):
        return True
    return bool(CUE_AFTER.match(text, hit.end) or CUE_LATER.match(text, hit.end))


def _is_of_value(hit: Hit[str], values: Sequence[Said]) -> bool:
    """Whether a value of the dimension is said with its name: by Shanghai branch."""
    return any(v.start < hit.start and hit.end <= v.end and v.dimension in hit.things for v in values)


def _touches_value(hit: Hit[str], values: Sequence[Said]) -> bool:
    return any(v.start < hit.end and hit.start <= v.end + 1 and v.dimension in hit.things for v in values)


def _cross(text: str, hits: Sequence[Hit[str]], cued: list[bool], never: Sequence[bool]) -> None:
    """Marks the dimensions of a cross table: 产品类型×客户类型, 分行和行业交叉, branch by product line."""
    for place in range(len(hits) - 1, 0, -1):
        between = text[hits[place - 1].end : hits[place].start]
        is_crossed = bool(CROSSED.fullmatch(between))
        is_listed = bool(BOTH.fullmatch(between))
        if never[place - 1] or never[place]:
            continue
        if is_crossed or (is_listed and CROSSED_AFTER.match(text, hits[place].end)):
            cued[place - 1] = cued[place] = True
        elif is_listed and cued[place]:
            cued[place - 1] = True
