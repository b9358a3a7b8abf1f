"""Builds the demo bank aside and puts it in place when whole; a failed build leaves an existing file as it was."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np

from t2sql.demo import (
    branches,
    cards,
    customers,
    daily,
    deposits,
    fees,
    ledger,
    lending,
    load_dates,
    loan_book,
    loan_rows,
    months,
    products,
    wealth,
)
from t2sql.demo.draws import Draws, Ints
from t2sql.demo.schema import comment_statements, create_statement
from t2sql.demo.tables import TABLES
from t2sql.demo.writing import Columns, write
from t2sql.errors import ConfigError, WarehouseError

SEED = 20240101
_SMALLEST_SCALE = 0.02
_BYTES_AT_SCALE_ONE = 400_000_000
_SPARE_BYTES = 50_000_000

Progress = Callable[[str, float], None]
"""Called with what was just written and the share done, 0 to 1."""


def build_bank(path: Path, *, scale: float = 1.0, seed: int = SEED, progress: Progress | None = None) -> None:
    """Write the demo bank to path, replacing what is there only once the new file is whole.

    scale 1 means 50,000 customers. The same scale and seed give the same rows on every machine.
    Raises ConfigError for a scale out of range, WarehouseError when the disk is too full or the file cannot be written.
    """
    if not _SMALLEST_SCALE <= scale <= 20:
        raise ConfigError(
            f"The demo bank cannot be built at scale {scale:g}.", f"Use a scale from {_SMALLEST_SCALE} to 20."
        )
    partial = path.with_name(path.name + ".partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _require_room(path, scale)
        _require_alone(partial)
    except OSError as error:
        raise _unwritable(path, error) from error
    try:
        _discard(partial)
        _build(partial, scale, seed, progress or (lambda _what, _share: None))
        partial.replace(path)
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        _discard(partial)


def _unwritable(path: Path, error: OSError) -> WarehouseError:
    return WarehouseError(
        f"The demo bank could not be written to {str(path)!r}: {error.strerror}.",
        "Check the folder and its rights, or choose another one.",
    )


def _require_room(path: Path, scale: float) -> None:
    needed = int(_BYTES_AT_SCALE_ONE * scale) + _SPARE_BYTES
    free = shutil.disk_usage(path.parent).free
    if free < needed:
        raise WarehouseError(
            f"The demo bank needs {needed // 10**6} MB at {str(path.parent)!r}, and {free // 10**6} MB are free.",
            "Free some space, choose another folder, or build with a smaller --scale.",
        )


def _require_alone(partial: Path) -> None:
    """Refuse while another process builds: DuckDB holds a lock on the file that it writes."""
    import fcntl

    if not partial.is_file():
        return
    with partial.open("r+b") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise WarehouseError(
                f"Another process is building {str(partial)!r}.", "Wait until it has ended, then try again."
            ) from error


def _discard(partial: Path) -> None:
    for leftover in (partial, partial.with_name(partial.name + ".wal")):
        with suppress(OSError):
            leftover.unlink()


def _build(path: Path, scale: float, seed: int, progress: Progress) -> None:
    import duckdb

    try:
        with duckdb.connect(str(path)) as connection:
            for table in TABLES:
                connection.execute(create_statement(table))
                for statement in comment_statements(table):
                    connection.execute(statement)
            tables = {table.name: table for table in TABLES}
            for done, (name, columns) in enumerate(_contents(scale, seed), start=1):
                write(connection, tables[name], columns)
                progress(name, done / len(TABLES))
            load_dates.fill(connection)
            connection.execute("CHECKPOINT")
            progress("load_calendar", 1.0)
    except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
        raise WarehouseError(
            f"The demo bank could not be written to {str(path)!r}.", "Check the folder and the disk, then try again."
        ) from error


def _contents(scale: float, seed: int) -> Iterator[tuple[str, Columns]]:
    """Every table but load_calendar with its rows, referenced tables first."""
    network = branches.make_network()
    rates, average_rates = products.make_rates(Draws(seed, "rates"))
    yield "branch", network.columns
    yield "product", products.product_columns()
    yield "currency", products.currency_columns()
    yield "fx_rate", products.rate_columns(rates, average_rates)

    people = customers.make_people(Draws(seed, "people"), network, scale)
    yield "customer", customers.customer_columns(Draws(seed, "customer"), people, network)
    yield "customer_snapshot", customers.snapshot_columns(Draws(seed, "customer_snapshot"), people, network)

    contracts = lending.make_contracts(Draws(seed, "loan"), people, network, rates, scale)
    book = loan_book.LoanBook(contracts, network, rates, Draws(seed, "loan_book"))
    paid_out, paid_back, stock = book.run()
    yield "loan", lending.contract_columns(Draws(seed, "loan_terms"), contracts, people, network, book.settled_on)
    yield "loan_snapshot", loan_rows.snapshot_columns(stock, contracts, people, network)
    yield "loan_disbursement", loan_rows.disbursement_columns(paid_out, contracts, people, network)
    yield "loan_repayment", loan_rows.repayment_columns(paid_back, contracts, people, network)

    accounts = deposits.make_accounts(Draws(seed, "deposit_account"), people)
    loans = loan_rows.value_by_outlet(stock, contracts, network)
    balances = deposits.make_balances(
        Draws(seed, "deposit_snapshot"), accounts, people, network, _by_city(loans, network), rates
    )
    yield "deposit_account", deposits.account_columns(accounts, people, network)
    yield "deposit_snapshot", deposits.snapshot_columns(balances, accounts, people, network)
    yield "deposit_daily", daily.daily_columns(Draws(seed, "deposit_daily"), balances, accounts, network)

    deck = cards.make_cards(Draws(seed, "card"), people)
    holdings = cards.make_holdings(Draws(seed, "card_snapshot"), deck, people, network)
    yield "card", cards.card_columns(deck, people, network)
    yield "card_snapshot", cards.snapshot_columns(holdings, deck, people, network)
    yield (
        "card_transaction",
        cards.transaction_columns(Draws(seed, "card_transaction"), holdings, deck, people, network),
    )
    yield "wealth_holding", wealth.holding_columns(Draws(seed, "wealth_holding"), people, network)
    paid = fees.make_fees(Draws(seed, "fee_transaction"), people, network, scale)
    yield "fee_transaction", fees.fee_columns(paid, people, network)

    types = loan_rows.line_types(contracts, stock)
    pays = stock.grade < loan_book.BAD
    interest = [
        loan_rows.value_by_outlet(stock, contracts, network, pays & (types == kind), yearly_interest=True)
        for kind in range(3)
    ]
    demand = deposits.IS_DEMAND[accounts.product[balances.account]]
    yearly = balances.cny * accounts.rate[balances.account] // 10_000
    business = ledger.Business(
        loans=loans,
        loan_interest=(interest[0], interest[1], interest[2]),
        bad_loans=loan_rows.value_by_outlet(stock, contracts, network, ~pays),
        deposits=_by_outlet(balances.month, balances.outlet, balances.cny, network),
        demand_interest=_by_outlet(balances.month, balances.outlet, yearly * demand, network),
        time_interest=_by_outlet(balances.month, balances.outlet, yearly * ~demand, network),
        cards=_by_outlet(holdings.month, holdings.outlet, holdings.balance, network),
        fees=fees.income(paid, network),
    )
    yield "gl_account", ledger.account_columns()
    yield "gl_monthly", ledger.monthly_columns(ledger.flows(Draws(seed, "gl_monthly"), business, network), network)
    yield "gl_balance", ledger.balance_columns(ledger.balances(business, network), network)


def _by_outlet(month: Ints, outlet: Ints, cents: Ints, network: branches.Network) -> Ints:
    """Sums as [month, outlet]."""
    outlets = len(network.branch_id)
    sums = np.bincount(month * outlets + outlet, weights=cents.astype(np.float64), minlength=months.COUNT * outlets)
    return sums.astype(np.int64).reshape(months.COUNT, outlets)


def _by_city(by_outlet: Ints, network: branches.Network) -> Ints:
    """Sums as [month, branch] from sums as [month, outlet]; the head office's own book is left out."""
    sums = np.zeros((by_outlet.shape[0], len(network.city_weights)), dtype=np.int64)
    for city in range(sums.shape[1]):
        sums[:, city] = by_outlet[:, network.city == city].sum(axis=1)
    return sums
