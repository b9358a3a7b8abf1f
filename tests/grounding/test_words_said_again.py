"""Words that only say again what was found are claimed; beside anything else they stay told."""

from __future__ import annotations

from datetime import date

import pytest

from t2sql.catalog import Catalog
from t2sql.flow import Question
from t2sql.grounding import Grounding, NameIndex, ValueEntry, ValueIndex
from t2sql.grounding.words.purposes import purposes
from t2sql.grounding.words.text import fold
from t2sql.grounding.words.weighing import MATTERS

NAMED = (
    ("branch", "上海分行", "Shanghai Branch"),
    ("branch", "广州分行", "Guangzhou Branch"),
    ("industry", "建筑业", "Construction"),
    ("product", "个人住房贷款", "mortgages"),
    ("product", "金卡", "gold cards"),
)


@pytest.fixture(scope="module")
def grounding(catalog: Catalog) -> Grounding:
    values = ValueIndex.build([ValueEntry(dimension, zh, (en,)) for dimension, zh, en in NAMED])
    return Grounding(catalog, values, NameIndex.build(catalog), lambda text: [])


@pytest.mark.parametrize(
    ("text", "blank"),
    [
        ("附图3：各分行存款", "附图3"),
        ("Exhibit 7: deposits by branch", "exhibit 7"),
        ("做饼图用，各行业贷款余额", "做饼图用"),
        ("逾期率超过3%的支行，准备逐家约谈", "准备逐家约谈"),
        ("NPL ratio, we need it for a landlord talk", "we need it for a landlord talk"),
        ("不论在哪开户，个人存款余额", "不论在哪开户"),
        ("loans, no matter who sold them", "no matter who sold them"),
        ("信用贷款（没有任何抵押物）", "(没有任何抵押物)"),
        ("time deposits (not demand)", "(not demand)"),
        ("foreign currency loans (not yuan)", "(not yuan)"),
    ],
)
def test_blanked(text: str, blank: str) -> None:
    folded = fold(text)
    assert blank in [folded.text[start:end].strip() for start, end in purposes(folded)]


@pytest.mark.parametrize(
    "text",
    [
        "贷款余额（没有抵押物）",
        "deposits (not demand)",
        "信用贷款（没有逾期的）",
        "要国企的贷款余额",
        "top 3 branches by deposits",
        "loans, any overdue",
    ],
)
def test_kept(text: str) -> None:
    assert list(purposes(fold(text))) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2026年6月末贷款笔数，不要金额", ""),
        ("loan count at end June 2026, not the amount", ""),
        ("loan balance at end June 2026, not the balance", "not"),
        ("贷款余额，不是余额", "不是"),
        ("上海、广州两市6月末存款余额", ""),
        ("上海、广州四市6月末存款余额", "四市"),
        ("sub-branch deposits under the Shanghai branch, June 2026", ""),
        ("loans under custody, June 2026", "under"),
        ("loan balance of construction firms, June 2026", ""),
        ("按五级分类，各类的贷款余额", ""),
        ("I mean the net profit of 2025", ""),
        ("net profit of 2025, both years inclusive", ""),
        ("net profit 2025 inclusive of subsidies", "subsidies"),
        ("deposits at the Shanghai branch br. June 2026 lah", ""),
        ("I'm after the net profit of 2025", ""),
        ("loan balance of home mortgages, June 2026", ""),
        ("card balance on home gold cards, June 2026", "home"),
        ("2025年全年口径的净利润", ""),
        ("absolute growth in deposits", "absolute"),
        ("loan balance to startups", "startups"),
        ("outstanding loan principal at end June 2026", ""),
    ],
)
def test_told(grounding: Grounding, text: str, told: str) -> None:
    context = grounding.ground(Question(text, "hq", date(2026, 7, 10), "en"), date(2026, 6, 30), by_meaning=False)
    words = [doubt.word for doubt in context.doubts if doubt.weight >= MATTERS]
    assert told in words if told else words == []
