"""A synonym is written where its name stands, refused where the word means something already, and used at once."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from review_shop import TODAY, is_free, reviewer

from t2sql.agent import Agent
from t2sql.errors import AccessDenied, NotKept
from t2sql.flow import Answer
from t2sql.reviewing import synonyms
from t2sql.reviewing.synonyms import Synonym, add_synonym, nameable


def test_a_synonym_is_understood_at_once_and_nothing_else_changes(agent: Agent) -> None:
    path = agent.settings.metrics / "model.yml"
    before = path.read_text(encoding="utf-8").splitlines()
    add_synonym(agent, reviewer(agent), Synonym("orders", "成交量"))
    after = path.read_text(encoding="utf-8").splitlines()
    assert [line for line in after if line not in before] == ["        ai_context:", "          synonyms: [成交量]"]
    assert [line for line in after if line in before] == before, "not a comment or line lost"
    outcome = agent.ask(agent.question("2025年各城市的成交量", principal="analyst", today=TODAY))
    assert isinstance(outcome, Answer)
    assert "orders" in outcome.plan.semantic_sql


def test_the_index_follows_in_the_background(agent: Agent) -> None:
    agent.index()
    add_synonym(agent, reviewer(agent), Synonym("orders", "交易次数"))
    for thread in threading.enumerate():
        if thread.name == "t2sql-index":
            thread.join(60)
    assert (agent.settings.index_dir / agent.catalog.fingerprint).is_dir()
    assert agent.index().search("交易次数", frozenset(agent.catalog.metrics))[0][0] == "orders"


def test_a_dimension_gets_one_beside_those_it_has(agent: Agent) -> None:
    add_synonym(agent, reviewer(agent), Synonym("city", "地市"))
    assert agent.catalog.dimensions["city"].synonyms == ("地市",)
    add_synonym(agent, agent.narrow("owner"), Synonym("city", "store  town"))
    assert agent.catalog.dimensions["city"].synonyms == ("地市", "store town")


@pytest.mark.parametrize(
    ("word", "zh"),
    [
        ("收入", "它已经叫"),
        ("销售笔数", "已经指"),
        ("City", "已经指"),
        ("本月", "表示时间"),
        ("前十", "表示时间、数量"),
        ("同比", "比较方式"),
        ("上海", "取值"),
        ("x", "个字符"),
        ("……", "个字符"),
    ],
)
def test_a_word_that_means_something_already_is_refused(agent: Agent, word: str, zh: str) -> None:
    path = agent.settings.metrics / "model.yml"
    before = path.read_bytes()
    with pytest.raises(NotKept) as caught:
        add_synonym(agent, reviewer(agent), Synonym("revenue", word))
    assert zh in caught.value.told("zh")[0]
    assert path.read_bytes() == before


def test_only_reviewers_add_synonyms_and_only_to_what_there_is(agent: Agent) -> None:
    with pytest.raises(AccessDenied):
        add_synonym(agent, agent.narrow("analyst"), Synonym("orders", "成交量"))
    with pytest.raises(NotKept):
        add_synonym(agent, reviewer(agent), Synonym("secret", "成交量"))
    assert [name for name, _ in nameable(agent.catalog)] == ["revenue", "orders", "city"]


@pytest.mark.parametrize("touched", ["", "model.yml", "verified.yml"])
def test_the_check_holds_nobody_up_and_counts_only_for_what_it_read(
    agent: Agent, monkeypatch: pytest.MonkeyPatch, touched: str
) -> None:
    folder, check, free = agent.settings.metrics, synonyms.check, []

    def told_of(checked: Path) -> Sequence[object]:
        free.append(is_free(folder))
        if touched:
            path = folder / touched
            path.write_text(path.read_text(encoding="utf-8") + "# by hand\n", encoding="utf-8")
        return check(checked)

    monkeypatch.setattr(synonyms, "check", told_of)
    if touched:
        with pytest.raises(NotKept, match="changed meanwhile") as caught:
            add_synonym(agent, reviewer(agent), Synonym("orders", "成交量"))
        assert caught.value.zh
    else:
        add_synonym(agent, reviewer(agent), Synonym("orders", "成交量"))
    assert free and all(free)
    assert ("成交量" in (folder / "model.yml").read_text(encoding="utf-8")) is not bool(touched)
