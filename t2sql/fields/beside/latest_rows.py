"""The latest row of each thing as the rows that are meant: machines in repair at their most recent snapshot.

The words must name rows that have one date and belong to one kind of thing; else nothing is read. Conditions are on the
latest rows: one that held earlier counts for nothing.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.

from __future__ import annotations

import re
from dataclasses import dataclass

import sqlglot
from sqlglot import exp

from t2sql.catalog import Dataset
from t2sql.fields.index import FieldIndex, Key
from t2sql.fields.linked import Linked
from t2sql.fields.members import of_each
from t2sql.fields.roles import date_fields
from t2sql.fields.words import split_name, stem
from t2sql.fields.writing import asked_of
from t2sql.flow import Span

_FIRST = r"(?:most recent|latest|newest|last)"
_NOUN = r"(?P<noun>[a-z]+(?: [a-z]+)??)"
_BY = r"(?:(?:at|in|on|by|from|as of|according to|based on|using|use|with|consider|take) )*(?:only )?"
_ASKED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_BY}(?:their|its|his|her)(?: own)? {_FIRST} {_NOUN}(?=[ ,.?!;]|$)",
        rf"\b{_BY}(?:the |only )*{_FIRST} {_NOUN} (?:of|for|per) (?:each|every) (?P<thing>[a-z]+)",
        rf"\b{_BY}(?:each|every) (?P<thing>[a-z]+)['’]s(?: own)? {_FIRST} {_NOUN}(?=[ ,.?!;]|$)",
    )
)


# The last snapshot of all, or of those of a time: in the latest snapshot of March.
_OF_ALL = re.compile(
    rf"\b{_BY}(?:the |our )?(?:very )?{_FIRST} (?P<noun>[a-z]+(?: (?:date|day|snapshot))?)(?= (?:for|of|in|within|during|before|from|on|up) |[ ,.?!;]|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Latest:
    """Whose latest rows are meant."""

    span: Span
    """The words that say so."""
    dataset: str
    things: tuple[str, ...]
    """Fields of the rows that tell whose they are; () where the last day of all rows is meant."""
    day: str
    """The field by which they follow each other."""


def latest_asked(linked: Linked, index: FieldIndex) -> Latest | None:
    """The latest rows of each thing that an English question asks for; None where none or several may be meant."""
    found = [match for pattern in _ASKED for match in pattern.finditer(linked.text)]
    if not found:
        return _last_of_all(linked, index)
    if len(found) != 1 or linked.stretches:
        # Beside a time of its own: the latest of all, or the latest within it?
        return None
    match = found[0]
    words = {stem(word) for word in match["noun"].lower().split()}
    named = [d for d in index.catalog.datasets.values() if words & {stem(part) for part in split_name(d.name)}]
    rows = [(d, day) for d in named if (day := _day(d, words))]
    told = [
        (d, day, things)
        for d, day in rows
        if (things := _things(d, day, match.groupdict().get("thing"), linked, index))
    ]
    if len(told) != 1:
        return None
    dataset, day, things = told[0]
    return Latest(Span(*match.span()), dataset.name, things, day)


def _last_of_all(linked: Linked, index: FieldIndex) -> Latest | None:
    """The rows of the last day that a dataset of snapshots has, in the time that the text tells."""
    for match in _OF_ALL.finditer(linked.text):
        words = {stem(word) for word in match["noun"].lower().split()}
        for dataset in index.catalog.datasets.values():
            day = _day(dataset, words)
            keys = tuple(dataset.primary_key)
            names = {stem(part) for part in split_name(dataset.name)}
            is_loaded = bool(day) and (
                (len(keys) > 1 and dataset.fields[day].expression in keys) or "snapshot" in names
            )
            if is_loaded and words & names and words <= names | {"date", "day"}:
                return Latest(Span(*match.span()), dataset.name, (), day)
    return None


def without_latest(text: str, latest: Latest) -> str:
    """`text` with blanks for the words that ask for the latest rows."""
    start, end = latest.span.start, latest.span.end
    return text[:start] + " " * (end - start) + text[end:]


def of_latest(semantic_sql: str, latest: Latest, index: FieldIndex) -> str:
    """`semantic_sql` over the latest row of each thing; "" where it reads other rows."""
    tree = sqlglot.parse_one(of_each(semantic_sql, index.catalog), read="duckdb")
    source = tree.args.get("from_") if isinstance(tree, exp.Select) else None
    inner = source.this.this if source is not None and isinstance(source.this, exp.Subquery) else tree
    source = inner.args.get("from_") if isinstance(inner, exp.Select) else None
    if source is None or source.this.name != latest.dataset or tree.find(exp.Window):
        return ""
    own = [column for column in inner.find_all(exp.Column) if column.parent_select is inner]
    keys = dict.fromkeys((column.table or latest.dataset, column.name) for column in own)
    asked = asked_of(inner)
    of_day = [node for node in asked if {column.name for column in node.find_all(exp.Column)} == {latest.day}]
    if of_day and latest.things:
        return ""
    inside = [node.sql("duckdb") for node in of_day]
    kept = [node.copy() for node in asked if node not in of_day]
    inner.set("where", exp.Where(this=exp.and_(*kept)) if kept else None)
    own = [column for column in inner.find_all(exp.Column) if column.parent_select is inner]
    keys = dict.fromkeys((column.table or latest.dataset, column.name) for column in own)
    names = [name for _table, name in keys]
    if len({*names}) < len(names):
        return ""
    for column in own:
        column.replace(exp.column(column.name))
    things = ", ".join(_written((latest.dataset, name)) for name in latest.things)
    parts = f"PARTITION BY {things} " if things else ""
    first = f"RANK() OVER ({parts}ORDER BY {_written((latest.dataset, latest.day))} DESC) = 1"
    shown = ", ".join(map(_written, keys or [(latest.dataset, (*latest.things, latest.day)[0])]))
    where = f" WHERE {' AND '.join(inside)}" if inside else ""
    chosen = sqlglot.parse_one(f"SELECT {shown} FROM {latest.dataset}{where} QUALIFY {first}", read="duckdb")
    alias = exp.TableAlias(this=exp.to_identifier("latest_rows"))
    inner.set("from_", exp.From(this=exp.Subquery(this=chosen, alias=alias)))
    return tree.sql("duckdb")


def _written(key: Key) -> str:
    return exp.column(key[1], key[0]).sql("duckdb")


def _day(dataset: Dataset, noun: set[str]) -> str:
    """The date by which rows follow each other: their only one, or the one in their key or called as they are."""
    dates = date_fields(dataset)
    for chosen in (
        dates,
        [f for f in dates if f.expression in dataset.primary_key],
        [f for f in dates if noun & {stem(part) for part in split_name(f.name)}],
    ):
        if len(chosen) == 1:
            return chosen[0].name
    return ""


def _things(dataset: Dataset, day: str, said: str | None, linked: Linked, index: FieldIndex) -> tuple[str, ...]:
    """Fields that tell whose a row is: what stands in the key beside the day, or the way to the things named."""
    fields = {f.expression: f.name for f in dataset.fields.values() if f.is_named}
    date = dataset.fields[day].expression
    keys = tuple(dataset.primary_key)
    if date in keys and len(keys) > 1 and all(key in fields for key in keys):
        return tuple(fields[key] for key in keys if key != date)
    named = {d.dataset for d in linked.named}
    if said is not None:
        named = {name for name in index.catalog.datasets if stem(said.lower()) in map(stem, split_name(name))}
    ways = [
        step
        for step in index.catalog.relationships
        if step.from_dataset == dataset.name and step.to_dataset in named - {dataset.name}
    ]
    if len(ways) != 1 or not all(column in fields for column in ways[0].from_columns):
        return ()
    return tuple(fields[column] for column in ways[0].from_columns)
