"""Whether columns are unique over all rows, and whether the values of one lie inside another: asked once, remembered.

An answer that could not be had (too slow, refused) is None, and counts as not proven.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlglot
from sqlglot import exp

from t2sql.onboarding.date_texts import MARKS, MOST_DATES, days_among, marks_among
from t2sql.onboarding.introspect import FoundTable, NotRead, Reader, column_of, source_of

SECONDS = 20.0
_CHECKED_VALUES = 2000


@dataclass(frozen=True, slots=True)
class Inclusion:
    """How many of the many side's distinct values (a bounded number of them) the one side holds."""

    looked: int
    held: int

    @property
    def share(self) -> float:
        """0 to 1; 0 when there was nothing to look for."""
        return self.held / self.looked if self.looked else 0.0


@dataclass(frozen=True, slots=True)
class Days:
    """The days that a column holds over all rows."""

    different: int
    first: date
    last: date


class Proofs:
    """Answers about one database, by its reader; `kept` is what an earlier run has found out, and grows."""

    def __init__(self, reader: Reader, kept: dict[str, list[int] | None] | None = None) -> None:
        self.kept: dict[str, list[int] | None] = kept if kept is not None else {}
        """JSON-ready: what was asked, to the numbers found; None: no answer."""
        self._reader = reader

    def forget(self, table: FoundTable) -> None:
        """Take back what an earlier run found out about `table`, which has changed since."""
        for asked in [asked for asked in self.kept if f" {table.path} " in f"{asked} "]:
            del self.kept[asked]

    def rows_of(self, table: FoundTable) -> int | None:
        """Rows, counted."""
        found = self._ask(f"rows {table.path}", sqlglot.select(exp.Count(this=exp.Star())).from_(source_of(table)))
        return found[0] if found else None

    def is_unique(self, table: FoundTable, columns: Sequence[str]) -> bool | None:
        """Whether no two rows agree in `columns` (rows with a NULL there are left out). None: not found out."""
        parts: list[exp.Expr] = [column_of(name) for name in columns]
        filled = exp.and_(*(part.copy().is_(exp.null()).not_() for part in parts))
        twice = (
            sqlglot.select(exp.alias_(exp.Literal.number(1), "twice"))
            .from_(source_of(table))
            .where(filled)
            .group_by(*parts)
            .having(exp.GT(this=exp.Count(this=exp.Star()), expression=exp.Literal.number(1)))
            .limit(1)
        )
        found = self._ask(f"unique {table.path} {list(columns)}", twice, empty=[0])
        return None if found is None else found == [0]

    def has_nulls(self, table: FoundTable, column: str) -> bool | None:
        """Whether some row has no `column`."""
        some = (
            sqlglot.select(exp.alias_(exp.Literal.number(1), "some"))
            .from_(source_of(table))
            .where(column_of(column).is_(exp.null()))
            .limit(1)
        )
        found = self._ask(f"nulls {table.path} {column}", some, empty=[0])
        return None if found is None else found != [0]

    def marks(self, table: FoundTable, column: str, form: str) -> tuple[str, ...] | None:
        """What stands for no date in a column of dates written in `form`, over all rows; see `marks_among`."""
        asked = f"dates {table.path} {column} {form}"
        if asked not in self.kept:
            values = self._different(table, column)
            found = None if values is None else marks_among(values, form)
            self.kept[asked] = None if found is None else [MARKS.index(mark) for mark in found]
        kept = self.kept[asked]
        return None if kept is None else tuple(MARKS[place] for place in kept)

    def days(self, table: FoundTable, column: str, form: str) -> Days | None:
        """The days in a column, over all rows; `form`: how a date is written there, "" for a column of dates."""
        asked = f"days {table.path} {column} {form}"
        if asked not in self.kept:
            values = self._different(table, column)
            days = None if values is None else days_among(values, form)
            self.kept[asked] = [len(days), min(days).toordinal(), max(days).toordinal()] if days else None
        kept = self.kept[asked]
        return None if kept is None else Days(kept[0], date.fromordinal(kept[1]), date.fromordinal(kept[2]))

    def _different(self, table: FoundTable, column: str) -> list[Any] | None:
        """The values of a column but NULL, each once; None where they are too many for dates, or could not be read."""
        different = (
            sqlglot.select(exp.alias_(column_of(column), "v"))
            .distinct()
            .from_(source_of(table))
            .where(column_of(column).is_(exp.null()).not_())
            .limit(MOST_DATES + 1)
        )
        try:
            rows = self._reader.rows(different, timeout_seconds=SECONDS)
        except NotRead:
            return None
        return [row[0] for row in rows] if len(rows) <= MOST_DATES else None

    def inclusion(
        self, many: FoundTable, many_columns: Sequence[str], one: FoundTable, one_columns: Sequence[str]
    ) -> Inclusion | None:
        """Of the distinct `many_columns` (no NULL), how many are found among `one_columns`. None: not found out."""
        filled = exp.and_(*(column_of(name).is_(exp.null()).not_() for name in many_columns))
        names = [f"c{place}" for place in range(len(many_columns))]
        looked = (
            sqlglot.select(
                *(exp.alias_(column_of(c), n, quoted=True) for c, n in zip(many_columns, names, strict=True))
            )
            .distinct()
            .from_(source_of(many))
            .where(filled)
            .limit(_CHECKED_VALUES)
        )
        agree = exp.and_(
            *(
                exp.EQ(this=column_of(theirs, "one"), expression=column_of(name, "looked"))
                for theirs, name in zip(one_columns, names, strict=True)
            )
        )
        # A join, not EXISTS: some engines look through the whole one side for each value. It doubles no row, for the
        # one side is unique.
        there = exp.alias_(source_of(one), "one", quoted=True, table=True)
        total = (
            sqlglot.select(exp.Count(this=exp.Star()), exp.Count(this=column_of(one_columns[0], "one")))
            .from_(looked.subquery("looked", copy=False))
            .join(there, on=agree, join_type="LEFT")
        )
        asked = f"inclusion {many.path} {list(many_columns)} {one.path} {list(one_columns)}"
        answer = self._ask(asked, total)
        return Inclusion(answer[0], answer[1]) if answer else None

    def _ask(self, what: str, select: exp.Query, empty: list[int] | None = None) -> list[int] | None:
        if what not in self.kept:
            try:
                rows = self._reader.rows(select, timeout_seconds=SECONDS)
                self.kept[what] = [int(value) for value in rows[0]] if rows else empty
            except NotRead:
                self.kept[what] = None
        return self.kept[what]
