"""The command `batch`: many questions from a file, their answers to another, progress and a summary to stderr.

Like cli.py it holds no business rule, and imports what the command needs inside the command.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from t2sql.evaluation.batch.answer_files import Written
    from t2sql.evaluation.batch.tally import Tally
    from t2sql.settings import Settings

TOO_MANY_FAILED, CANCELLED = 11, 130
ENDS = {
    "answer": "answered",
    "clarification": "asked back",
    "definition": "defined",
    "refusal": "refused",
    "failure": "failed",
}

app = typer.Typer(rich_markup_mode=None)


@app.command()
def batch(
    questions: Annotated[Path, typer.Argument(metavar="IN", help="Questions: .jsonl, .csv or .xlsx.")],
    out: Annotated[Path, typer.Option("--out", metavar="OUT", help="Answers: .jsonl, .csv or .xlsx.")],
    metrics: Annotated[Path | None, typer.Option(help="Folder of the definitions; by default the settings'.")] = None,
    source: Annotated[
        str, typer.Option(metavar="URL", help="Database: a DuckDB file, a folder of Parquet or CSV, or an address.")
    ] = "",
    clock: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="The day that 'this month' counts from."),
    ] = None,
    principal: Annotated[
        str, typer.Option("--as", metavar="WHO", help="Who asks; only where settings say demo = true.")
    ] = "",
    language: Annotated[
        Literal["zh", "en"] | None, typer.Option(help="Language of the answers; by default each question's.")
    ] = None,
    llm: Annotated[str, typer.Option(metavar="NAME", help="Weights, or http:// address of a server.")] = "",
    sheet: Annotated[str, typer.Option(help="Sheet of an XLSX file to read; by default the first.")] = "",
    concurrency: Annotated[
        int, typer.Option(min=0, max=256, help="Questions in flight; 0 is four a core, at most 32.")
    ] = 0,
    timeout: Annotated[float, typer.Option(min=0.1, max=86_400, help="Seconds for one whole question.")] = 120.0,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with a batch that was stopped, or ask its failures again.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace OUT if it exists.")] = False,
    result_sheets: Annotated[
        bool, typer.Option("--result-sheets", help="XLSX: each result on a sheet of its own too.")
    ] = False,
    max_failures: Annotated[
        str, typer.Option(metavar="SHARE", help="Share of questions that may fail: 0.05 or 5%; else exit code 11.")
    ] = "0",
) -> int:
    """Answer a file of questions.

    Answers stand in the file's order. Each is kept in OUT.partial as it finishes; after a crash --resume goes on there,
    and after the end it asks again what failed. A refusal or a question back is no failure; an error and a time-out
    are.

    \b
    Example: t2sql batch questions.jsonl --out answers.xlsx --clock 2026-07-10
    """
    from t2sql.cli_many import asking_progress, changed_settings, clock_of, llm_sha256, share_of
    from t2sql.cli_speech import cancelling, tell
    from t2sql.evaluation.batch.answer_files import refuse_out, write_answers
    from t2sql.evaluation.batch.answering import answer_all
    from t2sql.evaluation.batch.asking import Asking, made_of, refuse_people
    from t2sql.evaluation.batch.finished import refuse_replacing, refuse_unfinished
    from t2sql.evaluation.batch.intake import main_language, read_questions
    from t2sql.evaluation.batch.record_files import RecordFile
    from t2sql.opening import load_llm

    most_failed = share_of("--max-failures", max_failures)
    chosen = changed_settings(metrics, source, llm, principal)
    intake = read_questions(questions, sheet=sheet)
    for line in intake.told:
        tell(line)
    refuse_out(
        out, questions, len(intake.asked), is_forced=force, result_sheets=result_sheets, resume=resume and not force
    )
    partial = out.with_name(out.name + ".partial")
    if resume and not force and out.exists() and not partial.exists():
        refuse_unfinished(out, partial, intake.asked)
        tell(f"{out} is whole already: nothing to do.")
        return 0
    day = clock_of(clock, partial if resume else None)
    how = Asking(
        chosen, load_llm, day, principal=principal, language=language or _language(chosen), concurrency=concurrency,
        timeout_seconds=timeout, llm_sha256=llm_sha256(chosen, is_named=bool(llm)),
    )  # fmt: skip
    refuse_people(questions, intake.asked, how)
    before = _stamp(chosen, partial if resume else None)
    with RecordFile.open(partial, made_of(intake.asked, how), resume=resume, is_forced=force) as kept:
        refuse_replacing(out, kept, is_forced=force)
        _tell_resumed(partial, kept, is_asked=resume)
        with cancelling() as stop, asking_progress() as show:
            tally = answer_all(intake.asked, kept, how, progress=show, stop=stop)
        if tally.ended == "stopped":
            tell(f"Stopped with {tally.done:,} of {tally.total:,} answered.\n  → Go on with --resume.")
            return CANCELLED
        if tally.ended == "lacking" and tally.error is not None:
            tell(f"Stopped with {tally.done:,} of {tally.total:,} asked.")
            raise tally.error
        if tally.failed:
            kept.finish()
        spoken = how.language or main_language(intake.asked)
        written = write_answers(
            (one.id for one in intake.asked), kept, out, result_sheets=result_sheets, language=spoken
        )
        if not tally.failed:
            kept.discard()
    if before != _stamp(chosen, None):
        tell("The database changed while the batch ran: each answer is of the data of its moment.")
    _tell_summary(tally, written)
    return TOO_MANY_FAILED if tally.failed_share > most_failed else 0


def _language(chosen: Settings) -> Literal["zh", "en"] | None:
    return None if chosen.language == "auto" else chosen.language


def _stamp(chosen: Settings, partial: Path | None) -> tuple[int, int] | None:
    """What the database's file looks like; tells when it is newer than answers that are kept in `partial`."""
    from t2sql.cli_speech import tell

    if chosen.is_source_served:
        return None
    try:
        found = chosen.database.stat()
        if partial and partial.exists() and found.st_mtime > partial.stat().st_mtime:
            tell("The database has changed since the answers that are kept: they are of the data of then.")
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _tell_resumed(partial: Path, kept: Any, *, is_asked: bool) -> None:
    from t2sql.cli_speech import counted, tell

    if is_asked and kept.was_finished:
        tell(f"{counted(len(kept), 'record')} kept from before: only what failed is asked again.")
    elif is_asked:
        tell(f"{counted(len(kept), 'record')} kept from before." if len(kept) else "Nothing is kept from before.")
    if kept.damaged:
        lines = ", ".join(map(str, kept.damaged[:10]))
        tell(f"{partial}: damaged lines {lines}: their questions are asked again.")


def _tell_summary(tally: Tally, written: Written) -> None:
    from t2sql.cli_many import duration
    from t2sql.cli_speech import counted, tell
    from t2sql.evaluation.mistakes import few

    asked = tally.done - tally.resumed - tally.copied
    ends = {ENDS[name]: number for name, number in tally.outcomes.items()}
    tell(f"{counted(tally.total, 'question')}: {_counts(ends)}")
    if tally.routes:
        tell(f"routes: {_counts(tally.routes)}")
    if tally.failures:
        tell(f"failures: {_counts(tally.failures)}")
        tell(f"failed: {few(tally.failed_ids)}\n  → Ask these again: the same command with --resume.")
    kept = f", {tally.resumed:,} kept from before" if tally.resumed else ""
    twice = f", {tally.copied:,} copied from a question asked before" if tally.copied else ""
    tell(
        f"{asked:,} asked{kept}{twice}; {duration(tally.wall_seconds)} ({tally.a_minute:,.0f} a minute) after"
        f" {duration(tally.startup_seconds)} to start"
    )
    for line in written.told:
        tell(line)
    tell(f"Answers: {written.path}")


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number:,} {name}" for name, number in sorted(counts.items(), key=lambda i: (-i[1], i[0])))
