"""Metrics that are calculated with each other: each counts as 0 where it has no rows, as inside a derived metric."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from t2sql.compiler.words.spelling import own_nodes
from t2sql.compiler.words.vocabulary import PART

_CALCULATIONS = (exp.Add, exp.Sub, exp.Mul, exp.Div)


def is_part(node: exp.Expr, is_measure: Callable[[exp.Expr], bool]) -> bool:
    """Whether a bare metric is added to, taken from, multiplied or divided by another measure."""
    if not isinstance(node, exp.Column):
        return False
    child: exp.Expr = node
    while isinstance(child.parent, (*_CALCULATIONS, exp.Paren, exp.Neg)):
        parent = child.parent
        if isinstance(parent, _CALCULATIONS):
            other = parent.right if parent.left is child else parent.left
            if any(isinstance(n, exp.Column) and (PART in n.meta or is_measure(n)) for n in own_nodes(other)):
                return True
        child = parent
    return False
