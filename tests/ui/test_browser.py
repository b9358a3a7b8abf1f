"""The page in a real browser, served by the real command over the demo bank, with the real weights.

No request may leave this machine: whatever goes elsewhere is stopped and fails the test that caused it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from page_serving import PROMPT_MS, WAIT_MS, Surfing, surf

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.slow

BY_BRANCH = "2026年6月各分行的不良贷款率是多少？"


@pytest.fixture
def surfing(browser: Browser, address: str) -> Iterator[Surfing]:
    """The page, open in Chinese; afterwards, that nothing strayed."""
    with surf(browser, address) as surfing:
        yield surfing


def test_stop_works_while_the_llm_reads(surfing: Surfing, ambiguous: str) -> None:
    """First of all: the llm is still reading its prompt, so the question has to wait for it."""
    page = surfing.page
    page.get_by_text("正在准备语言模型").wait_for(timeout=WAIT_MS)
    surfing.ask(ambiguous)
    page.locator("li.now", has_text=re.compile("书写语义 SQL|Writing semantic SQL")).wait_for(timeout=WAIT_MS)
    page.get_by_role("button", name=re.compile("停止|Stop")).click()
    page.get_by_text(re.compile("已停止|Stopped")).wait_for(timeout=PROMPT_MS)
    page.locator("[data-testid=stChatInputTextArea]:enabled").wait_for(timeout=PROMPT_MS)


def test_a_chinese_question_ends_in_an_answer_with_its_proof(surfing: Surfing) -> None:
    page = surfing.page
    surfing.ask(BY_BRANCH)
    turn = page.locator(".st-key-turn-1")
    turn.get_by_text("理解为").first.wait_for(timeout=WAIT_MS)
    assert "按分行统计的不良贷款率" in turn.inner_text()
    turn.locator("[data-testid=stDataFrame] canvas").first.wait_for(timeout=PROMPT_MS)
    cells = turn.locator("[data-testid=stDataFrame] table").first.inner_text()
    assert "昆明分行" in cells
    assert re.search(r"0\.0[12]\d{6,}", cells), "what is copied and read aloud is the stored figure"
    turn.locator("[data-testid=stVegaLiteChart] :is(canvas, svg)").first.wait_for(timeout=PROMPT_MS)
    turn.get_by_text("口径、SQL 与过程").click()
    turn.get_by_text("不良贷款余额除以贷款余额").wait_for(timeout=PROMPT_MS)
    turn.get_by_test_id("stCode").filter(has_text="loan_snapshot").wait_for(timeout=PROMPT_MS)
    semantic, physical = turn.get_by_test_id("stCode").all()
    assert semantic.inner_text().startswith("SELECT branch, npl_ratio FROM bank")
    assert "loan_snapshot" in physical.inner_text()
    assert semantic.is_visible()
    assert physical.is_visible()


def test_the_llm_answers_in_a_second_session_too(surfing: Surfing, ambiguous: str) -> None:
    surfing.ask(ambiguous)
    turn = surfing.page.locator(".st-key-turn-1")
    turn.locator("summary, .notice").first.wait_for(timeout=WAIT_MS)
    assert re.search("语言模型在几种理解中选定|The llm chose", turn.inner_text())


def test_what_is_opened_stays_under_the_pointer(surfing: Surfing) -> None:
    """Also at the page's end, where Streamlit follows what grows."""
    turn = surfing.end("2026年6月贷款余额最高的5个分行")
    turn.get_by_text("接着问").wait_for(timeout=PROMPT_MS)
    surfing.page.keyboard.press("End")
    surfing.page.mouse.wheel(0, 20_000)
    line = turn.get_by_text("口径、SQL 与过程")
    surfing.page.wait_for_timeout(1_000)
    before = line.bounding_box()
    line.click()
    turn.get_by_text("贷款余额").nth(1).wait_for(timeout=PROMPT_MS)
    surfing.page.wait_for_timeout(2_500)
    after = line.bounding_box()
    assert before and after and abs(after["y"] - before["y"]) <= 8, (before, after)


def test_the_english_switch_and_an_example(surfing: Surfing) -> None:
    page = surfing.page
    page.get_by_role("radio", name="English").or_(page.get_by_role("button", name="English")).first.click()
    page.get_by_text("Questions to start with").wait_for(timeout=PROMPT_MS)
    page.get_by_role("button", name="What was the NPL ratio by branch in June 2026?").click()
    turn = page.locator(".st-key-turn-1")
    turn.get_by_text("Understood as").first.wait_for(timeout=WAIT_MS)
    assert "NPL ratio by branch for June 2026" in turn.inner_text()


def test_what_a_person_types_is_shown_letter_by_letter(surfing: Surfing) -> None:
    hostile = "**b** :red[x] :smile: <img src=x onerror=alert(1)> $x$ http://a.example/ -> 不良贷款率"
    surfing.ask(hostile)
    page = surfing.page
    page.locator(".st-key-turn-1 :is(summary, .notice)").first.wait_for(timeout=WAIT_MS)
    assert page.locator(".asked").inner_text() == hostile
    assert page.locator(".stMain :is(img, strong, .katex, a[href^=http])").count() == 0


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_wider_than_the_window(surfing: Surfing, width: int) -> None:
    page = surfing.page
    page.set_viewport_size({"width": width, "height": 800})
    surfing.ask("2026年6月贷款余额最高的5个分行")
    turn = page.locator(".st-key-turn-1")
    turn.get_by_text("口径、SQL 与过程").click(timeout=WAIT_MS)
    turn.get_by_text("物理 SQL").wait_for(timeout=PROMPT_MS)
    page.wait_for_timeout(500)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.querySelector('.stMain').scrollWidth") <= width
