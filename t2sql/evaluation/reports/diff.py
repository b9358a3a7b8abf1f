"""Two reports compared question by question: what got better, what got worse, and whether it may be chance.

Questions are the same when id and text are the same; others are named, never compared. Where the two reports are not
about the same thing, the difference says so first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

from t2sql.evaluation.reports.figures import counted
from t2sql.evaluation.reports.proportions import PairedDifference, Share
from t2sql.evaluation.reports.report import CaseResult, Report

MUST_AGREE = {
    "cases_sha256": "the cases are not the same file",
    "data_fingerprint": "the data are not the same",
    "clock": "“today” is not the same day",
    "principal": "they were not asked by the same principal",
}
"""Parts of MadeOf without which two reports are not about the same thing, and what that means."""


@dataclass(frozen=True, slots=True)
class Change:
    """One question in both reports."""

    before: CaseResult
    after: CaseResult


@dataclass(frozen=True, slots=True)
class Differing:
    """One thing that the two reports were not made with alike."""

    name: str
    """A key of MadeOf, or "settings." and the setting."""
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed from one report to another."""

    before_made_at: datetime
    after_made_at: datetime
    accuracy: PairedDifference
    """Over the questions in both: McNemar's exact p and the difference with its interval."""
    silent_before: Share
    """Silent errors, of the questions in both."""
    silent_after: Share
    better: tuple[Change, ...]
    """Wrong before, right after."""
    worse: tuple[Change, ...]
    """Right before, wrong after; silent errors first."""
    newly_silent: tuple[Change, ...]
    """A silent error after and not before, whatever it was before."""
    no_longer_silent: tuple[Change, ...]
    both_wrong: tuple[Change, ...]
    """Wrong in both, with another reason or outcome."""
    only_before: tuple[CaseResult, ...]
    only_after: tuple[CaseResult, ...]
    made_of: tuple[Differing, ...]
    """What the two reports were not made with alike."""
    warnings: tuple[str, ...]
    """Why the two are not comparable; () when they are."""


def compare_reports(before: Report, after: Report) -> Difference:
    """What changed from `before` to `after`.

    The test is McNemar's exact one over the questions whose rightness changed. The interval of the difference in
    accuracy is Newcombe's for paired data (method 10 of Statistics in Medicine 17 (1998) 2635-2650).
    """
    earlier, later = ({(r.id, r.question): r for r in counted(report)} for report in (before, after))
    changes = [Change(earlier[key], result) for key, result in later.items() if key in earlier]
    better = [c for c in changes if c.after.is_right and not c.before.is_right]
    worse = sorted(
        (c for c in changes if c.before.is_right and not c.after.is_right), key=lambda c: not c.after.is_silent
    )
    right = sum(c.before.is_right and c.after.is_right for c in changes)
    return Difference(
        before_made_at=before.made_at,
        after_made_at=after.made_at,
        accuracy=PairedDifference(right, len(worse), len(better), len(changes) - right - len(worse) - len(better)),
        silent_before=Share(sum(c.before.is_silent for c in changes), len(changes)),
        silent_after=Share(sum(c.after.is_silent for c in changes), len(changes)),
        better=tuple(better),
        worse=tuple(worse),
        newly_silent=tuple(c for c in changes if c.after.is_silent and not c.before.is_silent),
        no_longer_silent=tuple(c for c in changes if c.before.is_silent and not c.after.is_silent),
        both_wrong=tuple(c for c in changes if _is_wrong_differently(c)),
        only_before=tuple(result for key, result in earlier.items() if key not in later),
        only_after=tuple(result for key, result in later.items() if key not in earlier),
        made_of=_differing(before, after),
        warnings=why_not_comparable(before, after),
    )


def why_not_comparable(before: Report, after: Report) -> tuple[str, ...]:
    """Why a difference between the two says nothing about what was changed on purpose; () when it does."""
    return tuple(why for key, why in MUST_AGREE.items() if getattr(before.made_of, key) != getattr(after.made_of, key))


def difference_document(difference: Difference) -> dict[str, Any]:
    """A difference for JSON."""
    accuracy = difference.accuracy
    return {
        "format": 1,
        "before_made_at": difference.before_made_at.isoformat(),
        "after_made_at": difference.after_made_at.isoformat(),
        "warnings": list(difference.warnings),
        "made_of": [{"name": d.name, "before": d.before, "after": d.after} for d in difference.made_of],
        "compared": accuracy.of,
        "accuracy": {
            "before": accuracy.before.value, "after": accuracy.after.value, "change": accuracy.value,
            "interval": accuracy.interval, "p": accuracy.p,
        },
        "silent": {"before": difference.silent_before.count, "after": difference.silent_after.count},
        "better": [_change(c) for c in difference.better],
        "worse": [_change(c) for c in difference.worse],
        "newly_silent": [c.after.id for c in difference.newly_silent],
        "no_longer_silent": [c.after.id for c in difference.no_longer_silent],
        "both_wrong": [_change(c) for c in difference.both_wrong],
        "only_before": [r.id for r in difference.only_before],
        "only_after": [r.id for r in difference.only_after],
    }  # fmt: skip


def _change(change: Change) -> dict[str, Any]:
    return {
        "id": change.after.id,
        "question": change.after.question,
        "before": change.before.model_dump(mode="json"),
        "after": change.after.model_dump(mode="json"),
    }


@dataclass(frozen=True, slots=True)
class Line:
    """One line of two texts beside each other; None where a text has no such line."""

    before: str | None
    after: str | None
    is_same: bool


def side_by_side(before: str, after: str) -> tuple[Line, ...]:
    """Two texts line by line, equal lines level with each other."""
    left, right = before.splitlines(), after.splitlines()
    lines: list[Line] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        lines += [Line(a, b, tag == "equal") for a, b in zip_longest(left[i1:i2], right[j1:j2])]
    return tuple(lines)


def _is_wrong_differently(change: Change) -> bool:
    before, after = change.before, change.after
    return not (before.is_right or after.is_right) and (before.reason, before.outcome) != (after.reason, after.outcome)


def _differing(before: Report, after: Report) -> tuple[Differing, ...]:
    first, second = (_flat(report.made_of.model_dump(mode="json")) for report in (before, after))
    return tuple(
        Differing(name, first.get(name, ""), second.get(name, ""))
        for name in dict.fromkeys([*first, *second])
        if first.get(name) != second.get(name)
    )


def _flat(made_of: Mapping[str, Any]) -> dict[str, str]:
    settings = {f"settings.{key}": value for key, value in made_of["settings"].items()}
    return {key: str(value) for key, value in {**made_of, **settings}.items() if key != "settings"}
