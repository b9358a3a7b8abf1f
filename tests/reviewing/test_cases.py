"""A reviewed question becomes one confirmed case that `t2sql eval check` passes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from review_shop import TODAY, asked, is_free, reviewer

from t2sql.agent import Agent
from t2sql.errors import AccessDenied, NotKept
from t2sql.evaluation.cases.checks import check_cases
from t2sql.evaluation.cases.files import read_cases
from t2sql.evaluation.cases.golds import Golds
from t2sql.reviewing import cases
from t2sql.reviewing.cases import send_case

SQL = "SELECT city, orders FROM shop WHERE year = '2025'"


def test_cases_are_appended_and_pass_the_check(agent: Agent) -> None:
    assert send_case(agent, reviewer(agent), asked(agent, "2025年各城市的销售笔数"), SQL, "口径: 'x'") == "reviewed-1"
    path = agent.settings.review_cases
    path.write_text("# kept by hand\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    hostile = 'Orders by city in 2025 # "x": =1+1'
    assert send_case(agent, reviewer(agent), asked(agent, hostile), SQL) == "reviewed-2"
    assert path.read_text(encoding="utf-8").startswith("# kept by hand\n")
    file = read_cases(path)
    one, other = file.cases
    assert (one.clock, one.is_draft, one.category, one.why) == (TODAY, False, "reviewed", "口径: 'x'")
    assert (one.golds[0].kind, one.golds[0].text, other.asked.text) == ("semantic_sql", SQL, hostile)
    with Golds(file, agent=agent, today=TODAY) as golds:
        assert [fault for fault in check_cases(file, golds) if fault.is_error] == []


def test_no_question_is_sent_twice_and_no_gold_that_gives_nothing(agent: Agent) -> None:
    past = asked(agent, "2025年各城市的销售笔数")
    send_case(agent, reviewer(agent), past, SQL)
    before = agent.settings.review_cases.read_bytes()
    for question, sql, told in (
        (asked(agent, "2025 年各城市的销售笔数？"), SQL, "already"),
        (asked(agent, "2025年各城市的销售收入"), SQL.replace("orders", "ordrs"), "a gold fails"),
        (asked(agent, "2025年各城市的销售收入"), SQL + " AND city = '无'", "returns no row"),
    ):
        with pytest.raises(NotKept, match=told) as caught:
            send_case(agent, reviewer(agent), question, sql)
        assert caught.value.zh
    with pytest.raises(AccessDenied):
        send_case(agent, agent.narrow("analyst"), past, SQL)
    assert agent.settings.review_cases.read_bytes() == before


def test_beside_the_definitions_the_gold_runs_before_the_lock(
    shop: Callable[..., Agent], agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It writes the journal, which others hold while they wait for the folder."""
    beside = shop(review_cases="metrics/shop/reviewed.yml")
    check, free = cases.check_cases, []

    def told_of(*args: Any) -> Sequence[Any]:
        free.append(is_free(beside.settings.metrics))
        return list(check(*args))

    monkeypatch.setattr(cases, "check_cases", told_of)
    assert send_case(beside, reviewer(beside), asked(beside, "2025年各城市的销售笔数"), SQL) == "reviewed-1"
    assert beside.settings.review_cases.parent == beside.settings.metrics
    assert free == [True]
    beside.close()
