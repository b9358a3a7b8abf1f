"""Deposits: accounts, their month-end balances, and one year of daily balances that meet them.

Totals follow each branch's loans, so that loan-to-deposit stays between 70 % and 95 %, and swell at quarter-ends.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from t2sql.demo import months
from t2sql.demo.branches import Network
from t2sql.demo.customers import People
from t2sql.demo.draws import Draws, Floats, Ints
from t2sql.demo.months import Dates
from t2sql.demo.products import CURRENCIES, from_cny, product_ids, to_cny
from t2sql.demo.writing import Coded, Columns

_FIRST_ID = 50_000_001
IS_DEMAND = np.array([True, False, False, True, False, False, False])
# Share of customers holding the product, share of the bank's deposits, annual rate in 2023.
_HELD_BY = (0.62, 0.30, 0.06, 0.88, 0.30, 0.14, 0.11)
_SHARE = np.array([0.145, 0.265, 0.085, 0.290, 0.115, 0.050, 0.050])
_RATE = np.array([0.0025, 0.0235, 0.0290, 0.0060, 0.0225, 0.0115, 0.0260])
_RATE_FALL = np.array([0.00004, 0.00026, 0.00030, 0.00006, 0.00024, 0.00010, 0.00022])
_RETAIL = 3
_WEALTH = np.array([0.5, 1.8, 6.0, 0.5, 1.4, 3.5, 1.0])
# How far a month-end stands above the plain trend, January to December.
_DRESSING = np.array([-0.005, 0.0, 0.028, -0.018, -0.008, 0.030, -0.016, -0.006, 0.024, -0.014, -0.006, 0.042])
_DEMAND_DRESSING = np.array([0.0, 0.02, 0.05, -0.03, -0.01, 0.05, -0.03, -0.01, 0.04, -0.02, -0.01, 0.07])


@dataclass(frozen=True, slots=True)
class Accounts:
    """Deposit accounts as arrays, in the order of their ids."""

    account_id: Ints
    customer: Ints
    product: Ints
    """Index into the seven products."""
    currency: Ints
    rate: Ints
    """Annual rate in ten-thousandths."""
    opened_on: Dates
    closed_on: Dates
    size: Floats
    """Relative size."""


@dataclass(frozen=True, slots=True)
class Balances:
    """Month-end balances, a row for each open account and month."""

    month: Ints
    account: Ints
    outlet: Ints
    balance: Ints
    """Cents of the account's currency."""
    cny: Ints


def make_accounts(draws: Draws, people: People) -> Accounts:
    """Some 57,000 accounts at scale 1."""
    holders, products = [], []
    for number, share in enumerate(_HELD_BY):
        kind = people.is_corporate == (number >= _RETAIL)
        holds = kind & (draws.uniform(len(people.customer_id)) < share)
        if number == 0:
            holds[people.unsegmented] = True
        holders.append(np.flatnonzero(holds))
        products.append(np.full(int(holds.sum()), number, dtype=np.int64))
    customer, product = np.concatenate(holders), np.concatenate(products)
    count = len(customer)
    came, gone = people.opened_on[customer], people.closed_on[customer]
    last = np.where(np.isnat(gone), months.month_end(months.COUNT - 1), gone)
    span = np.maximum((last - came).astype(np.int64) - 40, 0)
    waits = np.where(draws.uniform(count) < 0.62, 0.0, draws.uniform(count))
    opened = came + np.floor(span * waits).astype(np.int64).astype("timedelta64[D]")
    ends = opened + draws.between(100, 2400, count).astype("timedelta64[D]")
    turns = (
        (draws.uniform(count) < 0.45)
        & (ends >= months.month_start(0))
        & (ends < last)
        & (customer != people.unsegmented)
    )
    closed = np.where(turns, ends, gone)
    foreign = np.isin(product, (0, 1, 3, 4)) & (draws.uniform(count) < 0.056)
    currency = np.where(foreign, 1 + draws.pick([58, 13, 20, 5, 4], count), 0)
    rate = _RATE[product] - _RATE_FALL[product] * np.clip(months.month_of(opened), -6, None)
    rate = np.where(foreign, rate * 0.6, rate) + draws.between(-2, 2, count) * 0.0001 * ~IS_DEMAND[product]
    segment = np.where(people.segment[customer] < 0, 0, people.segment[customer])
    size = np.where(foreign, 0.6 + 0.8 * draws.uniform(count), draws.skewed(count, 0.8, 0.05, 6.0)) * _WEALTH[segment]
    size = np.where(foreign, size / _WEALTH[segment], size)
    order = np.lexsort((customer, product, opened))
    return Accounts(
        account_id=_FIRST_ID + np.arange(count),
        customer=customer[order],
        product=product[order],
        currency=currency[order],
        rate=np.maximum(np.floor(rate * 10_000 + 0.5), 5).astype(np.int64)[order],
        opened_on=opened[order],
        closed_on=closed[order].astype("datetime64[D]"),
        size=size[order],
    )


def make_balances(
    draws: Draws, accounts: Accounts, people: People, network: Network, loans: Ints, rates: Ints
) -> Balances:
    """Month-end balances; loans is the CNY loan book as [month, branch]."""
    cities, products = len(network.city_weights), len(_SHARE)
    city = people.city[accounts.customer]
    taste = 1.0 + 0.10 * (np.arange(cities) * 5 % 7 - 3) / 3.0
    ratio = 0.802 + 0.015 * (np.arange(cities) * 3 % 7 - 3)
    parts: list[tuple[Ints, Ints, Ints, Ints, Ints]] = []
    for month in range(months.COUNT):
        day = months.month_end(month)
        live = np.flatnonzero((accounts.opened_on <= day) & ~(accounts.closed_on <= day))
        trend = loans[max(0, month - 2) : month + 3].sum(axis=0) / float(
            min(month + 3, months.COUNT) - max(0, month - 2)
        )
        total = trend / ratio * (1.0 + _DRESSING[month % 12])
        demand = np.where(IS_DEMAND, (1.0 + _DEMAND_DRESSING[month % 12]) * (1.0 - 0.0025 * month), 1.0)
        share = _SHARE * demand * np.where(IS_DEMAND, taste[:, None], 1.0)
        share = share / (np.cumsum(share, axis=1)[:, -1:])
        cell = city[live] * products + accounts.product[live]
        weight = accounts.size[live] * (0.9 + 0.2 * draws.jitter(live, month) + 0.3 * draws.jitter(live, month // 6, 1))
        weights = np.bincount(cell, weights=weight, minlength=cities * products)
        cents = (total[:, None] * share).reshape(-1)[cell] * weight / weights[cell]
        fx = rates[month + 1, accounts.currency[live]]
        balance = from_cny(cents, fx)
        outlet = network.outlet_at(people.outlet[accounts.customer[live]], month)
        parts.append((np.full(len(live), month), live, outlet, balance, to_cny(balance, fx)))
    return Balances(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def account_columns(accounts: Accounts, people: People, network: Network) -> Columns:
    """Rows of deposit_account: the state of today."""
    last = np.where(np.isnat(accounts.closed_on), months.COUNT, months.month_of(accounts.closed_on))
    return {
        "account_id": accounts.account_id,
        "customer_id": people.customer_id[accounts.customer],
        "branch_id": network.branch_id[network.outlet_at(people.outlet[accounts.customer], last)],
        "product_id": product_ids("存款")[accounts.product],
        "currency_code": Coded(accounts.currency, CURRENCIES),
        "annual_rate": accounts.rate,
        "opened_on": accounts.opened_on,
        "closed_on": accounts.closed_on,
    }


def snapshot_columns(balances: Balances, accounts: Accounts, people: People, network: Network) -> Columns:
    """Rows of deposit_snapshot."""
    return {
        "snapshot_date": months.month_end(balances.month),
        "account_id": accounts.account_id[balances.account],
        "branch_id": network.branch_id[balances.outlet],
        "customer_id": people.customer_id[accounts.customer[balances.account]],
        "product_id": product_ids("存款")[accounts.product[balances.account]],
        "currency_code": Coded(accounts.currency[balances.account], CURRENCIES),
        "balance": balances.balance,
    }
