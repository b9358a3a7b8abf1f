"""A correction is tested, signed into verified.yml and used; what fails its test leaves every file as it was."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from review_shop import TODAY, VERIFIED, asked, corrected, is_free, reviewer

from t2sql.agent import Agent
from t2sql.errors import AccessDenied, ConfigError, NotKept
from t2sql.flow import Answer, Turn
from t2sql.journal import Judgement
from t2sql.reviewing import saving
from t2sql.reviewing.files import locked
from t2sql.reviewing.saving import Outdated, accept_correction, put_forward, save_entry, sign_question
from t2sql.reviewing.trying import asked_again, fresh_id, try_correction
from t2sql.settings import load
from t2sql.verified import read_verified

BY_CITY = "2025年各城市的销售笔数"
RIGHT = "SELECT city, orders FROM shop WHERE year = '2025' AND city <> '北京'"
SIGNED_ON = date(2026, 2, 1)


def file_of(agent: Agent) -> Path:
    return agent.settings.metrics / "verified.yml"


def rows(agent: Agent, text: str, *, today: date = TODAY) -> tuple[str, object]:
    outcome = agent.ask(agent.question(text, principal="analyst", today=today))
    assert isinstance(outcome, Answer), outcome
    return outcome.draft.route, outcome.result.rows


def test_an_accepted_correction_answers_from_then_on(agent: Agent) -> None:
    past, judgement = corrected(agent, BY_CITY, RIGHT)
    assert rows(agent, BY_CITY)[0] == "composed"
    tested = try_correction(agent, reviewer(agent), past, RIGHT, SIGNED_ON)
    assert tested.answer.draft.route == "verified"
    assert tested.unsaid == ("city <> '北京'",), "told to who signs: the question does not say it"
    decided = accept_correction(agent, reviewer(agent), judgement, tested, "对")
    assert (decided.state, decided.decided_by) == ("accepted", "owner")
    assert rows(agent, BY_CITY) == ("verified", (("上海", 2),))
    assert agent.journal.review.queue(reviewer(agent).principal) == ()


def test_the_file_keeps_its_comments_and_order(agent: Agent) -> None:
    past, judgement = corrected(agent, BY_CITY, RIGHT)
    accept_correction(agent, reviewer(agent), judgement, try_correction(agent, reviewer(agent), past, RIGHT, SIGNED_ON))
    text = file_of(agent).read_text(encoding="utf-8")
    before = VERIFIED.splitlines()
    assert text.splitlines()[: len(before)] == before, "not a line lost or moved"
    last = read_verified(agent.settings.metrics)[-1]
    assert (last.id, last.questions, last.semantic_sql) == ("orders-city", (BY_CITY,), RIGHT)
    assert (last.verified_by, last.verified_on) == ("负责人 / Owner", SIGNED_ON)
    assert f'zh: "{BY_CITY}"' in text


def test_the_file_is_made_where_there_is_none(agent: Agent) -> None:
    file_of(agent).unlink()
    agent.read_verified_anew()
    past, judgement = corrected(agent, "Orders by city in 2025", "SELECT city, orders FROM shop WHERE year = '2025'")
    tested = try_correction(agent, reviewer(agent), past, judgement.semantic_sql, SIGNED_ON)
    accept_correction(agent, reviewer(agent), judgement, tested)
    (entry,) = read_verified(agent.settings.metrics)
    assert entry.id == "orders-city-2025"
    assert 'en: "Orders by city in 2025"' in file_of(agent).read_text(encoding="utf-8")


def test_a_period_that_the_question_does_not_name_is_left_out(agent: Agent) -> None:
    past = asked(agent, "各城市的销售收入排名")
    stated = agent.compile("SELECT city, revenue FROM shop ORDER BY revenue DESC", principal="owner").semantic_sql
    assert "WHERE" in stated
    tested = try_correction(agent, reviewer(agent), past, stated, SIGNED_ON)
    assert tested.entry.semantic_sql == "SELECT city, revenue FROM shop ORDER BY revenue DESC"


def test_relative_words_are_signed_by_the_day_of_signing(agent: Agent) -> None:
    past = asked(agent, "去年各城市的销售笔数")
    sql = "SELECT city, orders FROM shop WHERE year = '2025' AND city IS NOT NULL"
    tested = try_correction(agent, reviewer(agent), past, sql, date(2027, 3, 1))
    assert "year = '2026'" in tested.entry.semantic_sql
    save_entry(agent.settings.metrics, tested, "负责人")
    agent.read_verified_anew()
    assert rows(agent, "去年各城市的销售笔数", today=date(2025, 1, 5)) == ("verified", (("北京", 2),))


@pytest.mark.parametrize(
    ("text", "sql", "told"),
    [
        (BY_CITY, "SELECT city, revenue FROM shop WHERE year = '2025'", "the semantic SQL does not"),
        (BY_CITY, "SELECT city, orders FROM shop WHERE year = '2024'", "is no time condition"),
        (BY_CITY, "SELECT city, ordrs FROM shop", "Did you mean 'orders'"),
        (BY_CITY, "DROP TABLE sale", ""),
        ("2025年上海的销售笔数", "SELECT orders FROM shop WHERE year = '2025'", "is no condition"),
        ("2024年各城市的销售收入", "SELECT city, revenue FROM shop WHERE year = '2024' LIMIT 1", "asks what"),
        ("2023年各城市的销售收入", "SELECT city, revenue FROM shop WHERE year = '2023'", "asks what"),
    ],
)  # fmt: skip
def test_what_fails_its_test_is_told_in_both_languages_and_not_written(
    agent: Agent, text: str, sql: str, told: str
) -> None:
    past = asked(agent, text)
    before = file_of(agent).read_bytes()
    with pytest.raises(NotKept) as caught:
        try_correction(agent, reviewer(agent), past, sql, SIGNED_ON)
    assert told.lower() in caught.value.message.lower()
    assert caught.value.told("zh")[0] != caught.value.message, "told in Chinese as well"
    assert "verified.yml:" not in caught.value.message
    assert file_of(agent).read_bytes() == before


def test_a_follow_up_cannot_be_verified(agent: Agent) -> None:
    first = agent.question(BY_CITY, principal="analyst", today=TODAY)
    answer = agent.ask(first)
    assert isinstance(answer, Answer)
    turn = Turn(BY_CITY, answer.draft.semantic_sql)
    agent.ask(agent.question("那2024年呢？", principal="analyst", today=TODAY, before=[turn]))
    past = agent.journal.history.search("analyst", "那2024年呢", most=1)[0]
    with pytest.raises(NotKept, match="follows another question"):
        try_correction(agent, reviewer(agent), past, RIGHT, SIGNED_ON)


def test_who_may_not_review_can_try_and_sign_nothing(agent: Agent) -> None:
    past, judgement = corrected(agent, BY_CITY, RIGHT)
    with pytest.raises(AccessDenied):
        try_correction(agent, agent.narrow("analyst"), past, RIGHT, SIGNED_ON)
    tested = try_correction(agent, reviewer(agent), past, RIGHT, SIGNED_ON)
    for act in (
        lambda: accept_correction(agent, agent.narrow("analyst"), judgement, tested),
        lambda: sign_question(agent, agent.narrow("analyst"), tested),
        lambda: put_forward(agent, agent.narrow("analyst"), past, RIGHT),
    ):
        with pytest.raises(AccessDenied):
            act()
    assert file_of(agent).read_text(encoding="utf-8") == VERIFIED


def test_a_correction_that_was_not_tested_is_not_accepted(agent: Agent) -> None:
    _, judgement = corrected(agent, BY_CITY, RIGHT)
    with pytest.raises(Outdated):
        accept_correction(agent, reviewer(agent), judgement, None)


def test_two_reviewers_do_not_lose_each_others(agent: Agent) -> None:
    past = asked(agent, BY_CITY)
    tested = [try_correction(agent, reviewer(agent, who), past, RIGHT, SIGNED_ON) for who in ("owner", "second")]
    ends: list[object] = []

    def save(number: int) -> None:
        try:
            ends.append(save_entry(agent.settings.metrics, tested[number], "负责人"))
        except Outdated as error:
            ends.append(error)

    threads = [threading.Thread(target=save, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(type(end).__name__ for end in ends) == ["Entry", "Outdated"], "the later one must test again"
    assert len(read_verified(agent.settings.metrics)) == 2


def test_where_the_file_cannot_be_written_nothing_is_decided(agent: Agent) -> None:
    past, judgement = corrected(agent, BY_CITY, RIGHT)
    tested = try_correction(agent, reviewer(agent), past, RIGHT, SIGNED_ON)
    file_of(agent).write_text(VERIFIED + "# touched by hand\n", encoding="utf-8")
    with pytest.raises(Outdated):
        accept_correction(agent, reviewer(agent), judgement, tested)
    assert agent.journal.review.find(reviewer(agent).principal, judgement.id) == judgement


def test_nobody_who_asks_waits_for_who_writes_definitions(agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    past, judgement = corrected(agent, BY_CITY, RIGHT)
    tested = try_correction(agent, reviewer(agent), past, RIGHT, SIGNED_ON)
    waits, ends = threading.Event(), []

    def told_of(folder: Path) -> AbstractContextManager[None]:
        waits.set()
        return locked(folder)

    monkeypatch.setattr(saving, "locked", told_of)
    owner = reviewer(agent)
    accepting = threading.Thread(target=lambda: ends.append(accept_correction(agent, owner, judgement, tested)))
    asking = threading.Thread(target=lambda: ends.append(rows(agent, "2024年各城市的销售笔数")))
    with locked(agent.settings.metrics):
        accepting.start()
        assert waits.wait(30)
        asking.start()
        asking.join(30)
        assert not asking.is_alive() and len(ends) == 1, "the journal is not held meanwhile"
        assert file_of(agent).read_text(encoding="utf-8") == VERIFIED
    accepting.join(30)
    assert agent.journal.review.find(owner.principal, judgement.id) == ends[1]
    assert rows(agent, BY_CITY)[0] == "verified"


def test_the_file_is_locked_before_the_decision_is_written(agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    past, judgement = corrected(agent, BY_CITY, RIGHT)
    tested = try_correction(agent, reviewer(agent), past, RIGHT, SIGNED_ON)
    decide, free = agent.journal.review.decide, []

    def told_of(*args: Any, **options: Any) -> Judgement:
        free.append(is_free(agent.settings.metrics))
        return decide(*args, **options)

    monkeypatch.setattr(agent.journal.review, "decide", told_of)
    accept_correction(agent, reviewer(agent), judgement, tested)
    assert free == [False] and is_free(agent.settings.metrics)


def test_what_a_reviewer_only_looks_at_is_not_in_the_reviewers_history(agent: Agent) -> None:
    past = asked(agent, BY_CITY)
    try_correction(agent, reviewer(agent), past, RIGHT, SIGNED_ON)
    agent.ask(asked_again(agent, reviewer(agent), past))
    assert agent.journal.history.search("owner", every_asking=True) == ()
    put_forward(agent, reviewer(agent), past, RIGHT)
    assert [one.text for one in agent.journal.history.search("owner", every_asking=True)] == [BY_CITY], "an own one"


def test_two_people_sign_where_settings_say_so(shop: Callable[..., Agent], agent: Agent) -> None:
    two = shop(approvals_needed=2)
    past, judgement = corrected(two, BY_CITY, RIGHT)
    tested = try_correction(two, reviewer(two), past, RIGHT, SIGNED_ON)
    once = accept_correction(two, reviewer(two), judgement, tested)
    assert once.state == "approved_once"
    assert file_of(two).read_text(encoding="utf-8") == VERIFIED
    own = try_correction(two, reviewer(two), past, "SELECT city, orders FROM shop WHERE year = '2025'", SIGNED_ON)
    with pytest.raises(NotKept, match="not what was corrected"):
        accept_correction(two, reviewer(two, "second"), once, own)
    with pytest.raises(NotKept, match="takes two people"):
        sign_question(two, reviewer(two, "second"), own)
    again = try_correction(two, reviewer(two, "second"), past, RIGHT, SIGNED_ON)
    assert accept_correction(two, reviewer(two, "second"), once, again).state == "accepted"
    assert read_verified(two.settings.metrics)[-1].verified_by == "负责人、复核人 / Owner, Second reviewer"
    two.close()


def test_a_reviewers_own_correction_waits_for_others(agent: Agent) -> None:
    past = asked(agent, BY_CITY)
    put_forward(agent, reviewer(agent), past, RIGHT)
    (waiting,) = agent.journal.review.queue(reviewer(agent, "second").principal)
    assert (waiting.kind, waiting.past.text, waiting.judgement and waiting.judgement.principal) == (
        "correction", BY_CITY, "owner",
    )  # fmt: skip


def test_a_question_that_nobody_judged_is_signed_and_leaves_the_queue(agent: Agent) -> None:
    past = asked(agent, BY_CITY)
    sign_question(agent, reviewer(agent), try_correction(agent, reviewer(agent), past, RIGHT, SIGNED_ON))
    assert rows(agent, BY_CITY)[0] == "verified"


LARGEST = "SELECT city, revenue FROM shop WHERE year = '2025' ORDER BY revenue DESC LIMIT 1"
SOME = "SELECT city, orders FROM shop WHERE year = '2025' HAVING orders > 1 LIMIT 5"


@pytest.mark.parametrize(
    ("text", "sql", "unsaid"),
    [
        ("2025年上海的销售笔数", "SELECT orders FROM shop WHERE year = '2025' AND city = '上海'", ()),
        ("2025年销售收入最高的1个城市", LARGEST, ()),
        (BY_CITY, SOME, ("orders > 1", "LIMIT 5")),
    ],
)
def test_what_the_question_does_not_say_is_told_to_who_signs(
    agent: Agent, text: str, sql: str, unsaid: tuple[str, ...]
) -> None:
    tested = try_correction(agent, reviewer(agent), asked(agent, text), sql, SIGNED_ON)
    assert set(tested.unsaid) == set(unsaid)


def test_ids_are_fresh(agent: Agent) -> None:
    catalog = agent.catalog
    assert fresh_id("Orders of the cities", RIGHT, catalog, []) == "orders-cities"
    assert fresh_id("各城市", RIGHT, catalog, ["orders-city"]) == "orders-city-2"
    assert fresh_id("？？", "", catalog, []) == "question"


def test_how_many_must_approve_is_for_the_settings_file_alone(agent: Agent) -> None:
    with pytest.raises(ConfigError, match="can only be set in the settings' file"):
        load(agent.settings.file, {"T2SQL_APPROVALS_NEEDED": "1"})
