"""Use of the installation, for those who review: counts, times and tokens that add up, and what went unanswered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from t2sql.errors import AccessDenied
from t2sql.flow import Tokens
from t2sql.journal import Usage

from past_askings import ANALYST, REVIEWER, Record

NOON = datetime(2026, 7, 10, 12, 0, tzinfo=UTC)
CHINA = timezone(timedelta(hours=8))


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    """An empty journal."""
    made = Record(tmp_path / "journal.sqlite")
    yield made
    made.journal.close()


@pytest.fixture
def usage(record: Record) -> Usage:
    """What is told of it."""
    return record.journal.usage


def test_only_who_reviews_may_see_it(record: Record, usage: Usage) -> None:
    record.ask("x", "clarification")
    for call in (usage.routes, usage.spent, usage.unanswered):
        with pytest.raises(AccessDenied):
            call(ANALYST, None)


def test_without_a_journal_there_is_nothing_to_tell(usage: Usage) -> None:
    assert usage.routes(REVIEWER, None) == () and usage.unanswered(REVIEWER, None) == ()


def test_each_question_is_counted_once_by_how_it_ended(record: Record, usage: Usage) -> None:
    for end in ("answer", "answer", "error", "stopped", ""):
        record.ask("x", end, route="generated", tokens=Tokens(900, 800, 30), at=NOON)  # type: ignore[arg-type]
    record.ask("x", "clarification", tokens=Tokens(50, 0, 5), at=NOON)
    record.ask("x", "refusal", at=NOON)
    record.ask("what is it", "definition", at=NOON)
    record.ask("case", origin="evaluation", at=NOON)
    record.ask("line", origin="batch", at=NOON)
    record.ask("x", repeats="another", at=NOON)
    record.ask("x", principal="", at=NOON)
    generated, none, definition = usage.routes(REVIEWER, None, zone=UTC)
    assert (generated.day, generated.route, generated.questions) == (date(2026, 7, 10), "generated", 5)
    assert (generated.answered, generated.failed, generated.stopped, generated.unfinished) == (2, 1, 1, 1)
    assert generated.tokens == Tokens(1800, 1600, 60), "of those that ended"
    assert (none.route, none.questions, none.asked_back, none.refused, none.answered) == ("", 2, 1, 1, 0)
    assert none.tokens == Tokens(50, 0, 5)
    assert (definition.route, definition.questions, definition.answered) == ("definition", 1, 1)
    for one in (generated, none, definition):
        ends = (one.answered, one.asked_back, one.refused, one.failed, one.stopped, one.unfinished)
        assert sum(ends) == one.questions


@pytest.mark.parametrize(
    ("times", "p50", "p95"),
    [([40.0], 40.0, 40.0), ([30.0, 10.0, 20.0], 20.0, 30.0), ([1.0, 2.0], 1.0, 2.0),
     ([float(n) for n in range(100, 0, -1)], 50.0, 95.0)],
    ids=["one", "three", "two", "hundred"],
)  # fmt: skip
def test_times_are_those_that_a_share_of_questions_does_not_pass(
    record: Record, usage: Usage, times: list[float], p50: float, p95: float
) -> None:
    for milliseconds in times:
        record.ask("x", milliseconds=milliseconds)
    record.ask("x", "error")
    (found,) = usage.routes(REVIEWER, None)
    assert (found.p50_ms, found.p95_ms) == (p50, p95)


def test_without_an_outcome_there_is_no_time(record: Record, usage: Usage) -> None:
    record.ask("x", "error")
    (found,) = usage.routes(REVIEWER, None)
    assert found.p50_ms is None and found.p95_ms is None and found.failed == 1


def test_days_are_those_of_the_place_and_the_latest_comes_first(record: Record, usage: Usage) -> None:
    for at in (NOON, NOON + timedelta(hours=5), NOON + timedelta(days=1)):
        record.ask("x", at=at)
        record.ask("x", route="verified", at=at)
        record.ask("y", route="verified", at=at)
    in_china = usage.routes(REVIEWER, None, zone=CHINA)
    assert [(one.day.day, one.route, one.questions) for one in in_china] == [
        (11, "verified", 4), (11, "composed", 2), (10, "verified", 2), (10, "composed", 1)
    ]  # fmt: skip
    verified = [one for one in usage.routes(REVIEWER, None, zone=UTC) if one.route == "verified"]
    assert [(one.day.day, one.questions) for one in verified] == [(11, 2), (10, 4)]
    whole = [one for one in usage.spent(REVIEWER, None, zone=UTC) if one.route == "verified"]
    assert [(one.day.day, one.questions, one.answered) for one in whole] == [
        (11, 6, sum(one.answered for one in verified))
    ]


def test_a_span_holds_its_beginning_and_not_its_end(record: Record, usage: Usage) -> None:
    for hours in (-1, 0, 1, 2):
        record.ask(f"{hours}", "clarification", at=NOON + timedelta(hours=hours))
    begin, end = NOON.astimezone(CHINA), (NOON + timedelta(hours=2)).astimezone(CHINA)
    assert sum(one.questions for one in usage.routes(REVIEWER, begin, end)) == 2
    assert {one.text for one in usage.unanswered(REVIEWER, begin, end)} == {"0", "1"}
    assert sum(one.questions for one in usage.routes(REVIEWER, begin)) == 3


def test_what_is_asked_and_not_answered_is_told_the_most_often_first(record: Record, usage: Usage) -> None:
    for hours in (1, 2):
        record.ask("拨备覆盖率", "refusal", at=NOON + timedelta(hours=hours))
    for hours, text in enumerate(("Loan trend?", "loan  TREND?", "loan trend?")):
        record.ask(text, "clarification" if hours < 2 else "error", at=NOON + timedelta(hours=hours))
    record.ask("once", "refusal", at=NOON + timedelta(hours=9))
    record.ask("fine", at=NOON)
    record.ask("SELECT nothing", "refusal", route="written", at=NOON)
    record.ask("stopped", "stopped", at=NOON)
    found = usage.unanswered(REVIEWER, None)
    assert [(one.text, one.end, one.times, one.last) for one in found] == [
        ("loan trend?", "failed", 3, NOON + timedelta(hours=2)),
        ("拨备覆盖率", "refused", 2, NOON + timedelta(hours=2)),
        ("once", "refused", 1, NOON + timedelta(hours=9)),
    ]
    assert len(usage.unanswered(REVIEWER, None, most=2)) == 2
