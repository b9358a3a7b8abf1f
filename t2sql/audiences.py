"""Which roles may see a name: told only to people who may see everything, since it speaks of other people's rights.

Asks `Policies.narrow` role by role and adds no rule of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

from t2sql.catalog import Catalog, Display
from t2sql.policy import Narrowed, Policies, Principal


@dataclass(frozen=True, slots=True)
class Audience:
    """One role, and what of the catalog it sees."""

    role: str
    description: str
    """As policies.yml has it, maybe as "中文 / English"; "" for none."""
    names: frozenset[str]
    """Metrics, dimensions and datasets."""
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    """(dimension, values) that limit its rows; () for every row."""


def find_audiences(catalog: Catalog, policies: Policies) -> tuple[Audience, ...]:
    """Every role, in the order of policies.yml. `catalog` is the whole one."""
    found = []
    for name, role in policies.roles.items():
        narrowed = policies.narrow(catalog, Principal(name, (name,), Display(name, name)))
        found.append(Audience(name, role.description, _names(narrowed.catalog), narrowed.row_rules))
    return tuple(found)


def sees_all(narrowed: Narrowed, catalog: Catalog) -> bool:
    """Whether the principal sees every name of the whole `catalog`, every field and every row."""
    seen = narrowed.catalog
    return not narrowed.predicates and _names(seen) == _names(catalog) and _fields(seen) == _fields(catalog)


def _names(catalog: Catalog) -> frozenset[str]:
    return frozenset((*catalog.metrics, *catalog.dimensions, *catalog.datasets))


def _fields(catalog: Catalog) -> frozenset[tuple[str, str, bool]]:
    return frozenset((d.name, f.name, f.is_named) for d in catalog.datasets.values() for f in d.fields.values())
