"""The keys that policies.yml may have. Unknown keys are refused; whether the names exist is checked in `policy`."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict
from pydantic import Field as Key


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RowRule(_Shape):
    dimension: str
    values: list[str] = Key(min_length=1)
    through: dict[str, str] = {}
    """Dataset -> the dimension that limits it instead (for one reached by another role)."""
    open: list[str] = []
    """Datasets that hold nothing to protect and are read whole."""


class Hide(_Shape):
    sensitivity: list[str] = []
    metrics: list[str] = []
    dimensions: list[str] = []


class Role(_Shape):
    description: str = ""
    rows: RowRule | None = None
    hide: Hide = Hide()
    may: list[Literal["review"]] = []
    """"review": see what others asked and said of answers, and decide on it."""


class PrincipalShape(_Shape):
    roles: list[str] = []
    display: dict[Literal["zh", "en"], str] = {}


class PoliciesShape(_Shape):
    roles: dict[str, Role] = {}
    principals: dict[str, PrincipalShape] = {}
