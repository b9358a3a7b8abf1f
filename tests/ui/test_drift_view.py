"""What the database no longer bears is told on the page, in names that whoever looks may know."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
import streamlit as st
from review_shop import forget_journal, open_review_shop
from streamlit.testing.v1 import AppTest

import ui.desk
from t2sql.agent import Agent

from page_driving import html

POLICIES = """
roles:
  everything: {}
  less: {hide: {metrics: [revenue], dimensions: [city]}}
  definitions: {may: [review]}
principals:
  analyst: {roles: [everything], display: {zh: 分析师, en: Analyst}}
  guest: {roles: [less], display: {zh: 访客, en: Guest}}
  owner: {roles: [definitions], display: {zh: 负责人, en: Owner}}
"""
TITLE = "数据库与口径不再完全相符"


@pytest.fixture
def agent(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Agent]:
    """The shop after its stores have lost their city."""
    forget_journal(cache)
    open_review_shop(tmp_path, cache).close()
    (tmp_path / "metrics" / "shop" / "policies.yml").write_text(POLICIES, encoding="utf-8")
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as connection:
        connection.execute("ALTER TABLE store DROP COLUMN city")
    opened = open_review_shop(tmp_path, cache)
    monkeypatch.setattr(ui.desk, "open_agent", lambda: opened)
    st.cache_resource.clear()
    yield opened
    st.cache_resource.clear()
    opened.close()


def draw(view: str, language: str, principal: str) -> None:
    """The script of one page, for one visitor."""
    from importlib import import_module

    from ui.desk import open_desk
    from ui.frame import Visit
    from ui.words import Words

    desk = open_desk()
    visit = Visit(desk, Words(language), desk.narrow(principal))  # type: ignore[arg-type]
    import_module(view).draw_first(visit) if view.endswith("first") else import_module(view).draw(visit)


def look(view: str, principal: str, language: str = "zh") -> str:
    page = AppTest.from_function(draw, default_timeout=60, args=(view, language, principal)).run()
    assert not page.exception
    return html(page)


@pytest.mark.parametrize("view", ["ui.asking.first", "ui.views.catalog"])
def test_what_is_switched_off_is_told_in_both_languages(agent: Agent, view: str) -> None:
    zh, en = look(view, "analyst"), look(view, "analyst", "en")
    assert TITLE in zh and "表 store 没有列 city" in zh and "check --source" not in zh
    assert "no longer fits" in en and "has no column" in en and "switched off" in en


def test_who_owns_the_definitions_is_told_what_to_do(agent: Agent) -> None:
    for view in ("ui.views.review", "ui.asking.first"):
        told = look(view, "owner")
        assert TITLE in told and "表 store 没有列 city" in told and "t2sql check --source" in told


def test_nobody_is_told_of_what_is_hidden_from_them(agent: Agent) -> None:
    for view in ("ui.asking.first", "ui.views.catalog"):
        told = look(view, "guest")
        assert TITLE not in told and "city" not in told


def test_a_database_that_fits_is_not_spoken_of(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = open_review_shop(tmp_path, cache)
    monkeypatch.setattr(ui.desk, "open_agent", lambda: opened)
    st.cache_resource.clear()
    assert TITLE not in look("ui.asking.first", "owner")
    st.cache_resource.clear()
    opened.close()
