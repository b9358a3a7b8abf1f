"""What rows and aggregates over fields hand on: columns, keys, additivity, notes; and that rights hold for them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlglot import exp

from t2sql.catalog import Catalog
from t2sql.compiler import compile_sql
from t2sql.compiler.relation import Names, Relation
from t2sql.compiler.rows.ad_hoc import with_ad_hoc
from t2sql.compiler.rows.rows import compile_rows
from t2sql.compiler.words.parse import parse
from t2sql.errors import QueryError, UnknownName
from t2sql.explain import explain
from t2sql.flow import Loads
from t2sql.policy import Narrowed, Policies


@pytest.fixture
def whole(catalog: Catalog, policies: Policies) -> Narrowed:
    return policies.narrow(catalog, policies.principal("hq"))


def select_of(sql: str) -> exp.Select:
    tree = parse(sql)
    assert isinstance(tree, exp.Select)
    return tree


def relation_of(sql: str, narrowed: Narrowed, loads: Loads) -> Relation:
    return compile_rows(select_of(sql), narrowed, loads, Names(narrowed.grants))


def test_one_load_of_a_stock_is_told_apart_without_its_date(whole: Narrowed, loads: Loads) -> None:
    relation = relation_of("SELECT loan_id, balance FROM loans WHERE month = '2025-06'", whole, loads)
    assert relation.keys == {"loan_id"}
    assert [(c.column.name, c.key, c.sums) for c in relation.columns] == [
        ("loan_id", "loan_id", frozenset()),
        ("balance", "", frozenset({"loan_id"})),
    ]


def test_several_loads_are_told_apart_by_their_period(whole: Narrowed, loads: Loads) -> None:
    relation = relation_of("SELECT month, balance FROM loans WHERE year = '2025'", whole, loads)
    assert relation.keys == {"loan_id", "month"}
    assert relation.columns[1].sums == {"loan_id"}
    assert relation.columns[0].periods[0] == "2025-01"


def test_a_hidden_key_ends_the_order_without_a_name(catalog: Catalog, policies: Policies, loads: Loads) -> None:
    narrowed = policies.narrow(catalog, policies.principal("product_team"))
    relation = relation_of("SELECT segment FROM customers", narrowed, loads)
    assert relation.keys == {"customers row"}
    assert [o.this.name for o in relation.order] == ["row_key_1"]
    assert [c.column.name for c in relation.columns] == ["segment"]


def test_columns_tell_their_types(whole: Narrowed, loads: Loads) -> None:
    sql = "SELECT loan_id, snapshot_date, balance, days_overdue, branch, matures_on, month(matures_on) FROM loans"
    columns = [c.column for c in relation_of(sql, whole, loads).columns]
    assert [(c.type, c.unit) for c in columns] == [
        ("integer", ""),
        ("date", ""),
        ("number", "CNY"),
        ("integer", ""),
        ("text", ""),
        ("date", ""),
        ("text", ""),
    ]
    assert columns[2].label_zh == "余额"


def test_the_default_period_is_written_down(whole: Narrowed, loads: Loads) -> None:
    plan = compile_sql("SELECT loan_id FROM loans WHERE risk_class = '可疑' LIMIT 3", whole, loads)
    last = str(loads.dates("loans")[-1])[:7]
    assert plan.semantic_sql == f"SELECT loan_id FROM loans WHERE risk_class = '可疑' AND month = '{last}' LIMIT 3"
    assert plan.understood.is_default_period
    again = compile_sql(plan.semantic_sql, whole, loads)
    assert again.physical.sql == plan.physical.sql
    assert "可疑" in explain(plan, whole, "zh")


def test_aggregates_are_told_as_unsigned(whole: Narrowed, loads: Loads) -> None:
    plan = compile_sql("SELECT branch, COUNT(*), SUM(balance) FROM loans WHERE month = '2025-06'", whole, loads)
    assert [note.code for note in plan.notes] == ["ad_hoc"]
    assert {(p.version, p.owner) for p in plan.provenance} == {("ad hoc", "")}
    assert "not a signed definition" in plan.provenance[0].definition
    assert [(c.name, c.unit) for c in plan.columns] == [("branch", ""), ("count(*)", "count"), ("sum(balance)", "CNY")]
    assert plan.semantic_sql == "SELECT branch, count(*), sum(balance) FROM loans WHERE month = '2025-06'"


def test_nothing_ad_hoc_leaves_tree_and_catalog_alone(whole: Narrowed) -> None:
    tree = select_of("SELECT branch, loan_balance FROM bank WHERE month = '2025-06'")
    assert with_ad_hoc(tree, whole) == (tree, whole)


def test_one_aggregate_written_twice_is_one_metric(whole: Narrowed) -> None:
    tree = select_of("SELECT branch, SUM(balance) FROM loans HAVING SUM(loans.balance) > 1 ORDER BY sum(balance)")
    _asked, wider = with_ad_hoc(tree, whole)
    assert set(wider.catalog.metrics) - set(whole.catalog.metrics) == {"sum_balance"}


def test_a_made_name_never_hides_a_signed_one(whole: Narrowed) -> None:
    taken = replace(whole.catalog.metrics["loan_balance"], name="sum_balance")
    catalog = replace(whole.catalog, metrics={**whole.catalog.metrics, "sum_balance": taken})
    _asked, wider = with_ad_hoc(select_of("SELECT SUM(balance) FROM loans"), replace(whole, catalog=catalog))
    assert wider.catalog.metrics["sum_balance"] is taken
    assert "sum_balance_2" in wider.catalog.metrics


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM wealth",
        "SELECT COUNT(*) FROM wealth",
        "SELECT COUNT(wealth.customer_id) FROM bank",
        "SELECT segment FROM customers WHERE wealth.market_value > 1",
        "SELECT segment FROM customers WHERE wealth.product = '代销基金'",
    ],
)
def test_a_dataset_that_is_not_seen_is_an_unknown_name(
    sql: str, catalog: Catalog, policies: Policies, loads: Loads
) -> None:
    narrowed = policies.narrow(catalog, policies.principal("hq"))
    datasets = {name: d for name, d in narrowed.catalog.datasets.items() if name != "wealth"}
    relationships = tuple(r for r in narrowed.catalog.relationships if r.from_dataset != "wealth")
    metrics = {n: m for n, m in narrowed.catalog.metrics.items() if "wealth" not in m.expression and n != "aum"}
    hidden = replace(narrowed.catalog, datasets=datasets, relationships=relationships, metrics=metrics)
    with pytest.raises(QueryError) as caught:
        compile_sql(sql, replace(narrowed, catalog=hidden), loads)
    missing = compile_sql_error(sql.replace("wealth", "nowhere"), replace(narrowed, catalog=hidden), loads)
    assert caught.value.message == missing.message.replace("nowhere", "wealth")


def compile_sql_error(sql: str, narrowed: Narrowed, loads: Loads) -> QueryError:
    with pytest.raises(QueryError) as caught:
        compile_sql(sql, narrowed, loads)
    return caught.value


def test_an_unqualified_name_is_not_looked_for_in_hidden_datasets(
    catalog: Catalog, policies: Policies, loads: Loads
) -> None:
    narrowed = policies.narrow(catalog, policies.principal("hq"))
    relationships = tuple(
        r for r in narrowed.catalog.relationships if r.from_dataset not in ("disbursements", "repayments")
    )
    datasets = {n: d for n, d in narrowed.catalog.datasets.items() if n not in ("disbursements", "repayments")}
    smaller = replace(narrowed.catalog, datasets=datasets, relationships=relationships)
    error = compile_sql_error(
        "SELECT segment FROM customers WHERE product = 'x'", replace(narrowed, catalog=smaller), loads
    )
    assert "loans" in error.message and "disbursements" not in str(error)


def test_a_field_name_in_any_case_and_by_alias(whole: Narrowed, loads: Loads) -> None:
    loud = "SELECT LOAN_ID, L.Balance FROM Loans AS l WHERE MONTH = '2025-06' AND l.BRANCH = '上海分行'"
    plain = "SELECT loan_id, balance FROM loans WHERE month = '2025-06' AND branch = '上海分行'"
    one, other = compile_sql(loud, whole, loads), compile_sql(plain, whole, loads)
    assert one.physical.sql == other.physical.sql


def test_a_many_rows_condition_over_several_periods_is_refused(whole: Narrowed, loads: Loads) -> None:
    sql = "SELECT month, customer_id FROM customer_book WHERE year = '2025' AND loans.balance > 1"
    with pytest.raises(QueryError):
        compile_sql(sql, whole, loads)


def test_an_unknown_dataset_is_told_as_such(whole: Narrowed, loads: Loads) -> None:
    with pytest.raises(UnknownName):
        compile_sql("SELECT COUNT(loanz.loan_id) FROM bank", whole, loads)
