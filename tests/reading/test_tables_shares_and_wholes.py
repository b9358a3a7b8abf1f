"""Tables of two groupings, members meant as one, and of which whole a share is taken: as the readings show it, or told."""

# ruff: noqa: E501
# One case a line.
from __future__ import annotations

import pytest
from grounded_words import assert_read, assert_told, ground, grounding_over

from t2sql.catalog import Catalog
from t2sql.grounding import Grounding
from t2sql.reading.readings import readings

NAMED = (
    ("branch", "上海分行", "Shanghai Branch"),
    ("branch", "南京分行", "Nanjing Branch"),
    ("branch", "广州分行", "Guangzhou Branch"),
    ("branch", "深圳分行", "Shenzhen Branch"),
    ("branch", "杭州分行", "Hangzhou Branch"),
    ("region", "华东区", "East China"),
    ("region", "华南区", "South China"),
    ("product", "个人住房贷款", "mortgages"),
    ("product", "个人消费贷款", "consumer loans"),
    ("product", "大额存单", "large-denomination CDs"),
    ("product", "结构性存款", "structured deposits"),
)
CODED = ("industry", "segment", "customer_type", "product_type", "collateral", "merchant_category", "risk_class", "loan_term_band")  # fmt: skip

TABLES = """
不良余额，风险分类一层、行业一层 | risk_class, industry, npl_balance
存款余额，客群乘分行 | segment, branch, deposit_balance
存款余额，横轴是客群，纵轴是分行 | segment, branch, deposit_balance
NPL balance with industries down the side and branches across | industry, branch, npl_balance
AUM, segments in columns and regions in rows | segment, region, aum
deposit balance: rows are regions, columns are segments | region, segment, deposit_balance
cross-tab of industry against collateral, loan balance | industry, collateral, loan_balance
five-category classification: loan balance | risk_class, loan_balance
"""
WHOLES = """
AUM, all branches together | aum
loan balance across all regions combined | loan_balance
所有分行加起来的存款余额 | deposit_balance
deposit balance by segment, for all branches in total | segment, deposit_balance
deposit balance at Nanjing and Hangzhou in one figure | deposit_balance WHERE branch IN ('南京分行', '杭州分行')
loan balances of the East China branches | branch, loan_balance WHERE region = '华东区'
loan balances of the South China branches, leaving out Shenzhen | branch, loan_balance WHERE region = '华南区' AND branch <> '深圳分行'
"""
SHARES = """
What share of South China loans is in Shenzhen? | share(loan_balance, branch) WHERE region = '华南区' AND branch = '深圳分行'
Hangzhou's share of East China deposits | share(deposit_balance, branch) WHERE branch = '杭州分行' AND region = '华东区'
what share of Nanjing loans are unsecured | share(loan_balance, collateral) WHERE branch = '南京分行' AND collateral = '信用'
which segment has the biggest share of deposits in Nanjing | segment, share(deposit_balance) WHERE branch = '南京分行' ORDER BY share(deposit_balance) DESC LIMIT 1
deposits by segment at Hangzhou, in % | segment, share(deposit_balance) WHERE branch = '杭州分行'
AUM by segment - what percentage does each one make up? | segment, share(aum)
what share of loans does each industry account for | industry, share(loan_balance)
公司存款占比 | share(deposit_balance, product_type) WHERE product_type = '公司存款'
retail deposits as a share of total deposits by branch | branch, share(deposit_balance, product_type) WHERE product_type = '个人存款'
what share of deposits are structured deposits in Nanjing | share(deposit_balance, product) WHERE product = '结构性存款' AND branch = '南京分行'
manufacturing's proportion of NPLs | share(npl_balance, industry) WHERE industry = '制造业'
proportion of NPLs from manufacturing | share(npl_balance, industry) WHERE industry = '制造业'
percent of card spend by merchant category | merchant_category, share(card_spend)
structured deposits as % of deposits by region | region, share(deposit_balance, product) WHERE product = '结构性存款'
"""
VALUES = """
loans with no collateral or guarantee | loan_balance WHERE collateral = '信用'
large-denomination CD balance at Nanjing | deposit_balance WHERE product = '大额存单' AND branch = '南京分行'
广分、深分的贷款余额 | branch, loan_balance WHERE branch IN ('广州分行', '深圳分行')
杭洲分行贷款余额 | loan_balance WHERE branch = '杭州分行'
NPL ratio of the Hangzou branch at that branch only | npl_ratio WHERE branch = '杭州分行'
substandard doubtful and loss loan balance | risk_class, loan_balance WHERE risk_class IN ('次级', '可疑', '损失')
New loans in Shanghai of 2025 | new_loans WHERE year = '2025' AND branch = '上海分行'
loan balance less mortgages | loan_balance WHERE product <> '个人住房贷款'
NPL ratio of personal consumer loans | npl_ratio WHERE product = '个人消费贷款'
SME loans: NPL ratio by branch | branch, npl_ratio WHERE segment = '小微'
"""
TOLD = (
    "Watch-list work: overdue ratio by industry",
    "SME away day - loan balance by branch",
    "time deposits over one year by branch",
    "台州分行贷款余额",
    "loan balance excluding personal mortgages",
    "number of mass affluent customers",
    "SME and retail share of loans",
    "小微和个人贷款余额",
    "Nanjing and South China deposits",
    "Nanjing's deposit balance compared with the bank as a whole",
    "NPL ratio for Nanjing, Hangzhou and the whole bank",
    "上海、南京和全行的不良率",
    "Shanghai's share of deposits excluding Nanjing",
)


@pytest.fixture(scope="module")
def grounding(catalog: Catalog) -> Grounding:
    return grounding_over(catalog, NAMED, CODED)


@pytest.mark.parametrize(
    "line", [line for part in (TABLES, WHOLES, SHARES, VALUES) for line in part.strip().splitlines()]
)
def test_the_first_reading_is_what_was_asked(grounding: Grounding, catalog: Catalog, line: str) -> None:
    assert_read(grounding, catalog, line)


@pytest.mark.parametrize("text", TOLD)
def test_a_word_that_may_limit_is_never_passed_over(grounding: Grounding, catalog: Catalog, text: str) -> None:
    assert_told(grounding, catalog, text)


def test_a_share_whose_part_is_the_metric_itself_names_no_other_part(grounding: Grounding, catalog: Catalog) -> None:
    context = ground(grounding, "what share of Shanghai deposits is held by retail customers")
    assert all(", branch)" not in reading.semantic_sql for reading in readings(context, catalog))
