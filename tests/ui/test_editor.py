"""The editor in a real browser over the demo bank, by keyboard; nothing may be fetched from elsewhere."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from t2sql.catalog import Display
from t2sql.editing.mistakes import Mistake
from t2sql.editing.vocabulary import KEYWORDS
from ui.editor import editor
from ui.editor.words import EDITOR, KINDS

from page_serving import CHROMIUM, CHROMIUM_OPTIONS
from page_setup import ROOT, needs, write_settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route

PAGE = Path(__file__).with_name("editor_page.py")
FIRST = "SELECT branch, npl_ratio\nFROM bank\nWHERE month = '2026-06'"
WAIT_MS = 30_000
SHADOW_FOCUS = "(() => { let e = document.activeElement; while (e.shadowRoot?.activeElement) e = e.shadowRoot.activeElement; return e.id || e.className || e.tagName; })()"  # noqa: E501


# -- without a browser ------------------------------------------------------------------------------------------------
def test_the_component_holds_its_own_files_and_fetches_none() -> None:
    for kind in ("html", "css", "js"):
        text = (editor.HERE / f"editor.{kind}").read_text(encoding="utf-8")
        assert text
        assert not re.search(r"https?:|//[a-z]+\.|@import|url\(|innerHTML|outerHTML|insertAdjacent|eval\(", text)


def test_both_languages_say_everything() -> None:
    for key, (zh, en) in EDITOR.items():
        assert bool(zh) == bool(en), key
        assert set(re.findall(r"{\w+}", zh)) == set(re.findall(r"{\w+}", en)), key
    assert set(KINDS) <= set(EDITOR)


def test_a_mistake_is_packed_with_the_text_it_was_found_in() -> None:
    mistake = Mistake(7, 10, 1, 8, Display("错", "wrong"), Display("改", "mend"), "unknown_name")
    assert editor._told(mistake, "SELECT abc", "zh") == {
        "of": "SELECT abc", "start": 7, "end": 10, "where": "第 1 行第 8 列", "message": "错", "hint": "改",
    }  # fmt: skip
    assert editor._told(None, "SELECT abc", "en") is None
    assert {"select", "group", "by"} <= set(editor._words("en")["keywords"])
    assert all(word == word.upper() for word in KEYWORDS)


def test_the_page_draws_with_nothing_typed(
    page_folder: Path, locked_bank: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("T2SQL_SETTINGS", str(write_settings(page_folder, locked_bank)))
    page = AppTest.from_file(str(PAGE), default_timeout=60).run()
    assert not page.exception
    assert [text.value for text in page.text][:2] == ["typed None", "runs []"]


# -- in a browser -----------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def address(demo_bank: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The editor's page, served."""
    folder = tmp_path_factory.mktemp("editor")
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = int(found.getsockname()[1])
    environment = {**os.environ, "T2SQL_SETTINGS": str(write_settings(folder, demo_bank)), "PYTHONPATH": str(ROOT)}
    options = {"port": port, "address": "127.0.0.1", "headless": "true", "fileWatcherType": "none"}
    command = [sys.executable, "-m", "streamlit", "run", str(PAGE), "--browser.gatherUsageStats", "false"]
    command += [part for name, value in options.items() for part in (f"--server.{name}", str(value))]
    log = folder / "log"
    with log.open("w") as out:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT)
    try:
        until = time.monotonic() + 60
        while not _is_up(f"http://127.0.0.1:{port}/_stcore/health"):
            assert server.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


def _is_up(url: str) -> bool:
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=2) as reply:
            return bool(reply.status == 200)
    except OSError:
        return False


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    needs(CHROMIUM.is_file(), str(CHROMIUM))
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_OPTIONS)
        yield opened
        opened.close()


class Desk:
    """One browser page with the editor on it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.area: Locator = page.locator("textarea#text")

    def open(self, address: str, **asked: str) -> Desk:
        self.page.goto(f"{address}/?{'&'.join(f'{k}={v}' for k, v in asked.items())}")
        self.area.wait_for(timeout=WAIT_MS)
        self.area.click()
        return self

    def write(self, text: str) -> None:
        """Replace what stands there, as if typed."""
        self.area.fill(text)
        self.page.keyboard.press("Control+End")

    def type(self, text: str) -> None:
        self.page.keyboard.type(text, delay=15)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def offered(self) -> list[str]:
        """The words in the list, once it is there."""
        self.page.locator(".list.open li").first.wait_for(timeout=WAIT_MS)
        return [str(text) for text in self.page.locator(".list.open li .text").all_inner_texts()]

    def sees(self, text: str | re.Pattern[str]) -> None:
        self.page.get_by_text(text).first.wait_for(timeout=WAIT_MS)

    def marked(self, text: str) -> None:
        self.page.locator(".mistake", has_text=re.compile(f"^{re.escape(text)}$")).wait_for(timeout=WAIT_MS)


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One for all tests here, so that the page's script is read once; a tab each keeps them apart."""
    opened = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900})
    yield opened
    opened.close()


@pytest.fixture
def desk(context: BrowserContext, address: str) -> Iterator[Desk]:
    """The editor, open in Chinese; afterwards, that nothing strayed and no script failed."""
    strayed: list[str] = []
    failed: list[str] = []

    def guard(route: Route) -> None:
        if urlsplit(route.request.url).hostname == "127.0.0.1":
            route.fallback()
        else:
            strayed.append(route.request.url)
            route.abort()

    def guard_socket(url: str) -> None:
        if urlsplit(url).hostname != "127.0.0.1":
            strayed.append(url)

    page = context.new_page()
    page.route(re.compile(r"^(?!http://127\.0\.0\.1[:/])"), guard)
    page.on("websocket", lambda socket: guard_socket(socket.url))
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.on("dialog", lambda dialog: (failed.append(dialog.message), dialog.dismiss()))
    yield Desk(page).open(address)
    page.close()
    assert (strayed, failed) == ([], [])


slow = pytest.mark.slow


@slow
def test_a_change_is_completed_by_keyboard_and_run(desk: Desk) -> None:
    assert desk.area.input_value() == FIRST
    desk.press("Control+End")
    desk.type(" AND 客群")
    assert desk.offered() == ["segment"]
    desk.press("Enter")
    desk.type(" = '")
    values = desk.offered()
    assert sorted(values) == sorted(["中型", "大众", "大型", "小微", "私行", "财富"])
    desk.press(*["ArrowDown"] * values.index("小微"), "Tab")
    edited = FIRST + " AND segment = '小微'"
    assert desk.area.input_value() == edited
    assert desk.page.locator(".list.open").count() == 0
    desk.press("Control+Enter")
    desk.sees(f"runs {[edited]!r}")
    desk.press("Control+z")
    assert desk.area.input_value() != edited, "what was completed can be taken back"


@slow
def test_the_list_is_the_one_that_python_offers(desk: Desk, request: pytest.FixtureRequest) -> None:
    from t2sql.editing.completions import complete

    head_office, loads = request.getfixturevalue("head_office"), request.getfixturevalue("loads")
    for before in (
        *("SELECT npl", "SELECT 不良", "SELECT loan_b", "SELECT branch, ratio", "SELECT yo", "SELECT overdue"),
        *("SELECT branch FROM b", "SELECT branch FROM bank O", "SELECT x FROM bank WHERE month >= '2025-1"),
        *("SELECT x FROM bank WHERE quarter IN ('2026-Q1', '", "SELECT x FROM bank WHERE 'a''b' = branch AND reg"),
    ):
        desk.write(before)
        desk.press("Alt+ArrowDown")
        told = [word.text for word in complete(head_office, loads, lambda dimension: {}, before)]
        assert desk.offered() == told, before
        desk.press("Escape")


@slow
def test_a_mistake_is_marked_at_its_word_and_can_be_reached(desk: Desk) -> None:
    desk.write("SELECT branch, npl_rate\nFROM bank")
    desk.marked("npl_rate")
    told = desk.page.locator(".told")
    assert "第 1 行第 16 列" in told.inner_text() and "npl_ratio" in told.inner_text()
    assert desk.area.get_attribute("aria-invalid") == "true"
    desk.press("F8")
    desk.type("npl_ratio")
    desk.page.locator(".paper:not(.wrong)").wait_for(timeout=WAIT_MS)
    assert desk.area.input_value() == "SELECT branch, npl_ratio\nFROM bank"
    desk.page.wait_for_function("document.querySelector('[data-testid=stBidiComponentIsolated]') !== null")
    assert desk.page.locator(".mistake").count() == 0
    desk.write("SELECT '😀😀' AS a, branch FROM bnk")
    desk.marked("bnk")


@slow
def test_what_is_typed_survives_reruns_until_another_text_is_given(desk: Desk) -> None:
    desk.press("Control+End")
    desk.type(" AND rcRC")
    desk.press("Escape")
    desk.page.get_by_role("button", name="rerun").click()
    desk.sees("count 1")
    assert desk.area.input_value() == FIRST + " AND rcRC", "and no letter was a shortcut of the page"
    desk.sees(re.compile("typed .*AND rcRC"))
    desk.page.get_by_text("hide").click()
    desk.area.wait_for(state="detached", timeout=WAIT_MS)
    desk.page.get_by_text("hide").click()
    desk.area.wait_for(timeout=WAIT_MS)
    assert desk.area.input_value() == FIRST + " AND rcRC", "also where the editor was out of sight"
    desk.page.get_by_role("button", name="other text").click()
    desk.page.wait_for_function("document.querySelector('.stApp') !== null")
    desk.page.locator(".shown", has_text="SELECT region FROM bank").wait_for(timeout=WAIT_MS)
    assert desk.area.input_value() == "SELECT region FROM bank"
    desk.sees("typed None")


@slow
def test_the_keyboard_comes_in_and_gets_out(desk: Desk) -> None:
    desk.page.get_by_label("above").click()
    desk.press("Tab")
    assert desk.page.evaluate(SHADOW_FOCUS) == "text"
    desk.press("Control+End", "Tab")
    assert desk.area.input_value() == FIRST, "Tab writes nothing"
    assert desk.page.evaluate(SHADOW_FOCUS) == "go"
    desk.press("Shift+Tab", "Escape", "Shift+Tab")
    assert desk.page.evaluate("document.activeElement.getAttribute('aria-label')") == "above"


@slow
def test_a_list_says_to_a_screen_reader_what_is_chosen(desk: Desk) -> None:
    desk.write("SELECT npl")
    desk.press("Alt+ArrowDown")
    count = len(desk.offered())
    assert f"{count} 个提示" in desk.page.locator(".aloud").inner_text()
    desk.press("ArrowDown")
    active = desk.area.get_attribute("aria-activedescendant")
    chosen = desk.page.locator("li[aria-selected=true]")
    assert chosen.count() == 1 and chosen.get_attribute("id") == active
    desk.press("Escape")
    assert desk.area.get_attribute("aria-activedescendant") is None
    assert desk.area.input_value() == "SELECT npl"


@slow
def test_what_is_offered_and_typed_is_text_and_never_markup(desk: Desk) -> None:
    desk.write("SELECT branch FROM bank WHERE branch = '")
    desk.type("<")
    assert desk.offered() == ["<img src=x onerror=alert(1)>'"]
    assert desk.page.locator(".list .said").inner_text() == "<b>粗</b>"
    desk.press("Enter")
    written = "SELECT branch FROM bank WHERE branch = '<img src=x onerror=alert(1)>'''"
    assert desk.area.input_value() == written, "a quote in a value is doubled"
    desk.write('SELECT "<img src=x onerror=alert(1)>" FROM bank')
    desk.page.locator(".paper.wrong").wait_for(timeout=WAIT_MS)
    assert "<img src=x" in desk.page.locator(".told").inner_text()
    assert desk.page.locator(":is(.shown, .told, .list) :is(img, b)").count() == 0


@slow
def test_only_values_of_the_person_are_offered(desk: Desk, address: str) -> None:
    desk.open(address, **{"as": "analyst_east", "lang": "en"})
    desk.write("SELECT npl_ratio FROM bank WHERE region = ")
    desk.type("'")
    assert desk.offered() == ["华东区"]
    assert "East" in desk.page.locator(".list .said").first.inner_text()


@slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_colour_can_be_read_and_nothing_is_wider_than_the_window(desk: Desk, scheme: str) -> None:
    page = desk.page
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": 390, "height": 800})
    desk.open(page.url.split("/?")[0])
    desk.write("SELECT branch, npl_ratio, yoy(npl_ratio), npl_rate FROM bank WHERE month = '2026-06' -- a comment")
    desk.marked("npl_rate")
    ratios = page.evaluate(CONTRASTS)
    assert len(ratios) >= 7
    assert min(ratios.values()) >= 4.5, ratios
    assert page.evaluate("document.querySelector('.stMain').scrollWidth") <= 390
    desk.press("Alt+ArrowDown")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


CONTRASTS = """() => {
  const root = document.querySelector('[data-testid=stBidiComponentIsolated]').shadowRoot
    ?? [...document.querySelectorAll('*')].find((e) => e.shadowRoot?.querySelector('.editor')).shadowRoot;
  const pad = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const mixed = (layers) => {
    pad.clearRect(0, 0, 1, 1);
    for (const colour of layers) { pad.fillStyle = colour; pad.fillRect(0, 0, 1, 1); }
    return [...pad.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((v) => v / 255).map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const found = {};
  for (const element of root.querySelectorAll('.shown, .shown span, .keys, .where, .name, .go')) {
    const backs = [];
    for (let at = element; at; at = at.parentElement ?? at.getRootNode().host) {
      backs.unshift(getComputedStyle(at).backgroundColor);
    }
    const back = ['#fff', ...backs], fore = [...back, getComputedStyle(element).color];
    const [one, other] = [light(mixed(back)), light(mixed(fore))].sort((a, b) => a - b);
    found[element.className] = Math.min(found[element.className] ?? 99, (other + 0.05) / (one + 0.05));
  }
  return found;
}"""
