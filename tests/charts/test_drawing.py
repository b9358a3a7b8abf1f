"""What a picture says of its figures, what it must never hold, and that Vega-Lite draws every form of it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import vl_convert

from t2sql.charts import PALETTE, Form, chart_forms, chart_records, draw_chart, with_theme
from t2sql.flow import Column

from made_answers import column

BRANCH, SEGMENT = column("branch", "dimension"), column("segment", "dimension")
MONTH = column("month", "period")
NPL, MONEY = column("npl_ratio", "metric", "ratio"), column("loan_balance", "metric", "CNY")
GROWTH, CHANGE = column("g", "metric", "ratio", "yoy"), column("c", "metric", "points", "yoy_diff")
COUNT = column("n", "metric", "count", type="integer")
EACH = column("e", "metric", "CNY/户")
MONTHS = [f"2024-{m:02}" for m in range(1, 13)]
CONSTANT = re.compile(
    r"isValid\(datum\.t2sql_figure\) \? (datum\.t2sql_figure (/ \d+|\* 100)|max\(datum\.t2sql_figure, 0\)) : null"
    r"|datum\.t2sql_whole > 0 \? datum\.t2sql_part / datum\.t2sql_whole : null"
)


def drawn(
    form: Form, columns: Sequence[Column], rows: Sequence[Any], language: Any = "zh", additive: Sequence[str] = ()
) -> Any:
    spec = draw_chart(form, columns, rows, language, additive)
    assert spec is not None
    return spec


def svg(spec: Any, columns: Sequence[Column], rows: Sequence[Any], theme: Any = "light") -> str:
    """The picture, drawn by Vega-Lite itself, with no address that it may fetch from."""
    whole = {**with_theme(spec, theme), "data": {"values": chart_records(columns, rows)}, "width": 600}
    return str(vl_convert.vegalite_to_svg(whole, allowed_base_urls=[]))


def labels(picture: str) -> list[str]:
    return re.findall(r">([^<>]+)</text>", picture)


@pytest.mark.parametrize(
    ("metric", "value", "zh", "en", "tick"),
    [
        (NPL, 0.01, "npl_ratio中文", "npl_ratio en", ".1%"),
        (NPL, 0.9, "npl_ratio中文", "npl_ratio en", ".0%"),
        (GROWTH, 0.1, "g中文", "g en", "+.0%"),
        (CHANGE, 0.001, "c中文（百分点）", "c en (pp)", "+,.2f"),
        (MONEY, 2.5e9, "loan_balance中文（亿元）", "loan_balance en (CNY bn)", ",.0f"),
        (MONEY, 25000, "loan_balance中文（万元）", "loan_balance en (CNY K)", ",.1f"),
        (MONEY, 12, "loan_balance中文（元）", "loan_balance en (CNY)", ",.0f"),
        (EACH, 52000, "e中文（万元/户）", "e en (CNY K/户)", ",.0f"),
        (COUNT, 900, "n中文", "n en", ",.0f"),
        (COUNT, 2_400_000, "n中文（万）", "n en (M)", ",.0f"),
    ],
)  # fmt: skip
def test_an_axis_says_its_unit(metric: Column, value: float, zh: str, en: str, tick: str) -> None:
    rows = [("上海", value), ("杭州", value / 2)]
    x, in_english = (drawn("bar", [BRANCH, metric], rows, language)["layer"][0]["encoding"]["x"]
                     for language in ("zh", "en"))  # fmt: skip
    assert (x["title"], in_english["title"], x["axis"]["format"]) == (zh, en, tick)


@pytest.mark.parametrize(
    ("metric", "figures"),
    [
        (NPL, [0.01768, 0.01771, 0.01773, 0.01775, 0.0177]),
        (NPL, [0.0117, 0.0288, 0.0312, 0.02, 0.015]),
        (NPL, [1.5, 2.75, 0.4, 1.1, 2.2]),
        (CHANGE, [0.00011, 0.00012, 0.000135, 0.00014, 0.00016]),
        (MONEY, [55_370_000_000.0, 55_371_000_000.0, 55_372_500_000.0, 55_373_000_000.0, 55_371_000_000.0]),
        (COUNT, [3, 4, 6, 5, 4]),
        (COUNT, [12_000_000, 12_000_300, 12_000_200, 12_000_100, 12_000_000]),
    ],
)
def test_no_two_ticks_read_the_same(metric: Column, figures: list[Any]) -> None:
    rows = list(zip(MONTHS, figures, strict=False))
    said = labels(svg(drawn("line", [MONTH, metric], rows), [MONTH, metric], rows))
    ticks = [text for text in said if re.fullmatch(r"[+−]?[\d,.]+%?", text)]
    assert len(ticks) >= 3
    assert len(set(ticks)) == len(ticks)


@pytest.mark.parametrize("figure", [0.0, 0.0177])
def test_a_level_line_has_ticks_too(figure: float) -> None:
    rows = [(m, figure) for m in MONTHS]
    said = labels(svg(drawn("line", [MONTH, NPL], rows), [MONTH, NPL], rows))
    assert "0.00%" in said


def test_a_change_of_ratios_is_drawn_and_told_in_points() -> None:
    rows = [("上海", 0.0012), ("杭州", -0.0004)]
    spec = drawn("bar", [BRANCH, CHANGE], rows)
    tip = spec["layer"][0]["encoding"]["tooltip"][-1]
    assert tip == {"field": "t2sql_figure", "type": "quantitative", "title": "c中文（百分点）", "format": "+,.2f"}
    said = labels(svg(spec, [BRANCH, CHANGE], rows))
    assert {"+0.12", "−0.04"} <= set(said)


@pytest.mark.parametrize(
    ("figures", "order"), [([3, 2, 1], "descending"), ([1, 2, 3], "ascending"), ([2, 3, 1], "descending")]
)
def test_bars_keep_the_order_that_was_asked(figures: list[int], order: str) -> None:
    spec = drawn("bar", [BRANCH, MONEY], list(zip("abc", figures, strict=True)))
    assert spec["layer"][0]["encoding"]["y"]["sort"]["order"] == order


def test_a_bar_below_zero_keeps_clear_of_its_name() -> None:
    rows = [("上海", 0.0012), ("杭州", -0.0004)]
    text = drawn("bar", [BRANCH, CHANGE], rows)["layer"][1]
    assert text["encoding"]["x"]["field"] == "t2sql_beside"
    assert text["transform"][-1]["calculate"] == "isValid(datum.t2sql_figure) ? max(datum.t2sql_figure, 0) : null"


def test_shares_of_one_group_make_a_whole() -> None:
    rows = [("上海", Decimal("60.5")), ("杭州", Decimal("39.5"))]
    spec = drawn("share", [BRANCH, MONEY], rows, additive=["loan_balance"])
    said = labels(svg(spec, [BRANCH, MONEY], rows))
    assert {"60.5%", "39.5%"} <= set(said)


def test_periods_stand_in_their_order_whatever_order_the_rows_have() -> None:
    rows = [("2024-03", 0.3), ("2024-01", 0.1), (None, 0.4), ("2024-02", 0.2)]
    assert [record["c0"] for record in chart_records([MONTH, NPL], rows)] == [
        "2024年1月", "2024年2月", "2024年3月", "（空）"
    ]  # fmt: skip


def test_records_are_plain_json() -> None:
    day = Column("day", "period", "date", "", "", "", "日", "day")
    rows = [(date(2024, 1, 2), None, Decimal("1.50")), (None, "上海", None)]
    records = chart_records([day, BRANCH, MONEY], rows, "en")
    assert records == [
        {"c0": "2 January 2024", "c1": "(none)", "c2": 1.5},
        {"c0": "(none)", "c1": "上海", "c2": None},
    ]
    assert json.loads(json.dumps(records)) == records


@pytest.mark.parametrize("endless", [float("inf"), float("nan"), Decimal("NaN")])
def test_a_figure_without_an_end_is_not_drawn(endless: Any) -> None:
    rows = [("2024-01", 0.1), ("2024-02", endless), ("2024-03", 0.2)]
    assert [record["c1"] for record in chart_records([MONTH, NPL], rows)] == [0.1, None, 0.2]
    spec = drawn("line", [MONTH, NPL], rows)
    assert spec["encoding"]["y"]["scale"]["domain"] == [0.1, 0.2]
    assert "NaN" not in svg(spec, [MONTH, NPL], rows)


def test_a_single_row_is_told_in_words() -> None:
    (record,) = chart_records([NPL, CHANGE], [(0.0142, -0.0012)], "zh")
    assert record["t2sql_said_0"] == "1.42%" and record["t2sql_said_1"] == "-0.12 个百分点"
    spec = drawn("figure", [NPL, CHANGE], [(0.0142, -0.0012)])
    said = labels(svg(spec, [NPL, CHANGE], [(0.0142, -0.0012)]))
    assert said == ["npl_ratio中文", "1.42%", "c中文", "-0.12 个百分点"]


NASTY = Column(
    'x"].y\\<img src=x onerror=alert(1)>',
    "dimension",
    "text",
    "",
    "",
    "",
    '<script>1</script>\x1b" + alert(1)//\\',
    "b",
)
EVIL = Column("datum['x'] + alert(1)", "metric", "number", "CNY", "loan_balance", "", "m<b>\\\"'", "m")
WHEN = Column("datum.month", "period", "text", "", "", "", "</text>", "w")


@pytest.mark.parametrize(
    ("columns", "rows"),
    [
        ([NASTY, EVIL], [("secret-one", 5e8), ("secret-two", 4e8)]),
        ([WHEN, NASTY, EVIL], [(m, n, 5e8) for m in MONTHS for n in ("secret-one", "secret-two")]),
        ([NASTY, SEGMENT, EVIL], [(a, b, 5e8) for a in ("secret-1", "secret-2") for b in ("secret-3", "secret-4")]),
        ([WHEN, EVIL], [(m, 5e8) for m in MONTHS]),
        ([EVIL], [(5e8,)]),
    ],
)  # fmt: skip
def test_a_picture_holds_neither_data_nor_markup_nor_new_expressions(columns: list[Column], rows: list[Any]) -> None:
    forms = [form for form in chart_forms(columns, rows, {"loan_balance"}) if form != "table"]
    assert forms
    for form in forms:
        spec = drawn(form, columns, rows, additive=["loan_balance"])
        text = json.dumps(spec, ensure_ascii=False)
        assert "secret" not in text and "data" not in spec
        for expression in re.findall(r'"(?:calculate|expr|labelExpr|filter|signal)": ("(?:[^"\\]|\\.)*")', text):
            assert CONSTANT.fullmatch(json.loads(expression)), expression
        picture = svg(spec, columns, rows)
        assert "<script" not in picture and "<img" not in picture and "<b>" not in picture
        assert "alert(1)" not in re.sub(r">[^<>]*<|aria-label=\"[^\"]*\"", "", picture)
        assert not any(name in text for name in (NASTY.name, EVIL.name, WHEN.name))


CASES: list[tuple[list[Column], list[Any]]] = [
    ([BRANCH, MONEY], [(f"名称很长的第{i}家城市商业银行股份有限公司分行", (-1) ** i * 1e8 * i) for i in range(1, 20)]),
    ([BRANCH, MONEY], [(f"{i}", 1e8 * i) for i in range(1, 13)]),
    ([MONTH, MONEY], [(m, None if m == "2024-05" else 1e8) for m in MONTHS]),
    ([MONTH, NPL, GROWTH], [(m, 0.01, 0.1) for m in MONTHS]),
    ([MONTH, BRANCH, MONEY], [(m, f"{b}", 1e8 * b) for m in MONTHS for b in range(1, 13)]),
    ([MONTH, BRANCH, MONEY], [(m, f"{b}", 1e8 * b) for m in MONTHS[:3] for b in range(1, 5)]),
    ([BRANCH, SEGMENT, MONEY], [(b, s, 1e8) for b in "abcdefgh" for s in "xyz"]),
    ([BRANCH, SEGMENT, CHANGE], [(b, s, -0.001) for b in "abcdefgh" for s in "uvwxyz"]),
    ([NPL, CHANGE, MONEY, GROWTH], [(0.01, 0.001, Decimal("5e8"), None)]),
]


@pytest.mark.parametrize("number", range(len(CASES)))
def test_every_form_is_drawn_in_both_themes(number: int) -> None:
    columns, rows = CASES[number]
    forms = [form for form in chart_forms(columns, rows, {"loan_balance"}) if form != "table"]
    assert forms
    for form in forms:
        spec = drawn(form, columns, rows, additive=["loan_balance"])
        light, dark = (svg(spec, columns, rows, theme) for theme in ("light", "dark"))
        marks = {"line": "role-mark", "figure": "mark-text"}.get(form, "mark-rect")
        assert marks in light and marks in dark
        assert "NaN" not in light
        assert ("#57606a" in light and "#a8b1bb" in dark) or form == "figure"


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("colour", PALETTE)
def test_a_colour_stands_out_from_white_and_from_a_dark_page(colour: str) -> None:
    light, dark, own = 1.0, _luminance("#0e1117"), _luminance(colour)
    assert (light + 0.05) / (own + 0.05) >= 3
    assert (own + 0.05) / (dark + 0.05) >= 3


def test_there_are_twelve_different_colours() -> None:
    assert len(set(PALETTE)) == 12
