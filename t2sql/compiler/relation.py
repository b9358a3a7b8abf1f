"""What a compiled SELECT hands to the one around it: its trees, and columns that know how they may be added up.

Nouns only. A column that does not say over which keys it adds up is never summed again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlglot import exp

from t2sql.flow import Column, Note, Provenance, Understood

NOTHING_DATED = Understood((), (), (), "", None, False)


@dataclass(frozen=True, slots=True)
class Carried:
    """One column of a relation."""

    column: Column
    sums: frozenset[str] = frozenset()
    """Keys of the relation that a SUM of this may do without; empty: it is never summed.

    A flow's total: every key. A stock at period end: every key but the period. A ratio, a distinct count: none."""
    key: str = ""
    """The key of the relation that this column shows; "" for none."""
    unit: str = ""
    """What may be added to it: its unit, with a scale where it was multiplied ("CNY", "CNY / 10000")."""
    periods: tuple[str, ...] = ()
    """For a period: every label from the first to the last, gaps of the question filled; () where not known."""
    is_dated: bool = False
    """A label of some date that is not the metric's own: which labels were loaded is not known."""
    step: str = ""
    """Of such a date: the grain by which its values follow each other, where they are first days or years; else ""."""
    dimension: str = ""
    """The catalog's dimension that it shows, by which values are known; "" for none."""
    why: tuple[str, str] = ("", "")
    """Why it does not add up, in Chinese and English ("a ratio")."""


@dataclass(frozen=True, slots=True)
class Check:
    """A query over a relation's CTEs that must return no row, and the refusal when it does ({}: its first value)."""

    query: exp.Expr
    message: str
    hint: str
    zh: tuple[str, str] | None = None
    """Message and hint in Chinese."""


@dataclass(frozen=True, slots=True)
class Relation:
    """One compiled SELECT, before the row limit and `certify`."""

    ctes: tuple[tuple[str, exp.Expr], ...]
    """(name, query) in the order they are needed; names are unique in the whole statement."""
    query: exp.Expr
    """A SELECT or set operation over `ctes`, with neither WITH, ORDER BY nor LIMIT."""
    columns: tuple[Carried, ...]
    """In order; `column.name` is the name of the query's column."""
    keys: frozenset[str]
    """Names of what tells rows apart, shown as a column (`Carried.key`) or not; empty for one row."""
    order: tuple[exp.Ordered, ...] = ()
    """ORDER BY that `query` may take, NULLS LAST, ending in what makes it total."""
    limit: int | None = None
    """The LIMIT that was asked."""
    offset: int = 0
    checks: tuple[Check, ...] = ()
    notes: tuple[Note, ...] = ()
    provenance: tuple[Provenance, ...] = ()
    understood: Understood = field(default=NOTHING_DATED)

    def key_column(self, key: str) -> Carried | None:
        """The column that shows `key`; None where it is not shown."""
        return next((c for c in self.columns if c.key == key), None)


class Names:
    """CTE names that no other CTE and no granted table of one statement has."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = {name.lower() for name in taken}

    def new(self, wanted: str) -> str:
        """`wanted`, or `wanted_2` …; ASCII, as certify asks."""
        plain = wanted if wanted.isascii() and wanted.isidentifier() else "part"
        name, number = plain, 1
        while name.lower() in self._taken:
            number += 1
            name = f"{plain}_{number}"
        self._taken.add(name.lower())
        return name
