"""What people ask and no reading can say is asked back; what looks like it and can be said is answered. Rules alone,
no llm.
"""

# ruff: noqa: E501
# One case a line.
from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from t2sql.agent import Agent
from t2sql.flow import Answer, Refusal
from t2sql.generation.llm import ScriptedLlm
from t2sql.settings import Settings

TODAY = date(2026, 7, 10)
ASKED_BACK = """
人民币存款以外的存款余额
which branch lost the most deposits since the start of the year
个人客户数和公司客户数
活跃客户的存款余额
深圳 存款 贷款 不良
非不良贷款余额
non-overdue loans
无抵押贷款余额
净利润率
老客户存款余额
逾期90天以内贷款余额
2025年各月存款余额增量
2023到2025年净利润年均增长率
外币贷款余额折美元
以亿元为单位显示各分行贷款余额
0000年存款余额
贷款余额中位数
存款余额最高的分行和最低的分行
loan balance by shoe size
线上线下消费额
For the Silk Route project, how much did we lend in 2025?
Vineyards review: loan balance by branch
loan balance by branch for the forestry desk
2026年5月末贷款余额，盯着光伏
operating income in 2025, no fee income please
AUM at the end of May 2026, not the retail deposits
overdue balance, not covered by provisions
"""
ANSWERED = """
Please share the loan balance by branch | SELECT branch, loan_balance FROM bank
could you please share with us deposit balance by region, thanks in advance | SELECT region, deposit_balance FROM bank
For the CFO’s pack – loan balance by branch | SELECT branch, loan_balance FROM bank
NPL ratio by branch, she is presenting it tomorrow | SELECT branch, npl_ratio FROM bank
NIM in 2025, not the net interest income | SELECT nim FROM bank WHERE year = '2025'
本外币存款余额 | SELECT deposit_balance FROM bank
贷款客户的不良率 | SELECT npl_ratio FROM bank
不良率改善最多的分行 | SELECT branch, vs_year_start_diff(npl_ratio) FROM bank ORDER BY vs_year_start_diff(npl_ratio) LIMIT 1
各分行贷款余额，不要上海和北京 | SELECT branch, loan_balance FROM bank WHERE branch NOT IN ('上海分行', '北京分行')
loan balance by branch, leave out Shanghai | SELECT branch, loan_balance FROM bank WHERE branch <> '上海分行'
last six months npl ratio | SELECT month, npl_ratio FROM bank WHERE month BETWEEN '2026-01' AND '2026-06'
最近5个月新发放贷款 | SELECT new_loans FROM bank WHERE month BETWEEN '2026-02' AND '2026-06'
男性和女性客户数 | SELECT gender, customers FROM bank WHERE gender IN ('男', '女')
2024年以后开户的客户的不良贷款余额 | SELECT npl_balance FROM bank WHERE year(customer_opened_on) > '2024'
每个区域贷款余额最高的分行 | SELECT region, branch, loan_balance FROM bank QUALIFY ROW_NUMBER() OVER (PARTITION BY region ORDER BY loan_balance DESC) <= 1
Top branch in each region by loans | SELECT branch, region, loan_balance FROM bank QUALIFY ROW_NUMBER() OVER (PARTITION BY region ORDER BY loan_balance DESC) <= 1
存款余额同比降幅超过5%的分行 | SELECT branch, yoy(deposit_balance) FROM bank WHERE yoy(deposit_balance) < -0.05
Branches where deposits fell more than 5% year on year | SELECT branch, yoy(deposit_balance) FROM bank WHERE yoy(deposit_balance) < -0.05
growth in deposits 2025 by region | SELECT region, vs_year_start(deposit_balance) FROM bank WHERE year = '2025'
男女客户数 | SELECT gender, customers FROM bank
除人民币外的存款余额 | SELECT deposit_balance FROM bank WHERE currency <> 'CNY'
deposits excluding RMB | SELECT deposit_balance FROM bank WHERE currency <> 'CNY'
2025年发放的贷款的不良率 | SELECT npl_ratio FROM bank WHERE year(originated_on) = '2025'
最大的三家分行存款余额合计 | WITH listed AS (SELECT branch, deposit_balance FROM bank ORDER BY deposit_balance DESC LIMIT 3) SELECT SUM(deposit_balance) AS total_deposit_balance FROM listed
贷款余额加存款余额 | SELECT loan_balance + deposit_balance FROM bank
公司贷款占比 | SELECT share(loan_balance, product_type) FROM bank WHERE product_type = '公司贷款'
"""


@pytest.fixture(scope="module")
def agent(settings: Settings, locked_bank: Path) -> Iterator[Agent]:
    """The demo bank, with an llm that must not be needed."""
    own = {"source": str(locked_bank), "memory_limit": "2GB"}
    opened = Agent.open(settings.model_copy(update=own), llm=lambda: ScriptedLlm({}))
    yield opened
    opened.close()


@pytest.mark.parametrize("text", ASKED_BACK.strip().splitlines())
def test_it_is_asked_back(agent: Agent, text: str) -> None:
    assert agent.ask(agent.question(text, today=TODAY)).outcome == "clarification"


@pytest.mark.parametrize("line", ANSWERED.strip().splitlines())
def test_it_is_answered(agent: Agent, line: str) -> None:
    text, sql = line.split(" | ")
    outcome = agent.ask(agent.question(text, today=TODAY))
    assert isinstance(outcome, Answer), outcome
    assert outcome.draft.semantic_sql == sql


@pytest.mark.parametrize("text", ["成都分行6月末贷款余额", "和平支行存款余额"])
def test_a_unit_outside_ones_rights_is_unknown_not_everything(agent: Agent, text: str) -> None:
    question = agent.question(text, principal="analyst_east", today=TODAY)
    outcome = agent.ask(question)
    assert isinstance(outcome, Refusal) and not outcome.readings
