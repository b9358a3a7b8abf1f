"""Cases and records in, a report out: the one place where questions, golds and verdicts meet.

It asks nothing itself: records come from a batch or from a file. A case without a record counts as not asked, never as
left out.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from t2sql.errors import ConfigError
from t2sql.evaluation.cases.golds import Golds
from t2sql.evaluation.cases.nouns import TWIN, Case
from t2sql.evaluation.judging.judge import is_same, judge
from t2sql.evaluation.judging.verdicts import Verdict
from t2sql.evaluation.records import Record
from t2sql.evaluation.reports.report import CaseResult, is_asked_back
from t2sql.screening import language_of

FULL_WIDTH = str.maketrans("0123456789%", "０１２３４５６７８９％")
Told = Callable[[int, int], None]
"""Hears how many of how many are done."""


def chosen_cases(
    cases: Sequence[Case], *, principal: str, sample: int = 0, seed: int = 0, is_full_width: bool = False
) -> tuple[Case, ...]:
    """The cases to ask, in the file's order: all, or `sample` of them drawn by `seed`; with twins where asked for."""
    found = list(cases)
    if sample and sample < len(found):
        drawn = sorted(random.Random(seed).sample(range(len(found)), sample))
        found = [found[index] for index in drawn]
    found = [replace(c, asked=replace(c.asked, principal=c.asked.principal or principal)) for c in found]
    return tuple(one for case in found for one in ((case, *_twin(case)) if is_full_width else (case,)))


def _twin(case: Case) -> tuple[Case, ...]:
    """The same case with full-width digits, where it has any."""
    text = case.asked.text.translate(FULL_WIDTH)
    if text == case.asked.text or case.asked.conversation:
        return ()
    asked = replace(case.asked, id=case.asked.id + TWIN, text=text)
    return (replace(case, asked=asked),)


def check_golds(cases: Sequence[Case], golds: Golds, told: Told | None = None) -> None:
    """Run every gold once, before anybody waits. Raises ConfigError naming each one that fails, ten at most."""
    broken = []
    for number, case in enumerate(cases, start=1):
        broken += [run.error.message for run in golds.run(case) if run.error is not None]
        if told:
            told(number, len(cases))
    if broken:
        more = f"\n… and {len(broken) - 10} more" if len(broken) > 10 else ""
        raise ConfigError(
            "Golds that do not run:\n" + "\n".join(broken[:10]) + more,
            "Mend them; `t2sql eval check` tells of each.",
        )


def find_results(
    cases: Sequence[Case], golds: Golds, record_of: Callable[[str], Record | None], told: Told | None = None
) -> Iterator[CaseResult]:
    """The judgement on each case, in order; one case's rows are held at a time."""
    for number, case in enumerate(cases, start=1):
        record = record_of(case.asked.id)
        ran = golds.run(case)
        result = _result(case, record, judge(record, case, ran))
        if is_asked_back(result) and result.options:
            offered = (golds.offered(case, sql) for sql in result.options)
            found = any(is_same(one, gold, case) for one in offered for gold in ran)
            result = result.model_copy(update={"offers_right": found})
        yield result
        if told:
            told(number, len(cases))


def _result(case: Case, record: Record | None, verdict: Verdict) -> CaseResult:
    known: Record = record or {}
    is_failure = record is None or bool(known.get("failed"))
    error = known.get("error") or {}
    told = known.get("explanation") or " ".join(str(error.get(key) or "") for key in ("message", "hint")).strip()
    is_twin = case.asked.id.endswith(TWIN)
    tokens = known.get("tokens") or {}
    return CaseResult(
        id=case.asked.id,
        question=case.asked.text,
        language=str(case.asked.language or known.get("language") or language_of(case.asked.text)),
        category=case.category,
        difficulty=case.difficulty,
        # A twin's pair is the case that it repeats.
        pair=case.asked.id.removesuffix(TWIN) if is_twin else case.pair,
        twin="full-width" if is_twin else "",
        principal=case.asked.principal,
        wants_answer="answer" in case.expected,
        outcome="failure" if is_failure else known["outcome"],
        route="" if is_failure else str(known.get("route") or ""),
        confidence=None if known.get("confidence") is None else float(known["confidence"]),
        is_right=verdict.is_right,
        is_flagged=verdict.is_flagged,
        is_silent=verdict.is_silent,
        reason=verdict.reason,
        detail=verdict.detail,
        semantic_sql=str(known.get("semantic_sql") or ""),
        physical_sql=str(known.get("physical_sql") or ""),
        gold=verdict.gold,
        told=told,
        options=[str(reading["semantic_sql"]) for reading in known.get("readings") or ()],
        milliseconds=float((known.get("timings_ms") or {}).get("total", 0.0)),
        prompt_tokens=int(tokens.get("prompt", 0)),
        completion_tokens=int(tokens.get("completion", 0)),
    )
