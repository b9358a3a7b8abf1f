"""Rows taken away as CSV and as text: exact, readable, and never a formula."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from t2sql.flow import Answer, Column, Loads, Result
from t2sql.policy import Narrowed
from t2sql.takeaway import to_csv, to_text

from made_answers import answered, planned, run, with_rows

SQL = "SELECT month, branch, npl_ratio, yoy_diff(npl_ratio), loan_balance, loan_count FROM bank WHERE month = '2026-06'"
ROWS = [
    ("2026-06", "上海分行", 0.010400050988371032, -0.0006, Decimal("5537014858.330001"), 1877),
    ("2026-06", None, None, None, None, 0),
]
EVIL = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＋1", "－1", "＠x"]


def read(raw: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


@pytest.fixture
def answer(head_office: Narrowed, loads: Loads) -> Answer:
    plan = planned(SQL, head_office, loads)
    return answered(plan, with_rows(plan, ROWS), head_office)


def in_english(answer: Answer) -> Answer:
    return replace(answer, question=replace(answer.question, language="en"))


def evil_answer(answer: Answer, text: str) -> Answer:
    """An answer whose heading and value are `text`."""
    column = Column(text, "dimension", "text", "", "", "", text, text)
    return replace(answer, result=Result((column,), ((text,),), False, 1.0))


def test_csv_holds_every_stored_digit(answer: Answer) -> None:
    raw = to_csv(answer)
    assert raw.startswith(b"\xef\xbb\xbf") and b"\r\n" in raw
    assert read(raw) == [
        ["月份", "分行", "不良贷款率", "不良贷款率同比变化", "贷款余额（元）", "贷款笔数"],
        ["2026-06", "上海分行", "0.010400050988371032", "-0.0006", "5537014858.330001", "1877"],
        ["2026-06", "", "", "", "", "0"],
    ]
    assert read(to_csv(in_english(answer)))[0][:2] == ["Month", "Branch"]


def test_text_reads_as_the_page_does(answer: Answer) -> None:
    assert to_text(answer).splitlines() == [
        "月份\t分行\t不良贷款率\t不良贷款率同比变化\t贷款余额\t贷款笔数",
        "2026年6月\t上海分行\t1.04%\t-0.06 个百分点\t55.37 亿元\t1,877",
        "2026年6月\t（空）\t—\t—\t—\t0",
    ]
    assert "June 2026\t上海分行\t1.04%\t-0.06 pp\tCNY 5.54 bn\t1,877" in to_text(in_english(answer))


@pytest.mark.parametrize("text", EVIL)
def test_no_cell_is_a_formula(answer: Answer, text: str) -> None:
    evil = evil_answer(answer, text)
    for row in read(to_csv(evil)):
        assert not row[0].startswith(tuple("=+-@\t\r＝＋－＠"))
    for line in to_text(evil).splitlines():
        assert not line.startswith(tuple("=+-@\t\r＝＋－＠"))


@pytest.mark.parametrize("text", ["a\tb", "a\nb", 'a"b', "a,b", "\x1b[31m", "\ud800", "\u202egnp.exe"])
def test_text_stays_in_its_cell(answer: Answer, text: str) -> None:
    evil = evil_answer(answer, text)
    assert [len(row) for row in read(to_csv(evil))] == [1, 1]
    assert to_text(evil).count("\t") == 0 and len(to_text(evil).splitlines()) == 2
    for raw in (to_csv(evil).decode("utf-8-sig"), to_text(evil)):
        assert "\x1b" not in raw and "\u202e" not in raw


def test_types_of_the_database_are_written_plainly(answer: Answer) -> None:
    day = Column("day", "dimension", "date", "", "", "", "日", "day")
    flag = Column("flag", "dimension", "boolean", "", "", "", "是否", "flag")
    kept = replace(answer, result=Result((day, flag), ((date(2026, 6, 30), True), (None, None)), False, 1.0))
    assert read(to_csv(kept))[1:] == [["2026-06-30", "true"], ["", ""]]
    assert to_text(kept).splitlines()[1:] == ["2026-06-30\t是", "（空）\t（空）"]


def test_the_banks_own_rows_come_back_as_they_were(head_office: Narrowed, loads: Loads, warehouse: Any) -> None:
    plan = planned("SELECT branch, segment, loan_balance, npl_ratio FROM bank", head_office, loads)
    result = run(plan, warehouse)
    rows = read(to_csv(answered(plan, result, head_office)))[1:]
    assert len(rows) == len(result.rows) > 50
    for written, (branch, segment, balance, ratio) in zip(rows, result.rows, strict=True):
        assert (written[0], written[1], Decimal(written[2])) == (branch or "", segment or "", balance)
        assert written[3] == ("" if ratio is None else repr(ratio))
