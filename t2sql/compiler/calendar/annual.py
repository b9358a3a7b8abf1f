"""Annualised figures: the part of a year that some days are, and the SQL that scales by it.

Knows day-count conventions and trees; which days a figure reads is `windows`' to say.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from sqlglot import exp

from t2sql.catalog import DayCount
from t2sql.compiler.trees import double

Days = tuple[date, date]
"""First and last day, both included."""


def year_share(days: Days, day_count: DayCount) -> tuple[int, int]:
    """How much of a year `days` are: days, and the days of a year that they count against.

    >>> year_share((date(2024, 1, 1), date(2024, 3, 31)), "act/365")
    (91, 365)
    >>> year_share((date(2024, 1, 1), date(2024, 3, 31)), "act/act")
    (91, 366)
    >>> year_share((date(2023, 12, 31), date(2024, 1, 1)), "act/act")  # 1/365 + 1/366
    (731, 133590)
    """
    first, last = days
    if day_count != "act/act":
        return (last - first).days + 1, int(day_count.removeprefix("act/"))
    if first.year == last.year:
        return (last - first).days + 1, _days_in(first.year)
    share = Fraction(0)
    for year in range(first.year, last.year + 1):
        start, end = max(first, date(year, 1, 1)), min(last, date(year, 12, 31))
        share += Fraction((end - start).days + 1, _days_in(year))
    return share.as_integer_ratio()


def annualised(value: exp.Expr, read: Mapping[str, Days], day_count: DayCount, period: exp.Expr | None) -> exp.Expr:
    """`value` over the part of a year that it was made in. `read`: period label -> the days behind it; `period`: the
    column of labels, None where there is one period. NULL where nothing was read.
    """
    shares = {label: year_share(days, day_count) for label, days in read.items()}
    if not shares:
        return exp.Null()
    days = _by_label({label: share[0] for label, share in shares.items()}, period)
    year = _by_label({label: share[1] for label, share in shares.items()}, period)
    scaled = exp.Mul(this=double(exp.Paren(this=value)), expression=year)
    return exp.Div(this=scaled, expression=days, typed=True)


def _days_in(year: int) -> int:
    return 366 if isleap(year) else 365


def _by_label(numbers: Mapping[str, int], period: exp.Expr | None) -> exp.Expr:
    """The number of each period: a literal where all agree."""
    if period is None or len(set(numbers.values())) == 1:
        return exp.Literal.number(next(iter(numbers.values())))
    cases = []
    for number in sorted(set(numbers.values())):
        labels = [exp.Literal.string(label) for label, found in numbers.items() if found == number]
        cases.append(exp.If(this=exp.In(this=period.copy(), expressions=labels), true=exp.Literal.number(number)))
    return exp.Case(ifs=cases)
