"""How sure a draft is: a logistic model over what was left open, fitted to the development questions.

The llm's own probability is one feature among others: what the question holds and the draft does not use tells more.
Platt scaling: J. Platt, "Probabilistic Outputs for Support Vector Machines", 1999. `scripts/calibrate.py` fits it anew.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields

from t2sql.flow import Context
from t2sql.generation.candidates import Candidate
from t2sql.reading.changes import says_change
from t2sql.reading.readings import exact_metrics

_MOST = 3.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for and against one draft; each about 0 to 3."""

    doubt: float
    """Sum of the weights of words that nothing explains."""
    worst: float
    """The heaviest of them."""
    left: float
    """Words that were understood and that the draft does not use."""
    unnamed: float
    """1 where no metric is named in words."""
    unlike: float
    """For an unnamed metric, how far its meaning is from the question's."""
    unsure: float
    """Minus the logarithm of the llm's probability; 0 where it was not asked."""
    parts: float
    """Comparisons, bounds, further metrics and groups: each can be misread."""
    misprint: float
    """How far names and values stand from how they are written."""


def evidence(context: Context, chosen: Candidate, probability: float | None) -> Evidence:
    """What is known of `chosen`; `probability`: of the llm's choices, None where it was not asked."""
    weights = [doubt.weight for doubt in context.doubts if not says_change(doubt.word, chosen.semantic_sql)]
    named = exact_metrics(context)
    by_meaning = {m.name: m.score for m in context.metrics if m.span is None}
    alike = max((by_meaning.get(name, 0.0) for name in chosen.reading.metrics), default=0.0)
    groups = sum(d.score >= 1.0 for d in context.dimensions)
    bounds = sum(q.kind != "order" for q in context.quantities)
    negated = sum(v.is_negated for v in context.values)
    parts = len(context.comparisons) + bounds + negated + max(0, len(named) - 1) + max(0, groups - 1)
    scores = [m.score for m in named] + [v.score for v in context.values]
    return Evidence(
        doubt=min(_MOST, sum(weights)),
        worst=max(weights, default=0.0),
        left=min(_MOST, float(len(chosen.left))),
        unnamed=float(not named),
        unlike=0.0 if named else 1.0 - alike,
        unsure=0.0 if probability is None else min(_MOST, -math.log(max(probability, 1e-3))),
        parts=min(_MOST, 0.5 * parts),
        misprint=1.0 - min(scores, default=1.0),
    )


BIAS = 3.6
WEIGHTS: Mapping[str, float] = {
    "doubt": -1.2, "worst": -4.0, "left": -2.5, "unnamed": -0.6, "unlike": -1.5, "unsure": -0.9, "parts": -0.4,
    "misprint": -2.0,
}  # fmt: skip
"""Feature -> weight."""


def confidence(found: Evidence) -> float:
    """Chance that the draft is what was asked, 0 to 1."""
    total = BIAS + sum(WEIGHTS[item.name] * getattr(found, item.name) for item in fields(found))
    return 1.0 / (1.0 + math.exp(-total))
