"""What the rows of one dataset would explain of a text: its names and values, and names said together or nearly.

地方财政收入和支出 names two columns, 最高和最低比率 too; 工业生产总值 nearly names 工业总产值. Works for one dataset at
a time, so that the caller can compare; never looks at data.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from t2sql.fields.chinese import has_chinese
from t2sql.fields.hits import Hit, Words, chosen, score
from t2sql.fields.index import FieldIndex
from t2sql.fields.nearly import near_chinese, near_english, pieces, with_windows
from t2sql.fields.partners import apart, with_partners

_CLAUSE_END = re.compile(r"[，,。;；？?！!]")
_IN_TABLE = re.compile(r"\s*(?:数据|记录|信息|报表|汇总)?(?:表)?(?:之?中|里面?|内)|\s*(?:表|数据表)")


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
    kept = apart(words, kept, dataset, index)
    kept = with_partners(words, kept, dataset, index)
    return Explained(dataset, tuple(kept), score(kept, dataset, index))


def with_near(words: Words, found: Explained, index: FieldIndex, taken: Iterable[tuple[int, int]]) -> Explained:
    """`found` with names that the rest of the text nearly says. `taken`: stretches that something else explains."""
    taken = [*taken]
    hits = with_windows(words, list(found.hits), found.dataset, index, taken)
    covered = [(h.start, h.end) for h in hits] + taken
    for start, piece in pieces(words.folded.text, covered):
        hit = (
            near_chinese(start, piece, found.dataset, index)
            if has_chinese(piece)
            else near_english(start, piece, found.dataset, index)
        )
        hit = hit or _said_again(start, piece, hits, found.dataset, index)
        if hit is not None:
            hits.append(hit)
    hits = with_partners(words, sorted(hits, key=lambda h: (h.start, h.end)), found.dataset, index)
    return Explained(found.dataset, tuple(hits), score(hits, found.dataset, index))


def _said_again(start: int, piece: str, hits: Sequence[Hit], dataset: str, index: FieldIndex) -> Hit | None:
    """综合偿付能力充足率低于150%的…和充足率: the end of a name that was said in full before."""
    named = {h.key for h in hits if h.is_field and h.end <= start and h.sure >= 0.8}
    ends = [key for key in named if len(piece) >= 2 and index.field(key).display.zh.endswith(piece)]
    return Hit(start, start + len(piece), ends[0], "part", 0.78, tuple(piece)) if len(ends) == 1 else None


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
