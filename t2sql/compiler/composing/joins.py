"""JOINs between relations: only where one side's whole key is matched, so that no row of the other side is doubled.

A NULL group meets a NULL group (IS NOT DISTINCT FROM, which DuckDB, PostgreSQL and Spark all run in INNER and LEFT
joins). Where the other side has further keys, the matched side's columns are repeated, and never summed again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlglot import exp

from t2sql.catalog import Catalog, Dimension
from t2sql.compiler.calendar.periods import read_literal
from t2sql.compiler.composing.additivity import REPEATED, key_name
from t2sql.compiler.composing.scope import Join, Scope, Source
from t2sql.compiler.relation import Carried, Relation
from t2sql.compiler.words.conditions import conjuncts
from t2sql.compiler.words.spelling import as_written
from t2sql.errors import NotComputable, RefusedSyntax


@dataclass(frozen=True, slots=True)
class Member:
    """One member of FROM as written."""

    source: Source
    join: exp.Join | None
    """None for the first."""


def joined_scope(
    members: list[Member], inner: Mapping[str, Relation], outer: frozenset[str], catalog: Catalog
) -> Scope:
    """The scope of FROM with its JOINs. Raises RefusedSyntax or NotComputable where rows would be doubled."""
    if len(members) == 1:
        return Scope.over(members[0].source, inner, outer)
    aliases = [m.source.alias.lower() for m in members]
    if len(set(aliases)) < len(aliases):
        raise RefusedSyntax("Two members of FROM have one name.", "Give each its own with AS.")
    single = {
        m.source.alias for m in members[1:] if m.join is not None and _is_cross(m.join) and not m.source.relation.keys
    }
    first = members[0].source
    if not first.relation.keys and not single and _is_cross(members[1].join):
        # FROM total CROSS JOIN rows: the one row is what is put beside the others.
        members = [replace(members[1], join=None), Member(first, members[1].join), *members[2:]]
        single, first = {first.alias}, members[0].source
    columns = [(first, _prefixed(c, first.alias)) for c in first.relation.columns]
    scope = Scope((first,), inner, (), tuple(columns), _prefix(first.relation.keys, first.alias), outer=outer)
    for member in members[1:]:
        assert member.join is not None
        if member.source.alias in single:
            scope = _with_single(scope, member.source)
        else:
            scope = _Pairing(scope, member.source, member.join, catalog).joined()
    return scope


def _is_cross(join: exp.Join | None) -> bool:
    if join is None:
        return False
    on = join.args.get("on")
    return not join.args.get("using") and (on is None or (isinstance(on, exp.Boolean) and bool(on.this)))


def _with_single(scope: Scope, source: Source) -> Scope:
    """A relation of one row beside every row, as subqueries that stand for its values."""
    added = tuple((replace(source, physical=""), replace(c, sums=frozenset(), key="")) for c in source.relation.columns)
    return replace(scope, sources=(*scope.sources, source), columns=(*scope.columns, *added))


def _repeated(carried: Carried) -> Carried:
    """A column whose value stands in several rows: a SUM would count it each time, or show a whole beside each part."""
    return replace(carried, sums=frozenset(), why=REPEATED)


def _prefix(keys: frozenset[str], alias: str) -> frozenset[str]:
    return frozenset(f"{alias}.{k}" for k in keys)


def _prefixed(carried: Carried, alias: str) -> Carried:
    key = f"{alias}.{carried.key}" if carried.key else ""
    return replace(carried, key=key, sums=_prefix(carried.sums, alias))


class _Pairing:
    """One JOIN onto a scope."""

    def __init__(self, scope: Scope, source: Source, join: exp.Join, catalog: Catalog) -> None:
        self.scope, self.source, self.join, self.catalog = scope, source, join, catalog
        kind, side = join.kind.upper(), join.side.upper()
        if side == "FULL":
            raise NotComputable(
                "FULL JOIN is not part of semantic SQL.",
                "Ask for both metrics in one SELECT from the model: rows of either stay.",
                zh=("不支持 FULL JOIN。", "请在同一个 SELECT 中查询两个指标，任一方有数据的行都会保留。"),
            )
        if side == "RIGHT":
            raise RefusedSyntax("RIGHT JOIN is not part of semantic SQL.", "Write LEFT JOIN, with the sides exchanged.")
        if kind not in ("", "INNER", "OUTER", "CROSS") or join.args.get("method"):
            raise RefusedSyntax(
                f"{join.method or kind} JOIN is not part of semantic SQL.", "Write JOIN or LEFT JOIN … ON."
            )
        self.is_left = side == "LEFT"
        self.right = [(source, _prefixed(c, source.alias)) for c in source.relation.columns]
        self.right_keys = _prefix(source.relation.keys, source.alias)
        self.right_scope = Scope((source,), scope.inner, (), tuple(self.right), self.right_keys)

    def joined(self) -> Scope:
        """The scope with the joined member."""
        pairs = self._pairs()
        for one, other in pairs:
            self._check_pair(one[1], other[1])
        met = {r.key: mine.key for (_s, mine), (_t, r) in pairs if r.key and mine.key}
        right_met = {r.key for _l, (_t, r) in pairs if r.key}
        left_met = {mine.key for (_s, mine), _r in pairs if mine.key}
        left = list(self.scope.columns)
        if self.right_keys <= right_met:
            keys = self.scope.keys
            right = [(s, self._carried(c, met, frozenset())) for s, c in self.right]
            if not keys <= set(met.values()):
                right = [(s, _repeated(c)) for s, c in right]
        elif self.scope.keys <= left_met:
            own = frozenset(met.get(k, k) for k in self.right_keys)
            # A row of the left without a match is told apart by the left's key.
            keys = own | self.scope.keys if self.is_left else own
            right = [
                (s, self._carried(c, {k: met.get(k, k) for k in self.right_keys}, keys - own)) for s, c in self.right
            ]
            if not own <= self.scope.keys:
                left = [(s, _repeated(c)) for s, c in left]
        else:
            raise self._not_unique(left_met, right_met)
        on = exp.and_(
            *(exp.NullSafeEQ(this=_tree(left_one), expression=_tree(right_one)) for left_one, right_one in pairs),
            copy=False,
        )
        merged = {r.column.name.lower() for _l, (_s, r) in pairs} if self.join.args.get("using") else set()
        return replace(
            self.scope,
            sources=(*self.scope.sources, self.source),
            joins=(*self.scope.joins, Join(self.source, self.is_left, on)),
            columns=(*left, *right),
            keys=keys,
            merged=self.scope.merged | merged,
        )

    @staticmethod
    def _carried(carried: Carried, met: Mapping[str, str], more: frozenset[str]) -> Carried:
        """A column of the joined side: its keys are those of the left that they meet."""
        sums = frozenset(met[k] for k in carried.sums if k in met) | (more if carried.sums else frozenset())
        return replace(carried, key=met.get(carried.key, ""), sums=sums)

    def _pairs(self) -> list[tuple[tuple[Source, Carried], tuple[Source, Carried]]]:
        """Columns set equal: (left, right)."""
        using = self.join.args.get("using") or []
        if using:
            names = [exp.column(exp.to_identifier(i.name)) for i in using]
            return [(self._find(self.scope, n), self._find(self.right_scope, n)) for n in names]
        on = self.join.args.get("on")
        if on is None or _is_cross(self.join):
            raise NotComputable(
                f"{self.source.alias!r} is joined without a condition, so every row would meet every other.",
                "Write JOIN … ON a.name = b.name with the whole key of one side; CROSS JOIN is for one row.",
            )
        found = []
        for part in conjuncts(on):
            node = part.this if isinstance(part, exp.Paren) else part
            if (
                not isinstance(node, exp.EQ)
                or not isinstance(node.left, exp.Column)
                or not isinstance(node.right, exp.Column)
            ):
                raise RefusedSyntax(
                    f"{as_written(part)!r}: ON sets columns equal, joined by AND.",
                    "Write ON a.name = b.name, and move other conditions to WHERE.",
                )
            left, right = node.left, node.right
            if left.table.lower() == self.source.alias.lower() or (
                not left.table and right.table and right.table.lower() != self.source.alias.lower()
            ):
                left, right = right, left
            found.append((self._find(self.scope, left), self._find(self.right_scope, right)))
        return found

    @staticmethod
    def _find(scope: Scope, column: exp.Column) -> tuple[Source, Carried]:
        typed = scope.column(column)
        return next((s, c) for s, c in scope.columns if c is typed.carried)

    def _check_pair(self, left: Carried, right: Carried) -> None:
        one, other = left.column, right.column
        kinds = {"number" if c.type in ("integer", "number") else c.type for c in (one, other)}
        if len(kinds) > 1 or "metric" in (one.kind, other.kind):
            raise NotComputable(
                f"{one.name!r} and {other.name!r} are not groups of one kind.",
                "Join on groups, such as branch or month.",
            )
        dimensions = [self.catalog.dimensions.get(c.dimension) for c in (left, right)]
        if dimensions[0] and dimensions[1] and not same_thing(dimensions[0], dimensions[1], self.catalog):
            raise NotComputable(
                f"{one.name!r} and {other.name!r} are different things, so none of their values meet.",
                "Join on the same dimension of either side.",
                zh=(f"{one.name} 与 {other.name} 不是同一种维度，无法连接。", "请用两边相同的维度连接。"),
            )
        grains = {read_literal(c.periods[0]).grain for c in (left, right) if c.periods}
        if len(grains) > 1:
            raise NotComputable(
                f"{one.name!r} and {other.name!r} are periods of different length.", "Ask for both at one grain."
            )

    def _not_unique(self, left_met: set[str], right_met: set[str]) -> NotComputable:
        mine = ", ".join(sorted(key_name(k) for k in self.scope.keys - left_met))
        theirs = ", ".join(sorted(key_name(k) for k in self.right_keys - right_met))
        return NotComputable(
            f"The join with {self.source.alias!r} would double rows: ON leaves out {theirs} of {self.source.alias!r}, "
            f"and {mine} of what stands before it.",
            f"Add {theirs} to ON, or leave it out of the SELECT that {self.source.alias!r} is.",
            zh=(
                f"与 {self.source.alias} 的连接会使行重复：ON 缺少 {theirs}。",
                f"请在 ON 里加上 {theirs}，或在该子查询中去掉它。",
            ),
        )


def same_thing(one: Dimension, other: Dimension, catalog: Catalog) -> bool:
    """Whether two dimensions hold the same values: one field, in whatever role, or one that conforms to the other."""
    names = {one.name, other.name}
    if len(names) == 1 or (one.dataset, one.field) == (other.dataset, other.field):
        return True
    return any(catalog.field_of(d).conforms_to in names for d in (one, other))


def _tree(found: tuple[Source, Carried]) -> exp.Column:
    return exp.column(exp.to_identifier(found[1].column.name), found[0].physical)
