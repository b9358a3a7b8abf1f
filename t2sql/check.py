"""`t2sql check`: are the definitions whole, and do they fit the data?

Reads files and, with a source, asks the database short questions through certify like everybody else. It gathers what
it finds instead of stopping at the first, mends nothing, and shows no value of the data but those the definitions name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from t2sql.catalog import Catalog, Metric, Place
from t2sql.errors import ConfigError, T2sqlError, WarehouseUnavailable, did_you_mean
from t2sql.findings import Finding, error_at, finding_of

if TYPE_CHECKING:
    from sqlglot import exp

    from t2sql.warehouse import Warehouse


def check(folder: Path, warehouse: Warehouse | None = None, *, timeout_seconds: float = 30.0) -> list[Finding]:
    """Everything found in the definitions under `folder`, file by file; with `warehouse` in the data too."""
    from t2sql.ossie import read_catalog

    try:
        catalog = read_catalog(folder)
    except ConfigError as error:
        return [finding_of(error, folder / "model.yml")]
    found = [
        Finding(str(folder / "model.yml"), "warning", text, "Give each its own words.") for text in catalog.warnings
    ]
    # Rights are worked out over the same expressions: a mistake there would be told a second time.
    found += list(_expressions(catalog)) or _policies(folder, catalog)
    if any(finding.level == "error" for finding in found):
        return found
    found += _compiled(catalog, catalog.metrics.values())
    from t2sql.check_verified import no_longer_answered, verified_findings

    if warehouse is None:
        return [*found, *verified_findings(folder, catalog, None, timeout_seconds)]
    from t2sql.check_source import check_source
    from t2sql.drift import find_drift, without

    try:
        drift = find_drift(catalog, warehouse, timeout_seconds=timeout_seconds, seconds_of_a_key=timeout_seconds)
    except WarehouseUnavailable as error:
        return [*found, Finding("source", "error", error.message, error.hint)]
    found += verified_findings(folder, catalog, None if drift else warehouse, timeout_seconds)
    rest = without(catalog, drift)
    if drift:
        found += no_longer_answered(folder, catalog, rest)
    return [*found, *check_source(catalog, warehouse, timeout_seconds=timeout_seconds, rest=rest)]


def check_definitions(catalog: Catalog) -> list[Finding]:
    """What is wrong with the expressions of a catalog; the database is not asked, and nothing is compiled."""
    return list(_expressions(catalog))


def check_metric(metric: Metric, catalog: Catalog) -> list[Finding]:
    """What is wrong with one metric by itself. Over a narrowed catalog it names nothing that is hidden."""
    found = [finding for one in metric.definitions for finding in _metric_expression(one, catalog)]
    found += _versions_alike(metric)
    return found or list(_compiled(catalog, [metric]))


def _expressions(catalog: Catalog) -> Iterator[Finding]:
    for dataset in catalog.datasets.values():
        for item in dataset.fields.values():
            what = f"field {dataset.name}.{item.name}"
            yield from _field_expression(item.expression, what, item.place)
    for metric in catalog.metrics.values():
        for one in metric.definitions:
            yield from _metric_expression(one, catalog)
        yield from _versions_alike(metric)
    yield from _cycles(catalog)
    yield from _looked_up_dates(catalog)


def _field_expression(text: str, what: str, place: Place) -> Iterator[Finding]:
    from sqlglot import exp

    tree = _parsed(text)
    if tree is None:
        yield error_at(place, f"{what}: {text!r} is not an SQL expression.", "Correct the expression.")
    elif tree.find(exp.AggFunc, exp.Query, exp.Window):
        yield error_at(place, f"{what}: a field is a value of one row.", "Put aggregates into a metric.")
    elif any(column.table for column in tree.find_all(exp.Column)):
        yield error_at(place, f"{what}: columns of its own table stand without a table name.", "Remove the qualifier.")


def _is_text(column: exp.Column, catalog: Catalog) -> bool:
    """Whether a field is a dimension of words or dates, as far as the definitions say."""
    dataset = catalog.datasets.get(column.table)
    item = dataset.fields.get(column.name) if dataset else None
    if item is None or item.type in ("integer", "number") or item.currency_field:
        return False
    is_date = item.is_time or (dataset is not None and dataset.time_dimension == item.name)
    return is_date or item.is_enum or item.type in ("text", "date")


def _metric_expression(metric: Metric, catalog: Catalog) -> Iterator[Finding]:
    """simple: one aggregate over fields of one dataset; derived: arithmetic over metrics; cumulative: one metric."""
    from sqlglot import exp

    what, place = f"metric {metric.name!r}", metric.place
    if metric.type == "ratio":
        return
    tree = _parsed(metric.expression)
    if tree is None:
        yield error_at(place, f"{what}: {metric.expression!r} is not an SQL expression.", "Correct the expression.")
        return
    if metric.type in ("derived", "cumulative"):
        for column in tree.find_all(exp.Column):
            if column.table or column.name not in catalog.metrics:
                near = did_you_mean(column.name, catalog.metrics)
                yield error_at(place, f"{what} names unknown metric {column.sql()!r}.{near}", "Use names of metrics.")
        if tree.find(exp.AggFunc):
            yield error_at(
                place, f"{what} is {metric.type} and aggregates.", "Aggregate in a simple metric; name that here."
            )
        elif metric.type == "cumulative" and not isinstance(tree, exp.Column):
            yield error_at(
                place, f"{what} sums up more than one metric.", "Name one metric; calculate in a derived one."
            )
        if metric.window and metric.grain_to_date:
            yield error_at(place, f"{what} has a window and a grain to date.", "Keep one of them.")
        return
    if metric.window or metric.grain_to_date:
        yield error_at(place, f"{what} has a window and is not cumulative.", "Write `type: cumulative`, or remove it.")
    if not tree.find(exp.AggFunc):
        yield error_at(place, f"{what} does not aggregate.", "Write an aggregate such as SUM(loans.balance).")
    if any(inner is not outer for outer in tree.find_all(exp.AggFunc) for inner in outer.find_all(exp.AggFunc)):
        yield error_at(place, f"{what} aggregates an aggregate.", "Aggregate once; derive from other metrics by name.")
    for summed in tree.find_all(exp.Sum, exp.Avg):
        if isinstance(summed.this, exp.Column) and _is_text(summed.this, catalog):
            yield error_at(
                place, f"{what} adds up {summed.this.sql()!r}, which is no number.", "Count it, or name an amount."
            )
    condition = _parsed(metric.filter) if metric.filter else None
    if metric.filter and condition is None:
        yield error_at(place, f"{what}: filter {metric.filter!r} is not an SQL condition.", "Correct the filter.")
    elif condition is not None and condition.find(exp.AggFunc, exp.Query):
        yield error_at(place, f"{what}: a filter is about one row.", "Use plain conditions over dataset fields.")
    columns = [*tree.find_all(exp.Column), *(condition.find_all(exp.Column) if condition else ())]
    for column in columns:
        yield from _known_field(column, what, place, catalog)
    # A filter may look many-to-one into other datasets; whether it can is the compiler's to say.
    facts = sorted({column.table for column in tree.find_all(exp.Column)} & set(catalog.datasets))
    if len(facts) > 1:
        yield error_at(
            place, f"{what} reads {' and '.join(facts)}.", "Make a simple metric of each and derive from both."
        )
    if len(facts) == 1 and metric.time_dimension and metric.time_dimension not in catalog.datasets[facts[0]].fields:
        near = did_you_mean(metric.time_dimension, catalog.datasets[facts[0]].fields)
        yield error_at(
            place, f"{what}: {facts[0]} has no field {metric.time_dimension!r}.{near}", "Correct time_dimension."
        )


def _versions_alike(metric: Metric) -> Iterator[Finding]:
    """Versions of one metric change whom it counts, never what kind of number it is: it would add up now and then."""
    from sqlglot import exp

    kinds: dict[tuple[object, ...], str] = {}
    for one in metric.definitions if metric.type == "simple" else ():
        tree = _parsed(one.expression)
        if tree is not None:
            owners = tuple(sorted({column.table for column in tree.find_all(exp.Column)}))
            kinds.setdefault((type(tree), bool(tree.find(exp.Distinct)), owners), one.version)
    if len(kinds) > 1:
        told = " and ".join(repr(version) for version in kinds.values())
        yield error_at(
            metric.place,
            f"metric {metric.name!r}: versions {told} aggregate in different ways or over different datasets.",
            "Make a metric of its own out of the other number.",
        )


def _looked_up_dates(catalog: Catalog) -> Iterator[Finding]:
    """A date that is looked up must be reached in one way."""
    from t2sql.paths import joins_between

    for dataset in catalog.facts():
        item = catalog.time_field(dataset.name)
        if item.dataset != dataset.name and joins_between(catalog, dataset.name, item.dataset) is None:
            yield error_at(
                dataset.place,
                f"dataset {dataset.name!r} is dated by {dataset.time_dimension}, which it does not look up in one way.",
                "Name a field of its own, or of a dataset that it reaches by one relationship without a role.",
            )


def _known_field(column: exp.Column, what: str, place: Place, catalog: Catalog) -> Iterator[Finding]:
    dataset = catalog.datasets.get(column.table)
    if not column.table:
        yield error_at(place, f"{what} names {column.name!r} without its dataset.", f"Write dataset.{column.name}.")
    elif dataset is None:
        near = did_you_mean(column.table, catalog.datasets)
        yield error_at(place, f"{what} names unknown dataset {column.table!r}.{near}", "Use names of datasets.")
    elif column.name not in dataset.fields:
        near = did_you_mean(column.name, dataset.fields)
        yield error_at(place, f"{what}: {dataset.name} has no field {column.name!r}.{near}", "Use names of its fields.")


def _cycles(catalog: Catalog) -> Iterator[Finding]:
    """Metrics that stand on themselves."""
    from sqlglot.errors import ParseError

    from t2sql.metric_names import names_used

    below: dict[str, frozenset[str]] = {}
    for metric in catalog.metrics.values():
        try:
            below[metric.name] = names_used(metric, catalog.metrics)[0]
        except ParseError:
            below[metric.name] = frozenset()
    for name, metric in catalog.metrics.items():
        seen: set[str] = set()
        frontier = set(below[name])
        while frontier - seen:
            seen |= frontier
            frontier = {lower for upper in frontier for lower in below.get(upper, ())}
        if name in seen:
            yield error_at(
                metric.place, f"metric {name!r} stands on itself.", "Define one of the metrics without the other."
            )


def _parsed(text: str) -> exp.Expr | None:
    """An expression, None for what is none; a whole statement is none."""
    import sqlglot
    from sqlglot import exp

    try:
        tree = sqlglot.parse_one(text, read="duckdb")
    except sqlglot.errors.SqlglotError:
        return None
    return tree if isinstance(tree, (exp.Condition, exp.Column)) and not isinstance(tree, exp.Query) else None


def _policies(folder: Path, catalog: Catalog) -> Iterator[Finding]:
    from t2sql.policy import Policies

    path = folder / "policies.yml"
    try:
        policies = Policies.read(folder, catalog)
        for name, principal in policies.principals.items():
            if not policies.narrow(catalog, principal).catalog.metrics:
                yield Finding(str(path), "warning", f"{name!r} may see no metric.", "Give a role that sees some.")
    except T2sqlError as error:
        yield finding_of(error, path)


def _compiled(catalog: Catalog, metrics: Iterable[Metric]) -> Iterator[Finding]:
    """Each metric, asked alone for one period."""
    from t2sql.check_source import compile_metric

    for metric in metrics:
        for one in metric.definitions:
            try:
                compile_metric(one, catalog)
            except T2sqlError as error:
                yield error_at(metric.place, f"metric {metric.name!r}: {error.message}", error.hint)
