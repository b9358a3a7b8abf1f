"""Values in conditions that no row has: told as not known, so that an empty answer is not blamed on its period.

Compares with values that the caller read for the same principal, so that it tells of no others. Words only; runs
nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from t2sql.catalog import Catalog
from t2sql.errors import suggest
from t2sql.flow import Note
from t2sql.outline import outline
from t2sql.wording import join, visible

MOST_SUGGESTED = 3


def asked_values(semantic_sql: str, catalog: Catalog) -> dict[str, tuple[str, ...]]:
    """Dimension -> the texts that conditions ask it to be, in order. What is excluded (<>, NOT IN) is left out."""
    from sqlglot import exp

    tree = outline(semantic_sql)
    found: dict[str, dict[str, None]] = {}
    for node in tree.find_all(exp.EQ, exp.In) if tree is not None else ():
        column = node.this
        if not isinstance(column, exp.Column) or column.name.lower() not in catalog.dimensions:
            continue
        if node.find_ancestor(exp.Not):
            continue
        values = node.expressions if isinstance(node, exp.In) else [node.expression]
        texts = [str(v.this) for v in values if isinstance(v, exp.Literal) and v.is_string]
        if texts:
            found.setdefault(column.name.lower(), {}).update(dict.fromkeys(texts))
    return {name: tuple(texts) for name, texts in found.items()}


def unknown_value(
    dimension: str, asked: Iterable[str], known: Mapping[str, Sequence[str]], catalog: Catalog
) -> Note | None:
    """A note that names what of `asked` is no value of `dimension`, and what is nearest; None where all are known.

    `known`: value -> its other names.
    """
    names = {*known, *(alias for aliases in known.values() for alias in aliases)}
    missing = [value for value in asked if value not in names]
    if not missing:
        return None
    display = catalog.dimensions[dimension].display
    near = list(dict.fromkeys(each for value in missing for each in suggest(value, known, MOST_SUGGESTED)))
    near = near[:MOST_SUGGESTED]
    named = [f"“{visible(value)}”" for value in missing]
    told_zh = f"{join(named, 'zh')}不是{display.zh}的已知取值。"
    told_en = f"{join(named, 'en')} {'is' if len(missing) == 1 else 'are'} not known as a value of {display.en}."
    if near:
        listed = [f"“{visible(value)}”" for value in near]
        told_zh += f"相近的有{join(listed, 'zh')}。"
        told_en += f" Nearest: {join(listed, 'en', 'or')}."
    return Note("unknown_value", told_zh, told_en)
