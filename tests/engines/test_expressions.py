"""What engines read differently comes out the same: DuckDB's values are the measure."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlglot
from ruamel.yaml import YAML

from t2sql.compiler.engines.dialects import write_sql
from t2sql.errors import NotComputable

from row_sets import difference

ITEMS = YAML(typ="safe").load((Path(__file__).parent / "expressions.yml").read_text(encoding="utf-8"))


def _sql(item: dict[str, Any]) -> str:
    return item.get("sql") or f"SELECT id, {item['expression']} AS v FROM awkward"


@pytest.mark.parametrize("dialect", ["postgres", "mysql", "spark"])
@pytest.mark.parametrize("item", [pytest.param(i, id=i.get("expression") or i["sql"]) for i in ITEMS])
def test_expression(item: dict[str, Any], dialect: str, request: pytest.FixtureRequest) -> None:
    """The same values, or a refusal or other values where the file says so."""
    tree = sqlglot.parse_one(_sql(item), read="duckdb")
    if dialect in item.get("refused", ()):
        with pytest.raises(NotComputable, match=f"cannot be computed on {dialect}"):
            write_sql(tree, dialect)
        return
    is_different = dialect in item.get("differs", ())
    expected = request.getfixturevalue("awkward_duckdb").rows(write_sql(tree, "duckdb"))
    text = write_sql(tree, dialect)
    found = request.getfixturevalue(f"{dialect}_awkward").rows(text)
    assert bool(difference(found, expected, item.get("ordered", False))) is is_different, text
