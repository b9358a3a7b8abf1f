"""Finds a bound that is no number but the whole's own figure: 高于全行水平, "below the bank average".

Finds words only; whether a metric's whole can be such a bound (a ratio's can, a sum's cannot) is for the reading.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from t2sql.catalog import Metric
from t2sql.flow import Quantity
from t2sql.grounding.words.text import Folded

_WHOLE_ZH = r"(?:全年|全行|本行|我行|总行|整体|总体|全体|全部|全国|全辖|平均)(?:的)?(?:整体|总体|平均)?(?:水平|水准|均值|平均值?|值|线|数)?"
_WHOLE_EN = r"(?:that (?:of|for|at) )?(?:the )?(?:(?:whole |entire |overall )?bank(?:'s|[- ]?wide)?(?: as a whole| overall| average| level| figure| ratio| mean)*|(?:overall|group|national|company)(?:[- ]wide)? (?:average|level|figure|ratio|mean)|(?:full|whole|entire)[- ]year(?:'s)?(?: average| figure| level| mean)*|(?:annual|yearly) (?:average|figure|level|mean)|average|mean)"
_RULES: tuple[tuple[Literal[">", "<"], re.Pattern[str]], ...] = (
    (">", re.compile(rf"(?:高于|大于|超过|超出|高过|多于|强于){_WHOLE_ZH}|比{_WHOLE_ZH}(?:还要?|更|要)?[高大多]|\b(?:above|over|higher than|greater than|larger than|more than|exceed(?:s|ing|ed)?) {_WHOLE_EN}(?![a-z])")),
    ("<", re.compile(rf"(?:低于|小于|不及|不足|少于|弱于){_WHOLE_ZH}|比{_WHOLE_ZH}(?:还要?|更|要)?[低小少]|\b(?:below|under|lower than|less than|smaller than) {_WHOLE_EN}(?![a-z])")),
)  # fmt: skip


# Which side of the whole is worse depends on the metric: see `directed`.
_WORSE = re.compile(
    rf"\b(?P<how>worse|weaker|better|stronger)(?: \((?:higher|lower)\))?(?P<name>(?: [a-z/-]+){{1,3}}?)? (?P<whole>than {_WHOLE_EN})(?![a-z])|(?P<zh>[差好])于{_WHOLE_ZH}|比{_WHOLE_ZH}(?:还要?|更|要)?(?P<zh2>[差好])"
)
_BETTER = frozenset(("better", "stronger", "好"))


def directed(quantity: Quantity, metric: Metric | None) -> Quantity:
    """Worse (value -1) or better (value 1) than the whole, as above or below it; where the metric has no good side, a
    place that no rank has, so that it is told back.
    """
    if quantity.unit != "whole" or not quantity.value:
        return quantity
    if metric is None or not metric.direction:
        return replace(quantity, kind="limit", operator="=", value=0.0, unit="count")
    is_above = (quantity.value > 0) == (metric.direction == "up_is_good")
    return replace(quantity, operator=">" if is_above else "<", value=0.0)


def find_benchmarks(folded: Folded) -> tuple[Quantity, ...]:
    """Thresholds at the whole's own figure, in the order of the text."""
    found = [
        Quantity(folded.span(*match.span()), "threshold", operator, 0.0, unit="whole")
        for operator, pattern in _RULES
        for match in pattern.finditer(folded.text)
    ]
    for match in _WORSE.finditer(folded.text):
        is_better = (match["how"] or match["zh"] or match["zh2"]) in _BETTER
        # "A worse NPL ratio than the bank": the name between is the metric's.
        span = folded.span(*(match.span("whole") if match["name"] else match.span()))
        found.append(Quantity(span, "threshold", ">", 1.0 if is_better else -1.0, unit="whole"))
    return tuple(sorted(found, key=lambda quantity: quantity.span.start))
