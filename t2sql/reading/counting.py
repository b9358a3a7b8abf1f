"""How many groups meet a condition: 不良率超2%的支行有几家, "how many branches saw deposits fall".

The question is read as the one that lists them, and the rows are counted. Without a condition on another measure the
count is a metric of its own, and nothing here applies.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from t2sql.catalog import Catalog
from t2sql.figure_names import COUNTED, count_of
from t2sql.flow import Context, NameMention, Span

_COUNTER = r"[个家户名位笔张]"
# Each is replaced by words of the same length, so that every other span keeps its place.
_ASKED = re.compile(
    rf"(?P<zh>(?:一共|共|总共)?有?(?<![哪前后这那近每第])(?:多少|几){_COUNTER}(?!百分|基点|点|bp|月|季|年|交易日)|(?:的?)(?:数量|个数|家数|户数|数目))|(?P<en>\b(?:how many(?! (?:percent|basis|points|bps|yuan|times|months|days))|(?:the )?(?:total )?(?:number|count) of)\b)",
    re.IGNORECASE,
)


# What is asked beside the count: which they are, or how much they have.
_ASKS_MORE = re.compile(
    r"多少|几[个家户名位笔张]|哪[些几]|名单|列[出示]|分别|各是|\b(?:how much|how many|which|list|name|names|what (?:is|are|was|were))\b",
    re.IGNORECASE,
)


def as_listing(context: Context, catalog: Catalog) -> Context | None:
    """`context` as the question which groups they are; None where no groups are counted under a condition."""
    text = context.question.text
    counts = [m for m in context.metrics if m.span and _is_count(m, catalog)]
    others = [m for m in context.metrics if m.span and m not in counts]
    is_bounded = any(q.kind == "threshold" for q in context.quantities) or any(
        c.name.removesuffix("_diff") in ("yoy", "qoq", "mom", "prev", "vs_year_start") for c in context.comparisons
    )
    conditions = sum(q.kind == "threshold" for q in context.quantities) + len(context.comparisons)
    if not others or not is_bounded or len({m.span for m in counts}) > 1 or len(others) > conditions:
        return None
    stretch = counts[0].span if counts else None
    groups = [d for d in context.dimensions if d.span and (stretch is None or _touch(d.span, stretch))]
    found = _noun(text, stretch, catalog) if stretch else None
    group = found or (groups[0] if len(groups) == 1 and stretch is None else None)
    asked = _ASKED.search(text, stretch.start if stretch else 0, stretch.end if stretch else len(text))
    if group is None or group.score < 1.0 or asked is None or group.span is None:
        return None
    which = "which" if asked["en"] else "哪些"
    start, end = asked.span()
    if end - start < len(which) or _ASKS_MORE.search(text[:start] + " " + text[end:]):
        return None
    listed = text[:start] + which.rjust(end - start) + text[end:]
    return replace(
        context,
        question=replace(context.question, text=listed),
        metrics=tuple(others),
        dimensions=(group, *(d for d in context.dimensions if not (d.span and _touch(d.span, group.span or d.span)))),
        quantities=tuple(q for q in context.quantities if not _touch(q.span, Span(start, end))),
    )


def counted(listing: Context, semantic_sql: str) -> str:
    """The count of the rows that `semantic_sql`, a reading of `listing`, lists: of all, or for each other group asked."""
    group, *others = [d.name for d in listing.dimensions if d.score >= 1.0]
    by = [*(grain.name for grain in listing.grains[:1]), *others]
    return count_rows(semantic_sql, group, [name for name in dict.fromkeys(by) if name != group])


def count_rows(semantic_sql: str, group: str, by: Sequence[str] = ()) -> str:
    """Semantic SQL of how many rows `semantic_sql` has, for each of `by`."""
    shown = ", ".join([*by, f"COUNT(*) AS {count_of(group)}"])
    grouped = f" GROUP BY {', '.join(by)}" if by else ""
    return f"WITH {COUNTED} AS ({semantic_sql}) SELECT {shown} FROM {COUNTED}{grouped}"


def _is_count(mention: NameMention, catalog: Catalog) -> bool:
    metric = catalog.metrics.get(mention.name)
    return metric is not None and metric.unit == "count"


def _noun(text: str, stretch: Span, catalog: Catalog) -> NameMention | None:
    """The dimension whose name stands in the words of a count: 支行 of 支行有几家."""
    said = text[stretch.start : stretch.end].lower()
    found: list[tuple[int, str]] = []
    for dimension in catalog.dimensions.values():
        if dimension.role:
            continue
        for written in (dimension.display.zh, dimension.display.en, *dimension.synonyms):
            if match := re.search(_named(written.lower()), said):
                found.append((match.end() - match.start(), dimension.name))
    if not found:
        return None
    longest = max(size for size, _ in found)
    names = {name for size, name in found if size == longest}
    return NameMention(stretch, "dimension", names.pop(), 1.0) if len(names) == 1 else None


def _named(name: str) -> str:
    """A pattern of a name, in English with its plural."""
    if not name.isascii():
        return re.escape(name)
    stem = re.escape(name.removesuffix("y")) + "(?:y|ies)" if name.endswith("y") else re.escape(name) + "(?:e?s)?"
    return rf"\b{stem}\b"


def _touch(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
