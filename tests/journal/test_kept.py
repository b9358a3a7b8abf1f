"""Pins and boards: each person's own, within limits that are told, and in the order the person gave."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from t2sql.errors import NotKept, T2sqlError
from t2sql.journal import Item
from t2sql.journal.kept import LONGEST_NAME, MOST_BOARDS, MOST_ITEMS, MOST_PINS, Kept

from past_askings import Record


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    """An empty journal."""
    made = Record(tmp_path / "journal.sqlite")
    yield made
    made.journal.close()


@pytest.fixture
def kept(record: Record) -> Kept:
    """What is kept in it."""
    return record.journal.kept


def on(kept: Kept, principal: str = "hq", place: int = 0) -> list[str]:
    """Questions on a board, in order."""
    return [item.question_id for item in kept.boards(principal)[place].items]


def told(error: T2sqlError) -> None:
    """Every error says what to do, in both languages."""
    for language in ("zh", "en"):
        message, hint = error.told(language)
        assert message and hint
    assert error.told("zh") != error.told("en")


def test_the_latest_pin_comes_first_and_pinning_twice_is_pinning_once(record: Record, kept: Kept) -> None:
    first, second = record.ask("a"), record.ask("b")
    for question_id in (first, second, first):
        kept.pin("hq", question_id)
    assert kept.pins("hq") == (second, first)
    kept.unpin("hq", second)
    kept.unpin("hq", second)
    assert kept.pins("hq") == (first,)


def test_boards_stand_in_the_order_they_were_added(kept: Kept) -> None:
    made = [kept.add_board("hq", name) for name in ("  月报   看板 ", "b", "a")]
    assert [board.name for board in kept.boards("hq")] == ["月报 看板", "b", "a"]
    kept.rename_board("hq", made[1].id, "z")
    kept.rename_board("hq", made[2].id, "A")
    kept.remove_board("hq", made[0].id)
    assert [board.name for board in kept.boards("hq")] == ["z", "A"]
    assert {board.id for board in kept.boards("hq")} == {made[1].id, made[2].id}


def test_questions_on_a_board_are_put_moved_and_taken(record: Record, kept: Kept) -> None:
    asked = [record.ask(text) for text in "abcd"]
    board = kept.add_board("hq", "看板").id
    for question_id in asked:
        kept.put("hq", board, question_id)
    kept.put("hq", board, asked[1], "as asked")
    assert kept.boards("hq")[0].items == (
        Item(asked[0], "as of today"), Item(asked[1], "as asked"), Item(asked[2], "as of today"),
        Item(asked[3], "as of today"),
    )  # fmt: skip
    kept.move("hq", board, asked[3], 0)
    assert on(kept) == [asked[3], asked[0], asked[1], asked[2]]
    kept.move("hq", board, asked[3], 99)
    kept.move("hq", board, asked[1], -5)
    assert on(kept) == [asked[1], asked[0], asked[2], asked[3]]
    kept.take("hq", board, asked[0])
    kept.take("hq", board, "gone")
    kept.put("hq", board, asked[0])
    assert on(kept) == [asked[1], asked[2], asked[3], asked[0]]


def test_a_board_that_goes_takes_its_items_and_leaves_the_questions(record: Record, kept: Kept) -> None:
    question_id, board = record.ask("a"), kept.add_board("hq", "看板").id
    kept.put("hq", board, question_id)
    kept.remove_board("hq", board)
    assert kept.boards("hq") == () and record.journal.history.find(question_id) is not None
    kept.add_board("hq", "看板")
    assert on(kept) == []


# -- limits --------------------------------------------------------------------------------------------------------


def test_no_more_is_kept_than_can_be_looked_at(record: Record, kept: Kept) -> None:
    asked = [record.ask(str(number), "") for number in range(MOST_PINS + 1)]
    for question_id in asked[:-1]:
        kept.pin("hq", question_id)
    with pytest.raises(NotKept, match=str(MOST_PINS)) as caught:
        kept.pin("hq", asked[-1])
    told(caught.value)
    kept.pin("hq", asked[0])
    assert len(kept.pins("hq")) == MOST_PINS

    boards = [kept.add_board("hq", f"board {number}") for number in range(MOST_BOARDS)]
    with pytest.raises(NotKept, match=str(MOST_BOARDS)) as caught:
        kept.add_board("hq", "one more")
    told(caught.value)
    kept.add_board("east", "another's own")

    for question_id in asked[:MOST_ITEMS]:
        kept.put("hq", boards[0].id, question_id)
    with pytest.raises(NotKept, match=str(MOST_ITEMS)) as caught:
        kept.put("hq", boards[0].id, asked[MOST_ITEMS])
    told(caught.value)
    kept.put("hq", boards[0].id, asked[0], "as asked")
    assert len(on(kept)) == MOST_ITEMS


@pytest.mark.parametrize("name", ["", "   ", "x" * (LONGEST_NAME + 1), "a\x00b", "a\u202eb", "\ud800"])
def test_a_board_has_a_name_that_can_be_read(kept: Kept, name: str) -> None:
    with pytest.raises(NotKept) as caught:
        kept.add_board("hq", name)
    told(caught.value)


@pytest.mark.parametrize("name", ["Monthly", " monthly", "ＭＯＮＴＨＬＹ"])
def test_no_two_boards_of_a_person_bear_one_name(kept: Kept, name: str) -> None:
    first, other = kept.add_board("hq", "Monthly"), kept.add_board("hq", "other")
    with pytest.raises(NotKept, match="There is a board") as caught:
        kept.add_board("hq", name)
    told(caught.value)
    with pytest.raises(NotKept):
        kept.rename_board("hq", other.id, name)
    kept.rename_board("hq", first.id, name)
    assert kept.add_board("east", "Monthly").name == "Monthly"


# -- rights --------------------------------------------------------------------------------------------------------


def test_nobody_keeps_the_question_of_another(record: Record, kept: Kept) -> None:
    others, board = record.ask("x", principal="east"), kept.add_board("hq", "看板").id
    case = record.ask("x", origin="evaluation")
    words = set()
    for question_id in (others, case, "gone"):
        for keep in (kept.pin, lambda who, name: kept.put(who, board, name)):
            with pytest.raises(NotKept) as caught:
                keep("hq", question_id)
            told(caught.value)
            words.add(str(caught.value))
    assert len(words) == 1, "whether another asked it is not told"
    assert kept.pins("hq") == () and on(kept) == []


def test_nobody_reaches_the_board_of_another(record: Record, kept: Kept) -> None:
    theirs = kept.add_board("east", "theirs")
    question_id = record.ask("x", principal="east")
    kept.put("east", theirs.id, question_id)
    own = record.ask("x")
    calls = [
        lambda name: kept.rename_board("hq", name, "mine"), lambda name: kept.remove_board("hq", name),
        lambda name: kept.put("hq", name, own), lambda name: kept.take("hq", name, question_id),
        lambda name: kept.move("hq", name, question_id, 0),
    ]  # fmt: skip
    words = set()
    for call in calls:
        for name in (theirs.id, "gone"):
            with pytest.raises(NotKept) as caught:
                call(name)
            told(caught.value)
            words.add(str(caught.value))
    assert len(words) == 1, "whether the board exists is not told"
    assert kept.boards("hq") == () and kept.boards("east")[0].items == (Item(question_id, "as of today"),)
    assert kept.boards("east")[0].name == "theirs"
    kept.unpin("hq", question_id)
    assert kept.pins("") == () and kept.boards("") == ()
