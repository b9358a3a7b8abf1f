"""The public question sets, read without an llm over catalogs that `t2sql init` drafts with no hand edits.

Sets of the same kinds that nobody here has seen decide; these bounds only hold what was reached.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from t2sql.catalog import Catalog
from t2sql.compiler import compile_sql
from t2sql.errors import QueryError
from t2sql.fields import FieldIndex, read_question, undated
from t2sql.flow import Loads
from t2sql.onboarding.initiating import initiate
from t2sql.ossie import read_catalog
from t2sql.policy import Narrowed, Policies
from t2sql.warehouse.sources import parse_source

from devsets import FOLDER, scorer, set_file

SURE = 0.8


def drafted(database: Path, folder: Path) -> tuple[FieldIndex, Narrowed]:
    """The catalog of a database, as whoever drafts it sees it, with the values of its searchable fields."""
    initiate(parse_source(str(database)), folder, settings={"metrics": ".", "principal": "owner"})
    whole = read_catalog(folder)
    policies = Policies.read(folder, whole)
    owner = policies.principal("owner")
    catalog = policies.narrow(whole, owner).catalog
    return FieldIndex.build(catalog, values(database, catalog)), policies.narrow(undated(whole), owner)


def values(database: Path, catalog: Catalog) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """Stored texts by dataset and field."""
    found = {}
    with duckdb.connect(str(database), read_only=True) as connection:
        for dataset in catalog.datasets.values():
            for item in dataset.fields.values():
                if item.is_dimension and not item.is_time and item.searchable and item.expression.isidentifier():
                    column = connection.table(dataset.source).select(item.expression).distinct()
                    texts = (str(row[0]) for row in column.fetchall() if row[0] is not None)
                    found[(dataset.name, item.name)] = tuple(texts)
    return found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "least_right", "least_sure"), [("business_en", 26, 0.85), ("general_en", 58, 0.85), ("macro_zh", 96, 0.75)]
)
def test_a_set_is_read(name: str, least_right: int, least_sure: float, tmp_path: Path) -> None:
    questions = [json.loads(line) for line in set_file(name).read_text(encoding="utf-8").splitlines()]
    score = scorer()
    opened: dict[str, tuple[FieldIndex, Narrowed]] = {}
    verdicts: list[tuple[bool, float]] = []
    for question in questions:
        database = question["db"]
        if database not in opened:
            opened[database] = drafted(FOLDER / database, tmp_path / Path(database).stem)
        index, narrowed = opened[database]
        asked = question["question"], question.get("evidence") or "", index, date.fromisoformat(question["as_of"])
        readings = read_question(*asked)[1]
        is_right = bool(readings) and answers(question, readings[0].semantic_sql, narrowed, score)
        verdicts.append((is_right, readings[0].sure if readings else 0.0))
    right = sum(is_right for is_right, _sure in verdicts)
    sure = [is_right for is_right, sure in verdicts if sure >= SURE]
    print(f"{name}: {right} of {len(questions)} right; {sum(sure)} of {len(sure)} where sure")
    assert right >= least_right
    assert sum(sure) >= least_sure * len(sure)


def answers(question: Mapping[str, Any], semantic_sql: str, narrowed: Narrowed, score: Any) -> bool:
    """Whether what semantic SQL gives is what a gold gives."""
    try:
        plan = compile_sql(semantic_sql, narrowed, Loads({}))
    except QueryError:
        return False
    database = str(FOLDER / question["db"])
    rows, columns, error = score.run(database, plan.physical.sql, question["as_of"])
    if error:
        return False
    golds = (score.run(database, gold, question["as_of"]) for gold in question["gold_sql"])
    return any(not failed and score.match(rows, columns, gold, width)[0] for gold, width, failed in golds)
