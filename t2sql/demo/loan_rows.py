"""Rows of the loan tables from what the loan book recorded, with the provisions held against it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from t2sql.demo import months
from t2sql.demo.branches import Network
from t2sql.demo.customers import People
from t2sql.demo.draws import Floats, Ints
from t2sql.demo.lending import LINES, Contracts
from t2sql.demo.loan_book import BAD, CLASSES, Flows, Stock, npl_targets
from t2sql.demo.products import CURRENCIES, product_ids
from t2sql.demo.writing import Coded, Columns, ColumnValues, Gaps

_FIRST_DISBURSEMENT = 30_000_001
_FIRST_REPAYMENT = 40_000_001
_HELD_AGAINST_BAD = np.array([0.0, 0.0, 0.45, 0.75, 1.0])
_WATCHED_WEIGHT = 4.0


def disbursement_columns(flows: Flows, contracts: Contracts, people: People, network: Network) -> Columns:
    """Rows of loan_disbursement."""
    return {
        "disbursement_id": _FIRST_DISBURSEMENT + np.arange(len(flows.on)),
        "disbursed_on": flows.on,
        **_keys(flows.loan, months.month_of(flows.on), contracts, people, network),
        "amount": flows.amount,
        "annual_rate": contracts.rate[flows.loan],
    }


def repayment_columns(flows: Flows, contracts: Contracts, people: People, network: Network) -> Columns:
    """Rows of loan_repayment."""
    return {
        "repayment_id": _FIRST_REPAYMENT + np.arange(len(flows.on)),
        "paid_on": flows.on,
        **_keys(flows.loan, months.month_of(flows.on), contracts, people, network),
        "principal": flows.amount,
        "interest": flows.interest,
    }


def snapshot_columns(stock: Stock, contracts: Contracts, people: People, network: Network) -> Columns:
    """Rows of loan_snapshot."""
    provision = np.floor(stock.balance * _provision_rates(stock, contracts, network)).astype(np.int64)
    return {
        "snapshot_date": months.month_end(stock.month),
        **_keys(stock.loan, stock.month, contracts, people, network),
        "balance": stock.balance,
        "risk_class": Coded(stock.grade, CLASSES),
        "overdue_days": Gaps(stock.overdue_days, stock.overdue_days == 0),
        "overdue_balance": stock.overdue,
        "provision_balance": np.minimum(provision, stock.balance),
    }


def _keys(loan: Ints, month: Ints, contracts: Contracts, people: People, network: Network) -> dict[str, ColumnValues]:
    return {
        "loan_id": contracts.loan_id[loan],
        "branch_id": network.branch_id[network.outlet_at(contracts.outlet[loan], month)],
        "customer_id": people.customer_id[contracts.customer[loan]],
        "product_id": product_ids("贷款")[contracts.line[loan]],
        "currency_code": Coded(contracts.currency[loan], CURRENCIES),
    }


def _provision_rates(stock: Stock, contracts: Contracts, network: Network) -> Floats:
    """Share of each balance held as provision; a branch's coverage falls as its bad loans rise."""
    cities = len(network.city_weights)
    city, line = contracts.city[stock.loan], contracts.line[stock.loan]
    cell = stock.month * cities + city
    size = months.COUNT * cities
    value = stock.cny.astype(np.float64)
    bad = stock.grade >= BAD
    held = _HELD_AGAINST_BAD[stock.grade]
    targets = np.stack([npl_targets(month, network) for month in range(months.COUNT)])
    caution = np.where(bad, 0.0, targets[stock.month, city, line] * np.where(stock.grade == 1, _WATCHED_WEIGHT, 1.0))

    def total(weights: Floats) -> Floats:
        return np.bincount(cell, weights=np.floor(weights), minlength=size).astype(np.float64)

    bad_value = total(value * bad)
    ratio = bad_value / np.maximum(total(value), 1.0)
    coverage = np.clip(3.2 - (ratio - 0.008) * 68.0, 1.65, 3.2)
    wished = np.maximum(coverage * bad_value - total(value * held), 0.0)
    per_caution = wished / np.maximum(total(value * caution), 1.0)
    rates: Floats = np.where(bad, held, np.minimum(caution * per_caution[cell], 0.5))
    return rates


def value_by_outlet(
    stock: Stock,
    contracts: Contracts,
    network: Network,
    rows: npt.NDArray[np.bool_] | None = None,
    *,
    yearly_interest: bool = False,
) -> Ints:
    """CNY cents as [month, outlet] of the chosen rows: balances, or a year's interest at the contracts' rates."""
    chosen = np.ones(len(stock.loan), dtype=np.bool_) if rows is None else rows
    loan, month = stock.loan[chosen], stock.month[chosen]
    outlets = len(network.branch_id)
    cell = month * outlets + network.outlet_at(contracts.outlet[loan], month)
    value = stock.cny[chosen] * contracts.rate[loan] // 10_000 if yearly_interest else stock.cny[chosen]
    sums = np.bincount(cell, weights=value.astype(np.float64), minlength=months.COUNT * outlets)
    return sums.astype(np.int64).reshape(months.COUNT, outlets)


def line_types(contracts: Contracts, stock: Stock) -> Ints:
    """0 retail, 1 corporate, 2 bills, for every row of the stock."""
    line = contracts.line[stock.loan]
    return np.where(line < 3, 0, np.where(line == len(LINES) - 1, 2, 1))
