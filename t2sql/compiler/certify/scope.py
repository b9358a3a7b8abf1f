"""Where every name in finished SQL comes from: CTEs, aliases and columns, traced down to source subqueries.

A name that comes out of nothing proven is refused. Nothing here may look at a predicate; that is `certify_source`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlglot import exp

from t2sql.compiler.certify.allowed import parts_of
from t2sql.compiler.certify.names import PLAIN_NAME, refuse
from t2sql.compiler.certify.source import QUERIES, Fold, Sources, conjuncts, table_name

MOST_READS = 2_000
MOST_GROWTH = 10_000

_TEXT_JOINS = (exp.DPipe, exp.Concat)
_TOTALS = (exp.Sum, exp.Count, exp.Avg, exp.Min, exp.Max)
_COMPARISONS = (exp.EQ, exp.NullSafeEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between)


@dataclass(frozen=True, slots=True)
class _Cost:
    reads: int = 0
    """Tables and lists read when every CTE is put in its places; bounds what a chain of self-joins can grow to."""
    growth: int = 1
    """How many times its parts' length a text can be; bounds what a chain of CTEs that join texts can grow to."""

    def __add__(self, other: _Cost) -> _Cost:
        return _Cost(self.reads + other.reads, max(self.growth, other.growth))


@dataclass(frozen=True, slots=True)
class _Relation:
    outputs: tuple[str, ...]
    cost: _Cost
    is_one_row: bool = False
    """Proven to have one row at most."""


@dataclass(frozen=True, slots=True)
class _Scope:
    items: Mapping[str, frozenset[str]]
    """Alias -> its columns."""
    own: frozenset[str] = frozenset()
    """Output names that ORDER BY, GROUP BY, HAVING and QUALIFY may use."""
    outer: _Scope | None = None

    def has(self, column: exp.Column, fold: Fold) -> bool:
        name, table = fold(column.name), fold(column.table)
        if table:
            if table in self.items:
                return name in self.items[table]
        elif name in self.own or any(name in names for names in self.items.values()):
            return True
        return bool(self.outer and self.outer.has(column, fold))


class Proof:
    """Walks the queries from the CTEs up, so that every name is known to come from a source that was proven."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._fold = sources.fold
        self._ctes: dict[str, _Relation] = {}

    def root(self, tree: exp.Expr) -> None:
        """Prove the whole statement. Raises CertifyError."""
        with_ = tree.args.get("with_")
        for cte in with_.expressions if with_ else ():
            name = self._fold(cte.alias)
            if not PLAIN_NAME.fullmatch(cte.alias) or name in self._sources.names or name in self._ctes:
                raise refuse(f"A CTE may not be named {cte.alias!r}.")
            if not isinstance(cte.this, exp.Select | exp.SetOperation):
                raise refuse(f"CTE {cte.alias!r} must be a SELECT.")
            self._ctes[name] = self._renamed(self._query(cte.this, None), cte.args["alias"])
        self._query(tree, None)

    def _query(self, node: exp.Expr, outer: _Scope | None) -> _Relation:
        while isinstance(node, exp.Subquery):
            node = node.this
        if isinstance(node, exp.Select):
            found = self._select(node, outer)
        elif isinstance(node, exp.SetOperation):
            found = self._set_operation(node, outer)
        elif isinstance(node, exp.Values):
            found = self._values(node)
        else:
            raise refuse(f"{type(node).__name__} may not stand where a SELECT is wanted.")
        if found.cost.reads > MOST_READS:
            raise refuse(f"The SQL reads more than {MOST_READS:,} tables in all.")
        if found.cost.growth > MOST_GROWTH:
            raise refuse(f"The SQL makes texts more than {MOST_GROWTH:,} times as long.")
        return found

    def _values(self, node: exp.Values) -> _Relation:
        width = max((len(row.expressions) for row in node.expressions if isinstance(row, exp.Tuple)), default=1)
        cost, _ = self._expressions([node.args["expressions"]], _Scope({}))
        return _Relation(tuple(f"col{i}" for i in range(width)), cost + _Cost(1))

    def _set_operation(self, node: exp.SetOperation, outer: _Scope | None) -> _Relation:
        arms: list[exp.Expr] = []
        arm: exp.Expr = node
        while isinstance(arm, exp.SetOperation):
            if arm is not node and (arm.args.get("order") or arm.args.get("limit")):
                raise refuse("An inner set operation may have no ORDER BY or LIMIT of its own.")
            arms.append(arm.expression)
            arm = arm.this
        found = [self._query(one, outer) for one in (arm, *reversed(arms))]
        self._expressions([node.args.get("order")], _Scope({}, frozenset(found[0].outputs)))
        return _Relation(found[0].outputs, sum((relation.cost for relation in found), _Cost()))

    def _select(self, select: exp.Select, outer: _Scope | None) -> _Relation:
        from_ = select.args.get("from_")
        table = from_.this if from_ else None
        if isinstance(table, exp.Table) and table_name(table, self._fold) in self._sources:
            return _Relation(self._sources.outputs(select, table), _Cost(1))
        items: dict[str, frozenset[str]] = {}
        cost, pieces, is_one_row = _Cost(), 1, True
        if table:
            read = self._add(table, items)
            cost, is_one_row = read.cost, read.is_one_row
        for join in select.args.get("joins") or ():
            earlier = dict(items)
            read = self._add(join.this, items)
            cost += read.cost
            if join.kind.upper() == "CROSS":
                if not (read.is_one_row or is_one_row) or join.side or join.args.get("on"):
                    raise refuse("A CROSS JOIN needs one side that has one row: totals, or LIMIT 1.")
                is_one_row = is_one_row and read.is_one_row
                continue
            is_one_row = False
            self._check_on(join, _Scope(earlier), _Scope({a: n for a, n in items.items() if a not in earlier}))
            cost += self._expressions([join.args["on"]], _Scope(items, outer=outer))[0]
        inner = _Scope(items, outer=outer)
        outputs = tuple(
            self._fold(item.alias_or_name) if isinstance(item, exp.Alias | exp.Column) else ""
            for item in select.expressions
        )
        late = _Scope(items, frozenset(outputs), outer)
        for parts, scope in (
            ([select.expressions, select.args.get("where")], inner),
            ([select.args.get(part) for part in ("group", "having", "qualify", "order")], late),
        ):
            more, joined = self._expressions(parts, scope)
            cost, pieces = cost + more, max(pieces, joined)
        cost = _Cost(cost.reads, cost.growth * pieces)
        return _Relation(outputs, cost, is_one_row or _has_one_row(select))

    def _add(self, item: exp.Expr, items: dict[str, frozenset[str]]) -> _Relation:
        """Enter one member of FROM under its alias."""
        if isinstance(item, exp.Table):
            name = table_name(item, self._fold)
            if name in self._sources:
                raise refuse(f"Table {name!r} may be read only in a subquery of its own.")
            if name not in self._ctes:
                raise refuse(f"Table {name!r} is neither granted nor a CTE defined before.")
            found = self._ctes[name]
        elif isinstance(item, QUERIES):
            found = self._query(item, None)
        else:
            raise refuse(f"{type(item).__name__} may not stand in FROM.")
        alias = self._fold(item.alias_or_name)
        if (alias and not PLAIN_NAME.fullmatch(alias)) or alias in items:
            raise refuse(f"A table alias may not be {alias!r}.")
        found = self._renamed(found, item.args.get("alias"))
        items[alias or f"({len(items)})"] = frozenset(found.outputs)
        return found

    def _check_on(self, join: exp.Join, earlier: _Scope, added: _Scope) -> None:
        if join.args.get("on") is None:
            raise refuse("A join needs its ON.")
        for part in conjuncts(join.args["on"]):
            columns = list(part.find_all(exp.Column)) if isinstance(part, _COMPARISONS) else []
            if any(earlier.has(c, self._fold) for c in columns) and any(added.has(c, self._fold) for c in columns):
                return
        raise refuse("The ON of a join must compare a column of either side.")

    def _expressions(self, parts: Iterable[object], scope: _Scope) -> tuple[_Cost, int]:
        """Check that every column in `parts` comes out of `scope` and every subquery is proven.

        Returns the subqueries' cost, and the most columns and subqueries of one part that joins texts.
        """
        cost, most = _Cost(), 1
        for part in parts:
            for one in part if isinstance(part, list) else [part]:
                stack = [one] if isinstance(one, exp.Expr) else []
                pieces, is_joined = 0, False
                while stack:
                    node = stack.pop()
                    if isinstance(node, exp.Column):
                        pieces += 1
                        if not scope.has(node, self._fold):
                            raise refuse(f"Column {node.sql('duckdb')!r} comes out of nothing that is read.")
                    elif isinstance(node, QUERIES):
                        pieces += 1
                        cost += self._query(node, scope).cost
                    else:
                        is_joined = is_joined or isinstance(node, _TEXT_JOINS)
                        stack += parts_of(node)
                if is_joined:
                    most = max(most, pieces)
        return cost, most

    def _renamed(self, relation: _Relation, alias: object) -> _Relation:
        """`relation` with the column names that a table alias gives it."""
        named = alias.args.get("columns") or () if isinstance(alias, exp.TableAlias) else ()
        columns = [self._fold(c.name) for c in named]
        if len(columns) > len(relation.outputs):
            raise refuse("An alias names more columns than there are.")
        return replace(relation, outputs=(*columns, *relation.outputs[len(columns) :]))


def _has_one_row(select: exp.Select) -> bool:
    """Whether `select` cannot have two rows: LIMIT 1, or an aggregate in its list and no groups."""
    limit = select.args.get("limit")
    if limit is not None and int(limit.expression.name) == 1:
        return True
    if select.args.get("group"):
        return False
    stack: list[exp.Expr] = list(select.expressions)
    while stack:
        node = stack.pop()
        if isinstance(node, _TOTALS):
            return True
        # What a window or a subquery aggregates leaves the rows of this SELECT as they are.
        if not isinstance(node, (exp.Window, *QUERIES)):
            stack += parts_of(node)
    return False
