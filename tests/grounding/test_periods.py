"""Time expressions as bankers write them, in both languages.

Today is 10 July 2026; everything is loaded to the end of June.
"""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from t2sql.grounding.time.periods import find_periods

TODAY, LOADED = date(2026, 7, 10), date(2026, 6, 30)

# Text -> periods as "grain first[..last][+]", + for cumulative.
CASES = """
2024年末各分行贷款余额 | month 2024-12
2024年12月末不良率 | month 2024-12
2024-12 不良率 | month 2024-12
总资产每年年末数，2023到2025 | year 2023..2025
how many loans, and in what amount? March-end | month 2026-03
wealth balance at YE25 | month 2025-12
２０２４年１２月末貸款餘額 | month 2024-12
2024 年 12 月末 贷款 余额 | month 2024-12
二〇二四年末贷款余额 | month 2024-12
二零二五年三月存款 | month 2025-03
24年末不良率 | month 2024-12
202503 存款余额 | month 2025-03
spend between 1 and 5 May 2026 | day 2026-05-01..2026-05-05
spend between the 1st and the 5th of May 2026 | day 2026-05-01..2026-05-05
spend between May 1 and 5, 2026 | day 2026-05-01..2026-05-05
spend between 28 April and 5 May 2026 | day 2026-04-28..2026-05-05
spend on 1, 3 and 5 May 2026 | day 2026-05-01; day 2026-05-03; day 2026-05-05
去年国庆假期（10月1日至7日）消费 | day 2025-10-01..2025-10-07
spend over the National Day holiday (1-7 October 2025) | day 2025-10-01..2025-10-07
2025/03 deposits | month 2025-03
2024年底的客户数 | month 2024-12
2024年2季度末 | month 2024-06
去年四季度末不良率 | month 2025-12
2025年初不良余额 | month 2024-12
年初存款余额 | month 2025-12
年末贷款余额 | month 2025-12
三月末 | month 2026-03
十二月末 | month 2025-12
6月末存款 | month 2026-06
2024Q2净利润 | quarter 2024-Q2
2024年二季度净利润 | quarter 2024-Q2
2024年第四季度 | quarter 2024-Q4
二季度净利润 | quarter 2026-Q2
2024年上半年利息净收入 | half 2024-H1
去年下半年 | half 2025-H2
2024年全年净利润 | year 2024
2024年度营业收入 | year 2024
23年和24年净利润 | year 2023; year 2024
上月新发放贷款 | month 2026-06
上个月末贷款余额 | month 2026-06
本月信用卡消费 | month 2026-07
上季度净利润 | quarter 2026-Q2
上季末不良率 | month 2026-06
去年净利润 | year 2025
去年末存款余额 | month 2025-12
前年净利润 | year 2024
今年营业收入 | year 2026
今年一季度净利润 | quarter 2026-Q1
今年以来新增客户 | month 2026-01..2026-06+
年初至今净利润 | month 2026-01..2026-06+
本年累计净利润 | month 2026-01..2026-06+
截至目前今年净利润 | month 2026-01..2026-06+
近6个月不良率走势 | month 2026-01..2026-06
过去12个月存款余额 | month 2025-07..2026-06
最近一年的净息差 | month 2025-07..2026-06
近半年净利润 | month 2026-01..2026-06
近三年净利润 | month 2023-07..2026-06
近四个季度净利润 | quarter 2025-Q3..2026-Q2
近30天日均存款 | day 2026-06-01..2026-06-30
2024年前三季度净利润 | quarter 2024-Q1..2024-Q3+
今年前5个月 | month 2026-01..2026-05+
2024年1-6月累计净利润 | month 2024-01..2024-06+
2024年1月到6月新发放贷款 | month 2024-01..2024-06
去年1-6月 | month 2025-01..2025-06
2024年11月到2月 | month 2024-11..2025-02
2024年11月到次年2月 | month 2024-11..2025-02
2023年至2025年各年净利润 | year 2023..2025
2023-2025年净利润 | year 2023..2025
2023年末至2025年末 | month 2023-12..2025-12
2025年一至三季度 | quarter 2025-Q1..2025-Q3
从年初到6月末新发放贷款 | month 2026-01..2026-06
2025年3月以来不良率 | month 2025-03..2026-06
2024年一季度和二季度的净利润 | quarter 2024-Q1; quarter 2024-Q2
一、二季度净利润 | quarter 2026-Q1; quarter 2026-Q2
2024年3、6、9月末不良率 | month 2024-03; month 2024-06; month 2024-09
2023、2024、2025年末贷款余额 | month 2023-12; month 2024-12; month 2025-12
去年12月和今年6月的存款 | month 2025-12; month 2026-06
去年末和6月末的存款 | month 2025-12; month 2026-06
2025年6月末比2024年末不良余额增加多少 | month 2025-06; month 2024-12
2025年6月与2024年同期净利润 | month 2025-06; month 2024-06
2025年12月31日存款余额 | day 2025-12-31
截至2025年12月31日存款余额 | month 2025-12
2025年7月1日到2025年7月15日日均存款 | day 2025-07-01..2025-07-15
昨天的存款余额 | day 2026-07-09
上周信用卡消费 | week 2026-W27
2025年第7周信用卡消费 | week 2025-W07
2024年6月末较年初增加多少 | month 2024-06
2025年6月本年累计净利润 | month 2025-06
2025年6月当月净利润 | month 2025-06
今年比去年多多少 | year 2026
2026年末营业收入 | month 2026-12
loan balance at the end of June 2024 | month 2024-06
NPL ratio as of 31 March 2025 | month 2025-03
as at end-June 2025 | month 2025-06
June 30, 2025 balance | day 2025-06-30
31/03/2025 balance | day 2025-03-31
Dec 2024 deposits | month 2024-12
Dec-24 NPL | month 2024-12
Dec'24 NPL | month 2024-12
NPL ratio in May 2025 | month 2025-05
June deposits | month 2026-06
H1 2024 net profit | half 2024-H1
1H25 net profit | half 2025-H1
first half of last year | half 2025-H1
the second quarter of 2025 | quarter 2025-Q2
2Q25 net profit | quarter 2025-Q2
Q2'25 vs Q1'25 | quarter 2025-Q2; quarter 2025-Q1
fee income in FY24 | year 2024
FY2025 H1 | half 2025-H1
year-end 2024 loan balance | month 2024-12
2024 year-end deposits | month 2024-12
YE2024 deposits | month 2024-12
net profit YTD | month 2026-01..2026-06+
past 12 months fee income | month 2025-07..2026-06
last 4 quarters NII | quarter 2025-Q3..2026-Q2
last quarter operating income | quarter 2026-Q2
end of last month | month 2026-06
last quarter-end NPL ratio | month 2026-06
last year operating income | year 2025
Q4 last year and Q4 this year | quarter 2025-Q4; quarter 2026-Q4
last year's Q4 | quarter 2025-Q4
new loans from Jan to Jun 2025 | month 2025-01..2025-06
from Oct to Mar 2025 | month 2024-10..2025-03
between March and June 2024 | month 2024-03..2024-06
net profit between Q1 2024 and Q3 2024 | quarter 2024-Q1..2024-Q3
from 2023 to 2025 | year 2023..2025
Q1 and Q2 2024 net profit | quarter 2024-Q1; quarter 2024-Q2
Mar, Apr and May 2025 | month 2025-03; month 2025-04; month 2025-05
since March 2025 | month 2025-03..2026-06
first nine months of 2025 net profit | month 2025-01..2025-09+
9M 2025 revenue | month 2025-01..2025-09+
the quarter ended 30 June 2025 | quarter 2025-Q2
nine months to September 2025 | month 2025-01..2025-09
How did deposits grow over 2024? | year 2024
2024 loans | year 2024
2024年和2025年1-6月新发放贷款 | month 2024-01..2024-06; month 2025-01..2025-06
去年和今年上半年净利润 | half 2025-H1; half 2026-H1
2022年、2023年和2024年上半年净利润 | year 2022; year 2023; half 2024-H1
23、24、25三年净利润 | year 2023; year 2024; year 2025
23-25年净利润 | year 2023..2025
2024年和2025年两年净利润 | year 2024; year 2025
三四月份新增客户 | month 2026-03; month 2026-04
一二季度手续费 | quarter 2026-Q1; quarter 2026-Q2
6月1日至15日刷卡金额 | day 2026-06-01..2026-06-15
June 1-15, 2026 spend | day 2026-06-01..2026-06-15
2025年12月下旬交易 | day 2025-12-21..2025-12-31
last quarter of 2025 fee income | quarter 2025-Q4
2025年最后一个季度 | quarter 2025-Q4
近四个季末不良率 | month 2025-09; month 2025-12; month 2026-03; month 2026-06
year-end of the last two years | month 2024-12; month 2025-12
Q1 of the last three years | quarter 2024-Q1; quarter 2025-Q1; quarter 2026-Q1
2023-2025年每年一季度 | quarter 2023-Q1; quarter 2024-Q1; quarter 2025-Q1
year-end 2023, 2024 and 2025 loans | month 2023-12; month 2024-12; month 2025-12
H1 2024 and 2025 fee income | half 2024-H1; half 2025-H1
Q4 2024 and full year 2025 | quarter 2024-Q4; year 2025
net profit in Q4 2024 and in 2025 | quarter 2024-Q4; year 2025
LTM June 2025 net profit | month 2024-07..2025-06
past 12 months to March 2026 | month 2025-04..2026-03
截至2026年3月的滚动12个月贷款发放额 | month 2025-04..2026-03
截至2025年末近三年净利润 | month 2023-01..2025-12
2025.01.01-2025.03.31刷卡 | day 2025-01-01..2025-03-31
在2025年5月和2026年5月之间 | month 2025-05..2026-05
March deposits by branch | month 2026-03
the week ended 28 June 2026 | week 2026-W26
第二十六周刷卡 | week 2026-W26
two quarters ago | quarter 2026-Q1
2024年年中存款 | month 2024-06
三季度末余额 | month 2025-09
季末不良率 | month 2026-06
month-end deposits | month 2026-06
YTD各分行净利润 | month 2026-01..2026-06+
deposits Febuary 2025 | month 2025-02
2024年中收 | year 2024
2024年中间业务收入 | year 2024
十二月底与六月底的存款 | month 2025-12; month 2026-06
8月和7月的刷卡额 | month 2025-08; month 2025-07
12月和1月的刷卡额 | month 2025-12; month 2026-01
last December vs this June | month 2025-12; month 2026-06
5、6两个月刷卡额 | month 2026-05; month 2026-06
最新一个月手续费 | month 2026-06
latest quarter fee income | quarter 2026-Q2
the week of 15 June | week 2026-W25
"""

NO_PERIOD = """
目前贷款余额
当前不良率
最新存款余额
latest NPL ratio
as of today
去年同期贷款余额是多少
存款较上月末变化
与上月相比不良率变化
存款余额比去年增加多少
贷款余额较年初增长
贷款同比增速
compared with last year, how did deposits change
deposits up from last month
NPL ratio change since the start of the year
金额超过2024万元的贷款
2024万元以上
branches with more than 2024 customers
1年以内贷款余额
3年期贷款
1-5年贷款占比
贷款期限24个月以上
三个月定期存款
逾期90天以上
loans over 5 years
which branches may have higher NPL
每月末存款余额
各年末贷款余额
20个客户
线上月均消费
线下季度消费
30岁以上年龄客户
以前年度核销
当前年化收益率
提前3个月还款
may i see loans by branch
每月月末存款
各季末不良率
deposits at each month-end
前海支行期末余额
the first half of the list
"""


def _told(text: str, today: date = TODAY, loaded: date | None = LOADED, fiscal: int = 1) -> list[str]:
    return [
        f"{p.grain} {p.first}" + (f"..{p.last}" if p.last != p.first else "") + "+" * p.is_cumulative
        for p in find_periods(text, today, loaded, fiscal)
    ]


@pytest.mark.parametrize("line", CASES.strip().splitlines())
def test_a_time_expression_becomes_literals(line: str) -> None:
    text, _, expected = line.partition(" | ")
    assert _told(text) == expected.split("; ")


@pytest.mark.parametrize("text", NO_PERIOD.strip().splitlines())
def test_amounts_terms_and_comparisons_are_no_periods(text: str) -> None:
    assert _told(text) == []


@pytest.mark.parametrize(
    ("text", "today", "loaded", "expected"),
    [
        ("今年以来净利润", date(2026, 1, 5), date(2025, 12, 31), ["month 2026-01+"]),
        ("上月末", date(2026, 1, 5), date(2025, 12, 31), ["month 2025-12"]),
        ("上季度", date(2026, 2, 1), None, ["quarter 2025-Q4"]),
        ("近3个月", date(2026, 7, 10), None, ["month 2026-04..2026-06"]),
        ("近3个月", date(2026, 7, 10), date(2026, 5, 31), ["month 2026-03..2026-05"]),
        ("近3个月", date(2026, 7, 10), date(2026, 7, 8), ["month 2026-04..2026-06"]),
        ("last year", date(2024, 2, 29), None, ["year 2023"]),
        ("上周", date(2026, 1, 5), None, ["week 2026-W01"]),
    ],
)
def test_relative_words_count_from_the_clock_and_the_last_load(
    text: str, today: date, loaded: date | None, expected: list[str]
) -> None:
    assert _told(text, today, loaded) == expected


def test_a_fiscal_year_of_its_own_start_is_told_as_fiscal() -> None:
    assert _told("FY2024 Q2 net profit", fiscal=4) == ["quarter FY2024-Q2"]
    assert _told("year-end FY2024", fiscal=4) == ["month 2024-03"]
    assert _told("上一财年净利润", fiscal=4) == ["year FY2026"]
    assert _told("FY2024 June deposits", fiscal=4) == ["month 2023-06"]
    assert _told("FY24-25 net profit", fiscal=4) == ["year FY2025"]
    assert _told("FYTD net profit", fiscal=4) == ["month 2026-04..2026-06"]
    assert _told("fee income since FY2026", fiscal=4) == ["month 2025-04..2026-06"]


def test_a_span_points_at_the_words_as_asked() -> None:
    text = "請問２０２４年末，\u200b貸款"
    (period,) = find_periods(text, TODAY, LOADED)
    assert text[period.span.start : period.span.end] == "２０２４年末"


@settings(max_examples=150, deadline=None)
@given(
    st.text(alphabet="2024年月末底初季度半上下去今近个1-至到和、,. /QHFYqhMarjun以来累计前三第一同比较w", max_size=30)
)
def test_no_text_breaks_it(text: str) -> None:
    for period in find_periods(text, TODAY, LOADED):
        assert 0 <= period.span.start < period.span.end <= len(text)
        assert period.first
