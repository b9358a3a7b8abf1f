"""What a name means in SQL over one dataset: its own field, what it reaches many-to-one, or one of its many rows.

Knows the narrowed catalog alone, so that a hidden field, dataset or dimension is an unknown name like any other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlglot import exp

from t2sql.catalog import Catalog, Dataset, Dimension, Field
from t2sql.compiler.calendar.time_conditions import grain_name
from t2sql.compiler.facts.lacking import lacking
from t2sql.compiler.words.conditions import call_of
from t2sql.compiler.words.spelling import as_written
from t2sql.errors import NotComputable, UnknownName, did_you_mean
from t2sql.paths import is_reached, joins_between, joins_to


@dataclass(frozen=True, slots=True)
class Named:
    """One name, understood."""

    dimension: Dimension
    """A flat dimension, or a field as if it were one."""
    many: str = ""
    """The dataset of many rows that it is read from; "" where each row has one value."""
    is_time: bool = False
    """Whether it is the field that dates the dataset's rows."""


class FieldNames:
    """Names in a SELECT over `dataset`, which may also be called `alias`. Raises UnknownName or NotComputable."""

    def __init__(self, catalog: Catalog, dataset: Dataset, alias: str = "") -> None:
        self.catalog, self.dataset = catalog, dataset
        self.own_names = {dataset.name.lower(), alias.lower()} - {""}
        self._flat = {name.lower(): d for name, d in catalog.dimensions.items()}
        self._datasets = {name.lower(): d for name, d in catalog.datasets.items()}

    def read(self, column: exp.Column) -> Named:
        """What a column names."""
        qualifier = column.table.lower()
        if column.args.get("db") or (qualifier and qualifier not in self.own_names | set(self._datasets)):
            raise self._unknown(column)
        if qualifier and qualifier not in self.own_names:
            return self._elsewhere(column, self._datasets[qualifier])
        own = field_named(self.dataset, column.name)
        if own is not None:
            is_time = own.name == self.dataset.time_dimension
            return Named(as_dimension(self.catalog, own), is_time=is_time)
        dimension = self._flat.get(column.name.lower())
        if dimension is None:
            raise self._unknown(column)
        if is_reached(self.catalog, self.dataset.name, dimension):
            return Named(dimension)
        # Asked again, so that two paths are told as such.
        joins_to(self.catalog, self.dataset.name, dimension)
        return self._many(dimension)

    def is_own_time(self, column: exp.Column) -> bool:
        """Whether a column is the dataset's own date, by which its rows are loaded."""
        if column.table and column.table.lower() not in self.own_names:
            return False
        own = field_named(self.dataset, column.name)
        return own is not None and own.name == self.dataset.time_dimension

    def _elsewhere(self, column: exp.Column, other: Dataset) -> Named:
        """`other.name`: as the dataset reaches it, or as one of the many rows of `other` has it."""
        own = field_named(other, column.name)
        dimension = as_dimension(self.catalog, own) if own is not None else self._flat.get(column.name.lower())
        if dimension is None:
            near = did_you_mean(column.name, [f.name for f in named_fields(other)])
            raise UnknownName(
                f"Unknown field {column.name!r} of {other.name!r}.{near}",
                f"Use a field of {other.name!r}, or a dimension of the catalog.",
                zh=(
                    f"{other.display.zh}（{other.name}）中没有字段“{column.name}”。",
                    "请使用该数据集的字段或已定义的维度。",
                ),
            )
        if own is not None and joins_between(self.catalog, self.dataset.name, other.name):
            return Named(dimension)
        if self._is_over_bridge(dimension):
            return Named(dimension)
        if joins_between(self.catalog, other.name, self.dataset.name):
            if own is None and not is_reached(self.catalog, other.name, dimension):
                raise lacking(self.catalog, other, dimension, (other.name,))
            return Named(dimension, other.name)
        raise NotComputable(
            f"No relationship leads between {self.dataset.name!r} and {other.name!r}.",
            f"Use fields of {self.dataset.name!r} and dimensions that it has.",
            zh=(
                f"{self.dataset.display.zh}与{other.display.zh}之间没有关系。",
                f"请使用 {self.dataset.name} 的字段或其可用的维度。",
            ),
        )

    def _is_over_bridge(self, dimension: Dimension) -> bool:
        """Whether rows of the dataset have it only over a declared bridge; what it is not declared for has one row."""
        is_flat = self._flat.get(dimension.name.lower()) == dimension
        return is_flat and is_reached(self.catalog, self.dataset.name, dimension)

    def _many(self, dimension: Dimension) -> Named:
        """A dimension that only one of many rows has; which rows must be clear."""
        found = [
            name
            for name in self.catalog.datasets
            if joins_between(self.catalog, name, self.dataset.name) and is_reached(self.catalog, name, dimension)
        ]
        if not found:
            raise lacking(self.catalog, self.dataset, dimension, (self.dataset.name,))
        if len(found) > 1:
            told = [f"{name}.{dimension.name}" for name in found]
            raise NotComputable(
                f"{self.dataset.display.en} ({self.dataset.name!r}) may have {dimension.name!r} by many rows"
                f" of {', '.join(found)}.",
                f"Say which: {' or '.join(told)}.",
                zh=(
                    f"{self.dataset.display.zh}的“{dimension.display.zh}”可来自多个数据集：{'、'.join(found)}。",
                    f"请写明：{' 或 '.join(told)}。",
                ),
            )
        return Named(dimension, found[0])

    def _unknown(self, column: exp.Column) -> UnknownName | NotComputable:
        name = column.name
        if not column.table and name in self.catalog.metrics:
            return NotComputable(
                f"{name!r} is a metric, which rows of {self.dataset.name!r} do not have.",
                f"Ask for it FROM {self.catalog.name}, as SELECT {name} FROM {self.catalog.name}.",
                zh=(
                    f"{self.catalog.metrics[name].display.zh}是指标，{self.dataset.display.zh}的明细行没有指标。",
                    f"请写 SELECT {name} FROM {self.catalog.name}。",
                ),
            )
        known = dict.fromkeys([*(f.name for f in named_fields(self.dataset)), *self.catalog.dimensions])
        return UnknownName(
            f"Unknown name {as_written(column)!r} in {self.dataset.name!r}.{did_you_mean(name, known)}",
            f"Use a field of {self.dataset.name!r} or a dimension that it has; values stand in single quotes.",
            zh=(
                f"{self.dataset.display.zh}（{self.dataset.name}）中没有“{as_written(column)}”。",
                "请使用该数据集的字段或其可用的维度；取值写在单引号中。",
            ),
        )


def named_fields(dataset: Dataset) -> list[Field]:
    """The fields that SQL over rows may name."""
    return [item for item in dataset.fields.values() if item.is_named]


def field_named(dataset: Dataset, name: str) -> Field | None:
    """The field of `dataset` called so, in any case, by its own name or its dimension's; None for a grain's word."""
    if grain_name(exp.column(name)):
        return None
    wanted = name.lower()
    fields = named_fields(dataset)
    return next((f for f in fields if f.name.lower() == wanted), None) or next(
        (f for f in fields if f.is_dimension and not f.conforms_to and f.dimension_name.lower() == wanted), None
    )


def as_own_time(column: exp.Column) -> None:
    """The dataset's own date as its time: month(snapshot_date) becomes month, snapshot_date itself a day."""
    call = column.parent
    name = call_of(call)[0] if call is not None else ""
    if call is not None and grain_name(exp.column(name)):
        call.replace(exp.column(name))
    else:
        column.replace(exp.column("day"))


def dataset_named(catalog: Catalog, name: str) -> Dataset | None:
    """The dataset called so, in any case."""
    found = catalog.datasets.get(name)
    return found or next((d for n, d in catalog.datasets.items() if n.lower() == name.lower()), None)


def as_dimension(catalog: Catalog, item: Field) -> Dimension:
    """The flat dimension that a field is, or one made for a field that is none."""
    known = catalog.dimensions.get(item.dimension_name)
    if known is not None and (known.dataset, known.field, known.role) == (item.dataset, item.name, ""):
        return known
    return Dimension(item.name, item.dataset, item.name, "", item.display, item.synonyms)


def named_apart(dimension: Dimension, catalog: Catalog) -> Dimension:
    """`dimension` under a name that nothing else in the catalog has."""
    known = catalog.dimensions.get(dimension.name)
    taken = dimension.name in catalog.metrics or bool(grain_name(exp.column(dimension.name)))
    if not taken and (known is None or known == dimension):
        return dimension
    return replace(dimension, name=f"{dimension.dataset}_{dimension.field}")
