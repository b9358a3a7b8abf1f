"""What one row of a reading stands for: a place among others, or one of several people of the same name."""

from __future__ import annotations

import re

from t2sql.catalog import Catalog
from t2sql.flow import Context, Quantity

_EXACT = 0.95
_BASIS = re.compile(r"\s*(?:分?行|区)?的?(?:口径|维度)|\s*basis\b", re.IGNORECASE)
_RANKED = re.compile(r"排名|名次|位次|排行|\brank", re.IGNORECASE)


def roles_asked(context: Context, catalog: Catalog) -> dict[str, str]:
    """Plain dimension -> the same in a role, where 按管理分行口径 says that every branch is meant in that role."""
    text = context.question.text
    asked = [
        catalog.dimensions[mention.name]
        for mention in context.dimensions
        if mention.span and mention.name in catalog.dimensions and _BASIS.match(text[mention.span.end :])
    ]
    return {
        plain.name: role.name
        for role in asked
        for plain in catalog.dimensions.values()
        if role.role and not plain.role and (plain.dataset, plain.field) == (role.dataset, role.field)
    }


def told_apart(groups: list[str], catalog: Catalog) -> list[str]:
    """Groups, with the number of what only a shared name stands for: two customers of one name are two rows."""
    told: list[str] = []
    for name in groups:
        numbers = [n for n in _numbers_of(name, catalog) if n not in groups] if name in catalog.dimensions else []
        told += [*numbers[:1], name]
    return told


def asks_rank(context: Context) -> bool:
    """上海分行存款排名: the place of one value among its dimension's others."""
    asked = any(q.kind == "order" and _RANKED.search(_said(context, q)) for q in context.quantities)
    asked = asked or any(c.name == "rank" for c in context.comparisons)
    # "Where does Chongqing rank among branches": its own dimension only says among what.
    own = {value.dimension for value in context.values}
    cued = any(d.score >= _EXACT and d.name not in own for d in context.dimensions)
    return asked and not cued and len(context.values) == 1 and not context.values[0].is_negated


def _numbers_of(name: str, catalog: Catalog) -> list[str]:
    """Dimensions that are unique where `name`, a name that is not searchable, is not: the customer's number."""
    dimension = catalog.dimensions[name]
    field = catalog.field_of(dimension)
    if field.searchable or field.is_time or field.is_enum:
        return []
    dataset = catalog.datasets[dimension.dataset]
    keys = {key[0] for key in dataset.unique_keys if len(key) == 1}
    if field.name in keys:
        return []
    return [
        d.name
        for d in catalog.dimensions.values()
        if d.dataset == dimension.dataset and d.role == dimension.role and catalog.field_of(d).name in keys
    ]


def _said(context: Context, quantity: Quantity) -> str:
    """What was said of a quantity."""
    return context.question.text[quantity.span.start : quantity.span.end]
