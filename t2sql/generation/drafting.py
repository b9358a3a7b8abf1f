"""From a Context to a Draft: the readings of a question, and the llm's choice where more than one is left."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass

from t2sql.catalog import Catalog
from t2sql.flow import Context, Draft, Tokens
from t2sql.generation.grammar import build_grammar
from t2sql.generation.llm import Llm, Writing
from t2sql.generation.prompt import TAIL, build_prefix, build_suffix
from t2sql.reading.leftovers import leftovers
from t2sql.reading.readings import Reading, readings

MOST_TOKENS = 300


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft with what else was possible."""

    draft: Draft
    others: tuple[Reading, ...]
    """Readings that were not chosen."""
    writing: Writing | None
    """What the llm did; None when one reading was left."""
    leftovers: tuple[str, ...] = ()
    """Words of the question that the draft does not use: it must be asked about, not answered."""


def write_draft(
    context: Context,
    catalog: Catalog,
    llm: Callable[[], Llm],
    *,
    without: frozenset[str] = frozenset(),
    complaint: str = "",
    cancel: threading.Event | None = None,
) -> Drafted | None:
    """The likeliest reading of `context` that is not in `without`; None when nothing can be read. `llm` is called
    only when there is a choice among equals.

    Raises GenerationError, LlmUnavailable, Cancelled.
    """
    possible = [r for r in readings(context, catalog) if r.semantic_sql not in without]
    if not possible:
        return None
    found = [r for r in possible if r.rank == min(r.rank for r in possible)]
    if len(found) == 1:
        others = tuple(r for r in possible if r is not found[0])
        sql = found[0].semantic_sql
        return Drafted(Draft(sql, "composed", 1.0), others, None, leftovers(context, sql, catalog))
    candidates = tuple(dict.fromkeys(name for reading in found for name in reading.metrics))
    writing = llm().write(
        build_prefix(catalog),
        build_suffix(context, catalog, candidates, complaint),
        build_grammar([r.semantic_sql for r in found]),
        max_tokens=MOST_TOKENS,
        tail=TAIL,
        cancel=cancel,
    )
    text = writing.text.strip()
    confidence = math.prod(choice.probability for choice in writing.choices) if writing.choices else None
    tokens = Tokens(writing.prompt_tokens, writing.cached_tokens, writing.completion_tokens)
    return Drafted(
        Draft(text, "generated", confidence, tokens),
        tuple(r for r in found if r.semantic_sql != text),
        writing,
        leftovers(context, text, catalog),
    )
