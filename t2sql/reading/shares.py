"""Which dimension a share is taken over: in 苏州分行的贷款里固定利率占多少 it is the rate type, not the branch."""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
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
# The percentage that each industry accounts for.
_EACH_MAKES = re.compile(
    r"^ ?,? ?(?:of (?:it|them|that|the total|the whole) )?(?:(?:that|which|does|do|did|is|are|was|were|has|have) )?(?:each|every)\b[^,.;?]{0,30}\b(?:mak\w+ up|made up|account\w* for|represent|constitut|compris|contribut|hold|take|bring)",
    re.IGNORECASE,
)
# Shenzhen's share of South China deposits.
_WHOSE = re.compile(r"(?:'s?|’s?)\s*", re.IGNORECASE)
# What share of South China deposits is in Shenzhen: the verb tells the part of the whole.
_TOLD = re.compile(
    r"\b(?:is|are|was|were|comes?|came|sits?|sat|belongs?|goes|go|went|held|do|does|did|ha[sd]|have)\b", re.IGNORECASE
)
_SAID_APART = re.compile(r"[^,.;?]{1,40}\b(?:is|are|was|were) (?!that|it|this|there|what)\w", re.IGNORECASE)
_IS_THE_PART = re.compile(
    r"\b(?:is|are|was|were|comes?|came|goes|go|went)(?: held| made up| accounted for)?(?: from| to| by| of| in)?(?: the| our)? $",
    re.IGNORECASE,
)
_IN = re.compile(r"\b(?:in|at|within|inside) (?:the |our )?$", re.IGNORECASE)
_AMONG = re.compile(r"(?:分行|支行)?(?:的\S{1,6})?在(?:整个|全)?")
_WITHIN = re.compile(r"[^,，。;；]{0,10}[中里内]")
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
        whose = [v for v in before if _AMONG.fullmatch(text[v.span.end : nearest.span.start])]
        if whose and _WITHIN.match(text[nearest.span.end : cue.span.start]):
            # 上海在华东贷款中的份额: what stands within the other is the part.
            return whose[0].dimension
        if said.lower().startswith("in ") and _is_where(nearest, shown, text, catalog):
            # Loans by collateral at Beijing, in percent.
            return ""
        later = [g for g in groups if g.span and nearest.span.end <= g.span.start < cue.span.start]
        return "" if later else nearest.dimension
    if shown and _EACH_MAKES.search(text[cue.span.end :]):
        return ""
    if shown and said.lower().endswith("of") and _IS_EACH.search(text[cue.span.end :]):
        return ""
    candidates = after or before
    first = [v for v in after if _RIGHT_AFTER.match(text[cue.span.end : v.span.start])]
    told = [v for v in after if _IS_THE_PART.search(text[cue.span.end : v.span.start])]
    chosen = first[0] if first else told[0] if told else candidates[-1]
    if first and (part := _told_of(first[0], after, text)):
        return part.dimension
    if first and not shown and _SAID_APART.match(text[first[0].span.end :]):
        # What share of Shanghai deposits is held by retail customers: the part is no value.
        return ""
    if first and not shown and (whose := [v for v in before if _WHOSE.fullmatch(text[v.span.end : cue.span.start])]):
        return whose[-1].dimension
    if _is_where(chosen, shown, text, catalog):
        return ""
    if not first and shown and any({chosen.dimension, g} <= set(h.levels) for h in catalog.hierarchies for g in shown):
        return ""
    return chosen.dimension


def _told_of(whole: ValueMention, after: Sequence[ValueMention], text: str) -> ValueMention | None:
    """The part of a whole that is limited itself: SME of "what share of Shanghai loans are SME"."""
    later = [v for v in after if v.span.start >= whole.span.end and v.dimension != whole.dimension]
    told = [v for v in later if _TOLD.search(text[whole.span.end : v.span.start])]
    return told[0] if told else None


def _is_where(value: ValueMention, shown: Sequence[str], text: str, catalog: Catalog) -> bool:
    """Whether a value only says where, of groups that are no places: the biggest share of deposits in Shanghai."""
    places = [h.levels for h in catalog.hierarchies if value.dimension in h.levels]
    is_told = bool(places) and bool(_IN.search(text[: value.span.start]))
    return is_told and bool(shown) and not any(g in levels for levels in places for g in shown)
