"""Asks a database whether it bears the definitions: tables, columns, kinds and keys, by questions that read no value.

Every question goes through certify and the warehouse, as somebody who may see all that is defined. It decides nothing:
what follows from the answers is `drift`'s and `check`'s.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from t2sql.catalog import Catalog, Dataset, Field
from t2sql.errors import CertifyError, NotComputable, WarehouseError, WarehouseUnavailable
from t2sql.metric_names import physical_columns
from t2sql.policy import Grant

if TYPE_CHECKING:
    from sqlglot import exp

    from t2sql.warehouse import Warehouse


@dataclass(frozen=True, slots=True)
class Broken:
    """One part of the definitions that the database no longer bears."""

    kind: Literal["table", "column", "type", "key"]
    dataset: str
    name: str
    """The table, column or field; of a key its columns joined by commas."""
    message: str
    hint: str
    zh: str


class Source:
    """One warehouse under question."""

    def __init__(self, catalog: Catalog, warehouse: Warehouse, timeout_seconds: float) -> None:
        self.catalog, self.warehouse, self.timeout_seconds = catalog, warehouse, timeout_seconds
        self.grants = grants_of(catalog)
        self.missing: set[tuple[str, str]] = set()
        """(table, column) pairs that cannot be read."""

    def structure(self, dataset: Dataset) -> Iterator[Broken]:
        """Tables and columns that cannot be read, and fields that are no longer of their kind."""
        names = sorted(self.grants[dataset.source].columns)
        if names and not self.reads(dataset.source, names):
            broken = [name for name in names if not self.reads(dataset.source, [name])]
            self.missing |= {(dataset.source, name) for name in broken}
            if len(broken) == len(names):
                yield Broken(
                    "table",
                    dataset.name,
                    dataset.source,
                    f"dataset {dataset.name!r}: table {dataset.source!r} cannot be read.",
                    "Correct `source` of the dataset, or load the table.",
                    f"数据集 {dataset.name}：表 {dataset.source} 无法读取。",
                )
                return
            for name in broken:
                yield Broken(
                    "column",
                    dataset.name,
                    name,
                    f"table {dataset.source!r} has no column {name!r}.",
                    "Correct the name, or load the column.",
                    f"表 {dataset.source} 没有列 {name}。",
                )
        typed = [i for i in dataset.fields.values() if _kind(i) in _PROBES and not self._lost(dataset, i)]
        if not typed or self._holds(dataset, [(item, _kind(item)) for item in typed]):
            return
        for item in typed:
            kind = _kind(item)
            if self._holds(dataset, [(item, kind)]):
                continue
            # Text has kinds of its own (UUID, JSON): only one that became a number or a date has changed.
            if kind == "text" and not any(self._holds(dataset, [(item, other)]) for other in ("number", "date")):
                continue
            yield Broken(
                "type",
                dataset.name,
                item.name,
                f"field {dataset.name}.{item.name} is defined as {kind}, and the database no longer holds that.",
                "Correct its type or expression, or load the column as it was; then look at what stands on it.",
                f"字段 {dataset.name}.{item.name} 定义为 {kind}，数据库中的类型已不再相符。",
            )

    def reads(self, table: str, columns: Sequence[str]) -> bool:
        """Whether columns of a table can be read."""
        from sqlglot import exp

        try:
            self.rows(exp.select(*(exp.column(name, table="t") for name in columns)).from_(from_(table, columns)), 1)
        except WarehouseUnavailable:
            raise
        except WarehouseError:
            return False
        return True

    def lacks(self, table: str, columns: Sequence[str]) -> bool:
        """Whether one of the columns is known to be missing."""
        return any((table, column) in self.missing for column in columns)

    def repeated(self, table: str, key: Sequence[str], *, timeout_seconds: float | None = None) -> int:
        """How many values of a key stand in several rows; 0 for a key."""
        from sqlglot import exp

        columns = [exp.column(name, table="t") for name in key]
        twice = exp.GT(this=exp.Count(this=exp.Star()), expression=exp.Literal.number(1))
        groups = exp.select(*columns).from_(from_(table, key)).group_by(*columns).having(twice)
        counted = exp.select(exp.alias_(exp.Count(this=exp.Star()), "n")).from_(groups.subquery("g"))
        return int(self.rows(counted, 1, timeout_seconds=timeout_seconds)[0][0])

    def rows(self, tree: exp.Select, most: int, *, timeout_seconds: float | None = None) -> list[tuple[Any, ...]]:
        """At most `most` rows of a question about the data, proven and run."""
        from t2sql.compiler.certify import certify
        from t2sql.compiler.engines.dialects import write_sql

        dialect = self.warehouse.dialect
        physical = certify(write_sql(tree.limit(most), dialect), self.grants, dialect=dialect, row_limit=most)
        return self.warehouse.rows(physical, timeout_seconds=timeout_seconds or self.timeout_seconds)

    def _lost(self, dataset: Dataset, item: Field) -> bool:
        return self.lacks(dataset.source, tuple(physical_columns(item.expression)))

    def _holds(self, dataset: Dataset, items: Sequence[tuple[Field, str]]) -> bool:
        """Whether the fields are of the kinds beside them, as far as an engine refuses what is not."""
        from sqlglot import exp

        columns = sorted({name for item, _ in items for name in physical_columns(item.expression)})
        probes = [exp.alias_(_probe(item, kind), f"p{i}") for i, (item, kind) in enumerate(items)]
        none = exp.EQ(this=exp.Literal.number(1), expression=exp.Literal.number(0))
        try:
            self.rows(exp.select(*probes).from_(from_(dataset.source, columns)).where(none), 1)
        except WarehouseUnavailable:
            raise
        except WarehouseError:
            return False
        except (CertifyError, NotComputable):
            # Not every expression can be wrapped; what cannot be asked is not held against it.
            return True
        return True


_PROBES = {"integer": "Abs", "number": "Abs", "date": "Year", "text": "Lower"}
"""What only a value of the kind can be put through, by sqlglot's name. Spark and MariaDB put any through the last."""


def _kind(item: Field) -> str:
    return "date" if item.is_time else item.type


def _probe(item: Field, kind: str) -> exp.Expr:
    import sqlglot
    from sqlglot import exp

    value = sqlglot.parse_one(item.expression, read="duckdb")
    for column in [*value.find_all(exp.Column)]:
        column.set("table", exp.to_identifier("t"))
    probe: exp.Expr = getattr(exp, _PROBES[kind])(this=value)
    return probe


def broken_key(dataset: Dataset, columns: Sequence[str]) -> Broken:
    """A key that several rows share; how many, a reader of few rows must not learn."""
    named = ", ".join(columns)
    return Broken(
        "key",
        dataset.name,
        named,
        f"key ({named}) of dataset {dataset.name!r} is not unique: values repeat.",
        "Declare the true key, or clean the data: rows would count twice.",
        f"数据集 {dataset.name} 的键（{named}）不再唯一：有重复的值。",
    )


def grants_of(catalog: Catalog) -> Mapping[str, Grant]:
    """Every physical column that the definitions name, as somebody may read it who may see all."""
    columns: dict[str, set[str]] = {}
    for dataset in catalog.datasets.values():
        needed = columns.setdefault(dataset.source, set())
        needed.update(dataset.primary_key, *dataset.unique_keys)
        needed.update(*(physical_columns(f.expression) for f in dataset.fields.values()))
        if calendar := dataset.load_calendar:
            asked = (calendar.key_column, calendar.date_column, calendar.rows_column)
            columns.setdefault(calendar.source, set()).update(asked)
    for relationship in catalog.relationships:
        columns[catalog.datasets[relationship.from_dataset].source].update(relationship.from_columns)
        columns[catalog.datasets[relationship.to_dataset].source].update(relationship.to_columns)
    if rates := catalog.rates:
        asked_rates = (rates.date_column, rates.currency_column, rates.period_end_column, rates.average_column)
        columns.setdefault(rates.source, set()).update(asked_rates)
    return {table: Grant(frozenset(names), frozenset()) for table, names in columns.items()}


def from_(table: str, columns: Sequence[str], alias: str = "t") -> exp.Subquery:
    """The one form in which a physical table may be read."""
    from sqlglot import exp

    from t2sql.compiler.trees import table as named

    return exp.select(*(exp.column(name) for name in dict.fromkeys(columns))).from_(named(table)).subquery(alias)
