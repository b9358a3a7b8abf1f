"""What has been found in one question while it is still being settled who keeps which words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from t2sql.flow import Doubt, NameMention, Period, Quantity, Question, Span, ValueMention
from t2sql.grounding.names.comparisons import Cue
from t2sql.grounding.time.dated import Dated
from t2sql.grounding.words.overlaps import HasSpan
from t2sql.grounding.words.text import Folded


@dataclass(slots=True)
class Findings:
    """Findings of one question; each step of grounding adds to them or takes from them."""

    question: Question
    folded: Folded
    cues: tuple[Cue, ...]
    """Words that ask to compare."""
    said: tuple[NameMention, ...]
    """Every metric name in the text, before anything was settled."""
    spelt: tuple[ValueMention, ...]
    """Every value written as it is stored, likewise."""
    named: tuple[NameMention, ...] = ()
    """Metrics."""
    values: tuple[ValueMention, ...] = ()
    periods: tuple[Period, ...] = ()
    dimensions: tuple[NameMention, ...] = ()
    dates: Dated = field(default_factory=lambda: Dated(()))
    """Dates of the things counted that the text limits or groups by."""
    grains: tuple[NameMention, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    claimed: list[Span] = field(default_factory=list)
    """Stretches that something explains."""
    qualified: tuple[str, ...] = ()
    """Whom a metric is about, where it cannot be limited to them."""
    misplaced: tuple[str, ...] = ()
    """Words of values that are said of another thing than theirs."""
    unclear: tuple[str, ...] = ()
    """Words that group by one of several dimensions, and do not say which."""
    follows: bool = False
    """Whether what is not said here may have been said in the question before."""
    ungrounded: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    def claim(self, *kinds: Iterable[HasSpan]) -> None:
        """These explain the words they stand on."""
        for things in kinds:
            self.claimed += spans_of(things)


def spans_of(things: Iterable[HasSpan]) -> list[Span]:
    """Where `things` stand; those found by meaning stand nowhere."""
    return [thing.span for thing in things if thing.span is not None]
