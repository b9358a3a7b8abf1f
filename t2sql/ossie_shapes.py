"""The keys a definitions file may have: Ossie core 0.1.1, and our extension under `t2sql:`. Unknown keys are refused.

Only shapes and defaults; what must agree across the file is checked in `ossie`. `custom_extensions` of others are kept
and never read.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, field_validator
from pydantic import Field as Key


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Context(BaseModel):
    model_config = ConfigDict(extra="allow", frozen=True)
    instructions: str = ""
    synonyms: list[str] = []
    examples: list[str] = []


class Dialect(Shape):
    dialect: Literal["ANSI_SQL", "SNOWFLAKE", "MDX", "TABLEAU", "DATABRICKS", "MAQL"]
    expression: str


class Expression(Shape):
    dialects: list[Dialect] = Key(min_length=1)


class CustomExtension(Shape):
    vendor_name: Literal["COMMON", "SNOWFLAKE", "SALESFORCE", "DBT", "DATABRICKS", "GOODDATA"]
    data: str


class Described(Shape):
    """What every part of a model may carry."""

    ai_context: Context = Context()
    custom_extensions: list[CustomExtension] = []

    @field_validator("ai_context", mode="before")
    @classmethod
    def _text(cls, value: Any) -> Any:
        return {"instructions": value} if isinstance(value, str) else value


class GuessShape(Shape):
    """What `t2sql init` drafted and nobody has accepted yet: read by its review, and by nothing that answers."""

    reason: dict[Literal["zh", "en"], str] = {}
    score: float = Key(default=0.0, ge=0.0, le=1.0)


class FieldExtension(Shape):
    type: Literal["", "text", "integer", "number", "date", "boolean", "label"] = ""
    """label: the core calls it time, and it names a period (a year, 2024Q1), stored as anybody may have it."""
    row_sensitivity: str = ""
    flat_name: str = ""
    display: dict[Literal["zh", "en"], str] = {}
    is_enum: bool = False
    members: list[str] = []
    """Every value that an enum may hold, where that is settled: others are found by `t2sql check --source`."""
    aliases: dict[str, list[str]] = {}
    alias_expressions: list[str] = []
    searchable: bool | Literal["whole"] = True
    """whole: very many names, found where a text says one in whole or as it begins; never listed or offered."""
    currency_field: str = ""
    conforms_to: str = ""
    sensitivity: str = ""
    unit: str = ""
    guess: GuessShape | None = None


class FieldShape(Described):
    name: str
    expression: str
    dimension: dict[Literal["is_time"], bool] | None = None
    label: str = ""
    description: str = ""
    t2sql: FieldExtension = FieldExtension()

    @field_validator("expression", mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        return _ansi(value)


class LoadCalendarShape(Shape):
    source: str
    key_column: str
    key: str
    date_column: str
    rows_column: str


class DatasetExtension(Shape):
    display: dict[Literal["zh", "en"], str] = {}
    time_dimension: str = ""
    snapshot_grain: Literal["day", "week", "month", "quarter", "half", "year"] | None = None
    row_grain: Literal["month", "quarter", "half", "year"] | None = None
    load_calendar: LoadCalendarShape | None = None
    sensitivity: str = ""
    guess: GuessShape | None = None


class DatasetShape(Described):
    name: str
    source: str
    primary_key: list[str] = []
    unique_keys: list[list[str]] = []
    description: str = ""
    fields: list[FieldShape] = []
    t2sql: DatasetExtension = DatasetExtension()


class RelationshipExtension(Shape):
    role: str = ""
    fields: list[str] = []
    restate: Literal["as_was", "successor"] = "as_was"
    display: dict[Literal["zh", "en"], str] = {}
    bridge: bool = False
    weight: str = ""
    guess: GuessShape | None = None


class RelationshipShape(Described):
    name: str
    from_: str = Key(alias="from")
    to: str
    from_columns: list[str] = Key(min_length=1)
    to_columns: list[str] = Key(min_length=1)
    t2sql: RelationshipExtension = RelationshipExtension()


class VersionShape(Shape):
    """What a version leaves out is as the metric says."""

    version: str
    effective_from: date
    effective_to: date | None = None
    expression: str | None = None
    filter: str | None = None
    numerator: str | None = None
    denominator: str | None = None
    reference: str | None = None
    note: str = ""

    @field_validator("expression", mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        return _ansi(value)


class MetricExtension(Shape):
    type: Literal["simple", "ratio", "derived", "cumulative"] = "simple"
    numerator: str = ""
    denominator: str = ""
    filter: str = ""
    window_choice: Literal["max", "avg", "opening"] = "max"
    average_over: Literal["loads", "month_ends"] = "loads"
    window: str = Key(default="", pattern=r"^([1-9]\d{0,2} (day|week|month|quarter|year)s?)?$")
    grain_to_date: Literal["", "month", "quarter", "half", "year"] = ""
    time_dimension: str = ""
    default_period: Literal["", "latest", "ytd", "all"] = ""
    day_count: Literal["", "act/365", "act/360", "act/act"] = ""
    unit: str = "CNY"
    format: str = ""
    direction: Literal["", "up_is_good", "down_is_good"] = ""
    display: dict[Literal["zh", "en"], str] = {}
    reference: str = ""
    owner: str = ""
    effective_from: str = ""
    version: str = "1"
    versions: list[VersionShape] = []
    sensitivity: str = ""
    guess: GuessShape | None = None

    @field_validator("day_count", mode="before")
    @classmethod
    def _days(cls, value: Any) -> Any:
        """365 and 360 say the same in short; 0 says that nothing is annualised."""
        if isinstance(value, int):
            return f"act/{value}" if value else ""
        return value


class MetricShape(Described):
    name: str
    expression: str = ""
    description: str = ""
    t2sql: MetricExtension = MetricExtension()

    @field_validator("expression", mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        return _ansi(value)


class RatesShape(Shape):
    source: str
    date_column: str
    currency_column: str
    period_end_column: str
    average_column: str
    reporting_currency: str


class HierarchyShape(Shape):
    name: str
    levels: list[str] = Key(min_length=2)


class ModelExtension(Shape):
    display: dict[Literal["zh", "en"], str] = {}
    rates: RatesShape | None = None
    hierarchies: list[HierarchyShape] = []
    fiscal_year_start: int = Key(default=1, ge=1, le=12)


class ModelShape(Described):
    name: str
    description: str = ""
    datasets: list[DatasetShape] = Key(min_length=1)
    relationships: list[RelationshipShape] = []
    metrics: list[MetricShape] = []
    t2sql: ModelExtension = ModelExtension()


class Document(Shape):
    version: str
    dialects: list[str] = []
    vendors: list[str] = []
    semantic_model: list[ModelShape] = Key(min_length=1, max_length=1)


def _ansi(value: Any) -> Any:
    """The text of a nested `dialects` expression: ANSI_SQL where given, else the first that is SQL."""
    if not isinstance(value, Mapping):
        return value
    given = {d.dialect: d.expression for d in Expression.model_validate(value).dialects}
    found = next((given[name] for name in ("ANSI_SQL", "SNOWFLAKE", "DATABRICKS") if name in given), None)
    if found is None:
        raise ValueError("no dialect here is SQL")
    return found
