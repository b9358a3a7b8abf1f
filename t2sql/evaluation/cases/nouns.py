"""Cases: questions whose right outcome somebody wrote down, as YAML or JSONL files of three layouts.

What a case means lives here; `files.py` reads the files.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from t2sql.evaluation.records import Asked

TWIN = "~full-width"
"""Ends the id of a case that is asked again with full-width digits."""
Expected = Literal["answer", "clarification", "definition", "refusal"]


@dataclass(frozen=True, slots=True)
class Gold:
    """One right answer. `text` is SQL over the raw tables or semantic SQL; literal rows stand in `rows`."""

    kind: Literal["sql", "semantic_sql", "rows"]
    text: str = ""
    rows: tuple[tuple[Any, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """One question with what must come of it."""

    asked: Asked
    golds: tuple[Gold, ...]
    """Any of them may match; () when no answer is right."""
    expected: frozenset[Expected] = frozenset({"answer"})
    """Outcomes that are right; an answer must match a gold as well, unless `golds` is ()."""
    is_ordered: bool = False
    """The question fixes the order of the rows."""
    tolerance: float = 1e-6
    """Relative difference of numbers that still counts as equal."""
    category: str = ""
    difficulty: str = ""
    pair: str = ""
    """Cases with the same text here ask the same thing in other words or another language; "" has no twin."""
    clock: date | None = None
    """The day that the question counts from; None is the run's."""
    database: Path | None = None
    """Where the golds run; None is the installation's own source."""
    why: str = ""
    is_draft: bool = False
    """Nobody has confirmed the gold yet; it is not asked."""
    is_unstable: bool = False
    """The gold depends on ties under ORDER BY … LIMIT; left out unless asked for."""
    defined: frozenset[str] = frozenset()
    """Names of metrics and dimensions that a definition must show, these and no others; none: what can be asked."""
    exact_whole: bool = True
    """Two whole numbers, such as identifiers and counts, are equal only when they are the same; False where the
    tolerance is for these too.
    """


@dataclass(frozen=True, slots=True)
class CaseFile:
    """The cases of one file."""

    path: Path
    cases: tuple[Case, ...]
    clock: date | None
    sha256: str
    """Of the file's bytes."""
    told: tuple[str, ...] = ()
    """What a person should know about how the file is used, one line each."""
