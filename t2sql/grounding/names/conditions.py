"""Names of metrics that only say whose or which, beside the metric that is asked: "NPL ratio on retail customers' loans",
"daily average deposits, personal deposits only".

The metric's own filter becomes the condition, where it holds one value of one dimension; any other is left to be told.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from t2sql.catalog import Catalog, Metric
from t2sql.flow import NameMention, Span, ValueMention
from t2sql.grounding.names.names import NameIndex
from t2sql.grounding.settling import offset
from t2sql.grounding.words.text import Folded
from t2sql.metric_names import datasets_of
from t2sql.paths import is_reached

_ONE_VALUE = re.compile(r"\s*(?P<dataset>\w+)\.(?P<field>\w+)\s*=\s*'(?P<value>[^']+)'\s*")
_COUNTS = re.compile(r"数|量|多少|几|\b(?:number|count|how many|total)\b")
_WHOSE = re.compile(
    r"\b(?:for|of|among|amongst|from|to|on|by|held by|owned by|with|belonging to)\s+(?:our |the |all |all our |all the )?$"
)
# "How much wealth do retail customers hold": whose it is, as the one who holds it.
_DO = re.compile(r"\bhow much\b[^,.;?!]*\b(?:do|does|did)\s+(?:our |the |all |all our )?$")
_HOLD = re.compile(r"\s*(?:currently |now )?(?:hold|have|own|owe|keep|borrow|spend|deposit)\b|\s*$")
_HOLDS = re.compile(r".*\b(?:hold|have|own|owe|keep|borrow)")
_OWNERS = re.compile(r"(?:'s?|s')\s+(?=[a-z])")
_ONLY_AFTER = re.compile(r"\s*(?:only|alone)\b(?!\s+(?:if|when))|\s*而已")
_ONLY_BEFORE = re.compile(
    r"(?:\b(?:only|just|limited to|restricted to|limit to)\s+(?:the |for )?|[仅只](?:看|算|要|统计|含|限)?)$"
)
_IS_IN = re.compile(
    r"[^,.;?!]*\b(?:is|are|was|were|sits?|held)\b(?: made up| held| kept| sitting| parked)?(?: of| in| on| as)?(?: the)? $"
)
SHARE_OF = re.compile(
    r"\b(?:share|proportion|percentage|per ?cent|%|fraction|portion|part) of (?:the |our |all |total )*$"
)


def as_conditions(
    folded: Folded, named: tuple[NameMention, ...], catalog: Catalog, names: NameIndex
) -> tuple[tuple[NameMention, ...], tuple[ValueMention, ...]]:
    """(metrics that are asked, conditions that the others make)."""
    asked = list(named)
    found: list[ValueMention] = []
    for mention in named:
        metric = catalog.metrics[mention.name]
        others = [m for m in asked if m.name != mention.name]
        value = _value(mention, metric, catalog)
        if value is None or not others or not _is_said_of(folded, mention, others, catalog, names):
            continue
        kept = [m for m in others if _takes(catalog.metrics[m.name], value.dimension, catalog)]
        if kept == others:
            asked = others
            found.append(replace(value, span=_with_only(folded, value.span)))
    return tuple(asked), tuple(found)


def _with_only(folded: Folded, span: Span) -> Span:
    """The stretch with the word that limits it: "personal deposits only"."""
    start, end = offset(folded, span.start), offset(folded, span.end)
    before, after = _ONLY_BEFORE.search(folded.text[:start]), _ONLY_AFTER.match(folded.text, end)
    return folded.span(before.start() if before else start, after.end() if after else end)


def _value(mention: NameMention, metric: Metric, catalog: Catalog) -> ValueMention | None:
    """The one value that the metric is limited to."""
    one = _ONE_VALUE.fullmatch(metric.filter or "")
    if one is None or mention.span is None or mention.score < 1.0:
        return None
    for dimension in catalog.dimensions.values():
        if (dimension.dataset, dimension.field) == (one["dataset"], one["field"]):
            return ValueMention(mention.span, dimension.name, one["value"], 1.0)
    fields = catalog.datasets[one["dataset"]].fields if one["dataset"] in catalog.datasets else {}
    field = fields.get(one["field"])
    meant = field.conforms_to if field else ""
    return ValueMention(mention.span, meant, one["value"], 1.0) if meant in catalog.dimensions else None


def _is_said_of(
    folded: Folded, mention: NameMention, others: Sequence[NameMention], catalog: Catalog, names: NameIndex
) -> bool:
    assert mention.span
    metric = catalog.metrics[mention.name]
    start, end = offset(folded, mention.span.start), offset(folded, mention.span.end)
    said, before, after = folded.text[start:end], folded.text[:start], folded.text[end:]
    if metric.unit == "count":
        are_counts = all(catalog.metrics[m.name].unit == "count" for m in others)
        if _COUNTS.search(said) or are_counts:
            return False
        is_holder = _DO.search(before) and (_HOLD.match(after) or _HOLDS.fullmatch(said))
        return bool(_WHOSE.search(before) or _OWNERS.match(after) or is_holder)
    alike = [m for m in others if names.alike(mention.name, m.name)]
    if not alike:
        return False
    if _ONLY_AFTER.match(after) or _ONLY_BEFORE.search(before):
        return True
    wholes = [m for m in alike if m.span and m.span.end <= mention.span.start and not catalog.metrics[m.name].filter]
    return any(
        m.span and is_whole_of(folded.text, offset(folded, m.span.start), offset(folded, m.span.end), start)
        for m in wholes
    )


def is_whole_of(text: str, start: int, end: int, part: int) -> bool:
    """Whether text[start:end] is a whole, of which the share is asked that begins at `part`: share of deposits … in time deposits."""
    return bool(SHARE_OF.search(text[:start]) and _IS_IN.fullmatch(text[end:part]))


def _takes(metric: Metric, dimension: str, catalog: Catalog) -> bool:
    """Whether a metric can be limited by a dimension."""
    datasets = datasets_of(metric, catalog)
    return bool(datasets) and all(is_reached(catalog, one, catalog.dimensions[dimension]) for one in datasets)
