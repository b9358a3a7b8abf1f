"""Reads the questions of a batch: JSON Lines, CSV or XLSX into `Asked`, every mistake with file, line and cure.

Nothing is guessed silently: what is kept out, or read in another encoding, is told in `Intake.told`. It never asks.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from t2sql.catalog import Language
from t2sql.errors import QuestionError
from t2sql.evaluation.batch.tables import csv_rows, xlsx_rows
from t2sql.evaluation.records import Asked

ENDINGS = (".jsonl", ".csv", ".xlsx")
MOST_TOLD = 20
MOST_QUESTIONS = 1_000_000
LONGEST_ID = 200
COLUMNS = {
    "id": "id", "question": "question", "principal": "principal", "hints": "hints", "evidence": "hints",
    "conversation": "conversation", "language": "language", "编号": "id", "问题": "question", "用户": "principal",
    "提示": "hints", "会话": "conversation", "语言": "language",
}  # fmt: skip
"""Header, in lower case -> the column it means."""
Row = tuple[int, Mapping[str, Any]]
"""Line or row from 1, and what stands there by header as written."""


@dataclass(frozen=True, slots=True)
class Intake:
    """The questions of one file."""

    asked: tuple[Asked, ...]
    told: tuple[str, ...]
    """What a person should know about how the file was read, one line each."""


def read_questions(path: Path, *, sheet: str = "") -> Intake:
    """The questions in `path`; `sheet` names one of an XLSX file, "" is the first.

    Raises QuestionError that tells up to 20 mistakes at once, each with file, line and cure.
    """
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise QuestionError(f"{path}: files of questions end in {', '.join(ENDINGS)}.", "Save it as one of these.")
    if sheet and ending != ".xlsx":
        raise QuestionError(f"{path}: only an XLSX file has sheets.", "Leave --sheet out.")
    told: list[str] = []
    try:
        if ending == ".jsonl":
            rows = _json_rows(path)
        elif ending == ".csv":
            rows = csv_rows(path, lambda header: _column(header) == "question", told.append)
        else:
            rows = xlsx_rows(path, sheet, told.append)
        reading = _Reading(path, told)
        for line, row in rows:
            reading.add(line, row)
            if len(reading.mistakes) >= MOST_TOLD:
                break
    except OSError as error:
        raise QuestionError(f"{path}: {error.strerror or error}.", "Name a file that can be read.") from None
    return reading.end()


def _column(header: str) -> str:
    """The column that a header means, "" for one that means nothing here."""
    return COLUMNS.get(header.strip().lower(), "")


class _Reading:
    """Rows as they come, checked one by one."""

    def __init__(self, path: Path, told: list[str]) -> None:
        self.path, self.told = path, told
        self.mistakes: list[str] = []
        self._asked: dict[str, Asked] = {}
        self._unknown: dict[str, None] = {}
        self._has_column = self._has_row = False

    def add(self, line: int, row: Mapping[str, Any]) -> None:
        """One row; a mistake is noted, not raised."""
        self._has_row = True
        cells: dict[str, str] = {}
        for header, value in row.items():
            name = _column(header)
            if not name:
                self._unknown[header] = None
            elif (text := self._text(line, header, value)) is None:
                return
            elif text and cells.get(name):
                return self._note(line, f"{name!r} stands in two columns", "leave one of them empty")
            else:
                cells[name] = text or cells.get(name, "")
        if "question" not in cells and self.path.suffix.lower() == ".jsonl":
            return self._note(line, "there is no 'question'", 'write {"question": "…"}')
        self._has_column = self._has_column or "question" in cells
        if "question" not in cells:
            return
        self._keep(line, cells)

    def _keep(self, line: int, cells: Mapping[str, str]) -> None:
        text, language = cells["question"].strip(), cells.get("language", "").strip().lower()
        name = cells.get("id", "").strip() or str(line)
        if not text:
            return self._note(line, "the question is empty", "write it, or delete the line")
        if language not in ("", "zh", "en"):
            return self._note(line, f"language {language!r} is not served", "write zh or en, or leave it empty")
        if len(name) > LONGEST_ID or not name.isprintable():
            return self._note(line, "the id is too long or holds control characters", f"use up to {LONGEST_ID} letters")
        if name in self._asked:
            return self._note(line, f"id {name!r} stands in line {self._asked[name].line} too", "give each its own")
        if len(self._asked) >= MOST_QUESTIONS:
            return self._note(line, f"there are more than {MOST_QUESTIONS:,} questions", "split the file")
        self._asked[name] = Asked(
            name, text, cells.get("principal", "").strip(), cells.get("hints", "").strip(),
            cells.get("conversation", "").strip(), cast("Language", language) if language else None, line,
        )  # fmt: skip

    def _text(self, line: int, header: str, value: Any) -> str | None:
        """A cell as text; None after noting what cannot be text."""
        if value is None:
            return ""
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            self._note(line, f"{header!r} is not text", "write it in quotes")
            return None
        try:
            str(value).encode("utf-8")
        except UnicodeEncodeError:
            self._note(line, f"{header!r} holds half a character", "type it again")
            return None
        return str(value)

    def _note(self, line: int, wrong: str, cure: str) -> None:
        self.mistakes.append(f"{self.path}:{line}: {wrong}; {cure}.")

    def end(self) -> Intake:
        """What was read. Raises QuestionError with all mistakes."""
        if self.mistakes:
            more = " There may be more." if len(self.mistakes) >= MOST_TOLD else ""
            raise QuestionError("\n".join(self.mistakes), f"Mend these lines; nothing has been asked.{more}")
        if self._has_row and not self._has_column:
            found = ", ".join(repr(header) for header in list(self._unknown)[:10])
            raise QuestionError(
                f"{self.path}:1: no column is called 'question'; there are: {found or 'none'}.",
                "Name the column of questions 'question' in the first row.",
            )
        if not self._asked:
            raise QuestionError(f"{self.path}: there is no question in it.", "Write one question a line.")
        if self._unknown:
            names = list(map(repr, self._unknown))
            some = ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")
            self.told.append(f"{self.path}: not used: {some}.")
        return Intake(tuple(self._asked.values()), tuple(self.told))


def _json_rows(path: Path) -> Iterator[Row]:
    with path.open("rb") as file:
        for line, raw in enumerate(file, start=1):
            try:
                text = raw.decode("utf-8-sig" if line == 1 else "utf-8").strip()
            except UnicodeDecodeError:
                raise QuestionError(f"{path}:{line}: this is not UTF-8.", "Save the file as UTF-8.") from None
            if not text:
                continue
            try:
                found = json.loads(text)
            except (ValueError, RecursionError) as error:
                why = f" ({error.msg} at character {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
                raise QuestionError(
                    f"{path}:{line}: this is not JSON{why}.", "Write one JSON object a line, with nothing around it."
                ) from None
            if not isinstance(found, Mapping):
                raise QuestionError(f"{path}:{line}: this is no JSON object.", 'Write {"question": "…"} on each line.')
            yield line, found
