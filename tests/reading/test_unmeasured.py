"""Words that ask for another measure than a reading shows are told, never passed over."""

from __future__ import annotations

import pytest
from grounded_words import assert_told, ground, grounding_over

from t2sql.catalog import Catalog
from t2sql.grounding import Grounding
from t2sql.reading.leftovers import leftovers
from t2sql.reading.readings import readings

NAMED = (("province", "浙江省", "Zhejiang"), ("branch", "杭州分行", "Hangzhou branch"))
TOLD = """
2025年手续费收入完成率
今年净利润的达成率，各分行
What percentage of our branches have a cost to income ratio above 40%?
存贷比超过80%的分行占比
what proportion of the regions had an overdue ratio over 2% in May 2026
loan balance with number of loans, by region
"""
SHOWN = """
how many customers do we have by region | SELECT region, customers FROM bank
deposit balance and number of customers by region | SELECT region, deposit_balance, customers FROM bank
loan balance by region, with the number of customers | SELECT region, loan_balance, customers FROM bank
regions with an overdue ratio over 2% | SELECT region, overdue_ratio FROM bank WHERE overdue_ratio > 0.02
deposit balance with number of loans, by region | SELECT region, deposit_balance, loan_count FROM bank
how much was the overdue balance by region | SELECT region, overdue_balance FROM bank
"""


@pytest.fixture(scope="module")
def grounding(catalog: Catalog) -> Grounding:
    return grounding_over(catalog, NAMED, ("risk_rating", "segment"))


@pytest.mark.parametrize("text", TOLD.strip().splitlines())
def test_what_no_reading_measures_is_told(grounding: Grounding, catalog: Catalog, text: str) -> None:
    assert_told(grounding, catalog, text)


@pytest.mark.parametrize("line", SHOWN.strip().splitlines())
def test_what_is_shown_needs_no_telling(grounding: Grounding, catalog: Catalog, line: str) -> None:
    text, _, expected = line.partition(" | ")
    context = ground(grounding, text)
    first = readings(context, catalog)[0]
    assert first.semantic_sql == expected
    assert leftovers(context, expected, catalog) == ()
