"""Parts of a year asked one by one, years said apart or in two figures, days of a daily book, rates said apart."""

# ruff: noqa: E501
# One case a line.

from __future__ import annotations

from datetime import date

import pytest

from t2sql.catalog import Catalog
from t2sql.flow import Question
from t2sql.grounding.grounding import Grounding
from t2sql.grounding.names.names import NameIndex
from t2sql.grounding.values.values import ValueIndex
from t2sql.reading.readings import readings

LINES = """
2024年四个季度净息差 | SELECT quarter, nim FROM bank WHERE year = '2024'
2025年第四个季度净息差 | SELECT nim FROM bank WHERE quarter = '2025-Q4'
2025年上、下半年手续费收入 | SELECT half, fee_income FROM bank WHERE half IN ('2025-H1', '2025-H2')
手续费收入，今年一个季度一个季度列 | SELECT quarter, fee_income FROM bank WHERE year = '2026'
all four quarters of 2025, net profit | SELECT quarter, net_profit FROM bank WHERE year = '2025'
fee income 2023, 24 and 25 by year | SELECT year, fee_income FROM bank WHERE year IN ('2023', '2024', '2025')
拨贷比始于2024年一季度、止于2025年四季度 | SELECT quarter, loan_provision_ratio FROM bank WHERE quarter BETWEEN '2024-Q1' AND '2025-Q4'
近三年（2023—2025年）净利润，按年 | SELECT year, net_profit FROM bank WHERE year BETWEEN '2023' AND '2025'
3月的不良率，去年的 | SELECT npl_ratio FROM bank WHERE month = '2025-03'
6月逐日存款余额 | SELECT day, deposit_daily_balance FROM bank WHERE month = '2026-06'
daily deposit balance for May 2026 | SELECT day, deposit_daily_balance FROM bank WHERE month = '2026-05'
2026年3月18日当天存款余额 | SELECT deposit_daily_balance FROM bank WHERE day = '2026-03-18'
6月存款日均 | SELECT deposit_daily_avg FROM bank WHERE month = '2026-06'
deposits are up how much since year-end | SELECT vs_year_start_diff(deposit_balance) FROM bank
AUM vs the start of the year, percent change | SELECT vs_year_start(aum) FROM bank
存款跟去年这个时候比多了多少 | SELECT yoy_diff(deposit_balance) FROM bank
loan growth on the year by region | SELECT region, yoy(loan_balance) FROM bank
今年年初的期初贷款余额 | SELECT loan_balance_opening FROM bank WHERE year = '2026'
6月手续费收入比5月环比增速 | SELECT mom(fee_income) FROM bank WHERE month = '2026-06'
"""


@pytest.fixture(scope="module")
def grounding(catalog: Catalog) -> Grounding:
    named = []
    return Grounding(catalog, ValueIndex.build(named), NameIndex.build(catalog), lambda text: [])


@pytest.mark.parametrize("line", LINES.strip().splitlines())
def test_what_is_said_of_time_is_what_is_read(grounding: Grounding, catalog: Catalog, line: str) -> None:
    text, _, expected = line.partition(" | ")
    context = grounding.ground(Question(text, "hq", date(2026, 7, 10), "zh"), date(2026, 6, 30))
    assert [r.semantic_sql for r in readings(context, catalog) if r.rank == 0][:1] == [expected]
