"""Answers as an XLSX workbook: a sheet of answers, and on request a sheet for each result, typed as a person expects.

Rows go to the disk as they come. No cell is ever a formula. What a sheet cannot hold is cut or written as text, and
told: 32,767 characters a cell, 1,048,576 rows, 15 digits of a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink

from t2sql.catalog import Language
from t2sql.evaluation.batch.answer_files import FIELDS, figure_column, plain
from t2sql.evaluation.batch.answer_words import GENERAL, number_format, unit_word, word
from t2sql.evaluation.records import Record

MOST_ROWS = 1_048_576
MOST_CHARACTERS = 32_767
MOST_DIGITS = 15
LONGEST_TITLE = 31
ANSWERS = "answers"
NARROW, WIDEST = 12, 60
LOOKED_AT = 200
"""Rows of a result that say how wide a column must be."""
WIDTHS = {"question": 48, "explanation": 60, "value": 18, "semantic_sql": 48, "error_message": 40, "sheet": 20}
"""Of the columns of answers, in characters; others are narrow."""
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

    def sheet(self, title: str, widths: Sequence[float]) -> Any:
        """A new sheet, called like `title` as far as a sheet may be, with columns so wide and a header that stays."""
        sheet: Any = self.workbook.create_sheet(self.title(title))
        sheet.freeze_panes = "A2"
        for number, width in enumerate(widths, start=1):
            sheet.column_dimensions[get_column_letter(number)].width = width
        return sheet

    def link(self, sheet: Any, row: int, column: int, title: str) -> None:
        """Make a cell lead to the sheet `title`: a link, no formula."""
        quoted = title.replace("'", "''")
        place = f"{get_column_letter(column)}{row}"
        sheet._hyperlinks.append(Hyperlink(ref=place, location=f"'{quoted}'!A1"))

    def end(self, sheet: Any, rows: int, columns: int) -> None:
        """Let the header's row filter what stands under it."""
        if columns:
            sheet.auto_filter.ref = f"A1:{get_column_letter(columns)}{rows}"

    def title(self, wanted: str) -> str:
        """A title that no sheet has yet, in any case of letters, of at most 31 characters."""
        bare = _NO_TITLE.sub("_", wanted).strip("' ")[:LONGEST_TITLE].strip("' ") or "_"
        title, number = bare, 1
        while title.casefold() in self.titles:
            number += 1
            title = f"{bare[: LONGEST_TITLE - 1 - len(str(number))]}~{number}"
        self.titles.add(title.casefold())
        return title

    def cell(self, sheet: Any, value: Any, shown_as: str, *, is_bold: bool) -> Any:
        """A typed cell, a number `shown_as` a number format; text is text whatever it starts with."""
        if isinstance(value, int) and not isinstance(value, bool) and len(str(abs(value))) > MOST_DIGITS:
            # A spreadsheet would put zeros for the last digits, of an account's number for instance.
            value, self.as_text = str(value), self.as_text + 1
        if not isinstance(value, str):
            cell = WriteOnlyCell(sheet, float(value) if isinstance(value, Decimal) else value)
            if shown_as != GENERAL and isinstance(value, int | float | Decimal) and not isinstance(value, bool):
                cell.number_format = shown_as
            return cell
        value = _NO_XML.sub(lambda m: f"\\u{ord(m[0]):04x}", value)
        if len(value) > MOST_CHARACTERS:
            note = _CUT.format(f"{len(value):,}")
            value, self.cut = value[: MOST_CHARACTERS - len(note)] + note, self.cut + 1
        cell = WriteOnlyCell(sheet, value)
        cell.data_type = "s"
        if is_bold:
            cell.font = Font(bold=True)
        return cell

    def append(
        self, sheet: Any, values: Iterable[Any], *, is_bold: bool = False,
        formats: Mapping[int, str] | None = None,
    ) -> None:  # fmt: skip
        """One row; `formats`: place from 0 -> number format."""
        shown = formats or {}
        sheet.append([self.cell(sheet, v, shown.get(i, GENERAL), is_bold=is_bold) for i, v in enumerate(values)])

    def give_up(self) -> None:
        """Let go of what lies on the disk, quietly: what could not be written cannot be ended either."""
        for sheet in self.workbook.worksheets:
            rows, writer = getattr(sheet, "_rows", None), getattr(sheet, "_writer", None)
            for end in (getattr(rows, "close", None), getattr(writer, "close", None), getattr(writer, "cleanup", None)):
                with suppress(Exception):
                    if end:
                        end()

    def told(self) -> list[str]:
        """What was not written whole."""
        lines = {
            f"cells longer than {MOST_CHARACTERS:,} characters were cut; JSON Lines holds them whole": self.cut,
            f"whole numbers of more than {MOST_DIGITS} digits are written as text": self.as_text,
            f"results had more rows than a sheet's {MOST_ROWS:,} and were cut": self.short,
        }
        return [f"{number:,} {text}." for text, number in lines.items() if number]


def write_workbook(records: Iterable[Record], path: Path, *, result_sheets: bool, language: Language) -> Sequence[str]:
    """Write `records` to `path`, headers in `language`; what was not written whole, one line each. Raises OSError."""
    book = _Book()
    try:
        _fill(book, records, result_sheets=result_sheets, language=language)
        book.workbook.save(path)
    except OSError:
        book.give_up()
        raise
    return book.told()


def _fill(book: _Book, records: Iterable[Record], *, result_sheets: bool, language: Language) -> None:
    names = [field.name for field in FIELDS] + (["sheet"] if result_sheets else [])
    answers = book.sheet(word(ANSWERS, language), [WIDTHS.get(name, NARROW) for name in names])
    book.append(answers, [word(name, language) for name in names], is_bold=True)
    row = 1
    for row, record in enumerate(records, start=2):
        cells = [_typed(field.name, plain(field.of(record)), record) for field in FIELDS]
        if result_sheets:
            cells.append(_write_result(book, record) if record["outcome"] == "answer" else None)
        book.append(answers, cells, formats={names.index("value"): _value_format(record)})
        if result_sheets and cells[-1]:
            book.link(answers, row, len(names), cells[-1])
    book.end(answers, row, len(names))


def _typed(name: str, value: Any, record: Record) -> Any:
    """A date as a date, where the one figure of an answer is one."""
    if name != "value" or not isinstance(value, str):
        return value
    return _dated(value) if figure_column(record)["type"] == "date" else value


def _value_format(record: Record) -> str:
    """The number format of an answer that is one figure."""
    return number_format(figure_column(record)) if record["columns"] else GENERAL


def _write_result(book: _Book, record: Record) -> str:
    """A sheet of the result's own rows, and its title."""
    columns, language = record["columns"], record["language"]
    headings = record.get("headings") or [column["name"] for column in columns]
    heads = [heading + unit_word(column, language) for heading, column in zip(headings, columns, strict=True)]
    sheet = book.sheet(record["id"], [_width(head, record["rows"], i) for i, head in enumerate(heads)])
    book.append(sheet, heads, is_bold=True)
    formats = {i: number_format(column) for i, column in enumerate(columns)}
    for row in record["rows"][: MOST_ROWS - 1]:
        typed = (
            _dated(cell) if column["type"] == "date" and isinstance(cell, str) else plain(cell)
            for column, cell in zip(columns, row, strict=True)
        )
        book.append(sheet, typed, formats=formats)
    book.short += len(record["rows"]) >= MOST_ROWS
    book.end(sheet, min(len(record["rows"]) + 1, MOST_ROWS), len(heads))
    sheet.close()
    return str(sheet.title)


def _width(head: str, rows: Sequence[Sequence[Any]], index: int) -> float:
    """As wide as the header and the first rows need, within bounds."""
    texts = [head, *(str(row[index]) for row in rows[:LOOKED_AT])]
    return float(min(WIDEST, max(NARROW, 3 + max(map(_characters, texts)))))


def _characters(text: str) -> int:
    """Places that text takes; a Chinese character takes two."""
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text[:WIDEST])


def _dated(text: str) -> Any:
    """ISO text as a date or time that a sheet can hold, else as it is."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return plain(text)
    if moment.year < 1900 or moment.tzinfo is not None:
        return text
    return moment.date() if len(text) == len("2025-12-31") else moment
