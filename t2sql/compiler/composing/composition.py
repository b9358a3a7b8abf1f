"""Walks a parsed statement: SELECTs from the model or a dataset are leaves; CTEs, subqueries, joins, set operations and
outer SELECTs stand over their relations.

Every CTE ends up in one WITH at the top. It compiles subqueries before what holds them, and lets none see the names
around it.
"""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from t2sql.compiler.calendar.time_conditions import grain_name
from t2sql.compiler.composing.aggregates import is_aggregated
from t2sql.compiler.composing.aggregation import Aggregation
from t2sql.compiler.composing.joins import Member, joined_scope, same_thing
from t2sql.compiler.composing.projection import project
from t2sql.compiler.composing.scope import Source
from t2sql.compiler.composing.select_list import projection_of
from t2sql.compiler.composing.set_operations import combine
from t2sql.compiler.composing.statement import reads_of
from t2sql.compiler.composing.value_names import ValueNames
from t2sql.compiler.describe import written
from t2sql.compiler.relation import Names, Relation
from t2sql.compiler.rows.layers import layered
from t2sql.compiler.rows.rows import compile_rows
from t2sql.compiler.semantic import compile_semantic
from t2sql.compiler.words.conditions import conjuncts
from t2sql.compiler.words.parse import unwrapped
from t2sql.compiler.words.spelling import TOLD, as_written, own_nodes, table_of
from t2sql.errors import NotComputable, RefusedSyntax, UnknownName, did_you_mean
from t2sql.flow import Loads
from t2sql.policy import Narrowed

NOTHING: frozenset[str] = frozenset()
MOST_READS = 500


class Composer:
    """Compiles one statement whose names are spelled; used once."""

    def __init__(self, narrowed: Narrowed, loads: Loads) -> None:
        self.narrowed, self.catalog, self.loads = narrowed, narrowed.catalog, loads
        self.names = Names(table.rsplit(".", 1)[-1] for table in narrowed.grants)
        self.value_names = ValueNames(narrowed, self.names)
        self.ctes: dict[str, Source] = {}
        self.is_alone = False
        """Whether the statement is one SELECT, whose CTEs need no prefix."""

    def compile(self, root: exp.Expr) -> Relation:
        """The relation of the whole statement. Raises QueryError."""
        with_ = root.args.get("with_") or root.args.get("with")
        for cte in with_.expressions if with_ else ():
            self._cte(cte)
        relation = self._query(root, "", NOTHING)
        if reads_of(relation.query, relation.ctes) > MOST_READS:
            raise NotComputable("That reads its parts too many times over.", "Use each part of WITH fewer times.")
        return relation

    def _cte(self, cte: exp.CTE) -> None:
        name = cte.alias
        if cte.args["alias"].args.get("columns"):
            raise RefusedSyntax(f"{name!r} names its columns in brackets.", "Name them with AS inside its SELECT.")
        taken = {self.catalog.name, *self.catalog.datasets}
        if name.lower() in {t.lower() for t in taken}:
            raise RefusedSyntax(f"{name!r} is taken, so it cannot name a WITH.", "Choose another name after WITH.")
        if name.lower() in self.ctes:
            raise RefusedSyntax(f"Two parts of WITH are named {name!r}.", "Give each a name of its own.")
        plain = self.names.new(name)
        relation = self._query(cte.this, plain, NOTHING)
        # The name was reserved for the query itself; where it only passes a CTE on, that one is read.
        self.ctes[name.lower()] = _as_source(name, relation, plain)

    def _query(self, node: exp.Expr, prefix: str, outer: frozenset[str]) -> Relation:
        node = unwrapped(node)
        if isinstance(node, exp.SetOperation):
            left = self._query(node.this, prefix, outer)
            _name_literals(unwrapped(node.expression), left)
            return combine(node, left, self._query(node.expression, prefix, outer), self.names, prefix)
        if isinstance(node, exp.Select):
            return self._select(node, prefix, outer)
        raise RefusedSyntax(
            f"{as_written(node)!r} is no SELECT of its own.", "Move ORDER BY and LIMIT into the brackets."
        )

    def _select(self, select: exp.Select, prefix: str, outer: frozenset[str]) -> Relation:
        table = table_of(select)
        name = table.name.lower() if table is not None else ""
        is_leaf = not select.args.get("joins") and name not in self.ctes
        if is_leaf and name == self.catalog.name.lower():
            _check_time(select)
            copy, inner = self._with_inner(select, prefix, outer)
            relation = compile_semantic(copy, self.narrowed, self.loads, self.names, prefix, inner, told=select)
            return _retold(relation, select, copy) if inner else relation
        if is_leaf and name in (d.lower() for d in self.catalog.datasets):
            return self._rows(select, prefix, outer)
        members = self._members(select, prefix, outer)
        aliases = outer | {m.source.alias.lower() for m in members}
        copy, inner = self._with_inner(select, prefix, aliases)
        scope = replace(joined_scope(members, inner, outer, self.catalog), value_names=self.value_names)
        if is_aggregated(copy):
            relation = Aggregation(copy, scope, self.names, self.catalog, prefix).relation()
        else:
            relation = project(scope, projection_of(copy, scope), self.names, self.catalog)
        return _retold(relation, select, copy) if inner else relation

    def _rows(self, select: exp.Select, prefix: str, outer: frozenset[str]) -> Relation:
        wrapped = layered(select, self.catalog)
        if wrapped is not None:
            relation = self._select(wrapped, prefix, outer)
            # The inner SELECT was told the default period.
            select.set("where", wrapped.args["from_"].this.this.args.get("where"))
            return relation
        _check_time(select)
        copy, inner = self._with_inner(select, prefix, outer)
        relation = compile_rows(copy, self.narrowed, self.loads, self.names, prefix, inner, told=select)
        return _retold(relation, select, copy) if inner else relation

    # -- FROM -------------------------------------------------------------------------------------------------
    def _members(self, select: exp.Select, prefix: str, outer: frozenset[str]) -> list[Member]:
        clause = select.args.get("from_")
        if clause is None:
            raise RefusedSyntax("FROM must name the model.", f"Write FROM {self.catalog.name}.")
        joins = select.args.get("joins") or []
        members = [Member(self._member(clause.this, bool(joins), prefix, outer), None)]
        members += [Member(self._member(join.this, True, prefix, outer), join) for join in joins]
        return self._apart(members)

    def _member(self, node: exp.Expr, is_joined: bool, prefix: str, outer: frozenset[str]) -> Source:
        if isinstance(node, exp.Subquery):
            alias = node.alias
            if node.args["alias"].args.get("columns") if node.args.get("alias") else False:
                raise RefusedSyntax("A subquery names its columns in brackets.", "Name them with AS inside it.")
            wanted = "_".join(w for w in (prefix, alias or "part") if w)
            plain = self.names.new(wanted)
            return _as_source(alias or plain, self._query(node.this, plain, outer), plain)
        if not isinstance(node, exp.Table) or not isinstance(node.this, exp.Identifier) or node.args.get("db"):
            raise RefusedSyntax("FROM must name the model.", f"Write FROM {self.catalog.name}.")
        name = node.name.lower()
        if name in self.ctes:
            return replace(self.ctes[name], alias=node.alias or node.name)
        if is_joined and name in {self.catalog.name.lower(), *(d.lower() for d in self.catalog.datasets)}:
            raise NotComputable(
                f"{node.name!r} is not joined: names reach their tables by themselves.",
                f"Leave the JOIN out, and name metrics and dimensions in one SELECT FROM {self.catalog.name}; "
                f"or join SELECTs, as WITH t AS (SELECT … FROM {self.catalog.name}).",
                zh=(f"{node.name} 不需要连接：名称会自动找到所需的表。", "请去掉 JOIN，在一个 SELECT 里写指标和维度。"),
            )
        known = [self.catalog.name, *(s.alias for s in self.ctes.values())]
        told = f", or {', '.join(known[1:])}" if len(known) > 1 else ""
        raise UnknownName(
            f"Unknown model {node.name!r}.{did_you_mean(node.name, known)}", f"Write FROM {self.catalog.name}{told}."
        )

    def _apart(self, members: list[Member]) -> list[Member]:
        """Members with physical aliases of their own, where one CTE stands several times or a name is not ASCII."""
        found = []
        # A physical table is nobody's to know: what clashes with one gets another name, and no word.
        taken = {table.rsplit(".", 1)[-1].lower() for table in self.narrowed.grants}
        for member in members:
            source = member.source
            plain = source.alias if source.alias.isascii() and source.alias.isidentifier() else source.table
            physical, number = source.table if len(members) == 1 else plain, 1
            while physical.lower() in taken:
                number += 1
                physical = f"{plain}_{number}"
            taken.add(physical.lower())
            found.append(replace(member, source=replace(source, physical=physical)))
        return found

    def _check_set(self, node: exp.In, relation: Relation) -> None:
        """The subquery of IN has one column, of the same thing as what is looked up in it."""
        if len(relation.columns) != 1:
            raise RefusedSyntax("The subquery of IN must have one column.", "Select the one that is compared.")
        left, right = node.this, relation.columns[0]
        one = self.catalog.dimensions.get(left.name) if isinstance(left, exp.Column) else None
        if one is None:
            is_metric = isinstance(left, exp.Column) and left.name in self.catalog.metrics
            if is_metric and right.column.type not in ("integer", "number"):
                raise NotComputable(
                    f"{as_written(left)!r} is a number, looked up among values of {right.column.name!r}.",
                    "Select a metric in the subquery, or look a dimension up.",
                    zh=(f"{as_written(left)} 是数值，而 {right.column.name} 不是。", "请在子查询中选择同类的列。"),
                )
            return
        other = self.catalog.dimensions.get(right.dimension)
        if right.column.kind == "metric" or (other and not same_thing(one, other, self.catalog)):
            raise NotComputable(
                f"{one.name!r} is looked up among values of {right.column.name!r}, which is something else.",
                f"Select {one.name} in the subquery.",
                zh=(f"{one.name} 与子查询里的 {right.column.name} 不是同一种值。", f"请在子查询中选择 {one.name}。"),
            )

    # -- subqueries in expressions ----------------------------------------------------------------------------
    def _with_inner(
        self, select: exp.Select, prefix: str, outer: frozenset[str]
    ) -> tuple[exp.Select, dict[str, Relation]]:
        """The SELECT with its subqueries read out of CTEs, and their relations by CTE name."""
        found = _subqueries(select)
        if not found:
            return select, {}
        copy = select.copy()
        inner: dict[str, Relation] = {}
        for node, twin in zip(found, _subqueries(copy), strict=True):
            if isinstance(node, exp.Exists):
                raise RefusedSyntax(
                    "EXISTS is not part of semantic SQL.",
                    f"Write name IN (SELECT name FROM {self.catalog.name} WHERE …).",
                    zh=("不支持 EXISTS。", f"请写成 维度 IN (SELECT 维度 FROM {self.catalog.name} WHERE …)。"),
                )
            is_set = isinstance(node.parent, exp.In)
            word = "chosen" if is_set else "figure"
            plain = self.names.new("_".join(w for w in (prefix, word) if w))
            source = _as_source("", self._query(node.this, plain, outer), plain)
            if is_set:
                assert isinstance(node.parent, exp.In)
                self._check_set(node.parent, source.relation)
            inner[source.table] = source.relation
            columns = [exp.column(exp.to_identifier(c.column.name), source.table) for c in source.relation.columns]
            stand_in = exp.select(*columns).from_(source.table).subquery(copy=False)
            stand_in.meta[TOLD] = node.sql("duckdb", normalize_functions="lower")
            twin.replace(stand_in)
        return copy, inner


def _as_source(alias: str, relation: Relation, plain: str) -> Source:
    """A relation under the name `plain`, which is its own already."""
    reserved = Names(())
    return Source.of(alias, relation, reserved, plain)


def _name_literals(arm: exp.Expr, first: Relation) -> None:
    """A bare literal in a later arm is named as the first arm's column."""
    items = arm.expressions if isinstance(arm, exp.Select) else []
    for item, column in zip(items, first.columns, strict=False):
        if isinstance(item, exp.Literal):
            item.replace(exp.alias_(item.copy(), exp.to_identifier(column.column.name)))


def _check_time(select: exp.Select) -> None:
    """A period is named, never taken from a subquery: which data are read must be known before any are read."""
    clauses = [c for key in ("where", "having") if (c := select.args.get(key))]
    for part in (p for c in clauses for p in conjuncts(c.this)):
        has_grain = any(grain_name(c) for c in own_nodes(part))
        if has_grain and any(isinstance(n, exp.Subquery) for n in own_nodes(part)):
            raise NotComputable(
                f"{as_written(part)!r}: a period may not come from a subquery.",
                "Write a period literal, as month = '2025-12'.",
                zh=(f"{as_written(part)}：期间不能来自子查询。", "请写明期间，例如 month = '2025-12'。"),
            )


def _retold(relation: Relation, asked: exp.Select, copy: exp.Select) -> Relation:
    """The relation with subqueries in its conditions told as the person wrote them."""
    pairs = [(written(twin), written(node)) for node, twin in zip(_subqueries(asked), _subqueries(copy), strict=True)]
    conditions = []
    for condition in relation.understood.conditions:
        for inside, text in pairs:
            condition = condition.replace(inside, text)
        conditions.append(condition)
    return replace(relation, understood=replace(relation.understood, conditions=tuple(conditions)))


def _subqueries(select: exp.Select) -> list[exp.Expr]:
    """Subqueries in the expressions of one SELECT, in order; those of FROM and those inside others left out."""
    parts = [select.args.get(k) for k in ("expressions", "where", "having", "group", "order", "qualify")]
    nodes = [n for part in parts for n in (part if isinstance(part, list) else [part]) if isinstance(n, exp.Expr)]
    return [
        n
        for node in nodes
        for n in own_nodes(node)
        if isinstance(n, exp.Exists) or (isinstance(n, exp.Subquery) and n is not None)
    ]
