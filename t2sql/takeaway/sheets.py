"""A workbook on its way out: sheets with typed cells and a header that stays. It knows nothing of answers.

No cell is ever a formula. What a sheet cannot hold is cut or written as text, and told: 32,767 characters a cell,
1,048,576 rows, 15 digits of a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink

from t2sql.takeaway.cells import GENERAL

MOST_ROWS = 1_048_576
MOST_CHARACTERS = 32_767
MOST_DIGITS = 15
LONGEST_TITLE = 31
NARROW, WIDEST = 12, 60
LOOKED_AT = 200
"""Rows of a result that say how wide a column must be."""
# What XML cannot hold; `visible` writes most of it out, but not these.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_NO_TITLE = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_CUT = " … [cut: {} characters in all]"


class Book:
    """One workbook; rows go to a file on the disk as they come."""

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

    def cell(self, sheet: Any, value: Any, shown_as: str, *, is_bold: bool, is_wrapped: bool = False) -> Any:
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
        if is_wrapped:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        return cell

    def append(
        self, sheet: Any, values: Iterable[Any], *, is_bold: bool = False, is_wrapped: bool = False,
        formats: Mapping[int, str] | None = None,
    ) -> None:  # fmt: skip
        """One row; `formats`: place from 0 -> number format."""
        shown = formats or {}
        sheet.append(
            [
                self.cell(sheet, v, shown.get(i, GENERAL), is_bold=is_bold, is_wrapped=is_wrapped)
                for i, v in enumerate(values)
            ]
        )

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


def width_of(head: str, rows: Sequence[Sequence[Any]], index: int) -> float:
    """As wide as the header and the first rows need, within bounds."""
    texts = [head, *(str(row[index]) for row in rows[:LOOKED_AT])]
    return float(min(WIDEST, max(NARROW, 3 + max(map(_characters, texts)))))


def moment_of(value: Any) -> Any:
    """A date or time that a sheet can hold, also out of ISO text; else the text."""
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return value
    if moment.year < 1900 or moment.tzinfo is not None:
        return str(value)
    return moment.date() if len(str(value)) == len("2025-12-31") else moment


def _characters(text: str) -> int:
    """Places that text takes; a Chinese character takes two."""
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text[:WIDEST])
