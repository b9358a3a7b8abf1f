"""A side of a period, or a word that only says about when, is told back: the period alone would be another answer."""

from __future__ import annotations

from datetime import date

import pytest

from t2sql.grounding.telling import untold
from t2sql.grounding.time.periods import find_periods
from t2sql.grounding.words.text import fold

SIDES = """
new loans after March 2025 | after
fee income before 2025 | before
fee income prior to the end of 2024 | prior to
early 2025 deposits | early
2024年以后新发放贷款 | 以后
2025年3月之前的手续费收入 | 之前
2024年左右的存款 | 左右
"""
NO_SIDES = """
new loans in March 2025
fee income by the end of 2025
2024年和2025年前后两年净利润
3个月前的存款余额
前三季度净利润
"""


def _told(text: str) -> tuple[str, ...]:
    periods = find_periods(text, date(2026, 7, 10), date(2026, 6, 30))
    return untold(fold(text), [period.span for period in periods], (len(periods),))


@pytest.mark.parametrize("line", SIDES.strip().splitlines())
def test_a_side_of_a_period_is_told(line: str) -> None:
    text, _, word = line.partition(" | ")
    assert any(word in told for told in _told(text))


@pytest.mark.parametrize("text", NO_SIDES.strip().splitlines())
def test_a_period_without_a_side_leaves_nothing_to_tell(text: str) -> None:
    assert _told(text) == ()
