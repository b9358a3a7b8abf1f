"""Whether a stated confidence can be believed, and what is gained by answering only above a threshold.

Only answers whose confidence was measured count here; how many were left out is always said beside it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from t2sql.evaluation.reports.proportions import LEVEL, Share

BINS = 10
RESAMPLES = 2_000


class Stated(Protocol):
    """What came of one question; a case's result is one."""

    @property
    def outcome(self) -> str: ...
    @property
    def confidence(self) -> float | None: ...
    @property
    def is_right(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers whose confidence lies between two edges."""

    low: float
    high: float
    """Belongs to the next bin, but for the last one."""
    confidence: float
    """Mean of the answers in it."""
    right: Share


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and its 95 % interval; None where resampling says nothing, since all resamples are alike."""

    value: float
    interval: tuple[float, float] | None

    def __str__(self) -> str:
        if self.interval is None:
            return f"{self.value:.3f} (—)"
        return f"{self.value:.3f} ({self.interval[0]:.3f}–{self.interval[1]:.3f})"


@dataclass(frozen=True, slots=True)
class Calibration:
    """How confidence and rightness of answers go together."""

    measured: int
    unmeasured: int
    """Answers without a confidence: no part of anything else here."""
    bins: tuple[Bin, ...]
    """The reliability curve: ten bins of equal width, those without an answer left out."""
    error: Estimate | None
    """Expected calibration error: the mean distance of a bin's confidence from its share of right answers, weighted by
    the bins' answers. None when nothing was measured.
    """
    brier: Estimate | None
    """Brier score: the mean square of confidence less rightness (1 or 0). None when nothing was measured."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """What is left when only answers of at least so much confidence are given."""

    confidence: float
    coverage: Share
    """Answers given, of all cases."""
    error: Share
    """Wrong ones, of the answers given."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Coverage against error, from the lowest threshold to the highest."""

    thresholds: tuple[Threshold, ...]
    """One for each hundredth at which an answer falls away; () when no confidence was measured."""
    unmeasured: Share
    """Wrong ones of the answers without a confidence, which no threshold holds back."""


def find_calibration(results: Sequence[Stated], seed: int) -> Calibration:
    """Reliability curve, expected calibration error and Brier score, over answers with a confidence.

    The intervals are percentiles of 2,000 bootstrap resamples of those answers, drawn from `seed`. The error of a
    small sample comes out high, and so does its interval: read it beside the bins' counts. Sources: M. P. Naeini and
    others, AAAI 2015 (expected calibration error); G. W. Brier, Monthly Weather Review 78 (1950) 1-3; B. Efron, Annals
    of Statistics 7 (1979) 1-26.
    """
    answers = [r for r in results if r.outcome == "answer"]
    measured = [r for r in answers if r.confidence is not None]
    left_out = len(answers) - len(measured)
    if not measured:
        return Calibration(0, left_out, (), None, None)
    stated = np.array([r.confidence for r in measured], dtype=np.float64)
    right = np.array([r.is_right for r in measured], dtype=np.float64)
    places = np.array([_bin_of(value) for value in stated], dtype=np.int64)
    errors, briers = _resampled(stated, right, places, seed)
    return Calibration(
        len(measured),
        left_out,
        tuple(_bins(stated, right, places)),
        Estimate(_error(stated, right, places), _interval(errors)),
        Estimate(float(np.mean((stated - right) ** 2)), _interval(briers)),
    )


def find_coverage(results: Sequence[Stated]) -> Coverage:
    """How many cases are answered, and how many of those answers are wrong, at each threshold of confidence."""
    answers = [r for r in results if r.outcome == "answer"]
    measured = [(r.confidence, r.is_right) for r in answers if r.confidence is not None]
    thresholds = []
    for hundredth in sorted({_hundredths(confidence) for confidence, _ in measured}):
        kept = [is_right for confidence, is_right in measured if _hundredths(confidence) >= hundredth]
        wrong = sum(not is_right for is_right in kept)
        thresholds.append(Threshold(hundredth / 100, Share(len(kept), len(results)), Share(wrong, len(kept))))
    rest = [r for r in answers if r.confidence is None]
    return Coverage(tuple(thresholds), Share(sum(not r.is_right for r in rest), len(rest)))


def _hundredths(confidence: float) -> int:
    """Rounded down, so that a threshold never claims more than was stated."""
    return math.floor(confidence * 100 + 1e-9)


def _bin_of(confidence: float) -> int:
    return min(max(math.floor(confidence * BINS + 1e-9), 0), BINS - 1)


Numbers = NDArray[np.float64]
Places = NDArray[np.int64]


def _bins(stated: Numbers, right: Numbers, places: Places) -> list[Bin]:
    found = []
    for place in sorted(set(places.tolist())):
        inside = places == place
        share = Share(int(right[inside].sum()), int(inside.sum()))
        found.append(Bin(place / BINS, (place + 1) / BINS, float(stated[inside].mean()), share))
    return found


def _error(stated: Numbers, right: Numbers, places: Places) -> float:
    """Sum over bins of |stated - right|, a mean over answers: the bins' sizes cancel out."""
    distances = np.bincount(places, weights=stated - right, minlength=BINS)
    return float(np.abs(distances).sum() / len(stated))


def _resampled(stated: Numbers, right: Numbers, places: Places, seed: int) -> tuple[Numbers, Numbers]:
    """Both figures of each resample."""
    draws = np.random.default_rng(seed)
    errors, briers = np.empty(RESAMPLES), np.empty(RESAMPLES)
    squares = (stated - right) ** 2
    for i in range(RESAMPLES):
        chosen = draws.integers(len(stated), size=len(stated))
        errors[i] = _error(stated[chosen], right[chosen], places[chosen])
        briers[i] = squares[chosen].mean()
    return errors, briers


def _interval(values: Numbers) -> tuple[float, float] | None:
    """None for resamples that are all alike: a sample without any miss is no proof that none will come."""
    if np.ptp(values) < 1e-12:
        return None
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(values, [tail, 1 - tail])
    return float(low), float(high)
