"""What calculating does to a figure: its unit, its type, and over which keys it still adds up. Trees in, trees out."""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from t2sql.compiler.composing.additivity import CALCULATED
from t2sql.compiler.composing.scope import NO_COLUMN, Typed
from t2sql.compiler.facts.metrics import divide, wrap
from t2sql.compiler.relation import Carried
from t2sql.compiler.words.day_counts import days_between
from t2sql.compiler.words.spelling import as_written
from t2sql.errors import NotComputable


def figure(tree: exp.Expr, like: Typed, unit: str, sums: frozenset[str], type_: str = "") -> Typed:
    """A calculated figure; `like` gives the type, `unit` what may be added to it."""
    kind = type_ or like.carried.column.type
    shown = "" if " " in unit else unit
    column = replace(NO_COLUMN, type="integer" if kind == "integer" else "number", unit=shown)
    return Typed(tree, Carried(column, sums, unit=unit, why=CALCULATED), like.is_constant)


def add(node: exp.Add | exp.Sub, left: Typed, right: Typed) -> Typed:
    """left + right, or left - right; of two dates, the days between. Raises NotComputable where the units differ."""
    if isinstance(node, exp.Sub) and left.type == right.type == "date":
        days = days_between(exp.Sub(this=wrap(left.tree), expression=wrap(right.tree)))
        return figure(days, replace(left, is_constant=False), "", frozenset(), "integer")
    check_numbers(node, left, right)
    tree = node.__class__(this=wrap(left.tree), expression=wrap(right.tree))
    unit = _unit_of_sum(node, left, right)
    sums = frozenset() if left.is_constant or right.is_constant else left.carried.sums & right.carried.sums
    both = replace(left, is_constant=left.is_constant and right.is_constant)
    return figure(tree, both, unit, sums, "integer" if left.type == right.type == "integer" else "number")


def _unit_of_sum(node: exp.Expr, left: Typed, right: Typed) -> str:
    one, other = left.carried.unit, right.carried.unit
    if one == other == "ratio" and isinstance(node, exp.Sub) and not isinstance(left.tree, exp.Literal):
        return "points"
    if one == other or not one or not other:
        return one or other
    if {one, other} == {"ratio", "points"}:
        return "ratio"
    raise NotComputable(
        f"{as_written(node)!r} puts {_told(one)} and {_told(other)} together.",
        "Add and subtract figures of one unit only.",
        zh=(f"{as_written(node)} 把单位不同的数相加减（{one} 与 {other}）。", "请只对同一单位的指标加减。"),
    )


def _told(unit: str) -> str:
    return {"ratio": "a ratio", "count": "a count", "points": "a difference of ratios"}.get(unit, unit)


def multiply(node: exp.Mul, left: Typed, right: Typed) -> Typed:
    """left × right: a constant keeps what adds up, and hides the unit, for 123 万元 is not 123 元."""
    check_numbers(node, left, right)
    tree = exp.Mul(this=wrap(left.tree), expression=wrap(right.tree))
    sums: frozenset[str] = frozenset()
    if left.is_constant or right.is_constant:
        sums = (right if left.is_constant else left).carried.sums
    one, other = left.carried.unit, right.carried.unit
    unit = other if one == "ratio" else one if other == "ratio" else ""
    literal = next((t for t in (left, right) if t.is_constant and not t.carried.unit), None)
    if literal:
        scaled = right if literal is left else left
        unit = scaled_unit(scaled.carried.unit, f"* {literal.tree.sql()}")
    both = replace(left, is_constant=left.is_constant and right.is_constant)
    return figure(tree, both, unit, sums, "integer" if left.type == right.type == "integer" else "number")


def over(node: exp.Div, left: Typed, right: Typed) -> Typed:
    """left / right as DOUBLE, NULL where right is 0; two figures of one unit make a ratio."""
    check_numbers(node, left, right)
    sums = left.carried.sums if right.is_constant else frozenset()
    one, other = left.carried.unit, right.carried.unit
    if right.is_constant and not other:
        unit = scaled_unit(one, f"/ {right.tree.sql()}")
    elif one and one == other:
        unit = "ratio"
    else:
        unit = one if other in ("count", "ratio") else ""
    both = replace(left, is_constant=left.is_constant and right.is_constant)
    return figure(divide(left.tree, right.tree), both, unit, sums, "number")


def scaled_unit(unit: str, scale: str) -> str:
    """A unit that is no longer shown, and that adds up only with what was scaled alike."""
    return f"{unit} {scale}" if unit else ""


def check_numbers(node: exp.Expr, *parts: Typed) -> None:
    """Refuse to calculate with texts and dates."""
    sides = (node.this, node.args.get("expression"))
    for part, side in zip(parts, sides if len(parts) > 1 else (node,), strict=False):
        if part.type and not part.is_number:
            told = as_written(side) if side is not None and side is not node else part.carried.column.name
            raise NotComputable(
                f"{as_written(node)!r} calculates with {told or as_written(part.tree)!r}, which is no number.",
                "Calculate with metrics and numbers.",
            )
