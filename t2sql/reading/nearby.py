"""Metrics that may stand in for one that cannot be shown as asked: near in name, so that the person may choose one."""

from __future__ import annotations

from t2sql.catalog import Catalog, Metric

_ALIKE, _SAME_UNIT = 55.0, 10.0
_MOST = 8


def near_metrics(name: str, catalog: Catalog) -> list[str]:
    """Names of metrics called much like `name`, the likest first, the same unit counting for it; at most 8."""
    from rapidfuzz import fuzz

    def likeness(other: Metric) -> float:
        return max(
            float(fuzz.ratio(one, two))
            for one in _called(metric)
            for two in _called(other)
            if one.isascii() == two.isascii()
        )

    metric = catalog.metrics[name]
    scored = [
        (likeness(other) + _SAME_UNIT * (other.unit == metric.unit), other)
        for other in catalog.metrics.values()
        if other.name != name
    ]
    kept = [(score, other) for score, other in scored if score >= _ALIKE]
    ordered = sorted(kept, key=lambda pair: (-pair[0], pair[1].name))
    return [other.name for _, other in ordered[:_MOST]]


def _called(metric: Metric) -> tuple[str, ...]:
    return (metric.display.zh, metric.display.en.lower())
