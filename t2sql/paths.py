"""Join paths through the catalog's relationships: the only module that walks them.

A path goes many-to-one at every step, so it never multiplies rows. Which path is meant is never guessed:

- A relationship without a role that leads straight from the dataset to the dimension's own is what a row itself points
  at, and wins over every way around (a sale's own store, not the home store of its customer).
- Without a straight one there must be exactly one way around, whatever the lengths; two are refused by name, since two
  ways to one dataset mean two things. A role names the other way.
- A role's dimension is reached by a relationship of that role as the last step, by the same two rules; steps before the
  last have no role.
- A bridge is crossed only where `bridge: true` says so, from the rows that it serves to its members, and once.
"""

from __future__ import annotations

from dataclasses import dataclass

from t2sql.catalog import Catalog, Dimension, Relationship
from t2sql.errors import NotComputable

Path = tuple[Relationship, ...]
MOST_TOLD = 3


@dataclass(frozen=True, slots=True)
class Crossing:
    """A way over a bridge, from rows to the bridge's rows; its members lie many-to-one behind the bridge."""

    to_served: Path
    """Many-to-one from the start to the dataset that the bridge serves; () where it serves the start itself."""
    bridge: Relationship
    """From the bridge to the dataset that it serves."""


def joins_to(catalog: Catalog, start: str, dimension: Dimension) -> Path | None:
    """Relationships from dataset `start` to the dimension's dataset, () when it is there already, None without a path.

    Raises NotComputable when it could be reached in two ways that may mean different things.
    """
    if dimension.dataset == start and not dimension.role:
        return ()
    found = _ways(catalog, start, dimension.dataset, dimension.role)
    if len(found) > 1:
        raise _ambiguous(catalog, start, dimension, [[s.to_dataset for s in path] for path in found])
    return _sound(found[0], dimension) if found else None


def joins_between(catalog: Catalog, start: str, target: str) -> Path | None:
    """Relationships without a role from `start` to dataset `target`; None without one path that is clear."""
    if start == target:
        return ()
    found = _ways(catalog, start, target, "")
    return found[0] if len(found) == 1 and not any(step.broken for step in found[0]) else None


def crossing_to(catalog: Catalog, start: str, dimension: Dimension) -> Crossing | None:
    """The declared bridge that leads from rows of `start` to the dimension; None without one.

    Asked only where there is no path. Raises NotComputable when two bridges lead there.
    """
    found: list[Crossing] = []
    for step in catalog.relationships:
        if not step.is_bridge or step.from_dataset == start:
            continue
        if step.weight and step.weight not in catalog.datasets[step.from_dataset].fields:
            # Without its weights, which this principal may not see, it would be another bridge.
            continue
        served = joins_between(catalog, start, step.to_dataset)
        if served is None or joins_to(catalog, step.from_dataset, dimension) is None:
            continue
        found.append(Crossing(served, step))
    if len(found) > 1:
        routes = [[c.bridge.from_dataset, dimension.dataset] for c in found]
        raise _ambiguous(catalog, start, dimension, routes)
    if found:
        _sound((*found[0].to_served, found[0].bridge), dimension)
    return found[0] if found else None


def is_reached(catalog: Catalog, start: str, dimension: Dimension) -> bool:
    """Whether rows of `start` have the dimension: stored, by a path, or over a bridge."""
    if catalog.conforming_field(start, dimension) is not None:
        return True
    try:
        return joins_to(catalog, start, dimension) is not None or crossing_to(catalog, start, dimension) is not None
    except NotComputable:
        return False


def is_crossed(catalog: Catalog, start: str, target: str) -> bool:
    """Whether one declared bridge, and only one, leads from rows of `start` to rows of `target`."""
    bridges = [
        step
        for step in catalog.relationships
        if step.is_bridge
        and step.from_dataset != start
        and joins_between(catalog, start, step.to_dataset) is not None
        and joins_between(catalog, step.from_dataset, target) is not None
    ]
    return len(bridges) == 1


def between(catalog: Catalog, start: str, target: str) -> tuple[str, ...]:
    """The datasets on the way from rows of `start` to those of `target`, many-to-one or over a bridge; () for none."""
    way = joins_between(catalog, start, target)
    if way is not None:
        return tuple(step.to_dataset for step in way[:-1])
    if not is_crossed(catalog, start, target):
        return ()
    for step in catalog.relationships:
        served = joins_between(catalog, start, step.to_dataset) if step.is_bridge else None
        onward = joins_between(catalog, step.from_dataset, target)
        if served is not None and step.from_dataset != start and onward is not None:
            return (*(s.to_dataset for s in served), step.to_dataset, *(s.from_dataset for s in onward))
    return ()


def is_overlapping(catalog: Catalog, start: str, dimension: Dimension) -> bool:
    """Whether groups by it may hold one row of `start` several times: reached over a bridge without weights."""
    if catalog.conforming_field(start, dimension) is not None or joins_to(catalog, start, dimension) is not None:
        return False
    crossing = crossing_to(catalog, start, dimension)
    return crossing is not None and not crossing.bridge.weight


def undeclared_bridge(catalog: Catalog, start: str, dimension: Dimension) -> Relationship | None:
    """A relationship that would have to say `bridge: true` for `start` to have the dimension: from an undated dataset
    that points both ways; None without one.
    """
    for step in catalog.relationships:
        is_table_of_pairs = (
            not step.is_bridge and not step.role and not catalog.datasets[step.from_dataset].time_dimension
        )
        if (
            is_table_of_pairs
            and step.from_dataset != start
            and joins_between(catalog, start, step.to_dataset) is not None
            and joins_between(catalog, step.from_dataset, dimension.dataset) is not None
        ):
            return step
    return None


def _ways(catalog: Catalog, start: str, target: str, role: str) -> list[Path]:
    """The straight paths if there are any, else up to MOST_TOLD ways around, shortest first."""
    steps = [s for s in catalog.relationships if _is_to_one(catalog, s)]
    straight = [(s,) for s in steps if s.from_dataset == start and s.to_dataset == target and s.role == role]
    if straight:
        return list(straight)
    last = [s for s in steps if s.to_dataset == target and s.role == role]
    # Only what leads to a last step is walked, so that a dense catalog without a path costs nothing.
    leading = {s.from_dataset for s in last}
    frontier = set(leading)
    while frontier:
        frontier = {s.from_dataset for s in steps if s.to_dataset in frontier and not s.role} - leading
        leading |= frontier
    found: list[Path] = []
    ways: list[tuple[str, Path]] = [(start, ())] if start in leading else []
    while ways and len(found) < MOST_TOLD:
        onward: list[tuple[str, Path]] = []
        for name, path in ways:
            seen = {start, *(s.to_dataset for s in path)}
            for step in steps:
                if step.from_dataset != name:
                    continue
                if step in last:
                    found.append((*path, step))
                elif not step.role and step.to_dataset in leading and step.to_dataset not in seen:
                    onward.append((step.to_dataset, (*path, step)))
        ways = onward
    return found[:MOST_TOLD]


def _sound(path: Path, dimension: Dimension) -> Path:
    """`path`, unless a step of it cannot be followed: another way would mean something else. Raises NotComputable."""
    for step in path:
        if step.broken:
            raise NotComputable(
                f"{dimension.name!r} cannot be reached now: {step.broken}",
                "Run `t2sql check --source`, and mend what it tells.",
                zh=(
                    f"暂时无法取到“{dimension.display.zh}”：数据库已变化，关系 {step.name} 不再可用。",
                    "请运行 `t2sql check --source`，并按提示修正。",
                ),
            )
    return path


def _is_to_one(catalog: Catalog, step: Relationship) -> bool:
    """A bridge may end on columns that are no key: rows served by it are then many to many."""
    if not step.is_bridge:
        return True
    served = catalog.datasets[step.to_dataset]
    return any(set(step.to_columns) == set(key) for key in (served.primary_key, *served.unique_keys))


def _ambiguous(catalog: Catalog, start: str, dimension: Dimension, routes: list[list[str]]) -> NotComputable:
    named = [" → ".join([start, *route]) for route in routes]
    told = " or ".join(map(repr, named))
    others = sorted(
        d.name
        for d in catalog.dimensions.values()
        if (d.dataset, d.field) == (dimension.dataset, dimension.field)
        and d.role not in ("", dimension.role)
        and len(_ways(catalog, start, d.dataset, d.role)) == 1
    )
    roles = f"Use {' or '.join(map(repr, others))}, or give" if others else "Give"
    zh_roles = f"请改用{'、'.join(others)}，或" if others else "请"
    return NotComputable(
        f"{dimension.name!r} is reached from {start!r} by two paths: {told}.",
        f"{roles} one of the relationships a role in model.yml.",
        zh=(
            f"从 {start} 到“{dimension.display.zh}”有多条路径：{'，或 '.join(named)}。",
            f"{zh_roles}在 model.yml 中给其中一个关系定义角色（role）。",
        ),
    )
