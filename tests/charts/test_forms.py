"""Which forms a result can take, as a table, and which figures stand together in a picture."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from t2sql.charts import Form, chart_forms, draw_chart, metrics_drawn, suggest_chart
from t2sql.flow import Column

from made_answers import column

BRANCH, SEGMENT = column("branch", "dimension"), column("segment", "dimension")
REGION = column("region", "dimension")
MONTH, YEAR = column("month", "period"), column("year", "period")
NPL, MONEY = column("npl_ratio", "metric", "ratio"), column("loan_balance", "metric", "CNY")
DEPOSITS = column("deposit_balance", "metric", "CNY")
GROWTH, CHANGE = column("g", "metric", "ratio", "yoy"), column("c", "metric", "points", "yoy_diff")
SHARE = column("s", "metric", "ratio", "share")
RANK = column("r", "metric", "count", "rank", "integer")
NAME = column("name", "metric", "", type="text")
MONTHS = [f"2024-{m:02}" for m in range(1, 13)]
BRANCHES = [f"分行{i}" for i in range(18)]
SUMS = {"loan_balance", "deposit_balance"}


@pytest.mark.parametrize(
    ("columns", "rows", "expected"),
    [
        ([], [], "table"),
        ([BRANCH, NPL], [], "table"),
        ([BRANCH], [("上海",), ("杭州",)], "table"),
        ([BRANCH, NAME], [("上海", "x"), ("杭州", "y")], "table"),
        ([BRANCH, NPL], [("上海", None), ("杭州", None)], "table"),
        ([BRANCH, RANK], [("上海", 1), ("杭州", 2)], "table"),
        ([BRANCH, NPL], [("上海", 0.01), ("上海", 0.02)], "table"),
        ([MONTH, MONEY, MONEY], [(m, 1, 2) for m in MONTHS], "table"),
        ([NPL], [(0.01,)], "figure table"),
        ([NPL, CHANGE], [(0.01, 0.001)], "figure table"),
        ([BRANCH, NPL], [("上海", 0.01)], "figure table"),
        ([NPL], [(None,)], "table"),
        # Over time.
        ([MONTH, NPL], [(m, 0.01) for m in MONTHS], "line bar table"),
        ([MONTH, NPL], [(m, None if m == "2024-03" else 0.01) for m in MONTHS], "line bar table"),
        ([MONTH, MONEY], [(m, 1) for m in MONTHS], "line bar table"),
        ([MONTH, NPL], [("2024-01", 0.01), ("2024-02", 0.02)], "bar line table"),
        ([MONTH, NPL], [("2024-01", 0.01), ("2024-02", 0.02), ("2024-12", 0.02)], "bar line table"),
        ([YEAR, NPL], [("2025", 0.01), ("2026-H1", 0.02)], "table"),
        ([YEAR, NPL], [("2025", 0.01), ("2026", 0.02), (None, 0.03)], "line bar table"),
        ([MONTH, NPL], [(f"{y}-01-01", 1) for y in range(1000, 1300)], "line table"),
        ([MONTH, NPL], [(f"{y}-01-01", 1) for y in range(1000, 1401)], "table"),
        ([MONTH, YEAR, NPL], [(m, y, 1) for m in "ab" for y in "xy"], "table"),
        # Over time by group.
        ([MONTH, BRANCH, NPL], [(m, b, 0.01) for m in MONTHS for b in BRANCHES[:5]], "line bar heat table"),
        ([MONTH, BRANCH, MONEY], [(m, b, 1) for m in MONTHS for b in BRANCHES[:5]],
         "line stacked share bar heat table"),
        ([MONTH, BRANCH, MONEY], [(m, b, 1) for m in MONTHS[:2] for b in "ab"], "bar stacked share line heat table"),
        ([MONTH, BRANCH, NPL], [(m, b, 0.01) for m in MONTHS for b in BRANCHES], "heat table"),
        ([MONTH, BRANCH, MONEY], [(m, b, 1) for m in MONTHS for b in BRANCHES], "heat table"),
        ([MONTH, BRANCH, SHARE], [(m, b, Decimal("0.25")) for m in MONTHS for b in "abcd"],
         "line stacked bar heat table"),
        ([MONTH, BRANCH, SHARE], [(m, b, 0.2) for m in MONTHS for b in "abcd"], "line bar heat table"),
        ([MONTH, BRANCH, SEGMENT, NPL], [(m, b, s, 1) for m in MONTHS for b in "ab" for s in "xy"], "table"),
        # Side by side.
        ([MONTH, BRANCH, NPL], [("2024-12", b, 0.01) for b in BRANCHES], "bar table"),
        ([REGION, BRANCH, NPL], [("华东", b, 0.01) for b in BRANCHES], "bar table"),
        ([BRANCH, NPL], [(f"{i}", 0.01) for i in range(50)], "bar table"),
        ([BRANCH, NPL], [(f"{i}", 0.01) for i in range(51)], "table"),
        ([BRANCH, MONEY], [(b, 1) for b in BRANCHES], "bar share table"),
        ([BRANCH, MONEY], [(b, -1 if b == "分行3" else 1) for b in BRANCHES], "bar table"),
        ([BRANCH, MONEY], [(b, None if b == "分行3" else 1) for b in BRANCHES], "bar table"),
        ([BRANCH, MONEY], [(b, 0) for b in BRANCHES], "bar table"),
        ([BRANCH, MONEY, DEPOSITS], [(b, 1, 2) for b in BRANCHES], "bar share table"),
        ([BRANCH, SEGMENT, MONEY], [(b, s, 1) for b in BRANCHES for s in "xyz"], "bar stacked share heat table"),
        ([SEGMENT, BRANCH, MONEY], [(s, b, 1) for b in BRANCHES for s in "xyz"], "bar stacked share heat table"),
        ([BRANCH, SEGMENT, NPL], [(b, s, 1) for b in BRANCHES for s in "xyz"], "bar heat table"),
        ([BRANCH, SEGMENT, MONEY], [(b, s, 1) for b in BRANCHES for s in "uvwxyz"], "stacked share heat table"),
        ([BRANCH, SEGMENT, NPL], [(b, s, 1) for b in BRANCHES for s in "abcdefghij"], "heat table"),
        ([BRANCH, SEGMENT, MONEY], [(b, s, 1) for b in BRANCHES for s in BRANCHES], "heat table"),
        ([BRANCH, SEGMENT, MONEY], [(str(b), s, 1) for b in range(51) for s in "ab"], "table"),
    ],
)  # fmt: skip
def test_the_columns_choose_the_forms(columns: list[Column], rows: list[Any], expected: str) -> None:
    forms = chart_forms(columns, rows, SUMS)
    assert " ".join(forms) == expected
    for form in forms[:-1]:
        assert draw_chart(form, columns, rows, "zh", SUMS) is not None
    assert draw_chart("table", columns, rows, "zh", SUMS) is None


def test_nothing_is_put_together_that_nobody_calls_additive() -> None:
    rows = [(m, b, 1) for m in MONTHS for b in "abc"]
    assert not {"stacked", "share"} & set(chart_forms([MONTH, BRANCH, MONEY], rows))
    assert draw_chart("stacked", [MONTH, BRANCH, MONEY], rows) is None
    assert draw_chart("share", [BRANCH, MONEY], [("a", 1), ("b", 2)]) is None
    # Even where a caller says so, shares of a ratio mean nothing.
    assert "share" not in chart_forms([BRANCH, NPL], [("a", 0.1), ("b", 0.2)], {"npl_ratio"})


def test_a_figure_is_no_suggestion() -> None:
    assert suggest_chart([NPL], [(0.01,)]) is None
    assert suggest_chart([MONTH, NPL], [(m, 0.01) for m in MONTHS]) == draw_chart(
        "line", [MONTH, NPL], [(m, 0.01) for m in MONTHS]
    )


def test_figures_of_one_scale_share_a_picture_and_others_can_be_chosen() -> None:
    columns = [BRANCH, MONEY, NPL, DEPOSITS, CHANGE, RANK]
    rows = [(b, 1e8 * i + 1, 0.01, 2e8, 0.001, i) for i, b in enumerate(BRANCHES)]
    assert metrics_drawn("bar", columns, rows) == (("loan_balance", "deposit_balance"), ("npl_ratio",), ("c",))
    # A ratio is no part of a whole: choosing it would give no picture.
    assert metrics_drawn("share", columns, rows, SUMS) == (("loan_balance",), ("deposit_balance",))
    assert metrics_drawn("share", columns, rows) == ()
    assert metrics_drawn("table", columns, rows) == ()
    first, other = (draw_chart("bar", columns, rows, metric=name) for name in ("", "npl_ratio"))
    assert first and other
    assert [layer["encoding"]["color"]["datum"] for layer in first["layer"]] == [
        "loan_balance中文", "deposit_balance中文"
    ]  # fmt: skip
    assert other["layer"][0]["transform"][0]["fold"] == ["c2"]
    # The forms follow the figure that is chosen.
    assert "share" in chart_forms(columns, rows, SUMS) and "share" not in chart_forms(columns, rows, SUMS, "npl_ratio")


@pytest.mark.parametrize("form", ["line", "bar", "stacked", "share", "heat", "figure"])
def test_every_figure_that_can_be_chosen_has_a_picture(form: Form) -> None:
    results = (
        ([BRANCH, MONEY, NPL, DEPOSITS, CHANGE], [(b, 1e8, 0.01, 2e8, 0.1) for b in BRANCHES]),
        ([MONTH, BRANCH, NPL, MONEY], [(m, b, 0.01, 1e8) for m in MONTHS for b in BRANCHES[:3]]),
        ([BRANCH, MONTH, MONEY, DEPOSITS], [(b, m, 1e8, -1.0) for m in MONTHS for b in BRANCHES[:3]]),
        ([NPL, MONEY], [(0.01, 1e8)]),
    )
    for columns, rows in results:
        pictures = metrics_drawn(form, columns, rows, SUMS)
        for names in pictures if form != "figure" else ():
            assert draw_chart(form, columns, rows, "zh", SUMS, names[0]) is not None
        offered = any(form in chart_forms(columns, rows, SUMS, c.name) for c in columns if c.kind == "metric")
        assert bool(pictures) == offered


def test_more_figures_than_fit_are_drawn_in_turn() -> None:
    many = [column(f"m{i}", "metric", "CNY") for i in range(8)]
    rows = [(m, *range(1, 9)) for m in MONTHS]
    assert [len(names) for names in metrics_drawn("line", [MONTH, *many], rows)] == [6, 2]
    second = draw_chart("line", [MONTH, *many], rows, metric="m6")
    assert second and [layer["transform"][0]["fold"] for layer in second["layer"]] == [["c7"], ["c8"]]
