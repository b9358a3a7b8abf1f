"""Which dimension a share is taken over: in 苏州分行的贷款里固定利率占多少 it is the rate type, not the branch."""

from __future__ import annotations

import re
from collections.abc import Sequence

from t2sql.catalog import Catalog
from t2sql.flow import NameMention, ValueMention

_LOOKS_BACK = re.compile(r"[㐀-鿿]|^(?:as )?an? |^in |'s$")
# What share of Shenzhen's deposits is each: what follows is the whole, and each row a part.
_IS_EACH = re.compile(
    r"\b(?:is|are|was|were|does|do|did|comes?|came|belongs?)\b[^,.;]{0,20}\b(?:each|every one|either)\b", re.IGNORECASE
)
_RIGHT_AFTER = re.compile(r"^[\s\-]*(?:the |our |all )?$", re.IGNORECASE)


def part_dimension(
    cue: NameMention,
    text: str,
    values: Sequence[ValueMention],
    groups: Sequence[NameMention],
    shown: Sequence[str],
    catalog: Catalog,
) -> str:
    """The dimension whose value is the part; "" when the part is each of the groups shown."""
    parts = [v for v in values if v.dimension not in shown and not v.is_negated]
    if not parts or cue.span is None:
        return ""
    said = text[cue.span.start : cue.span.end]
    before = [v for v in parts if v.span.end <= cue.span.start]
    after = [v for v in parts if v.span.start >= cue.span.start]
    if _LOOKS_BACK.search(said.lower()) and before:
        nearest = max(before, key=lambda v: v.span.end)
        later = [g for g in groups if g.span and nearest.span.end <= g.span.start < cue.span.start]
        return "" if later else nearest.dimension
    if shown and said.lower().endswith("of") and _IS_EACH.search(text[cue.span.end :]):
        return ""
    candidates = after or before
    first = [v for v in after if _RIGHT_AFTER.match(text[cue.span.end : v.span.start])]
    chosen = first[0] if first else candidates[-1]
    if not first and shown and any({chosen.dimension, g} <= set(h.levels) for h in catalog.hierarchies for g in shown):
        return ""
    return chosen.dimension
