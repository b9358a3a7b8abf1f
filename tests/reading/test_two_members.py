"""Two members against each other: how many times as much, how far apart, whose grew faster."""

# ruff: noqa: E501
# One case a line.
from __future__ import annotations

import pytest
from grounded_words import ground, grounding_over

from t2sql.catalog import Catalog
from t2sql.grounding import Grounding
from t2sql.reading.leftovers import leftovers
from t2sql.reading.readings import readings

NAMED = (("branch", "上海分行", "Shanghai branch"), ("branch", "北京分行", "Beijing branch"))
SHANGHAI, BEIJING = ("month = '2026-06' AND branch = '上海分行'", "month = '2026-06' AND branch = '北京分行'")
TIMES = f"loan_balance / (SELECT loan_balance FROM bank WHERE {BEIJING}) AS multiple FROM bank WHERE {SHANGHAI}"
ABOVE = f"npl_ratio - (SELECT npl_ratio FROM bank WHERE {BEIJING}) AS gap FROM bank WHERE {SHANGHAI}"
BELOW = f"npl_ratio - (SELECT npl_ratio FROM bank WHERE {SHANGHAI}) AS gap FROM bank WHERE {BEIJING}"
FASTER = "branch, vs_year_start(loan_balance) FROM bank WHERE month = '2026-06' AND branch IN ('上海分行', '北京分行')"


@pytest.fixture(scope="module")
def grounding(catalog: Catalog) -> Grounding:
    return grounding_over(catalog, NAMED, ("segment",))


@pytest.mark.parametrize(
    ("text", "semantic_sql"),
    [
        ("2026年6月末上海分行的贷款余额是北京分行的几倍", TIMES),
        ("2026年6月末上海分行贷款余额为北京分行的多少倍", TIMES),
        ("At end June 2026, how many times Beijing branch's loan balance is Shanghai branch's?", TIMES),
        ("At end June 2026, Shanghai branch's loan balance is how many times Beijing branch's?", TIMES),
        ("2026年6月末上海分行的不良率比北京分行高多少", ABOVE),
        ("How much higher is the NPL ratio of Shanghai branch than that of Beijing branch at end June 2026?", ABOVE),
        ("By how much does the NPL ratio of Shanghai branch exceed that of Beijing branch at end June 2026?", ABOVE),
        ("2026年6月末上海分行的不良率比北京分行低几个百分点", BELOW),
        ("How much lower is the NPL ratio of Shanghai branch than that of Beijing branch at end June 2026?", BELOW),
        ("上海分行和北京分行，从2026年初到6月末谁的贷款涨得更快", FASTER),
        ("Whose loans have grown faster since the start of the year by June 2026, Shanghai branch or Beijing branch?", FASTER),
    ],
)  # fmt: skip
def test_two_members_are_set_against_each_other(
    grounding: Grounding, catalog: Catalog, text: str, semantic_sql: str
) -> None:
    context = ground(grounding, text)
    first = readings(context, catalog)[0].semantic_sql
    assert first.removeprefix("SELECT ") == semantic_sql
    assert leftovers(context, first, catalog) == ()


@pytest.mark.parametrize(
    "text",
    [
        "2026年6月末上海分行和北京分行的贷款余额",
        "2026年6月末上海分行的贷款余额比年初高多少",
        "2026年6月末上海分行的贷款余额和存款余额是北京分行的几倍",
        "上海分行和北京分行2026年每个月的贷款余额是几倍",
    ],
)
def test_what_compares_no_two_members_is_read_otherwise(grounding: Grounding, catalog: Catalog, text: str) -> None:
    found = readings(ground(grounding, text), catalog)
    assert not any(" AS multiple" in one.semantic_sql or " AS gap" in one.semantic_sql for one in found)
