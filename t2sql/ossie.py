"""Reads metric definitions: files in the Ossie core 0.1.1 shape, with our extension in a `t2sql:` mapping.

Unknown keys, wrong types, duplicate and unknown names are errors with file, line and what to do. It parses no SQL
and opens no database: what an expression says is for `t2sql check` and the compiler.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from t2sql import catalog as nouns
from t2sql.catalog import Catalog, Display, Place
from t2sql.definition_names import (
    check_flat_names,
    check_known,
    check_references,
    check_unique,
    flat_dimensions,
    shared_words,
)
from t2sql.definition_versions import read_versions
from t2sql.errors import ConfigError
from t2sql.ossie_shapes import DatasetShape, Document, FieldShape, MetricShape, ModelShape, RelationshipShape
from t2sql.yaml_file import line_of, read_yaml, validate

SPEC_VERSION = "0.1.1"


def read_catalog(folder: Path) -> Catalog:
    """The catalog defined by `folder`/model.yml. Raises ConfigError naming file, line and cure."""
    path = folder / "model.yml"
    return catalog_of(read_yaml(path), path)


def catalog_of(tree: Any, path: Path, lines: Any = None) -> Catalog:
    """The catalog that a definitions tree in our short form means. `lines` is the tree as it stands in `path`, for
    errors, where `tree` was made from it. Raises ConfigError.
    """
    lines = tree if lines is None else lines
    check_version(lines, path)
    return _Builder(path, lines).build(validate(Document, tree, path, lines).semantic_model[0])


def check_version(tree: Any, path: Path) -> None:
    """Raises ConfigError unless the file says the version that is read here, and holds one model."""
    version = tree.get("version") if isinstance(tree, Mapping) else None
    if version is not None and str(version) != SPEC_VERSION:
        raise ConfigError(
            f"{path}:{line_of(tree, ('version',))}: version {str(version)!r} cannot be read.",
            f"Write `version: {SPEC_VERSION}` and that version's shape.",
        )
    models = tree.get("semantic_model") if isinstance(tree, Mapping) else None
    if isinstance(models, list) and len(models) != 1:
        raise ConfigError(
            f"{path}:{line_of(tree, ('semantic_model',))}: {len(models)} semantic models in one file.",
            "Keep one model a file.",
        )


def fingerprint_of(*parts: object) -> str:
    """sha256 of the parts' JSON, equal for equal definitions whatever their place in a file."""
    text = json.dumps([_plain(p) for p in parts], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Place):
        return None
    if hasattr(value, "__dataclass_fields__"):
        return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    return value.isoformat() if isinstance(value, date) else value


class _Builder:
    """Shapes to nouns, with the checks that need the whole file."""

    def __init__(self, path: Path, tree: Any) -> None:
        self.path, self.tree = path, tree

    def build(self, shape: ModelShape) -> Catalog:
        datasets = {d.name: self._dataset(i, d) for i, d in enumerate(shape.datasets)}
        check_unique("dataset", [(d.name, self._place("datasets", i)) for i, d in enumerate(shape.datasets)])
        relationships = tuple(self._relationship(i, r, datasets) for i, r in enumerate(shape.relationships))
        metrics = {m.name: self._metric(i, m) for i, m in enumerate(shape.metrics)}
        dimensions = flat_dimensions(datasets, relationships)
        check_unique("relationship", [(r.name, r.place) for r in relationships])
        check_unique("metric or dimension", [(m.name, self._place("metrics", i)) for i, m in enumerate(shape.metrics)])
        check_flat_names(shape.name, datasets, metrics, relationships)
        rates = nouns.Rates(**shape.t2sql.rates.model_dump()) if shape.t2sql.rates else None
        hierarchies = tuple(nouns.Hierarchy(h.name, tuple(h.levels)) for h in shape.t2sql.hierarchies)
        for hierarchy in hierarchies:
            for level in hierarchy.levels:
                check_known("dimension", level, dimensions, self._place("t2sql"))
        check_references(datasets, metrics, dimensions)
        display = self._display(shape.t2sql.display, shape.name)
        fingerprint = fingerprint_of(
            shape.name,
            datasets,
            relationships,
            metrics,
            hierarchies,
            rates,
            shape.ai_context.instructions,
            shape.t2sql.fiscal_year_start,
        )
        return Catalog(
            name=shape.name,
            display=display,
            instructions=shape.ai_context.instructions,
            datasets=datasets,
            relationships=relationships,
            metrics=metrics,
            dimensions=dimensions,
            hierarchies=hierarchies,
            rates=rates,
            fingerprint=fingerprint,
            fiscal_year_start=shape.t2sql.fiscal_year_start,
            warnings=tuple(shared_words(metrics, dimensions)),
        )

    def _place(self, *loc: int | str) -> Place:
        return Place(str(self.path), line_of(self.tree, ("semantic_model", 0, *loc)))

    def _display(self, display: Mapping[Any, str], name: str) -> Display:
        plain = name.replace("_", " ")
        return Display(display.get("zh") or display.get("en") or plain, display.get("en") or plain)

    def _dataset(self, index: int, shape: DatasetShape) -> nouns.Dataset:
        fields = {
            f.name: self._field(shape.name, f, self._place("datasets", index, "fields", i))
            for i, f in enumerate(shape.fields)
        }
        place = self._place("datasets", index)
        named = [(f.name, self._place("datasets", index, "fields", i)) for i, f in enumerate(shape.fields)]
        check_unique(f"field of dataset {shape.name!r}", named)
        extension = shape.t2sql
        if extension.time_dimension and "." not in extension.time_dimension:
            check_known(f"field of dataset {shape.name!r}", extension.time_dimension, fields, place)
        calendar = extension.load_calendar
        return nouns.Dataset(
            shape.name,
            shape.source,
            tuple(shape.primary_key),
            tuple(tuple(k) for k in shape.unique_keys),
            fields,
            self._display(extension.display, shape.name),
            shape.description,
            extension.time_dimension,
            extension.snapshot_grain,
            extension.row_grain,
            nouns.LoadCalendar(**calendar.model_dump()) if calendar else None,
            extension.sensitivity,
            place,
        )

    def _field(self, dataset: str, shape: FieldShape, place: Place) -> nouns.Field:
        extension = shape.t2sql
        return nouns.Field(
            shape.name,
            dataset,
            shape.expression,
            shape.dimension is not None,
            bool((shape.dimension or {}).get("is_time")) and extension.type in ("", "date"),
            self._display(extension.display or ({"en": shape.label} if shape.label else {}), shape.name),
            tuple(shape.ai_context.synonyms),
            shape.description,
            extension.is_enum,
            {k: tuple(v) for k, v in extension.aliases.items()},
            tuple(extension.alias_expressions),
            extension.searchable is True,
            extension.currency_field,
            extension.conforms_to,
            extension.sensitivity,
            place,
            "" if extension.type == "label" else extension.type,
            extension.row_sensitivity,
            flat_name=extension.flat_name,
            is_registered=extension.searchable == "whole",
            unit=extension.unit,
            members=tuple(extension.members),
        )

    def _relationship(
        self, index: int, shape: RelationshipShape, datasets: Mapping[str, nouns.Dataset]
    ) -> nouns.Relationship:
        place = self._place("relationships", index)
        for end in (shape.from_, shape.to):
            check_known("dataset", end, datasets, place)
        target = datasets[shape.to]
        keys = [set(target.primary_key), *(set(k) for k in target.unique_keys)]
        if len(shape.from_columns) != len(shape.to_columns):
            raise ConfigError(
                f"{place}: relationship {shape.name!r} pairs unequal numbers of columns.",
                "Give one `to` column for each `from` column.",
            )
        if set(shape.to_columns) not in keys and not shape.t2sql.bridge:
            raise ConfigError(
                f"{place}: relationship {shape.name!r} ends on {', '.join(shape.to_columns)}, "
                f"which is no key of {shape.to!r}.",
                f"End it on the primary or a unique key of {shape.to!r}, so that no row is counted twice.",
            )
        if shape.t2sql.restate == "successor" and not (shape.from_ == shape.to and shape.t2sql.role):
            raise ConfigError(
                f"{place}: relationship {shape.name!r} restates, so it leads from a dataset to itself and has a role.",
                f"Write `from: {shape.from_}`, `to: {shape.from_}` and `role: successor`.",
            )
        for name in shape.t2sql.fields:
            check_known(f"field of dataset {shape.to!r}", name, target.fields, place)
        if shape.t2sql.weight:
            known = datasets[shape.from_].fields if shape.t2sql.bridge else ()
            check_known(f"weight on a bridge's relationship from {shape.from_!r}", shape.t2sql.weight, known, place)
        if shape.t2sql.bridge and shape.t2sql.role:
            raise ConfigError(
                f"{place}: relationship {shape.name!r} is a bridge and has a role.",
                "Give the role to the bridge's relationship with its members.",
            )
        display = self._display(shape.t2sql.display, shape.t2sql.role) if shape.t2sql.role else None
        return nouns.Relationship(
            shape.name,
            shape.from_,
            shape.to,
            tuple(shape.from_columns),
            tuple(shape.to_columns),
            shape.t2sql.role,
            display,
            place,
            tuple(shape.t2sql.fields),
            shape.t2sql.bridge,
            shape.t2sql.weight,
            shape.t2sql.restate,
        )

    def _metric(self, index: int, shape: MetricShape) -> nouns.Metric:
        extension, place = shape.t2sql, self._place("metrics", index)
        versions = read_versions(shape, place)
        metric = nouns.Metric(
            name=shape.name,
            expression=shape.expression,
            description=shape.description,
            place=place,
            synonyms=tuple(shape.ai_context.synonyms),
            **{
                **extension.model_dump(exclude={"guess"}),
                "display": self._display(extension.display, shape.name),
                "versions": versions,
            },
        )
        for version in versions or (None,):
            self._whole(metric.at(version) if version else metric)
        return replace(metric.at(versions[-1]), versions=versions) if versions else metric

    def _whole(self, metric: nouns.Metric) -> None:
        """Is everything there that the type needs, and nothing else?"""
        place = metric.place
        if metric.type == "ratio" and (not metric.numerator or not metric.denominator or metric.expression):
            raise ConfigError(
                f"{place}: ratio {metric.name!r} needs numerator and denominator, and no expression.",
                "Name two metrics.",
            )
        if metric.type != "ratio" and not metric.expression:
            raise ConfigError(
                f"{place}: metric {metric.name!r} has no expression.",
                "Write its aggregate, such as SUM(loans.balance).",
            )
