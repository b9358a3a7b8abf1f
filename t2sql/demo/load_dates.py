"""The load calendar, counted from the rows that were written."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

# table, its date; flows are loaded through a month-end, the rest as of their own date.
_STOCKS = (
    ("loan_snapshot", "snapshot_date"),
    ("deposit_snapshot", "snapshot_date"),
    ("card_snapshot", "snapshot_date"),
    ("wealth_holding", "snapshot_date"),
    ("customer_snapshot", "snapshot_date"),
    ("deposit_daily", "balance_date"),
    ("gl_balance", "month_end"),
)
_FLOWS = (
    ("loan_disbursement", "disbursed_on"),
    ("loan_repayment", "paid_on"),
    ("card_transaction", "txn_date"),
    ("fee_transaction", "txn_date"),
    ("gl_monthly", "month_end"),
)


def fill(connection: duckdb.DuckDBPyConnection) -> None:
    """Write load_calendar: a row for each table and as-of date, loaded early on the next day."""
    for names, as_of in ((_STOCKS, "{0}"), (_FLOWS, "last_day({0})")):
        for table, date in names:
            day = as_of.format(date)
            connection.execute(
                f"INSERT INTO load_calendar SELECT '{table}', {day}, count(*), {day}::TIMESTAMP + INTERVAL 26 HOUR "
                f"FROM {table} GROUP BY {day} ORDER BY {day}"
            )
