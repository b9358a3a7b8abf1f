"""What `t2sql check` finds in definitions and data, each with its place and what to do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from t2sql.catalog import Place
from t2sql.errors import T2sqlError


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, or may be."""

    place: str
    """file:line, or the file alone."""
    level: Literal["error", "warning"]
    message: str
    hint: str


def finding_of(error: T2sqlError, file: Path) -> Finding:
    """An error as a finding; its own file:line where it gives one."""
    placed = re.fullmatch(r"(.+?\.ya?ml(?::\d+)?): (.*)", error.message, re.DOTALL)
    place, message = placed.groups() if placed else (str(file), error.message)
    return Finding(place, "error", message, error.hint)


def error_at(place: Place, message: str, hint: str) -> Finding:
    """An error of the definitions."""
    return Finding(str(place), "error", message, hint)
