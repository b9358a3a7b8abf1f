"""What a reading shows of its metrics: themselves, a comparison of them, or both (余额及同比)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from t2sql.catalog import Catalog, Metric
from t2sql.flow import Context, NameMention, Period, Span, ValueMention
from t2sql.reading.changes import function_of
from t2sql.reading.shares import part_dimension

JOINED = re.compile(
    r"及其?|以及|和|与|并|、|&|\b(?:and|with|plus|as well as|along with|together with)\b", re.IGNORECASE
)
# What stands right before a comparison that is asked beside the value itself: 余额和占比, "together with its change".
_BESIDE = re.compile(
    r"(?:及其?|以及|和|与|并|、|(?:以及)?跟|\b(?:and|with|plus|as well as|along with|together with|alongside)\b)"
    r"\s*(?:its?|the|their|其|的)?\s*(?:[a-z]+ ){0,1}$",
    re.IGNORECASE,
)
_VALUE = re.compile(
    r"(?:余额|金额|数额|规模|总额|总量|数值|绝对[值额]|值|数量|\b(?:balances?|amounts?|levels?|values?|figures?|numbers?|totals?|volumes?))"
    r"\s*(?:及其?|以及|和|与|并|、|&|\b(?:and|with|plus|as well as|along with)\b)\s*(?:its?|the|their|其)?\s*$",
    re.IGNORECASE,
)
_BEFORE_VALUE = re.compile(
    r"^\s*(?:及其?|以及|和|与|并|、|&|\b(?:and|with|plus|as well as)\b)\s*(?:its?|the|their|其)?\s*"
    r"(?:余额|金额|数额|规模|总额|绝对[值额]|\b(?:balances?|amounts?|levels?|values?|figures?)\b)",
    re.IGNORECASE,
)
_REACH = 24


class Measures:
    """Measures of one question's readings."""

    def __init__(
        self,
        context: Context,
        catalog: Catalog,
        spans: Mapping[str, Span | None],
        change: tuple[str, Period | None] | None,
        *,
        ranks_one: bool,
    ) -> None:
        """`change`: the change asked between two periods, as `changes.change_between` tells it."""
        self.context, self.catalog, self.spans = context, catalog, spans
        self.text = context.question.text
        self._change, self._ranks_one = change, ranks_one

    def of(
        self, metrics: Sequence[str], groups: Sequence[str], values: Sequence[ValueMention], *, is_cumulative: bool
    ) -> Iterator[tuple[str, ...]]:
        """Measures that the SELECT may show, the likeliest first."""
        if self._change:
            stem = self._change[0]
            changes = (f"{function_of(stem, self.text, self.catalog.metrics[m])}({m})" for m in metrics)
            yield tuple(dict.fromkeys(changes))
            return
        functions = [c for c in self.context.comparisons if not (c.name == "ytd" and is_cumulative)]
        if not functions:
            ranks = self._ranks_one and not self.context.grains
            yield tuple(m for n in metrics for m in (n, f"rank({n})")) if ranks else tuple(metrics)
            return
        shown: list[str] = []
        for name in metrics:
            metric = self.catalog.metrics[name]
            fitting = [f for f in functions if not self._is_its_own(f, metric)]
            calls = list(dict.fromkeys(self._call(f, metric, groups, values) for f in fitting))
            keeps_value = not calls or any(self._is_beside(name, f) for f in fitting)
            shown += [name, *calls] if keeps_value else calls
        yield tuple(dict.fromkeys(shown))

    def _is_its_own(self, function: NameMention, metric: Metric) -> bool:
        """Whether 占比 is only said of a metric that is a ratio already: "online share of card spend"."""
        return function.name == "share" and metric.is_ratio_unit

    def _call(
        self, function: NameMention, metric: Metric, groups: Sequence[str], values: Sequence[ValueMention]
    ) -> str:
        if function.name == "share":
            named = [d for d in self.context.dimensions if d.name in groups]
            part = part_dimension(function, self.text, values, named, groups, self.catalog)
            return f"share({metric.name}, {part})" if part else f"share({metric.name})"
        return f"{function.name}({metric.name})"

    def _is_beside(self, name: str, function: NameMention) -> bool:
        """Whether value and comparison are both asked: 余额及同比, balance and its growth."""
        if function.name in ("rank", "prior_year", "prev"):
            return True
        span = self.spans.get(name)
        if span is None or function.span is None:
            return False
        before, after = self.text[: function.span.start], self.text[function.span.end :]
        if _VALUE.search(before) or _BEFORE_VALUE.match(after):
            return True
        if span.end <= function.span.start and _BESIDE.search(before):
            return True
        first, second = sorted([(span.start, span.end), (function.span.start, function.span.end)])
        between = self.text[first[1] : second[0]]
        return len(between) <= _REACH and bool(JOINED.search(between))
