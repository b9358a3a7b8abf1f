"""Metrics called alike, and contexts completed with the nearest known names."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from t2sql.catalog import Catalog
from t2sql.flow import Question
from t2sql.grounding import Grounding, NameIndex, ValueEntry, ValueIndex
from t2sql.reading.nearby import near_metrics
from t2sql.reading.readings import readings

BRANCHES = (("上海分行", "Shanghai Branch"), ("苏州分行", "Suzhou Branch"), ("海口分行", "Haikou Branch"))


@pytest.fixture(scope="module")
def grounding(catalog: Catalog) -> Grounding:
    entries = [ValueEntry("branch", name, (english,)) for name, english in BRANCHES]
    likely = [("deposit_balance", 0.95), ("npl_ratio", 0.82)]
    return Grounding(catalog, ValueIndex.build(entries), NameIndex.build(catalog), lambda text: likely)


@pytest.mark.parametrize(("name", "near"), [("fee_income", "fee_amount"), ("new_loans", "new_loan_count")])
def test_a_metric_called_alike_is_near(catalog: Catalog, name: str, near: str) -> None:
    assert near in near_metrics(name, catalog)
    assert name not in near_metrics(name, catalog)


@pytest.mark.parametrize(
    ("text", "branches"),
    [
        ("海上分行的存款余额", ["上海分行", "海口分行"]),
        ("deposit balance of Shangai branch office", ["上海分行"]),
        ("火星分行的存款余额", []),
    ],
)
def test_an_unknown_branch_is_offered_as_the_nearest_ones(
    grounding: Grounding, catalog: Catalog, text: str, branches: list[str]
) -> None:
    context = grounding.ground(Question(text, "hq", date(2026, 7, 10), "zh"), date(2026, 6, 30))
    offered = [r.semantic_sql for one in grounding.completed(context) for r in readings(one, catalog)]
    if context.ungrounded:
        assert [sql.split("branch = ")[-1].strip("'") for sql in offered][: len(branches)] == branches
        assert all("branch = " in sql for sql in offered)
    else:
        assert any("branch = " in r.semantic_sql for r in readings(context, catalog))


def test_what_is_hardly_alike_is_not_offered(grounding: Grounding) -> None:
    context = grounding.ground(Question("今天天气怎么样", "hq", date(2026, 7, 10), "zh"), date(2026, 6, 30))
    assert context.ungrounded == ("天气",)
    unlike = replace(context, metrics=tuple(m for m in context.metrics if m.score < 0.45))
    assert grounding.completed(unlike) == ()
