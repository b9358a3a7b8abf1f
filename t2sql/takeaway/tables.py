"""An answer's rows as CSV with every stored digit, and as shown for the clipboard."""

from __future__ import annotations

import csv
import io
from typing import Any

from t2sql.catalog import Language
from t2sql.flow import Answer, Column
from t2sql.takeaway.cells import csv_text, guarded, heading, plain_cell
from t2sql.wording import format_period, format_value, label


def to_csv(answer: Answer) -> bytes:
    """UTF-8 with a byte-order mark, so that a spreadsheet sees what it is; stored values with every digit.

    A ratio is a fraction, NULL an empty cell. A cell that a spreadsheet would run gets an apostrophe before it.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    language = answer.question.language
    writer.writerow([guarded(_named(column, language)) for column in answer.result.columns])
    writer.writerows([csv_text(plain_cell(value)) for value in row] for row in answer.result.rows)
    return out.getvalue().encode("utf-8-sig", errors="backslashreplace")


def to_text(answer: Answer) -> str:
    """Tab-separated, as shown on the page: figures in readable units, periods in words, "—" where there is nothing."""
    columns, language = answer.result.columns, answer.question.language
    lines = [[guarded(_shown(label(column, language))) for column in columns]]
    for row in answer.result.rows:
        lines.append([_cell(value, column, language) for value, column in zip(row, columns, strict=True)])
    return "\n".join("\t".join(line) for line in lines) + "\n"


def _cell(value: Any, column: Column, language: Language) -> str:
    if column.kind == "period" and isinstance(value, str):
        return guarded(_shown(format_period(value, language)))
    text = _shown(format_value(value, column, language))
    # A figure's own sign is no formula.
    return guarded(text) if isinstance(value, str) else text


def _named(column: Column, language: Language) -> str:
    """A heading; a difference of ratios stays the stored fraction, which is not what "pp" would say."""
    return heading(column, language) if column.unit != "points" else label(column, language)


def _shown(text: str) -> str:
    """Text that stays in its cell."""
    return " ".join(text.split("\t"))
