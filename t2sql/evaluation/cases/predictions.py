"""Reads answers that are to be judged: records of a batch, or plain predictions `{"id": …, "sql": …}`, run here.

A line that cannot be trusted refuses the whole file: an answer to another question, or to another principal, would be
judged as if it were this case's.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

from t2sql.errors import ConfigError
from t2sql.evaluation.cases.files import json_lines
from t2sql.evaluation.cases.golds import Golds
from t2sql.evaluation.cases.nouns import TWIN, Case, Expected
from t2sql.evaluation.mistakes import few, told_at_once
from t2sql.evaluation.records import Record

OUTCOMES = get_args(Expected)
MAPPINGS = ("error", "timings_ms", "tokens")
LISTS = (("provenance", ("metric", "as_of")), ("readings", ("semantic_sql",)), ("definitions", ("name",)))
"""Lists of a record, and the keys that each part of them has."""


def read_answers(
    path: Path, cases: Sequence[Case], golds: Golds, tell: Callable[[str], None] | None = None
) -> dict[str, Record]:
    """Case id -> record. Plain predictions are run over their case's database; one without SQL is a failure.

    Lines for other cases are passed over; `tell` hears of those whose case stands nowhere in the file. Raises
    ConfigError with up to 20 mistakes of the file, each with its line, before any SQL runs.
    """
    by_id = {case.asked.id: case for case in cases}
    lines: dict[str, int] = {}
    found: dict[str, Record] = {}
    mistakes: list[str] = []
    for line, tree in json_lines(path):
        told = _complaint(tree)
        if not told:
            name = str(tree["id"])
            if (before := lines.setdefault(name, line)) != line:
                told = f"the id {name!r} stands at line {before} already; give one answer to a case"
            elif name in by_id:
                told = _stranger(tree, by_id[name])
                found[name] = tree
        if told:
            mistakes.append(f"{path}:{line}: {told}.")
    if mistakes:
        raise ConfigError(told_at_once(mistakes), "Correct these lines.")
    known = {case.asked.id for case in golds.file.cases}
    strange = [name for name in lines if name.removesuffix(TWIN) not in known]
    if strange and tell:
        tell(f"{path}: no case of {golds.file.path.name} has these ids, which are passed over: {few(strange)}.")
    if not found:
        raise ConfigError(f"{path}: no answer is to a case of this file.", "Compare the ids.")
    return {
        name: one if "outcome" in one else golds.record_of(by_id[name], one["sql"] or "") for name, one in found.items()
    }


def _complaint(tree: Any) -> str:
    """What is wrong with a line by itself, and what to do; "" where nothing is."""
    if not isinstance(tree, dict):
        return "not one JSON object; write one answer a line"
    name = tree.get("id")
    if not isinstance(name, str | int) or isinstance(name, bool) or name == "":
        return "there is no id; name the case that the line answers"
    if "outcome" in tree:
        return next(_faults(tree), "")
    if "sql" not in tree or not isinstance(tree["sql"], str | None):
        return 'neither a record of `t2sql batch` nor {"id": …, "sql": …}; write one of the two'
    return ""


def _faults(record: Record) -> Iterator[str]:
    """What is wrong with the shape of a record."""
    if record["outcome"] not in OUTCOMES:
        yield f"outcome {record['outcome']!r} is none of {', '.join(OUTCOMES)}; write one of them"
    if record["outcome"] == "answer" and not record.get("failed"):
        columns, rows = record.get("columns"), record.get("rows")
        if not isinstance(columns, list) or not isinstance(rows, list):
            yield "an answer needs columns and rows, both lists; write the record as `t2sql batch` does"
        elif not all(isinstance(row, list) and len(row) == len(columns) for row in rows):
            yield "a row is not as wide as the columns; write one value for each column"
    if not _is_confidence(record.get("confidence")):
        yield f"confidence {record['confidence']!r} is neither null nor a number; write one of the two"
    for key in MAPPINGS:
        if not isinstance(record.get(key), Mapping | None):
            yield f"{key} is not an object; write the record as `t2sql batch` does"
    for key, keys in LISTS:
        parts = record.get(key) or []
        if not isinstance(parts, list) or not all(isinstance(one, dict) and one.keys() >= {*keys} for one in parts):
            yield f"{key} is not a list of objects with {' and '.join(keys)}; write the record as `t2sql batch` does"


def _is_confidence(value: Any) -> bool:
    is_number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    return value is None or (is_number and math.isfinite(value))


def _stranger(tree: Record, case: Case) -> str:
    """How a line is no answer to the case whose id it has; "" where it is one, or does not say."""
    # A batch strips the questions that it reads.
    if str(tree.get("question", case.asked.text)).strip() != case.asked.text.strip():
        return f"the question is not that of the case {case.asked.id!r}; answer the cases of this file"
    if tree.get("principal", case.asked.principal) != case.asked.principal:
        told = f"asked by {tree['principal']!r}, and the case {case.asked.id!r} is asked by {case.asked.principal!r}"
        return f"{told}; ask as that principal"
    return ""
