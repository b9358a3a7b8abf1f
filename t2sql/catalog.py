"""The nouns of metric definitions: what the business signed, read once and never changed.

A Catalog holds text and facts about text (SQL expressions stay strings). It never opens a database and never decides
who may see what: `policy.narrow` hands everybody else a smaller Catalog.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

Grain = Literal["day", "week", "month", "quarter", "half", "year"]
GRAINS: tuple[Grain, ...] = ("day", "week", "month", "quarter", "half", "year")
MetricType = Literal["simple", "ratio", "derived", "cumulative"]
WindowChoice = Literal["max", "avg", "opening"]
DayCount = Literal["", "act/365", "act/360", "act/act"]
Language = Literal["zh", "en"]
AD_HOC = "ad hoc"
DRAFT = "draft"
"""Version of a metric that was drafted and that nobody has signed yet."""
"""The version of a metric that nobody signed: an aggregate over fields, made for one SELECT."""


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
    """False: its values are never listed or offered (personal, or too many)."""
    currency_field: str
    """Field of the same dataset that holds this amount's currency; "" when it is in the reporting currency."""
    conforms_to: str
    """Name of the dimension that this field stores as it was at the time; "" for none."""
    sensitivity: str
    """"" for open; "customer" and the like are what policies hide."""
    place: Place
    type: Literal["", "text", "integer", "number", "date", "boolean"] = ""
    """What the values are, for a field that is no dimension and no amount in currencies; "" where nobody said."""
    row_sensitivity: str = ""
    """As `sensitivity`, but signed metrics may still count it: a key that tells whom a row is about."""
    is_named: bool = True
    """Whether SQL over rows may name it; False only in a narrowed catalog, for a field that metrics alone may read."""
    flat_name: str = ""
    """What the dimension is called, where its own name means something else in the flat namespace; "" for its own."""
    is_registered: bool = False
    """Whether questions find its values by name although it is not searchable: customers, by who may see them."""
    unit: str = ""
    """What an amount is counted in, as the database's own comment says it: 百万元, %, kg; "" where nobody said."""
    members: tuple[str, ...] = ()
    """Every value that an enum may hold, where that is settled."""

    @property
    def dimension_name(self) -> str:
        """The flat name of the dimension that this field is."""
        return self.flat_name or self.name


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
    """Name of the field that dates its rows, or dataset.field of a date looked up many-to-one; "" for rows without a
    date.
    """
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

    @property
    def keys(self) -> tuple[tuple[str, ...], ...]:
        """All declared keys, each once."""
        return tuple(dict.fromkeys(key for key in (self.primary_key, *self.unique_keys) if key))


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
    is_bridge: bool = False
    """`from_dataset` is a bridge: rows of `to_dataset` reach over it, each to any number of the bridge's members."""
    weight: str = ""
    """Field of the bridge: the member's part of the row, summing to 1 over the row's members; "" for no parts."""
    restate: Literal["as_was", "successor"] = "as_was"
    """successor: rows of `from_dataset` are shown under what they were merged into, or else under themselves. The plain
    dimensions stay as they were, and the role's tell the successor.
    """
    broken: str = ""
    """Why it cannot be followed since the database changed; "" when it can. It stays, so that no other way is taken."""


@dataclass(frozen=True, slots=True)
class Version:
    """What one version of a metric's definition says, whole, and when it is in force."""

    version: str
    effective_from: date
    effective_to: date
    """The last day; far in the future for the version in force."""
    expression: str
    filter: str
    numerator: str
    denominator: str
    reference: str
    note: str
    """What this version changed, in a sentence; "" for none."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A number with a signed definition; where that has several versions, what the last of them says."""

    name: str
    type: MetricType
    expression: str
    """simple: one aggregate over dataset fields; derived: arithmetic over metric names; cumulative: the name of the
    metric that it sums up; ratio: ""."""
    numerator: str
    denominator: str
    filter: str
    """SQL condition over `dataset.field`, "" for none; simple metrics only."""
    window_choice: WindowChoice
    """max: at the period's last load; opening: at the last load of the period before; avg: mean over the loads in it.

    Stocks only."""
    average_over: Literal["loads", "month_ends"]
    """For avg: every load, or the last load of each month that is over."""
    window: str
    """cumulative: the days that end with the period, "12 months", "30 days"; "" for none."""
    grain_to_date: Literal["", "month", "quarter", "half", "year"]
    """cumulative: from the start of this grain to the period's end. Neither window nor this: since the first load."""
    time_dimension: str
    """Field that dates the rows for this metric; "" means the dataset's own."""
    default_period: Literal["", "latest", "ytd", "all"]
    day_count: DayCount
    """How the numerator of a ratio is annualised over the days of the period; act/act gives a leap year 366. "": it is
    not.
    """
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
    versions: tuple[Version, ...] = ()
    """Every version, oldest first, each for the periods that end in its span; () where the definition never changed."""
    dataset: str = ""
    """simple: the dataset whose rows it aggregates, where its fields do not say (COUNT(*)); "" where they do."""

    @property
    def is_ratio_unit(self) -> bool:
        """Whether a change of it is told in percentage points."""
        return self.unit == "ratio"

    @property
    def definitions(self) -> tuple[Metric, ...]:
        """The metric as each of its versions has it, oldest first; itself where it has none."""
        return tuple(self.at(version) for version in self.versions) or (self,)

    def at(self, version: Version) -> Metric:
        """The metric as one of its versions has it."""
        return replace(
            self,
            expression=version.expression,
            filter=version.filter,
            numerator=version.numerator,
            denominator=version.denominator,
            reference=version.reference,
            version=version.version,
            effective_from=version.effective_from.isoformat(),
            versions=(),
        )


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
    is_first_day: bool = False
    """With a grain: shown as the first day of its period, as DATE_TRUNC('month', originated_on), and not as a label."""


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

    def time_field(self, dataset: str, name: str = "") -> Field:
        """The field, maybe of another dataset, that dates the rows of `dataset`: `name`, or else its time dimension."""
        owner, _, own = (name or self.datasets[dataset].time_dimension).rpartition(".")
        return self.datasets[owner or dataset].fields[own]

    def is_restated(self, dimension: Dimension) -> bool:
        """Whether the dimension tells the successors of merged rows, which some of them are not."""
        return any(r.restate == "successor" and r.role == dimension.role for r in self.relationships)

    def facts(self) -> Iterator[Dataset]:
        """Datasets whose rows are dated, so that metrics can stand on them."""
        return (dataset for dataset in self.datasets.values() if dataset.time_dimension)

    def conforming_field(self, dataset: str, dimension: Dimension) -> Field | None:
        """The field of `dataset` that stores `dimension` as it was at the time, if there is one."""
        if dimension.role:
            return None
        fields = self.datasets[dataset].fields.values()
        return next((f for f in fields if f.conforms_to == dimension.name), None)
