"""Conditions over the columns of relations: comparisons checked for type and unit, period literals read, NULLs kept.

What would quietly choose nothing (a number against a text, `= NULL`, a literal that is no period) is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import cast

from sqlglot import exp

from t2sql.catalog import Catalog
from t2sql.compiler.calendar.periods import is_coarser, period_of, read_literal
from t2sql.compiler.calendar.time_conditions import COMPARE, MIRROR, SIGNS, sign_of
from t2sql.compiler.composing.scope import Scope, Typed
from t2sql.compiler.facts.metrics import wrap
from t2sql.compiler.relation import Carried
from t2sql.compiler.words.conditions import conjuncts, missing_meets_missing
from t2sql.compiler.words.spelling import as_written
from t2sql.errors import NotComputable, RefusedSyntax

_LIKES = (exp.Like, exp.ILike)
_CLASSES: dict[str, type[exp.Binary]] = {sign: kind for kind, sign in SIGNS}


class Comparing:
    """Reads the conditions of one SELECT."""

    def __init__(self, read: Callable[[exp.Expr], Typed], scope: Scope, catalog: Catalog) -> None:
        self.read, self.scope, self.catalog = read, scope, catalog

    def is_condition(self, node: exp.Expr) -> bool:
        """Whether `node` is true or false."""
        kinds = (*COMPARE, exp.And, exp.Or, exp.Not, exp.Between, exp.In, exp.Is, *_LIKES)
        return isinstance(node, kinds)

    def condition(self, node: exp.Expr) -> exp.Expr:
        """A condition as SQL. Raises RefusedSyntax, NotComputable, UnknownName."""
        if isinstance(node, exp.Paren):
            return exp.Paren(this=self.condition(node.this))
        if isinstance(node, (exp.And, exp.Or)):
            parts = [self.condition(part) for part in node.flatten()]
            return (exp.and_ if isinstance(node, exp.And) else exp.or_)(*parts, copy=False)
        if isinstance(node, exp.Not):
            inner = self.condition(node.this)
            is_plain = isinstance(inner, exp.Is)
            return exp.Not(this=inner if is_plain else exp.Coalesce(this=inner, expressions=[exp.false()]))
        if isinstance(node, exp.In):
            return self._membership(node)
        if isinstance(node, exp.Between):
            return self._between(node)
        if isinstance(node, exp.Is):
            return self._is(node)
        if isinstance(node, _LIKES):
            return self._like(node)
        if isinstance(node, COMPARE):
            return self._comparison(node)
        if isinstance(node, exp.Exists):
            raise RefusedSyntax("EXISTS is not part of semantic SQL.", "Write name IN (SELECT name FROM …).")
        typed = self.read(node)
        if typed.type == "boolean":
            return typed.tree
        raise RefusedSyntax(f"{as_written(node)!r} alone is not a condition.", "Compare a name with a value.")

    def fixed(self, node: exp.Expr) -> frozenset[str]:
        """Keys that a condition holds to one value."""
        found = set()
        for part in conjuncts(node):
            sides = (part.left, part.right) if isinstance(part, exp.EQ) else ()
            for one, other in (sides, sides[::-1]) if sides else ():
                if isinstance(one, exp.Column) and isinstance(other, (exp.Literal, exp.Subquery)):
                    column = self.scope.column(one).carried
                    is_whole = (
                        not column.periods or not isinstance(other, exp.Literal) or self._is_one(column.periods, other)
                    )
                    if column.key and is_whole and not (isinstance(other, exp.Literal) and self._has_names(column)):
                        found.add(column.key)
        return frozenset(found)

    def _has_names(self, column: Carried) -> bool:
        """Whether several values may go by one name."""
        dimension = self.catalog.dimensions.get(column.dimension)
        return dimension is not None and bool(self.catalog.field_of(dimension).alias_expressions)

    @staticmethod
    def _is_one(periods: tuple[str, ...], literal: exp.Literal) -> bool:
        return read_literal(str(literal.this)).grain == read_literal(periods[0]).grain

    # -- comparisons ------------------------------------------------------------------------------------------
    def _comparison(self, node: exp.Expr) -> exp.Expr:
        left, right = self.read(node.this), self.read(node.expression)
        if not (_is_period(left) and isinstance(right.tree, exp.Literal)):
            self._check(node, left, right)
        if _is_period(right) and isinstance(left.tree, exp.Literal) and sign_of(node):
            left, right, sign = right, left, MIRROR[sign_of(node)]
            node = _CLASSES[sign](this=node.expression, expression=node.this)
        if _is_period(left) and isinstance(right.tree, exp.Literal):
            return self._period(node, left, right)
        one, other = self._stored(left, right), self._stored(right, left)
        tree = node.__class__(this=wrap(one), expression=wrap(other))
        named = self._named_so(left, [right]) or self._named_so(right, [left])
        if isinstance(node, exp.EQ) and named is not None:
            return exp.paren(exp.or_(tree, named), copy=False)
        if isinstance(node, exp.NEQ) and named is not None:
            return exp.Not(
                this=exp.Coalesce(this=exp.or_(exp.EQ(this=one, expression=other), named), expressions=[exp.false()])
            )
        if isinstance(node, exp.NEQ):
            nulls = [
                side.copy().is_(exp.Null()) for side, typed in ((one, left), (other, right)) if not typed.is_constant
            ]
            return exp.paren(exp.or_(tree, *nulls), copy=False)
        return tree

    def _check(self, node: exp.Expr, *sides: Typed) -> None:
        text = as_written(node)
        if any(isinstance(side.tree, exp.Null) for side in sides):
            raise RefusedSyntax(f"{text!r} is never true: nothing equals NULL.", "Write IS NULL or IS NOT NULL.")
        if all(side.is_constant for side in sides):
            raise RefusedSyntax(f"{text!r} says nothing about the figures.", "Leave it out, or name a column.")
        kinds = {"number" if s.is_number else s.type for s in sides}
        if kinds == {"date", "text"} and all(s.is_constant for s in sides if s.type == "text"):
            for side in sides:
                if side.type == "text":
                    _day(side.tree, text)
            return
        if len(kinds) > 1:
            told = " with ".join("a text" if k == "text" else f"a {k}" for k in sorted(kinds))
            raise NotComputable(f"{text!r} compares {told}.", "Compare numbers with numbers and names with names.")
        # Half of a figure, or 1.2 times it, is a figure of the same unit.
        units = {s.carried.unit.split(" ")[0] for s in sides if s.carried.unit}
        if len(units) > 1 and units != {"ratio", "points"}:
            raise NotComputable(f"{text!r} compares {' with '.join(sorted(units))}.", "Compare figures of one unit.")

    def _stored(self, side: Typed, other: Typed) -> exp.Expr:
        """A literal as the column beside it stores it: another name of a value, or a day."""
        if not isinstance(side.tree, exp.Literal):
            return side.tree
        if other.type == "date":
            return exp.cast(side.tree, "DATE")
        name = other.carried.dimension
        if not side.tree.is_string or name not in self.catalog.dimensions:
            return side.tree
        aliases = self.catalog.field_of(self.catalog.dimensions[name]).aliases
        folded = str(side.tree.this).strip().lower()
        stored = next((v for v, names in aliases.items() if folded in (n.lower() for n in (v, *names))), None)
        return side.tree if stored is None or side.tree.this in aliases else exp.Literal.string(stored)

    def _named_so(self, side: Typed, values: list[Typed]) -> exp.Expr | None:
        """Whether the value of `side` is also called one of `values`; None where it has no other names."""
        lookup = self.scope.value_names
        literals = [v.tree for v in values if isinstance(v.tree, exp.Literal) and v.tree.is_string]
        if lookup is None or len(literals) < len(values) or not side.carried.dimension:
            return None
        chosen = lookup.having(side.carried.dimension, literals)
        return None if chosen is None else exp.In(this=wrap(side.tree), query=chosen)

    def _period(self, node: exp.Expr, left: Typed, right: Typed) -> exp.Expr:
        """`month = '2025'` over labels: a coarser literal is a range, a finer one is refused."""
        first, last = _ends(left, right.tree, node)
        column = left.tree
        if isinstance(node, (exp.EQ, exp.NEQ)):
            inside = column.eq(first) if first == last else exp.Between(this=column, low=first, high=last)
            if isinstance(node, exp.EQ):
                return inside
            return exp.Not(this=exp.Coalesce(this=inside, expressions=[exp.false()]))
        edge = last if isinstance(node, (exp.GT, exp.LTE)) else first
        return node.__class__(this=column, expression=edge)

    def _between(self, node: exp.Between) -> exp.Expr:
        side, low, high = (self.read(node.args[k]) for k in ("this", "low", "high"))
        self._check(node, side, low, high)
        if _is_period(side) and isinstance(low.tree, exp.Literal) and isinstance(high.tree, exp.Literal):
            return exp.Between(this=side.tree, low=_ends(side, low.tree, node)[0], high=_ends(side, high.tree, node)[1])
        return exp.Between(this=side.tree, low=self._stored(low, side), high=self._stored(high, side))

    def _membership(self, node: exp.In) -> exp.Expr:
        side = self.read(node.this)
        query = node.args.get("query")
        if query is not None:
            relation = self.scope.relation_of(query)
            if len(relation.columns) != 1:
                raise RefusedSyntax("The subquery of IN must have one column.", "Select the one that is compared.")
            self._check(node, side, Typed(exp.column("x"), relation.columns[0].__class__(relation.columns[0].column)))
            return missing_meets_missing(exp.In(this=wrap(side.tree), query=query.copy()))
        values = [self.read(value) for value in node.expressions]
        for value in values:
            self._check(node, side, value)
        if _is_period(side) and all(isinstance(v.tree, exp.Literal) for v in values):
            parts = [self._period(exp.EQ(this=node.this, expression=v.tree), side, v) for v in values]
            return exp.paren(exp.or_(*parts), copy=False)
        tree = exp.In(this=wrap(side.tree), expressions=[self._stored(v, side) for v in values])
        named = self._named_so(side, values)
        return tree if named is None else exp.paren(exp.or_(tree, named), copy=False)

    def _is(self, node: exp.Is) -> exp.Expr:
        if not isinstance(node.expression, (exp.Null, exp.Boolean)):
            raise RefusedSyntax(f"{as_written(node)!r} is not part of semantic SQL.", "Write IS NULL.")
        side = self.read(node.this)
        if isinstance(node.expression, exp.Boolean) and side.type not in ("boolean", ""):
            raise NotComputable(
                f"{as_written(node)!r} compares a boolean with a {'number' if side.is_number else side.type}.",
                "Write IS NULL, or compare with a value.",
            )
        return exp.Is(this=wrap(side.tree), expression=node.expression.copy())

    def _like(self, node: exp.Expr) -> exp.Expr:
        side, pattern = self.read(node.this), self.read(node.expression)
        if side.type != "text" or pattern.type != "text":
            kind = next((k for s in (side, pattern) if (k := "number" if s.is_number else s.type) != "text"), "")
            told = f"a {kind}" if kind else "NULL"
            raise NotComputable(f"{as_written(node)!r} compares {told} with text.", "LIKE is for names.")
        tree = node.__class__(this=wrap(side.tree), expression=pattern.tree)
        return exp.Not(this=exp.Coalesce(this=tree, expressions=[exp.false()])) if node.args.get("negate") else tree


def _is_period(side: Typed) -> bool:
    return bool(side.carried.periods)


def _ends(side: Typed, literal: exp.Expr, node: exp.Expr) -> tuple[exp.Expr, exp.Expr]:
    """Labels of the first and the last period that a literal covers, at the column's grain."""
    grain = read_literal(side.carried.periods[0]).grain
    period = read_literal(str(literal.this))
    if period.grain != grain and not is_coarser(period.grain, grain):
        raise NotComputable(
            f"{as_written(node)!r}: {literal.this!r} is not a {grain}.",
            f"Write a {grain}, as {side.carried.periods[0]!r}.",
        )
    labels = (period_of(day, grain).label for day in (period.first, period.last))
    first, last = (exp.Literal.string(label) for label in labels)
    return first, last


def _day(literal: exp.Expr, text: str) -> None:
    try:
        date.fromisoformat(cast(str, literal.this))
    except (ValueError, TypeError):
        raise NotComputable(f"{text!r} does not compare with days.", "Write a day, as '2026-01-31'.") from None
