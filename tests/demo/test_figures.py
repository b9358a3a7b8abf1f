"""The demo bank's figures look like a bank's, at scale 1, where they were frozen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest
from ruamel.yaml import YAML

FIGURES: list[dict[str, Any]] = YAML(typ="safe").load(Path(__file__).parent / "figures.yml")


@pytest.mark.parametrize("figure", FIGURES, ids=[figure["name"] for figure in FIGURES])
def test_figures_lie_in_range(full: duckdb.DuckDBPyConnection, figure: dict[str, Any]) -> None:
    values = [row[0] for row in full.execute(figure["sql"]).fetchall()]
    assert values and None not in values
    assert figure["low"] <= min(values) and max(values) <= figure["high"], (min(values), max(values))
