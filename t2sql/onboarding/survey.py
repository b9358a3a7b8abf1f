"""What was found in a database before anyone has described it: the nouns of a survey, and their form as JSON.

Whatever was guessed is a `Guess` with its reason in both languages and a score; what the database declares has the
score 1. No value of a column that looks personal may ever be held here.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Hashable
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

Kind = Literal["text", "integer", "decimal", "float", "date", "timestamp", "time", "boolean", "other"]
ROLES = ("key", "link", "time", "additive", "stock", "rate", "code", "enum", "name", "text", "flag", "other")
"""What a column is for. key: tells rows apart. link: leads to another table. time: a date or a
moment, also kept as text. additive: may be summed over everything.
stock: summed, but never over time. rate: a ratio, price, score or average, never summed. code: a number that counts
nothing (a year, a zip, a rank). enum: one of few values. name: what a row is called. text: free text. flag: yes or no.
other: what cannot be used (binary, nested)."""
TABLE_KINDS = ("fact", "snapshot", "lookup", "bridge", "labels", "view", "empty")
"""fact: one row an event. snapshot: one row a thing and date. lookup: one row a thing. bridge: pairs of two things.
labels: pairs of a thing and a word said of it.
view: as stored by the database, whatever it holds. empty: no rows, so nothing beyond names is known."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is believed, in plain words."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Guess:
    """One thing believed about a table or column."""

    what: str
    """Which of the known words, names or formats it is; the field that holds the guess says which kind."""
    score: float
    """0 to 1; 1: the database says so itself."""
    reason: Reason


@dataclass(frozen=True, slots=True)
class Profile:
    """What a bounded sample of one column's values looks like."""

    sampled: int
    """Rows read."""
    is_whole: bool
    """Whether these were all rows of the table."""
    nulls: int
    """Among the rows read."""
    distinct: int
    """Different values among the rows read; NULL is none."""
    least: str | None
    """As text: dates in ISO, numbers plain, text cut at 80 characters. None: no value, or no order."""
    greatest: str | None
    values: tuple[tuple[str, int], ...]
    """Every value with its count, most frequent first, where they are few enough to be a list; () otherwise."""
    longest: int
    """Characters of the longest text (cut at 256); 0 for other kinds."""
    is_complete_list: bool
    """Whether `values` held all values of the whole table when it was read."""


@dataclass(frozen=True, slots=True)
class SurveyedColumn:
    """One column, as the database declares it and as it looks."""

    name: str
    type: str
    """As the database says it."""
    kind: Kind
    is_nullable: bool
    comment: str
    """"" where there is none."""
    role: Guess
    """`what` is one of ROLES."""
    personal: Guess | None = None
    """`what`: person_name, identity, card, phone, email, address, birth, secret. Set: `profile` is None."""
    unit: Guess | None = None
    """`what`: a currency code (CNY), % or a unit as written (kg, 亿元, days)."""
    date_format: Guess | None = None
    """`what`: the strptime format of a date or a period kept as text or number: %Y%m%d, %Y-%m-%d, %Y-%m, %Y%m, %Y."""
    date_marks: tuple[str, ...] | None = None
    """What the column holds for no date ("", 00000000) where every other value of every row is one written so; None
    where that was not found out, or is not so."""
    is_filled: bool = False
    """Whether every row has a value, as far as dates were looked at; False where nobody asked."""
    profile: Profile | None = None
    """None: unsampled (personal, or a type that cannot be read)."""
    trouble: str = ""
    """Why it could not be read; "" when it was."""


@dataclass(frozen=True, slots=True)
class Key:
    """Columns that tell the rows of one table apart."""

    columns: tuple[str, ...]
    is_declared: bool
    score: float
    reason: Reason


@dataclass(frozen=True, slots=True)
class SurveyedTable:
    """One table or view."""

    schema: str
    """"" where the engine has none."""
    name: str
    is_view: bool
    comment: str
    rows: int
    """Counted; estimated by the engine where `is_counted` is False; -1 unknown."""
    is_counted: bool
    columns: tuple[SurveyedColumn, ...]
    primary_key: Key | None
    unique_keys: tuple[Key, ...]
    """Others than the primary key."""
    time_column: Guess | None
    """`what` is the column's name: when the row happened, or the day of its snapshot."""
    kind: Guess
    """`what` is one of TABLE_KINDS."""
    days: tuple[int, str, str] | None = None
    """How many different days its time column holds over all rows, the first and the last; asked of snapshots alone."""
    trouble: str = ""
    """Why it could not be read; "" when it was."""

    def column(self, name: str) -> SurveyedColumn:
        """The column `name`. Raises KeyError."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Link:
    """The rows of the many side each belong to at most one row of the one side."""

    many: str
    """`schema.table`, or the bare table where there is no schema: SurveyedTable's path."""
    many_columns: tuple[str, ...]
    one: str
    one_columns: tuple[str, ...]
    is_declared: bool
    score: float
    is_proposal: bool
    """Too few rows for the values to prove anything: only names speak for it."""
    reason: Reason
    role: str = ""
    """What the one side is to the many side where the plain name would not tell: "managing"; "" for the plain one."""


@dataclass(frozen=True, slots=True)
class Survey:
    """One reading of one database."""

    source: str
    """Shown text, without credentials."""
    dialect: str
    """sqlglot's name: duckdb, postgres, mysql, spark."""
    tables: tuple[SurveyedTable, ...]
    links: tuple[Link, ...]
    notes: tuple[Reason, ...] = ()
    """What could not be read or proven, in plain words."""

    def table(self, path: str) -> SurveyedTable:
        """The table at `path` (see `path_of`). Raises KeyError."""
        for table in self.tables:
            if path_of(table) == path:
                return table
        raise KeyError(path)


def is_unread(table: SurveyedTable) -> bool:
    """Whether none of its rows could be read."""
    return bool(table.trouble) and not any(column.profile for column in table.columns)


def path_of(table: SurveyedTable) -> str:
    """`schema.name`, or the bare name where the engine has no schemas."""
    return f"{table.schema}.{table.name}" if table.schema else table.name


def to_json(noun: Any) -> Any:
    """A noun of this module as JSON holds it."""
    return dataclasses.asdict(noun)


def from_json(kind: Any, found: Any) -> Any:
    """The noun of `kind` that `to_json` wrote. Raises KeyError, TypeError, ValueError where it was not written so."""
    if dataclasses.is_dataclass(kind):
        hints = _hints(typing.cast(Hashable, kind))
        if not isinstance(found, dict) or set(found) - set(hints):
            raise ValueError("not of this shape")
        return typing.cast(Any, kind)(**{name: from_json(hints[name], value) for name, value in found.items()})
    origin = typing.get_origin(kind)
    if origin is tuple:
        inner = typing.get_args(kind)
        if inner[-1] is Ellipsis:
            return tuple(from_json(inner[0], value) for value in found)
        return tuple(from_json(one, value) for one, value in zip(inner, found, strict=True))
    if origin in (typing.Union, types.UnionType):
        if found is None:
            return None
        return from_json(next(one for one in typing.get_args(kind) if one is not type(None)), found)
    return found


@cache
def _hints(kind: Hashable) -> dict[str, Any]:
    return typing.get_type_hints(typing.cast(Any, kind))
