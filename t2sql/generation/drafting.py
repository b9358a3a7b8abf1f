"""From a Context to a Draft: the likeliest reading, a second opinion where several are as likely, and how sure it is.

The likeliest reading beats what an llm of this size chooses (docs/understanding.md has the figures), so the llm never
overrules it: agreeing makes the draft surer, disagreeing has it asked back. It never answers more than was understood:
what a draft leaves of the question lowers its confidence, and what is below the installation's threshold is for the
caller to ask back.
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

    `llm` is called only when several are as likely, and with its agreement the draft would be at least `least` likely:
    what is asked back whatever it says needs no llm. `calibration`: None is the product's own.

    Raises GenerationError, LlmUnavailable, Cancelled.
    """
    calibration = calibration or own_calibration()
    found = [c for c in candidates(context, catalog) if c.semantic_sql not in without]
    equal = choices(found)
    if not equal:
        return None
    alone = _drafted(context, equal, found, None, calibration)
    if len(equal) == 1 or (least > 0.0 and not alone.is_sure(least)):
        return alone
    writing = _written(context, catalog, equal, llm, complaint, cancel)
    return _drafted(context, equal, found, writing, calibration)


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
    found: Sequence[Candidate],
    writing: Writing | None,
    calibration: Calibration,
) -> Drafted:
    chosen = equal[0]
    known = evidence(context, chosen, _probability(chosen, writing), len(equal))
    sure: float | None = calibration.confidence(known)
    others = [c for c in found if c is not chosen]
    if writing is None:
        return Drafted(Draft(chosen.semantic_sql, "composed", sure), chosen, tuple(others), known)
    agrees = writing.text.strip() == chosen.semantic_sql
    if agrees and not writing.choices:
        # A server that tells no probabilities leaves its agreement unmeasured.
        sure = None
    # What the llm would have chosen is the first to be offered.
    others.sort(key=lambda c: c.semantic_sql != writing.text.strip())
    tokens = Tokens(writing.prompt_tokens, writing.cached_tokens, writing.completion_tokens)
    return Drafted(Draft(chosen.semantic_sql, "generated", sure, tokens), chosen, tuple(others), known, writing)


def _probability(chosen: Candidate, writing: Writing | None) -> float | None:
    """What the llm gives `chosen`, at most; None where it was not asked."""
    if writing is None:
        return None
    stated = math.prod(choice.probability for choice in writing.choices)
    if writing.text.strip() == chosen.semantic_sql:
        return stated
    return 1.0 - stated if writing.choices else 0.0
