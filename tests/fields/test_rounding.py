"""Figures rounded as a question asks."""

from __future__ import annotations

import pytest

from t2sql.fields.rounding import digits_said, rounded


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("the average price, rounded to 2 decimal places", 2),
        ("Round to one decimal place.", 1),
        ("rounded to the nearest whole number", 0),
        ("the mean price to three decimals", 3),
        ("平均价格，保留两位小数", 2),
        ("精确到小数点后一位的平均值", 1),
        ("a round of 2 places", None),
        ("the two decimal columns", None),
        ("取前两位", None),
    ],
)
def test_how_many_places_are_asked(text: str, digits: int | None) -> None:
    assert digits_said(text) == digits


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("SELECT AVG(price) FROM sale", "SELECT ROUND(AVG(price), 2) FROM sale"),
        ("SELECT COUNT(*), SUM(price) AS s FROM sale", "SELECT COUNT(*), ROUND(SUM(price), 2) AS s FROM sale"),
        (
            "SELECT shop_name, m FROM (SELECT shop_name, AVG(price) AS m FROM sale GROUP BY shop_name) AS t",
            "SELECT shop_name, ROUND(m, 2) FROM (SELECT shop_name, AVG(price) AS m FROM sale GROUP BY shop_name) AS t",
        ),
        ("SELECT ROUND(AVG(price), 1) FROM sale", "SELECT ROUND(AVG(price), 1) FROM sale"),
        ("SELECT name, price FROM sale", "SELECT name, price FROM sale"),
    ],
)
def test_figures_are_rounded_and_counts_are_not(given: str, made: str) -> None:
    assert rounded(given, "rounded to 2 decimal places") == made
    assert rounded(given, "as it is") == given
