"""How sure a draft is: a logistic model over what was left open, fitted to development questions.

The llm's own probability is one feature among others: what the question holds and the draft does not use tells more.
Platt scaling: J. Platt, "Probabilistic Outputs for Support Vector Machines", 1999. `scripts/calibrate.py` fits the
weights anew. No doubt may ever raise a confidence: every weight is zero or less.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from t2sql.errors import ConfigError
from t2sql.flow import Context
from t2sql.generation.candidates import Candidate
from t2sql.reading.changes import says_change
from t2sql.reading.combined import says_combined
from t2sql.reading.composing import exact_metrics

FILE_NAME = "confidence.json"
CERTAIN = 1.0
"""Weight of a word that certainly changes what is asked: no draft that leaves it out is ever answered."""
_MOST = 3.0
_WORD = re.compile(r"[\u4e00-\u9fff]|[^\W\d_\u4e00-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks against one draft; each 0 for nothing, up to 3."""

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
    close: float
    """For an unnamed metric, how near the next one comes to it: 1 is as near."""
    equal: float
    """Readings that are as likely as this one: 1 for one other, 2 for three others, 3 for seven."""
    unsure: float
    """Minus the logarithm of the llm's probability; 0 where it was not asked."""
    parts: float
    """Comparisons, bounds, further metrics and groups: each can be misread."""
    misprint: float
    """How far names and values stand from how they are written."""
    shared: float
    """1 where one stretch may be values of several kinds."""
    outside: float
    """How much of the question stands outside everything that was found: 1 for five Chinese characters or words."""


def evidence(context: Context, chosen: Candidate, probability: float | None, equal: int = 1) -> Evidence:
    """What is known of `chosen`. `probability`: of the llm's choices, None where it was not asked; `equal`: readings as
    likely, this one counted.
    """
    weights = [doubt.weight for doubt in context.doubts if not _is_said(doubt.word, chosen.semantic_sql)]
    named = exact_metrics(context)
    is_unnamed = not named and bool(chosen.reading.metrics)
    by_meaning = sorted((m.score for m in context.metrics if m.span is None), reverse=True)
    own = [m.score for m in context.metrics if m.span is None and m.name in chosen.reading.metrics]
    alike, others = max(own, default=0.0), [*by_meaning, 0.0, 0.0]
    next_one = others[1] if alike >= others[0] else others[0]
    groups = sum(d.score >= 1.0 for d in context.dimensions)
    bounds = sum(q.kind != "order" for q in context.quantities)
    negated = sum(v.is_negated for v in context.values)
    parts = len(context.comparisons) + bounds + negated + max(0, len(named) - 1) + max(0, groups - 1)
    scores = [m.score for m in named] + [v.score for v in context.values]
    kinds: dict[tuple[int, int], set[str]] = {}
    for value in context.values:
        kinds.setdefault((value.span.start, value.span.end), set()).add(value.dimension)
    return Evidence(
        doubt=min(_MOST, sum(weights)),
        worst=max(weights, default=0.0),
        left=min(_MOST, float(len(chosen.left))),
        unnamed=float(is_unnamed),
        unlike=0.0 if not is_unnamed else 1.0 - alike,
        close=0.0 if not is_unnamed else max(0.0, 1.0 - max(0.0, alike - next_one)),
        equal=min(_MOST, math.log2(max(1, equal))),
        unsure=0.0 if probability is None else min(_MOST, -math.log(max(probability, 1e-3))),
        parts=min(_MOST, 0.5 * parts),
        misprint=1.0 - min(scores, default=1.0),
        shared=float(any(len(found) > 1 for found in kinds.values())),
        outside=min(_MOST, _outside(context) / 5),
    )


def _is_said(word: str, semantic_sql: str) -> bool:
    """Whether an otherwise unknown word only says what `semantic_sql` does."""
    return says_change(word, semantic_sql) or says_combined(word, semantic_sql)


def _outside(context: Context) -> int:
    """Chinese characters and words of other scripts that no span covers."""
    c = context
    text = list(c.question.text)
    for part in (c.periods, c.quantities, c.values, c.metrics, c.dimensions, c.grains, c.comparisons):
        for span in (thing.span for thing in part if thing.span):
            text[span.start : span.end] = " " * (min(span.end, len(text)) - span.start)
    return len(_WORD.findall("".join(text)))


FEATURES = tuple(item.name for item in fields(Evidence))


@dataclass(frozen=True, slots=True)
class Calibration:
    """A fitted logistic model."""

    bias: float
    weights: Mapping[str, float]
    """Feature -> weight, each 0 or less."""

    def confidence(self, found: Evidence) -> float:
        """Chance that the draft is what was asked, 0 to 1."""
        total = self.bias + sum(weight * getattr(found, name) for name, weight in self.weights.items())
        return 1.0 / (1.0 + math.exp(-total))


def read_calibration(path: Path) -> Calibration:
    """The model in a file that `scripts/calibrate.py` wrote. Raises ConfigError for one that is not well formed."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        bias, weights = float(found["bias"]), {str(k): float(v) for k, v in found["weights"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError(f"{path}: no calibration can be read: {error}.", _HINT) from None
    if set(weights) != set(FEATURES):
        strange = ", ".join(sorted(set(weights) ^ set(FEATURES)))
        raise ConfigError(f"{path}: the features are not this version's: {strange}.", _HINT)
    if not math.isfinite(bias) or any(not math.isfinite(weight) or weight > 0 for weight in weights.values()):
        raise ConfigError(f"{path}: a weight above 0 would let a doubt raise the confidence.", _HINT)
    return Calibration(bias, weights)


_HINT = "Make it anew with scripts/calibrate.py, or delete it."


@cache
def own_calibration() -> Calibration:
    """The model that comes with the product, fitted to the demo bank's development questions."""
    return read_calibration(Path(__file__).with_name(FILE_NAME))


def calibration_for(metrics: Path) -> Calibration:
    """The model beside the definitions in `metrics`, fitted to a bank's own questions, else the product's own. Raises
    ConfigError.
    """
    path = metrics / FILE_NAME
    return read_calibration(path) if path.is_file() else own_calibration()
