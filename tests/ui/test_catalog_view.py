"""The catalog and the guide: what is found and told, for whom, and that a click asks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

import ui.desk
from t2sql.agent import Agent
from t2sql.catalog import Catalog, Display
from t2sql.flow import Answer, Definition
from t2sql.generation.llm import ScriptedLlm
from t2sql.lineage import Arrow, Lineage, Thing, metric_lineage
from ui.asking.turns import MOST_AT_ONCE, Turn
from ui.asking.work import Work
from ui.catalog.picture import tell_lineage, to_dot
from ui.parts.keys import SHORTCUTS
from ui.words import Words

from page_driving import APP, Opened, finish, html, labels, last_work, open_agent, visit
from page_setup import write_settings

HOSTILE = '<img src=x onerror=alert(1)> **b** "不良"'


@pytest.fixture(scope="module")
def agent(page_folder: Path, locked_bank: Path) -> Iterator[Agent]:
    """One agent for these tests: none of them changes anything in it."""
    opened = open_agent(write_settings(page_folder, locked_bank), ScriptedLlm({}))
    yield opened
    opened.close()


@pytest.fixture
def open_page(agent: Agent, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    """Opens the page, whose preparations for the llm are left out: the catalog needs none."""
    monkeypatch.setattr(ui.desk, "open_agent", lambda: agent)
    monkeypatch.setattr(agent, "warm", lambda principal: None)
    st.cache_resource.clear()
    yield lambda: AppTest.from_file(str(APP), default_timeout=60).run()
    st.cache_resource.clear()


def open_catalog(open_page: Opened, name: str = "", principal: str = "hq", language: str = "zh") -> AppTest:
    page = open_page()
    if language != "zh":
        page.button_group(key="language").set_value(language).run()
    if principal != "hq":
        page.selectbox(key=f"principal-{language}").set_value(principal).run()
    if name:
        page.query_params["name"] = name
    return visit(page, "catalog")


def listed(page: AppTest) -> list[str]:
    """Names in the grid, in order."""
    return list(page.dataframe[0].value["名称"])


def search(page: AppTest, text: str) -> AppTest:
    return page.text_input(key="catalog-search").set_value(text).run()


def test_it_opens_with_everything_in_one_grid_and_the_topics(open_page: Opened) -> None:
    page = open_catalog(open_page)
    assert not page.exception
    assert len(page.dataframe) == 1
    assert len(listed(page)) == 97 + 40 + 13
    assert "信用卡消费" in html(page)
    assert len(page.button) < 5


def test_search_finds_by_any_name_and_tells_how_many_of_each_kind(open_page: Opened) -> None:
    page = search(open_catalog(open_page), "不良餘額")
    assert listed(page) == ["不良贷款余额"]
    page = search(page, "区域")
    assert listed(page)[0] == "区域"
    kinds = page.button_group(key="catalog-kind-zh")
    assert "维度 5" in str(kinds.options)
    page = kinds.set_value("dimension").run()
    assert set(page.dataframe[0].value["类别"]) == {"维度"}
    assert len(listed(page)) == 5


def test_what_is_not_found_is_told_letter_by_letter_with_names_near_it(open_page: Opened) -> None:
    page = search(open_catalog(open_page), HOSTILE)
    assert "&lt;img src=x onerror=alert(1)&gt;" in html(page)
    assert "<img" not in html(page)
    page = search(page, "不良率啊")
    page.button_group(key="names-near").set_value("npl_ratio").run()
    assert page.query_params["name"] in ("npl_ratio", ["npl_ratio"])
    assert "不良贷款率（npl_ratio）" in html(page)


def test_an_address_opens_a_metric_with_all_that_is_known(open_page: Opened) -> None:
    page = open_catalog(open_page, "npl_ratio")
    assert not page.exception
    text = html(page)
    for said in (
        "不良贷款率（npl_ratio）", "不良贷款余额 ÷ 贷款余额", "风险管理部", "比率（%）", "版本 1，自 2023-01-01 起生效",
        "归属分行", "bad debt ratio", "由期末的时点余额计算", "每月末，2023年1月31日至2026年6月30日",
        "没有发现问题", "产品团队：不看客户身份字段", "区域：华东区",
    ):  # fmt: skip
        assert said in text, said
    dot = page.get("graphviz_chart")[0].proto.spec
    assert "loan_snapshot" in dot
    assert "分子" in dot
    page.button_group(key="names-entry_below-npl_ratio-zh").set_value("npl_balance").run()
    assert "不良贷款余额（npl_balance）" in html(page)


def test_versions_stand_side_by_side_with_their_dates(open_page: Opened) -> None:
    text = html(open_catalog(open_page, "early_warning_balance", language="en"))
    assert "2023-01-01 – 2024-12-31" in text
    assert "2025-01-01 – now" in text
    assert "days overdue above 30" in text
    assert "Whole balance of loans on early warning" in text


def test_a_dimension_shows_its_values_levels_and_metrics(open_page: Opened) -> None:
    text = html(open_catalog(open_page, "region"))
    for said in ("区域 › 分行 › 支行", "华东区", "西南区", "East China", "不良贷款率"):
        assert said in text, said
    text = html(open_catalog(open_page, "region", "analyst_east"))
    assert "华东区" in text
    assert "西南区" not in text
    assert "您可以查看的数据范围：区域：华东区" in text


def test_many_values_are_cut_at_fifty_and_searched(open_page: Opened) -> None:
    page = open_catalog(open_page, "sub_branch")
    assert "显示 50 个" in html(page)
    page = page.text_input(key="values-sub_branch").set_value("苏州").run()
    assert "苏州" in html(page)
    assert "显示 50 个" not in html(page)
    assert "不逐一列出" in html(open_catalog(open_page, "customer_no"))
    assert "2010年" in html(open_catalog(open_page, "originated_on"))


@pytest.mark.parametrize("name", ["net_profit", "customer_no", "no_such_name"])
def test_what_is_hidden_is_as_unknown_as_what_is_not_there(open_page: Opened, name: str) -> None:
    page = open_catalog(open_page, name, "product_team")
    text = html(page)
    assert f"这里没有名为“{name}”的指标、维度或主题。" in text
    assert not {"净利润", "客户号", "成本收入比"} & set(listed(page))
    assert "净利润" not in text
    assert "成本收入比" not in text


@pytest.mark.parametrize("principal", ["analyst_east", "product_team"])
def test_who_may_see_it_is_told_only_to_those_who_see_all(open_page: Opened, principal: str) -> None:
    text = html(open_catalog(open_page, "loan_balance", principal))
    assert "贷款余额（loan_balance）" in text
    assert "谁可以看" not in text
    assert "只看西南区" not in text


def test_an_example_is_asked_on_the_page_for_asking(open_page: Opened) -> None:
    page = open_catalog(open_page, "npl_ratio")
    page = page.button(key="try-npl_ratio-1").click().run()
    assert page.chat_input, "the page for asking is open"
    finish(page)
    outcome = last_work(page).outcome
    assert isinstance(outcome, Answer)
    assert outcome.plan.semantic_sql.startswith("SELECT branch, npl_ratio")


def test_a_topic_lists_its_metrics(open_page: Opened) -> None:
    page = open_catalog(open_page, "fees")
    assert "手续费流水" in html(page)
    page.button_group(key="names-topic-fees-zh").set_value("fee_amount").run()
    assert "fee_amount" in html(page)
    page = page.button(key="catalog-close").click().run()
    assert "name" not in page.query_params


def test_names_cannot_break_out_of_the_picture() -> None:
    evil = Thing("metric", 'a"]; b [label="x', Display('"]; b->c \\N <b>&lt;', "x"))
    dot = to_dot(Lineage((evil, evil), (Arrow(evil.key, evil.key),)), Words("zh"))
    assert 'label="\\"]; b->c \\\\N <b>&amp;lt;"' in dot
    assert dot.count("[class=") == 2


def test_every_metric_of_the_bank_has_a_picture_and_its_words(catalog: Catalog) -> None:
    for metric in catalog.metrics.values():
        lineage = metric_lineage(metric, catalog)
        for language in ("zh", "en"):
            dot = to_dot(lineage, Words(language))
            assert dot.count("[class=") == len(lineage.things)
            assert dot.count("->") == len(lineage.arrows)
            told = dict(tell_lineage(lineage, Words(language)))
            assert len(told) == 3


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_guide_tells_keys_loads_and_questions(open_page: Opened, language: str) -> None:
    page = open_page()
    page.button_group(key="language").set_value(language).run()
    page = visit(page, "guide")
    assert not page.exception
    text, words = html(page), Words("zh" if language == "zh" else "en")
    for key, does in SHORTCUTS:
        assert f"<td>{key}</td><td>{words(does)}</td>" in text
    assert words("guide_refused") in text
    assert ("每月末，2023年1月31日至2026年6月30日" if language == "zh" else "31 January 2023 to 30 June 2026") in text
    assert ("不良贷款率是怎么算的？" if language == "zh" else "How is the NPL ratio calculated?") in labels(page)


def test_a_question_of_the_guide_is_asked_by_a_click(open_page: Opened) -> None:
    page = visit(open_page(), "guide")
    page = finish(page.button(key="way-meaning-0").click().run())
    assert isinstance(last_work(page).outcome, Definition)


@pytest.mark.parametrize(("name", "entry"), [("guide", ""), ("catalog", "npl_ratio")])
def test_while_as_many_questions_run_as_may_no_example_can_be_clicked(
    agent: Agent, open_page: Opened, name: str, entry: str
) -> None:
    works = [Work(agent.question("不良贷款率"), None) for _ in range(MOST_AT_ONCE)]
    page = open_page()
    if entry:
        page.query_params["name"] = entry
    page.session_state["turns"] = [Turn(place, "hq", work) for place, work in enumerate(works, 1)]

    def examples(page: AppTest) -> set[bool]:
        return {button.disabled for button in page.button if (button.key or "").startswith(("way-", "try-"))}

    page = visit(page, name)
    assert not page.exception
    assert examples(page) == {True}
    works[0].stop()
    assert examples(page.run()) == {False}


def test_the_guide_tells_a_persons_own_rows(open_page: Opened) -> None:
    page = open_page()
    page.selectbox(key="principal-zh").set_value("analyst_east").run()
    assert "区域：华东区" in html(visit(page, "guide"))
