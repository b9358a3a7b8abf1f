"""Semantic SQL read into slots.

Reads the shape that rules and the llm write: one SELECT of names and comparisons, conditions joined by AND, one order.
Anything else has no slots, and is never edited by guess.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from t2sql.catalog import GRAINS, Catalog, Grain
from t2sql.conversation.slots import NOWHERE, Chosen, Measure, Order, Slots, Threshold
from t2sql.flow import Period
from t2sql.reading.time_conditions import time_condition

_CLAUSES = frozenset({"expressions", "from_", "from", "where", "group", "having", "order", "limit", "kind", "hint"})
_FLIPPED = {exp.GT: exp.LT, exp.LT: exp.GT, exp.GTE: exp.LTE, exp.LTE: exp.GTE, exp.EQ: exp.EQ, exp.NEQ: exp.NEQ}


def read_slots(semantic_sql: str, catalog: Catalog) -> Slots | None:
    """The slots of `semantic_sql`; None when it has another shape, or names what `catalog` lacks."""
    try:
        tree = sqlglot.parse_one(semantic_sql, read="duckdb")
    except SqlglotError:
        return None
    if not isinstance(tree, exp.Select) or {k for k, v in tree.args.items() if v} - _CLAUSES:
        return None
    table = tree.find(exp.Table)
    if table is None or table.name.lower() != catalog.name.lower() or table.alias:
        return None
    slots = _with_shown(tree, catalog)
    for clause in ("where", "having"):
        if slots and (node := tree.args.get(clause)):
            slots = _with_conditions(slots, node.this, catalog)
    if slots and (node := tree.args.get("order")):
        order = node.expressions[0] if len(node.expressions) == 1 else None
        if not isinstance(order, exp.Ordered):
            return None
        slots = replace(slots, order=Order(_tidy(order.this), bool(order.args.get("desc"))))
    if slots and (node := tree.args.get("limit")):
        if not isinstance(node.expression, exp.Literal) or not node.expression.this.isdigit():
            return None
        slots = replace(slots, limit=int(node.expression.this))
    return slots


def measure_of(node: exp.Expr, catalog: Catalog) -> Measure | None:
    """A metric or comparisons of one; None for anything else."""
    functions: list[str] = []
    over: tuple[str, ...] = ()
    while not isinstance(node, exp.Column):
        name, arguments = _call(node)
        if not name or not arguments:
            return None
        functions.append(name)
        if len(arguments) > 1:
            if not all(isinstance(a, exp.Column) and a.name.lower() in catalog.dimensions for a in arguments[1:]):
                return None
            over = tuple(a.name.lower() for a in arguments[1:])
        node = arguments[0]
    metric = node.name.lower()
    return Measure(metric, tuple(functions), over) if metric in catalog.metrics and not node.table else None


def read_measure(sql: str, catalog: Catalog) -> Measure | None:
    """`measure_of` for text."""
    return measure_of(sqlglot.parse_one(sql, read="duckdb"), catalog)


def _with_shown(tree: exp.Select, catalog: Catalog) -> Slots | None:
    measures: list[Measure] = []
    groups: list[str] = []
    grain: Grain | None = None
    for item in tree.expressions:
        name = item.name.lower() if isinstance(item, exp.Column) and not item.table else ""
        if found := next((g for g in GRAINS if g == name), None):
            if grain:
                return None
            grain = found
        elif name in catalog.dimensions:
            groups.append(name)
        elif (measure := measure_of(item, catalog)) is not None:
            measures.append(measure)
        else:
            return None
    return Slots(tuple(measures), tuple(groups), grain) if measures else None


def _with_conditions(slots: Slots, node: exp.Expr, catalog: Catalog) -> Slots | None:
    for part in _conjuncts(node):
        columns = {c.name.lower() for c in part.find_all(exp.Column)}
        if part.find(exp.Select):
            if not {c.name.lower() for c in part.find_all(exp.Column)} <= {
                *catalog.dimensions,
                *catalog.metrics,
                *GRAINS,
            }:
                return None
            slots = replace(slots, others=(*slots.others, part.sql("duckdb", normalize_functions="lower")))
        elif columns and columns <= set(GRAINS):
            found = _periods(part)
            if found is None:
                slots = replace(slots, times=(*slots.times, part.sql("duckdb", normalize_functions="lower")))
            else:
                slots = replace(slots, periods=(*slots.periods, *found))
        elif (values := _chosen(part, catalog)) is not None:
            slots = replace(slots, chosen=(*slots.chosen, values))
        elif (bound := _threshold(part, catalog)) is not None:
            slots = replace(slots, thresholds=(*slots.thresholds, bound))
        elif columns <= {*catalog.dimensions, *catalog.metrics, *GRAINS}:
            slots = replace(slots, others=(*slots.others, part.sql("duckdb", normalize_functions="lower")))
        else:
            return None
    return _one_range(slots)


def _one_range(slots: Slots) -> Slots:
    """month >= a AND month <= b is one range; two other time conditions stay as they are written."""
    if len(slots.times) != 2 or slots.periods:
        return slots if not (slots.times and slots.periods) else _all_written(slots)
    bounds = [sqlglot.parse_one(t, read="duckdb") for t in slots.times]
    lows = [b for b in bounds if isinstance(b, exp.GTE)]
    highs = [b for b in bounds if isinstance(b, exp.LTE)]
    if len(lows) == len(highs) == 1 and lows[0].this == highs[0].this and all(_literals(b) for b in bounds):
        grain = _grain(lows[0].this)
        if grain:
            period = Period(NOWHERE, grain, lows[0].expression.this, highs[0].expression.this)
            return replace(slots, times=(), periods=(period,))
    return slots


def _all_written(slots: Slots) -> Slots:
    told = tuple(time_condition([p], None).sql for p in slots.periods)
    return replace(slots, periods=(), times=(*told, *slots.times))


def _periods(node: exp.Expr) -> tuple[Period, ...] | None:
    """Periods that a condition on grains names, any of them; None for other shapes."""
    if isinstance(node, exp.Paren):
        return _periods(node.this)
    if isinstance(node, exp.Or):
        left, right = _periods(node.this), _periods(node.expression)
        return (*left, *right) if left and right else None
    grain = _grain(node.this) if isinstance(node, (exp.EQ, exp.In, exp.Between)) else None
    texts = _literals(node)
    if grain is None or not texts:
        return None
    if isinstance(node, exp.Between):
        return (Period(NOWHERE, grain, texts[0], texts[1]),)
    return tuple(Period(NOWHERE, grain, text, text) for text in texts)


def _grain(node: exp.Expr) -> Grain | None:
    name = node.name.lower() if isinstance(node, exp.Column) else ""
    return next((g for g in GRAINS if g == name), None)


def _literals(node: exp.Expr) -> list[str]:
    """Texts that a comparison compares with; [] when it compares with anything else."""
    if isinstance(node, exp.In):
        nodes = node.expressions
    elif isinstance(node, exp.Between):
        nodes = [node.args["low"], node.args["high"]]
    else:
        nodes = [node.expression]
    is_text = all(isinstance(n, exp.Literal) and n.is_string for n in nodes)
    return [n.this for n in nodes] if nodes and is_text else []


def _chosen(node: exp.Expr, catalog: Catalog) -> Chosen | None:
    is_negated = isinstance(node, exp.Not)
    inner = node.this if is_negated else node
    if isinstance(inner, exp.NEQ):
        is_negated = not is_negated
    if not isinstance(inner, (exp.EQ, exp.NEQ, exp.In)) or not isinstance(inner.this, exp.Column):
        return None
    name, values = inner.this.name.lower(), _literals(inner)
    return Chosen(name, tuple(values), is_negated) if values and name in catalog.dimensions else None


def _threshold(node: exp.Expr, catalog: Catalog) -> Threshold | None:
    if isinstance(node, exp.Between):
        measure = measure_of(node.this, catalog)
        return Threshold(measure, node.sql("duckdb", normalize_functions="lower")) if measure else None
    if type(node) not in _FLIPPED:
        return None
    left, right = measure_of(node.this, catalog), measure_of(node.expression, catalog)
    measure = left or right
    if measure is None or (left and right):
        return None
    return Threshold(measure, node.sql("duckdb", normalize_functions="lower"))


def _conjuncts(node: exp.Expr) -> Iterator[exp.Expr]:
    if isinstance(node, exp.And):
        yield from _conjuncts(node.this)
        yield from _conjuncts(node.expression)
    elif isinstance(node, exp.Paren) and isinstance(node.this, exp.And):
        yield from _conjuncts(node.this)
    else:
        yield node


def _call(node: exp.Expr) -> tuple[str, list[exp.Expr]]:
    """Lower-case name and arguments of a function; ("", []) for anything else."""
    if isinstance(node, exp.Anonymous):
        return str(node.this).lower(), list(node.expressions)
    if isinstance(node, exp.Func) and not isinstance(node, (exp.And, exp.Or, exp.Cast, exp.Case)):
        first = [node.this] if isinstance(node.this, exp.Expr) else []
        return node.sql_name().lower(), [*first, *node.expressions]
    return "", []


def _tidy(node: exp.Expr) -> str:
    return node.sql("duckdb", normalize_functions="lower").lower()
