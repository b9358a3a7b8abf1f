"""How a table of the demo bank is described, and its DDL.

Names and comments come only from the descriptions in this package, never from a caller.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """A column as declared."""

    name: str
    type: str
    """DuckDB type, as information_schema spells it."""
    comment: str
    required: bool
    references: str | None
    """table.column it points to, None for a plain column."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table as declared."""

    name: str
    comment: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    unique: tuple[str, ...] = ()
    """Column names that are unique one by one, besides the key."""
    enforced: bool = False
    """Whether references are declared as foreign keys; large facts only tell them in comments: each costs an index."""


def column(name: str, type_: str, comment: str, *, null: bool = False, ref: str | None = None) -> Column:
    """A column, required unless null."""
    return Column(name, type_, comment, not null, ref)


def create_statement(table: Table) -> str:
    """The CREATE TABLE of one table, with its keys."""
    return f"CREATE TABLE {table.name} ({', '.join(_clauses(table))})"


def comment_statements(table: Table) -> Iterator[str]:
    """The comments of one table and its columns."""
    yield f"COMMENT ON TABLE {table.name} IS {_quote(table.comment)}"
    for one in table.columns:
        points_to = f" → {one.references}" if one.references else ""
        yield f"COMMENT ON COLUMN {table.name}.{one.name} IS {_quote(one.comment + points_to)}"


def _clauses(table: Table) -> Iterator[str]:
    for one in table.columns:
        required, unique = " NOT NULL" * one.required, " UNIQUE" * (one.name in table.unique)
        yield f"{one.name} {one.type}{required}{unique}"
    yield f"PRIMARY KEY ({', '.join(table.key)})"
    if table.enforced:
        for one in table.columns:
            if one.references:
                target, field = one.references.split(".")
                yield f"FOREIGN KEY ({one.name}) REFERENCES {target} ({field})"


def _quote(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
