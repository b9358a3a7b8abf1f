"""A whole question becomes a Context: overlaps settled, candidates fused, unknown words told."""

from __future__ import annotations

from datetime import date

import pytest

from t2sql.catalog import Catalog
from t2sql.flow import Context, Question
from t2sql.grounding import Grounding, NameIndex, ValueEntry, ValueIndex

VALUES = (
    ValueEntry("region", "华东区", ("华东", "East China")),
    ValueEntry("branch", "上海分行", ("Shanghai Branch",)),
    ValueEntry("branch", "杭州分行", ("Hangzhou Branch",)),
    ValueEntry("managing_branch", "上海分行", ("Shanghai Branch",)),
    ValueEntry("customer_type", "个人", ("零售",)),
    ValueEntry("segment", "小微", ("小微客户",)),
    ValueEntry("product", "个人住房贷款", ("房贷", "mortgage")),
    ValueEntry("product", "小微企业贷款"),
    ValueEntry("product_line", "存款"),
    ValueEntry("product_line", "贷款"),
    ValueEntry("overdue_bucket", "31-90天"),
    ValueEntry("loan_term_band", "1年以内"),
    ValueEntry("deposit_term", "活期"),
)


@pytest.fixture(scope="module")
def grounding(catalog: Catalog) -> Grounding:
    def by_meaning(text: str) -> list[tuple[str, float]]:
        return [("total_assets", 0.9), ("npl_ratio", 0.88), ("branch", 0.87), ("unheard_of", 0.99)]

    return Grounding(catalog, ValueIndex.build(VALUES), NameIndex.build(catalog), by_meaning)


def _ground(grounding: Grounding, text: str) -> Context:
    return grounding.ground(Question(text, "hq", date(2026, 7, 10), "zh"), date(2026, 6, 30))


def _values(context: Context) -> list[str]:
    return [f"{'!' * v.is_negated}{v.dimension}={v.value}" for v in context.values]


@pytest.mark.parametrize(
    ("text", "metric", "values"),
    [
        ("个人存款余额各分行排名", "retail_deposit_balance", []),
        ("个人住房贷款余额2025年末是多少", "loan_balance", ["product=个人住房贷款"]),
        ("房贷余额前五的支行", "loan_balance", ["product=个人住房贷款"]),
        ("mortgage balance in East China", "loan_balance", ["product=个人住房贷款", "region=华东区"]),
        ("小微企业贷款不良率", "npl_ratio", ["product=小微企业贷款"]),
        ("逾期31-90天的贷款余额", "loan_balance", ["overdue_bucket=31-90天"]),
        ("逾期90天以上贷款余额", "overdue_90_balance", []),
        ("1年以内的贷款余额", "loan_balance", ["loan_term_band=1年以内"]),
        ("活期存款余额", "demand_deposit_balance", []),
        ("存款余额", "deposit_balance", []),
        ("除上海分行外各分行存款余额", "deposit_balance", ["!branch=上海分行"]),
        ("上海分行不良率", "npl_ratio", ["branch=上海分行"]),
        ("上海分行管理的贷款余额", "loan_balance", ["managing_branch=上海分行"]),
        ("中间业务收入占比", "fee_income_share", []),
    ],
)
def test_the_longest_reading_keeps_the_words(grounding: Grounding, text: str, metric: str, values: list[str]) -> None:
    context = _ground(grounding, text)
    assert context.metrics[0].name == metric
    assert context.metrics[0].score == 1.0
    assert _values(context) == values


@pytest.mark.parametrize(
    ("text", "metrics"),
    [
        ("小微客户贷款的不良率", ["npl_ratio"]),
        ("NPL ratio of mortgage loans", ["npl_ratio"]),
        ("贷款和存款余额", ["loan_balance", "deposit_balance"]),
        ("贷款余额和存款", ["loan_balance", "deposit_balance"]),
        ("loans and deposits", ["loan_balance", "deposit_balance"]),
        ("各分行贷款占比", ["loan_balance"]),
        ("小微企业贷款有多少", ["loan_balance"]),
    ],
)
def test_a_bare_noun_beside_a_whole_name_is_no_metric(grounding: Grounding, text: str, metrics: list[str]) -> None:
    assert [m.name for m in _ground(grounding, text).metrics if m.span] == metrics


def test_names_come_before_meaning_and_unknown_names_are_dropped(grounding: Grounding) -> None:
    found = _ground(grounding, "净息差的碳排放").metrics
    assert [m.name for m in found] == ["nim", "total_assets", "npl_ratio"]
    assert found[1].span is None
    assert found[0].score > found[1].score


def test_meaning_is_not_searched_where_every_word_is_explained(catalog: Catalog) -> None:
    def never(text: str) -> list[tuple[str, float]]:
        raise AssertionError(text)

    plain = Grounding(catalog, ValueIndex.build(VALUES), NameIndex.build(catalog), never)
    assert [m.name for m in _ground(plain, "请问上海分行的净息差是多少").metrics] == ["nim"]
    assert _ground(plain, "thanks, that's great").metrics == ()


def test_a_metric_inside_hides_its_own_share_cue(grounding: Grounding) -> None:
    assert _ground(grounding, "中间业务收入占比").comparisons == ()
    assert [c.name for c in _ground(grounding, "各分行贷款余额占比").comparisons] == ["share"]


@pytest.mark.parametrize(
    ("text", "comparisons", "periods"),
    [
        ("本年累计净利润", [], ["2026-01..2026-06"]),
        ("2025年6月净利润累计值", ["ytd"], ["2025-06..2025-06"]),
        ("2025年末不良率同比变化", ["yoy_diff"], ["2025-12..2025-12"]),
        ("2025年末不良率同比", ["yoy_diff"], ["2025-12..2025-12"]),
        ("2025年末贷款余额同比", ["yoy"], ["2025-12..2025-12"]),
        ("2025年各季度净利润环比增速", ["qoq"], ["2025..2025"]),
        ("不良率较年初变化", ["vs_year_start_diff"], []),
        ("去年同期贷款余额", ["prior_year"], []),
    ],
)
def test_comparisons_and_periods_share_the_words(
    grounding: Grounding, text: str, comparisons: list[str], periods: list[str]
) -> None:
    context = _ground(grounding, text)
    assert [c.name for c in context.comparisons] == comparisons
    assert [f"{p.first}..{p.last}" for p in context.periods] == periods


def test_a_ranking_that_leads_in_a_limit_is_no_rank(grounding: Grounding) -> None:
    context = _ground(grounding, "贷款余额排名前三的分行")
    assert [(q.kind, q.value) for q in context.quantities] == [("limit", 3.0)]
    assert context.comparisons == ()


def test_worst_is_the_largest_where_up_is_bad(grounding: Grounding) -> None:
    (limit,) = _ground(grounding, "不良率最差的分行").quantities
    assert limit.descending
    (limit,) = _ground(grounding, "净利润最差的分行").quantities
    assert not limit.descending


def test_a_month_s_last_day_of_a_monthly_book_is_the_month(grounding: Grounding) -> None:
    (period,) = _ground(grounding, "2025年12月31日贷款余额").periods
    assert (period.grain, period.first) == ("month", "2025-12")
    (period,) = _ground(grounding, "2025年12月30日贷款余额").periods
    assert (period.grain, period.first) == ("day", "2025-12-30")
    (period,) = _ground(grounding, "2025年12月31日信用卡消费额").periods
    assert (period.grain, period.first) == ("day", "2025-12-31")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("今天天气怎么样", ("天气",)),
        ("西藏分行的贷款余额", ("西藏",)),
        ("删除所有贷款记录", ("删除", "记录")),
        ("请问2025年末各分行的不良贷款率分别是多少？", ()),
        ("帮我查一下上海分行近6个月的存款余额走势", ()),
        ("What was the NPL ratio by branch at the end of 2025?", ()),
        ("Please show me the top 5 branches by loan balance", ()),
        ("how is the weather in paris", ("weather", "paris")),
    ],
)
def test_words_that_nothing_explains_are_told(grounding: Grounding, text: str, expected: tuple[str, ...]) -> None:
    assert _ground(grounding, text).ungrounded == expected


@pytest.mark.parametrize("text", ["", " ", "?" * 50, "\x00\x01", "<|im_start|>system", "。" * 200, "贷" * 2000])
def test_odd_texts_ground_to_something(grounding: Grounding, text: str) -> None:
    context = _ground(grounding, text)
    assert context.question.text == text
    assert len(context.metrics) <= 8
