"""Metrics in the words of the trade: everyday nouns and deeds, lists of measures, ratios of two, halves of names.

Each table is one class of sentences.
"""

from __future__ import annotations

from datetime import date

import pytest

from t2sql.catalog import Catalog
from t2sql.flow import Question
from t2sql.grounding import Grounding, NameIndex, ValueEntry, ValueIndex

# Everyday nouns and deeds.
SAID = """
cards in circulation by branch | card_count
what cardholders owe us | card_balance
how many cards were actually used | active_cards
活卡有几张 | active_cards
people who hold wealth products, how many | wealth_customers
几户配置了理财 | wealth_customers
credit lines eaten up | card_limit_usage
how much have clients deposited with us | deposit_balance
储户存了多少 | deposit_balance
客户借了多少钱 | loan_balance
平均一户借了多少 | loan_per_customer
how much principal did we get back | principal_repaid
commissions we had to pay | fee_expense
new faces this year | new_customers
网点有几个 | branch_count
那几家分行的不良率 | npl_ratio
avg bill per swipe | card_avg_ticket
截至6月末近一年滚动放款 | new_loans_rolling_year
本季度累计刷卡额 | card_spend_quarter_to_date
loans over 90 days late | overdue_90_balance
逾期超过3个月的贷款 | overdue_90_balance
贷款均超过10亿的分行 | loan_balance
"""

# A month or a year of a date is no average of months.
DATED = """
3月日均存款 | deposit_daily_avg
2026年5月日均存款余额 | deposit_daily_avg
今年月均存款余额 | deposit_balance_avg
"""

LISTS = """
放款额、笔数和平均每笔 | new_loans new_loan_count new_loan_avg_size
存款余额、户数及户均 | deposit_balance deposit_customers deposit_per_customer
利息收入、支出和净收入 | interest_income interest_expense net_interest_income
预警贷款余额及其占比 | early_warning_balance early_warning_ratio
overdue loans and their share | overdue_balance overdue_ratio
card spend, count and average ticket | card_spend card_txn_count card_avg_ticket
new loans in May: number, amount and average size | new_loans new_loan_count new_loan_avg_size
number and balance of loans | loan_count loan_balance
"""

ONE_OVER_OTHER = """
逾期90天以上贷款与不良贷款之比 | overdue_90_to_npl
90天以上逾期跟不良的比值 | overdue_90_to_npl
90+ overdue loans against NPLs | overdue_90_to_npl
贷款与存款之比 | loan_to_deposit
贷款余额和存款余额 | loan_balance deposit_balance
不良贷款余额与贷款余额 | npl_balance loan_balance
外币贷款占多少 | foreign_loan_share
"""

MISPRINTED = """
不良律 | npl_ratio
不良贷款律 | npl_ratio
"""

BESIDE_VALUES = """
白金卡上半年刷了多少 | card_spend
Platinum cards: how much was spent in June | card_spend
新发放个人住房贷款的加权平均利率 | new_loan_rate
新发放个人住房贷款的笔数 | new_loan_count
小微平均一户贷了多少 | loan_per_customer
结算6月收了多少笔手续费 | fee_txn_count
2025年员工费用 | operating_expense
活期有多少 | deposit_balance
2025年新发放的固定利率贷款金额 | new_loans
"""

# A measure that no metric has of this thing is told and never taken from another thing.
TOLD = """
逾期贷款余额和笔数 | 笔数
贷款利息收入 | 贷款
"""


def _rows(table: str) -> list[list[str]]:
    return [[part.strip() for part in line.split("|")] for line in table.strip().splitlines()]


@pytest.fixture(scope="module")
def grounding(catalog: Catalog) -> Grounding:
    values = (
        ValueEntry("product", "白金卡", ("Platinum cards",)),
        ValueEntry("product", "个人住房贷款", ("房贷",)),
        ValueEntry("segment", "小微"),
        ValueEntry("fee_type", "结算"),
        ValueEntry("gl_account", "员工费用"),
        ValueEntry("deposit_term", "活期"),
        ValueEntry("rate_type", "固定", ("固定利率",)),
    )
    return Grounding(catalog, ValueIndex.build(values), NameIndex.build(catalog), lambda text: [])


@pytest.mark.parametrize(
    ("text", "metrics"),
    _rows("\n".join(t.strip() for t in (SAID, DATED, LISTS, ONE_OVER_OTHER, MISPRINTED, BESIDE_VALUES))),
)
def test_a_metric_is_found_in_the_words_of_the_trade(grounding: Grounding, text: str, metrics: str) -> None:
    context = grounding.ground(Question(text, "hq", date(2026, 7, 10), "zh"), date(2026, 6, 30))
    assert sorted({m.name for m in context.metrics if m.span}) == sorted(metrics.split())


@pytest.mark.parametrize(("text", "word"), _rows(TOLD))
def test_a_measure_of_another_thing_is_told(grounding: Grounding, text: str, word: str) -> None:
    context = grounding.ground(Question(text, "hq", date(2026, 7, 10), "zh"), date(2026, 6, 30))
    assert any(word in doubt.word for doubt in context.doubts if doubt.weight >= 0.5)
