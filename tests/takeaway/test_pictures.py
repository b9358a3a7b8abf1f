"""Charts taken away as PNG and SVG: drawn here, with their words under them, and nothing fetched."""

from __future__ import annotations

import re
import struct

import pytest

from t2sql.charts import Form, addable, chart_forms, chart_records, draw_chart
from t2sql.errors import ConfigError
from t2sql.flow import Loads
from t2sql.headline import tell_headline
from t2sql.policy import Narrowed
from t2sql.takeaway import fonts, has_chinese, pictures, to_picture
from t2sql.warehouse.duckdb import DuckDbWarehouse

from made_answers import planned, run
from needs import needs

BY_BRANCH = "SELECT branch, npl_ratio FROM bank WHERE month = '2026-06'"
BY_REGION = "SELECT month, region, loan_balance FROM bank WHERE year = '2025'"
MARK = {"mark": "bar", "encoding": {"y": {"field": "c0", "type": "nominal"}}}
UNKNOWN = "\U000f0001\U000f0002"


def words(picture: bytes) -> str:
    return " ".join(re.findall(r">([^<>]+)</t(?:ext|span)>", picture.decode()))


@pytest.mark.parametrize(("sql", "language"), [(BY_BRANCH, "zh"), (BY_REGION, "en"), (BY_REGION, "zh")])
def test_an_answer_is_drawn_with_its_words_under_it(
    sql: str, language: str, head_office: Narrowed, loads: Loads, warehouse: DuckDbWarehouse
) -> None:
    tongue = "zh" if language == "zh" else "en"
    plan = planned(sql, head_office, loads)
    result = run(plan, warehouse)
    headline = tell_headline(plan, result, head_office, tongue)
    sums = addable(plan, result, head_office)
    forms: list[Form] = [form for form in chart_forms(result.columns, result.rows, sums) if form != "table"]
    for form in forms:
        spec = draw_chart(form, result.columns, result.rows, tongue, sums)
        assert spec is not None
        records = chart_records(result.columns, result.rows, tongue)
        picture = to_picture(spec, records, tongue, "svg", title=headline, below="period and as-of")
        said = words(picture)
        assert headline.split("，")[0].split(", ")[0][:20] in said and "period and as-of" in said
        assert "华东区" in said or "上海分行" in said or "2025" in said
        fetched = re.findall(r"(?:href|src|url)\s*[=(]\s*[\"']?(?!#)([^\"')]+)", picture.decode())
        assert not [one for one in fetched if not one.startswith("http://www.w3.org")]


def test_a_png_is_large_enough_to_print(head_office: Narrowed, loads: Loads, warehouse: DuckDbWarehouse) -> None:
    needs(has_chinese(), "a font with Chinese characters")
    plan = planned(BY_BRANCH, head_office, loads)
    result = run(plan, warehouse)
    spec = draw_chart("bar", result.columns, result.rows)
    assert spec is not None
    picture = to_picture(spec, chart_records(result.columns, result.rows), "zh", "png", title="各分行不良贷款率")
    assert picture.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", picture[16:24])
    assert width >= 1500 and height >= 800


def test_glyphs_are_looked_at_not_believed() -> None:
    assert fonts.has_glyphs("AB")
    assert not fonts.has_glyphs(UNKNOWN)


def test_a_png_full_of_boxes_is_refused_and_svg_still_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "has_chinese", lambda: fonts.has_glyphs(UNKNOWN))
    with pytest.raises(ConfigError) as refused:
        to_picture(MARK, [{"c0": "上海"}], "zh", "png")
    assert "fonts-wqy-microhei" in refused.value.hint and "SVG" in refused.value.told("zh")[1]
    assert "上海" in words(to_picture(MARK, [{"c0": "上海"}], "zh", "svg"))
    assert to_picture(MARK, [{"c0": "Shanghai"}], "en", "png").startswith(b"\x89PNG")


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_nothing_is_fetched(kind: str) -> None:
    far = {"$schema": pictures.with_theme({}, "light").get("$schema", ""), "layer": [
        {"data": {"url": "https://example.org/rows.csv"}, **MARK}
    ]}  # fmt: skip
    with pytest.raises(ValueError, match="not allowed"):
        to_picture(far, [{"c0": "a"}], "en", "svg" if kind == "svg" else "png")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "a\x1bb\u202ec",
        "\x00",
        "\ud800",
        "\uffff\ufffe",
        "x" * 2000,
        "长" * 500,
        '"}]',
        "=1+1",
    ],
)
def test_words_of_a_person_stay_text(text: str) -> None:
    picture = to_picture(MARK, [{"c0": text}], "zh", "svg", title=text, below=text).decode()
    assert "<script" not in picture and "\x1b" not in picture and "\u202e" not in picture
    width = int(re.findall(r'width="(\d+)"', picture)[0])
    assert width < 1100
