"""Days of the week in conditions: `ISODOW(paid_on) IN (6, 7)`, 1 for Monday to 7 for Sunday (ISO 8601)."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from t2sql.catalog import Field
from t2sql.compiler.words.spelling import as_written
from t2sql.errors import NotComputable

_DAYS = range(1, 8)


def is_weekday(node: exp.Expr | None) -> bool:
    """Whether a node is the day of the week of a bare name."""
    return isinstance(node, exp.DayOfWeekIso) and isinstance(node.this, exp.Column)


def check_weekday(condition: exp.Expr, is_date: Callable[[exp.Column], bool]) -> None:
    """Refuse a condition on days of the week that compares them with anything but 1 to 7, or a name that is no date.

    Raises NotComputable.
    """
    if isinstance(condition, exp.In):
        values = condition.expressions
    else:
        values = [condition.expression] if isinstance(condition, (exp.EQ, exp.NEQ)) else []
    are_days = bool(values) and all(v.is_int and int(v.name) in _DAYS for v in values)
    if not is_weekday(condition.this) or not are_days:
        text = as_written(condition)
        raise NotComputable(
            f"{text!r} does not compare days of the week with 1 to 7.",
            "Write isodow(paid_on) IN (6, 7): 1 is Monday, 7 is Sunday.",
            zh=(f"{text} 没有拿星期几与 1 到 7 比较。", "请写成 isodow(日期) IN (6, 7)：1 为周一，7 为周日。"),
        )
    _check_date(condition.this.this, is_date(condition.this.this))


def check_date(node: exp.Expr, item: Field) -> None:
    """Refuse the day of the week of `item` where that is no date. Raises NotComputable."""
    _check_date(node.this, item.is_time or item.type == "date")


def _check_date(column: exp.Column, is_date: bool) -> None:
    if not is_date:
        raise NotComputable(
            f"isodow() needs a date, not {column.name!r}.",
            "Name a date field, as isodow(paid_on) = 7.",
            zh=(f"isodow() 需要日期，{column.name} 不是日期。", "请写日期字段，例如 isodow(paid_on) = 7。"),
        )
