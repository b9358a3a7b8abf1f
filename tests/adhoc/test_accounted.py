"""What a draft over fields may not lose: a "no", a limit that nothing explains, a figure, a second place."""

from __future__ import annotations

from datetime import date

import pytest

from t2sql.adhoc.accounted import is_as_asked, keeps_negation, loses_formula, loses_limit, weighed
from t2sql.fields import read_question
from t2sql.fields.index import FieldIndex

ALL = "SELECT COUNT(*) FROM members"


@pytest.mark.parametrize(
    "text",
    [
        "How many members are not in York?",
        "How many members live outside of York?",
        "Members who have never borrowed a book",
        "不在York的会员有多少个？",
        "York以外的会员有多少个？",
        "Which members have no loans?",
    ],
)
def test_a_no_wants_a_no_in_the_sql(text: str) -> None:
    assert not keeps_negation(text, "SELECT COUNT(*) FROM members WHERE town = 'York'")
    assert keeps_negation(text, "SELECT COUNT(*) FROM members WHERE town <> 'York'")
    assert keeps_negation(text, "SELECT COUNT(*) FROM members WHERE NOT member_id IN (SELECT member_id FROM loans)")


def test_a_join_that_leads_somewhere_says_no_no() -> None:
    joined = "SELECT books.title FROM loans WHERE NOT books.book_id IS NULL"
    assert not keeps_negation("Which books were not lent by anybody?", joined)
    assert keeps_negation("Which loans have no return?", "SELECT loan_id FROM loans WHERE NOT members.town IS NULL")


@pytest.mark.parametrize(
    "text",
    [
        "Loans in the last 3 months, not including this one",
        "no more than 5 pages",
        "loans of each member, leave out those with none",
        "不足5页",
    ],
)
def test_what_only_sounds_like_a_no_wants_none(text: str) -> None:
    assert keeps_negation(text, ALL)


@pytest.mark.parametrize(
    ("text", "left", "datasets", "is_lost"),
    [
        ("How many members in Atlantis?", ["Atlantis"], [9], True),
        ("Total fine of overdue loans", ["overdue"], [22], True),
        ("苏州的会员有多少个？", ["苏州"], [3], True),
        ("Kindly tell how many members there are", ["Kindly"], [22], False),
    ],
)
def test_a_word_that_limits_rows_is_not_passed_over(
    text: str, left: list[str], datasets: list[int], is_lost: bool
) -> None:
    assert loses_limit(text, left, datasets) == is_lost


def test_a_figure_is_no_list_and_a_second_place_no_first() -> None:
    assert not is_as_asked("客户数是多少？", "SELECT last_name FROM members")
    assert is_as_asked("客户数是多少？", ALL)
    assert not is_as_asked("What is the second highest fine?", "SELECT MAX(fine) FROM loans")
    assert not is_as_asked("Top 2 towns by total fine", "SELECT SUM(fine) FROM loans LIMIT 2")
    assert is_as_asked("Top 2 towns by total fine", "SELECT members.town, SUM(fine) FROM loans ORDER BY 2 DESC LIMIT 2")


def test_unexplained_words_make_it_less_likely() -> None:
    assert weighed(None, ["x"]) is None
    assert weighed(0.5, []) == 0.5
    assert weighed(0.5, ["x"]) == pytest.approx(0.4)
    assert weighed(0.5, ["x", "y", "z"]) == pytest.approx(0.15)


@pytest.mark.parametrize(
    ("sql", "is_lost"),
    [
        ("SELECT SUM(pages * price) FILTER (WHERE genre = 'poetry') FROM books", False),
        ("SELECT SUM(books.pages * books.price) FROM books WHERE books.genre = 'poetry'", False),
        ("SELECT SUM(pages * price) FROM books", True),
        ("SELECT SUM(price) FROM books WHERE genre = 'poetry'", True),
    ],
)
def test_a_formula_that_code_read_is_computed(sql: str, is_lost: bool, index: FieldIndex) -> None:
    hints = "WORTH = sum of pages * price over the books with genre poetry"
    linked, _found = read_question("What is the WORTH of the books?", hints, index, date(2026, 11, 18))
    assert loses_formula(linked, sql) == is_lost
