"""An answer as a workbook: typed cells, their formats, and a proof that a second person can check."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from t2sql.catalog import Catalog
from t2sql.flow import Column, Loads, Result
from t2sql.policy import Narrowed, Policies
from t2sql.takeaway import to_workbook

from made_answers import answered, planned, run, with_rows

SQL = (
    "SELECT month, branch, npl_ratio, yoy_diff(npl_ratio), loan_balance, loan_per_customer, loan_count FROM bank "
    "WHERE month = '2026-06' AND segment = '小微'"
)
ROW = ("2026-06", "上海分行", 0.0104, -0.0006, Decimal("5537014858.33"), Decimal("1234.5"), 1877)
EVIL = "=cmd|' /C calc'!A0"


def opened(raw: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(raw))


def proof(raw: bytes) -> list[tuple[str, str]]:
    return [(str(name), str(text or "")) for name, text in opened(raw).worksheets[1].iter_rows(values_only=True)]


def test_figures_are_numbers_under_the_format_of_their_unit(head_office: Narrowed, loads: Loads) -> None:
    plan = planned(SQL, head_office, loads)
    sheet = opened(to_workbook(answered(plan, with_rows(plan, [ROW]), head_office), head_office)).worksheets[0]
    assert sheet.title == "数据" and sheet.freeze_panes == "A2" and sheet.auto_filter.ref == "A1:G2"
    heads = [cell.value for cell in sheet[1]]
    assert heads[:4] == ["月份", "分行", "不良贷款率", "不良贷款率同比变化（个百分点）"]
    assert heads[4:] == ["贷款余额（元）", "户均贷款余额（元/户）", "贷款笔数"]
    assert all(cell.font.bold for cell in sheet[1])
    assert [(cell.value, cell.number_format, cell.data_type) for cell in sheet[2]] == [
        ("2026-06", "General", "s"),
        ("上海分行", "General", "s"),
        (0.0104, "0.00%", "n"),
        (-0.0006, "+0.00%;-0.00%;0.00%", "n"),
        (5537014858.33, "#,##0.00", "n"),
        (1234.5, "#,##0.00", "n"),
        (1877, "#,##0", "n"),
    ]
    assert sheet.column_dimensions["D"].width > sheet.column_dimensions["A"].width


def test_english_headings_for_an_english_question(head_office: Narrowed, loads: Loads) -> None:
    plan = planned(SQL, head_office, loads)
    book = opened(to_workbook(answered(plan, with_rows(plan, [ROW]), head_office, "en", "NPL?"), head_office))
    assert [sheet.title for sheet in book.worksheets] == ["Figures", "Proof"]
    assert [cell.value for cell in book.worksheets[0][1]][4] == "Loan balance (CNY)"


def test_the_proof_tells_all_that_the_figures_stand_on(catalog: Catalog, policies: Policies, loads: Loads) -> None:
    east = policies.narrow(catalog, policies.principal("analyst_east"))
    plan = planned(SQL, east, loads)
    made = datetime(2026, 7, 10, 9, 30, tzinfo=UTC)
    answer = answered(plan, with_rows(plan, [ROW], truncated=True), east, text="小微不良率？")
    told = proof(to_workbook(answer, east, made=made))
    texts = dict(told)
    assert texts["语义 SQL"] == plan.semantic_sql
    assert texts["物理 SQL（duckdb）"] == plan.physical.sql
    assert texts["生成时间"] == "2026-07-10 09:30:00+00:00"
    assert "截断" in texts["注意"]
    together = "\n".join(text for _name, text in told)
    for said in ("小微不良率？", answer.explanation, "2026年6月", "2026-07-10", "“小微”", "华东区", "风险管理部"):
        assert said in together
    metric = catalog.metrics["npl_ratio"]
    assert metric.version in texts["版本"] and "npl_balance / loan_balance" in together


def test_a_proof_names_nothing_that_the_reader_may_not_see(
    catalog: Catalog, policies: Policies, loads: Loads, warehouse: Any
) -> None:
    for name in ("analyst_east", "product_team"):
        narrowed = policies.narrow(catalog, policies.principal(name))
        plan = planned("SELECT segment, loan_balance FROM bank", narrowed, loads)
        raw = to_workbook(answered(plan, run(plan, warehouse), narrowed), narrowed)
        hidden = {m.display.zh for n, m in catalog.metrics.items() if n not in narrowed.catalog.metrics}
        text = "\n".join(text for _name, text in proof(raw))
        assert not [one for one in hidden if one in text]
    assert hidden


@pytest.mark.parametrize("text", [EVIL, "+1", "-1+2", "@SUM(A1)", "\t=1", '=HYPERLINK("x")', "a\x07b", "\ud800"])
def test_no_cell_is_a_formula(text: str, head_office: Narrowed, loads: Loads) -> None:
    plan = planned(SQL, head_office, loads)
    column = Column(text, "dimension", "text", "", "", "", text, text)
    answer = answered(plan, with_rows(plan, [ROW]), head_office, text=text)
    answer = replace(answer, result=Result((column,), ((text,),), False, 1.0))
    raw = to_workbook(answer, head_office)
    with zipfile.ZipFile(io.BytesIO(raw)) as parts:
        sheets = [parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/")]
        assert len(sheets) == 2 and not any(b"<f>" in sheet or b"<f " in sheet for sheet in sheets)
        assert not [name for name in parts.namelist() if "external" in name.lower() or "vba" in name.lower()]
    for sheet in opened(raw).worksheets:
        assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} <= {"s", "n"}


def test_dates_long_numbers_and_nothing(head_office: Narrowed, loads: Loads) -> None:
    plan = planned(SQL, head_office, loads)
    columns = tuple(
        Column(name, "dimension", kind, "", "", "", name, name)
        for name, kind in (("day", "date"), ("moment", "date"), ("account", "integer"), ("none", "text"))
    )
    row = (date(2026, 6, 30), datetime(2026, 6, 30, 12, 0), 6222021234567890123, None)
    answer = replace(answered(plan, with_rows(plan, []), head_office), result=Result(columns, (row,), False, 1.0))
    raw = to_workbook(answer, head_office)
    sheet = opened(raw).worksheets[0]
    cells = [cell.value for cell in sheet[2]]
    assert cells == [datetime(2026, 6, 30), datetime(2026, 6, 30, 12, 0), "6222021234567890123", None]
    assert sheet["A2"].is_date and sheet["A2"].number_format == "yyyy-mm-dd"
    assert any("15 digits" in text for _name, text in proof(raw))
