"""The versions of one metric's definition, read from its shape: each whole, in order, no two in force on one day.

Dates are the definition's own; which version a period takes is the compiler's to decide.
"""

from __future__ import annotations

import itertools
from datetime import date

from t2sql.catalog import Place, Version
from t2sql.errors import ConfigError
from t2sql.ossie_shapes import MetricShape, VersionShape

OPEN_END = date(2999, 12, 31)


def read_versions(shape: MetricShape, place: Place) -> tuple[Version, ...]:
    """Versions as declared, what they leave out filled in from the metric. Raises ConfigError."""
    extension = shape.t2sql
    if not extension.versions:
        return ()
    what = f"{place}: metric {shape.name!r}"
    for key in ("version", "effective_from"):
        if key in extension.model_fields_set:
            raise ConfigError(f"{what} has versions and a {key} of its own.", f"Write {key} inside each version.")
    if extension.type == "cumulative":
        raise ConfigError(f"{what} is cumulative and has versions.", "Give versions to the metric that it sums up.")
    found = tuple(_whole(shape, version) for version in extension.versions)
    for version in found:
        if version.effective_from > version.effective_to:
            raise ConfigError(f"{what}: version {version.version!r} ends before it starts.", "Correct its dates.")
    names = [version.version for version in found]
    if len(set(names)) < len(names):
        raise ConfigError(f"{what} has two versions of one name.", "Number them 1, 2, 3.")
    for earlier, later in itertools.pairwise(found):
        if earlier.effective_to >= later.effective_from:
            raise ConfigError(
                f"{what}: version {earlier.version!r} is in force until {_told(earlier.effective_to)}, and version"
                f" {later.version!r} starts on {later.effective_from}.",
                f"End version {earlier.version!r} the day before, and write versions from the oldest to the newest.",
            )
    return found


def _whole(shape: MetricShape, version: VersionShape) -> Version:
    def chosen(own: str | None, of_metric: str) -> str:
        return of_metric if own is None else own

    extension = shape.t2sql
    return Version(
        version=version.version,
        effective_from=version.effective_from,
        effective_to=version.effective_to or OPEN_END,
        expression=chosen(version.expression, shape.expression),
        filter=chosen(version.filter, extension.filter),
        numerator=chosen(version.numerator, extension.numerator),
        denominator=chosen(version.denominator, extension.denominator),
        reference=chosen(version.reference, extension.reference),
        note=version.note,
    )


def _told(day: date) -> str:
    return "further notice" if day == OPEN_END else day.isoformat()
