"""Semantic SQL for questions over fields that need no llm: rows, extremes, counts, groups and orders of what was found.

Says how sure each reading is; words that nothing explains make it less so. Shows what is asked and no column more.
Never runs anything: the compiler checks what is written here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from t2sql.fields.asking import Roles, roles_of
from t2sql.fields.chinese import has_chinese
from t2sql.fields.definitions import has_formula, spelt_out
from t2sql.fields.english import read_english
from t2sql.fields.index import FieldIndex, Key
from t2sql.fields.linked import Linked
from t2sql.fields.linking import link
from t2sql.fields.ratios import read_ratio
from t2sql.fields.words import stem
from t2sql.fields.writing import qualified, quoted, select

_CALLS = {
    "sum": "SUM({})",
    "avg": "AVG({})",
    "max": "MAX({})",
    "min": "MIN({})",
    "count_distinct": "COUNT(DISTINCT {})",
}


_OF_RATIOS = frozenset(("ratio", "closed", "inactive", "percentage", "percent", "proportion", "fraction"))


@dataclass(frozen=True, slots=True)
class FieldReading:
    """One way to understand a question over fields."""

    semantic_sql: str
    left: tuple[str, ...]
    """Words that nothing explains."""
    sure: float
    """0 to 1: near 1 only where every word of content is explained, and the shape asked is plain."""


def field_readings(linked: Linked, index: FieldIndex, today: date) -> tuple[FieldReading, ...]:
    """Readings of a linked question, best first; () where no field or dataset says what to show."""
    if not linked.datasets:
        return ()
    if not has_chinese(linked.text):
        sql, shape = read_ratio(linked, index)
        if sql:
            left = tuple(word for word in linked.left if word not in _OF_RATIOS)
            plain = replace(linked, left=left, conditions=(), stretches=())
            return (FieldReading(sql, left, round(_sureness(plain, 1.0, shape, index), 3)),)
        sql, shape = read_english(linked, index)
        return (FieldReading(sql, linked.left, round(_sureness(linked, 1.0, shape, index), 3)),) if sql else ()
    roles = roles_of(linked, index)
    sql, shape = _written(linked, roles, index)
    if not sql:
        return ()
    return (FieldReading(sql, linked.left, round(_sureness(linked, roles.sure, shape, index), 3)),)


def read_question(text: str, hints: str, index: FieldIndex, today: date) -> tuple[Linked, tuple[FieldReading, ...]]:
    """`text` linked, and its readings; short names that hints define are read as what they mean."""
    linked = link(text, hints, index, today)
    found = field_readings(linked, index, today)
    written_out = spelt_out(text, hints)
    if written_out == text:
        return linked, found
    other = field_readings(link(written_out, hints, index, today), index, today)
    # What a formula computes is more than its name says.
    part = 0.75 if has_formula(text, hints) else 0.95
    told = [replace(reading, sure=round(reading.sure * part, 3)) for reading in other]
    return linked, tuple(sorted((*told, *found), key=lambda r: -r.sure))


def _written(linked: Linked, roles: Roles, index: FieldIndex) -> tuple[str, float]:
    """Semantic SQL, and how plain its shape is; ("", 0) for none."""
    dataset = linked.dataset
    conditions = [c.alternatives[0].sql for c in linked.conditions]
    is_any = linked.is_any
    name = _Names(dataset)
    shown = [name(key) for key in roles.shown]
    if roles.figures:
        calls = [_call(function, key, name) for function, key in roles.figures]
        groups = [
            f"{g.grain}({name((g.dataset, g.field))})" if g.grain else name((g.dataset, g.field)) for g in linked.groups
        ]
        groups += [column for column in shown if column not in groups and roles.is_grouped]
        order, limit = _order(linked, name, calls, roles)
        sql = select([*groups, *calls], dataset, conditions, groups=groups, order=order, limit=limit, is_any=is_any)
        return sql, 0.95 if len(calls) == len(roles.figures) else 0.7
    if not shown:
        return "", 0.0
    order, limit = _order(linked, name, [], roles)
    return select(
        shown, dataset, conditions, order=order, limit=limit, is_distinct=roles.is_distinct, is_any=is_any
    ), 1.0


class _Names:
    """A field as SQL FROM `dataset` names it."""

    def __init__(self, dataset: str) -> None:
        self.dataset = dataset

    def __call__(self, key: Key) -> str:
        return quoted(key[1]) if key[0] == self.dataset else qualified(*key)


def _call(function: str, key: Key | None, name: _Names) -> str:
    if key is None or function == "count":
        return "COUNT(*)"
    return _CALLS[function].format(name(key))


def _order(linked: Linked, name: _Names, calls: Sequence[str], roles: Roles) -> tuple[list[str], int]:
    order = linked.order
    if calls and order is not None and not linked.groups:
        return [], 0
    if (
        order is None
        and not calls
        and len(linked.aggregates) == 1
        and (field := linked.aggregates[0].field) is not None
    ):
        # 最大值是多少，是哪一年: the row that has it.
        function = linked.aggregates[0].function
        return ([name(field) + (" DESC" if function == "max" else "")], 1) if function in ("max", "min") else ([], 0)
    if order is None:
        return [], 0
    field = roles.by or order.field
    by = calls[0] if calls else name(field) if field else ""
    if not by:
        return [], 0
    return [by + (" DESC" if order.descending else "")], order.limit


def _sureness(linked: Linked, named: float, shape: float, index: FieldIndex) -> float:
    sure = shape * named
    for condition in linked.conditions:
        sure *= 0.5 + condition.sure / 2
    loose = [b for b in linked.bounds if b.field is None]
    said = {c.span for c in linked.conditions}
    loose_days = [s for s in linked.stretches if s.span not in said]
    sure *= 0.4 ** (len(loose) + len(loose_days))
    runner = linked.datasets[1].score if len(linked.datasets) > 1 else 0.0
    if runner > 0.9 * linked.datasets[0].score:
        sure *= 0.8 if runner < 0.99 * linked.datasets[0].score else 0.6
    for word in linked.left:
        if re.fullmatch(r"[a-z]", word):
            continue
        is_short_name = re.search(rf"\b{re.escape(word.upper())}\b", linked.text) is not None and word.isascii()
        is_name = any(t.sure >= 0.8 for t in index.names.get((stem(word),), ()))
        sure *= 0.4 if is_short_name or is_name else 0.8
    return sure
