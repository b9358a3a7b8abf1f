"""Two figures asked at once, one figure over another, who of several is ahead, and words that one reading would leave out."""

# ruff: noqa: E501
# One case a line.
from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from t2sql.agent import Agent
from t2sql.flow import Answer
from t2sql.generation.llm import ScriptedLlm
from t2sql.settings import Settings

TODAY = date(2026, 7, 10)
USED = """
Average loans for the first half of 2025 and the closing balance next to it | SELECT loan_balance_avg, loan_balance FROM bank WHERE half = '2025-H1'
2025年月均存款多少，期末余额又是多少 | SELECT deposit_balance_avg, deposit_balance FROM bank WHERE year = '2025'
今年二季度日均存款和时点余额 | SELECT deposit_daily_avg, deposit_daily_balance FROM bank WHERE quarter = '2026-Q2'
要平均数不要期末余额：2025年月均存款 | SELECT deposit_balance_avg FROM bank WHERE year = '2025'
new loans in April - number and amount | SELECT new_loan_count, new_loans FROM bank WHERE month = '2026-04'
How many loans in each industry, and in what amount, at end May? | SELECT industry, loan_count, loan_balance FROM bank WHERE month = '2026-05'
by segment: how many depositors and how much per depositor | SELECT segment, deposit_customers, deposit_per_customer FROM bank
fee income gross, fee expense and the net for H1 2026 | SELECT fee_income, fee_expense, net_fee_income FROM bank WHERE half = '2026-H1'
loans more than 90 days past due and NPLs, both amounts and the ratio | SELECT overdue_90_balance, npl_balance, overdue_90_to_npl FROM bank
逾期90天以上贷款和不良贷款的余额及比例 | SELECT overdue_90_balance, npl_balance, overdue_90_to_npl FROM bank
Interest expense as a percentage of interest income by quarter 2025 | SELECT quarter, interest_expense / interest_income FROM bank WHERE year = '2025'
2025年手续费支出占手续费收入的比例 | SELECT fee_expense / fee_income FROM bank WHERE year = '2025'
2024年减值损失吃掉了营业收入的百分之几 | SELECT impairment_loss / operating_income FROM bank WHERE year = '2024'
NPL balance as a percentage of loans by region | SELECT region, npl_ratio FROM bank
fee income share of operating income in H1 2026 | SELECT fee_income_share FROM bank WHERE half = '2026-H1'
各区域逾期率减不良率 | SELECT region, overdue_ratio - npl_ratio FROM bank
branches where loans exceed deposits | SELECT branch, loan_balance, deposit_balance FROM bank WHERE loan_balance > deposit_balance
贷款大于存款的分行有哪些 | SELECT branch, loan_balance, deposit_balance FROM bank WHERE loan_balance > deposit_balance
Which of Beijing and Nanjing grew its deposits faster over the twelve months to March 2026? | SELECT branch, yoy(deposit_balance) FROM bank WHERE month = '2026-03' AND branch IN ('北京分行', '南京分行')
北京和南京两家分行最近一年存款谁长得快 | SELECT branch, yoy(deposit_balance) FROM bank WHERE month = '2026-06' AND branch IN ('北京分行', '南京分行')
Did Beijing or Nanjing's deposits rise faster in H1 2026? | SELECT branch, vs_year_start(deposit_balance) FROM bank WHERE half = '2026-H1' AND branch IN ('北京分行', '南京分行')
北京和南京两家分行，今年一季度谁的新增客户更多 | SELECT branch, new_customers FROM bank WHERE quarter = '2026-Q1' AND branch IN ('北京分行', '南京分行')
how much more operating income did we make in Q1 this year than in the same quarter last year? | SELECT yoy_diff(operating_income) FROM bank WHERE quarter = '2026-Q1'
card spend per month in 2024 with the running total for the year | SELECT month, card_spend, ytd(card_spend) FROM bank WHERE year = '2024'
Last year, by what rate did fee income grow from Q3 to Q4? | SELECT qoq(fee_income) FROM bank WHERE quarter = '2025-Q4'
四季度手续费收入环比三季度增速多少，去年的 | SELECT qoq(fee_income) FROM bank WHERE quarter = '2025-Q4'
Has the NPL ratio of South China been climbing? quarter ends from 2024 to now | SELECT quarter, npl_ratio FROM bank WHERE quarter BETWEEN '2024-Q1' AND '2026-Q2' AND region = '华南区'
I'm comparing Q1 2025 with Q1 2026 - what was fee income in each of the two quarters? | SELECT quarter, fee_income FROM bank WHERE quarter IN ('2025-Q1', '2026-Q1')
Where does Nanjing rank among branches by ROA for 2025, 1 being highest? | SELECT branch, roa, rank(roa) FROM bank WHERE year = '2025' AND branch = '南京分行'
Which branch leads each region in new loans? | SELECT branch, region, new_loans FROM bank QUALIFY ROW_NUMBER() OVER (PARTITION BY region ORDER BY new_loans DESC) <= 1
which branch leads each region on deposits | SELECT branch, region, deposit_balance FROM bank QUALIFY ROW_NUMBER() OVER (PARTITION BY region ORDER BY deposit_balance DESC) <= 1
Top 2 sub-branches by loans within each South China branch | SELECT sub_branch, branch, loan_balance FROM bank WHERE region = '华南区' QUALIFY ROW_NUMBER() OVER (PARTITION BY branch ORDER BY loan_balance DESC) <= 2
deposits per outlet by region, ranked from fattest to thinnest | SELECT region, deposit_per_branch FROM bank ORDER BY deposit_per_branch DESC
deposits of all branches except Nanjing, one total | SELECT deposit_balance FROM bank WHERE branch <> '南京分行'
除南京外所有分行的存款，一个总数 | SELECT deposit_balance FROM bank WHERE branch <> '南京分行'
Loans managed by Nanjing branch but booked somewhere else | SELECT loan_balance FROM bank WHERE managing_branch = '南京分行' AND branch <> '南京分行'
南京分行管理但账记在其他分行的贷款余额 | SELECT loan_balance FROM bank WHERE managing_branch = '南京分行' AND branch <> '南京分行'
南京分行记账、但由别的分行管理的贷款余额 | SELECT loan_balance FROM bank WHERE branch = '南京分行' AND managing_branch <> '南京分行'
华南区各分行存款在本区域里各占几成 | SELECT branch, share(deposit_balance) FROM bank WHERE region = '华南区'
worst 4 branches on overdue ratio with their loan balance | SELECT branch, overdue_ratio, loan_balance FROM bank ORDER BY overdue_ratio DESC LIMIT 4
哪些分行贷款比年初少了 | SELECT branch, vs_year_start_diff(loan_balance) FROM bank WHERE vs_year_start_diff(loan_balance) < 0
各月末贷款余额的平均值，2024年 | SELECT loan_balance_avg FROM bank WHERE year = '2024'
明年上半年到期的贷款余额 | SELECT loan_balance FROM bank WHERE half(matures_on) = '2027-H1'
loan provision ratio at each quarter-end over the last four quarters | SELECT quarter, loan_provision_ratio FROM bank WHERE quarter IN ('2025-Q3', '2025-Q4', '2026-Q1', '2026-Q2')
The CFO needs it in ten minutes: total loans at the end of last quarter | SELECT loan_balance FROM bank WHERE month = '2026-06'
NPL ratio of corporate customers leaving out manufacturing | SELECT npl_ratio FROM bank WHERE customer_type = '对公' AND industry <> '制造业'
deposit mix by region, percentages only | SELECT region, share(deposit_balance) FROM bank
YTD growth in fee income against the same period last year | SELECT yoy(fee_income) FROM bank WHERE month BETWEEN '2026-01' AND '2026-06'
loan balance by quarter over the past two and a half years | SELECT quarter, loan_balance FROM bank WHERE quarter BETWEEN '2024-Q1' AND '2026-Q2'
不良率最近一年半每个季度末 | SELECT quarter, npl_ratio FROM bank WHERE quarter BETWEEN '2025-Q1' AND '2026-Q2'
NPL ratio by quarter from 2025 to the middle of 2026 | SELECT quarter, npl_ratio FROM bank WHERE quarter BETWEEN '2025-Q1' AND '2026-Q2'
overdue ratio of loans, not NPLs | SELECT overdue_ratio FROM bank
各分行消费多少 | SELECT branch, card_spend FROM bank
各分行6月末拨备 | SELECT branch, provision_balance FROM bank WHERE month = '2026-06'
"""
TOLD = """
NPL ratio for every branch now and the move in percentage points on last quarter end
2026年二季度日均存款是多少，峰值又是多少
give me provisions for Q1
今年上半年拨备有多少？
What's our fee number for May?
Show loans granted in April and what was still outstanding at the end of April, Nanjing branch
fee income as a percentage of deposits, 2025
branches where deposits exceed loans by more than 1 billion
Do our deposits exceed our loans?
NIM and spread for Q1 2026
净息差和利差，一季度
Difference in overdue ratio between Nanjing and Beijing at June end
loans by region and product type, top 3 products per region
deposits today vs a month ago vs a year ago
Months in 2024 in which fee income was higher than in the same month of the previous year; show it
"""
REFUSED = """
Will deposits pass 90 billion by December?
"""


@pytest.fixture(scope="module")
def agent(settings: Settings, locked_bank: Path) -> Iterator[Agent]:
    """The demo bank, with an llm that must not be needed."""
    own = {"source": str(locked_bank), "memory_limit": "2GB"}
    opened = Agent.open(settings.model_copy(update=own), llm=lambda: ScriptedLlm({}))
    yield opened
    opened.close()


@pytest.mark.parametrize("line", USED.strip().splitlines())
def test_every_word_has_its_part(agent: Agent, line: str) -> None:
    text, sql = line.split(" | ")
    outcome = agent.ask(agent.question(text, today=TODAY))
    assert isinstance(outcome, Answer), outcome
    assert outcome.draft.semantic_sql == sql


@pytest.mark.parametrize("text", TOLD.strip().splitlines())
def test_a_word_with_no_part_is_asked_back(agent: Agent, text: str) -> None:
    assert agent.ask(agent.question(text, today=TODAY)).outcome == "clarification"


@pytest.mark.parametrize("text", REFUSED.strip().splitlines())
def test_what_is_still_to_come_is_refused(agent: Agent, text: str) -> None:
    assert agent.ask(agent.question(text, today=TODAY)).outcome == "refusal"
