"""The loans that were signed: who, where, what, how much, until when. How they then fared is loan_book's part."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from t2sql.demo import months
from t2sql.demo.branches import Network
from t2sql.demo.customers import People
from t2sql.demo.draws import Draws, Floats, Ints, spread_evenly
from t2sql.demo.months import Dates
from t2sql.demo.products import CURRENCIES, from_cny, product_ids
from t2sql.demo.writing import Coded, Columns

_FIRST_ID = 20_000_001
_CENTS = 100.0
_RATE_TYPES = ("固定", "浮动")
_COLLATERAL = ("信用", "保证", "抵押", "质押")
# New loans a calendar month: the January opening, quarter-ends, thin February and summer.
_SEASON = np.array([1.75, 0.75, 1.3, 0.8, 0.85, 1.25, 0.75, 0.8, 1.2, 0.75, 0.8, 1.0])
_GROWTH_PER_MONTH = 1.006
# No loan is older than July 2010: the bank had few customers before.
_EARLIEST = -150


@dataclass(frozen=True, slots=True)
class Line:
    """What is usual for one loan product."""

    live: int
    """Loans alive at the start, at scale 1."""
    average: float
    """CNY a contract."""
    terms: tuple[int, ...]
    """Months, the usual ones."""
    rate: float
    """Annual, in 2023."""
    repays_every: int
    """Months between principal payments, 0 for all at maturity."""
    grace: int
    """Months before principal is repaid."""
    foreign: float
    """Share of contracts in another currency."""
    secured: tuple[float, float, float, float]
    """Weights of the kinds of collateral."""
    customers: int
    """0 retail, 1 small firms, 2 larger firms."""


LINES = (
    Line(4200, 1_650_000, (240, 300, 360), 0.0407, 1, 0, 0.0, (0, 0, 1, 0), 0),
    Line(1900, 300_000, (24, 36, 48), 0.0530, 1, 0, 0.0, (7, 1, 1, 1), 0),
    Line(1800, 1_200_000, (24, 36, 60), 0.0462, 1, 0, 0.0, (1, 2, 6, 1), 0),
    Line(1900, 2_200_000, (12, 12, 24), 0.0467, 0, 0, 0.0, (2, 3, 4, 1), 1),
    Line(1900, 6_000_000, (12, 12, 24), 0.0421, 0, 0, 0.04, (3, 4, 2, 1), 2),
    Line(1400, 13_000_000, (60, 84, 120), 0.0416, 3, 12, 0.0, (1, 2, 6, 1), 2),
    Line(1300, 4_000_000, (6, 9, 12), 0.0362, 0, 0, 0.26, (3, 3, 1, 3), 2),
    Line(1200, 2_200_000, (6, 6, 6), 0.0229, 0, 0, 0.0, (0, 0, 0, 1), 2),
)
_INTEREST_IN_ADVANCE = 7


@dataclass(frozen=True, slots=True)
class Contracts:
    """Loans as arrays, in the order of their ids and of the month they were signed."""

    loan_id: Ints
    line: Ints
    """Index into LINES."""
    city: Ints
    outlet: Ints
    managing: Ints
    customer: Ints
    """Position in People."""
    currency: Ints
    amount: Ints
    """Contract amount, cents of its currency."""
    rate: Ints
    """Annual rate in ten-thousandths."""
    originated_on: Dates
    matures_on: Dates
    opened: Ints
    """Month number of origination, negative before 2023."""
    term: Ints
    """Months."""
    has_tranches: npt.NDArray[np.bool_]
    """Paid out in three parts, three months apart."""

    @property
    def is_retail(self) -> npt.NDArray[np.bool_]:
        """Loans to persons, which pay interest every month rather than every quarter."""
        return self.line < 3


def make_contracts(draws: Draws, people: People, network: Network, rates: Ints, scale: float) -> Contracts:
    """About 70,000 loans at scale 1, of which some 17,000 are alive at a time."""
    parts = [_signings(draws, number, scale) for number in range(len(LINES))]
    opened, line, term = (np.concatenate(part) for part in zip(*parts, strict=True))
    order = np.argsort(opened, kind="stable")
    opened, line, term = opened[order], line[order], term[order]
    count = len(opened)
    city = np.zeros(count, dtype=np.int64)
    for number in range(len(LINES)):
        mask = line == number
        city[mask] = spread_evenly(np.arange(mask.sum()), network.city_weights, offset=number * 977)
    day = months.day_in(opened, draws.uniform(count))
    customer = _borrowers(draws, people, line, city, day)
    # A small bank may have had no such customer yet: then the loan was signed on the day the first one came.
    day = np.maximum(day, people.opened_on[customer])
    opened = months.month_of(day)
    home = network.outlet_at(people.outlet[customer], opened)
    outlet = np.where(draws.uniform(count) < 0.85, home, network.pick_outlets(city, draws.uniform(count), opened))
    outlet = np.where(network.city[outlet] == city, outlet, network.pick_outlets(city, draws.uniform(count), opened))
    far = np.where(draws.uniform(count) < 0.2, draws.pick(network.city_weights, count), city)
    managing = np.where(draws.uniform(count) < 0.12, network.pick_outlets(far, draws.uniform(count), opened), outlet)
    foreign = draws.uniform(count) < _per_line([one.foreign for one in LINES])[line]
    currency = np.where(foreign, 1 + draws.pick([62, 14, 14, 6, 4], count), 0)
    average = _per_line([one.average for one in LINES])[line] * (0.9 + 0.1 * network.city_weights[city])
    # Foreign-currency contracts vary less in size, which keeps their share of the book steady.
    size = np.where(foreign, 0.6 + 0.8 * draws.uniform(count), draws.skewed(count, 0.55, 0.25, 3.0))
    price_growth = 1.0 + 0.0015 * np.maximum(opened, -120)
    cents = np.floor(average * size * price_growth / 1000.0) * 1000.0 * _CENTS
    at_signing = rates[np.maximum(opened, -1) + 1, currency]
    whole = 1000 * 100
    amount = np.maximum(from_cny(cents, at_signing) // whole, 1) * whole
    base_rate = _per_line([one.rate for one in LINES])[line] - 0.00014 * np.maximum(opened, -12)
    rate = np.floor((base_rate + (draws.uniform(count) - 0.5) * 0.008) * 10_000).astype(np.int64)
    return Contracts(
        loan_id=_FIRST_ID + np.arange(count),
        line=line,
        city=city,
        outlet=outlet,
        managing=managing,
        customer=customer,
        currency=currency,
        amount=amount,
        rate=rate,
        originated_on=day,
        matures_on=months.add_months(day, term),
        opened=opened,
        term=term,
        has_tranches=(line == 5) & (draws.uniform(count) < 0.5),
    )


def _signings(draws: Draws, number: int, scale: float) -> tuple[Ints, Ints, Ints]:
    """Month of origination, line and term of one product's loans, without those repaid before 2023."""
    line = LINES[number]
    reach = np.arange(max(-max(line.terms), _EARLIEST), months.COUNT)
    calendar = np.where(reach < -12, 1.0, _SEASON[reach % 12])
    growth = np.cumprod(np.full(len(reach), _GROWTH_PER_MONTH if len(reach) < 160 else 1.009))
    weights = calendar * growth
    mean_term = int(sum(line.terms) / len(line.terms))
    before = (reach < 0) & (reach >= -mean_term)
    per_weight = line.live * scale / float(np.cumsum(weights[before])[-1])
    wished = np.cumsum(weights) * per_weight
    counts = np.diff(np.floor(wished), prepend=0.0).astype(np.int64)
    opened = np.repeat(reach, counts)
    term = np.array(line.terms, dtype=np.int64)[draws.between(0, len(line.terms) - 1, len(opened))]
    lives = opened + term > 0
    opened, term = opened[lives], term[lives]
    return opened, np.full(len(opened), number, dtype=np.int64), term


def _borrowers(draws: Draws, people: People, line: Ints, city: Ints, day: Dates) -> Ints:
    customers = np.zeros(len(line), dtype=np.int64)
    group = np.array([one.customers for one in LINES])[line]
    kinds = (
        ~people.is_corporate & (people.segment >= 0),
        people.is_corporate & (people.segment == 3),
        people.segment > 3,
    )
    for number, kind in enumerate(kinds):
        mask = group == number
        customers[mask] = people.choose(kind, city[mask], day[mask], draws.uniform(int(mask.sum())))
    return customers


def _per_line(values: list[float]) -> Floats:
    return np.array(values, dtype=np.float64)


def contract_columns(
    draws: Draws, contracts: Contracts, people: People, network: Network, settled_on: Dates
) -> Columns:
    """Rows of loan: the state of today, with the day each loan was settled or written off."""
    count = len(contracts.loan_id)
    last = np.where(np.isnat(settled_on), months.COUNT, months.month_of(settled_on))
    collateral = np.zeros(count, dtype=np.int64)
    for number, line in enumerate(LINES):
        mask = contracts.line == number
        collateral[mask] = draws.pick(list(line.secured), int(mask.sum()))
    floats = (contracts.line == 0) | ((contracts.term > 12) & (draws.uniform(count) < 0.6))
    return {
        "loan_id": contracts.loan_id,
        "customer_id": people.customer_id[contracts.customer],
        "branch_id": network.branch_id[network.outlet_at(contracts.outlet, last)],
        "managing_branch_id": network.branch_id[network.outlet_at(contracts.managing, last)],
        "product_id": product_ids("贷款")[contracts.line],
        "currency_code": Coded(contracts.currency, CURRENCIES),
        "contract_amount": contracts.amount,
        "annual_rate": contracts.rate,
        "rate_type": Coded(floats.astype(np.int64), _RATE_TYPES),
        "collateral": Coded(collateral, _COLLATERAL),
        "originated_on": contracts.originated_on,
        "matures_on": contracts.matures_on,
        "settled_on": settled_on,
    }


def is_paid_in_advance(line: Ints) -> npt.NDArray[np.bool_]:
    """Whether interest was taken when the money was paid out, as with discounted bills."""
    in_advance: npt.NDArray[np.bool_] = line == _INTEREST_IN_ADVANCE
    return in_advance
