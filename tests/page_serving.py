"""`t2sql serve` in a process of its own, and browser pages that may reach nothing else."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page, Route

ROOT = Path(__file__).parents[1]
CHROMIUM = Path("/usr/bin/chromium")
CHROMIUM_OPTIONS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
SERVE_SECONDS = 120
WAIT_MS = 180_000
PROMPT_MS = 20_000


@contextmanager
def served(settings: Path, log: Path) -> Iterator[str]:
    """The address of a running page over `settings`; its words go to `log`."""
    port = free_port()
    command = [sys.executable, "-m", "t2sql.cli", "serve", "--port", str(port)]
    environment = {**os.environ, "T2SQL_SETTINGS": str(settings)}
    with log.open("w") as out:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT)
    try:
        until = time.monotonic() + SERVE_SECONDS
        while not is_up(f"http://127.0.0.1:{port}/_stcore/health"):
            assert server.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.3)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()


@dataclass
class Surfing:
    """One browser page, and what it asked of other machines."""

    page: Page
    strayed: list[str] = field(default_factory=list)
    asked: int = 0

    def ask(self, text: str) -> None:
        """Type a question and press Enter."""
        box = self.page.get_by_test_id("stChatInputTextArea")
        box.fill(text)
        box.press("Enter")
        self.asked += 1

    def turn(self, number: int = 0) -> Locator:
        """The answer's box: the last one, or that of question `number`."""
        return self.page.locator(f".st-key-turn-{number or self.asked}")

    def end(self, text: str) -> Locator:
        """Ask, and wait for however it ends; its box."""
        self.ask(text)
        self.turn().locator("summary, .notice, .headline").first.wait_for(timeout=WAIT_MS)
        # What stands below is drawn in the same run of the page.
        self.page.locator("[data-test-script-state=notRunning]").first.wait_for(state="attached", timeout=WAIT_MS)
        return self.turn()

    def open(self, name: str) -> None:
        """Another page, by its entry in the navigation."""
        self.page.get_by_test_id("stTopNavLink").filter(has_text=name).click()


@contextmanager
def surf(browser: Browser, address: str, **options: Any) -> Iterator[Surfing]:
    """A page of its own at `address`; afterwards, that nothing strayed."""
    context = browser.new_context(**{"locale": "zh-CN", "viewport": {"width": 1280, "height": 900}, **options})
    surfing = Surfing(context.new_page())

    def guard(route: Route) -> None:
        if urlsplit(route.request.url).hostname == "127.0.0.1":
            route.continue_()
        else:
            surfing.strayed.append(route.request.url)
            route.abort()

    context.route("**/*", guard)
    surfing.page.on("websocket", lambda ws: _note_stray(surfing, ws.url))
    surfing.page.goto(address)
    surfing.page.get_by_test_id("stChatInputTextArea").wait_for(timeout=WAIT_MS)
    try:
        yield surfing
    finally:
        context.close()
    assert surfing.strayed == []


def _note_stray(surfing: Surfing, url: str) -> None:
    if urlsplit(url).hostname != "127.0.0.1":
        surfing.strayed.append(url)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def is_up(url: str) -> bool:
    """Whether `url` answers."""
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=2) as reply:
            return bool(reply.status == 200)
    except OSError:
        return False
