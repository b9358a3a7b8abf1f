"""The llm's SELECT over qualified fields becomes one FROM the dataset whose rows it counts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from t2sql.adhoc.rooting import rooted
from t2sql.errors import NotComputable, RefusedSyntax
from t2sql.fields.index import FieldIndex


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        (
            "SELECT members.town, COUNT(loans.loan_id) FROM members",
            "SELECT members.town, COUNT(loan_id) FROM loans",
        ),
        ("SELECT members.town FROM members", "SELECT town FROM members"),
        (
            "SELECT COUNT(members.member_id), SUM(loans.fine) FROM members",
            "SELECT COUNT(DISTINCT members.member_id), SUM(fine) FROM loans",
        ),
        (
            "SELECT members.town FROM members WHERE loans.fine > 2",
            "SELECT town FROM members WHERE member_id IN (SELECT member_id FROM loans WHERE fine > 2)",
        ),
        (
            "SELECT members.town FROM members WHERE books.genre = 'travel' AND loans.fine = 0",
            "SELECT town FROM members WHERE member_id IN (SELECT member_id FROM loans WHERE books.genre = 'travel'"
            " AND fine = 0)",
        ),
        (
            "SELECT books.genre, SUM(loans.fine) FROM loans WHERE members.town = 'York' ORDER BY 2 DESC LIMIT 1",
            "SELECT books.genre, SUM(fine) FROM loans WHERE members.town = 'York' ORDER BY 2 DESC LIMIT 1",
        ),
        (
            "SELECT members.town FROM members WHERE members.member_id NOT IN (SELECT loans.member_id FROM loans)",
            "SELECT town FROM members WHERE NOT member_id IN (SELECT loans.member_id FROM loans)",
        ),
    ],
)
def test_rows_are_counted_once(index: FieldIndex, written: str, wanted: str) -> None:
    assert rooted(written, index.catalog) == wanted


def test_rows_without_a_key_are_counted_whole(index: FieldIndex) -> None:
    keyless = replace(index.catalog.datasets["loans"], primary_key=())
    catalog = replace(index.catalog, datasets={**index.catalog.datasets, "loans": keyless})
    assert rooted("SELECT COUNT(loans.loan_id) FROM loans", catalog) == "SELECT COUNT(*) FROM loans"


def test_a_rank_stands_around_what_it_ranks(index: FieldIndex) -> None:
    sql = rooted(
        "SELECT members.town, SUM(loans.fine), RANK() OVER (ORDER BY SUM(loans.fine) DESC) FROM loans", index.catalog
    )
    assert sql == (
        "SELECT c1, c2, RANK() OVER (ORDER BY c2 DESC) FROM (SELECT members.town AS c1, SUM(fine) AS c2 FROM loans)"
        " AS t"
    )


def test_what_nothing_joins_is_refused(index: FieldIndex) -> None:
    with pytest.raises(NotComputable, match="No dataset has all of"):
        rooted("SELECT nowhere.x, members.town FROM members", index.catalog)
    with pytest.raises(RefusedSyntax):
        rooted("DROP TABLE members", index.catalog)
