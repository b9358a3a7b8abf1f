"""Where in a tree of semantic SQL the slots of a question stand: periods, values, limits, thresholds.

Reads only; `refilling` writes. A literal that stands anywhere else is no spot, and what holds one is not filled in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlglot import exp

from t2sql.catalog import GRAINS, Catalog
from t2sql.compiler.calendar.periods import read_literal
from t2sql.errors import QueryError
from t2sql.flow import Quantity

Days = tuple[date, date]
PERIOD_LITERAL = re.compile(r"(?:FY)?\d{4}(?:-(?:H[12]|Q[1-4]|W\d{2}|\d{2}(?:-\d{2})?))?")
_RANKS = frozenset(("rank", "dense_rank", "row_number"))
_OPERATORS: dict[type[exp.Expr], tuple[str, str]] = {
    exp.GT: (">", "<"),
    exp.GTE: (">=", "<="),
    exp.LT: ("<", ">"),
    exp.LTE: ("<=", ">="),
    exp.EQ: ("=", "="),
}
"""Comparison -> its sign with the number at the right, and at the left."""


@dataclass(frozen=True, slots=True)
class PeriodSpot:
    """One condition on the time of one SELECT."""

    nodes: tuple[exp.Expr, ...]
    """One condition, two of a range written with >= and <=, or one literal of an IN list."""
    column: exp.Column
    days: Days
    is_member: bool
    """One literal of an IN list: it keeps its grain."""


def period_spots(tree: exp.Expr, fiscal_year_start: int) -> list[PeriodSpot]:
    """Every time condition of every SELECT that a period of a question can take the place of."""
    return [spot for select in tree.find_all(exp.Select) for spot in _of_select(select, fiscal_year_start)]


def loose_periods(tree: exp.Expr, spots: list[PeriodSpot]) -> list[str]:
    """Period literals that stand in no spot."""
    held = {id(literal) for spot in spots for node in spot.nodes for literal in node.find_all(exp.Literal)}
    return [
        literal.this
        for literal in tree.find_all(exp.Literal)
        if literal.is_string and id(literal) not in held and PERIOD_LITERAL.fullmatch(literal.this)
    ]


def value_spots(tree: exp.Expr, dimension: str, value: str, catalog: Catalog) -> list[exp.Literal]:
    """Literals of `value` in =, <> and IN on `dimension`, or on another role of the same field."""
    return [
        literal
        for column, literal in _compared(tree)
        if literal.this == value and _is_same(column.name, dimension, catalog)
    ]


def fixed_values(tree: exp.Expr, catalog: Catalog) -> set[tuple[str, str]]:
    """(dimension, value) of every literal that a dimension is compared with."""
    return {(column.name, literal.this) for column, literal in _compared(tree) if column.name in catalog.dimensions}


def strings(tree: exp.Expr, text: str) -> list[exp.Literal]:
    """String literals that say `text`."""
    return [one for one in tree.find_all(exp.Literal) if one.is_string and one.this == text]


def limit_spots(tree: exp.Expr, number: int) -> list[exp.Literal]:
    """`number` as LIMIT, or as the most that a rank may be."""
    found = [limit.expression for limit in tree.find_all(exp.Limit) if _is(limit.expression, number)]
    ranks = {alias.alias for alias in tree.find_all(exp.Alias) if _is_rank(alias.this)}
    for node in tree.find_all(exp.LTE):
        counts = _is_rank(node.this) or (isinstance(node.this, exp.Column) and node.this.name in ranks)
        if counts and _is(node.expression, number):
            found.append(node.expression)
    return [one for one in found if isinstance(one, exp.Literal)]


def threshold_spots(tree: exp.Expr, quantity: Quantity) -> list[tuple[exp.Expr, float]]:
    """(number, what it was multiplied by) wherever something is bounded as `quantity` says; both bounds of a range, the
    lower first.
    """
    scales = (1.0, 1e-4) if quantity.unit == "bp" else (1.0,)
    found: list[tuple[exp.Expr, float]] = []
    for scale in scales:
        if quantity.operator == "between":
            for span in tree.find_all(exp.Between):
                low, high = span.args["low"], span.args["high"]
                if _is(low, quantity.value * scale) and _is(high, (quantity.upper or 0.0) * scale):
                    found += [(low, scale), (high, scale)]
            continue
        for kind, (plain, mirrored) in _OPERATORS.items():
            for node in tree.find_all(kind):
                for number, operator in ((node.expression, plain), (node.this, mirrored)):
                    if operator == quantity.operator and _is(number, quantity.value * scale):
                        found.append((number, scale))
    return found


def days_of(first: str, last: str, fiscal_year_start: int) -> Days | None:
    """First and last day of a range of period literals; None for what is none."""
    try:
        return read_literal(first, fiscal_year_start).first, read_literal(last, fiscal_year_start).last
    except QueryError:
        return None


def number_of(node: exp.Expr | None) -> float | None:
    """The number that a literal says, with its sign; None for anything else."""
    if isinstance(node, exp.Neg):
        inner = number_of(node.this)
        return None if inner is None else -inner
    return float(node.this) if isinstance(node, exp.Literal) and not node.is_string else None


def _of_select(select: exp.Select, fiscal_year_start: int) -> Iterator[PeriodSpot]:
    where = select.args.get("where")
    parts = list(where.this.flatten()) if where and isinstance(where.this, exp.And) else [where.this] if where else []
    bounds: dict[str, list[exp.Expr]] = {}
    for part in parts:
        column = part.this if isinstance(part, (exp.EQ, exp.Between, exp.In, exp.GTE, exp.LTE)) else None
        if not isinstance(column, exp.Column) or column.name not in GRAINS:
            continue
        if isinstance(part, exp.In):
            for literal in part.expressions:
                if _text(literal) and (days := days_of(_text(literal), _text(literal), fiscal_year_start)):
                    yield PeriodSpot((literal,), column, days, True)
        elif isinstance(part, (exp.GTE, exp.LTE)):
            bounds.setdefault(column.sql(), []).append(part)
        else:
            first, last = (
                (part.args["low"], part.args["high"]) if isinstance(part, exp.Between) else (part.expression,) * 2
            )
            if _text(first) and _text(last) and (days := days_of(_text(first), _text(last), fiscal_year_start)):
                yield PeriodSpot((part,), column, days, False)
    for pair in bounds.values():
        lower = [p for p in pair if isinstance(p, exp.GTE) and _text(p.expression)]
        upper = [p for p in pair if isinstance(p, exp.LTE) and _text(p.expression)]
        if len(lower) == len(upper) == 1:
            days = days_of(_text(lower[0].expression), _text(upper[0].expression), fiscal_year_start)
            if days and isinstance(lower[0].this, exp.Column):
                yield PeriodSpot((lower[0], upper[0]), lower[0].this, days, False)


def _compared(tree: exp.Expr) -> Iterator[tuple[exp.Column, exp.Literal]]:
    for node in tree.find_all(exp.EQ, exp.NEQ, exp.In):
        for literal in node.expressions if isinstance(node, exp.In) else [node.expression]:
            if isinstance(node.this, exp.Column) and isinstance(literal, exp.Literal) and literal.is_string:
                yield node.this, literal


def _is_same(column: str, dimension: str, catalog: Catalog) -> bool:
    one, other = catalog.dimensions.get(column), catalog.dimensions.get(dimension)
    return bool(one and other and (one.dataset, one.field) == (other.dataset, other.field))


def _is_rank(node: exp.Expr) -> bool:
    if isinstance(node, exp.Window):
        return isinstance(node.this, (exp.RowNumber, exp.Rank, exp.DenseRank))
    return isinstance(node, (exp.Anonymous, exp.Rank)) and (node.name.lower() in _RANKS or isinstance(node, exp.Rank))


def _is(node: exp.Expr | None, number: float) -> bool:
    found = number_of(node)
    return found is not None and abs(found - number) <= 1e-9 * max(1.0, abs(number))


def _text(node: exp.Expr | None) -> str:
    return str(node.this) if isinstance(node, exp.Literal) and node.is_string else ""
