"""Names said together that share their beginning or their end: 地方财政收入和支出, 最高和最低比率, first and last name.

Adds what such words name, and takes 货币和准货币分别 apart. Only names that the dataset has are found.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from t2sql.fields.hits import Hit, Words
from t2sql.fields.index import FieldIndex
from t2sql.fields.words import PARTICLES

_AND = frozenset("和与及、或/,，") | {"and", "or"}
_EACH = re.compile(r".{0,4}?(?:分别|各是|各有|各为|各自)")


def apart(words: Words, kept: list[Hit], dataset: str, index: FieldIndex) -> list[Hit]:
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


def with_partners(words: Words, kept: list[Hit], dataset: str, index: FieldIndex) -> list[Hit]:
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
