"""A logistic model of rightness, fitted by maximum likelihood with an L2 penalty and the signs held.

Every weight is zero or less: a doubt that raised the confidence would be an accident of the sample. Folds are of whole
groups, so that a question never helps to judge itself said otherwise.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from t2sql.evaluation.calibrating.drafts import DraftedCase
from t2sql.generation.confidence import FEATURES, Calibration

FOLDS = 5
PENALTY = 1.0
"""Of the sum of squared weights, in units of one draft's log-likelihood."""
MOST_WEIGHT = {"worst": -4.0}
"""Weights that a fit may not bring nearer to zero. The vocabulary was mended with the development questions, so that
unknown words are rarer and milder in them than in what others will ask: alone, one that matters is to be asked back.
"""
Numbers = NDArray[np.float64]


def fit(rows: Sequence[DraftedCase], penalty: float = PENALTY) -> Calibration:
    """The likeliest model of `rows`, which can all be computed. Raises ValueError where none is right or none wrong."""
    found, right = features_of(rows), rightness_of(rows)
    if not 0 < right.sum() < len(right):
        raise ValueError("a fit needs right drafts and wrong ones")
    columns = np.hstack([np.ones((len(rows), 1)), found])

    def loss(weights: Numbers) -> tuple[float, Numbers]:
        scores = columns @ weights
        stated = 1.0 / (1.0 + np.exp(-scores))
        cost = float(np.sum(np.logaddexp(0.0, scores) - right * scores))
        slope = columns.T @ (stated - right)
        return cost + penalty * float(weights[1:] @ weights[1:]) / 2, slope + np.r_[0.0, penalty * weights[1:]]

    bounds = [(None, None), *((None, MOST_WEIGHT.get(name, 0.0)) for name in FEATURES)]
    start = np.array([0.0, *(MOST_WEIGHT.get(name, 0.0) for name in FEATURES)])
    best = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds)
    weights = {name: round(float(weight), 3) + 0.0 for name, weight in zip(FEATURES, best.x[1:], strict=True)}
    return Calibration(round(float(best.x[0]), 3), weights)


def out_of_fold(rows: Sequence[DraftedCase], folds: int = FOLDS) -> list[float]:
    """The confidence of each row by a model fitted without its fold."""
    places = [fold_of(row.group, folds) for row in rows]
    stated = [0.0] * len(rows)
    for fold in sorted(set(places)):
        model = fit([row for row, place in zip(rows, places, strict=True) if place != fold])
        for index, place in enumerate(places):
            if place == fold:
                stated[index] = model.confidence(rows[index].evidence)
    return stated


def fold_of(group: str, folds: int = FOLDS) -> int:
    """The fold of a group, the same in every run."""
    return zlib.crc32(group.encode()) % folds


def features_of(rows: Sequence[DraftedCase]) -> Numbers:
    """One row a draft, one column a feature."""
    return np.array([[getattr(row.evidence, name) for name in FEATURES] for row in rows], dtype=np.float64)


def rightness_of(rows: Sequence[DraftedCase]) -> Numbers:
    """1 for a right draft, else 0."""
    return np.array([row.is_right is True for row in rows], dtype=np.float64)
