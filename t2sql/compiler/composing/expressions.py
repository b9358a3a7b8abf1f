"""Expressions over the columns of relations to physical SQL, each with its type, its unit and what it adds up over.

An allow-list: what it has no rule for is refused by name. Conditions have two outcomes, as everywhere: what is unknown
is not equal, so `<>`, NOT IN and NOT keep NULLs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sqlglot import exp

from t2sql.catalog import Catalog
from t2sql.compiler.composing.arithmetic import add, check_numbers, figure, multiply, over
from t2sql.compiler.composing.comparing import Comparing
from t2sql.compiler.composing.scope import NO_COLUMN, Scope, Typed
from t2sql.compiler.facts.metrics import wrap
from t2sql.compiler.relation import Carried
from t2sql.compiler.request import COMPARISONS
from t2sql.compiler.words.conditions import call_of
from t2sql.compiler.words.spelling import as_written
from t2sql.errors import NotComputable, RefusedSyntax, UnknownName

_NUMERIC = {"DOUBLE", "DECIMAL", "FLOAT", "BIGINT", "INT", "SMALLINT", "TINYINT", "INT128"}
_WHOLE = {"BIGINT", "INT", "SMALLINT", "TINYINT", "INT128"}
_TEXTS = (exp.Upper, exp.Lower, exp.Trim, exp.Substring, exp.Left, exp.Right)
_ROUNDED = (exp.Round, exp.Abs, exp.Floor, exp.Ceil)
TEXT = Carried(replace(NO_COLUMN, kind="dimension", type="text"))


class Expressions:
    """Reads the expressions of one SELECT. Raises QueryError in words that help."""

    def __init__(self, scope: Scope, catalog: Catalog) -> None:
        self.scope, self.catalog = scope, catalog
        self.over: Callable[[exp.Window], Typed] | None = None
        """Reads window functions where they may stand."""
        self.comparing = Comparing(self.read, scope, catalog)

    def condition(self, node: exp.Expr) -> exp.Expr:
        """A condition as SQL that is true or not, never unknown where it says NOT."""
        return self.comparing.condition(node)

    def read(self, node: exp.Expr) -> Typed:
        """An expression as SQL."""
        if isinstance(node, exp.Paren):
            inner = self.read(node.this)
            return replace(inner, tree=wrap(inner.tree))
        if isinstance(node, exp.Column):
            return self.scope.column(node)
        if isinstance(node, (exp.Literal, exp.Null, exp.Boolean)):
            return self._constant(node)
        if isinstance(node, exp.Neg):
            inner = self.read(node.this)
            check_numbers(node, inner)
            column = replace(inner.carried.column, function="", metric="")
            return replace(inner, tree=exp.Neg(this=wrap(inner.tree)), carried=replace(inner.carried, column=column))
        if isinstance(node, (exp.Add, exp.Sub)):
            return add(node, self.read(node.left), self.read(node.right))
        if isinstance(node, exp.Mul):
            return multiply(node, self.read(node.left), self.read(node.right))
        if isinstance(node, exp.Div):
            return over(node, self.read(node.left), self.read(node.right))
        if isinstance(node, (exp.Case, exp.If)):
            return self._case(node)
        if isinstance(node, exp.Subquery):
            return self.scope.scalar(node)
        if isinstance(node, exp.Window) and self.over is not None:
            return self.over(node)
        if isinstance(node, exp.Window):
            raise RefusedSyntax(
                f"{as_written(node)!r}: a window function cannot stand here.",
                "Put it in SELECT, QUALIFY or ORDER BY; in a condition, write QUALIFY.",
            )
        if isinstance(node, exp.Cast):
            return self._cast(node)
        if isinstance(node, (*_TEXTS, exp.Concat, exp.DPipe)):
            return self._text(node)
        if isinstance(node, (exp.Coalesce, exp.Nullif, exp.Greatest, exp.Least)):
            return self._chosen(node)
        if isinstance(node, _ROUNDED):
            return self._rounded(node)
        if isinstance(node, exp.Length):
            column = replace(NO_COLUMN, type="integer")
            return Typed(exp.Length(this=self.read(node.this).tree), Carried(column))
        if self.comparing.is_condition(node):
            column = replace(NO_COLUMN, kind="dimension", type="boolean")
            return Typed(self.condition(node), Carried(column))
        raise self._refused(node)

    # -- parts ------------------------------------------------------------------------------------------------
    def _constant(self, node: exp.Expr) -> Typed:
        if isinstance(node, exp.Null):
            return Typed(exp.Null(), Carried(NO_COLUMN, self.scope.keys), is_constant=True)
        if isinstance(node, exp.Boolean):
            column = replace(NO_COLUMN, kind="dimension", type="boolean")
        elif node.is_string:
            column = TEXT.column
        else:
            column = replace(NO_COLUMN, type="integer" if node.is_int else "number")
        return Typed(node.copy(), Carried(column, self.scope.keys), is_constant=True)

    def _case(self, node: exp.Case | exp.If) -> Typed:
        """CASE and IF: a choice of values of one kind. Where it leaves out rows, the rest adds up as before."""
        ifs = [node] if isinstance(node, exp.If) else node.args["ifs"]
        default = node.args.get("false") if isinstance(node, exp.If) else node.args.get("default")
        chosen = node.args.get("this") if isinstance(node, exp.Case) else None
        fixed: frozenset[str] | None = None
        built = []
        values = []
        for one in ifs:
            condition = exp.EQ(this=chosen.copy(), expression=one.this.copy()) if chosen else one.this
            value = self.read(one.args["true"])
            built.append(exp.If(this=self.condition(condition), true=value.tree))
            values.append(value)
            keys = self.comparing.fixed(condition)
            fixed = keys if fixed is None else fixed & keys
        other = self.read(default) if default is not None else self._constant(exp.Null())
        values.append(other)
        kept = self._alike(node, values)
        sums = frozenset.intersection(*(v.carried.sums for v in values))
        if all(_is_nothing(v) for v in values[1:]) and fixed:
            # One condition picks one member of a key, so nothing is added over that key.
            sums = values[0].carried.sums | fixed
        is_unset = default is None or isinstance(other.tree, exp.Null)
        tree = exp.Case(ifs=built, default=None if is_unset else other.tree)
        return Typed(tree, replace(kept, sums=sums))

    def _alike(self, node: exp.Expr, values: list[Typed]) -> Carried:
        """What a choice among `values` is. Raises NotComputable where they are of different kinds or units."""
        known = [v for v in values if not isinstance(v.tree, exp.Null)]
        if not known:
            raise RefusedSyntax(f"{as_written(node)!r} is always NULL.", "Give it a value.")
        types = {"number" if v.is_number else v.type for v in known}
        if len(types) > 1:
            raise NotComputable(
                f"{as_written(node)!r} mixes {' and '.join(sorted(types))}.", "Give values of one kind."
            )
        units = {v.carried.unit for v in known if not v.is_constant or v.carried.unit}
        if len(units) > 1:
            told = " and ".join(sorted(u or "a number" for u in units))
            raise NotComputable(f"{as_written(node)!r} mixes {told}.", "Give values of one unit.")
        if types != {"number"}:
            return replace(TEXT, column=replace(TEXT.column, type=types.pop()))  # type: ignore[arg-type]
        is_whole = all(v.type == "integer" for v in known)
        return figure(
            exp.Null(), known[0], next(iter(units), ""), frozenset(), "integer" if is_whole else "number"
        ).carried

    def _cast(self, node: exp.Cast) -> Typed:
        inner = self.read(node.this)
        kind = node.to.this.name if isinstance(node.to, exp.DataType) else ""
        tree = exp.Cast(this=inner.tree, to=node.to.copy())
        if isinstance(node, exp.TryCast) or kind not in _NUMERIC | {"DATE", "TEXT", "VARCHAR"}:
            raise NotComputable(
                f"{as_written(node)!r} is not supported.", "Cast to DOUBLE, DECIMAL, INTEGER or VARCHAR."
            )
        if kind == "DATE":
            if not (inner.is_constant and inner.type == "text"):
                raise NotComputable(f"{as_written(node)!r} is not supported.", "Cast a literal such as '2025-12-31'.")
            return Typed(tree, Carried(replace(NO_COLUMN, kind="dimension", type="date")), is_constant=True)
        if kind in ("TEXT", "VARCHAR"):
            return Typed(tree, TEXT)
        check_numbers(node, inner)
        is_exact = kind == "DOUBLE"
        sums = inner.carried.sums if is_exact else frozenset()
        return figure(tree, inner, inner.carried.unit, sums, "integer" if kind in _WHOLE else "number")

    def _text(self, node: exp.Expr) -> Typed:
        copy = node.copy()
        for key, value in node.args.items():
            if isinstance(value, exp.Expr):
                copy.set(key, self.read(value).tree)
            elif isinstance(value, list):
                copy.set(key, [self.read(v).tree for v in value])
        first = self.read(node.expressions[0] if isinstance(node, exp.Concat) else node.this)
        if first.is_number and not isinstance(node, (exp.Concat, exp.DPipe)):
            raise NotComputable(f"{as_written(node)!r} takes a text.", "Give it a dimension.")
        return Typed(copy, TEXT)

    def _chosen(self, node: exp.Expr) -> Typed:
        """COALESCE, NULLIF, GREATEST, LEAST."""
        rest = [node.args["expression"]] if isinstance(node, exp.Nullif) else node.expressions
        parts = [self.read(part) for part in (node.this, *rest)]
        kept = self._alike(node, parts)
        copy = node.copy()
        copy.set("this", parts[0].tree)
        if isinstance(node, exp.Nullif):
            copy.set("expression", parts[1].tree)
        else:
            copy.set("expressions", [p.tree for p in parts[1:]])
        is_zero = isinstance(node, exp.Coalesce) and all(_is_nothing(p) for p in parts[1:])
        if is_zero and parts[0].is_number:
            return Typed(copy, replace(parts[0].carried, key=""))
        return Typed(copy, kept)

    def _rounded(self, node: exp.Expr) -> Typed:
        inner = self.read(node.this)
        check_numbers(node, inner)
        decimals = node.args.get("decimals")
        places = decimals.this if isinstance(decimals, exp.Neg) else decimals
        if places is not None and not (isinstance(places, exp.Literal) and places.is_int):
            raise RefusedSyntax(f"{as_written(node)!r}: decimals must be a whole number.", "Write ROUND(x, 2).")
        copy = node.copy()
        copy.set("this", inner.tree)
        return figure(copy, inner, inner.carried.unit, frozenset())

    def _refused(self, node: exp.Expr) -> Exception:
        name, _arguments = call_of(node)
        text = as_written(node)
        if name in COMPARISONS or name == "measure":
            return NotComputable(
                f"{text!r}: {name} reads the definitions and the calendar.",
                f"Put it into the SELECT from {self.catalog.name}, where the metric is asked.",
            )
        if isinstance(node, exp.AggFunc):
            return RefusedSyntax(
                f"{text!r}: an aggregate cannot stand here.", "Put it in SELECT or HAVING, not nested."
            )
        if isinstance(node, exp.Exists):
            return RefusedSyntax("EXISTS is not part of semantic SQL.", "Write name IN (SELECT name FROM …).")
        if isinstance(node, exp.Star):
            return RefusedSyntax("* is not part of an expression.", "Name the columns.")
        if name:
            return UnknownName(
                f"{name!r} is not a function of semantic SQL.",
                "Use CASE, COALESCE, ROUND, ABS, GREATEST, LEAST, CAST, UPPER, LOWER, SUBSTRING or CONCAT.",
            )
        return RefusedSyntax(f"{text!r} is not part of semantic SQL.", "Write arithmetic, CASE or a function.")


def _is_nothing(value: Typed) -> bool:
    """NULL or the number 0, which leave a sum as it is."""
    tree = value.tree
    return isinstance(tree, exp.Null) or (
        isinstance(tree, exp.Literal) and not tree.is_string and float(tree.this) == 0
    )
