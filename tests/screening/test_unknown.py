"""Refusals that name what is not there, and what would work instead."""

from __future__ import annotations

from datetime import date

import pytest

from t2sql.catalog import Catalog
from t2sql.compiler import compile_sql
from t2sql.definitions import has_dimension
from t2sql.errors import QueryError
from t2sql.flow import Context, Loads, Question
from t2sql.policy import Narrowed, Policies
from t2sql.screening import language_of, refuse_incompatible, refuse_unknown


def context_of(text: str, *ungrounded: str) -> Context:
    """A context in which nothing but `ungrounded` is left."""
    question = Question(text, "hq", date(2026, 7, 10), language_of(text))
    return Context(question, (), (), (), (), (), (), (), ungrounded)


@pytest.mark.parametrize(
    ("text", "word", "nearest", "told", "hinted"),
    [
        ("一季度末资本充足率", "资本充足率", ("roe", "npl_ratio"), "“资本充足率”", "净资产收益率"),
        ("Liquidity coverage ratio?", "liquidity", ("provision_coverage",), "“liquidity”", "provision coverage ratio"),
        ("资本充足率", "资本充足率", (), "“资本充足率”", "我能问什么"),
        ("capital", "capital", ("hidden_metric",), "“capital”", "What can I ask?"),
    ],
)
def test_an_unknown_word_is_named_with_the_nearest_metrics(
    text: str, word: str, nearest: tuple[str, ...], told: str, hinted: str, head_office: Narrowed
) -> None:
    context = context_of(text, word)
    refusal = refuse_unknown(context.question, context, head_office.catalog, nearest, {})
    assert refusal.code == "no_metric"
    assert told in refusal.text
    assert hinted in refusal.hint


def test_words_that_stand_together_are_one_unknown_name(head_office: Narrowed) -> None:
    context = context_of("火星分行和月球支行的贷款余额", "火星", "分行", "月球")
    refusal = refuse_unknown(context.question, context, head_office.catalog, ("loan_balance",), {})
    assert "“火星分行”和“月球”" in refusal.text


def test_nothing_hidden_is_among_the_nearest(catalog: Catalog, policies: Policies) -> None:
    team = policies.narrow(catalog, policies.principal("product_team")).catalog
    context = context_of("成本收入比", "成本收入比")
    refusal = refuse_unknown(context.question, context, team, ("net_profit", "npl_ratio"), {})
    assert "净利润" not in refusal.hint
    assert "不良贷款率" in refusal.hint


@pytest.mark.parametrize(
    ("text", "metrics", "dimensions", "told", "hinted"),
    [
        ("存款余额按担保方式拆一下", ("deposit_balance",), ("collateral",), "存款余额没有“担保方式”", "存款余额可以按"),
        ("Break NIM down by currency", ("nim",), ("currency",), "has no currency", "can be split by"),
        (
            "贷款和存款按五级分类",
            ("loan_balance", "deposit_balance"),
            ("risk_class",),
            "存款余额没有",
            "这些指标都可以按",
        ),
    ],
)
def test_what_cannot_meet_is_told_with_what_would_work(
    text: str, metrics: tuple[str, ...], dimensions: tuple[str, ...], told: str, hinted: str, head_office: Narrowed
) -> None:
    context = context_of(text)
    refusal = refuse_incompatible(context.question, context, head_office.catalog, metrics, dimensions, {})
    assert refusal is not None
    assert refusal.code == "not_computable"
    assert told in refusal.text
    assert hinted in refusal.hint


def test_what_can_meet_is_not_refused(head_office: Narrowed) -> None:
    context = context_of("各分行存款余额")
    assert (
        refuse_incompatible(context.question, context, head_office.catalog, ("deposit_balance",), ("branch",), {})
        is None
    )


METRICS = tuple(
    "deposit_balance loan_balance npl_ratio nim card_spend customers aum deposit_daily_avg fee_amount"
    " secured_loan_balance churned_customers new_loans_rolling_year".split()
)


@pytest.mark.parametrize("name", METRICS)
def test_a_metric_has_the_dimensions_that_the_compiler_splits_it_by(
    name: str, head_office: Narrowed, loads: Loads
) -> None:
    catalog = head_office.catalog
    wrong = []
    for dimension in catalog.dimensions.values():
        try:
            compile_sql(
                f"SELECT {dimension.name}, {name} FROM {catalog.name} WHERE month = '2026-05'", head_office, loads
            )
            compiles = True
        except QueryError:
            compiles = False
        if compiles != has_dimension(catalog.metrics[name], dimension, catalog):
            wrong.append((dimension.name, compiles))
    assert wrong == []
