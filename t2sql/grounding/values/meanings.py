"""A name that is several things' (陆家嘴: a sub-branch, a customer): the context once for each, to be asked back.

Two values of one dimension that both bear the name in whole (中长期) are meant together, and nothing to choose among.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

from t2sql.flow import Context, ValueMention

_WHOLE = 1.0


def meanings(context: Context) -> tuple[Context, ...]:
    """`context` with one meaning for each name in it, in the order found; (context,) itself where none has two."""
    spans: dict[tuple[int, int], list[ValueMention]] = {}
    for value in context.values:
        spans.setdefault((value.span.start, value.span.end), []).append(value)
    choices = [tuple(_meant(values)) for values in spans.values()]
    if all(len(choice) == 1 for choice in choices):
        return (context,)
    # A name said twice means the same both times.
    kinds = [tuple((v.dimension, v.value) for one in choice for v in one) for choice in choices]
    found = []
    for picked in itertools.product(*choices):
        meant = dict(zip(kinds, picked, strict=True))
        if all(_same(one, meant[kind]) for kind, one in zip(kinds, picked, strict=True)):
            found.append(replace(context, values=tuple(value for one in picked for value in one)))
    return tuple(found)


def _meant(values: list[ValueMention]) -> Iterator[tuple[ValueMention, ...]]:
    """What one name may mean: each dimension's values together where they bear it in whole, else one by one."""
    for dimension in dict.fromkeys(value.dimension for value in values):
        same = tuple(value for value in values if value.dimension == dimension)
        if all(value.score == _WHOLE for value in same):
            yield same
        else:
            yield from ((value,) for value in same)


def _same(some: tuple[ValueMention, ...], others: tuple[ValueMention, ...]) -> bool:
    return [(v.dimension, v.value) for v in some] == [(v.dimension, v.value) for v in others]
