"""Window functions over the rows of a relation: what they add up, in which order they stand, which neighbour they read.

A SUM over a window obeys the same rule as any SUM. The row before in a series is the period before only where no period
is missing: where a function relies on that, a check finds the gap before a wrong neighbour is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import inf

from sqlglot import exp

from t2sql.catalog import Catalog
from t2sql.compiler.composing.additivity import WINDOWED, check_sum, key_name
from t2sql.compiler.composing.arithmetic import check_numbers
from t2sql.compiler.composing.gaps import check_series, gap_check, step_check
from t2sql.compiler.composing.scope import NO_COLUMN, Scope, Typed
from t2sql.compiler.relation import Carried, Check
from t2sql.compiler.words.spelling import as_written
from t2sql.errors import NotComputable, RefusedSyntax
from t2sql.flow import Note

_RANKS = (exp.Rank, exp.DenseRank, exp.RowNumber, exp.Ntile)
_NEIGHBOURS = (exp.Lag, exp.Lead)
_ENDS = (exp.FirstValue, exp.LastValue)
_AGGREGATES = (exp.Sum, exp.Avg, exp.Min, exp.Max, exp.Count)
_SIDES = ("PRECEDING", "FOLLOWING")


class Overs:
    """Reads the window functions of one SELECT; keeps the checks and notes that they need."""

    def __init__(
        self,
        scope: Scope,
        read: Callable[[exp.Expr], Typed],
        fixed: frozenset[str],
        where: list[exp.Expr],
        catalog: Catalog,
    ) -> None:
        """`fixed`: keys that WHERE holds to one value; `where`: its conditions as SQL."""
        self.scope, self.read, self.fixed, self.where, self.catalog = scope, read, fixed, where, catalog
        self.checks: list[Check] = []
        self.notes: list[Note] = []

    def over(self, node: exp.Window) -> Typed:
        """One window function as SQL. Raises QueryError."""
        function = node.this
        if not isinstance(function, (*_RANKS, *_NEIGHBOURS, *_ENDS, *_AGGREGATES)):
            raise RefusedSyntax(
                f"{as_written(node)!r} is not a window function of semantic SQL.",
                "Use RANK, DENSE_RANK, ROW_NUMBER, NTILE, LAG, LEAD, FIRST_VALUE, LAST_VALUE or an aggregate.",
            )
        if node.args.get("alias") or node.args.get("first") is not None:
            raise RefusedSyntax(
                "A named window is not part of semantic SQL.", "Write OVER (PARTITION BY … ORDER BY …)."
            )
        parts = [self.read(part) for part in node.args.get("partition_by") or ()]
        order = [
            (self.read(o.this), bool(o.args.get("desc")))
            for o in (node.args.get("order") or exp.Order(expressions=[])).expressions
        ]
        self._check_order(node, function, order)
        kept = {p.carried.key for p in parts if p.carried.key} | self.fixed
        dropped = self.scope.keys - kept
        spec = self._frame(node, order)
        is_bounded = spec is not None and any(isinstance(spec.args.get(k), exp.Literal) for k in ("start", "end"))
        if isinstance(function, _NEIGHBOURS) or is_bounded:
            check_series(self.scope, node)
        if (isinstance(function, _NEIGHBOURS) or is_bounded) and order:
            self._check_neighbours(node, parts, order, dropped)
        tree, carried = self._function(node, function, dropped, kept)
        # The same rows in the same order every time: keys settle what the order asked leaves open.
        needs_ties = isinstance(function, (exp.RowNumber, exp.Ntile, *_NEIGHBOURS, *_ENDS)) or spec is not None
        ordered = [exp.Ordered(this=t.tree, desc=d, nulls_first=False) for t, d in order]
        if ordered and needs_ties:
            shown = {t.carried.key for t, _d in order} | kept
            ordered += [
                exp.Ordered(this=column.tree, desc=False, nulls_first=False)
                for column in self._key_columns()
                if column.carried.key not in shown
            ]
        built = exp.Window(
            this=tree,
            partition_by=[p.tree for p in parts],
            order=exp.Order(expressions=ordered) if ordered else None,
            spec=spec,
            over="OVER",
        )
        return Typed(built, carried)

    def _key_columns(self) -> list[Typed]:
        seen: dict[str, Typed] = {}
        for source, carried in self.scope.columns:
            if carried.key:
                tree = exp.column(exp.to_identifier(carried.column.name), source.physical)
                seen.setdefault(carried.key, Typed(tree, carried))
        return list(seen.values())

    def _check_order(self, node: exp.Window, function: exp.Expr, order: list[tuple[Typed, bool]]) -> None:
        if not order and isinstance(function, (*_RANKS, *_NEIGHBOURS, *_ENDS)):
            raise RefusedSyntax(
                f"{as_written(node)!r} needs an order.",
                f"Write {function.sql('duckdb')} OVER (ORDER BY metric DESC).",
                zh=(f"{as_written(node)} 需要排序。", "请在 OVER 里写 ORDER BY。"),
            )
        if isinstance(function, exp.LastValue) and node.args.get("spec") is None:
            raise RefusedSyntax(
                f"{as_written(node)!r} reads up to its own row only, so it is the row itself.",
                "Add ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING, or use FIRST_VALUE in the other order.",
            )

    def _frame(self, node: exp.Window, order: list[tuple[Typed, bool]]) -> exp.WindowSpec | None:
        spec = node.args.get("spec")
        if spec is None:
            return None
        kind = str(spec.args.get("kind") or "").upper()
        edges = [(spec.args.get(k), str(spec.args.get(f"{k}_side") or "").upper()) for k in ("start", "end")]
        for edge, side in edges:
            is_word = isinstance(edge, str) and edge.upper() in ("UNBOUNDED", "CURRENT ROW")
            is_number = isinstance(edge, exp.Literal) and edge.is_int and side in _SIDES
            if edge is not None and not is_word and not is_number:
                raise RefusedSyntax(
                    f"{as_written(node)!r}: rows of a frame are counted.",
                    "Write ROWS BETWEEN 2 PRECEDING AND CURRENT ROW.",
                )
        if kind != "ROWS" or not order or spec.args.get("exclude"):
            raise RefusedSyntax(
                f"{as_written(node)!r}: only ROWS frames with an ORDER BY are part of semantic SQL.",
                "Write ORDER BY month ROWS BETWEEN 2 PRECEDING AND CURRENT ROW.",
            )
        first, last = (_place(edge, side) for edge, side in edges)
        if first > last or first == inf or last == -inf:
            raise RefusedSyntax(
                f"{as_written(node)!r}: the frame ends before it begins.",
                "Write the earlier row first, as ROWS BETWEEN 2 PRECEDING AND CURRENT ROW.",
                zh=("窗口的终点在起点之前。", "请先写较早的行，例如 ROWS BETWEEN 2 PRECEDING AND CURRENT ROW。"),
            )
        copied: exp.WindowSpec = spec.copy()
        return copied

    def _check_neighbours(
        self, node: exp.Window, parts: list[Typed], order: list[tuple[Typed, bool]], dropped: frozenset[str]
    ) -> None:
        """Rows ordered by a period must stand one a period, and no period may be missing between two."""
        first = order[0][0]
        is_dated = first.carried.is_dated
        if is_dated and not first.carried.step:
            raise NotComputable(
                f"{as_written(node)!r}: which label follows another of {first.carried.column.name!r} is not known.",
                "Order by the metric's own period, such as month, or by DATE_TRUNC('month', …).",
            )
        if first.carried.column.kind != "period" and not is_dated:
            return
        period = first.carried.column.name
        if not first.carried.key:
            if not dropped:
                return
            raise NotComputable(
                f"{as_written(node)!r}: rows are not told apart by {period!r} alone.",
                f"Order by {', '.join(sorted(key_name(k) for k in dropped))}.",
            )
        others = sorted(key_name(k) for k in dropped - {first.carried.key})
        told = ", ".join(others)
        if others:
            raise NotComputable(
                f"{as_written(node)!r} needs one row a {period} in each partition, and {told} makes several.",
                f"Add PARTITION BY {', '.join(others)}.",
                zh=(
                    f"每个分区里每期应只有一行，而 {', '.join(others)} 使之有多行。",
                    f"请加上 PARTITION BY {', '.join(others)}。",
                ),
            )
        if is_dated:
            self.checks.append(step_check(self.scope, first, parts, self.where))
            return
        if not first.carried.periods:
            raise NotComputable(
                f"{as_written(node)!r}: which periods follow each other in {period!r} is not known.",
                "Ask in the SELECT that reads the metric, or use prev(metric).",
            )
        self.checks.append(gap_check(self.scope, first, parts, self.where))

    def _function(
        self, node: exp.Window, function: exp.Expr, dropped: frozenset[str], kept: set[str] | frozenset[str]
    ) -> tuple[exp.Expr, Carried]:
        name = as_written(function)
        if isinstance(function, _RANKS):
            return self._rank(function), Carried(
                replace(NO_COLUMN, type="integer", unit="count", function="rank", label_zh="排名", label_en="rank"),
                why=WINDOWED,
            )
        if isinstance(function, exp.Count):
            inner = function.this
            if isinstance(inner, exp.Distinct):
                raise RefusedSyntax(f"{name!r}: DISTINCT is not for windows.", "Count in a SELECT of its own.")
            tree = exp.Count(this=exp.Star() if isinstance(inner, (exp.Star, exp.Literal)) else self.read(inner).tree)
            return tree, Carried(replace(NO_COLUMN, type="integer", unit="count"), unit="count", why=WINDOWED)
        value = self.read(function.this)
        carried = replace(value.carried, sums=frozenset(), key="", why=WINDOWED, periods=())
        if isinstance(function, (exp.Sum, exp.Avg)):
            carried = replace(carried, column=replace(carried.column, kind="metric"))
        if isinstance(function, (*_NEIGHBOURS, *_ENDS)):
            return self._neighbour(node, function, value), carried
        if isinstance(function, (exp.Sum, exp.Avg)):
            check_numbers(node, value)
        if isinstance(function, exp.Sum):
            check_sum(
                value.carried, value.carried.column.name or as_written(function.this), dropped, kept, self.catalog
            )
        if isinstance(function, exp.Avg):
            self.notes.append(average_note(value.carried.column.name or as_written(function.this)))
            carried = replace(carried, column=replace(carried.column, type="number"))
        return function.__class__(this=value.tree), carried

    def _rank(self, function: exp.Expr) -> exp.Expr:
        if isinstance(function, exp.Ntile):
            parts = function.this
            if not (isinstance(parts, exp.Literal) and parts.is_int and int(parts.this) > 0):
                raise RefusedSyntax("NTILE takes a whole number.", "Write NTILE(4) OVER (ORDER BY metric DESC).")
            return exp.Ntile(this=parts.copy())
        if function.expressions or function.args.get("this") is not None:
            raise RefusedSyntax(
                f"{as_written(function)!r} takes nothing before OVER.",
                "Write RANK() OVER (ORDER BY metric DESC), or rank(metric) without OVER.",
            )
        return function.__class__()

    def _neighbour(self, node: exp.Window, function: exp.Expr, value: Typed) -> exp.Expr:
        if value.is_constant:
            raise RefusedSyntax(
                f"{as_written(node)!r} reads the same value in every row.", "Name a metric, as LAG(metric, 1)."
            )
        built = function.__class__(this=value.tree)
        offset, default = function.args.get("offset"), function.args.get("default")
        if offset is not None:
            if not (isinstance(offset, exp.Literal) and offset.is_int):
                raise RefusedSyntax(f"{as_written(function)!r}: the step must be a whole number.", "Write LAG(x, 1).")
            built.set("offset", offset.copy())
        if default is not None:
            stands_in = self.read(default)
            kinds = {"number" if v.is_number else v.type for v in (value, stands_in)} - {""}
            if len(kinds) > 1:
                raise NotComputable(
                    f"{as_written(function)!r} mixes {' and '.join(sorted(kinds))}.",
                    f"Give a {'number' if value.is_number else value.type} for rows with none beside, or nothing.",
                )
            built.set("default", stands_in.tree)
        return built


def _place(edge: object, side: str) -> float:
    """Where a frame's edge lies, in rows after the current one."""
    if isinstance(edge, exp.Literal):
        return float(edge.this) * (-1 if side == "PRECEDING" else 1)
    if isinstance(edge, str) and edge.upper() == "UNBOUNDED":
        return -inf if side == "PRECEDING" else inf
    return 0


def average_note(name: str) -> Note:
    """That an average over groups weighs them alike."""
    return Note(
        "simple_average",
        f"{name} 的平均是对各行的简单平均，未按规模加权。",
        f"The average of {name} is a simple one over the rows, not weighted by their size.",
    )
