"""The names that an earlier draft gave, so that drafting again gives the same ones: checked questions stand on them.

Reads the tree that was drafted last, never what a person made of it; whose names a person chose is for `merging`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Tree = dict[str, Any]
Columns = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Earlier:
    """Names by what they stand for."""

    datasets: Mapping[str, str] = field(default_factory=dict)
    """Physical table -> dataset."""
    fields: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """(dataset, expression) -> field."""
    flat: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """(dataset, field) -> flat name of the dimension."""
    links: Mapping[tuple[str, Columns, str], tuple[str, str]] = field(default_factory=dict)
    """(from, from_columns, to) -> (relationship, role)."""
    metrics: Mapping[str, str] = field(default_factory=dict)
    """Expression -> metric."""
    others: frozenset[str] = frozenset()
    """Flat names that a person gave to things of their own."""


def earlier_names(drafted: Tree | None, present: Mapping[str, Any] | None = None) -> Earlier:
    """The names of the last draft; `present`: the tree as it stands in the file now, for the names that people gave."""
    if drafted is None:
        return Earlier()
    model = drafted["semantic_model"][0]
    datasets = {d["source"]: d["name"] for d in model["datasets"]}
    fields = {(d["name"], f["expression"]): f["name"] for d in model["datasets"] for f in d["fields"]}
    links = {
        (r["from"], tuple(r["from_columns"]), r["to"]): (r["name"], (r.get("t2sql") or {}).get("role", ""))
        for r in model.get("relationships", [])
    }
    metrics = {m["expression"]: m["name"] for m in model.get("metrics", [])}
    flat = _flat(model)
    others: set[str] = set()
    if present is not None:
        now = present["semantic_model"][0]
        others = {m["name"] for m in now.get("metrics") or []} - set(metrics.values())
        others |= set(_flat(now).values()) - set(flat.values())
    return Earlier(datasets, fields, flat, links, metrics, frozenset(others))


def _flat(model: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    return {
        (d["name"], f["name"]): (f.get("t2sql") or {}).get("flat_name") or f["name"]
        for d in model["datasets"]
        for f in d.get("fields") or []
        if "dimension" in f
    }
