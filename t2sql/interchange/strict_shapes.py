"""What a strict Ossie 0.1.1 file may hold, as the specification's schema has it. Nothing of ours."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict
from pydantic import Field as Key

Dialect = Literal["ANSI_SQL", "SNOWFLAKE", "MDX", "TABLEAU", "DATABRICKS", "MAQL"]
Vendor = Literal["COMMON", "SNOWFLAKE", "SALESFORCE", "DBT", "DATABRICKS", "GOODDATA"]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class StrictContext(BaseModel):
    model_config = ConfigDict(extra="allow", frozen=True, strict=True)
    instructions: str = ""
    synonyms: list[str] = []
    examples: list[str] = []


class StrictExtension(Strict):
    vendor_name: Vendor
    data: str


class StrictDialect(Strict):
    dialect: Dialect
    expression: str


class StrictExpression(Strict):
    dialects: list[StrictDialect] = Key(min_length=1)


class StrictDimension(Strict):
    is_time: bool = False


class StrictPart(Strict):
    name: str
    ai_context: str | StrictContext = ""
    custom_extensions: list[StrictExtension] = []


class StrictField(StrictPart):
    expression: StrictExpression
    dimension: StrictDimension | None = None
    label: str = ""
    description: str = ""


class StrictDataset(StrictPart):
    source: str
    primary_key: list[str] = []
    unique_keys: list[list[str]] = []
    description: str = ""
    fields: list[StrictField] = []


class StrictRelationship(StrictPart):
    from_: str = Key(alias="from")
    to: str
    from_columns: list[str] = Key(min_length=1)
    to_columns: list[str] = Key(min_length=1)


class StrictMetric(StrictPart):
    expression: StrictExpression
    description: str = ""


class StrictModel(StrictPart):
    description: str = ""
    datasets: list[StrictDataset] = Key(min_length=1)
    relationships: list[StrictRelationship] = []
    metrics: list[StrictMetric] = []


class StrictDocument(Strict):
    version: Literal["0.1.1"]
    dialects: list[Dialect] = []
    vendors: list[Vendor] = []
    semantic_model: list[StrictModel] = Key(min_length=1, max_length=1)
