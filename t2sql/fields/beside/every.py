"""Things that have none beside those that have some: copies in each branch, branches without any included.

The rest is read as a figure for each thing that has rows; it is joined to the list of all things, with 0 for what they
have not. Conditions on the things choose among them; those on the rows choose none of them.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp

from t2sql.catalog import Catalog
from t2sql.fields.index import FieldIndex
from t2sql.fields.linked import Linked
from t2sql.fields.members import headings
from t2sql.fields.roles import label_fields
from t2sql.fields.writing import asked_of
from t2sql.paths import joins_between

if TYPE_CHECKING:
    from t2sql.fields.readings import FieldReading

_NONE = r"(?:none|nothing|no|zero|0|without|not|never|n['’]t)"
EVERY_ASKED = re.compile(
    rf"(?:[,;(]|(?<=[.?!]))? ?\b(?:and |but |please |also )*(?:(?<!not )includ(?:e|ing)|even(?= (?:if|when|for|the|those|ones|with|[a-z]+ (?:that|which|who|with)))|keep(?:ing)?|do not (?:leave out|drop|skip))\b(?: also| even)?(?: the| those| any| all| ones| if| when| for)*(?: [a-z]+){{0,3}}? ?\b(?:{_NONE}|\w+n['’]t)\b[^,.;?!)]*\)?"
    rf"|(?:,|\(|;)? ?\b(?:and |with |using |showing |show |put |return )*(?:zero|0)(?: as the [a-z]+)? (?:for|where|when|if) [^,.;?!)]*\b(?:{_NONE}|\w+n['’]t)\b[^,.;?!)]*\)?",
    re.IGNORECASE,
)


def read_every(
    text: str, index: FieldIndex, read: Callable[[str], tuple[Linked, tuple[FieldReading, ...]]]
) -> tuple[Linked, tuple[FieldReading, ...]] | None:
    """`text` as it is linked without what it says of things that have none, and its readings with them.

    None where it says nothing so.
    """
    match = EVERY_ASKED.search(text)
    if match is None or EVERY_ASKED.search(text, match.end()):
        return None
    rest, found = read(text[: match.start()] + " " * (match.end() - match.start()) + text[match.end() :])
    made = ((reading, with_every(reading.semantic_sql, index.catalog)) for reading in found)
    readings = tuple(replace(reading, semantic_sql=sql) for reading, sql in made if sql)
    return (replace(rest, text=text), readings) if readings else None


def with_every(semantic_sql: str, catalog: Catalog) -> str:
    """Counts and totals for each thing that has rows, with those that have none; "" for any other SELECT."""
    tree = sqlglot.parse_one(semantic_sql, read="duckdb")
    if not isinstance(tree, exp.Select) or any(tree.args.get(part) for part in ("having", "qualify", "distinct")):
        return ""
    source = tree.args["from_"].this
    items = [item.unalias() for item in tree.expressions]
    columns = [item for item in items if isinstance(item, exp.Column)]
    if not isinstance(source, exp.Table) or source.name not in catalog.datasets or tree.find(exp.Window):
        return ""
    if not columns or not all(item in columns or isinstance(item, (exp.Count, exp.Sum)) for item in items):
        return ""
    thing = _thing(source.name, columns, catalog)
    if not thing:
        return ""
    where = asked_of(tree)
    own = [
        condition for condition in where if {c.table or source.name for c in condition.find_all(exp.Column)} == {thing}
    ]
    shown = [c if c.table == thing else exp.column(_key(thing, catalog), thing) for c in columns]
    by = _told_by(thing, shown, catalog)
    names = headings(items)
    every = exp.select(*_once([*by, *shown]), exp.alias_(exp.Count(this=exp.Star()), "all_rows"))
    every = every.from_(thing).group_by(*_once([*by, *shown]))
    counted = exp.select(*(b.copy() for b in by)).from_(source.copy()).group_by(*(b.copy() for b in by))
    figures = [(name, item) for name, item in zip(names, items, strict=True) if item not in columns]
    counted = counted.select(*(exp.alias_(item.copy(), name) for name, item in figures))
    if own:
        every = every.where(*(condition.copy() for condition in own))
    if where:
        counted = counted.where(*(condition.copy() for condition in where))
    heads = iter(shown)
    told = {
        name: exp.column(next(heads).name, "every_one")
        if item in columns
        else exp.Coalesce(this=exp.column(name, "counted"), expressions=[exp.Literal.number(0)])
        for name, item in zip(names, items, strict=True)
    }
    on = exp.and_(*(exp.column(b.name, "every_one").eq(exp.column(b.name, "counted")) for b in by))
    outer = exp.select(
        *(
            one if isinstance(one, exp.Column) and one.name == name else exp.alias_(one, name)
            for name, one in told.items()
        )
    )
    outer = outer.from_(every.subquery("every_one")).join(counted.subquery("counted"), on=on, join_type="LEFT")
    made = {item.sql("duckdb"): name for item, name in zip(items, names, strict=True)}
    for one in tree.args["order"].expressions if tree.args.get("order") else ():
        name = made.get(one.this.sql("duckdb"))
        if name is None:
            return ""
        outer = outer.order_by(exp.Ordered(this=told[name].copy(), desc=one.args.get("desc")))
    if limit := tree.args.get("limit"):
        outer = outer.limit(limit.expression.copy())
    return outer.sql("duckdb")


def _once(columns: list[exp.Column]) -> list[exp.Column]:
    return [*{column.sql("duckdb"): column.copy() for column in columns}.values()]


def _thing(source: str, columns: list[exp.Column], catalog: Catalog) -> str:
    """The one other dataset to whose things all `columns` belong, by name or by the key that points to them; else ""."""
    others = {column.table for column in columns if column.table and column.table != source}
    if len(others) != 1:
        return ""
    thing = others.pop()
    way = joins_between(catalog, source, thing)
    if not way or len(way[-1].from_columns) != 1 or not _key(thing, catalog):
        return ""
    fields = catalog.datasets[source].fields
    own = [column for column in columns if column.table in ("", source)]
    points = len(way) == 1 and all(fields[c.name].expression == way[0].from_columns[0] for c in own if c.name in fields)
    return thing if points or not own else ""


def _key(dataset: str, catalog: Catalog) -> str:
    found = catalog.datasets[dataset]
    keys = [f.name for f in found.fields.values() if (f.expression,) == tuple(found.primary_key)]
    return keys[0] if keys else ""


def _told_by(thing: str, shown: list[exp.Column], catalog: Catalog) -> list[exp.Column]:
    """What tells the groups apart: the key where things are listed by name or key, else what is shown of them."""
    key = _key(thing, catalog)
    names = {column.name for column in shown}
    labels = {f.name for f in label_fields(catalog.datasets[thing])}
    return [exp.column(key, thing)] if key in names or names & labels else shown
