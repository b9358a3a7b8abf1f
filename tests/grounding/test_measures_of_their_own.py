"""Words that make another figure than the name beside them: told, never passed over; and names said by half where only
one metric can be meant.
"""

from __future__ import annotations

import pytest

from t2sql.catalog import Catalog
from t2sql.grounding import Grounding
from t2sql.reading.weighed import weighed
from tests.grounded_words import assert_read, assert_told, ground, grounding_over

_NAMED = [
    ("branch", "杭州分行", "Hangzhou branch"),
    ("branch", "上海分行", "Shanghai branch"),
    ("region", "华东区", "East China"),
]
_CODED = ("segment", "industry", "product", "channel", "merchant_category", "customer_type", "product_type", "fee_type")


@pytest.fixture(scope="module")
def grounding(catalog: Catalog) -> Grounding:
    return grounding_over(catalog, _NAMED, _CODED)


@pytest.mark.parametrize(
    "text",
    [
        # Another profit than the one after tax.
        "gross profit of each branch",
        "what was the operating profit in June",
        "6月各分行营业利润",
        "上半年利润总额",
        "今年毛利多少",
        # A kind of loan or deposit that nobody has drawn a line for.
        "classified loans by region",
        "show me the transferred loans in May",
        "of closed loans, how much was corporate",
        "long loans by product",
        "larger merchants' firms loans",
        # A price or a yield, and no balance.
        "lending spread of each product",
        "what is the spread on mortgages",
        "return on earning assets by quarter",
        "return from wealth products",
        # What came in is no balance.
        "deposits raised in Q2 by branch",
        "deposits gathered during May",
        "loans booked in June",
        "mortgages booked this year by region",
        # Days are not in the monthly book.
        "daily average loans in June",
        "6月日均贷款",
        "日均外币存款",
        # Each of one side of "versus".
        "gross vs net fee income",
        "gross and net fee income by quarter",
        # A mean of something that is none of the bank's metrics.
        "transactions per card in June",
        "wealthy clients of each branch",
        # People and what they hold are two things.
        "private banking customers and their AUM",
        "SME clients with their loan balances",
        "money held by customers by segment",
    ],
)
def test_tells_what_asks_for_another_figure(grounding: Grounding, catalog: Catalog, text: str) -> None:
    assert_told(grounding, catalog, text)


@pytest.mark.parametrize(
    "line",
    [
        "net profit reported by branch | branch, net_profit",
        "booked revenue by branch | branch, operating_income",
        "gross loans by branch | branch, loan_balance",
        "loan book spread by region | region, loan_balance",
        "return on equity by quarter | quarter, roe",
        "end-of-period loans vs average loans by branch | branch, loan_balance, loan_balance_avg",
        "NPLs versus overdue loans by region | region, npl_balance, overdue_balance",
        "depositors per outlet | sub_branch, deposit_customers",
        "commission revenue by branch | branch, fee_income",
        "interest revenue by quarter | quarter, interest_income",
        "loans made in May by branch | branch, new_loans WHERE month = '2026-05'",
        "月均贷款按区域 | region, loan_balance_avg",
        # Only loans are disbursed, and customers spend with cards.
        "disbursements by region in Q1 | region, new_loans WHERE quarter = '2026-Q1'",
        "number of originations by product | product, new_loan_count",
        "spend by merchant category in June | merchant_category, card_spend WHERE month = '2026-06'",
        "in-store spend of each branch | branch, card_spend WHERE channel = '线下'",
        "top 2 merchant categories by spending | merchant_category, card_spend ORDER BY card_spend DESC LIMIT 2",
    ],
)
def test_reads_what_is_the_metric_itself(grounding: Grounding, catalog: Catalog, line: str) -> None:
    assert_read(grounding, catalog, line)


@pytest.mark.parametrize("text", ["IT spend this year", "spend by branch", "card disbursements in May"])
def test_takes_no_spending_of_the_bank_for_its_customers(grounding: Grounding, catalog: Catalog, text: str) -> None:
    assert not [m for m in ground(grounding, text).metrics if m.name in ("card_spend", "new_loans")]


@pytest.mark.parametrize(
    "text",
    [
        # A value that the second member of a list begins with would limit the first as well.
        "number of customers and SME deposits",
        "card spend and mortgage balance by city",
        "个人存款和小微存款",
        "个人和小微客户存款",
        # All of the bank beside a part of it.
        "manufacturing loans and total NPL balance",
        "制造业贷款和全行不良率",
        "Hangzhou branch deposits versus total deposits",
        # The kind of customer may be said of both.
        "对公存款和贷款",
        "retail deposits and loans by branch",
        # No row is a loan and a deposit.
        "deposit balance of mortgages",
        "deposits by customer tier except the diamond ones",
        "住房贷款余额和存款总额按分行",
    ],
)
def test_tells_values_that_a_list_leaves_open(grounding: Grounding, catalog: Catalog, text: str) -> None:
    assert_told(grounding, catalog, text)


@pytest.mark.parametrize(
    "line",
    [
        "SME deposits and loans by branch | branch, deposit_balance, loan_balance WHERE segment = '小微'",
        "small business deposits | deposit_balance WHERE segment = '小微'",
        "mortgage balance and NPL ratio by branch | branch, loan_balance, npl_ratio WHERE product = '个人住房贷款'",
        "房贷余额和不良率 | loan_balance, npl_ratio WHERE product = '个人住房贷款'",
        "retail deposits and corporate deposits | retail_deposit_balance, corporate_deposit_balance",
        # One size of company by its other words.
        "big company deposits | deposit_balance WHERE segment = '大型'",
        "loans to mid-size firms by region | region, loan_balance WHERE segment = '中型'",
        "mid-market businesses' deposits | deposit_balance WHERE segment = '中型'",
        "card spend by card tier except the diamond ones | product, card_spend WHERE product <> '钻石卡'",
    ],
)
def test_reads_values_of_lists_and_sizes(grounding: Grounding, catalog: Catalog, line: str) -> None:
    assert_read(grounding, catalog, line)


@pytest.mark.parametrize(
    "text",
    [
        "the real estate team wants deposit balance by branch",
        "SME desk is asking for total loans",
        "need the NPL ratio for the real estate review",
        "I'm seeing the property developers tomorrow, need total deposits by branch",
        "小微部想看贷款余额",
        "和房地产企业座谈，各分行不良贷款余额",
        "the Shanghai branch manager wants total deposits",
    ],
)
def test_tells_who_asks_or_is_met(grounding: Grounding, catalog: Catalog, text: str) -> None:
    assert_told(grounding, catalog, text)


@pytest.mark.parametrize(
    "line",
    [
        "loan balance of SMEs in East China | loan_balance WHERE segment = '小微' AND region = '华东区'",
        "loans for SME customers at Shanghai branch | loan_balance WHERE segment = '小微' AND branch = '上海分行'",
    ],
)
def test_keeps_whom_the_figures_are_of(grounding: Grounding, catalog: Catalog, line: str) -> None:
    assert_read(grounding, catalog, line)


@pytest.mark.parametrize(
    "line",
    [
        "deposits by brnach in June | branch, deposit_balance WHERE month = '2026-06'",
        "which kind of colateral has the lowest NPL ratio | collateral, npl_ratio ORDER BY npl_ratio LIMIT 1",
        "loan balance per provnce | province, loan_balance",
        "各机构存款余额按分行 | branch, deposit_balance",
    ],
)
def test_reads_a_misprinted_group(grounding: Grounding, catalog: Catalog, line: str) -> None:
    assert_read(grounding, catalog, line)


@pytest.mark.parametrize(
    "text",
    # A word of its own, a word more than the misprinted name, and a group of too many members.
    [
        "deposits by regime",
        "loans by officer",
        "deposits by custmer type",
        "deposits by custmer",
        "loans by colateral value",
    ],
)
def test_takes_no_other_word_for_a_misprinted_group(grounding: Grounding, catalog: Catalog, text: str) -> None:
    assert_told(grounding, catalog, text)


@pytest.mark.parametrize(
    ("line", "share"),
    [
        (
            "of loans granted by Hangzhou branch this year what percent went to the large corporate segment",
            "share(new_loans, segment)",
        ),
        (
            "what part in percent of Shanghai branch deposits belongs to the SME segment",
            "share(deposit_balance, segment)",
        ),
    ],
)
def test_offers_the_share_of_the_part_named_last(grounding: Grounding, catalog: Catalog, line: str, share: str) -> None:
    context = ground(grounding, line)
    offered = weighed([context], grounding.besides(context), catalog, grounding.explains)
    shares = [one.semantic_sql for one in offered if "share(" in one.semantic_sql]
    assert shares and share in shares[0]
