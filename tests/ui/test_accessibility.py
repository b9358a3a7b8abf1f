"""What axe finds on the page, beyond what it finds on an empty page of Streamlit itself."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from page_driving import become
from page_serving import PROMPT_MS, WAIT_MS, free_port, is_up, surf

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.slow

BY_BRANCH = "2026年6月各分行的不良贷款率是多少？"
ASKED_BACK = "各分行的余额是多少？"
EMPTY = """import streamlit as st
st.chat_input("ask")
st.dataframe({"a": [1]})
st.vega_lite_chart({"a": [1]}, {"mark": "bar"})
"""


@pytest.fixture(scope="module")
def streamlits_own(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[set[str]]:
    """Rules that a page with nothing of ours breaks."""
    folder = tmp_path_factory.mktemp("empty")
    (folder / "empty.py").write_text(EMPTY, encoding="utf-8")
    port = free_port()
    options = ["--server.headless=true", "--browser.gatherUsageStats=false", "--server.address=127.0.0.1"]
    command = [sys.executable, "-m", "streamlit", "run", "empty.py", f"--server.port={port}", *options]
    server = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)
    try:
        until = time.monotonic() + 60
        while not is_up(f"http://127.0.0.1:{port}/_stcore/health"):
            assert time.monotonic() < until
            time.sleep(0.2)
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{port}")
        page.locator("[data-testid=stVegaLiteChart] :is(canvas, svg)").first.wait_for(timeout=WAIT_MS)
        yield set(findings(page))
        page.close()
    finally:
        server.terminate()
        server.wait(20)


SETTLED = """() => document.querySelector("[data-test-script-state=notRunning]") !== null
  && document.querySelector("[data-stale=true]") === null
  && document.getAnimations().every(
    one => one.playState !== "running" || one.effect.getTiming().iterations === Infinity)"""
"""Nothing is drawn anew and nothing fades: what is half faded has another contrast than what a person reads."""


def findings(page: Page) -> dict[str, list[str]]:
    """Broken rule -> the elements that break it, once the page stands still."""
    page.wait_for_function(SETTLED, timeout=PROMPT_MS)
    found = Axe().run(page).response["violations"]
    return {one["id"]: [node["html"][:200] for node in one["nodes"]] for one in found}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_of_ours(browser: Browser, address: str, streamlits_own: set[str], scheme: str) -> None:
    # As high as a whole answer: axe judges no text that the box for questions or the head of the page covers.
    with surf(browser, address, color_scheme=scheme, viewport={"width": 1280, "height": 4000}) as surfing:
        page = surfing.page
        told = {"first": findings(page)}
        turn = surfing.end(BY_BRANCH)
        turn.get_by_text("口径、SQL 与过程").click()
        turn.get_by_text("修改 SQL").click()
        turn.locator("[class*=st-key-editor-] textarea").wait_for(timeout=PROMPT_MS)
        turn.locator("[data-testid=stVegaLiteChart] :is(canvas, svg)").first.wait_for(timeout=PROMPT_MS)
        told["answer"] = findings(page)
        surfing.end(ASKED_BACK)
        told["asked back, below a closed answer"] = findings(page)
        for name, title in (("history", "历史"), ("boards", "看板"), ("catalog", "指标目录"), ("guide", "使用说明")):
            surfing.open(title)
            page.wait_for_url(f"**/{name}")
            page.wait_for_timeout(1500)
            told[name] = findings(page)
        become(surfing, "指标负责人")
        for name, title in (("review", "复核"), ("quality", "质量")):
            surfing.open(title)
            page.wait_for_url(f"**/{name}")
            page.wait_for_timeout(2500)
            told[name] = findings(page)
        # A phone has the same pages in another shape.
        page.set_viewport_size({"width": 390, "height": 844})
        page.wait_for_timeout(1500)
        told["quality on a phone"] = findings(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        ours = {
            place: {rule: nodes for rule, nodes in found.items() if rule not in streamlits_own}
            for place, found in told.items()
        }
        assert not any(ours.values()), ours
