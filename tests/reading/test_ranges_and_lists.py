"""Ranges of values, lists said short, headings, and words that count off a grouping again: grouped, limited or told."""

# ruff: noqa: E501
# One case a line.
from __future__ import annotations

import pytest
from grounded_words import assert_read, assert_told, ground, grounding_over

from t2sql.catalog import Catalog
from t2sql.grounding import Grounding
from t2sql.reading.members import members_asked

NAMED = (
    ("branch", "上海分行", "Shanghai Branch"),
    ("branch", "南京分行", "Nanjing Branch"),
    ("branch", "杭州分行", "Hangzhou Branch"),
    ("city", "南京", "Nanjing"),
    ("city", "杭州", "Hangzhou"),
    ("region", "华东区", "East China"),
    ("region", "华南区", "South China"),
    ("product", "普卡", "classic card"),
    ("product", "金卡", "gold card"),
    ("product", "白金卡", "platinum card"),
    ("product", "钻石卡", "diamond card"),
)
CODED = ("industry", "segment", "customer_type", "currency", "collateral", "gender", "risk_rating", "merchant_category",
         "loan_term_band", "deposit_term", "risk_class", "overdue_bucket")  # fmt: skip

READ = """
R2到R4客户的理财余额 | wealth_balance WHERE risk_rating IN ('R2', 'R3', 'R4')
AUM of customers rated R3 through R5 | aum WHERE risk_rating IN ('R3', 'R4', 'R5')
理财余额按客户风险评级（R1-R5）列示 | risk_rating, wealth_balance
customers by risk level R1 to R5 | risk_rating, customers
不算制造业，其他各行业的不良率 | industry, npl_ratio WHERE industry <> '制造业'
loan balance by branch, all regions excluding South China | branch, loan_balance WHERE region <> '华南区'
loans for every region except East China | region, loan_balance WHERE region <> '华东区'
美日元存款余额 | currency, deposit_balance WHERE currency IN ('USD', 'JPY')
今日美元存款余额 | deposit_daily_balance WHERE day = '2026-07-10' AND currency = 'USD'
普卡金卡白金钻石的透支余额分别多少 | product, card_balance WHERE product IN ('普卡', '金卡', '白金卡', '钻石卡')
各卡种（普卡金卡白金钻石）的透支余额 | product, card_balance WHERE product IN ('普卡', '金卡', '白金卡', '钻石卡')
贷款余额按期限（1年内、1到5年、5年以上） | loan_term_band, loan_balance WHERE loan_term_band IN ('1年以内', '1-5年', '5年以上')
南京和杭州两个城市的存款余额 | city, deposit_balance WHERE city IN ('南京', '杭州')
deposit balance in the cities of Nanjing and Hangzhou | city, deposit_balance WHERE city IN ('南京', '杭州')
表头：分行、存款余额、贷款余额 | branch, deposit_balance, loan_balance
columns: region, NPL balance, NPL ratio | region, npl_balance, npl_ratio
字段：客群、户数、AUM | segment, customers, aum
贷款余额按五级分类，每类多少 | risk_class, loan_balance
贷款余额按逾期天数分段，每段多少 | overdue_bucket, loan_balance
存款余额细分到支行 | sub_branch, deposit_balance
男女客户数各多少 | gender, customers
deposits of sub-branches under Hangzhou branch | sub_branch, deposit_balance WHERE branch = '杭州分行'
card spend by region that issued the card | issuing_region, card_spend
"""
TOLD = (
    "普卡到白金卡的透支余额",
    "deposits from mass to affluent customers",
    "存款余额（不含保证金）",
    "信用证余额",
    "贷款余额，逾期天数分段，每段多少",
    "1年内的贷款余额",
    "按分行看各类贷款余额",
    "制造业贷款有抵押质押的占百分之几",
    "南京、杭州三个城市的存款余额",
    "大中小型企业的贷款余额",
)


@pytest.fixture(scope="module")
def grounding(catalog: Catalog) -> Grounding:
    return grounding_over(catalog, NAMED, CODED)


@pytest.mark.parametrize("line", READ.strip().splitlines())
def test_ranges_and_lists_are_read_whole(grounding: Grounding, catalog: Catalog, line: str) -> None:
    assert_read(grounding, catalog, line)


@pytest.mark.parametrize("text", TOLD)
def test_what_cannot_be_counted_off_is_told(grounding: Grounding, catalog: Catalog, text: str) -> None:
    assert_told(grounding, catalog, text)


@pytest.mark.parametrize(
    "text",
    [
        "杭州分行下辖哪些支行",
        "list all sub-branches under the Hangzhou branch",
        "which sub-branches are under Hangzhou branch",
    ],
)
def test_members_of_a_unit_are_listed(grounding: Grounding, catalog: Catalog, text: str) -> None:
    assert members_asked(ground(grounding, text), catalog) == "SELECT sub_branch FROM bank WHERE branch = '杭州分行'"
