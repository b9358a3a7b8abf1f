"""Stretches that tell how a metric is worked out, in the names of its own parts: "NPL ratio (NPLs over total loans)",
"fee income, before deducting fee expense", 先不扣手续费支出.

A bracket is blanked where every metric in it is a part of the one right before it and only arithmetic stands between; a
deduction, where the metric that is left is the one before it (or after it), as the catalog works it out.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from t2sql.catalog import Catalog
from t2sql.flow import NameMention
from t2sql.grounding.words.overlaps import overlaps
from t2sql.grounding.words.text import Folded
from t2sql.metric_names import made_of

_BRACKET = re.compile(r"\s?(?P<inner>\([^()]{3,80}\))")
_WORKED_OUT = re.compile(
    r"[\s()/÷*×+\-–−]|\b(?:over|to|by|divided|minus|less|plus|and|as|a|an|the|total|i\.?e\.?|share|percent|percentage|of|%)\b|"
    r"除以|减去?|加上?|占|的|比|与|和|即|乘以?"
)

_CUT = r"(?:deduct(?:ing|ion of)?|deductions? (?:of|for)|subtracting|netting(?: off| out)?|taking (?:off|out|away)|paying(?: out| away)?|allowing for|we (?:deduct|pay|take off|subtract|net off)(?: out)?)"
_OPENS = r"(?:[,;]? ?(?:(?:and|but|so|i\.?e\.?|that is|namely|meaning|i mean|please|both|all|taken|shown|stated|measured|figure)[,:]? )*)"
_BEFORE = re.compile(
    rf"{_OPENS}(?<![a-z])(?:(?:before|prior to|gross of|ahead of|without)(?: {_CUT})?|(?:not|nothing) (?:{_CUT}|net of|less|deducted for)|excluding any deduction (?:of|for)) (?:any |the |our |all |that )?(?=[a-z])"
    r"|,?(?:先|暂|还|都|也|并)?(?:不|未|没有?|别)(?:要)?(?:扣[除减掉去]?|减[去掉]?|抵[扣减]?|冲减)(?=[㐀-鿿])|,?(?:扣[除减掉去]?|减[去掉]?)(?=[㐀-鿿]{2,12}(?:之|以)?前)"
)
_AFTER = re.compile(
    rf"{_OPENS}(?<![a-z])(?:after(?: {_CUT})?|net of|less|{_CUT}) (?:any |the |our |all |that )?(?=[a-z])"
    r"|,?(?:是|要|已经?|就是|即)?(?:扣[除减掉去]?|减[去掉]?|抵[扣减]?)了?(?=[㐀-鿿])"
)
_TAIL = re.compile(r"(?:之前|以前|前|之后|以后|后|掉|了)?的?(?:那个|数|口径)?")
_MINUS = re.compile(r"(?P<whole>\w+) - (?P<part>\w+)")


class Names(Protocol):
    """Finds the metrics that a text names."""

    def find_metrics(self, text: str | Folded) -> tuple[NameMention, ...]: ...


def without_deductions(folded: Folded, names: Names, catalog: Catalog) -> Folded:
    """`folded` of the same length without what is not deducted yet from the metric asked, or already is."""
    for pattern, is_after in ((_BEFORE, False), (_AFTER, True)):
        for match in pattern.finditer(folded.text):
            end = _cut(folded, match, names, catalog, is_after=is_after)
            if end:
                folded = replace(
                    folded, text=folded.text[: match.start()] + " " * (end - match.start()) + folded.text[end:]
                )
    return folded


def _cut(folded: Folded, match: re.Match[str], names: Names, catalog: Catalog, *, is_after: bool) -> int | None:
    """Where the deduction that `match` opens ends; None where it is none of the metric that the rest names."""
    taken_off = {m for m, _ in _deductions(catalog)}
    for mention in names.find_metrics(part(folded, range(match.end(), len(folded.text)))):
        if mention.span is None or mention.span.start != folded.starts[match.end()] or mention.name not in taken_off:
            continue
        end = next((i for i, at in enumerate(folded.starts) if at >= mention.span.end), len(folded.text))
        tail = _TAIL.match(folded.text, end)
        end = tail.end() if tail else end
        rest = names.find_metrics(part(folded, (*range(match.start()), *range(end, len(folded.text)))))
        wholes = {net if is_after else gross for taken, (gross, net) in _deductions(catalog) if taken == mention.name}
        if rest and {m.name for m in rest} <= wholes:
            return end
    return None


def _deductions(catalog: Catalog) -> Iterator[tuple[str, tuple[str, str]]]:
    """(what is taken off, (from what, what is left)) of each metric that is a difference of two."""
    for name, metric in catalog.metrics.items():
        if (match := _MINUS.fullmatch(metric.expression.strip())) and match["whole"] in catalog.metrics:
            yield match["part"], (match["whole"], name)


def part(folded: Folded, places: Iterable[int]) -> Folded:
    """The letters of `folded` at `places`, as a text of their own."""
    kept = list(places)
    return Folded(
        "".join(folded.text[i] for i in kept),
        tuple(folded.starts[i] for i in kept),
        tuple(folded.ends[i] for i in kept),
    )


def without_workings(folded: Folded, named: Sequence[NameMention], catalog: Catalog) -> Folded:
    """`folded` of the same length with such brackets blank. `named`: metrics found in it."""
    text = folded.text
    for match in _BRACKET.finditer(text):
        start, end = match.span("inner")
        whole = folded.span(start, end)
        inside = [m for m in named if overlaps(m.span, whole)]
        before = [m for m in named if m.span and match.start() and m.span.end == folded.ends[match.start() - 1]]
        parts = {part for m in before for part in made_of(m.name, catalog.metrics) if part != m.name}
        said = "".join(
            " " if any(m.span and m.span.start <= at < m.span.end for m in inside) else letter
            for letter, at in zip(text[start:end], folded.starts[start:end], strict=True)
        )
        if len({m.name for m in inside}) > 1 and {m.name for m in inside} <= parts and not _WORKED_OUT.sub("", said):
            text = text[:start] + " " * (end - start) + text[end:]
    return replace(folded, text=text)
