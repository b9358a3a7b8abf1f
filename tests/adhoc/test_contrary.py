"""SQL that turns an English question round, or only looks like its form, is told; SQL that holds it is not."""

# ruff: noqa: E501
# One case a line.
from __future__ import annotations

import pytest
import sqlglot

from t2sql.adhoc.contrary import contrary, impossible, multiplied
from t2sql.fields.index import FieldIndex

HINTS = "A loan is overdue once it has no return date. LB = members who borrowed more than 30 days ago. The average fine of a town is the mean of its members' averages: compute the average of each member first, then average those. A member stayed when the town is lodging."
TURNED = [
    ("All but the poetry: average price", "SELECT AVG(price) FROM books WHERE genre = 'poetry'"),
    ("How many loans did not involve poetry?", "SELECT COUNT(DISTINCT members.member_id) FROM loans WHERE books.genre <> 'poetry'"),
    ("How many members did not borrow poetry?", "SELECT COUNT(*) FROM members WHERE member_id IN (SELECT member_id FROM loans WHERE books.genre <> 'poetry')"),
    ("Percentage of science books", "SELECT COUNT(book_id) * 100 / COUNT(book_id) FROM books WHERE genre = 'science'"),
    ("Which books are cheaper than Tides?", "SELECT title FROM books WHERE title = 'Tides'"),
    ("Total fine by town and year", "SELECT members.town, SUM(fine) FROM loans GROUP BY members.town"),
    ("Which member joined first?", "SELECT first_name FROM members"),
    ("Which month of 2026 had the most loans?", "SELECT DATE_TRUNC('MONTH', lent_on) FROM loans ORDER BY COUNT(*) DESC LIMIT 2026"),
    ("The cheapest book of each genre", "SELECT title FROM books ORDER BY price LIMIT 1"),
    ("In which towns is the number of loans higher than the number of members?", "SELECT town, COUNT(*) FROM members GROUP BY town"),
    ("How many members are currently in each town?", "SELECT town, COUNT(*) FROM members GROUP BY town"),
    ("How many overdue loans are there?", "SELECT COUNT(*) FROM loans"),
    ("What is the LB?", "SELECT COUNT(DISTINCT member_id) FROM loans"),
    ("What proportion of books is poetry?", "SELECT COUNT(*) FILTER (WHERE genre = 'poetry') * 100 / COUNT(*) FROM books"),
    ("How many short and long books are there?",
     "SELECT CASE WHEN pages < 100 THEN 'short' WHEN pages < 300 THEN 'long' ELSE '' END, COUNT(*) FROM books WHERE pages < 100 OR pages < 300"),
    ("What is the average fine in York?", "SELECT AVG(fine) FROM loans WHERE members.town = 'York'"),
    ("Which members stayed?", "SELECT first_name FROM members"),
]  # fmt: skip
HELD = [
    ("All but the poetry: average price", "SELECT AVG(price) FROM books WHERE genre <> 'poetry'"),
    ("How many members did not borrow poetry?", "SELECT COUNT(*) FROM members WHERE member_id NOT IN (SELECT member_id FROM loans WHERE books.genre = 'poetry')"),
    ("How many books are not poetry?", "SELECT COUNT(*) FROM books WHERE genre <> 'poetry'"),
    ("Percentage of science books", "SELECT COUNT(*) FILTER (WHERE genre = 'science') * 100 / COUNT(*) FROM books"),
    ("Which books are cheaper than Tides?", "SELECT title FROM books WHERE price < (SELECT price FROM books WHERE title = 'Tides')"),
    ("Total fine by town and year", "SELECT members.town, year(lent_on), SUM(fine) FROM loans GROUP BY 1, 2"),
    ("Number of loans by town and month", "SELECT members.town, DATE_TRUNC('MONTH', lent_on), COUNT(*) FROM loans GROUP BY 1, 2"),
    ("How many overdue loans are there?", "SELECT COUNT(*) FROM loans WHERE returned_on IS NULL"),
    ("What is the LB?", "SELECT COUNT(DISTINCT member_id) FROM loans WHERE lent_on < '2026-10-19'"),
    ("What proportion of books is poetry?", "SELECT COUNT(*) FILTER (WHERE genre = 'poetry') / COUNT(*) FROM books"),
    ("How many short and long books are there?",
     "SELECT CASE WHEN pages < 100 THEN 'short' WHEN pages < 300 THEN 'long' ELSE '' END, COUNT(*) FROM books"),
    ("What is the average fine in York?", "SELECT AVG(a) FROM (SELECT AVG(fine) AS a FROM loans WHERE members.town = 'York' GROUP BY member_id) AS t"),
    ("Which members stayed?", "SELECT first_name FROM members WHERE town = 'lodging'"),
    ("What are other than poetry the genres?", "SELECT DISTINCT genre FROM books WHERE genre <> 'poetry'"),
    ("Which member joined first?", "SELECT first_name FROM members ORDER BY joined_on LIMIT 1"),
    ("Which month of 2026 had the most loans?", "SELECT DATE_TRUNC('MONTH', lent_on) FROM loans ORDER BY COUNT(*) DESC LIMIT 1"),
    ("Books longer than 200 pages in science", "SELECT title FROM books WHERE pages > 200 AND genre = 'science'"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "sql"), TURNED)
def test_what_says_the_contrary_is_told(text: str, sql: str) -> None:
    assert [*contrary(text, HINTS, sqlglot.parse_one(sql, read="duckdb"))]


@pytest.mark.parametrize(("text", "sql"), HELD)
def test_what_holds_the_question_is_not(text: str, sql: str) -> None:
    assert not [*contrary(text, HINTS, sqlglot.parse_one(sql, read="duckdb"))]


@pytest.mark.parametrize(
    ("sql", "is_told"),
    [
        ("SELECT SUM(fine) - SUM(books.price) FROM loans", False),
        ("SELECT books.book_id, SUM(books.price) FROM loans GROUP BY books.book_id", True),
        ("SELECT SUM(fine * books.price) FROM loans", False),
        ("SELECT books.book_id, SUM(fine) FROM loans GROUP BY books.book_id", False),
        ("SELECT books.genre, SUM(books.price) FROM loans GROUP BY books.genre", False),
        ("SELECT genre, SUM(price) FROM books GROUP BY genre", False),
    ],
)
def test_a_sum_that_counts_a_thing_once_a_row_is_told(sql: str, is_told: bool, index: FieldIndex) -> None:
    assert bool([*multiplied(sqlglot.parse_one(sql, read="duckdb"), index.catalog)]) is is_told


@pytest.mark.parametrize(
    ("where", "is_told"),
    [
        ("NOT member_id IN (SELECT member_id FROM loans) AND member_id IN (SELECT member_id FROM loans WHERE fine > 0)", True),
        ("member_id NOT IN (SELECT member_id FROM loans) AND member_id IN (SELECT member_id FROM loans)", True),
        ("member_id NOT IN (SELECT member_id FROM loans WHERE fine > 0) AND member_id IN (SELECT member_id FROM loans)", False),
        ("member_id NOT IN (SELECT member_id FROM loans) AND town IN (SELECT town FROM members WHERE joined_on < '2024-01-01')", False),
        ("member_id NOT IN (SELECT member_id FROM loans) AND town = 'York'", False),
    ],
)  # fmt: skip
def test_conditions_that_no_row_meets_are_told(where: str, is_told: bool) -> None:
    tree = sqlglot.parse_one(f"SELECT first_name FROM members WHERE {where}", read="duckdb")
    assert bool([*impossible(tree)]) is is_told
