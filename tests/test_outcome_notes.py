"""Why an answer holds no figure: the conditions where there are any, else the period, and never a guess."""

from __future__ import annotations

from typing import Any

import pytest

from t2sql.cli_speech import counted
from t2sql.flow import Certified, Column, Note, Plan, Result, Understood
from t2sql.screening import is_empty, is_nought, notes_on

BRANCH = Column("branch", "dimension", "text", "", "", "", "分行", "branch")
MONEY = Column("loan_balance", "metric", "number", "CNY", "loan_balance", "", "贷款余额", "loan balance")


@pytest.mark.parametrize(
    ("rows", "empty", "nought"),
    [
        ((), True, True),
        ((("上海分行", None),), True, True),
        ((("上海分行", 0),), False, True),
        ((("上海分行", 0), ("杭州分行", 5)), False, False),
    ],
)
def test_a_result_without_a_figure(rows: Any, empty: bool, nought: bool) -> None:
    result = Result((BRANCH, MONEY), rows, False, 1.0)
    assert (is_empty(result), is_nought(result)) == (empty, nought)


def test_one_thing_is_no_plural() -> None:
    assert [counted(0, "error"), counted(1, "row"), counted(1234, "row")] == ["0 errors", "1 row", "1,234 rows"]


YOY = Column("g", "metric", "number", "ratio", "loan_balance", "yoy", "同比", "growth")


@pytest.mark.parametrize(
    ("item", "column", "value", "conditions", "codes"),
    [
        ("yoy(loan_balance)", YOY, 0.1, (), []),
        ("yoy(loan_balance)", YOY, None, (), ["empty_growth", "no_figure"]),
        ("coalesce(yoy(loan_balance), 0) AS g", YOY, 0, (), ["empty_growth"]),
        ("loan_balance", MONEY, None, (), ["no_figure"]),
        ("loan_balance", MONEY, None, ("branch = 'x'",), ["nothing_found"]),
        ("loan_balance", MONEY, 1, ("branch = 'x'",), []),
    ],
)
def test_only_notes_that_bear_on_the_rows_are_told(
    item: str, column: Column, value: Any, conditions: tuple[str, ...], codes: list[str]
) -> None:
    told = Understood(("2025-12",), (), conditions, "", None, False)
    note = Note("empty_growth", "缺基期。", "A base is missing.")
    sql = f"SELECT branch, {item} FROM bank"
    plan = Plan(sql, Certified("SELECT 1", "duckdb", 9), (BRANCH, column), (), (note,), (), told)
    result = Result((BRANCH, column), (("上海分行", value),), False, 1.0)
    assert [each.code for each in notes_on(plan, result)] == codes


def test_an_unknown_value_says_more_than_that_nothing_was_found() -> None:
    told = Understood((), (), ("branch = 'x'",), "", None, False)
    plan = Plan("SELECT loan_balance FROM bank", Certified("SELECT 1", "duckdb", 9), (MONEY,), (), (), (), told)
    unknown = Note("unknown_value", "未知。", "Unknown.")
    assert notes_on(plan, Result((MONEY,), (), False, 1.0), (unknown,)) == (unknown,)
