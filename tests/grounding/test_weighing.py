"""How much a word that nothing explains may matter: what changes a number always does, a way of speaking does not."""

from __future__ import annotations

import pytest

from t2sql.catalog import Catalog
from t2sql.flow import Span
from t2sql.grounding.names.names import NameIndex
from t2sql.grounding.words.text import fold
from t2sql.grounding.words.vocabulary import Vocabulary
from t2sql.grounding.words.weighing import MATTERS

# text | its metric's words | that metric | the word | whether it matters
LINES = """
average deposits by branch | deposits | deposit_balance | average | yes
new loans | loans | loan_balance | new | yes
green loans | loans | loan_balance | green | yes
zhejiang deposits | deposits | deposit_balance | zhejiang | yes
liquidity coverage | coverage | provision_coverage | liquidity | yes
deposits of dormant customers | deposits | deposit_balance | dormant | yes
newly opened deposits | deposits | deposit_balance | newly | yes
expected npl ratio | npl ratio | npl_ratio | expected | yes
deposits expressed in yuan | deposits | deposit_balance | expressed | no
kindly fetch deposits | deposits | deposit_balance | fetch | no
can you rustle up the deposits | deposits | deposit_balance | rustle | no
deposits side by side | deposits | deposit_balance | side | no
deposits we lost | deposits | deposit_balance | lost | yes
how many deposits did we gain | deposits | deposit_balance | gain | yes
what did deposits gain since the start of the year | deposits | deposit_balance | gain | no
deposits worth in yuan | deposits | deposit_balance | worth | no
wealth balance in market value | wealth balance | wealth_balance | market | no
deposits in market value | deposits | deposit_balance | market | yes
i'm preparing a slide on deposits | deposits | deposit_balance | preparing | no
我要写风险月报，存款余额 | 存款余额 | deposit_balance | 写风险 | no
存款余额，分开列就行 | 存款余额 | deposit_balance | 分开 | no
deposits, painstakingly checked | deposits | deposit_balance | painstakingly | no
绿色贷款余额 | 贷款余额 | loan_balance | 绿色 | yes
新增贷款余额 | 贷款余额 | loan_balance | 新增 | yes
涉农贷款余额 | 贷款余额 | loan_balance | 涉农 | yes
人均存款余额 | 存款余额 | deposit_balance | 人均 | yes
存款余额的基尼系数 | 存款余额 | deposit_balance | 基尼系 | yes
某某特色贷款余额 | 贷款余额 | loan_balance | 某某特色 | yes
存款余额捋一捋 | 存款余额 | deposit_balance | 捋一捋 | no
存款余额麻烦扒一下 | 存款余额 | deposit_balance | 扒 | no
存款余额出个表发我 | 存款余额 | deposit_balance | 发我 | no
存款余额发给领导看 | 存款余额 | deposit_balance | 领导 | no
"""


@pytest.fixture(scope="module")
def vocabulary(catalog: Catalog) -> Vocabulary:
    return Vocabulary(catalog, NameIndex.build(catalog))


@pytest.mark.parametrize("line", LINES.strip().splitlines())
def test_a_word_matters_by_what_it_can_be(vocabulary: Vocabulary, line: str) -> None:
    text, said, metric, word, matters = line.split(" | ")
    start = text.index(said)
    doubts = vocabulary.doubts(fold(text), [Span(start, start + len(said))], [metric], text)
    weights = {doubt.word: doubt.weight for doubt in doubts}
    if matters == "yes":
        assert weights.get(word, 0.0) >= MATTERS, weights
    else:
        assert all(weight < MATTERS for weight in weights.values()), weights


def test_what_the_found_name_says_is_no_doubt(vocabulary: Vocabulary) -> None:
    text = "今年投放的贷款"
    doubts = vocabulary.doubts(fold(text), [Span(0, 2)], ["new_loans"])
    assert [doubt.word for doubt in doubts if doubt.weight >= MATTERS] == []
