"""Semantic SQL in the parts that a follow-up can change, and back to text.

Reads the shape that rules and the llm write: one SELECT of names and comparisons, conditions joined by AND, one order.
Anything else has no slots, and is never edited by guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from t2sql.catalog import GRAINS, Catalog, Grain
from t2sql.flow import Period, Span
from t2sql.reading.time_conditions import time_condition

NOWHERE = Span(0, 0)
"""Span of a period that stands in no question."""
_CLAUSES = frozenset({"expressions", "from_", "from", "where", "group", "having", "order", "limit", "kind", "hint"})
_FLIPPED = {exp.GT: exp.LT, exp.LT: exp.GT, exp.GTE: exp.LTE, exp.LTE: exp.GTE, exp.EQ: exp.EQ, exp.NEQ: exp.NEQ}


@dataclass(frozen=True, slots=True)
class Measure:
    """A metric, or comparisons of it: rank(yoy(x)) is functions ("rank", "yoy") of x."""

    metric: str
    functions: tuple[str, ...] = ()
    """Outermost first."""
    over: tuple[str, ...] = ()
    """Further arguments of the innermost function: the dimensions of a share."""

    def sql(self) -> str:
        """As semantic SQL writes it."""
        node: exp.Expr = exp.column(self.metric)
        for place, function in enumerate(reversed(self.functions)):
            others = [exp.column(name) for name in self.over] if place == 0 else []
            node = exp.Anonymous(this=function, expressions=[node, *others])
        return node.sql("duckdb", normalize_functions="lower")


@dataclass(frozen=True, slots=True)
class Chosen:
    """Values that a dimension must have, or must not."""

    dimension: str
    values: tuple[str, ...]
    is_negated: bool = False


@dataclass(frozen=True, slots=True)
class Threshold:
    """A condition on one measure."""

    measure: Measure
    sql: str
    """The whole condition."""

    def of(self, measure: Measure) -> Threshold:
        """The same bounds for another measure."""
        node = sqlglot.parse_one(self.sql, read="duckdb")
        for inner in list(node.find_all(exp.Func, exp.Column)):
            if _measure_text(inner) == self.measure.sql():
                inner.replace(sqlglot.parse_one(measure.sql(), read="duckdb"))
                break
        return Threshold(measure, node.sql("duckdb", normalize_functions="lower"))


@dataclass(frozen=True, slots=True)
class Order:
    """What rows are sorted by."""

    sql: str
    """A measure, a dimension or a grain."""
    descending: bool


@dataclass(frozen=True, slots=True)
class Slots:
    """One semantic SQL in its parts."""

    measures: tuple[Measure, ...]
    groups: tuple[str, ...] = ()
    grain: Grain | None = None
    periods: tuple[Period, ...] = ()
    """() where the SQL names no period."""
    times: tuple[str, ...] = ()
    """Time conditions that are no plain periods, as they are written."""
    chosen: tuple[Chosen, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    others: tuple[str, ...] = ()
    """Conditions of any other kind, as they are written."""
    order: Order | None = None
    limit: int | None = None

    @property
    def is_dated(self) -> bool:
        """Whether it names a period."""
        return bool(self.periods or self.times)

    @property
    def metrics(self) -> tuple[str, ...]:
        """Names of the metrics shown, each once."""
        return tuple(dict.fromkeys(m.metric for m in self.measures))

    def names(self) -> Iterator[str]:
        """Every metric and dimension that it needs."""
        for measure in (*self.measures, *(t.measure for t in self.thresholds)):
            yield measure.metric
            yield from measure.over
        yield from self.groups
        yield from (c.dimension for c in self.chosen)


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


def write(slots: Slots, catalog: Catalog) -> str:
    """Slots as semantic SQL: what is shown, conditions on time, values, measures, order, limit."""
    time = time_condition(slots.periods, slots.grain)
    grain = slots.grain or time.grain
    where = [time.sql] * bool(time.sql) + list(slots.times)
    where += [condition(one) for one in slots.chosen]
    where += [*slots.others, *(t.sql for t in slots.thresholds)]
    columns = [*([grain] if grain else []), *slots.groups, *(m.sql() for m in slots.measures)]
    select = sqlglot.select(*columns, dialect="duckdb").from_(catalog.name)
    if where:
        select = select.where(*where, dialect="duckdb")
    if slots.order:
        key = sqlglot.parse_one(slots.order.sql, read="duckdb")
        select = select.order_by(exp.Ordered(this=key, desc=slots.order.descending or None, nulls_first=False))
    if slots.limit is not None:
        select = select.limit(slots.limit)
    return _plain_order(select.sql("duckdb", normalize_functions="lower"))


def condition(chosen: Chosen) -> str:
    """Values of a dimension as a condition of semantic SQL."""
    column = exp.column(chosen.dimension)
    if len(chosen.values) == 1:
        value = exp.Literal.string(chosen.values[0])
        node: exp.Expr = (
            exp.NEQ(this=column, expression=value) if chosen.is_negated else exp.EQ(this=column, expression=value)
        )
    else:
        node = exp.In(this=column, expressions=[exp.Literal.string(v) for v in chosen.values])
        if chosen.is_negated:
            node = exp.Not(this=node)
    return node.sql("duckdb", normalize_functions="lower")


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


def _measure_text(node: exp.Expr) -> str:
    return re.sub(r"\s+", " ", node.sql("duckdb", normalize_functions="lower")).lower()


def _tidy(node: exp.Expr) -> str:
    return node.sql("duckdb", normalize_functions="lower").lower()


def _plain_order(sql: str) -> str:
    """NULLS LAST is the order of semantic SQL anyway."""
    return re.sub(r" NULLS (?:FIRST|LAST)", "", sql)
