"""Conditions on measures and the order of rows: which measure a threshold or a limit is about, told by what stands nearest.

Never invents a number: every value comes from a grounded quantity, or is the zero that a rise or a fall is measured from.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from t2sql.catalog import Catalog
from t2sql.flow import Context, Quantity, Span
from t2sql.reading.movement import fell_most, is_either_way, movement, movements

_FALL = re.compile(
    r"下降|减少|降低|下跌|下滑|下行|回落|压降|跌|缩|掉|降幅|\b(?:drop|declin|fall|fell|decreas|reduc|shr[aiu]nk|lost)\w*",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(r"\s*(?:[,，;；.。?？]|\b(?:with|along|plus|and their|and its|showing)\b|$)", re.IGNORECASE)
_VERSUS = re.compile(r"(?:vs\.?|versus|against|compared (?:to|with|against))\s", re.IGNORECASE)
_GAP = re.compile(r"差距|差额|相差|缺口|\b(?:gap|difference|distance) between\b", re.IGNORECASE)
_REACH = 10
_TURNED = {">": "<", ">=": "<="}
_IS_CHANGE = re.compile(r"(?:yoy|mom|qoq|prev|vs_year_start)(?:_diff)?\(")
# What an order is by: 按不良率从高到低, "sorted by NPL ratio".
_SORTED_BY = re.compile(
    r"(?:按照?|依照?|根据|以)(?:各自的|其)?$|\b(?:sort|order|rank)(?:ed|ing)? (?:\w+ )?by (?:the |their |its )?$|\bin (?:\w+ )?order of (?:the |their )?$|\bby (?:the |their )?$",
    re.IGNORECASE,
)


class Bounds:
    """The thresholds and the order of one question."""

    def __init__(self, context: Context, catalog: Catalog, spans: Mapping[str, Span | None]) -> None:
        self.context, self.catalog, self.spans = context, catalog, spans
        self.text = context.question.text
        self.thresholds = [q for q in context.quantities if q.kind == "threshold"]
        self.limit = next((q for q in context.quantities if q.kind in ("limit", "order")), None)

    def conditions(
        self, measures: Sequence[str], shown: Sequence[str], time: str = ""
    ) -> Iterator[tuple[int, list[str]]]:
        """(rank, conditions): for each threshold the nearest measure that its unit fits, then the others. `time`: the
        condition on the periods, under which the whole's own figure is taken too.
        """
        options = []
        for quantity in self.thresholds:
            fitting = [m for m in measures if self._fits(m, quantity)]
            if not fitting:
                # Left out, and told by `leftovers`: 10亿元 is no bound of a ratio.
                continue
            nearest = self.nearest(quantity, fitting)
            ordered = sorted(fitting, key=lambda m: m != nearest)
            ranks = [int(bool(i) and nearest is not None) for i in range(len(ordered))]
            options.append([(rank, self._threshold(m, quantity, time)) for rank, m in zip(ranks, ordered, strict=True)])
        # A place counted from the bottom is no rank; `leftovers` tells it.
        if self.limit and self.limit.operator == "=" and self.limit.descending:
            placed = self.nearest(self.limit, [m for m in measures if not m.startswith("rank(")])
            options.append([(0, f"rank({placed or shown[0]}) = {int(self.limit.value)}")])
        moved = self._movement(shown)
        for choice in itertools.product(*options):
            yield max((rank for rank, _ in choice), default=0), [c for _, c in choice] + moved

    def _movement(self, shown: Sequence[str]) -> list[str]:
        """不良率较年初上升的分行: the change that is shown must be above or below zero."""
        changes = [m for m in shown if re.match(r"(?:yoy|mom|qoq|prev|vs_year_start)(?:_diff)?\(", m)]
        if self.thresholds or (self.limit and self.limit.value):
            return []
        if len(changes) > 1:
            ways = movements(self.context, self.catalog)
            are_all = {metric_in(m) for m in changes} == {*ways} and len(changes) == len(ways)
            return [f"{m} {ways[metric_in(m)][0]} 0" for m in changes] if are_all else []
        if len(changes) != 1:
            return []
        moved = movement(self.context, self.catalog)
        return [f"{changes[0]} {moved[0]} 0"] if moved else []

    def _fits(self, measure: str, quantity: Quantity) -> bool:
        """Whether the quantity's unit can be compared with the measure."""
        metric = self.catalog.metrics[metric_in(measure)]
        is_rate = bool(re.match(r"(yoy|mom|qoq|vs_year_start|share)\(", measure))
        is_ratio = is_rate or metric.unit == "ratio"
        return {
            "ratio": is_ratio,
            "bp": is_ratio,
            "CNY": not is_ratio and metric.unit != "count",
            "count": metric.unit == "count",
            "": True,
            # The whole's figure is a mean of the parts' only where it is no sum of them.
            "whole": is_ratio or "/" in metric.unit,
        }[quantity.unit]

    def _threshold(self, measure: str, quantity: Quantity, time: str) -> str:
        if quantity.operator in _TURNED and _IS_CHANGE.match(measure) and self._falls(quantity):
            # 降幅超过5% is a change below minus five.
            return f"{measure} {_TURNED[quantity.operator]} -{number(quantity.value)}"
        if quantity.unit == "whole":
            clause = f" WHERE {time}" if time else ""
            return f"{measure} {quantity.operator} (SELECT {measure} FROM {self.catalog.name}{clause})"
        return _threshold(measure, quantity)

    def orders(self, shown: Sequence[str], measures: Sequence[str], has_groups: bool) -> Iterator[str]:
        """ORDER BY clauses, the likeliest first; "" when none is asked, or a single row comes back."""
        if (
            not self.limit
            or not has_groups
            or self.limit.operator == "="
            or (self.limit.kind == "order" and any(m.startswith("rank(") for m in shown))
        ):
            yield ""
            return
        nearest = self.nearest(self.limit, [metric_in(m) for m in measures])
        candidates = [m for m in measures if not m.startswith("rank(")] or list(measures)
        if len(shown) == 1 and re.search(r" [-+] ", shown[0]):
            # The gap between loans and deposits is what is ordered.
            limit = f" LIMIT {int(self.limit.value)}" if self.limit.value else ""
            by = f"ABS({shown[0]})" if _GAP.search(self.text) else shown[0]
            yield f" ORDER BY {by}{' DESC' if self.limit.descending else ''}{limit}"
            return
        compared = [m for m in shown if "(" in m and not m.startswith("rank(")]
        by_words = [m for m in candidates if self._is_sorted_by(m)]
        is_other = by_words and metric_in(by_words[0]) not in {metric_in(m) for m in compared}
        if is_other or any(m in self.spans and self._ends_clause(m) for m in by_words):
            # Ranked by loans, with their growth or the change of another figure.
            compared = []
        says = [self.text[c.span.start : c.span.end] for c in self.context.comparisons if c.span]
        if any(m in self.spans for m in shown) and any(_VERSUS.match(words) for words in says):
            # Top five by deposits versus last year: what is set against another time is put in order itself.
            compared = []
        falls = bool(compared and (_FALL.search(self._around(self.limit.span)) or self._is_fall(self.limit.span)))
        falls = falls or (bool(compared) and fell_most(self.context, self.catalog, self.limit.span))
        is_either = bool(compared) and self.limit.descending and is_either_way(self.context, self.catalog)
        direction = " DESC" if self.limit.descending != falls else ""
        for measure in sorted(
            candidates, key=lambda m: (m not in compared if compared else False, metric_in(m) != nearest)
        ):
            limit = f" LIMIT {int(self.limit.value)}" if self.limit.value else ""
            by = f"ABS({measure})" if is_either and measure in compared else measure
            yield f" ORDER BY {by}{direction}{limit}"
            if compared or nearest is not None:
                break

    def _falls(self, quantity: Quantity) -> bool:
        """Whether the words right before a bound, or in it, say a fall."""
        start, end = quantity.span.start, quantity.span.end
        return bool(_FALL.search(self.text[max(0, start - _REACH) : end])) or bool(_FALL.match(self.text[end:].strip()))

    def _is_fall(self, span: Span) -> bool:
        """ "the biggest percentage fall": a noun of falling ends the phrase that the superlative begins."""
        phrase = re.match(r"\s?(?:[a-z-]+ ){0,3}", self.text[span.end :], re.IGNORECASE)
        return bool(phrase and _FALL.search(phrase[0]))

    def _around(self, span: Span) -> str:
        return self.text[max(0, span.start - _REACH) : span.end + _REACH]

    def _is_sorted_by(self, measure: str) -> bool:
        """Whether the metric's words stand anywhere right after 按 or "sorted by"."""
        span = self.spans.get(metric_in(measure))
        said = self.text[span.start : span.end] if span else ""
        return bool(said) and any(
            _SORTED_BY.search(self.text[: m.start()]) for m in re.finditer(re.escape(said), self.text)
        )

    def _ends_clause(self, name: str) -> bool:
        span = self.spans.get(name)
        return bool(span and _CLAUSE_END.match(self.text[span.end :]))

    def nearest(self, quantity: Quantity | None, measures: Iterable[str]) -> str | None:
        """The measure whose metric is named closest to the quantity, before it rather than after."""
        if quantity is None:
            return None
        measures = list(measures)
        if quantity.kind != "threshold" and (sorted_by := [m for m in measures if self._is_sorted_by(m)]):
            return sorted_by[0]
        scored = []
        for measure in measures:
            span = self.spans.get(metric_in(measure))
            if span:
                before = quantity.span.start - span.end
                scored.append((before if before >= 0 else 3 + span.start - quantity.span.end, measure))
        return min(scored, key=lambda s: s[0])[1] if scored else None


def _threshold(measure: str, quantity: Quantity) -> str:
    value, upper = number(quantity.value), number(quantity.upper or 0)
    return (
        f"{measure} BETWEEN {value} AND {upper}"
        if quantity.operator == "between"
        else f"{measure} {quantity.operator or '>'} {value}"
    )


def quote(value: str) -> str:
    """A string literal of semantic SQL."""
    return "'" + value.replace("'", "''") + "'"


def number(value: float) -> str:
    """A number as people write it: no exponent, no needless zeros."""
    return f"{value:.10f}".rstrip("0").rstrip(".")


def metric_in(measure: str) -> str:
    """The metric inside yoy(x) or share(x, d); a bare metric is itself."""
    inner = measure.rsplit("(", 1)[-1].rstrip(")")
    return inner.split(",")[0].strip()
