"""The two sides held against each other: equal rows, a refusal, or a difference."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

import duckdb

from oracle.brute import Brute, Expected
from oracle.composed import Composed
from oracle.figures import MustRefuse
from oracle.product import Product, Refused
from oracle.questions import Question
from oracle.reading import Undefined
from oracle.warehouse import Warehouse
from row_sets import difference, same


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one question."""

    outcome: Literal["equal", "differs", "refused", "undefined", "both refuse"]
    """refused: by the product alone. undefined: answered, and the oracle has nothing to hold against it."""
    told: str
    """The first difference, the refusal, or why the oracle has no answer."""
    rows: int = 0


def judge(connection: duckdb.DuckDBPyConnection, warehouse: Warehouse, question: Question | Composed) -> Verdict:
    """Ask both sides. What the product raises beside a refusal is a difference too."""
    why = ""
    wanted: list[Any] = []
    must_refuse = False
    try:
        wanted = Brute(warehouse, question).rows() if isinstance(question, Question) else question.rows(warehouse)
    except Undefined as silent:
        why = str(silent)
    except MustRefuse as reason:
        why, must_refuse = f"must be refused: {reason}", True
    try:
        found = Product(connection, warehouse).ask(question.text(), question.principal)
    except Exception as error:
        return Verdict("differs", f"{type(error).__name__}: {error}")
    if isinstance(found, Refused):
        return Verdict("both refuse" if why else "refused", f"{found.kind}: {found.message}")
    if must_refuse:
        return Verdict("differs", f"{why}, and still {found[:3]}")
    if why:
        return Verdict("undefined", why)
    plain = [_plain(row) for row in found]
    if isinstance(question, Question):
        told = _difference(plain, wanted, question)
    else:
        told = difference(plain, [_plain(row) for row in wanted], is_ordered=False)
    return Verdict("differs", told) if told else Verdict("equal", "", len(found))


def _plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(float(v) if isinstance(v, (Fraction, Decimal)) else v for v in row)


def _difference(found: list[tuple[Any, ...]], wanted: list[Expected], question: Question) -> str:
    """ "" when both hold the same rows, in the same order where one is asked; else the first that differs."""
    if not question.orders:
        keys = [i for i, c in enumerate(question.columns) if isinstance(c, str)]

        def place(row: tuple[Any, ...]) -> list[tuple[bool, str]]:
            return [(row[i] is None, row[i] or "") for i in keys]

        found = sorted(found, key=place)
        wanted = sorted(wanted, key=lambda row: place(row.values))
    left = iter(wanted)
    for row in found:
        passed = []
        for expected in left:
            if _is_same(row, expected):
                break
            passed.append(expected)
            if not expected.is_optional:
                return f"{row} instead of {_plain(expected.values)}"
        else:
            return f"{row} is not expected after {[_plain(p.values) for p in passed]}"
    if question.limit is not None and len(found) >= question.limit:
        return "" if len(found) == question.limit else f"{len(found)} rows, LIMIT {question.limit}"
    missing = next((e for e in left if not e.is_optional), None)
    return f"{_plain(missing.values)} is missing" if missing else ""


def _is_same(row: tuple[Any, ...], expected: Expected) -> bool:
    if len(row) != len(expected.values):
        return False
    for index, (a, b) in enumerate(zip(row, _plain(expected.values), strict=True)):
        is_soft = index in expected.soft or (expected.is_optional and not isinstance(b, str))
        if not same(a, b) and not (is_soft and a in (None, 0) and b in (None, 0)):
            return False
    return True
