"""Dates as period labels, in SQL that every engine runs. Knows no dataset: a date is any expression."""

from __future__ import annotations

from sqlglot import exp


def label_of(day: exp.Expr, grain: str) -> exp.Expr:
    """A date's period label as text: '2024', '2024-H1', '2024-Q2', '2024-12', '2024-W07', '2024-12-31'."""
    text = exp.cast(day, "TEXT")
    if grain == "day":
        return text
    if grain in ("month", "year"):
        return exp.Substring(
            this=text, start=exp.Literal.number(1), length=exp.Literal.number(7 if grain == "month" else 4)
        )
    year = exp.Substring(this=text, start=exp.Literal.number(1), length=exp.Literal.number(4))
    if grain == "week":
        return _week_label(day)
    size = 3 if grain == "quarter" else 6
    month = exp.Extract(this=exp.Var(this="MONTH"), expression=day.copy())
    ifs = [
        exp.If(
            this=exp.LTE(this=month.copy(), expression=exp.Literal.number(n * size)),
            true=exp.Literal.string(f"-{grain[0].upper()}{n}"),
        )
        for n in range(1, 12 // size + 1)
    ]
    return exp.DPipe(this=year, expression=exp.Case(ifs=ifs), safe=True)


def first_day_of(day: exp.Expr, grain: str) -> exp.Expr:
    """The first day of a date's period, as a date; an ISO week begins on Monday."""
    if grain == "day":
        return exp.cast(day, "DATE")
    if grain == "half":
        month = exp.Extract(this=exp.Var(this="MONTH"), expression=day.copy())
        year = exp.Substring(
            this=exp.cast(day.copy(), "TEXT"), start=exp.Literal.number(1), length=exp.Literal.number(4)
        )
        july = exp.DPipe(this=year, expression=exp.Literal.string("-07-01"), safe=True)
        is_first = exp.LTE(this=month, expression=exp.Literal.number(6))
        first = exp.If(this=is_first, true=first_day_of(day.copy(), "year"))
        return exp.Case(ifs=[first], default=exp.cast(july, "DATE"))
    return exp.cast(exp.func("DATE_TRUNC", exp.Literal.string(grain), day.copy(), dialect="duckdb"), "DATE")


def _week_label(day: exp.Expr) -> exp.Expr:
    """'2024-W07': an ISO week belongs to the year of its Thursday. EXTRACT(ISOYEAR) is not known to every engine."""
    monday = exp.func("DATE_TRUNC", exp.Literal.string("week"), day.copy(), dialect="duckdb")
    thursday = exp.Add(this=monday, expression=exp.Interval(this=exp.Literal.string("3"), unit=exp.Var(this="DAY")))
    year = exp.Substring(this=exp.cast(thursday, "TEXT"), start=exp.Literal.number(1), length=exp.Literal.number(4))
    number = exp.Extract(this=exp.Var(this="WEEK"), expression=day.copy())
    is_short = exp.LT(this=number.copy(), expression=exp.Literal.number(10))
    mark = exp.Case(ifs=[exp.If(this=is_short, true=exp.Literal.string("-W0"))], default=exp.Literal.string("-W"))
    week = exp.DPipe(this=mark, expression=exp.cast(number, "TEXT"), safe=True)
    return exp.DPipe(this=year, expression=week, safe=True)
