"""Dates of the things counted: an event's period limits them, and the figure is of those it happened to."""

# ruff: noqa: E501
# One case a line.

from __future__ import annotations

from datetime import date

import pytest

from t2sql.catalog import Catalog
from t2sql.flow import Question
from t2sql.grounding.grounding import Grounding
from t2sql.grounding.names.names import NameIndex
from t2sql.grounding.values.values import ValueEntry, ValueIndex
from t2sql.reading.readings import readings

LIMITED = """
2022年投放的贷款目前逾期率多少 | SELECT overdue_ratio FROM bank WHERE year(originated_on) = '2022'
去年批出去的按揭现在不良多少 | SELECT npl_balance FROM bank WHERE product = '个人住房贷款' AND year(originated_on) = '2025'
截至今年3月末，2024年下半年发放的贷款还剩多少 | SELECT loan_balance FROM bank WHERE month = '2026-03' AND half(originated_on) = '2024-H2'
2023年和2024年发放的贷款，现在不良余额多少 | SELECT npl_balance FROM bank WHERE year(originated_on) IN ('2023', '2024')
2022年开户2025年末的存款余额 | SELECT deposit_balance FROM bank WHERE month = '2025-12' AND year(customer_opened_on) = '2022'
2021年以前开户的客户现在还有多少存款 | SELECT deposit_balance FROM bank WHERE year(customer_opened_on) < '2021'
2025年发的卡透支余额 | SELECT card_balance FROM bank WHERE year(card_opened_on) = '2025'
2027年底前到期的贷款 | SELECT loan_balance FROM bank WHERE month(matures_on) <= '2027-12'
loans originated in 2023: current npl ratio | SELECT npl_ratio FROM bank WHERE year(originated_on) = '2023'
how much of the loans we made in 2022 is still outstanding | SELECT loan_balance FROM bank WHERE year(originated_on) = '2022'
spend in 2026 on cards issued in 2024 | SELECT card_spend FROM bank WHERE year = '2026' AND year(card_opened_on) = '2024'
AUM of clients onboarded in 2025 by segment | SELECT segment, aum FROM bank WHERE year(customer_opened_on) = '2025'
deposits held by customers who opened with us in 2024 | SELECT deposit_balance FROM bank WHERE year(customer_opened_on) = '2024'
loans due by the end of 2027 | SELECT loan_balance FROM bank WHERE month(matures_on) <= '2027-12'
2024 vintage loans npl ratio | SELECT npl_ratio FROM bank WHERE year(originated_on) = '2024'
"""
HAPPENED = """
去年放的贷款有多少 | SELECT new_loans FROM bank WHERE year = '2025'
2025年发放的贷款笔数 | SELECT new_loan_count FROM bank WHERE year = '2025'
今年新开户的客户有多少 | SELECT new_customers FROM bank WHERE year = '2026'
上半年发放的贷款和收回的本金 | SELECT new_loans, principal_repaid FROM bank WHERE half = '2026-H1'
how many loans were granted in 2025 | SELECT new_loan_count FROM bank WHERE year = '2025'
loans granted in 2025 by branch | SELECT branch, new_loans FROM bank WHERE year = '2025'
Gold cards in issue at the end of 2024 | SELECT card_count FROM bank WHERE month = '2024-12' AND product = '金卡'
"""
ROWS = """
各放款年份的不良率 | SELECT year(originated_on), npl_ratio FROM bank
贷款余额按到期年度分布 | SELECT year(matures_on), loan_balance FROM bank
按开卡年份的信用卡透支余额 | SELECT year(card_opened_on), card_balance FROM bank
2026年6月末按发放季度列示逾期余额 | SELECT quarter(originated_on), overdue_balance FROM bank WHERE month = '2026-06'
贷款余额按到期月份，只看2026年 | SELECT month(matures_on), loan_balance FROM bank WHERE year(matures_on) = '2026'
按开卡月份看2026年刷卡额 | SELECT month(card_opened_on), card_spend FROM bank WHERE year = '2026'
customers by the year they joined | SELECT year(customer_opened_on), customers FROM bank
loan balance by year of maturity | SELECT year(matures_on), loan_balance FROM bank
"""


@pytest.fixture(scope="module")
def grounding(catalog: Catalog) -> Grounding:
    named = [
        ValueEntry("product", "个人住房贷款", ("按揭", "房贷")),
        ValueEntry("product", "金卡", ("gold card", "gold cards")),
    ]
    return Grounding(catalog, ValueIndex.build(named), NameIndex.build(catalog), lambda text: [])


@pytest.mark.parametrize(
    "line", [*LIMITED.strip().splitlines(), *HAPPENED.strip().splitlines(), *ROWS.strip().splitlines()]
)
def test_a_date_of_a_thing_is_no_period_of_its_metric(grounding: Grounding, catalog: Catalog, line: str) -> None:
    text, _, expected = line.partition(" | ")
    context = grounding.ground(Question(text, "hq", date(2026, 7, 10), "zh"), date(2026, 6, 30))
    assert [r.semantic_sql for r in readings(context, catalog) if r.rank == 0][:1] == [expected]


def test_an_event_of_two_dates_is_of_the_thing_beside_it(grounding: Grounding) -> None:
    for text, dimension in (
        ("cards opened in 2025, balance", "card_opened_on"),
        ("deposits of customers who opened in 2025", "customer_opened_on"),
    ):
        context = grounding.ground(Question(text, "hq", date(2026, 7, 10), "en"), date(2026, 6, 30))
        assert [p.dimension for p in context.periods] == [dimension]
