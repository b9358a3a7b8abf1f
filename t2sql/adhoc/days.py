"""Days in plain SQL as semantic SQL tells them: those reckoned from today as the day, DATEDIFF as a difference."""

from __future__ import annotations

import re
from datetime import date

from sqlglot import exp
from sqlglot.optimizer.simplify import simplify

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def tell_days(tree: exp.Expr, today: date) -> None:
    """Write out days that are reckoned from today and differences of days, and look for texts in any spelling."""
    for now in [*tree.find_all(exp.CurrentDate, exp.CurrentTimestamp)]:
        now.replace(exp.cast(exp.Literal.string(today.isoformat()), "date"))
    for literal in [*tree.find_all(exp.Literal)]:
        if isinstance(literal.parent, (exp.Add, exp.Sub)) and _DAY.fullmatch(literal.name):
            literal.replace(exp.cast(literal.copy(), "date"))
    for found in [*tree.find_all(exp.Like)]:
        # How somebody spells what is looked for says nothing of how it is stored.
        found.replace(exp.ILike(this=found.this.copy(), expression=found.expression.copy()))
    for length in tree.find_all(exp.Interval):
        # As sqlglot reckons with it: INTERVAL '30' DAY.
        length.set("unit", exp.var(length.text("unit").upper().rstrip("S")))
    for node in [*tree.find_all(exp.Sub, exp.Add, exp.DateTrunc, exp.TimestampTrunc)]:
        if not node.find(exp.Column, exp.Select) and node.root() is tree:
            node.replace(_day(node))
    for node in [*tree.find_all(exp.Extract, exp.DayOfWeek)]:
        _tell_weekday(node)
    for node in [*tree.find_all(exp.DateDiff)]:
        if node.unit is None or node.unit.name.upper() in ("DAY", "DAYS"):
            node.replace(exp.paren(exp.Sub(this=node.this.copy(), expression=node.expression.copy())))


def _day(node: exp.Expr) -> exp.Expr:
    """The day that an expression without columns comes to, as text; itself where that is none."""
    found: exp.Expr = simplify(node.copy(), dialect="duckdb")
    literal = found.find(exp.Literal) if isinstance(found, exp.Cast) else None
    return exp.Literal.string(literal.name[:10]) if literal is not None and literal.is_string else node


def _tell_weekday(node: exp.Expr) -> None:
    """EXTRACT(DOW FROM d), DAYOFWEEK(d) and their like as ISODOW(d), in which Sunday is 7.

    DuckDB counts from 0 for Sunday. MySQL from 1, which is meant where a 7 stands and no 0. Left as it is, and refused
    by the compiler, where it is compared with anything but numbers.
    """
    if isinstance(node, exp.Extract):
        unit, day = node.name.upper(), node.expression
    else:
        unit, day = "DOW", node.this
    if unit not in ("DOW", "DAYOFWEEK", "ISODOW", "DAYOFWEEKISO") or not isinstance(day, exp.Column):
        return
    holder = node.parent
    while isinstance(holder, (exp.Cast, exp.Paren)):
        holder = holder.parent
    literals = [*holder.find_all(exp.Literal)] if isinstance(holder, exp.Predicate) else []
    if not all(n.is_int for n in literals):
        return
    if "ISO" not in unit:
        numbers = {int(n.name) for n in literals}
        from_one = 7 in numbers and 0 not in numbers
        for literal in literals:
            number = int(literal.name)
            told = (number + 5) % 7 + 1 if from_one else number or 7
            literal.replace(exp.Literal.number(told))
    top = node
    while isinstance(top.parent, (exp.Cast, exp.Paren)):
        top = top.parent
    top.replace(exp.DayOfWeekIso(this=day.copy()))
