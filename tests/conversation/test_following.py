"""Follow-ups edit the semantic SQL before them: a table of texts, and what may not be carried."""

from __future__ import annotations

from pathlib import Path

import pytest
from follow_ups import CLOCK, follow, rows

from t2sql.agent import Agent
from t2sql.errors import QueryError
from t2sql.flow import Turn

TABLE = Path(__file__).with_name("tables") / "follow_ups.yml"
BY_BRANCH = "SELECT branch, npl_ratio FROM bank WHERE month = '2025-12'"


@pytest.mark.parametrize(("before", "text", "wanted"), rows(TABLE))
def test_a_follow_up_changes_what_it_says_and_keeps_the_rest(agent: Agent, before: str, text: str, wanted: str) -> None:
    try:
        found = follow(agent, text, Turn("…", before))
    except QueryError as error:
        assert wanted == "!", error
        assert error.hint and error.zh and all(error.zh)
        return
    got = "-" if found is None else found.semantic_sql or "?"
    assert got == wanted
    if got == "?":
        assert found and (found.context.ungrounded or len(found.options) > 1)


def test_what_stayed_is_told_in_both_languages(agent: Agent) -> None:
    found = follow(agent, "换成逾期率", Turn("…", BY_BRANCH + " AND region = '西南区'"))
    assert found and found.carried and found.carried.code == "carried"
    assert found.carried.zh == "沿用上一问：2025年12月、按分行、区域为“西南区”"
    assert found.carried.en == "Carried over from the question before: December 2025, by branch, region is “西南区”"


def test_an_ambiguous_value_is_asked_back_with_what_it_may_mean(agent: Agent) -> None:
    found = follow(agent, "小微贷款呢", Turn("…", "SELECT loan_balance FROM bank WHERE month = '2025-12'"))
    assert found and not found.semantic_sql
    assert {sql.rsplit(" AND ", 1)[1] for sql in found.options} == {"segment = '小微'", "product = '小微企业贷款'"}


def test_what_was_not_answered_carries_nothing_and_hides_nothing(agent: Agent) -> None:
    """After 为什么下降 was refused the question before it is followed still."""
    found = follow(agent, "换成逾期率", Turn("各分行不良率", BY_BRANCH), Turn("为什么下降", ""), Turn("天气", ""))
    assert found and found.semantic_sql == "SELECT branch, overdue_ratio FROM bank WHERE month = '2025-12'"
    assert follow(agent, "换成逾期率", Turn("为什么下降", "")) is None


@pytest.mark.parametrize("text", ["新问题", "new question", "换个问题", "Start over."])
def test_a_new_question_forgets_those_before(agent: Agent, text: str) -> None:
    assert follow(agent, "按区域", Turn("各分行不良率", BY_BRANCH), Turn(text, "")) is None


@pytest.mark.parametrize("text", ["新问题：2025年末存款余额", "new question: deposits at the end of 2025"])
def test_a_new_question_may_follow_its_words(agent: Agent, text: str) -> None:
    question = agent.question(text, today=CLOCK, before=(Turn("各分行不良率", BY_BRANCH),))
    outcome = agent.ask(question)
    assert outcome.outcome == "answer"
    assert outcome.draft.semantic_sql == "SELECT deposit_balance FROM bank WHERE month = '2025-12'"
    assert outcome.draft.carried is None and outcome.question.text == text


def test_six_turns_deep(agent: Agent) -> None:
    turns: tuple[Turn, ...] = (Turn("各分行不良率", BY_BRANCH),)
    for text in ("只看华东", "那2024年末呢", "换成逾期率", "按客群拆开", "去掉个人", "前三名"):
        outcome = agent.ask(agent.question(text, today=CLOCK, before=turns))
        assert outcome.outcome == "answer", (text, outcome)
        assert outcome.draft.route == "composed" and outcome.draft.carried
        turns += (Turn(text, outcome.draft.semantic_sql),)
    assert turns[-1].semantic_sql == (
        "SELECT branch, segment, overdue_ratio FROM bank WHERE month = '2024-12' AND region = '华东区' "
        "AND customer_type <> '个人' ORDER BY overdue_ratio DESC LIMIT 3"
    )


def test_a_group_that_the_new_metric_lacks_is_refused_by_name(agent: Agent) -> None:
    before = Turn("…", "SELECT merchant_category, card_spend FROM bank WHERE year = '2025'")
    outcome = agent.ask(agent.question("换成不良率", today=CLOCK, before=(before,)))
    assert outcome.outcome == "refusal"
    assert "merchant_category" in outcome.text or "消费类别" in outcome.text


def test_words_of_change_about_data_stay_refused(agent: Agent) -> None:
    before = (Turn("…", BY_BRANCH),)
    for text in ("请删除上海分行的数据", "把上海分行的不良率改成2%", "update the loans to 5%"):
        assert agent.ask(agent.question(text, today=CLOCK, before=before)).outcome == "refusal", text


def hidden_metric(agent: Agent) -> tuple[str, str]:
    """(principal, a metric that this principal may not see)."""
    for name in agent.policies.principals:
        hidden = set(agent.catalog.metrics) - set(agent.narrow(name).catalog.metrics)
        if hidden:
            return name, sorted(hidden)[0]
    pytest.fail("everybody sees every metric")


def test_a_name_that_may_not_be_seen_now_is_refused_without_saying_so(agent: Agent) -> None:
    principal, metric = hidden_metric(agent)
    few = f"SELECT branch FROM bank ORDER BY {metric} DESC LIMIT 3"
    inside = f"SELECT branch, customers FROM bank WHERE branch IN ({few})"
    for before in (f"SELECT {metric} FROM bank", "SELECT nothing_known FROM bank", inside):
        with pytest.raises(QueryError) as caught:
            follow(agent, "那去年呢", Turn("…", before), principal=principal)
        told = " ".join((*caught.value.told("zh"), *caught.value.told("en")))
        assert metric not in told and "nothing_known" not in told
        assert told == "无法在上一问的基础上这样修改。 请完整地提问：指标、时间、按什么分组。 " + (
            "The question before cannot be changed in this way. Ask in full: metric, period, and what to group by."
        )
