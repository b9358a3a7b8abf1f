"""Clauses that only speak let their words pass; a clause that may name a kind does not."""

from __future__ import annotations

import pytest

from t2sql.catalog import Catalog
from t2sql.flow import Span
from t2sql.grounding import NameIndex
from t2sql.grounding.words.asides import asides, headings
from t2sql.grounding.words.text import fold
from t2sql.grounding.words.vocabulary import Vocabulary
from t2sql.grounding.words.weighing import MATTERS

NAME = "loan balance"


@pytest.fixture(scope="module")
def vocabulary(catalog: Catalog) -> Vocabulary:
    return Vocabulary(catalog, NameIndex.build(catalog))


def _told(vocabulary: Vocabulary, text: str, name: str) -> tuple[str, ...]:
    start = text.index(name)
    doubts = vocabulary.doubts(fold(text), [Span(start, start + len(name))], ["loan_balance"])
    return tuple(doubt.word for doubt in doubts if doubt.weight >= MATTERS)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("hopping onto a plane in a minute, loan balance please", "loan balance"),
        ("I'm buried in these spreadsheets, loan balance", "loan balance"),
        ("maturity profile: loan balance", "loan balance"),
        ("liquidity story - loan balance", "loan balance"),
        ("刚出差回来，贷款余额多少", "贷款余额"),
        ("同事托付我来问，贷款余额", "贷款余额"),
        ("流动性摸排：贷款余额", "贷款余额"),
    ],
)
def test_speech_is_let_pass(vocabulary: Vocabulary, text: str, name: str) -> None:
    assert _told(vocabulary, text, name) == ()


@pytest.mark.parametrize(
    ("text", "name", "told"),
    [
        ("farmers: loan balance", "loan balance", "farmers"),
        ("loan balance, farmers only", "loan balance", "farmers"),
        ("we lend to farmers, loan balance", "loan balance", "lend"),
        ("green lending: loan balance", "loan balance", "green"),
        ("个体户，贷款余额", "贷款余额", "个体"),
        ("贷款余额，普惠口径", "贷款余额", "普惠"),
        ("农垦系统：贷款余额", "贷款余额", "农垦系统"),
    ],
)
def test_a_kind_is_told(vocabulary: Vocabulary, text: str, name: str, told: str) -> None:
    assert told in _told(vocabulary, text, name)


def test_a_clause_with_a_finding_is_none() -> None:
    assert asides("我想看看\n\n\n\n") == []
    assert asides("我想看看,\n\n\n\n") == [(0, 4)]
    assert list(headings("risk: x", "r\nsk: x")) == []
