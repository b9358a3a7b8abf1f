"""A metric that counts one kind alone, asked for its share of the whole: 对公存款占比, "time deposits' share".

It is the whole's share under that kind. Only where no ratio of the catalog is that share, and where the whole is named
too or nothing else could be the part.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from t2sql.catalog import Catalog, Metric
from t2sql.flow import NameMention, ValueMention
from t2sql.grounding.names.comparisons import Cue

_ONE_KIND = re.compile(r"\s*(?P<dataset>\w+)\.(?P<field>\w+)\s*=\s*'(?P<value>[^']*)'\s*")


def as_part_of_whole(
    catalog: Catalog, cues: Collection[Cue], named: tuple[NameMention, ...], *, stands_alone: bool
) -> tuple[tuple[NameMention, ...], tuple[ValueMention, ...]]:
    """`named` with the whole in the place of its part, and the values that the part is.

    `stands_alone`: no value, grouping or grain is asked beside it.
    """
    if not any(cue.family == "share" for cue in cues) or not 0 < len({m.name for m in named}) <= 2:
        return named, ()
    for mention in named:
        metric = catalog.metrics.get(mention.name)
        kind = _ONE_KIND.fullmatch(metric.filter or "") if metric and mention.span else None
        if metric is None or kind is None or mention.span is None:
            continue
        others = {m.name for m in named} - {mention.name}
        wholes = [m.name for m in catalog.metrics.values() if _is_whole(m, metric)]
        dimensions = [
            d.name
            for d in catalog.dimensions.values()
            if (d.dataset, d.field) == (kind["dataset"], kind["field"]) and not d.role
        ]
        is_ratio = any(m.numerator == metric.name for m in catalog.metrics.values())
        if (
            is_ratio
            or len(wholes) != 1
            or len(dimensions) != 1
            or (others - set(wholes))
            or not (others or stands_alone)
        ):
            continue
        whole = tuple(m for m in named if m.name in wholes) or (NameMention(mention.span, "metric", wholes[0], 1.0),)
        return whole, (ValueMention(mention.span, dimensions[0], kind["value"], 1.0),)
    return named, ()


def _is_whole(other: Metric, part: Metric) -> bool:
    """Whether `other` counts what `part` counts one kind of, at the same time."""
    return (
        not other.filter
        and bool(other.expression)
        and (other.expression, other.unit, other.window_choice) == (part.expression, part.unit, part.window_choice)
    )
