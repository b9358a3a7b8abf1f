"""Reads the questions of a batch: JSON Lines, CSV or XLSX into `Asked`, every mistake with file, line and cure.

Nothing is guessed silently: what is kept out, or read in another encoding, is told in `Intake.told`. It never asks.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from t2sql.catalog import Language
from t2sql.errors import QuestionError
from t2sql.evaluation.batch.tables import UNSAVED, Unread, csv_rows, xlsx_rows
from t2sql.evaluation.mistakes import told_at_once
from t2sql.evaluation.records import Asked, too_long
from t2sql.generation.prompt import MOST_HINT_CHARACTERS
from t2sql.screening import language_of

ENDINGS = (".jsonl", ".csv", ".xlsx")
MOST_QUESTIONS = 1_000_000
LONGEST_ID = 200
COLUMNS = {
    "id": "id", "question": "question", "principal": "principal", "hints": "hints", "evidence": "hints",
    "conversation": "conversation", "language": "language", "编号": "id", "问题": "question", "用户": "principal",
    "提示": "hints", "会话": "conversation", "语言": "language",
}  # fmt: skip
"""Header, in lower case -> the column it means."""
Row = tuple[int, Mapping[str, Any] | Unread]
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
        try:
            for line, row in rows:
                if isinstance(row, Unread):
                    reading.note(line, row.wrong, row.cure)
                else:
                    reading.add(line, row)
        except QuestionError as error:
            # What cannot be read on is told with what was wrong before it.
            if not reading.mistakes:
                raise
            reading.mistakes.append(error.message)
    except OSError as error:
        raise QuestionError(f"{path}: {error.strerror or error}.", "Name a file that can be read.") from None
    return reading.end()


def main_language(asked: Sequence[Asked]) -> Language:
    """The language that most of the questions are answered in."""
    chinese = sum((one.language or language_of(one.text)) == "zh" for one in asked)
    return "zh" if 2 * chinese > len(asked) else "en"


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
                return self.note(line, f"{name!r} stands in two columns", "leave one of them empty")
            else:
                cells[name] = text or cells.get(name, "")
        if "question" not in cells and self.path.suffix.lower() == ".jsonl":
            return self.note(line, "there is no 'question'", 'write {"question": "…"}')
        self._has_column = self._has_column or "question" in cells
        if "question" not in cells:
            return
        self._keep(line, cells)

    def _keep(self, line: int, cells: Mapping[str, str]) -> None:
        text, language = cells["question"].strip(), cells.get("language", "").strip().lower()
        name = cells.get("id", "").strip() or str(line)
        if not text:
            return self.note(line, "the question is empty", "write it, or delete the line")
        if language not in ("", "zh", "en"):
            return self.note(line, f"language {language!r} is not served", "write zh or en, or leave it empty")
        if len(name) > LONGEST_ID or not name.isprintable():
            return self.note(line, "the id is too long or holds control characters", f"use up to {LONGEST_ID} letters")
        if name in self._asked:
            return self.note(line, f"id {name!r} stands in line {self._asked[name].line} too", "give each its own")
        if len(self._asked) >= MOST_QUESTIONS:
            return self.note(line, f"there are more than {MOST_QUESTIONS:,} questions", "split the file")
        hints = cells.get("hints", "").strip()
        if long := too_long(hints):
            return self.note(line, long, f"shorten them to {MOST_HINT_CHARACTERS}")
        self._asked[name] = Asked(
            name, text, cells.get("principal", "").strip(), hints,
            cells.get("conversation", "").strip(), cast("Language", language) if language else None, line,
        )  # fmt: skip

    def _text(self, line: int, header: str, value: Any) -> str | None:
        """A cell as text; None after noting what cannot be text."""
        if value is None:
            return ""
        if value is UNSAVED:
            cure = "open the file in a spreadsheet and save it, or write the text itself"
            self.note(line, f"{header!r} is a formula whose result is not in the file", cure)
            return None
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            self.note(line, f"{header!r} is not text", "write it in quotes")
            return None
        try:
            str(value).encode("utf-8")
        except UnicodeEncodeError:
            self.note(line, f"{header!r} holds half a character", "type it again")
            return None
        return str(value)

    def note(self, line: int, wrong: str, cure: str) -> None:
        """One mistake: what is wrong and what to do."""
        self.mistakes.append(f"{self.path}:{line}: {wrong}; {cure}.")

    def end(self) -> Intake:
        """What was read. Raises QuestionError with all mistakes."""
        if self.mistakes:
            raise QuestionError(told_at_once(self.mistakes), "Mend these lines; nothing has been asked.")
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
            if (found := _json_row(raw, "utf-8-sig" if line == 1 else "utf-8")) is not None:
                yield line, found


def _json_row(raw: bytes, encoding: str) -> Mapping[str, Any] | Unread | None:
    """The object of one line; None for an empty line."""
    try:
        if not (text := raw.decode(encoding).strip()):
            return None
        found = json.loads(text)
    except UnicodeDecodeError:
        return Unread("this is not UTF-8", "save the file as UTF-8")
    except (ValueError, RecursionError) as error:
        why = f" ({error.msg} at character {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        return Unread(f"this is not JSON{why}", "write one JSON object a line, with nothing around it")
    if not isinstance(found, Mapping):
        return Unread("this is no JSON object", 'write {"question": "…"} on each line')
    return found
