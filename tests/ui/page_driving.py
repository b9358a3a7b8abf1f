"""Driving the page: without a browser over the demo bank, and what a person does to an answer in one."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from streamlit.testing.v1 import AppTest

from t2sql.agent import Agent
from t2sql.generation.llm import Llm
from t2sql.settings import load
from ui.asking.work import Work

from page_serving import PROMPT_MS, WAIT_MS, Surfing
from page_setup import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Locator

APP = ROOT / "ui" / "app.py"
Opened = Callable[..., AppTest]


def open_agent(path: Path, llm: Llm) -> Agent:
    """An agent over the settings in `path` with `llm` in place of theirs."""
    return Agent.open(load(path), llm=lambda: llm)


def ask(page: AppTest, text: str) -> AppTest:
    """Type a question and run the page until it has ended."""
    return finish(page.chat_input[0].set_value(text).run())


def finish(page: AppTest, seconds: float = 60) -> AppTest:
    """Run the page, as its fragments do, until nothing is worked on."""
    until = time.monotonic() + seconds
    while any(not turn.work.is_over for turn in page.session_state["turns"]):
        assert time.monotonic() < until, "the question did not end"
        time.sleep(0.1)
    return page.run()


def unfold(page: AppTest, *keys: str) -> AppTest:
    """Open what is drawn only when it is open, as a click does."""
    for key in keys:
        page.session_state[key] = True
    return page.run()


def html(page: AppTest) -> str:
    """All HTML on the page, but not its style sheet."""
    bodies = [element.proto.body for element in page.get("html")]
    return "\n".join(body for body in bodies if "@media" not in body)


def labels(page: AppTest) -> list[str]:
    """Labels of the buttons, their escapes taken away."""
    return [button.label.replace("\\", "") for button in page.button]


def last_work(page: AppTest) -> Work:
    work: Work = page.session_state["turns"][-1].work
    return work


def visit(page: AppTest, name: str) -> AppTest:
    """Open another page of the navigation; AppTest itself only knows pages that are files."""
    found = {str(info.get("url_pathname")): key for key, info in page._registered_pages.items()}
    assert name in found, sorted(found)
    page._page_hash = found[name]
    return page.run()


def become(surfing: Surfing, name: str) -> None:
    """Go on as another person."""
    from playwright.sync_api import expect

    still = surfing.page.locator("[data-test-script-state=notRunning]").first
    # A list that is open while the page is drawn anew closes again.
    surfing.page.wait_for_timeout(1_000)
    still.wait_for(timeout=PROMPT_MS)
    box = surfing.page.get_by_role("combobox").first
    box.scroll_into_view_if_needed()
    box.click()
    surfing.page.get_by_role("option", name=re.compile(name)).click()
    expect(box).to_have_value(re.compile(name), timeout=PROMPT_MS)
    # What is typed while the page is drawn for the other person is drawn away with it.
    surfing.page.wait_for_timeout(1_500)
    still.wait_for(timeout=PROMPT_MS)


def popover(turn: Locator, name: str) -> Locator:
    """Open one of the things to do with an answer; its contents."""
    turn.get_by_role("button", name=name).click()
    body = turn.page.get_by_test_id("stPopoverBody")
    body.wait_for(timeout=PROMPT_MS)
    return body


def take_away(surfing: Surfing, body: Locator, name: str, folder: Path) -> Path:
    """Download the file of that name from an open popover into `folder`."""
    body.get_by_text(name, exact=False).first.click()
    ending = {"Excel": "xlsx", "CSV": "csv", "PNG": "png", "SVG": "svg"}[name]
    save = body.get_by_role("button", name=re.compile(rf"\.{ending}"))
    save.wait_for(timeout=WAIT_MS)
    with surfing.page.expect_download(timeout=WAIT_MS) as found:
        save.click()
    path = folder / found.value.suggested_filename
    found.value.save_as(path)
    return path
