"""Inferred links of one database beside the true ones, for the tests and for benchmarks/onboarding.py."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from t2sql.onboarding.introspect_duckdb import DuckDbReader
from t2sql.onboarding.survey import Survey
from t2sql.onboarding.surveying import survey
from t2sql.warehouse.duckdb import connect_locked

from devsets import FOLDER
from made_databases import Linked, build, specs, true_links

__all__ = ["Figures", "figures_of", "made", "specs", "surveyed"]


@dataclass(frozen=True)
class Figures:
    """Links as (many, its columns, one, its columns)."""

    found: set[Linked]
    true: set[Linked]
    seconds: float

    @property
    def right(self) -> set[Linked]:
        """Found and true."""
        return self.found & self.true


@cache
def surveyed(path: Path, *, use_declared: bool = False) -> Survey:
    """A survey of a DuckDB file, declared keys hidden unless said otherwise."""
    with connect_locked(path, memory_limit="1GB") as connection:
        return survey(DuckDbReader(connection, shown=path.name), use_declared=use_declared)


def made(name: str, folder: Path, *, rows_of: float = 1.0) -> Path:
    """The made database `name`, built in `folder` unless it is there."""
    path = folder / f"{name} {rows_of}.duckdb"
    if not path.exists():
        build(name, path, rows_of=rows_of)
    return path


def figures_of(kind: str, name: str, folder: Path, *, rows_of: float = 1.0) -> Figures:
    """The figures of one database of relationships.yml; a made one is built in `folder`."""
    path = FOLDER / "db" / f"{name}.duckdb"
    if kind == "made":
        path = made(name, folder, rows_of=rows_of)
    began = time.monotonic()
    links = surveyed(path).links
    seconds = time.monotonic() - began
    found = {
        (link.many.removeprefix("main."), link.many_columns, link.one.removeprefix("main."), link.one_columns)
        for link in links
    }
    return Figures(found, true_links(kind, name), seconds)
