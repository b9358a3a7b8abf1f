"""Classes of follow-ups, each in several wordings: rows pointed at, the rest, places, comparisons, orders, totals."""

from __future__ import annotations

from pathlib import Path

import pytest
from follow_ups import CLOCK, follow, rows

from t2sql.agent import Agent
from t2sql.conversation.cues import stripped
from t2sql.conversation.parsing import read_slots
from t2sql.conversation.wrapping import list_inside, put_around
from t2sql.errors import QueryError
from t2sql.flow import Turn

TABLE = Path(__file__).with_name("tables") / "follow_up_classes.yml"
BY_BRANCH = "SELECT branch, npl_ratio FROM bank WHERE month = '2025-12'"
TOP_FIVE = "SELECT branch, deposit_balance FROM bank WHERE month = '2025-12' ORDER BY deposit_balance DESC LIMIT 5"


@pytest.mark.parametrize(("before", "text", "wanted"), rows(TABLE))
def test_a_class_of_follow_ups_is_edited_or_asked_back(agent: Agent, before: str, text: str, wanted: str) -> None:
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


@pytest.mark.parametrize(
    "text", ["它们增长了多少", "how much have they grown?", "这几家涨了多少", "did they go up or down?"]
)
def test_a_change_without_a_base_is_asked_back_for_the_same_rows(agent: Agent, text: str) -> None:
    found = follow(agent, text, Turn("…", TOP_FIVE))
    assert found and not found.semantic_sql and len(found.options) > 1
    assert all(f"branch IN ({TOP_FIVE.replace(', deposit_balance FROM', ' FROM')})" in sql for sql in found.options)
    assert "yoy_diff(deposit_balance)" in found.options[0]


@pytest.mark.parametrize(
    ("skipped", "text"),
    [("只看东部沿海那些", "那2024年末呢"), ("only the coastal ones", "and at the end of 2024?")],
)
def test_an_edit_that_was_not_understood_is_not_passed_over_in_silence(agent: Agent, skipped: str, text: str) -> None:
    found = follow(agent, text, Turn("…", BY_BRANCH), Turn(skipped, ""))
    assert found and not found.semantic_sql
    assert found.options == ("SELECT branch, npl_ratio FROM bank WHERE month = '2024-12'",)


@pytest.mark.parametrize(("skipped", "text"), [("只看东部", "只看华东"), ("only the east side", "only East China")])
def test_the_same_edit_in_other_words_is_taken(agent: Agent, skipped: str, text: str) -> None:
    found = follow(agent, text, Turn("…", BY_BRANCH), Turn(skipped, ""))
    assert found and found.semantic_sql == BY_BRANCH + " AND region = '华东区'"


def test_a_comparison_that_stayed_is_told(agent: Agent) -> None:
    before = "SELECT branch, yoy(deposit_balance) FROM bank WHERE month = '2025-12'"
    found = follow(agent, "换成贷款", Turn("…", before))
    assert found and found.carried
    assert found.carried.zh == "沿用上一问：同比增速、2025年12月、按分行"
    assert found.carried.en == "Carried over from the question before: year-on-year growth, December 2025, by branch"


def test_a_question_that_begins_anew_says_so(agent: Agent) -> None:
    asked = agent.question("存款余额是多少？", today=CLOCK, before=(Turn("各分行不良率", BY_BRANCH),))
    outcome = agent.ask(asked)
    assert outcome.outcome == "answer" and outcome.draft.semantic_sql == "SELECT deposit_balance FROM bank"
    assert outcome.draft.carried and outcome.draft.carried.code == "begun_anew"
    assert agent.ask(agent.question("存款余额是多少？", today=CLOCK)).draft.carried is None


@pytest.mark.parametrize(
    ("text", "left"),
    [("same for May", "in may"), ("what about May?", "in may"), ("only the online part", "the online")],
)
def test_words_that_stand_in_the_way_are_put_right(text: str, left: str) -> None:
    assert stripped(text)[0] == left


@pytest.mark.parametrize(
    "text",
    ["who is second?", "第二名是谁", "排第二的是哪家", "and the runner-up?", "第2名呢", "which one came second?"],
)
def test_a_place_is_heard(text: str) -> None:
    assert stripped(text)[1].place == 2


@pytest.mark.parametrize(
    "text", ["sort by name", "按名称排序", "按拼音排列", "list them alphabetically", "sort it by branch name"]
)
def test_an_order_of_names_is_heard(text: str) -> None:
    assert stripped(text)[1].sort_key == ""


def test_a_figure_made_of_a_list_keeps_its_shape(agent: Agent) -> None:
    catalog = agent.narrow("hq").catalog
    inner = "SELECT branch, npl_ratio FROM bank WHERE npl_ratio > 0.02"
    whole = f"WITH counted AS ({inner}) SELECT COUNT(*) AS count_of_branch FROM counted"
    assert list_inside(whole) == (inner, "counted") and list_inside(inner) == (inner, "")
    before = read_slots(inner, catalog)
    other = read_slots("SELECT npl_ratio FROM bank", catalog)
    assert before and other
    assert put_around("counted", inner, before, before) == whole
    assert put_around("counted", "SELECT npl_ratio FROM bank", before, other) == ""
