"""Nouns that only say what a name is about, the mean of one thing, money asked of a change, and words that are told."""

# ruff: noqa: E501
# One case a line.
from __future__ import annotations

import pytest
from grounded_words import ground, grounding_over

from t2sql.catalog import Catalog
from t2sql.grounding import Grounding
from t2sql.reading.leftovers import leftovers
from t2sql.reading.readings import readings

NAMED = (
    ("branch", "上海分行", "Shanghai Branch"),
    ("product", "个人住房贷款", "mortgages"),
    ("segment", "小微", "SME"),
)
CODED = ("segment", "customer_type", "collateral", "rate_type", "risk_rating")

READ = """
How many mortgages did we give out in June 2026? | SELECT new_loan_count FROM bank WHERE month = '2026-06' AND product = '个人住房贷款'
how many loans did we book in May 2026 | SELECT new_loan_count FROM bank WHERE month = '2026-05'
loans by collateral for SME borrowers | SELECT collateral, loan_balance FROM bank WHERE segment = '小微'
Which loan product had the most new loans in 2025? | SELECT product, new_loans FROM bank WHERE year = '2025' ORDER BY new_loans DESC LIMIT 1
On average how big was each new loan the bank made in 2025? | SELECT new_loan_avg_size FROM bank WHERE year = '2025'
how big is the average card purchase in May 2026 | SELECT card_avg_ticket FROM bank WHERE month = '2026-05'
一个网点平均揽了多少存款 | SELECT deposit_per_branch FROM bank
How much of our deposits is demand money, in percent? | SELECT casa_ratio FROM bank
贷款比年初多了多少钱 | SELECT vs_year_start_diff(loan_balance) FROM bank
上半年中收 | SELECT net_fee_income FROM bank WHERE half = '2026-H1'
the months of 2025 in which new loans were above 100 million | SELECT month, new_loans FROM bank WHERE year = '2025' AND new_loans > 100000000
average rate on new mortgages in 2025 | SELECT new_loan_rate FROM bank WHERE year = '2025' AND product = '个人住房贷款'
gross fees and net fees in 2025 | SELECT fee_income, net_fee_income FROM bank WHERE year = '2025'
客户名下的理财 | SELECT wealth_balance FROM bank
What portion of new loans in 2025 went to SME | SELECT share(new_loans, segment) FROM bank WHERE year = '2025' AND segment = '小微'
what share of foreign currency loans went to SME | SELECT share(foreign_loan_balance, segment) FROM bank WHERE segment = '小微'
what proportion of overdue loans is at Shanghai Branch | SELECT share(overdue_balance, branch) FROM bank WHERE branch = '上海分行'
What percentage of loans is secured? | SELECT secured_loan_ratio FROM bank
哪个产品贷款放得最多 | SELECT product, new_loans FROM bank ORDER BY new_loans DESC LIMIT 1
最近三年ROE | SELECT year, roe FROM bank WHERE year BETWEEN '2023' AND '2025'
最近三个月日均存款 | SELECT deposit_daily_avg FROM bank WHERE month BETWEEN '2026-04' AND '2026-06'
上半年累计手续费收入同比 | SELECT yoy(fee_income) FROM bank WHERE half = '2026-H1'
deposits went up by how many million in 2026 Q2 | SELECT qoq_diff(deposit_balance) FROM bank WHERE quarter = '2026-Q2'
top 3 branches each month by deposits | SELECT month, branch, deposit_balance FROM bank QUALIFY ROW_NUMBER() OVER (PARTITION BY month ORDER BY deposit_balance DESC) <= 3
number of mortgages at Shanghai Branch | SELECT loan_count FROM bank WHERE branch = '上海分行' AND product = '个人住房贷款'
"""
TOLD = """
how many loans and deposits are there
how many loans did we close in 2025
average loan size by product
monthly deposits of the top 3 branches
share of customers who used their limit
How much of our NPLs is covered by a guarantee?
how many cards did we issue in May 2026
new loans on the last day of June 2026
For new customers, deposit balance
存款比贷款多多少
不良贷款额和率，各分行
2026年1月到5月的新发放贷款，逐月和累计
Interest income in May 2026 after costs?
Interest income in May 2026 after costs and tax
how much wealth do our borrowers hold
NPL balance with their share
rate on mortgages secured on property
"""


@pytest.fixture(scope="module")
def near(catalog: Catalog) -> Grounding:
    return grounding_over(catalog, NAMED, CODED)


@pytest.mark.parametrize("line", READ.strip().splitlines())
def test_is_read_so_with_nothing_left(near: Grounding, catalog: Catalog, line: str) -> None:
    text, wanted = (part.strip() for part in line.split(" | "))
    context = ground(near, text)
    first = readings(context, catalog)[0].semantic_sql
    assert set(first.split(" ")) == set(wanted.split(" "))
    assert not context.ungrounded
    assert not leftovers(context, first, catalog)


@pytest.mark.parametrize("text", TOLD.strip().splitlines())
def test_is_told_and_never_passed_over(near: Grounding, text: str) -> None:
    assert ground(near, text).ungrounded
