"""Metrics drafted over one table: counts, sums, averages, distinct counts.

Nothing is summed that must not be: no code, no rate, no key, and no stock over time. All of it is a draft that a person
accepts, changes or drops.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from t2sql.catalog import Display
from t2sql.onboarding.naming import Called, Names, stem_of
from t2sql.onboarding.survey import Guess, Reason, SurveyedColumn, SurveyedTable
from t2sql.onboarding.words import is_chinese, plural

Tree = dict[str, Any]
MOST_OF_A_TABLE, LEAST_OF_A_TABLE, MOST_OF_ALL = 24, 4, 1_200
"""Drafted metrics of one table, and of all tables together: nobody reviews more, and fields can be asked ad hoc."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A dataset that metrics are drafted for."""

    name: str
    table: SurveyedTable
    called: Called
    of_column: dict[str, str]
    """Column -> field."""
    field_called: dict[str, Called]
    units: dict[str, str]
    """Field -> unit."""
    hidden: frozenset[str]
    """Fields that look personal."""
    dimensions: frozenset[str]
    """Fields that rows are grouped by: a code that a comment explains is no figure."""
    is_dated: bool
    is_stock: bool
    pointing: tuple[tuple[str, Called], ...]
    """(field that leads to another dataset, what that dataset is called)."""
    shared: frozenset[str]
    """What figures of several tables are called."""
    earlier: Mapping[str, str]
    """Expression -> the metric's name in the last draft."""


def drafted_metrics(measured: Measured, names: Names, tables: int) -> list[Tree]:
    """The metrics of one dataset of a database with so many tables, the most useful first."""
    most = min(MOST_OF_A_TABLE, max(LEAST_OF_A_TABLE, MOST_OF_ALL // max(tables, 1)))
    return list(islice(_all(measured, names), most))


def _all(measured: Measured, names: Names) -> Iterator[Tree]:
    stem = stem_of(measured.name)
    count = _counted(measured)
    thing = measured.called.display
    if count:
        expression = f"COUNT({measured.name}.{count})"
        yield _metric(
            measured.earlier.get(expression) or names.take(f"{stem}_count", f"{stem}_row_count"),
            expression,
            "count",
            Display(f"{thing.zh}数量", f"number of {many(thing.en)}"),
            (f"{thing.zh}数", f"{thing.zh}总数", f"{thing.en} count", f"how many {many(thing.en)}"),
            Guess("count", 0.9, Reason(f"{thing.zh}的行数", f"the rows of {measured.name}")),
            measured,
        )
    columns = [c for c in measured.table.columns if c.name in measured.of_column]
    numbers = [c for c in columns if c.kind in ("integer", "decimal", "float")]
    numbers = [c for c in numbers if measured.of_column[c.name] not in measured.hidden | measured.dimensions]
    for column in numbers:
        if column.role.what == "additive" or (column.role.what == "stock" and measured.is_stock):
            yield _figure("SUM", column, measured, names)
    for column in numbers:
        if column.role.what in ("additive", "rate") and not measured.is_stock:
            yield _figure("AVG", column, measured, names)
    others = [other.display.en for _field, other in measured.pointing]
    for field, other in measured.pointing if measured.table.kind.what != "bridge" else ():
        if field in measured.hidden:
            continue
        words = other.display
        if others.count(words.en) > 1:
            words = measured.field_called[field].display
        display = Display(f"{thing.zh}涉及的{words.zh}数", f"number of distinct {many(words.en)} in {many(thing.en)}")
        expression = f"COUNT(DISTINCT {measured.name}.{field})"
        wanted = (f"{stem}_{field.removesuffix('_id')}_count", f"{stem}_distinct_{field}_count")
        yield _metric(
            measured.earlier.get(expression) or names.take(*wanted),
            expression,
            "count",
            display,
            (),
            Guess("distinct", 0.7, Reason(f"{field} 指向{other.display.zh}", f"{field} leads to {other.display.en}")),
            measured,
        )


def many(words: str) -> str:
    """A name with its last word in the plural: number of loan accounts."""
    *head, last = words.split()
    return " ".join([*head, plural(last)])


def _counted(measured: Measured) -> str:
    """A field that every row has a value of; "" where none is known."""
    key = measured.table.primary_key
    names = list(key.columns) if key else []
    names += [c.name for c in measured.table.columns if not c.is_nullable]
    names += [
        c.name
        for c in measured.table.columns
        if c.profile is not None and c.profile.is_whole and c.profile.sampled and not c.profile.nulls
    ]
    found = [measured.of_column[name] for name in names if name in measured.of_column]
    return next((name for name in found if name not in measured.hidden), "")


def _figure(call: str, column: SurveyedColumn, measured: Measured, names: Names) -> Tree:
    """The SUM or AVG of a column; where another table has such a column, its words say whose it is."""
    field = measured.of_column[column.name]
    words, thing = measured.field_called[field].display, measured.called.display
    start = "total" if call == "SUM" else "average"
    plain = f"{start}_{field.removeprefix(f'{start}_')}"
    expression = f"{call}({measured.name}.{field})"
    name = measured.earlier.get(expression) or names.take(
        plain, f"{start}_{stem_of(measured.name)}_{plain[len(start) + 1 :]}"
    )
    if call == "SUM":
        display = Display(_zh(words.zh, "合计"), _en("total", words.en))
        synonyms = [f"总{words.zh}", f"{words.zh}总额", f"sum of {words.en}"]
    else:
        display = Display(f"平均{words.zh.removeprefix('平均')}", _en("average", words.en))
        synonyms = [f"{words.zh}均值", f"mean {words.en}", f"avg {words.en}"]
    if name != plain or {words.zh, words.en} & measured.shared:
        display = Display(f"{thing.zh}{display.zh}", f"{display.en} of {thing.en}")
        synonyms = [f"{thing.zh}{s}" if is_chinese(s) else f"{s} of {thing.en}" for s in synonyms]
    return _metric(name, expression, measured.units.get(field, ""), display, tuple(synonyms), column.role, measured)


def _zh(word: str, end: str) -> str:
    return word if word.endswith(end) else word + end


def _en(start: str, words: str) -> str:
    return words if words.startswith(f"{start} ") else f"{start} {words}"


def _metric(
    name: str, expression: str, unit: str, display: Display, synonyms: tuple[str, ...], why: Guess, measured: Measured
) -> Tree:
    known = {display.zh, display.en}
    others = [s for s in dict.fromkeys(synonyms) if s not in known]
    ours: Tree = {"unit": unit, "display": {"zh": display.zh, "en": display.en}, "version": "draft"}
    if measured.is_dated and not measured.is_stock:
        ours["default_period"] = "all"
    ours["guess"] = {"reason": {"zh": why.reason.zh, "en": why.reason.en}, "score": round(min(why.score, 0.9), 2)}
    tree: Tree = {
        "name": name,
        "expression": expression,
        "description": f"自动起草，尚未签署。 / Drafted from {measured.table.name}, signed by nobody yet.",
    }
    if others:
        tree["ai_context"] = {"synonyms": others}
    return {**tree, "t2sql": ours}
