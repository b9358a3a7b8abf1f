"""First paint: from opening the address, the server warm, to the box that takes a question.

"new" is a browser that has never been here and fetches the page's files; "known" is one that has them, as that of
everybody who comes again. Beside it stands an empty page of Streamlit itself, served the same way: what is more is
ours.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from t2sql.cli_upkeep import streamlit_options

from page_serving import free_port, is_up

if TYPE_CHECKING:
    from playwright.async_api import Browser

BOX = "[data-testid=stChatInputTextArea]"
EMPTY = "import streamlit as st\n\nst.chat_input('ask', key='typed')\n"
COMES_AGAIN = 3
"""How often a browser that knows the files opens the page."""
PAUSE_MS = 1_000
"""What a page still does after its box is there must not slow the next."""
WAIT_MS = 180_000
SERVE_SECONDS = 60


@contextmanager
def empty_page(folder: Path) -> Iterator[str]:
    """The address of a page with a box and nothing else."""
    (folder / "empty.py").write_text(EMPTY, encoding="utf-8")
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "empty.py", *streamlit_options("127.0.0.1", port)]
    server = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)
    try:
        until = time.monotonic() + SERVE_SECONDS
        while not is_up(f"http://127.0.0.1:{port}/_stcore/health"):
            assert server.poll() is None and time.monotonic() < until, "the empty page does not come up"
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


async def measure_paints(browser: Browser, address: str, empty: str, repeat: int) -> None:
    """Both pages in turns, so that what else this machine does meets both; prints medians and the largest."""
    times: dict[tuple[str, str], list[float]] = {(p, b): [] for p in ("ours", "empty") for b in ("new", "known")}
    for _ in range(repeat):
        for name, place in (("ours", address), ("empty", empty)):
            await _open(browser, place, times[name, "new"], times[name, "known"])
    for (name, kind), found in times.items():
        told = f"median {statistics.median(found):>7,.0f} ms   largest {max(found):>7,.0f} ms   of {len(found)}"
        print(f"first paint, {name} page, {kind} browser".ljust(38), told)


async def _open(browser: Browser, address: str, new: list[float], known: list[float]) -> None:
    """One browser's first visit, and those after it."""
    context = await browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900})
    page = await context.new_page()
    for times in (new, *[known] * COMES_AGAIN):
        began = time.perf_counter()
        await page.goto(address)
        await page.locator(BOX).wait_for(timeout=WAIT_MS)
        times.append((time.perf_counter() - began) * 1000)
        await page.wait_for_timeout(PAUSE_MS)
    await context.close()
