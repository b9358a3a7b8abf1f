"""Shapes of SQL that can be parsed and mean nothing, or that engines read differently: refused before names are read.

Looks at one node and what stands around it; knows no catalog.
"""

from __future__ import annotations

from sqlglot import exp

from t2sql.compiler.calendar.time_conditions import COMPARE
from t2sql.compiler.words.spelling import as_written
from t2sql.errors import RefusedSyntax

_BESIDE_STAR = (exp.Select, exp.Alias, exp.Distinct, exp.AggFunc, exp.Anonymous)
_MEANS = (exp.Column, exp.Subquery, exp.Anonymous, exp.AggFunc, exp.Window)


def check_shape(node: exp.Expr) -> None:
    """Raises RefusedSyntax."""
    if isinstance(node, exp.Select) and not node.expressions:
        raise RefusedSyntax(
            "Nothing is selected.",
            "Name at least one metric or dimension.",
            zh=("没有选择任何列。", "请至少写一个指标或维度。"),
        )
    if isinstance(node, exp.Star):
        _check_star(node)
    elif isinstance(node, exp.In) and not node.expressions and not node.args.get("query"):
        raise RefusedSyntax(
            f"{as_written(node)!r}: IN needs a list in brackets.",
            "Write name IN ('a', 'b').",
            zh=("IN 后面需要括号里的列表。", "请写成 名称 IN ('a', 'b')。"),
        )
    elif isinstance(node, exp.Is) and not isinstance(node.expression, (exp.Null, exp.Boolean)):
        raise RefusedSyntax(
            f"{as_written(node)!r}: IS goes with NULL, TRUE or FALSE.",
            "Write =, or IS NULL.",
            zh=("IS 只能与 NULL、TRUE、FALSE 连用。", "请用 =，或写 IS NULL。"),
        )
    elif isinstance(node, COMPARE):
        if any(isinstance(side, COMPARE) for side in (node.this, node.expression)):
            raise RefusedSyntax(
                f"{as_written(node)!r} compares what is compared already.",
                "Join comparisons by AND.",
                zh=(f"{as_written(node)} 连续使用了比较符。", "请用 AND 连接各个比较。"),
            )
    elif isinstance(node, exp.Ordered):
        _check_order(node)


def _check_star(star: exp.Star) -> None:
    holder = star.parent.parent if isinstance(star.parent, exp.Column) else star.parent
    if holder is not None and not isinstance(holder, _BESIDE_STAR):
        raise RefusedSyntax("* is not part of an expression.", "Name the columns.")


def _check_order(item: exp.Ordered) -> None:
    """A constant orders nothing; a whole number is a column's place, but not in a window."""
    inner = item.this
    is_window = item.parent is not None and isinstance(item.parent.parent, exp.Window)
    if isinstance(inner, exp.Literal) and inner.is_int and not is_window:
        return
    if inner.find(*_MEANS) is None:
        raise RefusedSyntax(
            f"{as_written(inner)} is a value, not a name: it orders nothing.",
            "Order by a metric or a dimension" + (", as OVER (ORDER BY month)." if is_window else "."),
            zh=(f"{as_written(inner)} 是取值，不能用来排序。", "请按指标或维度排序。"),
        )
