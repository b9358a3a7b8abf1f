"""Which days the conditions of raw SQL let through, as far as literals tell: the evidence for a wrong period.

It reads forms that people and compilers write (=, IN, BETWEEN, year(x) = 2025, strftime(x, '%Y-%m') = '2025-06' …) and
says nothing about others.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlglot import exp

LABEL = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?(?:[ T]00:00:00)?")
MONTHS = {"YEAR": 12, "QUARTER": 3, "MONTH": 1}
DAYS = {"WEEK": 7, "DAY": 1}
PARTS = {exp.Year: "year", exp.Month: "month", exp.Quarter: "quarter"}


@dataclass(slots=True)
class Days:
    """What the conditions of one SELECT say about days."""

    lows: set[date] = field(default_factory=set)
    highs: set[date] = field(default_factory=set)
    parts: dict[str, set[int]] = field(default_factory=dict)
    """Conditions on "year", "month" and "quarter" of a date."""

    def span(self) -> tuple[date | None, date | None]:
        """First and last day let through, whole months where the ends are ends of months; None where open."""
        lows, highs = set(self.lows), set(self.highs)
        for year in self.parts.get("year", ()):
            lows.add(date(year, min(self._months()), 1))
            highs.add(month_end(date(year, max(self._months()), 1)))
        low = min(lows, default=None)
        if low is not None and low == month_end(low):
            low = low.replace(day=1)
        return low, max(highs, default=None)

    def _months(self) -> set[int]:
        quarters = {3 * (q - 1) + m for q in self.parts.get("quarter", ()) for m in (1, 2, 3) if 1 <= q <= 4}
        months = {m for m in self.parts.get("month", ()) if 1 <= m <= 12}
        return months or quarters or {1, 12}


def month_end(day: date) -> date:
    """The last day of the month of `day`."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def read_days(tree: exp.Expr) -> Days:
    """What all conditions of a tree say about days."""
    days = Days()
    for node in tree.find_all(exp.EQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.In, exp.Between, exp.NullSafeEQ):
        for subject, sign, value in comparisons(node):
            _note(days, subject, sign, value)
    return days


def comparisons(node: exp.Expr) -> Iterator[tuple[exp.Expr, str, exp.Expr]]:
    """(what is compared, sign, with what), the constant on the right."""
    if isinstance(node, exp.Between):
        yield node.this, ">=", node.args["low"]
        yield node.this, "<=", node.args["high"]
    elif isinstance(node, exp.In):
        for value in node.expressions:
            yield node.this, "=", value
    elif isinstance(node, exp.Binary):
        sign = SIGNS.get(type(node), "")
        if sign and is_constant(node.this) and not is_constant(node.expression):
            yield node.expression, MIRRORED.get(sign, sign), node.this
        elif sign:
            yield node.this, sign, node.expression


SIGNS = {
    exp.EQ: "=", exp.NullSafeEQ: "=", exp.NEQ: "<>", exp.NullSafeNEQ: "<>", exp.GT: ">", exp.GTE: ">=", exp.LT: "<",
    exp.LTE: "<=", exp.Like: "like", exp.ILike: "like",
}  # fmt: skip
MIRRORED = {">": "<", "<": ">", ">=": "<=", "<=": ">="}


def is_constant(node: exp.Expr) -> bool:
    """Whether nothing of the data is in it."""
    return not any(isinstance(one, (exp.Column, exp.Query, exp.Anonymous, exp.Star)) for one in node.walk())


def _note(days: Days, subject: exp.Expr, sign: str, value: exp.Expr) -> None:
    if not is_constant(value) or is_constant(subject):
        return
    if part := part_of(subject):
        _note_part(days, part, sign, number_of(value))
    elif found := _days_of(value, subject):
        first, last = found
        if sign in ("=", ">=", ">"):
            days.lows.add(first + timedelta(days=1) if sign == ">" else first)
        if sign in ("=", "<=", "<"):
            days.highs.add(first - timedelta(days=1) if sign == "<" else last)


def _note_part(days: Days, part: str, sign: str, number: float | None) -> None:
    if number is None:
        return
    value = int(number) + (sign == ">") - (sign == "<")
    if part != "year" or sign == "=":
        days.parts.setdefault(part, set()).add(value)
    elif 1 <= value <= 9999 and sign in (">", ">="):
        days.lows.add(date(value, 1, 1))
    elif 1 <= value <= 9999:
        days.highs.add(date(value, 12, 31))


def part_of(node: exp.Expr) -> str:
    """ "year", "month" or "quarter" where that is what a node takes of a date; "" otherwise."""
    for kind, name in PARTS.items():
        if isinstance(node, kind):
            return name
    if isinstance(node, exp.Extract):
        return node.name.lower() if node.name.lower() in ("year", "month", "quarter") else ""
    if isinstance(node, exp.Anonymous) and node.name.lower() in ("date_part", "datepart") and node.expressions:
        part = node.expressions[0].name.lower()
        return part if part in ("year", "month", "quarter") else ""
    if isinstance(node, exp.Cast):
        return part_of(node.this)
    return ""


def _days_of(value: exp.Expr, subject: exp.Expr) -> tuple[date, date] | None:
    """First and last day that a constant stands for, compared with `subject`."""
    day = day_of(value)
    if day is None:
        return None
    text = value.name if isinstance(value, exp.Literal) else ""
    unit = subject.args["unit"].name.upper() if isinstance(subject, (exp.TimestampTrunc, exp.DateTrunc)) else ""
    if len(text) == 4 or unit == "YEAR":
        return day, day.replace(month=12, day=31)
    if unit == "QUARTER":
        return day, month_end(_later(day, 2))
    return (day, month_end(day)) if len(text) == 7 or unit == "MONTH" else (day, day)


def day_of(node: exp.Expr) -> date | None:
    """The day of a constant: a literal, a cast, ± INTERVAL, date_trunc, last_day; None for anything else."""
    if isinstance(node, exp.Paren):
        return day_of(node.this)
    if isinstance(node, exp.Literal) and node.is_string:
        return _labelled(node.name)
    if isinstance(node, exp.Cast):
        return day_of(node.this)
    if isinstance(node, (exp.Add, exp.Sub)):
        return _shifted(day_of(node.this), node.expression, 1 if isinstance(node, exp.Add) else -1)
    if isinstance(node, exp.LastDay):
        found = day_of(node.this)
        return month_end(found) if found else None
    if isinstance(node, (exp.TimestampTrunc, exp.DateTrunc)):
        found, unit = day_of(node.this), node.args["unit"].name.upper()
        months = MONTHS.get(unit)
        return date(found.year, (found.month - 1) // months * months + 1, 1) if found and months else None
    if isinstance(node, exp.DateFromParts):
        parts = [number_of(node.args[key]) if node.args.get(key) else None for key in ("year", "month", "day")]
        return _made(*(int(p) if p is not None else 0 for p in parts))
    return None


def number_of(node: exp.Expr) -> float | None:
    """The number of a constant: a literal, arithmetic, year/month/quarter of a day; None for anything else."""
    if isinstance(node, exp.Paren | exp.Cast):
        return number_of(node.this)
    if isinstance(node, exp.Neg):
        inner = number_of(node.this)
        return None if inner is None else -inner
    if isinstance(node, exp.Literal):
        try:
            return float(node.name)
        except ValueError:
            return None
    if isinstance(node, (exp.Add, exp.Sub, exp.Mul, exp.Div)):
        left, right = number_of(node.this), number_of(node.expression)
        return None if left is None or right is None else _calculated(node, left, right)
    if (part := part_of(node)) and (day := day_of(node.expression if isinstance(node, exp.Extract) else node.this)):
        return {"year": day.year, "month": day.month, "quarter": (day.month + 2) // 3}[part]
    return None


def _calculated(node: exp.Expr, left: float, right: float) -> float | None:
    if isinstance(node, exp.Add):
        return left + right
    if isinstance(node, exp.Sub):
        return left - right
    if isinstance(node, exp.Mul):
        return left * right
    return left / right if right else None


def _labelled(text: str) -> date | None:
    found = LABEL.fullmatch(text)
    return _made(int(found[1]), int(found[2] or 1), int(found[3] or 1)) if found else None


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _shifted(day: date | None, interval: exp.Expr, sign: int) -> date | None:
    if day is None or not isinstance(interval, exp.Interval) or interval.this is None:
        return None
    count, unit = number_of(interval.this), (interval.args["unit"].name if interval.args.get("unit") else "").upper()
    if count is None:
        return None
    if unit.rstrip("S") in MONTHS:
        return _later(day, sign * int(count) * MONTHS[unit.rstrip("S")])
    return day + timedelta(days=sign * int(count) * DAYS[unit.rstrip("S")]) if unit.rstrip("S") in DAYS else None


def _later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day.replace(year=year, month=month + 1, day=min(day.day, calendar.monthrange(year, month + 1)[1]))
