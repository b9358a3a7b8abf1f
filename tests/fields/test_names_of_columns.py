"""Columns whose names shorten their table's name, and values of one letter."""

# ruff: noqa: E501
# One case a line.
from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from t2sql.fields import FieldIndex, read_question
from t2sql.ossie import catalog_of


def _dataset(name: str, *fields: str) -> dict[str, Any]:
    def field(said: str) -> dict[str, Any]:
        column, kind = said.split(":")
        told: dict[str, Any] = {"display": {"en": column.replace("_", " ")}, "type": kind}
        if kind == "text":
            told["flat_name"] = f"{name}_{column}"
        return {"name": column, "expression": column, "t2sql": told, **({"dimension": {}} if kind == "text" else {})}

    key = fields[0].partition(":")[0]
    told = {"display": {"en": name}}
    return {"name": name, "source": name, "primary_key": [key], "fields": [field(f) for f in fields], "t2sql": told}


def _index() -> FieldIndex:
    owners = _dataset("landlords", "ll_id:integer", "full_name:text", "ll_type:text")
    homes = _dataset("homes", "home_id:integer", "ll_id:integer", "home_type:text", "home_sts:text")
    way = {"name": "home_of", "from": "homes", "to": "landlords", "from_columns": ["ll_id"], "to_columns": ["ll_id"]}
    model = {"name": "drafted", "datasets": [owners, homes], "relationships": [way], "metrics": []}
    catalog = catalog_of({"version": "0.1.1", "semantic_model": [model]}, Path("model.yml"))
    return FieldIndex.build(
        catalog, {("homes", "home_sts"): ("A", "N", "X"), ("homes", "home_type"): ("flat", "house")}
    )


INDEX = _index()


@pytest.mark.parametrize(
    ("text", "sql"),
    [
        ("How many homes are there for each landlord type?", "SELECT landlords.ll_type, COUNT(*) FROM homes GROUP BY landlords.ll_type"),
        ("How many homes are there for each home status?", "SELECT home_sts, COUNT(*) FROM homes GROUP BY home_sts"),
        ("Return the landlord id and full name of landlords.", "SELECT ll_id, full_name FROM landlords"),
        ("How many homes with status A are there?", "SELECT COUNT(*) FROM homes WHERE homes.home_sts = 'A'"),
        ("How many homes of each status a landlord has are there?", "SELECT home_sts, COUNT(*) FROM homes GROUP BY home_sts"),
        ("How many homes have status A?", "SELECT COUNT(*) FROM homes WHERE homes.home_sts = 'A'"),
        ("How many flats (status N) are there?", "SELECT COUNT(*) FROM homes WHERE homes.home_type = 'flat' AND homes.home_sts = 'N'"),
    ],
)  # fmt: skip
def test_a_shortened_name_is_read(text: str, sql: str) -> None:
    assert read_question(text, "", INDEX, date(2026, 11, 18))[1][0].semantic_sql == sql
