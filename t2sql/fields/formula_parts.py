"""Pieces of a formula as SQL: two under a sign, and figures over some of the rows."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlglot import exp

from t2sql.fields.writing import expression_of
from t2sql.flow import Span


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that the question names."""

    span: Span
    """Where."""
    sql: str
    is_figure: bool
    """Whether it adds rows up; else each row has one."""
    datasets: frozenset[str]
    """Those whose fields it uses."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a formula as SQL."""

    sql: str
    is_figure: bool
    datasets: frozenset[str]
    is_literal: bool = False


def joined(left: Part, sign: str, right: Part) -> Part | None:
    """Two parts under a sign; a row's number cannot stand beside a figure over rows."""
    if left.is_figure != right.is_figure and not left.is_literal and not right.is_literal:
        return None
    if sign in "-/" and left.sql == right.sql:
        # Two that are said apart and read as one.
        return None
    both = left.datasets | right.datasets
    return Part(
        f"{left.sql} {sign} {right.sql}", left.is_figure or right.is_figure, both, left.is_literal and right.is_literal
    )


def filtered(part: Part, condition: str) -> Part | None:
    """`part` over the rows that fit; None where it adds nothing up, or is over some of them already."""
    tree = expression_of(part.sql)
    calls = [*tree.find_all(exp.AggFunc)]
    if not calls or tree.find(exp.Filter):
        return None
    if isinstance(tree, exp.AggFunc):
        return replace(part, sql=f"{part.sql} FILTER (WHERE {condition})")
    where = exp.Where(this=expression_of(condition))
    for call in calls:
        call.replace(exp.Filter(this=call.copy(), expression=where.copy()))
    return replace(part, sql=tree.sql("duckdb"))
