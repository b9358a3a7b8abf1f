"""Names across one definitions file: each means one thing, and each that is used is defined.

Works on nouns only, whatever file they came from.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from t2sql.catalog import GRAINS, Dataset, Dimension, Display, Metric, Place, Relationship, Version
from t2sql.errors import ConfigError, did_you_mean


def check_unique(kind: str, names: Iterable[tuple[str, Place]]) -> None:
    """Raises ConfigError at the second of two of one name."""
    seen: set[str] = set()
    for name, place in names:
        if name in seen:
            raise ConfigError(f"{place}: two definitions of {kind} {name!r}.", "Rename or remove one of them.")
        seen.add(name)


def check_known(kind: str, name: str, known: Collection[str], place: Place) -> None:
    """Raises ConfigError, with the nearest names, for a name that `known` lacks."""
    if name not in known:
        raise ConfigError(
            f"{place}: unknown {kind} {name!r}.{did_you_mean(name, known)}",
            f"Correct the name, or define it in {place.file}.",
        )


def check_flat_names(
    model: str,
    datasets: Mapping[str, Dataset],
    metrics: Mapping[str, Metric],
    relationships: Iterable[Relationship],
) -> None:
    """Metrics, dimensions and grains share one flat namespace, so no two may have one name. Raises ConfigError."""
    names = [(m.name, m.place) for m in metrics.values()]
    names += [
        (f.dimension_name, f.place)
        for d in datasets.values()
        for f in d.fields.values()
        if f.is_dimension and not f.conforms_to
    ]
    # One role may lead to a dataset from several others, which gives one name and not two.
    roles = {(r.role, r.to_dataset): r for r in relationships if r.role}
    names += [(d.name, r.place) for r in roles.values() for d in flat_dimensions(datasets, [r]).values() if d.role]
    for name, place in names:
        if name in GRAINS or name == model:
            raise ConfigError(
                f"{place}: {name!r} is the name of a time grain or of the model.", "Rename the definition."
            )
    check_unique("metric or dimension", names)
    if model in datasets:
        raise ConfigError(
            f"{datasets[model].place}: dataset {model!r} has the name of the model, so FROM {model} means two things.",
            "Rename one of them.",
        )


def check_references(
    datasets: Mapping[str, Dataset], metrics: Mapping[str, Metric], dimensions: Mapping[str, Dimension]
) -> None:
    """Raises ConfigError for a part, a date, a currency or a dimension that nobody defined."""
    for metric in metrics.values():
        texts: tuple[Metric | Version, ...] = (metric, *metric.versions)
        for one in texts:
            for name in (one.numerator, one.denominator):
                if name:
                    check_known("metric", name, metrics, metric.place)
    for dataset in datasets.values():
        if "." in dataset.time_dimension:
            other, _, name = dataset.time_dimension.partition(".")
            check_known("dataset", other, datasets, dataset.place)
            check_known(f"field of dataset {other!r}", name, datasets[other].fields, dataset.place)
        for item in dataset.fields.values():
            if item.currency_field:
                check_known(f"field of dataset {dataset.name!r}", item.currency_field, dataset.fields, item.place)
            if item.conforms_to:
                check_known("dimension", item.conforms_to, dimensions, item.place)


def shared_words(metrics: Mapping[str, Metric], dimensions: Mapping[str, Dimension]) -> Iterator[str]:
    """Two metrics, or two dimensions, called by one word: people would get either."""
    # A flat name of its own tells a field apart that several tables have, as a state of a city and one of a customer.
    plain = [d for d in dimensions.values() if not d.role and d.name == d.field]
    groups: tuple[tuple[str, list[Metric] | list[Dimension]], ...] = (
        ("metric", [*metrics.values()]),
        ("dimension", plain),
    )
    for kind, group in groups:
        owners: dict[str, str] = {}
        for item in group:
            words = {item.display.zh.lower(), item.display.en.lower(), *(s.lower() for s in item.synonyms)}
            for word in sorted(words):
                if word in owners and owners[word] != item.name:
                    yield f"{word!r} names both {kind} {owners[word]!r} and {kind} {item.name!r}"
                owners.setdefault(word, item.name)


def flat_dimensions(datasets: Mapping[str, Dataset], relationships: Iterable[Relationship]) -> dict[str, Dimension]:
    """Every flat name: a field's own, and once more for each role that reaches its dataset."""
    found: dict[str, Dimension] = {}
    for dataset in datasets.values():
        for item in dataset.fields.values():
            if item.is_dimension and not item.conforms_to:
                name = item.dimension_name
                found[name] = Dimension(name, dataset.name, item.name, "", item.display, item.synonyms)
    for relationship in relationships:
        if not relationship.role:
            continue
        prefix = relationship.display or Display(relationship.role, relationship.role)
        for item in datasets[relationship.to_dataset].fields.values():
            if (
                item.is_dimension
                and not item.conforms_to
                and (not relationship.role_fields or item.name in relationship.role_fields)
            ):
                name = f"{relationship.role}_{item.dimension_name}"
                display = Display(prefix.zh + item.display.zh, f"{prefix.en} {item.display.en}")
                found[name] = Dimension(name, relationship.to_dataset, item.name, relationship.role, display, ())
    return found
