"""Warehouses written down row by row, for counterexamples and for the oracle's own tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from oracle.shape import FACTS
from oracle.warehouse import Knobs, Row, Warehouse

UNITS: list[Row] = [
    {"unit_id": 1, "unit": "u1", "zone": "north", "city": "c1"},
    {"unit_id": 2, "unit": "u2", "zone": "south", "city": "c2"},
]
CLIENTS: list[Row] = [{"client_id": 1, "kind": "k1", "grade": "g2", "home_id": 1}]
ITEMS: list[Row] = [{"item_id": 1, "line": "l1"}, {"item_id": 2, "line": "l2"}]
BLANK: Row = {"unit_id": 1, "manager_id": 1, "client_id": 1, "item_id": 1, "ccy": "CNY", "amount": 0}
BLANK |= {"risk": "bad", "grade_then": "g1", "channel": "web", "account": "in"}


def hand_made(
    loads: Mapping[str, Sequence[str]], rates: Sequence[tuple[str, str, int, int]] = (), **rows: Sequence[Row]
) -> Warehouse:
    """Rows of each fact as {"on": day, other columns}; what is not given is as in BLANK. Loads are recorded ones."""
    tables: dict[str, list[Row]] = {"units": UNITS, "clients": CLIENTS, "items": ITEMS}
    for name, fact in FACTS.items():
        tables[name] = [
            {**BLANK, fact.key: number, fact.dated_by: date.fromisoformat(given["on"]), **given}
            for number, given in enumerate(rows.get(name, ()), 1)
        ]
    tables["rates"] = [
        {"rated_on": date.fromisoformat(day), "code": code, "spot": spot, "mean": mean}
        for day, code, spot, mean in rates
    ]
    knobs = Knobs(0, date(2024, 1, 1), 1, 1, 0, 0, 0, 0, 0, 0, frozenset(loads), bool(rates), 0, 31)
    recorded = {fact: tuple(date.fromisoformat(day) for day in days) for fact, days in loads.items()}
    return Warehouse(knobs, tables, recorded)


def rows(*given: tuple[Any, ...], names: Sequence[str] = ("on", "amount")) -> list[Row]:
    """Rows out of tuples."""
    return [dict(zip(names, values, strict=True)) for values in given]
