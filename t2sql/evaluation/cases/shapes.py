"""How a case stands in a file: the keys of each layout and what they may hold.

Shapes only; `files.py` reads them and tells every mistake. Nothing here opens a file or runs SQL.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from t2sql.evaluation.cases.nouns import Expected
from t2sql.evaluation.records import too_long


def _listed(value: Any) -> Any:
    """One thing stands for a list of it."""
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _texted(value: Any) -> Any:
    """A name that YAML read as a whole number or a day is a name all the same."""
    return str(value) if isinstance(value, (int, date)) and not isinstance(value, bool) else value


Name = Annotated[str, BeforeValidator(_texted)]
Sql = Annotated[str, Field(min_length=1)]
Cell = bool | int | float | str | date | None | Any


class Part(BaseModel):
    """A part of a case file; unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class GoldShape(Part):
    """One right answer: exactly one of the three."""

    sql: Sql | None = None
    semantic_sql: Sql | None = None
    rows: list[list[Cell]] | None = None

    @model_validator(mode="after")
    def _is_one(self) -> GoldShape:
        if sum(part is not None for part in (self.sql, self.semantic_sql, self.rows)) != 1:
            raise ValueError("a gold is exactly one of sql, semantic_sql and rows; write several golds as a list")
        if self.rows and len({len(row) for row in self.rows}) > 1:
            raise ValueError("its rows differ in width; give every row the same number of values")
        return self


Golds = Annotated[list[GoldShape], BeforeValidator(_listed)]
Sqls = Annotated[list[Sql], BeforeValidator(_listed)]
Names = Annotated[list[Annotated[str, Field(min_length=1)]], BeforeValidator(_listed)]
Outcomes = Annotated[list[Expected], BeforeValidator(_listed), Field(min_length=1)]
Tolerance = Annotated[float, Field(ge=0, lt=1)]


class CaseShape(Part):
    """One case of our own layout."""

    id: Name | None = None
    question: str
    language: Literal["zh", "en"] | None = None
    category: Name | None = None
    kind: Name | None = None
    difficulty: Name = ""
    principal: str | None = None
    as_: str | None = Field(default=None, alias="as")
    hints: str = ""
    conversation: Name = ""
    pair: Name = ""
    clean: str = ""
    gold: Golds = []
    check_sql: Sqls = []
    semantic_sql: Sqls = []
    outcome: Outcomes | None = None
    definition: Names = []
    topics: bool = False
    ordered: bool = False
    tolerance: Tolerance | None = None
    clock: date | None = None
    database: str | None = None
    why: str = ""
    draft: bool = False
    unstable: bool = False

    @model_validator(mode="after")
    def _is_clear(self) -> CaseShape:
        has_gold = bool(self.gold or self.check_sql or self.semantic_sql)
        if self.kind is not None and self.category is not None:
            raise ValueError("kind and category are one key; keep category")
        if self.as_ is not None and self.principal is not None:
            raise ValueError("as and principal are one key; keep principal")
        if self.gold and (self.check_sql or self.semantic_sql):
            raise ValueError("gold stands beside its short forms check_sql and semantic_sql; move them into gold")
        if (long := too_long(self.hints)) and not self.draft:
            raise ValueError(f"{long}; shorten them")
        if self.definition and self.topics:
            raise ValueError("definition and topics are two questions; keep one of them")
        if self.definition or self.topics:
            if has_gold or self.outcome is not None:
                raise ValueError("a definition stands beside a gold or an outcome; remove one of the two")
            return self
        if not has_gold and self.outcome is None and not self.draft:
            raise ValueError("there is no gold; add gold: {sql: …}, or outcome: refusal where no answer is right")
        if has_gold and self.outcome is not None and "answer" not in self.outcome:
            raise ValueError("a gold stands beside an outcome without answer; remove one of the two")
        return self


class FileShape(Part):
    """The top of a YAML file that is a mapping; its cases are read one by one."""

    clock: date | None = None
    tolerance: Tolerance | None = None
    database: str | None = None
    cases: list[Any] | None = None
    questions: list[Any] | None = None

    @model_validator(mode="after")
    def _has_cases(self) -> FileShape:
        if (self.cases is None) == (self.questions is None):
            raise ValueError("a case file has one list named cases; write it there")
        return self


class SetLine(BaseModel):
    """One line of the layout of public question sets; what else a line holds is kept out."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: Name
    db: Annotated[str, Field(min_length=1)]
    question: str
    gold_sql: Annotated[Sqls, Field(min_length=1)]
    language: Literal["zh", "en"] | None = None
    evidence: str = ""
    category: str = ""
    difficulty: Name = ""
    as_of: date | None = None
    unstable: bool = False
