"""The checked questions of one installation, read from verified.yml: who signed which semantic SQL for which words.

A mistake in the file's shape is told with its line and stops the installation, as in policies.yml. Whether an entry's
semantic SQL fits its question is for `templates` and `t2sql check`; nothing here parses SQL or opens a database.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints
from pydantic import Field as Key

from t2sql.catalog import Place
from t2sql.errors import ConfigError
from t2sql.ossie import fingerprint_of
from t2sql.yaml_file import line_of, read_yaml, validate

FILE_NAME = "verified.yml"
_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


@dataclass(frozen=True, slots=True)
class Entry:
    """One checked question."""

    id: str
    questions: tuple[str, ...]
    """The same question in one or both languages, in one or more wordings."""
    semantic_sql: str
    verified_by: str
    """The office that signed it."""
    verified_on: date
    """When; the clock by which the question's own relative periods are read."""
    note: str
    place: Place


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _EntryShape(_Shape):
    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")]
    question: dict[Literal["zh", "en"], _Text | list[_Text]] = Key(min_length=1)
    semantic_sql: _Text
    verified_by: _Text
    verified_on: date
    note: str = ""


class _FileShape(_Shape):
    verified: list[_EntryShape] = []


def read_verified(folder: Path) -> tuple[Entry, ...]:
    """Entries of `folder`/verified.yml in the file's order; () where there is no such file.

    Raises ConfigError naming file and line.
    """
    path = folder / FILE_NAME
    if not path.exists():
        return ()
    tree = read_yaml(path)
    shape = validate(_FileShape, tree, path)
    entries: dict[str, Entry] = {}
    for index, item in enumerate(shape.verified):
        place = Place(str(path), line_of(tree, ("verified", index)))
        if item.id in entries:
            raise ConfigError(f"{place}: id {item.id!r} is there twice.", "Give each checked question its own id.")
        questions = tuple(dict.fromkeys(_listed(item.question.values())))
        if not questions:
            raise ConfigError(f"{place}: {item.id!r} has no question.", "Write it under question.zh or question.en.")
        entries[item.id] = Entry(
            item.id, questions, item.semantic_sql, item.verified_by, item.verified_on, item.note, place
        )
    return tuple(entries.values())


def verified_fingerprint(entries: Iterable[Entry]) -> str:
    """sha256 of all that the entries say, whatever their lines; equal for files that answer alike."""
    return fingerprint_of(list(entries))


def _listed(questions: Iterable[str | list[str]]) -> list[str]:
    return [text for some in questions for text in ([some] if isinstance(some, str) else some)]
