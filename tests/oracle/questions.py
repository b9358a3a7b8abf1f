"""Semantic SQL as a value: what a random question asks, and how it is spelled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Measure:
    """A metric under functions, outermost first: ("yoy", "ytd") over "new_loans"."""

    metric: str
    functions: tuple[str, ...] = ()
    share_over: tuple[str, ...] = ()
    """Dimensions written in share(x, …); () for a bare share."""

    def text(self) -> str:
        told = self.metric
        for function in reversed(self.functions):
            over = "".join(f", {name}" for name in self.share_over) if function == "share" else ""
            told = f"{function}({told}{over})"
        return told


@dataclass(frozen=True, slots=True)
class Compare:
    """A dimension's condition. Operators: =, <>, IN, NOT IN, LIKE, NOT LIKE, BETWEEN, IS NULL, IS NOT NULL."""

    name: str
    operator: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exceeds:
    """A metric's condition: against a number, or against a multiple of another measure."""

    measure: Measure
    operator: str
    number: float
    other: Measure | None = None


@dataclass(frozen=True, slots=True)
class Both:
    """All of them, or one of them."""

    word: str
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """What the part is not."""

    part: Condition


Condition: TypeAlias = Compare | Exceeds | Both | Not


@dataclass(frozen=True, slots=True)
class When:
    """A time condition on the grain `grain`: =, IN, BETWEEN, >, >=, <, <=."""

    grain: str
    operator: str
    literals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """ORDER BY one column of SELECT or a measure that is not shown."""

    by: str | Measure
    descending: bool


@dataclass(frozen=True, slots=True)
class Question:
    """One flat semantic SELECT."""

    columns: tuple[str | Measure, ...]
    """Names of dimensions, a grain, and measures, in the order of SELECT."""
    when: tuple[When, ...] = ()
    where: tuple[Condition, ...] = ()
    """Conjuncts on dimensions, and those on metrics that stand in WHERE."""
    having: tuple[Condition, ...] = ()
    orders: tuple[Order, ...] = ()
    limit: int | None = None
    group_by: bool = False
    principal: str = "all"

    @property
    def measures(self) -> tuple[Measure, ...]:
        return tuple(c for c in self.columns if isinstance(c, Measure))

    def alias(self, column: str | Measure) -> str:
        """The name of a column of the aliased text."""
        return column if isinstance(column, str) else f"m{self.measures.index(column)}"

    @property
    def grain(self) -> str:
        return next((c for c in self.columns if isinstance(c, str) and c in GRAINS), "")

    @property
    def dimensions(self) -> tuple[str, ...]:
        return tuple(c for c in self.columns if isinstance(c, str) and c not in GRAINS)

    def text(self, is_aliased: bool = False, extra: str = "", source: str = "small") -> str:
        """The semantic SQL. Aliased: measures are called m0, m1 …, in the order of `columns`."""
        shown = [c if isinstance(c, str) else c.text() for c in self.columns]
        if is_aliased:
            shown = [
                t if isinstance(c, str) else f"{t} AS {self.alias(c)}" for t, c in zip(shown, self.columns, strict=True)
            ]
        wheres = [when_text(w) for w in self.when] + [condition_text(c) for c in self.where] + [extra] * bool(extra)
        parts = [f"SELECT {', '.join(shown)} FROM {source}"]
        parts += ["WHERE " + " AND ".join(wheres)] * bool(wheres)
        keys = [c for c in self.columns if isinstance(c, str)]
        parts += ["GROUP BY " + ", ".join(keys)] * bool(self.group_by and keys)
        parts += ["HAVING " + " AND ".join(condition_text(c) for c in self.having)] * bool(self.having)
        parts += ["ORDER BY " + ", ".join(_order_text(o) for o in self.orders)] * bool(self.orders)
        parts += [f"LIMIT {self.limit}"] * (self.limit is not None)
        return " ".join(parts)


GRAINS = ("day", "week", "month", "quarter", "half", "year")


def _order_text(order: Order) -> str:
    told = order.by if isinstance(order.by, str) else order.by.text()
    return f"{told} DESC" if order.descending else told


def when_text(when: When) -> str:
    """A time condition in SQL."""
    return condition_text(Compare(when.grain, when.operator, when.literals))


def condition_text(condition: Condition) -> str:
    """A condition in SQL; every part of an AND or OR in brackets."""
    if isinstance(condition, Both):
        return "(" + f" {condition.word} ".join(condition_text(p) for p in condition.parts) + ")"
    if isinstance(condition, Not):
        return f"NOT ({condition_text(condition.part)})"
    if isinstance(condition, Exceeds):
        right = f"{condition.number:g}"
        right += f" * {condition.other.text()}" if condition.other else ""
        return f"{condition.measure.text()} {condition.operator} {right}"
    quoted = [f"'{value}'" for value in condition.values]
    if condition.operator in ("IN", "NOT IN"):
        return f"{condition.name} {condition.operator} ({', '.join(quoted)})"
    return " ".join([condition.name, condition.operator, *([" AND ".join(quoted)] if quoted else [])])
