"""docs/semantic-sql.md tells the truth: each example runs on the demo bank, or is refused in the words shown, and no
function that the compiler knows is missing.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from t2sql.catalog import GRAINS
from t2sql.compiler import compile_sql
from t2sql.compiler.request import COMPARISONS
from t2sql.errors import QueryError
from t2sql.flow import Loads
from t2sql.policy import Narrowed
from t2sql.warehouse.duckdb import DuckDbWarehouse

TEXT = (Path(__file__).parent.parent / "docs" / "semantic-sql.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```sql\n(.*?)```", TEXT, re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda text: " ".join(text.split())[:60])
def test_example(example: str, head_office: Narrowed, loads: Loads, warehouse: DuckDbWarehouse) -> None:
    """Rows, or the refusal that its first line names."""
    refused = re.match(r"-- refused: (.*)\n", example)
    if refused:
        with pytest.raises(QueryError, match=re.escape(refused[1])):
            compile_sql(example, head_office, loads)
        return
    plan = compile_sql(example, head_office, loads)
    for guard in plan.guards:
        assert warehouse.rows(guard.physical, timeout_seconds=30) == []
    result = warehouse.run(plan.physical, plan.columns, timeout_seconds=30)
    assert result.rows
    assert any(value is not None for row in result.rows for value in row)


def test_every_grain_and_function_is_told() -> None:
    """A function that nobody documented does not exist for an analyst."""
    words = set(re.findall(r"\w+", TEXT))
    assert {*GRAINS, *COMPARISONS} <= words


def test_every_link_leads_somewhere() -> None:
    """The table of contents names headings that stand."""
    headings = {
        re.sub(r"[^\w -]", "", h).lower().replace(" ", "-") for h in re.findall(r"^## (.*)$", TEXT, re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([\w-]+)\)", TEXT)) == headings
