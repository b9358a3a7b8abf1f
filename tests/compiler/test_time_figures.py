"""Figures over calendars that the demo bank does not have, against numbers counted by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from t2sql.errors import NotComputable, QueryError

from small_time import SmallWarehouse

Rows = list[tuple[object, ...]]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> SmallWarehouse:
    """Read only by these tests."""
    return SmallWarehouse(tmp_path_factory.mktemp("small"))


ALIGNED: list[tuple[str, str, Rows]] = [
    # Leap days, both ways, for balances and flows.
    ("month_total, prior_year(month_total)", "unit = 'A' AND month = '2024-02'", [(1020, 20)]),
    ("prior_year(moved), moved", "unit = 'A' AND month = '2024-02'", [(28, 29)]),
    ("moved, prev(moved)", "unit = 'A' AND month = '2024-03'", [(31, 29)]),
    ("moved, prior_year(moved)", "unit = 'A' AND day = '2024-02-29'", [(1, 1)]),
    ("moved, prior_year(moved)", "unit = 'A' AND day BETWEEN '2024-02-20' AND '2024-02-29'", [(10, 9)]),
    ("ytd(moved), prior_year(ytd(moved))", "unit = 'A' AND month = '2024-02'", [(60, 59)]),
    # 31 ↔ 30, and closes loaded on the second last day or earlier.
    ("book_total, prev(book_total)", "month = '2024-05'", [(31, 29)]),
    ("book_total, prev(book_total)", "month = '2024-04'", [(29, 30)]),
    ("mom_diff(book_total)", "month = '2024-03'", [(1,)]),
    ("month_total, prior_year(month_total)", "unit = 'A' AND month = '2024-05'", [(1050, 50)]),
    ("month_total, vs_year_start_diff(month_total)", "unit = 'A' AND month = '2024-03'", [(1030, 910)]),
    # A day that is not loaded is nobody's base; the day after it has none.
    ("book_total, prev(book_total)", "day = '2024-05-01'", [(1, None)]),
    ("book_total, prev(book_total)", "day = '2024-04-29'", [(29, 28)]),
    # A month that is not loaded: never the month before, and no base either.
    (
        "month_total, prior_year(month_total), yoy(month_total)",
        "unit = 'A' AND month = '2024-04'",
        [(1040, None, None)],
    ),
    ("month_total, prev(month_total), mom_diff(month_total)", "unit = 'A' AND month = '2023-05'", [(50, None, None)]),
    ("month_total, qoq_diff(month_total)", "unit = 'A' AND month = '2023-07'", [(70, None)]),
    # The same, by quarter: its close is the last load inside it.
    ("month_total, prev(month_total)", "unit = 'A' AND quarter = '2023-Q3'", [(90, 60)]),
    # Weekly and quarterly snapshots.
    ("week_total, prior_year(week_total)", "month = '2024-03'", [(29, 31)]),
    ("week_total, prev(week_total)", "week = '2024-W01'", [(5, 29)]),
    ("week_total, vs_year_start_diff(week_total)", "month = '2024-03'", [(29, 0)]),
    ("quarter_total, prior_year(quarter_total)", "quarter = '2024-Q1'", [(1010, 10)]),
    ("qoq_diff(quarter_total), vs_year_start_diff(quarter_total)", "quarter = '2024-Q1'", [(970, 970)]),
    ("quarter_total, mom(quarter_total)", "quarter = '2024-Q1'", [(1010, None)]),
    # Unfinished: the same span of days.
    ("moved, prior_year(moved)", "unit = 'A' AND year = '2024'", [(167, 166)]),
    ("moved, prev(moved)", "unit = 'A' AND month = '2024-06'", [(15, 15)]),
    ("moved, qoq_diff(moved)", "unit = 'A' AND quarter = '2024-Q2'", [(76, 1)]),
    # Rates need a base above zero.
    (
        "unit, yoy(month_total), yoy_diff(month_total)",
        "month = '2024-03'",
        [("A", 1000 / 30, 1000), ("B", None, 10), ("C", None, 7)],
    ),
]


@pytest.mark.parametrize(("columns", "condition", "expected"), ALIGNED)
def test_alignment(columns: str, condition: str, expected: Rows, small: SmallWarehouse) -> None:
    """Now and its base."""
    assert small.rows(f"SELECT {columns} FROM small WHERE {condition}") == [
        tuple(v if isinstance(v, (str, type(None))) else round(v, 9) for v in row) for row in expected
    ]


CUMULATIVE: list[tuple[str, str, Rows]] = [
    ("year_rolling", "month = '2024-02'", [(366,)]),
    ("year_rolling", "month = '2024-03'", [(366,)]),
    ("year_rolling", "month = '2023-12'", [(365,)]),
    ("year_rolling", "month = '2024-06'", [(366,)]),
    ("year_rolling, prev(year_rolling), yoy(year_rolling)", "month = '2024-02'", [(366, 365, None)]),
    ("month_rolling, prior_year(month_rolling)", "month = '2024-03'", [(30, 30)]),
    ("fortnight_rolling, mom_diff(fortnight_rolling)", "day = '2024-03-05'", [(14, 0)]),
    ("two_quarters_rolling", "month = '2024-03'", [(183,)]),
    ("ever, yoy_diff(ever)", "month = '2024-01'", [(396, 365)]),
    ("ever, prev(ever)", "month = '2023-02'", [(59, 31)]),
    ("month_to_date", "day = '2024-03-05'", [(5,)]),
    ("month_to_date, prior_year(month_to_date)", "month = '2024-06'", [(15, 15)]),
    ("half_to_date, yoy_diff(half_to_date)", "month = '2024-03'", [(91, 1)]),
    ("year_to_date, ytd(moved)", "quarter = '2024-Q1'", [(91, 91)]),
    ("book_rolling", "month = '2024-03'", [((29 * 30 / 2 + 30 * 31 / 2) / 59,)]),
]


@pytest.mark.parametrize(("columns", "condition", "expected"), CUMULATIVE)
def test_windows_that_reach_further(columns: str, condition: str, expected: Rows, small: SmallWarehouse) -> None:
    """Unit A alone."""
    found = small.rows(f"SELECT {columns} FROM small WHERE unit = 'A' AND {condition}")
    assert found == [tuple(v if v is None else round(float(str(v)), 9) for v in row) for row in expected]


def test_distinct_things_are_recounted(small: SmallWarehouse) -> None:
    """Two units move in the twelve months, not one a month."""
    sql = "SELECT month, movers, movers_rolling, ytd(movers) FROM small WHERE month IN ('2023-12', '2024-03')"
    assert small.rows(sql) == [("2023-12", 1, 1, 1), ("2024-03", 2, 2, 2)]


def test_a_window_before_the_first_load_has_no_figure(small: SmallWarehouse) -> None:
    """Never a part of one; told where others have one."""
    plan = small.plan("SELECT month, year_rolling FROM small WHERE month BETWEEN '2023-10' AND '2024-01'")
    assert [n.code for n in plan.notes] == ["not_loaded"]
    assert small.rows(
        "SELECT month, year_rolling FROM small WHERE unit = 'A' AND month BETWEEN '2023-10' AND '2024-01'"
    ) == [
        ("2023-12", 365),
        ("2024-01", 365),
    ]
    with pytest.raises(NotComputable, match="Nothing is loaded for 2023-06"):
        small.plan("SELECT year_rolling FROM small WHERE month = '2023-06'")


ANNUALISED: list[tuple[str, str, Rows]] = [
    ("rate_365, rate_360, rate_act", "month = '2024-02'", [(365 / 29, 360 / 29, 366 / 29)]),
    ("rate_365, rate_360, rate_act", "month = '2023-02'", [(365 / 28, 360 / 28, 365 / 28)]),
    ("rate_365, rate_act", "year = '2024'", [(365 / 167, 366 / 167)]),
    ("ytd(rate_act), prior_year(ytd(rate_act))", "month = '2024-02'", [(366 / 60, 365 / 59)]),
    ("yoy_diff(rate_365), yoy(rate_365)", "month = '2024-02'", [(365 / 29 - 365 / 28, 28 / 29 - 1)]),
    ("prev(rate_365), mom_diff(rate_365)", "month = '2024-03'", [(365 / 29, 365 / 31 - 365 / 29)]),
    ("rate_rolling", "month = '2024-02'", [(1 / (306 / 365 + 60 / 366),)]),
    ("rate_rolling, rate_365", "month = '2023-12'", [(1.0, 365 / 31)]),
    ("rate_act", "day BETWEEN '2023-12-31' AND '2024-01-01'", [(1 / (1 / 365 + 1 / 366),)]),
    # A flow over the balance it began with: the days are the flow's.
    ("rate_on_opening", "month = '2024-05'", [(31 * 365 / 31 / 29,)]),
]


@pytest.mark.parametrize(("columns", "condition", "expected"), ANNUALISED)
def test_a_year_has_its_days(columns: str, condition: str, expected: Rows, small: SmallWarehouse) -> None:
    """moved / moved is 1, so that what is left is the day count."""
    found = small.rows(f"SELECT {columns} FROM small WHERE unit = 'A' AND {condition}")
    assert found == [tuple(round(float(str(v)), 9) for v in row) for row in expected]


def test_each_period_is_annualised_by_its_own_days(small: SmallWarehouse) -> None:
    """A series over a leap year's end."""
    sql = "SELECT month, rate_act FROM small WHERE unit = 'A' AND month BETWEEN '2023-12' AND '2024-02'"
    assert small.rows(sql) == [
        ("2023-12", round(365 / 31, 9)),
        ("2024-01", round(366 / 31, 9)),
        ("2024-02", round(366 / 29, 9)),
    ]


STOCKS: list[tuple[str, str, Rows]] = [
    ("book_opening, book_total", "month = '2024-04'", [(30, 29)]),
    ("book_opening, book_total", "quarter = '2024-Q2'", [(30, 15)]),
    ("book_opening", "month BETWEEN '2024-05' AND '2024-06'", [(29,)]),
    ("book_opening, prev(book_opening)", "month = '2024-05'", [(29, 30)]),
    ("book_opening", "day = '2024-05-02'", [(1,)]),
    ("book_mean", "month = '2024-04'", [(15,)]),
    ("book_mean", "month = '2024-03'", [(15.5,)]),
    ("book_month_ends", "quarter = '2024-Q1'", [(30,)]),
    # April and May are over, June is not.
    ("book_month_ends", "quarter = '2024-Q2'", [(30,)]),
    ("book_month_ends, prev(book_month_ends)", "month = '2024-05'", [(31, 29)]),
    ("month_mean", "quarter = '2023-Q2'", [((50 + 60) / 2,)]),
]


@pytest.mark.parametrize(("columns", "condition", "expected"), STOCKS)
def test_balances(columns: str, condition: str, expected: Rows, small: SmallWarehouse) -> None:
    """Opening, mean of loads, mean of month-ends."""
    found = small.rows(f"SELECT {columns} FROM small WHERE unit = 'A' AND {condition}")
    assert found == [tuple(round(float(str(v)), 9) for v in row) for row in expected]


def test_a_month_missing_in_a_mean_is_told(small: SmallWarehouse) -> None:
    """Decision 5 divides by the loads there are; the reader must know that one is missing."""
    plan = small.plan("SELECT month_mean FROM small WHERE quarter = '2023-Q2'")
    assert [(n.code, "2023-04" in n.en) for n in plan.notes] == [("gap", True)]


def test_a_flow_with_a_month_that_was_not_loaded(small: SmallWarehouse) -> None:
    """What is there of September is not September, and a year without it is not the year."""
    assert small.rows("SELECT month, fees FROM small WHERE month BETWEEN '2023-08' AND '2023-11'") == [
        ("2023-08", 2),
        ("2023-10", 2),
        ("2023-11", 2),
    ]
    assert small.rows("SELECT fees, prev(fees), mom(fees) FROM small WHERE month = '2023-10'") == [(2, None, None)]
    assert small.rows("SELECT year, fees, yoy_diff(fees) FROM small") == [("2024", 12, 0)]
    assert small.rows("SELECT ytd(fees) FROM small WHERE month = '2023-08'") == [(16,)]
    for period in ("quarter = '2023-Q3'", "year = '2023'", "month = '2023-09'"):
        with pytest.raises(NotComputable, match="Nothing is loaded for 2023"):
            small.plan(f"SELECT fees FROM small WHERE {period}")
    assert small.rows("SELECT month, fees_rolling FROM small WHERE month BETWEEN '2023-08' AND '2023-12'") == [
        ("2023-08", 6),
        ("2023-12", 6),
    ]


def test_nothing_and_not_loaded_are_two_things(small: SmallWarehouse) -> None:
    """Inside a derived figure a sum without rows is 0 where its month is loaded; a ratio over nothing stays empty."""
    sql = "SELECT unit, moved, fees, net, twice_net, net_and_moved, fee_rate FROM small WHERE month = '2024-01'"
    assert small.rows(sql) == [("A", 31, 2, 29, 58, 89, round(2 / 31, 9)), ("B", 10, None, 10, 20, 30, 0)]
    sql = "SELECT month, unit, net, fee_rate FROM small WHERE unit = 'A' AND month IN ('2023-08', '2023-09')"
    assert small.rows(sql) == [("2023-08", "A", 29, round(2 / 31, 9)), ("2023-09", "A", None, None)]


def test_money_in_two_currencies(tmp_path: Path) -> None:
    """Each amount at its own month's mean rate, the base at the base's, and no rate means no number."""
    small = SmallWarehouse(tmp_path)
    rows = "(DATE '2023-01-05', 3, 'USD', 4), (DATE '2024-01-05', 3, 'USD', 4), (DATE '2024-01-06', 3, 'USD', 2)"
    small.connection.execute(f"INSERT INTO move VALUES {rows}")
    columns = "moved, prior_year(moved), yoy(moved), largest_move, smallest_move, mean_move, prior_year(largest_move)"
    sql = f"SELECT {columns} FROM small WHERE unit = 'C' AND month = '2024-01'"
    assert small.rows(sql) == [(36, 20, 0.8, 24, 12, 18, 20)]
    small.connection.execute(
        "INSERT INTO book VALUES (DATE '2024-01-31', 3, 'USD', 1), (DATE '2024-02-29', 3, 'USD', 1)"
    )
    sql = "SELECT book_total, book_mean, ytd(book_mean), book_opening FROM small WHERE unit = 'C' AND month = '2024-02'"
    assert small.rows(sql) == [(8, round(8 / 29, 9), round(16 / 60, 9), 8)]


@pytest.mark.parametrize(
    ("row", "sql"),
    [
        ("move VALUES (DATE '2024-02-05', 3, 'EUR', 1)", "SELECT moved FROM small WHERE month = '2024-02'"),
        ("move VALUES (DATE '2024-02-05', 3, 'EUR', 1)", "SELECT year_rolling FROM small WHERE month = '2024-03'"),
        ("move VALUES (DATE '2024-02-05', 3, 'EUR', 1)", "SELECT prev(mean_move) FROM small WHERE month = '2024-03'"),
        ("move VALUES (DATE '2024-02-05', 3, 'EUR', 1)", "SELECT ytd(largest_move) FROM small WHERE month = '2024-04'"),
        (
            "book VALUES (DATE '2022-02-05', 3, 'GBP', 1), (DATE '2024-02-29', 3, 'GBP', 1)",
            "SELECT book_month_ends FROM small WHERE quarter = '2024-Q1'",
        ),
        ("book VALUES (DATE '2024-02-29', 3, 'GBP', 1)", "SELECT book_opening FROM small WHERE month = '2024-03'"),
    ],
)
def test_a_missing_rate_is_found(row: str, sql: str, tmp_path: Path) -> None:
    """On every path that converts, bases and windows as well; the guard names the currency."""
    small = SmallWarehouse(tmp_path)
    small.connection.execute(f"INSERT INTO {row}")
    found = [small.connection.execute(g.physical.sql).fetchall() for g in small.plan(sql).guards]
    assert any(rows in ([("EUR",)], [("GBP",)]) for rows in found)


FISCAL: list[tuple[str, str, Rows]] = [
    ("moved", "year = 'FY2024'", [(366,)]),
    ("moved", "half = 'FY2024-H2'", [(183,)]),
    ("moved", "quarter = 'FY2024-Q1'", [(91,)]),
    ("quarter, moved", "half = 'FY2024-H1'", [("2023-Q2", 91), ("2023-Q3", 92)]),
    ("month, moved", "quarter = 'FY2024-Q4'", [("2024-01", 31), ("2024-02", 29), ("2024-03", 31)]),
    ("month_total", "year = 'FY2024'", [(1030,)]),
    ("moved", "year >= 'FY2024' AND month <= '2023-05'", [(61,)]),
    (
        "month, moved",
        "year = 'FY2024' AND quarter <> 'FY2024-Q1' AND month < '2023-09'",
        [("2023-07", 31), ("2023-08", 31)],
    ),
    ("prior_year(moved)", "quarter = 'FY2025-Q1'", [(76,)]),
]


@pytest.mark.parametrize(("columns", "condition", "expected"), FISCAL)
def test_a_fiscal_year_from_april(columns: str, condition: str, expected: Rows, small: SmallWarehouse) -> None:
    """FY2024 ends in March 2024."""
    assert small.rows(f"SELECT {columns} FROM small WHERE unit = 'A' AND {condition}") == expected


def test_a_fiscal_year_is_told_by_its_name(small: SmallWarehouse) -> None:
    """Where the calendar has no word for it."""
    assert small.plan("SELECT moved FROM small WHERE year = 'FY2024'").understood.periods == ("FY2024",)
    assert small.plan("SELECT moved FROM small WHERE quarter = 'FY2024-Q4'").understood.periods == ("2024-Q1",)


def test_balances_of_two_books_meet_on_one_date(small: SmallWarehouse) -> None:
    """The daily book is loaded for June, the monthly one for May; that is said."""
    for sql in (
        "SELECT book_total, month_total FROM small",
        "SELECT book_total, month_total FROM small WHERE year = '2024'",
    ):
        plan = small.plan(sql)
        assert plan.understood.as_of == ("2024-05-31",)
        assert "common_date" in [n.code for n in plan.notes]
    assert small.rows("SELECT book_total, month_total FROM small WHERE unit = 'A'") == [(31, 1050)]
    alone = small.plan("SELECT book_total, month_total FROM small WHERE month = '2024-05'")
    assert "common_date" not in [n.code for n in alone.notes]


def test_a_figure_that_is_empty_beside_others_is_told(small: SmallWarehouse) -> None:
    """By its own name and window, where the period itself is loaded."""
    plan = small.plan("SELECT month, year_rolling, moved FROM small WHERE month IN ('2023-06', '2023-12')")
    assert [n.en for n in plan.notes] == ["moved over 12 months: not wholly loaded for 2023-06, so left empty."]
    plan = small.plan("SELECT month, fees, moved, month_total FROM small WHERE month IN ('2023-04', '2023-09')")
    assert [n.en for n in plan.notes] == [
        "fees: not wholly loaded for 2023-09, so left empty.",
        "month total: not wholly loaded for 2023-04, so left empty.",
    ]


def test_an_opening_balance_is_dated_when_it_opened(small: SmallWarehouse) -> None:
    """Not by the close of the period that it opens."""
    assert small.plan("SELECT book_opening FROM small WHERE month = '2024-05'").understood.as_of == ("2024-04-29",)
    both = small.plan("SELECT book_opening, book_total FROM small WHERE month = '2024-05'").understood.as_of
    assert both == ("2024-04-29", "2024-05-31")


def test_growth_says_where_it_is_empty(small: SmallWarehouse) -> None:
    """Beside rates, and nothing else."""
    notes = small.plan("SELECT yoy(moved) FROM small WHERE month = '2024-02'").notes
    assert [n.code for n in notes] == ["empty_growth"]
    assert small.plan("SELECT yoy_diff(moved), prior_year(moved) FROM small WHERE month = '2024-02'").notes == ()


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("SELECT year, moved FROM small WHERE year = 'FY2024'", "A quarter cannot limit results by year"),
        ("SELECT half, moved FROM small WHERE half = 'FY2024-H1'", "cannot limit results by half"),
        ("SELECT moved FROM small WHERE month = 'FY2024-07'", "weeks, months and days are the calendar's"),
        ("SELECT moved FROM small WHERE quarter = 'FY2024'  AND quarter = 'fy2025'", "'fy2025' is not a period"),
        ("SELECT moved FROM small WHERE month = 'FY2024-Q1' AND week = '2023-W20'", ""),
        ("SELECT prev(moved) FROM small WHERE year = 'FY2024'", "One period back is not clear"),
        (
            "SELECT day, week_total FROM small WHERE month = '2024-03'",
            "'week_book' is stored by week; there is no figure by day",
        ),
        ("SELECT month, quarter_total FROM small WHERE year = '2023'", "'quarter_book' is stored by quarter"),
        ("SELECT book_total FROM small WHERE day = '2024-04-30'", "Nothing is loaded for 2024-04-30"),
        ("SELECT month_total FROM small WHERE month = '2023-04'", "Nothing is loaded for 2023-04"),
        ("SELECT prior_year(month_total) FROM small WHERE month = '2024-04'", "nothing to compare 2024-04 with"),
        ("SELECT moves FROM small", "moves adds up over time, and no period was asked"),
        ("SELECT month_to_date FROM small WHERE quarter = '2024-Q1'", "longer than one month"),
        ("SELECT prev(month_to_date) FROM small WHERE month = '2024-03'", "starts anew each month"),
        ("SELECT ytd(ever) FROM small WHERE month = '2024-03'", "sums up over time already"),
    ],
)
def test_refused(sql: str, words: str, small: SmallWarehouse) -> None:
    """In words that name what is wrong."""
    if not words:
        assert small.rows(sql.replace("month = 'FY2024-Q1'", "unit = 'A' AND month = 'FY2024-Q1'")) == [(7,)]
        return
    with pytest.raises(QueryError, match=words):
        small.plan(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT month_total FROM small WHERE month = '2023-04'",
        "SELECT ytd(ever) FROM small",
        "SELECT moves FROM small",
        "SELECT moved FROM small WHERE month = '2024-1'",
        "SELECT rank(rank(moved)), unit FROM small",
        "SELECT moved FROM small WHERE month LIKE '2024%'",
    ],
)
def test_refusals_are_told_in_chinese_too(sql: str, small: SmallWarehouse) -> None:
    """A person reaches them from the page."""
    with pytest.raises(QueryError) as raised:
        small.plan(sql)
    assert raised.value.zh is not None
