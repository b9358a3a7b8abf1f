"""Take the pictures of the page that the documentation shows, from a page that really runs.

    .venv/bin/python scripts/screenshots.py [--out docs/page]

Serves the demo bank with a journal of its own, asks, and saves one PNG a picture. Look at them before you commit.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from t2sql import settings as configured  # noqa: E402

from page_serving import CHROMIUM, CHROMIUM_OPTIONS, PROMPT_MS, WAIT_MS, Surfing, served, surf  # noqa: E402

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator

SETTLE_MS = 2_500
WARM_MS = 600_000
"""The llm reads the definitions first; a busy machine takes its time."""
WIDE, NARROW = {"width": 1280, "height": 980}, {"width": 390, "height": 844}


def main() -> None:
    """Take them all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "page")
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        address = stack.enter_context(served(write_settings(folder), folder / "log"))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_OPTIONS)
        for take in (take_answers, take_edit, take_pages, take_english, take_narrow, take_review):
            take(browser, address, lambda surfing, picture: save(surfing, out / f"{picture}.png"))
        browser.close()


Save = Callable[[Surfing, str], None]


def write_settings(folder: Path) -> Path:
    """This installation's demo bank and weights, with a cache in `folder`."""
    own = configured.load()
    (folder / "cache").mkdir()
    (folder / "cache" / "llms").symlink_to(own.llm_dir)
    values = {"metrics": ROOT / "metrics" / "bank", "source": own.database, "cache_dir": folder / "cache"}
    lines = [f"{key} = {str(value)!r}" for key, value in values.items()]
    path = folder / "t2sql.toml"
    path.write_text("\n".join([*lines, "demo = true", "principal = 'hq'"]) + "\n", encoding="utf-8")
    return path


def save(surfing: Surfing, path: Path) -> None:
    """The window as it is once nothing moves."""
    surfing.page.wait_for_timeout(SETTLE_MS)
    surfing.page.screenshot(path=path)
    print(path)


def to_top(part: Locator) -> None:
    """Scroll so that `part` stands under the navigation."""
    part.evaluate("part => { part.style.scrollMarginTop = '6rem'; part.scrollIntoView({block: 'start'}) }")


def take_answers(browser: Browser, address: str, take: Save) -> None:
    """The first screen, an answer, its proof, a question back."""
    with surf(browser, address, viewport=WIDE) as surfing:
        surfing.page.get_by_text("正在准备语言模型").wait_for(state="detached", timeout=WARM_MS)
        take(surfing, "first")
        turn = surfing.end("2025年各月各区域的新发放贷款额")
        turn.get_by_text("堆积").click()
        surfing.page.wait_for_timeout(SETTLE_MS)
        turn.evaluate("turn => turn.scrollIntoView({block: 'start'})")
        take(surfing, "answer")
        turn.get_by_text("口径、SQL 与过程").click()
        turn.locator("dl").first.wait_for(timeout=PROMPT_MS)
        surfing.page.wait_for_timeout(SETTLE_MS)
        to_top(turn.get_by_text("口径、SQL 与过程"))
        take(surfing, "proof")
    with surf(browser, address, viewport=WIDE) as surfing:
        surfing.end("2026年6月各区域的不良贷款率中位数是多少？")
        take(surfing, "question-back")


def take_edit(browser: Browser, address: str, take: Save) -> None:
    """A changed query beside the first result."""
    with surf(browser, address, viewport=WIDE) as surfing:
        turn = surfing.end("2026年6月贷款余额最高的5个分行")
        turn.get_by_text("修改 SQL").click()
        box = turn.locator("[class*=st-key-editor-] textarea")
        box.wait_for(timeout=PROMPT_MS)
        box.fill(
            "SELECT branch, loan_balance FROM bank WHERE month = '2026-06' AND customer_type = '对公' "
            "ORDER BY loan_balance DESC LIMIT 5"
        )
        box.press("Control+Enter")
        turn.get_by_text("与原结果相比").wait_for(timeout=WAIT_MS)
        turn.get_by_role("button", name="保留为更正").click()
        surfing.page.keyboard.press("Escape")
        surfing.page.mouse.move(WIDE["width"] / 2, 5)
        surfing.page.wait_for_timeout(SETTLE_MS)
        to_top(turn.locator("[class*=st-key-deeds-]").first)
        take(surfing, "edit")


def take_pages(browser: Browser, address: str, take: Save) -> None:
    """A board, and an entry of the catalog."""
    with surf(browser, address, viewport=WIDE) as surfing:
        for text in ("2026年6月各分行的不良贷款率", "2025年每个季度的新发放贷款额"):
            turn = surfing.end(text)
            turn.get_by_role("button", name="链接与收藏").click()
            body = surfing.page.get_by_test_id("stPopoverBody")
            if surfing.asked == 1:
                body.get_by_role("textbox").fill("晨会看板")
            body.get_by_role("button", name="放到看板").click()
            surfing.page.wait_for_timeout(SETTLE_MS)
            surfing.page.keyboard.press("Escape")
        surfing.open("看板")
        surfing.page.get_by_text("刷新于").wait_for(timeout=WAIT_MS)
        take(surfing, "board")
        surfing.page.goto(f"{address}/catalog?name=npl_ratio")
        surfing.page.get_by_text("npl_balance / loan_balance").first.wait_for(timeout=WAIT_MS)
        take(surfing, "catalog")


def take_english(browser: Browser, address: str, take: Save) -> None:
    """An English answer, in the dark."""
    with surf(browser, address, viewport=WIDE, locale="en-GB", color_scheme="dark") as surfing:
        surfing.end("What was the NPL ratio by branch in June 2026?")
        take(surfing, "english-dark")


def take_narrow(browser: Browser, address: str, take: Save) -> None:
    """On a phone."""
    with surf(browser, address, viewport=NARROW) as surfing:
        surfing.end("2026年6月各分行的不良贷款率是多少？")
        surfing.turn().locator(".headline").scroll_into_view_if_needed()
        take(surfing, "phone")


def take_review(browser: Browser, address: str, take: Save) -> None:
    """The queue of who owns the definitions."""
    with surf(browser, address, viewport=WIDE) as surfing:
        surfing.page.get_by_role("combobox").first.click()
        surfing.page.get_by_role("option", name="指标负责人").click()
        surfing.open("复核")
        take(surfing, "review")


if __name__ == "__main__":
    main()
