"""From a Context to a Draft: the likeliest reading, the llm's choice where several are alike, and how sure it is.

It never answers more than was understood: what a draft leaves of the question lowers its confidence, and what is below
the installation's threshold is for the caller to ask back.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from t2sql.catalog import Catalog
from t2sql.flow import Context, Draft, Tokens
from t2sql.generation.candidates import Candidate, candidates, choices
from t2sql.generation.confidence import CERTAIN, Calibration, Evidence, evidence, own_calibration
from t2sql.generation.grammar import build_grammar
from t2sql.generation.llm import Llm, Writing
from t2sql.generation.prompt import TAIL, build_prefix, build_suffix

MOST_TOKENS = 300


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft with what else was possible."""

    draft: Draft
    chosen: Candidate
    others: tuple[Candidate, ...]
    """Candidates that were not chosen, the likeliest first."""
    evidence: Evidence
    """What speaks against it."""
    writing: Writing | None = None
    """What the llm did; None where it was not asked."""

    @property
    def is_ruled_out(self) -> bool:
        """Whether it may never be answered, however likely it is: it leaves out what was understood, or a word that
        certainly changes what is asked.
        """
        return bool(self.chosen.left) or self.evidence.worst >= CERTAIN

    def is_sure(self, least: float) -> bool:
        """Whether it may be answered, and is at least so likely. A server may tell no probabilities."""
        return not self.is_ruled_out and (self.draft.confidence is None or self.draft.confidence >= least)


def write_draft(
    context: Context,
    catalog: Catalog,
    llm: Callable[[], Llm],
    *,
    least: float = 0.0,
    calibration: Calibration | None = None,
    without: frozenset[str] = frozenset(),
    complaint: str = "",
    cancel: threading.Event | None = None,
) -> Drafted | None:
    """The likeliest candidate of `context` that is not in `without`; None when nothing can be read.

    `llm` is called only when there is a choice among equals, and one that it is sure of would be at least `least`
    likely: what is asked back whatever it says needs no llm. `calibration`: None is the product's own.

    Raises GenerationError, LlmUnavailable, Cancelled.
    """
    calibration = calibration or own_calibration()
    found = [c for c in candidates(context, catalog) if c.semantic_sql not in without]
    equal = choices(found)
    if not equal:
        return None
    first = _drafted(context, equal, equal[0], found, None, calibration)
    if len(equal) == 1 or (least > 0.0 and not first.is_sure(least)):
        return first
    writing = _written(context, catalog, equal, llm, complaint, cancel)
    chosen = next(c for c in equal if c.semantic_sql == writing.text.strip())
    return _drafted(context, equal, chosen, found, writing, calibration)


def _written(
    context: Context,
    catalog: Catalog,
    equal: Sequence[Candidate],
    llm: Callable[[], Llm],
    complaint: str,
    cancel: threading.Event | None,
) -> Writing:
    metrics = tuple(dict.fromkeys(name for c in equal for name in c.reading.metrics))
    return llm().write(
        build_prefix(catalog),
        build_suffix(context, catalog, metrics, complaint),
        build_grammar([c.semantic_sql for c in equal]),
        max_tokens=MOST_TOKENS,
        tail=TAIL,
        cancel=cancel,
    )


def _drafted(
    context: Context,
    equal: Sequence[Candidate],
    chosen: Candidate,
    found: Sequence[Candidate],
    writing: Writing | None,
    calibration: Calibration,
) -> Drafted:
    probability = math.prod(choice.probability for choice in writing.choices) if writing and writing.choices else None
    known = evidence(context, chosen, probability, len(equal))
    sure = calibration.confidence(known)
    if writing is None:
        draft = Draft(chosen.semantic_sql, "composed", sure)
    else:
        tokens = Tokens(writing.prompt_tokens, writing.cached_tokens, writing.completion_tokens)
        # A server that tells no probabilities leaves the choice unmeasured.
        measured = sure if writing.choices else None
        draft = Draft(chosen.semantic_sql, "generated", measured, tokens)
    return Drafted(draft, chosen, tuple(c for c in found if c is not chosen), known, writing)
