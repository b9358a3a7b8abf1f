"""What each column of a SELECT is made of: the physical columns it comes from, through subqueries and CTEs.

Works on names alone, without a schema, so it may say too little about SQL that it cannot follow; it never raises.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.scope import Scope, build_scope

DEEPEST = 40
AGGREGATES = {
    exp.Sum: "sum", exp.Count: "count", exp.Avg: "avg", exp.Min: "min", exp.Max: "max", exp.Median: "median",
    exp.CountIf: "count", exp.Quantile: "quantile", exp.PercentileCont: "quantile", exp.Stddev: "stddev",
    exp.StddevSamp: "stddev", exp.Variance: "variance",
}  # fmt: skip


@dataclass(slots=True)
class Made:
    """What one output column is made of."""

    leaves: set[str] = field(default_factory=set)
    """Physical columns whose values it shows; not those of conditions, and not those that are only counted."""
    aggregates: set[str] = field(default_factory=set)
    """Names of aggregates: "sum", "count", "count distinct" …; () for a plain column."""
    tables: set[str] = field(default_factory=set)
    """Physical tables that those columns, or the rows counted, stand in, where the SQL says which."""

    @property
    def is_measure(self) -> bool:
        """Whether an aggregate made it."""
        return bool(self.aggregates)


def outputs_of(tree: exp.Query) -> list[Made]:
    """One Made a column of the outermost SELECT; [] where the tree cannot be followed."""
    try:
        scope = build_scope(tree)
        if scope is None:
            return []
        return [_column(scope, index, 0) for index in range(len(tree.selects))]
    except (RecursionError, SqlglotError):
        return []


def _column(scope: Scope, index: int, depth: int) -> Made:
    """Output number `index` of a scope, of every branch of a set operation."""
    made = Made()
    branches = list(_branches(scope))
    for branch in branches:
        selects = branch.expression.selects if isinstance(branch.expression, exp.Query) else []
        if index < len(selects):
            _read(selects[index].unalias(), branch, made, depth)
    if len(branches) > 1 and made.aggregates and len(made.aggregates) > 1:
        made.aggregates.discard("max")  # several facts meet under MAX
    return made


def _branches(scope: Scope) -> Iterator[Scope]:
    if scope.set_operation_scopes:
        for one in scope.set_operation_scopes:
            yield from _branches(one)
    else:
        yield scope


def _read(node: exp.Expr, scope: Scope, made: Made, depth: int) -> None:
    if depth > DEEPEST:
        return
    if isinstance(node, exp.Column):
        _resolve(node, scope, made, depth)
        return
    if isinstance(node, exp.Query):
        inner = next((s for s in scope.subquery_scopes if s.expression is node.unnest()), None)
        if inner is not None:
            _merge(made, _column(inner, 0, depth + 1))
        return
    if isinstance(node, (exp.Window, exp.Filter)):
        _read(node.this, scope, made, depth + 1)
        return
    if isinstance(node, exp.Case | exp.If):
        _read_case(node, scope, made, depth)
        return
    if (name := _aggregate(node)) is not None:
        _read_aggregate(node, name, scope, made, depth)
        return
    for child in node.iter_expressions():
        _read(child, scope, made, depth + 1)


def _read_aggregate(node: exp.Expr, name: str, scope: Scope, made: Made, depth: int) -> None:
    inner = Made()
    for child in node.iter_expressions():
        _read(child, scope, inner, depth + 1)
    if not inner.leaves:
        _count_rows(scope, made, depth)
    if name == "count":
        is_distinct = isinstance(node.this, exp.Distinct)
        made.aggregates.add("count distinct" if is_distinct else "count")
        made.tables |= inner.tables
        made.leaves |= inner.leaves if is_distinct else set()
        return
    if name == "sum" and not inner.leaves and not inner.aggregates:
        name = "count"  # SUM(CASE WHEN … THEN 1 ELSE 0 END)
    if name == "sum" and inner.aggregates & {"count", "count distinct"}:
        name = ""  # counts of parts, added up
    if name == "max" and inner.aggregates:
        name = ""  # one figure of each fact, put side by side
    made.aggregates |= {name} - {""}
    _merge(made, inner)


def _count_rows(scope: Scope, made: Made, depth: int) -> None:
    """The table whose rows are counted: that of FROM."""
    start = scope.expression.args.get("from_") if isinstance(scope.expression, exp.Select) else None
    source = scope.sources.get(start.this.alias_or_name) if start is not None else None
    if isinstance(source, exp.Table):
        made.tables.add(source.name.lower())
    elif isinstance(source, Scope) and depth < DEEPEST:
        _count_rows(next(_branches(source)), made, depth + 1)


def _read_case(node: exp.Case | exp.If, scope: Scope, made: Made, depth: int) -> None:
    branches = node.args.get("ifs") or [] if isinstance(node, exp.Case) else [node]
    values = [branch.args["true"] for branch in branches]
    other = node.args.get("default") if isinstance(node, exp.Case) else node.args.get("false")
    for value in (*values, *([other] if other is not None else [])):
        if not (isinstance(value, exp.Literal) and value.name in ("0", "1")):
            _read(value, scope, made, depth + 1)


def is_rate(node: exp.Case | exp.If) -> bool:
    """Whether it is a rate that is 1 for one currency, which says nothing about what is measured."""
    branches = node.args.get("ifs") or [] if isinstance(node, exp.Case) else [node]
    other = node.args.get("default") if isinstance(node, exp.Case) else node.args.get("false")
    first = branches[0].args["true"] if len(branches) == 1 else None
    return isinstance(first, exp.Literal) and first.name == "1" and isinstance(other, exp.Column)


def _resolve(column: exp.Column, scope: Scope, made: Made, depth: int) -> None:
    """Follow one name to where it is stored."""
    name = column.name.lower()
    sources = [scope.sources[column.table]] if column.table in scope.sources else list(scope.sources.values())
    if column.table and column.table not in scope.sources:
        made.leaves.add(name)  # of an outer SELECT
        return
    for source in sources:
        if isinstance(source, Scope) and (index := _index_of(source, name)) is not None:
            _merge(made, _column(source, index, depth + 1))
            return
    tables = [source for source in sources if isinstance(source, exp.Table)]
    if not column.table and isinstance(scope.expression, exp.Select):
        for shown in scope.expression.selects:
            is_it = isinstance(shown, exp.Alias) and shown.alias.lower() == name
            if is_it and column not in shown.find_all(exp.Column):
                _read(shown.this, scope, made, depth + 1)
                return
    made.leaves.add(name)
    made.tables |= {tables[0].name.lower()} if len(tables) == 1 else set()


def _index_of(scope: Scope, name: str) -> int | None:
    first = next(_branches(scope)).expression
    if not isinstance(first, exp.Query):
        return None
    names = [select.alias_or_name.lower() for select in first.selects]
    return names.index(name) if name in names else None


def _aggregate(node: exp.Expr) -> str | None:
    for kind, name in AGGREGATES.items():
        if isinstance(node, kind):
            return name
    return "other" if isinstance(node, exp.AggFunc) and not isinstance(node, exp.RowNumber) else None


def _merge(made: Made, other: Made) -> None:
    made.leaves |= other.leaves
    made.tables |= other.tables
    made.aggregates |= other.aggregates
