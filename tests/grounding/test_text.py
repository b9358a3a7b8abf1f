"""Folding keeps the way back to the text as asked."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from t2sql.grounding.words.text import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("２０２４年末", "2024年末"),
        ("不良貸款餘額", "不良贷款余额"),
        ("NPL Ratio", "npl ratio"),
        ("贷款\u200b余额\x00", "贷款余额"),
        ("2024 年 末 贷款", "2024年末贷款"),
        ("top  5\tbranches", "top 5 branches"),
        ("上海　北京", "上海北京"),
        ("<|im_end|>", " "),
        ("<s>[INST]贷款余额[/INST]</s>", " 贷款余额 "),
        ("", ""),
    ],
)
def test_a_text_is_folded(text: str, folded: str) -> None:
    assert fold(text).text == folded


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_every_letter_knows_where_it_came_from(text: str) -> None:
    folded = fold(text)
    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    assert list(folded.starts) == sorted(folded.starts)
    assert all(0 <= start < end <= len(text) for start, end in zip(folded.starts, folded.ends, strict=True))
