"""Reads files of cases: YAML or JSONL, in our own layout or in that of public question sets.

Every mistake of a file is told at once, with its line and what to do; a file with a mistake gives no case at all. It
runs nothing: whether a gold is any good is for `case_checks.py`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from t2sql.errors import ConfigError, did_you_mean
from t2sql.evaluation.cases.nouns import Case, CaseFile, Gold
from t2sql.evaluation.cases.shapes import CaseShape, FileShape, GoldShape, SetLine
from t2sql.evaluation.mistakes import few, told_at_once
from t2sql.evaluation.records import Asked, too_long
from t2sql.generation.prompt import MOST_HINT_CHARACTERS
from t2sql.yaml_file import PROBLEMS, line_of, read_yaml

DEFAULT_TOLERANCE = 1e-6
SET_TOLERANCE = 1e-4
SET_KEYS = frozenset({"gold_sql", "db", "evidence", "as_of"})
LINE_SUFFIXES = frozenset({".jsonl", ".ndjson"})
YAML_SUFFIXES = frozenset({".yml", ".yaml"})


class _Mistakes:
    """What is wrong in one file, in the order of its lines."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._told: list[tuple[int, str]] = []

    def add(self, line: int, text: str) -> None:
        """One mistake: what is wrong and what to do, in one line."""
        self._told.append((line, text))

    def add_all(self, error: ValidationError, tree: Any, line: int) -> None:
        """What a shape found; `line`: of the case, where the tree knows no lines of its own."""
        for found in error.errors():
            where = found["loc"]
            own = line_of(tree, _in_file(tree, where)) if hasattr(tree, "lc") else line
            self.add(line if own == 1 else own, _told(found))

    def raise_any(self) -> None:
        """Raises ConfigError with the first of them when there are any."""
        if not self._told:
            return
        lines = [f"{self._path}:{line}: {text}" for line, text in sorted(self._told)]
        hint = "Correct that line." if len(lines) == 1 else f"Correct these {len(lines)} places."
        raise ConfigError(told_at_once(lines), hint)


def read_cases(path: Path) -> CaseFile:
    """The cases of one file. Raises ConfigError, with up to 20 mistakes of the file, each with its line.

    Layouts and keys are described in docs/cases.md.
    """
    suffix = path.suffix.lower()
    if suffix not in LINE_SUFFIXES | YAML_SUFFIXES:
        raise ConfigError(f"{path}: a file of cases ends in .yml, .yaml or .jsonl.", "Rename it, or name another file.")
    mistakes = _Mistakes(path)
    top, found = _read_lines(path, mistakes) if suffix in LINE_SUFFIXES else _read_tree(path, mistakes)
    cases: list[Case] = []
    for line, tree in found:
        try:
            cases.append(_case(path, tree, line, top))
        except ValidationError as error:
            mistakes.add_all(error, tree, line)
    _refuse_twins(found, mistakes)
    mistakes.raise_any()
    if not cases:
        raise ConfigError(f"{path}: no case.", "Write at least one: an id, a question and a gold.")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return CaseFile(path, tuple(cases), top.clock, digest, _cut_hints(path, cases))


def _cut_hints(path: Path, cases: Sequence[Case]) -> tuple[str, ...]:
    """A line about hints that are read in part: those of public question sets, which nobody here may shorten."""
    cut = [case.asked.id for case in cases if too_long(case.asked.hints)]
    told = f"{path}: of the hints of {len(cut):,} cases only the first {MOST_HINT_CHARACTERS} characters are read"
    return (f"{told}: {few(cut)}.",) if cut else ()


def askable(file: CaseFile, *, drafts: bool = False, unstable: bool = False) -> tuple[Case, ...]:
    """The cases to ask: without drafts, and without golds that depend on ties, unless they are asked for."""
    return tuple(c for c in file.cases if (drafts or not c.is_draft) and (unstable or not c.is_unstable))


def place(file: CaseFile, case: Case) -> str:
    """Where a case stands: `cases.yml:12`, with the path as it was given."""
    return f"{file.path}:{case.asked.line}"


def day_of(file: CaseFile, case: Case, today: date) -> date:
    """The day that a question counts from: the case's clock, else the file's, else `today`."""
    return case.clock or file.clock or today


def _read_tree(path: Path, mistakes: _Mistakes) -> tuple[FileShape, list[tuple[int, Any]]]:
    """A YAML file: its top, and each case with its line."""
    if not path.exists():
        raise ConfigError(f"{path}: no such file.", "Name a file of cases that is there.")
    tree = read_yaml(path)
    if isinstance(tree, dict):
        try:
            top = FileShape.model_validate(dict(tree))
        except ValidationError as error:
            mistakes.add_all(error, tree, 1)
            mistakes.raise_any()
            raise
        listed: Any = tree.get("cases", tree.get("questions"))
    elif isinstance(tree, Sequence) and not isinstance(tree, str):
        top, listed = FileShape(cases=[]), tree
    else:
        raise ConfigError(f"{path}:1: a list of cases is expected.", "Write cases: and a list under it.")
    found = []
    for index, case in enumerate(listed):
        line = line_of(listed, [index])
        if isinstance(case, dict):
            found.append((line, case))
        else:
            mistakes.add(line, "a case must be keys with values; give it id, question and gold.")
    return top, found


def _read_lines(path: Path, mistakes: _Mistakes) -> tuple[FileShape, list[tuple[int, Any]]]:
    """A JSONL file: no top, and each case with its line."""
    found: list[tuple[int, Any]] = []
    for line, tree in json_lines(path):
        if isinstance(tree, dict):
            found.append((line, tree))
        else:
            mistakes.add(line, "not one JSON object; write one case a line.")
    return FileShape(cases=[]), found


def json_lines(path: Path) -> Iterator[tuple[int, Any]]:
    """Each line of a JSONL file with its number; None for what is no JSON. Raises ConfigError."""
    for line, text in _lines(path):
        try:
            yield line, json.loads(text, parse_float=Decimal)
        except (json.JSONDecodeError, RecursionError):
            yield line, None


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Lines that hold something, numbered from 1. Raises ConfigError."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file.", "Name a file of cases that is there.") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: not UTF-8 text.", "Save the file as UTF-8.") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}.", "Give yourself the right to read it.") from None
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, line


def _case(path: Path, tree: Any, line: int, top: FileShape) -> Case:
    """Raises ValidationError."""
    plain = _plain(tree)
    return _of_set(path, plain, line) if plain.keys() & SET_KEYS else _own(path, plain, line, top)


def _own(path: Path, tree: Any, line: int, top: FileShape) -> Case:
    shape = CaseShape.model_validate(tree)
    golds = [_gold(gold) for gold in shape.gold]
    golds += [Gold("sql", text) for text in shape.check_sql]
    golds += [Gold("semantic_sql", text) for text in shape.semantic_sql]
    tolerance = shape.tolerance if shape.tolerance is not None else top.tolerance
    database = shape.database or top.database
    asked = Asked(
        shape.id or str(line), shape.question, shape.principal or shape.as_ or "", shape.hints, shape.conversation,
        shape.language, line,
    )  # fmt: skip
    return Case(
        asked,
        tuple(golds),
        frozenset(shape.outcome or (["definition"] if shape.definition or shape.topics else ["answer"])),
        shape.ordered,
        DEFAULT_TOLERANCE if tolerance is None else tolerance,
        shape.category or shape.kind or "",
        shape.difficulty,
        shape.pair or shape.clean,
        shape.clock,
        path.parent / database if database else None,
        shape.why,
        shape.draft,
        shape.unstable,
        frozenset(shape.definition),
        tolerance is None or tolerance <= DEFAULT_TOLERANCE,
    )


def _gold(shape: GoldShape) -> Gold:
    if shape.rows is not None:
        return Gold("rows", rows=tuple(tuple(row) for row in shape.rows))
    return Gold("sql", shape.sql) if shape.sql is not None else Gold("semantic_sql", shape.semantic_sql or "")


def _of_set(path: Path, tree: Any, line: int) -> Case:
    """A line of a public question set, whose databases stand beside the folder of sets."""
    shape = SetLine.model_validate(tree)
    return Case(
        Asked(shape.id, shape.question, hints=shape.evidence, language=shape.language, line=line),
        tuple(Gold("sql", text) for text in shape.gold_sql),
        tolerance=SET_TOLERANCE,
        exact_whole=False,
        category=shape.category,
        difficulty=shape.difficulty,
        clock=shape.as_of,
        database=path.resolve().parent.parent / shape.db,
        is_unstable=shape.unstable,
    )


def _refuse_twins(found: Sequence[tuple[int, Any]], mistakes: _Mistakes) -> None:
    first: dict[str, int] = {}
    for line, tree in found:
        name = str(tree.get("id", line))
        if (before := first.setdefault(name, line)) != line:
            mistakes.add(line, f"the id {name!r} stands at line {before} already; give each case an id of its own.")


def _plain(tree: Any) -> Any:
    """The tree without what the YAML reader hangs on it."""
    if isinstance(tree, dict):
        return {str(key): _plain(value) for key, value in tree.items()}
    if isinstance(tree, (list, tuple)):
        return [_plain(value) for value in tree]
    for kind in (bool, int, float, str):
        if isinstance(tree, kind):
            return kind(tree)
    return tree


def _in_file(tree: Any, where: Sequence[int | str]) -> list[int | str]:
    """`where` as it stands in the file: one thing that stood for a list of it has no index there."""
    kept: list[int | str] = []
    node = tree
    for part in where:
        if isinstance(part, int) and not isinstance(node, (list, tuple)):
            continue
        try:
            node = node[part]
        except (KeyError, IndexError, TypeError):
            kept.append(part)
            break
        kept.append(part)
    return kept


def _told(found: Any) -> str:
    """One mistake in a line: what is wrong, then what to do."""
    name = ".".join(str(part) for part in found["loc"] if not isinstance(part, int))
    if found["type"] == "extra_forbidden":
        known = {f.alias or n for n, f in CaseShape.model_fields.items()} | set(FileShape.model_fields)
        near = did_you_mean(str(found["loc"][-1]), known)
        return f"unknown key {str(found['loc'][-1])!r}.{near} Use a key of docs/cases.md."
    if found["type"] == "missing":
        return f"{name} is missing; add that key."
    if found["type"] == "string_too_short":
        return f"{name} is empty; write it, or leave the key out."
    if found["type"] == "value_error":
        return f"{found['ctx']['error']}."
    if found["type"] == "literal_error":
        return f"{name}: {found['input']!r} is none of {found['ctx']['expected']}; write one of them."
    problem = PROBLEMS.get(found["type"]) or found["msg"].split("\n")[0]
    return f"{name}: {problem}; correct that value."
