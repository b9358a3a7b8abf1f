"""The nouns of metric definitions: what the business signed, read once and never changed.

A Catalog holds text and facts about text (SQL expressions stay strings). It never opens a database and never decides
who may see what: `policy.narrow` hands everybody else a smaller Catalog.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

Grain = Literal["day", "week", "month", "quarter", "half", "year"]
GRAINS: tuple[Grain, ...] = ("day", "week", "month", "quarter", "half", "year")
MetricType = Literal["simple", "ratio", "derived"]
WindowChoice = Literal["max", "avg"]
Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Display:
    """One name in two languages."""

    zh: str
    en: str

    def to(self, language: Language) -> str:
        """The name in `language`."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Place:
    """Where a definition stands, for errors: file and 1-based line."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Field:
    """One column, or expression over the columns, of one dataset."""

    name: str
    dataset: str
    expression: str
    """SQL over the dataset's own physical columns, unqualified."""
    is_dimension: bool
    is_time: bool
    display: Display
    synonyms: tuple[str, ...]
    description: str
    is_enum: bool
    """Few values, all of which may stand in a prompt."""
    aliases: Mapping[str, tuple[str, ...]]
    """Value as stored -> other names people use for it."""
    alias_expressions: tuple[str, ...]
    """SQL over the same row, each giving another name of its value, such as the English one."""
    searchable: bool
    """False: its values are never indexed (personal, or too many)."""
    currency_field: str
    """Field of the same dataset that holds this amount's currency; "" when it is in the reporting currency."""
    conforms_to: str
    """Name of the dimension that this field stores as it was at the time; "" for none."""
    sensitivity: str
    """"" for open; "customer" and the like are what policies hide."""
    place: Place


@dataclass(frozen=True, slots=True)
class LoadCalendar:
    """Where a dataset's loads are recorded: rows of `source` with `key_column` = `key`."""

    source: str
    key_column: str
    key: str
    date_column: str
    rows_column: str


@dataclass(frozen=True, slots=True)
class Dataset:
    """One physical table as the catalog sees it."""

    name: str
    source: str
    primary_key: tuple[str, ...]
    unique_keys: tuple[tuple[str, ...], ...]
    fields: Mapping[str, Field]
    display: Display
    description: str
    time_dimension: str
    """Name of the field that dates its rows; "" for a dataset that is only looked up."""
    snapshot_grain: Grain | None
    """How often the whole book is stored again; None for a flow, whose rows add up over time."""
    row_grain: Grain | None
    """For a flow whose rows stand for whole periods, dated at their end (a monthly ledger); None: rows have their own
    day.
    """
    load_calendar: LoadCalendar | None
    """None: the distinct dates of `time_dimension` are the loads."""
    sensitivity: str
    place: Place


@dataclass(frozen=True, slots=True)
class Relationship:
    """Many rows of `from_dataset` to at most one row of `to_dataset`."""

    name: str
    from_dataset: str
    to_dataset: str
    from_columns: tuple[str, ...]
    to_columns: tuple[str, ...]
    role: str
    """"" or a prefix: role "managing" makes `managing_branch` out of `branch`."""
    display: Display | None
    """How the role is called before a dimension's name."""
    place: Place
    role_fields: tuple[str, ...] = ()
    """The fields of `to_dataset` that the role names again; () for all of its dimensions."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A number with a signed definition."""

    name: str
    type: MetricType
    expression: str
    """simple: one aggregate over dataset fields; derived: arithmetic over metric names; ratio: ""."""
    numerator: str
    denominator: str
    filter: str
    """SQL condition over `dataset.field`, "" for none; simple metrics only."""
    window_choice: WindowChoice
    """max: at the period's last load; avg: mean over the period's loads. Stocks only."""
    time_dimension: str
    """Field that dates the rows for this metric; "" means the dataset's own."""
    default_period: Literal["", "latest", "ytd", "all"]
    day_count: int
    """0, or the year's days (365) by which the numerator of a ratio is annualised over the days of the period."""
    unit: str
    """CNY, ratio, count, or a unit's own word."""
    format: str
    direction: Literal["", "up_is_good", "down_is_good"]
    display: Display
    synonyms: tuple[str, ...]
    description: str
    reference: str
    """Regulation or textbook that the formula comes from."""
    owner: str
    effective_from: str
    version: str
    sensitivity: str
    place: Place

    @property
    def is_ratio_unit(self) -> bool:
        """Whether a change of it is told in percentage points."""
        return self.unit == "ratio"


@dataclass(frozen=True, slots=True)
class Dimension:
    """A flat name to group and filter by: a field, reached by relationships of one role."""

    name: str
    dataset: str
    field: str
    role: str
    display: Display
    synonyms: tuple[str, ...]
    grain: Grain | None = None
    """Only in a request: a date shown by this grain, as month(originated_on)."""


@dataclass(frozen=True, slots=True)
class Rates:
    """Currency rates: one row a date and currency."""

    source: str
    date_column: str
    currency_column: str
    period_end_column: str
    average_column: str
    reporting_currency: str


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """Level dimensions from the widest to the narrowest."""

    name: str
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Catalog:
    """One semantic model, whole or narrowed to a principal."""

    name: str
    display: Display
    instructions: str
    datasets: Mapping[str, Dataset]
    relationships: tuple[Relationship, ...]
    metrics: Mapping[str, Metric]
    dimensions: Mapping[str, Dimension]
    hierarchies: tuple[Hierarchy, ...]
    rates: Rates | None
    fingerprint: str
    """sha256 over everything above; a narrowed catalog has its own."""
    fiscal_year_start: int = 1
    """Month in which the fiscal year starts."""
    warnings: tuple[str, ...] = field(default=())

    def field_of(self, dimension: Dimension) -> Field:
        """The field behind a flat name."""
        return self.datasets[dimension.dataset].fields[dimension.field]

    def facts(self) -> Iterator[Dataset]:
        """Datasets whose rows are dated, so that metrics can stand on them."""
        return (dataset for dataset in self.datasets.values() if dataset.time_dimension)

    def conforming_field(self, dataset: str, dimension: Dimension) -> Field | None:
        """The field of `dataset` that stores `dimension` as it was at the time, if there is one."""
        if dimension.role:
            return None
        fields = self.datasets[dataset].fields.values()
        return next((f for f in fields if f.conforms_to == dimension.name), None)
