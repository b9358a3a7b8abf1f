"""A contrast says only which of two near things is not meant; what may be left out is a filter or is told."""

from __future__ import annotations

import pytest
from grounded_words import ground, grounding_over

from t2sql.catalog import Catalog
from t2sql.grounding import Grounding
from t2sql.grounding.words.sharing import sharing

NAMED = (
    ("branch", "上海分行", "Shanghai Branch"),
    ("product", "个人住房贷款", "mortgages"),
    ("channel", "线上", "online"),
)


@pytest.fixture(scope="module")
def grounding(catalog: Catalog) -> Grounding:
    return grounding_over(catalog, NAMED, ())


@pytest.mark.parametrize(
    ("text", "metric"),
    [
        ("loans past due at Shanghai Branch - not NPLs", "overdue_balance"),
        ("NPL ratio by region, not the overdue ratio please", "npl_ratio"),
        ("net profit in 2025. Not operating income.", "net_profit"),
        ("principal repaid in May 2026 (not new loans)", "principal_repaid"),
        ("depositors by branch, I'm not asking for the deposit balance", "deposit_customers"),
        ("I don't want the net interest margin, just the net interest income in 2025", "net_interest_income"),
        ("daily average deposits in May 2026 rather than the balance", "deposit_daily_avg"),
        ("active cards instead of cards in issue, by branch", "active_cards"),
        ("average loan balance in 2025, not the closing figure", "loan_balance_avg"),
        ("deposit balance at end of June, not the average", "deposit_balance"),
        ("number of loans, not how much", "loan_count"),
        ("Instead of the NPL balance show the NPL ratio by industry", "npl_ratio"),
        ("net fee income 2025, not the gross figure", "net_fee_income"),
        ("net profit for 2025 in total, not by month", "net_profit"),
        ("net interest margin in May, not the net interest income", "nim"),
        ("net fee income in 2025, not the fee income", "net_fee_income"),
        ("total deposits for the whole bank, not by branch", "deposit_balance"),
        ("no need to split by branch, net profit in 2025", "net_profit"),
        ("deposit balance and not loan balance at Shanghai Branch", "deposit_balance"),
        ("不良额而不是不良率", "npl_balance"),
        ("各行业逾期贷款余额，我要的不是不良", "overdue_balance"),
        ("借款人户数（不是贷款笔数）", "loan_customers"),
        ("净利润，不要营业收入", "net_profit"),
        ("手续费净收入，而不是手续费收入", "net_fee_income"),
        ("不是逾期率，是不良率，按分行", "npl_ratio"),
    ],
)
def test_what_is_not_meant_is_passed_over(grounding: Grounding, text: str, metric: str) -> None:
    context = ground(grounding, text)
    assert {m.name for m in context.metrics if m.span} == {metric}
    assert context.ungrounded == ()
    assert not any(v.is_negated for v in context.values)


@pytest.mark.parametrize(
    "text",
    [
        "total loans, not NPLs",
        "deposits, not time deposits",
        "number of customers, not active customers",
        "number of loans, not NPLs",
        "loan balance over 2025, not the closing figure",
        "NPL ratio of loans, not secured",
        "loan balance, not to farmers",
        "interest income in 2025, not the accrued figure",
        "loan balance excluding NPLs",
        "贷款余额，不含不良",
        "客户数，不是活跃客户",
        "NPL ratio for everything, not only mortgages",
        "不良率，不只是个人住房贷款",
        "share of loans not NPLs",
        "net profit against plan",
        "deposits versus the annual target by branch",
        "operating income for 2025, no fees please",
        "AUM at end of May, not the retail deposits",
        "net profit for 2025, no impairment",
        "overdue balance, not covered by provisions",
        "loan balance, not secured by collateral",
    ],
)
def test_what_may_be_left_out_is_told(grounding: Grounding, text: str) -> None:
    assert ground(grounding, text).ungrounded


@pytest.mark.parametrize(
    "text", ["loan balance, not mortgages", "card spend, not online", "贷款余额，不要个人住房贷款"]
)
def test_a_denied_value_is_left_out(grounding: Grounding, text: str) -> None:
    assert [v.is_negated for v in ground(grounding, text).values] == [True]


@pytest.mark.parametrize(
    "text", ["not only the NPL ratio but also the overdue ratio", "not just NPL ratio, also overdue ratio"]
)
def test_not_only_denies_nothing(grounding: Grounding, text: str) -> None:
    assert {m.name for m in ground(grounding, text).metrics if m.span} == {"npl_ratio", "overdue_ratio"}


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("kindly share the npl balance", "share"),
        ("could you please share with us deposits by region", "share with us"),
        ("share your latest npl ratio", "share"),
        ("net profit by branch, thanks in advance", "thanks in advance"),
        ("please share of deposits by branch", ""),
        ("loan balance and its share by product", ""),
        ("each branch's share in deposits", ""),
        ("share capital at year end", ""),
    ],
)
def test_share_is_a_verb_where_somebody_is_asked(text: str, verb: str) -> None:
    assert [text[start:end] for start, end in sharing(text)] == ([verb] if verb else [])


@pytest.mark.parametrize(
    ("text", "metric"),
    [
        ("cost-to-income ratio (operating expense / operating income) in 2025", "cost_to_income"),
        ("不良率（不良贷款余额除以贷款余额）", "npl_ratio"),
    ],
)
def test_a_bracket_that_tells_the_parts_asks_for_none(grounding: Grounding, text: str, metric: str) -> None:
    context = ground(grounding, text)
    assert {m.name for m in context.metrics if m.span} == {metric}
    assert context.ungrounded == ()


def test_a_bracket_with_another_metric_asks(grounding: Grounding) -> None:
    context = ground(grounding, "NPL ratio (NPL balance and overdue balance)")
    assert len({m.name for m in context.metrics if m.span}) > 1 or context.ungrounded
