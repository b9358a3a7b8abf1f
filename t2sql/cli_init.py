"""`t2sql init`: from a database without definitions to a drafted catalog, and the review of what was guessed.

Like cli.py it holds no business rule, and imports what a command needs inside the command.
"""

from __future__ import annotations

import shlex
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from t2sql.onboarding.initiating import Outcome
    from t2sql.warehouse.sources import Source

MOST_TOLD = 20

app = typer.Typer(rich_markup_mode=None)


@app.command("init")
def init(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder of the catalog: metrics/NAME.")],
    source: Annotated[
        str,
        typer.Option(
            "--source",
            metavar="URL",
            help="A DuckDB file, a folder of Parquet or CSV, or an address such as postgresql://host/bank."
            " By default the source of the settings.",
        ),
    ] = "",
    names_by_llm: Annotated[
        bool,
        typer.Option(
            "--names-by-llm",
            help="Have the local llm name in the other language what no comment names; it sees no data.",
        ),
    ] = False,
    review: Annotated[
        bool, typer.Option("--review", help="Go through the guesses of a drafted catalog; asks on the terminal.")
    ] = False,
) -> int:
    """Draft a catalog from a database that has none.

    Reads tables, comments, keys and a bounded sample of the values, and writes definitions in which every guess is
    marked with its reason. Nothing is written to the database. Run it again when the database has changed: what you
    changed stays. A run that was stopped goes on where it was.

    With --review, asks about each guess: accept, change, drop, or leave for later. It can be stopped at any time.

    \b
    Example: t2sql init --source bank.duckdb --out metrics/mybank
    """
    if review:
        return _review(out)
    from t2sql import settings
    from t2sql.cli_speech import Speech, cancelling
    from t2sql.errors import ConfigError
    from t2sql.onboarding.initiating import initiate
    from t2sql.opening import load_llm
    from t2sql.warehouse.sources import parse_source, source_of

    chosen = settings.load()
    if not source and not chosen.source:
        raise ConfigError("No database is named.", "Give --source a DuckDB file, a folder or an address.")
    if source:
        found = parse_source(source, user=chosen.source_user, password=chosen.source_password)
    else:
        found = source_of(chosen)
    with Speech("en") as speech, cancelling() as cancel:

        def told(what: str, share: float) -> None:
            doing = f"Reading {what}" if what else "Comparing tables" if share else "Listing tables"
            speech.progress(doing, share)

        llm = (lambda: load_llm(chosen)) if names_by_llm else None
        outcome = initiate(
            found, out, settings=_settings(found, out), llm=cache(llm) if llm else None, progress=told, cancel=cancel
        )
    _tell(outcome)
    print(out / "model.yml")
    return 0


def _review(out: Path) -> int:
    """Ask about each guess on the terminal."""
    import sys

    from rich.console import Console
    from rich.text import Text

    from t2sql.cli_speech import tell
    from t2sql.errors import ConfigError
    from t2sql.onboarding.review import CHANGES, Guessed, Review, go_through
    from t2sql.wording import visible

    review = Review(out)
    if not sys.stdin.isatty():
        raise ConfigError(
            f"--review asks questions, and there is no terminal here; {len(review.guesses()):,} guesses wait.",
            f"Run it on a terminal, or edit {out / 'model.yml'}: a `guess` that you remove is accepted.",
        )
    console = Console(stderr=True)

    def ask(guessed: Guessed, waiting: int) -> str:
        head = Text.assemble(
            (f"{guessed.kind} {visible(guessed.name)}", "bold"), f"  {guessed.score:.0%}  ({waiting:,} left)"
        )
        console.print(head)
        for line in (guessed.shown, guessed.en, guessed.zh):
            console.print(Text(f"  {visible(line)}"))
        keys = "|".join(CHANGES[guessed.kind])
        console.print(
            Text(f"  [Enter] accept · A accept all of its kind · d drop · s later · q stop · {keys}=… change")
        )
        return input("> ")

    left = go_through(review, ask, lambda text: tell(visible(text, keep_newlines=True)))
    tell(f"{left:,} guesses left." if left else "Every guess is decided.")
    return 0


def _settings(source: Source, out: Path) -> dict[str, Any]:
    """What t2sql.toml beside the catalog says; a password never stands in it."""
    from t2sql.settings import Settings

    where = str(source.path.resolve()) if source.path is not None else source.address
    user = {"source_user": source.user} if source.user else {}
    chosen = {"metrics": ".", "source": where, **user, "principal": "owner", "ad_hoc": True}
    return {key: value for key, value in chosen.items() if key in Settings.model_fields}


def _tell(outcome: Outcome) -> None:
    from t2sql.cli_speech import counted, tell
    from t2sql.wording import visible

    for note in outcome.notes[:MOST_TOLD]:
        tell(visible(note.en))
    if len(outcome.notes) > MOST_TOLD:
        tell(f"… and {len(outcome.notes) - MOST_TOLD} more notes.")
    for change in outcome.changes:
        tell(visible(change.en))
    if not outcome.is_new and not outcome.changes:
        tell("The database has not changed since the last draft.")
    tell(
        f"{counted(outcome.datasets, 'dataset')}, {counted(outcome.relationships, 'relationship')},"
        f" {counted(outcome.metrics, 'metric')}; guesses to review: {outcome.guesses:,}."
    )
    folder = outcome.folder
    catalog, settings = shlex.quote(str(folder)), shlex.quote(str(folder / "t2sql.toml"))
    tell(f"Next: `t2sql check {catalog}`; then `T2SQL_SETTINGS={settings} t2sql ask '…'`.")
