"""What two sides of a comparison do not share, in words for a person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from t2sql.evaluation.judging.row_evidence import Shown
from t2sql.evaluation.judging.verdicts import Reason


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that two sides do not share."""

    reason: Reason
    detail: str
    is_proven: bool = True
    """False where two ways to write the same thing could look like this."""


def instead(reason: Reason, more: Iterable[str], less: Iterable[str], *, is_proven: bool = True) -> Difference:
    """What one side has instead of what the other has."""
    return Difference(reason, f"{listed(more)} instead of {listed(less)}", is_proven)


def cut(mine: int | None, right: int | None, asked: Shown, wanted: Shown) -> Iterable[Difference]:
    """A limit that differs, where the number of rows does as well."""
    if len(asked.rows) != len(wanted.rows):
        reason: Reason = "missing rows" if len(asked.rows) < len(wanted.rows) else "extra rows"
        yield Difference(reason, f"LIMIT {mine or 'none'} instead of {right or 'none'}")


def listed(names: Iterable[str]) -> str:
    """Up to three names, "nothing" for none."""
    shown = sorted(names)
    return ", ".join(shown[:3]) + (" …" if len(shown) > 3 else "") if shown else "nothing"


def counted(number: int, noun: str) -> str:
    """1 row, 2 rows."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
