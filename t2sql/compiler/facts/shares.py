"""What a share divides by, and what that does to groups and conditions: the whole is never narrowed by its own
dimension.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from t2sql.catalog import Catalog, Dimension
from t2sql.compiler.request import Compared, Computed, Group, Request, functions_of
from t2sql.errors import NotComputable


def share_dimensions(request: Request, catalog: Catalog) -> set[str]:
    """The dimensions over all of whose values some share divides. Raises NotComputable where that means nothing."""
    found: set[str] = set()
    for _key, measure in request.measures:
        while isinstance(measure, Compared):
            if measure.function == "share":
                names = measure.dimensions or tuple(d.name for d in request.dimensions)
                if not names:
                    raise NotComputable(
                        "A share needs something to be a share of.",
                        "Add a dimension to SELECT, or write share(metric, dimension).",
                    )
                _check_share(names, request, catalog)
                found |= set(names)
            measure = measure.of
    return found


def _check_share(names: tuple[str, ...], request: Request, catalog: Catalog) -> None:
    """A share over a level whose lower level stands beside it would be 1 in every row; over a group made of a
    dimension, a condition on that dimension would reach the whole.
    """
    grouped = {d.name for d in request.dimensions}
    for hierarchy in catalog.hierarchies:
        for position, level in enumerate(hierarchy.levels):
            lower = [other for other in hierarchy.levels[position + 1 :] if other in grouped and other not in names]
            if level in names and lower:
                raise NotComputable(
                    f"Each {lower[0]!r} lies in one {level!r}, so its share over {level!r} is always 1.",
                    f"Write share(metric, {lower[0]}), or leave {lower[0]} out of SELECT.",
                    zh=(
                        f"每个{lower[0]}只属于一个{level}，按{level}的占比总是 1。",
                        f"请写 share(指标, {lower[0]})。",
                    ),
                )
    for group in request.dimensions:
        if isinstance(group, Computed) and group.name in names:
            inner = {c.name for c in group.expression.find_all(exp.Column)}
            both = sorted(inner & {c.name for x in request.conditions for c in x.find_all(exp.Column)})
            if both:
                raise NotComputable(
                    f"A condition on {both[0]!r} would reach the whole of a share over {group.name!r}.",
                    f"Put the SELECT without the condition into WITH, and the condition on {group.name} after it.",
                )


def keys_of(request: Request, shared: set[str], catalog: Catalog) -> dict[str, Group]:
    """What rows are grouped by: what is shown, and a share's dimension of which one value was chosen."""
    keys: dict[str, Group] = {d.name: d for d in request.dimensions}
    for name in sorted(shared - set(keys)):
        fixed = [
            c
            for c in request.conditions
            if isinstance(c, exp.EQ) and {x.name for x in c.find_all(exp.Column)} == {name}
        ]
        if not fixed:
            raise NotComputable(
                f"A share over {name!r} needs {name!r} in SELECT or one value of it in WHERE.",
                f"Add {name!r} to SELECT.",
            )
        keys[name] = catalog.dimensions[name]
    return keys


def split_conditions(
    request: Request, shared: set[str], keys: Mapping[str, Group]
) -> tuple[list[exp.Expr], list[exp.Expr]]:
    """Conditions on the dimensions of a share, or of ranked groups, choose rows after the whole is known; all others
    come before aggregation.
    """
    whole = set(shared)
    if any("rank" in functions_of(m) for _k, m in request.measures):
        whole |= set(keys)
    before: list[exp.Expr] = []
    after = list(request.after)
    for condition in request.conditions:
        names = {c.name for c in condition.find_all(exp.Column)}
        if names & {d.field for n in whole & set(keys) if isinstance(d := keys[n], Dimension) and d.grain}:
            raise NotComputable(
                "A condition on the date that a share or rank is taken over is not supported yet.",
                "Leave the condition out, or ask without the share or rank.",
            )
        if names & whole and not names <= whole:
            raise NotComputable(
                "One condition mixes a share's or rank's dimension with another.",
                "Split it into conditions joined by AND.",
            )
        (after if names and names <= whole else before).append(condition)
    return before, after
