"""Follow-ups that may be worth asking of an answer, in the words a person would type.

Only words: whether one can be answered is tried by who shows it. They are made of names and members that the answer's
reader has seen or may ask for, and nothing is guessed of what the reader wants.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from t2sql.catalog import Catalog
from t2sql.flow import Answer, Column
from t2sql.paths import is_reached

MANY_ROWS = 8
FEW = 5


def phrases(answer: Answer, catalog: Catalog) -> Iterator[str]:
    """Texts that follow `answer`, in its language, the likeliest of each kind first."""
    columns = answer.result.columns
    metrics = [c for c in columns if c.kind == "metric" and c.metric in catalog.metrics]
    if not metrics:
        return
    is_chinese = answer.question.language == "zh"
    groups = [c for c in columns if c.kind == "dimension"]
    is_dated = any(c.kind == "period" for c in columns)
    if not any(c.function for c in columns) and len(metrics) == 1 and not is_dated:
        yield "换成同比" if is_chinese else "year on year instead"
    splits = _splits(metrics[0], groups, answer, catalog)
    if is_dated or not groups:
        yield from islice(splits, 1)
    elif len(answer.result.rows) > MANY_ROWS and answer.plan.understood.limit is None:
        yield f"最高的{FEW}个" if is_chinese else f"the top {FEW}"
    if not is_dated:
        yield "近12个月按月看" if is_chinese else "by month over the last 12 months"
    if len(groups) == 1 and (member := _leading(answer, columns, groups[0], metrics[0])):
        yield f"只看{member}" if is_chinese else f"only {member}"
    yield from splits


def _splits(metric: Column, groups: Sequence[Column], answer: Answer, catalog: Catalog) -> Iterator[str]:
    """By another dimension: first those with few members, which the definitions list."""
    taken = {c.name for c in groups} | set(_limited(answer, catalog))
    # One branch is of one region: a level above what is chosen splits nothing.
    above = {
        level
        for hierarchy in catalog.hierarchies
        for place, level in enumerate(hierarchy.levels)
        if taken & set(hierarchy.levels[place:])
    }
    dataset = catalog.metrics[metric.metric].dataset
    for dimension in catalog.dimensions.values():
        item = catalog.field_of(dimension)
        if dimension.name in taken | above or dimension.role or item.is_time or not item.is_enum:
            continue
        if dataset and not is_reached(catalog, dataset, dimension):
            continue
        name = dimension.display.to(answer.question.language)
        verb = ("再按{}拆开" if groups else "按{}拆开") if answer.question.language == "zh" else "split by {}"
        yield verb.format(name)


def _limited(answer: Answer, catalog: Catalog) -> Iterator[str]:
    """Dimensions that a condition of the answer names."""
    for condition in answer.plan.understood.conditions:
        yield from (name for name in catalog.dimensions if re.search(rf"\b{name}\b", condition))


def _leading(answer: Answer, columns: Sequence[Column], group: Column, metric: Column) -> str:
    """The member with the largest figure; "" where there is none to name."""
    place, figure = columns.index(group), columns.index(metric)
    rows = [row for row in answer.result.rows if row[figure] is not None and isinstance(row[place], str)]
    return str(max(rows, key=lambda row: row[figure])[place]) if len(rows) > 1 else ""
