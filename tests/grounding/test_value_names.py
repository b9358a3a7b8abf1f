"""Names in particular: places by one letter, misprints, everyday words, registers, and a name that is two things'."""

from __future__ import annotations

import re
from datetime import date

import pytest

from t2sql.flow import Context, Question, Span, ValueMention
from t2sql.grounding.values.meanings import meanings
from t2sql.grounding.values.misprints import sounds_alike
from t2sql.grounding.values.register import MOST_ALIKE, NameRegister
from t2sql.grounding.values.values import ValueEntry, ValueIndex
from t2sql.grounding.values.written import pinyin
from t2sql.grounding.words.text import fold

BRANCHES = ("上海", "北京", "广州", "深圳", "成都", "西安", "南京", "苏州", "天津", "杭州", "宁波")
UNITS = (
    *(ValueEntry("branch", f"{city}分行", is_place=True) for city in BRANCHES),
    *(ValueEntry("province", name, is_place=True) for name in ("江苏省", "浙江省", "陕西省", "内蒙古自治区")),
    ValueEntry("sub_branch", "陆家嘴支行", is_place=True),
    ValueEntry("sub_branch", "工业园区支行"),
    ValueEntry("sub_branch", "沙坪坝支行"),
    ValueEntry("product", "结构性存款", ("structured deposit",)),
    ValueEntry("product", "白金卡", ("platinum card", "platinum cards")),
    ValueEntry("product", "金卡", ("gold card", "gold cards")),
    ValueEntry("product", "钻石卡", ("diamond card", "diamond cards")),
    ValueEntry("product", "流动资金贷款"),
    ValueEntry("product", "固定资产贷款"),
    ValueEntry("product", "个人住房贷款", ("mortgage",)),
    ValueEntry("fee_type", "银行卡", ("卡手续费",)),
)
CUSTOMERS = (
    "陆家嘴置业有限公司",
    "致雅丰餐饮管理有限公司",
    "致雅丰商贸有限公司",
    "康亨源机械制造有限公司",
    "Acme Trading Co., Ltd.",
    "ＡＢＣ贸易有限公司",
    "上海分行",
    "王一勇",
    "于平",
    "周一",
    "高于",
)
ALL = frozenset(entry.dimension for entry in UNITS) | {"customer_name", "customer_no"}


@pytest.fixture(scope="module")
def index() -> ValueIndex:
    """Units, some products, and customers."""
    numbers = NameRegister([f"C{number}" for number in range(10_000_000, 10_000_100)])
    return ValueIndex.build(UNITS, {"customer_name": NameRegister(CUSTOMERS), "customer_no": numbers})


def told(index: ValueIndex, text: str) -> list[str]:
    """What is found, in order, names in unclaimed text too."""
    folded = fold(text)
    found = index.find(folded, ALL)
    named = index.find_names(folded, ALL, [value.span for value in found])
    return [f"{v.dimension}={v.value}" for v in (*found, *named)]


LETTERS = """
沪分行存款 | branch=上海分行
京、沪两家分行 | branch=北京分行 branch=上海分行
京津沪三家分行 | branch=北京分行 branch=天津分行 branch=上海分行
北上广深的存款 | branch=北京分行 branch=上海分行 branch=广州分行 branch=深圳分行
深分的不良率 | branch=深圳分行
蓉分贷款 | branch=成都分行
江浙两省 | province=江苏省 province=浙江省
苏分行 | branch=苏州分行
"""
NO_LETTERS = [
    "西宁分行",
    "济宁分行",
    "南宁分行",
    "江西分行",
    "增长分行",
    "新分行",
    "细分行业",
    "深分析",
    "京东的贷款",
    "渝中区",
    "湘分行",
]


@pytest.mark.parametrize("line", LETTERS.strip().splitlines())
def test_a_letter_before_a_units_kind_is_a_place(index: ValueIndex, line: str) -> None:
    text, _, expected = line.partition(" | ")
    assert told(index, text) == expected.split()


@pytest.mark.parametrize("text", NO_LETTERS)
def test_a_letter_of_another_word_is_none(index: ValueIndex, text: str) -> None:
    assert told(index, text) == []


MISPRINTS = """
上海分航贷款 | branch=上海分行
杭州行分存款 | branch=杭州分行
陆家咀支行 | sub_branch=陆家嘴支行
沙坪支行 | sub_branch=沙坪坝支行
园区支行 | sub_branch=工业园区支行
结构行存款 | product=结构性存款
platnum card | product=白金卡
Guangzou branch | branch=广州分行
康亨元机械制造有限公司 | customer_name=康亨源机械制造有限公司
"""
OTHERS = ["上海不良率", "Nanning branch", "常州分行", "西藏分行", "Chengde branch", "的手续费", "上海分期"]


@pytest.mark.parametrize("line", MISPRINTS.strip().splitlines())
def test_a_misprint_is_put_right(index: ValueIndex, line: str) -> None:
    text, _, expected = line.partition(" | ")
    assert told(index, text) == expected.split()


@pytest.mark.parametrize("text", OTHERS)
def test_another_place_or_word_is_no_misprint(index: ValueIndex, text: str) -> None:
    assert not any(v.score < 0.9 for v in index.find(text, ALL))


LISTS = """
gold and platinum cards | product=金卡 product=白金卡
gold, platinum and diamond cards | product=金卡 product=白金卡 product=钻石卡
金卡和白金卡 | product=金卡 product=白金卡
流动资金、固定资产贷款 | product=流动资金贷款 product=固定资产贷款
上海、杭州、南京分行 | branch=上海分行 branch=杭州分行 branch=南京分行
morgage and platnum card | product=个人住房贷款 product=白金卡
whats the morgage ratio | product=个人住房贷款
gold and silver | 
"""


@pytest.mark.parametrize("line", LISTS.strip().splitlines())
def test_the_last_of_a_list_says_what_all_are(index: ValueIndex, line: str) -> None:
    text, _, expected = line.partition(" |")
    assert told(index, text) == expected.split()


NAMES = """
陆家嘴置业有限公司的贷款 | customer_name=陆家嘴置业有限公司
致雅丰的贷款 | customer_name=致雅丰商贸有限公司 customer_name=致雅丰餐饮管理有限公司
看看致雅丰商贸 | customer_name=致雅丰商贸有限公司
ABC贸易有限公司 | customer_name=ＡＢＣ贸易有限公司
loans of acme trading co., ltd. | customer_name=Acme Trading Co., Ltd.
loans of acme trading | customer_name=Acme Trading Co., Ltd.
c10000042的存款 | customer_no=C10000042
王一勇的存款 | customer_name=王一勇
客户于平的存款 | customer_name=于平
customer 于平 | customer_name=于平
客户“高于”的存款 | customer_name=高于
陆家嘴的存款 | sub_branch=陆家嘴支行 customer_name=陆家嘴置业有限公司
上海分行的存款 | branch=上海分行 customer_name=上海分行
"""
NO_NAMES = [
    "高于平均水平",
    "下周一开会",
    "不低于一亿",
    "于平均值",
    "各客户高于平均",
    "acmex loans",
    "有限公司",
    "c1000004299",
]


@pytest.mark.parametrize("line", NAMES.strip().splitlines())
def test_a_customer_is_found_by_name(index: ValueIndex, line: str) -> None:
    text, _, expected = line.partition(" | ")
    assert told(index, text) == re.split(r" (?=\w+=)", expected)


@pytest.mark.parametrize("text", NO_NAMES)
def test_a_name_inside_other_words_is_none(index: ValueIndex, text: str) -> None:
    assert told(index, text) == []


def test_names_that_begin_alike_are_told_only_when_they_are_few() -> None:
    register = NameRegister([f"恒信达{trade}有限公司" for trade in ("商贸", "物流", "置业", "餐饮")])
    assert len(register) == MOST_ALIKE + 1
    assert register.beginning("恒信达") == ()
    assert [found.values for found in register.find("恒信达物流的贷款")] == [("恒信达物流有限公司",)]


def test_a_register_holds_what_it_was_given_and_nothing_else() -> None:
    assert NameRegister([]).find("王一勇的存款") == []
    assert len(NameRegister(["", "  ", "王一勇", "王一勇"])) == 1
    both = NameRegister(["ＡＢＣ贸易有限公司", "ABC贸易有限公司"]).find("abc贸易有限公司")
    assert sorted(both[0].values) == ["ABC贸易有限公司", "ＡＢＣ贸易有限公司"]


def test_a_name_that_several_bear_is_marked() -> None:
    index = ValueIndex.build((), {"customer_name": NameRegister(["王一勇", "李明远"], {"王一勇"})})
    for name, is_shared in (("王一勇", True), ("李明远", False)):
        assert [v.is_shared for v in index.find_names(fold(f"{name}的存款"), ALL, ())] == [is_shared]


def test_dimensions_that_are_not_allowed_give_no_name(index: ValueIndex) -> None:
    allowed = ALL - {"customer_name", "customer_no"}
    for text in ("陆家嘴的存款", "王一勇的存款", "c10000042的存款", "致雅丰商贸有限公司"):
        folded = fold(text)
        found = (*index.find(folded, allowed), *index.find_names(folded, allowed, ()))
        assert all(value.dimension in allowed for value in found)


def test_english_names_of_places_come_from_their_pinyin(index: ValueIndex) -> None:
    assert told(index, "loans in Zhejiang province") == ["province=浙江省"]
    assert told(index, "loans in Inner Mongolia") == ["province=内蒙古自治区"]
    assert told(index, "Shaanxi deposits") == ["province=陕西省"]
    assert told(index, "lujiazui sub-branch") == ["sub_branch=陆家嘴支行"]


def test_pinyin_and_sounds() -> None:
    assert pinyin("浙江") == "zhejiang"
    assert sounds_alike("分行", "分航")
    assert not sounds_alike("分行", "分期")
    assert not sounds_alike("分行", "分")


def _context(*values: ValueMention) -> Context:
    question = Question("陆家嘴", "hq", date(2026, 7, 10), "zh")
    return Context(question, (), (), values, (), (), (), (), ())


def test_a_name_of_two_things_has_two_meanings_and_one_of_two_whole_values_has_one() -> None:
    unit = ValueMention(Span(0, 3), "sub_branch", "陆家嘴支行", 0.9)
    customer = ValueMention(Span(0, 3), "customer_name", "陆家嘴置业有限公司", 0.85)
    branch = ValueMention(Span(4, 6), "branch", "上海分行", 0.9)
    assert [c.values for c in meanings(_context(unit, customer, branch))] == [(unit, branch), (customer, branch)]
    assert meanings(alone := _context(unit, branch)) == (alone,)
    bands = [ValueMention(Span(0, 3), "loan_term_band", value, 1.0) for value in ("1-5年", "5年以上")]
    assert meanings(both := _context(*bands)) == (both,)
    again = ValueMention(Span(7, 10), "sub_branch", "陆家嘴支行", 0.9)
    again_customer = ValueMention(Span(7, 10), "customer_name", "陆家嘴置业有限公司", 0.85)
    found = meanings(_context(unit, customer, again, again_customer))
    assert [c.values for c in found] == [(unit, again), (customer, again_customer)]
