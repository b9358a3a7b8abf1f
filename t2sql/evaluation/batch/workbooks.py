"""Answers as an XLSX workbook: a sheet of answers, and on request a sheet for each result, typed as a person expects.

Rows go to the disk as they come. No cell is ever a formula. What a sheet cannot hold is cut or written as text, and
told: 32,767 characters a cell, 1,048,576 rows, 15 digits of a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from t2sql.evaluation.batch.answer_files import FIELDS, plain
from t2sql.evaluation.records import Record

MOST_ROWS = 1_048_576
MOST_CHARACTERS = 32_767
MOST_DIGITS = 15
LONGEST_TITLE = 31
ANSWERS = "answers"
# What XML cannot hold; `visible` writes most of it out, but not these.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_NO_TITLE = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_CUT = " … [cut: {} characters in all]"


class _Book:
    """One workbook on its way to the disk."""

    def __init__(self) -> None:
        self.workbook = Workbook(write_only=True)
        self.titles: set[str] = {"history"}
        self.cut = self.as_text = self.short = 0

    def sheet(self, title: str) -> WriteOnlyWorksheet:
        """A new sheet, called like `title` as far as a sheet may be."""
        sheet = self.workbook.create_sheet(self.title(title))
        assert isinstance(sheet, WriteOnlyWorksheet)
        sheet.freeze_panes = "A2"
        return sheet

    def title(self, wanted: str) -> str:
        """A title that no sheet has yet, in any case of letters, of at most 31 characters."""
        bare = _NO_TITLE.sub("_", wanted).strip("' ")[:LONGEST_TITLE].strip("' ") or "_"
        title, number = bare, 1
        while title.casefold() in self.titles:
            number += 1
            title = f"{bare[: LONGEST_TITLE - 1 - len(str(number))]}~{number}"
        self.titles.add(title.casefold())
        return title

    def cell(self, sheet: WriteOnlyWorksheet, value: Any, *, is_bold: bool = False) -> Any:
        """A typed cell; text is text whatever it starts with."""
        if isinstance(value, int) and not isinstance(value, bool) and len(str(abs(value))) > MOST_DIGITS:
            # A spreadsheet would put zeros for the last digits, of an account's number for instance.
            value, self.as_text = str(value), self.as_text + 1
        if not isinstance(value, str):
            return WriteOnlyCell(sheet, float(value) if isinstance(value, Decimal) else value)
        value = _NO_XML.sub(lambda m: f"\\u{ord(m[0]):04x}", value)
        if len(value) > MOST_CHARACTERS:
            note = _CUT.format(f"{len(value):,}")
            value, self.cut = value[: MOST_CHARACTERS - len(note)] + note, self.cut + 1
        cell = WriteOnlyCell(sheet, value)
        cell.data_type = "s"
        if is_bold:
            cell.font = Font(bold=True)
        return cell

    def append(self, sheet: WriteOnlyWorksheet, values: Iterable[Any], *, is_bold: bool = False) -> None:
        """One row."""
        sheet.append([self.cell(sheet, value, is_bold=is_bold) for value in values])

    def told(self) -> list[str]:
        """What was not written whole."""
        lines = {
            f"cells longer than {MOST_CHARACTERS:,} characters were cut; JSON Lines holds them whole": self.cut,
            f"whole numbers of more than {MOST_DIGITS} digits are written as text": self.as_text,
            f"results had more rows than a sheet's {MOST_ROWS:,} and were cut": self.short,
        }
        return [f"{number:,} {text}." for text, number in lines.items() if number]


def write_workbook(records: Iterable[Record], path: Path, *, result_sheets: bool) -> Sequence[str]:
    """Write `records` to `path`; what was not written whole, one line each. Raises OSError."""
    book = _Book()
    answers = book.sheet(ANSWERS)
    names = [field.name for field in FIELDS] + (["sheet"] if result_sheets else [])
    book.append(answers, names, is_bold=True)
    for record in records:
        cells = [_typed(field.name, plain(field.of(record)), record) for field in FIELDS]
        if result_sheets:
            cells.append(_write_result(book, record) if record["outcome"] == "answer" else None)
        book.append(answers, cells)
    book.workbook.save(path)
    return book.told()


def _typed(name: str, value: Any, record: Record) -> Any:
    """A date as a date, where the one figure of an answer is one."""
    if name != "value" or not isinstance(value, str):
        return value
    kinds = [column["type"] for column in record["columns"] if column["metric"]] or [record["columns"][0]["type"]]
    return _dated(value) if kinds[0] == "date" else value


def _write_result(book: _Book, record: Record) -> str:
    """A sheet of the result's own rows, and its title."""
    sheet = book.sheet(record["id"])
    columns = record["columns"]
    book.append(sheet, [column["name"] for column in columns], is_bold=True)
    for row in record["rows"][: MOST_ROWS - 1]:
        typed = (
            _dated(cell) if column["type"] == "date" and isinstance(cell, str) else plain(cell)
            for column, cell in zip(columns, row, strict=True)
        )
        book.append(sheet, typed)
    book.short += len(record["rows"]) >= MOST_ROWS
    sheet.close()
    return sheet.title


def _dated(text: str) -> date | str:
    """ISO text as a date or time that a sheet can hold, else as it is."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return plain(text)  # type: ignore[return-value]
    if moment.year < 1900 or moment.tzinfo is not None:
        return text
    return moment.date() if len(text) == len("2025-12-31") else moment
