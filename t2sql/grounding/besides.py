"""What the words of a question also name, beside what was taken of them: values, metrics and dimensions that gave way.

For questions back only: what comes of it is offered, and never answered.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from t2sql.flow import Context, Span, ValueMention
from t2sql.grounding.names.names import NameIndex
from t2sql.grounding.values.values import ValueIndex
from t2sql.grounding.words.overlaps import overlaps
from t2sql.grounding.words.text import Folded, fold

_MOST_LIKE = 3


def besides(context: Context, values: ValueIndex, names: NameIndex, dimensions: frozenset[str]) -> Context:
    """`context` with nothing but the values, metrics and dimensions that its words name and it does not hold."""
    folded = fold(context.question.text)
    held_values = {(v.dimension, v.value) for v in context.values}
    held_names = {thing.name for thing in (*context.metrics, *context.dimensions) if thing.span and thing.score >= 0.95}
    spelt = values.find(folded, dimensions)
    spelt += tuple(_partly(context, folded, values, [v.span for v in spelt]))
    return replace(
        context,
        values=tuple(v for v in spelt if (v.dimension, v.value) not in held_values),
        metrics=tuple(m for m in names.find_metrics(folded) if m.name not in held_names),
        grains=tuple(g for g in names.find_grains(folded) if g.name not in {one.name for one in context.grains}),
        dimensions=tuple(d for d in names.find_dimensions(folded) if d.name not in held_names),
    )


def _partly(context: Context, folded: Folded, values: ValueIndex, taken: Sequence[Span]) -> Iterator[ValueMention]:
    """Values that an unknown word may be a part or a misprint of."""
    for word in dict.fromkeys((*context.ungrounded, *(d.word for d in context.doubts if d.weight >= 0.5))):
        place = folded.text.find(word.lower())
        span = folded.span(place, place + len(word)) if place >= 0 else None
        if span and not any(overlaps(span, other) for other in taken):
            for target in values.partly(word, _MOST_LIKE):
                yield ValueMention(span, target.dimension, target.value, target.score)
