"""What a fitted confidence is worth: how well it is calibrated, and what it holds back at each threshold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from t2sql.evaluation.calibrating.drafts import DraftedCase
from t2sql.evaluation.reports.calibration import Calibration as Reliability
from t2sql.evaluation.reports.calibration import find_calibration
from t2sql.evaluation.reports.proportions import Share

SEED = 7
THRESHOLDS = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)


@dataclass(frozen=True, slots=True)
class Stated:
    """A draft with the confidence that a model gave it."""

    row: DraftedCase
    confidence: float
    outcome: str = "answer"

    @property
    def is_right(self) -> bool:
        return self.row.is_right is True

    def is_answered(self, least: float) -> bool:
        """Whether it would be answered: no rule holds it back, and it is at least so likely."""
        return not self.row.is_ruled_out and self.confidence >= least


@dataclass(frozen=True, slots=True)
class Figures:
    """All that is told of one set of drafts."""

    reliability: Reliability
    """Of the drafts that no rule holds back."""
    wrong_held: Share
    """Wrong drafts that are not answered at the threshold, of all wrong ones."""
    right_held: Share
    """Right drafts that are not answered at the threshold, of all right ones."""
    wrong_ruled_out: Share
    """Wrong drafts that a rule alone holds back."""
    right_ruled_out: Share
    """Right drafts that a rule alone holds back."""


def find_figures(drafts: Sequence[Stated], least: float) -> Figures:
    """The figures at the threshold `least`."""
    right, wrong = [d for d in drafts if d.is_right], [d for d in drafts if not d.is_right]
    return Figures(
        find_calibration([d for d in drafts if not d.row.is_ruled_out], SEED),
        Share(sum(not d.is_answered(least) for d in wrong), len(wrong)),
        Share(sum(not d.is_answered(least) for d in right), len(right)),
        Share(sum(d.row.is_ruled_out for d in wrong), len(wrong)),
        Share(sum(d.row.is_ruled_out for d in right), len(right)),
    )


def told(drafts: Sequence[Stated], least: float) -> Iterator[str]:
    """Everything in lines: the drafts by variant, the two shares, reliability, coverage against error."""
    figures = find_figures(drafts, least)
    yield f"{'drafts of':<14}{'right':>7}{'wrong':>7}   {'wrong held back':<34}right held back"
    for variant in dict.fromkeys(d.row.variant for d in drafts):
        yield _line(variant, [d for d in drafts if d.row.variant == variant], least)
    yield _line("all", drafts, least)
    yield f"by the rule alone: wrong {figures.wrong_ruled_out}, right {figures.right_ruled_out}"
    yield f"calibration error {figures.reliability.error}, Brier score {figures.reliability.brier}"
    yield "confidence     said   was right"
    for part in figures.reliability.bins:
        yield f"{part.low:.1f} to {part.high:.1f}   {part.confidence:7.1%}   {part.right}"
    yield "threshold   answered of all                     wrong of the answered"
    for threshold in THRESHOLDS:
        given = [d for d in drafts if d.is_answered(threshold)]
        error = Share(sum(not d.is_right for d in given), len(given))
        yield f"{threshold:9.2f}   {Share(len(given), len(drafts))!s:<34}  {error}"


def _line(name: str, drafts: Sequence[Stated], least: float) -> str:
    figures = find_figures(drafts, least)
    wrong, right = figures.wrong_held, figures.right_held
    return f"{name:<14}{right.of:>7}{wrong.of:>7}   {wrong!s:<34}{right}"
