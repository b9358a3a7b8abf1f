"""Past questions: own ones by search, one of anybody's by its link, and never a row of a result."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from t2sql.agent import Agent
from t2sql.errors import NotKept
from t2sql.flow import Answer, Turn
from t2sql.generation.llm import ScriptedLlm
from t2sql.journal import Journal
from t2sql.settings import Settings

from past_askings import DRAFTED, RAN, REVIEWER, TODAY, Record

AT = datetime(2026, 7, 10, 9, 0, tzinfo=UTC)
OLD_TABLE = """
CREATE TABLE entry (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, question_id TEXT NOT NULL, principal TEXT NOT NULL, kind TEXT NOT NULL,
    body TEXT NOT NULL
)
"""


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    """An empty journal."""
    made = Record(tmp_path / "journal.sqlite")
    yield made
    made.journal.close()


@pytest.fixture
def agent(settings: Settings, locked_bank: Path, tmp_path: Path) -> Iterator[Agent]:
    """The demo bank with a cache folder of its own."""
    own = {"source": str(locked_bank), "memory_limit": "2GB", "cache_dir": tmp_path / "cache"}
    opened = Agent.open(settings.model_copy(update=own), llm=lambda: ScriptedLlm({}))
    yield opened
    opened.close()


def texts(record: Record, words: str = "", principal: str = "hq", **options: object) -> list[str]:
    """What a search finds."""
    return [past.text for past in record.journal.history.search(principal, words, **options)]  # type: ignore[arg-type]


def test_a_past_question_tells_how_it_was_asked_and_how_it_ended(agent: Agent) -> None:
    by_region = "SELECT region, loan_balance FROM bank"
    before = (Turn("各区域存款余额", "SELECT region, deposit_balance FROM bank"),)
    question = agent.question("那贷款呢", today=TODAY, before=before, hints="折人民币")
    answer = agent.ask(question, semantic_sql=by_region)
    assert isinstance(answer, Answer)
    (past,) = agent.journal.history.search("hq")
    assert past == agent.journal.history.find(question.id)
    assert (past.id, past.text, past.principal, past.today) == (question.id, "那贷款呢", "hq", TODAY)
    assert (past.language, past.hints, past.before) == ("zh", "折人民币", before)
    assert (past.outcome, past.drafted, past.semantic_sql) == ("answer", by_region, answer.plan.semantic_sql)
    assert (past.route, past.confidence, past.rows) == ("written", None, len(answer.result.rows))
    assert past.milliseconds == answer.timings_ms["total"] and past.at.tzinfo is not None
    told = repr(past)
    assert not any(str(row[-1]) in told for row in answer.result.rows), "no figure is kept"


def test_a_past_question_asked_again_is_answered_alike(agent: Agent) -> None:
    first = agent.question("2026年6月末各区域贷款余额", today=TODAY)
    answer = agent.ask(first)
    past = agent.journal.history.find(first.id)
    assert past is not None and isinstance(answer, Answer)
    again = agent.question(past.text, today=past.today, language=past.language, before=past.before, repeats=past.id)
    as_asked = agent.ask(again, semantic_sql=past.semantic_sql)
    assert isinstance(as_asked, Answer) and as_asked.result.rows == answer.result.rows
    assert [found.id for found in agent.journal.history.search("hq")] == [first.id], "nobody asked it again"


@pytest.mark.parametrize(("end", "outcome"), [("refusal", "refusal"), ("clarification", "clarification"),
                                              ("error", ""), ("stopped", ""), ("", "")])  # fmt: skip
def test_what_was_not_answered_is_found_too(record: Record, end: str, outcome: str) -> None:
    record.ask("贷款余额", end)  # type: ignore[arg-type]
    (past,) = record.journal.history.search("hq")
    assert (past.outcome, past.semantic_sql, past.rows) == (outcome, "", None)


def test_the_latest_comes_first_and_most_are_told(record: Record) -> None:
    for number in range(120):
        record.ask(f"问题 {number}")
    assert texts(record) == [f"问题 {number}" for number in range(119, 69, -1)]
    assert len(texts(record, most=1000)) == 120 and texts(record, most=0) == []


def test_pages_follow_one_another_without_a_gap_or_a_repeat(record: Record) -> None:
    for number in range(25):
        record.ask(f"问题 {number % 20}")
    seen: list[str] = []
    last: str | None = None
    while page := record.journal.history.search("hq", most=7, older_than=last):
        seen += [past.text for past in page]
        last = page[-1].id
    assert seen == [f"问题 {n}" for n in (4, 3, 2, 1, 0, *range(19, 4, -1))]
    assert texts(record, older_than="gone") == []


def test_what_was_asked_several_times_stands_once_as_asked_last(record: Record) -> None:
    record.ask("贷款余额", "clarification")
    record.ask("存款余额")
    last = record.ask("贷款　余额") and record.ask("贷款余额")
    found = record.journal.history.search("hq")
    assert [past.text for past in found] == ["贷款余额", "贷款　余额", "存款余额"]
    assert found[0].id == last and found[0].outcome == "answer"
    assert len(texts(record, every_asking=True)) == 4


def test_the_same_words_that_mean_another_thing_stand_apart(record: Record) -> None:
    record.ask("那去年呢", before=(Turn("贷款余额", DRAFTED),))
    record.ask("那去年呢", before=(Turn("存款余额", DRAFTED),))
    record.ask("那去年呢", hints="折人民币", before=(Turn("存款余额", DRAFTED),))
    record.ask("贷款余额")
    record.ask("贷款余额", route="written", drafted=RAN)
    assert texts(record) == ["贷款余额", "贷款余额", "那去年呢", "那去年呢", "那去年呢"]


# -- words ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("npl", ["NPL ratio by branch"]),
        ("ＮＰＬ", ["NPL ratio by branch"]),
        ("branch RATIO", ["NPL ratio by branch"]),
        ("余额 贷款", ["各分行贷款余额"]),
        ("各分行 存款", []),
        ("%", ["占比超过50%的分行"]),
        ("_", ["a_b"]),
        ("a%b", []),
        ("*", []),
        ("'", ["it's"]),
        ("' OR 1=1 --", []),
        ("\\", ["back\\slash"]),
        ("ß", ["STRASSE 31"]),
        (
            "   ",
            ["STRASSE 31", "back\\slash", "it's", "a_b", "占比超过50%的分行", "各分行贷款余额", "NPL ratio by branch"],
        ),
    ],
)
def test_words_are_found_as_written_whatever_their_case_and_width(record: Record, words: str, found: list[str]) -> None:
    for text in (
        "NPL ratio by branch",
        "各分行贷款余额",
        "占比超过50%的分行",
        "a_b",
        "it's",
        "back\\slash",
        "STRASSE 31",
    ):
        record.ask(text)
    assert texts(record, words) == found


# -- rights --------------------------------------------------------------------------------------------------------


def test_nobody_finds_the_questions_of_another(record: Record) -> None:
    mine, others = record.ask("贷款余额"), record.ask("存款余额", principal="east")
    assert [past.id for past in record.journal.history.search("hq", most=9)] == [mine]
    assert [past.id for past in record.journal.history.search("east", most=9)] == [others]
    assert record.journal.history.search("") == () and record.journal.history.search("EAST") == ()
    assert record.journal.history.search("hq", older_than=others) == ()


def test_a_link_finds_what_a_person_asked_and_nothing_else(record: Record) -> None:
    others = record.ask("存款余额", principal="east")
    found = record.journal.history.find(others)
    assert found is not None and (found.text, found.principal, found.pinned) == ("存款余额", "east", "")
    assert record.journal.history.find(record.ask("x", origin="evaluation")) is None
    assert record.journal.history.find(record.ask("x", origin="batch")) is None
    assert record.journal.history.find(record.ask("SELECT 1", route="written", principal="")) is None
    for name in ("", "gone", others[:-1], others.upper(), "%", "x" * 10_000):
        assert record.journal.history.find(name) is None, name


def test_cases_and_batches_are_nobodys_history(record: Record) -> None:
    record.ask("x", origin="evaluation")
    record.ask("y", origin="batch")
    assert texts(record, every_asking=True) == []


def test_a_turn_that_was_replayed_for_a_later_one_is_nobodys_question(record: Record) -> None:
    name = record.ask("贷款余额", repeats="of another", is_replayed=True)
    record.ask("不良", "clarification", is_replayed=True)
    journal = record.journal
    assert texts(record, every_asking=True) == [] and journal.history.find(name) is None
    assert journal.turns("hq", 6) == () and list(journal.questions()) == []
    assert journal.usage.routes(REVIEWER, None) == () and journal.usage.unanswered(REVIEWER, None) == ()
    assert journal.review.queue(REVIEWER) == ()
    for keep in (journal.kept.pin, lambda who, one: journal.judged.give(who, one, "wrong")):
        with pytest.raises(NotKept):
            keep("hq", name)


def test_a_follow_up_from_a_link_leaves_none_of_its_turns_behind(agent: Agent) -> None:
    turns = (Turn("2026年6月末各区域贷款余额", ""), Turn("那存款呢", ""))
    question = agent.question("那5月末呢", today=TODAY, before=turns, repeats="of another")
    again = agent.replayed(question)
    assert all(turn.semantic_sql for turn in again.before) and not again.is_replayed
    assert agent.journal.history.search("hq", every_asking=True) == (), "left before it was asked"
    agent.ask(again)
    assert [past.text for past in agent.journal.history.search("hq", every_asking=True)] == ["那5月末呢"]


def test_only_what_changed_a_turn_is_told_with_it(agent: Agent) -> None:
    first = agent.ask(agent.question("2026年6月末各区域贷款余额", today=TODAY))
    assert isinstance(first, Answer)
    turns = (Turn(first.question.text, first.draft.semantic_sql),)
    alone = agent.question("2026年6月末各分行存款余额", today=TODAY, before=turns)
    follows = agent.question("那存款呢", today=TODAY, before=turns)
    for question, told in ((alone, ()), (follows, turns)):
        answer = agent.ask(question)
        assert isinstance(answer, Answer)
        again = agent.question(question.text, today=TODAY, before=turns, repeats=question.id)
        agent.ask(again, semantic_sql=answer.plan.semantic_sql)
        for name in (question.id, again.id):
            past = agent.journal.history.find(name)
            assert past is not None and past.before == told, question.text


def test_anothers_link_is_new_to_who_opens_it(record: Record) -> None:
    first = record.ask("贷款余额", principal="east")
    own = record.ask("贷款余额", repeats=first)
    record.ask("贷款余额", repeats=own)
    assert [past.id for past in record.journal.history.search("hq", every_asking=True)] == [own]


def test_what_ran_again_is_understood_anew_as_what_was_asked_first(record: Record) -> None:
    before = (Turn("贷款余额", DRAFTED),)
    first = record.ask("那去年呢", before=before, confidence=0.9, principal="east")
    second = record.ask("那去年呢", before=before, repeats=first, route="written", drafted=RAN)
    third = record.ask("那去年呢", before=before, repeats=second, route="written", drafted=RAN)
    for name in (second, third):
        past = record.journal.history.find(name)
        assert past is not None and (past.id, past.principal) == (name, "hq")
        assert (past.route, past.drafted, past.semantic_sql, past.confidence) == ("composed", DRAFTED, RAN, 0.9)
    edited = record.ask("那去年呢", before=before, repeats=first, route="written", drafted="SELECT branch FROM bank")
    other = record.ask("别的", repeats=first, route="written", drafted=RAN)
    endless = record.ask("x", repeats="self", route="written", drafted=RAN)
    with closing(sqlite3.connect(record.path)) as connection, connection:
        connection.execute("UPDATE entry SET question_id = 'self' WHERE question_id = ?", (endless,))
    for name in (edited, other, "self"):
        past = record.journal.history.find(name)
        assert past is not None and past.route == "written", "SQL of its own stays its own"


# -- pins ----------------------------------------------------------------------------------------------------------


def test_pinned_questions_are_marked_and_found_alone(record: Record) -> None:
    first, other = record.ask("贷款余额"), record.ask("存款余额")
    record.journal.kept.pin("hq", first)
    again = record.ask("贷款余额")
    found = record.journal.history.search("hq")
    assert [(past.id, past.pinned) for past in found] == [(again, first), (other, "")]
    (pinned,) = record.journal.history.search("hq", only_pinned=True)
    assert pinned.id == pinned.pinned == first
    assert texts(record, "存款", only_pinned=True) == []
    record.journal.kept.unpin("hq", found[0].pinned)
    assert texts(record, only_pinned=True) == []


def test_a_pin_stands_for_its_question_however_often_it_is_asked(record: Record) -> None:
    first, other = record.ask("贷款余额"), record.ask("存款余额")
    pin_of = record.journal.history.pin_of
    assert pin_of("hq", first) == ""
    record.journal.kept.pin("hq", first)
    again = record.ask("贷款余额", repeats=first, route="written", drafted=RAN)
    assert [pin_of("hq", name) for name in (first, again, record.ask("贷款余额"))] == [first] * 3
    theirs = record.ask("贷款余额", principal="east")
    assert [pin_of("hq", name) for name in (other, theirs, "gone")] == [""] * 3
    assert pin_of("east", first) == pin_of("east", theirs) == ""


# -- older journals ------------------------------------------------------------------------------------------------


def old_journal(path: Path) -> Journal:
    """As an installation wrote it before anybody could keep anything."""
    entries = [
        ("question", '{"text": "贷款余额", "today": "2026-07-09", "language": "zh"}'),
        ("context", '{"metrics": ["loan_balance"], "ungrounded": []}'),
        ("draft", '{"semantic_sql": "SELECT loan_balance FROM bank", "route": "composed", "confidence": 0.97}'),
        ("plan", '{"semantic_sql": "SELECT loan_balance FROM bank WHERE day = 1", "physical_sql": "SELECT 1"}'),
        ("result", '{"rows": 1, "truncated": false, "milliseconds": 2.5}'),
        ("answer", '{"timings_ms": {"run": 3.0, "total": 40.5}}'),
    ]
    at = (AT - timedelta(days=1)).isoformat(timespec="milliseconds")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(OLD_TABLE)
        for kind, body in entries:
            connection.execute(
                "INSERT INTO entry (at, question_id, principal, kind, body) VALUES (?, 'old', 'hq', ?, ?)",
                (at, kind, body),
            )
        connection.execute(
            "INSERT INTO entry (at, question_id, principal, kind, body) VALUES (?, 'back', 'hq', 'question', ?), "
            "(?, 'back', 'hq', 'clarification', '{\"text\": \"?\", \"readings\": []}')",
            (at, '{"text": "余额", "today": "2026-07-09", "language": "zh"}', at),
        )
    return Journal(path)


def test_an_older_journal_is_read_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    journal = old_journal(path)
    before = path.read_bytes()
    back, past = journal.history.search("hq")
    assert (past.id, past.outcome, past.rows, past.milliseconds) == ("old", "answer", 1, 40.5)
    assert (past.route, past.confidence, past.before) == ("composed", 0.97, ())
    assert (back.outcome, back.milliseconds) == ("clarification", None)
    assert journal.kept.pins("hq") == () and journal.kept.boards("hq") == () and journal.judged.of("hq", ["old"]) == {}
    assert path.read_bytes() == before, "reading changes nothing"


def test_an_older_journal_tells_those_who_review(tmp_path: Path) -> None:
    journal = old_journal(tmp_path / "journal.sqlite")
    (waiting,) = journal.review.queue(REVIEWER)
    assert (waiting.kind, waiting.past.text, waiting.judgement, waiting.times) == ("asked_back", "余额", None, 1)
    none, composed = journal.usage.routes(REVIEWER, None, zone=UTC)
    assert (composed.route, composed.answered, composed.p50_ms, composed.tokens.prompt) == ("composed", 1, 40.5, 0)
    assert (none.route, none.asked_back, none.p50_ms) == ("", 1, None)
    assert [one.text for one in journal.usage.unanswered(REVIEWER, None)] == ["余额"]
    assert journal.review.acceptance(REVIEWER).wrong == 0


def test_an_older_journal_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    old_journal(path).close()
    record = Record(path)
    record.journal.kept.pin("hq", "old")
    record.ask("存款余额")
    assert texts(record) == ["存款余额", "余额", "贷款余额"] and texts(record, only_pinned=True) == ["贷款余额"]
    assert len(list(record.journal.questions())) == 3 and len(record.journal.turns("hq", 6)) == 3
    record.journal.close()
