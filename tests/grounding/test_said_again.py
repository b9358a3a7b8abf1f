"""What a later word makes of an earlier name, and what is told where it makes none: the metrics found, or the words told.

One line a case: the text, and the metrics in the order of the catalog's names; or, after "told", a word that is asked back.
"""

# ruff: noqa: E501
# One case a line is read at a glance; broken over lines it is not.
from __future__ import annotations

from datetime import date

import pytest

from t2sql.catalog import Catalog
from t2sql.flow import Context, Question
from t2sql.grounding import Grounding
from t2sql.grounding.names.names import NameIndex
from t2sql.grounding.values.values import ValueIndex

FOUND = """
customers per segment, and how many of them are active | active_customers customers
how many cards are in issue and how many of those were active | active_cards card_count
new and churned customers by segment | churned_customers new_customers
clients gained and lost by branch | churned_customers new_customers
return on assets and equity for the year | roa roe
what did we return on equity and on assets | roa roe
revenue, costs and profit by region | net_profit operating_expense operating_income
收入、费用、利润，各分行 | net_profit operating_expense operating_income
number of borrowers and average loan by region | loan_customers loan_per_customer
deposits and loans per customer by segment | deposit_per_customer loan_per_customer
loans that fall due: how many loans, and how much is outstanding | loan_balance loan_count
net fee income, and what share of operating income is that | fee_income_share net_fee_income
fees earned, fees paid away and the net, by branch | fee_expense fee_income net_fee_income
commission received and commission paid by branch | fee_expense fee_income
手续费收支，各分行 | fee_expense fee_income
opex and C/I by branch | cost_to_income operating_expense
reserves to total loans, by region | loan_provision_ratio
loans past due more than 90 days relative to NPLs | overdue_90_to_npl
foreign currency lending and its share by branch | foreign_loan_balance foreign_loan_share
online card spend and its share of total spend | online_card_spend online_spend_share
已计提的拨备余额各区域多少 | provision_balance
how much did we set aside for bad debts by branch | impairment_loss
annual interest on the loans we wrote, by region | new_loan_interest
yearly interest on loans written by region | new_loan_interest
dep. balances by branch | deposit_balance
corp deposits by branch | corporate_deposit_balance
cards: drawn balance, limits and utilisation | card_balance card_limit card_limit_usage
number of clients holding wealth products | wealth_customers
client holdings of our wealth products | wealth_balance
新放贷款，各分行放了几笔、笔均多大 | new_loan_avg_size new_loan_count
收了多少手续费、多少笔，按费用类型 | fee_amount fee_txn_count
各分行客户多少户，其中活跃的多少户 | active_customers customers
各网点存款 | deposit_balance
哪个分行的信用卡刷得次数最多 | card_txn_count
贷款里外币占多大比例 | foreign_loan_share
deposits per outlet and loans per outlet | deposit_per_branch loan_per_branch
AUM and AUM per client by segment | aum aum_per_customer
"""

TOLD = """
不活跃客户有多少 | 不
loans written off by branch | written off
unused credit limits by branch | unused
net new customers by branch | net
cost of deposits by branch | cost
"""


@pytest.fixture(scope="module")
def grounding(catalog: Catalog) -> Grounding:
    return Grounding(catalog, ValueIndex.build([]), NameIndex.build(catalog), lambda text: [])


def ground(grounding: Grounding, text: str) -> Context:
    return grounding.ground(Question(text, "hq", date(2026, 7, 10), "en"), date(2026, 6, 30))


@pytest.mark.parametrize("line", FOUND.strip().splitlines())
def test_a_later_word_names_a_metric_of_the_same_thing(grounding: Grounding, line: str) -> None:
    text, _, expected = line.partition(" | ")
    context = ground(grounding, text)
    assert " ".join(sorted({m.name for m in context.metrics if m.span})) == expected


@pytest.mark.parametrize("line", TOLD.strip().splitlines())
def test_what_makes_no_name_is_told(grounding: Grounding, line: str) -> None:
    text, _, word = line.partition(" | ")
    assert word in ground(grounding, text).ungrounded
