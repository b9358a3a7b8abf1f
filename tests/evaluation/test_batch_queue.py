"""Who asks what next: conversations in order and in one place, repeats once, suspects alone."""

from __future__ import annotations

from datetime import date

from t2sql.evaluation.batch.queue import Queue, Turn
from t2sql.evaluation.records import Asked

TODAY = date(2026, 7, 10)


def queue(*asked: Asked, kept: set[str] | None = None, clocks: dict[str, date] | None = None) -> Queue:
    return Queue(asked, TODAY, clocks or {}, "hq", kept or set())


def take(waiting: Queue, place: object = "w", *, is_idle: bool = False) -> Turn:
    turn = waiting.next(place, is_idle=is_idle)
    assert turn is not None
    return turn


def test_in_the_files_order() -> None:
    waiting = queue(*(Asked(str(i), f"x{i}") for i in range(3)))
    assert [take(waiting).asked.id for _ in range(3)] == ["0", "1", "2"]
    assert waiting.next("w", is_idle=True) is None and len(waiting) == 0


def test_a_conversation_goes_on_where_it_began_and_one_at_a_time() -> None:
    waiting = queue(Asked("a", "x", conversation="c"), Asked("b", "x", conversation="c"), Asked("d", "y"))
    first = take(waiting, "here")
    assert take(waiting, "there").asked.id == "d"
    assert waiting.next("here", is_idle=False) is None and len(waiting) == 1
    assert list(waiting.ended(first, "here")) == []
    assert waiting.next("there", is_idle=True) is None
    assert take(waiting, "here").asked.id == "b"


def test_where_its_place_has_gone_a_conversation_goes_on_elsewhere() -> None:
    waiting = queue(Asked("a", "x", conversation="c"), Asked("b", "y", conversation="c"))
    list(waiting.ended(take(waiting, "here"), "here"))
    waiting.forget("here")
    assert take(waiting, "there").asked.id == "b"


def test_a_question_asked_before_is_not_asked_again() -> None:
    waiting = queue(
        Asked("a", "x"), Asked("b", "x"), Asked("c", "x", principal="hq"),
        Asked("d", "x "), Asked("e", "x", hints="h"), Asked("f", "x", language="zh"), Asked("g", "x", principal="east"),
        Asked("h", "x", conversation="c"), Asked("i", "x"), clocks={"i": date(2026, 1, 1)},
    )  # fmt: skip
    first = take(waiting)
    assert list(waiting.ended(first, "w")) == ["b", "c"]
    assert [take(waiting).asked.id for _ in range(6)] == ["d", "e", "f", "g", "h", "i"]
    assert waiting.original_of == {"b": "a", "c": "a"}


def test_what_is_kept_is_not_asked() -> None:
    waiting = queue(
        Asked("a", "x"), Asked("b", "x"), Asked("c", "y"), Asked("d", "z"), Asked("e", "y"), kept={"a", "c"}
    )
    assert waiting.waiting_copies == ["b", "e"]
    assert take(waiting).asked.id == "d" and len(waiting) == 0


def test_a_suspect_is_asked_where_nothing_else_is() -> None:
    waiting = queue(Asked("a", "x"), Asked("b", "y"))
    suspect = take(waiting)
    waiting.again(suspect)
    assert take(waiting, is_idle=False).asked.id == "b"
    assert waiting.next("w", is_idle=False) is None
    assert take(waiting, is_idle=True) is suspect
