"""The readings of a question: every semantic SQL that fits what was grounded. The grammar allows these and nothing
else.

What code could ground is fixed in each reading; what stays open (which metric, which measure a threshold or an order
is about) becomes
alternatives for the llm to choose among. One reading needs no llm. It invents nothing: every name and literal comes
from the Context.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from t2sql.catalog import Catalog, Metric
from t2sql.flow import Context, NameMention, Quantity, ValueMention
from t2sql.generation.time_conditions import TimeCondition, time_condition

MOST_READINGS = 120
EXACT = 0.95
_TOTAL = re.compile(
    r"合计|总和|总共|一共|共计|加总|之和|\b(?:total|combined|together|in all|sum of|overall)\b", re.IGNORECASE
)
_WITH_VALUE = re.compile(r"及其?|以及|和|与|并|、|,|，|\b(?:and|with|plus|as well as|along with)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reading:
    """One semantic SQL that the question may mean, in the parts it is made of."""

    semantic_sql: str
    metrics: tuple[str, ...]
    """Names of the metrics selected."""


def readings(context: Context, catalog: Catalog, *, pool: Sequence[str] | None = None) -> list[Reading]:
    """Readings of `context`, likeliest first, at most 120. `pool` overrides the metrics to choose among. Empty when
    no metric was found.
    """
    found: dict[str, Reading] = {}
    for reading in _Composer(context, catalog, pool).compose():
        found.setdefault(reading.semantic_sql, reading)
        if len(found) >= MOST_READINGS:
            break
    return list(found.values())


def exact_metrics(context: Context) -> list[NameMention]:
    """Metrics named in so many words, in the order of the text, each once."""
    exact = [m for m in context.metrics if m.span and m.score >= EXACT]
    ordered = sorted(exact, key=lambda m: (m.span.start, m.span.end) if m.span else (0, 0))
    return list({m.name: m for m in ordered}.values())


class _Composer:
    def __init__(self, context: Context, catalog: Catalog, pool: Sequence[str] | None) -> None:
        self.context, self.catalog = context, catalog
        self.text = context.question.text
        named = exact_metrics(context)
        self.exact = [] if pool is not None else [m.name for m in named if m.name in catalog.metrics]
        self.spans = {m.name: m.span for m in named}
        self.pool = [n for n in (pool or self.exact or [m.name for m in context.metrics]) if n in catalog.metrics]
        self.thresholds = [q for q in context.quantities if q.kind == "threshold"]
        self.limit = next((q for q in context.quantities if q.kind == "limit"), None)

    def compose(self) -> Iterator[Reading]:
        if not self.pool:
            return
        for values in self._value_choices():
            groups = self._groups(values)
            grain = next((g.name for g in self.context.grains), None)
            time = time_condition(self.context.periods, grain)
            grain = time.grain or grain
            where = [time.sql] * bool(time.sql) + self._value_conditions(values)
            for metrics in self._metric_choices():
                yield from self._with_metrics(metrics, groups, grain, where, values, time)

    # -- dimensions and values --------------------------------------------------------------------------------
    def _value_choices(self) -> Iterator[tuple[ValueMention, ...]]:
        """One mention a span: a word that is a value of two dimensions gives a choice each."""
        spans: dict[tuple[int, int], list[ValueMention]] = {}
        for value in self.context.values:
            spans.setdefault((value.span.start, value.span.end), []).append(value)
        yield from itertools.product(*spans.values())

    def _groups(self, values: tuple[ValueMention, ...]) -> list[str]:
        cued = [d.name for d in self.context.dimensions if d.score >= EXACT]
        mentioned = [d.name for d in self.context.dimensions if d.score < EXACT]
        filtered = {v.dimension for v in values}
        groups = list(dict.fromkeys(cued))
        if not groups and (self.limit or self.thresholds):
            groups = [d for d in mentioned if d not in filtered][:1]
        for dimension in filtered:
            several = len({v.value for v in values if v.dimension == dimension and not v.is_negated}) > 1
            if several and dimension not in groups and not _TOTAL.search(self.text):
                groups.append(dimension)
        return groups

    def _value_conditions(self, values: tuple[ValueMention, ...]) -> list[str]:
        conditions = []
        for dimension, negated in dict.fromkeys((v.dimension, v.is_negated) for v in values):
            named = list(dict.fromkeys(v.value for v in values if (v.dimension, v.is_negated) == (dimension, negated)))
            if len(named) == 1:
                conditions.append(f"{dimension} {'<>' if negated else '='} {quote(named[0])}")
            else:
                conditions.append(f"{dimension} {'NOT IN' if negated else 'IN'} ({', '.join(map(quote, named))})")
        return conditions

    # -- metrics ----------------------------------------------------------------------------------------------
    def _metric_choices(self) -> Iterator[tuple[str, ...]]:
        """Metrics that the SELECT may show."""
        if len(self.exact) > 1:
            if self.thresholds or self.limit:
                yield from self._with_helpers()
            elif self._are_joined():
                yield tuple(self.exact)
            else:
                # "average ticket of card transactions": one may only describe the other.
                yield from ((name,) for name in self.exact)
                yield tuple(self.exact)
            return
        yield from ((name,) for name in self.pool)

    def _are_joined(self) -> bool:
        """Whether each two neighbours among the named metrics are listed side by side."""
        spans = [self.spans[name] for name in self.exact]
        between = [self.text[a.end : b.start] for a, b in itertools.pairwise(spans) if a and b]
        return all(_WITH_VALUE.search(words) or not words.strip() for words in between)

    def _with_helpers(self) -> Iterator[tuple[str, ...]]:
        """Several metrics and a threshold or limit: all of them, or those that are not only measured against."""
        helper = self._nearest(self.thresholds[0] if self.thresholds else self.limit, self.exact)
        if helper is None:
            yield tuple(self.exact)
            return
        others = tuple(n for n in self.exact if n != helper)
        choices = (
            [tuple(self.exact), others, (helper,)]
            if self.limit and not self.thresholds
            else [others, tuple(self.exact), (helper,)]
        )
        yield from (c for c in choices if c)

    def _with_metrics(
        self,
        metrics: tuple[str, ...],
        groups: list[str],
        grain: str | None,
        where: list[str],
        values: tuple[ValueMention, ...],
        time: TimeCondition,
    ) -> Iterator[Reading]:
        for shown in self._shown(metrics, groups, values, grain, time):
            measures = list(dict.fromkeys([*shown, *(m for n in self.exact for m in [n]), *metrics]))
            for conditions in self._threshold_choices(measures):
                for order in self._orders(shown, measures, groups, grain):
                    columns = ", ".join([*([grain] if grain else []), *groups, *shown])
                    clause = f" WHERE {' AND '.join([*where, *conditions])}" if where or conditions else ""
                    yield Reading(f"SELECT {columns} FROM {self.catalog.name}{clause}{order}", metrics)

    def _shown(
        self,
        metrics: tuple[str, ...],
        groups: list[str],
        values: tuple[ValueMention, ...],
        grain: str | None,
        time: TimeCondition,
    ) -> Iterator[tuple[str, ...]]:
        """Measures that the SELECT shows: the metrics, or the comparisons asked of them."""
        functions = [c for c in self.context.comparisons if not (c.name == "ytd" and time.is_cumulative)]
        if not functions:
            yield metrics
            return
        shown: list[str] = []
        for name in metrics:
            metric = self.catalog.metrics[name]
            calls = list(dict.fromkeys(self._call(f.name, metric, groups, values) for f in functions))
            keeps_value = any(self._is_beside(name, f) for f in functions)
            shown += [name, *calls] if keeps_value else calls
        yield tuple(dict.fromkeys(shown))

    def _call(self, function: str, metric: Metric, groups: list[str], values: tuple[ValueMention, ...]) -> str:
        if function == "share":
            fixed = [v.dimension for v in values if v.dimension not in groups]
            if fixed and not groups:
                return f"share({metric.name}, {fixed[0]})"
        return f"{function}({metric.name})"

    def _is_beside(self, name: str, function: NameMention) -> bool:
        """Whether value and comparison are both asked: 余额及同比, balance and its growth."""
        span = self.spans.get(name)
        if function.name in ("rank", "prior_year", "prev"):
            return True
        if span is None or function.span is None:
            return False
        first, second = sorted([(span.start, span.end), (function.span.start, function.span.end)])
        between = self.text[first[1] : second[0]]
        return len(between) <= 24 and bool(_WITH_VALUE.search(between))

    # -- thresholds and order ---------------------------------------------------------------------------------
    def _threshold_choices(self, measures: list[str]) -> Iterator[list[str]]:
        options = []
        for quantity in self.thresholds:
            fitting = [m for m in measures if self._fits(m, quantity)] or measures
            nearest = self._nearest(quantity, fitting)
            options.append([self._threshold(m, quantity) for m in sorted(fitting, key=lambda m: m != nearest)])
        yield from (list(choice) for choice in itertools.product(*options))

    def _fits(self, measure: str, quantity: Quantity) -> bool:
        """Whether the quantity's unit can be compared with the measure."""
        metric = self.catalog.metrics[_metric_in(measure)]
        is_rate = bool(re.match(r"(yoy|mom|qoq|vs_year_start|share)\(", measure))
        is_ratio = is_rate or metric.unit == "ratio"
        return {
            "ratio": is_ratio,
            "bp": is_ratio,
            "CNY": not is_ratio and metric.unit != "count",
            "count": metric.unit == "count",
            "": True,
        }[quantity.unit]

    def _threshold(self, measure: str, quantity: Quantity) -> str:
        value, upper = number(quantity.value), number(quantity.upper or 0)
        return (
            f"{measure} BETWEEN {value} AND {upper}"
            if quantity.operator == "between"
            else f"{measure} {quantity.operator or '>'} {value}"
        )

    def _orders(
        self, shown: tuple[str, ...], measures: list[str], groups: list[str], grain: str | None
    ) -> Iterator[str]:
        if not self.limit or not (groups or grain):
            yield ""
            return
        direction = " DESC" if self.limit.descending else ""
        nearest = self._nearest(self.limit, [_metric_in(m) for m in measures])
        candidates = [m for m in measures if not m.startswith("rank(")] or measures
        compared = [m for m in shown if "(" in m and not m.startswith("rank(")]
        for measure in sorted(
            candidates, key=lambda m: (m not in compared if compared else False, _metric_in(m) != nearest)
        ):
            limit = f" LIMIT {int(self.limit.value)}" if self.limit.value else ""
            yield f" ORDER BY {measure}{direction}{limit}"
            if compared or nearest is not None:
                break

    def _nearest(self, quantity: Quantity | None, measures: Iterable[str]) -> str | None:
        """The measure whose metric is named closest to the quantity, before it rather than after."""
        if quantity is None:
            return None
        scored = []
        for measure in measures:
            span = self.spans.get(_metric_in(measure))
            if span:
                before = quantity.span.start - span.end
                scored.append((before if before >= 0 else 3 + span.start - quantity.span.end, measure))
        return min(scored, key=lambda s: s[0])[1] if scored else None


def quote(value: str) -> str:
    """A string literal of semantic SQL."""
    return "'" + value.replace("'", "''") + "'"


def number(value: float) -> str:
    """A number as people write it: no exponent, no needless zeros."""
    return f"{value:.10f}".rstrip("0").rstrip(".")


def _metric_in(measure: str) -> str:
    inner = measure.rsplit("(", 1)[-1].rstrip(")")
    return inner.split(",")[0].strip()
