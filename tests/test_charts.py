"""Which picture a result suggests, as a table; and what a picture must never hold."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from t2sql.charts import chart_records, suggest_chart
from t2sql.flow import Column


def column(name: str, kind: Any, unit: str = "", function: str = "", type: Any = "number") -> Column:
    metric = name if kind == "metric" else ""
    return Column(name, kind, type if kind == "metric" else "text", unit, metric, function, f"{name}中文", f"{name} en")


BRANCH, SEGMENT = column("branch", "dimension"), column("segment", "dimension")
REGION = column("region", "dimension")
MONTH, YEAR = column("month", "period"), column("year", "period")
NPL, MONEY = column("npl_ratio", "metric", "ratio"), column("loan_balance", "metric", "CNY")
DEPOSITS = column("deposit_balance", "metric", "CNY")
GROWTH, CHANGE = column("g", "metric", "ratio", "yoy"), column("c", "metric", "points", "yoy_diff")
RANK = column("r", "metric", "count", "rank", "integer")
NAME = column("name", "metric", "", type="text")
MONTHS = [f"2024-{m:02}" for m in range(1, 13)]
BRANCHES = [f"分行{i}" for i in range(18)]


def shape(spec: Any) -> str:
    """The kind of picture in a word."""
    if spec is None:
        return "table"
    views = spec.get("layer", [spec])
    mark, encoding = views[0]["mark"]["type"], views[0]["encoding"]
    if mark == "line":
        return f"{len(views)} lines" if len(views) > 1 else "lines by colour" if "color" in encoding else "line"
    if mark == "rect":
        return "heat map"
    return f"{len(views)} bars each" if len(views) > 1 else "grouped bars" if "yOffset" in encoding else "bars"


@pytest.mark.parametrize(
    ("columns", "rows", "expected"),
    [
        ([NPL], [(0.01,)], "table"),
        ([], [], "table"),
        ([BRANCH, NPL], [], "table"),
        ([BRANCH, NPL], [("上海", 0.01)], "table"),
        ([BRANCH], [("上海",), ("杭州",)], "table"),
        ([BRANCH, NAME], [("上海", "x"), ("杭州", "y")], "table"),
        ([BRANCH, NPL], [("上海", None), ("杭州", None)], "table"),
        ([BRANCH, RANK], [("上海", 1), ("杭州", 2)], "table"),
        ([MONTH, NPL], [(m, 0.01) for m in MONTHS], "line"),
        ([MONTH, NPL], [(m, None if m == "2024-03" else 0.01) for m in MONTHS], "line"),
        ([YEAR, NPL], [("2025", 0.01), ("2026-H1", 0.02)], "table"),
        ([YEAR, NPL], [("2025", 0.01), ("2026", 0.02), (None, 0.03)], "line"),
        ([MONTH, MONEY, DEPOSITS], [(m, 1, 2) for m in MONTHS], "2 lines"),
        ([MONTH, MONEY, NPL], [(m, 1, 0.2) for m in MONTHS], "line"),
        ([MONTH, MONEY, GROWTH, CHANGE, RANK], [(m, 1, 0.2, 0.3, 1) for m in MONTHS], "line"),
        ([MONTH, BRANCH, NPL], [(m, b, 0.01) for m in MONTHS for b in BRANCHES[:5]], "lines by colour"),
        ([MONTH, BRANCH, NPL], [(m, b, 0.01) for m in MONTHS for b in BRANCHES], "table"),
        ([MONTH, BRANCH, SEGMENT, NPL], [(m, b, s, 1) for m in MONTHS for b in "ab" for s in "xy"], "table"),
        ([MONTH, YEAR, NPL], [(m, y, 1) for m in "ab" for y in "xy"], "table"),
        ([MONTH, BRANCH, NPL], [("2024-12", b, 0.01) for b in BRANCHES], "bars"),
        ([REGION, BRANCH, NPL], [("华东", b, 0.01) for b in BRANCHES], "bars"),
        ([BRANCH, NPL], [(b, 0.01) for b in BRANCHES], "bars"),
        ([BRANCH, NPL], [(f"{i}", 0.01) for i in range(50)], "bars"),
        ([BRANCH, NPL], [(f"{i}", 0.01) for i in range(51)], "table"),
        ([BRANCH, NPL], [("上海", 0.01), ("上海", 0.02)], "table"),
        ([BRANCH, MONEY, DEPOSITS], [(b, 1, 2) for b in BRANCHES], "2 bars each"),
        ([BRANCH, SEGMENT, MONEY], [(b, s, 1) for b in BRANCHES for s in "xyz"], "grouped bars"),
        ([SEGMENT, BRANCH, MONEY], [(s, b, 1) for b in BRANCHES for s in "xyz"], "grouped bars"),
        ([BRANCH, SEGMENT, MONEY], [(b, s, 1) for b in BRANCHES for s in "abcdefghij"], "heat map"),
        ([BRANCH, SEGMENT, MONEY], [(b, s, 1) for b in BRANCHES for s in BRANCHES], "table"),
        ([MONTH, MONEY, MONEY], [(m, 1, 2) for m in MONTHS], "table"),
    ],
)
def test_the_columns_choose_the_picture(columns: list[Column], rows: list[Any], expected: str) -> None:
    assert shape(suggest_chart(columns, rows)) == expected


@pytest.mark.parametrize(
    ("metric", "value", "zh", "en", "axis"),
    [
        (NPL, 0.01, "npl_ratio中文", "npl_ratio en", ".2~%"),
        (GROWTH, 0.1, "g中文", "g en", "+.1%"),
        (CHANGE, 0.001, "c中文（百分点）", "c en (pp)", "format(datum.value * 100, '+,.2~f')"),
        (
            MONEY,
            2.5e9,
            "loan_balance中文（亿元）",
            "loan_balance en (CNY bn)",
            "format(datum.value / 100000000, ',.2~f')",
        ),
        (MONEY, 25000, "loan_balance中文（万元）", "loan_balance en (CNY K)", "format(datum.value / 10000, ',.2~f')"),
        (MONEY, 12, "loan_balance中文（元）", "loan_balance en (CNY)", ",~f"),
    ],
)
def test_an_axis_says_its_unit(metric: Column, value: float, zh: str, en: str, axis: str) -> None:
    rows = [("上海", value), ("杭州", value / 2)]
    in_chinese, in_english = (suggest_chart([BRANCH, metric], rows, language) for language in ("zh", "en"))
    assert in_chinese and in_english
    x = in_chinese["encoding"]["x"]
    assert (x["title"], in_english["encoding"]["x"]["title"]) == (zh, en)
    assert (x["axis"].get("format") or x["axis"]["labelExpr"]) == axis


@pytest.mark.parametrize(
    ("figures", "order"), [([3, 2, 1], "descending"), ([1, 2, 3], "ascending"), ([2, 3, 1], "descending")]
)
def test_bars_keep_the_order_that_was_asked(figures: list[int], order: str) -> None:
    spec = suggest_chart([BRANCH, MONEY], list(zip("abc", figures, strict=True)))
    assert spec and spec["encoding"]["y"]["sort"]["order"] == order


def test_a_picture_holds_neither_data_nor_markup_nor_new_expressions() -> None:
    nasty = Column(
        'x"].y\\<img src=x onerror=alert(1)>', "dimension", "text", "", "", "", "<script>1</script>\x1b", "b"
    )
    metric = Column("datum['x'] + alert(1)", "metric", "number", "CNY", "m", "", "m", "m")
    spec = suggest_chart([nasty, metric], [("secret-one", 5e8), ("secret-two", 4e8)])
    assert spec
    text = json.dumps(spec, ensure_ascii=False)
    assert "secret" not in text and "data" not in spec and "transform" not in text
    assert spec["encoding"]["x"]["axis"] == {"labelExpr": "format(datum.value / 100000000, ',.2~f')"}
    assert spec["encoding"]["y"]["title"] == "<script>1</script>\\x1b"
    assert spec["encoding"]["y"]["field"] == 'x\\"\\]\\.y\\\\<img src=x onerror=alert(1)>'


def test_records_are_plain_json() -> None:
    day = Column("day", "period", "date", "", "", "", "日", "day")
    records = chart_records(
        [day, BRANCH, MONEY], [(date(2024, 1, 2), None, Decimal("1.50")), (None, "上海", None)], "en"
    )
    assert records == [
        {"day": "2024-01-02", "branch": "(none)", "loan_balance": 1.5},
        {"day": "(none)", "branch": "上海", "loan_balance": None},
    ]
    assert json.loads(json.dumps(records)) == records
