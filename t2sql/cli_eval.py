"""Commands beside a measurement: eval diff, eval new, eval check. Data to stdout, speech to stderr.

`eval run` is in cli_eval_run.py, and `t2sql eval CASES` means it.

Like cli.py it holds no business rule, and imports what a command needs inside the command.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from t2sql.cli_eval_run import DAY, GATE_SHUT, print_json, run
from t2sql.errors import QuestionError, did_you_mean

if TYPE_CHECKING:
    from t2sql.evaluation.cases.checks import Finding

__all__ = ["FINDINGS", "GATE_SHUT", "app"]

FINDINGS = 3


class _AskedFirst(TyperGroup):
    """`t2sql eval CASES` means `t2sql eval run CASES`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        first = args[0] if args else ""
        if first and first not in self.commands and first not in ("--help", *ctx.help_option_names):
            self._refuse_slip(first)
            args = ["run", *args]
        return super().parse_args(ctx, args)

    def _refuse_slip(self, word: str) -> None:
        """A word that is no file and nearly a command was meant as one."""
        is_file = word.startswith("-") or Path(word).suffix or Path(word).exists()
        near = "" if is_file else did_you_mean(word, self.commands)
        if near:
            raise QuestionError(f"No command is called {word!r}, and no file.{near}", "Run `t2sql eval --help`.")


app = typer.Typer(
    cls=_AskedFirst,
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Measure how right the answers are, and guard a release.\n\n"
    "`t2sql eval CASES` asks every case and judges it: the same as `t2sql eval run CASES`.\n\n"
    "\b\nExample: t2sql eval tests/evals/bank_first.yml --min-accuracy 0.9 --max-silent-errors 2%",
)


app.command()(run)


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
        print_json(difference_document(found))
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
    limit: Annotated[int, typer.Option(min=0, help="So many drafts, of the questions most often asked; 0 is all.")] = 0,
    principal: Annotated[str, typer.Option("--as", metavar="WHO", help="Only what WHO asked.")] = "",
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
    asked = journal.questions(since.astimezone() if since else None)
    text = draft_cases(asked, had, principal=principal, limit=limit)
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

    chosen = changed_settings(metrics, source, "", "", is_one_file=True)
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
