"""Values said by derived words, of another thing, with what lies beyond them, and twice: as the readings show it, or told."""

# ruff: noqa: E501
# One case a line.
from __future__ import annotations

import pytest
from grounded_words import assert_told, ground, grounding_over

from t2sql.catalog import Catalog
from t2sql.definitions.cues import find_cue
from t2sql.grounding import Grounding
from t2sql.grounding.values.derived import derived_forms
from t2sql.grounding.values.values import ValueEntry, ValueIndex
from t2sql.reading.leftovers import leftovers
from t2sql.reading.readings import readings

NAMED = (
    ("branch", "上海分行", "Shanghai Branch"),
    ("region", "华东区", "East China"),
    ("region", "华北区", "North China"),
    ("region", "华北区", "north"),
    ("product", "金卡", "gold card"),
    ("product", "白金卡", "platinum card"),
)
CODED = (
    "segment",
    "customer_type",
    "product_line",
    "collateral",
    "rate_type",
    "loan_term_band",
    "risk_rating",
    "channel",
    "risk_class",
    "overdue_bucket",
)


READ = """
not-overdue loans by product | SELECT product, loan_balance FROM bank WHERE overdue_bucket = '未逾期'
card spend of gold cardholders | SELECT card_spend FROM bank WHERE product = '金卡'
active cards of platinum card holders | SELECT active_cards FROM bank WHERE product = '白金卡'
pledge-backed loans by region | SELECT region, loan_balance FROM bank WHERE collateral = '质押'
loans backed by a guarantee | SELECT loan_balance FROM bank WHERE collateral = '保证'
NPL ratio of medium-sized firms | SELECT npl_ratio FROM bank WHERE segment = '中型'
overdue balance of SME clients | SELECT overdue_balance FROM bank WHERE segment = '小微'
wealth balance of customers rated R4 and above | SELECT wealth_balance FROM bank WHERE risk_rating IN ('R4', 'R5')
R2及以下客户的理财余额 | SELECT wealth_balance FROM bank WHERE risk_rating IN ('R1', 'R2')
AUM of clients rated at least R4 | SELECT aum FROM bank WHERE risk_rating IN ('R4', 'R5')
number of customers rated R1 or R2 | SELECT customers FROM bank WHERE risk_rating IN ('R1', 'R2')
wealth balance for R3 and R4 | SELECT risk_rating, wealth_balance FROM bank WHERE risk_rating IN ('R3', 'R4')
loans classified as pass | SELECT loan_balance FROM bank WHERE risk_class = '正常'
无担保贷款余额 | SELECT loan_balance FROM bank WHERE collateral = '信用'
loans by rate type under each collateral type | SELECT rate_type, collateral, loan_balance FROM bank
loans of 1-5 years | SELECT loan_balance FROM bank WHERE loan_term_band = '1-5年'
over-5-year loans | SELECT loan_balance FROM bank WHERE loan_term_band = '5年以上'
fixed or floating rate loans | SELECT loan_balance FROM bank WHERE rate_type IN ('固定', '浮动')
unsecured loans, not guaranteed | SELECT loan_balance FROM bank WHERE collateral = '信用'
wealth and distributed products by region | SELECT region, wealth_balance FROM bank
which of our East China branches have an NPL ratio above 2% | SELECT branch, npl_ratio FROM bank WHERE region = '华东区' AND npl_ratio > 0.02
loan balance by segment and five-tier risk class | SELECT segment, risk_class, loan_balance FROM bank
loans by industry, then by collateral under each industry | SELECT industry, collateral, loan_balance FROM bank
which two of our branches have the most deposits | SELECT branch, deposit_balance FROM bank ORDER BY deposit_balance DESC LIMIT 2
which branch comes third in net profit | SELECT branch, net_profit FROM bank WHERE rank(net_profit) = 3
runner-up region by card spend | SELECT region, card_spend FROM bank WHERE rank(card_spend) = 2
branches with deposits north of 2 billion | SELECT branch, deposit_balance FROM bank WHERE deposit_balance > 2000000000
which branches lost deposits since the start of the year | SELECT branch, vs_year_start_diff(deposit_balance) FROM bank WHERE vs_year_start_diff(deposit_balance) < 0
"""
TOLD = """
mid-sized outlets with deposits over 1 billion
which medium-sized branches have the most loans
retail branches with deposits above 2 billion
中型网点有几家
小微支行存款有多少
mid-sized deposits by region
how many gold cardholders are there
理财和代销分别有多少
wealth versus distributed products
线上线下消费各多少
NPL ratio and affluent customers
loans of 3-7 years
loan balance secured by a guarantee
"""


@pytest.fixture(scope="module")
def grounding(catalog: Catalog) -> Grounding:
    return grounding_over(catalog, NAMED, CODED)


@pytest.mark.parametrize("line", READ.strip().splitlines())
def test_values_in_other_words_are_read(grounding: Grounding, catalog: Catalog, line: str) -> None:
    text, _, expected = line.partition(" | ")
    context = ground(grounding, text)
    found = readings(context, catalog)
    assert found and found[0].semantic_sql == expected
    assert not context.ungrounded and not leftovers(context, expected, catalog)


@pytest.mark.parametrize("text", TOLD.strip().splitlines())
def test_a_value_said_of_another_thing_is_told(grounding: Grounding, catalog: Catalog, text: str) -> None:
    assert_told(grounding, catalog, text)


@pytest.mark.parametrize(
    "text", ["▢介于1%和2%之间的▢有哪些", "▢超过5亿元的▢有哪些", "▢上升的▢有哪几类", "what are the ▢ above 2%"]
)
def test_members_chosen_by_a_figure_ask_for_no_definition(text: str) -> None:
    cue = find_cue(text, is_dated=False)
    assert cue is None or cue.aspect != "values"


def test_members_of_a_dimension_are_still_defined() -> None:
    cue = find_cue("▢有哪几类", is_dated=False)
    assert cue is not None and cue.aspect == "values"


def test_a_place_is_called_by_its_pinyin_with_its_kind_alone_where_it_is_short() -> None:
    index = ValueIndex.build([ValueEntry("sub_branch", "西湖支行", ("West Lake Sub-branch",), True)])
    assert [v.value for v in index.find("loans at Xihu sub-branch", {"sub_branch"})] == ["西湖支行"]
    assert not index.find("loans at xihu", {"sub_branch"})


@pytest.mark.parametrize(("said", "expected"), [("Lujiazhui sub-branch", 1), ("Xujiahuei sub-branch", 0)])
def test_a_long_name_in_pinyin_as_it_is_spoken_is_known(said: str, expected: int) -> None:
    names = [ValueEntry("sub_branch", "陆家嘴支行", ("Lujiazui Sub-branch",), True)]
    assert len(ValueIndex.build(names).find(f"deposits at {said}", {"sub_branch"})) == expected


def test_unsecured_makes_no_form_of_security() -> None:
    assert not list(derived_forms("unsecured", of_companies=False, of_people=False, of_security=True))
