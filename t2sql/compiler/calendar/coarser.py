"""A period's label cut to a coarser grain: '2024-05' by quarter is '2024-Q2'. Text in, text out, as SQL."""

from __future__ import annotations

from sqlglot import exp

from t2sql.compiler.calendar.periods import MONTHS_IN
from t2sql.compiler.words.spelling import TOLD
from t2sql.errors import NotComputable


def coarser_label(label: exp.Expr, grain: str, coarser: str) -> exp.Expr:
    """SQL for the label of the `coarser` period around `label`, a label of `grain`. Raises NotComputable for weeks."""
    if "week" in (grain, coarser):
        raise NotComputable(
            f"A {coarser} cannot be told from a {grain} beside it.", f"Ask by {grain} alone, or by {coarser} alone."
        )
    if coarser in ("year", "month"):
        return _told(_part(label, 1, 4 if coarser == "year" else 7), coarser)
    size = MONTHS_IN[coarser]
    ifs = [
        exp.If(this=_within(label, grain, number, size), true=exp.Literal.string(f"-{coarser[0].upper()}{number}"))
        for number in range(1, 12 // size + 1)
    ]
    return _told(exp.DPipe(this=_part(label, 1, 4), expression=exp.Case(ifs=ifs), safe=True), coarser)


def _told(tree: exp.Expr, coarser: str) -> exp.Expr:
    """`tree`, which errors call by the grain that it stands for."""
    tree.meta[TOLD] = coarser
    return tree


def _within(label: exp.Expr, grain: str, number: int, size: int) -> exp.Expr:
    """Whether a label lies up to the end of period `number` of its year, those before being tested first."""
    if grain == "quarter":
        return exp.LTE(this=_part(label, 6, 2), expression=exp.Literal.string(f"Q{number * size // 3}"))
    return exp.LTE(this=_part(label, 6, 2), expression=exp.Literal.string(f"{number * size:02d}"))


def _part(label: exp.Expr, start: int, length: int) -> exp.Expr:
    return exp.Substring(this=label.copy(), start=exp.Literal.number(start), length=exp.Literal.number(length))
