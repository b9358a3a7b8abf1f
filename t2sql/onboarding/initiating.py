"""`t2sql init`: survey a database, draft its catalog, and write or merge it; what a person decided is never lost.

Nothing half-made is left: a stopped run keeps only its survey's findings, from which the next one goes on.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from t2sql.errors import ConfigError, T2sqlError
from t2sql.onboarding.drafting import draft
from t2sql.onboarding.earlier import earlier_names
from t2sql.onboarding.merging import Change, merge
from t2sql.onboarding.names_by_llm import name_by_llm
from t2sql.onboarding.naming import table_name
from t2sql.onboarding.opening_readers import open_reader
from t2sql.onboarding.survey import Reason, Survey
from t2sql.onboarding.surveying import survey
from t2sql.onboarding.writing import (
    MODEL,
    Drafted,
    leftovers,
    read_drafted,
    read_model,
    schema_of,
    write_again,
    write_new,
)
from t2sql.warehouse.sources import Source

if TYPE_CHECKING:
    from t2sql.generation.llm import Llm

KEPT = ".survey"
"""Folder beside model.yml that a stopped survey goes on from; gone when it is finished."""
Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run of `t2sql init` did."""

    folder: Path
    is_new: bool
    datasets: int
    relationships: int
    metrics: int
    guesses: int
    """Still marked, after a merge too."""
    changes: tuple[Change, ...]
    """What a merge did; () for a new catalog."""
    notes: tuple[Reason, ...]
    """What could not be read or drafted."""


def initiate(
    source: Source,
    folder: Path,
    *,
    settings: dict[str, Any],
    llm: Callable[[], Llm] | None = None,
    progress: Progress = lambda what, share: None,
    cancel: threading.Event | None = None,
) -> Outcome:
    """Draft the catalog of `source` into `folder`, or bring an earlier draft there up to date.

    `settings`: what t2sql.toml says, for a folder that has none. `llm`: names in the other language what no comment
    names. Raises ConfigError for a folder that is somebody's
    own, for a database without tables, WarehouseUnavailable, Cancelled.
    """
    before = read_drafted(folder)
    model = table_name(folder.resolve().name, is_whole=True)
    kept = folder / KEPT
    with open_reader(source, cancel=cancel) as reader, _room_for(kept):
        found = survey(reader, progress=progress, cancel=cancel, kept=kept)
        _check(found)
    present = read_model(folder) if before is not None and (folder / MODEL).exists() else None
    made = draft(found, model, earlier_names(before.tree if before else None, present))
    known = before.by_llm if before else {}
    named = name_by_llm(made.tree, known, llm, progress=progress, cancel=cancel)
    drafted = Drafted(made.tree, schema_of(found), found.source, named)
    _try_out(made.tree, folder)
    changes: tuple[Change, ...] = ()
    is_new = before is None or present is None
    if before is None or present is None:
        write_new(folder, drafted, is_personal=made.is_personal, settings=settings)
        tree: Any = made.tree
    else:
        tree = present
        changes = tuple(merge(tree, before, drafted))
        _try_out(tree, folder)
        write_again(folder, tree, drafted)
    shutil.rmtree(kept, ignore_errors=True)
    for path in leftovers(folder):
        path.unlink(missing_ok=True)
    return _outcome(folder, tree, is_new, changes, made.notes)


@contextmanager
def _room_for(kept: Path) -> Iterator[None]:
    """The folder for a survey's findings; folders made for it that hold nothing are gone after a failure."""
    made = [path for path in (kept, *kept.parents) if not path.exists()]
    try:
        kept.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        told = f"{str(kept.parent)!r} cannot be written to: {error.strerror or type(error).__name__}."
        raise ConfigError(told, "Name another folder with --out.") from None
    except T2sqlError:
        with suppress(OSError):
            for path in (*kept.glob("*"), *made):
                path.rmdir()
        raise


def _check(found: Survey) -> None:
    if not found.tables:
        raise ConfigError(
            f"{found.source!r} shows no table and no view to this account.",
            "Check the database's name and schema, and that the account may read its tables.",
            zh=("数据库中没有这个账号可以读取的表或视图。", "请检查数据库名、schema，以及账号的读取权限。"),
        )
    if all(not table.columns or table.trouble for table in found.tables):
        raise ConfigError(
            f"No table of {found.source!r} can be read. {next((t.trouble for t in found.tables if t.trouble), '')}",
            "Give the account the right to read the tables, and run it again.",
            zh=("没有一张表可以读取。", "请给账号读取权限后重试。"),
        )


def _try_out(tree: Any, folder: Path) -> None:
    """What our own reader refuses is told before anything is written."""
    from t2sql.ossie import catalog_of

    catalog_of(tree, folder / MODEL)


def _outcome(folder: Path, tree: Any, is_new: bool, changes: tuple[Change, ...], notes: tuple[Reason, ...]) -> Outcome:
    model = tree["semantic_model"][0]
    parts = [
        *model["datasets"],
        *(field for dataset in model["datasets"] for field in dataset.get("fields") or []),
        *(model.get("relationships") or []),
        *(model.get("metrics") or []),
    ]
    return Outcome(
        folder,
        is_new,
        len(model["datasets"]),
        len(model.get("relationships") or []),
        len(model.get("metrics") or []),
        sum("guess" in (part.get("t2sql") or {}) for part in parts),
        changes,
        notes,
    )
