"""A context with a word that nobody knows, as it may have been meant: by the nearest known names, or not at all.

A question about 火星分行 is never offered as one about the whole bank; one about nothing known is offered no metric.
"""

from __future__ import annotations

import re
from dataclasses import replace

from t2sql.flow import Context, NameMention, Span, ValueMention
from t2sql.grounding.values.values import ValueIndex
from t2sql.grounding.words.text import fold

_DECENT = 0.45
_MOST = 3
_GAP = re.compile(r"[\s-]*")


def completions(context: Context, values: ValueIndex) -> tuple[Context, ...]:
    """What `context` may mean, the likeliest first; () when nothing decent is known."""
    metrics = tuple(m for m in context.metrics if m.span is not None or m.score >= _DECENT)
    if not metrics:
        return ()
    context = replace(context, metrics=metrics)
    unknown = _named_unit(context)
    if unknown is None:
        return (context,)
    span, mention = unknown
    said = context.question.text[span.start : span.end]
    names = values.nearest(said, mention.name, _MOST)
    whole = Span(span.start, mention.span.end if mention.span else span.end)
    rest = tuple(d for d in context.dimensions if d is not mention)
    return tuple(
        replace(
            context,
            values=(*context.values, ValueMention(whole, mention.name, name, 0.5)),
            dimensions=rest,
        )
        for name in names
    )


def _named_unit(context: Context) -> tuple[Span, NameMention] | None:
    """An unknown word that stands right before a dimension's name, as a name of one of its members would."""
    folded = fold(context.question.text)
    # A word that is known, and only said of another thing, is no name of a unit.
    known = {doubt.word for doubt in context.doubts if doubt.is_known}
    for word in context.ungrounded:
        if word in known:
            continue
        place = folded.text.find(word)
        if place < 0:
            continue
        span = folded.span(place, place + len(word))
        for mention in context.dimensions:
            if mention.span and span.end <= mention.span.start:
                between = context.question.text[span.end : mention.span.start]
                if _GAP.fullmatch(between):
                    return span, mention
    return None
