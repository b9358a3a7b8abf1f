"""Headings, purposes and askers say nothing of what is asked; units of the bank and names of metrics in them do."""

from __future__ import annotations

import pytest

from t2sql.flow import Span
from t2sql.grounding.words.purposes import purposes, without_purposes
from t2sql.grounding.words.text import fold


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("风险部要数：各分行不良率", "各分行不良率"),
        ("各支行存款余额，供党委会审阅", "各支行存款余额"),
        ("月度经营分析会要用，净利润多少", "净利润多少"),
        ("各区域贷款余额（稽核抽样用）", "各区域贷款余额"),
        ("下周一给分管行长汇报，逾期率多少", "逾期率多少"),
        ("审计组要看6月末的拨备覆盖率", "6月末的拨备覆盖率"),
        ("季度工作会议材料，各分行净利润", "各分行净利润"),
        ("各产品贷款余额，编年报附注用", "各产品贷款余额"),
        ("for the credit committee pack: npl ratio by region", "npl ratio by region"),
        ("deposit balance by branch, needed for tomorrow's alco", "deposit balance by branch"),
        ("operating income in 2025 (board paper)", "operating income in 2025"),
        ("group risk is reviewing limits and wants the overdue ratio", "the overdue ratio"),
        ("i'm updating the funding plan - what is our casa ratio", "what is our casa ratio"),
        ("deposits by region, for the sales calendar", "deposits by region"),
        ("this is for the capital plan: total assets", "total assets"),
        ("sector review on thursday, so total loans by industry", "so total loans by industry"),
        ("i'm drafting the branch scorecard: net profit", "net profit"),
        ("audit kick-off tomorrow: cards in issue", "cards in issue"),
        ("card review wednesday: active cards", "active cards"),
        ("在整理支行看板：不良率", "不良率"),
        ("net profit in 2025 - the regulators need that figure.", "net profit in 2025"),
    ],
)
def test_a_purpose_is_blank(text: str, kept: str) -> None:
    left = without_purposes(fold(text), ()).text
    assert left.strip(" ,.:;()-") == kept
    assert len(left) == len(fold(text).text)


@pytest.mark.parametrize(
    "text",
    [
        "上海分行要数：不良率",
        "信用卡额度使用",
        "各分行贷款余额，按用途",
        "loan balance for corporate customers",
        "npl ratio for the shanghai branch report",
        "for 2025: net profit by branch",
        "card spend for the last quarter",
        "loans for marketing campaigns",
        "loan balance, for the rural campaign",
        "student loans review: balance",
        "loans due next week: balance",
        "deposits on monday",
        "贷款结构表：产品类型和客户类型",
    ],
)
def test_what_may_be_asked_stays(text: str) -> None:
    assert without_purposes(fold(text), ()).text == fold(text).text


def test_a_metric_outside_an_offices_name_keeps_its_heading() -> None:
    text = fold("不良贷款报告：各分行")
    assert list(purposes(text))
    assert without_purposes(text, [Span(0, 4)]).text == text.text
    office = fold("信贷管理部周会用：各分行存款")
    assert without_purposes(office, [Span(0, 2)]).text.strip() == ":各分行存款"


def test_an_askers_name_may_hold_a_value_but_no_metric() -> None:
    text = fold("retail banking needs total assets by month")
    assert without_purposes(text, [Span(21, 33)], [Span(0, 6)]).text.strip() == "total assets by month"
    named = fold("total assets need a look by month")
    assert without_purposes(named, [Span(0, 12)]).text == named.text


def test_a_text_of_nothing_else_stays_as_it_is() -> None:
    text = fold("风险委员会材料用")
    assert without_purposes(text, ()) == text


def test_the_day_of_a_review_is_no_day_of_the_figures() -> None:
    text = fold("overdue review on monday: balance by branch")
    assert without_purposes(text, [Span(0, 7)]).text.strip() == "overdue                 : balance by branch"


@pytest.mark.parametrize(
    ("text", "is_blank"),
    [
        ("loans by branch (all currencies)", True),
        ("loans (all currencies converted to rmb) by branch", True),
        ("loans (all branches)", False),
        ("loans by branch, all currencies", False),
    ],
)
def test_everything_in_a_bracket_parts_nothing(text: str, *, is_blank: bool) -> None:
    assert ("all" not in without_purposes(fold(text), ()).text) is is_blank


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("trust all is well; card spend in 2025", "card spend in 2025"),
        ("out of interest, which region lends most", "which region lends most"),
        ("double checking our figures, loans by branch", "loans by branch"),
        ("required by cob tomorrow - npl ratio", "npl ratio"),
        ("npl ratio by region when you have a minute", "npl ratio by region"),
        ("deposits by region, rounded to two decimals", "deposits by region"),
        ("casa ratio to 1 decimal place", "casa ratio"),
        ("net profit by noon", "net profit"),
        ("trust balances by branch", "trust balances by branch"),
        ("loans due by end of day", "loans due by end of day"),
        ("which loans are due by tomorrow", "which loans are due by tomorrow"),
        ("checking the numbers of loans by branch", "checking the numbers of loans by branch"),
    ],
)
def test_what_is_said_to_the_reader_is_blank(text: str, kept: str) -> None:
    assert without_purposes(fold(text), ()).text.strip(" ,.:;()-") == kept
