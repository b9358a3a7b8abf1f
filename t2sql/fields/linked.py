"""The nouns of a question over fields: what was found in its text, and where. Nothing here computes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from t2sql.catalog import Grain
from t2sql.flow import Span

Function = Literal["count", "count_distinct", "sum", "avg", "max", "min", "made"]
"""made: by a formula that the person gave, whose SQL stands in the place of the field."""
DateGroup = Grain | Literal["isodow"]
"""What of a date groups rows: its period, or its day of the week."""
How = Literal["exact", "part", "fuzzy", "described"]


@dataclass(frozen=True, slots=True)
class DatasetFound:
    """A dataset that may hold what is asked, best first in `Linked.datasets`."""

    dataset: str
    score: float
    """How much of the text it explains; comparable within one text."""
    span: Span | None
    """Where the text names it; None where only its fields and values are named."""


@dataclass(frozen=True, slots=True)
class FieldFound:
    """A stretch of the text that names a field."""

    span: Span
    dataset: str
    field: str
    how: How
    """exact: by a whole name; part: by a part that tells it; fuzzy: nearly; described: by a word of its description."""
    score: float
    """0 to 1."""


@dataclass(frozen=True, slots=True)
class ValueFound:
    """A stretch of the text that names what a field holds."""

    span: Span
    dataset: str
    field: str
    value: str
    """As stored; for a fragment, as the text has it."""
    how: Literal["exact", "alias", "fragment", "quoted"]
    """fragment: part of a longer value, to be looked up with LIKE; quoted: in quotation marks, and no value known."""
    score: float
    is_negated: bool = False


@dataclass(frozen=True, slots=True)
class Bound:
    """A number that bounds a field: over 5千万."""

    span: Span
    operator: Literal[">", ">=", "<", "<=", "=", "between"]
    value: float
    """Scaled to one: 5千万 is 50,000,000. A percentage stays as written: 5% is 5."""
    upper: float | None
    field: tuple[str, str] | None
    """(dataset, field) that stands beside it; None where no field does."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days that the text limits: first and last included, None for an open end."""

    span: Span
    first: date | None
    last: date | None
    grain: Grain
    """What it was said in: a year, a quarter …"""


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A figure over rows that the text asks for."""

    span: Span
    function: Function
    field: tuple[str, str] | None
    """(dataset, field) that it is of; None for a count of rows, or where no field stands beside it."""


@dataclass(frozen=True, slots=True)
class Group:
    """What the text groups by (每个省, per month): a field, the grain of a date, or its day of the week."""

    span: Span
    dataset: str
    field: str
    grain: DateGroup | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """An order, with the count of rows wanted; 0 for all."""

    span: Span
    descending: bool
    limit: int
    field: tuple[str, str] | None
    is_latest: bool = False
    """By time: the most recent first."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to say a condition in semantic SQL."""

    sql: str
    """Fields as dataset.field."""
    dataset: str
    """The dataset whose field it limits."""
    sure: float
    """0 to 1."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A piece of the text that limits rows, with what it may mean."""

    span: Span
    alternatives: tuple[Alternative, ...]
    """Best first; at least one."""

    @property
    def sure(self) -> float:
        """Of the best alternative."""
        return self.alternatives[0].sure


@dataclass(frozen=True, slots=True)
class Linked:
    """What one text says of one catalog."""

    text: str
    datasets: tuple[DatasetFound, ...]
    named: tuple[DatasetFound, ...]
    """Each place where the text names the best dataset or one that it reaches, in the text's order."""
    fields: tuple[FieldFound, ...]
    """Of the best dataset and what it reaches, in the order of the text."""
    others: tuple[FieldFound, ...]
    """What the same words may mean elsewhere, best first."""
    values: tuple[ValueFound, ...]
    conditions: tuple[Condition, ...]
    """In the order of the text, joined by AND unless `is_any`; each may be left out by whoever is surer."""
    is_any: bool
    """The text joins the conditions by "or"."""
    bounds: tuple[Bound, ...]
    stretches: tuple[Stretch, ...]
    aggregates: tuple[Aggregate, ...]
    groups: tuple[Group, ...]
    order: Order | None
    is_distinct: bool
    """Members are asked for, each once (哪些, "which countries", distinct)."""
    left: tuple[str, ...]
    """Content words that nothing explains."""
    latest: Order | None = None
    """The latest rows are asked (最新一期), beside whatever `order` says."""

    @property
    def dataset(self) -> str:
        """The best dataset; "" where none fits."""
        return self.datasets[0].dataset if self.datasets else ""
