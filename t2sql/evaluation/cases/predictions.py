"""Reads plain predictions, `{"id": …, "sql": …}` a line: SQL of any program, to be run and judged like an answer."""

from __future__ import annotations

from pathlib import Path

from t2sql.errors import ConfigError
from t2sql.evaluation.cases.files import MOST_TOLD, json_lines


def read_predictions(path: Path) -> dict[str, str]:
    """Case id -> SQL; the last line of an id counts, and "" stands for no SQL. Raises ConfigError."""
    found: dict[str, str] = {}
    wrong: list[str] = []
    for line, tree in json_lines(path):
        if not isinstance(tree, dict) or "id" not in tree or not isinstance(tree.get("sql"), str | None):
            wrong.append(f'{path}:{line}: a prediction is {{"id": …, "sql": …}}; write one a line.')
        else:
            found[str(tree["id"])] = tree.get("sql") or ""
    if wrong:
        raise ConfigError("\n".join(wrong[:MOST_TOLD]), "Correct these lines.")
    return found
