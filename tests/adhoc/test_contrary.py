"""SQL that turns an English question round, or only looks like its form, is told; SQL that holds it is not."""

# ruff: noqa: E501
# One case a line.
from __future__ import annotations

import pytest
import sqlglot

from t2sql.adhoc.contrary import contrary

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
]  # fmt: skip
HELD = [
    ("All but the poetry: average price", "SELECT AVG(price) FROM books WHERE genre <> 'poetry'"),
    ("How many members did not borrow poetry?", "SELECT COUNT(*) FROM members WHERE member_id NOT IN (SELECT member_id FROM loans WHERE books.genre = 'poetry')"),
    ("How many books are not poetry?", "SELECT COUNT(*) FROM books WHERE genre <> 'poetry'"),
    ("Percentage of science books", "SELECT COUNT(*) FILTER (WHERE genre = 'science') * 100 / COUNT(*) FROM books"),
    ("Which books are cheaper than Tides?", "SELECT title FROM books WHERE price < (SELECT price FROM books WHERE title = 'Tides')"),
    ("Total fine by town and year", "SELECT members.town, year(lent_on), SUM(fine) FROM loans GROUP BY 1, 2"),
    ("Number of loans by town and month", "SELECT members.town, DATE_TRUNC('MONTH', lent_on), COUNT(*) FROM loans GROUP BY 1, 2"),
    ("Which member joined first?", "SELECT first_name FROM members ORDER BY joined_on LIMIT 1"),
    ("Which month of 2026 had the most loans?", "SELECT DATE_TRUNC('MONTH', lent_on) FROM loans ORDER BY COUNT(*) DESC LIMIT 1"),
    ("Books longer than 200 pages in science", "SELECT title FROM books WHERE pages > 200 AND genre = 'science'"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "sql"), TURNED)
def test_what_says_the_contrary_is_told(text: str, sql: str) -> None:
    assert [*contrary(text, sqlglot.parse_one(sql, read="duckdb"))]


@pytest.mark.parametrize(("text", "sql"), HELD)
def test_what_holds_the_question_is_not(text: str, sql: str) -> None:
    assert not [*contrary(text, sqlglot.parse_one(sql, read="duckdb"))]
