"""Rows of CSV and XLSX files by header, as a spreadsheet saves them. It knows nothing of questions.

A file that would be read wrongly (cut rows, an open quote, another encoding) ends in an error with its line, never in
fewer rows.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from t2sql.errors import QuestionError

if TYPE_CHECKING:
    from openpyxl import Workbook

SEPARATORS = ",;\t"
LONGEST_CELL = 1_000_000
UTF16 = (b"\xff\xfe", b"\xfe\xff")
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Unread:
    """A row that cannot be read, while those after it can."""

    wrong: str
    cure: str


Row = tuple[int, Mapping[str, Any] | Unread]
_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")
UNSAVED = object()
"""Stands for a formula whose result no program has computed."""


def csv_rows(path: Path, is_wanted: Callable[[str], bool], tell: Tell) -> Iterator[Row]:
    """Line and cells of each row that is not empty; `is_wanted` knows a header that must be there.

    UTF-8 with or without a byte-order mark, else GB18030, which is told. Raises QuestionError.
    """
    text = _decode(path, tell)
    head, _, rest = text.partition("\n")
    if head.lower().startswith("sep=") and len(head.rstrip("\r")) == len("sep=;"):
        # A line for spreadsheets alone: it names the separator.
        yield from _csv_table(path, rest, head[4], 2)
        return
    # A spreadsheet saves with the separator of its country.
    separator = next((s for s in SEPARATORS if any(is_wanted(cell.strip('"\r ')) for cell in head.split(s))), ",")
    yield from _csv_table(path, text, separator, 1)


def _csv_table(path: Path, text: str, separator: str, first: int) -> Iterator[Row]:
    """Rows under the header, which stands in line `first` of the file."""
    rows = _csv_lines(path, text, separator, first)
    _line, header = next(rows, (first, []))
    yield from _by_header(path, header, rows)


def _decode(path: Path, tell: Tell) -> str:
    raw = path.read_bytes()
    if raw.startswith(UTF16):
        raise QuestionError(f"{path}: this is UTF-16.", "Save it as 'CSV UTF-8'.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
    try:
        text = raw.decode("gb18030")
    except UnicodeDecodeError:
        raise QuestionError(
            f"{path}:{line}: this is neither UTF-8 nor GB18030.", "Save the file as 'CSV UTF-8'."
        ) from None
    tell(f"{path}: read as GB18030, since line {line} is not UTF-8.")
    return text


def _csv_lines(path: Path, text: str, separator: str, first: int) -> Iterator[tuple[int, Sequence[Any]]]:
    before = csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = first
    try:
        for row in reader:
            yield line, row
            line = reader.line_num + first
    except csv.Error as error:
        cure = "Close every quote, and write a quote inside quotes twice."
        raise QuestionError(f"{path}:{line}: this is not CSV: {error}.", cure) from None
    finally:
        csv.field_size_limit(before)


def _by_header(path: Path, header: Sequence[Any], rows: Iterator[tuple[int, Sequence[Any]]]) -> Iterator[Row]:
    names = ["" if cell is None else str(cell).strip() for cell in header]
    while names and not names[-1]:
        names.pop()
    twice = next((name for i, name in enumerate(names) if name and name.lower() in map(str.lower, names[:i])), "")
    if twice:
        raise QuestionError(f"{path}:1: two columns are called {twice!r}.", "Rename one of them.")
    for line, cells in rows:
        filled = [i for i, cell in enumerate(cells) if cell is not None and str(cell).strip()]
        if not filled:
            continue
        if filled[-1] >= len(names):
            wrong = f"there are {filled[-1] + 1} cells, but {len(names)} headers"
            yield line, Unread(wrong, "put text that holds the separator in double quotes")
            continue
        yield line, {name: cell for name, cell in zip(names, cells, strict=False) if name}


def xlsx_rows(path: Path, sheet: str, tell: Tell) -> Iterator[Row]:
    """Row number and cells of each row of one sheet, "" the first, that is not empty. Raises QuestionError."""
    with closing(_open_workbook(path)) as workbook:
        names = workbook.sheetnames
        if sheet and sheet not in names:
            raise QuestionError(f"{path}: there is no sheet {sheet!r}.", f"Its sheets: {', '.join(map(repr, names))}.")
        chosen = workbook[sheet or names[0]]
        if not hasattr(chosen, "reset_dimensions"):
            raise QuestionError(f"{path}: sheet {chosen.title!r} is a chart.", "Name another with --sheet.")
        if not sheet and len(names) > 1:
            tell(f"{path}: reading sheet {chosen.title!r} of {len(names)}; --sheet chooses another.")
        # Some programs write a wrong size, and rows beyond it would be lost.
        chosen.reset_dimensions()
        rows = _guarded(path, enumerate(_with_unsaved(path, chosen), start=1))
        _number, header = next(rows, (1, []))
        yield from _by_header(path, header, ((number, [_cell(c) for c in cells]) for number, cells in rows))


def _open_workbook(path: Path, *, data_only: bool = True) -> Workbook:
    from openpyxl import load_workbook

    with path.open("rb") as file:
        is_old = file.read(4) == b"\xd0\xcf\x11\xe0"
    if is_old:
        raise QuestionError(
            f"{path}: it is locked by a password, or of the old XLS form.", "Save it as XLSX without a password."
        )
    try:
        return load_workbook(path, read_only=True, data_only=data_only)
    except OSError:
        raise
    except Exception as error:
        raise _damaged(path, error) from None


def _with_unsaved(path: Path, sheet: Any) -> Iterator[Sequence[Any]]:
    """Rows of a sheet; a formula without a result, which would be read as nothing, is UNSAVED."""
    if not _has_formulas(path):
        yield from sheet.iter_rows(values_only=True)
        return
    with closing(_open_workbook(path, data_only=False)) as workbook:
        written = workbook[sheet.title]
        written.reset_dimensions()
        for row, sources in zip(sheet.iter_rows(), written.iter_rows(), strict=True):
            yield [_result(cell, source.data_type == "f") for cell, source in zip(row, sources, strict=True)]


def _result(cell: Any, is_formula: bool) -> Any:
    """A cell's value; a formula whose result is the empty text has a type all the same."""
    return UNSAVED if is_formula and cell.value is None and cell.data_type != "str" else cell.value


def _has_formulas(path: Path) -> bool:
    """Whether any sheet holds one: only then is the file read twice."""
    try:
        with zipfile.ZipFile(path) as book:
            sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/")]
            return any(_FORMULA.search(book.read(name)) for name in sheets)
    except Exception as error:
        raise _damaged(path, error) from None


def _guarded(path: Path, rows: Iterator[Any]) -> Iterator[Any]:
    """Damage shows only while rows are read."""
    try:
        yield from rows
    except Exception as error:
        raise _damaged(path, error) from None


def _damaged(path: Path, error: Exception) -> QuestionError:
    what = "not an XLSX file" if isinstance(error, zipfile.BadZipFile) else "damaged"
    return QuestionError(f"{path}: it is {what} ({type(error).__name__}).", "Open it in a spreadsheet, save it again.")


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.date().isoformat() if value == datetime.combine(value, datetime.min.time()) else value.isoformat()
    return value.isoformat() if isinstance(value, date) else value
