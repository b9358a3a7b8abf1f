"""Names said in other words: what banking calls alike is found, what only shares a word is not."""

from __future__ import annotations

import pytest

from t2sql.catalog import Catalog
from t2sql.flow import Span
from t2sql.grounding.names.names import NameIndex

SAME = """
今年投了多少贷款 | new_loans
放出去多少贷款 | new_loans
loans we disbursed | new_loans
how much did we lend | new_loans
揽储余额 | deposit_balance
customer funding balance | deposit_balance
bad debt rate | npl_ratio
坏账率 | npl_ratio
rate of bad loans | npl_ratio
loans in arrears | overdue_balance
balance of past due loans | overdue_balance
delinquent credit | overdue_balance
top line | operating_income
bottom line | net_profit
管理费用 | operating_expense
admin expense | operating_expense
流失了多少客户 | churned_customers
clients who left | churned_customers
新拓客户数 | new_customers
customers we won | new_customers
平均每个网点揽了多少存款 | deposit_per_branch
deposits per outlet | deposit_per_branch
有贷款的客户有多少户 | loan_customers
number of obligors | loan_customers
客户中多少户是活跃的 | active_customers
额度用了百分之几 | card_limit_usage
credit line utilisation | card_limit_usage
刷卡，平均每笔多少钱 | card_avg_ticket
滚动12个月贷款投放额 | new_loans_rolling_year
trailing twelve months new lending | new_loans_rolling_year
日终存款 | deposit_daily_balance
计提的减值 | impairment_loss
expected credit loss allowance | provision_balance
provisions divided by NPLs | provision_coverage
loans over deposits | loan_to_deposit
关注类占全部贷款的比重 | special_mention_ratio
what share of loans is special mention | special_mention_ratio
中收占营收的比重 | fee_income_share
interest income less interest expense | net_interest_income
放款笔数、放款金额、笔均 | new_loan_count new_loans new_loan_avg_size
"""

# What only shares words with a name: nothing here may be taken for it.
NOT = """
churn rate | churned_customers
客户流失率 | churned_customers
净利差 | net_profit
净利差 | nim
net interest spread | net_interest_income
share of NPLs by branch | npl_ratio
不良占比在各分行中的比例 | npl_balance
按客户分 | customers
贷款数据 | loan_count
loan provisions | loan_provision_ratio
deposits of customers | deposit_customers
客户的存款 | deposit_customers
新增贷款 | new_loans
loans over 5 million | loan_to_deposit
贷款和存款 | loan_to_deposit
growth rate of net fee income | fee_income_share
中收增长率 | fee_income_share
那几家分行 | branch_count
笔均 | card_avg_ticket
"""

GROUPS = """
存款分定活 | deposit_term
手续费流水金额，分类型 | fee_type
loan balance by term | loan_term_band
card spending split by type of merchant | merchant_category
deposits by type of client | customer_type
不良贷款，分行业看 | industry
存款余额，分行排一下 | branch
各区的贷款 | region
各省存款 | province
"""


@pytest.fixture(scope="module")
def names(catalog: Catalog) -> NameIndex:
    return NameIndex.build(catalog)


@pytest.mark.parametrize("line", SAME.strip().splitlines())
def test_other_words_of_one_meaning_name_the_metric(names: NameIndex, line: str) -> None:
    text, _, expected = line.partition(" | ")
    assert [m.name for m in names.find_metrics(text)] == expected.split()


@pytest.mark.parametrize("line", NOT.strip().splitlines())
def test_a_shared_word_is_not_enough(names: NameIndex, line: str) -> None:
    text, _, never = line.partition(" | ")
    assert never not in {m.name for m in names.find_metrics(text)}


@pytest.mark.parametrize("line", GROUPS.strip().splitlines())
def test_groups_are_found_in_other_words_and_by_halves(names: NameIndex, line: str) -> None:
    text, _, expected = line.partition(" | ")
    assert [m.name for m in names.find_dimensions(text) if m.score == 1.0] == [expected]


def test_what_stands_between_may_be_looked_through(names: NameIndex) -> None:
    text = "balance of mortgages overdue"
    start = text.index("mortgages")
    (through,) = names.find_metrics(text, through=[Span(start, start + len("mortgages"))])
    assert through.name == "overdue_balance"


def test_a_word_says_what_a_name_is_made_of(names: NameIndex) -> None:
    assert names.explains("投放", ["new_loans"])
    assert names.explains("clients", ["loan_customers"])
    assert not names.explains("逾期", ["new_loans"])
    assert not names.explains("zebra", ["new_loans"])
