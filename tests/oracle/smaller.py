"""Makes a counterexample small: rows, loads and parts of the question go as long as the two sides still disagree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeAlias

from oracle.composed import Composed
from oracle.questions import Question
from oracle.warehouse import Warehouse

Asked: TypeAlias = Question | Composed
Fails: TypeAlias = Callable[[Warehouse, Any], bool]


def smaller(warehouse: Warehouse, question: Asked, fails: Fails) -> tuple[Warehouse, Asked]:
    """The smallest pair that still fails, by leaving things out one after the other until nothing more can go."""
    while True:
        size = _size(warehouse, question)
        if isinstance(question, Question):
            question = _smaller_question(warehouse, question, fails)
        warehouse = _smaller_warehouse(warehouse, question, fails)
        if _size(warehouse, question) == size:
            return warehouse, question


def _size(warehouse: Warehouse, question: Asked) -> int:
    loads = sum(len(days) for days in warehouse.recorded.values())
    return sum(len(rows) for rows in warehouse.tables.values()) + loads + len(question.text())


def _smaller_question(warehouse: Warehouse, question: Question, fails: Fails) -> Question:
    for name in ("columns", "when", "where", "having", "orders"):
        kept: tuple[Any, ...] = getattr(question, name)
        for item in kept:
            less = tuple(k for k in getattr(question, name) if k != item)
            tried = replace(question, **{name: less})
            if tried.measures and _orders_by_what_it_shows(tried) and fails(warehouse, tried):
                question = tried
    plain: list[dict[str, Any]] = [{"limit": None}, {"group_by": False}, {"principal": "all"}]
    for change in plain:
        if fails(warehouse, tried := replace(question, **change)):
            question = tried
    return question


def _orders_by_what_it_shows(question: Question) -> bool:
    """A column may go only when no ORDER BY names it any more."""
    return all(not isinstance(order.by, str) or order.by in question.columns for order in question.orders)


def _smaller_warehouse(warehouse: Warehouse, question: Asked, fails: Fails) -> Warehouse:
    for name in warehouse.tables:
        for start, step in _cuts(len(warehouse.tables[name])):
            rows = warehouse.tables[name]
            less = rows[:start] + rows[start + step :]
            tried = replace(warehouse, tables={**warehouse.tables, name: less})
            if len(less) < len(rows) and fails(tried, question):
                warehouse = tried
    for fact in warehouse.recorded:
        for start, step in _cuts(len(warehouse.recorded[fact])):
            days = warehouse.recorded[fact]
            fewer = days[:start] + days[start + step :]
            tried = replace(warehouse, recorded={**warehouse.recorded, fact: fewer})
            if len(fewer) < len(days) and fails(tried, question):
                warehouse = tried
    return warehouse


def _cuts(length: int) -> list[tuple[int, int]]:
    """Slices to leave out, large ones first, from the end."""
    found = []
    step = max(length // 2, 1)
    while step and length:
        found += [(start, step) for start in range(length - 1, -1, -step)]
        step //= 2
    return found
