"""Plain SQL over tables as semantic SQL: which joins are understood, which are refused, and what is never let through."""

# ruff: noqa: E501
# A statement over lines is read less well than a long one.

from __future__ import annotations

from datetime import date

import pytest
import sqlglot

from t2sql.adhoc.alike import is_alike
from t2sql.adhoc.unjoined import unjoined
from t2sql.errors import QueryError
from t2sql.fields.index import FieldIndex

TODAY = date(2026, 11, 18)


@pytest.mark.parametrize(
    ("plain", "semantic"),
    [
        (
            "SELECT m.town, COUNT(*) AS n FROM loans l JOIN members m ON l.member_id = m.member_id GROUP BY m.town ORDER BY n DESC",
            "SELECT members.town, COUNT(*) FROM loans ORDER BY COUNT(*) DESC",
        ),
        # Whatever stands first, COUNT(*) counts rows of the join.
        (
            "SELECT m.town, COUNT(*) FROM members m JOIN loans l ON l.member_id = m.member_id GROUP BY m.town",
            "SELECT members.town, COUNT(*) FROM loans",
        ),
        # The way is the catalog's, also where a table between is left out or a key is made up.
        (
            "SELECT AVG(b.price) FROM loans l JOIN books b ON l.loan_id = b.loan_id",
            "SELECT AVG(books.price) FROM loans",
        ),
        (
            "SELECT title, genre FROM books WHERE title LIKE '%tide%'",
            "SELECT title, genre FROM books WHERE title ILIKE '%tide%'",
        ),
        # A column of a table that was not joined.
        ("SELECT COUNT(*) FROM loans WHERE town = 'York'", "SELECT COUNT(*) FROM loans WHERE members.town = 'York'"),
        (
            "SELECT COUNT(*) FROM loans WHERE lent_on >= CURRENT_DATE - INTERVAL '30 days'",
            "SELECT COUNT(*) FROM loans WHERE lent_on >= '2026-10-19'",
        ),
        (
            "SELECT COUNT(*) FROM loans WHERE lent_on >= DATE_TRUNC('month', CURRENT_DATE)",
            "SELECT COUNT(*) FROM loans WHERE lent_on >= '2026-11-01'",
        ),
        ("SELECT DATEDIFF(returned_on, lent_on) FROM loans", "SELECT (returned_on - lent_on) FROM loans"),
        (
            "SELECT COUNT(*) FROM loans WHERE EXTRACT(DOW FROM lent_on) IN (0, 6)",
            "SELECT COUNT(*) FROM loans WHERE ISODOW(lent_on) IN (7, 6)",
        ),
        (
            "SELECT COUNT(*) FROM loans WHERE EXTRACT(ISODOW FROM lent_on) IN (6, 7)",
            "SELECT COUNT(*) FROM loans WHERE ISODOW(lent_on) IN (6, 7)",
        ),
        # As MySQL counts, from 1 for Sunday.
        (
            "SELECT COUNT(*) FROM loans WHERE DAYOFWEEK(lent_on) IN (1, 7)",
            "SELECT COUNT(*) FROM loans WHERE ISODOW(lent_on) IN (7, 6)",
        ),
        (
            "SELECT first_name FROM members WHERE member_id NOT IN (SELECT member_id FROM loans)",
            "SELECT first_name FROM members WHERE NOT member_id IN (SELECT member_id FROM loans)",
        ),
    ],
)
def test_joins_are_taken_away(plain: str, semantic: str, index: FieldIndex) -> None:
    found = unjoined(plain, index.catalog, TODAY)
    assert is_alike(found, semantic), found
    assert "JOIN" not in found and "GROUP" not in found


@pytest.mark.parametrize(
    "plain",
    [
        "DELETE FROM loans",
        "SELECT 1",
        "SELECT name FROM secrets",
        "SELECT wages FROM members",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT first_name FROM members UNION SELECT title FROM books",
        "WITH t AS (SELECT 1 AS x) SELECT x FROM t",
        # Two rows of one table, and days that are compared as if they were keys.
        "SELECT a.title FROM books a JOIN books b ON a.genre = b.genre",
        "SELECT COUNT(*) FROM loans l JOIN members m ON l.lent_on = m.joined_on",
        # What is missing is no condition on what is there; a table whose rows choose others is not lost.
        "SELECT m.first_name FROM members m LEFT JOIN loans l ON l.member_id = m.member_id WHERE l.loan_id IS NULL",
        "SELECT m.first_name FROM members m JOIN loans l ON l.member_id = m.member_id",
        # A row for each genre, beside a figure over all.
        "SELECT genre, COUNT(*) FROM books",
        # Members told apart by their town, and the town not shown.
        "SELECT COUNT(*) FROM members GROUP BY town",
    ],
)
def test_what_is_not_of_the_catalog_is_refused(plain: str, index: FieldIndex) -> None:
    with pytest.raises(QueryError):
        unjoined(plain, index.catalog, TODAY)


@pytest.mark.parametrize(
    "plain",
    [
        "SELECT month(lent_on) AS m, SUM(fine) - SUM(fine) OVER (ORDER BY m ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM loans GROUP BY m",
        "SELECT SUM(fine) FROM loans WHERE lent_on >= DATE_TRUNC(CURRENT_DATE)",
        "SELECT SUM(fine) FROM loans WHERE lent_on >= '2026-01-01' + INTERVAL '1 fortnight'",
    ],
)
def test_whatever_was_written_is_refused_or_can_be_read(plain: str, index: FieldIndex) -> None:
    try:
        found = unjoined(plain, index.catalog, TODAY)
    except QueryError:
        return
    assert isinstance(sqlglot.parse_one(found, read="duckdb"), sqlglot.exp.Select)
