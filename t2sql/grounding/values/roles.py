"""Which role a value is said in: 上海分行管理的 means managing_branch, 上海分行 alone the plain dimension."""

from __future__ import annotations

import re
from collections.abc import Sequence

from t2sql.catalog import Catalog, Dimension
from t2sql.flow import Span, ValueMention
from t2sql.grounding.settling import key
from t2sql.grounding.words.overlaps import covers
from t2sql.grounding.words.text import Folded


def by_role(
    catalog: Catalog, folded: Folded, values: tuple[ValueMention, ...], claimed: Sequence[Span]
) -> tuple[ValueMention, ...]:
    """A role's dimension (managing_branch) keeps a value only where the role is said, or nothing else has it."""
    plain = {(v.span, v.value) for v in values if not catalog.dimensions[v.dimension].role}
    return tuple(
        v
        for v in values
        if not (role := catalog.dimensions[v.dimension]).role
        or (v.span, v.value) not in plain
        or _says_role(catalog, folded, role, claimed)
    )


def _says_role(catalog: Catalog, folded: Folded, dimension: Dimension, claimed: Sequence[Span]) -> bool:
    words = {
        key(word)
        for r in catalog.relationships
        if r.role == dimension.role and r.display
        for word in (r.display.zh, r.display.en)
    }
    words |= {key(word) for word in (dimension.display.zh, dimension.display.en, *dimension.synonyms)}
    for word in (words | {key(dimension.role)}) - {""}:
        for match in re.finditer(re.escape(word), folded.text):
            if not any(covers(span, folded.span(*match.span())) for span in claimed):
                return True
    return False
