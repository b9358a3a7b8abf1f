"""The figures of one question: which rows count for a group in a period, and what they come to.

Written from decisions 5 to 9 and 13. Where they are silent it raises Undefined, or a comment gives the reading taken.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any, TypeAlias

from oracle.questions import Condition, Measure, Question
from oracle.reading import Reader, Undefined, holds, measures_in, names_in
from oracle.shape import FACTS, METRICS, Metric, dimensions_of, facts_of, simple_parts
from oracle.spans import Span
from oracle.warehouse import Row, Warehouse, month_end
from oracle.when import shown_periods
from oracle.windows import SHIFTS, At, Windows

Number: TypeAlias = Fraction | None
Group: TypeAlias = tuple[Any, ...]
Conditions: TypeAlias = tuple[Condition, ...]
Window: TypeAlias = tuple[date, ...] | Span | None
RATES = ("yoy", "mom", "qoq", "vs_year_start")
NEAR = Fraction(1, 10**8)


class MustRefuse(Exception):
    """A number that nobody may show: an amount in a currency without a rate."""


class Figures:
    """What the measures of one question come to."""

    def __init__(self, warehouse: Warehouse, question: Question) -> None:
        self.question = question
        self.reader = Reader(warehouse, question.principal)
        self._rates = {(r["code"], r["rated_on"]): r for r in warehouse.tables["rates"]}
        mixed = (*question.where, *question.having)
        self.rows_where = tuple(c for c in mixed if not measures_in([c]))
        self.groups_where = tuple(c for c in mixed if measures_in([c]))
        ordered = [o.by for o in question.orders if isinstance(o.by, Measure)]
        self.measures = list(dict.fromkeys([*question.measures, *measures_in(mixed), *ordered]))
        self.keys = question.dimensions
        self._check()
        self.parts = list(dict.fromkeys(p for m in self.measures for p in simple_parts(m.metric)))
        self._windows = Windows(warehouse, frozenset(p.fact for p in self.parts))
        self.periods = shown_periods(warehouse, question, self.measures)
        self._check_ends(warehouse)
        self._tables: dict[Any, Any] = {}
        self._is_soft = False
        self._has_functions = any(m.functions for m in self.measures)

    def _check(self) -> None:
        facts = frozenset().union(*(facts_of(m.metric) for m in self.measures))
        used = set(self.keys).union(*(names_in(c) for c in (*self.rows_where, *self.groups_where)))
        if not all(used <= dimensions_of(fact) for fact in facts):
            raise Undefined("a dimension that one fact lacks")
        if self.groups_where and not (self.keys or self.question.grain):
            raise Undefined("a metric condition without groups")
        if any(not names_in(c) <= set(self.keys) for c in self.groups_where):
            raise Undefined("an OR over a dimension that is not grouped")
        if any("rank" in m.functions for m in self.measures) and not self.keys:
            raise Undefined("a rank without groups")

    def _check_ends(self, warehouse: Warehouse) -> None:
        """Silent: a stock beside a flow that ends on another day of the period; a period that one fact ends before."""
        facts = {p.fact for p in self.parts}
        ends = {warehouse.loads(f)[-1] for f in facts}
        has_stock = any(FACTS[f].is_stock for f in facts)
        if len(ends) > 1 and any(p.first > min(ends) or (has_stock and p.last > min(ends)) for p in self.periods):
            raise Undefined("facts that end on different days within a period")

    # ---- rows ---------------------------------------------------------------------------------------------------

    def _amount(self, metric: Metric, row: Row) -> Any:
        value = row[metric.field]
        if value is None or metric.field != "amount" or "ccy" not in row or row["ccy"] == "CNY":
            return value
        day = row[FACTS[metric.fact].dated_by]
        if FACTS[metric.fact].is_stock:
            known = [d for code, d in self._rates if code == row["ccy"] and d <= day]
            if not known:
                raise MustRefuse(row["ccy"])
            return value * self._rates[row["ccy"], max(known)]["spot"]
        rate = self._rates.get((row["ccy"], month_end(day)))
        if rate is None:
            raise MustRefuse(row["ccy"])
        return value * rate["mean"]

    def _grouped(self, fact: str, window: Window, keys: Group, where: Conditions) -> dict[Group, list[Row]]:
        """Rows within the window that the conditions and at least one asked metric count, by group."""
        name = (fact, window, keys, where)
        if name not in self._tables:
            found: dict[Group, list[Row]] = {}
            asked = [p for p in self.parts if p.fact == fact]
            for row in self.reader.rows(fact) if window is not None else ():
                day = row[FACTS[fact].dated_by]
                inside = window.first <= day <= window.last if isinstance(window, Span) else day in (window or ())
                if not inside or not any(self.reader.passes(p, row) for p in asked):
                    continue
                if all(holds(c, lambda n, r=row: self.reader.value(fact, r, n)) for c in where):
                    found.setdefault(tuple(self.reader.value(fact, row, k) for k in keys), []).append(row)
            self._tables[name] = found
        found = self._tables[name]
        return found

    def _simple(self, metric: Metric, at: At, keys: Group, group: Group, where: Conditions, inside: bool) -> Number:
        window = self._windows.read(metric, at)
        if window is None:
            return None
        grouped = self._grouped(metric.fact, window, keys, where)
        rows = [r for r in grouped.get(group, []) if self.reader.passes(metric, r)]
        counts = metric.aggregate.startswith("COUNT")
        if not rows:
            # Reading: a group that the fact has, with no row that the definition counts, is 0 even when shown alone.
            is_zero = metric.aggregate == "SUM" or counts
            is_there = group in grouped or inside or (counts and self._is_one_row())
            self._is_soft |= bool(metric.where) and is_zero and not inside and (self._has_functions or not is_there)
            return Fraction(0) if is_zero and is_there else None
        values = [v for v in (self._amount(metric, r) for r in rows) if v is not None]
        if counts:
            return Fraction(len(set(values) if metric.aggregate == "COUNT DISTINCT" else values))
        if not values:
            self._is_soft |= bool(metric.where) and metric.aggregate == "SUM"
            # Reading: SUM counts no row whose amount is NULL, so inside another metric they are as no rows.
            return Fraction(0) if inside and metric.aggregate == "SUM" else None
        total = Fraction(sum(Fraction(v) for v in values))
        if metric.is_average:
            assert isinstance(window, tuple)
            return total / len(window)
        if metric.aggregate == "AVG":
            return total / len(values)
        return {"SUM": total, "MIN": Fraction(min(values)), "MAX": Fraction(max(values))}[metric.aggregate]

    def counted(self, fact: str, window: Window) -> dict[Group, list[Row]]:
        """The rows of `fact` within the window that the question's conditions choose, by group."""
        return self._grouped(fact, window, self.keys, self.rows_where)

    def _is_one_row(self) -> bool:
        return not self.keys and not self.question.grain

    # ---- numbers ------------------------------------------------------------------------------------------------

    def _metric(self, name: str, at: At, keys: Group, group: Group, where: Conditions, inside: bool) -> Number:
        metric = METRICS[name]
        if metric.kind == "simple":
            return self._simple(metric, at, keys, group, where, inside)
        parts = [self._metric(p, at, keys, group, where, True) for p in metric.parts]
        if metric.kind == "ratio":
            return _over(parts[0], parts[1])
        if None in parts:
            return None
        return sum((s * p for s, p in zip(metric.signs, parts, strict=True) if p is not None), Fraction(0))

    def value(self, measure: Measure, at: At, keys: Group, group: Group, where: Conditions, inside: bool) -> Number:
        """The number of a measure for one group of one period."""
        if not measure.functions:
            return self._metric(measure.metric, at, keys, group, where, inside)
        function, inner = measure.functions[0], Measure(measure.metric, measure.functions[1:], measure.share_over)
        if function == "rank":
            return self._rank(inner, at, group)
        if function == "share":
            return self._share(inner, measure.share_over or self.keys, at, keys, group, where)
        if function == "ytd":
            return self.value(inner, At(at.span, at.shift, True), keys, group, where, inside)
        base_at = At(at.span, _shift(function), at.is_to_date)
        if function in ("prior_year", "prev"):
            return self.value(inner, base_at, keys, group, where, inside)
        now = self.value(inner, at, keys, group, where, True)
        base = self.value(inner, base_at, keys, group, where, True)
        if now is None or base is None:
            return None
        if function in RATES:
            return (now - base) / base if base > 0 else None
        return now - base

    def _share(self, inner: Measure, over: Group, at: At, keys: Group, group: Group, where: Conditions) -> Number:
        if any(p.aggregate not in ("SUM", "COUNT") for p in simple_parts(inner.metric)) or not over:
            raise Undefined("a share of what does not add up")
        if any(METRICS[m].kind == "ratio" for m in (inner.metric, *METRICS[inner.metric].parts)):
            raise Undefined("a share of a ratio")
        whole_keys = tuple(k for k in keys if k not in over)
        whole_group = tuple(v for k, v in zip(keys, group, strict=True) if k not in over)
        part = self.value(inner, at, keys, group, where, True)
        whole = self.value(inner, at, whole_keys, whole_group, without(where, over), True)
        return _over(part, whole)

    def _rank(self, inner: Measure, at: At, group: Group) -> Number:
        where = without(self.rows_where, self.keys)
        self._is_soft = False
        values = [self.value(inner, at, self.keys, g, where, False) for g in self._groups(at.span, where)]
        known = [v for v in values if v is not None]
        self._refuse_near(inner, known)
        own = self.value(inner, at, self.keys, group, where, False)
        if self._is_soft:
            raise Undefined("a rank of a number that is 0 or NULL")
        return Fraction(1 + (len(known) if own is None else sum(v > own for v in known)))

    # ---- groups -------------------------------------------------------------------------------------------------

    def _reads(self, measure: Measure, at: At) -> Iterable[At]:
        """Every period whose rows a measure needs."""
        if not measure.functions:
            return [at]
        function, inner = measure.functions[0], Measure(measure.metric, measure.functions[1:])
        if function in ("rank", "share"):
            return self._reads(inner, at)
        if function == "ytd":
            return self._reads(inner, At(at.span, at.shift, True))
        base = list(self._reads(inner, At(at.span, _shift(function), at.is_to_date)))
        return base if function in ("prior_year", "prev") else [*self._reads(inner, at), *base]

    def _groups(self, span: Span, where: Conditions) -> list[Group]:
        """Groups that have a row which one of the asked definitions counts, in the days that it is read for."""
        found: dict[Group, None] = {}
        for measure in self.measures:
            for at in self._reads(measure, At(span)):
                for part in simple_parts(measure.metric):
                    grouped = self._grouped(part.fact, self._windows.read(part, at), self.keys, where)
                    for group, rows in grouped.items():
                        if any(self.reader.passes(part, row) for row in rows):
                            found[group] = None
        return list(found) or ([()] if self._is_one_row() else [])

    def _refuse_near(self, measure: Measure, values: list[Any]) -> None:
        ordered = sorted(values)
        if not is_exact(measure) and any(b - a < NEAR for a, b in pairwise(ordered)):
            raise Undefined("ranks of inexact numbers")


def is_exact(measure: Measure) -> bool:
    """Whether doubles and fractions agree on which of two such numbers is the larger."""
    exact = {"yoy_diff", "mom_diff", "qoq_diff", "prev_diff", "prev", "prior_year", "ytd", "vs_year_start_diff", "rank"}
    whole = all(not p.is_average and p.aggregate != "AVG" for p in simple_parts(measure.metric))
    if METRICS[measure.metric].kind == "ratio" and measure.functions:
        return False
    return whole and set(measure.functions) <= exact


def _shift(function: str) -> str:
    if function in SHIFTS:
        return str(SHIFTS[function])
    return "prev" if function.startswith("prev") else "year_start"


def _over(numerator: Number, denominator: Number) -> Number:
    return None if numerator is None or denominator is None or denominator == 0 else numerator / denominator


def without(where: Conditions, over: Iterable[str]) -> Conditions:
    """The conditions that reach a whole or a ranking: those on other dimensions."""
    dropped = set(over)
    kept = []
    for condition in where:
        names = names_in(condition)
        if names <= dropped:
            continue
        if names & dropped:
            raise Undefined("a condition on both sides of a share or rank")
        kept.append(condition)
    return tuple(kept)
