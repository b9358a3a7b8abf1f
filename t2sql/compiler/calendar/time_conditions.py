"""Conditions on grains (`month = '2024-12'`, `quarter BETWEEN …`) as spans of days. Knows no catalog and no load."""

from __future__ import annotations

from datetime import date
from typing import cast

from sqlglot import exp

from t2sql.catalog import GRAINS, Grain
from t2sql.compiler.calendar.periods import MONTHS_IN, Period, fits, is_coarser, read_literal
from t2sql.compiler.words.spelling import as_written
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

    def __init__(self, fiscal_year_start: int = 1) -> None:
        self.fiscal_year_start = fiscal_year_start
        self.literal_grains: set[Grain] = set()
        """A fiscal period counts as the coarsest calendar grain that it holds whole periods of."""

    @property
    def literal_grain(self) -> Grain | None:
        """The finest of them; None when no period was asked."""
        return min(self.literal_grains, key=GRAINS.index, default=None)

    def spans(self, node: exp.Expr) -> Spans:
        """The days that a condition leaves, as disjoint ascending spans. Raises NotComputable, RefusedSyntax."""
        if isinstance(node, exp.Paren):
            return self.spans(node.this)
        if isinstance(node, (exp.Or, exp.And)) and not all(mentions_time(side) for side in node.flatten()):
            raise _mixed(node)
        if isinstance(node, exp.Or):
            return merge([span for side in node.flatten() for span in self.spans(side)])
        if isinstance(node, exp.And):
            return intersect(self.spans(node.left), self.spans(node.right))
        if isinstance(node, exp.Not):
            return complement(self.spans(node.this))
        if isinstance(node, exp.Between) and grain_name(node.this):
            return self._between(node)
        if isinstance(node, exp.In) and grain_name(node.this) and node.expressions:
            return merge([(p.first, p.last) for p in (self._literal(node.this, e) for e in node.expressions)])
        sign = "=" if isinstance(node, exp.NEQ) else sign_of(node)
        if sign and isinstance(node, exp.Binary):
            left, right = node.left, node.right
            if grain_name(right):
                left, right, sign = right, left, MIRROR[sign]
            if grain_name(left):
                found = [_span(sign, self._literal(left, right))]
                return complement(found) if isinstance(node, exp.NEQ) else found
        raise _refusal(node)

    def _between(self, node: exp.Between) -> Spans:
        low, high = self._literal(node.this, node.args["low"]), self._literal(node.this, node.args["high"])
        if high.last < low.first:
            raise NotComputable(
                f"{as_written(node)!r} runs backwards, so no period is left.",
                "Write the earlier period first.",
                zh=("时间范围的起止颠倒，没有剩下任何期间。", "请把较早的期间写在前面。"),
            )
        return [(min(low.first, high.first), max(low.last, high.last))]

    def _literal(self, grain: exp.Expr, node: exp.Expr) -> Period:
        period = read_period(node, cast(Grain, grain_name(grain)), self.fiscal_year_start)
        calendar_grains = [g for g in GRAINS if g in MONTHS_IN and fits(period, g)]
        is_fiscal = period.label.startswith("FY")
        self.literal_grains.add(calendar_grains[-1] if is_fiscal else period.grain)
        return period


def read_period(node: exp.Expr, grain: Grain, fiscal_year_start: int = 1) -> Period:
    """The period a literal names, DATE '2024-12-31' among them; it may be coarser than `grain`, never finer."""
    literal = node.this if isinstance(node, exp.Cast) and node.is_type("date", "text", "varchar") else node
    if not isinstance(literal, exp.Literal):
        raise RefusedSyntax(
            f"{as_written(node)!r} is not a period.",
            "Write a literal such as '2024-12'.",
            zh=(f"{as_written(node)!r} 不是期间。", "请写成 '2024-12' 这样的形式。"),
        )
    period = read_literal(str(literal.this), fiscal_year_start)
    if isinstance(node, exp.Cast) and node.is_type("date") and period.grain != "day":
        raise RefusedSyntax(
            f"{as_written(node)!r} is not a date.",
            f"Write '{literal.this}' without DATE.",
            zh=(f"{as_written(node)!r} 不是日期。", f"请去掉 DATE，写成 '{literal.this}'。"),
        )
    if period.grain != grain and not is_coarser(period.grain, grain):
        raise NotComputable(
            f"{literal.this!r} is finer than {grain}.",
            f"Write {period.grain} = '{literal.this}'.",
            zh=(f"{literal.this!r} 比所问的期间更细。", f"请写成 {period.grain} = '{literal.this}'。"),
        )
    return period


def sign_of(node: exp.Expr) -> str:
    """=, <, <=, > or >= for a comparison; "" for anything else."""
    return next((sign for kind, sign in SIGNS if isinstance(node, kind)), "")


def compare_date(node: exp.Expr, column: exp.Column, grain: Grain, fiscal_year_start: int = 1) -> exp.Expr:
    """`quarter(matures_on) = '2026-Q4'` as a comparison of the date itself with the days of the period."""

    def read(literal: exp.Expr) -> Period:
        return read_period(literal, grain, fiscal_year_start)

    def between(period: Period, last: Period | None = None) -> exp.Expr:
        return exp.Between(this=column.copy(), low=day_literal(period.first), high=day_literal((last or period).last))

    if isinstance(node, exp.Between):
        return between(read(node.args["low"]), read(node.args["high"]))
    if isinstance(node, exp.In) and node.expressions:
        return exp.paren(exp.or_(*(between(read(e)) for e in node.expressions)), copy=False)
    sign = "=" if isinstance(node, exp.NEQ) else sign_of(node)
    if not sign or not isinstance(node, exp.Binary):
        raise NotComputable(
            f"{as_written(node)!r} cannot be computed.",
            "Use =, <>, <, <=, >, >=, BETWEEN or IN.",
            zh=(f"无法计算条件 {as_written(node)!r}。", "请用 =、<>、<、<=、>、>=、BETWEEN 或 IN。"),
        )
    is_mirrored = not node.left.find(exp.Column)
    period = read(node.left if is_mirrored else node.right)
    if sign == "=":
        return exp.Not(this=between(period)) if isinstance(node, exp.NEQ) else between(period)
    sign = MIRROR[sign] if is_mirrored else sign
    kind = next(kind for kind, name in SIGNS if name == sign)
    edge = period.last if sign in (">", "<=") else period.first
    return kind(this=column.copy(), expression=day_literal(edge))


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


def complement(spans: Spans) -> Spans:
    """All other days.

    >>> [str(b) for a, b in complement([(date(2024, 1, 1), date(2024, 1, 31))])]
    ['2023-12-31', '2999-12-31']
    """
    edges = [FAR_PAST, *(day for a, b in merge(spans) for day in (_next(a, -1), _next(b, 1))), FAR_FUTURE]
    return [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if a <= b]


def intersect(left: Spans, right: Spans) -> Spans:
    """Days that lie in both."""
    return [(max(a, c), min(b, d)) for a, b in left for c, d in right if max(a, c) <= min(b, d)]


def _next(day: date, step: int) -> date:
    return date.fromordinal(day.toordinal() + step)


def _mixed(node: exp.Expr) -> NotComputable:
    return NotComputable(
        f"{as_written(node)!r} joins a time condition to another with OR; a period holds for the whole table."
        if isinstance(node, exp.Or)
        else f"{as_written(node)!r} holds a time condition under OR or NOT; a period holds for the whole table.",
        "Join the period with AND, or ask in two questions.",
        zh=("时间条件不能与其他条件用 OR 或 NOT 相连，期间对整张表有效。", "请用 AND 连接期间，或分成两个问题。"),
    )


def _refusal(node: exp.Expr) -> NotComputable:
    text = repr(
        as_written(node).replace(" IS NULL", " IS NOT NULL") if isinstance(node.parent, exp.Not) else as_written(node)
    )
    if isinstance(node, (exp.Like, exp.ILike)):
        return NotComputable(
            f"{text}: a period is no text.",
            "Write year = '2025', or BETWEEN '2025-01' AND '2025-06'.",
            zh=(f"{text}：期间不是文本。", "请写 year = '2025'，或 BETWEEN '2025-01' AND '2025-06'。"),
        )
    return NotComputable(
        f"The time condition {text} cannot be computed.",
        "Use =, <>, <, <=, >, >=, BETWEEN or IN with period literals, joined by AND.",
        zh=(f"无法计算时间条件 {text}。", "请用 =、<>、<、<=、>、>=、BETWEEN 或 IN 与期间比较，并用 AND 连接。"),
    )


def _span(sign: str, period: Period) -> tuple[date, date]:
    if sign == "=":
        return period.first, period.last
    if sign == ">=":
        return period.first, FAR_FUTURE
    if sign == "<=":
        return FAR_PAST, period.last
    if sign == ">":
        return _next(period.last, 1), FAR_FUTURE
    return FAR_PAST, _next(period.first, -1)
