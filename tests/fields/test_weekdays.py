"""Days of the week that a question says of its rows, in English and Chinese; and where it says something else of them."""

# ruff: noqa: E501
# One case a line.
from __future__ import annotations

from datetime import date

import pytest
from drafted_catalog import index

from t2sql.fields import read_question
from t2sql.fields.linking import link
from t2sql.fields.weekdays import weekdays_in, weekdays_said

TODAY = date(2026, 11, 18)
INDEX = index()


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("How many sales were made on weekends?", (6, 7)),
        ("sales over the weekend", (6, 7)),
        ("sales on weekdays", (1, 2, 3, 4, 5)),
        ("sales on Mondays", (1,)),
        ("sales made on a Saturday or Sunday", (6, 7)),
        ("sales on Tuesday, Thursday and Sunday", (2, 4, 7)),
        ("sales on Monday through Wednesday", (1, 2, 3)),
        ("sales on Friday to Monday", (1, 5, 6, 7)),
        ("周末的销售", (6, 7)),
        ("在星期三和周五的销售", (3, 5)),
        ("周一到周四的销售", (1, 2, 3, 4)),
        ("周日的销售", (7,)),
        ("每周一的销售", (1,)),
    ],
)
def test_days_of_the_week_are_read(text: str, days: tuple[int, ...]) -> None:
    said = weekdays_in(text)
    assert said is not None
    assert said.days == days


@pytest.mark.parametrize(
    "text",
    [
        "sales by weekday",
        "sales for each day of the week",
        "How many sales in total and on weekends?",
        "sales on weekends versus sales on weekdays",
        "sales on weekends and on Mondays",
        "sales last Monday",
        "weekend sales",
        "the share of sales on weekends",
        "上周五的销售",
        "每周一次的销售",
        "各周日均销售",
        "工作日的销售",
        "周末与平日的销售对比",
    ],
)
def test_what_limits_no_rows_to_days_of_the_week_is_left(text: str) -> None:
    assert weekdays_in(text) is None


def test_the_date_is_the_one_whose_days_are_limited() -> None:
    conditions = link("How many sales were made on weekends in 2023?", "", INDEX, TODAY).conditions
    assert [c.alternatives[0].sql for c in conditions] == [
        "ISODOW(sale.sale_date) IN (6, 7)",
        "sale.sale_date >= '2023-01-01' AND sale.sale_date < '2024-01-01'",
    ]


@pytest.mark.parametrize(
    ("text", "is_read"),
    [
        ("How many sales were shipped on Monday?", False),
        ("How many sales were shipped on Monday in 2023?", True),
        ("How many sales were shipped on Mondays?", True),
        ("How many sales were shipped on a Monday?", True),
        ("How many sales were shipped over the weekend?", False),
        ("How many sales were shipped over the weekend in 2023?", True),
        ("How many sales were shipped on weekends?", True),
    ],
)
def test_one_day_of_no_period_may_be_the_last_one(text: str, is_read: bool) -> None:
    conditions = link(text, "", INDEX, TODAY).conditions
    assert any("ISODOW" in c.alternatives[0].sql for c in conditions) == is_read


def test_a_verb_names_the_date() -> None:
    _linked, found = read_question("How many sales were shipped on Sundays?", "", INDEX, TODAY)
    assert found[0].semantic_sql == "SELECT COUNT(*) FROM sale WHERE ISODOW(sale.shipped_on) = 7"


def test_a_date_that_is_not_told_is_not_chosen() -> None:
    conditions = link("Which products were there on Sundays?", "", INDEX, TODAY).conditions
    assert not any("ISODOW" in c.alternatives[0].sql for c in conditions)


@pytest.mark.parametrize(
    ("text", "days"),
    [("in total and on weekends", {(6, 7)}), ("Monday or Friday", {(1, 5)}), ("by weekday", set())],
)
def test_what_a_text_says_of_days_of_the_week(text: str, days: set[tuple[int, ...]]) -> None:
    assert {tuple(sorted(one)) for one in weekdays_said(text)} == days
