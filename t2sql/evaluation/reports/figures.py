"""Everything a report says in numbers, computed from its results and from nothing else.

A case counts whether it was asked or not: "not asked" is not right, so that a run cut short can pass no gate. Nothing
here may give a share without its counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields, is_dataclass
from typing import Any

from t2sql.evaluation.reports.calibration import Calibration, Coverage, find_calibration, find_coverage
from t2sql.evaluation.reports.costs import Cost, Effort, Prices, cost_line, find_cost, find_efforts
from t2sql.evaluation.reports.pairs import Pairs, find_pairs
from t2sql.evaluation.reports.proportions import Share
from t2sql.evaluation.reports.report import CaseResult, Report, is_asked_back

BREAKDOWNS: dict[str, Callable[[CaseResult], str]] = {
    "language": lambda r: r.language,
    "category": lambda r: r.category,
    "route": lambda r: r.route,
    "difficulty": lambda r: r.difficulty,
}


@dataclass(frozen=True, slots=True)
class Group:
    """The cases that are alike in one respect."""

    name: str
    """"" where a case does not say; for a route, where the question ended without one."""
    accuracy: Share
    silent: Share
    """Silent errors, of the group's cases."""


@dataclass(frozen=True, slots=True)
class Misses:
    """Cases that are not right for one reason."""

    reason: str
    silent: int
    """Wrong answers that looked like right ones."""
    flagged: int
    """The outcome was a clarification or a refusal."""
    failed: int
    """Neither: an error, a time-out, or not asked."""

    @property
    def count(self) -> int:
        """All of them."""
        return self.silent + self.flagged + self.failed


@dataclass(frozen=True, slots=True)
class Figures:
    """What a report says in numbers."""

    accuracy: Share
    """Execution accuracy: right cases, of all."""
    outcomes: dict[str, int]
    """Outcome -> cases that were asked."""
    not_asked: int
    silent: Share
    """Silent errors, of all cases."""
    silent_of_answered: Share
    """Silent errors, of the cases that got an answer."""
    asked_back: Share
    """Asked back or refused, of the cases that have an answer."""
    offered: Share
    """The right reading stood among the options, of those."""
    flagged: Share
    """Misses with a flag, of all cases: refused or asked back where that was not right."""
    failed: Share
    """Misses that ended in an error or a time-out, or were not asked, of all cases."""
    groups: dict[str, tuple[Group, ...]]
    """"language", "category", "route", "difficulty" -> its groups, the largest first."""
    misses: tuple[Misses, ...]
    """By reason, the most frequent first."""
    coverage: Coverage
    calibration: Calibration
    pairs: Pairs | None
    """None where no case names a pair and none has a twin."""
    efforts: tuple[Effort, ...]
    """Of all questions that were asked and did not fail, then by route."""
    cost: Cost

    @property
    def without_failures(self) -> int:
        """Failures that waiting and tokens leave out: cases that were asked and ended in an error or a time-out."""
        return self.outcomes.get("failure", 0)


def find_figures(report: Report, prices: Prices | None = None) -> Figures:
    """All figures of a report; without `prices` no line speaks of money."""
    results = counted(report)
    asked = [r for r in results if r.reason != "not asked"]
    silent = sum(r.is_silent for r in results)
    back = [r for r in results if is_asked_back(r)]
    answered = sum(r.outcome == "answer" for r in asked)
    return Figures(
        accuracy=Share(sum(r.is_right for r in results), len(results)),
        outcomes=dict(Counter(r.outcome for r in asked).most_common()),
        not_asked=len(results) - len(asked),
        silent=Share(silent, len(results)),
        silent_of_answered=Share(silent, answered),
        asked_back=Share(len(back), sum(r.wants_answer for r in results)),
        offered=Share(sum(bool(r.offers_right) for r in back), len(back)),
        flagged=Share(sum(is_flagged_miss(r) for r in results), len(results)),
        failed=Share(sum(is_failed_miss(r) for r in results), len(results)),
        groups={name: _groups(results, key) for name, key in BREAKDOWNS.items()},
        misses=_misses(results),
        coverage=find_coverage(results),
        calibration=find_calibration(results, report.made_of.seed),
        pairs=find_pairs(report.results),
        efforts=find_efforts(results),
        cost=find_cost(report, prices or Prices()),
    )


def counted(report: Report) -> list[CaseResult]:
    """The cases that somebody wrote. Twins, which the machine asked beside them, count in pairs only."""
    return [r for r in report.results if not r.twin]


def is_flagged_miss(result: CaseResult) -> bool:
    """Not right, and the person asking could see it: a clarification or a refusal."""
    return not result.is_right and result.is_flagged


def is_failed_miss(result: CaseResult) -> bool:
    """Not right, and neither silent nor flagged: an error, a time-out, not asked."""
    return not result.is_right and not result.is_flagged and not result.is_silent


def figures_document(figures: Figures) -> dict[str, Any]:
    """Figures for JSON: every share with its value and interval, and the line about money."""
    document = _plain(figures)
    document["cost"]["line"] = cost_line(figures.cost)
    return dict(document)


def _plain(value: Any) -> Any:
    if isinstance(value, Share):
        return {**asdict(value), "value": value.value, "interval": value.interval}
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, (list, tuple)) else value


def _groups(results: Sequence[CaseResult], key: Callable[[CaseResult], str]) -> tuple[Group, ...]:
    sizes = Counter(key(r) for r in results)
    found = []
    for name, size in sorted(sizes.items(), key=lambda item: (-item[1], item[0])):
        members = [r for r in results if key(r) == name]
        right, silent = sum(r.is_right for r in members), sum(r.is_silent for r in members)
        found.append(Group(name, Share(right, size), Share(silent, size)))
    return tuple(found)


def _misses(results: Sequence[CaseResult]) -> tuple[Misses, ...]:
    found = []
    for reason in sorted({r.reason for r in results if not r.is_right}):
        members = [r for r in results if not r.is_right and r.reason == reason]
        silent, flagged = sum(r.is_silent for r in members), sum(is_flagged_miss(r) for r in members)
        found.append(Misses(reason, silent, flagged, len(members) - silent - flagged))
    return tuple(sorted(found, key=lambda misses: (-misses.count, misses.reason)))
