"""Fees that customers paid, one by one. The ledger's fee income is their sum."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from t2sql.demo import months
from t2sql.demo.branches import Network
from t2sql.demo.customers import People
from t2sql.demo.draws import Draws, Ints
from t2sql.demo.months import Dates
from t2sql.demo.writing import Coded, Columns, Gaps

FEE_TYPES = ("结算", "银行卡", "代理理财", "托管", "担保承诺", "投行咨询")
_FIRST_ID = 90_000_001
_PER_MONTH = 4200
_OFTEN = (33.0, 30.0, 21.0, 6.0, 8.0, 2.0)
_AVERAGE = np.array([900.0, 1000.0, 3400.0, 7500.0, 6500.0, 22000.0])
_SEASON = (1.15, 0.8, 1.1, 0.95, 0.95, 1.1, 0.95, 0.95, 1.05, 0.95, 1.0, 1.15)
_CORPORATE_FROM = 3


@dataclass(frozen=True, slots=True)
class Fees:
    """Fees in the order of their days."""

    on: Dates
    month: Ints
    outlet: Ints
    customer: Ints
    """Position in People, -1 for walk-in business."""
    kind: Ints
    amount: Ints
    """Cents."""


def make_fees(draws: Draws, people: People, network: Network, scale: float) -> Fees:
    """Some 200,000 fees at scale 1."""
    parts: list[tuple[Dates, Ints, Ints, Ints, Ints, Ints]] = []
    for month in range(months.COUNT):
        count = max(12, round(_PER_MONTH * scale * _SEASON[month % 12] * (1.0 + 0.005 * month)))
        kind = draws.pick(list(_OFTEN), count)
        city = draws.pick(network.city_weights, count)
        # Customers of that month's first day, so that none pays before the account was opened.
        start = np.full(count, months.month_start(month))
        corporate = (kind >= _CORPORATE_FROM) | ((kind == 0) & (draws.uniform(count) < 0.6))
        customer = np.where(
            corporate,
            people.choose(people.is_corporate, city, start, draws.uniform(count)),
            people.choose(~people.is_corporate, city, start, draws.uniform(count)),
        )
        on = np.sort(months.day_in(month, draws.uniform(count)))
        on = np.maximum(on, people.opened_on[customer])
        order = np.argsort(on, kind="stable")
        outlet = network.outlet_at(people.outlet[customer], month)
        customer = np.where((kind < 2) & (draws.uniform(count) < 0.09), -1, customer)
        size = draws.skewed(count, 0.7, 0.1, 5.0) * _AVERAGE[kind] * (1.0 + 0.002 * month)
        amount = np.floor(size * 100.0).astype(np.int64)
        parts.append((on[order], np.full(count, month), outlet[order], customer[order], kind[order], amount[order]))
    return Fees(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def fee_columns(fees: Fees, people: People, network: Network) -> Columns:
    """Rows of fee_transaction."""
    return {
        "fee_id": _FIRST_ID + np.arange(len(fees.on)),
        "txn_date": fees.on,
        "branch_id": network.branch_id[fees.outlet],
        "customer_id": Gaps(people.customer_id[np.maximum(fees.customer, 0)], fees.customer < 0),
        "fee_type": Coded(fees.kind, FEE_TYPES),
        "amount": fees.amount,
    }


def income(fees: Fees, network: Network) -> Ints:
    """Cents as [month, outlet, fee type]."""
    shape = (months.COUNT, len(network.branch_id), len(FEE_TYPES))
    cell = (fees.month * shape[1] + fees.outlet) * shape[2] + fees.kind
    sums = np.bincount(cell, weights=fees.amount.astype(np.float64), minlength=shape[0] * shape[1] * shape[2])
    return sums.astype(np.int64).reshape(shape)
