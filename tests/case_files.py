"""Reads the case files, whichever engine they are run on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlglot
from ruamel.yaml import YAML
from sqlglot import exp

FOLDER = Path(__file__).parent / "cases"


def read_cases() -> list[Any]:
    """One pytest parameter a case, named by file and case."""
    cases = []
    for path in sorted(FOLDER.rglob("*.yml")):
        for case in YAML(typ="safe").load(path.read_text(encoding="utf-8")):
            cases.append(pytest.param(case, id=f"{path.stem}: {case['name']}"))
    return cases


def answered(cases: list[Any]) -> list[Any]:
    """Those that are answered, not refused."""
    return [case for case in cases if "check_sql" in case.values[0]]


def cross_section(cases: list[Any]) -> list[Any]:
    """The cases that bring a form which none before them has: a kind of node, a function, a principal.

    By rule, so that nobody picks the cases that pass.
    """
    seen: set[str] = set()
    chosen = []
    for case in cases:
        forms = _forms(case.values[0])
        if forms - seen:
            chosen.append(case)
        seen |= forms
    return chosen


def _forms(case: dict[str, Any]) -> set[str]:
    tree = sqlglot.parse_one(case["sql"], read="duckdb")
    kinds = {type(node).__name__ for node in tree.walk()}
    kinds |= {f"sorted by {type(node).__name__}" for order in tree.find_all(exp.Order) for node in order.walk()}
    return kinds | {call.name.lower() for call in tree.find_all(exp.Anonymous)} | {f"as {case.get('as', 'hq')}"}
