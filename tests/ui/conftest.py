"""Fixtures for tests of the page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import streamlit as st
from review_shop import forget_journal, open_review_shop
from streamlit.testing.v1 import AppTest

import ui.desk
from t2sql.agent import Agent
from t2sql.generation.llm import Llm, ScriptedLlm
from t2sql.settings import load

from page_driving import APP, Opened, open_agent
from page_serving import CHROMIUM, CHROMIUM_OPTIONS, served
from page_setup import ROOT, needs, share_cache, write_settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

AMBIGUOUS = (
    "Lending by region",
    "How much is our lending to manufacturing?",
    "Total lending in Suzhou Branch",
)


@pytest.fixture(scope="session")
def weights_folder() -> Path:
    """The folder with the weights that this checkout's settings name."""
    chosen = load(ROOT / "t2sql.toml")
    needs((chosen.llm_dir / f"{chosen.llm}.gguf").is_file(), f"the llm {chosen.llm!r}")
    return chosen.llm_dir


@pytest.fixture(scope="session")
def page_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder whose index all tests of the page share, so that it is built once."""
    yield tmp_path_factory.mktemp("page")


@pytest.fixture(scope="session")
def ambiguous(page_folder: Path, locked_bank: Path) -> str:
    """A question that leaves the llm a choice. The index in `page_folder` is built before."""
    from t2sql.errors import LlmUnavailable

    def refuse() -> Llm:
        raise LlmUnavailable("It was called.")

    agent = Agent.open(load(write_settings(page_folder, locked_bank)), llm=refuse)
    try:
        agent.index()
        for text in AMBIGUOUS:
            try:
                agent.ask(agent.question(text))
            except LlmUnavailable:
                return text
    finally:
        agent.close()
    pytest.fail("none of these leaves a choice any more: " + "; ".join(AMBIGUOUS))


@pytest.fixture
def open_page(page_folder: Path, locked_bank: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    """Opens the page over the demo bank with the given llm; None leaves the settings' llm, which is not there."""
    agents: list[Agent] = []

    def open_with(llm: Llm | None = None, *, is_scripted: bool = True, **more: str | bool) -> AppTest:
        path = write_settings(page_folder, locked_bank, **more)
        monkeypatch.setenv("T2SQL_SETTINGS", str(path))
        if is_scripted:
            chosen = llm or ScriptedLlm({})
            monkeypatch.setattr(ui.desk, "open_agent", lambda: agents.append(open_agent(path, chosen)) or agents[-1])
        st.cache_resource.clear()
        return AppTest.from_file(str(APP), default_timeout=60).run()

    yield open_with
    st.cache_resource.clear()
    for agent in agents:
        agent.close()


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the shop's tests of one module share."""
    return tmp_path_factory.mktemp("review-page")


@pytest.fixture
def agent(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Agent]:
    """The shop's agent, which is the page's."""
    forget_journal(cache)
    opened = open_review_shop(tmp_path, cache)
    monkeypatch.setattr(ui.desk, "open_agent", lambda: opened)
    st.cache_resource.clear()
    yield opened
    st.cache_resource.clear()
    opened.close()


@pytest.fixture(scope="module")
def address(
    weights_folder: Path, demo_bank: Path, page_folder: Path, ambiguous: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A running `t2sql serve` with its index, whose llm has read nothing yet."""
    folder = tmp_path_factory.mktemp("serve")
    share_cache(folder, page_folder / "cache" / "index", weights_folder)
    with served(write_settings(folder, demo_bank), folder / "log") as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium."""
    needs(CHROMIUM.is_file(), str(CHROMIUM))
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_OPTIONS)
        yield opened
        opened.close()
