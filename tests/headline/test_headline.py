"""The sentence above an answer: real plans, and rows made up for each case of sentences.yml."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from t2sql.catalog import Catalog
from t2sql.explain import explain
from t2sql.flow import Loads
from t2sql.headline import tell_headline
from t2sql.policy import Narrowed, Policies

from made_answers import planned, run, with_rows

JUNE = "WHERE month = '2026-06'"
M = "FROM bank"


CASES = YAML(typ="safe").load(Path(__file__).with_name("sentences.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["zh"] or case["sql"])
def test_a_result_in_one_sentence(case: Any, head_office: Narrowed, loads: Loads) -> None:
    plan = planned(case["sql"], head_office, loads)
    result = with_rows(plan, case["rows"])
    assert tell_headline(plan, result, head_office, "zh") == case["zh"]
    assert tell_headline(plan, result, head_office, "en") == case["en"]


def test_cut_rows_give_their_count_only(head_office: Narrowed, loads: Loads) -> None:
    plan = planned(f"SELECT branch, loan_balance {M} {JUNE}", head_office, loads)
    result = with_rows(plan, [(f"b{i}", Decimal(i)) for i in range(1000)], truncated=True)
    assert tell_headline(plan, result, head_office, "zh") == "结果超过 1,000 行，只列出前 1,000 行。"
    assert "There are more than 1,000 rows" in tell_headline(plan, result, head_office, "en")


def test_rights_are_told(catalog: Catalog, policies: Policies, loads: Loads) -> None:
    east = policies.narrow(catalog, policies.principal("analyst_east"))
    plan = planned(f"SELECT npl_ratio {M} {JUNE}", east, loads)
    result = with_rows(plan, [(0.0142,)])
    assert tell_headline(plan, result, east, "zh") == "2026年6月末不良贷款率为 1.42%（仅含您有权查看的范围）。"
    assert tell_headline(plan, result, east, "en").endswith("(of what you may see).")


@pytest.mark.parametrize("name", ["<img src=x onerror=alert(1)>", "=cmd|' /C calc'!A0", "a\x1b[31mb\u202e"])
def test_names_out_of_the_data_stay_text(name: str, head_office: Narrowed, loads: Loads) -> None:
    plan = planned(f"SELECT branch, npl_ratio {M} {JUNE}", head_office, loads)
    told = tell_headline(plan, with_rows(plan, [(name, 0.02), ("b", 0.01)]), head_office, "zh")
    assert "\x1b" not in told and "\u202e" not in told
    assert name[:4].split("\x1b")[0] in told


COMPOSED = (
    "SELECT region, SUM(loan_balance) AS total FROM (SELECT region, branch, loan_balance FROM bank) GROUP BY region",
    "SELECT month, npl_ratio FROM bank WHERE month = '2025-01' UNION ALL "
    "SELECT month, npl_ratio FROM bank WHERE month = '2026-01'",
    "SELECT loan_balance FROM bank WHERE month = '2026-06' AND branch IN "
    "(SELECT branch FROM bank WHERE month = '2026-06' HAVING npl_ratio > 0.02)",
    "WITH listed AS (SELECT branch, loan_balance FROM bank WHERE month = '2026-06') "
    "SELECT SUM(loan_balance) AS total FROM listed",
)


@pytest.mark.parametrize("sql", COMPOSED)
@pytest.mark.parametrize("person", ["hq", "analyst_east"])
def test_several_selects_leave_the_word_to_the_explanation(
    sql: str, person: str, catalog: Catalog, policies: Policies, loads: Loads
) -> None:
    narrowed = policies.narrow(catalog, policies.principal(person))
    plan = planned(sql, narrowed, loads)
    rows = [tuple(0.02 if c.kind == "metric" else "2026-01" for c in plan.columns)]
    for language in ("zh", "en"):
        assert tell_headline(plan, with_rows(plan, rows), narrowed, language) == ""
    assert "more than 1 rows" in tell_headline(plan, with_rows(plan, rows, truncated=True), narrowed, "en")
    told = explain(plan, narrowed, "en")
    assert "2026" in told and ("of what you may see" in told) is (person == "analyst_east")


def test_an_empty_member_is_not_everybody(catalog: Catalog, policies: Policies, loads: Loads) -> None:
    east = policies.narrow(catalog, policies.principal("analyst_east"))
    plan = planned(f"SELECT branch, segment, loan_balance {M} {JUNE}", east, loads)
    rows = [(None, "小微", Decimal(5)), (None, "大型", Decimal(3))]
    assert "（空）贷款余额" in tell_headline(plan, with_rows(plan, rows), east, "zh")
    assert "loan balance of (none) was" in tell_headline(plan, with_rows(plan, rows), east, "en")
    one = tell_headline(plan, with_rows(plan, rows[:1]), east, "zh")
    assert one == "2026年6月末（空）·小微贷款余额为 5.00 元（仅含您有权查看的范围）。"


def test_cut_rows_after_others_that_were_skipped(head_office: Narrowed, loads: Loads) -> None:
    plan = planned(f"SELECT branch {M} ORDER BY branch OFFSET 3", head_office, loads)
    result = with_rows(plan, [("a",), ("b",)], truncated=True)
    assert tell_headline(plan, result, head_office, "zh") == "跳过前 3 行后，结果仍超过 2 行，只列出其中前 2 行。"
    assert tell_headline(plan, result, head_office, "en").startswith("After the first 3 there are more than 2 rows")


SHAPES = (
    "SELECT loan_balance - deposit_balance AS gap FROM bank WHERE month = '2026-06'",
    "SELECT quarter, month, loan_balance FROM bank WHERE year = '2025'",
    "SELECT branch, yoy(ytd(interest_income)) FROM bank WHERE month = '2026-06'",
    "SELECT COUNT(*) AS n FROM loans WHERE month = '2026-06'",
)


@pytest.mark.parametrize("sql", SHAPES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_shape_of_the_banks_own_rows_has_a_sentence(
    sql: str, language: Any, head_office: Narrowed, loads: Loads, warehouse: Any
) -> None:
    plan = planned(sql, head_office, loads)
    told = tell_headline(plan, run(plan, warehouse), head_office, language)
    assert told.endswith("。" if language == "zh" else ".") and "None" not in told and len(told) > 8
