"""The quality page without a browser: reports, usage and what was not answered, for reviewers alone."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from review_shop import asked
from streamlit.testing.v1 import AppTest

from t2sql.agent import Agent
from t2sql.evaluation.reports.figures import find_figures
from t2sql.evaluation.reports.files import write_report

from made_reports import drawn
from page_driving import html


def draw_quality(language: str, principal: str) -> None:
    """The page's script, for one visitor."""
    from ui.desk import open_desk
    from ui.frame import Visit
    from ui.views import quality
    from ui.words import Words

    desk = open_desk()
    quality.draw(Visit(desk, Words(language), desk.narrow(principal)))  # type: ignore[arg-type]


def look(language: str = "zh", principal: str = "owner") -> AppTest:
    page = AppTest.from_function(draw_quality, default_timeout=60, args=(language, principal)).run()
    if "quality-usage-read" in page.session_state:
        assert page.session_state["quality-usage-read"].task.ended.wait(60)
    return page.run()


def test_with_nothing_to_tell_each_part_says_so(agent: Agent) -> None:
    page = look()
    assert not page.exception
    for words in ("还没有评测报告", "没有人提问", "都答上了"):
        assert words in html(page), words


def test_reports_are_told_with_intervals_and_drawn_over_time(agent: Agent) -> None:
    for day, seed in ((1, 1), (2, 2)):
        made = drawn(60, seed).model_copy(update={"made_at": datetime(2026, 7, day, tzinfo=UTC)})
        folder = agent.settings.eval_reports / f"run{day}"
        folder.mkdir(parents=True)
        write_report(made, find_figures(made), folder / "report.json")
    page = look("en")
    assert not page.exception
    share = find_figures(made).accuracy
    assert str(share) in html(page), "in the table"
    assert f"{share.count} of {share.of}" in html(page)
    (chart,) = page.get("vega_lite_chart") or page.get("arrow_vega_lite_chart")
    assert {"line", "rule"} == {layer["mark"]["type"] for layer in json.loads(chart.proto.spec)["layer"]}


def test_usage_and_what_was_not_answered_are_told_as_words(agent: Agent) -> None:
    asked(agent, "2025年各城市的销售笔数")
    asked(agent, "<b>2025年</b>各城市的客流量")
    page = look()
    told = html(page)
    assert not page.exception
    assert "规则组合" in told and "客流量" in told
    assert "<b>2025" not in told


def test_a_broken_report_is_named_and_the_others_are_told(agent: Agent) -> None:
    folder = agent.settings.eval_reports / "broken"
    folder.mkdir(parents=True)
    (folder / "report.json").write_text("{", encoding="utf-8")
    assert "1 份报告无法读取：broken" in html(look())


def test_nobody_else_gets_the_page(agent: Agent) -> None:
    asked(agent, "各城市的客流量")
    page = look(principal="analyst")
    assert page.exception
    assert "客流量" not in html(page)
