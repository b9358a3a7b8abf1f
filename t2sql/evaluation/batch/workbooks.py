"""Answers as an XLSX workbook: a sheet of answers, and on request a sheet for each result, typed as a person expects.

Rows go to the disk as they come. No cell is ever a formula. What a sheet cannot hold is cut or written as text, and
told: 32,767 characters a cell, 1,048,576 rows, 15 digits of a number.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from t2sql.catalog import Language
from t2sql.evaluation.batch.answer_fields import FIELDS, figure_column, plain
from t2sql.evaluation.batch.answer_words import number_format, unit_word, word
from t2sql.evaluation.records import Record
from t2sql.takeaway.cells import GENERAL
from t2sql.takeaway.sheets import MOST_ROWS, NARROW, Book, moment_of, width_of

ANSWERS = "answers"
WIDTHS = {"question": 48, "explanation": 60, "value": 18, "semantic_sql": 48, "error_message": 40, "sheet": 20}
"""Of the columns of answers, in characters; others are narrow."""


def write_workbook(records: Iterable[Record], path: Path, *, result_sheets: bool, language: Language) -> Sequence[str]:
    """Write `records` to `path`, headers in `language`; what was not written whole, one line each. Raises OSError."""
    book = Book()
    try:
        _fill(book, records, result_sheets=result_sheets, language=language)
        book.workbook.save(path)
    except OSError:
        book.give_up()
        raise
    return book.told()


def _fill(book: Book, records: Iterable[Record], *, result_sheets: bool, language: Language) -> None:
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
    return _moment(value) if figure_column(record)["type"] == "date" else value


def _value_format(record: Record) -> str:
    """The number format of an answer that is one figure."""
    return number_format(figure_column(record)) if record["columns"] else GENERAL


def _write_result(book: Book, record: Record) -> str:
    """A sheet of the result's own rows, and its title."""
    columns, language = record["columns"], record["language"]
    headings = record.get("headings") or [column["name"] for column in columns]
    heads = [heading + unit_word(column, language) for heading, column in zip(headings, columns, strict=True)]
    sheet = book.sheet(record["id"], [width_of(head, record["rows"], i) for i, head in enumerate(heads)])
    book.append(sheet, heads, is_bold=True)
    formats = {i: number_format(column) for i, column in enumerate(columns)}
    for row in record["rows"][: MOST_ROWS - 1]:
        typed = (
            _moment(cell) if column["type"] == "date" and isinstance(cell, str) else plain(cell)
            for column, cell in zip(columns, row, strict=True)
        )
        book.append(sheet, typed, formats=formats)
    book.short += len(record["rows"]) >= MOST_ROWS
    book.end(sheet, min(len(record["rows"]) + 1, MOST_ROWS), len(heads))
    sheet.close()
    return str(sheet.title)


def _moment(text: str) -> Any:
    """ISO text as a date or time that a sheet can hold, else as it is."""
    moment = moment_of(text)
    return plain(moment) if isinstance(moment, str) else moment
