"""Names by the llm: only where none is known, once for each, as guesses; and it is shown no value."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest
from ruamel.yaml import YAML

from t2sql.check import check
from t2sql.generation.llm import ScriptedLlm
from t2sql.onboarding.initiating import initiate
from t2sql.warehouse.sources import parse_source

TABLES = """
CREATE TABLE gizmos (id INTEGER PRIMARY KEY, torque DOUBLE, city VARCHAR);
CREATE TABLE 台账 (借据号 VARCHAR PRIMARY KEY);
INSERT INTO gizmos SELECT i, i * 1.5, 'Quito' FROM range(300) t(i);
INSERT INTO 台账 SELECT 'J' || i FROM range(300) t(i);
"""
ANSWERS = {
    "Table: gizmos\n": "1. 小装置\n2. 扭矩\n",
    "Table: 台账\n": "1. ledger\n2. loan receipt number\n",
}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A database without a comment."""
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as connection:
        connection.execute(TABLES)
    return tmp_path


def drafted(shop: Path, llm: ScriptedLlm | None) -> dict[str, Any]:
    """Every dataset and field: name -> its extension."""
    folder = shop / "catalog"
    initiate(parse_source(str(shop / "shop.duckdb")), folder, settings={}, llm=(lambda: llm) if llm else None)
    assert [f for f in check(folder) if f.level == "error"] == []
    model = YAML(typ="safe").load((folder / "model.yml").read_text(encoding="utf-8"))["semantic_model"][0]
    parts = [*model["datasets"], *(field for dataset in model["datasets"] for field in dataset["fields"])]
    return {part["name"]: part["t2sql"] for part in parts}


def test_what_no_comment_names_gets_a_name_as_a_guess(shop: Path) -> None:
    llm = ScriptedLlm(ANSWERS)
    found = drafted(shop, llm)
    assert found["torque"]["display"] == {"zh": "扭矩", "en": "torque"}
    assert found["tai_zhang"]["display"] == {"zh": "台账", "en": "ledger"}
    assert found["借据号"]["display"]["en"] == "loan receipt number"
    assert found["torque"]["guess"]["score"] <= 0.5 and "大模型" in found["torque"]["guess"]["reason"]["zh"]
    assert found["city"]["display"]["zh"] == "城市", "what is known is not asked"
    assert not any("Quito" in suffix or "J1" in suffix for suffix in llm.suffixes), "it sees names, and no value"


def test_each_name_is_asked_once_and_stays_without_the_llm(shop: Path) -> None:
    first = drafted(shop, ScriptedLlm(ANSWERS))
    silent = ScriptedLlm({})
    assert drafted(shop, silent) == first and silent.suffixes == []
    assert drafted(shop, None) == first


def test_without_being_asked_no_llm_is_loaded(shop: Path) -> None:
    assert drafted(shop, None)["torque"]["display"] == {"zh": "torque", "en": "torque"}
