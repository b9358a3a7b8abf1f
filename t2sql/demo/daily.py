"""Daily deposits of the last year: a path from one month-end to the next, with the rush of a quarter's last days."""

from __future__ import annotations

import numpy as np

from t2sql.demo import months
from t2sql.demo.branches import Network
from t2sql.demo.deposits import Accounts, Balances
from t2sql.demo.draws import Draws, Floats, Ints
from t2sql.demo.products import CURRENCIES, product_ids
from t2sql.demo.writing import Coded, Columns

_FIRST_MONTH = 30
_NOT_LOADED = (np.datetime64("2025-10-03"), np.datetime64("2026-02-18"))
_RUSH_DAYS = 6


def daily_columns(draws: Draws, balances: Balances, accounts: Accounts, network: Network) -> Columns:
    """Rows of deposit_daily; at month-ends they equal the sums of deposit_snapshot."""
    products, currencies = len(product_ids("存款")), len(CURRENCIES)
    series = len(network.branch_id) * products * currencies
    since = balances.month >= _FIRST_MONTH - 1
    account = balances.account[since]
    key = (balances.outlet[since] * products + accounts.product[account]) * currencies + accounts.currency[account]
    cell = (balances.month[since] - _FIRST_MONTH + 1) * series + key
    span = months.COUNT - _FIRST_MONTH + 1
    ends = np.bincount(cell, weights=balances.balance[since].astype(np.float64), minlength=span * series)
    ends = ends.astype(np.int64).reshape(span, series)
    has_rows = np.bincount(cell, minlength=span * series).reshape(span, series) > 0
    rows: list[tuple[Ints, Ints, Ints]] = []
    for step in range(1, span):
        month = _FIRST_MONTH + step - 1
        before, after = ends[step - 1], ends[step]
        known = np.flatnonzero(has_rows[step - 1] | has_rows[step])
        first, last = months.month_start(month), months.month_end(month)
        length = int((last - first).astype(np.int64)) + 1
        for number, progress in enumerate(_path(month, length).tolist()):
            day = first + np.timedelta64(number, "D")
            if day in _NOT_LOADED:
                continue
            present = known[has_rows[step][known]] if day == last else known
            level = before[present] + np.floor((after[present] - before[present]) * progress).astype(np.int64)
            if day != last:
                wave = 0.992 + 0.016 * draws.jitter(present, month * 31 + number)
                level = np.floor(level * wave).astype(np.int64)
            rows.append((np.full(len(present), day.astype(np.int64)), present, level))
    days, keys, levels = (np.concatenate(part) for part in zip(*rows, strict=True))
    return {
        "balance_date": days.astype("datetime64[D]"),
        "branch_id": network.branch_id[keys // (products * currencies)],
        "product_id": product_ids("存款")[keys // currencies % products],
        "currency_code": Coded(keys % currencies, CURRENCIES),
        "balance": levels,
    }


def _path(month: int, length: int) -> Floats:
    """Share of the way from the last month-end to this one, by day; the last day is 1."""
    day = np.arange(1, length + 1).astype(np.float64)
    path = day / length
    if month % 3 == 2:
        path = np.where(day <= length - _RUSH_DAYS, 0.3 * path, 0.3 + 0.7 * (day - (length - _RUSH_DAYS)) / _RUSH_DAYS)
    elif month % 3 == 0:
        path = np.where(
            day <= _RUSH_DAYS, 0.8 * day / _RUSH_DAYS, 0.8 + 0.2 * (day - _RUSH_DAYS) / (length - _RUSH_DAYS)
        )
    path[-1] = 1.0
    return path
