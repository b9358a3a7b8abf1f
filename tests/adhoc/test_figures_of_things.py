"""Counts of rows as conditions, formulas of hints, and figures for each thing, over a drafted library."""

from __future__ import annotations

from datetime import date

import pytest

from t2sql.adhoc.alike import is_alike
from t2sql.fields.index import FieldIndex
from t2sql.fields.linking import link
from t2sql.fields.members import of_each
from t2sql.fields.readings import read_question
from t2sql.flow import Answer

from adhoc_opening import Opening

TODAY = date(2026, 11, 18)
OF_LOANS = "members.member_id IN (SELECT loans.member_id FROM loans"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("How many members have no loans?", "members.member_id NOT IN (SELECT loans.member_id FROM loans)"),
        ("Members who have never been granted a loan", "members.member_id NOT IN (SELECT loans.member_id FROM loans)"),
        ("Members without any loan", "members.member_id NOT IN (SELECT loans.member_id FROM loans)"),
        ("Which members do not have any loans?", "members.member_id NOT IN (SELECT loans.member_id FROM loans)"),
        ("Members with more than 1 loan", f"{OF_LOANS} GROUP BY loans.member_id HAVING COUNT(*) > 1)"),
        ("Members that have at least two loans", f"{OF_LOANS} GROUP BY loans.member_id HAVING COUNT(*) >= 2)"),
        ("Members with exactly one loan", f"{OF_LOANS} GROUP BY loans.member_id HAVING COUNT(*) = 1)"),
        (
            "Members who have more than 1 loan in 2026",
            f"{OF_LOANS} WHERE loans.lent_on >= '2026-01-01' AND loans.lent_on < '2027-01-01'"
            " GROUP BY loans.member_id HAVING COUNT(*) > 1)",
        ),
        ("How many loans have no book?", "books.book_id IS NULL"),
    ],
)
def test_how_many_rows_a_thing_has_is_a_condition_on_it(text: str, wanted: str, index: FieldIndex) -> None:
    assert [c.alternatives[0].sql for c in link(text, "", index, TODAY).conditions] == [wanted]


@pytest.mark.parametrize("text", ["How many loans per member, including members without any loan", "loans of members"])
def test_what_chooses_nothing_is_no_condition(text: str, index: FieldIndex) -> None:
    assert not link(text, "", index, TODAY).conditions


def test_a_count_of_rows_is_answered(open_library: Opening) -> None:
    agent = open_library({})
    outcome = agent.ask(agent.question("How many members have no loans?", today=TODAY))
    assert isinstance(outcome, Answer)
    assert [tuple(row) for row in outcome.result.rows] == [(1,)]


@pytest.mark.parametrize(
    ("text", "hints", "figure"),
    [
        ("What is the FPL?", "FPL (fine per loan) = total fine / number of loans.", "SUM(loans.fine) / COUNT(*)"),
        (
            "What is the LR by town?",
            "LR = sum of days / number of loans; days = returned_on - lent_on",
            "SUM((loans.returned_on - loans.lent_on)) / COUNT(*)",
        ),
        ("What is the average DOL?", "DOL = returned_on - lent_on", "AVG(loans.returned_on - loans.lent_on)"),
        ("ALT of York", "ALT = average time in days, returned_on - lent_on", "AVG(loans.returned_on - loans.lent_on)"),
        ("What is the FS?", "FS = 100 * sum(fine) / (sum(fine) + 1)", "100 * SUM(loans.fine) / (SUM(loans.fine) + 1)"),
    ],
)
def test_a_formula_of_the_hints_is_computed(text: str, hints: str, figure: str, index: FieldIndex) -> None:
    assert figure in read_question(text, hints, index, TODAY)[1][0].semantic_sql


@pytest.mark.parametrize(
    "hints",
    [
        "FPL = total fine / number of dragons",
        "FPL = loans that came back late / all loans",
        "FPL = fine / number of loans",
        "FPL = how keen one is",
    ],
)
def test_a_formula_with_an_unknown_name_is_not(hints: str, index: FieldIndex) -> None:
    readings = read_question("What is the FPL?", hints, index, TODAY)[1]
    assert not any("/" in reading.semantic_sql for reading in readings)


def test_things_of_one_name_are_told_apart_and_rows_without_one_left_out(index: FieldIndex) -> None:
    sql = "SELECT books.title, COUNT(*) FROM loans GROUP BY books.title ORDER BY COUNT(*) DESC LIMIT 2"
    assert of_each(sql, index.catalog) == (
        "SELECT title, count_rows FROM (SELECT books.book_id, books.title, COUNT(*) AS count_rows FROM loans"
        " WHERE NOT books.book_id IS NULL GROUP BY books.book_id, books.title ORDER BY COUNT(*) DESC LIMIT 2)"
        " AS each_one ORDER BY count_rows DESC"
    )


@pytest.mark.parametrize(
    "sql", ["SELECT COUNT(*) FROM loans", "SELECT genre, COUNT(*) FROM books GROUP BY genre", "SELECT title FROM books"]
)
def test_what_groups_by_no_other_thing_stays(sql: str, index: FieldIndex) -> None:
    assert of_each(sql, index.catalog) == sql


def test_a_list_of_things_leaves_out_rows_of_none(index: FieldIndex) -> None:
    kept = "SELECT DISTINCT books.title FROM loans WHERE fine > 1 AND NOT books.book_id IS NULL"
    assert of_each("SELECT DISTINCT books.title FROM loans WHERE fine > 1", index.catalog) == kept
    assert of_each("SELECT DISTINCT town FROM members", index.catalog) == "SELECT DISTINCT town FROM members"


def test_two_drafts_are_alike_however_they_are_written() -> None:
    one = "SELECT town, COUNT(*) FROM members WHERE town = 'York' AND member_id > 1 ORDER BY 2 DESC"
    other = "SELECT members.town, COUNT(*) FROM members WHERE member_id > 1 AND town = 'York' ORDER BY COUNT(*) DESC"
    assert is_alike(one, other)
    assert not is_alike(one, other.replace("DESC", "ASC"))
    assert not is_alike(one, other.replace("York", "Hull"))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "What is the average number of days between lent date and returned date?",
            "SELECT AVG(loans.returned_on - loans.lent_on) FROM loans",
        ),
        (
            "For each genre, which book has the most pages? Return genre, title and pages.",
            "SELECT genre, title, pages FROM books QUALIFY RANK() OVER (PARTITION BY genre ORDER BY pages DESC) <= 1",
        ),
        (
            "Which members have loans of both science and poetry?",
            "SELECT DISTINCT members.first_name, members.last_name FROM loans WHERE members.member_id IN"
            " (SELECT loans.member_id FROM loans WHERE books.genre IN ('science', 'poetry') GROUP BY loans.member_id"
            " HAVING COUNT(DISTINCT books.genre) = 2)",
        ),
        (
            "Which genres have an average price over 12? Return genre and average price.",
            "SELECT genre, AVG(price) FROM books GROUP BY genre HAVING AVG(price) > 12",
        ),
        ("What is the average number of pages in each genre?", "SELECT genre, AVG(pages) FROM books GROUP BY genre"),
        ("Which book is the cheapest?", "SELECT title FROM books ORDER BY price LIMIT 1"),
    ],
)
def test_a_question_is_read_whole(text: str, wanted: str, index: FieldIndex) -> None:
    assert read_question(text, "", index, TODAY)[1][0].semantic_sql == wanted
