"""Text that nobody here wrote reaches the browser as text."""

from __future__ import annotations

import re
from string import punctuation

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.parts.plain import JOINER, to_html, to_label
from ui.words import WORDS, Words


@given(st.text())
def test_html_has_no_markup_and_no_control_character(text: str) -> None:
    shown = to_html(text)
    assert not re.search(r"[<>\"'\x00-\x1f\x7f-\x9f]", shown)
    assert re.fullmatch(r"(?:[^&]|&(?:amp|lt|gt|quot|#x27);)*", shown)


@given(st.text(alphabet=st.sampled_from(punctuation + "ab中1 \n")))
def test_a_label_escapes_all_punctuation(text: str) -> None:
    assert not set(re.sub(r"\\(.)", "", to_label(text))) & set(punctuation)


@given(st.text(alphabet=st.sampled_from("abc:/@.->=<w ")))
def test_a_label_reads_as_its_text(text: str) -> None:
    assert re.sub(r"\\(.)", r"\1", to_label(text)).replace(JOINER, "") == " ".join(text.split())


@pytest.mark.parametrize("text", [":smile:", ":material/home:", "http://a.example", "a@b.example", "www.a.com", "->"])
def test_a_label_breaks_up_shorthand(text: str) -> None:
    assert JOINER in to_label(text)


def test_every_word_has_both_languages_with_the_same_gaps() -> None:
    for zh, en in WORDS.values():
        assert zh
        assert en
        assert set(re.findall(r"{(\w+)}", zh)) == set(re.findall(r"{(\w+)}", en))


def test_an_unknown_error_has_a_heading() -> None:
    assert Words("zh").error("something_new") == "没能完成"
    assert Words("en").error("timeout") == "The query took too long and was stopped"
