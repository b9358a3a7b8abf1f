"""Means over periods, and what they leave out."""

from __future__ import annotations

from t2sql.reading.means import mean_sql


def test_a_mean_is_taken_over_the_periods_of_each_group() -> None:
    sql = mean_sql("bank", "month", ["region"], ["new_loans"], ["year = '2025'"])
    inner = "SELECT month, region, new_loans FROM bank WHERE year = '2025'"
    assert sql == f"SELECT region, AVG(new_loans) AS average_new_loans FROM ({inner}) AS each_month GROUP BY region"


def test_without_groups_it_is_one_figure() -> None:
    sql = mean_sql("bank", "quarter", [], ["card_spend"], [])
    inner = "SELECT quarter, card_spend FROM bank"
    assert sql == f"SELECT AVG(card_spend) AS average_card_spend FROM ({inner}) AS each_quarter"
