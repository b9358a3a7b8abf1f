"""The oracle: what a question's rows are, by going through the rows. It shares nothing with the compiler.

Written from the thirteen decisions; the figures themselves are in `figures`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from oracle.figures import NEAR, Figures, Group, is_exact, without
from oracle.questions import Measure
from oracle.reading import Undefined, holds, measures_in
from oracle.spans import Span
from oracle.windows import At


@dataclass(frozen=True, slots=True)
class Expected:
    """One row of the right answer."""

    values: tuple[Any, ...]
    is_optional: bool
    """The decisions do not say whether it is shown: no row of its group is counted, or it holds no number at all."""
    soft: frozenset[int]
    """Columns that may be 0 or NULL: rows are there, and the definition's filter counts none of them."""


class Brute(Figures):
    """One question over one warehouse."""

    def rows(self) -> list[Expected]:
        """The expected rows, in order where the question orders them; LIMIT is not applied."""
        found = []
        for span in self.periods:
            counted = self._groups(span, self.rows_where)
            for group in dict.fromkeys([*counted, *self._everywhere()]):
                names, soft = self._numbers(span, group)
                self._refuse_edges(names)
                is_empty = all(self._is_empty(m, names, At(span), group) for m in self.measures)
                if self._is_kept(names, soft):
                    found.append((names, soft, group not in counted or (is_empty and not self._is_one_row())))
        columns = self.question.columns
        return [
            Expected(tuple(n[c] for c in columns), optional, frozenset(i for i, c in enumerate(columns) if c in soft))
            for n, soft, optional in self._ordered(found)
        ]

    def _numbers(self, span: Span, group: Group) -> tuple[dict[Any, Any], frozenset[Measure]]:
        names: dict[Any, Any] = dict(zip(self.keys, group, strict=True))
        soft = set()
        for measure in self.measures:
            self._is_soft = False
            names[measure] = self.value(measure, At(span), self.keys, group, self.rows_where, False)
            soft |= {measure} if self._is_soft else set()
        if self.question.grain:
            names[self.question.grain] = span.label
        return names, frozenset(soft)

    def _is_kept(self, names: dict[Any, Any], soft: frozenset[Measure]) -> bool:
        if soft & set(measures_in(self.groups_where)) or soft & {o.by for o in self.question.orders}:
            raise Undefined("a choice by a number that is 0 or NULL")
        return all(holds(c, names.__getitem__) for c in self.groups_where)

    def _is_empty(self, measure: Measure, names: dict[Any, Any], at: At, group: Group) -> bool:
        """Whether there is no number, or the rank of none."""
        if "rank" not in measure.functions:
            return names[measure] is None
        inner = Measure(measure.metric, measure.functions[1:], measure.share_over)
        return self.value(inner, at, self.keys, group, without(self.rows_where, self.keys), False) is None

    def _everywhere(self) -> list[Group]:
        """Groups of any row of the asked facts, at any time, whether or not a definition counts it.

        Silent: whether a group without a counted row is shown, with NULL or 0. Both are let pass.
        """
        found: dict[Group, None] = {}
        if not self._has_functions and not any(p.where for p in self.parts):
            return []
        for fact in {p.fact for p in self.parts}:
            for row in self.reader.rows(fact):
                if all(holds(c, lambda n, f=fact, r=row: self.reader.value(f, r, n)) for c in self.rows_where):
                    found[tuple(self.reader.value(fact, row, k) for k in self.keys)] = None
        return list(found)

    def _ordered(self, rows: list[Any]) -> list[Any]:
        question = self.question
        # Reading: the period comes first among the grouping columns, then dimensions as SELECT has them.
        tie_breaks = [*([question.grain] if question.grain else []), *question.dimensions]
        # Python's sort keeps equals in place, so the last key is sorted first.
        for name in reversed(tie_breaks):
            rows.sort(key=lambda row, n=name: (row[0][n] is None, row[0][n] or ""))
        for order in reversed(question.orders):
            there = [row for row in rows if row[0][order.by] is not None]
            if isinstance(order.by, Measure):
                self._refuse_near(order.by, [row[0][order.by] for row in there])
            # Reversed twice, equals stay as they are when the largest come first.
            there = there[::-1] if order.descending else there
            there.sort(key=lambda row, by=order.by: row[0][by])
            there = there[::-1] if order.descending else there
            rows = there + [row for row in rows if row[0][order.by] is None]
        return rows

    def _refuse_edges(self, names: dict[Any, Any]) -> None:
        for condition in self.groups_where:
            for edge in _edges(condition):
                left, right = names[edge.measure], Fraction(str(edge.number))
                if edge.other:
                    right = None if names[edge.other] is None else right * names[edge.other]
                exact = is_exact(edge.measure) and not edge.other
                if not exact and left is not None and right is not None and abs(left - right) < NEAR:
                    raise Undefined("a threshold on an inexact number")


def _edges(condition: Any) -> list[Any]:
    if hasattr(condition, "parts"):
        return [e for part in condition.parts for e in _edges(part)]
    if hasattr(condition, "part"):
        return _edges(condition.part)
    return [condition] if hasattr(condition, "measure") else []
