"""What the names of one SELECT over relations mean: its FROM, the columns that come out of it, and their keys.

A column is found by its name alone, or after the alias of what it comes from; nothing is looked up outside.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlglot import exp

from t2sql.compiler.composing.value_names import ValueNames
from t2sql.compiler.relation import Carried, Names, Relation
from t2sql.compiler.words.spelling import as_written
from t2sql.errors import RefusedSyntax, UnknownName, did_you_mean
from t2sql.flow import Column, Understood

NO_COLUMN = Column("", "metric", "number", "", "", "", "", "")


@dataclass(frozen=True, slots=True)
class Typed:
    """A piece of physical SQL that knows what it shows."""

    tree: exp.Expr
    carried: Carried
    is_constant: bool = False
    """One value for all rows: a literal, or a subquery of one row."""

    @property
    def type(self) -> str:
        """text, integer, number, date, boolean; "" for NULL."""
        return self.carried.column.type if self.carried.column.kind else ""

    @property
    def is_number(self) -> bool:
        """Whether it can be calculated with."""
        return self.carried.column.type in ("integer", "number")


@dataclass(frozen=True, slots=True)
class Source:
    """One member of FROM."""

    alias: str
    """What the person calls it; "" for the core of a SELECT from the model."""
    table: str
    """The CTE it reads."""
    physical: str
    """The alias of the CTE in SQL; "" for one row whose values stand as subqueries."""
    relation: Relation

    @classmethod
    def of(cls, alias: str, relation: Relation, names: Names, wanted: str) -> Source:
        """`relation` as a CTE: the one it just passes on, or a new one named `wanted`."""
        passed = _passed_on(relation)
        if passed:
            return cls(alias, passed, passed, relation)
        name = names.new(wanted)
        return cls(alias, name, name, replace(relation, ctes=(*relation.ctes, (name, finished(relation)))))

    def called(self, alias: str, physical: str) -> Source:
        """The same under another alias."""
        return replace(self, alias=alias, physical=physical)


def finished(relation: Relation, most: int | None = None) -> exp.Expr:
    """The relation's query with the ORDER BY and LIMIT that were asked, and at most `most` rows."""
    query = relation.query
    limits = [n for n in (relation.limit, most) if n is not None]
    if not limits and not relation.offset:
        return query
    assert isinstance(query, (exp.Select, exp.SetOperation))
    query = query.copy()
    if relation.order:
        query.set("order", exp.Order(expressions=[o.copy() for o in relation.order]))
    if limits:
        query = query.limit(min(limits), copy=False)
    return query.offset(relation.offset, copy=False) if relation.offset else query


def _passed_on(relation: Relation) -> str:
    """The CTE that the query passes on unchanged, column by column; "" where it does more."""
    query = relation.query
    if relation.limit is not None or relation.offset or not isinstance(query, exp.Select):
        return ""
    if {k for k, v in query.args.items() if v} != {"expressions", "from_"}:
        return ""
    table = query.args["from_"].this
    plain = all(isinstance(c, exp.Column) for c in query.expressions)
    is_cte = isinstance(table, exp.Table) and any(name == table.name for name, _query in relation.ctes)
    return table.name if plain and is_cte and not table.alias else ""


@dataclass(frozen=True, slots=True)
class Join:
    """One JOIN: INNER or LEFT, on equal columns, NULL meeting NULL."""

    source: Source
    is_left: bool
    on: exp.Expr


@dataclass(frozen=True)
class Scope:
    """The FROM of one SELECT, its columns and its keys."""

    sources: tuple[Source, ...]
    inner: Mapping[str, Relation] = field(default_factory=dict)
    """Relations of subqueries in expressions, by CTE name."""
    joins: tuple[Join, ...] = ()
    columns: tuple[tuple[Source, Carried], ...] = ()
    """Every column with where it comes from; keys and sums are those of the whole FROM."""
    keys: frozenset[str] = frozenset()
    merged: frozenset[str] = frozenset()
    """Names that USING made one of."""
    value_names: ValueNames | None = None
    """Other names of values; None where nothing looks them up."""
    outer: frozenset[str] = frozenset()
    """Aliases of the SELECTs around this one, whose columns may not be read here."""

    @classmethod
    def over(cls, source: Source, inner: Mapping[str, Relation], outer: frozenset[str] = frozenset()) -> Scope:
        """The FROM of one relation."""
        columns = tuple((source, c) for c in source.relation.columns)
        return cls((source,), inner, (), columns, source.relation.keys, outer=outer)

    def column(self, node: exp.Column) -> Typed:
        """The column that a name means. Raises UnknownName or RefusedSyntax."""
        name, table = node.name.lower(), node.table.lower()
        found = [
            (source, carried)
            for source, carried in self.columns
            if carried.column.name.lower() == name and (not table or source.alias.lower() == table)
        ]
        if len(found) > 1 and not table and name in self.merged:
            found = found[:1]
        if len(found) > 1:
            raise RefusedSyntax(
                f"{node.name!r} may be a column of {' or of '.join(repr(s.alias) for s, _c in found)}.",
                f"Write {found[0][0].alias}.{node.name}.",
            )
        if not found:
            raise self._unknown(node)
        source, carried = found[0]
        if not source.physical:
            value = exp.select(exp.column(exp.to_identifier(carried.column.name), source.table)).from_(source.table)
            return Typed(value.subquery(copy=False), carried, is_constant=True)
        return Typed(exp.column(exp.to_identifier(carried.column.name), source.physical), carried)

    def _unknown(self, node: exp.Column) -> UnknownName | RefusedSyntax:
        table = node.table.lower()
        if table and table in self.outer and table not in {s.alias.lower() for s in self.sources}:
            return RefusedSyntax(
                f"{as_written(node)!r} belongs to the SELECT around the subquery, which runs on its own.",
                f"Leave {node.table} out, and choose with {node.name} IN (SELECT {node.name} FROM …).",
            )
        names = [c.column.name for s, c in self.columns if not table or s.alias.lower() == table]
        told = ", ".join(dict.fromkeys(names))
        if table and table not in {s.alias.lower() for s in self.sources}:
            aliases = ", ".join(s.alias for s in self.sources)
            return UnknownName(f"Unknown name {as_written(node)!r}.", f"FROM holds {aliases}.")
        return UnknownName(
            f"Unknown column {as_written(node)!r}.{did_you_mean(node.name, names)}",
            f"The columns here are {told}." if told else "Name a column of FROM.",
        )

    def scalar(self, node: exp.Subquery) -> Typed:
        """A subquery that is provably one value. Raises RefusedSyntax."""
        relation = self.relation_of(node)
        if len(relation.columns) != 1:
            raise RefusedSyntax("A subquery that stands for a value must have one column.", "Select one column in it.")
        if relation.keys and relation.limit != 1:
            raise RefusedSyntax(
                "A subquery that stands for a value must have one row, and this one is grouped.",
                "Leave the groups out of it, or compare with IN.",
                zh=("用作数值的子查询只能有一行，而它有分组。", "请去掉子查询里的分组，或用 IN。"),
            )
        carried = relation.columns[0]
        return Typed(node.copy(), replace(carried, sums=frozenset(), key=""), is_constant=True)

    def relation_of(self, node: exp.Expr) -> Relation:
        """The relation behind a subquery that was compiled."""
        table = node.find(exp.Table)
        assert table is not None
        return self.inner[table.name]

    def attach(self, select: exp.Select) -> exp.Select:
        """`select` with its FROM and JOINs."""
        select = select.from_(_table(self.sources[0]), copy=False)
        for join in self.joins:
            kind = "left" if join.is_left else "inner"
            select = select.join(_table(join.source), on=join.on.copy(), join_type=kind, copy=False)
        return select

    def completed(self, relation: Relation) -> Relation:
        """`relation`, made in this scope, with everything that it stands on."""
        trees = (relation.query, *relation.order, *(q for _n, q in relation.ctes))
        read = {t.name for tree in trees for t in tree.find_all(exp.Table)}
        made = self.value_names.made if self.value_names else {}
        inner = [r for n, r in (*made.items(), *self.inner.items()) if n in read]
        return together([(s.alias, s.relation) for s in self.sources], relation, inner)


def _table(source: Source) -> exp.Expr:
    table = exp.to_table(source.table)
    return table.as_(source.physical) if source.physical != source.table else table


def together(parts: Sequence[tuple[str, Relation]], like: Relation, inner: Iterable[Relation] = ()) -> Relation:
    """`like` with everything that it stands on: the (name, relation) it reads, and subqueries in its conditions."""
    ctes: dict[str, exp.Expr] = {}
    inner = list(inner)
    every = [*inner, *(r for _name, r in parts), like]
    for relation in every:
        for name, query in relation.ctes:
            ctes.setdefault(name, query)
    return replace(
        like,
        ctes=tuple(ctes.items()),
        checks=tuple(dict.fromkeys(c for r in every for c in r.checks)),
        notes=tuple(dict.fromkeys(n for r in every for n in r.notes)),
        provenance=tuple(dict.fromkeys(p for r in every for p in r.provenance)),
        understood=_told(parts, like, inner),
    )


def _told(parts: Sequence[tuple[str, Relation]], like: Relation, inner: Sequence[Relation]) -> Understood:
    """What several SELECTs understood, told as one. A condition of one part of several is told with the part's name;
    those inside a subquery are told with the subquery.
    """
    every = [r.understood for r in (*(r for _n, r in parts), *inner, like)]
    conditions = [
        condition if len(parts) == 1 else f"[{name}] {condition}"
        for name, part in parts
        for condition in part.understood.conditions
    ]
    own = like.understood
    return Understood(
        tuple(dict.fromkeys(p for u in every for p in u.periods)),
        tuple(sorted({d for u in every for d in u.as_of})),
        tuple(dict.fromkeys((*conditions, *own.conditions))),
        own.order,
        own.limit,
        any(u.is_default_period for u in every),
        own.offset,
    )
