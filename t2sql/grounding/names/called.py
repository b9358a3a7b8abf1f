"""What a metric or dimension is called, and which two others a metric is made of: where paraphrases start."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from t2sql.catalog import Dimension, Metric

_DIFFERENCE = re.compile(r"\s*(\w+)\s*-\s*(\w+)\s*")


@dataclass(frozen=True, slots=True)
class Named:
    """A name to be found."""

    written: str
    name: str
    is_money: bool = False
    """Whether an "amount" or "balance" of it is nothing but itself."""
    is_display: bool = False
    """Whether it is what the thing is called first; a synonym gives way to it."""
    is_ratio: bool = False
    """Whether it is one thing over another, though its name may not say so: provisions to NPLs."""


@dataclass(frozen=True, slots=True)
class MadeOf:
    """A metric defined by two others, and so also called by both their names: 中收占营收的比重."""

    name: str
    first: str
    second: str
    relation: str
    """The concept between them: "ratio" or "minus"."""


def names_of(thing: Metric | Dimension, unit: str = "") -> Iterator[Named]:
    """Everything that a metric or dimension is called."""
    for written in (thing.display.zh, thing.display.en, *thing.synonyms):
        is_display = written in (thing.display.zh, thing.display.en)
        yield Named(written, thing.name, unit.startswith("CNY"), is_display, unit == "ratio")


def parts_of(metric: Metric) -> MadeOf | None:
    """The two metrics whose ratio or difference a metric is; None for any other."""
    if metric.unit == "ratio" and metric.numerator and metric.denominator:
        return MadeOf(metric.name, metric.numerator, metric.denominator, "ratio")
    difference = _DIFFERENCE.fullmatch(metric.expression or "")
    return MadeOf(metric.name, difference[1], difference[2], "minus") if difference else None
