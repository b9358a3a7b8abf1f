"""A report as a JSON file, written with its figures and read back without them.

Figures are always computed again from results: what a reader of the file sees can be checked, and a gate never
believes a number that somebody typed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from t2sql.errors import ConfigError
from t2sql.evaluation.reports.figures import Figures, figures_document
from t2sql.evaluation.reports.report import FORMAT, Report

if TYPE_CHECKING:
    from t2sql.evaluation.reports.gates import GateResult

COMPUTED = ("figures", "gates")
"""Keys of the file that are not read back."""
AGAIN = "Write it again with `t2sql eval`."


def report_document(report: Report, figures: Figures, gates: Iterable[GateResult] = ()) -> dict[str, Any]:
    """A report, its figures and how it passed its gates, as plain JSON values."""
    found = {"figures": figures_document(figures), "gates": [asdict(gate) for gate in gates]}
    return report.model_dump(mode="json") | found


def write_report(report: Report, figures: Figures, path: Path, gates: Iterable[GateResult] = ()) -> None:
    """Write the JSON file, aside first, so that no reader meets half of it."""
    write_text(path, json.dumps(report_document(report, figures, gates), ensure_ascii=False, indent=1) + "\n")


def write_text(path: Path, text: str) -> None:
    """Write a file aside and rename it, for its owner alone: questions and values stand in it.

    Characters that UTF-8 has no form for are written out.
    """
    aside = path.with_name(path.name + ".partial")
    try:
        # What a killed run left there may have other rights.
        aside.unlink(missing_ok=True)
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
        aside.replace(path)
    except OSError as error:
        raise ConfigError(
            f"{str(path)!r} cannot be written: {error.strerror}.", "Choose another place, or make room."
        ) from None


def read_report(path: Path) -> Report:
    """The report in a JSON file that `write_report` wrote; its figures are left aside.

    Raises ConfigError for a file that is missing, not JSON, not a report, or of another format.
    """
    shown = str(path)
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(
            f"Report {shown!r} cannot be read: {error.strerror}.", "Name a file that `t2sql eval` wrote."
        ) from None
    except (ValueError, RecursionError):
        raise ConfigError(
            f"{shown}: not JSON, or cut off.", "Name the .json report; the HTML page cannot be read back."
        ) from None
    if not isinstance(document, dict) or "made_of" not in document or "results" not in document:
        raise ConfigError(f"{shown}: this JSON file is not a report.", "Name a file that `t2sql eval` wrote.")
    if document.get("format") != FORMAT:
        raise ConfigError(
            f"{shown}: format {document.get('format')!r} of reports; this t2sql reads {FORMAT}.",
            "Read it with the t2sql that wrote it, or write it again with this one.",
        )
    try:
        report = Report.model_validate({key: value for key, value in document.items() if key not in COMPUTED})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        version = document["made_of"].get("t2sql_version") if isinstance(document["made_of"], dict) else None
        by = f" Version {version!r} of t2sql wrote it." if version else ""
        raise ConfigError(f"{shown}: {where}: {first['msg'].rstrip('.')}.{by}", AGAIN) from None
    ids = [result.id for result in report.results]
    if twice := next((name for name in ids if ids.count(name) > 1), None) if len(set(ids)) < len(ids) else None:
        raise ConfigError(f"{shown}: two results are called {twice!r}.", AGAIN)
    return report
