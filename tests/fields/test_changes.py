"""The change from one period to the next beside a figure, read from English questions and from what hints define."""

# ruff: noqa: E501
# One case a line.
from __future__ import annotations

from datetime import date

import pytest
from drafted_catalog import index

from t2sql.fields import read_question
from t2sql.fields.beside.changes import change_said, with_change

TODAY = date(2026, 11, 18)
INDEX = index()
BY_MONTH = (
    "SELECT period, figure, figure - LAG(figure) OVER (ORDER BY period) AS change FROM (SELECT DATE_TRUNC('MONTH',"
    " sale_date) AS period, {} AS figure FROM sale{} GROUP BY DATE_TRUNC('MONTH', sale_date)) AS by_period ORDER BY period"
)


@pytest.mark.parametrize(
    ("text", "hints", "step"),
    [
        ("How many sales were there per month, and the MoM change?", "", "month"),
        ("sales per week and the week-over-week change", "", "week"),
        ("sales per year with the change from the previous year", "", "year"),
        ("the increase compared to the prior quarter in sales per quarter", "", "quarter"),
        (
            "What is the NSD for each month?",
            "NSD = new sales difference, the change in sales from one month to the next",
            "month",
        ),
        ("sales for each month and GAP", "GAP = current month value - prev month value", "month"),
        ("sales and SI for each year", "SI = sales in the year - sales in the year before", "year"),
    ],
)
def test_a_change_from_step_to_step_is_said(text: str, hints: str, step: str) -> None:
    said = change_said(text, hints)
    assert said is not None
    assert said[1] == step
    assert len(said[0]) == len(text)


@pytest.mark.parametrize(
    ("text", "hints"),
    [
        ("How many sales per month?", ""),
        ("sales per month and the MoM growth rate", ""),
        ("the percentage change from the previous month", ""),
        ("sales of the previous month", ""),
        ("What is the GR for each month?", "GR = (current month value - prev month value) / prev month value"),
        ("What changed in the price list last month?", ""),
    ],
)
def test_other_words_say_no_change_of_figures(text: str, hints: str) -> None:
    assert change_said(text, hints) is None


@pytest.mark.parametrize(
    ("text", "figure", "where"),
    [
        ("How many sales were there per month, and what was the MoM change?", "COUNT(*)", ""),
        (
            "What is the total sale price per month? Also calculate the MoM change for each month.",
            "SUM(sale_price)",
            "",
        ),
        (
            "What is the total sale price per month in 2025, with the change from the previous month?",
            "SUM(sale_price)",
            " WHERE sale.sale_date >= '2025-01-01' AND sale.sale_date < '2026-01-01'",
        ),
    ],
)
def test_the_change_stands_beside_its_figure(text: str, figure: str, where: str) -> None:
    _linked, found = read_question(text, "", INDEX, TODAY)
    assert found[0].semantic_sql == BY_MONTH.format(figure, where)


@pytest.mark.parametrize(
    "semantic_sql",
    [
        "SELECT sale_date, COUNT(*) FROM sale GROUP BY sale_date",
        "SELECT shop.city, month(sale_date), COUNT(*) FROM sale GROUP BY shop.city, month(sale_date)",
        "SELECT year(sale_date), COUNT(*) FROM sale GROUP BY year(sale_date)",
        "SELECT month(sale_date), COUNT(*), SUM(sale_price) FROM sale GROUP BY month(sale_date)",
        "SELECT month(sale_date), COUNT(*) FROM sale GROUP BY month(sale_date) ORDER BY COUNT(*) LIMIT 3",
    ],
)
def test_no_change_is_made_of_other_lists(semantic_sql: str) -> None:
    assert with_change(semantic_sql, "month") == ""


def test_years_and_days_of_birth() -> None:
    """The date is the one whose deed is told, and nobody is registered on the day of their birth."""
    _linked, found = read_question("How many sales were shipped per year?", "", INDEX, TODAY)
    assert found[0].semantic_sql == "SELECT year(shipped_on), COUNT(*) FROM sale GROUP BY year(shipped_on)"
