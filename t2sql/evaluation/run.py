"""One run of `t2sql eval`: golds checked, questions asked or answers read, each judged, a report made.

The golds run before anybody waits for answers, and every answer is on disk before it is judged, so that a run killed
at any moment goes on where it stood.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from t2sql.agent import Agent
from t2sql.errors import Cancelled, ConfigError, QuestionError
from t2sql.evaluation.batch.answer_files import write_answers
from t2sql.evaluation.batch.answering import answer_all
from t2sql.evaluation.batch.asking import Asking, refuse_people
from t2sql.evaluation.batch.asking import made_of as deciding
from t2sql.evaluation.batch.record_files import RecordFile
from t2sql.evaluation.batch.tally import Tally
from t2sql.evaluation.cases.files import askable, day_of
from t2sql.evaluation.cases.golds import Golds
from t2sql.evaluation.cases.nouns import Case, CaseFile
from t2sql.evaluation.cases.predictions import read_answers
from t2sql.evaluation.evaluate import check_golds, chosen_cases, find_results
from t2sql.evaluation.identity import made_of
from t2sql.evaluation.records import Record
from t2sql.evaluation.reports.diff import MUST_AGREE
from t2sql.evaluation.reports.report import CaseResult, MadeOf, Report

ANSWERS = "answers.jsonl"
PARTIAL = f"{ANSWERS}.partial"
ANOTHER = "Give --force to replace it, or another --out."


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person asked to have measured."""

    file: CaseFile
    asking: Asking
    folder: Path
    """Where answers are kept while they come, and stand at the end."""
    llm: tuple[str, str]
    """Name or address, and sha256 of the weights, "" where it is not known."""
    answers: Path | None = None
    """Judge these, records of a batch or lines {id, sql}, instead of asking."""
    seed: int = 0
    sample: int = 0
    """Draw so many cases by the seed; 0 takes all."""
    is_full_width: bool = False
    """Ask every case with digits once more with full-width ones."""
    with_unstable: bool = False
    resume: bool = False
    is_forced: bool = False
    baseline: MadeOf | None = None
    """Of the report that this one will be compared with."""
    finished: Report | None = None
    """The report that stands in the folder already: it is all there is to find, where it is of the same."""


@dataclass(frozen=True, slots=True)
class Heard:
    """Who is told how far a run is."""

    step: Callable[[str, int, int], None]
    """What is being done, how many of how many."""
    asking: Callable[[Tally], None]
    line: Callable[[str], None] = field(default=lambda _line: None)
    """What a person should know, as it is found."""


def evaluate(wanted: Wanted, open_agent: Callable[..., Agent], heard: Heard, stop: threading.Event) -> Report:
    """The report on the cases. The answers stay in `answers.jsonl.partial` until `let_go`, which a report that is
    written allows.

    Raises ConfigError, WarehouseError, AccessDenied; Cancelled when `stop` is set: answers up to then are kept.
    """
    file, how = wanted.file, wanted.asking
    cases = chosen_cases(
        askable(file, unstable=wanted.with_unstable), principal=how.who, sample=wanted.sample, seed=wanted.seed,
        is_full_width=wanted.is_full_width and wanted.answers is None,
    )  # fmt: skip
    if not cases:
        raise ConfigError(f"{file.path}: no case can be asked.", "Add cases, or confirm drafts: delete `draft: true`.")
    how = replace(how, clocks={case.asked.id: day_of(file, case, how.clock) for case in cases})
    wanted = replace(wanted, asking=how)
    if wanted.answers is None:
        strangers = {case.asked.id for case in cases if "refusal" in case.expected}
        refuse_people(file.path, [case.asked for case in cases], how, strangers=strangers)
        _check_databases(cases, how)

    def hear(what: str) -> Callable[[int, int], None]:
        def told(done: int, total: int) -> None:
            if stop.is_set():
                raise Cancelled("The evaluation was stopped.", "Give --resume to go on with it.")
            heard.step(what, done, total)

        return told

    settings = how.settings
    with (
        closing(open_agent(settings)) as agent,
        Golds(
            file,
            agent=agent,
            today=how.clock,
            source=settings.database,
            memory_limit=settings.memory_limit,
            threads=settings.warehouse_threads or None,
        ) as golds,
    ):
        asking = {} if wanted.answers else {"at_once": how.at_once, "question_timeout_seconds": how.timeout_seconds}
        identity = made_of(
            agent, file, llm=wanted.llm, principal=how.who,
            principals=[] if wanted.answers else [case.asked.principal or how.who for case in file.cases],
            clock=file.clock or how.clock, seed=wanted.seed, asking={**asking, "sample": wanted.sample},
            databases=[case.database or settings.database for case in cases],
        )  # fmt: skip
        _refuse_baseline(wanted.baseline, identity)
        if wanted.finished is not None:
            _refuse_other(wanted.finished.made_of, identity, wanted.folder)
            return wanted.finished
        check_golds(cases, golds, hear("running the golds"))
        if wanted.answers is not None:
            given = read_answers(wanted.answers, cases, golds, heard.line)
            results = list(find_results(cases, golds, given.get, hear("judging")))
            return _report(identity, results, None)
        asked = [case.asked for case in cases]
        decided = {
            **deciding(asked, how),
            "data": identity.data_fingerprint,
            "code": f"{identity.t2sql_version} {identity.grammar_sha256}",
        }
        partial = wanted.folder / PARTIAL
        with RecordFile.open(partial, decided, resume=wanted.resume, is_forced=wanted.is_forced) as kept:
            tally = answer_all(asked, kept, how, progress=heard.asking, stop=stop)
            if tally.ended == "stopped":
                raise Cancelled("The evaluation was stopped.", "Give --resume to go on with it.")
            if tally.ended == "lacking" and tally.error is not None:
                raise tally.error

            def record_of(name: str) -> Record | None:
                return kept.record(name) if name in kept else None

            results = list(find_results(cases, golds, record_of, hear("judging")))
            write_answers([one.id for one in asked], kept, wanted.folder / ANSWERS)
            kept.finish()
    return _report(identity, results, tally)


def let_go(report: Report, folder: Path) -> None:
    """The report is written: what was kept while asking goes, unless some failed and can be asked again."""
    if not failures(report):
        (folder / PARTIAL).unlink(missing_ok=True)


def failures(report: Report) -> list[str]:
    """Ids of the questions that ended in an error or a time-out."""
    return [result.id for result in report.results if result.outcome == "failure"]


def _refuse_other(before: MadeOf, now: MadeOf, folder: Path) -> None:
    """A report that stands there is all there is to find only where every part of it that decides is as then."""
    parts = [name for name in MadeOf.model_fields if name not in ("machine", "t2sql_version")]
    other = [name.replace("_", " ") for name in parts if getattr(before, name) != getattr(now, name)]
    if other:
        raise QuestionError(f"{folder} holds a report made with something else: {', '.join(other)}.", ANOTHER)


def _report(identity: MadeOf, results: Sequence[CaseResult], tally: Tally | None) -> Report:
    return Report(
        made_at=datetime.now(UTC),
        made_of=identity,
        results=list(results),
        wall_seconds=tally.wall_seconds if tally else 0.0,
        cpu_seconds=tally.cpu_seconds if tally else 0.0,
        asked_now=tally.done - tally.resumed - tally.copied if tally else 0,
    )


def _refuse_baseline(baseline: MadeOf | None, identity: MadeOf) -> None:
    """Told before anything is asked: an hour's answers must not end in a report that cannot be compared."""
    why = [said for key, said in MUST_AGREE.items() if baseline and getattr(baseline, key) != getattr(identity, key)]
    if why:
        raise ConfigError(
            f"The baseline cannot be compared with this run: {'; '.join(why)}.",
            "Make a new baseline with these cases, data, clock and principal, and what was released last.",
        )


def _check_databases(cases: Sequence[Case], how: Asking) -> None:
    """Questions go to one database; golds of another would judge them by other data."""
    others = sorted(
        {str(c.database) for c in cases if c.database and c.database.resolve() != how.settings.database.resolve()}
    )
    if others:
        raise ConfigError(
            f"Questions run on {how.settings.database.name!r}, but cases name {', '.join(others[:5])}.",
            "Evaluate one database at a time with --source, or judge finished answers with --answers.",
        )
