"""Takes docs/page.png: one real answer, asked on the real page with the settings and weights of this checkout.

Needs what `make demo` and the development packages install, and Debian's chromium. It draws nothing by itself.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "page.png"
CHROMIUM = "/usr/bin/chromium"
OPTIONS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")
QUESTION = "2026年6月各区域的不良贷款率是多少？"
MOST_BYTES = 300_000
SERVER_SECONDS = 180


@contextmanager
def serve() -> Iterator[str]:
    """A running page; its address."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = int(found.getsockname()[1])
    command = [sys.executable, "-m", "t2sql.cli", "serve", "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as server:
        try:
            _wait_until_open(port, server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def _wait_until_open(port: int, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + SERVER_SECONDS
    while time.monotonic() < until and server.poll() is None:
        with socket.socket() as line:
            if line.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.3)
    raise SystemExit("The page did not open.\n  → Run: t2sql doctor")


def take(address: str, target: Path) -> None:
    """Ask the question and save the window once its table and chart are drawn."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(OPTIONS))
        context = browser.new_context(viewport={"width": 1280, "height": 1080}, locale="zh-CN", color_scheme="light")
        page = context.new_page()
        page.set_default_timeout(SERVER_SECONDS * 1000)
        page.goto(address)
        box = page.get_by_test_id("stChatInputTextArea")
        box.fill(QUESTION)
        box.press("Enter")
        turn = page.locator(".st-key-turn-1")
        turn.locator("[data-testid=stDataFrame] table td").first.wait_for(state="attached")
        turn.locator("[data-testid=stVegaLiteChart] :is(canvas, svg)").first.wait_for()
        turn.locator("summary").click()
        turn.get_by_test_id("stCode").first.wait_for()
        page.wait_for_timeout(2000)
        page.locator(".stMain").evaluate("element => element.scrollTo(0, 0)")
        page.wait_for_timeout(1000)
        page.screenshot(path=target)
        browser.close()


def main() -> int:
    """Take the picture; 1 when it is too large for a README."""
    with serve() as address:
        take(address, PICTURE)
    size = PICTURE.stat().st_size
    print(f"{PICTURE.relative_to(ROOT)}: {size / 1000:,.0f} kB")
    return 0 if size < MOST_BYTES else 1


if __name__ == "__main__":
    sys.exit(main())
