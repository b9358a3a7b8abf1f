"""Commands about the definitions themselves: metrics list, export and import.

Like cli.py it holds no business rule, and imports what a command needs inside the command.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from t2sql.errors import AccessDenied, ConfigError

if TYPE_CHECKING:
    from t2sql.catalog import Dataset

app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="What can be asked for.\n\n\b\nExample: t2sql metrics list"
)


@app.command("list")
def list_metrics(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON array instead of a table.")] = False,
    principal: Annotated[
        str, typer.Option("--as", metavar="PRINCIPAL", help="Whose metrics; only where settings say demo = true.")
    ] = "",
) -> int:
    """Metrics, dimensions and datasets that you may ask for.

    A dataset's fields are what SQL over its rows (FROM loans) may name.

    \b
    Example: t2sql metrics list --json
    """
    from t2sql import settings
    from t2sql.documents import write_json
    from t2sql.ossie import read_catalog
    from t2sql.policy import Policies

    chosen = settings.load()
    if principal and not chosen.demo:
        raise AccessDenied("--as works only in a demo.", "Leave --as out.")
    catalog = read_catalog(chosen.metrics)
    policies = Policies.read(chosen.metrics, catalog)
    seen = policies.narrow(catalog, policies.principal(principal or chosen.principal)).catalog
    entries: list[dict[str, Any]] = [
        {
            "name": m.name,
            "kind": "metric",
            "zh": m.display.zh,
            "en": m.display.en,
            "unit": m.unit,
            "about": m.description,
        }
        for m in seen.metrics.values()
    ]
    entries += [
        {"name": d.name, "kind": "dimension", "zh": d.display.zh, "en": d.display.en, "unit": "", "about": ""}
        for d in seen.dimensions.values()
    ]
    entries += [_dataset_entry(dataset) for dataset in seen.datasets.values()]
    if as_json:
        write_json(entries, sys.stdout)
        return 0
    _print_entries(entries)
    return 0


def _dataset_entry(dataset: Dataset) -> dict[str, Any]:
    """A dataset with the fields that SQL over its rows may name."""
    return {
        "name": dataset.name,
        "kind": "dataset",
        "zh": dataset.display.zh,
        "en": dataset.display.en,
        "unit": "",
        "about": dataset.description,
        "fields": [
            {"name": f.name, "zh": f.display.zh, "en": f.display.en} for f in dataset.fields.values() if f.is_named
        ],
    }


def _print_entries(entries: list[dict[str, Any]]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    from t2sql.cli_answers import console_on_stdout
    from t2sql.wording import visible

    keys = ("name", "kind", "zh", "en", "unit")
    table = Table(*keys, box=SIMPLE_HEAD, pad_edge=False)
    for entry in entries:
        table.add_row(*(Text(visible(entry[key])) for key in keys))
    console = console_on_stdout()
    console.print(table)
    rows = Table("FROM dataset", "fields", box=SIMPLE_HEAD, pad_edge=False)
    for entry in entries:
        if entry["kind"] == "dataset":
            fields = ", ".join(field["name"] for field in entry["fields"])
            rows.add_row(Text(visible(entry["name"])), Text(visible(fields)))
    console.print(rows)


@app.command("export")
def export(
    folder: Annotated[
        Path | None, typer.Option("--metrics", metavar="DIR", help="Folder with model.yml; by default the settings'.")
    ] = None,
    out: Annotated[str, typer.Option("--out", metavar="FILE", help="Where to write; - is stdout.")] = "-",
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
) -> int:
    """Write the definitions as a strict Ossie 0.1.1 file.

    Ratios and derived metrics come with a formula over fields, for readers who know only the core; what a formula
    cannot say is told beside it. Importing the file gives the same definitions again. Rights are not part of it.

    \b
    Example: t2sql metrics export --metrics metrics/bank --out bank.ossie.yaml
    """
    from t2sql import settings
    from t2sql.interchange import export_model

    text = export_model(folder or settings.load().metrics)
    if out == "-":
        sys.stdout.write(text)
        return 0
    _write(Path(out), text, force=force)
    print(out)
    return 0


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A strict Ossie 0.1.1 file, YAML or JSON.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder to write model.yml into.")],
    force: Annotated[bool, typer.Option("--force", help="Write over a model.yml that is there.")] = False,
) -> int:
    """Read a strict Ossie 0.1.1 file into a folder of definitions.

    What the core cannot say, such as which date a dataset goes by, is completed by rules; each completion is told.
    Extensions of others are kept. It gives nobody a right: policies.yml is yours to write.

    \b
    Example: t2sql metrics import bank.ossie.yaml --out metrics/bank2
    """
    from t2sql.check import check
    from t2sql.cli_speech import counted
    from t2sql.interchange import import_model
    from t2sql.wording import visible

    imported = import_model(file)
    target = out / "model.yml"
    _write(target, imported.text, force=force)
    for note in imported.notes:
        _say(visible(note))
    catalog = imported.catalog
    _say(f"{counted(len(catalog.metrics), 'metric')} and {counted(len(catalog.dimensions), 'dimension')}.")
    if not (out / "policies.yml").exists():
        _say(f"Write {out / 'policies.yml'} next: without it nobody sees anything.")
    else:
        errors = sum(finding.level == "error" for finding in check(out))
        _say(
            f"`t2sql check {out}` finds {counted(errors, 'error')}."
            if errors
            else f"`t2sql check {out}` finds nothing wrong."
        )
    print(target)
    return 0


def _write(path: Path, text: str, *, force: bool) -> None:
    if path.exists() and not force:
        raise ConfigError(f"{str(path)!r} is there already.", "Add --force to write over it.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{str(path)!r} cannot be written: {error.strerror}.", "Name another place.") from None


def _say(text: str) -> None:
    from t2sql.cli_speech import tell

    tell(text)
