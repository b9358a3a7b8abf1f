"""Semantic SQL for questions over fields that need no llm: rows, extremes, counts, groups and orders of what was found.

Says how sure each reading is; words that nothing explains make it less so. Shows what is asked and no column more.
Never runs anything: the compiler checks what is written here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from t2sql.fields.asked_members import by_listed, each_period
from t2sql.fields.asking import Roles, roles_of
from t2sql.fields.beside.among import read_part
from t2sql.fields.beside.changes import read_change
from t2sql.fields.beside.every import read_every
from t2sql.fields.beside.firsts import read_firsts
from t2sql.fields.beside.lags import read_lag
from t2sql.fields.beside.latest_rows import latest_asked, of_latest, without_latest
from t2sql.fields.beside.per_period import read_per_period
from t2sql.fields.beside.ranks import read_rank
from t2sql.fields.beside.windows import read_window
from t2sql.fields.chinese import has_chinese
from t2sql.fields.chinese_figures import with_definitions
from t2sql.fields.chinese_kept import kept
from t2sql.fields.chinese_shapes import read_shape
from t2sql.fields.computed import with_formulas
from t2sql.fields.deeds import said_as_nouns
from t2sql.fields.definitions import has_formula, spelt_out
from t2sql.fields.english import read_english
from t2sql.fields.english_words import ORDERING
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


IMPLIED = 0.7
_OF_RATIOS = frozenset(("ratio", "closed", "inactive", "percentage", "percent", "proportion", "fraction"))


@dataclass(frozen=True, slots=True)
class FieldReading:
    """One way to understand a question over fields."""

    semantic_sql: str
    left: tuple[str, ...]
    """Words that nothing explains."""
    sure: float
    """0 to 1: near 1 only where every word of content is explained, and the shape asked is plain."""


def field_readings(linked: Linked, index: FieldIndex, today: date, hints: str = "") -> tuple[FieldReading, ...]:
    """Readings of a linked question, best first; () where no field or dataset says what to show."""
    if not linked.datasets:
        return ()
    if not has_chinese(linked.text):
        is_made = any(a.function == "made" for a in linked.aggregates)
        sql, shape = ("", 0.0) if is_made else read_ratio(linked, index)
        if sql:
            left = tuple(word for word in linked.left if word not in _OF_RATIOS)
            plain = replace(linked, left=left, conditions=(), stretches=())
            return (FieldReading(sql, left, round(_sureness(plain, 1.0, shape, index), 3)),)
        sql, shape = read_english(linked, index)
        named = {(f.dataset, f.field) for f in linked.fields}
        implied = [a for a in linked.aggregates if a.function == "sum" and a.field and a.field not in named]
        if implied and not re.match(r" of\b", linked.text[implied[0].span.end :]):
            # Total payments may be what was paid, or how many there were; the total of payments is what was paid.
            shape *= IMPLIED
        if " ORDER BY " in sql:
            linked = replace(linked, left=tuple(word for word in linked.left if not ORDERING.fullmatch(word)))
        return (FieldReading(sql, linked.left, round(_sureness(linked, 1.0, shape, index), 3)),) if sql else ()
    return _read_chinese(by_listed(each_period(linked), index), index, hints)


def _read_chinese(linked: Linked, index: FieldIndex, hints: str) -> tuple[FieldReading, ...]:
    roles = roles_of(linked, index)
    sql, shape, rest = read_shape(linked, roles, index, hints)
    if not sql:
        sql, plain = _written(linked, roles, index)
        shape *= plain
    if not sql:
        return ()
    shape *= kept(rest, sql, index)
    if " HAVING " in sql:
        # 10只以上 bounds the groups.
        rest = replace(rest, bounds=tuple(b for b in rest.bounds if b.field is not None))
    return (FieldReading(sql, rest.left, round(_sureness(rest, roles.sure, shape, index), 3)),)


def read_question(text: str, hints: str, index: FieldIndex, today: date) -> tuple[Linked, tuple[FieldReading, ...]]:
    """`text` linked, and its readings; short names that hints define are read as what they mean."""

    def read(rest: str) -> tuple[Linked, tuple[FieldReading, ...]]:
        return read_question(rest, hints, index, today)

    text = text if has_chinese(text) else said_as_nouns(text, index)
    linked = link(text, hints, index, today)
    if not has_chinese(text):
        beside = (
            read_firsts(text, hints, index, today)
            or read_every(text, index, read)
            or read_per_period(text, hints, index, today)
            or read_rank(text, hints, index, today, read)
            or read_part(text, hints, linked, index, today, read)
            or read_change(text, hints, linked, read)
            or read_window(text, index, read)
            or read_lag(text, index, read)
        )
        if beside is not None:
            return beside
    if not has_chinese(text) and (of_latest_rows := _of_latest_rows(linked, hints, index, today)):
        return linked, of_latest_rows
    computed = linked if has_chinese(text) else with_formulas(linked, text, hints, index, today)
    if computed is not linked:
        return computed, field_readings(computed, index, today)
    found = field_readings(linked, index, today, hints)
    written_out = with_definitions(text, hints) if has_chinese(text) else spelt_out(text, hints)
    if written_out == text:
        return linked, found
    other = field_readings(link(written_out, hints, index, today), index, today)
    # What a formula computes is more than its name says.
    part = 1.0 if has_chinese(text) else 0.75 if has_formula(text, hints) else 0.95
    told = [replace(reading, sure=round(reading.sure * part, 3)) for reading in other]
    return linked, tuple(sorted((*told, *found), key=lambda r: -r.sure))


def _of_latest_rows(linked: Linked, hints: str, index: FieldIndex, today: date) -> tuple[FieldReading, ...]:
    """Readings over the latest row of each thing; () where those are not asked for."""
    latest = latest_asked(linked, index)
    if latest is None:
        return ()
    text = without_latest(linked.text, latest)
    plain = link(text, hints, index, today, needs=frozenset((latest.dataset,)))
    if plain.dataset != latest.dataset:
        return ()
    found = field_readings(plain, index, today)
    chosen = ((reading, of_latest(reading.semantic_sql, latest, index)) for reading in found)
    return tuple(replace(reading, semantic_sql=sql) for reading, sql in chosen if sql)


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
        is_unknown = has_chinese(word) and not _echoes(word, linked, index)
        if word[0] in "没未非无不除" or word in ("代码", "简称", "名称", "全称", "编号", "编码"):
            # A "no" that nothing explains turns the answer round; and what is asked to be shown is not found.
            sure *= 0.5
        sure *= 0.4 if is_short_name or is_name else 0.7 if is_unknown else 0.85 if has_chinese(word) else 0.79
    return sure


def _echoes(word: str, linked: Linked, index: FieldIndex) -> bool:
    """Whether a word is a piece of the names that the dataset has: 交易 beside 交易市场."""
    reach = (linked.dataset, *index.reach[linked.dataset])
    datasets = [index.catalog.datasets[name] for name in reach]
    names = [d.display.zh for d in datasets] + [f.display.zh for d in datasets for f in d.fields.values()]
    return any(word in name for name in names)
