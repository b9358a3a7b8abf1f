"""The figures that a Chinese text asks to compute over rows, with the fields that they use up: 最高价和最低价, 有多少家公司."""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re

from t2sql.fields.asked_members import CODES
from t2sql.fields.asked_moment import without_values
from t2sql.fields.cues import MOMENT
from t2sql.fields.index import FieldIndex, Key
from t2sql.fields.linked import Function, Linked
from t2sql.fields.roles import is_number

_TOTAL_AFTER = re.compile(r"的?(?:总额|总量|总和|合计|总计)")


def figures_of(
    linked: Linked, keys: list[Key], index: FieldIndex
) -> tuple[list[tuple[Function, Key | None]], set[Key]]:
    """Figures to compute, with the fields that they use up."""
    if linked.groups and not linked.aggregates and linked.order is None:
        # 各行业的营业收入总额: added up for each.
        said = [f for f in linked.fields if _TOTAL_AFTER.match(linked.text, f.span.end)]
        totals = [(f.dataset, f.field) for f in said if is_number(index.field((f.dataset, f.field)))]
        if totals:
            return [("sum", key) for key in dict.fromkeys(totals)], set(totals)
    figures: list[tuple[Function, Key | None]] = []
    places = [a.span for a in linked.aggregates]
    ends = {a.function: a.field for a in linked.aggregates if a.function in ("max", "min")}
    is_apart = len(linked.aggregates) == 2 and len(set(places)) == 2
    if is_apart and len(ends) == 2 and ends["max"] == ends["min"] and ends["max"] is not None:
        # 最高收盘价和最低收盘价: both ends of one figure.
        return [("max", ends["max"]), ("min", ends["max"])], {ends["max"]}
    if linked.order is not None and linked.order.limit and len(places) == len(set(places)):
        return [], set()
    ends_asked = [a for a in linked.aggregates if a.function in ("max", "min") and a.field]
    if len(linked.aggregates) == 1 and ends_asked and MOMENT.search(without_values(linked)):
        return [], set()
    by_end = [a for a in linked.aggregates if a.function in ("max", "min")]
    spans = {(a.span.start, a.span.end) for a in by_end}
    if len(by_end) == 2 and len(spans) == 1:
        # 总资产和总负债的最大最小值: both ends of each.
        numbers = [key for key in keys if is_number(index.field(key))] or [a.field for a in by_end if a.field]
        return [(a.function, key) for key in numbers for a in by_end], set(numbers)
    for aggregate in linked.aggregates:
        pair: tuple[Function, Key | None] = (aggregate.function, aggregate.field)
        if aggregate.function == "count" and aggregate.field is not None:
            pair = ("count", None)
            dataset = index.catalog.datasets[aggregate.field[0]]
            own = next((f.name for f in dataset.fields.values() if f.expression in dataset.primary_key), "")
            if not aggregate.field[1] and dataset.name != linked.dataset and own:
                pair = ("count_distinct", (dataset.name, own))
        if pair == ("count", None) and aggregate.field is not None and aggregate.field[1]:
            item = index.field(aggregate.field)
            keys_of = index.catalog.datasets[aggregate.field[0]].primary_key
            if CODES.search(item.display.zh) and item.expression not in keys_of:
                # 有多少家公司 over rows of many days counts each company once.
                pair = ("count_distinct", aggregate.field)
        if pair not in figures:
            figures.append(pair)
    return figures, {key for _f, key in figures if key is not None}
