"""Random small warehouses: rows with holes in all the places where a bank's rows have them.

Hypothesis draws the knobs and a seed; the cells come out of the seed, because drawing each of them is far too slow.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from oracle.shape import FACTS, VALUES

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Knobs:
    """What a warehouse is like. Rates are percentages."""

    seed: int
    first: date
    """First day of the first month."""
    months: int
    rows: int
    """Rows a load of a stock; rows a month of a flow; fewer where luck has it."""
    null_keys: int
    orphans: int
    null_values: int
    null_amounts: int
    gaps: int
    """Loads that never came."""
    empties: int
    """Loads that came without rows, and months without flow."""
    calendars: frozenset[str]
    """Facts whose loads a table records; the others' are the dates of their rows."""
    currencies: bool
    rate_gaps: int
    last_day: int
    """Day of the last month at which the daily facts end; 31 for its end."""


@dataclass(frozen=True, slots=True)
class Warehouse:
    """All rows, and when each fact was loaded."""

    knobs: Knobs
    tables: Mapping[str, list[Row]]
    recorded: Mapping[str, tuple[date, ...]] = field(default_factory=dict)
    """Fact -> dates in the table of loads; only facts that have one."""

    def loads(self, fact: str) -> tuple[date, ...]:
        """The loads of `fact`, ascending, whoever asks."""
        if fact in self.recorded:
            return self.recorded[fact]
        return tuple(sorted({row[FACTS[fact].dated_by] for row in self.tables[fact]}))


def month_end(day: date) -> date:
    """The last day of the month of `day`."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def build(knobs: Knobs) -> Warehouse:
    """The warehouse that the knobs describe, always the same for the same knobs."""
    dice = random.Random(knobs.seed)

    def happens(percent: int) -> bool:
        return dice.randrange(100) < percent

    def value(dimension: str) -> str | None:
        return None if happens(knobs.null_values) else dice.choice(VALUES[dimension])

    def key(count: int) -> int | None:
        return None if happens(knobs.null_keys) else 90 if happens(knobs.orphans) else dice.randrange(1, count + 1)

    def amount() -> int | None:
        return None if happens(knobs.null_amounts) else dice.randrange(-4, 12)

    units = [{"unit_id": i, "unit": value("unit"), "zone": value("zone"), "city": value("city")} for i in range(1, 6)]
    clients = [{"client_id": i, "kind": value("kind"), "grade": value("grade"), "home_id": key(5)} for i in range(1, 7)]
    items = [{"item_id": i, "line": value("line")} for i in range(1, 4)]
    starts = [knobs.first]
    while len(starts) < knobs.months:
        starts.append(month_end(starts[-1]) + timedelta(days=1))
    tables: dict[str, list[Row]] = {"units": units, "clients": clients, "items": items}
    tables |= {fact: [] for fact in FACTS}
    recorded: dict[str, tuple[date, ...]] = {}

    def ccy() -> str:
        return dice.choice(("CNY", "USD", "JPY")) if knobs.currencies else "CNY"

    def add(fact: str, day: date) -> None:
        rows = tables[fact]
        row: Row = {FACTS[fact].key: len(rows) + 1, FACTS[fact].dated_by: day, "unit_id": key(5), "amount": amount()}
        if fact == "books":
            row |= {"manager_id": key(5), "client_id": key(6), "item_id": key(3), "ccy": ccy()}
            row |= {"risk": value("risk"), "grade_then": value("grade")}
        elif fact == "days":
            row |= {"item_id": key(3)}
        elif fact == "moves":
            row |= {"client_id": key(6), "channel": value("channel")}
        elif fact == "calls":
            row |= {"client_id": key(6), "item_id": key(3), "ccy": ccy()}
        else:
            row |= {"account": value("account")}
        rows.append(row)

    for fact in FACTS:
        loads: list[date] = []
        for start in starts:
            end = month_end(start)
            is_last = start == starts[-1]
            last = min(end, start.replace(day=min(knobs.last_day, end.day))) if is_last else end
            if FACTS[fact].kind == "day_stock":
                # Four days a month are enough to tell a daily average from a mean of rows.
                days = sorted({start + timedelta(days=dice.randrange(last.day)) for _ in range(3)} | {last})
            elif FACTS[fact].kind == "flow":
                days = [last]
            else:
                days = [end] if not is_last or knobs.last_day > 27 else []
            for day in days:
                if happens(knobs.gaps) and FACTS[fact].is_stock:
                    continue
                loads.append(day)
                if happens(knobs.empties):
                    continue
                for _ in range(dice.randrange(1, knobs.rows + 1)):
                    offset = dice.randrange(day.day) if FACTS[fact].kind == "flow" else 0
                    add(fact, day - timedelta(days=offset))
        if fact in knobs.calendars:
            recorded[fact] = tuple(loads)
    tables["rates"] = _rates(knobs, starts, dice)
    return Warehouse(knobs, tables, recorded)


def _rates(knobs: Knobs, starts: list[date], dice: random.Random) -> list[Row]:
    rows: list[Row] = []
    for index, start in enumerate(starts):
        for code in ("CNY", "USD", "JPY"):
            spot, mean = (1, 1) if code == "CNY" else (dice.randrange(2, 9), dice.randrange(2, 9))
            if index and code == "JPY" and dice.randrange(100) < knobs.rate_gaps:
                continue
            rows.append({"rated_on": month_end(start), "code": code, "spot": spot, "mean": mean})
    return rows
