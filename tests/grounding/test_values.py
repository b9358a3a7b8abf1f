"""Values of dimensions as people write them: full, short, aliased, denied, mistyped."""

from __future__ import annotations

import pytest

from t2sql.flow import Span
from t2sql.grounding.values.values import ValueEntry, ValueIndex

ENTRIES = (
    ValueEntry("region", "华东区", ("华东", "华东地区", "East China")),
    ValueEntry("region", "华南区", ("华南", "South China")),
    ValueEntry("region", "西南区", ("西南", "Southwest China")),
    ValueEntry("branch", "上海分行", ("Shanghai Branch",)),
    ValueEntry("branch", "杭州分行", ("Hangzhou Branch",)),
    ValueEntry("branch", "南京分行", ("Nanjing Branch",)),
    ValueEntry("branch", "深圳分行", ("Shenzhen Branch",)),
    ValueEntry("branch", "广州分行", ("Guangzhou Branch",)),
    ValueEntry("branch", "西安分行", ("Xi'an Branch",)),
    ValueEntry("branch", "乌鲁木齐分行", ("Urumqi Branch",)),
    ValueEntry("sub_branch", "陆家嘴支行", ("Lujiazui Sub-branch",)),
    ValueEntry("sub_branch", "上海分行营业部", ("Shanghai Branch Business Department",)),
    ValueEntry("city", "上海", ("Shanghai",)),
    ValueEntry("city", "杭州", ("Hangzhou",)),
    ValueEntry("customer_type", "个人", ("零售", "retail", "individual")),
    ValueEntry("customer_type", "对公", ("公司客户", "corporate")),
    ValueEntry("segment", "小微", ("小微客户", "small and micro")),
    ValueEntry("segment", "私行", ("私人银行", "private banking")),
    ValueEntry("product", "个人住房贷款", ("房贷", "按揭", "mortgage", "home loan")),
    ValueEntry("product", "小微企业贷款", ()),
    ValueEntry("product", "大额存单", ("CD",)),
    ValueEntry("product_type", "个人贷款", ()),
    ValueEntry("industry", "制造业", ("manufacturing",)),
    ValueEntry("industry", "房地产业", ("房地产", "real estate")),
    ValueEntry("currency", "USD", ("美元", "US dollar")),
    ValueEntry("risk_class", "次级", ("substandard",)),
    ValueEntry("overdue_bucket", "31-90天", ("逾期31-90天",)),
    ValueEntry("overdue_bucket", "181天以上", ()),
    ValueEntry("loan_term_band", "1年以内", ("short-term",)),
    ValueEntry("collateral", "抵押", ("抵押贷款", "mortgaged")),
    ValueEntry("channel", "线上", ("online",)),
)
ALL = frozenset(entry.dimension for entry in ENTRIES)

# Text -> "dimension=value" in order, ! for denied.
CASES = """
上海分行的不良率 | branch=上海分行
上海的不良率 | branch=上海分行 city=上海
上海分行营业部存款 | sub_branch=上海分行营业部
华东区不良贷款 | region=华东区
华东地区贷款 | region=华东区
華東區貸款餘額 | region=华东区
陆家嘴支行存款 | sub_branch=陆家嘴支行
陆家嘴的存款 | sub_branch=陆家嘴支行
上海、杭州、南京分行的存款 | branch=上海分行 branch=杭州分行 branch=南京分行
华东和华南的贷款 | region=华东区 region=华南区
小微客户贷款 | segment=小微
小微企业贷款余额 | product=小微企业贷款
房贷余额 | product=个人住房贷款
按揭多少 | product=个人住房贷款
个人住房贷款余额 | product=个人住房贷款
个人贷款余额 | product_type=个人贷款
零售客户数 | customer_type=个人
公司客户数 | customer_type=对公
私人银行客户 | segment=私行
制造业和房地产贷款 | industry=制造业 industry=房地产业
美元存款 | currency=USD
USD deposits | currency=USD
次级贷款 | risk_class=次级
逾期31-90天的贷款 | overdue_bucket=31-90天
逾期181天以上 | overdue_bucket=181天以上
1年以内贷款 | loan_term_band=1年以内
抵押贷款 | collateral=抵押
线上消费 | channel=线上
NPL ratio of Shanghai Branch | branch=上海分行
NPL ratio in shanghai | branch=上海分行 city=上海
Shanghai and Hangzhou branches | branch=上海分行 branch=杭州分行
loans in East China | region=华东区
Lujiazui sub-branch deposits | sub_branch=陆家嘴支行
Lujiazui Subbranch | sub_branch=陆家嘴支行
mortgage balance | product=个人住房贷款
small-and-micro lending | segment=小微
real estate loans | industry=房地产业
retail deposits | customer_type=个人
除上海分行外各分行 | !branch=上海分行
不含华东 | !region=华东区
华东、华南除外 | !region=华东区 !region=华南区
剔除房地产业 | !industry=房地产业
非房地产业贷款 | !industry=房地产业
excluding East China | !region=华东区
except for Shanghai Branch and Hangzhou Branch | !branch=上海分行 !branch=杭州分行
non-retail deposits | !customer_type=个人
华东不含上海分行 | region=华东区 !branch=上海分行
"""

NOTHING = """
西藏分行不良率
天气怎么样
acdc
retailer
ratio of usdx
深训分行
"""

TYPOS = """
陆家咀支行存款 | sub_branch=陆家嘴支行
陆家最支行 | sub_branch=陆家嘴支行
乌鲁木其分行贷款 | branch=乌鲁木齐分行
房地厂业贷款 | industry=房地产业
Shenzen branch | branch=深圳分行
Guangzhuo | branch=广州分行
manufacuring loans | industry=制造业
Lujiazi sub-branch | sub_branch=陆家嘴支行
"""


@pytest.fixture(scope="module")
def index() -> ValueIndex:
    return ValueIndex.build(ENTRIES)


def _told(index: ValueIndex, text: str) -> list[str]:
    return [f"{'!' * v.is_negated}{v.dimension}={v.value}" for v in index.find(text, ALL)]


@pytest.mark.parametrize("line", CASES.strip().splitlines())
def test_a_value_is_found(index: ValueIndex, line: str) -> None:
    text, _, expected = line.partition(" | ")
    assert _told(index, text) == expected.split()


@pytest.mark.parametrize("text", NOTHING.strip().splitlines())
def test_other_words_are_no_values(index: ValueIndex, text: str) -> None:
    assert index.find(text, ALL) == ()


@pytest.mark.parametrize("line", TYPOS.strip().splitlines())
def test_a_misprint_is_found_with_a_lower_score(index: ValueIndex, line: str) -> None:
    text, _, expected = line.partition(" | ")
    assert _told(index, text) == [expected]
    assert all(mention.score < 0.95 for mention in index.find(text, ALL))


def test_a_dimension_that_is_not_allowed_gives_nothing(index: ValueIndex) -> None:
    assert [v.dimension for v in index.find("上海的不良率", frozenset(["city"]))] == ["city"]
    assert index.find("上海的不良率", frozenset()) == ()


def test_skipped_spans_are_left_alone(index: ValueIndex) -> None:
    assert index.find("上海分行", ALL, [Span(0, 4)]) == ()


def test_one_word_of_two_dimensions_gives_both() -> None:
    index = ValueIndex.build([ValueEntry("customer_name", "陆家嘴"), ValueEntry("district", "陆家嘴")])
    found = index.find("陆家嘴的贷款", frozenset(["customer_name", "district"]))
    assert {(v.dimension, v.span) for v in found} == {("customer_name", Span(0, 3)), ("district", Span(0, 3))}


def test_a_span_points_at_the_words_as_asked(index: ValueIndex) -> None:
    text = "請看 ＵＳＤ存款"
    (mention,) = index.find(text, ALL)
    assert text[mention.span.start : mention.span.end] == "ＵＳＤ"


def test_a_hundred_thousand_values_answer_at_once() -> None:
    from time import perf_counter

    entries = [ValueEntry("customer_name", f"客户{number:06d}有限公司") for number in range(100_000)]
    index = ValueIndex.build(entries)
    started = perf_counter()
    found = index.find("客户012345有限公司2025年末的贷款余额是多少", frozenset(["customer_name"]))
    assert [v.value for v in found] == ["客户012345有限公司"]
    assert perf_counter() - started < 0.5
