"""What a draft over fields must hold of its question: days, numbers, values, fields, and the form that words want."""

from __future__ import annotations

from datetime import date

import pytest

from t2sql.adhoc.unmet import unmet
from t2sql.fields.index import FieldIndex
from t2sql.fields.linking import link

TODAY = date(2026, 11, 18)


def told(text: str, sql: str, index: FieldIndex, hints: str = "") -> tuple[str, ...]:
    """What of `text` stands nowhere in `sql`."""
    return unmet(link(text, hints, index, TODAY), hints, sql, index)


@pytest.mark.parametrize(
    ("text", "sql", "hints"),
    [
        ("How many loans were there in 2025?", "SELECT COUNT(*) FROM loans", ""),
        ("How many loans have a fine over 2?", "SELECT COUNT(*) FROM loans", ""),
        ("How many members live in York?", "SELECT COUNT(*) FROM members", ""),
        ("What is the average price of the books?", "SELECT AVG(pages) FROM books", ""),
        ("What is the highest salary by genre?", "SELECT genre, MAX(pages) FROM books", ""),
        ("How many loans were there between June and December?", "SELECT COUNT(*) FROM loans", ""),
        ("Wages of members", "SELECT SUM(fine) FROM loans", ""),
        ("What is the highest income by town?", "SELECT town, MAX(member_id) FROM members", ""),
        ("How many members earn above 4000?", "SELECT COUNT(*) FROM members WHERE member_id > 4000", ""),
        ("How many loans were made on weekends?", "SELECT COUNT(*) FROM loans", ""),
        ("Loans returned within 10 days", "SELECT loan_id FROM loans", ""),
        ("What is the ratio of members in York to members in Hull?", "SELECT COUNT(*) FROM members", ""),
        ("How many books are there per genre?", "SELECT COUNT(*) FROM books", ""),
        ("Which book has the most pages?", "SELECT title FROM books", ""),
        ("Which book has the most pages?", "SELECT title FROM books ORDER BY pages LIMIT 1", ""),
        ("Which book is the longest?", "SELECT title FROM books ORDER BY book_id DESC LIMIT 1", ""),
        ("What is the LR?", "SELECT SUM(fine) FROM loans", "LR = total fine / number of loans"),
        ("How many loans did Danish members make?", "SELECT COUNT(*) FROM loans", ""),
        ("Which members have loans?", "SELECT first_name FROM members", ""),
        ("The average price of borrowed books", "SELECT AVG(books.price) FROM loans", ""),
        (
            "Towns with an average fine over 2",
            "SELECT members.town FROM loans WHERE fine > 2 GROUP BY members.town",
            "",
        ),
        (
            "How many loans were there in September 2026 and in October 2026?",
            "SELECT COUNT(*) FROM loans WHERE lent_on >= '2026-09-01' AND lent_on < '2026-10-01'"
            " AND lent_on >= '2026-10-01' AND lent_on < '2026-11-01'",
            "",
        ),
        ("Which books cost more than twice the average price?", "SELECT title FROM books WHERE price > 2", ""),
        (
            "Members in York or who joined in 2025",
            "SELECT first_name FROM members WHERE town = 'York' AND joined_on >= '2025-01-01'",
            "",
        ),
        ("Which 3 books have the most pages?", "SELECT title FROM books ORDER BY pages DESC LIMIT 1", ""),
        ("How many books per genre, including genres with no books?", "SELECT genre, COUNT(*) FROM books", ""),
        (
            "How many loans were there between June 2025 and August 2025?",
            "SELECT COUNT(*) FROM loans WHERE lent_year = 2025",
            "",
        ),
        ("How many first-time members are there?", "SELECT COUNT(*) FROM members", ""),
        ("Loans returned within 10 days", "SELECT loan_id FROM loans WHERE returned_on > '2026-01-01'", ""),
        (
            "How long did loans last in minutes, the 2 longest?",
            "SELECT loan_id, returned_on - lent_on FROM loans ORDER BY returned_on - lent_on DESC LIMIT 2",
            "",
        ),
        (
            "Which loans are overdue, and by how many days overdue?",
            "SELECT loan_id, returned_on - CAST('2026-11-18' AS DATE) FROM loans WHERE returned_on < '2026-11-18'",
            "",
        ),
        (
            "How many loans, and how many of them were by members in York?",
            "SELECT COUNT(*), COUNT(*) FILTER (WHERE members.town = 'York') FROM loans WHERE members.town = 'York'",
            "",
        ),
        (
            "Which members have no loan?",
            "SELECT first_name FROM members WHERE NOT member_id IN (SELECT book_id FROM loans)",
            "",
        ),
        ("Loans with 'tid' in the name", "SELECT loan_id FROM loans WHERE books.title ILIKE '%tid%'", ""),
        (
            "Loans of the last 30 days",
            "SELECT loan_id FROM loans WHERE lent_on >= '2026-10-19'",
            "Last 30 days = returned_on from CURRENT_DATE - 30 days to CURRENT_DATE",
        ),
        (
            "Loans of 2026",
            "SELECT loan_id FROM loans WHERE lent_on >= '2026-01-01' AND lent_on < '2027-01-01'",
            "The year is that of returned_on.",
        ),
        (
            "What is the OTR?",
            "SELECT COUNT(*) FILTER (WHERE returned_on >= lent_on) / COUNT(*) FROM loans",
            "OTR = loans whose returned_on is not after lent_on / all loans",
        ),
        ("Loans lent more than 12 calendar days after joining", "SELECT loan_id FROM loans WHERE fine > 12", ""),
        (
            "How many days on average between the lent date and the first return?",
            "SELECT AVG(returned_on - lent_on) FROM loans",
            "",
        ),
        ("Members who joined in the very week in which they borrowed", "SELECT first_name FROM members", ""),
    ],
)
def test_what_is_said_and_not_held_is_told(text: str, sql: str, hints: str, index: FieldIndex) -> None:
    assert told(text, sql, index, hints)


@pytest.mark.parametrize(
    ("text", "sql", "hints"),
    [
        ("Loans returned within 10 days", "SELECT loan_id FROM loans WHERE returned_on - lent_on <= 10", ""),
        ("Loans returned within 10 days", "SELECT loan_id FROM loans WHERE (returned_on - lent_on) <= 10", ""),
        (
            "Which members have no loan?",
            "SELECT first_name FROM members WHERE NOT member_id IN (SELECT member_id FROM loans)",
            "",
        ),
        (
            "Loans of the last 30 days",
            "SELECT loan_id FROM loans WHERE returned_on >= '2026-10-19'",
            "Last 30 days = returned_on from CURRENT_DATE - 30 days to CURRENT_DATE",
        ),
        (
            "How many loans, and how many of them were by members in York?",
            "SELECT COUNT(*), COUNT(*) FILTER (WHERE members.town = 'York') FROM loans",
            "",
        ),
        (
            "Which loans are overdue, and by how many days overdue?",
            "SELECT loan_id, CAST('2026-11-18' AS DATE) - returned_on FROM loans WHERE returned_on < '2026-11-18'",
            "",
        ),
        ("How many loans were there in 2025?", "SELECT COUNT(*) FROM loans WHERE lent_on >= '2025-01-01'", ""),
        ("How many members live in York?", "SELECT COUNT(*) FROM members WHERE town = 'York'", ""),
        ("How many books are there per genre?", "SELECT genre, COUNT(*) FROM books GROUP BY genre", ""),
        ("Which book has the most pages?", "SELECT title FROM books ORDER BY pages DESC LIMIT 1", ""),
        ("How many sales did members make?", "SELECT COUNT(*) FROM members", ""),
        ("Give both titles and pages of the books.", "SELECT title, pages FROM books", ""),
        ("What is the LR?", "SELECT SUM(fine) / COUNT(*) FROM loans", "LR = total fine / number of loans"),
        ("York的会员有多少个？", "SELECT COUNT(*) FROM members", ""),
    ],
)
def test_what_is_held_is_not(text: str, sql: str, hints: str, index: FieldIndex) -> None:
    assert told(text, sql, index, hints) == ()
