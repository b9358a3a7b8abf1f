"""Wealth products and funds that customers hold, valued at month-ends."""

from __future__ import annotations

import numpy as np

from t2sql.demo import months
from t2sql.demo.branches import Network
from t2sql.demo.customers import People
from t2sql.demo.draws import Draws, Floats, Ints
from t2sql.demo.products import product_ids
from t2sql.demo.writing import Columns

_FIRST_ID = 80_000_001
_PER_CUSTOMER = 0.44
_SOLD = (26.0, 34, 10, 5, 15, 10)
# A month's usual return and how far it swings either way.
_RETURN = (0.0017, 0.0026, 0.0028, 0.0035, 0.0032, 0.0022)
_SWING = (0.0003, 0.0020, 0.0140, 0.0380, 0.0300, 0.0004)
_SIZE_BY_SEGMENT = np.array([60_000.0, 480_000.0, 4_200_000.0, 500_000.0, 2_400_000.0, 9_000_000.0])


def holding_columns(draws: Draws, people: People, network: Network) -> Columns:
    """Rows of wealth_holding, in the order of month and holding."""
    customers = np.flatnonzero(np.isnat(people.closed_on))
    count = round(len(people.customer_id) * _PER_CUSTOMER)
    customer = customers[draws.between(0, len(customers) - 1, count)]
    came = np.maximum(months.month_of(people.opened_on[customer]), -30)
    start = came + np.floor((months.COUNT - came) * draws.uniform(count)).astype(np.int64)
    end = start + draws.between(3, 48, count)
    corporate = people.is_corporate[customer]
    product = np.where(corporate, draws.between(0, 1, count), draws.pick(list(_SOLD), count))
    segment = np.maximum(people.segment[customer], 0)
    value = np.floor(_SIZE_BY_SEGMENT[segment] * draws.skewed(count, 0.7, 0.1, 5.0)) * 100.0
    order = np.lexsort((customer, start))
    customer, start, end, product, value = customer[order], start[order], end[order], product[order], value[order]
    prices = _prices(draws)
    parts: list[tuple[Ints, Ints, Ints]] = []
    for month in range(months.COUNT):
        live = np.flatnonzero((start <= month) & (end > month))
        worth = value[live] * prices[month, product[live]] / prices[np.maximum(start[live], 0), product[live]]
        parts.append((np.full(len(live), month), live, np.floor(worth).astype(np.int64)))
    month_of_row, holding, cents = (np.concatenate(part) for part in zip(*parts, strict=True))
    outlet = network.outlet_at(people.outlet[customer[holding]], month_of_row)
    return {
        "snapshot_date": months.month_end(month_of_row),
        "holding_id": _FIRST_ID + holding,
        "customer_id": people.customer_id[customer[holding]],
        "branch_id": network.branch_id[outlet],
        "product_id": np.concatenate([product_ids("理财"), product_ids("代销")])[product[holding]],
        "market_value": cents,
    }


def _prices(draws: Draws) -> Floats:
    """Value of one unit as [month, product], 1 at the start."""
    swings = draws.uniform(months.COUNT * len(_SOLD)).reshape(months.COUNT, len(_SOLD)) * 2.0 - 1.0
    return np.cumprod(1.0 + np.array(_RETURN) + swings * np.array(_SWING), axis=0)
