"""What a catalog says about one of its names, gathered for showing: formula, versions, splits, names like it.

Takes a narrowed catalog, so that nothing hidden is gathered. It computes no figure.
"""

from __future__ import annotations

from datetime import date

from t2sql.catalog import Catalog, Dimension, Metric
from t2sql.definition_versions import OPEN_END
from t2sql.definitions.formulas import formula_of, tell_formula
from t2sql.flow import Defined, DefinedVersion, Named
from t2sql.metric_names import columns_in, made_of, names_used
from t2sql.paths import is_reached

_MOST_ALIKE = 4


def define_metric(metric: Metric, catalog: Catalog, alike: tuple[str, ...] = ()) -> Defined:
    """Everything that the catalog says about a metric. `alike`: names of those easily taken for it."""
    return Defined(
        "metric",
        metric.name,
        metric.display,
        metric.description,
        metric.unit,
        metric.owner,
        tuple(Named(name, catalog.datasets[name].display) for name in datasets_in_order(metric, catalog)),
        _versions(metric, catalog),
        splits_of(metric, catalog),
        (),
        metric.synonyms,
        tuple(Named(name, catalog.metrics[name].display) for name in alike[:_MOST_ALIKE]),
    )


def define_dimension(dimension: Dimension, catalog: Catalog) -> Defined:
    """Everything that the catalog says about a dimension: a field, with the values that its definition lists."""
    item = catalog.field_of(dimension)
    dataset = catalog.datasets[dimension.dataset]
    return Defined(
        "dimension",
        dimension.name,
        dimension.display,
        item.description,
        "",
        "",
        (Named(dataset.name, dataset.display),),
        (),
        (),
        tuple(item.aliases),
        dimension.synonyms,
        (),
    )


def splits_of(metric: Metric, catalog: Catalog) -> tuple[Named, ...]:
    """Dimensions that every dataset of the metric has, those without a role first."""
    found = [d for d in catalog.dimensions.values() if has_dimension(metric, d, catalog)]
    return tuple(Named(d.name, d.display) for d in sorted(found, key=lambda d: bool(d.role)))


def has_dimension(metric: Metric, dimension: Dimension, catalog: Catalog) -> bool:
    """Whether every dataset whose rows the metric aggregates has the dimension."""
    datasets = simple_datasets(metric, catalog)
    return bool(datasets) and all(is_reached(catalog, dataset, dimension) for dataset in datasets)


def simple_datasets(metric: Metric, catalog: Catalog) -> frozenset[str]:
    """The datasets whose rows the metric aggregates: what a filter or a date looks up beside them is left out."""
    used = [catalog.metrics[name] for name in sorted({metric.name, *made_of(metric.name, catalog.metrics)})]
    found: set[str] = set()
    for one in used:
        if one.type != "simple":
            continue
        if one.dataset:
            found.add(one.dataset)
        for version in one.definitions:
            found |= {dataset for dataset, _ in columns_in(version.expression) if dataset in catalog.datasets}
    return frozenset(found)


def datasets_in_order(metric: Metric, catalog: Catalog) -> tuple[str, ...]:
    """The datasets that a metric reads, that of its numerator or first part first."""
    found: dict[str, None] = {}

    def walk(one: Metric, seen: frozenset[str]) -> None:
        if one.name in seen:
            return
        lower, fields = names_used(one, catalog.metrics)
        text = one.expression
        parts = (
            [one.numerator, one.denominator] if one.type == "ratio" else sorted(lower, key=lambda n: (text.find(n), n))
        )
        for name in parts:
            if name in catalog.metrics:
                walk(catalog.metrics[name], seen | {one.name})
        # The rows that are aggregated, then what a filter looks up beside them.
        found.update(dict.fromkeys(sorted(simple_datasets(one, catalog)) if one.type == "simple" else ()))
        found.update(dict.fromkeys(d for d, _ in sorted(fields) if d in catalog.datasets))

    walk(metric, frozenset())
    return tuple(found)


def _versions(metric: Metric, catalog: Catalog) -> tuple[DefinedVersion, ...]:
    notes = {version.version: version for version in metric.versions}
    return tuple(
        DefinedVersion(
            one.version,
            one.effective_from,
            _until(notes[one.version].effective_to) if one.version in notes else "",
            formula_of(one),
            tell_formula(one, catalog),
            one.filter,
            one.reference,
            notes[one.version].note if one.version in notes else "",
        )
        for one in metric.definitions
    )


def _until(day: date) -> str:
    return "" if day >= OPEN_END else day.isoformat()
