"""Rows as a principal may read them, and the values by which they are grouped and chosen: loops and dicts, no SQL."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

from oracle.questions import Both, Compare, Condition, Exceeds, Not
from oracle.shape import AS_STORED, FACTS, LOOKUP_DIMENSIONS, LOOKUPS, ZONE_ALIASES, Metric
from oracle.warehouse import Row, Warehouse

ZONES = {"all": None, "north": {"north"}, "two": {"north", "south"}}
BY_ALIAS = {alias: value for value, alias in ZONE_ALIASES.items()}


class Undefined(Exception):
    """The decisions do not say what the answer is, or say that there is none."""


class Reader:
    """The warehouse with one principal's eyes. A row filter is the same as deleting rows."""

    def __init__(self, warehouse: Warehouse, principal: str) -> None:
        self._warehouse = warehouse
        zones = ZONES[principal]
        units = [u for u in warehouse.tables["units"] if zones is None or u["zone"] in zones]
        self._by_key = {"units": {u["unit_id"]: u for u in units}}
        home = self._by_key["units"]
        clients = [c for c in warehouse.tables["clients"] if zones is None or c["home_id"] in home]
        self._by_key["clients"] = {c["client_id"]: c for c in clients}
        self._by_key["items"] = {i["item_id"]: i for i in warehouse.tables["items"]}
        self._rows = {
            fact: [r for r in warehouse.tables[fact] if zones is None or r["unit_id"] in home] for fact in FACTS
        }

    def rows(self, fact: str) -> list[Row]:
        """The rows of `fact` that may be seen."""
        return self._rows[fact]

    def _looked_up(self, table: str, key: Any) -> Row:
        return self._by_key[table].get(key) or {}

    def value(self, fact: str, row: Row, dimension: str) -> Any:
        """The value of `dimension` for a row; None where a key is NULL, leads nowhere, or to a row that is not seen."""
        if (fact, dimension) in AS_STORED:
            return row[AS_STORED[fact, dimension]]
        if dimension in dict(FACTS[fact].own):
            return row[dimension]
        role, _, plain = dimension.rpartition("_")
        if role == "managing":
            return self._looked_up("units", row["manager_id"]).get(plain)
        if role == "home":
            client = self._looked_up("clients", row["client_id"])
            return self._looked_up("units", client.get("home_id")).get(plain)
        table = next(t for t, names in LOOKUP_DIMENSIONS.items() if dimension in names)
        return self._looked_up(table, row[LOOKUPS[table]]).get(dimension)

    def passes(self, metric: Metric, row: Row) -> bool:
        """Whether the definition of a simple metric counts the row."""
        if metric.where is None:
            return True
        name, operator, values = metric.where
        table, _, column = name.rpartition(".")
        found = self.value(metric.fact, row, column) if table else row[column]
        if found is None:
            # A definition's filter is SQL as signed: <> does not keep a missing value.
            return False
        if operator == ">":
            return bool(found > values[0])
        return (found in values) != (operator == "<>")


def holds(condition: Condition, value: Callable[[Any], Any]) -> bool:
    """Two outcomes only: what has no value is not equal to anything, and NOT keeps it.

    `value` gives a dimension's value by name and a measure's number by measure.
    """
    if isinstance(condition, Both):
        found = (holds(part, value) for part in condition.parts)
        return all(found) if condition.word == "AND" else any(found)
    if isinstance(condition, Not):
        return not holds(condition.part, value)
    if isinstance(condition, Exceeds):
        return _exceeds(condition, value)
    found = value(condition.name)
    wanted = [BY_ALIAS.get(v, v) for v in condition.values]
    operator = condition.operator
    if operator in ("IS NULL", "IS NOT NULL"):
        return (found is None) == (operator == "IS NULL")
    if operator in ("<>", "NOT IN", "NOT LIKE"):
        positive = {"<>": "=", "NOT IN": "IN", "NOT LIKE": "LIKE"}[operator]
        return not holds(Compare(condition.name, positive, condition.values), value)
    if found is None:
        return False
    if operator == "LIKE":
        pattern = "".join(".*" if c == "%" else "." if c == "_" else re.escape(c) for c in condition.values[0])
        return re.fullmatch(pattern, found) is not None
    if operator == "BETWEEN":
        return bool(wanted[0] <= found <= wanted[1])
    return found in wanted


def _exceeds(condition: Exceeds, value: Callable[[Any], Any]) -> bool:
    left = value(condition.measure)
    right: Any = Fraction(str(condition.number))
    if condition.other:
        factor = value(condition.other)
        right = None if factor is None else right * factor
    if condition.operator == "<>":
        return left != right if left is not None and right is not None else True
    if left is None or right is None:
        return False
    return bool(
        {
            ">": left > right,
            ">=": left >= right,
            "<": left < right,
            "<=": left <= right,
            "=": left == right,
        }[condition.operator]
    )


def names_in(condition: Condition) -> frozenset[str]:
    """The dimensions of a condition."""
    if isinstance(condition, Both):
        return frozenset().union(*(names_in(part) for part in condition.parts))
    if isinstance(condition, Not):
        return names_in(condition.part)
    return frozenset() if isinstance(condition, Exceeds) else frozenset({condition.name})


def measures_in(conditions: Iterable[Condition]) -> list[Any]:
    """The measures of conditions."""
    found: list[Any] = []
    for condition in conditions:
        if isinstance(condition, Both):
            found += measures_in(condition.parts)
        elif isinstance(condition, Not):
            found += measures_in([condition.part])
        elif isinstance(condition, Exceeds):
            found += [condition.measure, *([condition.other] if condition.other else [])]
    return found
