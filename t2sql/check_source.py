"""Do the definitions fit the data? Tables and columns, keys, relationships, alias values, and whether each metric runs.

Every question goes through certify and the warehouse, as somebody who may see all that is defined. It counts; it never
fetches a value that the definitions do not name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from t2sql.catalog import Catalog, Dataset, Display, Field, Metric, Relationship
from t2sql.errors import T2sqlError, WarehouseError, WarehouseUnavailable
from t2sql.fields.undated import undated
from t2sql.findings import Finding, error_at
from t2sql.flow import Load, Loads, Plan
from t2sql.metric_names import datasets_of, physical_columns
from t2sql.policy import Narrowed, Principal
from t2sql.probing import Source, broken_key, from_, grants_of

if TYPE_CHECKING:
    from sqlglot import exp

    from t2sql.grounding import ValueEntry
    from t2sql.warehouse import Warehouse

MOST_NEW = 5
_CODE = re.compile(r"-?\d{1,4}|[A-Z]{1,3}\d{0,3}")
LONG_AGO = tuple(date(1900 + n // 12, n % 12 + 1, 1) - timedelta(days=1) for n in range(25 * 12, 50 * 12 + 2))
"""Month-ends to January 1950, before any data: a metric asked for that month is bound and run, and reads next to none.
They begin early enough for its longest window.
"""


def compile_metric(metric: Metric, catalog: Catalog, dialect: str = "duckdb") -> Plan:
    """The plan of one metric for one month, as if loaded and always in force. Raises what the compiler raises."""
    from t2sql.compiler import compile_sql

    settled = {name: replace(other, versions=()) for name, other in catalog.metrics.items()}
    settled[metric.name] = replace(metric, versions=())
    loads = Loads({name: tuple(Load(day, 1) for day in LONG_AGO) for name in catalog.datasets})
    whole = _whole(replace(catalog, metrics=settled))
    is_dated = all(catalog.datasets[name].time_dimension for name in datasets_of(metric, catalog))
    month = " WHERE month = '1950-01'" if is_dated else ""
    return compile_sql(f"SELECT {metric.name} FROM {catalog.name}{month}", whole, loads, dialect=dialect)


def check_source(
    catalog: Catalog, warehouse: Warehouse, *, timeout_seconds: float, rest: Catalog | None = None
) -> list[Finding]:
    """What the data contradict. A table that is missing is told once, and nothing that stands on it is asked.

    `rest`: the catalog less what is broken, whose metrics are run; by default all of it.
    """
    asked = _Source(catalog, warehouse, timeout_seconds)
    try:
        found = [finding for dataset in catalog.datasets.values() for finding in asked.columns(dataset)]
        for dataset in catalog.datasets.values():
            found += asked.keys(dataset)
            found += [finding for item in dataset.fields.values() for finding in asked.aliases(dataset, item)]
        for relationship in catalog.relationships:
            found += asked.orphans(relationship)
            found += asked.parts(relationship)
            found += asked.chains(relationship)
        for metric in (rest or catalog).metrics.values():
            told = [finding for one in metric.definitions for finding in asked.metric(one)]
            found += told or asked.emptiness(metric)
    except WarehouseUnavailable as error:
        return [Finding("source", "error", error.message, error.hint)]
    return found


def _whole(catalog: Catalog) -> Narrowed:
    """The catalog as somebody who may see all of it."""
    return Narrowed(catalog, Principal("check", (), Display("检查", "check")), {}, (), grants_of(catalog))


def values_of(whole: Narrowed, warehouse: Warehouse, timeout_seconds: float) -> list[ValueEntry]:
    """Every value that a question may name, with its aliases. Raises WarehouseError."""
    from t2sql.compiler import compile_values
    from t2sql.grounding import ValueEntry

    found = []
    for dimension in whole.catalog.dimensions.values():
        item = whole.catalog.field_of(dimension)
        if dimension.role or item.is_time or not item.searchable:
            continue
        for value, *names in warehouse.rows(
            compile_values(whole, dimension, dialect=warehouse.dialect), timeout_seconds=timeout_seconds
        ):
            if value is not None:
                aliases = (*(str(name) for name in names if name is not None), *item.aliases.get(str(value), ()))
                found.append(ValueEntry(dimension.name, str(value), aliases))
    return found


class _Source(Source):
    """One warehouse under question, thoroughly."""

    def columns(self, dataset: Dataset) -> Iterator[Finding]:
        """Do the table and every column that the definitions name exist, and are they of their kind?"""
        for broken in self.structure(dataset):
            place = dataset.place
            if broken.kind == "column":
                stands = [f.place for f in dataset.fields.values() if broken.name in physical_columns(f.expression)]
                place = next(iter(stands), place)
            elif broken.kind == "type":
                place = dataset.fields[broken.name].place
            yield error_at(place, broken.message, broken.hint)

    def keys(self, dataset: Dataset) -> Iterator[Finding]:
        """Is each declared key unique?"""
        for key in dataset.keys:
            if self.lacks(dataset.source, key):
                continue
            repeated = self.repeated(dataset.source, key)
            if repeated:
                broken = broken_key(dataset, key)
                yield error_at(dataset.place, broken.message, broken.hint)

    def orphans(self, relationship: Relationship) -> Iterator[Finding]:
        """How many rows of the many side point at nothing? They stay, under NULL."""
        many = self.catalog.datasets[relationship.from_dataset].source
        one = self.catalog.datasets[relationship.to_dataset].source
        if self.lacks(many, relationship.from_columns) or self.lacks(one, relationship.to_columns):
            return
        lost = self._count(self._unmatched(many, relationship.from_columns, one, relationship.to_columns))
        if lost:
            message = f"relationship {relationship.name!r}: {lost:,} rows of {many!r} point at no row of {one!r}."
            yield Finding(
                str(relationship.place), "warning", message, "They are shown under NULL; load the missing rows."
            )

    def chains(self, relationship: Relationship) -> Iterator[Finding]:
        """Is what was merged into others still there? A successor that was merged itself would show a closed unit."""
        if relationship.restate != "successor":
            return
        table = self.catalog.datasets[relationship.to_dataset].source
        columns = (*relationship.from_columns, *relationship.to_columns)
        if self.lacks(table, columns):
            return
        chained = self._count(self._merged_twice(table, relationship.from_columns, relationship.to_columns))
        if chained:
            message = (
                f"relationship {relationship.name!r}: {chained:,} rows of {table!r} lead to one that was merged too."
            )
            hint = f"Let {', '.join(relationship.from_columns)} name the last successor."
            yield error_at(relationship.place, message, hint)

    def parts(self, relationship: Relationship) -> Iterator[Finding]:
        """Do a bridge's weights sum to 1 for every row that it serves?"""
        bridge = self.catalog.datasets[relationship.from_dataset]
        if not relationship.weight:
            return
        weight = bridge.fields[relationship.weight].expression
        columns = (*relationship.from_columns, *sorted(physical_columns(weight)))
        if self.lacks(bridge.source, columns):
            return
        broken = self._count(self._not_whole(bridge.source, relationship.from_columns, columns, weight))
        if broken:
            message = (
                f"relationship {relationship.name!r}: the weights {relationship.weight!r} do not sum to 1"
                f" for {broken:,} values of {', '.join(relationship.from_columns)}."
            )
            yield error_at(relationship.place, message, "Correct the weights: amounts are divided by them.")

    def aliases(self, dataset: Dataset, item: Field) -> Iterator[Finding]:
        """Does every value with aliases exist?"""
        from sqlglot import exp, parse_one

        known = (*item.aliases, *item.members)
        if not known or self.lacks(dataset.source, tuple(physical_columns(item.expression))):
            return
        value = parse_one(item.expression, read="duckdb")
        members = [exp.Literal.string(name) for name in dict.fromkeys(known)]
        rows = from_(dataset.source, sorted(physical_columns(item.expression)))
        text = exp.cast(value.copy(), "VARCHAR")
        tree = exp.select(exp.alias_(text.copy(), "v")).from_(rows).where(exp.In(this=text, expressions=members))
        found = {row[0] for row in self.rows(tree.group_by(text.copy()), len(members))}
        for name in item.aliases:
            if name not in found:
                message = f"field {dataset.name}.{item.name} gives aliases to {name!r}, which no row holds."
                yield Finding(str(item.place), "warning", message, "Correct the value, or remove it.")
        yield from self._new_values(item, rows, text, members)

    def _new_values(
        self, item: Field, rows: exp.Subquery, text: exp.Expr, members: Sequence[exp.Expr]
    ) -> Iterator[Finding]:
        """Values of an enum that the definitions do not know yet; only how many where they may tell who somebody is."""
        from sqlglot import exp

        if not item.members and not (item.is_enum and all(_CODE.fullmatch(name) for name in item.aliases)):
            # Words need no other name, so a list of aliases need not be whole; codes that nobody explained do.
            return
        known = exp.Not(this=exp.In(this=text.copy(), expressions=[m.copy() for m in members]))
        tree = (
            exp.select(exp.alias_(text.copy(), "v")).from_(rows.copy()).where(known, text.copy().is_(exp.null()).not_())
        )
        new = sorted(str(row[0]) for row in self.rows(tree.group_by(text.copy()).limit(MOST_NEW + 1), MOST_NEW + 1))
        if not new:
            return
        told = ", ".join(map(repr, new[:MOST_NEW])) + (" and others" if len(new) > MOST_NEW else "")
        shown = f"{len(new)} or more" if item.sensitivity else told
        message = f"field {item.dataset}.{item.name} is an enum, and rows hold values that it does not name: {shown}."
        yield Finding(str(item.place), "warning", message, "Add them to its members or aliases, or correct the data.")

    def emptiness(self, metric: Metric) -> list[Finding]:
        """Does a metric with a condition find any row at all?"""
        if metric.type != "simple" or not metric.filter:
            return []
        try:
            plan = compile_metric(metric, undated(self.catalog), self.warehouse.dialect)
            rows = self.warehouse.rows(plan.physical, timeout_seconds=self.timeout_seconds)
        except WarehouseUnavailable:
            raise
        except T2sqlError:
            return []
        if any(row[-1] for row in rows):
            return []
        message = f"metric {metric.name!r}: its condition finds no row, so it gives nothing."
        return [Finding(str(metric.place), "warning", message, "Look whether the values in its filter have changed.")]

    def metric(self, metric: Metric) -> Iterator[Finding]:
        """Does its physical SQL run? Types that do not fit show only here."""
        try:
            plan = compile_metric(metric, self.catalog, self.warehouse.dialect)
            self.warehouse.rows(plan.physical, timeout_seconds=self.timeout_seconds)
        except WarehouseUnavailable:
            raise
        except WarehouseError as error:
            cure = "Correct its formula, or the column or view that it reads."
            yield error_at(metric.place, f"metric {metric.name!r}: {error.message}", cure)
        except T2sqlError as error:
            yield error_at(metric.place, f"metric {metric.name!r}: {error.message}", error.hint)

    def _not_whole(self, table: str, key: Sequence[str], columns: Sequence[str], weight: str) -> exp.Select:
        from sqlglot import exp, parse_one

        part = parse_one(weight, read="duckdb")
        for column in [*part.find_all(exp.Column)]:
            column.set("table", exp.to_identifier("t"))
        total = exp.cast(exp.Sum(this=part.copy()), "DOUBLE")
        off = exp.Abs(this=exp.Sub(this=total, expression=exp.Literal.number(1)))
        wrong = exp.GT(this=off, expression=exp.Literal.number("0.000001"))
        empty = exp.NEQ(this=exp.Count(this=exp.Star()), expression=exp.Count(this=part.copy()))
        keys = [exp.column(name, table="t") for name in key]
        groups = exp.select(*keys).from_(from_(table, columns)).group_by(*keys).having(exp.or_(wrong, empty))
        return exp.select(exp.alias_(exp.Count(this=exp.Star()), "n")).from_(groups.subquery("g"))

    def _unmatched(self, many: str, froms: Sequence[str], one: str, tos: Sequence[str]) -> exp.Select:
        from sqlglot import exp

        pairs = list(zip(froms, tos, strict=True))
        met = exp.and_(*(exp.column(a, table="t").eq(exp.column(b, table="o")) for a, b in pairs))
        nothing = exp.column(tos[0], table="o").is_(exp.null())
        given = [exp.Not(this=exp.column(a, table="t").is_(exp.null())) for a in froms]
        tree = exp.select(exp.alias_(exp.Count(this=exp.Star()), "n")).from_(from_(many, froms))
        return tree.join(from_(one, tos, "o"), on=met, join_type="left").where(nothing, *given)

    def _merged_twice(self, table: str, froms: Sequence[str], tos: Sequence[str]) -> exp.Select:
        from sqlglot import exp

        met = exp.and_(
            *(exp.column(a, table="t").eq(exp.column(b, table="o")) for a, b in zip(froms, tos, strict=True))
        )
        merged = [exp.Not(this=exp.column(a, table="o").is_(exp.null())) for a in froms]
        # A unit may name itself where nothing was merged.
        other = exp.NEQ(this=exp.column(froms[0], table="o"), expression=exp.column(tos[0], table="o"))
        tree = exp.select(exp.alias_(exp.Count(this=exp.Star()), "n")).from_(from_(table, froms))
        return tree.join(from_(table, (*froms, *tos), "o"), on=met).where(*merged, other)

    def _count(self, tree: exp.Select) -> int:
        return int(self.rows(tree, 1)[0][0])
