"""What a database says about itself, and the one way in which a survey reads rows: SELECT trees, nothing else.

It must never write, and never put a value of the data into an error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Protocol

from sqlglot import exp

from t2sql.errors import WarehouseError
from t2sql.onboarding.survey import Kind

_KINDS: tuple[tuple[str, Kind], ...] = (
    (
        r"^(tiny|small|medium|big|huge|u|uhuge|ubig|usmall|utiny)?int(eger)?\d*\b|^(big|small)?serial|^year\b|^long\b",
        "integer",
    ),
    (r"^(u?short|byte)\b", "integer"),
    (r"^(decimal|numeric|number|money|dec)\b", "decimal"),
    (r"^(float|double|real)", "float"),
    (r"^bool", "boolean"),
    (r"^(timestamp|datetime)", "timestamp"),
    (r"^date\b", "date"),
    (r"^time\b|^timetz", "time"),
    (
        r"^(n?var)?char|^n?char|^character|^string|^(tiny|medium|long|n|ci)?text|^bpchar|^enum|^uuid|^name\b|^n?clob|^citext",
        "text",
    ),
)


def kind_of(type_text: str) -> Kind:
    """Which kind of values a type of any engine holds; `other` for what cannot be grouped or compared."""
    text = type_text.strip().lower()
    if text.endswith("]") or text.startswith(("struct", "map(", "array", "list", "union")):
        return "other"
    return next((kind for pattern, kind in _KINDS if re.match(pattern, text)), "other")


@dataclass(frozen=True, slots=True)
class FoundColumn:
    """One column as declared."""

    name: str
    type: str
    kind: Kind
    is_nullable: bool
    comment: str


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A declared link to another table."""

    columns: tuple[str, ...]
    schema: str
    table: str
    one_columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FoundTable:
    """One table or view as declared, before a row of it was read."""

    schema: str
    name: str
    is_view: bool
    comment: str
    estimated_rows: int
    """-1: the engine does not say."""
    columns: tuple[FoundColumn, ...]
    primary_key: tuple[str, ...] = ()
    unique_keys: tuple[tuple[str, ...], ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()

    @property
    def path(self) -> str:
        """As `survey.path_of`."""
        return f"{self.schema}.{self.name}" if self.schema else self.name


class NotRead(WarehouseError):
    """One statement of the survey failed; the rest goes on. `message` says why without a value of the data."""

    code = "not_read"


class Reader(Protocol):
    """A database under survey, read-only. One thread at a time."""

    dialect: str
    """sqlglot's name."""
    shown: str
    """The source without credentials."""

    def tables(self) -> list[FoundTable]:
        """Every table and view that this account may see, system ones left out. Raises WarehouseUnavailable."""
        ...

    def rows(self, select: exp.Query, *, timeout_seconds: float) -> list[tuple[Any, ...]]:
        """All rows of `select`. Raises NotRead, Cancelled, WarehouseUnavailable."""
        ...

    def sample(self, table: FoundTable, select: exp.Select, rows: int, *, of_rows: int) -> exp.Select:
        """`select` over `table` of `of_rows` rows, narrowed to about `rows` of them, spread where the engine can."""
        ...


def source_of(table: FoundTable) -> exp.Table:
    """The table in a FROM, quoted."""
    return exp.table_(table.name, db=table.schema or None, quoted=True)


def column_of(name: str, table: str | None = None) -> exp.Column:
    """The column, quoted."""
    return exp.column(
        exp.to_identifier(name, quoted=True), table=exp.to_identifier(table, quoted=True) if table else None
    )
