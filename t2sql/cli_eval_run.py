"""The command `eval run`: ask every case, judge, report, check the gates. Figures to stdout, speech to stderr.

Like cli.py it holds no business rule, and imports what the command needs inside the command.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from t2sql.errors import ConfigError, QuestionError

if TYPE_CHECKING:
    from t2sql.cli_speech import Speech
    from t2sql.evaluation.batch.tally import Tally
    from t2sql.evaluation.reports.figures import Figures
    from t2sql.evaluation.reports.gates import GateResult, Limits
    from t2sql.evaluation.reports.report import Report
    from t2sql.settings import Settings

GATE_SHUT = 12
DAY = ["%Y-%m-%d"]


def run(
    cases: Annotated[Path, typer.Argument(metavar="CASES", help="Questions with their golds: .yml, .yaml or .jsonl.")],
    out: Annotated[Path | None, typer.Option(help="Folder for the report; by default evals/CASES-DATE-TIME.")] = None,
    answers: Annotated[
        Path | None, typer.Option(help='Judge the records of a batch, or lines {"id", "sql"}, instead of asking.')
    ] = None,
    metrics: Annotated[Path | None, typer.Option(help="Folder of the definitions; by default the settings'.")] = None,
    source: Annotated[str, typer.Option(metavar="URL", help="Database: path of a DuckDB file.")] = "",
    clock: Annotated[
        datetime | None,
        typer.Option(
            formats=DAY, metavar="YYYY-MM-DD", help="The day questions count from, where the cases name none."
        ),
    ] = None,
    principal: Annotated[
        str, typer.Option("--as", metavar="WHO", help="Who asks; only where settings say demo = true.")
    ] = "",
    llm: Annotated[str, typer.Option(metavar="NAME", help="Weights, or http:// address of a server.")] = "",
    concurrency: Annotated[
        int, typer.Option(min=0, max=256, help="Questions in flight; 0 is four a core, at most 32.")
    ] = 0,
    timeout: Annotated[float, typer.Option(min=0.1, max=86_400, help="Seconds for one whole question.")] = 120.0,
    resume: Annotated[
        bool,
        typer.Option("--resume", help="Go on with a run that was stopped, or ask its failures again; needs --out."),
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace the report that stands in --out.")] = False,
    seed: Annotated[int, typer.Option(min=0, help="Draws the sample and the intervals of calibration.")] = 0,
    sample: Annotated[int, typer.Option(min=0, help="Ask so many cases, drawn by the seed; 0 asks all.")] = 0,
    full_width: Annotated[
        bool, typer.Option("--full-width", help="Ask cases with digits once more in full-width ones; counts in pairs.")
    ] = False,
    unstable: Annotated[bool, typer.Option("--unstable", help="Ask cases marked unstable too.")] = False,
    min_accuracy: Annotated[str, typer.Option(metavar="SHARE", help="Gate: least accuracy, such as 0.9 or 90%.")] = "",
    max_silent_errors: Annotated[
        str, typer.Option(metavar="N", help="Gate: most silent errors, a count (2) or a share (0.02, 2%).")
    ] = "",
    baseline: Annotated[Path | None, typer.Option(help="report.json of the last release.")] = None,
    no_regression: Annotated[
        bool,
        typer.Option("--no-regression", help="Gate: not worse than the baseline beyond chance, no new silent error."),
    ] = False,
    no_worse: Annotated[
        bool, typer.Option("--no-worse", help="Gate: no question right in the baseline is wrong now.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The report on stdout as JSON, instead of tables.")] = False,
) -> int:
    """Ask every case, judge the results, write a report, check the gates.

    Results are compared, never SQL text. Writes report.html, report.json, junit.xml and answers.jsonl. Exit code 12
    when a gate is shut.

    \b
    Example: t2sql eval run tests/evals/bank_first.yml --baseline release/report.json --no-regression
    """
    from t2sql.cli_many import changed_settings, clock_of, llm_sha256
    from t2sql.cli_speech import cancelling, tell
    from t2sql.evaluation.batch.asking import Asking
    from t2sql.evaluation.cases.files import read_cases
    from t2sql.evaluation.mistakes import few
    from t2sql.evaluation.reports.files import read_report
    from t2sql.evaluation.reports.gates import check_gates
    from t2sql.evaluation.run import PARTIAL, Heard, Wanted, evaluate, failures, let_go
    from t2sql.opening import load_llm, open_agent

    limits = _limits(min_accuracy, max_silent_errors, no_regression=no_regression, no_worse=no_worse)
    before = read_report(baseline) if baseline else None
    _refuse_limits(limits, before)
    settings = changed_settings(metrics, source, llm, principal, is_one_file=True)
    file = read_cases(cases)
    for line in file.told:
        tell(line)
    folder = _folder(out, cases, is_resumed=resume, is_forced=force)
    finished = None if force else _finished(folder)
    day = clock_of(clock, folder / PARTIAL if resume else None)
    digest = llm_sha256(settings, is_named=bool(llm)) if answers is None else ""
    how = Asking(
        settings, load_llm, day, principal=principal, concurrency=concurrency, timeout_seconds=timeout,
        llm_sha256=digest, origin="evaluation",
    )  # fmt: skip
    wanted = Wanted(
        file, how, folder, (settings.llm, digest) if answers is None else (f"answers of {answers.name}", ""),
        answers=answers, seed=seed, sample=sample, is_full_width=full_width, with_unstable=unstable, resume=resume,
        is_forced=force, baseline=before.made_of if before else None, finished=finished,
    )  # fmt: skip
    with _made(folder), cancelling() as stop, _Progress() as progress:
        report = evaluate(wanted, open_agent, Heard(progress.step, progress.asking, progress.line), stop)
    if finished is not None:
        tell(f"{folder / 'report.json'} is whole already: nothing was asked.")
        return _tell_end(report, check_gates(report, limits, before), None, settings, as_json=as_json)
    try:
        gates = check_gates(report, limits, before)
    except ConfigError:
        # No gate that cannot be tried may cost an hour's answers.
        _write(report, (), folder, settings)
        raise
    figures = _write(report, gates, folder, settings)
    let_go(report, folder)
    code = _tell_end(report, gates, figures, settings, as_json=as_json)
    if failed := failures(report):
        cure = "" if answers else "\n  → Ask these again: the same command with --resume."
        tell(f"failed: {few(failed)}{cure}")
    tell(f"The report is {folder / 'report.html'}")
    return code


def _tell_end(
    report: Report, gates: Sequence[GateResult], figures: Figures | None, settings: Settings, *, as_json: bool
) -> int:
    """Figures and gates on stdout; the exit code."""
    from t2sql.cli_answers import console_on_stdout
    from t2sql.evaluation.reports.costs import Prices
    from t2sql.evaluation.reports.figures import find_figures
    from t2sql.evaluation.reports.files import report_document
    from t2sql.evaluation.reports.terminal import print_figures

    figures = figures or find_figures(report, Prices.of(settings))
    if as_json:
        print_json(report_document(report, figures, gates))
    else:
        print_figures(console_on_stdout(), report, figures, gates)
    return GATE_SHUT if any(not gate.is_passed for gate in gates) else 0


def print_json(document: Any) -> None:
    """A document on stdout."""
    import json

    print(json.dumps(document, ensure_ascii=False, indent=1))


def _limits(accuracy: str, silent: str, *, no_regression: bool, no_worse: bool) -> Limits:
    from t2sql.evaluation.reports.gates import Limits, parse_accuracy, parse_silent_limit

    return Limits(
        parse_accuracy(accuracy) if accuracy else None,
        parse_silent_limit(silent) if silent else None,
        no_regression=no_regression,
        no_worse=no_worse,
    )


def _refuse_limits(limits: Limits, before: Report | None) -> None:
    """A gate that cannot be checked is told now, not after an hour of asking."""
    is_compared = limits.no_regression or limits.no_worse
    if is_compared and before is None:
        raise QuestionError(
            "There is nothing to compare with.", "Name the report of the last release: --baseline FILE."
        )
    if before is not None and not is_compared:
        raise QuestionError("--baseline alone asks for nothing.", "Add --no-regression or --no-worse.")


def _folder(out: Path | None, cases: Path, *, is_resumed: bool, is_forced: bool) -> Path:
    """The folder for the report. Raises QuestionError where one stands already, unless that is gone on with."""
    if out is None:
        if is_resumed:
            raise QuestionError("--resume needs to know where.", "Give --out the folder of the run that was stopped.")
        return Path("evals") / f"{cases.stem}-{datetime.now():%Y%m%d-%H%M%S}"
    if (out / "report.json").exists() and not (is_forced or is_resumed):
        raise QuestionError(f"{out} holds a report.", "Give --force to replace it, or another --out.")
    return out


def _finished(folder: Path) -> Report | None:
    """The report that stands in `folder` with nothing left to ask. Raises QuestionError where what failed in it cannot
    be asked again.
    """
    from t2sql.evaluation.mistakes import few
    from t2sql.evaluation.reports.files import read_report
    from t2sql.evaluation.run import ANOTHER, PARTIAL, failures

    if not (folder / "report.json").exists() or (folder / PARTIAL).exists():
        return None
    report = read_report(folder / "report.json")
    if failed := failures(report):
        raise QuestionError(
            f"{folder} holds a report in which questions failed: {few(failed)}; {PARTIAL!r}, which --resume goes on"
            " with, is gone.", ANOTHER,
        )  # fmt: skip
    return report


@contextmanager
def _made(folder: Path) -> Iterator[None]:
    """The folder, made if need be; gone again where an error ends it before anything is written there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise QuestionError(f"{folder}: {error.strerror}.", "Name a folder that can be written.") from None
    try:
        yield
    except BaseException:
        # One that holds something stays.
        with suppress(OSError):
            folder.rmdir()
        raise


def _write(report: Report, gates: Sequence[GateResult], folder: Path, settings: Settings) -> Figures:
    """The report as files; its figures."""
    from t2sql.evaluation.reports.costs import Prices
    from t2sql.evaluation.reports.figures import find_figures
    from t2sql.evaluation.reports.files import write_report, write_text
    from t2sql.evaluation.reports.junit import junit_xml
    from t2sql.evaluation.reports.page import report_page

    figures = find_figures(report, Prices.of(settings))
    write_report(report, figures, folder / "report.json", gates)
    write_text(folder / "report.html", report_page(report, figures, gates))
    write_text(folder / "junit.xml", junit_xml(report))
    return figures


class _Progress:
    """One moving line at a time: a spinner for golds and judging, the batch's own bar while questions are asked."""

    def __init__(self) -> None:
        self._open = ExitStack()
        self._speech: Speech | None = None
        self._show: Callable[[Tally], None] | None = None

    def __enter__(self) -> _Progress:
        return self

    def __exit__(self, *_: Any) -> None:
        self._end()

    def step(self, what: str, done: int, total: int) -> None:
        """A line when `what` begins; on a terminal the share done."""
        from t2sql.cli_speech import Speech

        if self._speech is None:
            self._end()
            self._speech = self._open.enter_context(Speech())
        self._speech.progress(what, done / max(1, total))

    def line(self, text: str) -> None:
        """A line that stays."""
        from t2sql.cli_speech import tell

        self._end()
        tell(text)

    def asking(self, tally: Tally) -> None:
        """How far the questions are."""
        from t2sql.cli_many import asking_progress

        if self._show is None:
            self._end()
            self._show = self._open.enter_context(asking_progress())
        self._show(tally)

    def _end(self) -> None:
        self._open.close()
        self._speech = self._show = None
