"""Lineage: what a name is made of, down to its tables, and nothing that a narrowed catalog lacks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from t2sql.catalog import Catalog
from t2sql.lineage import Arrow, Key, Lineage, metric_lineage, used_in
from t2sql.metric_names import datasets_of, made_of
from t2sql.policy import Policies


def of(name: str, catalog: Catalog) -> Lineage:
    return metric_lineage(catalog.metrics[name], catalog)


def arrows(lineage: Lineage) -> set[tuple[str, str, str]]:
    return {(arrow.source[1], arrow.target[1], arrow.part) for arrow in lineage.arrows}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "npl_ratio",
            {
                ("npl_ratio", "npl_balance", "numerator"),
                ("npl_ratio", "loan_balance", "denominator"),
                ("npl_balance", "loans", ""),
                ("loan_balance", "loans", ""),
                ("loans", "loan_snapshot", ""),
                ("loans", "fx_rate", "rates"),
            },
        ),
        (
            "net_interest_income",
            {
                ("net_interest_income", "interest_income", ""),
                ("net_interest_income", "interest_expense", ""),
                ("interest_income", "ledger", ""),
                ("interest_expense", "ledger", ""),
                ("ledger", "gl_accounts", "condition"),
                ("ledger", "gl_monthly", ""),
                ("gl_accounts", "gl_account", ""),
            },
        ),
        (
            "card_spend_quarter_to_date",
            {
                ("card_spend_quarter_to_date", "card_spend", "total"),
                ("card_spend", "card_spending", ""),
                ("card_spending", "card_transaction", ""),
            },
        ),
    ],
)
def test_arrows_say_what_each_part_is(catalog: Catalog, name: str, expected: set[tuple[str, str, str]]) -> None:
    assert arrows(of(name, catalog)) == expected


def test_fields_are_those_of_the_formula_its_filter_and_its_date_in_every_version(catalog: Catalog) -> None:
    loans = next(thing for thing in of("early_warning_balance", catalog).things if thing.kind == "dataset")
    assert [shown.en for shown in loans.fields] == ["month-end", "balance", "days overdue"]
    register = next(thing for thing in of("churned_customers", catalog).things if thing.kind == "dataset")
    assert "销户日" in [shown.zh for shown in register.fields]


def test_every_metric_reaches_tables_and_no_thing_stands_alone(catalog: Catalog) -> None:
    for metric in catalog.metrics.values():
        lineage = metric_lineage(metric, catalog)
        keys: set[Key] = {thing.key for thing in lineage.things}
        assert lineage.things[0].key == ("metric", metric.name)
        assert len(keys) == len(lineage.things)
        assert {thing.name for thing in lineage.made_of()} == made_of(metric.name, catalog.metrics)
        assert {t.name for t in lineage.things if t.kind == "dataset"} >= datasets_of(metric, catalog)
        assert {arrow.source for arrow in lineage.arrows} | {arrow.target for arrow in lineage.arrows} == keys
        ends = keys - {arrow.source for arrow in lineage.arrows}
        assert ends
        assert {kind for kind, _ in ends} == {"table"}


def test_used_in_is_the_way_up(catalog: Catalog) -> None:
    assert used_in("net_profit", catalog) == ("roa", "roe")
    assert used_in("npl_ratio", catalog) == ()


def test_a_narrowed_catalog_tells_nothing_hidden(catalog: Catalog, policies: Policies) -> None:
    narrowed = policies.narrow(catalog, policies.principal("product_team")).catalog
    known = {*narrowed.metrics, *narrowed.datasets}
    for metric in narrowed.metrics.values():
        lineage = metric_lineage(metric, narrowed)
        assert {thing.name for thing in lineage.things if thing.kind != "table"} <= known
        assert set(used_in(metric.name, narrowed)) <= known


def test_metrics_that_stand_on_each_other_end(catalog: Catalog) -> None:
    first = replace(catalog.metrics["npl_ratio"], type="derived", expression="loan_balance + npl_ratio")
    circular = replace(catalog, metrics={**catalog.metrics, "npl_ratio": first})
    assert Arrow(("metric", "npl_ratio"), ("metric", "npl_ratio")) in of("npl_ratio", circular).arrows
