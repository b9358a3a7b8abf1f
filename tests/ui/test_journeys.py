"""Whole journeys in a real browser, over `t2sql serve` with the demo bank and the real weights."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from page_driving import become, popover, take_away
from page_serving import PROMPT_MS, WAIT_MS, Surfing, served, surf
from page_setup import ROOT, share_cache, write_settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator

pytestmark = pytest.mark.slow

BY_BRANCH = "2026年6月各分行的不良贷款率是多少？"
UNKNOWN = "2026年6月各区域的不良贷款率中位数是多少？"
FORMULA = "=cmd|'/c calc'!A1 不良贷款率"


@pytest.fixture
def surfing(browser: Browser, address: str) -> Iterator[Surfing]:
    with surf(browser, address, accept_downloads=True) as surfing:
        yield surfing


def edit(turn: Locator) -> Locator:
    """Open the editor of an answer; its text box."""
    turn.get_by_text("修改 SQL").click()
    box = turn.locator("[class*=st-key-editor-] textarea")
    box.wait_for(timeout=PROMPT_MS)
    return box


def test_ask_chart_proof_edit_rerun_export_and_reopen(surfing: Surfing, tmp_path: Path) -> None:
    page = surfing.page
    turn = surfing.end(BY_BRANCH)
    assert re.search(r"最高是昆明分行.*最低是", turn.locator(".headline").inner_text())
    turn.locator("[data-testid=stVegaLiteChart] :is(canvas, svg)").first.wait_for(timeout=PROMPT_MS)
    turn.get_by_text("仅表格").click()
    turn.locator("[data-testid=stVegaLiteChart]").wait_for(state="detached", timeout=PROMPT_MS)
    turn.get_by_text("口径、SQL 与过程").click()
    turn.get_by_text("不良贷款余额除以贷款余额").wait_for(timeout=PROMPT_MS)
    turn.get_by_test_id("stCode").filter(has_text="loan_snapshot").wait_for(timeout=PROMPT_MS)
    for said in ("风险管理部", "2026年6月30日", "总行分析师"):
        assert said in turn.inner_text()
    box = edit(turn)
    box.fill("SELECT region, npl_ratio FROM bank WHERE month = '2026-06'")
    box.press("Control+Enter")
    turn.get_by_text("与原结果相比").wait_for(timeout=WAIT_MS)
    turn.get_by_role("button", name="保留为更正").click()
    turn.page.get_by_text("已作为更正提交审核").first.wait_for(state="attached", timeout=PROMPT_MS)

    body = popover(turn, "导出")
    book = load_workbook(take_away(surfing, body, "Excel", tmp_path))
    assert [cell.value for cell in book.worksheets[0][1]][:2] == ["分行", "不良贷款率"]
    assert any("npl_balance / loan_balance" in str(row) for row in book.worksheets[1].iter_rows(values_only=True))
    rows = list(csv.reader(io.StringIO(take_away(surfing, body, "CSV", tmp_path).read_text(encoding="utf-8-sig"))))
    assert len(rows) == 19
    page.keyboard.press("Escape")
    turn.get_by_text("柱形").click()
    turn.locator("[data-testid=stVegaLiteChart] :is(canvas, svg)").first.wait_for(timeout=PROMPT_MS)
    body = popover(turn, "导出")
    assert take_away(surfing, body, "PNG", tmp_path).read_bytes().startswith(b"\x89PNG")
    assert "昆明分行" in take_away(surfing, body, "SVG", tmp_path).read_text(encoding="utf-8")
    page.keyboard.press("Escape")

    link = popover(turn, "链接与收藏").get_by_test_id("stCode").inner_text().strip()
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?answer=[0-9a-f]{32}", link)
    page.goto(link)
    again = page.locator(".st-key-turn-1")
    again.locator(".headline").wait_for(timeout=WAIT_MS)
    assert "昆明分行" in again.locator(".headline").inner_text()

    # What was edited stands beside its question; what was only opened again is that question.
    surfing.open("历史")
    page.get_by_text("由人选定的语义 SQL：SELECT region, npl_ratio").wait_for(timeout=PROMPT_MS)
    assert page.get_by_text("由人选定的语义 SQL").count() == 1


def test_a_follow_up_is_offered_and_says_what_it_kept(surfing: Surfing) -> None:
    surfing.end(BY_BRANCH).get_by_role("button", name="换成同比").click()
    surfing.asked += 1
    surfing.turn().locator(".headline").wait_for(timeout=WAIT_MS)
    assert "沿用上一问" in surfing.turn().inner_text()


def test_a_clarification_is_answered_by_a_click(surfing: Surfing) -> None:
    choice = surfing.end(UNKNOWN).locator("[class*=st-key-reading-] button").first
    assert choice.count(), surfing.turn().inner_text()
    choice.click(timeout=PROMPT_MS)
    surfing.asked += 1
    surfing.turn().locator(".headline").wait_for(timeout=WAIT_MS)
    surfing.turn().get_by_text("口径、SQL 与过程").click()
    surfing.turn().get_by_text("由人选定的语义 SQL").first.wait_for(timeout=PROMPT_MS)


def test_a_refusal_says_what_to_do_next(surfing: Surfing) -> None:
    turn = surfing.end("把上海分行的贷款余额改成零")
    assert "下一步" in turn.inner_text()


def test_two_people_at_once_see_their_own(browser: Browser, address: str) -> None:
    with surf(browser, address) as whole, surf(browser, address) as part:
        become(part, "华东区分析师")
        whole.ask(BY_BRANCH)
        part.ask(BY_BRANCH)
        for surfing in (whole, part):
            surfing.turn().locator(".headline").wait_for(timeout=WAIT_MS)
        assert "昆明分行" in whole.turn().inner_text()
        assert "昆明分行" not in part.page.locator("body").inner_text()
        assert "仅含您有权查看的范围" in part.turn().inner_text()


def test_a_correction_is_reviewed_and_then_answers(
    browser: Browser, demo_bank: Path, page_folder: Path, weights_folder: Path, tmp_path: Path
) -> None:
    share_cache(tmp_path, page_folder / "cache" / "index", weights_folder)
    metrics = tmp_path / "metrics"
    shutil.copytree(ROOT / "metrics" / "bank", metrics)
    settings = write_settings(tmp_path, demo_bank, metrics=str(metrics))
    with served(settings, tmp_path / "log") as address, surf(browser, address) as surfing:
        page = surfing.page
        turn = surfing.end(BY_BRANCH)
        box = edit(turn)
        box.fill("SELECT branch, npl_ratio FROM bank WHERE month = '2026-06' AND customer_type = '对公'")
        box.press("Control+Enter")
        turn.get_by_text("与原结果相比").wait_for(timeout=WAIT_MS)
        turn.get_by_role("button", name="保留为更正").click()
        page.get_by_text("已作为更正提交审核").first.wait_for(state="attached", timeout=PROMPT_MS)
        assert not page.get_by_test_id("stTopNavLink").filter(has_text="复核").count(), "reviewers alone"

        become(surfing, "指标负责人")
        surfing.open("复核")
        page.get_by_text("有人改了语义 SQL").wait_for(timeout=WAIT_MS)
        assert not page.get_by_role("button", name="接受并写入核定问题").count(), "first the test"
        page.get_by_role("button", name="测试", exact=False).first.click()
        page.get_by_text("测试通过").wait_for(timeout=WAIT_MS)
        page.get_by_role("button", name="接受并写入核定问题").click()
        page.get_by_text("没有待复核的内容").wait_for(timeout=WAIT_MS)
        assert "customer_type = '对公'" in (metrics / "verified.yml").read_text(encoding="utf-8")

        surfing.open("提问")
        become(surfing, "总行分析师")
        turn = surfing.end(BY_BRANCH)
        # How it was answered is drawn below the chart, the last of all.
        turn.get_by_text("已审定的查询").first.wait_for(timeout=PROMPT_MS)


def test_language_and_theme_are_switched_and_remembered(browser: Browser, address: str) -> None:
    with surf(browser, address, color_scheme="dark") as surfing:
        page = surfing.page
        dark = page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")
        page.emulate_media(color_scheme="light")
        page.wait_for_timeout(500)
        assert page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor") != dark
        page.get_by_text("English", exact=True).click()
        page.get_by_text("Questions to start with").wait_for(timeout=PROMPT_MS)
        page.reload()
        page.get_by_text("Questions to start with").wait_for(timeout=WAIT_MS)
        assert page.evaluate("document.documentElement.lang") == "en"


def test_the_keyboard_reaches_answers_and_proofs(surfing: Surfing) -> None:
    page = surfing.page
    surfing.end(BY_BRANCH)
    surfing.end("2025年末存款余额")
    page.keyboard.press("Escape")
    page.keyboard.press("k")
    page.keyboard.press("k")
    assert "st-key-turn-1" in str(page.evaluate("document.activeElement.className"))
    page.keyboard.press("p")
    surfing.turn(1).get_by_text("不良贷款余额除以贷款余额").wait_for(timeout=PROMPT_MS)
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.dataset.testid") == "stChatInputTextArea"


def test_formulas_and_markup_stay_text_everywhere(surfing: Surfing, tmp_path: Path) -> None:
    turn = surfing.end(FORMULA)
    if turn.get_by_role("button", name="导出").count():
        book = load_workbook(take_away(surfing, popover(turn, "导出"), "Excel", tmp_path))
        assert all(cell.data_type != "f" for sheet in book.worksheets for row in sheet.iter_rows() for cell in row)
        surfing.page.keyboard.press("Escape")
    assert surfing.page.locator(".asked").inner_text() == FORMULA


def test_a_database_that_is_gone_is_told_and_comes_back(
    browser: Browser, demo_bank: Path, page_folder: Path, weights_folder: Path, tmp_path: Path
) -> None:
    bank = tmp_path / "bank.duckdb"
    os.link(demo_bank, bank) if demo_bank.stat().st_dev == tmp_path.stat().st_dev else bank.symlink_to(demo_bank)
    share_cache(tmp_path, page_folder / "cache" / "index", weights_folder)
    with served(write_settings(tmp_path, bank), tmp_path / "log") as address, surf(browser, address) as surfing:
        surfing.end(BY_BRANCH)
        bank.rename(tmp_path / "moved.duckdb")
        surfing.ask("2025年末存款余额")
        surfing.page.get_by_text(re.compile("数据库")).first.wait_for(timeout=WAIT_MS)
        assert "Traceback" not in surfing.page.locator("body").inner_text()
        (tmp_path / "moved.duckdb").rename(bank)
        surfing.page.reload()
        surfing.page.get_by_test_id("stChatInputTextArea").wait_for(timeout=WAIT_MS)


def test_without_weights_it_does_not_start(
    browser: Browser, demo_bank: Path, page_folder: Path, ambiguous: str, tmp_path: Path
) -> None:
    """`serve` itself refuses to start so."""
    from t2sql.errors import LlmUnavailable

    share_cache(tmp_path, page_folder / "cache" / "index", None)
    with pytest.raises(AssertionError, match="llm") as refused, served(
        write_settings(tmp_path, demo_bank), tmp_path / "log"
    ):  # fmt: skip
        pytest.fail("it started without weights")
    assert LlmUnavailable.__name__ not in str(refused.value), "told in words"


def test_weights_that_go_while_it_runs_are_told_and_what_is_certain_is_answered(
    browser: Browser, demo_bank: Path, page_folder: Path, weights_folder: Path, tmp_path: Path
) -> None:
    share_cache(tmp_path, page_folder / "cache" / "index", weights_folder)
    with served(write_settings(tmp_path, demo_bank), tmp_path / "log") as address:
        (tmp_path / "cache" / "llms").unlink()
        with surf(browser, address) as surfing:
            surfing.page.get_by_text("语言模型不可用").first.wait_for(timeout=WAIT_MS)
            assert "Traceback" not in surfing.page.locator("body").inner_text()
            assert "昆明分行" in surfing.end(BY_BRANCH).locator(".headline").inner_text()
