"""Composition (decision 10): SELECTs over semantic SELECTs, and datasets by name. Text and right answer, side by side.

The answer is made from the rows that the oracle expects of the inner SELECT, by lists and loops.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, TypeAlias

from oracle.brute import Brute
from oracle.figures import MustRefuse
from oracle.questions import Both, Compare, Condition, Measure, Question
from oracle.reading import Reader, Undefined, measures_in
from oracle.shape import FACTS, METRICS, simple_parts
from oracle.warehouse import Warehouse
from oracle.windows import At, Windows

Row = tuple[Any, ...]


def certain_rows(warehouse: Warehouse, question: Question) -> list[Row]:
    """The inner rows, LIMIT applied. Raises Undefined where the decisions leave one of them open."""
    rows = Brute(warehouse, question).rows()
    if any(row.is_optional or row.soft for row in rows):
        raise Undefined("an inner row that may be missing, or hold 0 or NULL")
    return [row.values for row in rows][: question.limit]


def adds_up(question: Question, measure: Measure, dropped: Iterable[str], periods: int) -> bool:
    """Whether a SUM of the measure over the dropped keys is a number that somebody may show.

    One period shown is nothing to add up over.
    """
    parts = simple_parts(measure.metric)
    if measure.functions or METRICS[measure.metric].kind == "ratio":
        return False
    over_time = question.grain in dropped and periods > 1
    return all(p.aggregate in ("SUM", "COUNT") and not (over_time and (FACTS[p.fact].is_stock)) for p in parts)


class _Asked:
    """Who asks: the same person everywhere."""

    __slots__ = ()
    inner: Question

    @property
    def principal(self) -> str:
        return self.inner.principal


@dataclass(frozen=True, slots=True)
class Whole(_Asked):
    """WITH t AS (…) SELECT * FROM t: the inner rows."""

    inner: Question

    def text(self) -> str:
        return f"WITH t AS ({self.inner.text(True)}) SELECT * FROM t"

    def rows(self, warehouse: Warehouse) -> list[Row]:
        return certain_rows(warehouse, self.inner)


@dataclass(frozen=True, slots=True)
class Outer(_Asked):
    """An aggregate over the rows of a SELECT, grouped by some of its keys."""

    inner: Question
    by: tuple[str, ...]
    aggregate: str
    """SUM, MIN, MAX, AVG or COUNT of the measure; COUNT(*) of rows."""
    measure: Measure
    is_subquery: bool = False

    def text(self) -> str:
        told = "COUNT(*)" if self.aggregate == "COUNT(*)" else f"{self.aggregate}({self.inner.alias(self.measure)})"
        source = self.inner.text(True)
        head = "" if self.is_subquery else f"WITH t AS ({source}) "
        origin = f"({source}) AS t" if self.is_subquery else "t"
        grouped = f" GROUP BY {', '.join(self.by)}" if self.by else ""
        return f"{head}SELECT {', '.join([*self.by, told + ' AS x'])} FROM {origin}{grouped}"

    def rows(self, warehouse: Warehouse) -> list[Row]:
        keys = [c for c in self.inner.columns if isinstance(c, str)]
        dropped = [k for k in keys if k not in self.by]
        periods = len(Brute(warehouse, self.inner).periods)
        # A key that a condition fixes to one value is nothing to add up over.
        fixed = {c.name for c in self.inner.where if isinstance(c, Compare) and c.operator == "="}
        fixed |= {self.inner.grain} if periods < 2 else set()
        dropped = [k for k in dropped if k not in fixed]
        if self.aggregate == "SUM" and dropped and not adds_up(self.inner, self.measure, dropped, periods):
            raise MustRefuse(f"a sum of {self.measure.text()} over {dropped}")
        at = self.inner.columns.index(self.measure)
        groups: dict[Row, list[Any]] = {} if self.by else {(): []}
        for row in certain_rows(warehouse, self.inner):
            group = tuple(row[self.inner.columns.index(k)] for k in self.by)
            groups.setdefault(group, []).append(row[at])
        return [(*group, _aggregate(self.aggregate, values)) for group, values in groups.items()]


def _aggregate(name: str, values: list[Any]) -> Any:
    there = [v for v in values if v is not None]
    if name == "COUNT(*)":
        return len(values)
    if name == "COUNT":
        return len(there)
    if not there:
        return None
    total = sum(there, Fraction(0))
    return {"SUM": total, "AVG": total / len(there), "MIN": min(there), "MAX": max(there)}[name]


@dataclass(frozen=True, slots=True)
class Stacked:
    """UNION ALL of two SELECTs of the same columns."""

    first: Question
    second: Question

    def text(self) -> str:
        return f"{self.first.text(True)} UNION ALL {self.second.text(True)}"

    @property
    def principal(self) -> str:
        return self.first.principal

    def rows(self, warehouse: Warehouse) -> list[Row]:
        return certain_rows(warehouse, self.first) + certain_rows(warehouse, self.second)


@dataclass(frozen=True, slots=True)
class Ranked(_Asked):
    """RANK() OVER (PARTITION BY … ORDER BY a measure DESC), as a column or, with `most`, in QUALIFY."""

    inner: Question
    by: tuple[str, ...]
    measure: Measure
    most: int | None

    def text(self) -> str:
        partition = f"PARTITION BY {', '.join(self.by)} " if self.by else ""
        window = f"RANK() OVER ({partition}ORDER BY {self.measure.text()} DESC NULLS LAST)"
        if self.most is not None:
            return f"{self.inner.text(True)} QUALIFY {window} <= {self.most}"
        head, tail = self.inner.text(True).split(" FROM small", 1)
        return f"{head}, {window} AS r FROM small{tail}"

    def rows(self, warehouse: Warehouse) -> list[Row]:
        rows = certain_rows(warehouse, self.inner)
        at = self.inner.columns.index(self.measure)
        places = [self.inner.columns.index(k) for k in self.by]
        if len({type(row[at]) for row in rows} - {type(None)}) > 1:
            raise Undefined("numbers of several kinds")
        found = []
        for row in rows:
            peers = [o[at] for o in rows if all(o[p] == row[p] for p in places)]
            known = [v for v in peers if v is not None]
            rank = 1 + (len(known) if row[at] is None else sum(v > row[at] for v in known))
            if self.most is None:
                found.append((*row, rank))
            elif rank <= self.most:
                found.append(row)
        return found


@dataclass(frozen=True, slots=True)
class Chosen(_Asked):
    """A condition on a dimension whose values come from another SELECT."""

    outer: Question
    dimension: str
    inner: Question
    """Its first column is the dimension."""
    is_negated: bool

    def text(self) -> str:
        inner = self.inner.text().replace(
            f"SELECT {', '.join(_told(c) for c in self.inner.columns)}", f"SELECT {self.dimension}"
        )
        operator = "NOT IN" if self.is_negated else "IN"
        return self.outer.text(True, extra=f"{self.dimension} {operator} ({inner})")

    def rows(self, warehouse: Warehouse) -> list[Row]:
        if not measures_in((*self.inner.where, *self.inner.having)):
            # The text then names no metric: it asks for the members of the dimension, with rows or without.
            raise Undefined("a dimension alone")
        at = self.inner.columns.index(self.dimension)
        found = {row[at] for row in certain_rows(warehouse, self.inner)}
        values = tuple(sorted(found - {None})) or ("no such value",)
        condition: Condition = Compare(self.dimension, "NOT IN" if self.is_negated else "IN", values)
        if None in found:
            # Ruled: a missing value is in a SELECTed list that holds one.
            missing = Compare(self.dimension, "IS NOT NULL" if self.is_negated else "IS NULL")
            condition = Both("AND" if self.is_negated else "OR", (condition, missing))
        return certain_rows(warehouse, replace(self.outer, where=(*self.outer.where, condition)))


def _told(column: str | Measure) -> str:
    return column if isinstance(column, str) else column.text()


@dataclass(frozen=True, slots=True)
class Calculated(_Asked):
    """Arithmetic over two measures in SELECT."""

    inner: Question
    left: Measure
    operator: str
    right: Measure | int

    def text(self) -> str:
        right = str(self.right) if isinstance(self.right, int) else self.right.text()
        head, tail = self.inner.text(True).split(" FROM small", 1)
        return f"{head}, {self.left.text()} {self.operator} {right} AS x FROM small{tail}"

    def rows(self, warehouse: Warehouse) -> list[Row]:
        found = []
        for row in certain_rows(warehouse, self.inner):
            left = row[self.inner.columns.index(self.left)]
            right = self.right if isinstance(self.right, int) else row[self.inner.columns.index(self.right)]
            if left is None or right is None:
                # Silent: whether a sum without rows is 0 in arithmetic, as inside a derived metric, or NULL.
                raise Undefined("arithmetic with a missing number")
            found.append((*row, self._value(left, right)))
        return found

    def _value(self, left: Any, right: Any) -> Any:
        if self.operator == "/":
            return Fraction(left) / right if right else None
        return left + right if self.operator == "+" else left - right if self.operator == "-" else left * right


AD_HOC = {
    "book_sum": "SUM(amount)",
    "book_clients": "COUNT(DISTINCT client_id)",
    "book_min": "MIN(amount)",
    "book_max": "MAX(amount)",
    "book_mean": "AVG(amount)",
    "day_sum": "SUM(amount)",
    "day_count": "COUNT(*)",
    "move_sum": "SUM(amount)",
    "move_count": "COUNT(*)",
    "move_clients": "COUNT(DISTINCT client_id)",
    "move_max": "MAX(amount)",
    "move_mean": "AVG(amount)",
    "call_sum": "SUM(amount)",
    "call_count": "COUNT(*)",
    "call_min": "MIN(amount)",
}
"""Metrics without a filter, and the aggregate over their dataset that is the same number."""


@dataclass(frozen=True, slots=True)
class AdHoc(_Asked):
    """Aggregates over a dataset by its name: the numbers of the signed metrics of the same formula."""

    inner: Question
    fact: str

    def text(self) -> str:
        text = self.inner.text(source=self.fact)
        for name, formula in AD_HOC.items():
            text = text.replace(f"{name},", f"{formula},").replace(f"{name} ", f"{formula} ")
        keys = [c for c in self.inner.columns if isinstance(c, str)]
        return text + (f" GROUP BY {', '.join(keys)}" if keys else "")

    def rows(self, warehouse: Warehouse) -> list[Row]:
        return certain_rows(warehouse, self.inner)


@dataclass(frozen=True, slots=True)
class Detail(_Asked):
    """Rows of a dataset: its own fields and dimensions, no DISTINCT."""

    inner: Question
    """Its columns are names, its conditions are on dimensions."""
    fact: str

    def text(self) -> str:
        return self.inner.text(source=self.fact)

    def rows(self, warehouse: Warehouse) -> list[Row]:
        metric = next(m for m in METRICS.values() if m.fact == self.fact and not m.is_average)
        asked = Question((Measure(metric.name),), self.inner.when, self.inner.where, principal=self.inner.principal)
        brute = Brute(warehouse, asked)
        reader = Reader(warehouse, self.inner.principal)
        found = []
        for span in brute.periods:
            window = Windows(warehouse, frozenset({self.fact})).read(metric, At(span))
            for rows in brute.counted(self.fact, window).values():
                for row in rows:
                    found.append(
                        tuple(row[c] if c in row else reader.value(self.fact, row, c) for c in self.inner.columns)
                    )
        return found


Composed: TypeAlias = Whole | Outer | Stacked | Ranked | Chosen | Calculated | AdHoc | Detail
