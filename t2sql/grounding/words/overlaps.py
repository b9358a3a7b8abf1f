"""Who keeps a stretch of text that two kinds of finding claim. The longer span wins; among equals names before values.

Knows spans only, nothing of the catalog.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from t2sql.flow import Span


class HasSpan(Protocol):
    """What stands somewhere in the text, or nowhere."""

    @property
    def span(self) -> Span | None: ...


@dataclass(frozen=True, slots=True)
class Placed:
    """A mere stretch of the text."""

    span: Span | None


P = TypeVar("P", bound=HasSpan)


def covers(outer: Span | None, inner: Span | None) -> bool:
    """Whether `inner` lies within `outer`, equal ones included."""
    return bool(outer and inner and outer.start <= inner.start and inner.end <= outer.end)


def overlaps(one: Span | None, other: Span | None) -> bool:
    """Whether they share a letter."""
    return bool(one and other and one.start < other.end and other.start < one.end)


def outside(things: Iterable[P], others: Iterable[HasSpan]) -> tuple[P, ...]:
    """`things` that lie within none of `others`."""
    spans = [other.span for other in others]
    return tuple(thing for thing in things if not any(covers(span, thing.span) for span in spans))


def not_inside_longer(things: Iterable[P], others: Iterable[HasSpan]) -> tuple[P, ...]:
    """`things` that lie within no longer one of `others`; equal spans stay."""
    spans = [other.span for other in others]
    return tuple(t for t in things if not any(covers(span, t.span) and not covers(t.span, span) for span in spans))


def clear_of(things: Iterable[P], others: Sequence[HasSpan]) -> tuple[P, ...]:
    """`things` that share no letter with `others`."""
    return tuple(thing for thing in things if not any(overlaps(other.span, thing.span) for other in others))
