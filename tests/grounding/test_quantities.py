"""Thresholds and limits as bankers write them, in both languages."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from t2sql.flow import Quantity
from t2sql.grounding.numbers.numerals import read_number
from t2sql.grounding.numbers.quantities import find_quantities

# Text -> "operator value unit" or "top N" / "bottom N".
CASES = """
贷款余额超过5000万的支行 | > 50000000 CNY
不良率大于3%的分行 | > 0.03 ratio
拨备覆盖率不低于150% | >= 1.5 ratio
存款余额至少10亿元的分行 | >= 1000000000 CNY
余额5000万以上 | >= 50000000 CNY
余额1亿以下 | <= 100000000 CNY
1亿元以内 | <= 100000000 CNY
不良率不到1%的 | < 0.01 ratio
存贷比<75% | < 0.75 ratio
≥120% | >= 1.2 ratio
存款超三千万 | > 30000000 CNY
the five branches with the smallest average deposit, smallest first | bottom 5
the three products whose balance is the largest | top 3
which three fee types brought in the most | top 3
which four merchant categories had the lowest spend | bottom 4
大于三点五亿 | > 350000000 CNY
不良率在1%到2%之间 | between 0.01 0.02 ratio
不良率1%-2%的分行 | between 0.01 0.02 ratio
1到2亿之间 | between 100000000 200000000 CNY
1.5亿元到3亿元 | between 150000000 300000000 CNY
上升2个百分点 | 0.02 ratio
上升超过20bp | > 0.002 bp
超过千分之三 | > 0.003 ratio
超过百分之五 | > 0.05 ratio
占比超过两成 | > 0.2 ratio
占比超过四分之一 | > 0.25 ratio
客户数超过1万户的支行 | > 10000 count
最多10% | <= 0.1 ratio
NPL ratio under 2% | < 0.02 ratio
branches with loan balance over 1.5 billion | > 1500000000 CNY
at least 3 percent | >= 0.03 ratio
more than 500 million yuan | > 500000000 CNY
NPL ratio between 1% and 2% | between 0.01 0.02 ratio
not exceeding 75% | <= 0.75 ratio
RMB 2bn or more | >= 2000000000 CNY
over ¥50 million | > 50000000 CNY
more than 10,000 customers | > 10000 count
less than 100bps | < 0.01 bp
exceeds 2 percentage points | > 0.02 ratio
5%+ | >= 0.05 ratio
前五的分行 | top 5
前10名支行 | top 10
贷款余额前十大行业 | top 10
不良率排名前三 | top 3
最高的3个分行 | top 3
最大的十家客户 | top 10
客户最多的3家支行 | top 3
排名第一的支行 | top 1
哪个分行不良率最高 | top 1
5个不良率最高的分行 | top 5
两个存款最少的区域 | bottom 2
three branches with the lowest deposits | bottom 3
不良率最低的前三名 | bottom 3
净利润是负的分行 | < 0
made a loss last year | < 0
不良率为零的分行 | = 0
存款最多的分行 | top 1
最低的五家支行 | bottom 5
后三名 | bottom 3
倒数五名 | bottom 5
哪三家支行存款最少 | bottom 3
top 5 branches | top 5
top ten customers | top 10
the five largest branches | top 5
which branch has the highest NPL ratio | top 1
Which region had the most new customers | top 1
bottom 3 branches | bottom 3
worst five branches | bottom 5
which 3 branches have the lowest NPL | bottom 3
未达到5000万的支行 | < 50000000 CNY
存款未超过1亿的支行 | <= 100000000 CNY
存款不满1亿的支行 | < 100000000 CNY
存款过百亿的分行 | > 10000000000 CNY
余额超3个亿的支行 | > 300000000 CNY
占比过半的行业 | > 0.5 ratio
占比三成五以上 | >= 0.35 ratio
more than half of loans | > 0.5 ratio
at least two thirds of loans | >= 0.666666666667 ratio
NPL ratio that doesn't exceed 2% | <= 0.02 ratio
not below 2% | >= 0.02 ratio
did not reach 50 million yuan | < 50000000 CNY
at or above 2% | >= 0.02 ratio
5000万（不含）以上 | > 50000000 CNY
over half a billion yuan | > 500000000 CNY
over 5 mln yuan | > 5000000 CNY
over 2 million active customers | > 2000000 count
over 300 million new loans | > 300000000 CNY
more than twenty-five branches | > 25 count
客户数超过5万 | > 50000
余额多于3000w | > 30000000 CNY
增长超两倍 | > 2 ratio
三大产品贷款余额 | top 3
不良率第二低的分行 | nth -2
third from the bottom by deposits | nth -3
排名第五的支行 | nth 5
"""

NOTHING = """
近6个月
前三季度
前6个月
5年以上贷款
逾期90天以上
目前5家支行的存款
目前三家分行
R3以上
2024年12月末
第三季度
last 12 months
成本收入比
存款超过500万美元
deposits over USD 5 million
前10%的客户
top 10% of branches
不在1%到2%之间
不等于0
over a quarter
within half a year
经过5个月
逾期超过90天
24/7
五一路
"""


def _told(quantity: Quantity) -> str:
    if quantity.kind == "order":
        return "descending" if quantity.descending else "ascending"
    if quantity.kind == "limit" and quantity.operator == "=":
        return f"nth {quantity.value if quantity.descending else -quantity.value:g}"
    if quantity.kind == "limit":
        return f"{'top' if quantity.descending else 'bottom'} {quantity.value:g}"
    bounds = [format(bound, ".12g") for bound in (quantity.value, quantity.upper) if bound is not None]
    return " ".join(part for part in (quantity.operator, *bounds, quantity.unit) if part)


@pytest.mark.parametrize("line", CASES.strip().splitlines())
def test_a_number_bounds_the_answer(line: str) -> None:
    text, _, expected = line.partition(" | ")
    assert [_told(quantity) for quantity in find_quantities(text)] == [expected]


@pytest.mark.parametrize("text", NOTHING.strip().splitlines())
def test_durations_and_dates_are_no_quantities(text: str) -> None:
    assert find_quantities(text) == ()


def test_a_limit_and_a_threshold_stand_side_by_side() -> None:
    text = "不良率超过2%的支行中贷款余额最高的前5家"
    assert [_told(q) for q in find_quantities(text)] == ["> 0.02 ratio", "top 5"]
    assert [text[q.span.start : q.span.end] for q in find_quantities(text)] == ["超过2%", "前5家"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("五千万", 5e7), ("三点五亿", 3.5e8), ("一千五百万", 1.5e7), ("5000万", 5e7), ("3.5亿", 3.5e8), ("廿", 20),
        ("十二", 12), ("一万二", 12_000), ("一百零五", 105), ("1,500", 1500), ("3千万", 3e7), ("一亿两千万", 1.2e8),
        ("两百", 200), ("twelve", 12), ("two hundred and fifty", 250), ("1e9", 1e9), ("贷款", None), ("", None),
    ],
)  # fmt: skip
def test_a_number_is_read(text: str, value: float | None) -> None:
    assert read_number(text) == value


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="0123456789.,%万亿千百分之一二两三成超过不低于以上前后名个最高top over%-至到~bp ", max_size=25))
def test_no_text_breaks_it(text: str) -> None:
    for quantity in find_quantities(text):
        assert 0 <= quantity.span.start < quantity.span.end <= len(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("不良率从高到低", "descending"),
        ("由低到高排列", "ascending"),
        ("各分行存款余额排名", "descending"),
        ("哪些分行不良率最高", "descending"),
        ("from highest to lowest", "descending"),
        ("smallest first", "ascending"),
        ("rank the branches by deposits", "descending"),
        ("排名前五的分行", "top 5"),
        ("最大的三个行业从高到低", "top 3"),
    ],
)
def test_an_order_without_a_number_is_no_limit(text: str, expected: str) -> None:
    assert [_told(q) for q in find_quantities(text)] == [expected]
