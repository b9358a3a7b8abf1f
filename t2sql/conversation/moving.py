"""What a follow-up says of rising and falling: which of the rows did, and words of change that nothing shown answers."""

# ruff: noqa: E501
# A pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from dataclasses import replace

from t2sql.catalog import Catalog
from t2sql.conversation.said import Said
from t2sql.conversation.slots import Measure, Slots, Threshold
from t2sql.reading.movement import MOVES, way_of

_WHICH = re.compile(
    r"哪|谁|有没有|[那这]些|\b(?:which|who|whose|where|any|those|the ones|anyone|anybody|only)\b", re.IGNORECASE
)
_CHANGES = frozenset(("yoy", "mom", "qoq", "prev", "vs_year_start", "prior_year"))


def way_asked(slots: Slots, said: Said, catalog: Catalog) -> str:
    """ "<" or ">" where the rows that fell or rose are asked for: "which of them fell"; "" for any other text."""
    is_ranked = any(q.kind in ("limit", "order", "threshold") for q in said.context.quantities)
    has_rows = bool(slots.groups) or bool(said.cued)
    if is_ranked or not has_rows or len(slots.metrics) != 1 or not _WHICH.search(_own_words(said)):
        return ""
    found = way_of(_own_words(said), catalog.metrics[slots.metrics[0]])
    return found[0] if found else ""


def edit_moved(slots: Slots, said: Said, catalog: Catalog) -> Slots:
    """Only the rows whose change, which is shown, is of the way asked."""
    shown = [m for m in slots.measures if _is_change(m)]
    way = way_asked(slots, said, catalog)
    if not way or len(shown) != 1 or not slots.groups:
        return slots
    bound = Threshold(shown[0], f"{shown[0].sql()} {way} 0")
    return replace(slots, thresholds=(*slots.thresholds, bound))


def unread_changes(said: Said, after: Slots) -> tuple[str, ...]:
    """Words of change in a text after which no change, no course and no row that moved is shown."""
    if after.grain or any(_is_change(m) for m in after.measures) or said.cues.kinds & {"without", "plain"}:
        return ()
    if any(_is_change(t.measure) for t in after.thresholds):
        return ()
    return tuple(dict.fromkeys(match[0] for match in MOVES.finditer(_own_words(said))))


def _is_change(measure: Measure) -> bool:
    return any(function.removesuffix("_diff") in _CHANGES for function in measure.functions)


def _own_words(said: Said) -> str:
    """The text without names and values."""
    text = said.text
    for span in (*(m.span for m in said.context.metrics), *(v.span for v in said.values)):
        if span:
            text = text[: span.start] + " " * (span.end - span.start) + text[span.end :]
    return text[said.start :]
