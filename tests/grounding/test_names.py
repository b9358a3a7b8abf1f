"""Names of the demo bank's catalog as people write them, and the cues around them."""

from __future__ import annotations

import pytest

from t2sql.catalog import Catalog, Grain
from t2sql.grounding.names.names import NameIndex

METRICS = """
2024年末各分行贷款余额 | loan_balance
不良率 | npl_ratio
不良贷款率最高的支行 | npl_ratio
不良贷款余额 | npl_balance
個人存款餘額 | retail_deposit_balance
活期存款占比 | casa_ratio
日均存款余额 | deposit_daily_avg
拨备覆盖率 | provision_coverage
拨贷比 | loan_provision_ratio
存贷比 | loan_to_deposit
净息差 | nim
中间业务收入占比 | fee_income_share
成本收入比 | cost_to_income
户均AUM | aum_per_customer
新增客户数 | new_customers
流失客户数 | churned_customers
逾期90天以上贷款余额 | overdue_90_balance
外币贷款余额 | foreign_loan_balance
利息净收入和净利润 | net_interest_income net_profit
NPL ratio by branch | npl_ratio
loan-to-deposit ratio | loan_to_deposit
LOAN BALANCE | loan_balance
npl_ratio | npl_ratio
cost-to-income ratio | cost_to_income
net profit and ROE | net_profit roe
"""

NEAR = """
which branch has the highest NPL rato | npl_ratio
net intrest margin | nim
不良贷佘余额 | npl_balance
provision covrage | provision_coverage
"""

NOT_METRICS = ["天气怎么样", "weather", "nimble", "aumx", "你好"]

DIMENSIONS = """
各分行贷款余额 | branch 1.0
按客群和产品统计 | segment 1.0, product 1.0
分区域看不良率 | region 1.0
每个支行的存款 | sub_branch 1.0
哪个分行不良率最高 | branch 1.0
不良率最高的分行 | branch 1.0
余额超过10亿的支行 | sub_branch 1.0
前五大行业 | industry 1.0
不同币种的存款 | currency 1.0
分行排名 | branch 1.0
这个分行的贷款余额 | branch 0.6
按区域、客群 | region 1.0, segment 1.0
NPL ratio by region and segment | region 1.0, segment 1.0
loans per branch | branch 1.0
for each sub-branch | sub_branch 1.0
which branch is best | branch 1.0
top 5 industries | industry 1.0
across currencies | currency 1.0
branches with NPL above 3% | branch 1.0
the branch deposits | branch 0.6
"""

GRAINS = """
每月末存款余额 | month
逐月新发放贷款 | month
2025年各月净利润 | month
按季度统计 | quarter
每季度净利润 | quarter
逐年净利润 | year
历年不良率 | year
每日存款 | day
月度走势 | month
不良率走势 | month
不良率的季度趋势 | quarter
按分行和月份统计 | month
monthly net profit | month
by quarter | quarter
per year | year
NPL trend | month
quarterly NPL trend | quarter
by branch and month | month
daily balances | day
月均贷款余额 |
daily average deposits |
2025年末贷款余额 |
"""

# Text | function for an amount | function for a ratio.
COMPARISONS = """
同比 | yoy | yoy_diff
同比增速 | yoy | yoy
同比增长率 | yoy | yoy
同比变化 | yoy_diff | yoy_diff
同比增加额 | yoy_diff | yoy_diff
同比增减 | yoy_diff | yoy_diff
较去年同期变化 | yoy_diff | yoy_diff
比去年增加多少 | yoy_diff | yoy_diff
环比 | mom | prev_diff
环比增速 | mom | mom
环比变化 | prev_diff | prev_diff
较年初增加 | vs_year_start_diff | vs_year_start_diff
较年初增长 | vs_year_start | vs_year_start_diff
比年初 | vs_year_start_diff | vs_year_start_diff
较上年末增速 | vs_year_start | vs_year_start
年累计 | ytd | ytd
累计 | ytd | ytd
去年同期 | prior_year | prior_year
占比 | share | share
份额 | share | share
排名 | rank | rank
比上月末增加多少 | mom_diff | mom_diff
较上季度末变化 | qoq_diff | qoq_diff
year-on-year growth | yoy | yoy_diff
YoY growth rate | yoy | yoy
YoY change | yoy_diff | yoy_diff
month over month growth rate | mom | mom
month-on-month change | mom_diff | mom_diff
quarter on quarter | qoq | qoq_diff
vs start of the year | vs_year_start_diff | vs_year_start_diff
change since the start of the year | vs_year_start_diff | vs_year_start_diff
year to date | ytd | ytd
share of total | share | share
ranking | rank | rank
same period last year | prior_year | prior_year
compared with last year | yoy | yoy_diff
change from last month | mom_diff | mom_diff
"""


@pytest.fixture(scope="module")
def names(catalog: Catalog) -> NameIndex:
    return NameIndex.build(catalog)


@pytest.mark.parametrize("line", METRICS.strip().splitlines())
def test_a_metric_is_found_by_its_words(names: NameIndex, line: str) -> None:
    text, _, expected = line.partition(" | ")
    found = names.find_metrics(text)
    assert [m.name for m in found] == expected.split()
    assert all(m.score == 1.0 for m in found)


@pytest.mark.parametrize("line", NEAR.strip().splitlines())
def test_a_near_miss_is_found_with_a_lower_score(names: NameIndex, line: str) -> None:
    text, _, expected = line.partition(" | ")
    (found,) = names.find_metrics(text)
    assert found.name == expected
    assert found.score < 1.0


@pytest.mark.parametrize("text", NOT_METRICS)
def test_other_words_are_no_metrics(names: NameIndex, text: str) -> None:
    assert names.find_metrics(text) == ()


@pytest.mark.parametrize("line", DIMENSIONS.strip().splitlines())
def test_a_cue_tells_a_grouping_from_a_mention(names: NameIndex, line: str) -> None:
    text, _, expected = line.partition(" | ")
    assert ", ".join(f"{d.name} {d.score}" for d in names.find_dimensions(text)) == expected


@pytest.mark.parametrize("line", GRAINS.strip().splitlines())
def test_a_grain_asked_as_grouping_is_found(names: NameIndex, line: str) -> None:
    text, _, expected = line.partition(" |")
    assert [g.name for g in names.find_grains(text)] == expected.split()


@pytest.mark.parametrize("line", COMPARISONS.strip().splitlines())
def test_a_comparison_depends_on_the_unit(names: NameIndex, line: str) -> None:
    text, amount, ratio = line.split(" | ")
    assert [c.name for c in names.find_comparisons(text)] == [amount]
    assert [c.name for c in names.find_comparisons(text, is_ratio=True)] == [ratio]


@pytest.mark.parametrize(
    ("grain", "expected"), [("month", "mom"), ("quarter", "qoq"), ("year", "prev_diff"), (None, "mom")]
)
def test_one_step_back_is_of_the_asked_grain(names: NameIndex, grain: Grain | None, expected: str) -> None:
    assert [c.name for c in names.find_comparisons("环比增速", grain=grain)] == [expected]


def test_a_narrowed_catalog_knows_no_hidden_name(catalog: Catalog) -> None:
    from dataclasses import replace

    visible = {name: metric for name, metric in catalog.metrics.items() if name != "cost_to_income"}
    narrowed = NameIndex.build(replace(catalog, metrics=visible))
    assert "cost_to_income" not in {m.name for m in narrowed.find_metrics("成本收入比 cost to income ratio")}
