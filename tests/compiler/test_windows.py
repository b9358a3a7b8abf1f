"""Which days a request reads, under load calendars that the demo bank does not have."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from t2sql.compiler import compile_sql
from t2sql.compiler.calendar.periods import month_end, periods_between
from t2sql.errors import NotComputable
from t2sql.flow import Load, Loads, Plan
from t2sql.policy import Narrowed


def months(first: str, last: str, rows: int = 1000) -> tuple[Load, ...]:
    """One load at each month-end."""
    spans = periods_between(date.fromisoformat(first), date.fromisoformat(last), "month")
    return tuple(Load(month_end(p.first), rows) for p in spans)


def days(first: str, last: str) -> tuple[Load, ...]:
    """One load a day."""
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return tuple(Load(start + timedelta(days=i), 100) for i in range((end - start).days + 1))


def calendars(head_office: Narrowed, **special: tuple[Load, ...]) -> Loads:
    """Every fact loaded from 2024-01 to 2026-05, unless told otherwise."""
    usual = months("2024-01-01", "2026-05-31")
    return Loads({d.name: special.get(d.name, usual) for d in head_office.catalog.facts()})


def dates(plan: Plan) -> set[str]:
    """The days that stand in the physical SQL, fx sentinels aside."""
    return set(re.findall(r"'(\d{4}-\d{2}-\d{2})'", plan.physical.sql)) - {"9999-12-31"}


def codes(plan: Plan) -> list[str]:
    """What the plan tells beside the numbers."""
    return [note.code for note in plan.notes]


@pytest.mark.parametrize(
    ("measure", "period", "read"),
    [
        # The last load is May: the second quarter and the year are not over.
        ("loan_balance", "quarter = '2026-Q2'", {"2026-05-31"}),
        ("prev(loan_balance)", "quarter = '2026-Q2'", {"2026-03-31"}),
        ("prev(loan_balance)", "year = '2026'", {"2025-12-31"}),
        ("prev(loan_balance)", "quarter = '2026-Q1'", {"2025-12-31"}),
        ("prior_year(loan_balance)", "quarter = '2026-Q2'", {"2025-05-31"}),
        ("yoy(loan_balance)", "year = '2026'", {"2026-05-31", "2025-05-31"}),
        ("qoq(loan_balance)", "quarter = '2026-Q2'", {"2026-05-31", "2026-02-28"}),
        ("mom(loan_balance)", "quarter = '2026-Q2'", {"2026-05-31", "2026-04-30"}),
        ("vs_year_start(loan_balance)", "year = '2026'", {"2026-05-31", "2025-12-31"}),
        ("vs_year_start(loan_balance)", "month = '2025-12'", {"2025-12-31", "2024-12-31"}),
        ("vs_year_start(loan_balance)", "month = '2025-01'", {"2025-01-31", "2024-12-31"}),
        # Flows and averages: the same span of days.
        ("card_spend", "quarter = '2026-Q2'", {"2026-04-01", "2026-05-31"}),
        ("prior_year(card_spend)", "quarter = '2026-Q2'", {"2025-04-01", "2025-05-31"}),
        ("prev(card_spend)", "quarter = '2026-Q2'", {"2026-01-01", "2026-02-28"}),
        ("prev(card_spend)", "year = '2026'", {"2025-01-01", "2025-05-31"}),
        ("qoq(card_spend)", "quarter = '2026-Q2'", {"2026-04-01", "2026-05-31", "2026-01-01", "2026-02-28"}),
        ("ytd(card_spend)", "month = '2026-03'", {"2026-01-01", "2026-03-31"}),
        ("prior_year(ytd(card_spend))", "month = '2026-03'", {"2025-01-01", "2025-03-31"}),
        ("loan_balance_avg", "year = '2026'", {"2026-01-01", "2026-05-31"}),
        ("prior_year(loan_balance_avg)", "year = '2026'", {"2025-01-01", "2025-05-31"}),
        ("prev(loan_balance_avg)", "half = '2025-H2'", {"2025-01-01", "2025-06-30"}),
        # Ranges.
        ("loan_balance", "month BETWEEN '2025-02' AND '2025-07'", {"2025-07-31"}),
        ("card_spend", "month >= '2026-02'", {"2026-02-01", "2026-05-31"}),
        ("card_spend", "month < '2024-03'", {"2024-01-01", "2024-02-29"}),
        ("card_spend", "day BETWEEN '2026-03-05' AND '2026-03-09'", {"2026-03-05", "2026-03-09"}),
    ],
)
def test_days_read(measure: str, period: str, read: set[str], head_office: Narrowed) -> None:
    """No other day stands in the SQL."""
    plan = compile_sql(f"SELECT {measure} FROM bank WHERE {period}", head_office, calendars(head_office))
    assert dates(plan) == read


@pytest.mark.parametrize(
    ("sql", "period"),
    [
        ("SELECT loan_balance FROM bank", "2026-05"),
        ("SELECT card_spend FROM bank", "2026-01-01..2026-05-31"),
        ("SELECT loan_balance, card_spend FROM bank", "2026-01-01..2026-05-31"),
        ("SELECT loan_balance_avg FROM bank", "2026-01-01..2026-05-31"),
        ("SELECT ytd(card_spend) FROM bank", "2026-01-01..2026-05-31"),
    ],
)
def test_no_period_asked(sql: str, period: str, head_office: Narrowed) -> None:
    """A stock reads its latest date; a flow what its definition says; the text that is kept says which."""
    plan = compile_sql(sql, head_office, calendars(head_office))
    assert plan.understood.periods == (period,)
    assert plan.understood.is_default_period
    kept = compile_sql(plan.semantic_sql, head_office, calendars(head_office, loans=months("2024-01-01", "2026-07-31")))
    assert kept.understood.periods == (period,)


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("SELECT card_spend FROM bank WHERE year = '2026'", "unfinished"),
        ("SELECT year, card_spend FROM bank", "unfinished"),
        ("SELECT loan_balance FROM bank WHERE year = '2026'", "as_of"),
        ("SELECT month, loan_balance FROM bank WHERE year = '2026'", "not_loaded"),
    ],
)
def test_notes(sql: str, code: str, head_office: Narrowed) -> None:
    """What is not over, or not loaded, is told."""
    assert code in codes(compile_sql(sql, head_office, calendars(head_office)))


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT branch FROM bank",
        "SELECT loan_balance FROM bank WHERE year = '2025'",
        "SELECT ytd(card_spend) FROM bank WHERE month = '2025-12'",
        "SELECT month, card_spend FROM bank WHERE year = '2025'",
    ],
)
def test_no_note_without_need(sql: str, head_office: Narrowed) -> None:
    """A note that is always there is never read."""
    assert codes(compile_sql(sql, head_office, calendars(head_office))) == []


def test_the_latest_date_common_to_two_stocks(head_office: Narrowed) -> None:
    """Deposits are loaded for June, loans for May: both are shown as of May."""
    loads = calendars(head_office, deposits=months("2024-01-01", "2026-06-30"))
    plan = compile_sql("SELECT loan_to_deposit FROM bank", head_office, loads)
    assert plan.understood.as_of == ("2026-05-31",)
    assert dates(plan) == {"2026-05-31"}


def test_stocks_that_never_meet(head_office: Narrowed) -> None:
    """Two stocks without one common date have no ratio."""
    loads = calendars(head_office, deposits=months("2020-01-01", "2020-12-31"))
    with pytest.raises(NotComputable, match=r"(never loaded for the same day|Nothing is loaded)"):
        compile_sql("SELECT loan_to_deposit FROM bank", head_office, loads)


def test_days_that_were_not_loaded(head_office: Narrowed) -> None:
    """The divisor of a daily average is the number of loads, and a gap is nobody's as-of date."""
    gap = tuple(d for d in days("2026-04-01", "2026-05-31") if d.as_of.day not in (30, 31))
    loads = calendars(head_office, daily_deposits=gap)
    average = compile_sql("SELECT deposit_daily_avg FROM bank WHERE month = '2026-04'", head_office, loads)
    assert "/ 29" in average.physical.sql
    close = compile_sql("SELECT deposit_daily_balance FROM bank WHERE month = '2026-04'", head_office, loads)
    assert dates(close) == {"2026-04-29"}
    with pytest.raises(NotComputable, match="Nothing is loaded for 2026-04-30"):
        compile_sql("SELECT deposit_daily_balance FROM bank WHERE day = '2026-04-30'", head_office, loads)


def test_an_average_of_a_year_that_began_before_the_loads(head_office: Narrowed) -> None:
    """Six months of loads are no yearly average."""
    loads = calendars(head_office, daily_deposits=days("2025-07-01", "2026-05-31"))
    with pytest.raises(NotComputable, match="Nothing is loaded for 2025"):
        compile_sql("SELECT deposit_daily_avg FROM bank WHERE year = '2025'", head_office, loads)


def test_a_thin_load_is_flagged(head_office: Narrowed) -> None:
    """Under 80 % of the rows before, for the load that is read and for no other."""
    thin = (*months("2024-01-01", "2026-03-31"), Load(date(2026, 4, 30), 790), Load(date(2026, 5, 31), 1000))
    loads = calendars(head_office, loans=thin)
    read = compile_sql("SELECT loan_balance FROM bank WHERE month = '2026-04'", head_office, loads)
    assert codes(read) == ["thin_load"]
    assert "79%" in read.notes[0].en
    assert codes(compile_sql("SELECT loan_balance FROM bank WHERE month = '2026-05'", head_office, loads)) == []


def test_a_fact_without_any_load(head_office: Narrowed) -> None:
    """Told by name."""
    with pytest.raises(NotComputable, match="Nothing is loaded for dataset 'fees'"):
        compile_sql("SELECT fee_amount FROM bank", head_office, calendars(head_office, fees=()))


def test_rights_never_move_a_window(head_office: Narrowed, catalog, policies) -> None:  # type: ignore[no-untyped-def]
    """The same days for everybody."""
    loads = calendars(head_office)
    east = policies.narrow(catalog, policies.principal("analyst_east"))
    for sql in ("SELECT branch, yoy(loan_balance) FROM bank", "SELECT month, deposit_daily_avg FROM bank"):
        assert dates(compile_sql(sql, east, loads)) == dates(compile_sql(sql, head_office, loads))


def test_the_fifty_third_week(head_office: Narrowed) -> None:
    """It belongs to 2020, and the week after it looks back on it."""
    loads = calendars(head_office, card_spending=months("2020-01-01", "2021-03-31"))
    plan = compile_sql("SELECT prev(card_spend) FROM bank WHERE week = '2021-W01'", head_office, loads)
    assert dates(plan) == {"2020-12-28", "2021-01-03"}


@pytest.mark.parametrize(
    ("last", "period", "read"),
    [
        # The day reached, and the same day a year before; 29 February meets 28 February.
        ("2024-02-29", "year = '2024'", {"2023-01-01", "2023-02-28"}),
        ("2025-02-28", "year = '2025'", {"2024-01-01", "2024-02-29"}),
        ("2024-03-15", "year = '2024'", {"2023-01-01", "2023-03-15"}),
        ("2024-03-15", "quarter = '2024-Q1'", {"2023-01-01", "2023-03-15"}),
        ("2024-02-28", "month = '2024-02'", {"2023-02-01", "2023-02-28"}),
        ("2025-02-27", "month = '2025-02'", {"2024-02-01", "2024-02-27"}),
    ],
)
def test_an_unfinished_flow_compares_with_the_same_span(
    last: str, period: str, read: set[str], head_office: Narrowed
) -> None:
    """Days, not periods; and the reader is told."""
    loads = calendars(head_office, card_spending=days("2023-01-01", last))
    plan = compile_sql(f"SELECT card_spend, prior_year(card_spend) FROM bank WHERE {period}", head_office, loads)
    assert read <= dates(plan)
    assert codes(plan) == ["unfinished"]


def test_flows_loaded_by_quarter(head_office: Narrowed) -> None:
    """A load stands for the three months before it, so that the months between are no gaps."""
    quarters = tuple(load for load in months("2024-01-01", "2026-03-31") if load.as_of.month % 3 == 0)
    whole = calendars(head_office, card_spending=quarters)
    assert dates(compile_sql("SELECT card_spend FROM bank WHERE year = '2025'", head_office, whole)) == {
        "2025-01-01",
        "2025-12-31",
    }
    gap = calendars(head_office, card_spending=tuple(q for q in quarters if q.as_of != date(2025, 6, 30)))
    with pytest.raises(NotComputable, match="Nothing is loaded for 2025"):
        compile_sql("SELECT card_spend FROM bank WHERE year = '2025'", head_office, gap)


def test_a_flow_without_a_load_calendar_has_no_gaps(head_office: Narrowed) -> None:
    """Its rows are its loads, and a month without a sale is a month."""
    catalog = head_office.catalog
    bare = replace(catalog.datasets["card_spending"], load_calendar=None)
    narrowed = replace(head_office, catalog=replace(catalog, datasets={**catalog.datasets, "card_spending": bare}))
    sparse = tuple(load for load in months("2024-01-01", "2026-05-31") if load.as_of.month != 4)
    loads = calendars(head_office, card_spending=sparse)
    plan = compile_sql("SELECT card_spend FROM bank WHERE year = '2025'", narrowed, loads)
    assert dates(plan) == {"2025-01-01", "2025-12-31"}


def test_a_thin_load_inside_a_mean_is_flagged(head_office: Narrowed) -> None:
    """It counts like the others, so the reader must know."""
    thin = (*months("2024-01-01", "2026-03-31"), Load(date(2026, 4, 30), 790), Load(date(2026, 5, 31), 1000))
    plan = compile_sql(
        "SELECT loan_balance_avg FROM bank WHERE quarter = '2026-Q2'", head_office, calendars(head_office, loans=thin)
    )
    assert "thin_load" in codes(plan)
