"""Aggregates over the rows of a relation: SUM only where its column adds up, AVG and MEDIAN with a note."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace

from sqlglot import exp

from t2sql.compiler.composing.additivity import AVERAGE, DISTINCT, EXTREME, check_sum
from t2sql.compiler.composing.arithmetic import check_numbers
from t2sql.compiler.composing.expressions import Expressions
from t2sql.compiler.composing.over import average_note
from t2sql.compiler.composing.scope import NO_COLUMN, Scope
from t2sql.compiler.relation import Carried
from t2sql.compiler.words.spelling import as_written
from t2sql.errors import NotComputable, RefusedSyntax
from t2sql.flow import Column, Note

_AGGREGATES = (exp.Sum, exp.Count, exp.Avg, exp.Min, exp.Max, exp.Median)
_LABELS: dict[type[exp.Expr], tuple[str, str]] = {
    exp.Avg: ("平均{}", "average of {}"),
    exp.Median: ("{}中位数", "median of {}"),
    exp.Min: ("最小{}", "smallest {}"),
    exp.Max: ("最大{}", "largest {}"),
}


def aggregates_of(node: exp.Expr) -> list[exp.Expr]:
    """Aggregate calls that are not window functions, outermost first; a FILTER stands for the aggregate under it."""
    found: list[exp.Expr] = []
    stack = [node]
    while stack:
        one = stack.pop(0)
        if isinstance(one, exp.Subquery):
            continue
        if isinstance(one, exp.Window):
            # Only inside its arguments: SUM(SUM(x)) OVER ().
            stack += [*one.this.iter_expressions(), *(one.args.get("partition_by") or ())]
            stack += [one.args["order"]] if one.args.get("order") else []
        elif isinstance(one, (exp.Filter, exp.AggFunc)):
            found.append(one)
        else:
            stack += one.iter_expressions()
    return found


def is_aggregated(select: exp.Select) -> bool:
    """Whether a SELECT groups or aggregates."""
    parts = [*select.expressions, *(select.args.get(k) for k in ("having", "qualify", "order"))]
    return bool(select.args.get("group")) or any(p is not None and aggregates_of(p) for p in parts)


class Aggregates:
    """Reads the aggregates of one SELECT; keeps the notes that they need."""

    def __init__(self, reader: Expressions, scope: Scope, fixed: Set[str]) -> None:
        """`fixed`: keys that WHERE holds to one value."""
        self.reader, self.scope, self.fixed = reader, scope, fixed
        self.notes: list[Note] = []

    def read(self, node: exp.Expr, label: str, kept: Set[str]) -> tuple[exp.Expr, Carried]:
        """An aggregate as SQL. `label`: the name that AS gave it, or ""; `kept`: keys of the groups.

        Raises RefusedSyntax or NotComputable.
        """
        condition = node.expression.this if isinstance(node, exp.Filter) else None
        call = node.this if isinstance(node, exp.Filter) else node
        if not isinstance(call, _AGGREGATES):
            raise RefusedSyntax(
                f"{as_written(call)!r} is not an aggregate of semantic SQL.", "Use SUM, COUNT, AVG, MIN, MAX or MEDIAN."
            )
        inner = call.this
        if inner is None:
            name = call.key.upper()
            raise RefusedSyntax(f"{name} needs a column.", f"Write {name}(name), or COUNT(*) for the rows.")
        if isinstance(call, exp.Count):
            return self._count(inner, condition, label, kept)
        if isinstance(inner, exp.Distinct):
            raise RefusedSyntax(f"{as_written(call)!r}: DISTINCT is for COUNT.", "Leave DISTINCT out.")
        if condition is not None:
            inner = exp.Case(ifs=[exp.If(this=condition.copy(), true=inner.copy())])
        value = self.reader.read(inner)
        shown, carried = as_written(call.this), value.carried
        if not isinstance(call, (exp.Min, exp.Max)):
            check_numbers(call, value)
        if isinstance(call, exp.Sum):
            check_sum(carried, shown, self.scope.keys - kept - self.fixed, kept, self.reader.catalog)
            # Groups made by an expression split the same rows, so a sum over them is a sum over the rows.
            sums = (carried.sums & kept) | (kept - self.scope.keys)
            return exp.Sum(this=value.tree), replace(carried, column=_labelled(carried, label), key="", sums=sums)
        why = EXTREME
        if isinstance(call, (exp.Avg, exp.Median)):
            why = AVERAGE
            self.notes.append(average_note(shown))
            carried = replace(carried, column=replace(carried.column, type="number"))
        column = _labelled(carried, label, *_LABELS[type(call)])
        kept_as = replace(carried, column=column, key="", sums=frozenset(), why=why, periods=())
        return call.__class__(this=value.tree), kept_as

    def _count(
        self, inner: exp.Expr, condition: exp.Expr | None, label: str, kept: Set[str]
    ) -> tuple[exp.Expr, Carried]:
        column = replace(NO_COLUMN, type="integer", unit="count", label_zh=label or "行数", label_en=label or "rows")
        is_distinct = isinstance(inner, exp.Distinct)
        is_rows = isinstance(inner, (exp.Star, exp.Literal))
        carried = Carried(column, frozenset(kept), unit="count")
        tree: exp.Expr = exp.Star()
        if is_distinct:
            tree, carried = self._members(inner.expressions, column, label)
        elif not is_rows:
            tree = self.reader.read(inner).tree
        if condition is not None:
            counted = exp.Literal.number(1) if is_rows else tree
            tree = exp.Case(ifs=[exp.If(this=self.reader.condition(condition), true=counted)])
        return exp.Count(this=exp.Distinct(expressions=[tree]) if is_distinct else tree), carried

    def _members(self, parts: list[exp.Expr], column: Column, label: str) -> tuple[exp.Expr, Carried]:
        """What COUNT(DISTINCT …) counts."""
        if len(parts) != 1:
            raise RefusedSyntax("COUNT(DISTINCT …) takes one column.", "Count the members of one column.")
        value = self.reader.read(parts[0])
        shown = value.carried.column
        if shown.kind == "metric":
            raise NotComputable(
                f"{as_written(parts[0])!r} is a figure; how many different ones there are says nothing.",
                "Count a group, as COUNT(DISTINCT branch).",
            )
        label_zh, label_en = label or f"{shown.label_zh}数", label or f"number of {shown.label_en}"
        return value.tree, Carried(replace(column, label_zh=label_zh, label_en=label_en), unit="count", why=DISTINCT)


def _labelled(carried: Carried, label: str, zh: str = "{}", en: str = "{}") -> Column:
    """The column of an aggregate: a figure, unless it is the first or last of texts or days."""
    column = carried.column
    column = replace(column, kind="metric") if column.type in ("integer", "number") else column
    if label or not column.label_zh:
        return replace(column, label_zh=label, label_en=label)
    return replace(column, label_zh=zh.format(column.label_zh), label_en=en.format(column.label_en))
