"""Conditions on grains (`month = '2024-12'`, `quarter BETWEEN …`) as spans of days. Knows no catalog and no load."""

from __future__ import annotations

from datetime import date
from typing import cast

from sqlglot import exp

from t2sql.catalog import GRAINS, Grain
from t2sql.compiler.periods import Period, is_coarser, read_literal
from t2sql.compiler.spelling import as_written
from t2sql.errors import NotComputable, RefusedSyntax

FAR_PAST, FAR_FUTURE = date(1900, 1, 1), date(2999, 12, 31)
MIRROR: dict[str, str] = {"=": "=", ">": "<", ">=": "<=", "<": ">", "<=": ">="}
SIGNS: tuple[tuple[type[exp.Binary], str], ...] = (
    (exp.EQ, "="),
    (exp.GT, ">"),
    (exp.GTE, ">="),
    (exp.LT, "<"),
    (exp.LTE, "<="),
)
COMPARE = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE)
Spans = list[tuple[date, date]]


def grain_name(node: exp.Expr) -> Grain | None:
    """The grain that a bare column names; None for anything else."""
    if isinstance(node, exp.Column) and not node.table and node.name.lower() in GRAINS:
        return cast(Grain, node.name.lower())
    return None


def mentions_time(node: exp.Expr) -> bool:
    """Whether a grain stands anywhere in `node`."""
    return any(grain_name(column) for column in node.find_all(exp.Column))


class TimeReader:
    """Reads time conditions, and remembers the grains of their literals."""

    def __init__(self) -> None:
        self.literal_grains: set[Grain] = set()

    @property
    def literal_grain(self) -> Grain | None:
        """The finest of them; None when no period was asked."""
        return min(self.literal_grains, key=GRAINS.index, default=None)

    def spans(self, node: exp.Expr) -> Spans:
        """The days that a condition leaves, as disjoint ascending spans. Raises NotComputable, RefusedSyntax."""
        if isinstance(node, exp.Paren):
            return self.spans(node.this)
        if isinstance(node, exp.Or) and all(mentions_time(side) for side in node.flatten()):
            return merge([span for side in node.flatten() for span in self.spans(side)])
        if isinstance(node, exp.And):
            return intersect(self.spans(node.left), self.spans(node.right))
        if isinstance(node, exp.Between) and grain_name(node.this):
            low, high = self._literal(node.this, node.args["low"]), self._literal(node.this, node.args["high"])
            return [(low.first, high.last)] if low.first <= high.last else []
        if isinstance(node, exp.In) and grain_name(node.this) and not node.args.get("query"):
            return merge([(p.first, p.last) for p in (self._literal(node.this, e) for e in node.expressions)])
        sign = sign_of(node)
        if sign and isinstance(node, exp.Binary):
            left, right = node.left, node.right
            if grain_name(right):
                left, right, sign = right, left, MIRROR[sign]
            if grain_name(left):
                return [_span(sign, self._literal(left, right))]
        raise _refusal(node)

    def _literal(self, grain: exp.Expr, node: exp.Expr) -> Period:
        period = read_period(node, cast(Grain, grain_name(grain)))
        self.literal_grains.add(period.grain)
        return period


def read_period(node: exp.Expr, grain: Grain) -> Period:
    """The period a literal names; it may be coarser than `grain`, never finer."""
    if not isinstance(node, exp.Literal):
        raise RefusedSyntax(f"{as_written(node)!r} is not a period.", "Write a literal such as '2024-12'.")
    period = read_literal(str(node.this))
    if period.grain != grain and not is_coarser(period.grain, grain):
        raise NotComputable(f"{node.this!r} is finer than {grain}.", f"Write {period.grain} = '{node.this}'.")
    return period


def sign_of(node: exp.Expr) -> str:
    """=, <, <=, > or >= for a comparison; "" for anything else."""
    return next((sign for kind, sign in SIGNS if isinstance(node, kind)), "")


def compare_date(node: exp.Expr, column: exp.Column, grain: Grain) -> exp.Expr:
    """`quarter(matures_on) = '2026-Q4'` as a comparison of the date itself with the days of the period."""

    def between(period: Period, last: Period | None = None) -> exp.Expr:
        return exp.Between(this=column.copy(), low=day_literal(period.first), high=day_literal((last or period).last))

    if isinstance(node, exp.Between):
        return between(read_period(node.args["low"], grain), read_period(node.args["high"], grain))
    if isinstance(node, exp.In) and node.expressions:
        return exp.paren(exp.or_(*(between(read_period(e, grain)) for e in node.expressions)), copy=False)
    sign = sign_of(node)
    if not sign or not isinstance(node, exp.Binary):
        raise NotComputable(f"{as_written(node)!r} cannot be computed.", "Use =, <, <=, >, >=, BETWEEN or IN.")
    period = read_period(node.expression, grain)
    if sign == "=":
        return between(period)
    edge = period.last if sign in (">", "<=") else period.first
    return node.__class__(this=column.copy(), expression=day_literal(edge))


def day_literal(day: date) -> exp.Expr:
    """CAST('YYYY-MM-DD' AS DATE)."""
    return exp.cast(exp.Literal.string(day.isoformat()), "DATE")


def merge(spans: Spans) -> Spans:
    """Spans joined where they touch.

    >>> merge([(date(2024, 2, 1), date(2024, 2, 29)), (date(2024, 1, 1), date(2024, 1, 31))])
    [(datetime.date(2024, 1, 1), datetime.date(2024, 2, 29))]
    """
    merged: Spans = []
    for first, last in sorted(spans):
        if merged and first.toordinal() <= merged[-1][1].toordinal() + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return merged


def intersect(left: Spans, right: Spans) -> Spans:
    """Days that lie in both."""
    return [(max(a, c), min(b, d)) for a, b in left for c, d in right if max(a, c) <= min(b, d)]


def _refusal(node: exp.Expr) -> NotComputable:
    text = repr(as_written(node))
    if isinstance(node, exp.Or):
        return NotComputable(
            f"{text} joins a time condition to another with OR; a period holds for the whole table.",
            "Join the period with AND, or ask in two questions.",
        )
    if isinstance(node, (exp.NEQ, exp.Not)):
        return NotComputable(
            f"{text} leaves a period out, which is not supported.",
            "Name the periods that are wanted, with IN or BETWEEN.",
        )
    if isinstance(node, (exp.Like, exp.ILike)):
        return NotComputable(
            f"{text}: a period is no text.", "Write year = '2025', or BETWEEN '2025-01' AND '2025-06'."
        )
    return NotComputable(
        f"The time condition {text} cannot be computed.",
        "Use =, <, <=, >, >=, BETWEEN or IN with period literals, joined by AND.",
    )


def _span(sign: str, period: Period) -> tuple[date, date]:
    if sign == "=":
        return period.first, period.last
    if sign == ">=":
        return period.first, FAR_FUTURE
    if sign == "<=":
        return FAR_PAST, period.last
    if sign == ">":
        return date.fromordinal(period.last.toordinal() + 1), FAR_FUTURE
    return FAR_PAST, date.fromordinal(period.first.toordinal() - 1)
