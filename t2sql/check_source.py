"""Do the definitions fit the data? Tables and columns, keys, relationships, alias values, and whether each metric runs.

Every question goes through certify and the warehouse, as somebody who may see all that is defined. It counts; it never
fetches a value that the definitions do not name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from t2sql.catalog import Catalog, Dataset, Display, Field, Metric, Place, Relationship
from t2sql.check import Finding, primary_and_unique
from t2sql.errors import T2sqlError, WarehouseError, WarehouseUnavailable
from t2sql.flow import Load, Loads, Plan
from t2sql.metric_names import datasets_of, physical_columns
from t2sql.policy import Grant, Narrowed, Principal

if TYPE_CHECKING:
    from sqlglot import exp

    from t2sql.grounding import ValueEntry
    from t2sql.warehouse import Warehouse

LONG_AGO = tuple(date(1900 + n // 12, n % 12 + 1, 1) - timedelta(days=1) for n in range(25 * 12, 50 * 12 + 2))
"""Month-ends to January 1950, before any data: a metric asked for that month is bound and run, and reads next to none.
They begin early enough for its longest window.
"""


def compile_metric(metric: Metric, catalog: Catalog) -> Plan:
    """The plan of one metric for one month, as if loaded and always in force. Raises what the compiler raises."""
    from t2sql.compiler import compile_sql

    settled = {name: replace(other, versions=()) for name, other in catalog.metrics.items()}
    settled[metric.name] = replace(metric, versions=())
    loads = Loads({name: tuple(Load(day, 1) for day in LONG_AGO) for name in catalog.datasets})
    whole = _whole(replace(catalog, metrics=settled))
    is_dated = all(catalog.datasets[name].time_dimension for name in datasets_of(metric, catalog))
    month = " WHERE month = '1950-01'" if is_dated else ""
    return compile_sql(f"SELECT {metric.name} FROM {catalog.name}{month}", whole, loads)


def check_source(catalog: Catalog, warehouse: Warehouse, *, timeout_seconds: float) -> list[Finding]:
    """What the data contradict. A table that is missing is told once, and nothing that stands on it is asked."""
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
        if not any(finding.level == "error" for finding in found):
            for metric in catalog.metrics.values():
                found += [finding for one in metric.definitions for finding in asked.metric(one)]
    except WarehouseUnavailable as error:
        return [Finding("source", "error", error.message, error.hint)]
    return found


def _whole(catalog: Catalog) -> Narrowed:
    """The catalog as somebody who may see all of it."""
    return Narrowed(catalog, Principal("check", (), Display("检查", "check")), {}, (), _grants(catalog))


def values_of(whole: Narrowed, warehouse: Warehouse, timeout_seconds: float) -> list[ValueEntry]:
    """Every value that a question may name, with its aliases. Raises WarehouseError."""
    from t2sql.compiler import compile_values
    from t2sql.grounding import ValueEntry

    found = []
    for dimension in whole.catalog.dimensions.values():
        item = whole.catalog.field_of(dimension)
        if dimension.role or item.is_time or not item.searchable:
            continue
        for value, *names in warehouse.rows(compile_values(whole, dimension), timeout_seconds=timeout_seconds):
            if value is not None:
                aliases = (*(str(name) for name in names if name is not None), *item.aliases.get(str(value), ()))
                found.append(ValueEntry(dimension.name, str(value), aliases))
    return found


def _grants(catalog: Catalog) -> Mapping[str, Grant]:
    columns: dict[str, set[str]] = {}
    for dataset in catalog.datasets.values():
        needed = columns.setdefault(dataset.source, set())
        needed.update(*primary_and_unique(dataset), *(physical_columns(f.expression) for f in dataset.fields.values()))
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


class _Source:
    """One warehouse under question."""

    def __init__(self, catalog: Catalog, warehouse: Warehouse, timeout_seconds: float) -> None:
        self.catalog, self.warehouse, self.timeout_seconds = catalog, warehouse, timeout_seconds
        self.grants = _grants(catalog)
        self.missing: set[tuple[str, str]] = set()
        """(table, column) pairs that cannot be read."""

    def columns(self, dataset: Dataset) -> Iterator[Finding]:
        """Do the table and every column that the definitions name exist?"""
        names = sorted(self.grants[dataset.source].columns)
        if not names or self._reads(dataset.source, names):
            return
        broken = [name for name in names if not self._reads(dataset.source, [name])]
        self.missing |= {(dataset.source, name) for name in broken}
        if len(broken) == len(names):
            hint = "Correct `source` of the dataset, or load the table."
            yield _error(dataset.place, f"dataset {dataset.name!r}: table {dataset.source!r} cannot be read.", hint)
            return
        for name in broken:
            place = next(
                (f.place for f in dataset.fields.values() if name in physical_columns(f.expression)), dataset.place
            )
            yield _error(
                place, f"table {dataset.source!r} has no column {name!r}.", "Correct the name, or load the column."
            )

    def keys(self, dataset: Dataset) -> Iterator[Finding]:
        """Is each declared key unique?"""
        for key in primary_and_unique(dataset):
            if self._lacks(dataset.source, key):
                continue
            repeated = self._count(self._repeated(dataset.source, key))
            if repeated:
                message = (
                    f"key ({', '.join(key)}) of dataset {dataset.name!r} is not unique: {repeated:,} values repeat."
                )
                yield _error(dataset.place, message, "Declare the true key, or clean the data: rows would count twice.")

    def orphans(self, relationship: Relationship) -> Iterator[Finding]:
        """How many rows of the many side point at nothing? They stay, under NULL."""
        many = self.catalog.datasets[relationship.from_dataset].source
        one = self.catalog.datasets[relationship.to_dataset].source
        if self._lacks(many, relationship.from_columns) or self._lacks(one, relationship.to_columns):
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
        if self._lacks(table, columns):
            return
        chained = self._count(self._merged_twice(table, relationship.from_columns, relationship.to_columns))
        if chained:
            message = (
                f"relationship {relationship.name!r}: {chained:,} rows of {table!r} lead to one that was merged too."
            )
            hint = f"Let {', '.join(relationship.from_columns)} name the last successor."
            yield _error(relationship.place, message, hint)

    def parts(self, relationship: Relationship) -> Iterator[Finding]:
        """Do a bridge's weights sum to 1 for every row that it serves?"""
        bridge = self.catalog.datasets[relationship.from_dataset]
        if not relationship.weight:
            return
        weight = bridge.fields[relationship.weight].expression
        columns = (*relationship.from_columns, *sorted(physical_columns(weight)))
        if self._lacks(bridge.source, columns):
            return
        broken = self._count(self._not_whole(bridge.source, relationship.from_columns, columns, weight))
        if broken:
            message = (
                f"relationship {relationship.name!r}: the weights {relationship.weight!r} do not sum to 1"
                f" for {broken:,} values of {', '.join(relationship.from_columns)}."
            )
            yield _error(relationship.place, message, "Correct the weights: amounts are divided by them.")

    def aliases(self, dataset: Dataset, item: Field) -> Iterator[Finding]:
        """Does every value with aliases exist?"""
        from sqlglot import exp, parse_one

        if not item.aliases or self._lacks(dataset.source, tuple(physical_columns(item.expression))):
            return
        value = parse_one(item.expression, read="duckdb")
        members = [exp.Literal.string(name) for name in item.aliases]
        rows = _from(dataset.source, sorted(physical_columns(item.expression)))
        text = exp.cast(value.copy(), "VARCHAR")
        tree = exp.select(exp.alias_(text.copy(), "v")).from_(rows).where(exp.In(this=text, expressions=members))
        found = {row[0] for row in self._rows(tree.group_by(text.copy()), len(members))}
        for name in item.aliases:
            if name not in found:
                message = f"field {dataset.name}.{item.name} gives aliases to {name!r}, which no row holds."
                yield Finding(str(item.place), "warning", message, "Correct the value, or remove it.")

    def metric(self, metric: Metric) -> Iterator[Finding]:
        """Does its physical SQL run? Types that do not fit show only here."""
        try:
            plan = compile_metric(metric, self.catalog)
            self.warehouse.rows(plan.physical, timeout_seconds=self.timeout_seconds)
        except WarehouseUnavailable:
            raise
        except T2sqlError as error:
            yield _error(metric.place, f"metric {metric.name!r}: {error.message}", error.hint)

    def _lacks(self, table: str, columns: Sequence[str]) -> bool:
        return any((table, column) in self.missing for column in columns)

    def _reads(self, table: str, columns: Sequence[str]) -> bool:
        from sqlglot import exp

        shown = [exp.column(name, table="t") for name in columns]
        try:
            self._rows(exp.select(*shown).from_(_from(table, columns)), 1)
        except WarehouseUnavailable:
            raise
        except WarehouseError:
            return False
        return True

    def _repeated(self, table: str, key: Sequence[str]) -> exp.Select:
        from sqlglot import exp

        columns = [exp.column(name, table="t") for name in key]
        twice = exp.GT(this=exp.Count(this=exp.Star()), expression=exp.Literal.number(1))
        groups = exp.select(*columns).from_(_from(table, key)).group_by(*columns).having(twice)
        return exp.select(exp.alias_(exp.Count(this=exp.Star()), "n")).from_(groups.subquery("g"))

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
        groups = exp.select(*keys).from_(_from(table, columns)).group_by(*keys).having(exp.or_(wrong, empty))
        return exp.select(exp.alias_(exp.Count(this=exp.Star()), "n")).from_(groups.subquery("g"))

    def _unmatched(self, many: str, froms: Sequence[str], one: str, tos: Sequence[str]) -> exp.Select:
        from sqlglot import exp

        pairs = list(zip(froms, tos, strict=True))
        met = exp.and_(*(exp.column(a, table="t").eq(exp.column(b, table="o")) for a, b in pairs))
        nothing = exp.column(tos[0], table="o").is_(exp.null())
        given = [exp.Not(this=exp.column(a, table="t").is_(exp.null())) for a in froms]
        tree = exp.select(exp.alias_(exp.Count(this=exp.Star()), "n")).from_(_from(many, froms))
        return tree.join(_from(one, tos, "o"), on=met, join_type="left").where(nothing, *given)

    def _merged_twice(self, table: str, froms: Sequence[str], tos: Sequence[str]) -> exp.Select:
        from sqlglot import exp

        met = exp.and_(
            *(exp.column(a, table="t").eq(exp.column(b, table="o")) for a, b in zip(froms, tos, strict=True))
        )
        merged = [exp.Not(this=exp.column(a, table="o").is_(exp.null())) for a in froms]
        # A unit may name itself where nothing was merged.
        other = exp.NEQ(this=exp.column(froms[0], table="o"), expression=exp.column(tos[0], table="o"))
        tree = exp.select(exp.alias_(exp.Count(this=exp.Star()), "n")).from_(_from(table, froms))
        return tree.join(_from(table, (*froms, *tos), "o"), on=met).where(*merged, other)

    def _count(self, tree: exp.Select) -> int:
        return int(self._rows(tree, 1)[0][0])

    def _rows(self, tree: exp.Select, most: int) -> list[tuple[Any, ...]]:
        from t2sql.compiler.certify import certify

        physical = certify(tree.limit(most).sql("duckdb"), self.grants, row_limit=most)
        return self.warehouse.rows(physical, timeout_seconds=self.timeout_seconds)


def _from(table: str, columns: Sequence[str], alias: str = "t") -> exp.Subquery:
    """The one form in which a physical table may be read."""
    from sqlglot import exp

    return exp.select(*(exp.column(name) for name in dict.fromkeys(columns))).from_(exp.to_table(table)).subquery(alias)


def _error(place: Place, message: str, hint: str) -> Finding:
    return Finding(str(place), "error", message, hint)
