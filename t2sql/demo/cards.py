"""Credit cards: who holds one, what is owed at month-ends, and what was bought when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from t2sql.demo import months
from t2sql.demo.branches import Network
from t2sql.demo.customers import People
from t2sql.demo.draws import Draws, Ints
from t2sql.demo.months import Dates
from t2sql.demo.products import product_ids
from t2sql.demo.writing import Coded, Columns

_FIRST_ID = 60_000_001
_FIRST_TXN = 70_000_001
_SHARE_OF_CUSTOMERS = 0.42
_LIMITS = np.array([15_000, 40_000, 100_000, 300_000])
_GRADES = (np.array([70.0, 26, 4, 0]), np.array([25.0, 50, 23, 2]), np.array([5.0, 20, 50, 25]))
_CATEGORIES = ("餐饮", "购物", "出行", "娱乐", "医疗", "教育", "生活缴费", "其他")
_USUAL = (22.0, 30, 12, 9, 6, 6, 10, 5)
_CALENDAR = (1.0, 1.0, 0.95, 0.95, 1.05, 1.12, 0.98, 0.97, 1.0, 1.28, 1.42, 1.1)
# The month that holds most of the days before each Spring Festival.
_SPRING_FESTIVAL = (0, 13, 24, 37)


@dataclass(frozen=True, slots=True)
class Cards:
    """Cards as arrays, in the order of their ids."""

    card_id: Ints
    customer: Ints
    grade: Ints
    """Index into the four products."""
    limit: Ints
    """Cents."""
    opened_on: Dates
    closed_on: Dates


@dataclass(frozen=True, slots=True)
class Holdings:
    """Cards at month-ends, a row for each open card and month."""

    month: Ints
    card: Ints
    outlet: Ints
    balance: Ints
    """Cents."""
    is_active: npt.NDArray[np.bool_]


def spending_season(month: int) -> float:
    """How lively card spending is in a month; 1 is usual."""
    return _CALENDAR[month % 12] * (1.3 if month in _SPRING_FESTIVAL else 1.0) * (1.0 + 0.004 * month)


def make_cards(draws: Draws, people: People) -> Cards:
    """Some 18,000 cards at scale 1."""
    holds = ~people.is_corporate & (draws.uniform(len(people.customer_id)) < _SHARE_OF_CUSTOMERS)
    customer = np.flatnonzero(holds)
    count = len(customer)
    came, gone = people.opened_on[customer], people.closed_on[customer]
    last = np.where(np.isnat(gone), months.month_end(months.COUNT - 1), gone)
    span = np.maximum((last - came).astype(np.int64) - 40, 0)
    opened = came + np.floor(span * draws.uniform(count)).astype(np.int64).astype("timedelta64[D]")
    ends = opened + draws.between(200, 3200, count).astype("timedelta64[D]")
    cancels = (draws.uniform(count) < 0.3) & (ends >= months.month_start(0)) & (ends < last)
    closed = np.where(cancels, ends, gone).astype("datetime64[D]")
    grade = np.zeros(count, dtype=np.int64)
    for number, weights in enumerate(_GRADES):
        mask = np.maximum(people.segment[customer], 0) == number
        grade[mask] = draws.pick(weights, int(mask.sum()))
    limit = _LIMITS[grade] * draws.between(6, 16, count) // 10 // 1000 * 1000 * 100
    order = np.lexsort((customer, opened))
    return Cards(
        _FIRST_ID + np.arange(count), customer[order], grade[order], limit[order], opened[order], closed[order]
    )


def make_holdings(draws: Draws, cards: Cards, people: People, network: Network) -> Holdings:
    """Every open card at every month-end."""
    habit = draws.uniform(len(cards.card_id))
    parts: list[tuple[Ints, Ints, Ints, Ints, npt.NDArray[np.bool_]]] = []
    for month in range(months.COUNT):
        day = months.month_end(month)
        live = np.flatnonzero((cards.opened_on <= day) & ~(cards.closed_on <= day))
        active = habit[live] * 0.75 + draws.jitter(live, month) * 0.25 < 0.56 + 0.06 * (spending_season(month) - 1.0)
        use = (0.12 + 0.55 * draws.jitter(live, month // 3, 1)) * (0.8 + 0.2 * spending_season(month))
        left_over = np.where(draws.jitter(live, 0, 2) < 0.25, 0.08, 0.0)
        balance = np.floor(cards.limit[live] * np.minimum(np.where(active, use, left_over), 1.0)).astype(np.int64)
        outlet = network.outlet_at(people.outlet[cards.customer[live]], month)
        parts.append((np.full(len(live), month), live, outlet, balance, active))
    return Holdings(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def card_columns(cards: Cards, people: People, network: Network) -> Columns:
    """Rows of card: the state of today."""
    last = np.where(np.isnat(cards.closed_on), months.COUNT, months.month_of(cards.closed_on))
    return {
        "card_id": cards.card_id,
        "customer_id": people.customer_id[cards.customer],
        "branch_id": network.branch_id[network.outlet_at(people.outlet[cards.customer], last)],
        "product_id": product_ids("信用卡")[cards.grade],
        "credit_limit": cards.limit,
        "opened_on": cards.opened_on,
        "closed_on": cards.closed_on,
    }


def snapshot_columns(holdings: Holdings, cards: Cards, people: People, network: Network) -> Columns:
    """Rows of card_snapshot."""
    card = holdings.card
    return {
        "snapshot_date": months.month_end(holdings.month),
        "card_id": cards.card_id[card],
        "branch_id": network.branch_id[holdings.outlet],
        "customer_id": people.customer_id[cards.customer[card]],
        "product_id": product_ids("信用卡")[cards.grade[card]],
        "balance": holdings.balance,
        "credit_limit": cards.limit[card],
        "is_active": holdings.is_active,
    }


def transaction_columns(draws: Draws, holdings: Holdings, cards: Cards, people: People, network: Network) -> Columns:
    """Rows of card_transaction: what the cards in use were used for."""
    parts: list[tuple[Dates, Ints, Ints, Ints]] = []
    for month in range(months.COUNT):
        rows = np.flatnonzero((holdings.month == month) & holdings.is_active)
        season = spending_season(month)
        times = np.floor(0.9 * season + draws.uniform(len(rows))).astype(np.int64)
        rows = np.repeat(rows, times)
        card = holdings.card[rows]
        day = _days(draws, month, len(rows))
        # A card opened within the month is used from that day on.
        day = np.maximum(day, cards.opened_on[card])
        size = draws.skewed(len(rows), 0.9, 0.02, 12.0) * np.array([500, 1100, 2400, 6500])[cards.grade[card]] * season
        amount = np.floor(size * 100).astype(np.int64)
        order = np.lexsort((card, day))
        parts.append((day[order], rows[order], amount[order], _categories(draws, month, len(rows))))
    day, rows, amount, category = (np.concatenate(part) for part in zip(*parts, strict=True))
    card = holdings.card[rows]
    online = draws.uniform(len(rows)) < np.array([0.35, 0.7, 0.6, 0.5, 0.15, 0.45, 0.9, 0.5])[category]
    return {
        "txn_id": _FIRST_TXN + np.arange(len(rows)),
        "txn_date": day,
        "card_id": cards.card_id[card],
        "branch_id": network.branch_id[holdings.outlet[rows]],
        "customer_id": people.customer_id[cards.customer[card]],
        "product_id": product_ids("信用卡")[cards.grade[card]],
        "merchant_category": Coded(category, _CATEGORIES),
        "channel": Coded(np.where(online, 0, 1), ("线上", "线下")),
        "amount": amount,
    }


def _days(draws: Draws, month: int, count: int) -> Dates:
    """Days of the month; the National Day week and Double Eleven take more than their share."""
    uniform, rush = draws.uniform(count), draws.uniform(count) < 0.25
    day = months.day_in(month, uniform)
    if month % 12 == 9:
        day = np.where(
            rush, months.month_start(month) + np.floor(uniform * 7).astype(np.int64).astype("timedelta64[D]"), day
        )
    if month % 12 == 10:
        day = np.where(
            rush, months.month_start(month) + (8 + np.floor(uniform * 4).astype(np.int64)).astype("timedelta64[D]"), day
        )
    return day.astype("datetime64[D]")


def _categories(draws: Draws, month: int, count: int) -> Ints:
    weights = list(_USUAL)
    if month % 12 in (5, 10):
        weights[1] *= 1.5
    if month % 12 == 9 or month in _SPRING_FESTIVAL:
        weights[2] *= 1.7
    if month % 12 == 8:
        weights[5] *= 2.0
    return draws.pick(weights, count)
