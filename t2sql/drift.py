"""Where the database has moved away from the definitions, and the catalog less what that breaks.

Asks for no value of the data: whether tables and columns are still there, whether they are still of their kind, and
whether keys that joins end on are still unique. It goes through certify and the warehouse like everybody else, and
decides nothing about rights.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from time import monotonic
from typing import TYPE_CHECKING

from t2sql.catalog import Catalog, Dataset, Field, Relationship
from t2sql.errors import QueryTimeout, WarehouseError, WarehouseUnavailable
from t2sql.flow import Note
from t2sql.metric_names import physical_columns
from t2sql.policy import reduced
from t2sql.probing import Broken, Source, broken_key

if TYPE_CHECKING:
    from t2sql.warehouse import Warehouse

SECONDS_OF_A_KEY = 5.0
"""Longest time that one key is looked at when an installation starts."""


@dataclass(frozen=True, slots=True)
class Drift:
    """All that is broken, and what is unchecked."""

    broken: tuple[Broken, ...] = ()
    unchecked: tuple[str, ...] = ()
    """Keys that took too long to look at."""

    def __bool__(self) -> bool:
        return bool(self.broken)


def find_drift(
    catalog: Catalog, warehouse: Warehouse, *, timeout_seconds: float, seconds_of_a_key: float = SECONDS_OF_A_KEY
) -> Drift:
    """What of `catalog` the database no longer bears. Keys that take longer than `seconds_of_a_key`, or all together
    longer than four times that, stay unchecked. Raises WarehouseUnavailable.
    """
    asked = Source(catalog, warehouse, timeout_seconds)
    broken = [part for dataset in catalog.datasets.values() for part in asked.structure(dataset)]
    unchecked: list[str] = []
    until = monotonic() + 4 * seconds_of_a_key
    ends = {(r.to_dataset, r.to_columns): None for r in catalog.relationships if not r.is_bridge or _is_key(catalog, r)}
    for name, columns in ends:
        dataset = catalog.datasets[name]
        if asked.lacks(dataset.source, columns):
            continue
        left = until - monotonic()
        try:
            if left <= 0:
                raise QueryTimeout("", "")
            repeated = asked.repeated(dataset.source, columns, timeout_seconds=min(seconds_of_a_key, left))
        except WarehouseUnavailable:
            raise
        except WarehouseError:
            # Too large to look at in this time or memory; `t2sql check --source` takes longer.
            unchecked.append(f"{name} ({', '.join(columns)})")
            continue
        if repeated:
            broken.append(broken_key(dataset, columns))
    return Drift(tuple(broken), tuple(unchecked))


@dataclass(frozen=True, slots=True)
class Borne:
    """What of a catalog a database bears."""

    whole: Catalog
    """As it is defined."""
    rest: Catalog
    """Less what is broken and what stands on it."""
    drift: Drift = Drift()

    def notes(self, seen: Catalog | None = None) -> tuple[Note, ...]:
        """What is switched off and why, for somebody who may see `seen` of the whole; None: for who sees all."""
        return notes_of(self.drift, self.whole, self.rest, seen or self.whole)


def borne(catalog: Catalog, warehouse: Warehouse, *, timeout_seconds: float) -> Borne:
    """What of `catalog` the database bears.

    A database that cannot be reached, or that bears nothing at all, breaks no definition: its own error tells more.
    """
    try:
        drift = find_drift(catalog, warehouse, timeout_seconds=timeout_seconds)
    except WarehouseUnavailable:
        return Borne(catalog, catalog)
    lost = {part.dataset for part in drift.broken if part.kind == "table"}
    if lost == set(catalog.datasets):
        return Borne(catalog, catalog)
    return Borne(catalog, without(catalog, drift), drift)


def without(catalog: Catalog, drift: Drift) -> Catalog:
    """`catalog` less what is broken and what stands on it: everything else goes on answering.

    A dataset that cannot be read stays without its fields, and a relationship that cannot be followed stays as broken,
    so that no question silently takes another way than it did.
    """
    if not drift:
        return catalog
    gone = {(b.dataset, b.name) for b in drift.broken if b.kind in ("column", "type")}
    tables = {b.dataset for b in drift.broken if b.kind == "table"}
    datasets = {d.name: _readable(d, gone, d.name in tables) for d in catalog.datasets.values()}
    while True:
        undated = {name for name, d in datasets.items() if not _is_dated(d, datasets)}
        if not undated:
            break
        datasets |= {name: _stub(datasets[name]) for name in undated}
    relationships = [replace(r, broken=_why_broken(r, drift, gone, tables)) for r in catalog.relationships]
    return reduced(catalog, datasets, relationships)


def _readable(dataset: Dataset, gone: set[tuple[str, str]], is_lost: bool) -> Dataset:
    """The dataset with the fields that can be read; without any where its rows could not be told apart or dated."""
    columns = {name for owner, name in gone if owner == dataset.name}
    fields = {f.name: f for f in dataset.fields.values() if not _stands_on(f, columns)}
    # An amount without its currency would be added up with others.
    fields = {n: f for n, f in fields.items() if not f.currency_field or f.currency_field in fields}
    calendar = dataset.load_calendar
    is_loaded = calendar is None or not columns & {calendar.key_column, calendar.date_column, calendar.rows_column}
    if is_lost or columns & set(dataset.primary_key) or not is_loaded:
        return _stub(dataset)
    return replace(dataset, fields=fields)


def _stub(dataset: Dataset) -> Dataset:
    return replace(dataset, fields={}, time_dimension="", snapshot_grain=None, row_grain=None, load_calendar=None)


def _why_broken(r: Relationship, drift: Drift, gone: set[tuple[str, str]], tables: set[str]) -> str:
    """Why a relationship cannot be followed; "" when it can."""
    ends = {(r.from_dataset, c) for c in r.from_columns} | {(r.to_dataset, c) for c in r.to_columns}
    if ends & gone or {r.from_dataset, r.to_dataset} & tables:
        return f"relationship {r.name!r} stands on what the database no longer has."
    for part in drift.broken:
        if part.kind == "key" and (part.dataset, part.name) == (r.to_dataset, ", ".join(r.to_columns)):
            return part.message
    return ""


def notes_of(drift: Drift, whole: Catalog, rest: Catalog, seen: Catalog) -> tuple[Note, ...]:
    """What is switched off and why, in the names that `seen` of the whole holds."""
    is_whole = seen is whole
    notes = [Note("drift", b.zh, b.message) for b in drift.broken if is_whole or _is_seen(b, seen)]
    metrics = [name for name in seen.metrics if name not in rest.metrics]
    dimensions = [name for name in seen.dimensions if name not in rest.dimensions]
    off = [*metrics, *dimensions]
    if off:
        shown = ", ".join(off[:12]) + (f" … ({len(off)})" if len(off) > 12 else "")
        notes.append(
            Note(
                "drift",
                f"因数据库已变化，以下定义暂停使用，其余照常回答：{shown}",
                f"The database has changed, so these are switched off and all else answers: {shown}",
            )
        )
    return tuple(notes)


def _is_seen(broken: Broken, seen: Catalog) -> bool:
    """Whether what is broken bears a name that stands in `seen`: nobody may learn of a column by its end."""
    dataset = seen.datasets.get(broken.dataset)
    if dataset is None or not dataset.fields:
        return False
    if broken.kind in ("table", "type"):
        return broken.kind == "table" or broken.name in dataset.fields
    read = {name for item in dataset.fields.values() for name in physical_columns(item.expression)}
    for r in seen.relationships:
        read |= {*r.from_columns} if r.from_dataset == dataset.name else set()
        read |= {*r.to_columns} if r.to_dataset == dataset.name else set()
    return set(broken.name.split(", ")) <= read | set(dataset.primary_key)


def _is_key(catalog: Catalog, relationship: Relationship) -> bool:
    served = catalog.datasets[relationship.to_dataset]
    return any(set(relationship.to_columns) == set(key) for key in (served.primary_key, *served.unique_keys))


def _stands_on(item: Field, gone: set[str]) -> bool:
    """Whether the field or one of the names of its values needs something that is gone."""
    return bool(gone & {item.name, *physical_columns(item.expression)}) or any(
        gone & physical_columns(text) for text in item.alias_expressions
    )


def _is_dated(dataset: Dataset, datasets: Mapping[str, Dataset]) -> bool:
    """Whether the date of its rows, its own or looked up, is still there."""
    if not dataset.time_dimension:
        return True
    owner, _, name = dataset.time_dimension.rpartition(".")
    return name in datasets[owner or dataset.name].fields
