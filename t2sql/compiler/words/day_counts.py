"""Days between two dates: `returned_on - lent_on`, a whole number, negative where the first is the earlier.

Semantic SQL writes them as a difference. Engines do not agree on what that is (MariaDB subtracts the digits of dates),
so it becomes DATE_DIFF of days, which each dialect writes in its own way; the time of a moment does not count.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from t2sql.compiler.words.spelling import TOLD, as_written

ColumnKind = Callable[[exp.Column], str]


def is_day_count(node: exp.Expr | None, of_column: ColumnKind) -> bool:
    """Whether a node subtracts a date from a date."""
    if not isinstance(node, exp.Sub):
        return False
    return all(_is_date(side, of_column) for side in (node.this, node.expression))


def with_day_counts(tree: exp.Expr, of_column: ColumnKind) -> exp.Expr:
    """`tree` with its differences of dates as counts of days, told as they were written; changed in place."""
    holder = exp.Paren(this=tree)
    for node in [*holder.find_all(exp.Sub)]:
        if is_day_count(node, of_column):
            node.replace(days_between(node))
    inner: exp.Expr = holder.this
    return inner


def days_between(node: exp.Sub) -> exp.Expr:
    """The difference of two dates as a count of days."""
    sides = (exp.cast(side.copy(), exp.DType.DATE) for side in (node.this, node.expression))
    first, second = sides
    # Boundaries between days are counted, as DuckDB does, and not stretches of 24 hours.
    counted = exp.DateDiff(this=first, expression=second, unit=exp.Var(this="DAY"), date_part_boundary=True)
    counted.meta[TOLD] = as_written(node)
    return counted


def _is_date(side: exp.Expr, of_column: ColumnKind) -> bool:
    inner = side.unnest()
    if isinstance(inner, exp.Column):
        return of_column(inner) == "date"
    return isinstance(inner, exp.Cast) and inner.is_type("date") and isinstance(inner.this, exp.Literal)
