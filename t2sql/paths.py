"""Join paths through the catalog's relationships: the only module that walks them.

A path goes many-to-one at every step, so it never multiplies rows. It never picks between two paths: that is ambiguous,
and refused by name.
"""

from __future__ import annotations

from t2sql.catalog import Catalog, Dimension, Relationship
from t2sql.errors import NotComputable


def joins_to(catalog: Catalog, start: str, dimension: Dimension) -> tuple[Relationship, ...] | None:
    """Relationships from dataset `start` to the dimension's dataset, () when it is there already, None without a path.

    A plain dimension is reached only by relationships without a role; a role's dimension by exactly one of that role,
    the last.
    Raises NotComputable when two shortest paths exist.
    """
    if dimension.dataset == start and not dimension.role:
        return ()
    found: list[tuple[Relationship, ...]] = []
    frontier: list[tuple[str, tuple[Relationship, ...]]] = [(start, ())]
    while frontier and not found:
        onward: list[tuple[str, tuple[Relationship, ...]]] = []
        for name, path in frontier:
            for step in catalog.relationships:
                if step.from_dataset != name or any(step.to_dataset == taken.to_dataset for taken in path):
                    continue
                if step.to_dataset == dimension.dataset and step.role == dimension.role:
                    found.append((*path, step))
                elif not step.role:
                    onward.append((step.to_dataset, (*path, step)))
        frontier = onward
    if len(found) > 1:
        routes = " or ".join(repr(" → ".join([start, *(s.to_dataset for s in path)])) for path in found)
        raise NotComputable(
            f"{dimension.name!r} is reached from {start!r} by two paths: {routes}.",
            "Give one of the relationships a role in model.yml.",
        )
    return found[0] if found else None
