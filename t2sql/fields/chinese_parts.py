"""A Chinese question over fields with what was found in it, and the SELECT that is made of it: what every shape needs.

Knows no shape of its own; says what a field is and how the compiler's language names it.
"""

# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from dataclasses import dataclass, field

from t2sql.fields.asking import Roles
from t2sql.fields.entities import CODE
from t2sql.fields.index import FieldIndex, Key
from t2sql.fields.linked import Condition, FieldFound, Linked
from t2sql.fields.roles import is_number, label_fields
from t2sql.fields.writing import qualified, quoted, select
from t2sql.flow import Span

TO_ORDER = re.compile(
    r"(?:的|是|也|都|额|值|总额|金额|合计|总和|之和|总计|累计|均值|平均值|排名|排序|排行|从|按|由|为|中|最|,|，|在|情况|数据|进行)*"
)
"""What may stand between a figure and the words that order by it."""


def is_event(dataset: str, index: FieldIndex) -> bool:
    """Whether each row of a dataset is one thing that happened: with a key of its own, and pointing to other things."""
    key = index.catalog.datasets[dataset].primary_key
    pointing = [r.from_columns for r in index.catalog.relationships if r.from_dataset == dataset]
    return len(key) == 1 and bool(pointing) and key not in pointing


@dataclass(slots=True)
class Parts:
    """A SELECT in the making."""

    shown: list[str]
    conditions: list[str]
    groups: list[str] = field(default_factory=list)
    having: str = ""
    qualify: str = ""
    order: list[str] = field(default_factory=list)
    limit: int = 0
    is_distinct: bool = False
    is_counted: bool = False
    """How many rows there are is asked, not the rows."""
    sure: float = 0.9
    read: list[Span] = field(default_factory=list)
    """Stretches of the text that the shape explains whole."""


class Sentence:
    """One question, with what its words are near to."""

    def __init__(self, linked: Linked, roles: Roles, index: FieldIndex, hints: str = "") -> None:
        self.linked, self.roles, self.index, self.hints = linked, roles, index, hints
        self.text, self.dataset = linked.text.lower(), linked.dataset
        self.conditions = [*linked.conditions]
        self.left = 1.0

    def written(self, parts: Parts) -> str:
        sql = select(
            parts.shown,
            self.dataset,
            parts.conditions,
            groups=parts.groups,
            having=parts.having,
            qualify=parts.qualify,
            order=parts.order,
            limit=parts.limit,
            is_distinct=parts.is_distinct,
            is_any=self.linked.is_any,
        )
        return f"SELECT COUNT(*) FROM ({sql})" if parts.is_counted else sql

    @property
    def is_count(self) -> bool:
        """Whether a count is asked."""
        return any(a.function.startswith("count") for a in self.linked.aggregates)

    @property
    def is_event(self) -> bool:
        """Whether each row is one thing that happened: with a key of its own, and pointing to other things."""
        return is_event(self.dataset, self.index)

    def unread(self) -> None:
        """The words ask for more than a plain reading says."""
        self.left = 0.35

    def number_before(self, at: int) -> bool:
        numbers = [f for f in self.linked.fields if self.is_number((f.dataset, f.field)) and f.span.end <= at]
        return bool(numbers) and TO_ORDER.fullmatch(self.text[numbers[-1].span.end : at]) is not None

    def is_number(self, key: Key) -> bool:
        item = self.index.field(key)
        return is_number(item) and not CODE.search(item.display.zh)

    def is_figure(self, key: Key) -> bool:
        item = self.index.field(key)
        return self.is_number(key) and not (item.is_enum or item.aliases)

    def is_of_days(self, condition: Condition) -> bool:
        return any(s.span == condition.span for s in self.linked.stretches)

    def limits(self, mention: FieldFound) -> bool:
        """Whether a mention only says what a value or a number is of."""
        key = (mention.dataset, mention.field)
        of_value = any(
            (v.dataset, v.field) == key and abs(v.span.start - mention.span.end) <= 3 for v in self.linked.values
        )
        of_bound = any(b.field == key and 0 <= b.span.start - mention.span.end <= 3 for b in self.linked.bounds)
        return of_value or of_bound

    def labels(self, dataset: str) -> list[Key]:
        return [(dataset, f.name) for f in label_fields(self.index.catalog.datasets[dataset])][:1]

    def field_of(self, dataset: str, column: str) -> str:
        return next(
            (f.name for f in self.index.catalog.datasets[dataset].fields.values() if f.expression == column), ""
        )

    def all_conditions(self) -> list[str]:
        return [c.alternatives[0].sql for c in self.conditions]

    def name(self, key: Key) -> str:
        return quoted(key[1]) if key[0] == self.dataset else qualified(*key)
