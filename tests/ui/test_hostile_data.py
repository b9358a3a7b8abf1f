"""Values and names of a database that try to be markup, script or a formula: on the page and in every file, they are
text.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest
from openpyxl import load_workbook

from page_driving import popover, take_away
from page_serving import PROMPT_MS, Surfing, served, surf
from page_setup import share_cache
from shop import build_shop

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.slow

HOSTILE = (
    "<img src=x onerror=window.broken=1>",
    "<script>window.broken=1</script>",
    "=cmd|'/c calc'!A1",
    "+1+1",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=1+1",
    "**bold** :red[x] $x$ [a](http://a.example/)",
    "javascript:window.broken=1",
    "\"'><svg onload=window.broken=1>",
)
NAME = "<b onclick=window.broken=1>城市</b> =1+1"
SETTINGS = """
metrics = "metrics/shop"
source = "shop.duckdb"
principal = "analyst"
cache_dir = "cache"
"""


@pytest.fixture(scope="module")
def surfing(
    browser: Browser, weights_folder: Path, page_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Surfing]:
    """The page over a shop whose cities, and the word for a city, are hostile."""
    folder = build_shop(tmp_path_factory.mktemp("hostile"))
    with duckdb.connect(str(folder / "shop.duckdb")) as connection:
        connection.execute("DELETE FROM sale; DELETE FROM store")
        for number, value in enumerate(HOSTILE, 1):
            connection.execute("INSERT INTO store VALUES (?, ?)", (number, value))
            for day in ("2024-12-31", "2025-12-31"):
                key = number * 10_000 + int(day[:4])
                connection.execute("INSERT INTO sale VALUES (?, ?, ?, ?)", (key, number, day, number))
    model = folder / "metrics" / "shop" / "model.yml"
    quoted = "'" + NAME.replace("'", "''") + "'"
    text = model.read_text(encoding="utf-8").replace("zh: 城市,", f"zh: {quoted},")
    text = text.replace("dimension: {},", "dimension: {}, ai_context: {synonyms: [城市]},")
    model.write_text(text, encoding="utf-8")
    (folder / "t2sql.toml").write_text(SETTINGS, encoding="utf-8")
    share_cache(folder, page_folder / "shop-index", weights_folder)
    with (
        served(folder / "t2sql.toml", folder / "log") as address,
        surf(browser, address, accept_downloads=True) as found,
    ):
        yield found


def test_hostile_values_and_names_stay_text(surfing: Surfing, tmp_path: Path) -> None:
    page = surfing.page
    page.add_init_script("window.broken = 0")
    turn = surfing.end("2025年各城市的销售收入")
    assert turn.locator(".headline").count(), turn.inner_text()
    turn.locator("[data-testid=stVegaLiteChart] :is(canvas, svg)").first.wait_for(timeout=PROMPT_MS)
    turn.get_by_text("口径、SQL 与过程").click()
    # The proof comes when it is opened, and the page moves for it.
    turn.get_by_text("(revenue)").first.wait_for(timeout=PROMPT_MS)
    page.wait_for_timeout(1_500)
    shown = turn.locator("[data-testid=stDataFrame] table").first.inner_text()
    assert HOSTILE[0] in shown
    assert NAME in shown
    assert page.locator(".stMain :is(img, strong, .katex, script, a[href^=http], b)").count() == 0

    body = popover(turn, "导出")
    book = load_workbook(take_away(surfing, body, "Excel", tmp_path))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert set(HOSTILE) <= {str(cell.value) for cell in cells} | {str(cell.value).lstrip("'") for cell in cells}
    text = take_away(surfing, body, "CSV", tmp_path).read_text(encoding="utf-8-sig")
    for row in csv.reader(io.StringIO(text)):
        assert not any(cell.startswith(("=", "+", "@", "\t", "\r")) for cell in row), row
        assert not any(cell.startswith("-") and not cell[1:].replace(".", "").isdigit() for cell in row), row
    picture = take_away(surfing, body, "SVG", tmp_path).read_text(encoding="utf-8")
    assert "<img" not in picture
    assert "<script" not in picture
    assert "onload=" not in picture.replace("&lt;svg onload=", "")
    page.keyboard.press("Escape")
    for name in ("history", "catalog", "guide"):
        surfing.open({"history": "历史", "catalog": "指标目录", "guide": "使用说明"}[name])
        page.wait_for_url(f"**/{name}")
        page.wait_for_timeout(1500)
        assert page.locator(".stMain :is(img, script, b)").count() == 0, name
    assert not page.evaluate("window.broken")
