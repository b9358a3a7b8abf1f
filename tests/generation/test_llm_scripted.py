"""ScriptedLlm: the shipped double answers like an llm and fails loudly when a test forgot something."""

from __future__ import annotations

import threading

import pytest

from t2sql.errors import Cancelled, GenerationError
from t2sql.generation.llm import Llm, ScriptedLlm

GRAMMAR = 'start: "SELECT " ("npl_ratio" | "loan_balance") " FROM bank"'


def scripted() -> ScriptedLlm:
    return ScriptedLlm(
        {"不良": "SELECT npl_ratio FROM bank", "不良贷款": "SELECT loan_balance FROM bank", "bad": "DROP"}
    )


def test_answers_by_the_longest_key_in_the_suffix() -> None:
    llm = scripted()
    typed: Llm = llm
    assert typed.write("p", "问: 不良率?", GRAMMAR, max_tokens=99).text == "SELECT npl_ratio FROM bank"
    assert typed.write("p", "不良贷款余额", GRAMMAR, max_tokens=99).text == "SELECT loan_balance FROM bank"
    assert llm.suffixes == ["问: 不良率?", "不良贷款余额"]


def test_nothing_scripted_and_a_text_outside_the_grammar_are_mistakes_of_the_test() -> None:
    with pytest.raises(LookupError, match="nothing is scripted"):
        scripted().write("p", "weather", GRAMMAR, max_tokens=99)
    with pytest.raises(ValueError, match="does not accept"):
        scripted().write("p", "bad", GRAMMAR, max_tokens=99)


def test_limits_and_cancel_are_those_of_an_llm() -> None:
    with pytest.raises(GenerationError):
        scripted().write("p", "不良", GRAMMAR, max_tokens=3)
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(Cancelled):
        scripted().write("p", "不良", GRAMMAR, max_tokens=99, cancel=cancel)


def test_counts_like_its_writings() -> None:
    llm = scripted()
    written = llm.write("prefix", "不良", GRAMMAR, max_tokens=99, tail="!")
    assert llm.prepare("prefix") is True
    assert written.prompt_tokens == llm.count("prefix") + llm.count("不良") + 1
    assert written.cached_tokens == llm.count("prefix")
    assert written.completion_tokens == llm.count(written.text)
