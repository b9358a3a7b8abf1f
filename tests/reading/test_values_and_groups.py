"""What is left out, in which role a unit is said, and which words group: as the readings show it, or told back."""

# ruff: noqa: E501
# One case a line.
from __future__ import annotations

import pytest
from grounded_words import assert_read, assert_told, grounding_over

from t2sql.catalog import Catalog
from t2sql.grounding import Grounding

NAMED = (
    ("branch", "上海分行", "Shanghai Branch"),
    ("branch", "南京分行", "Nanjing Branch"),
    ("branch", "北京分行", "Beijing Branch"),
    ("branch", "杭州分行", "Hangzhou Branch"),
    ("sub_branch", "静安支行", "Jing'an"),
    ("sub_branch", "西湖支行", "Xihu"),
    ("region", "华东区", "East China"),
    ("region", "华南区", "South China"),
    ("region", "总行", "Head Office"),
    ("branch", "总行", "Head Office"),
    ("product", "金卡", "gold card"),
    ("product", "白金卡", "platinum card"),
    ("product", "票据贴现", "bill discounting"),
    ("fee_type", "结算", "settlement"),
    ("fee_type", "银行卡", "bank card"),
)
CODED = ("industry", "segment", "customer_type", "product_line", "product_type", "currency", "rate_type", "collateral",
         "merchant_category", "loan_term_band", "deposit_term", "risk_class", "overdue_bucket", "channel")  # fmt: skip

LEFT_OUT = """
各区域存款，总行那块别算 | region, deposit_balance WHERE region <> '总行'
各分行存款余额，把上海去掉 | branch, deposit_balance WHERE branch <> '上海分行'
票据贴现扣掉以后各分行贷款余额 | branch, loan_balance WHERE product <> '票据贴现'
各币种存款余额，不看人民币 | currency, deposit_balance WHERE currency <> 'CNY'
剔除制造业后的不良率 | npl_ratio WHERE industry <> '制造业'
不在华东的存款余额 | deposit_balance WHERE region <> '华东区'
deposit balance by branch, leave Shanghai out | branch, deposit_balance WHERE branch <> '上海分行'
leaving Shanghai and Nanjing branches out, deposit balance by branch | branch, deposit_balance WHERE branch NOT IN ('上海分行', '南京分行')
loan balance by branch, take bill discounting out of it | branch, loan_balance WHERE product <> '票据贴现'
上海分行剔除房地产业的贷款余额 | loan_balance WHERE branch = '上海分行' AND industry <> '房地产业'
loan balance by industry, skip manufacturing | industry, loan_balance WHERE industry <> '制造业'
loans by region with Head Office left out | region, loan_balance WHERE region <> '总行'
deposits by branch, Nanjing branch not included | branch, deposit_balance WHERE branch <> '南京分行'
NPL ratio by region but not East China | region, npl_ratio WHERE region <> '华东区'
loan balance in any industry bar manufacturing | loan_balance WHERE industry <> '制造业'
"""
ROLES = """
归静安支行管的贷款余额 | loan_balance WHERE managing_sub_branch = '静安支行'
南京分行负责管理的贷款余额 | loan_balance WHERE managing_branch = '南京分行'
管户行是北京分行的贷款余额 | loan_balance WHERE managing_branch = '北京分行'
贷款账记在北京分行、由别的分行管，余额多少 | loan_balance WHERE branch = '北京分行' AND managing_branch <> '北京分行'
按管户支行看贷款余额 | managing_sub_branch, loan_balance
华南区发卡的信用卡透支余额 | card_balance WHERE issuing_region = '华南区'
按持卡人归属区域看消费额 | home_region, card_spend
loans looked after by the Nanjing branch | loan_balance WHERE managing_branch = '南京分行'
loan balance booked at Beijing branch but managed elsewhere | loan_balance WHERE branch = '北京分行' AND managing_branch <> '北京分行'
NPL ratio by the branch that oversees the loan | managing_branch, npl_ratio
loan balance by the borrower's home region | home_region, loan_balance
"""
GROUPS = """
产品线×客户类型的存款余额 | product_line, customer_type, deposit_balance
分行和客群交叉看存款余额 | branch, segment, deposit_balance
五级分类余额分布，贷款 | risk_class, loan_balance
以客群为维度列示存款余额 | segment, deposit_balance
客户类型分，存款余额 | customer_type, deposit_balance
杭州、南京两家分行下辖各支行存款余额 | sub_branch, deposit_balance WHERE branch IN ('杭州分行', '南京分行')
按担保方式（抵押、质押等）列示贷款余额 | collateral, loan_balance
不良贷款余额按次级、损失两类分开 | risk_class, npl_balance WHERE risk_class IN ('次级', '损失')
手续费交易金额按类型 | fee_type, fee_amount
card spend per category | merchant_category, card_spend
deposit balance, segment-wise | segment, deposit_balance
deposit balance by branch x segment | branch, segment, deposit_balance
loan balance spread over industries | industry, loan_balance
deposit balance: demand and time | deposit_term, deposit_balance WHERE deposit_term IN ('活期', '定期')
loan balance by Nanjing branch | loan_balance WHERE branch = '南京分行'
loan balance with terms exceeding five years | loan_balance WHERE loan_term_band = '5年以上'
北京南京两家分行的存款余额 | branch, deposit_balance WHERE branch IN ('北京分行', '南京分行')
贷款余额，两列：分行、余额 | branch, loan_balance
北京分行和南京分行的存款余额合起来 | deposit_balance WHERE branch IN ('北京分行', '南京分行')
deposit balance of Beijing branch and Nanjing branch together | deposit_balance WHERE branch IN ('北京分行', '南京分行')
白金金卡的透支余额 | product, card_balance WHERE product IN ('白金卡', '金卡')
"""
TOLD = (
    "各机构的不良率",
    "按团队看贷款余额",
    "loan balance by type",
    "loan balance by team",
    "个人客户和企业客户的存款余额",
    "存款余额，不含温州的",
    "loans booked elsewhere",
    "loan balance, skip the weak ones",
    "由其他分行管理的贷款余额",
)


@pytest.fixture(scope="module")
def grounding(catalog: Catalog) -> Grounding:
    return grounding_over(catalog, NAMED, CODED)


@pytest.mark.parametrize(
    "line", [*LEFT_OUT.strip().splitlines(), *ROLES.strip().splitlines(), *GROUPS.strip().splitlines()]
)
def test_the_first_reading_is_what_was_asked(grounding: Grounding, catalog: Catalog, line: str) -> None:
    assert_read(grounding, catalog, line)


@pytest.mark.parametrize("text", TOLD)
def test_a_word_that_limits_or_groups_is_never_passed_over(grounding: Grounding, catalog: Catalog, text: str) -> None:
    assert_told(grounding, catalog, text)
