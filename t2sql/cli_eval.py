"""Commands that measure: eval, eval diff, eval new, eval check. Figures to stdout, speech to stderr, reports to files.

Like cli.py it holds no business rule, and imports what a command needs inside the command.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from t2sql.errors import ConfigError, QuestionError

if TYPE_CHECKING:
    from t2sql.cli_speech import Speech
    from t2sql.evaluation.batch.tally import Tally
    from t2sql.evaluation.cases.checks import Finding
    from t2sql.evaluation.reports.figures import Figures
    from t2sql.evaluation.reports.gates import GateResult, Limits
    from t2sql.evaluation.reports.report import Report
    from t2sql.settings import Settings

FINDINGS, GATE_SHUT = 3, 12
DAY = ["%Y-%m-%d"]


class _AskedFirst(TyperGroup):
    """`t2sql eval CASES` means `t2sql eval run CASES`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        first = args[0] if args else ""
        if first and first not in self.commands and first not in ("--help", *ctx.help_option_names):
            args = ["run", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_AskedFirst,
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Measure how right the answers are, and guard a release.\n\n"
    "`t2sql eval CASES` asks every case and judges it: the same as `t2sql eval run CASES`.\n\n"
    "\b\nExample: t2sql eval tests/evals/bank_first.yml --min-accuracy 0.9 --max-silent-errors 2%",
)


@app.command()
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
        bool, typer.Option("--resume", help="Go on with a run that did not finish; needs --out.")
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
    from t2sql.cli_answers import console_on_stdout
    from t2sql.cli_many import changed_settings, clock_of, llm_sha256
    from t2sql.cli_speech import cancelling, tell
    from t2sql.evaluation.batch.asking import Asking
    from t2sql.evaluation.cases.files import read_cases
    from t2sql.evaluation.reports.files import read_report, report_document
    from t2sql.evaluation.reports.gates import check_gates
    from t2sql.evaluation.reports.terminal import print_figures
    from t2sql.evaluation.run import ANSWERS, Heard, Wanted, evaluate
    from t2sql.opening import load_llm, open_agent

    limits = _limits(min_accuracy, max_silent_errors, no_regression=no_regression, no_worse=no_worse)
    before = read_report(baseline) if baseline else None
    _refuse_limits(limits, before)
    settings = changed_settings(metrics, source, llm, principal)
    file = read_cases(cases)
    folder = _folder(out, cases, is_resumed=resume, is_forced=force)
    day = clock_of(clock, folder / f"{ANSWERS}.partial" if resume else None)
    how = Asking(
        settings, load_llm, day, principal=principal, concurrency=concurrency, timeout_seconds=timeout,
        llm_sha256=llm_sha256(settings), origin="evaluation",
    )  # fmt: skip
    wanted = Wanted(
        file, how, folder, (settings.llm, how.llm_sha256) if answers is None else (f"answers of {answers.name}", ""),
        answers=answers, seed=seed, sample=sample, is_full_width=full_width, with_unstable=unstable, resume=resume,
        baseline=before.made_of if before else None,
    )  # fmt: skip
    with cancelling() as stop, _Progress() as progress:
        report = evaluate(wanted, open_agent, Heard(progress.step, progress.asking), stop)
    try:
        gates = check_gates(report, limits, before)
    except ConfigError:
        # No gate that cannot be tried may cost an hour's answers.
        _write(report, (), folder, settings)
        raise
    figures = _write(report, gates, folder, settings)
    if as_json:
        _print_json(report_document(report, figures, gates))
    else:
        print_figures(console_on_stdout(), report, figures, gates)
    tell(f"The report is {folder / 'report.html'}")
    return GATE_SHUT if any(not gate.is_passed for gate in gates) else 0


@app.command()
def diff(
    before: Annotated[Path, typer.Argument(metavar="BEFORE", help="report.json of the earlier run.")],
    after: Annotated[Path, typer.Argument(metavar="AFTER", help="report.json of the later run.")],
    html: Annotated[Path | None, typer.Option(help="Write the comparison as a page, too.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout instead of tables.")] = False,
) -> int:
    """Say what got better and what got worse, question by question.

    With McNemar's exact test, and both SQLs side by side.

    \b
    Example: t2sql eval diff release/report.json evals/today/report.json --html diff.html
    """
    from t2sql.cli_answers import console_on_stdout
    from t2sql.cli_speech import tell
    from t2sql.evaluation.reports.diff import compare_reports, difference_document
    from t2sql.evaluation.reports.files import read_report, write_text
    from t2sql.evaluation.reports.page import difference_page
    from t2sql.evaluation.reports.terminal import print_difference

    found = compare_reports(read_report(before), read_report(after))
    if html is not None:
        write_text(html, difference_page(found))
        tell(f"The comparison is {html}")
    if as_json:
        _print_json(difference_document(found))
    else:
        print_difference(console_on_stdout(), found)
    return 0


@app.command()
def new(
    out: Annotated[Path | None, typer.Option(help="File for the drafts; by default stdout.")] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=DAY, metavar="YYYY-MM-DD", help="Questions asked from this day on.")
    ] = None,
    known: Annotated[
        list[Path] | None, typer.Option(help="Case files whose questions need no draft; may be given again.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file that stands in --out.")] = False,
) -> int:
    """Draft cases out of the questions that were asked, for a person to confirm.

    A draft holds the question, who asked, the day, and the semantic SQL that was answered; never a row. It is not
    asked by eval until somebody has checked it and deleted its line `draft: true`.

    \b
    Example: t2sql eval new --since 2026-07-01 --known tests/evals/bank_first.yml --out drafts.yml
    """
    from t2sql import settings
    from t2sql.cli_speech import tell
    from t2sql.evaluation.cases.drafts import draft_cases
    from t2sql.evaluation.cases.files import read_cases
    from t2sql.evaluation.reports.files import write_text
    from t2sql.journal import Journal

    if out is not None and out.exists() and not force:
        raise QuestionError(f"{out} exists.", "Give --force to replace it, or another --out.")
    had = [case.asked.text for path in known or () for case in read_cases(path).cases]
    journal = Journal(settings.load().journal_file)
    text = draft_cases(journal.questions(since.astimezone() if since else None), had)
    if out is None:
        print(text, end="")
    else:
        write_text(out, text)
        tell(f"The drafts are {out}: check each gold, then delete its line `draft: true`.")
    return 0


@app.command()
def check(
    cases: Annotated[Path, typer.Argument(metavar="CASES", help="Questions with their golds: .yml, .yaml or .jsonl.")],
    metrics: Annotated[Path | None, typer.Option(help="Folder of the definitions; by default the settings'.")] = None,
    source: Annotated[str, typer.Option(metavar="URL", help="Database: path of a DuckDB file.")] = "",
) -> int:
    """Run the golds, and find duplicates and golds that return nothing.

    Exit code 3 when there is an error.

    \b
    Example: t2sql eval check tests/evals/bank_first.yml
    """
    from contextlib import closing

    from t2sql.cli_many import changed_settings
    from t2sql.cli_speech import counted, tell
    from t2sql.evaluation.cases.checks import check_cases
    from t2sql.evaluation.cases.files import read_cases
    from t2sql.evaluation.cases.golds import Golds
    from t2sql.opening import open_agent

    chosen = changed_settings(metrics, source, "", "")
    file = read_cases(cases)
    with (
        closing(open_agent(chosen)) as agent,
        Golds(
            file,
            agent=agent,
            today=date.today(),
            source=chosen.database,
            memory_limit=chosen.memory_limit,
            threads=chosen.warehouse_threads or None,
        ) as golds,
    ):
        found = check_cases(file, golds)
    for finding in found:
        _print_finding(file.path, finding)
    errors = sum(finding.is_error for finding in found)
    told = f"{counted(errors, 'error')}, {counted(len(found) - errors, 'warning')}" if found else "nothing to mend"
    tell(f"{cases}: {counted(len(file.cases), 'case')}, {told}")
    return FINDINGS if errors else 0


def _print_finding(path: Path, finding: Finding) -> None:
    from t2sql.wording import visible

    level = "error" if finding.is_error else "warning"
    print(visible(f"{path}:{finding.line}: {level}: {finding.id}: {finding.text}"))
    print(visible(f"  → {finding.hint}"))


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
        raise ConfigError("There is nothing to compare with.", "Name the report of the last release: --baseline FILE.")
    if before is not None and not is_compared:
        raise ConfigError("--baseline alone asks for nothing.", "Add --no-regression or --no-worse.")


def _folder(out: Path | None, cases: Path, *, is_resumed: bool, is_forced: bool) -> Path:
    """The folder for the report, made if need be. Raises QuestionError where one stands already."""
    if out is None:
        if is_resumed:
            raise QuestionError("--resume needs to know where.", "Give --out the folder of the run that was stopped.")
        out = Path("evals") / f"{cases.stem}-{datetime.now():%Y%m%d-%H%M%S}"
    if (out / "report.json").exists() and not is_forced:
        raise QuestionError(f"{out} holds a report.", "Give --force to replace it, or another --out.")
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise QuestionError(f"{out}: {error.strerror}.", "Name a folder that can be written.") from None
    return out


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


def _print_json(document: Any) -> None:
    import json

    print(json.dumps(document, ensure_ascii=False, indent=1))


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
