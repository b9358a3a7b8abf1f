"""Reports as the quality page tells them: found under one folder, computed again, for reviewers alone."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from review_shop import reviewer

from t2sql.agent import Agent
from t2sql.errors import AccessDenied, ConfigError
from t2sql.evaluation.reports.costs import Prices
from t2sql.evaluation.reports.figures import find_figures
from t2sql.evaluation.reports.files import write_report
from t2sql.evaluation.reports.proportions import Share
from t2sql.reviewing.quality import list_reports, summarise, tell_cost, tell_share, trends

from made_reports import refused, report, result, wrong


def written(folder: Path, day: int, right: int, sha: str = "a" * 64) -> Path:
    results = [result(f"q{n}") for n in range(right)] + [wrong("w")]
    results += [refused(f"r{n}") for n in range(9 - right)]
    made = report(results, cases="bank.yml", cases_sha256=sha, cpu_seconds=20.0)
    made = made.model_copy(update={"made_at": datetime(2026, 7, day, tzinfo=UTC)})
    folder.mkdir(parents=True)
    write_report(made, find_figures(made), folder / "report.json")
    os.utime(folder / "report.json", (day, day))
    return folder / "report.json"


def test_reports_are_found_and_told_over_time(agent: Agent) -> None:
    who, folder = reviewer(agent).principal, agent.settings.eval_reports
    written(folder / "first", 1, 7)
    written(folder / "second", 2, 9, "b" * 64)
    found = list_reports(who, folder)
    assert [file.path.parent.name for file in found] == ["second", "first"]
    (trend,) = trends(summarise(who, file, Prices()) for file in found)
    assert [(one.name, one.accuracy, one.silent, one.asked_back) for one in trend.summaries] == [
        ("first", Share(7, 10), Share(1, 10), Share(2, 10)),
        ("second", Share(9, 10), Share(1, 10), Share(0, 10)),
    ]
    assert (trend.summaries[0].p50_ms, trend.summaries[0].not_asked) == (50.0, 0)
    assert trend.has_changed


def test_only_reviewers_see_reports_and_what_is_none_is_told(agent: Agent) -> None:
    who, folder = reviewer(agent).principal, agent.settings.eval_reports
    assert list_reports(who, folder) == ()
    (folder / "broken").mkdir(parents=True)
    (folder / "broken" / "report.json").write_text("{}", encoding="utf-8")
    (file,) = list_reports(who, folder)
    with pytest.raises(ConfigError):
        summarise(who, file, Prices())
    other = agent.narrow("analyst").principal
    for act in (lambda: list_reports(other, folder), lambda: summarise(other, file, Prices())):
        with pytest.raises(AccessDenied):
            act()


def test_a_share_is_told_with_its_interval_in_both_languages(agent: Agent) -> None:
    assert tell_share(Share(50, 60), "en") == "83.3% (72.0–90.7%, 50 of 60)"
    assert tell_share(Share(50, 60), "zh") == "83.3%（72.0–90.7%，60 题中 50 题）"
    assert tell_share(Share(0, 0), "zh") == "—"


def test_costs_are_told_by_the_settings_prices(agent: Agent) -> None:
    who, folder = reviewer(agent).principal, agent.settings.eval_reports
    written(folder / "first", 1, 7)
    (file,) = list_reports(who, folder)
    cost = summarise(who, file, Prices(cpu_hour=0.5, person_hour=200)).cost
    assert tell_cost(cost, "zh") == "每题 2 CPU 秒，合 0.00028 CNY（CPU 每小时 0.50）；人工每题 100 CNY（30 分钟）。"
    assert tell_cost(cost, "en").startswith("2 CPU-seconds a question: 0.00028 CNY")
    assert "CNY" not in tell_cost(summarise(who, file, Prices()).cost, "zh"), "no price, no money"
