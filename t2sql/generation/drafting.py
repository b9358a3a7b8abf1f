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
from t2sql.generation.confidence import Evidence, confidence, evidence
from t2sql.generation.grammar import build_grammar
from t2sql.generation.llm import Llm, Writing
from t2sql.generation.prompt import TAIL, build_prefix, build_suffix

MOST_TOKENS = 300


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft with what else was possible."""

    draft: Draft
    chosen: Candidate
    evidence: Evidence
    """What speaks for and against it."""
    others: tuple[Candidate, ...]
    """Candidates that were not chosen, the likeliest first."""
    writing: Writing | None = None
    """What the llm did; None when one reading was left."""

    def is_sure(self, least: float) -> bool:
        """Whether it uses all that was understood, and is at least so likely. A server may tell no probabilities."""
        return not self.chosen.left and (self.draft.confidence is None or self.draft.confidence >= least)


def write_draft(
    context: Context,
    catalog: Catalog,
    llm: Callable[[], Llm],
    *,
    without: frozenset[str] = frozenset(),
    complaint: str = "",
    cancel: threading.Event | None = None,
) -> Drafted | None:
    """The likeliest candidate of `context` that is not in `without`; None when nothing can be read. `llm` is called
    only when there is a choice among equals.

    Raises GenerationError, LlmUnavailable, Cancelled.
    """
    found = [c for c in candidates(context, catalog) if c.semantic_sql not in without]
    equal = choices(found)
    if not equal:
        return None
    if len(equal) == 1:
        return _drafted(context, equal[0], found, None)
    writing = _written(context, catalog, equal, llm, complaint, cancel)
    chosen = next(c for c in equal if c.semantic_sql == writing.text.strip())
    return _drafted(context, chosen, found, writing)


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


def _drafted(context: Context, chosen: Candidate, found: Sequence[Candidate], writing: Writing | None) -> Drafted:
    probability = math.prod(choice.probability for choice in writing.choices) if writing and writing.choices else None
    found_evidence = evidence(context, chosen, probability)
    sure = confidence(found_evidence)
    if writing is None:
        draft = Draft(chosen.semantic_sql, "composed", sure)
    else:
        tokens = Tokens(writing.prompt_tokens, writing.cached_tokens, writing.completion_tokens)
        # A server that tells no probabilities leaves the choice unmeasured.
        measured = sure if writing.choices else None
        draft = Draft(chosen.semantic_sql, "generated", measured, tokens)
    return Drafted(draft, chosen, found_evidence, tuple(c for c in found if c is not chosen), writing)
