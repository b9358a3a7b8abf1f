"""Rows over fields that repeat each other are asked back: a group, a figure or a condition was lost."""

from __future__ import annotations

from datetime import date

import pytest

from t2sql.adhoc.repeated import is_repeated
from t2sql.flow import Answer, Clarification, Result

from adhoc_opening import Opening

TODAY = date(2026, 11, 18)
TWICE = Result((), (("York", 2), ("Leeds", 1), ("York", 2)), False, 0.0)
ONCE = Result((), (("York", 2), ("Leeds", 2)), False, 0.0)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Which pet was born first?", True),
        ("各科室的住院人次", True),
        ("每个科室的费用", True),
        ("费用最高的科室", True),
        # Records as they lie may well be the same.
        ("列出历年的进口金额", False),
        ("海关记录中每年的进口金额", False),
    ],
)
def test_what_repeats(text: str, wanted: bool) -> None:
    assert is_repeated(text, TWICE) is wanted
    assert not is_repeated(text, ONCE)


def test_a_list_with_one_line_twice_is_asked_back_and_can_be_chosen(open_library: Opening) -> None:
    text = "For loans in the past 60 days, who borrowed keenly? Return town."
    agent = open_library({"keenly": "SELECT members.town FROM loans WHERE loans.lent_on >= '2026-09-19'"})
    said = agent.ask(agent.question(text, today=TODAY))
    assert isinstance(said, Clarification), said
    (reading,) = said.readings
    chosen = agent.ask(agent.question(text, today=TODAY), semantic_sql=reading.semantic_sql)
    assert isinstance(chosen, Answer) and [row[0] for row in chosen.result.rows].count("York") > 1
