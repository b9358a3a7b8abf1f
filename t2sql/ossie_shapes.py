"""The keys a definitions file may have: Ossie core 0.1.1, and our extension under `t2sql:`. Unknown keys are refused.

Only shapes and defaults; what must agree across the file is checked in `ossie`.
"""

from __future__ import annotations

from collections.abc import Mapping
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
    dialect: str
    expression: str


class Expression(Shape):
    dialects: list[Dialect] = Key(min_length=1)


class FieldExtension(Shape):
    display: dict[Literal["zh", "en"], str] = {}
    is_enum: bool = False
    aliases: dict[str, list[str]] = {}
    alias_expressions: list[str] = []
    searchable: bool = True
    currency_field: str = ""
    conforms_to: str = ""
    sensitivity: str = ""


class FieldShape(Shape):
    name: str
    expression: str
    dimension: dict[Literal["is_time"], bool] | None = None
    label: str = ""
    description: str = ""
    ai_context: Context = Context()
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


class DatasetShape(Shape):
    name: str
    source: str
    primary_key: list[str] = []
    unique_keys: list[list[str]] = []
    description: str = ""
    ai_context: Context = Context()
    fields: list[FieldShape] = []
    t2sql: DatasetExtension = DatasetExtension()


class RelationshipExtension(Shape):
    role: str = ""
    fields: list[str] = []
    display: dict[Literal["zh", "en"], str] = {}


class RelationshipShape(Shape):
    name: str
    from_: str = Key(alias="from")
    to: str
    from_columns: list[str] = Key(min_length=1)
    to_columns: list[str] = Key(min_length=1)
    ai_context: Context = Context()
    t2sql: RelationshipExtension = RelationshipExtension()


class MetricExtension(Shape):
    type: Literal["simple", "ratio", "derived"] = "simple"
    numerator: str = ""
    denominator: str = ""
    filter: str = ""
    window_choice: Literal["max", "avg"] = "max"
    time_dimension: str = ""
    default_period: Literal["", "latest", "ytd", "all"] = ""
    day_count: int = 0
    unit: str = "CNY"
    format: str = ""
    direction: Literal["", "up_is_good", "down_is_good"] = ""
    display: dict[Literal["zh", "en"], str] = {}
    reference: str = ""
    owner: str = ""
    effective_from: str = ""
    version: str = "1"
    sensitivity: str = ""


class MetricShape(Shape):
    name: str
    expression: str = ""
    description: str = ""
    ai_context: Context = Context()
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


class ModelShape(Shape):
    name: str
    description: str = ""
    ai_context: Context = Context()
    datasets: list[DatasetShape] = Key(min_length=1)
    relationships: list[RelationshipShape] = []
    metrics: list[MetricShape] = []
    t2sql: ModelExtension = ModelExtension()


class Document(Shape):
    version: str
    semantic_model: list[ModelShape] = Key(min_length=1, max_length=1)


def _ansi(value: Any) -> Any:
    """The text of a nested `dialects` expression: ANSI_SQL where given, else the first."""
    if isinstance(value, Mapping):
        shape = Expression.model_validate(value)
        return next((d.expression for d in shape.dialects if d.dialect == "ANSI_SQL"), shape.dialects[0].expression)
    return value
