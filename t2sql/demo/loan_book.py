"""How the loans fared, month by month: paid out, repaid, watched, overdue, written off.

Every branch and product follows its own target of bad loans, from which the story of the bank comes; loans enter
and leave the bad classes one by one and stay there for months, as they do in a real book.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from t2sql.demo import months
from t2sql.demo.branches import WEST, Network
from t2sql.demo.draws import Draws, Floats, Ints
from t2sql.demo.lending import LINES, Contracts, is_paid_in_advance
from t2sql.demo.months import Dates
from t2sql.demo.products import to_cny

CLASSES = ("正常", "关注", "次级", "可疑", "损失")
_WATCHED = 1
BAD = 2
_BASE_TARGET = np.array([0.0082, 0.0150, 0.0150, 0.0175, 0.0140, 0.0112, 0.0120, 0.0108])
_LOWEST, _HIGHEST = 0.0080, 0.0335
_NEVER = 10**6


def npl_targets(month: int, network: Network) -> Floats:
    """Wished share of bad loans as [branch, product], from 0.8 % to 3.4 %: the story of the bank."""
    cities = np.arange(len(network.city_weights))
    level = 0.90 + 0.05 * (cities * 7 % 5)
    drift = 1.0 - 0.002 * month
    west = np.where(network.region_of_city == WEST, 1.0 + 0.05 * max(0, month - months.WEST_WORSENS + 1), drift)
    product = _BASE_TARGET.copy()
    since_2024 = min(max(0, month - 11), months.BUSINESS_RECOVERS - 12)
    since_turn = max(0, month - months.BUSINESS_RECOVERS + 1)
    product[2] = product[2] * (1.0 + 0.07 * since_2024) * (1.0 - 0.028 * since_turn)
    targets: Floats = np.clip(level[:, None] * west[:, None] * product[None, :], _LOWEST, _HIGHEST)
    return targets


@dataclass(frozen=True, slots=True)
class Flows:
    """Money paid out or back, a row each."""

    on: Dates
    loan: Ints
    """Position in Contracts."""
    amount: Ints
    """Principal, cents of the loan's currency."""
    interest: Ints


@dataclass(frozen=True, slots=True)
class Stock:
    """Live loans at month-ends, a row for each loan and month."""

    month: Ints
    loan: Ints
    balance: Ints
    """Cents of the loan's currency."""
    cny: Ints
    """The same in cents of CNY, at the month-end rate."""
    grade: Ints
    """Index into CLASSES."""
    overdue_days: Ints
    """0 when not overdue."""
    overdue: Ints


@dataclass(slots=True)
class LoanBook:
    """The book as it stands, moved on a month at a time; what happened is gathered in parts."""

    contracts: Contracts
    network: Network
    rates: Ints
    draws: Draws
    balance: Ints = field(init=False)
    grade: Ints = field(init=False)
    bad_since: Ints = field(init=False)
    overdue_since: Ints = field(init=False)
    settled_on: Dates = field(init=False)
    luck: Floats = field(init=False)
    paid_out: list[Flows] = field(default_factory=list)
    paid_back: list[Flows] = field(default_factory=list)
    stocks: list[Stock] = field(default_factory=list)

    def __post_init__(self) -> None:
        count = len(self.contracts.loan_id)
        self.balance = np.zeros(count, dtype=np.int64)
        self.grade = np.zeros(count, dtype=np.int64)
        self.bad_since = np.full(count, _NEVER, dtype=np.int64)
        self.overdue_since = np.full(count, _NEVER, dtype=np.int64)
        self.settled_on = np.full(count, np.datetime64("NaT", "D"))
        self.luck = self.draws.uniform(count)

    def run(self) -> tuple[Flows, Flows, Stock]:
        """All months: what was paid out, what was paid back, and the book at month-ends."""
        self._open_old_loans()
        for month in range(months.COUNT):
            self._pay_out(month)
            self._collect(month)
            self._classify(month)
            self._record(month)
        return _join(self.paid_out), _join(self.paid_back), _join_stocks(self.stocks)

    def _open_old_loans(self) -> None:
        old = np.flatnonzero(self.contracts.opened < 0)
        paid_share = np.clip((-1 - self.contracts.opened[old]) / self.contracts.term[old], 0.0, 1.0)
        amortised = np.array([line.repays_every > 0 for line in LINES])[self.contracts.line[old]]
        left = np.floor(self.contracts.amount[old] * np.where(amortised, 1.0 - paid_share, 1.0))
        self.balance[old] = left.astype(np.int64)

    def _pay_out(self, month: int) -> None:
        age = month - self.contracts.opened
        tranche = self.contracts.has_tranches
        third = self.contracts.amount // 3
        now = np.flatnonzero(age == 0)
        later = np.flatnonzero(
            tranche & ((age == 3) | (age == 6)) & (self.contracts.opened >= 0) & (self.balance > 0) & (self.grade < BAD)
        )
        amount = np.where(tranche[now], self.contracts.amount[now] - 2 * third[now], self.contracts.amount[now])
        self.balance[now] += amount
        self.balance[later] += third[later]
        on = np.concatenate([self.contracts.originated_on[now], months.day_in(month, self.luck[later])])
        loans = np.concatenate([now, later])
        order = np.argsort(on, kind="stable")
        paid = np.concatenate([amount, third[later]])
        self.paid_out.append(Flows(on[order], loans[order], paid[order], np.zeros(len(order), dtype=np.int64)))

    def _collect(self, month: int) -> None:
        contracts, age = self.contracts, month - self.contracts.opened
        every = np.array([line.repays_every for line in LINES])[contracts.line]
        grace = np.array([line.grace for line in LINES])[contracts.line]
        pays = (self.balance > 0) & (age > 0) & (self.grade < BAD) & (self.overdue_since == _NEVER)
        matures = contracts.opened + contracts.term <= month
        early = (
            (contracts.line < 3)
            & (age >= 6)
            & (self.grade == 0)
            & (self.draws.jitter(contracts.loan_id, month, 1) < 0.004)
        )
        settles = pays & (matures | early)
        is_due = pays & (every > 0) & ((month + 1) % np.maximum(every, 1) == 0) & (age > grace)
        instalment = contracts.amount * np.maximum(every, 1) // np.maximum(contracts.term - grace, 1)
        principal = np.where(settles, self.balance, np.where(is_due, np.minimum(instalment, self.balance), 0))
        charged = np.where(
            contracts.is_retail,
            1,
            np.where((month + 1) % 3 == 0, np.minimum(age, 3), np.where(settles, (month + 1) % 3, 0)),
        )
        interest = np.where(
            pays & ~is_paid_in_advance(contracts.line), self.balance * contracts.rate * charged // 120_000, 0
        )
        rows = np.flatnonzero((principal > 0) | (interest > 0))
        day = months.month_start(month) + np.where(contracts.is_retail[rows], 19, 20).astype("timedelta64[D]")
        on_time = months.month_of(contracts.matures_on[rows]) == month
        last_day = np.where(on_time, contracts.matures_on[rows], months.day_in(month, self.luck[rows]))
        on = np.where(settles[rows], last_day, day)
        self.balance[rows] -= principal[rows]
        done = self.balance[rows] == 0
        self.settled_on[rows[done]] = on[done]
        order = np.argsort(on, kind="stable")
        self.paid_back.append(Flows(on[order], rows[order], principal[rows][order], interest[rows][order]))

    def _classify(self, month: int) -> None:
        live = np.flatnonzero(self.balance > 0)
        value = to_cny(self.balance[live], self.rates[month + 1, self.contracts.currency[live]])
        cell = self.contracts.city[live] * len(LINES) + self.contracts.line[live]
        order = np.argsort(cell, kind="stable")
        live, value, cell = live[order], value[order], cell[order]
        bounds = np.flatnonzero(np.diff(cell, prepend=-1, append=-1))
        targets = npl_targets(month, self.network).reshape(-1)
        today = int(months.day_number(months.month_end(month)))
        missing = dict.fromkeys(self.network.region_of_city.tolist(), 0)
        for start, stop in pairwise(bounds.tolist()):
            region = int(self.network.region_of_city[cell[start] // len(LINES)])
            # Loans are lumps: what one cell could not match is passed on, so that the region meets its own target.
            wish = int(value[start:stop].sum() * targets[cell[start]])
            share = max(-wish // 8, min(wish // 6, missing[region]))
            bad = self._classify_cell(live[start:stop], value[start:stop], wish + share, month, today)
            missing[region] += wish - bad
        late = (self.grade == _WATCHED) & (self.overdue_since < _NEVER) & (today - self.overdue_since > 89)
        self.overdue_since[late] = _NEVER

    def _classify_cell(self, loans: Ints, value: Ints, wish_bad: int, month: int, today: int) -> int:
        """Move loans of one branch and product between the classes until close to wish_bad; the bad amount reached."""
        ends = (month - self.bad_since[loans] >= 9) & (self.draws.jitter(loans, month, 10) < 0.11)
        self._resolve(loans[ends], month)
        loans, value = loans[self.balance[loans] > 0], value[self.balance[loans] > 0]
        total = int(value.sum())
        grade = self.grade[loans]
        gap = wish_bad - int(value[grade >= BAD].sum())
        slack = wish_bad * 4 // 100
        if gap > slack:
            ripe = np.flatnonzero((grade < BAD) & (self.contracts.opened[loans] <= month - 2))
            overdue = np.minimum(today - self.overdue_since[loans[ripe]], 0 if month == 0 else 400)
            ranked = ripe[np.lexsort((self.luck[loans[ripe]], -grade[ripe], -overdue))]
            self._turn_bad(loans[_fill(ranked, value, gap)], month, today)
        elif gap < -slack:
            bad = np.flatnonzero(grade >= BAD)
            ranked = bad[np.lexsort((self.luck[loans[bad]], self.bad_since[loans[bad]]))]
            self._resolve(loans[_fill(ranked, value, -gap)], month)
        grade = self.grade[loans]
        wish = min(total * 45 // 1000, wish_bad * 125 // 100 + total * 4 // 1000)
        gap = wish - int(value[grade == _WATCHED].sum())
        if gap > wish // 10:
            sound = np.flatnonzero(grade == 0)
            ranked = sound[np.argsort(self.draws.jitter(loans[sound], month, 2), kind="stable")]
            self._watch(loans[_fill(ranked, value, gap)], month, today)
        elif gap < -wish // 5:
            watched = np.flatnonzero((grade == _WATCHED) & (self.overdue_since[loans] == _NEVER))
            self.grade[loans[_fill(watched, value, -gap)]] = 0
        return int(value[(self.grade[loans] >= BAD) & (self.balance[loans] > 0)].sum())

    def _turn_bad(self, loans: Ints, month: int, today: int) -> None:
        self.grade[loans] = BAD
        self.bad_since[loans] = month
        chance = self.draws.jitter(loans, month, 3)
        fresh = (self.overdue_since[loans] == _NEVER) & (chance < 0.8)
        start = today - 1 - np.floor(self.draws.jitter(loans, month, 4) * 27).astype(np.int64)
        if month == 0:
            # The book of 2022 brings bad loans of every age.
            length = np.floor(self.draws.jitter(loans, month, 5) * 15).astype(np.int64)
            self.bad_since[loans] = -length
            start = today - 95 - length * 30
        self.overdue_since[loans[fresh]] = start[fresh]

    def _resolve(self, loans: Ints, month: int) -> None:
        heals = (self.draws.jitter(loans, month, 6) < 0.3) & (
            self.contracts.opened[loans] + self.contracts.term[loans] > month
        )
        self.overdue_since[loans] = _NEVER
        self.bad_since[loans] = _NEVER
        self.grade[loans] = np.where(heals, _WATCHED, 0)
        off = loans[~heals]
        self.balance[off] = 0
        self.settled_on[off] = months.day_in(month, self.luck[off])

    def _watch(self, loans: Ints, month: int, today: int) -> None:
        self.grade[loans] = _WATCHED
        misses = self.draws.jitter(loans, month, 7) < 0.5
        start = today - 1 - np.floor(self.draws.jitter(loans, month, 8) * (85 if month == 0 else 27)).astype(np.int64)
        self.overdue_since[loans[misses]] = start[misses]

    def _record(self, month: int) -> None:
        live = np.flatnonzero(self.balance > 0)
        balance = self.balance[live]
        today = int(months.day_number(months.month_end(month)))
        age = month - self.bad_since[live]
        bad = self.grade[live] >= BAD
        grade = np.where(bad, BAD + (age >= 6) + (age >= 15), self.grade[live])
        days = np.maximum(today - self.overdue_since[live], 0)
        slips = (grade == 0) & (self.draws.jitter(live, month, 9) < 0.003)
        days = np.where(slips, 1 + np.floor(self.luck[live] * 25).astype(np.int64), days)
        share = np.where(bad, np.where(days > 90, 1.0, 0.7), 0.3 + 0.6 * self.luck[live])
        overdue = np.where(days > 0, np.floor(balance * share).astype(np.int64), 0)
        cny = to_cny(balance, self.rates[month + 1, self.contracts.currency[live]])
        self.stocks.append(Stock(np.full(len(live), month), live, balance, cny, grade, days, overdue))


def _fill(ranked: Ints, value: Ints, gap: int) -> Ints:
    """The first of the ranked loans that together come close to the gap, leaving out those too large for it."""
    chosen: list[int] = []
    if len(ranked) and int(value[ranked].min()) * 10 > gap * 12:
        # Nothing fits: rather one that is too large, if not by far.
        smallest = int(ranked[np.argmin(value[ranked])])
        return np.array([smallest] if int(value[smallest]) < gap * 2 else [], dtype=np.int64)
    for position in ranked.tolist():
        amount = int(value[position])
        if amount * 10 <= gap * 12:
            chosen.append(position)
            gap -= amount
            if gap <= 0:
                break
    return np.array(chosen, dtype=np.int64)


def _join(parts: list[Flows]) -> Flows:
    return Flows(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in ("on", "loan", "amount", "interest"))
    )


def _join_stocks(parts: list[Stock]) -> Stock:
    names = ("month", "loan", "balance", "cny", "grade", "overdue_days", "overdue")
    return Stock(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))
