"""Names in the place of a unit, or after a word of grouping, that nothing explains are told back, never passed over."""

from __future__ import annotations

from datetime import date

import pytest

from t2sql.catalog import Catalog
from t2sql.flow import Question
from t2sql.grounding import Grounding, NameIndex, ValueEntry, ValueIndex

TOLD = [
    ("成大分行的不良率", "成大"),
    ("和平支行6月末存款余额", "平"),
    ("loan balance of the Key branch", "key"),
    ("Young branch loan balance", "young"),
    ("loan balance by shoe size", "shoe"),
    ("按星座看贷款余额", "星座"),
    ("loan balance by branch manager", "manager"),
    ("Deposits per region and relationship manager", "manager"),
    ("存款余额按支行负责人列出", "负责人"),
    ("每个客户经理的贷款余额", "经理"),
]
SILENT = [
    "各分行的不良率",
    "哪个分行不良率最高",
    "请看分行贷款余额",
    "上海分行的存款余额",
    "Which branch has the most deposits?",
    "credit card limit usage per card product",
    "List branch deposits by the end of June 2026",
    "按月列出2025年净利润",
    "我行各支行的贷款余额",
    "Loan balance by branch, my manager wants it",
    "各分行贷款余额，客户经理要用",
]


@pytest.fixture(scope="module")
def grounding(catalog: Catalog) -> Grounding:
    """The bank's names with one branch as value, and no search by meaning."""
    values = ValueIndex.build([ValueEntry("branch", "上海分行", ("Shanghai Branch",))])
    return Grounding(catalog, values, NameIndex.build(catalog), lambda _text: [])


def ungrounded(grounding: Grounding, text: str) -> tuple[str, ...]:
    """What the question says that nothing explains."""
    return grounding.ground(Question(text, "hq", date(2026, 7, 10), "zh"), date(2026, 6, 30)).ungrounded


@pytest.mark.parametrize(("text", "word"), TOLD)
def test_an_unknown_name_is_told(grounding: Grounding, text: str, word: str) -> None:
    assert any(word in told.lower() for told in ungrounded(grounding, text))


@pytest.mark.parametrize("text", SILENT)
def test_plain_words_are_not(grounding: Grounding, text: str) -> None:
    assert ungrounded(grounding, text) == ()
