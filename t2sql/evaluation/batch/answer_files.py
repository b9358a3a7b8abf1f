"""Writes the answers of a batch in the input's order, as JSON Lines, CSV or XLSX, one record in memory at a time.

A file is written beside its place and renamed, so what stands there is whole. Text out of data or questions never
becomes a formula in a spreadsheet, and what a form cannot hold whole is told in `Written.told`.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from t2sql.catalog import Language
from t2sql.errors import QuestionError
from t2sql.evaluation.batch.answer_fields import FIELDS, plain
from t2sql.evaluation.batch.record_files import RecordFile
from t2sql.evaluation.records import Record
from t2sql.takeaway.cells import csv_text

ENDINGS = (".jsonl", ".csv", ".xlsx")


@dataclass(frozen=True, slots=True)
class Written:
    """A finished file of answers."""

    path: Path
    told: tuple[str, ...]
    """What its form could not hold whole, one line each."""


def refuse_out(
    out: Path, source: Path, questions: int, *, is_forced: bool, result_sheets: bool, resume: bool = False
) -> None:
    """Raises QuestionError for a place where answers cannot or must not be written, before anything is asked.

    With `resume` answers may stand there already: what becomes of them is for `finished.py`.
    """
    if out.suffix.lower() not in ENDINGS:
        raise QuestionError(f"{out}: files of answers end in {', '.join(ENDINGS)}.", "Give --out one of these endings.")
    if not out.parent.is_dir():
        raise QuestionError(f"{out}: there is no folder {str(out.parent)!r}.", "Create it, or name another.")
    if out.exists() and source.exists() and out.samefile(source):
        raise QuestionError(f"{out} holds the questions.", "Give another --out.")
    if out.exists() and not ((is_forced or resume) and out.is_file()):
        cure = "Give --force to replace it" if out.is_file() else "It is no plain file"
        raise QuestionError(f"{out} exists.", f"{cure}, or give another --out.")
    if out.suffix.lower() == ".xlsx":
        from t2sql.takeaway.sheets import MOST_ROWS

        if questions >= MOST_ROWS:
            raise QuestionError(f"A sheet holds {MOST_ROWS - 1:,} answers.", "Give --out a name that ends in .jsonl.")
    elif result_sheets:
        raise QuestionError(f"{out}: only an XLSX file has sheets.", "Leave --result-sheets out, or write .xlsx.")


def write_answers(
    names: Iterable[str], kept: RecordFile, out: Path, *, result_sheets: bool = False, language: Language = "en"
) -> Written:
    """Write the records `names` of `kept` to `out`, in that order. `result_sheets`: each result on a sheet of its own;
    `language`: of a workbook's headers.

    Raises QuestionError when it cannot be written; `out` is then as before.
    """
    aside = out.with_name(out.name + ".writing")
    try:
        # Answers are for whoever asked: nobody else on the machine may read them.
        aside.unlink(missing_ok=True)
        aside.touch(mode=0o600)
        told = _write(names, kept, aside, out.suffix.lower(), result_sheets, language)
        with aside.open("rb") as file:
            os.fsync(file.fileno())
        aside.replace(out)
    except OSError as error:
        cure = "Make room, or mend that, then go on with --resume: no answer is lost."
        raise QuestionError(f"{out}: {error.strerror or error}.", cure) from None
    finally:
        with suppress(OSError):
            aside.unlink(missing_ok=True)
    return Written(out, tuple(told))


def _write(
    names: Iterable[str], kept: RecordFile, aside: Path, ending: str, result_sheets: bool, language: Language
) -> Sequence[str]:
    if ending == ".jsonl":
        with aside.open("wb") as lines:
            lines.writelines(kept.line(name) for name in names)
        return ()
    records = (kept.record(name) for name in names)
    if ending == ".csv":
        # The mark lets a spreadsheet see that this is UTF-8.
        with aside.open("w", encoding="utf-8-sig", newline="") as table:
            write_csv(records, csv.writer(table))
        return ()
    from t2sql.evaluation.batch.workbooks import write_workbook

    return write_workbook(records, aside, result_sheets=result_sheets, language=language)


def write_csv(records: Iterable[Record], writer: Any) -> None:
    """A header, then a line a record; text that a spreadsheet would run gets an apostrophe before it."""
    writer.writerow([field.name for field in FIELDS])
    for record in records:
        writer.writerow([csv_text(plain(field.of(record))) for field in FIELDS])
