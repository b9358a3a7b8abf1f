"""Which of several metrics are shown beside a limit or a threshold: all of them, or those that nothing is only measured by."""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterator, Sequence

from t2sql.catalog import Catalog
from t2sql.flow import Context
from t2sql.metric_names import made_of
from t2sql.reading.bounds import Bounds

_LIST = re.compile(r"\s*(?:及其?|以及|和|与|、|,|，|&|,?\s*\b(?:and|plus))\s*(?:the )?", re.IGNORECASE)
_RIGHT_AFTER = re.compile(r"[\s()（）的]*")
_OF_THEM = re.compile(r"[^,，。;；、和及与]{0,16}的\s*")
_OF_THE_FEW = re.compile(
    r"\s*(?:of|for|in|at) (?:the )?(?:\w+ ){0,3}\w*(?:branch|region|industr|sub|outlet|product|segment|customer)",
    re.IGNORECASE,
)


def shown_metrics(
    context: Context, catalog: Catalog, named: Sequence[str], bounds: Bounds
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """(rank, metrics that the SELECT may show) of those `named` beside a threshold or a limit."""
    bounding = bounds.thresholds or ([bounds.limit] if bounds.limit else [])
    helpers = {bounds.nearest(q, named) for q in bounding}
    everything = tuple(n for n in named if n in helpers or not _is_whom(n, helpers, context, catalog, bounds))
    others = tuple(n for n in everything if n not in helpers)
    if not others or None in helpers or _is_listed(helpers, named, bounds):
        yield 0, everything
        return
    shows_all = not bounds.thresholds and not _is_attribute(others, bounds)
    yield 0, everything if shows_all else others
    yield 1, others if shows_all else everything


def _is_whom(name: str, helpers: Collection[str | None], context: Context, catalog: Catalog, bounds: Bounds) -> bool:
    """NPL ratio, counting only unsecured loans: right after a value, what the ratio is made of only says whose."""
    span = bounds.spans[name]
    is_part = any(helper and name in made_of(helper, catalog.metrics) for helper in helpers)
    if span is None or not is_part:
        return False
    return any(_RIGHT_AFTER.fullmatch(bounds.text[v.span.end : span.start]) for v in context.values)


def _is_listed(helpers: Collection[str | None], named: Sequence[str], bounds: Bounds) -> bool:
    """Whether a metric that is measured against also stands in a list with one that is not."""
    spans = [(n in helpers, bounds.spans[n]) for n in named]
    return any(
        one != other and a and b and _LIST.fullmatch(bounds.text[a.end : b.start])
        for (one, a), (other, b) in itertools.pairwise(spans)
    )


def _is_attribute(others: Sequence[str], bounds: Bounds) -> bool:
    """不良率最低的5家分行的拨备覆盖率, "deposits of the 5 branches with the highest NPL ratio": what is asked of the few."""
    limit, span = bounds.limit, bounds.spans.get(others[0])
    if limit is None or span is None:
        return False
    if span.start > limit.span.end:
        return bool(_OF_THEM.fullmatch(bounds.text[limit.span.end : span.start]))
    return bool(_OF_THE_FEW.match(bounds.text[span.end :]))
