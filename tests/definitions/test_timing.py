"""How a metric reads time, in words that agree with what the compiler does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from t2sql.catalog import Catalog
from t2sql.compiler import compile_sql
from t2sql.definitions import tell_load, tell_time
from t2sql.errors import NotComputable
from t2sql.flow import Loads
from t2sql.policy import Narrowed


@pytest.mark.parametrize(
    ("name", "label", "said"),
    [
        ("loan_balance", "时间性质", "期末"),
        ("loan_balance_opening", "时间性质", "期初"),
        ("loan_balance_avg", "时间性质", "各次装载的平均"),
        ("deposit_month_end_mean", "时间性质", "各月末的平均"),
        ("new_loans", "时间性质", "可跨期累加"),
        ("card_txn_count", "时间性质", "可跨期累加"),
        ("new_loans_rolling_year", "时间性质", "最近 12 个月"),
        ("card_spend_quarter_to_date", "时间性质", "自季初"),
        ("npl_ratio", "时间性质", "由期末的时点余额计算"),
        ("nim", "时间性质", "由期间发生额和时点余额计算"),
        ("nim", "年化", "365"),
        ("loan_balance", "未说时间时", "最新一期"),
        ("new_loans", "未说时间时", "本年初"),
        ("churned_customers", "按哪个日期", "销户日"),
        ("loan_balance", "装载", "每月末，2023年1月31日至2026年6月30日"),
        ("new_loans", "装载", "2023年1月至2026年6月30日"),
        ("deposit_daily_avg", "装载", "每日"),
        ("loan_balance", "币种", "期末汇率折算为 CNY"),
        ("new_loans", "币种", "当月平均汇率折算为 CNY"),
    ],
)
def test_what_is_said_of_a_metric(catalog: Catalog, loads: Loads, name: str, label: str, said: str) -> None:
    assert said in dict(tell_time(catalog.metrics[name], catalog, loads, "zh"))[label]


@pytest.mark.parametrize("name", ["card_spend", "net_profit", "customers"])
def test_no_currency_is_told_where_none_is_converted(catalog: Catalog, loads: Loads, name: str) -> None:
    assert "币种" not in dict(tell_time(catalog.metrics[name], catalog, loads, "zh"))


def test_every_metric_is_told_in_both_languages(catalog: Catalog, loads: Loads) -> None:
    for metric in catalog.metrics.values():
        zh, en = (tell_time(metric, catalog, loads, language) for language in ("zh", "en"))
        assert len(zh) == len(en) >= 3
        assert all(text and "{" not in text for _, text in (*zh, *en))


def test_a_flow_without_a_default_must_be_given_a_time(head_office: Narrowed, loads: Loads) -> None:
    catalog = head_office.catalog
    flow = replace(catalog.metrics["new_loans"], default_period="")
    without = replace(head_office, catalog=replace(catalog, metrics={**catalog.metrics, "new_loans": flow}))
    with pytest.raises(NotComputable):
        compile_sql("SELECT new_loans FROM bank", without, loads)
    assert dict(tell_time(flow, without.catalog, loads, "en"))["Without a time"] == "A time must be said"


def test_a_count_of_different_members_does_not_add_up(catalog: Catalog, loads: Loads) -> None:
    counted = replace(catalog.metrics["new_loans"], expression="COUNT(DISTINCT disbursements.loan_id)")
    assert "不可跨期相加" in dict(tell_time(counted, catalog, loads, "zh"))["时间性质"]


def test_what_has_no_date_is_said_to_have_none(catalog: Catalog, loads: Loads) -> None:
    counted = replace(catalog.metrics["loan_balance"], expression="COUNT(products.product)", filter="")
    with_it = replace(catalog, metrics={**catalog.metrics, "loan_balance": counted})
    assert dict(tell_time(counted, with_it, loads, "en")) == {"Kind": "Not dated: over all rows"}


def test_what_is_not_loaded_is_said(catalog: Catalog) -> None:
    assert tell_load(catalog.datasets["loans"], Loads({}), "en") == "every month-end, nothing yet"
