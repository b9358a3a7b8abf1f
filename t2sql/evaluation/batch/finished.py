"""A batch that has ended: whether the file of answers that stands there holds every question, and none that failed.

What cannot be proved whole is never called whole: the cure of a wrong belief would be answers that nobody asked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from t2sql.errors import QuestionError
from t2sql.evaluation.batch.answer_words import named_in
from t2sql.evaluation.batch.record_files import RecordFile
from t2sql.evaluation.batch.tables import Unread, csv_rows, xlsx_rows
from t2sql.evaluation.mistakes import few
from t2sql.evaluation.records import Asked
from t2sql.wording import visible

AGAIN = "Give --force to ask all of them again, or another --out."


def refuse_unfinished(out: Path, partial: Path, asked: Sequence[Asked]) -> None:
    """Return when `out` holds an answer to each of `asked`, in their order, and no failure.

    Raises QuestionError: it is of other questions, it cannot be read, or some failed and `partial` is not there to go
    on with.
    """
    failed: list[str] = []
    number = 0
    for number, (name, text, is_failure) in enumerate(_answers(out), start=1):
        one = asked[number - 1] if number <= len(asked) else None
        if one is None or one.id != name or _shown(one.text) != text:
            raise QuestionError(f"{out} holds answers to other questions: see {name!r}.", AGAIN)
        if is_failure:
            failed.append(name)
    if number < len(asked):
        raise QuestionError(f"{out} has no answer to {asked[number].id!r} and what follows.", AGAIN)
    if failed:
        raise QuestionError(
            f"{out}: failed there: {few(failed)}; {str(partial)!r}, which --resume goes on with, is gone.", AGAIN
        )


def refuse_replacing(out: Path, kept: RecordFile, *, is_forced: bool) -> None:
    """Raises QuestionError where `out` stands there and is not what became of these records."""
    if out.exists() and not is_forced and not kept.was_finished:
        raise QuestionError(
            f"{out} exists, and {str(kept.path)!r} is of a batch that was begun to replace it.",
            "Give --resume and --force to finish that, or another --out.",
        )


def _answers(out: Path) -> Iterator[tuple[str, str, bool]]:
    """Id and question as the file writes them, and whether the question failed."""
    ending = out.suffix.lower()
    try:
        if ending == ".jsonl":
            for record in _lines(out):
                yield str(record["id"]), _shown(str(record["question"])), bool(record["failed"])
            return
        rows = (
            xlsx_rows(out, "", _nobody) if ending == ".xlsx" else csv_rows(out, lambda header: header == "id", _nobody)
        )
        for _line, row in rows:
            if isinstance(row, Unread):
                raise ValueError(row.wrong)
            cells = {named_in(header): cell for header, cell in row.items()}
            # An apostrophe keeps a spreadsheet of CSV from running what follows it.
            name, text = (str(cells[key]).removeprefix("'") for key in ("id", "question"))
            yield name, text, str(cells["failed"]).lower() == "true"
    except OSError as error:
        raise QuestionError(f"{out}: {error.strerror or error}.", "Name a file that can be read.") from None
    except (KeyError, ValueError, TypeError):
        raise QuestionError(f"{out} is not as `t2sql batch` writes answers.", AGAIN) from None


def _lines(out: Path) -> Iterator[Mapping[str, Any]]:
    with out.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def _shown(text: str) -> str:
    """A question as a cell holds it."""
    return visible(text, keep_newlines=True).removeprefix("'")


def _nobody(_line: str) -> None:
    """Nobody needs to know how this file was read."""
