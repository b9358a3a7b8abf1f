"""From a question over fields to semantic SQL: code finds the conditions and the shape, the llm fills what is left.

What it wrote is put FROM the right dataset by code. Never runs anything, and never writes what the catalog lacks.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass

from t2sql.adhoc.asked import shape_of
from t2sql.adhoc.grammar import build_grammar
from t2sql.adhoc.prompt import TAIL, build_prefix, build_suffix, is_small
from t2sql.adhoc.rooting import rooted
from t2sql.adhoc.slots import slots_of
from t2sql.fields.index import FieldIndex
from t2sql.fields.linked import Linked
from t2sql.generation.llm import Llm, Writing

MOST_TOKENS = 220
MOST_DATASETS = 3


@dataclass(frozen=True, slots=True)
class Written:
    """What the llm wrote, and what it means."""

    semantic_sql: str
    """FROM one dataset."""
    text: str
    """As the llm wrote it."""
    probability: float | None
    """Of what it chose among what it might; None where the llm tells none."""
    writing: Writing


def write_over_fields(
    linked: Linked,
    hints: str,
    index: FieldIndex,
    llm: Callable[[], Llm],
    *,
    text: str = "",
    complaint: str = "",
    cancel: threading.Event | None = None,
) -> Written:
    """A SELECT for `linked`'s question, which was asked as `text`.

    Raises QueryError where it fits no dataset, GenerationError, LlmUnavailable, Cancelled.
    """
    catalog = index.catalog
    slots = slots_of(linked, index)
    shape = shape_of(linked.text, hints, index)
    datasets = [*catalog.datasets] if is_small(catalog) else [d.dataset for d in linked.datasets[:MOST_DATASETS]]
    writing = llm().write(
        build_prefix(catalog),
        build_suffix(text or linked.text, hints, catalog, datasets, slots, complaint),
        build_grammar(catalog, datasets, shape, slots),
        max_tokens=MOST_TOKENS,
        tail=TAIL,
        cancel=cancel,
    )
    chosen = [choice.probability for choice in writing.choices]
    return Written(rooted(writing.text, catalog), writing.text, math.prod(chosen) if chosen else None, writing)
