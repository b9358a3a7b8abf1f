"""The settings that docs/engines.md asks for are those of the engines that the tests run on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs" / "engines.md"
_ROW = re.compile(r"^\| (PostgreSQL|MariaDB|Spark) \| `(.+?)` \| `(.+?)` \|$", re.MULTILINE)
LINES = _ROW.findall(DOCS.read_text(encoding="utf-8"))

BANKS = {"PostgreSQL": "postgres_bank", "MariaDB": "mysql_bank", "Spark": "spark_bank"}


def test_all_engines_are_asked() -> None:
    """The table is read whole."""
    assert {engine for engine, _sql, _value in LINES} == {"PostgreSQL", "MariaDB", "Spark"}


@pytest.mark.parametrize(("engine", "sql", "value"), LINES)
def test_setting(engine: str, sql: str, value: str, request: pytest.FixtureRequest) -> None:
    """As the document says."""
    rows = request.getfixturevalue(BANKS[engine]).rows(sql)
    assert [str(row[-1]) for row in rows] == [value]
