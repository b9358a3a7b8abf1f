"""What people say of answers: their own until it is decided, by those who review, and by nobody twice."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest

from t2sql.errors import AccessDenied, NotKept, T2sqlError
from t2sql.journal import REASONS, Journal, Judged, Judgement, Review
from t2sql.journal.judged import LONGEST_SQL, LONGEST_TEXT, Reason
from t2sql.policy import Principal

from past_askings import ANALYST, RAN, REVIEWER, SECOND, Record

BETTER = "SELECT branch, npl_balance FROM bank WHERE month = '2026-06'"


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    """An empty journal."""
    made = Record(tmp_path / "journal.sqlite")
    yield made
    made.journal.close()


@pytest.fixture
def judged(record: Record) -> Judged:
    """What people say."""
    return record.journal.judged


@pytest.fixture
def review(record: Record) -> Review:
    """What reviewers decide."""
    return record.journal.review


def correction(record: Record, principal: str = "hq", text: str = "不良贷款") -> Judgement:
    """A correction of a fresh question."""
    question_id = record.ask(text, principal=principal)
    return record.journal.judged.give(
        principal, question_id, "wrong", reason="metric", should_be="不良余额", semantic_sql=BETTER
    )


def told(error: T2sqlError) -> None:
    """Every error says what to do, in both languages."""
    for language in ("zh", "en"):
        message, hint = error.told(language)
        assert message and hint
    assert error.told("zh") != error.told("en")


# -- giving --------------------------------------------------------------------------------------------------------


def test_a_judgement_is_read_back_as_it_was_given(record: Record, judged: Judged) -> None:
    question_id = record.ask("不良贷款")
    given = judged.give(
        "hq",
        question_id,
        "wrong",
        reason="metric",
        text=" 口径不对 ",
        should_be="不良余额",
        semantic_sql=f"\n{BETTER} ",
    )
    assert (given.question_id, given.principal, given.verdict, given.reason) == (question_id, "hq", "wrong", "metric")
    assert (given.text, given.should_be, given.semantic_sql) == ("口径不对", "不良余额", BETTER)
    assert (given.state, given.decided_by, given.decided_at, given.note, given.approved_by) == (
        "open",
        "",
        None,
        "",
        (),
    )
    assert judged.of("hq", [question_id, "gone"]) == {question_id: given}


def test_a_person_may_say_otherwise(record: Record, judged: Judged) -> None:
    first = correction(record)
    second = judged.give("hq", first.question_id, "right", reason="metric", semantic_sql=BETTER)
    assert second.id == first.id and second.at >= first.at
    assert (second.verdict, second.reason, second.should_be, second.semantic_sql) == ("right", "", "", "")
    assert judged.of("hq", [first.question_id]) == {first.question_id: second}


@pytest.mark.parametrize(
    ("part", "most"), [("text", LONGEST_TEXT), ("should_be", LONGEST_TEXT), ("semantic_sql", LONGEST_SQL)]
)
def test_too_long_a_text_is_refused(record: Record, judged: Judged, part: str, most: int) -> None:
    question_id = record.ask("x")
    given = judged.give("hq", question_id, "wrong", **{part: "长" * most})  # type: ignore[arg-type]
    with pytest.raises(NotKept, match="Shorten") as caught:
        judged.give("hq", question_id, "wrong", **{part: "长" * (most + 1)})  # type: ignore[arg-type]
    told(caught.value)
    assert judged.of("hq", [question_id]) == {question_id: given}


def test_what_a_person_writes_stays_text(record: Record, judged: Judged) -> None:
    written = "=cmd|' /C calc'!A0 '); DROP TABLE judgement; -- <script>\x00\ud800"
    given = judged.give("hq", record.ask("x"), "wrong", text=written, semantic_sql=written)
    assert given.text == written.replace("\ud800", "\\ud800") == given.semantic_sql
    assert judged.of("hq", [given.question_id]) == {given.question_id: given}


def test_every_reason_can_be_chosen_in_both_languages() -> None:
    assert set(REASONS) == set(get_args(Reason)) - {""}
    words = [text for display in REASONS.values() for text in (display.zh, display.en)]
    assert all(words) and len(set(words)) == 2 * len(REASONS)


def test_nobody_judges_for_another(record: Record, judged: Judged) -> None:
    given = correction(record, "east")
    for question_id in (given.question_id, record.ask("x", origin="evaluation"), "gone"):
        with pytest.raises(NotKept, match="asked no such question") as caught:
            judged.give("hq", question_id, "wrong")
        told(caught.value)
    assert judged.of("hq", [given.question_id]) == {}
    assert judged.of("east", [given.question_id]) == {given.question_id: given}


# -- deciding ------------------------------------------------------------------------------------------------------


def test_only_who_reviews_sees_and_decides(record: Record, review: Review) -> None:
    given = correction(record)
    calls = [
        lambda: review.queue(ANALYST), lambda: review.find(ANALYST, given.id), lambda: review.foresee(ANALYST, given),
        lambda: review.decide(ANALYST, given, accept=True), lambda: review.settle(ANALYST, "x", "seen"),
        lambda: review.acceptance(ANALYST),
    ]  # fmt: skip
    for call in calls:
        with pytest.raises(AccessDenied) as caught:
            call()
        told(caught.value)
        assert given.should_be not in str(caught.value)
    assert review.find(REVIEWER, given.id) == given


def test_one_approval_accepts_where_one_is_needed(record: Record, judged: Judged, review: Review) -> None:
    given = correction(record)
    assert review.foresee(REVIEWER, given) == "accepted"
    decided = review.decide(REVIEWER, given, accept=True, note=" 已收录 ")
    assert (decided.state, decided.decided_by, decided.note) == ("accepted", "owner", "已收录")
    assert decided.decided_at is not None and decided.approved_by == ("owner",)
    assert judged.of("hq", [given.question_id]) == {given.question_id: decided}, "who gave it sees what became of it"
    own = correction(record, "owner")
    assert review.decide(REVIEWER, own, accept=True).state == "accepted", "alone, a reviewer may approve an own one"


def test_two_approvals_are_of_two_people_and_not_of_who_made_it(record: Record, review: Review) -> None:
    given = correction(record)
    assert review.foresee(REVIEWER, given, approvals_needed=2) == "approved_once"
    once = review.decide(REVIEWER, given, accept=True, approvals_needed=2, note="好")
    assert (once.state, once.decided_by, once.decided_at, once.note) == ("approved_once", "", None, "")
    assert once.approved_by == ("owner",)
    with pytest.raises(NotKept, match="second person") as caught:
        review.decide(REVIEWER, once, accept=True, approvals_needed=2)
    told(caught.value)
    assert review.foresee(SECOND, once, approvals_needed=2) == "accepted"
    twice = review.decide(SECOND, once, accept=True, approvals_needed=2)
    assert (twice.state, twice.decided_by, twice.approved_by) == ("accepted", "second", ("owner", "second"))

    own = correction(record, "owner")
    with pytest.raises(NotKept, match="your correction") as caught:
        review.decide(REVIEWER, own, accept=True, approvals_needed=2)
    told(caught.value)
    half = review.decide(SECOND, own, accept=True, approvals_needed=2)
    with pytest.raises(NotKept, match="your correction"):
        review.decide(REVIEWER, half, accept=True, approvals_needed=2)
    assert review.find(REVIEWER, own.id) == half and half.state == "approved_once"


def test_a_setting_of_one_that_becomes_two_does_not_count_the_author(record: Record, review: Review) -> None:
    own = correction(record, "owner")
    half = review.decide(SECOND, own, accept=True, approvals_needed=2)
    assert half.approved_by == ("second",)
    assert review.decide(SECOND, half, accept=True, approvals_needed=1).state == "accepted", "nobody is stuck"


def test_one_who_declines_is_enough(record: Record, review: Review) -> None:
    once = review.decide(REVIEWER, correction(record), accept=True, approvals_needed=2)
    declined = review.decide(SECOND, once, accept=False, note="原口径正确", approvals_needed=2)
    assert (declined.state, declined.decided_by, declined.note) == ("declined", "second", "原口径正确")


def test_what_was_decided_is_changed_no_more(record: Record, judged: Judged, review: Review) -> None:
    for accept in (True, False):
        decided = review.decide(REVIEWER, correction(record), accept=accept)
        for call in (
            lambda name=decided.question_id: judged.give("hq", name, "wrong", semantic_sql=RAN),
            lambda one=decided, other=not accept: review.decide(SECOND, one, accept=other),
        ):
            with pytest.raises(NotKept) as caught:
                call()
            told(caught.value)
        assert review.find(REVIEWER, decided.id) == decided


def test_nobody_approves_what_was_not_looked_at(record: Record, judged: Judged, review: Review) -> None:
    seen = correction(record)
    changed = judged.give("hq", seen.question_id, "wrong", reason="metric", should_be="不良余额", semantic_sql=RAN)
    with pytest.raises(NotKept, match="changed or decided") as caught:
        review.decide(REVIEWER, seen, accept=True)
    told(caught.value)
    once = review.decide(REVIEWER, changed, accept=True, approvals_needed=2)
    again = judged.give("hq", seen.question_id, "wrong", semantic_sql=BETTER)
    assert (again.state, again.approved_by) == ("open", ()), "who approved another text looks again"
    for stale in (once, changed):
        with pytest.raises(NotKept):
            review.decide(SECOND, stale, accept=True, approvals_needed=2)
    right = judged.give("hq", seen.question_id, "right")
    with pytest.raises(NotKept):
        review.decide(REVIEWER, right, accept=True)
    assert review.find(REVIEWER, seen.id) == right and review.find(REVIEWER, "gone") is None


def test_what_cannot_be_saved_is_not_accepted(record: Record, review: Review) -> None:
    given, saved = correction(record), []

    def fail(_judgement: Judgement) -> None:
        raise OSError("no space left on device")

    with pytest.raises(OSError, match="no space"):
        review.decide(REVIEWER, given, accept=True, save=fail)
    assert review.find(REVIEWER, given.id) == given and len(review.queue(REVIEWER)) == 1
    once = review.decide(REVIEWER, given, accept=True, approvals_needed=2, save=saved.append)
    assert saved == [], "half approved is not saved"
    decided = review.decide(SECOND, once, accept=True, approvals_needed=2, save=saved.append)
    assert saved == [decided]


def test_of_two_who_decide_at_once_one_is_told_to_look_again(record: Record, review: Review) -> None:
    """Each has the journal open for itself, as two processes have."""
    given, saved, told_off = correction(record), [], []
    start = threading.Barrier(2)

    def decide(reviewer: Principal) -> None:
        journal = Journal(record.path)
        start.wait(30)
        try:
            journal.review.decide(reviewer, given, accept=True, save=saved.append)
        except NotKept as error:
            told_off.append(error)
        journal.close()

    threads = [threading.Thread(target=decide, args=(reviewer,)) for reviewer in (REVIEWER, SECOND)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(saved) == len(told_off) == 1 and "changed or decided" in str(told_off[0])
    decided = review.find(REVIEWER, given.id)
    assert decided == saved[0] and len(decided.approved_by) == 1


def test_a_thumb_without_a_correction_takes_one_look(record: Record, judged: Judged, review: Review) -> None:
    given = judged.give("hq", record.ask("x"), "wrong", reason="figure")
    assert review.decide(REVIEWER, given, accept=True, approvals_needed=2).state == "accepted"


# -- the queue -----------------------------------------------------------------------------------------------------


def test_corrections_come_first_then_thumbs_then_what_went_wrong_most_often(
    record: Record, judged: Judged, review: Review
) -> None:
    record.ask("well")
    record.ask("certain", confidence=0.97, route="generated")
    record.ask("gone database", "error")
    record.ask("stopped", "stopped")
    record.ask("forecast", "refusal", code="opinion")
    record.ask("SELECT nothing", "refusal", code="unknown_name", route="written")
    record.ask("case", "clarification", origin="evaluation")
    for _ in range(2):
        record.ask("unsure", confidence=0.41, route="generated")
    for who in ("hq", "hq", "east"):
        record.ask("which one", "clarification", principal=who)
    record.ask("unknown", "refusal", code="no_metric")
    record.ask("Unknown", "refusal", code="unknown_name")
    last = record.ask("ＵＮＫＮＯＷＮ", "refusal")
    record.ask("unknown", "refusal", repeats=last)
    thumb = judged.give("hq", record.ask("thumb"), "wrong")
    judged.give("hq", record.ask("up"), "right")
    older, newer = correction(record, text="older"), correction(record, "east", "newer")
    found = review.queue(REVIEWER)
    assert [(one.kind, one.past.text, one.times, one.principals) for one in found] == [
        ("correction", "older", 1, ("hq",)), ("correction", "newer", 1, ("east",)), ("wrong", "thumb", 1, ("hq",)),
        ("refused", "ＵＮＫＮＯＷＮ", 3, ("hq",)), ("asked_back", "which one", 3, ("east", "hq")),
        ("unsure", "unsure", 2, ("hq",)),
    ]  # fmt: skip
    assert [one.judgement for one in found] == [older, newer, thumb, None, None, None]
    assert [one.past.text for one in review.queue(REVIEWER, most=4)] == ["older", "newer", "thumb", "ＵＮＫＮＯＷＮ"]
    assert len(review.queue(REVIEWER, most=2)) == 2 and review.queue(REVIEWER, most=0) == ()
    assert "certain" in [one.past.text for one in review.queue(REVIEWER, unsure_under=0.98)]


def test_a_question_that_goes_well_now_waits_no_more(record: Record, review: Review) -> None:
    record.ask("贷款", "clarification")
    record.ask("贷款", "clarification", principal="east")
    record.ask("贷款")
    assert [one.times for one in review.queue(REVIEWER)] == [2], "it does not for everybody"
    record.ask("贷款", principal="east")
    record.ask("贷款", "stopped")
    assert review.queue(REVIEWER) == ()
    record.ask("贷款", "refusal")
    assert [(one.kind, one.times) for one in review.queue(REVIEWER)] == [("refused", 3)]


def test_what_was_seen_to_waits_no_more_until_it_goes_wrong_again(record: Record, review: Review) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=3)
    record.ask("存款 余额", "clarification", at=long_ago)
    review.settle(REVIEWER, "存款  余额", "synonym", "加了同义词")
    assert review.queue(REVIEWER) == ()
    record.ask("存款 余额", "clarification", at=datetime.now(UTC) + timedelta(seconds=1))
    assert [one.times for one in review.queue(REVIEWER)] == [1]


def test_an_accepted_correction_settles_its_question(record: Record, review: Review) -> None:
    record.ask("不良贷款", "clarification")
    given = correction(record)
    assert [one.kind for one in review.queue(REVIEWER)] == ["correction"], "one question stands once"
    review.decide(REVIEWER, given, accept=True)
    assert review.queue(REVIEWER) == ()
    with closing(sqlite3.connect(record.path)) as connection:
        assert connection.execute("SELECT done FROM settled").fetchall() == [("verified",)]


def test_a_span_leaves_out_older_questions_but_no_correction(record: Record, review: Review) -> None:
    now = datetime.now(UTC)
    record.ask("old", "clarification", at=now - timedelta(days=90))
    record.ask("new", "clarification")
    given = correction(record)
    record.date(given.question_id, now - timedelta(days=90))
    found = review.queue(REVIEWER, since=now - timedelta(days=30))
    assert [one.past.text for one in found] == ["不良贷款", "new"]


# -- acceptance ----------------------------------------------------------------------------------------------------


def test_acceptance_counts_what_was_decided(record: Record, judged: Judged, review: Review) -> None:
    assert review.acceptance(REVIEWER).rate is None
    decisions = [True, True, True, False]
    for accept in decisions:
        review.decide(REVIEWER, correction(record), accept=accept)
    correction(record)
    judged.give("hq", record.ask("x"), "right")
    review.decide(REVIEWER, judged.give("hq", record.ask("y"), "wrong"), accept=True)
    found = review.acceptance(REVIEWER)
    assert (found.right, found.wrong, found.corrections) == (1, 6, 5)
    assert (found.accepted, found.declined, found.rate) == (3, 1, 0.75)
    now = datetime.now(UTC)
    assert review.acceptance(REVIEWER, since=now + timedelta(minutes=1)).corrections == 0
    assert review.acceptance(REVIEWER, now - timedelta(hours=1), now + timedelta(minutes=1)) == found
    assert review.acceptance(REVIEWER, until=now - timedelta(hours=1)).wrong == 0
