"""The smallest number: one aggregate over one fact, in one reading. Nouns only."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from sqlglot import exp

from t2sql.catalog import Dataset, Metric
from t2sql.compiler.calendar.readings import Reading

AGGREGATES = (exp.Sum, exp.Count, exp.Avg, exp.Min, exp.Max)


@dataclass(frozen=True)
class Atom:
    """One aggregate of one fact dataset, in one reading."""

    metric: Metric
    dataset: Dataset
    reading: Reading
    aggregate: exp.AggFunc = field(compare=False)
    """Over columns `dataset.field`."""
    condition: exp.Expr | None = field(compare=False)

    def __hash__(self) -> int:
        return hash((self.metric.name, self.reading))

    @property
    def key(self) -> str:
        """Its column: "loan_balance" now, "loan_balance__year_before" in another reading."""
        plain = replace(self.reading, stand="")
        return self.metric.name if plain == Reading() else f"{self.metric.name}__{plain.name}"

    @property
    def is_distinct(self) -> bool:
        """A count of distinct things, which never adds up."""
        return isinstance(self.aggregate, exp.Count) and isinstance(self.aggregate.this, exp.Distinct)

    @property
    def is_additive(self) -> bool:
        """Whether parts sum to the whole over dimensions."""
        return isinstance(self.aggregate, (exp.Sum, exp.Count)) and not self.is_distinct

    @property
    def is_point(self) -> bool:
        """A stock read on one date: at the close of the period, or of the one before."""
        return bool(self.dataset.snapshot_grain) and self.metric.window_choice != "avg"

    @property
    def adds_over_time(self) -> bool:
        """Whether periods sum to a longer one: never a stock, an average, or a window that reaches past its period."""
        return self.is_additive and not self.dataset.snapshot_grain and not self.reading.since
