"""Which role a value is said in: 上海分行管理的 means managing_branch, 上海分行 alone the plain dimension."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from t2sql.catalog import Catalog, Dimension
from t2sql.flow import NameMention, ValueMention
from t2sql.grounding.settling import key, offset
from t2sql.grounding.values.units import says_which
from t2sql.grounding.words.text import Folded

_BY = re.compile(r"(?:由|归)\s*$")


def in_role(
    catalog: Catalog, folded: Folded, values: tuple[ValueMention, ...], dimensions: Collection[NameMention]
) -> tuple[ValueMention, ...]:
    """`values` with the role's dimension where the role is said beside the value, by its name or its verb."""
    roles: dict[tuple[str, str], list[Dimension]] = {}
    for dimension in catalog.dimensions.values():
        if dimension.role:
            roles.setdefault((dimension.dataset, dimension.field), []).append(dimension)
    found = []
    for value in values:
        plain = catalog.dimensions[value.dimension]
        said = [r for r in roles.get((plain.dataset, plain.field), ()) if _says(catalog, folded, r, value, dimensions)]
        found.append(replace(value, dimension=said[0].name) if len(said) == 1 and not plain.role else value)
    return tuple(found)


def _says(
    catalog: Catalog, folded: Folded, role: Dimension, value: ValueMention, dimensions: Collection[NameMention]
) -> bool:
    if any(d.name == role.name and d.span and says_which(folded, value.span, d.span) for d in dimensions):
        return True
    before = folded.text[: offset(folded, value.span.start)]
    after = folded.text[offset(folded, value.span.end) :]
    for word in _verbs(catalog, role):
        if word.isascii():
            is_said = bool(re.search(rf"\b{re.escape(word)} (?:by|at|in|with) (?:the )?$", before))
        else:
            follows = re.match(rf"{word}(?:的|[，,。、]|$)", after) and (
                _BY.search(before) or after.startswith(word + "的")
            )
            is_said = bool(follows or re.search(rf"{word}(?:于|在|地?为|地?是)$", before))
        if is_said:
            return True
    return False


def _verbs(catalog: Catalog, role: Dimension) -> set[str]:
    """What is done in a role: 管理, managed."""
    verbs = set()
    for relationship in catalog.relationships:
        if relationship.role == role.role and relationship.display:
            verbs.add(key(relationship.display.zh))
            english = key(relationship.display.en)
            if english.endswith("ing"):
                verbs.add(english[:-3] + "ed")
    return verbs - {""}
