"""Which SELECTs from the model hold only names, so that they need no layer of expressions."""

from __future__ import annotations

from sqlglot import exp

from t2sql.catalog import GRAINS, Catalog
from t2sql.compiler.calendar.time_conditions import grain_name
from t2sql.compiler.request import COMPARISONS
from t2sql.compiler.words.clauses import inner_of, order_of
from t2sql.compiler.words.conditions import call_of, conjuncts, counts_days, grain_call
from t2sql.compiler.words.spelling import own_nodes

_CALLS = (*COMPARISONS, *GRAINS, "measure")


def is_plain(select: exp.Select, catalog: Catalog) -> bool:
    """Whether a SELECT from the model holds only names and comparisons, one grain, and no clause beyond LIMIT."""
    if any(select.args.get(key) for key in ("qualify", "distinct", "offset")):
        return False
    items = [inner_of(item) for item in select.expressions]
    if len({g for item in items if (g := grain_name(item))}) > 1:
        return False
    order = [item.this for item in order_of(select)]
    if not all(_is_name(item) or isinstance(item, exp.Star) for item in items):
        return False
    if not all(_is_name(item) or isinstance(item, exp.Literal) for item in order):
        return False
    clauses = [c for key in ("where", "having") if (c := select.args.get(key))]
    return not any(
        is_late(n, {i.alias.lower() for i in select.expressions if isinstance(i, exp.Alias)}, catalog)
        for c in clauses
        for n in conjuncts(c.this)
    )


def _is_name(node: exp.Expr) -> bool:
    while isinstance(node, exp.Paren):
        node = node.this
    if isinstance(node, exp.Column):
        return True
    if isinstance(node, exp.Window):
        return False
    is_call = call_of(node)[0] in _CALLS or grain_call(node)[0] in GRAINS
    return is_call or isinstance(node, exp.AggFunc | exp.Anonymous)


def is_late(conjunct: exp.Expr, aliases: set[str], catalog: Catalog) -> bool:
    """Whether a condition needs the outer layer: it computes, reads a value from a subquery, or names a calculation."""
    for node in own_nodes(conjunct):
        if isinstance(node, exp.Subquery) and not isinstance(node.parent, exp.In):
            return True
        if isinstance(node, (exp.Case, exp.If, exp.Window, exp.Coalesce, exp.Round, exp.Abs, exp.Greatest, exp.Least)):
            return True
        if counts_days(node, catalog):
            continue
        # Of two metrics a side without rows counts as 0, as in a SELECT list.
        if isinstance(node, (exp.Add, exp.Sub, exp.Mul, exp.Div)) and all(
            side.find(exp.Column) for side in (node.left, node.right)
        ):
            return True
        if isinstance(node, exp.Column) and not node.table and node.name.lower() in aliases:
            return True
    return False
