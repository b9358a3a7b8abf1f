"""The days that a fact reads, in SQL: conditions on a date, and the shown periods as rows to join. Decides no day."""

from __future__ import annotations

from sqlglot import exp

from t2sql.compiler.calendar.periods import Period
from t2sql.compiler.calendar.windows import Window
from t2sql.compiler.trees import joined

MOST_POINTS = 64


def join_periods(
    select: exp.Select, day: exp.Expr | None, windows: list[tuple[Period, Window]], is_point: bool
) -> exp.Select:
    """`select` joined with the shown periods' labels and days, so that a row counts in each period that reads it."""
    assert day is not None
    rows = [
        exp.Tuple(
            expressions=[
                exp.Literal.string(p.label),
                date_literal(w.first),
                date_literal(w.last),
                exp.Literal.number(w.loads),
            ]
        )
        for p, w in windows
    ]
    alias = exp.TableAlias(
        this=exp.to_identifier("periods"),
        columns=[exp.to_identifier(c) for c in ("label", "first_day", "last_day", "loads")],
    )
    on = (
        day.eq(exp.column("last_day", "periods"))
        if is_point
        else exp.Between(this=day, low=exp.column("first_day", "periods"), high=exp.column("last_day", "periods"))
    )
    return joined(select, exp.Values(expressions=rows, alias=alias), on)


def date_literal(day: object) -> exp.Expr:
    """DATE 'YYYY-MM-DD'."""
    return exp.Cast(this=exp.Literal.string(str(day)), to=exp.DataType(this=exp.DType.DATE))


def within(day: exp.Expr, span: tuple[Window, ...], is_point: bool) -> exp.Expr | None:
    """That a date lies in the days of `span`; None for no days at all."""
    if not span:
        return None
    first, last = min(w.first for w in span), max(w.last for w in span)
    points = sorted({w.last for w in span})
    if is_point and len(points) == 1:
        return day.copy().eq(date_literal(last))
    if is_point and len(points) <= MOST_POINTS:
        return exp.In(this=day.copy(), expressions=[date_literal(point) for point in points])
    return exp.Between(this=day.copy(), low=date_literal(first), high=date_literal(last))
