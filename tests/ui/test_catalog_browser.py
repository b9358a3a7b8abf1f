"""The catalog in a real browser with the network blocked: a line opens, its lineage is drawn, a click asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from page_serving import PROMPT_MS, WAIT_MS, surf

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.slow

FIFTH_LINE = 5.5 * 35


def test_a_line_opens_its_lineage_is_drawn_and_a_click_asks(browser: Browser, address: str) -> None:
    with surf(browser, address) as surfing:
        page = surfing.page
        page.goto(f"{address}/catalog")
        page.get_by_text("指标 97").wait_for(timeout=WAIT_MS)
        grid = page.get_by_test_id("stDataFrame").first
        grid.locator("canvas").first.wait_for(timeout=PROMPT_MS)
        grid.click(position={"x": 60, "y": FIFTH_LINE})
        page.wait_for_url("**/catalog?name=npl_ratio", timeout=WAIT_MS)
        drawn = page.locator("[data-testid=stGraphVizChart] svg")
        drawn.get_by_text("loan_snapshot").wait_for(timeout=WAIT_MS)
        assert "不良贷款余额" in (drawn.text_content() or "")
        page.get_by_role("button", name="2026年6月各分行的不良贷款率").click()
        page.locator(".st-key-turn-1").get_by_text("理解为").wait_for(timeout=WAIT_MS)
        assert page.url.rstrip("/") == address


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("place", ["catalog?name=early_warning_balance", "guide"])
def test_nothing_is_wider_than_the_window(browser: Browser, address: str, place: str, width: int) -> None:
    with surf(browser, address, viewport={"width": width, "height": 800}) as surfing:
        page = surfing.page
        page.goto(f"{address}/{place}")
        page.get_by_text("谁可以看" if "name" in place else "数据到哪天").wait_for(timeout=WAIT_MS)
        page.wait_for_timeout(500)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate("document.querySelector('.stMain').scrollWidth") <= width
