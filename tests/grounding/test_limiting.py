"""Common words that limit what is asked are told where nothing has used them."""

from __future__ import annotations

import pytest

from t2sql.flow import Span
from t2sql.grounding.words.limiting import limiting_words
from t2sql.grounding.words.text import fold


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("前年办的卡有多少余额", "办的"),
        ("cards activated in 2024", "activated"),
        ("余额里不算同业", "不算"),
        ("存款别把保证金算进来", "别把"),
        ("loans, not the small ones", "not"),
        ("all but the north", "all but"),
        ("别家分行的贷款", "别家"),
        ("the remaining branches", "remaining"),
        ("存款年年多少", "年年"),
        ("一直低于2%的支行", "一直"),
        ("前几名的支行", "前几名"),
        ("top several branches", "top several"),
        ("重点客户的贷款", "重点客户"),
        ("key clients", "key clients"),
        ("逾期率高的支行", "高的支行"),
        ("clients with large deposits", "with large"),
        ("哪家支行存款多", "哪家支行存款多"),
        ("那家支行的存款", "那家支行"),
        ("存款期初余额", "期初"),
        ("贷款余额，快到期的", "到期"),
        ("办理的贷款", "办理"),
        ("上月理财赚了多少", "赚了"),
        ("how much did we make on deposits", "make"),
        ("loans of first-time borrowers", "first-time borrowers"),
        ("customers who are good", "who are good"),
        ("不良率明显上升的分行", "明显上升的"),
    ],
)
def test_a_limiting_word_is_told(text: str, told: str) -> None:
    assert told in [said for said, _ in limiting_words(fold(text), (), (), is_without=False)]


@pytest.mark.parametrize(
    "text",
    [
        "各分行不良率从高到低",
        "最大的客户",
        "贷款最多的支行",
        "要日均数，不要时点数",
        "the average, not the month-end figure",
        "如果没问题请尽快",
        "no chart needed",
        "各分行分别的存款",
        "今天天气",
        "每年年末的存款",
        "in other words, deposits",
        "各月未存款",
    ],
)
def test_what_changes_nothing_is_not_told(text: str) -> None:
    assert list(limiting_words(fold(text), (), (), is_without=False)) == []


def test_what_is_used_is_not_told() -> None:
    text = fold("别家分行的贷款")
    assert list(limiting_words(text, [Span(0, 2)], [Span(0, 2)], is_without=False)) == []
    others = fold("除上海外其余分行的贷款")
    assert list(limiting_words(others, [Span(0, 4)], (), is_without=True)) == []


def test_a_date_says_what_was_done_and_to_whom() -> None:
    text = fold("去年开的老客户")
    told = [said for said, _ in limiting_words(text, (), (), is_without=False)]
    assert told == ["开的", "老客户"]
    assert list(limiting_words(text, (), (), is_without=False, is_dated=True)) == []
