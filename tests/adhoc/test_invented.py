"""What a draft demands and nobody said: left out where it only limits, and told where it stands in a figure."""

from __future__ import annotations

from datetime import date

import pytest

from t2sql.adhoc.alike import is_alike
from t2sql.adhoc.invented import holds_days, invented, left_out, without_invented
from t2sql.adhoc.slots import slots_of
from t2sql.fields.index import FieldIndex
from t2sql.fields.linking import link

TODAY = date(2026, 11, 18)


@pytest.mark.parametrize(
    ("text", "written", "kept"),
    [
        (
            "How many loans have a fine over 2?",
            "SELECT COUNT(*) FROM loans WHERE fine > 2 AND lent_on <= '2026-11-18' AND returned_on IS NULL",
            "SELECT COUNT(*) FROM loans WHERE fine > 2",
        ),
        (
            "How many members live in York?",
            "SELECT COUNT(*) FROM members WHERE town = 'York' AND joined_on >= '2020-01-01'",
            "SELECT COUNT(*) FROM members WHERE town = 'York'",
        ),
        # It was said, and is stored otherwise: left out, the answer would be another question's.
        (
            "How many books are about sciences?",
            "SELECT COUNT(*) FROM books WHERE genre = 'sciences'",
            "SELECT COUNT(*) FROM books WHERE genre = 'sciences'",
        ),
    ],
)
def test_conditions_that_nobody_said_are_left_out(text: str, written: str, kept: str, index: FieldIndex) -> None:
    slots = slots_of(link(text, "", index, TODAY), index)
    assert is_alike(without_invented(text, "", slots, written, index), kept)


@pytest.mark.parametrize(
    ("text", "sql"),
    [
        ("How many books are about sciences?", "SELECT COUNT(*) FROM books WHERE genre = 'sciences'"),
        ("How many members are there per town?", "SELECT town, COUNT(*) FROM members HAVING COUNT(*) > 3"),
        ("What share of loans is late?", "SELECT COUNT(*) / COUNT(*) FROM loans"),
        ("How many loans are there?", "SELECT COUNT(*) FILTER (WHERE fine > 7) FROM loans"),
        # Another column's value.
        ("Loans of science books", "SELECT loan_id FROM loans WHERE loan_id = 'science'"),
        ("Which members are male?", "SELECT first_name FROM members WHERE town = 'female'"),
    ],
)
def test_what_nobody_said_is_told(text: str, sql: str, index: FieldIndex) -> None:
    assert invented(text, "", slots_of(link(text, "", index, TODAY), index), sql, index)


@pytest.mark.parametrize(
    ("text", "sql"),
    [
        ("How many loans have a fine over two?", "SELECT COUNT(*) FROM loans WHERE fine > 2"),
        ("Loans without a return", "SELECT loan_id FROM loans WHERE returned_on IS NULL"),
        ("Books whose title has tide in it", "SELECT title FROM books WHERE title ILIKE '%tide%'"),
        ("Members in York", "SELECT first_name FROM members WHERE town = 'York'"),
    ],
)
def test_what_was_said_is_not_invented(text: str, sql: str, index: FieldIndex) -> None:
    assert invented(text, "", slots_of(link(text, "", index, TODAY), index), sql, index) == ()


def test_hints_leave_out(index: FieldIndex) -> None:
    hints = "LC = loan count. Neither counts poetry books."
    assert left_out(hints, "SELECT COUNT(*) FROM loans WHERE books.price > 3", index) == ("poetry",)
    assert left_out(hints, "SELECT COUNT(*) FROM loans WHERE books.genre <> 'poetry'", index) == ()
    assert left_out("Members without loans appear with 0.", "SELECT town, COUNT(*) FROM members", index)


def test_each_day_that_was_found_must_stand_in_the_sql(index: FieldIndex) -> None:
    slots = slots_of(link("How many loans were made in 2025?", "", index, TODAY), index)
    whole = "SELECT COUNT(*) FROM loans WHERE lent_on >= '2025-01-01' AND lent_on < '2026-01-01'"
    assert holds_days(slots, whole)
    assert not holds_days(slots, "SELECT COUNT(*) FROM loans WHERE lent_on >= '2025-01-01'")
