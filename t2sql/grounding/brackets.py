"""Brackets that tell how a metric is worked out, in the names of its own parts: "NPL ratio (NPLs over total loans)".

Blanked where every metric in the bracket is a part of the one right before it and only arithmetic stands between.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from t2sql.catalog import Catalog
from t2sql.flow import NameMention
from t2sql.grounding.words.overlaps import overlaps
from t2sql.grounding.words.text import Folded
from t2sql.metric_names import made_of

_BRACKET = re.compile(r"\s?(?P<inner>\([^()]{3,80}\))")
_WORKED_OUT = re.compile(
    r"[\s()/÷*×+\-–−]|\b(?:over|to|by|divided|minus|less|plus|and|as|a|an|the|total|i\.?e\.?|share|percent|percentage|of|%)\b|"
    r"除以|减去?|加上?|占|的|比|与|和|即|乘以?"
)


def without_workings(folded: Folded, named: Sequence[NameMention], catalog: Catalog) -> Folded:
    """`folded` of the same length with such brackets blank. `named`: metrics found in it."""
    text = folded.text
    for match in _BRACKET.finditer(text):
        start, end = match.span("inner")
        whole = folded.span(start, end)
        inside = [m for m in named if overlaps(m.span, whole)]
        before = [m for m in named if m.span and match.start() and m.span.end == folded.ends[match.start() - 1]]
        parts = {part for m in before for part in made_of(m.name, catalog.metrics) if part != m.name}
        said = "".join(
            " " if any(m.span and m.span.start <= at < m.span.end for m in inside) else letter
            for letter, at in zip(text[start:end], folded.starts[start:end], strict=True)
        )
        if len({m.name for m in inside}) > 1 and {m.name for m in inside} <= parts and not _WORKED_OUT.sub("", said):
            text = text[:start] + " " * (end - start) + text[end:]
    return replace(folded, text=text)
