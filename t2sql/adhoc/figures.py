"""Which fields may be counted, added up and compared: what a figure over rows may be made of."""

from __future__ import annotations

from collections.abc import Iterable

from t2sql.catalog import Catalog, Dataset, Field
from t2sql.compiler.words.field_kinds import kind_of_field


def key_of(dataset: Dataset) -> str:
    """The field that stands for one row, as its count names it: the key where it is one field, else the first one."""
    fields = [f for f in dataset.fields.values() if f.is_named]
    key = next((f.name for f in fields if (f.expression,) == tuple(dataset.primary_key)), "")
    return key or (fields[0].name if fields else "")


def is_amount(dataset: Dataset, item: Field) -> bool:
    """Whether a field holds numbers that may be added up or averaged."""
    is_key = item.expression in dataset.primary_key or item.name == "id" or item.name.endswith("_id")
    return is_measured(dataset, item) and not is_key


def is_measured(_dataset: Dataset, item: Field) -> bool:
    """Whether a field holds numbers."""
    return kind_of_field(item) == "number"


def is_moment(_dataset: Dataset, item: Field) -> bool:
    """Whether a field holds dates."""
    return kind_of_field(item) == "date"


def counts_of(catalog: Catalog, datasets: Iterable[Dataset] = (), *, is_distinct: bool) -> tuple[str, ...]:
    """Counts of rows of each dataset, and of the distinct keys that its rows hold."""
    chosen = [*datasets] or [*catalog.datasets.values()]
    rows = [f"COUNT({d.name}.{key_of(d)})" for d in chosen if key_of(d)]
    held = [
        f"COUNT(DISTINCT {d.name}.{f.name})"
        for d in chosen
        for f in d.fields.values()
        if f.is_named
        and (f.name.endswith("id") or f.expression in d.primary_key or f.is_dimension)
        and kind_of_field(f) not in ("date", "boolean")
    ]
    return tuple(held if is_distinct else [*rows, *held])
