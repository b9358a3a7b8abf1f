"""Gates: what a report must show before a release, and which questions stand behind a gate that is shut.

A gate never passes on nothing: a report without cases, or with cases that were not asked, shuts every gate, and two
reports that are not about the same thing are refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from t2sql.errors import ConfigError, QuestionError
from t2sql.evaluation.reports.diff import Difference, compare_reports
from t2sql.evaluation.reports.figures import counted, is_failed_miss
from t2sql.evaluation.reports.proportions import Share, percent
from t2sql.evaluation.reports.report import Report

SIGNIFICANCE = 0.05
NUMBER = re.compile(r"(\d+(?:\.\d+)?|\.\d+)(%?)")


@dataclass(frozen=True, slots=True)
class SilentLimit:
    """The most silent errors that a release may have: a count, or a share of all cases."""

    count: int | None = None
    share: Fraction | None = None

    def __str__(self) -> str:
        return f"{self.count:,}" if self.share is None else f"{_plain(self.share * 100)}% of all cases"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a report must show; None and False ask for nothing."""

    min_accuracy: Fraction | None = None
    """Least execution accuracy, a share of one. The figure itself counts, not the end of its interval."""
    max_silent: SilentLimit | None = None
    """Most silent errors; shut too when more than half of the cases failed, which could not be silent errors."""
    no_regression: bool = False
    """Beside the baseline: accuracy not lower by McNemar's exact test (p < 0.05), and no question a silent error now
    that was none, whether it was right, flagged or failed.
    """
    no_worse: bool = False
    """Beside the baseline: no question that was right is wrong now, flagged or not."""


@dataclass(frozen=True, slots=True)
class GateResult:
    """How one gate came out."""

    name: str
    is_passed: bool
    figure: str
    limit: str
    cure: str
    """"" when passed."""
    ids: tuple[str, ...]
    """Questions behind a gate that is shut."""


def parse_accuracy(text: str) -> Fraction:
    """A share of one out of "0.9" or "90%". Raises QuestionError for anything above 1 without a percent sign."""
    number, sign = _number(text, "--min-accuracy", "Write a share such as 0.9 or 90%.")
    share = number / 100 if sign else number
    if share > 1:
        raise QuestionError(
            f"--min-accuracy {text!r} is more than everything.", f"Write {_plain(number)}% or a share such as 0.9."
        )
    return share


def parse_silent_limit(text: str) -> SilentLimit:
    """A count out of "2"; a share of all cases out of "2%" or "0.02".

    Raises QuestionError for a number of 1 or more with a point and no percent sign, which might mean either.
    """
    cure = "Write a count such as 0 or 2, or a share of all cases such as 2% or 0.02."
    number, sign = _number(text, "--max-silent-errors", cure)
    share = number / 100 if sign else number
    if not sign and "." not in text:
        return SilentLimit(count=int(number))
    if sign and share > 1:
        raise QuestionError(f"--max-silent-errors {text!r} is more than everything.", cure)
    if not sign and share >= 1:
        raise QuestionError(f"--max-silent-errors {text!r} is neither a count nor a share below 1.", cure)
    return SilentLimit(share=share)


def check_gates(report: Report, limits: Limits, baseline: Report | None = None) -> tuple[GateResult, ...]:
    """How the gates of `limits` come out, in the order of Limits; () when they ask for nothing.

    Raises ConfigError when a baseline is missing, has no gate, or is not comparable with the report.
    """
    is_compared = limits.no_regression or limits.no_worse
    if is_compared and baseline is None:
        raise ConfigError("There is nothing to compare with.", "Name the report of the last release: --baseline FILE.")
    if baseline is not None and not is_compared:
        raise ConfigError("--baseline alone asks for nothing.", "Add --no-regression or --no-worse.")
    found = []
    if limits.min_accuracy is not None:
        found.append(_accuracy(report, limits.min_accuracy))
    if limits.max_silent is not None:
        found.append(_silent(report, limits.max_silent))
    if baseline is not None:
        difference = _comparable(baseline, report)
        if limits.no_regression:
            found += [_no_lower(report, difference), _no_new_silence(report, difference)]
        if limits.no_worse:
            found.append(_no_worse(report, difference))
    return tuple(found)


def _accuracy(report: Report, least: Fraction) -> GateResult:
    wrong = [r.id for r in counted(report) if not r.is_right]
    accuracy = Share(len(counted(report)) - len(wrong), len(counted(report)))
    is_enough = accuracy.of > 0 and Fraction(accuracy.count, accuracy.of) >= least
    cure = "Correct what the misses name, or lower --min-accuracy on purpose."
    return _gate(report, "min-accuracy", is_enough, str(accuracy), f"at least {_plain(least * 100)}%", cure, wrong)


def _silent(report: Report, most: SilentLimit) -> GateResult:
    results = counted(report)
    silent, cases = [r.id for r in results if r.is_silent], len(results)
    if most.share is not None:
        is_within = cases > 0 and Fraction(len(silent), cases) <= most.share
    else:
        is_within = most.count is not None and len(silent) <= most.count
    failed = [r.id for r in results if is_failed_miss(r)]
    figure, limit = str(Share(len(silent), cases)), f"at most {most}"
    cure, ids = "Correct what these questions name: each got a wrong answer that looked right.", silent
    is_measured = len(failed) * 2 <= cases
    if not is_measured:
        figure += f"; {len(failed):,} of {cases:,} cases failed: too little was answered to say"
        cure, ids = "See why these questions failed, and measure again.", [*silent, *failed]
    return _gate(report, "max-silent-errors", is_within and is_measured, figure, limit, cure, ids)


def _comparable(baseline: Report, report: Report) -> Difference:
    difference = compare_reports(baseline, report)
    why = list(difference.warnings)
    if difference.only_before and not why:
        why.append(f"{len(difference.only_before):,} cases of the baseline are missing from this report")
    if why:
        raise ConfigError(
            f"The baseline cannot be compared with this report: {'; '.join(why)}.",
            "Make a new baseline with the same cases, data, clock and principal, and what was released last.",
        )
    return difference


def _no_lower(report: Report, difference: Difference) -> GateResult:
    accuracy = difference.accuracy
    is_lower = accuracy.worse > accuracy.better and accuracy.p < SIGNIFICANCE
    figure = (
        f"{percent(accuracy.before.value)} before, {percent(accuracy.after.value)} now:"
        f" {accuracy.better:,} better, {accuracy.worse:,} worse, p = {accuracy.p:.3g}, {accuracy.of:,} compared"
    )
    cure = "See what broke: `t2sql eval diff BASELINE REPORT`."
    ids = [c.after.id for c in difference.worse]
    limit = f"not lower by McNemar's exact test, p < {SIGNIFICANCE}"
    return _gate(report, "no-regression: accuracy", not is_lower and accuracy.of > 0, figure, limit, cure, ids)


def _no_new_silence(report: Report, difference: Difference) -> GateResult:
    ids = [c.after.id for c in difference.newly_silent]
    compared = difference.accuracy.of
    figure = f"{len(ids):,} of {compared:,} silently wrong now and not before"
    cure = "See what broke: `t2sql eval diff BASELINE REPORT`."
    return _gate(report, "no-regression: silent errors", not ids and compared > 0, figure, "none", cure, ids)


def _no_worse(report: Report, difference: Difference) -> GateResult:
    ids = [c.after.id for c in difference.worse]
    compared = difference.accuracy.of
    figure = f"{len(ids):,} of {compared:,} right before and wrong now"
    cure = "See what broke: `t2sql eval diff BASELINE REPORT`, or ask for --no-regression alone."
    return _gate(report, "no-worse", not ids and compared > 0, figure, "none", cure, ids)


def _gate(
    report: Report, name: str, is_passed: bool, figure: str, limit: str, cure: str, ids: Sequence[str]
) -> GateResult:
    """A gate's result; shut in any case when there are no cases, or some were not asked."""
    results = counted(report)
    if not results:
        return GateResult(name, False, "no cases", limit, "Give it cases to measure.", ())
    left_out = [r.id for r in results if r.reason == "not asked"]
    if left_out:
        figure += f"; {len(left_out):,} of {len(results):,} cases were not asked"
        return GateResult(name, False, figure, limit, "Finish the run; --resume asks the rest.", tuple(left_out))
    return GateResult(name, is_passed, figure, limit, "" if is_passed else cure, () if is_passed else tuple(ids))


def _number(text: str, flag: str, cure: str) -> tuple[Fraction, str]:
    match = NUMBER.fullmatch(text.strip())
    if not match or not match[1].isascii():
        raise QuestionError(f"{flag} {text!r} is not a number.", cure)
    return Fraction(match[1]), match[2]


def _plain(number: Fraction) -> str:
    """A number without needless zeros."""
    return f"{float(number):.6f}".rstrip("0").rstrip(".")
